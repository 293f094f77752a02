"""How people get about: travel modes, the routable network of a mode, nearest, pairs within, transit."""
