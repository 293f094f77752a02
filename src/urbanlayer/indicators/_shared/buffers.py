"""How many people, or junctions, there are on the land around each resident place."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.network_query import BufferQuery
    from urbanlayer.model.streets import StreetNetwork

M2_PER_KM2 = 1_000_000


def method_around(city: City, network_query: BufferQuery) -> str:
    """How the surroundings were measured, a code: `walk_around`, `straight_line_around`."""
    return f"{city.access.around[network_query].method}_around"


def people_around(city: City, network_query: BufferQuery) -> NDArray[np.float64]:
    """(n,) residents on each km² of the surroundings of each resident place."""
    if city.residents is None:
        raise TypeError(network_query)
    return density_around(city, network_query, city.residents.xy, city.residents.people)


def junctions_around(
    city: City, network_query: BufferQuery, *, merge_m: float
) -> NDArray[np.float64]:
    """(n,) junctions on each km² of the surroundings of each resident place.

    Parameters
    ----------
    merge_m
        Nodes of the streets within this of one another are one junction, in metres.
    """
    import numpy as np

    if city.streets is None:
        raise TypeError(network_query)
    xy = _junctions_in(city.neighbourhoods, city.streets, merge_m)
    return density_around(city, network_query, xy, np.ones(len(xy)))


@functools.lru_cache(maxsize=1)
def _junctions_in(
    neighbourhoods: Neighbourhoods, streets: StreetNetwork, merge_m: float
) -> NDArray[np.float64]:
    """(k, 2) junctions in the neighbourhoods; every reading of a distance asks for the same."""
    import numpy as np
    import shapely

    from urbanlayer.kernels.junctions import junctions

    xy = junctions(streets.node_xy, streets.edge_nodes[streets.drawn], merge_m=merge_m)
    tree = shapely.STRtree(np.asarray(shapely.points(xy), dtype=object))
    polygons = np.asarray(neighbourhoods.geometry, dtype=object)
    # each polygon is prepared once, where each point would be for as many polygons
    inside = tree.query(polygons, predicate="dwithin", distance=merge_m)[1]
    return np.asarray(xy[np.unique(inside)])


def density_around(
    city: City,
    network_query: BufferQuery,
    xy: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Weights of points over the land of the squares that belong to each place's surroundings.

    Σ weights / Σ land over the squares: where all have the same land this is the mean of the
    squares' densities, as the Global Healthy and Sustainable City Indicators take it; a square that
    the sea or the city's border cuts counts by the land that it has.

    Parameters
    ----------
    network_query
        That was answered.
    xy
        (k, 2) points in the city's neighbourhoods, in metres.
    weights
        (k,) of the points: people, or 1 for each junction.

    Returns
    -------
    (n,) on each km², one for each resident place; NaN where there is no land around.
    """
    import numpy as np

    from urbanlayer.kernels.opportunities import reachable_amount
    from urbanlayer.kernels.ratios import safe_ratio

    around = city.access.around[network_query]
    row = around.cells.rows(xy)
    known = row >= 0
    amount = np.zeros(len(around.cells))
    np.add.at(amount, row[known], weights[known])
    land_km2 = around.land_m2 / M2_PER_KM2
    return safe_ratio(
        reachable_amount(around.pairs, amount), reachable_amount(around.pairs, land_km2)
    )
