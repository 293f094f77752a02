"""A timetable in which a line runs at another headway."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.errors import CityError
from urbanlayer.kernels.digests import digest_of
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.timetable import Timetable

_SLACK_S = 1e-6


def with_headway(timetable: Timetable, line: str, minutes: float) -> Timetable:
    """The timetable with the trips of one line at even intervals.

    In each direction the first trip leaves when it did, and the others follow at the headway until
    the last one's departure. Each runs as the last trip that left before it did, or with it: the
    same stops, the same times between them.

    Parameters
    ----------
    timetable
        Of one service day.
    line
        Key of a route, or its name; all routes of that name run at the headway.
    minutes
        Between two departures, positive.

    Raises
    ------
    CityError
        There is no such line.
    """
    named = (timetable.route_keys == line) | (timetable.route_names == line)
    routes = np.flatnonzero(named)
    if not len(routes):
        known = dict.fromkeys([*timetable.route_names.tolist(), *timetable.route_keys.tolist()])
        raise CityError(f"timetable: there is no line {line!r}{did_you_mean(line, known)}")
    start_s = np.full(len(timetable.trip_route), np.inf)
    np.minimum.at(start_s, timetable.call_trip, timetable.departure_s)
    changed = np.isin(timetable.trip_route, routes)
    kept = np.flatnonzero(~changed)
    model, shift_s = [kept], [np.zeros(len(kept))]
    for route, direction in _ways(timetable, np.flatnonzero(changed)):
        on_way = (timetable.trip_route == route) & (timetable.trip_direction == direction)
        trips, later_s = _at_intervals(np.flatnonzero(on_way), start_s, minutes * 60)
        model.append(trips)
        shift_s.append(later_s)
    return _of_trips(
        timetable, np.concatenate(model), np.concatenate(shift_s), (line, float(minutes))
    )


def _ways(timetable: Timetable, trips: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Route and direction of some trips, each once."""
    pairs = np.column_stack([timetable.trip_route[trips], timetable.trip_direction[trips]])
    return [(int(route), int(direction)) for route, direction in np.unique(pairs, axis=0)]


def _at_intervals(
    trips: NDArray[np.int64], start_s: NDArray[np.float64], headway_s: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The trip that each new one is like, and how much later it runs."""
    trips = trips[np.argsort(start_s[trips], kind="stable")]
    trips = trips[np.isfinite(start_s[trips])]
    if not len(trips):
        return trips, np.zeros(0)
    old_s = start_s[trips]
    count = int(np.floor((old_s[-1] - old_s[0] + _SLACK_S) / headway_s)) + 1
    new_s = old_s[0] + headway_s * np.arange(count)
    like = np.searchsorted(old_s, new_s + _SLACK_S, side="right") - 1
    return trips[like], new_s - old_s[like]


def _of_trips(
    timetable: Timetable,
    model: NDArray[np.int64],
    shift_s: NDArray[np.float64],
    edit: tuple[str, float],
) -> Timetable:
    """The timetable of trips that each run as one of the given ones, some seconds later."""
    first = np.searchsorted(timetable.call_trip, model, side="left")
    last = np.searchsorted(timetable.call_trip, model, side="right")
    calls = last - first
    trip = np.repeat(np.arange(len(model)), calls)
    within = np.arange(len(trip)) - np.repeat(np.cumsum(calls) - calls, calls)
    row = np.repeat(first, calls) + within
    later_s = shift_s[trip]
    return replace(
        timetable,
        trip_route=timetable.trip_route[model],
        trip_direction=timetable.trip_direction[model],
        call_trip=trip,
        call_stop=timetable.call_stop[row],
        arrival_s=timetable.arrival_s[row] + later_s,
        departure_s=timetable.departure_s[row] + later_s,
        may_board=timetable.may_board[row],
        may_alight=timetable.may_alight[row],
        digest=digest_of(timetable.digest, "headway", edit) if timetable.digest else "",
    )
