"""Public transport accessibility level, as Transport for London defines it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.pairs import Pairs

WALK_M_PER_MIN = 80.0
BUS_LIMIT_M, RAIL_LIMIT_M = 640.0, 960.0
BUS_RELIABILITY_MIN, RAIL_RELIABILITY_MIN = 2.0, 0.75
"""Reliability factor of TfL, added to the waiting time."""

BANDS = ("0", "1a", "1b", "2", "3", "4", "5", "6a", "6b")
BAND_LIMITS = (0.0, 2.5, 5.0, 10.0, 15.0, 20.0, 25.0, 40.0)
"""Upper limits of the bands, inclusive; the last band is open."""


def access_index(
    stops: Pairs,
    served_stop: NDArray[np.int64],
    served_route: NDArray[np.int64],
    per_hour: NDArray[np.float64],
    route_is_rail: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """The access index (AI) of each origin.

    For each route within reach the equivalent doorstep frequency is 30 / (walk + wait), the walk
    at 80 m/min and the wait half the headway plus the mode's reliability. Each route counts once,
    at the stop where this is best. Per mode the best route counts whole, the others half.

    Parameters
    ----------
    stops
        Origins and stops, with walking distance in metres; limits are 640 m (bus), 960 m (rail).
    served_stop, served_route
        (k,) rows of stops and of the routes that serve them.
    per_hour
        (k,) departures per hour in the peak, of the better direction.
    route_is_rail
        (routes,) True for rail, metro and ferry.

    Returns
    -------
    ndarray
        (origins,) 0 where nothing is within reach.

    References
    ----------
    Transport for London (2015), Assessing transport connectivity in London, section 2.5.

    Examples
    --------
    Bus 1 at 240 m, 6 an hour; bus 2 at 400 m, 4 an hour; a train at 800 m, 4 an hour:

    >>> from urbanlayer.kernels.pairs import Pairs
    >>> metres = np.array([240.0, 400.0, 800.0])
    >>> stops = Pairs(1, 3, np.zeros(3, int), np.arange(3), metres)
    >>> hourly, rail = np.array([6.0, 4.0, 4.0]), np.array([False, False, True])
    >>> access_index(stops, np.arange(3), np.arange(3), hourly, rail).round(4).tolist()
    [5.6783]
    """
    origin, route, frequency = _best_stop_of_each_route(
        stops, served_stop, served_route, per_hour, route_is_rail
    )
    mode = origin * 2 + route_is_rail[route]
    best = np.zeros(stops.origin_count * 2)
    np.maximum.at(best, mode, frequency)
    total = np.bincount(mode, frequency, minlength=stops.origin_count * 2)
    return np.asarray((0.5 * best + 0.5 * total).reshape(-1, 2).sum(axis=1))


def band(index: NDArray[np.float64]) -> NDArray[np.str_]:
    """The level of an access index, from `0` to `6b`.

    Parameters
    ----------
    index
        (n,) access indices, at least 0.

    Returns
    -------
    ndarray
        (n,) of `BANDS`.

    Examples
    --------
    >>> band(np.array([0.0, 2.5, 5.6783, 40.0, 41.0])).tolist()
    ['0', '1a', '2', '6a', '6b']
    """
    return np.array(BANDS)[np.searchsorted(np.array(BAND_LIMITS), index, side="left")]


def _best_stop_of_each_route(
    stops: Pairs,
    served_stop: NDArray[np.int64],
    served_route: NDArray[np.int64],
    per_hour: NDArray[np.float64],
    route_is_rail: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Routes of each origin with their best equivalent doorstep frequency."""
    order = np.argsort(served_stop, kind="stable")
    first = np.searchsorted(served_stop[order], np.arange(stops.destination_count + 1))
    count = np.diff(first)[stops.destination]
    pair = np.repeat(np.arange(len(stops)), count)
    start = np.cumsum(count) - count
    service = order[np.repeat(first[stops.destination] - start, count) + np.arange(len(pair))]
    route, metres, hourly = served_route[service], stops.cost[pair], per_hour[service]
    rail = route_is_rail[route]
    runs = (metres <= np.where(rail, RAIL_LIMIT_M, BUS_LIMIT_M)) & (hourly > 0)
    route, rail, metres, hourly = route[runs], rail[runs], metres[runs], hourly[runs]
    wait_min = 30.0 / hourly + np.where(rail, RAIL_RELIABILITY_MIN, BUS_RELIABILITY_MIN)
    frequency = 30.0 / (metres / WALK_M_PER_MIN + wait_min)
    key, group = np.unique(
        stops.origin[pair[runs]] * len(route_is_rail) + route, return_inverse=True
    )
    best = np.zeros(len(key))
    np.maximum.at(best, group, frequency)
    origin, route = np.divmod(key, max(len(route_is_rail), 1))
    return origin, route, best
