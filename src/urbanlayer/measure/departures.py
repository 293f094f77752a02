"""Travel times by timetable: every departure of a day at once, to many targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.measure.pairs import Pairs

CHANGE_S = 60.0
"""Seconds that a change takes, the walk apart: a timetable of whole minutes does not promise that
a bus which arrives at 8:00 meets one that leaves at 8:00."""

LATE_S = 1e-3
"""Who comes so many seconds after a departure still gets it: a walk is no more exact than that."""

_DAY_S = 1_000_000.0
"""More seconds than any service day has."""


@dataclass(frozen=True, slots=True, eq=False)
class Connections:
    """Rides from one stop to the next, by departure, the last first; made by `connect`.

    Attributes
    ----------
    stop_count, trip_count
        How many there are.
    trip, from_stop, to_stop
        (c,) rows.
    departure_s, arrival_s
        (c,) seconds past midnight.
    may_board, may_alight
        (c,) whether people may get on at the one stop, and off at the other.
    """

    stop_count: int
    trip_count: int
    trip: NDArray[np.int64]
    from_stop: NDArray[np.int64]
    to_stop: NDArray[np.int64]
    departure_s: NDArray[np.float64]
    arrival_s: NDArray[np.float64]
    may_board: NDArray[np.bool_]
    may_alight: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """When one arrives at each target, for every departure from every stop.

    Attributes
    ----------
    first
        (stops + 1,) where each stop's rows begin.
    leave_s
        (rows,) by stop, and by time: who is at the stop by then …
    arrive_s
        (rows, targets) … arrives then, the walk to the target counted. Each stop's last row
        (+inf) stands for after the last departure.
    """

    first: NDArray[np.int64]
    leave_s: NDArray[np.float64]
    arrive_s: NDArray[np.float32]

    def row(self, stop: int, ready_s: NDArray[np.float64]) -> NDArray[np.int64]:
        """Rows for who is at a stop by (k,) times, in seconds past midnight."""
        begin, end = self.first[stop], self.first[stop + 1]
        return np.asarray(begin + np.searchsorted(self.leave_s[begin:end], ready_s - LATE_S))


@dataclass(frozen=True, slots=True, eq=False)
class Boardings:
    """Departures that decide when some places arrive; made by `boardings`.

    Attributes
    ----------
    place_count
        How many places.
    leave_s
        (k,) times of leaving home, in seconds past midnight.
    row
        (b,) rows of `Arrivals`: the first of every place and time of leaving, then the second …
    count
        (r,) how many places and times have a first row, how many a second …
    slot
        (g,) of each place and time that has a row, the place times k and the number of the time,
        counted from the last; those with most rows come first.
    """

    place_count: int
    leave_s: NDArray[np.float64]
    row: NDArray[np.int64]
    count: NDArray[np.int64]
    slot: NDArray[np.int64]

    def minutes(self, arrive_s: NDArray[np.float32]) -> NDArray[np.float32]:
        """Minutes from each place to one target, for each time of leaving home.

        Parameters
        ----------
        arrive_s
            (rows,) a column of `Arrivals.arrive_s`.

        Returns
        -------
        ndarray
            (places, k) waiting counted; +inf where no ride leads there.
        """
        best = np.full((self.place_count, len(self.leave_s)), np.inf, dtype=np.float32)
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
        """At how many of the times of leaving home each place is in time at each target.

        Parameters
        ----------
        late
            (rows, targets) as `late_enough` gives them for the rows of `Arrivals`.

        Returns
        -------
        ndarray
            (places, targets) 0 to k.
        """
        by_row = late.take(self.row, axis=0)
        most = by_row[: len(self.slot)]
        end = len(most)
        for count in self.count[1:].tolist():
            np.maximum(most[:count], by_row[end : end + count], out=most[:count])
            end += count
        times, targets = len(self.leave_s), late.shape[1]
        place, from_last = np.divmod(self.slot, times)
        decided = np.zeros((times, self.place_count, targets), dtype=np.int16)
        decided[from_last, place] = most
        best, often = np.zeros((2, self.place_count, targets), dtype=np.int16)
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


def connect(
    call_trip: NDArray[np.int64],
    call_stop: NDArray[np.int64],
    arrival_s: NDArray[np.float64],
    departure_s: NDArray[np.float64],
    *,
    stop_count: int,
    may_board: NDArray[np.bool_] | None = None,
    may_alight: NDArray[np.bool_] | None = None,
    window_s: tuple[float, float] = (0.0, _DAY_S / 2),
) -> Connections:
    """The rides of a timetable from stop to stop within a window of departures.

    Parameters
    ----------
    call_trip, call_stop
        (c,) rows, in the order of the trips and of each trip's way.
    arrival_s, departure_s
        (c,) seconds past midnight.
    stop_count
        Number of stops.
    may_board, may_alight
        (c,) None: everywhere.
    window_s
        First and last departure that count, in seconds past midnight.

    Returns
    -------
    Connections
        One for each pair of calls that follow one another.

    Examples
    --------
    >>> rides = connect(
    ...     np.array([0, 0, 0]), np.array([4, 2, 7]), np.array([0.0, 60.0, 120.0]),
    ...     np.array([0.0, 70.0, 120.0]), stop_count=8,
    ... )
    >>> rides.from_stop.tolist(), rides.to_stop.tolist(), rides.departure_s.tolist()
    ([2, 4], [7, 2], [70.0, 0.0])
    """
    here = np.flatnonzero(call_trip[1:] == call_trip[:-1])
    here = here[(departure_s[here] >= window_s[0]) & (departure_s[here] <= window_s[1])]
    # of rides that leave in the same second, the later part of a trip comes first
    here = here[np.lexsort((-here, -departure_s[here]))]
    everywhere = np.ones(len(call_trip), dtype=bool)
    board = everywhere if may_board is None else may_board
    alight = everywhere if may_alight is None else may_alight
    trips = int(call_trip.max()) + 1 if len(call_trip) else 0
    return Connections(
        stop_count,
        trips,
        call_trip[here],
        call_stop[here],
        call_stop[here + 1],
        departure_s[here],
        arrival_s[here + 1],
        board[here],
        alight[here + 1],
    )


def arrivals(
    rides: Connections,
    walk_between: Pairs,
    walk_to_target: NDArray[np.float64],
    *,
    change_s: float = CHANGE_S,
) -> Arrivals:
    """When one arrives at each target, for every departure from every stop.

    A connection scan over the whole day (Dibbelt, Pajor, Strasser & Wagner 2013) that keeps, for
    each departure, a row with the arrival at every target: exact for all departures and targets
    at once, with any number of changes.

    Parameters
    ----------
    rides
        The timetable.
    walk_between
        Stops (`place`) and the stops (`target`) that one may change to on foot, in seconds; a
        stop and itself need not be among them.
    walk_to_target
        (stops, targets) seconds on foot from stops to targets; +inf where too far.
    change_s
        Seconds that each change takes beside the walk.

    Returns
    -------
    Arrivals
        Rides alone: who may walk all the way is compared by the caller.

    Raises
    ------
    ValueError
        `change_s` is below 0.

    Examples
    --------
    Line 0 from stop 0 to stop 1 (8:00 to 8:10), line 1 from there to stop 2 (8:15 to 8:20), whence
    the school is two minutes on foot:

    >>> from urbanlayer.measure.pairs import Pairs
    >>> minutes = np.array([480.0, 490.0, 495.0, 500.0])
    >>> rides = connect(
    ...     np.array([0, 0, 1, 1]), np.array([0, 1, 1, 2]), minutes * 60, minutes * 60, stop_count=3
    ... )
    >>> nowhere = Pairs(3, 3, np.array([], int), np.array([], int), np.array([]))
    >>> found = arrivals(rides, nowhere, np.array([[np.inf], [np.inf], [120.0]]))
    >>> found.arrive_s[found.row(0, np.array([479.0 * 60, 481.0 * 60]))] / 60
    array([[502.],
           [ inf]], dtype=float32)
    """
    if change_s < 0:
        msg = f"a change of {change_s:g} s; say at least 0"
        raise ValueError(msg)
    first, leave_s, own_row = _departures(rides)
    onward, onward_first = _changes(rides, walk_between, first, leave_s, change_s)
    targets = walk_to_target.shape[1]
    arrive_s = np.full((len(leave_s), targets), np.inf, dtype=np.float32)
    on_board = np.full((rides.trip_count, targets), np.inf, dtype=np.float32)
    walk_s = walk_to_target.astype(np.float32)
    columns = (rides.trip, rides.to_stop, rides.arrival_s, rides.may_alight, own_row)
    bounds = (onward_first[:-1], onward_first[1:])
    steps = list(zip(*(column.tolist() for column in (*columns, *bounds)), strict=True))
    for begin, end, again in _seconds(rides, change_s):
        rows = own_row[begin:end][own_row[begin:end] >= 0] if again else own_row[:0]
        aboard = rides.trip[begin:end] if again else rides.trip[:0]
        later = on_board[aboard]  # a second look begins where the first one did
        while True:
            before = arrive_s[rows]
            on_board[aboard] = later
            for trip, stop, arrival, alights, row, one, other in steps[begin:end]:
                best = on_board[trip]
                if alights:
                    np.minimum(best, walk_s[stop] + np.float32(arrival), out=best)
                    if other > one:
                        np.minimum(best, arrive_s[onward[one:other]].min(axis=0), out=best)
                if row >= 0:
                    np.minimum(arrive_s[row + 1], best, out=arrive_s[row])
            if not again or np.array_equal(before, arrive_s[rows]):
                break
    return Arrivals(first, leave_s, arrive_s)


def boardings(
    found: Arrivals, walk_to_stop: Pairs, places: range, leave_s: NDArray[np.float64]
) -> Boardings:
    """The departures that decide when some places arrive, for each time of leaving home.

    Of each stop that a place can walk to, one departure for each time counts: who leaves later
    can take no earlier one, and who leaves earlier can wait for it.

    Parameters
    ----------
    found
        As `arrivals` gives them.
    walk_to_stop
        Places and stops, in seconds on foot.
    places
        Rows of places, one after another.
    leave_s
        (k,) times of leaving, in seconds past midnight, ascending.

    Returns
    -------
    Boardings
        Ask it for the minutes to each target.

    Examples
    --------
    >>> from urbanlayer.measure.pairs import Pairs
    >>> first, leave = np.array([0, 2]), np.array([28800.0, np.inf])
    >>> found = Arrivals(first, leave, np.array([[29400.0], [np.inf]], dtype=np.float32))
    >>> near = Pairs(1, 1, np.array([0]), np.array([0]), np.array([120.0]))
    >>> home = boardings(found, near, range(1), np.array([28500.0, 28680.0, 28740.0]))
    >>> home.minutes(found.arrive_s[:, 0]).tolist()
    [[15.0, 12.0, inf]]
    """
    mine = slice(*np.searchsorted(walk_to_stop.place, [places.start, places.stop]))
    stop, walk_s = walk_to_stop.target[mine], walk_to_stop.cost[mine]
    stop_of_row = np.repeat(np.arange(len(found.first) - 1), np.diff(found.first))
    known = stop_of_row * _DAY_S + np.minimum(found.leave_s, _DAY_S - 1)
    begin, last = (
        np.searchsorted(known, stop * _DAY_S + walk_s + leaving_s - LATE_S)
        for leaving_s in (leave_s[0], leave_s[-1])
    )
    count = last + 1 - begin
    pair = np.repeat(np.arange(len(stop)), count)
    row = np.arange(len(pair)) + np.repeat(begin - np.cumsum(count) + count, count)
    latest_s = found.leave_s[row] - walk_s[pair]
    later = len(leave_s) - np.searchsorted(leave_s, latest_s + LATE_S, side="right")
    slot = (walk_to_stop.place[mine][pair] - places.start) * len(leave_s) + later
    first_of_pair = np.append(np.True_, (np.diff(slot) != 0) | (np.diff(pair) != 0))[: len(pair)]
    row, slot = row[first_of_pair], slot[first_of_pair]
    return Boardings(len(places), leave_s, *_by_rank(row, slot))


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
    place = np.empty(len(size), dtype=np.int64)
    place[fullest] = np.arange(len(size))
    group = np.cumsum(is_first) - 1
    rank = np.arange(len(slot)) - begin[group]
    count = np.bincount(rank)
    ranked = np.empty(len(row), dtype=np.int64)
    ranked[(np.cumsum(count) - count)[rank] + place[group]] = row
    return ranked, count, slot[begin][fullest]


def _seconds(rides: Connections, change_s: float) -> list[tuple[int, int, bool]]:
    """Rides that leave in the same second: where they begin and end, and whether to look again.

    That is where some take no time, and one may change between them in none.
    """
    begins = np.flatnonzero(np.append(np.True_, np.diff(rides.departure_s) != 0))
    begins = begins[: len(rides.departure_s)]
    ends = np.append(begins[1:], len(rides.departure_s))
    instant = (rides.arrival_s <= rides.departure_s) & (change_s <= 0)
    count = np.append(0, np.cumsum(instant))
    again = count[ends[: len(begins)]] > count[begins]
    return list(zip(begins.tolist(), ends.tolist(), again.tolist(), strict=False))


def _departures(
    rides: Connections,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Where each stop's rows begin, the times of all rows, and the row of each ride."""
    leaving = np.flatnonzero(rides.may_board)
    count = np.bincount(rides.from_stop[leaving], minlength=rides.stop_count) + 1
    first = np.append(0, np.cumsum(count))
    # rides lie by departure, the last first; turned round, each stop's lie by time
    order = leaving[::-1][np.argsort(rides.from_stop[leaving[::-1]], kind="stable")]
    stop = rides.from_stop[order]
    row = np.arange(len(order)) + stop  # each stop before it has one row more
    leave_s = np.full(first[-1], np.inf)
    leave_s[row] = rides.departure_s[order]
    own_row = np.full(len(rides.trip), -1, dtype=np.int64)
    own_row[order] = row
    return first, leave_s, own_row


def _changes(
    rides: Connections,
    walk_between: Pairs,
    first: NDArray[np.int64],
    leave_s: NDArray[np.float64],
    change_s: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each ride the rows of what one may change to, and where each ride's begin."""
    own = np.arange(rides.stop_count)
    apart = walk_between.place != walk_between.target
    stop = np.concatenate([own, walk_between.place[apart]])
    other = np.concatenate([own, walk_between.target[apart]])
    walk_s = np.concatenate([np.zeros(len(own)), walk_between.cost[apart]])
    order = np.argsort(stop, kind="stable")
    begin = np.searchsorted(stop[order], np.arange(rides.stop_count + 1))
    count = np.where(rides.may_alight, np.diff(begin)[rides.to_stop], 0)
    ride = np.repeat(np.arange(len(count)), count)
    start = np.cumsum(count) - count
    way = order[np.repeat(begin[rides.to_stop] - start, count) + np.arange(len(ride))]
    ready_s = rides.arrival_s[ride] + walk_s[way] + change_s - LATE_S
    of_row = np.repeat(own, np.diff(first))
    known = of_row * _DAY_S + np.minimum(leave_s, _DAY_S - 1)
    row = np.searchsorted(known, other[way] * _DAY_S + np.minimum(ready_s, _DAY_S - 1))
    useful = np.isfinite(leave_s[row])
    bounds = np.append(0, np.cumsum(np.bincount(ride[useful], minlength=len(count))))
    return row[useful], bounds
