"""The timetable of the buses, as the text files of a GTFS feed."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from demo_city.frame import NOTICE
from demo_city.georeference import degree_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from demo_city.frame import Floats
    from demo_city.transit import Ride, Transit

_FIRST_S = 5 * 3600 + 30 * 60
_LAST_S = 23 * 3600 + 2400
_DAY_FROM_S, _DAY_TO_S = 6.5 * 3600, 20 * 3600  # outside of it, half as many buses
_WORKDAY_M_PER_S = 5.0
_WEEKEND_M_PER_S = 5.5
_WEEKEND_FROM_S = 6 * 3600
_WORKDAY, _WEEKEND = "RD", "VK"
_HOLIDAY = "20260713"

_FIXED = {
    "agency.txt": (
        "agency_id,agency_name,agency_url,agency_timezone\n"
        "DEMO,Demonstracioni gradski prevoz,https://example.org,Europe/Podgorica\n"
    ),
    "feed_info.txt": (
        "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date,"
        "feed_version\n"
        f'"{NOTICE}",https://example.org,cnr,20260101,20261231,2026-06-30\n'
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        f"{_WORKDAY},1,1,1,1,1,0,0,20260101,20261231\n"
        f"{_WEEKEND},0,0,0,0,0,1,1,20260101,20261231\n"
    ),
    "calendar_dates.txt": (
        f"service_id,date,exception_type\n{_WORKDAY},{_HOLIDAY},2\n{_WEEKEND},{_HOLIDAY},1\n"
    ),
}


@dataclass(frozen=True)
class _Trip:
    id: str
    ride: Ride
    service: str
    start_s: float
    speed_m_per_s: float


def timetable(transit: Transit, stop_names: Sequence[str]) -> dict[str, str]:
    """The files of the feed: their names and their text."""
    trips = [trip for ride in transit.rides for trip in _trips(ride)]
    lines = [ride.line for ride in transit.rides if ride.outbound]
    places = degree_places(transit.stops)
    return {
        **_FIXED,
        "stops.txt": _text(
            ("stop_id", "stop_name", "stop_lat", "stop_lon"),
            (
                (stop_id(i), name, f"{lat:.6f}", f"{lon:.6f}")
                for i, (name, (lon, lat)) in enumerate(zip(stop_names, places, strict=True))
            ),
        ),
        "routes.txt": _text(
            ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"),
            ((line.id, "DEMO", line.id, line.name, 3) for line in lines),
        ),
        "trips.txt": _text(
            ("trip_id", "route_id", "service_id", "direction_id", "shape_id"),
            (
                (t.id, t.ride.line.id, t.service, 0 if t.ride.outbound else 1, _shape_id(t.ride))
                for t in trips
            ),
        ),
        "stop_times.txt": _text(
            ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"),
            (row for trip in trips for row in _stop_times(trip)),
        ),
        "frequencies.txt": _text(
            ("trip_id", "start_time", "end_time", "headway_secs"),
            (
                (t.id, "06:00:00", "22:00:00", t.ride.line.headway_min * 120)
                for t in trips
                if t.service == _WEEKEND
            ),
        ),
        "shapes.txt": _text(
            ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"),
            (row for ride in transit.rides for row in _shape(ride)),
        ),
    }


def stop_id(row: int) -> str:
    """The id of the stop in a row."""
    return f"S{row + 1:03d}"


def clock(seconds: float) -> str:
    """Hours, minutes and seconds; hours run past 24 where the night does."""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _shape_id(ride: Ride) -> str:
    return f"{ride.line.id}-{'A' if ride.outbound else 'B'}"


def _trips(ride: Ride) -> Iterator[_Trip]:
    """The trips of a workday, one by one, and the one that the weekend repeats."""
    headway_s = ride.line.headway_min * 60
    start_s = _FIRST_S + (0 if ride.outbound else headway_s // 2)
    while start_s < _LAST_S:
        name = f"{_shape_id(ride)}-{clock(start_s)[:5].replace(':', '')}"
        yield _Trip(name, ride, _WORKDAY, start_s, _WORKDAY_M_PER_S)
        start_s += headway_s if _DAY_FROM_S <= start_s < _DAY_TO_S else headway_s * 2
    name = f"{_shape_id(ride)}-{_WEEKEND}"
    yield _Trip(name, ride, _WEEKEND, _WEEKEND_FROM_S, _WEEKEND_M_PER_S)


def _stop_times(trip: _Trip) -> Iterator[tuple[str, str, str, str, int]]:
    for number, call in enumerate(trip.ride.calls, start=1):
        at = clock(trip.start_s + call.at_m / trip.speed_m_per_s)
        yield trip.id, at, at, stop_id(call.stop), number


def _shape(ride: Ride) -> Iterator[tuple[str, str, str, int]]:
    places: Floats = degree_places(shapely.get_coordinates(ride.path.simplify(3)))
    for number, (lon, lat) in enumerate(places, start=1):
        yield _shape_id(ride), f"{lat:.6f}", f"{lon:.6f}", number
