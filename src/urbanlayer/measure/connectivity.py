"""How good is the timetable from here? The access index of Transport for London."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HALF_HOUR_MIN = 30.0
LESSER_ROUTES = 0.5
"""Weight of all routes of a mode but the best."""
BANDS = (0.0, 2.5, 5.0, 10.0, 15.0, 20.0, 25.0, 40.0)
"""Upper ends of the bands 0, 1a, 1b, 2, 3, 4, 5, 6a; 6b is above."""
BAND_NAMES = ("0", "1a", "1b", "2", "3", "4", "5", "6a", "6b")


def doorstep_frequency(
    walk_min: NDArray[np.float64],
    departures_per_hour: NDArray[np.float64],
    reliability_min: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Equivalent doorstep frequency: 30 over the minutes of walk and of average wait.

    Waiting is half the interval, and what a route's unreliability adds.

    Examples
    --------
    A bus at 3 minutes' walk, six an hour:

    >>> doorstep_frequency(np.array([3.0]), np.array([6.0]), np.array([2.0])).tolist()
    [3.0]
    """
    wait = 0.5 * 60 / departures_per_hour + reliability_min
    return np.asarray(HALF_HOUR_MIN / (walk_min + wait))


def access_index(
    place: NDArray[np.int64],
    mode: NDArray[np.int64],
    frequency: NDArray[np.float64],
    count: int,
) -> NDArray[np.float64]:
    """The access index of each place: of each mode the best route, and half of the others.

    Parameters
    ----------
    place, mode
        (k,) of each route that a place reaches, once, at its best stop.
    frequency
        (k,) its equivalent doorstep frequency.
    count
        Number of places.

    Returns
    -------
    (count,) 0 where no route is reached.

    Examples
    --------
    Two buses and a train:

    >>> frequency = np.array([3.0, 2.0690, 1.6438])
    >>> access_index(np.zeros(3, dtype=int), np.array([0, 0, 1]), frequency, 1).round(4).tolist()
    [5.6783]
    """
    order = np.lexsort((-frequency, mode, place))
    place, mode, frequency = place[order], mode[order], frequency[order]
    best = np.ones(len(place), dtype=bool)
    best[1:] = (place[1:] != place[:-1]) | (mode[1:] != mode[:-1])
    weight = np.where(best, 1.0, LESSER_ROUTES)
    return np.bincount(place, weight * frequency, minlength=count).astype(np.float64)


def band(index: float) -> str:
    """The band of an access index.

    Examples
    --------
    >>> band(5.6783), band(0.0), band(41.0)
    ('2', '0', '6b')
    """
    return BAND_NAMES[int(np.searchsorted(BANDS, index, side="left"))]
