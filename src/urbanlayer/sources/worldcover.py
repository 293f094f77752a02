"""ESA's land cover of 10 m, 2021: `source = "worldcover"`; `path` is the year, `2021`.

It comes in tiles of three degrees, of which only the cells of the `bbox` are fetched.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.source import ServiceOptions, Source
from urbanlayer.sources._choose import named
from urbanlayer.sources._each import read_each
from urbanlayer.sources._grid import joined, read_remote_grid

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


def read(requests: Sequence[Request[ServiceOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """Classes of land cover within the `bbox` of each request.

    Raises
    ------
    SourceError
        If the box is missing, the year is another, or a tile cannot be had.
    """
    return read_each(requests, _read)


def _read(request: Request[ServiceOptions]) -> RawRaster:
    if request.spec.path != YEAR:
        raise SourceError(f'{named(request)}: path is the year of the map, "{YEAR}"')
    parts = [_part(request, corner) for corner in corners_of(request)]
    return parts[0] if len(parts) == 1 else joined(parts)


def corners_of(request: Request[ServiceOptions]) -> list[tuple[int, int]]:
    """South-west corners, in degrees, of the tiles that a box touches: (latitude, longitude)."""
    if request.options.bbox is None:
        raise SourceError(
            f"{named(request)}: set bbox = [west, south, east, north] in city.toml, in degrees"
        )
    west, south, east, north = (int(value // SIDE_DEGREES) for value in request.options.bbox)
    return [
        (row * SIDE_DEGREES, column * SIDE_DEGREES)
        for row in range(north, south - 1, -1)
        for column in range(west, east + 1)
    ]


def tile_name(latitude: int, longitude: int) -> str:
    """`N42E018` for the tile whose south-west corner lies there."""
    vertical, across = "NS"[latitude < 0], "EW"[longitude < 0]
    return f"{vertical}{abs(latitude):02d}{across}{abs(longitude):03d}"


def _part(request: Request[ServiceOptions], corner: tuple[int, int]) -> RawRaster:
    url = ADDRESS.format(tile=tile_name(*corner))
    spec = request.spec.model_copy(update={"path": url})
    return read_remote_grid(replace(request, spec=spec))


SOURCE = Source(
    id="worldcover",
    read=read,
    options=ServiceOptions,
    local=False,
    licence="CC-BY-4.0",
    attribution="© ESA WorldCover project 2021",
)
