"""Timetables of public transport: `source = "gtfs"`; a zip, a folder or an address.

A feed gives its stops, with what leaves from them.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (pydantic reads it)
import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import Field

from urbanlayer.model.file_format import FileFormat
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.note import Note
from urbanlayer.model.source import ServerOptions, Source
from urbanlayer.model.timetable import RAIL_TYPES, RawTimetable
from urbanlayer.sources._choose import check_there, wanted
from urbanlayer.sources._digest import digest
from urbanlayer.sources._each import read_each
from urbanlayer.sources._feed import Feed
from urbanlayer.sources._fetch import Order, fetch
from urbanlayer.sources._service_day import calendar
from urbanlayer.text.numerals import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request

HOURS = 30
"""A service day runs on past midnight; what leaves later than 30:00 counts in the last hour."""
BY_DAY = range(7, 19)
"""Hours in which the mean headway is taken."""
PEAK_S = (8.25 * 3600, 9.25 * 3600)
"""The hour in which Transport for London takes the frequency of each route: 08:15 to 09:15."""
_NO_BOARDING = "1"
_STOP = ("", "0")
_TABLES = {
    "stops": ("stop_id", "stop_lat", "stop_lon", "location_type"),
    "routes": ("route_id", "route_short_name", "route_type"),
    "trips": ("trip_id", "route_id", "service_id", "direction_id", "shape_id"),
    "stop_times": (
        "trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time", "pickup_type",
        "drop_off_type",
    ),
    "frequencies": ("trip_id", "start_time", "end_time", "headway_secs"),
    "shapes": ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"),
}  # fmt: skip
"""What a timetable is made of: columns by file."""
"""`location_type` of places where people board; the others are stations and entrances."""


class GtfsOptions(ServerOptions):
    """The keys of a layer's table that this source has."""

    service_day: dt.date | None = Field(
        default=None, description="The day whose timetable counts; else a usual weekday."
    )


def read(requests: Sequence[Request[GtfsOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """The stops of a feed as points, with the departures of one service day.

    Raises
    ------
    SourceError
        If a feed lacks a file that it must have, or nothing runs.
    """
    known: dict[object, RawLayer] = {}  # the same feed and service day is worked out once
    return read_each(requests, lambda request: _read(request, known))


def _read(request: Request[GtfsOptions], known: dict[object, RawLayer]) -> RawLayer:
    if request.remote:
        order = Order(request.spec.path, allow_hosts=tuple(request.options.allow_hosts))
        request = replace(request, path=fetch(order).path)
    check_there(request)
    asked = (request.path, request.spec.layer, request.options.service_day)
    if asked not in known:
        notes: list[Note] = []
        frame = _stops(request, notes)
        known[asked] = RawLayer(
            frame,
            digest(request.path),
            notes=tuple(notes),
            timetable=functools.partial(timetable, request),
        )
    return replace(known[asked], frame=wanted(known[asked].frame, request))


def timetable(request: Request[GtfsOptions]) -> RawTimetable:
    """The trips of the service day, as the feed tells them.

    Parameters
    ----------
    request
        Names a zip or a folder that `read` could read.

    Returns
    -------
    RawTimetable
        Stops whose place is not known are left out.
    """
    import numpy as np

    feed = Feed(request, [])
    tables = {
        name: feed.table(f"{name}.txt", columns, needed=name not in {"frequencies", "shapes"})
        for name, columns in _TABLES.items()
    }
    runs = calendar(feed, tables["trips"]["service_id"].value_counts(), request)
    row = runs.chosen(request, request.options.service_day)
    stops = tables["stops"]
    lonlat = np.column_stack(
        [numbers(stops[name], decimal=".").values for name in ("stop_lon", "stop_lat")]
    )
    boarding = stops["location_type"].str.strip().isin(_STOP).to_numpy(dtype=bool)
    placed = boarding & np.isfinite(lonlat).all(axis=1)
    tables["stops"] = stops[placed].reset_index(drop=True)
    return RawTimetable(tables, runs.services_on(row), runs.days[row], lonlat[placed])


def _stops(request: Request[GtfsOptions], notes: list[Note]) -> gpd.GeoDataFrame:
    """Every stop that people board at, with departures, headway and lines of the service day."""
    import geopandas as gpd
    import numpy as np
    import shapely

    feed = Feed(request, notes)
    columns = ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type")
    stops = feed.table("stops.txt", (*columns, "wheelchair_boarding"))
    boarding = stops["location_type"].str.strip().isin(_STOP)
    if not boarding.all():
        notes.append(Note.of("stations-left-out", count=int((~boarding).sum())))
    stops = stops[boarding].drop(columns="location_type")
    east, north = (numbers(stops[name], decimal=".").values for name in ("stop_lon", "stop_lat"))
    points = np.full(len(stops), None, dtype=object)
    there = np.isfinite(east) & np.isfinite(north)
    points[there] = shapely.points(east[there], north[there])
    counts = _departures(feed, request, set(stops["stop_id"]), notes)
    served = counts.reindex(stops["stop_id"])
    served.index = stops.index
    none = int((served["departures"].fillna(0) == 0).sum())
    if none:
        notes.append(Note.of("stops-without-departure", count=none))
    frame = stops.drop(columns=["stop_lat", "stop_lon"]).rename(columns={"stop_name": "name"})
    frame["departures"] = served["departures"].fillna(0.0).to_numpy()
    frame["headway_min"] = served["headway_min"].to_numpy()
    frame["departures_by_hour"] = served["departures_by_hour"].fillna("").to_numpy()
    by_weekday = served["departures_by_weekday"].fillna("")
    frame["departures_by_weekday"] = by_weekday.to_numpy()  # Monday first
    frame["high_capacity"] = served["high_capacity"].eq(other=True).to_numpy(dtype=bool)
    frame["lines"] = served["lines"].fillna("").to_numpy()
    frame["peak_routes"] = served["peak_routes"].fillna("").to_numpy()
    frame.index = frame["stop_id"].to_numpy()
    return gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4326")


def _departures(
    feed: Feed, request: Request[GtfsOptions], stops: set[str], notes: list[Note]
) -> pd.DataFrame:
    """Departures of the service day, and of a usual week, indexed by stop."""
    import numpy as np
    import pandas as pd

    trips = feed.table("trips.txt", ("trip_id", "route_id", "service_id", "direction_id"))
    runs = calendar(feed, trips["service_id"].value_counts(), request)
    row = runs.chosen(request, request.options.service_day)
    notes.append(Note.of("service-day", day=runs.days[row]))
    leaving = _leaving(feed, trips.drop_duplicates("trip_id"), stops, notes)
    week = [
        leaving[leaving["service_id"].isin(services)].groupby("stop_id").size()
        for services in runs.of_a_week(request)
    ]
    by_weekday = pd.concat(week, axis=1).fillna(0).astype(int)
    today = leaving[leaving["service_id"].isin(runs.services_on(row))]
    hour = np.clip(np.nan_to_num(today["second"].to_numpy()) // 3600, 0, HOURS - 1)
    by_hour = pd.crosstab(today["stop_id"], hour.astype(int)).reindex(
        index=by_weekday.index, columns=range(HOURS), fill_value=0
    )
    return _told(by_hour, by_weekday, today)


def _leaving(feed: Feed, trips: pd.DataFrame, stops: set[str], notes: list[Note]) -> pd.DataFrame:
    """Every departure that people can board, with its line and its second of the service day."""
    times = feed.table(
        "stop_times.txt",
        ("trip_id", "stop_id", "departure_time", "arrival_time", "stop_sequence", "pickup_type"),
    )
    orphans = ~times["stop_id"].isin(stops)
    if orphans.any():
        notes.append(Note.of("stop-times-without-stop", count=int(orphans.sum())))
    names = feed.table(
        "routes.txt", ("route_id", "route_short_name", "route_long_name", "route_type")
    )
    short = names["route_short_name"].where(
        names["route_short_name"] != "", names["route_long_name"]
    )
    lines = trips["route_id"].map(dict(zip(names["route_id"], short, strict=True))).fillna("")
    is_rail = numbers(names["route_type"], decimal=".").values
    rails = set(names["route_id"][[kind in RAIL_TYPES for kind in is_rail]])
    trips = trips.assign(line=lines, rail=trips["route_id"].isin(rails))
    kept = ["trip_id", "service_id", "route_id", "direction_id", "line", "rail"]
    times = times.merge(trips[kept], on="trip_id")
    told = times["departure_time"].where(times["departure_time"] != "", times["arrival_time"])
    times["second"] = seconds(told)
    times["order"] = numbers(times["stop_sequence"], decimal=".").values
    times = times.sort_values(["trip_id", "order"], kind="stable")
    untold = times["trip_id"].isin(times.loc[times["second"].isna(), "trip_id"])
    if untold.any():  # a feed may tell the times of some stops of a trip only
        between = times[untold].groupby("trip_id")["second"]
        times.loc[untold, "second"] = between.transform(lambda told: told.interpolate())
    last = ~times.duplicated("trip_id", keep="last")
    times["start"] = times.groupby("trip_id")["second"].transform("first")
    boarding = times["pickup_type"].str.strip() != _NO_BOARDING
    return _repeated(times[~last & boarding], feed)


def _told(by_hour: pd.DataFrame, by_weekday: pd.DataFrame, today: pd.DataFrame) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    in_the_day = by_hour[list(BY_DAY)].sum(axis=1).to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore"):
        headway_min = np.where(in_the_day > 0, len(BY_DAY) * 60 / in_the_day, np.nan)
    lines = today.groupby("stop_id")["line"].agg(
        lambda names: ", ".join(sorted(set(names) - {""}, key=_by_number))
    )
    return pd.DataFrame(
        {
            "departures": by_hour.sum(axis=1).astype("float64"),
            "headway_min": headway_min,
            "departures_by_hour": [",".join(map(str, row)) for row in by_hour.to_numpy()],
            "departures_by_weekday": [",".join(map(str, row)) for row in by_weekday.to_numpy()],
            "lines": lines.reindex(by_hour.index),
            "high_capacity": today.groupby("stop_id")["rail"].any().reindex(by_hour.index),
            "peak_routes": _in_the_peak(today).reindex(by_hour.index),
        },
        index=by_hour.index,
    )


def _in_the_peak(today: pd.DataFrame) -> pd.Series[str]:
    """Of each stop, as JSON, its routes: id, whether rail, departures an hour, better direction."""
    import json

    import pandas as pd

    peak = today[(today["second"] >= PEAK_S[0]) & (today["second"] < PEAK_S[1])]
    counted = peak.groupby(["stop_id", "route_id", "rail", "direction_id"]).size()
    best = counted.groupby(["stop_id", "route_id", "rail"]).max().reset_index(name="per_hour")
    routes: dict[str, list[tuple[str, bool, int]]] = {}
    for stop, route, rail, per_hour in best.itertuples(index=False):
        routes.setdefault(stop, []).append((route, bool(rail), int(per_hour)))
    return pd.Series({stop: json.dumps(told) for stop, told in routes.items()}, dtype="str")


def _repeated(leaving: pd.DataFrame, feed: Feed) -> pd.DataFrame:
    """Departures with the trips of `frequencies.txt` told as often as they run."""
    import numpy as np
    import pandas as pd

    rows = feed.table(
        "frequencies.txt", ("trip_id", "start_time", "end_time", "headway_secs"), needed=False
    )
    if rows.empty:
        return leaving
    starts, ends = seconds(rows["start_time"]), seconds(rows["end_time"])
    headways = numbers(rows["headway_secs"], decimal=".").values
    runs = [
        np.arange(start, end, headway) if headway > 0 else np.array([])
        for start, end, headway in zip(starts, ends, headways, strict=True)
    ]
    times = pd.DataFrame(
        {
            "trip_id": np.repeat(rows["trip_id"].to_numpy(), [len(run) for run in runs]),
            "run": np.concatenate(runs),
        }
    )
    told = leaving["trip_id"].isin(set(rows["trip_id"]))
    often = leaving[told].merge(times, on="trip_id")
    often["second"] = often["second"] - often["start"] + often.pop("run")
    return pd.concat([leaving[~told], often])


def seconds(texts: pd.Series[str]) -> NDArray[np.float64]:
    """Seconds past midnight from `8:05:00` or `24:30:00`; NaN where there is no time.

    Parameters
    ----------
    texts
        n times of a service day, which may run past 24 hours.
    """
    known = {text: _second(text) for text in texts.unique()}
    values: NDArray[np.float64] = texts.map(known).to_numpy(dtype="float64")
    return values


def _second(text: str) -> float:
    parts = text.strip().split(":")
    if len(parts) not in {2, 3} or not all(part.strip().isdecimal() for part in parts):
        return float("nan")
    hours, minutes, *rest = (int(part) for part in parts)
    return float(hours * 3600 + minutes * 60 + (rest[0] if rest else 0))


def _by_number(line: str) -> tuple[int, str]:
    digits = "".join(letter for letter in line if letter.isdecimal())
    return (int(digits) if digits else 0, line)


SOURCE = Source(
    id="gtfs",
    read=read,
    options=GtfsOptions,
    timetable=True,
    names_are_public=True,
    format=FileFormat("GTFS", 3),
)
