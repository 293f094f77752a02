"""Shapes within shapes: GEOS follows them by recursion, until its stack is full and it crashes."""

from __future__ import annotations

import contextlib
import re
import struct
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.sources._wkb import head_of

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_DEPTH = 32
"""As GDAL has it."""
_LONG = 300
"""Bytes or letters; what is shorter cannot be nested deeper."""
_PLAIN = frozenset((b"\x01\x01\x00", b"\x01\x02\x00", b"\x01\x03\x00"))
"""How points, lines and polygons begin."""
_HEAD_BYTES = 5
_WITH_SRID = 0x20
"""Of the highest byte of a kind (EWKB)."""
_POINT, _LINES = 1, frozenset({2, 8, 13})
_HOLDERS = frozenset({4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16})
"""Kinds whose parts are whole shapes (OGC 06-103r4, table 7)."""
_BRACKET = re.compile("[()]")
_HOLDER_IN_TEXT = re.compile(
    r"(?:MULTI|COLLECTION|COMPOUND|CURVEPOLYGON)\w*[\sZM]*\(", re.IGNORECASE
)


def check_wkb(shapes: Iterable[object], layer_name: str) -> None:
    """Raise if a shape holds shapes within shapes too deeply.

    Parameters
    ----------
    shapes
        WKB; what is damaged is left to the reader.
    layer_name
        How messages call the layer.

    Raises
    ------
    SourceError
        With the number of the shape.
    """
    for number, wkb in enumerate(shapes, start=1):
        if not isinstance(wkb, bytes) or len(wkb) < _LONG or wkb[:3] in _PLAIN:
            continue
        if wkb[5:9] == b"\x01\x00\x00\x00" and wkb[9:12] in _PLAIN:  # of one part
            continue
        if _is_deep(wkb):
            raise SourceError(_too_deep(layer_name, number))


def check_wkt(texts: Iterable[str], layer_name: str) -> None:
    """The same of WKT.

    Raises
    ------
    SourceError
        With the number of the shape.
    """
    for number, text in enumerate(texts, start=1):
        if len(text) > _LONG and _is_deep_text(text):
            raise SourceError(_too_deep(layer_name, number))


def _too_deep(layer_name: str, number: int) -> str:
    return f"{layer_name}: shape {number} holds shapes within shapes, more than {MAX_DEPTH} deep"


def _is_deep(wkb: bytes) -> bool:
    place, open_parts = 0, [1]
    with contextlib.suppress(struct.error, IndexError):
        while open_parts:
            if not open_parts[-1]:
                open_parts.pop()
                continue
            if len(open_parts) > MAX_DEPTH:
                return True
            open_parts[-1] -= 1
            order, kind, dimensions = head_of(wkb, place)
            with_srid = wkb[place + (4 if order == "<" else 1)] & _WITH_SRID
            place += _HEAD_BYTES + (4 if with_srid else 0)
            if kind == _POINT:
                place += 8 * dimensions
                continue
            (count,) = struct.unpack_from(f"{order}I", wkb, place)
            place += 4
            if kind in _HOLDERS:
                open_parts.append(count)
            elif kind in _LINES:
                place += 8 * dimensions * count
            else:
                for _ in range(count):
                    (points,) = struct.unpack_from(f"{order}I", wkb, place)
                    place += 4 + 8 * dimensions * points
    return False


def _is_deep_text(text: str) -> bool:
    """Whether too many brackets are open at once; looked at where many shapes hold others."""
    if len(_HOLDER_IN_TEXT.findall(text)) <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket[0] == "(" else -1
        if depth > MAX_DEPTH:
            return True
    return False
