"""Who leaves home when: the departures that decide when origins arrive, and in how many minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.network.connection_scan import DAY_S, LATE_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.pairs import Pairs
    from urbanlayer.network.connection_scan import Arrivals


@dataclass(frozen=True, slots=True, eq=False)
class DepartureProfiles:
    """Departures that decide when some origins arrive; made by `departure_profiles`.

    Attributes
    ----------
    origin_count
        How many origins.
    leave_s
        (k,) times of leaving home, in seconds past midnight.
    row
        (b,) rows of `Arrivals`: the first of every origin and time of leaving, then the second …
    count
        (r,) how many origins and times have a first row, how many a second …
    slot
        (g,) of each origin and time that has a row, the origin times k and the number of the time,
        counted from the last; those with most rows come first.
    """

    origin_count: int
    leave_s: NDArray[np.float64]
    row: NDArray[np.int64]
    count: NDArray[np.int64]
    slot: NDArray[np.int64]

    def minutes(self, arrive_s: NDArray[np.float32]) -> NDArray[np.float32]:
        """Minutes from each origin to one destination, for each time of leaving home.

        Parameters
        ----------
        arrive_s
            (rows,) a column of `Arrivals.arrive_s`.

        Returns
        -------
        ndarray
            (origins, k) waiting counted; +inf where no ride leads there.
        """
        best = np.full((self.origin_count, len(self.leave_s)), np.inf, dtype=np.float32)
        by_row = arrive_s.take(self.row)
        least = by_row[: len(self.slot)]
        end = len(least)
        for count in self.count[1:].tolist():
            np.minimum(least[:count], by_row[end : end + count], out=least[:count])
            end += count
        best.reshape(-1)[self.slot] = least
        np.minimum.accumulate(best, axis=1, out=best)  # who leaves earlier can wait
        best -= self.leave_s[::-1].astype(np.float32)
        best /= np.float32(60.0)
        return best[:, ::-1]

    def in_time(self, late: NDArray[np.int16]) -> NDArray[np.int16]:
        """At how many of the times of leaving home each origin is in time at each destination.

        Parameters
        ----------
        late
            (rows, destinations) as `late_enough` gives them for the rows of `Arrivals`.

        Returns
        -------
        ndarray
            (origins, destinations) 0 to k.
        """
        by_row = late.take(self.row, axis=0)
        most = by_row[: len(self.slot)]
        end = len(most)
        for count in self.count[1:].tolist():
            np.maximum(most[:count], by_row[end : end + count], out=most[:count])
            end += count
        times, destinations = len(self.leave_s), late.shape[1]
        origin, from_last = np.divmod(self.slot, times)
        decided = np.zeros((times, self.origin_count, destinations), dtype=np.int16)
        decided[from_last, origin] = most
        best, often = np.zeros((2, self.origin_count, destinations), dtype=np.int16)
        for number, here in enumerate(decided):
            np.maximum(best, here, out=best)  # who leaves earlier can wait
            often += best > number
        return often


def late_enough(
    arrive_s: NDArray[np.float32], leave_s: NDArray[np.float64], within_s: float
) -> NDArray[np.int16]:
    """How many times of leaving, counted from the last, are late enough to arrive within a time.

    Parameters
    ----------
    arrive_s
        Seconds past midnight; +inf for never.
    leave_s
        (k,) times of leaving, equally far apart, ascending.
    within_s
        Seconds from leaving to arriving that are in time.

    Returns
    -------
    ndarray
        0 to k, in the shape of `arrive_s`.

    Examples
    --------
    >>> late_enough(np.array([600.0, 700.0, np.inf]), np.array([0.0, 60.0, 120.0]), 540.0)
    array([2, 0, 0], dtype=int16)
    """
    step_s = float(leave_s[1] - leave_s[0]) if len(leave_s) > 1 else 1.0
    early = np.ceil((arrive_s - np.float32(within_s + leave_s[0])) / np.float32(step_s))
    return np.asarray(len(leave_s) - early.clip(0, len(leave_s)), dtype=np.int16)


def departure_profiles(
    found: Arrivals, walk_to_stop: Pairs, origins: range, leave_s: NDArray[np.float64]
) -> DepartureProfiles:
    """The departures that decide when some origins arrive, for each time of leaving home.

    Of each stop that an origin can walk to, one departure for each time counts: who leaves later
    can take no earlier one, and who leaves earlier can wait for it.

    Parameters
    ----------
    found
        As `arrivals` gives them.
    walk_to_stop
        Origins and stops, in seconds on foot.
    origins
        Rows of origins, one after another.
    leave_s
        (k,) times of leaving, in seconds past midnight, ascending.

    Returns
    -------
    DepartureProfiles
        Gives the minutes to each destination.

    Examples
    --------
    >>> from urbanlayer.network.connection_scan import Arrivals
    >>> from urbanlayer.kernels.pairs import Pairs
    >>> first, leave = np.array([0, 2]), np.array([28800.0, np.inf])
    >>> found = Arrivals(first, leave, np.array([[29400.0], [np.inf]], dtype=np.float32))
    >>> near = Pairs(1, 1, np.array([0]), np.array([0]), np.array([120.0]))
    >>> home = departure_profiles(found, near, range(1), np.array([28500.0, 28680.0, 28740.0]))
    >>> home.minutes(found.arrive_s[:, 0]).tolist()
    [[15.0, 12.0, inf]]
    """
    mine = slice(*np.searchsorted(walk_to_stop.origin, [origins.start, origins.stop]))
    stop, walk_s = walk_to_stop.destination[mine], walk_to_stop.cost[mine]
    stop_of_row = np.repeat(np.arange(len(found.first) - 1), np.diff(found.first))
    known = stop_of_row * DAY_S + np.minimum(found.leave_s, DAY_S - 1)
    begin, last = (
        np.searchsorted(known, stop * DAY_S + walk_s + leaving_s - LATE_S)
        for leaving_s in (leave_s[0], leave_s[-1])
    )
    count = last + 1 - begin
    pair = np.repeat(np.arange(len(stop)), count)
    row = np.arange(len(pair)) + np.repeat(begin - np.cumsum(count) + count, count)
    latest_s = found.leave_s[row] - walk_s[pair]
    later = len(leave_s) - np.searchsorted(leave_s, latest_s + LATE_S, side="right")
    slot = (walk_to_stop.origin[mine][pair] - origins.start) * len(leave_s) + later
    first_of_pair = np.append(np.True_, (np.diff(slot) != 0) | (np.diff(pair) != 0))[: len(pair)]
    row, slot = row[first_of_pair], slot[first_of_pair]
    return DepartureProfiles(len(origins), leave_s, *_by_rank(row, slot))


def _by_rank(
    row: NDArray[np.int64], slot: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The first row of every slot, then the second …; how many of each; slots, the fullest first.

    So that the least of each slot is found by a few long comparisons, not by many short ones.
    """
    few = slot.max(initial=0) <= np.iinfo(np.uint16).max
    order = np.argsort(slot.astype(np.uint16) if few else slot, kind="stable")
    row, slot = row[order], slot[order]
    is_first = np.append(np.True_, np.diff(slot) != 0)[: len(slot)]
    begin = np.flatnonzero(is_first)
    size = np.diff(np.append(begin, len(slot)))
    fullest = np.argsort(-size, kind="stable")
    origin = np.empty(len(size), dtype=np.int64)
    origin[fullest] = np.arange(len(size))
    group = np.cumsum(is_first) - 1
    rank = np.arange(len(slot)) - begin[group]
    count = np.bincount(rank)
    ranked = np.empty(len(row), dtype=np.int64)
    ranked[(np.cumsum(count) - count)[rank] + origin[group]] = row
    return ranked, count, slot[begin][fullest]
