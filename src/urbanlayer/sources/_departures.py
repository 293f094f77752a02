"""What leaves from each stop: on the service day by hour, in a usual week, by which lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.kernels.departures import (
    BY_DAY,
    PEAK_S,
    departures_by_hour,
    mean_headways_min,
)
from urbanlayer.text.numerals import numbers

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.sources._calls import Calls


def departures(
    calls: Calls, routes: pd.DataFrame, services: frozenset[str], week: list[frozenset[str]],
    stop_count: int,
) -> pd.DataFrame:  # fmt: skip
    """The departures that people can board, stop by stop.

    Nobody boards where a trip ends. A departure whose time is not known counts in the day and
    in the week, and in no hour.

    Parameters
    ----------
    calls
        Of the feed.
    routes
        With `line` and `rail`, indexed by `route_id`.
    services
        Those of the service day.
    week
        Those of a usual Monday, Tuesday … Sunday.
    stop_count
        Number of stops.

    Returns
    -------
    DataFrame
        `stop_count` rows: `departures`, `headway_min`, `departures_by_hour`,
        `departures_by_weekday`, `lines`, `high_capacity`, `peak_routes`.
    """
    import numpy as np
    import pandas as pd

    leaving = _leaving(calls)
    service = calls.trips["service_id"]
    today = service.isin(services).to_numpy(dtype=bool)
    run, row = calls.of_runs(np.flatnonzero(today[calls.run_trip]), leaving)
    shift = calls.run_shift_s[today[calls.run_trip]]
    second = calls.times[row, 1] + shift[run]
    stop = calls.stop[row]
    by_hour = departures_by_hour(stop, second, stop_count)
    by_weekday = _by_weekday(calls, leaving, week, stop_count)
    runs_today = np.bincount(calls.run_trip, minlength=len(calls.trips)) * today
    boarded = leaving & (runs_today[calls.trip] > 0)
    headway_min = mean_headways_min(by_hour[:, list(BY_DAY)].sum(axis=1))
    seen = np.bincount(calls.stop[leaving], minlength=stop_count) > 0
    frame = pd.DataFrame(
        {
            "departures": np.bincount(stop, minlength=stop_count).astype(np.float64),
            "headway_min": headway_min,
            "departures_by_hour": _joined(by_hour, seen),
            "departures_by_weekday": _joined(by_weekday, seen),
        }
    )
    return (
        frame.join(_lines(calls, routes, boarded))
        .join(_in_the_peak(calls, routes, row, second))
        .assign(
            high_capacity=lambda f: f["high_capacity"].eq(other=True),
            lines=lambda f: f["lines"].fillna(""),
            peak_routes=lambda f: f["peak_routes"].fillna(""),
        )
    )


def lines_of(routes: pd.DataFrame, rail_types: frozenset[int]) -> pd.DataFrame:
    """`line`, the name that people know, and `rail`, whether of high capacity, by `route_id`."""
    import pandas as pd

    name = routes["route_short_name"].where(
        routes["route_short_name"] != "", routes["route_long_name"]
    )
    kind = numbers(routes["route_type"], decimal=".").values
    rail = [one in rail_types for one in kind]
    lines = pd.DataFrame({"line": name.to_numpy(), "rail": rail}, index=routes["route_id"])
    return lines[~lines.index.duplicated()]


def _leaving(calls: Calls) -> NDArray[np.bool_]:
    """(c,) whether people can board there, and go on to another stop."""
    import numpy as np

    last = np.diff(calls.trip, append=-1) != 0
    return np.asarray(calls.may_board & ~last & (calls.stop >= 0))


def _by_weekday(
    calls: Calls, leaving: NDArray[np.bool_], week: list[frozenset[str]], stop_count: int
) -> NDArray[np.int64]:
    """(stops, 7)"""
    import numpy as np

    runs = np.bincount(calls.run_trip, minlength=len(calls.trips))
    service = calls.trips["service_id"]
    columns = []
    for services in week:
        often = (runs * service.isin(services).to_numpy())[calls.trip[leaving]]
        columns.append(np.bincount(calls.stop[leaving], weights=often, minlength=stop_count))
    return np.column_stack(columns).astype(np.int64)


def _joined(counts: NDArray[np.int64], seen: NDArray[np.bool_]) -> list[str]:
    """Each row as numbers with commas between; empty for stops that nothing ever leaves from."""
    return [
        ",".join(map(str, row)) if there else ""
        for row, there in zip(counts.tolist(), seen, strict=True)
    ]


def _lines(calls: Calls, routes: pd.DataFrame, boarded: NDArray[np.bool_]) -> pd.DataFrame:
    """`lines` and `high_capacity` of the stops that something leaves from on the service day."""
    import pandas as pd

    route = calls.trips["route_id"].to_numpy()[calls.trip[boarded]]
    pairs = pd.DataFrame({"stop": calls.stop[boarded], "route": route}).drop_duplicates()
    pairs = pairs.join(routes, on="route")
    named: dict[int, set[str]] = {stop: set() for stop in sorted(set(pairs["stop"]))}
    there = pairs["line"].notna().to_numpy() & (pairs["line"] != "").to_numpy(dtype=bool)
    for stop, line in zip(pairs["stop"][there], pairs["line"][there], strict=True):
        named[stop].add(line)
    names = {stop: ", ".join(sorted(lines, key=_by_number)) for stop, lines in named.items()}
    rail = pairs["rail"].eq(other=True).groupby(pairs["stop"]).any()
    return pd.DataFrame({"lines": pd.Series(names, dtype="str"), "high_capacity": rail})


def _in_the_peak(
    calls: Calls, routes: pd.DataFrame, row: NDArray[np.int64], second: NDArray[np.float64]
) -> pd.Series[str]:
    """Of each stop, as JSON, its routes: id, whether rail, departures an hour, better direction."""
    import json

    import pandas as pd

    row = row[(second >= PEAK_S[0]) & (second < PEAK_S[1])]
    trips = calls.trips.iloc[calls.trip[row]]
    peak = pd.DataFrame(
        {
            "stop": calls.stop[row],
            "route": trips["route_id"].to_numpy(),
            "direction": trips["direction_id"].to_numpy(),
        }
    )
    counted = peak.groupby(["stop", "route", "direction"]).size()
    best = counted.groupby(["stop", "route"]).max().reset_index(name="per_hour")
    rail = routes["rail"].to_dict()
    by_stop: dict[int, list[tuple[str, bool, int]]] = {}
    for stop, route, per_hour in best.itertuples(index=False):
        by_stop.setdefault(stop, []).append((route, bool(rail.get(route, False)), int(per_hour)))
    found = {stop: json.dumps(entries) for stop, entries in by_stop.items()}
    return pd.Series(found, dtype="str", name="peak_routes")


def _by_number(line: str) -> tuple[int, str]:
    digits = "".join(letter for letter in line if letter.isdecimal())
    return (int(digits) if digits else 0, line)
