"""Temporary folders, and those of killed runs, which the next run deletes."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer.files.locks import locked

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "urbanlayer-"
_EMPTY_AFTER_S = 3600.0
"""Age of an empty folder without a lock: its run was killed before it could lock it."""


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder that lasts as long as the block; its lock is free once its process is gone."""
    clear(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with locked(_lock_of(folder), patience_s=0):
            yield folder


@functools.cache
def clear(parent: Path) -> None:
    """Delete what killed runs left in a folder of temporary files; once in a process.

    Parameters
    ----------
    parent
        Where the system keeps temporary files. Only folders with our lock in them, or empty ones
        with our prefix, are deleted.
    """
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another user's, or another run was faster
            if folder.is_dir() and not folder.is_symlink():
                _clear_one(folder)


def _clear_one(folder: Path) -> None:
    lock = _lock_of(folder)
    if lock.is_file():
        try:
            with locked(lock, patience_s=0):
                pass
        except TimeoutError:  # its process runs
            return
        shutil.rmtree(folder, ignore_errors=True)
    elif time.time() - folder.stat().st_mtime > _EMPTY_AFTER_S:
        folder.rmdir()  # fails where it holds anything


def _lock_of(folder: Path) -> Path:
    """A name that only we give: it rests on that of the folder."""
    digest = hashlib.sha256(f"urbanlayer\0{folder.name}".encode()).hexdigest()
    return folder / f".lock-{digest[:16]}"
