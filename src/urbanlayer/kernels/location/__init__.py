"""Location problems: which sites to open so that people gain most, with a bound of our own."""
