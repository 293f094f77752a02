"""Files as every system takes them: their names, locks, and replacing them whole."""
