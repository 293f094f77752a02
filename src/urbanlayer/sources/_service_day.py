"""The one day whose timetable counts: a usual working day, or the day that the city file names."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.sources._choose import named

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.source import Request
    from urbanlayer.sources._feed import Feed

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
USUAL = (1, 2, 3)
"""Tuesday to Thursday: Mondays and Fridays differ in many feeds."""
LONGEST_SPAN_DAYS = 20 * 366
_ADDED, _REMOVED = "1", "2"


def service_day(
    feed: Feed, trips_of_service: pd.Series[int], request: Request
) -> tuple[dt.date, frozenset[str]]:
    """The day that counts, and the services that run on it.

    The Tuesday, Wednesday or Thursday with the most usual number of trips; of these the one in
    the middle, or the first after the date that the city file gives for the layer.

    Parameters
    ----------
    feed
        With `calendar.txt`, `calendar_dates.txt` or both.
    trips_of_service
        Number of trips, indexed by service.
    request
        Its `service_day` decides, where it is said.

    Raises
    ------
    SourceError
        If the feed has no calendar, or nothing runs on the day that is asked for.
    """
    import numpy as np

    days, services, runs = _calendar(feed, request)
    trips = runs @ trips_of_service.reindex(services, fill_value=0).to_numpy(dtype=np.int64)
    asked = request.spec.service_day
    if not (trips > 0).any():
        raise SourceError(f"{named(request)}: no trip runs on any day of its calendar")
    served = [day for day, count in zip(days, trips, strict=True) if count]
    if asked is not None:
        if asked not in served:
            raise SourceError(
                f"{named(request)}: nothing runs on {asked}; the feed has trips from {served[0]} "
                f"to {served[-1]}"
            )
        chosen = days.index(asked)
    else:
        chosen = _usual(days, trips, request.spec.date)
    return days[chosen], frozenset(
        service for service, on in zip(services, runs[chosen], strict=True) if on
    )


def _usual(days: list[dt.date], trips: NDArray[np.integer], after: dt.date | None) -> int:
    import numpy as np

    usual = np.array([day.weekday() in USUAL for day in days]) & (trips > 0)
    candidates = np.flatnonzero(usual if usual.any() else trips > 0)
    counts, times = np.unique(trips[candidates], return_counts=True)
    most_usual = counts[times == times.max()].max()
    same = [int(row) for row in candidates if trips[row] == most_usual]
    later = [row for row in same if after is not None and days[row] >= after]
    return later[0] if later else same[len(same) // 2]


def _calendar(feed: Feed, request: Request) -> tuple[list[dt.date], list[str], NDArray[np.bool_]]:
    """Days, services, and (days, services) whether a service runs."""
    import numpy as np

    weekly = feed.table(
        "calendar.txt", ("service_id", *WEEKDAYS, "start_date", "end_date"), needed=False
    )
    dates = feed.table("calendar_dates.txt", ("service_id", "date", "exception_type"), needed=False)
    if weekly.empty and dates.empty:
        raise SourceError(
            f"{named(request)}: it has neither calendar.txt nor calendar_dates.txt; nothing runs"
        )
    starts = [_date(text, request) for text in weekly["start_date"]]
    ends = [_date(text, request) for text in weekly["end_date"]]
    singles = [_date(text, request) for text in dates["date"]]
    first = min([*starts, *singles])
    span = min((max([*ends, *singles]) - first).days + 1, LONGEST_SPAN_DAYS)
    days = [first + dt.timedelta(days=number) for number in range(span)]
    services = sorted({*weekly["service_id"], *dates["service_id"]})
    row_of = {service: row for row, service in enumerate(services)}
    runs = np.zeros((span, len(services)), dtype=bool)
    weekday = np.array([day.weekday() for day in days])
    for number, service in enumerate(weekly["service_id"]):
        on = np.array([weekly[name].iloc[number].strip() == "1" for name in WEEKDAYS])
        low, high = (starts[number] - first).days, (ends[number] - first).days + 1
        runs[low:high, row_of[service]] |= on[weekday[low:high]]
    changes = zip(dates["service_id"], singles, dates["exception_type"], strict=True)
    for service, day, kind in changes:
        if (day - first).days < span:
            runs[(day - first).days, row_of[service]] = kind.strip() == _ADDED
    return days, services, runs


def _date(text: str, request: Request) -> dt.date:
    plain = text.strip().replace("-", "")
    try:
        return dt.date(int(plain[:4]), int(plain[4:6]), int(plain[6:8]))
    except ValueError as error:
        raise SourceError(f"{named(request)}: {text!r} is no date of a calendar") from error
