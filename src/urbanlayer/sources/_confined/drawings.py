"""What a DXF drawing holds by its own text, which GDAL passes over without a word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_READ = frozenset(
    """
    3DFACE ARC ATTDEF CIRCLE DIMENSION ELLIPSE HATCH HELIX INSERT LEADER LINE LWPOLYLINE MLEADER
    MLINE MTEXT MULTILEADER POINT POLYLINE SOLID SPLINE TEXT TRACE
    """.split()  # noqa: SIM905  (a list of twenty quoted words reads worse)
)
"""Entities of which GDAL's driver makes features."""
_MANY = frozenset({"DIMENSION", "INSERT", "LEADER", "MLEADER", "MULTILEADER"})
"""Entities of which it may make several, or none."""
_PARTS = frozenset({"ATTRIB", "SEQEND", "VERTEX"})
"""Entities that belong to the one before them."""
_NO_FEATURES = frozenset({"LIGHT", "OLE2FRAME", "OLEFRAME", "SUN", "VIEWPORT", "WIPEOUT"})
"""Entities that show nothing of a city."""
_CODES = range(-5, 1072)
"""Group codes (DXF reference)."""
_BINARY = b"AutoCAD Binary DXF"
_MAX_SHOWN = 30


def unread_entities(path: str, rows: int) -> list[tuple[int, str]]:
    """The entities of a drawing that are not read, by their place, from 0, each with its type.

    Parameters
    ----------
    path
        Of a DXF file; of a binary one nothing is known.
    rows
        That GDAL has read; what is missing without a reason comes after the others.

    Raises
    ------
    ValueError
        A line is no group code where one has to be: lines are missing or damaged, and GDAL would
        end there.
    """
    content = Path(path).read_bytes()
    if content.startswith(_BINARY):
        return []
    kinds = [kind.decode("ascii", "replace") for kind in _entities(content)]
    unread = [
        (place, f"entities of type {kind[:_MAX_SHOWN]!r} are not read")
        for place, kind in enumerate(kinds)
        if kind not in _READ | _NO_FEATURES
    ]
    if _MANY.isdisjoint(kinds):
        drawn = sum(kind in _READ for kind in kinds)
        unread += [
            (len(kinds) + more, "an entity of the drawing has no shape")
            for more in range(drawn - rows)
        ]
    return unread


def _entities(content: bytes) -> Iterator[bytes]:
    """Types of the entities in their order; every line of the file is looked at."""
    section, begins = b"", False
    for code, value in _pairs(content):
        if code == 0:
            begins = value == b"SECTION"
            section = b"" if value == b"ENDSEC" else section
            named = value.decode("ascii", "replace") in _PARTS
            if section == b"ENTITIES" and not named:
                yield value
        elif begins and code == 2:  # noqa: PLR2004  (the group code of names)
            section, begins = value, False


def _pairs(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Group codes and values, which are lines in turn."""
    if b"\x00" in content:
        raise ValueError("it has bytes of zero, which no text has: it is damaged; copy it again")
    lines = content.strip().splitlines()
    for number in range(0, len(lines), 2):
        code = _code(lines[number])
        if code is None or code not in _CODES:
            raise ValueError(
                f"line {number + 1} has to be a group code and is {_shown(lines[number])}: lines "
                "are missing or damaged; copy it again"
            )
        yield code, lines[number + 1].strip() if number + 1 < len(lines) else b""


def _code(line: bytes) -> int | None:
    try:
        return int(line)
    except ValueError:
        return None


def _shown(value: bytes) -> str:
    return repr(value.decode("utf-8", "replace")[:_MAX_SHOWN])
