"""ESA's land cover of 10 m, 2021: `source = "worldcover"`; `path` is the year, `2021`.

It comes in tiles of three degrees, of which only the cells of the `bbox` are fetched.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.source import Source
from urbanlayer.sources._choose import named
from urbanlayer.sources._each import read_each
from urbanlayer.sources._grid import read_grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import Request

ADDRESS = (
    "https://esa-worldcover.s3.eu-central-1.amazonaws.com/v200/2021/map/"
    "ESA_WorldCover_10m_2021_v200_{tile}_Map.tif"
)
YEAR = "2021"
SIDE_DEGREES = 3


def read(requests: Sequence[Request]) -> Mapping[str, RawLayer | RawRaster]:
    """Classes of land cover within the `bbox` of each request.

    Raises
    ------
    SourceError
        If the box is missing, the year is another, or a tile cannot be had.
    """
    return read_each(requests, _read)


def _read(request: Request) -> RawRaster:
    if request.spec.path != YEAR:
        raise SourceError(f'{named(request)}: path is the year of the map, "{YEAR}"')
    parts = [_part(request, corner) for corner in corners_of(request)]
    whole = parts[0] if len(parts) == 1 else joined(parts)
    return replace(whole, licence="CC-BY-4.0", attribution="© ESA WorldCover project 2021")


def corners_of(request: Request) -> list[tuple[int, int]]:
    """South-west corners, in degrees, of the tiles that a box touches: (latitude, longitude)."""
    if request.spec.bbox is None:
        raise SourceError(
            f"{named(request)}: say bbox = [west, south, east, north] in city.toml, in degrees"
        )
    west, south, east, north = (int(value // SIDE_DEGREES) for value in request.spec.bbox)
    return [
        (row * SIDE_DEGREES, column * SIDE_DEGREES)
        for row in range(north, south - 1, -1)
        for column in range(west, east + 1)
    ]


def tile_name(latitude: int, longitude: int) -> str:
    """`N42E018` for the tile whose south-west corner lies there."""
    vertical, across = "NS"[latitude < 0], "EW"[longitude < 0]
    return f"{vertical}{abs(latitude):02d}{across}{abs(longitude):03d}"


def _part(request: Request, corner: tuple[int, int]) -> RawRaster:
    url = ADDRESS.format(tile=tile_name(*corner))
    spec = request.spec.model_copy(update={"path": url})
    return read_grid(replace(request, spec=spec))


def joined(parts: Sequence[RawRaster]) -> RawRaster:
    """Neighbouring parts of one grid, as one.

    Parameters
    ----------
    parts
        North up, with cells of one size on one grid.
    """
    import hashlib

    import numpy as np
    from affine import Affine

    a, e = parts[0].transform.a, parts[0].transform.e
    west = min(part.transform.c for part in parts)
    north = max(part.transform.f for part in parts)
    places = [
        (round((part.transform.f - north) / e), round((part.transform.c - west) / a))
        for part in parts
    ]
    shapes = [part.values.shape for part in parts]
    rows = max(top + shape[0] for (top, _), shape in zip(places, shapes, strict=True))
    columns = max(left + shape[1] for (_, left), shape in zip(places, shapes, strict=True))
    values = np.full((rows, columns), np.nan)
    for part, (top, left) in zip(parts, places, strict=True):
        height, width = part.values.shape
        values[top : top + height, left : left + width] = part.values
    told = hashlib.sha256("".join(part.digest for part in parts).encode()).hexdigest()
    notes = tuple(dict.fromkeys(note for part in parts for note in part.notes))
    transform = Affine(a, 0, west, 0, e, north)
    return replace(parts[0], values=values, transform=transform, digest=told, notes=notes)


SOURCE = Source(id="worldcover", read=read, local=False)
