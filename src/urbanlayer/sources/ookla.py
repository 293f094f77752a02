"""Ookla's open tiles of measured speed: `source = "ookla"`.

`path` is a quarter, `2026-Q1`, of the fixed network; or a Parquet file, or its address.

Each tile is a quadkey of zoom 16 of Web Mercator, about 600 m wide; its square is worked out from
the quadkey, so that a file without shapes will do. CC BY-NC-SA 4.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.source import DownloadOptions, Source
from urbanlayer.sources._choose import check_there, named, wanted
from urbanlayer.sources._digest import digest
from urbanlayer.sources._each import read_each
from urbanlayer.sources._fetch import fetch
from urbanlayer.sources._session import Order
from urbanlayer.sources.child import run_table_job

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request

_QUARTER = re.compile(r"(20\d\d)-Q([1-4])")
NEEDED = ("quadkey", "avg_d_kbps", "avg_u_kbps", "avg_lat_ms", "tests")
HALF_WORLD_M = 20_037_508.342789244
"""Half the side of the square that Web Mercator draws the world in (EPSG:3857)."""


def read(requests: Sequence[Request[DownloadOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The tiles within the `bbox` of each request, as squares in Web Mercator.

    Raises
    ------
    SourceError
        If the file is no Parquet, lacks a column, or holds quadkeys that are none.
    """
    return read_each(requests, _read)


def _read(request: Request[DownloadOptions]) -> RawLayer:
    import geopandas as gpd
    import shapely

    quarter = _QUARTER.fullmatch(request.spec.path)
    if request.remote or quarter:
        order = Order(
            _address(*quarter.groups()) if quarter else request.spec.path,
            allow_hosts=tuple(request.options.allow_hosts),
            checksum=request.options.checksum or "",
        )
        path = fetch(order).path
    else:
        check_there(request)
        path = request.path
    table = _tiles(path, request)
    bounds = tile_bounds(table["quadkey"], request)
    frame = gpd.GeoDataFrame(table, geometry=shapely.box(*bounds.T), crs="EPSG:3857")
    return RawLayer(wanted(frame, request), digest(path))


def _address(year: str, quarter: str) -> str:
    month = int(quarter) * 3 - 2
    return (
        "https://ookla-open-data.s3.amazonaws.com/parquet/performance/type=fixed/"
        f"year={year}/quarter={quarter}/{year}-{month:02d}-01_performance_fixed_tiles.parquet"
    )


def _tiles(path: Path, request: Request[DownloadOptions]) -> pd.DataFrame:
    """Rows of the tiles that may lie in the city."""
    _, table = run_table_job(
        "tiles",
        path=str(path),
        layer_name=named(request),
        columns=NEEDED,
        optional="devices",
        prefix=_common_quadkey(request.options.bbox),
    )
    frame: pd.DataFrame = table.to_pandas()
    if request.options.bbox is None or frame.empty:
        return frame
    west, south, east, north = _mercator(request.options.bbox)
    left, low, right, high = tile_bounds(frame["quadkey"], request).T
    inside: pd.DataFrame = frame[(right > west) & (left < east) & (high > south) & (low < north)]
    return inside


def tile_bounds(quadkeys: Sequence[str] | pd.Series, request: Request) -> NDArray[np.float64]:
    """(n, 4) west, south, east and north of tiles, in metres of Web Mercator.

    Parameters
    ----------
    quadkeys
        Digits 0 to 3, one for each zoom; all of one length.
    request
        Named in the error where one is none.
    """
    import numpy as np

    keys = [str(key) for key in quadkeys]
    if not keys:
        return np.empty((0, 4))
    zoom = len(keys[0])
    if not zoom or any(len(key) != zoom or key.strip("0123") for key in keys):
        raise SourceError(f"{named(request)}: it holds quadkeys that are none, as {keys[0]!r}")
    digits = np.array([list(key) for key in keys]).astype(np.int64)
    weights = 2 ** np.arange(zoom - 1, -1, -1)
    column, row = (digits & 1) @ weights, (digits >> 1) @ weights
    side = 2 * HALF_WORLD_M / 2**zoom
    west, north = column * side - HALF_WORLD_M, HALF_WORLD_M - row * side
    return np.column_stack([west, north - side, west + side, north])


def _common_quadkey(bbox: tuple[float, float, float, float] | None) -> str:
    """The digits that all tiles of a box begin with."""
    if bbox is None:
        return ""
    west, south, east, north = _mercator(bbox)
    corners = [_quadkey(west, north), _quadkey(east, south), _quadkey(west, south)]
    common = ""
    for digits in zip(*corners, strict=True):
        if len(set(digits)) > 1:
            break
        common += digits[0]
    return common


def _quadkey(x: float, y: float, zoom: int = 16) -> str:
    side = 2 * HALF_WORLD_M / 2**zoom
    column, row = int((x + HALF_WORLD_M) / side), int((HALF_WORLD_M - y) / side)
    digits = ((row >> bit & 1) * 2 + (column >> bit & 1) for bit in range(zoom - 1, -1, -1))
    return "".join(map(str, digits))


def _mercator(bbox: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    import math

    west, south, east, north = bbox
    x = [HALF_WORLD_M * longitude / 180 for longitude in (west, east)]
    y = [
        HALF_WORLD_M / math.pi * math.asinh(math.tan(math.radians(latitude)))
        for latitude in (south, north)
    ]
    return x[0], y[0], x[1], y[1]


SOURCE = Source(
    id="ookla",
    read=read,
    options=DownloadOptions,
    local=False,
    stable_keys=False,
    format=FileFormat("Parquet", 3),
    licence="CC-BY-NC-SA-4.0",
    attribution="Speedtest® by Ookla® Global Fixed Network Performance Maps",
)
