"""Neighbourhoods from their layer, or derived from place points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from urbanlayer.errors import CityError
from urbanlayer.model.neighbourhoods import Neighbourhoods

if TYPE_CHECKING:
    import pandas as pd

    from urbanlayer.model.layer import Layer

EMPTY_NAME = ""


def from_layer(layer: Layer) -> Neighbourhoods:
    """Neighbourhoods in the order of their keys, with names and census.

    Parameters
    ----------
    layer
        Role `neighbourhoods`, polygons.
    """
    frame = layer.frame.sort_index()
    return Neighbourhoods(
        geometry=frame.geometry,
        names=_names(frame),
        census=frame.get("residents"),
    )


def derived_from_places(places: Layer, boundary: Layer) -> Neighbourhoods:
    """Voronoi cells of place points, clipped to the boundary; derived, and not official.

    Parameters
    ----------
    places
        Points with names, one for each neighbourhood; those outside the boundary are left out.
    boundary
        Polygons of the city.

    Raises
    ------
    CityError
        If no two places lie inside the boundary.
    """
    border = shapely.union_all(np.asarray(boundary.frame.geometry, dtype=object))
    frame = places.frame[places.frame.geometry.intersects(border)].sort_index()
    least = 2
    if len(frame) < least:
        raise CityError(
            f"layer 'neighbourhoods' ({places.provenance.path}): {len(frame)} places lie inside "
            "the boundary; cells need two or more. Is it the right city's file?"
        )
    points = np.asarray(frame.geometry, dtype=object)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=border, ordered=True)
    )
    clipped = gpd.GeoSeries(
        shapely.intersection(cells, border), index=frame.index, crs=places.frame.crs
    )
    return Neighbourhoods(geometry=clipped, names=_names(frame), derived=True)


def _names(frame: gpd.GeoDataFrame) -> dict[str, pd.Series[str]]:
    """Language to names; the empty code holds a name for every one, its key if need be."""
    own = frame["name"] if "name" in frame else frame.index.to_series()
    whole = own.where(own.fillna("").str.strip() != "", frame.index.to_series())
    names = {EMPTY_NAME: whole}
    for column in frame.columns:
        if column.startswith("name_"):
            text = frame[column].fillna("")
            names[column.removeprefix("name_")] = text.where(text.str.strip() != "", whole)
    return names
