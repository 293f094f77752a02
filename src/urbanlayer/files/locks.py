"""Locks between processes: free as soon as the process that has one is gone."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import filelock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def locked(file: Path, *, patience_s: float) -> Iterator[None]:
    """The lock of a file while the block lasts; the file stays, so that no two have one name.

    Parameters
    ----------
    file
        Made where it does not exist; its folder does.
    patience_s
        How long to wait for another process.

    Raises
    ------
    TimeoutError
        Another process has it still.
    OSError
        The file cannot be made.
    """
    lock = filelock.FileLock(file)
    lock.acquire(timeout=patience_s)  # filelock.Timeout is a TimeoutError
    try:
        yield
    finally:
        lock.release()
