"""The calls of a feed's trips: in order, with every time that can be known, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.kernels.call_times import (
    fill_blank_times,
    headway_runs,
    past_midnight,
    within_each,
)
from urbanlayer.model.note import Listing, Note
from urbanlayer.sources._along_trips import along_trips
from urbanlayer.text.clock_times import seconds

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.sources._feed import Feed

MAX_CALLS = 50_000_000
"""Calls of a feed with every run of `frequencies.txt`; more is no timetable."""
OF_CALLS = (
    "trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time", "pickup_type",
    "drop_off_type", "shape_dist_traveled",
)  # fmt: skip
"""Columns of `stop_times.txt`."""
_NOT_ALLOWED = "1"
"""`pickup_type` and `drop_off_type` where people may not get on or off."""


@dataclass(frozen=True, slots=True, eq=False)
class Calls:
    """The calls of all trips of a feed, and the runs of the trips.

    Attributes
    ----------
    trips
        t rows of `trips.txt`, one for each trip.
    trip, stop
        (c,) row of the trip and of the stop, -1 where the stop is not known; calls of a trip follow
        one another in their order.
    times
        (c, 2) arrival and departure, in seconds past midnight; NaN where not known.
    may_board, may_alight
        (c,) whether people may get on and off.
    run_trip, run_shift_s
        (r,) row of the trip of each run, and by how much it is later than its calls; trips that
        `frequencies.txt` does not name run once. NaN where no time of the trip is known.
    """

    trips: pd.DataFrame
    trip: NDArray[np.int64]
    stop: NDArray[np.int64]
    times: NDArray[np.float64]
    may_board: NDArray[np.bool_]
    may_alight: NDArray[np.bool_]
    run_trip: NDArray[np.int64]
    run_shift_s: NDArray[np.float64]

    def of_runs(
        self, runs: NDArray[np.int64], kept: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The calls of some runs: number of the run, among those given, and row of the call.

        Parameters
        ----------
        runs
            (n,) rows of `run_trip`.
        kept
            (c,) the calls that count.
        """
        import numpy as np

        rows = np.flatnonzero(kept)
        many = np.bincount(self.trip[rows], minlength=len(self.trips))
        first = np.cumsum(many) - many
        trip = self.run_trip[runs]
        run = np.repeat(np.arange(len(runs)), many[trip])
        return run, rows[np.repeat(first[trip], many[trip]) + within_each(many[trip])]


def read_calls(
    feed: Feed,
    table: pd.DataFrame,
    trips: pd.DataFrame,
    *,
    stops: pd.DataFrame,
    lonlat: NDArray[np.float64],
    notes: list[Note],
) -> Calls:
    """The calls of every trip of a feed.

    Blank times between known ones are filled in by distance along the way of the trip. Notes count
    what was filled in, and name trips that stay without times and rows of `frequencies.txt` that
    cannot be used.

    Parameters
    ----------
    feed
        Its files `shapes.txt` and `frequencies.txt` are read.
    table, trips
        `stop_times.txt` and `trips.txt`.
    stops, lonlat
        (s) the stops that people board at, and (s, 2) where they are, NaN where not known.
    notes
        What is to be reported is added.

    Raises
    ------
    SourceError
        A file cannot be read, or makes more calls than any timetable has.
    """
    import numpy as np
    import pandas as pd

    trip = pd.Index(trips["trip_id"]).get_indexer(pd.Index(table["trip_id"]))
    if (trip < 0).any():
        notes.append(Note.of("stop-times-without-trip", count=int((trip < 0).sum())))
    none = np.bincount(trip[trip >= 0], minlength=len(trips)) == 0
    if none.any():
        names = Listing.of(trips["trip_id"][none])
        notes.append(Note.of("trips-without-calls", count=int(none.sum()), trips=names))
    order = pd.to_numeric(table["stop_sequence"], errors="coerce").to_numpy(dtype=np.float64)
    rows = np.lexsort((order, trip))  # stable: the order of the file where there is no other
    rows = rows[trip[rows] >= 0]
    table, trip = table.iloc[rows], trip[rows].astype(np.int64)
    stop = pd.Index(stops["stop_id"]).get_indexer(pd.Index(table["stop_id"])).astype(np.int64)
    if (stop < 0).any():
        notes.append(Note.of("stop-times-without-stop", count=int((stop < 0).sum())))
    times = np.column_stack([_seconds(table[n], notes) for n in ("arrival_time", "departure_time")])
    times = np.where(np.isnan(times), times[:, ::-1], times)
    times, over = past_midnight(trip, times)
    if len(over):
        names = Listing.of(trips["trip_id"].iloc[over])
        notes.append(Note.of("trips-over-midnight", count=len(over), trips=names))
    times = _filled(
        table, times, feed=feed, trips=trips, trip=trip, stop=stop, lonlat=lonlat, notes=notes
    )
    run_trip, shift = _runs(feed, trips, trip, times, notes)
    return Calls(
        trips=trips,
        trip=trip,
        stop=stop,
        times=times,
        may_board=(table["pickup_type"] != _NOT_ALLOWED).to_numpy(dtype=bool),
        may_alight=(table["drop_off_type"] != _NOT_ALLOWED).to_numpy(dtype=bool),
        run_trip=run_trip,
        run_shift_s=shift,
    )


def _seconds(texts: pd.Series[str], notes: list[Note]) -> NDArray[np.float64]:
    """Seconds past midnight, NaN where there is no time; texts that are none are noted."""
    import numpy as np

    read = seconds(texts)
    strange = np.isnan(read) & (texts != "").to_numpy()
    if strange.any():
        examples = Listing.of(sorted(set(texts[strange])))
        count, total = int(strange.sum()), len(texts)
        column = f"stop_times.txt, {texts.name}"
        notes.append(
            Note.of("times-unreadable", count=count, total=total, column=column, examples=examples)
        )
    return read


def _filled(
    table: pd.DataFrame,
    times: NDArray[np.float64],
    *,
    feed: Feed,
    trips: pd.DataFrame,
    trip: NDArray[np.int64],
    stop: NDArray[np.int64],
    lonlat: NDArray[np.float64],
    notes: list[Note],
) -> NDArray[np.float64]:
    """The times with blank ones filled in, and notes."""
    import numpy as np

    blank = np.isnan(times[:, 0])
    if not blank.any():
        return times
    known = np.bincount(trip[~blank], minlength=len(trips))
    some = np.bincount(trip[blank], minlength=len(trips)) > 0
    position, by_shape = along_trips(
        feed, trips, trip, stop, table["shape_dist_traveled"], lonlat,
        wanted=some & (known > 1), notes=notes,
    )  # fmt: skip
    times = fill_blank_times(trip, position, times)
    now = blank & ~np.isnan(times[:, 0])
    if now.any():
        shaped = int((now & by_shape).sum())
        notes.append(Note.of("times-filled", count=int(now.sum()), by_shape=shaped))
    none = np.flatnonzero(some & (known == 0))
    if len(none):
        names = Listing.of(trips["trip_id"].iloc[none])
        notes.append(Note.of("trips-without-times", count=len(none), trips=names))
    return times


def _runs(
    feed: Feed,
    trips: pd.DataFrame,
    trip: NDArray[np.int64],
    times: NDArray[np.float64],
    notes: list[Note],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Every run of every trip: row of the trip, and seconds by which it is later than its calls."""
    import numpy as np
    import pandas as pd

    once = np.bincount(trip, minlength=len(trips)) > 0
    columns = ("trip_id", "start_time", "end_time", "headway_secs")
    table = feed.table("frequencies.txt", columns, needed=False)
    number = pd.Index(trips["trip_id"]).get_indexer(pd.Index(table["trip_id"]))
    table, number = table[number >= 0], number[number >= 0]
    every = np.flatnonzero(once)
    if table.empty:
        return every, np.zeros(len(every))
    start = seconds(table["start_time"])
    headway = pd.to_numeric(table["headway_secs"], errors="coerce").to_numpy(dtype=np.float64)
    counts = headway_runs(start, seconds(table["end_time"]), headway)
    _check_size(feed, counts, np.bincount(trip, minlength=len(trips))[number])
    if (counts == 0).any():
        names = Listing.of(dict.fromkeys(table["trip_id"][counts == 0]))
        notes.append(Note.of("headways-unusable", count=int((counts == 0).sum()), trips=names))
    leaving = np.repeat(start, counts) + within_each(counts) * np.repeat(headway, counts)
    run_trip = np.repeat(number, counts)
    first = pd.Series(times[:, 1]).groupby(trip).first().reindex(range(len(trips))).to_numpy()
    plain = np.setdiff1d(every, number)
    together = np.concatenate([plain, run_trip]).astype(np.int64)
    shift = np.concatenate([np.zeros(len(plain)), leaving - first[run_trip]])
    _note_late_starts(trips, trip, times, number, notes)
    order = np.argsort(together, kind="stable")
    return together[order], shift[order]


def _note_late_starts(
    trips: pd.DataFrame,
    trip: NDArray[np.int64],
    times: NDArray[np.float64],
    repeated: NDArray[np.int64],
    notes: list[Note],
) -> None:
    """Note repeated trips whose first stop has no time: their runs begin at the first that has."""
    import numpy as np

    first = np.flatnonzero(np.diff(trip, prepend=-1))
    known = np.bincount(trip[~np.isnan(times[:, 1])], minlength=len(trips)) > 0
    late = trip[first[np.isnan(times[first, 1])]]
    late = late[known[late] & np.isin(late, repeated)]
    if len(late):
        names = Listing.of(trips["trip_id"].iloc[late])
        notes.append(Note.of("headways-start-later", count=len(late), trips=names))


def _check_size(feed: Feed, counts: NDArray[np.int64], calls: NDArray[np.int64]) -> None:
    total = float((counts.astype(float) * calls).sum())
    if total > MAX_CALLS:
        raise SourceError(
            f"{feed.name}: frequencies.txt makes {total:,.0f} calls; a timetable has at most "
            f"{MAX_CALLS:,}; look at headway_secs, which are seconds"
        )
