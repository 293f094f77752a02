"""The one day whose timetable counts: a usual working day, or the day that the city file names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.errors import NoServiceError, SourceError
from urbanlayer.model.note import Note
from urbanlayer.sources._choose import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.source import Request
    from urbanlayer.sources._feed import Feed

    _Weeks = tuple[int, int, tuple[bool, ...]]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
USUAL = (1, 2, 3)
"""Tuesday to Thursday: Mondays and Fridays differ in many feeds."""
REACH_DAYS = 5 * 366
"""Days farther than this from the requested date do not count, if there are nearer ones."""
AROUND_DAYS = 30
"""The usual number of trips is that of the days within this of the nearest day of full service."""
FAR_DAYS = 60
"""A timetable that is farther than this from the requested date is reported."""
RARE_DAYS = 2
"""Days with more trips than all but so many do not show what full service is: events."""
LITTLE = 10
"""Times fewer trips than at any time: such service is left over, however near it is."""
LONGEST_DAYS = 50 * 366
"""Days farther than this from the service nearest to the date are never looked at."""
_ADDED, _REMOVED = "1", "2"
_RUNS, _RUNS_NOT = ("1", "true"), ("0", "false", "")
"""What stands for a weekday in `calendar.txt`, also where a table program saved it."""


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """When the services of a feed run.

    Attributes
    ----------
    days
        n days, one after another.
    weekly
        Service to its spans of days: first row, row after the last, and (7,) whether it runs on
        Monday, Tuesday …
    single
        Service to rows of days on which it runs, or does not, whatever its weeks are.
    trips
        (n,) how many trips run on a day.
    wanted
        The date that the timetable is to be of: the layer's, else that of the city file; None:
        any.
    notes
        How many trips never run, since no calendar has their service.
    """

    days: list[dt.date]
    weekly: Mapping[str, list[_Weeks]]
    single: Mapping[str, Mapping[int, bool]]
    trips: NDArray[np.int64]
    wanted: dt.date | None
    notes: tuple[Note, ...] = ()

    def services_on(self, row: int) -> frozenset[str]:
        """The services of a day, by its row."""
        weekday = self.days[row].weekday()
        return frozenset(
            service
            for service in {*self.weekly, *self.single}
            if self.single.get(service, {}).get(
                row, _in_weeks(self.weekly.get(service, ()), row, weekday)
            )
        )

    def chosen(self, request: Request, service_day: dt.date | None) -> tuple[int, tuple[Note, ...]]:
        """Row of the day that counts, and why it does.

        Days on which less than half of the trips of full service run do not count: holidays, and
        what is left over of services that ended. Of the Tuesdays, Wednesdays and Thursdays around
        the one nearest to the date that is wanted, it is the nearest with the most usual number of
        trips. The city file's `service_day` decides, where it is given.

        Raises
        ------
        SourceError
            If nothing runs on the requested day.
        """
        if service_day is None:
            row = self._usual(USUAL, self.wanted)
            return row, self._reasons(row)
        served = [day for day, count in zip(self.days, self.trips, strict=True) if count]
        if service_day not in served:
            raise SourceError(
                f"{named(request)}: nothing runs on {service_day}; the feed has trips "
                f"from {served[0]} to {served[-1]}"
            )
        return self.days.index(service_day), (Note.of("service-day-named", day=service_day),)

    def of_a_week(self, row: int) -> list[frozenset[str]]:
        """The services of a usual Monday, Tuesday … Sunday around a day, given by its row.

        Those of a weekday on which nothing runs then are none.
        """
        import numpy as np

        near = np.abs(np.arange(len(self.days)) - row) <= AROUND_DAYS
        week = []
        for weekday in range(7):
            on = near & self._served((weekday,))
            found = self._usual((weekday,), self.days[row], among=near) if on.any() else None
            week.append(frozenset() if found is None else self.services_on(found))
        return week

    def _served(self, weekdays: tuple[int, ...]) -> NDArray[np.bool_]:
        import numpy as np

        return np.array([day.weekday() in weekdays for day in self.days]) & (self.trips > 0)

    def _full(
        self, weekdays: tuple[int, ...], among: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """Rows of the days of some weekdays with at least half of the trips of full service."""
        import numpy as np

        served = self._served(weekdays)
        served = served if among is None else served & among
        rows = np.flatnonzero(served if served.any() else self.trips > 0)
        full = _full_service(self.trips[rows])
        if self.wanted is not None:
            ordinals = np.array([self.days[row].toordinal() for row in rows])
            near = rows[np.abs(ordinals - self.wanted.toordinal()) <= REACH_DAYS]
            of_near = _full_service(self.trips[near]) if len(near) else 0
            if of_near * LITTLE >= full:
                rows, full = near, of_near
        return rows[self.trips[rows] * 2 >= full]

    def _usual(
        self,
        weekdays: tuple[int, ...],
        wanted: dt.date | None,
        among: NDArray[np.bool_] | None = None,
    ) -> int:
        import numpy as np

        full = self._full(weekdays, among)
        around, centre = full, None
        if wanted is not None:
            centre = self._nearest(full, wanted)
            around = full[np.abs(full - centre) <= AROUND_DAYS]
        counts, times = np.unique(self.trips[around], return_counts=True)
        usual = counts[times == times.max()].max()
        if times.max() == 1:  # each day has its own number: the middle one
            usual = counts[len(counts) // 2]
        same = around[self.trips[around] == usual]
        middle = int(same[len(same) // 2])
        return middle if centre is None else self._nearest(same, self.days[centre])

    def _nearest(self, rows: NDArray[np.int64], day: dt.date) -> int:
        """The row of the day nearest to one; of two as near the later."""
        return int(min(rows[::-1], key=lambda row: abs(self.days[row] - day)))

    def _reasons(self, row: int) -> tuple[Note, ...]:
        import numpy as np

        day, full = self.days[row], self._full(USUAL)
        around = full[np.abs(full - row) <= AROUND_DAYS]
        alike = int((self.trips[around] == self.trips[row]).sum())
        notes = [
            Note.of("service-day-usual", day=day, trips=int(self.trips[row]), count=alike,
                    total=len(around))
        ]  # fmt: skip
        served = np.flatnonzero(self._served(USUAL))
        few = np.setdiff1d(served, full)
        if len(few):
            first, last = self.days[few[0]], self.days[few[-1]]
            notes.append(Note.of("days-of-little-service", count=len(few), first=first, last=last))
        if self.wanted is not None and abs(day - self.wanted).days > FAR_DAYS:
            notes.append(Note.of("service-day-far", day=day, wanted=self.wanted))
        return tuple(notes)


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

    days, weekly, single = _calendar(feed, request)
    trips = np.zeros(len(days), dtype=np.int64)
    weekday = np.array([day.weekday() for day in days])
    for service, count in trips_of_service.items():
        weeks, exceptions = weekly.get(str(service), []), single.get(str(service), {})
        runs = np.zeros(len(days), dtype=bool)
        for low, high, on in weeks:
            runs[low:high] |= np.array(on)[weekday[low:high]]
        runs[list(exceptions)] = list(exceptions.values())
        trips += runs * count
    if not (trips > 0).any():
        raise NoServiceError(
            f"{named(request)}: no trip runs on any day of its calendar; look at the dates and "
            "service_ids in calendar.txt and calendar_dates.txt, or request a new feed"
        )
    dated = trips_of_service.index.isin([*weekly, *single])
    never = int(trips_of_service[~dated].sum())
    notes = (Note.of("trips-without-calendar", count=never),) if never else ()
    return Calendar(days, weekly, single, trips, _wanted(request), notes)


def _full_service(trips: NDArray[np.int64]) -> int:
    """The largest number of trips that more than a few days have."""
    counts = sorted(trips.tolist(), reverse=True)
    return int(counts[RARE_DAYS] if len(counts) > RARE_DAYS else counts[0])


def _in_weeks(weeks: Sequence[_Weeks], row: int, weekday: int) -> bool:
    return any(low <= row < high and on[weekday] for low, high, on in weeks)


def _wanted(request: Request) -> dt.date | None:
    return request.spec.date or request.as_of


def _calendar(
    feed: Feed, request: Request
) -> tuple[list[dt.date], dict[str, list[_Weeks]], dict[str, dict[int, bool]]]:
    """Days, and by service its weeks and its exceptions."""
    weekly = feed.table(
        "calendar.txt", ("service_id", *WEEKDAYS, "start_date", "end_date"), needed=False
    )
    dates = feed.table("calendar_dates.txt", ("service_id", "date", "exception_type"), needed=False)
    if weekly.empty and dates.empty:
        raise NoServiceError(
            f"{named(request)}: it has neither calendar.txt nor calendar_dates.txt, and so nothing "
            "runs; request the whole feed"
        )
    starts = [_date(text, request) for text in weekly["start_date"]]
    ends = [_date(text, request) for text in weekly["end_date"]]
    singles = [_date(text, request) for text in dates["date"]]
    strange = dates["exception_type"][~dates["exception_type"].isin([_ADDED, _REMOVED])]
    if len(strange):
        raise SourceError(
            f"{named(request)}: calendar_dates.txt has {strange.iloc[0]!r} for exception_type, "
            "where 1 means that the service runs on the date and 2 that it does not"
        )
    spans = [*zip(starts, ends, strict=True), *((day, day) for day in singles)]
    first, last = _window(spans, _wanted(request))
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    weeks: dict[str, list[_Weeks]] = {}
    on = _flags(weekly, request)
    for service, begin, end, runs in zip(weekly["service_id"], starts, ends, on, strict=True):
        low, high = max((begin - first).days, 0), max((end - first).days + 1, 0)
        weeks.setdefault(service, []).append((low, high, tuple(runs)))
    single: dict[str, dict[int, bool]] = {}
    changes = zip(dates["service_id"], singles, dates["exception_type"], strict=True)
    for service, day, kind in changes:
        if first <= day <= last:
            single.setdefault(service, {})[(day - first).days] = kind == _ADDED
    return days, weeks, single


def _flags(weekly: pd.DataFrame, request: Request) -> list[list[bool]]:
    """Whether each service runs on Monday, Tuesday …, as `calendar.txt` says it.

    Raises
    ------
    SourceError
        A value is neither 1 nor 0.
    """
    texts = weekly[list(WEEKDAYS)].apply(lambda column: column.str.casefold())
    strange = texts.to_numpy()[~texts.isin([*_RUNS, *_RUNS_NOT]).to_numpy()]
    if len(strange):
        raise SourceError(
            f"{named(request)}: calendar.txt has {strange[0]!r} for a weekday, where 1 means that "
            "the service runs and 0 that it does not"
        )
    flags: list[list[bool]] = texts.isin(_RUNS).to_numpy(dtype=bool).tolist()
    return flags


def _window(
    spans: Iterable[tuple[dt.date, dt.date]], wanted: dt.date | None
) -> tuple[dt.date, dt.date]:
    """First and last day that count: near the wanted date, or else near the service nearest to it.

    A placeholder of 2000 or a service left over until 2099 so takes no other day's place.
    """
    proper = [(begin, end) for begin, end in spans if begin <= end]
    if not proper:
        proper = [(end, begin) for begin, end in spans]
    first, last = min(begin for begin, _ in proper), max(end for _, end in proper)
    centre = wanted
    if centre is None:  # the middle of the newest service
        centre = max(begin + (end - begin) / 2 for begin, end in proper)
    nearest = min(
        (min(max(centre, begin), end) for begin, end in proper), key=lambda day: abs(day - centre)
    )
    reach = dt.timedelta(days=LONGEST_DAYS)
    low = first if nearest - first <= reach else nearest - reach
    high = last if last - nearest <= reach else nearest + reach
    return low, high


def _date(text: str, request: Request) -> dt.date:
    plain = text.strip().replace("-", "")
    try:
        return dt.date(int(plain[:4]), int(plain[4:6]), int(plain[6:8]))
    except ValueError as error:
        raise SourceError(f"{named(request)}: {text!r} is no date of a calendar") from error
