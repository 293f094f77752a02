"""Departures of stops on a service day: by hour, and how far apart they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOURS = 30
"""A service day runs on past midnight; what leaves later than 30:00 counts in the last hour."""
BY_DAY = range(7, 19)
"""Hours in which the mean headway of a stop is taken."""
PEAK_S = (8.25 * 3600, 9.25 * 3600)
"""The hour in which Transport for London takes the frequency of each route: 08:15 to 09:15."""


def departures_by_hour(
    stop: NDArray[np.int64], second: NDArray[np.float64], stop_count: int
) -> NDArray[np.int64]:
    """(stops, hours) departures; those whose time is not known are in no hour.

    Parameters
    ----------
    stop
        (d,) row of the stop of each departure.
    second
        (d,) past midnight; NaN where it is not known.
    stop_count
        Number of stops.
    """
    timed = np.isfinite(second)
    hour = np.clip(second[timed] // 3600, 0, HOURS - 1).astype(np.int64)
    counts = np.bincount(stop[timed] * HOURS + hour, minlength=stop_count * HOURS)
    return counts.reshape(stop_count, HOURS)


def mean_headways_min(departures: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n,) mean minutes between departures by day; NaN without any.

    Parameters
    ----------
    departures
        (n,) number in the hours of `BY_DAY`.
    """
    with np.errstate(divide="ignore"):
        return np.where(departures > 0, len(BY_DAY) * 60 / departures, np.nan)
