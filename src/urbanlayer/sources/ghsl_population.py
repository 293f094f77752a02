"""The EU's people per 100 m cell, 2020: `source = "ghsl-population"`; `path` is the year, `2020`.

GHS-POP R2023A comes in tiles of 1,000 km in Mollweide's projection; the `bbox` says which.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.source import Source
from urbanlayer.sources._choose import named
from urbanlayer.sources._each import read_each
from urbanlayer.sources._fetch import Order, fetch
from urbanlayer.sources._grid import read_grid
from urbanlayer.sources._zip import checked_members, opened_zip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import Request

ADDRESS = (
    "https://jeodpp.jrc.ec.europa.eu/ftp/jrc-opendata/GHSL/GHS_POP_GLOBE_R2023A/"
    "GHS_POP_E{year}_GLOBE_R2023A_54009_100/V1-0/tiles/"
    "GHS_POP_E{year}_GLOBE_R2023A_54009_100_V1_0_{tile}.zip"
)
WEST_M, NORTH_M, TILE_M = -18_041_000.0, 9_000_000.0, 1_000_000.0
"""Corner and side of the tiles, in metres of Mollweide's projection (GHSL data package 2023)."""


def read(requests: Sequence[Request]) -> Mapping[str, RawLayer | RawRaster]:
    """Grids of people, cut to the `bbox` of each request.

    Raises
    ------
    SourceError
        If the box is missing or lies across two tiles, or the tile cannot be had.
    """
    return read_each(requests, _read)


def _read(request: Request) -> RawRaster:
    url = ADDRESS.format(year=request.spec.path, tile=tile_of(request))
    packed = replace(request, path=fetch(Order(url)).path)
    grid = read_grid(replace(request, path=_unpacked(packed)))
    return replace(
        grid, licence="CC-BY-4.0", attribution="GHS-POP R2023A, European Commission, JRC"
    )


def tile_of(request: Request) -> str:
    """The tile that holds the request's box, as `R4_C20`."""
    from pyproj import Transformer

    if request.spec.bbox is None:
        raise SourceError(
            f"{named(request)}: say bbox = [west, south, east, north] in city.toml, in degrees"
        )
    west, south, east, north = request.spec.bbox
    flat = Transformer.from_crs("EPSG:4326", "ESRI:54009", always_xy=True)
    corners = zip(*flat.transform([west, west, east, east], [south, north] * 2), strict=True)
    tiles = {
        f"R{int((NORTH_M - y) // TILE_M) + 1}_C{int((x - WEST_M) // TILE_M) + 1}"
        for x, y in corners
    }
    if len(tiles) > 1:
        raise SourceError(
            f"{named(request)}: the box lies across the tiles {', '.join(sorted(tiles))}; join "
            'them, and say source = "raster"'
        )
    return tiles.pop()


def _unpacked(request: Request) -> Path:
    """The grid of an archive, beside it."""
    with opened_zip(request) as archive:
        grids = [name for name in checked_members(archive, request) if name.endswith(".tif")]
        if len(grids) != 1:
            raise SourceError(f"{named(request)}: the archive holds {len(grids)} grids, not one")
        path = request.path.with_name(f"{request.path.stem}-{PurePosixPath(grids[0]).name}")
        with archive.open(grids[0]) as packed, path.open("wb") as target:
            shutil.copyfileobj(packed, target)
    return path


SOURCE = Source(id="ghsl-population", read=read, local=False)
