"""From metres of the frame to the reference systems that the city's layers use."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup

from demo_city.frame import ORIGIN_EASTING_M, ORIGIN_NORTHING_M

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo_city.frame import Floats, Shapes

METRIC = "EPSG:25834"
STATE = "EPSG:8678"  # MGI 1901 / Balkans zone 6: the Gauss-Krüger coordinates of the cadastre
DEGREES = "EPSG:4326"

_CITY = AreaOfInterest(19.1, 42.35, 19.35, 42.5)
_CENTIMETRES = 2  # decimals


@cache
def _to_state() -> Transformer:
    # The first operation of the group is the best one for the city; the default may be ballpark.
    group = TransformerGroup(
        METRIC,
        STATE,
        always_xy=True,
        area_of_interest=_CITY,  # type: ignore[arg-type]  # pyproj names its own class twice
    )
    return group.transformers[0]


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs(METRIC, DEGREES, always_xy=True)


def metric_places(places: Floats) -> Floats:
    """Eastings and northings in EPSG:25834, to the centimetre."""
    shifted: Floats = places + np.array([ORIGIN_EASTING_M, ORIGIN_NORTHING_M])
    return shifted.round(_CENTIMETRES)


def state_places(places: Floats) -> Floats:
    """Eastings and northings in EPSG:8678, to the centimetre."""
    east, north = _to_state().transform(
        places[:, 0] + ORIGIN_EASTING_M, places[:, 1] + ORIGIN_NORTHING_M
    )
    return np.column_stack([east, north]).round(_CENTIMETRES)


def degree_places(places: Floats) -> Floats:
    """Longitudes and latitudes in WGS 84."""
    lon, lat = _to_degrees().transform(
        places[:, 0] + ORIGIN_EASTING_M, places[:, 1] + ORIGIN_NORTHING_M
    )
    return np.column_stack([lon, lat])


def metric_layer(columns: Mapping[str, Any], shapes: Shapes) -> gpd.GeoDataFrame:
    """A layer in EPSG:25834."""
    return gpd.GeoDataFrame(
        dict(columns), geometry=shapely.transform(shapes, metric_places), crs=METRIC
    )


def state_layer(columns: Mapping[str, Any], shapes: Shapes) -> gpd.GeoDataFrame:
    """A layer in EPSG:8678."""
    return gpd.GeoDataFrame(
        dict(columns), geometry=shapely.transform(shapes, state_places), crs=STATE
    )


def degree_layer(columns: Mapping[str, Any], shapes: Shapes) -> gpd.GeoDataFrame:
    """A layer in WGS 84."""
    return gpd.GeoDataFrame(
        dict(columns), geometry=shapely.transform(shapes, degree_places), crs=DEGREES
    )
