"""The timetable of one day from those of its feeds."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.timetable import RawTimetable

    ToMetres = Callable[[NDArray[np.float64]], NDArray[np.float64]]

_NOT_OF_THE_CONTENT = frozenset({"notes", "digest"})


def build_timetable(feeds: Sequence[RawTimetable], to_metres: ToMetres) -> Timetable:
    """The timetable of the trips of all feeds together.

    Parameters
    ----------
    feeds
        At least one; the keys of several begin with the name of their feed.
    to_metres
        Of (s, 2) longitudes and latitudes the coordinates in the city's CRS.

    Returns
    -------
    Timetable
        Its day is that of the first feed; stops, routes and trips follow one another by feed.
    """
    several = len(feeds) > 1

    def of_all(name: str) -> NDArray[np.str_]:
        return np.concatenate([_keys(feed, name, prefixed=several) for feed in feeds])

    def _rows(name: str, of: str) -> NDArray[np.int64]:
        counts = [len(getattr(feed, of)) for feed in feeds]
        before = np.cumsum([0, *counts[:-1]])
        parts = [getattr(feed, name) for feed in feeds]
        moved = [np.where(part < 0, -1, part + b) for part, b in zip(parts, before, strict=True)]
        return np.concatenate(moved).astype(np.int64)

    table = Timetable(
        day=feeds[0].day,
        stop_keys=of_all("stop_keys"),
        stop_xy=np.concatenate([to_metres(feed.lonlat) for feed in feeds]),
        route_keys=of_all("route_keys"),
        route_names=np.concatenate([feed.route_names for feed in feeds]),
        route_is_rail=np.concatenate([feed.route_is_rail for feed in feeds]),
        trip_route=_rows("trip_route", of="route_keys"),
        trip_direction=np.concatenate([feed.trip_direction for feed in feeds]),
        call_trip=_rows("call_trip", of="trip_route"),
        call_stop=_rows("call_stop", of="stop_keys"),
        arrival_s=np.concatenate([feed.arrival_s for feed in feeds]),
        departure_s=np.concatenate([feed.departure_s for feed in feeds]),
        may_board=np.concatenate([feed.may_board for feed in feeds]),
        may_alight=np.concatenate([feed.may_alight for feed in feeds]),
        notes=tuple(dict.fromkeys(note for feed in feeds for note in feed.notes)),
    )
    return replace(table, digest=_digest(table))


def _keys(feed: RawTimetable, name: str, *, prefixed: bool) -> NDArray[np.str_]:
    keys: NDArray[np.str_] = getattr(feed, name)
    return np.char.add(f"{feed.feed}:", keys) if prefixed else keys


def _digest(table: Timetable) -> str:
    """Of all that the timetable holds but its notes."""
    names = [one.name for one in fields(table) if one.name not in _NOT_OF_THE_CONTENT]
    return digest_of({name: getattr(table, name) for name in names})
