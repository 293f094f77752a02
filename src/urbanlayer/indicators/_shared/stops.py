"""Departures and routes at stops of public transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.indicators._shared.results import numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City


def peak_routes(
    city: City, role: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """The routes that depart from each stop in the morning peak.

    Parameters
    ----------
    role
        A layer with `peak_routes`: of each stop a JSON list of route, whether it is rail, and
        departures an hour in its better direction.

    Returns
    -------
    stop, route
        (k,) rows, each pair once; routes are numbered in the order of their ids.
    per_hour
        (k,) departures.
    is_rail
        (routes,) whether each is rail.
    """
    import json

    import numpy as np

    listed = [json.loads(text) if text else [] for text in city.layers[role].frame["peak_routes"]]
    rail = {str(name): bool(kind) for routes in listed for name, kind, _ in routes}
    number = {name: row for row, name in enumerate(sorted(rail))}
    served = [
        (stop, number[str(name)], float(per_hour))
        for stop, routes in enumerate(listed)
        for name, _, per_hour in routes
    ]
    table = np.array(served, dtype=np.float64).reshape(-1, 3)
    is_rail = np.array([rail[name] for name in sorted(rail)], dtype=bool)
    return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2], is_rail


def departures_between(
    city: City, role: str, since_hour: float, until_hour: float
) -> NDArray[np.float64]:
    """(n,) departures of each stop between two full hours; NaN if unknown.

    Parameters
    ----------
    role
        A layer with `departures_by_hour` (numbers joined by commas, from midnight on), or with
        `departures` alone, then used for the requested hours.
    since_hour, until_hour
        Full hours of the service day.
    """
    import numpy as np

    frame = city.layers[role].frame
    if "departures_by_hour" not in frame:
        return numbers(city, role, "departures")
    hours = slice(round(since_hour), round(until_hour))
    return np.array(
        [
            sum(float(number) for number in str(text).split(",")[hours] if number)
            for text in frame["departures_by_hour"]
        ],
        dtype=np.float64,
    )


def is_high_capacity(city: City, role: str) -> NDArray[np.bool_]:
    """(n,) True for stops of trains, metro or ferries; False if unknown.

    Parameters
    ----------
    role
        A layer that may have `high_capacity`, as timetables have.
    """
    import numpy as np

    frame = city.layers[role].frame
    if "high_capacity" not in frame:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(frame["high_capacity"].fillna(value=False).to_numpy(dtype=bool))
