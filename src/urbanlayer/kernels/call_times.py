"""Times of the calls of trips: blank ones filled in, repeated by headways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY_S = 86_400.0


def fill_blank_times(
    trip: NDArray[np.int64], position: NDArray[np.float64], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The times of calls, with blank ones in between interpolated by position.

    Parameters
    ----------
    trip
        (n,) number of each call's trip; calls of one trip follow one another in their order.
    position
        (n,) along the way of its trip, not decreasing within a trip; any unit.
    times
        (n, 2) arrival and departure in seconds, both NaN where they are not known.

    Returns
    -------
    ndarray
        (n, 2) NaN before the first and after the last known time of a trip.
    """
    blank = np.isnan(times[:, 0])
    known = np.flatnonzero(~blank)
    found = times.copy()
    if not blank.any() or not len(known):
        return found
    number = np.cumsum(~blank) - 1  # of the last known call at or before each call
    rows = np.flatnonzero(blank)
    before, after = number[rows], number[rows] + 1
    there = (before >= 0) & (after < len(known))
    rows, low, high = rows[there], known[before[there]], known[after[there]]
    same = (trip[low] == trip[rows]) & (trip[high] == trip[rows])
    rows, low, high = rows[same], low[same], high[same]
    span = position[high] - position[low]
    by_order = (rows - low) / (high - low)
    with np.errstate(invalid="ignore", divide="ignore"):
        by_position = (position[rows] - position[low]) / span
    share = np.where(span > 0, by_position, by_order)
    found[rows] = (times[low, 1] + share * (times[high, 0] - times[low, 1]))[:, None]
    return found


def past_midnight(
    trip: NDArray[np.int64], times: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The times of calls of trips over midnight, past 24 hours, and which trips these are.

    GTFS counts on past midnight (24:10); some feeds begin again at 0:10. Times more than half a day
    before the call before them are of the next day.

    Parameters
    ----------
    trip, times
        As for `fill_blank_times`.

    Returns
    -------
    times, trips
        (n, 2) seconds, and the numbers of the trips whose times changed.

    Examples
    --------
    >>> times = np.array([[85800.0, 85800.0], [600.0, 660.0]])
    >>> past_midnight(np.array([4, 4]), times)[0].tolist()
    [[85800.0, 85800.0], [87000.0, 87060.0]]
    """
    of, every = np.repeat(trip, 2), times.ravel()
    known = np.flatnonzero(~np.isnan(every))
    of, seconds = of[known], every[known]
    falls = np.zeros(len(known), dtype=np.int64)
    falls[1:] = (of[1:] == of[:-1]) & (seconds[1:] < seconds[:-1] - DAY_S / 2)
    if not falls.any():
        return times, np.empty(0, dtype=np.int64)
    days = np.cumsum(falls)
    first = np.flatnonzero(np.diff(of, prepend=-1))
    before = np.repeat(days[first], np.diff(np.append(first, len(of))))
    later = every.copy()
    later[known] += (days - before) * DAY_S
    return later.reshape(-1, 2), np.unique(of[falls > 0])


def headway_runs(
    start_s: NDArray[np.float64], end_s: NDArray[np.float64], headway_s: NDArray[np.float64]
) -> NDArray[np.int64]:
    """How many times a trip runs from a start until before an end; 0 where that is not known.

    An end before its start is one of the next day: 22:00 to 02:00 is 22:00 to 26:00.

    Parameters
    ----------
    start_s, end_s, headway_s
        (n,) seconds; NaN where not known.

    Returns
    -------
    ndarray
        (n,)
    """
    end = np.where(end_s < start_s, end_s + DAY_S, end_s)
    usable = np.isfinite(start_s + end + headway_s) & (headway_s > 0) & (end > start_s)
    counts = np.zeros(len(start_s))
    counts[usable] = np.ceil((end[usable] - start_s[usable]) / headway_s[usable])
    return counts.astype(np.int64)


def within_each(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, … of each group of so many members, one after another: [2, 3] gives 0 1 0 1 2.

    Parameters
    ----------
    counts
        (n,) members of each group.

    Returns
    -------
    ndarray
        (sum of counts,)
    """
    first = np.cumsum(counts) - counts
    return np.arange(int(counts.sum())) - np.repeat(first, counts)
