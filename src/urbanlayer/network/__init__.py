"""How people get about: the routable network of a mode, nearest, pairs within, transit."""
