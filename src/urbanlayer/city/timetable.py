"""The timetable of one day from the tables of a GTFS feed."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from urbanlayer.errors import NoServiceError
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.note import Note
from urbanlayer.model.timetable import RAIL_TYPES, Timetable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    Tables = Mapping[str, pd.DataFrame]

NOT_ALLOWED = "1"
"""`pickup_type` and `drop_off_type` where people may not get on or off."""


def build_timetable(
    tables: Tables, services: Collection[str], *, day: dt.date, to_metres: NDArray[np.float64]
) -> Timetable:
    """The timetable of one day: its trips with all their calls.

    Missing times are interpolated by distance along the trip's shape, or else by the order of the
    stops; trips of `frequencies.txt` are expanded; trips with fewer than two times, or with
    decreasing times, are excluded. Notes count each case.

    Parameters
    ----------
    tables
        Text tables of the feed by file name without `.txt`: `stops`, `routes`, `trips`,
        `stop_times`, and optionally `frequencies` and `shapes`.
    services
        The `service_id` values that run on the day.
    day
        The service day.
    to_metres
        (stops, 2) coordinates of `stops` in the city's CRS, in metres, row by row.

    Returns
    -------
    Timetable
        Its notes report interpolated, expanded and excluded trips.

    Raises
    ------
    NoServiceError
        No trip has at least two known times.
    """
    stops, routes = tables["stops"], tables["routes"]
    trips = tables["trips"]
    trips = trips[trips["service_id"].isin(services)].drop_duplicates("trip_id")
    calls, notes = _calls(tables["stop_times"], trips, stops)
    calls, filled = _interpolated(calls, tables, trips, to_metres)
    calls, left_out = _without_invalid_trips(calls)
    calls, repeated = _expanded_frequencies(calls, tables.get("frequencies"))
    if calls.empty:
        raise NoServiceError(
            f"the timetable has no trip with two known times on {day}; "
            "set another service_day in city.toml"
        )
    run, _ = pd.factorize(calls["run"])
    first = ~pd.Series(run).duplicated().to_numpy()
    route = _codes(calls["route_id"].to_numpy()[first], routes["route_id"])
    name = routes.get("route_short_name", routes["route_id"]).where(
        lambda texts: texts != "", routes["route_id"]
    )
    table = Timetable(
        day=day,
        stop_keys=stops["stop_id"].to_numpy(dtype=str),
        stop_xy=to_metres,
        route_keys=routes["route_id"].to_numpy(dtype=str),
        route_names=name.to_numpy(dtype=str),
        route_is_rail=_integers(routes, "route_type").isin(list(RAIL_TYPES)).to_numpy(),
        trip_route=route,
        trip_direction=calls["direction"].to_numpy()[first].astype(np.int64),
        call_trip=run.astype(np.int64),
        call_stop=calls["stop"].to_numpy(dtype=np.int64),
        arrival_s=calls["arrival"].to_numpy(dtype=np.float64),
        departure_s=calls["departure"].to_numpy(dtype=np.float64),
        may_board=calls["may_board"].to_numpy(dtype=bool),
        may_alight=calls["may_alight"].to_numpy(dtype=bool),
        notes=(*notes, *filled, *left_out, *repeated),
    )
    return replace(table, digest=_digest(table))


def _digest(table: Timetable) -> str:
    """Of all that the timetable holds but its notes."""
    names = [one.name for one in fields(table) if one.name not in {"notes", "digest"}]
    return digest_of({name: getattr(table, name) for name in names})


def seconds(texts: pd.Series[str]) -> NDArray[np.float64]:
    """(n,) seconds past midnight from `8:05:00` or `24:30:00`; NaN without a time."""
    code, known = pd.factorize(texts)  # many trips share a time of day
    parts = pd.Series(known).str.strip().str.extract(r"^(\d{1,3}):(\d{2})(?::(\d{2}))?$")
    numbers = parts.astype("float64").to_numpy()
    late = np.nan_to_num(numbers[:, 2])
    return np.asarray(numbers[:, 0] * 3600 + numbers[:, 1] * 60 + late)[code]


def _calls(
    times: pd.DataFrame, trips: pd.DataFrame, stops: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The calls of the day's trips in order, with the rows of their stops, and notes."""
    known = trips.assign(direction=_integers(trips, "direction_id").clip(0, 1))
    calls = times.merge(known[["trip_id", "route_id", "direction"]], on="trip_id")
    stop = _codes(calls["stop_id"].to_numpy(), stops["stop_id"])
    notes: tuple[Note, ...] = ()
    if (stop < 0).any():
        notes = (Note.of("calls-without-stop", count=int((stop < 0).sum())),)
    calls = calls.assign(
        stop=stop,
        order=pd.to_numeric(calls["stop_sequence"], errors="coerce"),
        arrival=seconds(calls["arrival_time"]),
        departure=seconds(calls["departure_time"]),
        may_board=_text(calls, "pickup_type") != NOT_ALLOWED,
        may_alight=_text(calls, "drop_off_type") != NOT_ALLOWED,
    )
    calls = calls[calls["stop"] >= 0].sort_values(["trip_id", "order"], kind="stable")
    calls["arrival"] = calls["arrival"].fillna(calls["departure"])
    calls["departure"] = calls["departure"].fillna(calls["arrival"])
    return calls.assign(run=calls["trip_id"]).reset_index(drop=True), notes


def _interpolated(
    calls: pd.DataFrame, tables: Tables, trips: pd.DataFrame, xy: NDArray[np.float64]
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The calls with missing times interpolated by distance along the shape, or else by order."""
    blank = calls["arrival"].isna().to_numpy()
    if not blank.any():
        return calls, ()
    trip = pd.factorize(calls["trip_id"])[0]
    with_blanks = np.isin(trip, np.unique(trip[blank]))
    along = _along_shapes(calls[with_blanks], tables, trips, xy)
    position = np.arange(len(calls), dtype=np.float64)
    by_shape = np.isfinite(along)
    where = np.flatnonzero(with_blanks)
    position[where[by_shape]] = along[by_shape]
    known = ~blank
    # trips lie apart on one long axis, so that nothing is interpolated between two trips
    span = float(np.ptp(position)) + 1.0
    axis = position + trip * 2 * span
    first = np.searchsorted(trip, trip, side="left")
    last = np.searchsorted(trip, trip, side="right") - 1
    between = blank & known[first] & known[last]
    times = calls[["arrival", "departure"]].to_numpy(dtype=np.float64)
    # each known call appears twice: with its arrival and with its departure
    found = np.interp(axis[between], np.repeat(axis[known], 2), times[known].reshape(-1))
    times[between] = found[:, None]
    shaped = int((between[where] & by_shape).sum())
    note = Note.of("times-filled", count=int(between.sum()), by_shape=shaped)
    return calls.assign(arrival=times[:, 0], departure=times[:, 1]), (note,)


def _along_shapes(
    calls: pd.DataFrame, tables: Tables, trips: pd.DataFrame, xy: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n,) distance of each call along its trip's shape in metres; NaN without a shape."""
    along = np.full(len(calls), np.nan)
    shapes = tables.get("shapes")
    if shapes is None or shapes.empty or "shape_id" not in trips:
        return along
    shape_of = dict(zip(trips["trip_id"], trips["shape_id"], strict=True))
    lines = _shape_lines(shapes, tables["stops"], xy)
    starts = np.flatnonzero(~calls["trip_id"].duplicated().to_numpy())
    for begin, end in zip(starts, [*starts[1:], len(calls)], strict=True):
        line = lines.get(shape_of[calls["trip_id"].iloc[begin]])
        if line is not None:
            points = shapely.points(xy[calls["stop"].to_numpy()[begin:end]])
            metres = np.asarray(shapely.line_locate_point(line, points))
            if np.isfinite(metres).all():
                along[begin:end] = np.maximum.accumulate(metres)
    return along


def _shape_lines(
    shapes: pd.DataFrame, stops: pd.DataFrame, xy: NDArray[np.float64]
) -> dict[str, shapely.LineString]:
    """Shapes in the CRS of the stops, by an affine map fitted to the stops."""
    numbers = shapes[["shape_pt_lon", "shape_pt_lat", "shape_pt_sequence"]].astype("float64")
    lonlat = stops[["stop_lon", "stop_lat"]].astype("float64").to_numpy()
    known = np.isfinite(lonlat).all(axis=1) & np.isfinite(xy).all(axis=1)
    ones = np.ones((int(known.sum()), 1))
    plane, *_ = np.linalg.lstsq(np.hstack([lonlat[known], ones]), xy[known], rcond=None)
    points = np.hstack([numbers.to_numpy()[:, :2], np.ones((len(numbers), 1))]) @ plane
    order = np.lexsort((numbers["shape_pt_sequence"], shapes["shape_id"]))
    names = shapes["shape_id"].to_numpy()[order]
    bounds = np.flatnonzero(np.append(True, names[1:] != names[:-1]))
    parts = np.split(points[order], bounds[1:])
    return {
        str(names[begin]): shapely.LineString(part)
        for begin, part in zip(bounds, parts, strict=True)
        if len(part) > 1
    }


def _without_invalid_trips(calls: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The calls without unknown times and without invalid trips, and notes."""
    notes: list[Note] = []
    unknown = calls["arrival"].isna()
    if unknown.any():
        notes.append(Note.of("calls-without-time", count=int(unknown.sum())))
    calls = calls[~unknown]
    trip = pd.factorize(calls["trip_id"])[0]
    arrival, departure = (calls[name].to_numpy(dtype=float) for name in ("arrival", "departure"))
    back = arrival > departure
    back[1:] |= (trip[1:] == trip[:-1]) & (arrival[1:] < departure[:-1])
    wrong = np.isin(trip, np.unique(trip[back]))
    alone = (np.bincount(trip)[trip] < 2) & ~wrong  # noqa: PLR2004  (a ride needs two calls)
    if wrong.any():
        notes.append(Note.of("trips-backwards", count=len(np.unique(trip[wrong]))))
    if alone.any():
        notes.append(Note.of("trips-of-one-call", count=int(alone.sum())))
    return calls[~wrong & ~alone], tuple(notes)


def _expanded_frequencies(
    calls: pd.DataFrame, frequencies: pd.DataFrame | None
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The calls with trips of `frequencies.txt` expanded, and notes."""
    if frequencies is None or frequencies.empty:
        return calls, ()
    rows = frequencies[frequencies["trip_id"].isin(set(calls["trip_id"]))]
    if rows.empty:
        return calls, ()
    runs = [calls[~calls["trip_id"].isin(set(rows["trip_id"]))]]
    headway = pd.to_numeric(rows["headway_secs"], errors="coerce").to_numpy(dtype=float)
    times = zip(
        rows["trip_id"],
        seconds(rows["start_time"]),
        seconds(rows["end_time"]),
        headway,
        strict=True,
    )
    count = 0
    for trip, start, end, every in times:
        pattern = calls[calls["trip_id"] == trip]
        if not every > 0:
            continue
        for leaving in np.arange(start, end, every):
            shift = leaving - pattern["departure"].iloc[0]
            count += 1
            runs.append(
                pattern.assign(
                    arrival=pattern["arrival"] + shift,
                    departure=pattern["departure"] + shift,
                    run=f"{trip} {leaving:.0f} {count}",
                )
            )
    note = Note.of("trips-repeated", trips=int(rows["trip_id"].nunique()), count=count)
    return pd.concat(runs, ignore_index=True), (note,)


def _codes(values: NDArray[np.object_], keys: pd.Series[str]) -> NDArray[np.int64]:
    """Row of each key, the first if repeated; -1 if missing."""
    index = pd.Index(keys)
    if index.has_duplicates:
        return (
            pd.Series(np.arange(len(index)), index=index)[~index.duplicated()]
            .reindex(values, fill_value=-1)
            .to_numpy(dtype=np.int64)
        )
    return index.get_indexer(pd.Index(values)).astype(np.int64)


def _integers(table: pd.DataFrame, column: str) -> pd.Series[int]:
    numbers = pd.to_numeric(_text(table, column), errors="coerce").fillna(0)
    return numbers.astype("int64")


def _text(table: pd.DataFrame, column: str) -> pd.Series[str]:
    if column not in table:
        return pd.Series("", index=table.index)
    return table[column].fillna("").str.strip()
