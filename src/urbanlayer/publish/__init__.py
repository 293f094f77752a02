"""Results to files: what may be shown, in whose words, on a page, in tables and in layers."""
