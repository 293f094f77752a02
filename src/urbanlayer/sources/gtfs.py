"""Timetables of public transport: `source = "gtfs"`; zips, folders or addresses.

Feeds give their stops, with what leaves from them, and the trips of a service day.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from urbanlayer.errors import SourceError
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.note import Note
from urbanlayer.model.source import ServerOptions, Source
from urbanlayer.model.timetable import RAIL_TYPES
from urbanlayer.sources._calls import OF_CALLS, read_calls
from urbanlayer.sources._choose import check_there, wanted
from urbanlayer.sources._departures import departures, lines_of
from urbanlayer.sources._digest import digest
from urbanlayer.sources._each import read_each
from urbanlayer.sources._feed import Feed
from urbanlayer.sources._fetch import fetch
from urbanlayer.sources._service_day import calendar
from urbanlayer.sources._session import Order
from urbanlayer.sources._trips_of_day import trips_of_day
from urbanlayer.text.numerals import numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request
    from urbanlayer.model.timetable import RawTimetable
    from urbanlayer.sources._calls import Calls

_STOP = ("", "0")
"""`location_type` of places where people board; the others are stations and entrances, at which
trips of some feeds call all the same."""
_OF_ROUTES = ("route_id", "route_short_name", "route_long_name", "route_type")
_OF_STOPS = (
    "stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "wheelchair_boarding",
    "parent_station",
)  # fmt: skip
_OF_TRIPS = ("trip_id", "route_id", "service_id", "direction_id", "shape_id")
_LARGE = {"stops.txt": _OF_STOPS, "trips.txt": _OF_TRIPS, "stop_times.txt": OF_CALLS}


@dataclass(frozen=True, slots=True, eq=False)
class _Parsed:
    """One feed, read: its stops, its calls, and the service day.

    Attributes
    ----------
    name
        Of the feed, short.
    zone, offset
        Time zone of its agencies, and what it is ahead of UTC on the service day, if known.
    stops, lonlat
        (s) rows of `stops.txt` that people board at, and (s, 2) where they are.
    lines
        `line` and `rail` by route.
    services, week
        Those of the service day, and of a usual Monday, Tuesday … Sunday.
    """

    name: str
    digest: str
    zone: str
    offset: dt.timedelta | None
    stops: pd.DataFrame
    lonlat: NDArray[np.float64]
    lines: pd.DataFrame
    calls: Calls
    day: dt.date
    services: frozenset[str]
    week: list[frozenset[str]]
    notes: tuple[Note, ...]

    def trips(self) -> RawTimetable:
        """The trips of the service day."""
        return trips_of_day(
            self.calls, self.services, day=self.day, stops=self.stops["stop_id"],
            lonlat=self.lonlat, lines=self.lines, feed=self.name, digest=self.digest,
        )  # fmt: skip


class GtfsOptions(ServerOptions):
    """The keys of a layer's table that this source has."""

    service_day: dt.date | None = Field(
        default=None,
        description="The day whose timetable counts; else a usual weekday near the layer's `date`, "
        "or `as_of`.",
    )


def begin(requests: Sequence[Request[GtfsOptions]]) -> None:
    """Have the large tables of feeds read that will be asked for."""
    for request in requests:
        for part in request.parts():
            if part.path.exists():
                Feed(part, []).begin(_LARGE)


def read(requests: Sequence[Request[GtfsOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The stops of a feed as points, with the departures of one service day.

    Raises
    ------
    SourceError
        If a feed lacks a file that it must have, or nothing runs.
    """
    known: dict[object, RawLayer] = {}  # the same feeds and service day are worked out once
    return read_each(requests, lambda request: _read(request, known))


def _read(request: Request[GtfsOptions], known: dict[object, RawLayer]) -> RawLayer:
    identity = (request.paths, request.spec.layer, request.options.service_day, request.spec.date)
    if identity not in known:
        known[identity] = _layer([_parsed(part) for part in request.parts()])
    return replace(known[identity], frame=wanted(known[identity].frame, request))


def _layer(feeds: Sequence[_Parsed]) -> RawLayer:
    """The stops of all feeds; ids of several begin with the name of their feed."""
    import geopandas as gpd
    import pandas as pd

    frames = [_stops(feed) for feed in feeds]
    notes = [
        (*feed.notes, *_without_departure(frame)) for feed, frame in zip(feeds, frames, strict=True)
    ]
    if len(feeds) == 1:
        return RawLayer(frames[0], feeds[0].digest, notes=notes[0], timetable=_trips_of(feeds))
    names = _names(feeds)
    _check_one_time([(f"{n}: {one.zone}", one.offset) for n, one in zip(names, feeds, strict=True)])
    feeds = [replace(feed, name=name) for feed, name in zip(feeds, names, strict=True)]
    frame = pd.concat([_prefixed(*one) for one in zip(frames, names, strict=True)])
    return RawLayer(
        gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4326"),
        digest_of([feed.digest for feed in feeds]),
        notes=tuple(
            Note.of("of-feed", feed=name, note=note)
            for name, of_feed in zip(names, notes, strict=True)
            for note in of_feed
        ),
        timetable=_trips_of(feeds),
    )


def _without_departure(frame: gpd.GeoDataFrame) -> tuple[Note, ...]:
    none = int((frame["departures"] == 0).sum())
    return (Note.of("stops-without-departure", count=none),) if none else ()


def _trips_of(feeds: Sequence[_Parsed]) -> Callable[[], tuple[RawTimetable, ...]]:
    return lambda: tuple(feed.trips() for feed in feeds)


def _names(feeds: Sequence[_Parsed]) -> list[str]:
    """A name for each feed; those of one name are numbered."""
    names = [feed.name for feed in feeds]
    return [
        f"{name}{names[:row].count(name) + 1}" if names.count(name) > 1 else name
        for row, name in enumerate(names)
    ]


def _prefixed(frame: gpd.GeoDataFrame, feed: str) -> gpd.GeoDataFrame:
    """The stops of a feed with its name before their ids and before those of their routes."""
    import json

    routes = [json.loads(text) if text else [] for text in frame["peak_routes"]]
    frame = frame.assign(
        stop_id=[f"{feed}:{key}" for key in frame["stop_id"]],
        peak_routes=[
            json.dumps([(f"{feed}:{key}", *rest) for key, *rest in of_stop]) if of_stop else ""
            for of_stop in routes
        ],
    )
    frame.index = frame["stop_id"].to_numpy()
    return frame


def _parsed(request: Request[GtfsOptions]) -> _Parsed:
    """One feed, read.

    Raises
    ------
    SourceError
        It lacks a file that it must have, or nothing runs.
    """
    if request.remote:
        order = Order(request.spec.path, allow_hosts=tuple(request.options.allow_hosts))
        request = replace(request, path=fetch(order).path)
    check_there(request)
    notes: list[Note] = []
    feed = Feed(request, notes)
    stops = feed.table("stops.txt", _OF_STOPS)
    table = feed.table("stop_times.txt", OF_CALLS)
    boarding = stops["location_type"].isin(_STOP) | stops["stop_id"].isin(table["stop_id"])
    if not boarding.all():
        notes.append(Note.of("stations-left-out", count=int((~boarding).sum())))
    stops = stops.assign(wheelchair_boarding=_boarded_by_wheelchair(stops))
    stops = _by_key(stops[boarding], "stop_id")
    trips = _by_key(feed.table("trips.txt", _OF_TRIPS), "trip_id")
    routes = _by_key(feed.table("routes.txt", _OF_ROUTES), "route_id")
    notes += [*_of_unknown_type(trips, routes)]
    days = calendar(feed, trips["service_id"].value_counts(), request)
    row, reasons = days.chosen(request, request.options.service_day)
    notes += [*days.notes, Note.of("service-day", day=days.days[row]), *reasons]
    lonlat = _lonlat(stops)
    zone, offset = _time_of_agencies(feed, days.days[row])
    return _Parsed(
        zone=zone,
        offset=offset,
        name=PurePosixPath(request.shown.partition("?")[0]).stem,
        digest=digest(request.path),
        stops=stops,
        lonlat=lonlat,
        lines=lines_of(routes, RAIL_TYPES),
        calls=read_calls(feed, table, trips, stops=stops, lonlat=lonlat, notes=notes),
        day=days.days[row],
        services=days.services_on(row),
        week=days.of_a_week(row),
        notes=tuple(notes),
    )


def _time_of_agencies(feed: Feed, day: dt.date) -> tuple[str, dt.timedelta | None]:
    """The time zone of a feed's agencies, and what it is ahead of UTC on a day.

    Times of a feed are those of its agencies, which have one zone (GTFS reference, agency.txt).

    Raises
    ------
    SourceError
        Their clocks differ on that day.
    """
    zones: list[str] = []
    with suppress(SourceError):  # a damaged file tells no zone
        table = feed.table("agency.txt", ("agency_timezone",), needed=False)
        zones = [*dict.fromkeys(table["agency_timezone"])]
    clocks = [(zone, _offset(zone, day)) for zone in zones]
    _check_one_time(clocks)
    return next(((zone, offset) for zone, offset in clocks if offset is not None), ("", None))


def _offset(zone: str, day: dt.date) -> dt.timedelta | None:
    """What a time zone is ahead of UTC at noon of a day; None where there is no such zone."""
    from zoneinfo import ZoneInfo

    try:
        return dt.datetime.combine(day, dt.time(12), ZoneInfo(zone)).utcoffset()
    except (KeyError, ValueError, OSError):
        return None


def _check_one_time(clocks: Sequence[tuple[str, dt.timedelta | None]]) -> None:
    """Raise if clocks that are known differ.

    Raises
    ------
    SourceError
        With their names.
    """
    known: dict[dt.timedelta, str] = {}
    for name, offset in clocks:
        if offset is not None:
            known.setdefault(offset, name)
    if len(known) > 1:
        raise SourceError(
            f"the times of a timetable are of several time zones ({', '.join(known.values())}), "
            "whose clocks differ on the service day; write all of them in the city's zone"
        )


def _of_unknown_type(trips: pd.DataFrame, routes: pd.DataFrame) -> Iterator[Note]:
    """A note on trips that count as of low capacity, since the kind of their route is not known."""
    import numpy as np

    known = routes["route_id"][np.isfinite(numbers(routes["route_type"], decimal=".").values)]
    if count := int((~trips["route_id"].isin(known)).sum()):
        yield Note.of("trips-of-unknown-type", count=count)


def _boarded_by_wheelchair(stops: pd.DataFrame) -> pd.Series[str]:
    """(s) `1` where some vehicles can be boarded by wheelchair, `no` (the feed's 2) where none can.

    A stop without a value of its own has that of its station.
    """
    own = stops["wheelchair_boarding"].replace({"0": "", "2": "no"})
    of_station = dict(zip(stops["stop_id"], own, strict=True))
    return own.where(own != "", stops["parent_station"].map(of_station).fillna(""))


def _by_key(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """The first row of each key, in the order of the keys: that of the file has no meaning."""
    return table.drop_duplicates(key).sort_values(key).reset_index(drop=True)


def _lonlat(stops: pd.DataFrame) -> NDArray[np.float64]:
    """(s, 2) longitude and latitude; both NaN where one is not known."""
    import numpy as np

    columns = [stops[name] for name in ("stop_lon", "stop_lat")]
    lonlat = np.column_stack([numbers(texts, decimal=_sign(texts)).values for texts in columns])
    lonlat[~np.isfinite(lonlat).all(axis=1)] = np.nan
    return lonlat


def _sign(texts: pd.Series[str]) -> Literal[".", ","]:
    """The decimal sign of coordinates, which have no thousands; some programs write commas."""
    commas = texts.str.contains(",", regex=False).any()
    return "," if commas and not texts.str.contains(".", regex=False).any() else "."


def _stops(feed: _Parsed) -> gpd.GeoDataFrame:
    """Every stop that people board at, with departures, headway and lines of the service day."""
    import geopandas as gpd
    import numpy as np
    import shapely

    points = np.full(len(feed.stops), None, dtype=object)
    there = np.isfinite(feed.lonlat).all(axis=1)
    points[there] = shapely.points(feed.lonlat[there])
    counts = departures(feed.calls, feed.lines, feed.services, feed.week, len(feed.stops))
    frame = feed.stops[["stop_id", "stop_name", "wheelchair_boarding"]]
    frame = frame.rename(columns={"stop_name": "name"}).join(counts)
    frame.index = frame["stop_id"].to_numpy()
    return gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4326")


SOURCE = Source(
    id="gtfs",
    read=read,
    begin=begin,
    options=GtfsOptions,
    timetable=True,
    names_are_public=True,
    several=True,
    format=FileFormat("GTFS", 3),
)
