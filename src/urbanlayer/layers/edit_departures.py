"""The stops of a timetable with what leaves from them where some of its lines run otherwise."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.departures import (
    BY_DAY,
    HOURS,
    PEAK_S,
    departures_by_hour,
    mean_headways_min,
)
from urbanlayer.kernels.digests import digest_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.timetable import Timetable

_PER_DAY, _PER_HOUR, _HEADWAY, _PEAK = (
    "departures", "departures_by_hour", "headway_min", "peak_routes",
)  # fmt: skip
_Entry = tuple[str, bool, int]


def with_departures(
    layer: Layer, before: Timetable, after: Timetable, lines: Collection[str]
) -> Layer:
    """The layer with the departures of another timetable; itself where it has none of the stops.

    Counts change by the difference of the timetables, so that what these leave out (departures
    whose time is not known) stays counted.

    Parameters
    ----------
    layer
        Of stops, by their keys in the timetables.
    before, after
        Two timetables of the same stops and routes.
    lines
        Keys or names of the routes whose trips are others.
    """
    frame = layer.frame
    row_of = {key: row for row, key in enumerate(before.stop_keys.tolist())}
    stops = np.array([row_of.get(key, -1) for key in frame.index], dtype=np.int64)
    if not (stops >= 0).any() or not {_PER_DAY, _PER_HOUR, _PEAK} & set(frame.columns):
        return layer
    more = np.zeros((len(frame), HOURS))
    more[stops >= 0] = (_by_hour(after) - _by_hour(before))[stops[stops >= 0]]
    frame = frame.copy()
    if _PER_DAY in frame:
        frame[_PER_DAY] = frame[_PER_DAY] + more.sum(axis=1)
    if _PER_HOUR in frame:
        hours = [_added(text, row) for text, row in zip(frame[_PER_HOUR], more, strict=True)]
        frame[_PER_HOUR] = [",".join(map(str, one)) for one in hours]
        if _HEADWAY in frame:
            by_day = [sum(one[hour] for hour in BY_DAY) if one else 0 for one in hours]
            frame[_HEADWAY] = mean_headways_min(np.array(by_day))
    if _PEAK in frame:
        routes = after.routes_named(lines)
        listed, keys = _in_the_peak(after, routes), set(after.route_keys[routes].tolist())
        frame[_PEAK] = [
            text if stop < 0 else _listed(text, keys, listed.get(stop, []))
            for text, stop in zip(frame[_PEAK], stops.tolist(), strict=True)
        ]
    digest = digest_of(layer.digest, _PER_DAY, after.digest) if layer.digest else ""
    return replace(layer, frame=frame, digest=digest)


def _boarded(timetable: Timetable) -> NDArray[np.int64]:
    """Rows of the calls at which people can board and go on to another stop."""
    last = np.diff(timetable.call_trip, append=-1) != 0
    return np.flatnonzero(timetable.may_board & ~last)


def _by_hour(timetable: Timetable) -> NDArray[np.int64]:
    calls = _boarded(timetable)
    stop, second = timetable.call_stop[calls], timetable.departure_s[calls]
    return departures_by_hour(stop, second, len(timetable.stop_keys))


def _added(text: object, more: NDArray[np.float64]) -> list[int]:
    """Departures of each hour with those that are more; none for a stop that nothing leaves."""
    if not isinstance(text, str) or not text:
        return []
    hours = np.array([float(number or 0) for number in text.split(",")])
    hours += np.pad(more, (0, len(hours)))[: len(hours)]
    hours[-1] += more[len(hours) :].sum()
    return [round(number) for number in hours.tolist()]


def _in_the_peak(timetable: Timetable, routes: NDArray[np.int64]) -> dict[int, list[_Entry]]:
    """Of each stop its routes: key, whether rail, departures an hour in the better direction."""
    calls = _boarded(timetable)
    at_s = timetable.departure_s[calls]
    calls = calls[(at_s >= PEAK_S[0]) & (at_s < PEAK_S[1])]
    trips = timetable.call_trip[calls]
    ways = np.column_stack(
        [timetable.call_stop[calls], timetable.trip_route[trips], timetable.trip_direction[trips]]
    )
    ways, counts = np.unique(ways[np.isin(ways[:, 1], routes)], axis=0, return_counts=True)
    best: dict[tuple[int, int], int] = {}
    for (stop, route, _), count in zip(ways.tolist(), counts.tolist(), strict=True):
        best[stop, route] = max(count, best.get((stop, route), 0))
    found: dict[int, list[_Entry]] = {}
    for (stop, route), count in best.items():
        entry = str(timetable.route_keys[route]), bool(timetable.route_is_rail[route]), count
        found.setdefault(stop, []).append(entry)
    return found


def _listed(text: object, changed: Collection[str], entries: list[_Entry]) -> str:
    """The routes of a stop, those that changed by their new entries."""
    known = json.loads(text) if isinstance(text, str) and text else []
    kept = [tuple(one) for one in known if one[0] not in changed]
    every = sorted([*kept, *entries])
    return json.dumps(every) if every else ""
