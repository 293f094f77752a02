"""Names of files that Windows, macOS and Linux all take, and what they take for one name.

Windows keeps names of devices for itself, with any ending, and cuts dots and blanks at the end
(learn.microsoft.com, "Naming files, paths, and namespaces"); Windows and macOS take names that
differ in case alone for one, macOS also composed and decomposed letters.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_UNITS = 180
"""Units of UTF-8 of a name: systems take 255, and locks and work folders add to it."""
_MOST_OF_STEMS = 120
"""The same of a stem, to which numbers and endings are added."""
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"]
)
_REFUSED = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_OF_STEMS = re.compile(r"[^\w.-]+")


def name_error(name: str) -> str:
    """Why some system refuses a name of a file or folder, or takes it for another; empty if none.

    Parameters
    ----------
    name
        One part of a path.
    """
    if not name.strip(" ."):
        return "is empty"
    if found := _REFUSED.search(name):
        return f"has {found[0]!r}, which Windows refuses"
    if name[-1] in " .":
        return "ends with a dot or blank, which Windows cuts off"
    if name.partition(".")[0].rstrip().casefold() in _DEVICES:
        return "is the name of a device on Windows"
    if len(name.encode("utf-8", "surrogateescape")) > MAX_UNITS:
        return f"is longer than {MAX_UNITS} bytes"
    return ""


def file_stem(name: str) -> str:
    """A name without its ending that every system takes.

    Parameters
    ----------
    name
        May come from data: other characters than letters, digits, `.`, `_` and `-` become `_`.

    Examples
    --------
    >>> file_stem("green/300 m"), file_stem("aux.txt"), file_stem("...")
    ('green_300_m', '_aux.txt', '_')
    """
    stem = _OF_STEMS.sub("_", unicodedata.normalize("NFC", name)).rstrip(". ") or "_"
    while len(stem.encode()) > _MOST_OF_STEMS:
        stem = stem[:-1]
    return f"_{stem}" if name_error(stem) else stem


def one_name(name: str) -> str:
    """The same for all names that some system takes for one.

    Parameters
    ----------
    name
        Of a file or folder, or a path.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def taken_for_one(names: Iterable[str]) -> tuple[str, str] | None:
    """Two paths that some system takes for one; None if there are none.

    Parameters
    ----------
    names
        Paths with `/`.
    """
    found: dict[str, str] = {}
    for name in names:
        other = found.setdefault(one_name(name), name)
        if other is not name:
            return other, name
    return None


def of_one_computer(path: str) -> bool:
    r"""Whether a path has a drive or a server of Windows: `C:\data`, `\\server\data`."""
    return bool(PureWindowsPath(path).drive)
