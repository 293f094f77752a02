"""A timetable of public transport, as arrays, for one service day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.note import Note


RAIL_TYPES = frozenset(
    {1, 2, 4, 12}.union(*(range(low, low + 100) for low in (100, 300, 400, 500, 600, 1000, 1200)))
)
"""`route_type` of high capacity: metro, rail, ferry, monorail, and their extended codes, of which
suburban railways (300), metros (500, 600) and ferries (1200) are older ones. Trams, buses,
trolleybuses, cable cars and funiculars have low capacity (SDG 11.2.1, metadata of 2021)."""


@dataclass(frozen=True, slots=True, eq=False)
class RawTimetable:
    """Every call of every trip of one service day of one feed, before its stops are placed.

    Attributes
    ----------
    feed
        A short name of the feed: its file's, without the ending.
    digest
        Of the feed's files.
    day
        The service day.
    lonlat
        (s, 2) longitude and latitude of the stops.
    stop_keys, route_keys, route_names, route_is_rail, trip_route, trip_direction
        As of `Timetable`.
    call_trip, call_stop, arrival_s, departure_s, may_board, may_alight
        As of `Timetable`.
    notes
        What was filled in, repeated or left out.
    """

    feed: str
    digest: str
    day: dt.date
    lonlat: NDArray[np.float64]
    stop_keys: NDArray[np.str_]
    route_keys: NDArray[np.str_]
    route_names: NDArray[np.str_]
    route_is_rail: NDArray[np.bool_]
    trip_route: NDArray[np.int64]
    trip_direction: NDArray[np.int64]
    call_trip: NDArray[np.int64]
    call_stop: NDArray[np.int64]
    arrival_s: NDArray[np.float64]
    departure_s: NDArray[np.float64]
    may_board: NDArray[np.bool_]
    may_alight: NDArray[np.bool_]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """Every call of every trip of one service day.

    Attributes
    ----------
    day
        The day.
    stop_keys, stop_xy
        (s,) keys as in the feed, those of several feeds after its name, `bus:S1`; and (s, 2) metres
        in the city's CRS.
    route_keys, route_names, route_is_rail
        (r,) keys, names that people know, and whether the route has high capacity (rail, metro,
        ferry; buses and trams have low: SDG 11.2.1).
    trip_route, trip_direction
        (t,) row of each trip's route; its direction, 0 or 1 (0 where the feed gives none).
    call_trip, call_stop
        (c,) rows; calls in the order of the trips, and of each trip's way.
    arrival_s, departure_s
        (c,) seconds past midnight, past 86,400 too.
    may_board, may_alight
        (c,) whether people may get on and off there.
    notes
        What was filled in, repeated or left out, each a sentence.
    digest
        Of the content; empty where it is not known.
    """

    day: dt.date
    stop_keys: NDArray[np.str_]
    stop_xy: NDArray[np.float64]
    route_keys: NDArray[np.str_]
    route_names: NDArray[np.str_]
    route_is_rail: NDArray[np.bool_]
    trip_route: NDArray[np.int64]
    trip_direction: NDArray[np.int64]
    call_trip: NDArray[np.int64]
    call_stop: NDArray[np.int64]
    arrival_s: NDArray[np.float64]
    departure_s: NDArray[np.float64]
    may_board: NDArray[np.bool_]
    may_alight: NDArray[np.bool_]
    notes: tuple[Note, ...] = ()
    digest: str = ""

    def routes_named(self, lines: Collection[str]) -> NDArray[np.int64]:
        """Rows of the routes of some lines, by key or by the name that people know.

        Parameters
        ----------
        lines
            Keys and names; all routes of a name are found.
        """
        import numpy as np

        names = list(lines)
        named = np.isin(self.route_keys, names) | np.isin(self.route_names, names)
        return np.flatnonzero(named)

    def __repr__(self) -> str:
        return (
            f"<Timetable of {self.day}: {len(self.trip_route):,} trips on "
            f"{len(self.route_keys):,} routes, {len(self.stop_keys):,} stops>"
        )
