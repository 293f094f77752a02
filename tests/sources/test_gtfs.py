"""Timetables: small feeds written by the tests, and those of two cities."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import pytest
from intake import reasons, said, take
from requested import requested

from urbanlayer.errors import SourceError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.sources.gtfs import read
from urbanlayer.text.clock_times import seconds

SHARED = Path(__file__).parents[3] / "shared/data"
FEED = {
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type\n"
        "A,Šćepan,42.4411,19.2636,0\nB,Ribnica,42.4421,19.2656,\nC,Kraj,42.4431,19.2676,0\n"
        "D,Bez linije,42.4401,19.2616,0\nS,Stanica,42.4411,19.2636,1\n"
    ),
    "routes.txt": "route_id,route_short_name,route_type\nR1,12,3\nR2,2,3\n",
    "trips.txt": "route_id,service_id,trip_id\nR1,WK,T1\nR1,WK,T2\nR2,WK,T3\nR2,SU,T4\n",
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "T1,7:50:00,8:00:00,A,1\nT1,8:05:00,8:05:00,B,2\nT1,8:10:00,8:10:00,C,10\n"
        "T2,24:30:00,24:30:00,A,1\nT2,24:35:00,24:35:00,B,2\n"
        "T3,9:00:00,9:00:00,B,1\nT3,9:10:00,9:10:00,A,2\n"
        "T4,10:00:00,10:00:00,A,1\nT4,10:10:00,10:10:00,B,2\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "WK,1,1,1,1,1,0,0,20260601,20260630\nSU,0,0,0,0,0,0,1,20260601,20260630\n"
    ),
}


def feed(folder: Path, *, without: tuple[str, ...] = (), **files: str | bytes) -> Path:
    texts: dict[str, str | bytes] = {
        **FEED,
        **{name.replace("_txt", ".txt"): text for name, text in files.items()},
    }
    with zipfile.ZipFile(folder / "feed.zip", "w") as archive:
        for name, text in texts.items():
            if name not in without:
                archive.writestr(name, text)
    return folder / "feed.zip"


def stops(path: Path, **says: object):
    return take(path, role="stop", source="gtfs", **says)


def test_departures_are_those_that_people_can_board(tmp_path: Path) -> None:
    # A: T1 and T2 leave; T3 ends there. B: T1 and T3 leave; T2 ends there. C: T1 ends there.
    layer = stops(feed(tmp_path))
    assert layer.frame["departures"].to_dict() == {"A": 2, "B": 2, "C": 0, "D": 0}
    assert layer.frame["lines"].to_dict() == {"A": "12", "B": "2, 12", "C": "", "D": ""}
    assert "Stops without a departure on that day, kept with 0: 2" in said(layer)
    assert "Stations and entrances of stops.txt left out: 1" in said(layer)


def test_stops_of_trains_have_high_capacity(tmp_path: Path) -> None:
    # line 12 leaves A and B, line 2 leaves B; route_type 2 is rail, 0 a tram
    routes = FEED["routes.txt"].replace("R2,2,3", "R2,2,2").replace("R1,12,3", "R1,12,0")
    layer = stops(feed(tmp_path, routes_txt=routes))
    high = layer.frame["high_capacity"].to_dict()
    assert high == {"A": False, "B": True, "C": False, "D": False}


def test_the_hours_of_a_service_day_run_past_midnight(tmp_path: Path) -> None:
    by_hour = stops(feed(tmp_path)).frame.loc["A", "departures_by_hour"].split(",")
    assert by_hour[8] == "1"
    assert by_hour[24] == "1"
    assert sum(map(int, by_hour)) == 2


def test_a_week_has_its_days(tmp_path: Path) -> None:
    # T1 and T2 leave A from Monday to Friday, T4 on Sundays
    assert stops(feed(tmp_path)).frame.loc["A", "departures_by_weekday"] == "2,2,2,2,2,0,1"


def test_a_time_that_is_not_told_lies_between_its_neighbours(tmp_path: Path) -> None:
    # T1 leaves A at 8:00 and reaches C at 10:10; B in between has no time
    times = FEED["stop_times.txt"].replace("T1,8:05:00,8:05:00,B", "T1,,,B")
    times = times.replace("T1,8:10:00,8:10:00,C", "T1,10:10:00,10:10:00,C")
    by_hour = stops(feed(tmp_path, stop_times_txt=times)).frame.loc["B", "departures_by_hour"]
    assert by_hour.split(",")[9] == "2"  # T1 at 9:05, and T3 at 9:00


def test_the_service_day_is_a_usual_working_day(tmp_path: Path) -> None:
    assert any(day in said(stops(feed(tmp_path))) for day in ("Tuesday", "Wednesday", "Thursday"))


def test_a_service_day_can_be_named(tmp_path: Path) -> None:
    layer = stops(feed(tmp_path), service_day=dt.date(2026, 6, 7))  # a Sunday: T4 alone
    assert layer.frame["departures"].to_dict() == {"A": 1, "B": 0, "C": 0, "D": 0}


def test_a_day_without_service_is_refused_with_the_valid_span(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"nothing runs on 2027-01-01.*from 2026-06-01 to 2026-06-30"
    ):
        stops(feed(tmp_path), service_day=dt.date(2027, 1, 1))


def test_calendar_dates_alone_make_a_calendar(tmp_path: Path) -> None:
    dates = "service_id,date,exception_type\nWK,20260603,1\nSU,20260607,1\n"
    path = feed(tmp_path, without=("calendar.txt",), calendar_dates_txt=dates)
    layer = stops(path)
    assert "2026-06-03" in said(layer)
    assert layer.frame["departures"].sum() == 4


def test_a_day_taken_out_of_the_calendar_has_no_service(tmp_path: Path) -> None:
    dates = "service_id,date,exception_type\nWK,20260603,2\n"
    with pytest.raises(SourceError, match="nothing runs on 2026-06-03"):
        stops(feed(tmp_path, calendar_dates_txt=dates), service_day=dt.date(2026, 6, 3))


def test_a_feed_without_a_calendar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"neither calendar\.txt nor calendar_dates\.txt"):
        stops(feed(tmp_path, without=("calendar.txt",)))


@pytest.mark.parametrize(
    "text", ["", "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"]
)
def test_a_feed_without_stop_times_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"stop_times\.txt (is empty|holds no rows)"):
        stops(feed(tmp_path, stop_times_txt=text))
    with pytest.raises(SourceError, match=r"stop_times\.txt is not in the feed"):
        stops(feed(tmp_path, without=("stop_times.txt",)))


def test_a_trip_told_by_its_frequency_counts_as_often_as_it_runs(tmp_path: Path) -> None:
    # every 15 minutes from 6:00 until before 8:00: eight runs of T1
    rows = "trip_id,start_time,end_time,headway_secs\nT1,6:00:00,8:00:00,900\n"
    layer = stops(feed(tmp_path, frequencies_txt=rows))
    assert layer.frame["departures"].to_dict() == {"A": 8 + 1, "B": 8 + 1, "C": 0, "D": 0}
    assert layer.frame.loc["A", "departures_by_hour"].split(",")[6] == "4"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1250", "utf-8"])
def test_names_keep_their_letters(encoding: str, tmp_path: Path) -> None:
    path = feed(tmp_path, stops_txt=FEED["stops.txt"].encode(encoding))
    assert stops(path).frame.loc["A", "name"] == "Šćepan"


def test_a_feed_in_a_subfolder_or_a_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "feed" / "gtfs").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as archive:
        for name, text in FEED.items():
            archive.writestr(f"gtfs/{name}", text)
            (tmp_path / "feed" / "gtfs" / name).write_text(text, encoding="utf-8")
    assert len(stops(tmp_path / "feed.zip")) == len(stops(tmp_path / "feed")) == 4


def test_stops_without_a_place_are_set_aside_and_strangers_are_told(tmp_path: Path) -> None:
    nowhere = FEED["stops.txt"] + "N,Nigdje,,,0\nZ,Nula,0,0,0\n"
    times = FEED["stop_times.txt"] + "T1,8:20:00,8:20:00,X,11\n"
    layer = stops(feed(tmp_path, stops_txt=nowhere, stop_times_txt=times))
    assert reasons(layer) == ["null-geometry", "zero-coordinates"]
    assert "Stop times whose stop is not in stops.txt: 1" in said(layer)


def test_what_a_table_program_saves_is_read_as_it_was_meant(tmp_path: Path) -> None:
    # 42.4411 as "42,4411", 8:05:00 as 8:05:00 AM, 24:30:00 as 12:30:00 AM, 1 as TRUE
    stops_txt = re.sub(r"(\d+)\.(\d+)", r'"\1,\2"', FEED["stops.txt"])
    times = FEED["stop_times.txt"].replace("24:3", "12:3")
    times = re.sub(r"\d+:\d\d:00", r"\g<0> AM", times)
    calendar = FEED["calendar.txt"].replace(",1", ",TRUE").replace(",0", ",FALSE")
    changed = {"stops_txt": stops_txt, "stop_times_txt": times, "calendar_txt": calendar}
    layer = stops(feed(tmp_path, **changed))
    plain = stops(feed(tmp_path))
    assert (layer.frame.geometry == plain.frame.geometry).all()
    by_hour = layer.frame.loc["A", "departures_by_hour"].split(",")
    assert (by_hour[8], by_hour[0]) == ("1", "1")


@pytest.mark.parametrize("form", ["Stop_Id", ";", "\t", "\r"])
def test_a_feed_is_the_same_in_other_capitals_with_other_separators_and_ends_of_lines(
    form: str, tmp_path: Path
) -> None:
    def changed(text: str) -> str:
        heading, rows = text.split("\n", 1)
        if form == "Stop_Id":
            return f"{heading.title()}\n{rows}"
        return text.replace("\n" if form == "\r" else ",", form)

    files = {name.replace(".", "_"): changed(text) for name, text in FEED.items()}
    layer, plain = stops(feed(tmp_path, **files)), stops(feed(tmp_path))
    assert layer.frame.to_csv() == plain.frame.to_csv()


@pytest.mark.parametrize(
    ("name", "old", "new", "note"),
    [
        ("trips.txt", "R2,WK,T3", "R2,WX,T3", "Trips that never run, .*has their `service_id`: 1"),
        ("trips.txt", "R2,WK,T3", "R9,WK,T3", r"Trips whose route is not in routes\.txt .*: 1\."),
        ("routes.txt", "R2,2,3", "R2,2,bus", r"Trips whose route .* has no `route_type`, .*: 2\."),
        (
            "trips.txt",
            "R2,SU",
            "R1,WK,T9\nR2,SU",
            r"Trips .* that have no stop times, .*: 1 \(T9\)",
        ),
    ],
)
def test_trips_that_other_files_do_not_know_are_counted(
    name: str, old: str, new: str, note: str, tmp_path: Path
) -> None:
    text = FEED[name].replace(old, new)
    assert re.search(note, said(stops(feed(tmp_path, **{name.replace(".", "_"): text}))))
    assert not re.search(note, said(stops(feed(tmp_path))))


def test_a_station_at_which_trips_call_is_a_stop(tmp_path: Path) -> None:
    # A is of location_type 1, as S, at which nothing calls
    stations = FEED["stops.txt"].replace("42.4411,19.2636,0", "42.4411,19.2636,1")
    layer = stops(feed(tmp_path, stops_txt=stations))
    assert layer.frame["departures"].to_dict() == {"A": 2, "B": 2, "C": 0, "D": 0}
    assert "Stations and entrances of stops.txt left out: 1" in said(layer)


def test_a_stop_is_boarded_by_wheelchair_as_it_or_else_its_station_says(tmp_path: Path) -> None:
    # A: 2, not possible; B: 0, so as its station S, 1; C: 1; D: nothing known
    told = {"A": "2,", "B": "0,S", "C": "1,S", "D": ",", "S": "1,"}
    heading, *rows = FEED["stops.txt"].splitlines()
    rows = [f"{row},{told[row[0]]}" for row in rows]
    table = "\n".join([f"{heading},wheelchair_boarding,parent_station", *rows])
    layer = stops(feed(tmp_path, stops_txt=table), step_free="wheelchair_boarding")
    assert layer.frame["step_free"].to_dict() == {"A": False, "B": True, "C": True, "D": False}


def test_an_exception_that_neither_adds_nor_removes_is_refused(tmp_path: Path) -> None:
    dates = "service_id,date,exception_type\nWK,20260624,\n"
    with pytest.raises(SourceError, match=r"calendar_dates\.txt has '' for exception_type"):
        stops(feed(tmp_path, calendar_dates_txt=dates))


def test_names_of_files_in_capitals_are_those_of_a_feed(tmp_path: Path) -> None:
    layer = stops(feed(tmp_path, without=("stops.txt",), STOPS_txt=FEED["stops.txt"]))
    assert len(layer) == 4


def test_a_weekday_that_is_neither_0_nor_1_is_refused(tmp_path: Path) -> None:
    calendar = FEED["calendar.txt"].replace(",1", ",x")
    with pytest.raises(SourceError, match=r"calendar\.txt has 'x' for a weekday"):
        stops(feed(tmp_path, calendar_txt=calendar))


def test_a_zip_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "feed.zip").write_text("<html>404</html>")
    with pytest.raises(SourceError, match="neither a zip nor a folder"):
        stops(tmp_path / "feed.zip")


def test_times_sort_as_seconds_and_not_as_text() -> None:
    import pandas as pd

    told = seconds(pd.Series(["8:00:00", "24:30:00", "25:10", "", "x"], dtype="str"))
    assert told[:3].tolist() == [28_800, 88_200, 90_600]
    assert pd.isna(told[3:]).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "count"),
    [("las_palmas/gtfs_guaguas_20230222.zip", 793), ("tirana/tirana_gtfs_2026.zip", 491)],
)
def test_the_feeds_of_two_cities_have_the_stops_that_their_readme_counts(
    file: str, count: int
) -> None:
    path = SHARED / file
    if not path.exists():
        pytest.skip("the feed is not at hand")
    raw = read([requested("stop", LayerSpec(path=path.name, source="gtfs"), path)])["stop"]
    assert len(raw.frame) == count
    assert (raw.frame["departures"] > 0).mean() > 0.95


def floats(text: str) -> str:
    """A table as a table program saves it: whole numbers of columns with blanks as `1.0`."""
    rows = [line.split(",") for line in text.strip().split("\n")]
    return "".join(
        ",".join(f"{value}.0" if value.isdecimal() else value for value in row) + "\n"
        for row in rows
    )


def test_codes_and_ids_saved_as_floats_are_whole_numbers_in_every_table(tmp_path: Path) -> None:
    plain = {name: text.replace("T", "1").replace("R", "5") for name, text in FEED.items()}
    plain["stop_times.txt"] = (
        plain["stop_times.txt"]
        .replace("stop_sequence\n", "stop_sequence,pickup_type\n")
        .replace(",1\n", ",1,1\n")
        .replace(",2\n", ",2,0\n")
        .replace(",10\n", ",10,0\n")
    )
    plain["calendar_dates.txt"] = "service_id,date,exception_type\nSU,20260608,1\n"
    names = {name.replace(".txt", "_txt"): text for name, text in plain.items()}
    # nobody may board at the first call of a trip: T1 leaves B, all others nowhere
    (tmp_path / "plain").mkdir()
    (tmp_path / "floats").mkdir()
    whole = stops(feed(tmp_path / "plain", **names))
    saved = stops(feed(tmp_path / "floats", **{name: floats(text) for name, text in names.items()}))
    assert whole.frame["departures"].to_dict() == {"A": 0, "B": 1, "C": 0, "D": 0}
    columns = ["departures", "departures_by_weekday", "lines", "peak_routes"]
    assert saved.frame[columns].to_dict() == whole.frame[columns].to_dict()


def test_rows_that_stand_twice_with_other_zeros_count_once(tmp_path: Path) -> None:
    rows = "trip_id,start_time,end_time,headway_secs\n"
    rows += "T1,8:00:00,10:00:00,1800\nT1,08:00:00,10:00:00,1800\n"
    layer = stops(feed(tmp_path, frequencies_txt=rows))
    assert layer.frame["departures"]["A"] == 5  # four runs of T1, and T2
    again = str(FEED["stop_times.txt"]) + "T3,9:00:00,9:00:00,B,01\n"
    (tmp_path / "b").mkdir()
    layer = stops(feed(tmp_path / "b", stop_times_txt=again))
    assert layer.frame["departures"].to_dict() == {"A": 2, "B": 2, "C": 0, "D": 0}


def test_copies_that_macos_packs_are_no_second_feed(tmp_path: Path) -> None:
    copies = {f"__MACOSX/{name}": "x" for name in ("stops.txt", "._trips.txt")}
    layer = stops(feed(tmp_path, **copies))
    assert layer.frame["departures"].to_dict() == {"A": 2, "B": 2, "C": 0, "D": 0}


def test_rows_that_stand_twice_count_once_in_every_table(tmp_path: Path) -> None:
    twice = {
        name.replace(".txt", "_txt"): text + text.split("\n", 1)[1] for name, text in FEED.items()
    }
    rows = "trip_id,start_time,end_time,headway_secs\n" + 2 * "T1,6:00:00,8:00:00,900\n"
    layer = stops(feed(tmp_path, **twice, frequencies_txt=rows))
    assert layer.frame["departures"].to_dict() == {"A": 8 + 1, "B": 8 + 1, "C": 0, "D": 0}
    assert "stop_times.txt: rows that stand twice were read once: 9 left out." in said(layer)
    assert "frequencies.txt: rows that stand twice were read once: 1 left out." in said(layer)


def test_rows_without_their_last_empty_fields_are_read(tmp_path: Path) -> None:
    times = FEED["stop_times.txt"].replace("stop_sequence\n", "stop_sequence,pickup_type\n")
    layer = stops(feed(tmp_path, stop_times_txt=times))
    assert layer.frame["departures"].to_dict() == {"A": 2, "B": 2, "C": 0, "D": 0}


def test_a_row_with_more_values_than_columns_is_refused_with_its_line(tmp_path: Path) -> None:
    times = FEED["stop_times.txt"] + "T4,10:20:00,10:20:00,C,3,7\n"
    with pytest.raises(SourceError, match=r"stop_times\.txt .*line 11 has 6 values for 5 columns"):
        stops(feed(tmp_path, stop_times_txt=times))


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_an_optional_file_with_a_heading_alone_is_as_no_file(end: str, tmp_path: Path) -> None:
    heading = "trip_id,start_time,end_time,headway_secs" + end
    dates = "service_id,date,exception_type" + end
    layer = stops(feed(tmp_path, frequencies_txt=heading, calendar_dates_txt=dates))
    assert layer.frame["departures"].to_dict() == {"A": 2, "B": 2, "C": 0, "D": 0}


def test_two_feeds_in_one_archive_are_not_mixed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as archive:
        for name, text in FEED.items():
            archive.writestr(f"bus/{name}", text)
            archive.writestr(f"tram/{name}", text.replace("D,Bez", "E,Bez"))
    with pytest.raises(SourceError, match=r"2 feeds \(bus/, tram/\).*choose by layer"):
        stops(tmp_path / "feed.zip")
    assert list(stops(tmp_path / "feed.zip", layer="tram").frame["stop_id"]) == list("ABCE")


def test_spaces_quotes_and_blank_lines_of_tables_change_nothing(tmp_path: Path) -> None:
    times = FEED["stop_times.txt"].replace("T1,", '"T1 ",').replace("\nT2", "\n\nT2")
    trips = FEED["trips.txt"].replace("T1", " T1")
    layer = stops(feed(tmp_path, stop_times_txt="\n" + times, trips_txt=trips))
    assert layer.frame["departures"].to_dict() == {"A": 2, "B": 2, "C": 0, "D": 0}
