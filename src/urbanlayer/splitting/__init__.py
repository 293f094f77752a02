"""A country's city file as one city file for each polygon of a layer."""

from urbanlayer.splitting.split import Split, SplitPart, split

__all__ = ["Split", "SplitPart", "split"]
