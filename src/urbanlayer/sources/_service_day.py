"""The one day whose timetable counts: a usual working day, or the day that the city file names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.errors import NoServiceError, SourceError
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


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """When the services of a feed run.

    Attributes
    ----------
    days
        n days, one after another.
    services
        m services.
    runs
        (n, m) whether a service runs on a day.
    trips
        (n,) how many trips run on a day.
    """

    days: list[dt.date]
    services: list[str]
    runs: NDArray[np.bool_]
    trips: NDArray[np.integer]

    def services_on(self, row: int) -> frozenset[str]:
        """The services of a day, by its row."""
        return frozenset(
            service for service, on in zip(self.services, self.runs[row], strict=True) if on
        )

    def chosen(self, request: Request, service_day: dt.date | None) -> int:
        """Row of the day that counts.

        The Tuesday, Wednesday or Thursday with the most usual number of trips; of these the one in
        the middle, or the first after the date that the city file gives for the layer. The city
        file's `service_day` decides, where it is said.

        Raises
        ------
        SourceError
            If nothing runs on the day that is asked for.
        """
        if service_day is None:
            return self._usual(USUAL, request.spec.date)
        served = [day for day, count in zip(self.days, self.trips, strict=True) if count]
        if service_day not in served:
            raise SourceError(
                f"{named(request)}: nothing runs on {service_day}; the feed has trips "
                f"from {served[0]} to {served[-1]}"
            )
        return self.days.index(service_day)

    def of_a_week(self, request: Request) -> list[frozenset[str]]:
        """The services of a usual Monday, Tuesday … Sunday; none where nothing ever runs then."""
        week = []
        for weekday in range(7):
            on = any(
                count and day.weekday() == weekday
                for day, count in zip(self.days, self.trips, strict=True)
            )
            row = self._usual((weekday,), request.spec.date) if on else None
            week.append(frozenset() if row is None else self.services_on(row))
        return week

    def _usual(self, weekdays: tuple[int, ...], after: dt.date | None) -> int:
        import numpy as np

        usual = np.array([day.weekday() in weekdays for day in self.days]) & (self.trips > 0)
        candidates = np.flatnonzero(usual if usual.any() else self.trips > 0)
        counts, times = np.unique(self.trips[candidates], return_counts=True)
        most_usual = counts[times == times.max()].max()
        same = [int(row) for row in candidates if self.trips[row] == most_usual]
        later = [row for row in same if after is not None and self.days[row] >= after]
        return later[0] if later else same[len(same) // 2]


def calendar(feed: Feed, trips_of_service: pd.Series[int], request: Request) -> Calendar:
    """When the services of a feed run, and how many trips that makes each day.

    Parameters
    ----------
    feed
        With `calendar.txt`, `calendar_dates.txt` or both.
    trips_of_service
        Number of trips, indexed by service.
    request
        Named in errors.

    Raises
    ------
    NoServiceError
        If the feed has no calendar, or nothing runs on any day of it.
    """
    import numpy as np

    days, services, runs = _calendar(feed, request)
    trips = runs @ trips_of_service.reindex(services, fill_value=0).to_numpy(dtype=np.int64)
    if not (trips > 0).any():
        raise NoServiceError(
            f"{named(request)}: no trip runs on any day of its calendar; look at the dates and "
            "service_ids in calendar.txt and calendar_dates.txt, or ask for the feed anew"
        )
    return Calendar(days, services, runs, trips)


def _calendar(feed: Feed, request: Request) -> tuple[list[dt.date], list[str], NDArray[np.bool_]]:
    """Days, services, and (days, services) whether a service runs."""
    import numpy as np

    weekly = feed.table(
        "calendar.txt", ("service_id", *WEEKDAYS, "start_date", "end_date"), needed=False
    )
    dates = feed.table("calendar_dates.txt", ("service_id", "date", "exception_type"), needed=False)
    if weekly.empty and dates.empty:
        raise NoServiceError(
            f"{named(request)}: it has neither calendar.txt nor calendar_dates.txt, and so nothing "
            "runs; ask for the whole feed"
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
