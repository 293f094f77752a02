"""Densities in the neighbourhood buffer of each origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import IndicatorError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import BufferResult

    Points = tuple[NDArray[np.float64], NDArray[np.float64]]

M2_PER_KM2 = 1_000_000


def buffer_method(buffer: BufferResult) -> str:
    """The code of the buffer method: `walk_buffer`, `straight_line_buffer`."""
    return f"{buffer.method}_buffer"


def density_of_residents(city: City, buffer: BufferResult) -> NDArray[np.float64]:
    """(n,) residents per km² of land in the buffer of each origin.

    Raises
    ------
    IndicatorError
        The city has no residents.
    """
    return densities_in_buffer(buffer, residents_of(city))[0]


def residents_of(city: City) -> Points:
    """Where residents live, and how many.

    Raises
    ------
    IndicatorError
        The city has no residents.
    """
    if city.residents is None:
        raise IndicatorError("the population density around home needs residents")
    return city.residents.xy, city.residents.people


def junctions_of(junction_xy: NDArray[np.float64]) -> Points:
    """The (k, 2) result of a `JunctionQuery`, each junction once."""
    import numpy as np

    return junction_xy, np.ones(len(junction_xy))


def densities_in_buffer(buffer: BufferResult, *points: Points) -> list[NDArray[np.float64]]:
    """(n,) weights of points per km² of land in the grid cells of each origin's buffer.

    Σ weights / Σ land over the squares: where all have the same land this is the mean of the
    squares' densities, as the Global Healthy and Sustainable City Indicators take it; a square that
    the sea or the city's border cuts counts by the land that it has.

    Parameters
    ----------
    buffer
        Of each origin.
    points
        (k, 2) points in the city's neighbourhoods, in metres, and their (k,) weights: people, or
        1 for each junction.

    Returns
    -------
    list
        Of each of the sets of points (n,) per km², one for each origin; NaN without land in the
        buffer.
    """
    import numpy as np

    from urbanlayer.kernels.pairs_by_node import amounts_reached
    from urbanlayer.kernels.ratios import safe_ratio

    amounts = []
    for xy, weights in points:
        row = buffer.cells.rows(xy)
        known = row >= 0
        amount = np.zeros(len(buffer.cells))
        np.add.at(amount, row[known], weights[known])
        amounts.append(amount)
    land_km2 = buffer.land_m2 / M2_PER_KM2
    *reached, reached_km2 = amounts_reached(buffer.pairs, np.stack([*amounts, land_km2]))
    return [safe_ratio(one, reached_km2) for one in reached]
