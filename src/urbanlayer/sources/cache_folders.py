"""Where the cache lies: downloads, and what slow steps made."""

from __future__ import annotations

import os
from pathlib import Path

DOWNLOADS, STEPS = "downloads", "steps"


def cache_folder(part: str) -> Path:
    """The folder of a part of the cache, in `URBANLAYER_CACHE` or where the system keeps caches.

    Parameters
    ----------
    part
        `DOWNLOADS` or `STEPS`.
    """
    import platformdirs

    configured = os.environ.get("URBANLAYER_CACHE")
    folder = Path(configured) if configured else Path(platformdirs.user_cache_dir("urbanlayer"))
    return folder / part
