"""Investment programmes: which actions to start in which year, by integer programming."""
