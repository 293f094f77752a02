"""The trips of one service day of a feed, each run with all its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import NoServiceError
from urbanlayer.model.note import Note
from urbanlayer.model.timetable import RawTimetable

if TYPE_CHECKING:
    import datetime as dt

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.sources._calls import Calls


def trips_of_day(
    calls: Calls, services: frozenset[str], *, day: dt.date, stops: pd.Series[str],
    lonlat: NDArray[np.float64], lines: pd.DataFrame, feed: str, digest: str,
) -> RawTimetable:  # fmt: skip
    """The timetable of one day: its runs with all their calls.

    Calls without a time or a place are left out, and so are trips whose times run backwards and
    those of one call; notes count them.

    Parameters
    ----------
    calls
        Of all trips of the feed.
    services
        Those that run on the day.
    day
        The service day.
    stops, lonlat
        (s) keys, and (s, 2) where they are; NaN where not known.
    lines
        `line` and `rail` by route.
    feed, digest
        As of `RawTimetable`.

    Raises
    ------
    NoServiceError
        No trip has two calls with known times.
    """
    import numpy as np
    import pandas as pd

    notes: list[Note] = []
    placed: NDArray[np.bool_] = np.asarray(np.isfinite(lonlat).all(axis=1))
    kept = _valid(calls, services, placed, notes)
    there = np.zeros(len(calls.trips), dtype=bool)
    there[calls.trip[kept]] = True
    runs = np.flatnonzero(there[calls.run_trip])
    run, row = calls.of_runs(runs, kept)
    if not len(row):
        raise NoServiceError(
            f"the timetable {feed!r} has no trip with two known times on {day}; "
            "set another service_day in city.toml"
        )
    trip = calls.run_trip[runs]
    often = np.bincount(trip, minlength=len(calls.trips))
    repeated = np.unique(trip[(calls.run_shift_s[runs] != 0) | (often[trip] > 1)])
    if len(repeated):
        count = int(often[repeated].sum())
        notes.append(Note.of("trips-repeated", trips=len(repeated), count=count))
    route = lines.index.get_indexer(pd.Index(calls.trips["route_id"].iloc[trip]))
    direction = calls.trips["direction_id"].iloc[trip]
    times = calls.times[row] + calls.run_shift_s[runs][run, None]
    return RawTimetable(
        feed=feed,
        digest=digest,
        day=day,
        lonlat=lonlat[placed],
        stop_keys=stops.to_numpy(dtype=str)[placed],
        route_keys=lines.index.to_numpy(dtype=str),
        route_names=np.where(lines["line"] != "", lines["line"], lines.index).astype(str),
        route_is_rail=lines["rail"].to_numpy(dtype=bool),
        trip_route=route.astype(np.int64),
        trip_direction=(direction == "1").to_numpy().astype(np.int64),
        call_trip=run,
        call_stop=(np.cumsum(placed) - 1)[calls.stop[row]],
        arrival_s=times[:, 0],
        departure_s=times[:, 1],
        may_board=calls.may_board[row],
        may_alight=calls.may_alight[row],
        notes=tuple(notes),
    )


def _valid(
    calls: Calls, services: frozenset[str], placed: NDArray[np.bool_], notes: list[Note]
) -> NDArray[np.bool_]:
    """(c,) the calls that count, of trips that run on the day, and notes of the others."""
    import numpy as np

    today = calls.trips["service_id"].isin(services).to_numpy(dtype=bool)
    runs = np.bincount(calls.run_trip, minlength=len(calls.trips)) > 0
    running = (today & runs)[calls.trip]
    there = running & (calls.stop >= 0) & placed[calls.stop]
    if count := int((running & ~there).sum()):
        notes.append(Note.of("calls-without-stop", count=count))
    timed = there & ~np.isnan(calls.times[:, 0])
    if count := int((there & ~timed).sum()):
        notes.append(Note.of("calls-without-time", count=count))
    rows = np.flatnonzero(timed)
    trip, (arrival, departure) = calls.trip[rows], calls.times[rows].T
    back = arrival > departure
    back[1:] |= (trip[1:] == trip[:-1]) & (arrival[1:] < departure[:-1])
    wrong = np.unique(trip[back])
    many = np.bincount(trip, minlength=len(calls.trips))
    alone = np.setdiff1d(np.flatnonzero(many == 1), wrong)
    if len(wrong):
        notes.append(Note.of("trips-backwards", count=len(wrong)))
    if len(alone):
        notes.append(Note.of("trips-of-one-call", count=len(alone)))
    return timed & ~np.isin(calls.trip, np.concatenate([wrong, alone]))
