"""Which day of a feed counts: near the date that is asked for, with the usual service."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from urbanlayer.errors import SourceError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.note import Note
from urbanlayer.registry import sources

if TYPE_CHECKING:
    from pathlib import Path

    from urbanlayer.model.layer import RawLayer

HEADING = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date"
WORK = "W,1,1,1,1,1,0,0,20260601,20260630"
JUNE_30 = dt.date(2026, 6, 30)
"""A Tuesday."""


def layer(
    folder: Path, services: dict[str, int], calendar: list[str], dates: list[str] | None = None,
    *, as_of: dt.date | None = JUNE_30, **spec: object,
) -> RawLayer:  # fmt: skip
    """A feed with so many trips of each service from A to B, one a minute from noon on."""
    trips = [(f"{name}{n}", name, n) for name, count in services.items() for n in range(count)]
    tables = {
        "stops": ["stop_id,stop_lat,stop_lon", "A,42.44,19.26", "B,42.44,19.27"],
        "routes": ["route_id,route_short_name,route_type", "R,1,3"],
        "trips": ["route_id,service_id,trip_id", *(f"R,{of},{key}" for key, of, _ in trips)],
        "stop_times": [
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence",
            *(f"{key},12:{n:02}:00,12:{n:02}:00,A,1" for key, _, n in trips),
            *(f"{key},13:{n:02}:00,13:{n:02}:00,B,2" for key, _, n in trips),
        ],
    }
    if calendar:
        tables["calendar"] = [HEADING, *calendar]
    if dates:
        tables["calendar_dates"] = ["service_id,date,exception_type", *dates]
    for name, rows in tables.items():
        (folder / f"{name}.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    source = sources()["gtfs"]
    request = source.request(
        "stop", LayerSpec(path=".", source="gtfs", **spec), folder, as_of=as_of
    )
    raw = source.read([request])["stop"]
    assert raw.timetable is not None
    return raw


def day_of(raw: RawLayer) -> dt.date:
    (table,) = raw.timetable()
    return table.day


def test_the_usual_day_nearest_to_the_date_counts(tmp_path: Path) -> None:
    raw = layer(tmp_path, {"W": 5}, [WORK])
    assert day_of(raw) == JUNE_30
    # June 2026 has five Tuesdays, and four Wednesdays and Thursdays
    assert Note.of("service-day-usual", day=JUNE_30, trips=5, count=13, total=13) in raw.notes
    assert day_of(layer(tmp_path, {"W": 5}, [WORK], as_of=dt.date(2026, 6, 12))) == dt.date(
        2026, 6, 11
    )


def test_the_date_of_the_layer_comes_before_that_of_the_city_file(tmp_path: Path) -> None:
    assert day_of(layer(tmp_path, {"W": 5}, [WORK], date=dt.date(2026, 6, 3))) == dt.date(
        2026, 6, 3
    )


def test_what_is_left_over_of_an_old_service_is_no_usual_day(tmp_path: Path) -> None:
    old = "O,1,1,1,1,1,1,1,20190101,20301231"
    raw = layer(tmp_path, {"W": 3, "O": 1}, [WORK, old])
    assert day_of(raw) == JUNE_30
    assert raw.frame["departures"].tolist() == [4, 0]
    assert raw.frame["departures_by_weekday"].tolist()[0] == "4,4,4,4,4,1,1"
    (left,) = [note for note in raw.notes if note.code == "days-of-little-service"]
    assert dict(left.values)["last"] == dt.date(2030, 12, 31)


@pytest.mark.parametrize(
    "placeholder", ["20000101,20000131", "20000101,20011231", "19000101,19000102"]
)
def test_a_placeholder_of_long_ago_takes_no_day_away(placeholder: str, tmp_path: Path) -> None:
    rows = [f"P,1,1,1,1,1,1,1,{placeholder}", WORK, "E,0,0,0,0,0,0,0,20260601,99991231"]
    raw = layer(tmp_path, {"W": 3, "P": 9, "E": 1}, rows)
    assert day_of(raw) == JUNE_30
    assert raw.frame["departures"].tolist() == [3, 0]


def test_a_leftover_that_is_near_does_not_hide_a_full_timetable_of_long_ago(tmp_path: Path) -> None:
    rows = ["W,1,1,1,1,1,0,0,20190601,20190630", "O,1,1,1,1,1,1,1,20190101,20301231"]
    raw = layer(tmp_path, {"W": 40, "O": 1}, rows)
    assert day_of(raw) == dt.date(2019, 6, 27)
    far = Note.of("service-day-far", day=dt.date(2019, 6, 27), wanted=JUNE_30)
    assert far in raw.notes


def test_holidays_are_not_the_usual_day(tmp_path: Path) -> None:
    # nothing of the week runs on the last Tuesday and Wednesday, and a few trips in their place
    dates = [f"{service},202606{day},{kind}" for day in (24, 25, 30) for service, kind in
             (("W", 2), ("H", 1))]  # fmt: skip
    raw = layer(tmp_path, {"W": 20, "H": 4}, [WORK], dates)
    assert day_of(raw) == dt.date(2026, 6, 23)


def test_a_day_with_more_trips_than_all_others_is_an_event(tmp_path: Path) -> None:
    dates = ["E,20260630,1", "E,20260624,1"]
    raw = layer(tmp_path, {"W": 5, "E": 50}, [WORK], dates)
    assert day_of(raw) == dt.date(2026, 6, 25)


def test_holidays_of_the_summer_count_where_the_date_lies_in_them(tmp_path: Path) -> None:
    rows = ["W,1,1,1,1,1,0,0,20260101,20260614", "S,1,1,1,1,1,0,0,20260615,20260831"]
    raw = layer(tmp_path, {"W": 5, "S": 3}, rows, as_of=dt.date(2026, 7, 29))
    assert raw.frame["departures"].tolist() == [3, 0]
    raw = layer(tmp_path, {"W": 5, "S": 3}, rows, as_of=dt.date(2026, 4, 1))
    assert raw.frame["departures"].tolist() == [5, 0]


def test_of_single_dates_the_middle_number_of_trips_is_usual(tmp_path: Path) -> None:
    # three Tuesdays with 4, 6 and 5 trips
    dates = ["A,20260616,1", "A,20260623,1", "B,20260623,1", "A,20260630,1", "C,20260630,1"]
    raw = layer(tmp_path, {"A": 4, "B": 2, "C": 1}, [], dates)
    assert day_of(raw) == JUNE_30
    assert raw.frame["departures"].tolist() == [5, 0]


def test_a_feed_of_weekends_alone_has_a_day(tmp_path: Path) -> None:
    raw = layer(tmp_path, {"S": 2}, ["S,0,0,0,0,0,1,1,20260601,20260630"])
    assert day_of(raw) == dt.date(2026, 6, 28)
    assert raw.frame["departures_by_weekday"].tolist()[0] == "0,0,0,0,0,2,2"


def test_a_named_day_decides_and_is_reported(tmp_path: Path) -> None:
    sunday = dt.date(2026, 6, 7)
    rows = [WORK, "S,0,0,0,0,0,0,1,20260601,20260630"]
    raw = layer(tmp_path, {"W": 5, "S": 2}, rows, service_day=sunday)
    assert day_of(raw) == sunday
    assert Note.of("service-day-named", day=sunday) in raw.notes
    with pytest.raises(SourceError, match="nothing runs on 2026-06-06"):
        layer(tmp_path, {"W": 5, "S": 2}, rows, service_day=dt.date(2026, 6, 6))


def test_stops_keep_the_departures_of_the_day_whatever_the_week_has(tmp_path: Path) -> None:
    # the named Tuesday has a service that no usual week has
    raw = layer(
        tmp_path, {"W": 5, "X": 2}, [WORK], ["X,20260609,1"], service_day=dt.date(2026, 6, 9)
    )
    assert raw.frame["departures"].tolist() == [7, 0]
