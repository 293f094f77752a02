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

_Stops = tuple[int, ...]
_SLACK_S = 1e-6


def with_headway(timetable: Timetable, line: str, minutes: float) -> Timetable:
    """The timetable with the trips of one line at even intervals.

    In each direction the first trip leaves when it did, and the others follow at the headway until
    the last one's departure. Each runs as the last trip that left before it did, or with it: the
    same stops, the same times between them. Trips that serve no two stops in the same order are
    not of one direction, whatever the feed states of directions, or where it states none.

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
    routes = timetable.routes_named([line])
    if not len(routes):
        known = dict.fromkeys([*timetable.route_names.tolist(), *timetable.route_keys.tolist()])
        raise CityError(f"timetable: there is no line {line!r}{did_you_mean(line, known)}")
    start_s = np.full(len(timetable.trip_route), np.inf)
    np.minimum.at(start_s, timetable.call_trip, timetable.departure_s)
    changed = np.isin(timetable.trip_route, routes)
    kept = np.flatnonzero(~changed)
    model, shift_s = [kept], [np.zeros(len(kept))]
    for on_way in _ways(timetable, np.flatnonzero(changed)):
        trips, later_s = _at_intervals(on_way, start_s, minutes * 60)
        model.append(trips)
        shift_s.append(later_s)
    return _of_trips(
        timetable, np.concatenate(model), np.concatenate(shift_s), (line, float(minutes))
    )


def _ways(timetable: Timetable, trips: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Some trips, by their route and by the way along it that they run."""
    patterns: dict[tuple[int, int], dict[_Stops, list[int]]] = {}
    for trip in trips.tolist():
        first, last = np.searchsorted(timetable.call_trip, [trip, trip + 1])
        of = int(timetable.trip_route[trip]), int(timetable.trip_direction[trip])
        stops = tuple(timetable.call_stop[first:last].tolist())
        patterns.setdefault(of, {}).setdefault(stops, []).append(trip)
    return [
        np.array(sorted(trip for stops in way for trip in of_route[stops]), dtype=np.int64)
        for _, of_route in sorted(patterns.items())
        for way in _joined(list(of_route))
    ]


def _joined(patterns: list[_Stops]) -> list[list[_Stops]]:
    """Sequences of stops, those together that run the same way, one by way of another."""
    ways: list[list[_Stops]] = []
    for stops in patterns:
        with_it = [way for way in ways if any(_is_same_way(stops, other) for other in way)]
        joined = [stops, *(other for way in with_it for other in way)]
        ways = [way for way in ways if way not in with_it] + [joined]
    return ways


def _is_same_way(one: _Stops, other: _Stops) -> bool:
    """Whether most pairs of the stops that both serve come in the same order."""
    at = {stop: row for row, stop in reversed(list(enumerate(other)))}
    places = np.array([at[stop] for stop in dict.fromkeys(one) if stop in at])
    later = np.triu(places[None, :] > places[:, None], k=1).sum()
    return bool(4 * later > len(places) * (len(places) - 1))


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
