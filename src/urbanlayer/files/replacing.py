"""Files and folders that are replaced whole: what was there, or the new one, never a part."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PART = ".part"
"""Ending of a file that is being written."""


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file under a name of its own, then rename it; no other process sees half of it.

    Parameters
    ----------
    path
        The file; a link is followed. Its folder exists. A device is written to, not replaced.
    parts
        Of its content, in their order.

    Raises
    ------
    OSError
        If it cannot be written; then what was there is as it was.
    """
    place = path.resolve()
    if place.exists() and not place.is_file():
        with place.open("wb") as device:
            device.writelines(parts)
        return
    part = place.with_name(f".{secrets.token_hex(8)}{PART}")
    try:
        with part.open("xb") as file:
            file.writelines(parts)
        if place.exists():
            shutil.copymode(place, part)
        part.replace(place)
    finally:  # gone already where the file is in its place
        with contextlib.suppress(OSError):
            part.unlink()


def exchanged(one: Path, other: Path) -> bool:
    """Whether two folders were exchanged in one step: where the system can (Linux: renameat2).

    Parameters
    ----------
    one, other
        Absolute paths.
    """
    if not sys.platform.startswith("linux"):
        return False
    exchange, here = 2, -100  # RENAME_EXCHANGE, AT_FDCWD
    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except AttributeError:
        return False
    return bool(renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)
