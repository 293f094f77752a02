"""Where the data end: how far each origin lies from what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Transformer
from shapely import MultiPoint

from urbanlayer.errors import CityError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from urbanlayer.model.city import City

STEP_DEGREES = 0.001
"""A parallel is no straight line in a metric CRS: corners of a box are so near to one another."""


def metres_to_edge(city: City) -> NDArray[np.float64]:
    """Distance from each origin to the edge of the data, (n,) metres in a straight line.

    The edge is the box that the streets were requested for, where their source knows that it
    brought all that is there: a shore inside the box is no edge. Otherwise it is the convex hull
    of the streets, as the layer holds them beyond the city's border; without streets, of the
    neighbourhoods. That may be a shore, where nothing is missing: who lives there *may* be better
    served than shown.

    Raises
    ------
    CityError
        The city has no residents.
    """
    if city.residents is None:
        raise CityError("distance to the edge of the data: needs residents")
    layer = city.layers.get("streets")
    window = None if layer is None or city.streets is None else layer.provenance.window
    edge = _hull(city) if window is None else _border_of_box(window, city.crs)
    shapely.prepare(edge)
    return np.asarray(shapely.distance(shapely.points(city.residents.xy), edge))


def _border_of_box(window: tuple[float, float, float, float], crs: str) -> BaseGeometry:
    """The border of a box of longitudes and latitudes, in the city's CRS."""
    ring = shapely.segmentize(shapely.boundary(shapely.box(*window)), STEP_DEGREES)
    there = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return shapely.transform(ring, lambda xy: np.column_stack(there.transform(*xy.T)))


def _hull(city: City) -> BaseGeometry:
    """The border of the convex hull of the streets, else of the neighbourhoods."""
    if city.streets is not None:
        shapes = city.streets.edge_lines
    else:
        shapes = np.asarray(city.neighbourhoods.geometry, dtype=object)
    return MultiPoint(shapely.get_coordinates(shapes)).convex_hull.boundary
