"""Where the data end: who lives so near to it that what lies beyond may serve them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from urbanlayer.model.streets import StreetNetwork

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.residents import Residents


def edge_effect(
    city: City, within_m: float, *, asked: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """(n,) whether each resident place lies within a distance of the edge of the data.

    The edge is the box that the streets were asked for, where their source knows that it brought
    all that is there: a shore inside the box is no edge. Else it is the convex hull of the streets,
    as the layer holds them beyond the city's border; without streets, of the neighbourhoods. That
    may be a shore, where nothing is missing: who lives there *may* be better served than shown.

    Parameters
    ----------
    within_m
        In a straight line.
    asked
        (n,) which places are asked; the others are said to be far. None: all.
    """
    import numpy as np

    if city.residents is None:
        return np.empty(0, dtype=bool)
    layer = city.layers.get("streets")
    window = None if layer is None or city.streets is None else layer.provenance.window
    if window is not None:
        edge = _window_edge(window, city.crs)
    else:
        edge = _edge(city.neighbourhoods if city.streets is None else city.streets)
    near = _metres_to(edge, city.residents) <= within_m
    return near if asked is None else near & asked


STEP_DEGREES = 0.001
"""A parallel is no straight line in a metric CRS: corners of a box are so near to one another."""


@functools.lru_cache(maxsize=8)
def _metres_to(edge: Any, residents: Residents) -> NDArray[np.float64]:  # noqa: ANN401  (a ring)
    """(n,) from each resident place; every share within a distance asks for the same."""
    import numpy as np
    import shapely

    return np.asarray(shapely.distance(shapely.points(residents.xy), edge))


@functools.lru_cache(maxsize=1)
def _window_edge(window: tuple[float, float, float, float], crs: str) -> Any:  # noqa: ANN401  (a ring)
    """The border of a box of longitudes and latitudes, in the city's CRS."""
    import numpy as np
    import shapely
    from pyproj import Transformer

    ring = shapely.segmentize(shapely.boundary(shapely.box(*window)), STEP_DEGREES)
    there = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    edge = shapely.transform(ring, lambda xy: np.column_stack(there.transform(*xy.T)))
    shapely.prepare(edge)
    return edge


@functools.lru_cache(maxsize=1)
def _edge(known: StreetNetwork | Neighbourhoods) -> Any:  # noqa: ANN401  (a line or rings)
    """The edge of what is known; every share within a distance asks for the same."""
    import numpy as np
    import shapely

    if isinstance(known, StreetNetwork):
        shapes = known.edge_lines
    else:
        shapes = np.asarray(known.geometry, dtype=object)
    corners = shapely.multipoints(shapely.get_coordinates(shapes))
    edge = shapely.boundary(shapely.convex_hull(corners))
    shapely.prepare(edge)
    return edge
