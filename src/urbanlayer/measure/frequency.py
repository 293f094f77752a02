"""How often does it come? Departures of each route at each stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def departures_per_hour(
    call_trip: NDArray[np.int64],
    call_stop: NDArray[np.int64],
    departure_s: NDArray[np.float64],
    trip_route: NDArray[np.int64],
    trip_direction: NDArray[np.int64],
    *,
    window_s: tuple[float, float],
    may_board: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Departures per hour of each route at each stop, of its better direction.

    The last call of a trip is no departure: nobody gets anywhere from there. Where a feed gives
    no directions, both directions of a route at one stop count as one.

    Parameters
    ----------
    call_trip, call_stop, departure_s
        (c,) calls in the order of the trips and of each trip's way; seconds past midnight.
    trip_route, trip_direction
        (t,) rows of routes; 0 or 1.
    window_s
        First departure that counts, and the first that no longer does.
    may_board
        (c,) whether people may get on; None: everywhere.

    Returns
    -------
    stop, route
        (k,) rows, each pair once.
    per_hour
        (k,) above 0.

    Examples
    --------
    Two trips out and one back within the hour:

    >>> trips, stops = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 0, 1, 1, 0])
    >>> times = np.array([0.0, 600.0, 1800.0, 2400.0, 900.0, 1500.0])
    >>> found = departures_per_hour(
    ...     trips, stops, times, np.zeros(3, int), np.array([0, 0, 1]), window_s=(0.0, 3600.0)
    ... )
    >>> [part.tolist() for part in found]
    [[0, 1], [0, 0], [2.0, 1.0]]
    """
    leaves = np.append(call_trip[1:] == call_trip[:-1], np.False_)[: len(call_trip)]
    leaves &= (departure_s >= window_s[0]) & (departure_s < window_s[1])
    if may_board is not None:
        leaves &= may_board
    trip, stop = call_trip[leaves], call_stop[leaves]
    routes = int(trip_route.max(initial=0)) + 1
    key, count = np.unique(
        (stop * routes + trip_route[trip]) * 2 + trip_direction[trip], return_counts=True
    )
    pair, group = np.unique(key // 2, return_inverse=True)
    best = np.zeros(len(pair))
    np.maximum.at(best, group, count.astype(np.float64))
    hours = (window_s[1] - window_s[0]) / 3600
    return pair // routes, pair % routes, best / hours
