"""Whether a text file of features has its own end; half a file is never read as a whole one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.sources._choose import named

if TYPE_CHECKING:
    from pathlib import Path

    from urbanlayer.model.source import Request

_PART_BYTES = 65_536
_WIDE = re.compile(rb"\x00")
_COMMENT = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ROOT = re.compile(rb"<([^\s<>/!?]+)")


def check_end(path: Path, request: Request) -> None:
    """Raise if a DXF, GML, KML or GeoJSON file ends too early.

    Parameters
    ----------
    path
        Any file; those of other formats are left to their readers.
    request
        Names the layer.

    Raises
    ------
    SourceError
        If a DXF file has no `EOF` (AutoCAD DXF reference), an XML file no end tag of its root, or a
        GeoJSON file no closing bracket.
    """
    suffix = path.suffix.casefold()
    if suffix not in {".dxf", ".gml", ".kml", ".geojson", ".json"}:
        return
    head, tail = _ends(path)
    if suffix == ".dxf":
        missing = "" if tail.rpartition(b"\n")[2].strip() == b"EOF" else "EOF"
        if head.startswith(b"AutoCAD Binary DXF"):
            missing = ""
    elif suffix in {".gml", ".kml"}:
        missing = _open_root(head, tail)
    else:
        bracket = {b"{": b"}", b"[": b"]"}.get(head[:1], b"")
        missing = "" if tail.endswith(bracket) else bracket.decode()
    if missing:
        raise SourceError(
            f"{named(request)}: the file ends too early, without {missing!r}; copy it again"
        )


def _open_root(head: bytes, tail: bytes) -> str:
    """The end tag that is missing; empty if the file has it."""
    root = _ROOT.search(_COMMENT.sub(b"", head))
    end = _COMMENT.sub(b"", tail).rstrip()
    if root is None or end.endswith(b"/>"):
        return ""
    name = root.group(1)
    if re.search(rb"</" + re.escape(name) + rb"\s*>$", end):
        return ""
    return f"</{name.decode('ascii', errors='replace')}>"


def _ends(path: Path) -> tuple[bytes, bytes]:
    """First and last bytes of a file without white space around; UTF-16 as its low bytes."""
    with path.open("rb") as stream:
        head = stream.read(_PART_BYTES)
        stream.seek(max(path.stat().st_size - _PART_BYTES, 0))
        tail = stream.read()
    marks = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
    for mark in marks:
        head = head.removeprefix(mark)
    return _WIDE.sub(b"", head).strip(), _WIDE.sub(b"", tail).strip()
