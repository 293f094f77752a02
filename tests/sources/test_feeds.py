"""From a city file with a timetable to answers, and what is said where the timetable is no good."""

from __future__ import annotations

import json
import zipfile

import pytest
import toy
from city_folder import rewrite, write_city
from pyproj import Transformer

import urbanlayer
from urbanlayer.errors import CityFileError, SourceError

ASKED = """
[indicators.transit_cum_access]
services = ["school"]
minutes = [9]
[indicators.transit_freq_access]
minutes = [15]
"""
LAYER = '\n[layers.stop]\nsource = "gtfs"\npath = "feed.zip"\nallow_unlicensed = true\n'
CALENDAR = (
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
)
WORKDAYS = "W,1,1,1,1,1,0,0,20260601,20260630\n"


def write_feed(folder, *, calendar=WORKDAYS, east_deg=0.0):
    """A bus each ten minutes from (200, 200) to (800, 800), four minutes with a stop between."""
    to_lonlat = Transformer.from_crs(toy.CRS, 4326, always_xy=True)
    x0, y0 = toy.ORIGIN
    at = [to_lonlat.transform(x0 + metres, y0 + metres) for metres in (200, 500, 800)]
    stops = [f"S{row},Stop {row},{y},{x + east_deg}" for row, (x, y) in enumerate(at)]
    calls = []
    for number in range(36):
        begin = 360 + 10 * number
        times = [
            f"{begin // 60}:{begin % 60:02}:00",
            "",
            f"{(begin + 4) // 60}:{begin % 60 + 4:02}:00",
        ]
        calls += [f"T{number},{time},{time},S{row},{row}" for row, time in enumerate(times)]
    tables = {
        "stops": ["stop_id,stop_name,stop_lat,stop_lon", *stops],
        "routes": ["route_id,route_short_name,route_type", "R,1,3"],
        "trips": ["route_id,service_id,trip_id", *(f"R,W,T{number}" for number in range(36))],
        "stop_times": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence", *calls],
    }
    with zipfile.ZipFile(folder / "feed.zip", "w") as archive:
        for name, rows in tables.items():
            archive.writestr(f"{name}.txt", "\n".join(rows) + "\n")
        archive.writestr("calendar.txt", CALENDAR + calendar)


@pytest.fixture
def city(tmp_path):
    """The toy city in files, with a feed."""
    write_city(tmp_path)
    write_feed(tmp_path)
    text = (tmp_path / "city.toml").read_text(encoding="utf-8")
    (tmp_path / "city.toml").write_text(text + LAYER + ASKED, encoding="utf-8")
    return tmp_path


def built(city):
    found = urbanlayer.build(city / "city.toml", city / "out")
    return found.publication, json.loads((city / "out/run.json").read_text())


def test_a_timetable_is_read_once_an_indicator_asks_about_travel(city):
    publication, run = built(city)
    result = next(r for r in publication.results if r.indicator == "transit_cum_access")
    # everybody lives in the middle of Q7, some 10 m from the street and at most 290 m from the
    # school at (200, 200); the school at (900, 900) is 200 m beyond the end of the line
    assert 1 <= result.city_low <= result.city <= result.city_high <= 2
    assert run["timetable"]["day"] == "2026-06-30"  # a Tuesday, and the city file's as_of
    assert run["timetable"]["trips"] == 36
    filled = "Blank times filled in: 36, of which 0 by distance along the shape"
    assert any("Layer 'stop'" in text and filled in text for text in publication.warnings)
    assert any(
        "the arrival of a trip at its last stop is not a departure" in t
        for t in publication.warnings
    )


def test_without_such_a_question_no_trip_is_read(city):
    rewrite(city, '[indicators.transit_cum_access]\nservices = ["school"]\nminutes = [9]\n', "")
    publication, run = built(city)
    assert publication.city.timetable is None
    assert run["timetable"] == {}


def test_a_feed_by_which_nothing_runs_leaves_the_rest_answered(city):
    write_feed(city, calendar="W,0,0,0,0,0,0,0,20260601,20260630\n")
    publication, run = built(city)
    assert [r.indicator for r in publication.results] == ["coverage_within", "population_density"]
    lost = {item.indicator: item.reasons for item in publication.not_answerable}
    assert set(lost) == {"transit_cum_access", "transit_freq_access"}
    for reasons in lost.values():
        assert reasons[0].startswith("layer 'stop' (feed.zip): no trip runs on any day")
        assert "calendar_dates.txt" in reasons[0]
    assert any("not answerable. layer 'stop'" in text for text in run["warnings"])


def test_a_feed_of_another_city_leaves_the_rest_answered(city):
    write_feed(city, east_deg=5.0)
    publication, _ = built(city)
    assert {r.indicator for r in publication.results} == {"coverage_within", "population_density"}
    (reason, *_) = publication.not_answerable[0].reasons
    assert "layer 'stop' (feed.zip)" in reason
    assert "crs" in reason


def test_without_a_feed_it_is_said_what_to_add(city):
    rewrite(city, LAYER, "")
    publication, _ = built(city)
    said = '[layers.transit] with source = "gtfs"'
    assert any("transit_cum_access" in t and said in t for t in publication.warnings)


def test_a_service_day_on_which_nothing_runs_is_a_fault_of_the_city_file(city):
    rewrite(city, 'path = "feed.zip"', 'path = "feed.zip"\nservice_day = 2026-06-07')
    with pytest.raises(SourceError, match="nothing runs on 2026-06-07"):
        built(city)


def several(city, *paths, role="stop"):
    """The toy city with `path` as a list, in the layer of a role."""
    rewrite(city, "[layers.stop]", f"[layers.{role}]")
    rewrite(city, 'path = "feed.zip"', f"path = {json.dumps(paths)}")


def test_feeds_in_one_path_count_together_with_changes_on_foot(city):
    # the line in two feeds, cut at its middle stop: who changes there gets as far as before
    publication, _ = built(city)
    whole = next(r for r in publication.results if r.indicator == "transit_cum_access")
    halves = cut_in_two(city)
    several(city, *halves)
    publication, run = built(city)
    stops = publication.city.layers["stop"].frame
    assert sorted(stops["stop_id"]) == ["bus:S0", "bus:S1", "metro:S1", "metro:S2"]
    assert sorted(publication.city.timetable.stop_keys) == sorted(stops["stop_id"])
    assert run["timetable"]["trips"] == 72
    assert stops.set_index("stop_id")["departures"].to_dict() == {
        "bus:S0": 36, "bus:S1": 0, "metro:S1": 36, "metro:S2": 0,
    }  # fmt: skip
    assert any("metro: Departures are those of" in text for text in publication.warnings)
    parts = next(r for r in publication.results if r.indicator == "transit_cum_access")
    assert parts.city == pytest.approx(whole.city)


def cut_in_two(city):
    """Two feeds, `bus.zip` as far as the middle stop and `metro.zip` from there on."""
    with zipfile.ZipFile(city / "feed.zip") as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    for feed, left_out, ends in (("bus", "S2", "S1"), ("metro", "S0", "S1")):
        with zipfile.ZipFile(city / f"{feed}.zip", "w") as archive:
            for name, text in texts.items():
                rows = [row for row in text.splitlines() if left_out not in row.split(",")]
                archive.writestr(name, "\n".join(_timed(rows, ends)) + "\n")
    return "bus.zip", "metro.zip"


def _timed(rows, stop):
    """The rows of a table, with a time for the calls at a stop two minutes after the first."""
    return [_with_time(row.split(","), stop) for row in rows]


def _with_time(fields, stop):
    if fields[1:4] == ["", "", stop]:
        begin = 360 + 10 * int(fields[0][1:]) + 2
        fields[1:3] = [f"{begin // 60}:{begin % 60:02}:00"] * 2
    return ",".join(fields)


def test_a_list_of_paths_of_a_file_that_is_one_says_what_it_is_for(city):
    rewrite(city, 'source = "gtfs"\npath = "feed.zip"', 'path = ["feed.zip", "feed.zip"]')
    with pytest.raises(CityFileError, match=r"layers\.stop\.path: file reads one path.*gtfs"):
        built(city)


def test_a_path_in_a_list_that_does_not_exist_is_named(city):
    several(city, "feed.zip", "fed.zip")
    with pytest.raises(CityFileError, match=r"'fed\.zip' does not exist; did you mean 'feed\.zip'"):
        built(city)


def test_layers_of_different_feeds_travel_together_and_say_what_each_counts(city):
    cut_in_two(city)
    rewrite(city, 'path = "feed.zip"', 'path = "bus.zip"')
    text = (city / "city.toml").read_text(encoding="utf-8")
    more = '\n[layers.transit]\nsource = "gtfs"\npath = "metro.zip"\nallow_unlicensed = true\n'
    (city / "city.toml").write_text(text.replace("[layers.stop]", more + "[layers.stop]"), "utf-8")
    publication, run = built(city)
    assert run["timetable"]["trips"] == 72
    (said,) = [text for text in publication.warnings if "different feeds" in text]
    assert "transit, stop" in said
    assert "one layer alone" in said


def test_layers_of_one_feed_travel_by_it_once(city):
    text = (city / "city.toml").read_text(encoding="utf-8")
    (city / "city.toml").write_text(text + LAYER.replace("stop", "transit"), encoding="utf-8")
    publication, run = built(city)
    assert run["timetable"]["trips"] == 36
    assert not any("different feeds" in text for text in publication.warnings)
