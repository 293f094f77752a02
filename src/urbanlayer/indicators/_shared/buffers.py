"""Densities in the neighbourhood buffer of each origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import IndicatorError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import BufferResult

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
    if city.residents is None:
        raise IndicatorError("the population density around home needs residents")
    return density_in_buffer(buffer, city.residents.xy, city.residents.people)


def density_of_junctions(
    junction_xy: NDArray[np.float64], buffer: BufferResult
) -> NDArray[np.float64]:
    """(n,) junctions per km² of land in the buffer of each origin.

    Parameters
    ----------
    junction_xy
        (k, 2) the result of a `JunctionQuery`.
    around
        The buffer query.
    """
    import numpy as np

    return density_in_buffer(buffer, junction_xy, np.ones(len(junction_xy)))


def density_in_buffer(
    buffer: BufferResult,
    xy: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """(n,) weights of points per km² of land in the grid cells of each origin's buffer.

    Σ weights / Σ land over the squares: where all have the same land this is the mean of the
    squares' densities, as the Global Healthy and Sustainable City Indicators take it; a square that
    the sea or the city's border cuts counts by the land that it has.

    Parameters
    ----------
    around
        The buffer query.
    xy
        (k, 2) points in the city's neighbourhoods, in metres.
    weights
        (k,) of the points: people, or 1 for each junction.

    Returns
    -------
    (n,) per km², one for each origin; NaN without land in the buffer.
    """
    import numpy as np

    from urbanlayer.kernels.pairs_by_node import amounts_reached
    from urbanlayer.kernels.ratios import safe_ratio

    row = buffer.cells.rows(xy)
    known = row >= 0
    amount = np.zeros(len(buffer.cells))
    np.add.at(amount, row[known], weights[known])
    land_km2 = buffer.land_m2 / M2_PER_KM2
    reached, reached_km2 = amounts_reached(buffer.pairs, np.stack([amount, land_km2]))
    return safe_ratio(reached, reached_km2)
