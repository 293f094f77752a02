"""Where the data end: who lives so near to it that what lies beyond may serve them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City


def near_edge(city: City, within_m: float) -> NDArray[np.bool_]:
    """(n,) whether each resident place lies within a distance of the edge of the data.

    The edge is the convex hull of the streets, as the layer holds them beyond the city's border;
    without streets, of the neighbourhoods. It may be a shore, where nothing is missing: who lives
    there *may* be better served than shown.

    Parameters
    ----------
    within_m
        In a straight line.
    """
    import numpy as np
    import shapely

    if city.residents is None:
        return np.empty(0, dtype=bool)
    hoods = np.asarray(city.neighbourhoods.geometry, dtype=object)
    known = hoods if city.streets is None else city.streets.edge_lines
    edge = shapely.boundary(shapely.convex_hull(shapely.geometrycollections(known)))
    return np.asarray(shapely.dwithin(shapely.points(city.residents.xy), edge, within_m))
