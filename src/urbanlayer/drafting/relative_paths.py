"""Paths as a city file has them: from its folder, with slashes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def relative(path: Path, folder: Path) -> str:
    """The path from a folder, with slashes; absolute where the two have no root in common.

    Parameters
    ----------
    path, folder
        Of the file, and of the city file.
    """
    try:
        return os.path.relpath(path.resolve(), folder.resolve()).replace(os.sep, "/")
    except ValueError:  # on another drive
        return path.resolve().as_posix()
