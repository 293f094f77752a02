"""What `urbanlayer` offers: see `pipeline.py` for the whole path."""
