"""Shapes from WKB, whatever is wrong with them; validation checks them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray


_POLYGON, _COLLECTION, _SURFACE, _TIN, _TRIANGLE = 3, 7, 15, 16, 17
_PARTS = frozenset({6, _COLLECTION, _SURFACE, _TIN})
"""Kinds that hold others (OGC 06-103r4, table 7); 6 is MultiPolygon."""
_HEAD_BYTES = 5
_MAX_NESTING = 8


def shapes_of(wkb: NDArray[np.object_]) -> NDArray[np.object_]:
    """(n,) shapes; rings that are not closed are closed, and None stays None.

    Parameters
    ----------
    wkb
        (n,) bytes, or text in hexadecimal. A TIN, triangle or polyhedral surface (MultiPatch)
        becomes its ground plan.
    """
    import numpy as np
    import shapely

    with np.errstate(
        over="ignore", invalid="ignore"
    ):  # coordinates that are no numbers are excluded later
        shapes: NDArray[np.object_] = shapely.from_wkb(wkb, on_invalid="fix")
    for place in np.flatnonzero(shapely.is_missing(shapes)):
        value = wkb[place]
        if isinstance(value, bytes) and _is_surface(value):
            shapes[place] = _ground_plan(value)
    return shapes


def _is_surface(wkb: bytes) -> bool:
    kind = head_of(wkb, 0)[1] if len(wkb) > _HEAD_BYTES else 0
    return kind in {_COLLECTION, _SURFACE, _TIN, _TRIANGLE}


def _ground_plan(wkb: bytes) -> object:
    """The union of a surface's faces seen from above; None if its WKB is damaged."""
    import shapely

    try:
        faces = [shapely.Polygon(rings[0], rings[1:]) for rings, _ in _faces(wkb, 0, 0)]
    except (struct.error, ValueError):
        return None
    flat = [face.buffer(0) for face in faces if face.area > 0]  # walls have no area from above
    return shapely.union_all(flat) if flat else None


def _faces(
    wkb: bytes, place: int, depth: int
) -> Iterator[tuple[list[list[tuple[float, float]]], int]]:
    """The rings of each face, x and y only, and where its WKB ends."""
    order, kind, dimensions = head_of(wkb, place)
    (count,) = struct.unpack_from(f"{order}I", wkb, place + _HEAD_BYTES)
    place += _HEAD_BYTES + 4
    if kind in _PARTS and depth < _MAX_NESTING:
        for _ in range(count):
            for rings, end in _faces(wkb, place, depth + 1):
                yield rings, end
                place = end
        return
    if kind not in {_POLYGON, _TRIANGLE}:
        raise ValueError(f"a part of kind {kind} is no face")
    rings = []
    for _ in range(count):
        (points,) = struct.unpack_from(f"{order}I", wkb, place)
        values = struct.unpack_from(f"{order}{points * dimensions}d", wkb, place + 4)
        place += 4 + 8 * len(values)
        rings.append(list(zip(values[::dimensions], values[1::dimensions], strict=True)))
    if rings:
        yield rings, place


def head_of(wkb: bytes, place: int) -> tuple[str, int, int]:
    """Byte order, kind without its dimensions, and how many dimensions (ISO 13249-3 or EWKB).

    Parameters
    ----------
    wkb, place
        The bytes, and where the shape begins in them.
    """
    order = "<" if wkb[place] else ">"
    (code,) = struct.unpack_from(f"{order}I", wkb, place + 1)
    with_z, with_m = bool(code & 0x80000000), bool(code & 0x40000000)
    thousands, kind = divmod(code & 0xFFFF, 1000)
    with_z, with_m = with_z or thousands in {1, 3}, with_m or thousands in {2, 3}
    return order, kind, 2 + with_z + with_m
