"""Measured internet speeds by map tile, as open speed tests publish them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box

from demo_city.frame import generator
from demo_city.georeference import DEGREES, degree_places

if TYPE_CHECKING:
    from shapely import Polygon

    from demo_city.buildings import Buildings
    from demo_city.residents import Residents

_ZOOM = 16
_TILES_ROUND = 2**_ZOOM
_LEAST_PEOPLE = 3
_DOWN_MBPS = {
    "centre": 190,
    "estate": 165,
    "mixed": 150,
    "old": 95,
    "houses": 72,
    "informal": 24,
    "village": 18,
    "industry": 60,
    "fields": 14,
}


def broadband_tiles(buildings: Buildings, residents: Residents) -> gpd.GeoDataFrame:
    """Tiles of zoom 16 where anybody tested, with the names that Ookla's open data use."""
    tiles = _people_by_tile(buildings, residents)
    rng = generator("bb")
    down_mbps = tiles["weighted"] / tiles["people"] * np.exp(rng.normal(0, 0.22, len(tiles)))
    tests = rng.poisson(tiles["people"] * 0.05 + 0.4)
    devices = np.maximum(1, np.round(tests * rng.uniform(0.4, 0.9, len(tiles)))).astype(int)
    columns: dict[str, Any] = {
        "quadkey": [_quadkey(x, y) for x, y in zip(tiles["x"], tiles["y"], strict=True)],
        "avg_d_kbps": (down_mbps * 1000).astype(int),
        "avg_u_kbps": (down_mbps * 310).astype(int),
        "avg_lat_ms": np.round(6 + 900 / down_mbps).astype(int),
        "tests": tests,
        "devices": devices,
    }
    shapes = [_tile(x, y) for x, y in zip(tiles["x"], tiles["y"], strict=True)]
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=DEGREES)
    return frame[frame["tests"] > 0].reset_index(drop=True)


def _people_by_tile(buildings: Buildings, residents: Residents) -> pd.DataFrame:
    lon, lat = degree_places(buildings.points).T
    mercator = np.arcsinh(np.tan(np.radians(lat))) / np.pi
    people = residents.by_building
    usual = np.array([_DOWN_MBPS[kind] for kind in buildings.character])
    frame = pd.DataFrame(
        {
            "x": ((lon + 180) / 360 * _TILES_ROUND).astype(int),
            "y": ((1 - mercator) / 2 * _TILES_ROUND).astype(int),
            "people": people,
            "weighted": people * usual,
        }
    )
    tiles = frame.groupby(["x", "y"])[["people", "weighted"]].sum().reset_index()
    return tiles[tiles["people"] > _LEAST_PEOPLE].reset_index(drop=True)


def _quadkey(x: int, y: int) -> str:
    return "".join(str(((x >> bit) & 1) + 2 * ((y >> bit) & 1)) for bit in reversed(range(_ZOOM)))


def _tile(x: int, y: int) -> Polygon:
    return box(_longitude(x), _latitude(y + 1), _longitude(x + 1), _latitude(y))


def _longitude(x: int) -> float:
    return float(x / _TILES_ROUND * 360 - 180)


def _latitude(y: int) -> float:
    return float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / _TILES_ROUND)))))
