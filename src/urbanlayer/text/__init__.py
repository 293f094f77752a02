"""Text: what reads or compares strings."""
