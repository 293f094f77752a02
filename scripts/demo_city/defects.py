"""The planted defects, such as layers from offices have; the README lists each with its id.

They are planted last, in finished tables, and never in the neighbourhoods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString, Point, Polygon, box
from shapely.ops import substring

from demo_city.georeference import state_layer
from demo_city.shapes import array_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo_city.layers import City

_HUT_AWAY_M = 260
_HUT_SIZE_M = (6, 7)
_SHORT_BY_M = 0.4
_BOW_TIE, _DUPLICATE, _TOO_HIGH, _NO_LEVELS = 100, 300, 500, (700, 900, 1100)
_BLANK_CALLS = 3


def spoil_buildings(layer: gpd.GeoDataFrame, city: City) -> gpd.GeoDataFrame:
    """A bow-tie, a repeated id, three empty levels, a house of 99 levels, a hut far out."""
    layer = layer.copy()
    plain = shapely.get_num_coordinates(layer.geometry.to_numpy()) == 5  # noqa: PLR2004 -- closed
    houses = np.flatnonzero(plain & (city.buildings.character == "houses"))
    a, b, c, d, _ = shapely.get_coordinates(layer.geometry.iloc[houses[_BOW_TIE]])
    geometry = layer.geometry.copy()
    geometry.iloc[houses[_BOW_TIE]] = Polygon([a, c, b, d])
    layer = layer.set_geometry(geometry)
    layer.loc[houses[_DUPLICATE], "id"] = layer.loc[houses[_DUPLICATE] - 1, "id"]
    layer.loc[houses[_TOO_HIGH], "spratnost"] = 99
    layer.loc[houses[list(_NO_LEVELS)], "spratnost"] = pd.NA
    return gpd.GeoDataFrame(pd.concat([layer, _hut(layer, city)], ignore_index=True))


def _hut(layer: gpd.GeoDataFrame, city: City) -> gpd.GeoDataFrame:
    """A hut in the fields, farther from any street than people walk to one."""
    blocks = city.blocks
    open_land = np.flatnonzero(blocks.character == "fields")
    middles = shapely.maximum_inscribed_circle(blocks.shapes[open_land])
    reach_m = shapely.length(middles)
    block = blocks.shapes[open_land[np.argmax(reach_m)]]
    west, south, east, north = block.bounds
    x, y = np.meshgrid(np.arange(west, east, 5), np.arange(south, north, 5))
    places = np.column_stack([x.ravel(), y.ravel()])
    places = places[shapely.contains_xy(block.buffer(-10), places[:, 0], places[:, 1])]
    (_, _), away_m = city.network.tree.query_nearest(
        shapely.points(places), return_distance=True, all_matches=False
    )
    east_m, north_m = places[np.argmin(np.abs(away_m - _HUT_AWAY_M))]
    half_width, half_depth = _HUT_SIZE_M[0] / 2, _HUT_SIZE_M[1] / 2
    shape = box(
        east_m - half_width, north_m - half_depth, east_m + half_width, north_m + half_depth
    )
    columns = {
        "id": [int(layer["id"].max()) + 1],
        "spratnost": pd.array([1], dtype="Int16"),
        "namjena": ["stambeni"],
        "godina": [1968],
    }
    return state_layer(columns, array_of([shape])).astype(layer.drop(columns="geometry").dtypes)


def spoil_services(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A pharmacy with latitude for longitude, a playground without a place, an unknown kind."""
    layer = layer.copy()
    geometry = layer.geometry.copy()
    pharmacy = layer.index[layer["tip"] == "apoteka"][7]
    geometry.loc[pharmacy] = Point(geometry.loc[pharmacy].y, geometry.loc[pharmacy].x)
    geometry.loc[layer.index[layer["tip"] == "igralište"][11]] = None
    layer = layer.set_geometry(geometry)
    layer.loc[layer.index[layer["tip"] == "prodavnica"][20], "tip"] = "objekat 3"
    return layer


def spoil_containers(table: pd.DataFrame) -> pd.DataFrame:
    """A missing id, a decimal point among commas, an empty easting."""
    table = table.copy()
    table.loc[40, "id"] = ""
    table.loc[77, "x"] = str(table.loc[77, "x"]).replace(",", ".")
    table.loc[120, "x"] = ""
    return table


def spoil_streets(layer: gpd.GeoDataFrame, city: City) -> gpd.GeoDataFrame:
    """A street that ends 0.4 m short of its junction."""
    network = city.network
    joined = np.minimum(network.degree[network.start], network.degree[network.end]) > 2  # noqa: PLR2004 -- a junction at both ends
    usual = (network.kind == "residential") & (network.length_m > 60)  # noqa: PLR2004 -- a street
    row = int(np.flatnonzero(joined & usual)[250])
    geometry = layer.geometry.copy()
    line = LineString(geometry.iloc[row].coords)
    geometry.iloc[row] = substring(line, 0, line.length - _SHORT_BY_M)
    return layer.set_geometry(geometry)


def spoil_green(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A lawn that overlaps the park beside it."""
    geometry = layer.geometry.copy()
    park = int(np.flatnonzero(layer["naziv"] == "Park Blok V")[0])
    lawns = np.flatnonzero(layer["vrsta"] == "travnjak")
    away_m = np.asarray(shapely.distance(geometry.to_numpy()[lawns], geometry.to_numpy()[park]))
    lawn = int(lawns[np.argmin(away_m)])
    grown = shapely.buffer(geometry.iloc[lawn], float(away_m.min()) + 6, join_style="mitre")
    geometry.iloc[lawn] = grown
    return layer.set_geometry(geometry)


def spoil_businesses(table: pd.DataFrame) -> pd.DataFrame:
    """A head office that counts the jobs of all its branches: 900 in one building."""
    table = table.copy()
    table.loc[1500, "zaposleni"] = 900
    return table


def spoil_timetable(texts: Mapping[str, str]) -> dict[str, str]:
    """A stop without trips, and calls without times; trips past 24:00 are there already."""
    spoiled = dict(texts)
    spoiled["stops.txt"] += "S999,Ukinuto stajalište,42.441200,19.262800\n"
    lines = spoiled["stop_times.txt"].split("\n")
    first = next(i for i, line in enumerate(lines) if line.startswith("L4-A-"))
    for i in range(first + 1, first + 1 + _BLANK_CALLS):
        trip, _, _, stop, number = lines[i].split(",")
        lines[i] = f"{trip},,,{stop},{number}"
    spoiled["stop_times.txt"] = "\n".join(lines)
    return spoiled
