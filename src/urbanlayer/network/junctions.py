"""Where streets meet, in the neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.errors import CityError
from urbanlayer.kernels.junctions import junctions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.city import City


def junctions_in_neighbourhoods(city: City, *, merge_m: float) -> NDArray[np.float64]:
    """Junctions of three or more streets in the neighbourhoods, (k, 2) metres in the city's CRS.

    Parameters
    ----------
    city
        With streets.
    merge_m
        Nodes of the streets within this of one another are one junction, in metres; a junction
        that lies as near to a neighbourhood is in it.

    Raises
    ------
    CityError
        The city has no streets.
    """
    streets = city.streets
    if streets is None:
        raise CityError("junctions: needs streets")
    xy = junctions(streets.node_xy, streets.edge_nodes[streets.drawn], merge_m=merge_m)
    tree = shapely.STRtree(np.asarray(shapely.points(xy), dtype=object))
    polygons = np.asarray(city.neighbourhoods.geometry, dtype=object)
    # each polygon is prepared once, where each point would be for as many polygons
    inside = tree.query(polygons, predicate="dwithin", distance=merge_m)[1]
    return np.asarray(xy[np.unique(inside)])
