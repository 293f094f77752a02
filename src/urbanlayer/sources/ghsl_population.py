"""The EU's people per 100 m cell, 2020: `source = "ghsl-population"`; `path` is the year, `2020`.

GHS-POP R2023A comes in tiles of 1,000 km in Mollweide's projection; the `bbox` selects them;
of two that it touches the parts are joined.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.source import BoxOptions, Source
from urbanlayer.sources._choose import named
from urbanlayer.sources._each import read_each
from urbanlayer.sources._fetch import fetch
from urbanlayer.sources._grid import joined, read_grid
from urbanlayer.sources._process import ChildError
from urbanlayer.sources._session import Order
from urbanlayer.sources.child import run_job

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


def read(requests: Sequence[Request[BoxOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """Grids of people, cut to the `bbox` of each request.

    Raises
    ------
    SourceError
        If the box is missing, or a tile cannot be had.
    """
    return read_each(requests, _read)


def _read(request: Request[BoxOptions]) -> RawRaster:
    parts = [_part(request, tile) for tile in tiles_of(request)]
    return parts[0] if len(parts) == 1 else joined(parts)


def _part(request: Request[BoxOptions], tile: str) -> RawRaster:
    url = ADDRESS.format(year=request.spec.path, tile=tile)
    packed = replace(request, path=fetch(Order(url)).path)
    return read_grid(replace(request, path=_unpacked(packed)))


def tiles_of(request: Request[BoxOptions]) -> tuple[str, ...]:
    """The tiles that the request's box touches, as `R4_C20`, from the north-west."""
    from pyproj import Transformer

    if request.options.bbox is None:
        raise SourceError(
            f"{named(request)}: set bbox = [west, south, east, north] in city.toml, in degrees"
        )
    flat = Transformer.from_crs("EPSG:4326", "ESRI:54009", always_xy=True)
    west, south, east, north = flat.transform_bounds(*request.options.bbox)
    rows = range(int((NORTH_M - north) // TILE_M) + 1, int((NORTH_M - south) // TILE_M) + 2)
    columns = range(int((west - WEST_M) // TILE_M) + 1, int((east - WEST_M) // TILE_M) + 2)
    return tuple(f"R{row}_C{column}" for row in rows for column in columns)


def _unpacked(request: Request[BoxOptions]) -> Path:
    """The grid of an archive, unpacked beside it."""
    try:
        about, _ = run_job("unpack_grid", path=str(request.path), layer_name=named(request))
    except ChildError as error:
        raise SourceError(f"{named(request)}: the archive cannot be unpacked ({error})") from error
    return request.path.with_name(about["name"])


SOURCE = Source(
    id="ghsl-population",
    read=read,
    options=BoxOptions,
    local=False,
    licence="CC-BY-4.0",
    attribution="GHS-POP R2023A, European Commission, JRC",
)
