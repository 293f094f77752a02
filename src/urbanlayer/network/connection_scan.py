"""Travel times by timetable: every departure of a day at once, to many destinations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.pairs import Pairs

CHANGE_S = 60.0
"""Seconds that a change takes, the walk apart: a timetable of whole minutes does not promise that
a bus which arrives at 8:00 meets one that leaves at 8:00."""

LATE_S = 1e-3
"""Who comes so many seconds after a departure still gets it: a walk is no more exact than that."""

DAY_S = 1_000_000.0
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
    """When one arrives at each destination, for every departure from every stop.

    Attributes
    ----------
    first
        (stops + 1,) where each stop's rows begin.
    leave_s
        (rows,) by stop, and by time: who is at the stop by then …
    arrive_s
        (rows, destinations) … arrives then, the walk to the destination counted. Each stop's last
        row (+inf) stands for after the last departure.
    """

    first: NDArray[np.int64]
    leave_s: NDArray[np.float64]
    arrive_s: NDArray[np.float32]

    def row(self, stop: int, ready_s: NDArray[np.float64]) -> NDArray[np.int64]:
        """Rows for who is at a stop by (k,) times, in seconds past midnight."""
        begin, end = self.first[stop], self.first[stop + 1]
        return np.asarray(begin + np.searchsorted(self.leave_s[begin:end], ready_s - LATE_S))


def connect(
    call_trip: NDArray[np.int64],
    call_stop: NDArray[np.int64],
    arrival_s: NDArray[np.float64],
    departure_s: NDArray[np.float64],
    *,
    stop_count: int,
    may_board: NDArray[np.bool_] | None = None,
    may_alight: NDArray[np.bool_] | None = None,
    window_s: tuple[float, float] = (0.0, DAY_S / 2),
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
    walk_to_destination: NDArray[np.float64],
    *,
    change_s: float = CHANGE_S,
) -> Arrivals:
    """When one arrives at each destination, for every departure from every stop.

    A connection scan over the whole day (Dibbelt, Pajor, Strasser & Wagner 2013) that keeps, for
    each departure, a row with the arrival at every destination: exact for all departures and
    destinations at once, with any number of changes.

    Parameters
    ----------
    rides
        The timetable.
    walk_between
        Stops (`origin`) and the stops (`destination`) that one may change to on foot, in seconds; a
        stop and itself need not be among them.
    walk_to_destination
        (stops, destinations) seconds on foot from stops to destinations; +inf where too far.
    change_s
        Seconds that each transfer takes in addition to the walk.

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

    >>> from urbanlayer.kernels.pairs import Pairs
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
        msg = f"a transfer of {change_s:g} s; it must be at least 0"
        raise ValueError(msg)
    first, leave_s, own_row = _departures(rides)
    onward, onward_first = _changes(rides, walk_between, first, leave_s, change_s)
    destinations = walk_to_destination.shape[1]
    arrive_s = np.full((len(leave_s), destinations), np.inf, dtype=np.float32)
    on_board = np.full((rides.trip_count, destinations), np.inf, dtype=np.float32)
    walk_s = walk_to_destination.astype(np.float32)
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
    apart = walk_between.origin != walk_between.destination
    stop = np.concatenate([own, walk_between.origin[apart]])
    other = np.concatenate([own, walk_between.destination[apart]])
    walk_s = np.concatenate([np.zeros(len(own)), walk_between.cost[apart]])
    order = np.argsort(stop, kind="stable")
    begin = np.searchsorted(stop[order], np.arange(rides.stop_count + 1))
    count = np.where(rides.may_alight, np.diff(begin)[rides.to_stop], 0)
    ride = np.repeat(np.arange(len(count)), count)
    start = np.cumsum(count) - count
    way = order[np.repeat(begin[rides.to_stop] - start, count) + np.arange(len(ride))]
    ready_s = rides.arrival_s[ride] + walk_s[way] + change_s - LATE_S
    of_row = np.repeat(own, np.diff(first))
    known = of_row * DAY_S + np.minimum(leave_s, DAY_S - 1)
    row = np.searchsorted(known, other[way] * DAY_S + np.minimum(ready_s, DAY_S - 1))
    useful = np.isfinite(leave_s[row])
    bounds = np.append(0, np.cumsum(np.bincount(ride[useful], minlength=len(count))))
    return row[useful], bounds
