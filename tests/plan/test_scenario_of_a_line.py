"""A line at another headway, end to end: waits, headways of stops, and the same as a build.

One street of 5 km. Line 4 leaves A (x = 0) for B (x = 5,000) at each full hour from 05:00 to 20:00,
and comes back half an hour later; the ride takes 10 minutes, a walk over an hour. 100 people live
at A with a school, 50 at B with a clinic. Whoever leaves at any minute of the peak waits 30
minutes in the median and is there after 40; every 10 minutes they wait 5.
"""

import json
import zipfile

import geopandas as gpd
import pytest
import shapely
from city_text import HEAD, STREETS_AND_PEOPLE
from published_tables import rows as rows_of
from typer.testing import CliRunner

import urbanlayer
from urbanlayer.cli import app

X, Y = 357_000, 4_700_000
CITY = f"""
id = "line"
name = "Line"
{HEAD}{STREETS_AND_PEOPLE}
[layers.school]
path = "school.gpkg"
[layers.clinic]
path = "clinic.gpkg"
[layers.transit]
source = "gtfs"
path = "feed.zip"
[layers.stop]
source = "gtfs"
path = "feed.zip"

[residents]
from = ["population"]
[publish]
disclosure = "internal"
suppress_below = 0
formats = ["csv"]
[indicators.transit_cum_access]
services = ["school", "clinic"]
minutes = [30]
[indicators.stop_headway_min]
[indicators.transit_freq_access]
[indicators.ptal_ai]

[scenario.often]
headways = {{ 4 = 10 }}
"""
ROUTES = {"two routes": ("out", "back"), "one route": ("r4", "r4"), "no directions": ("r4", "r4")}


def clock(minutes):
    return f"{minutes // 60:02}:{minutes % 60:02}:00"


def feed(folder, kind, every):
    out, back = ROUTES[kind]
    trips, times = [], []
    for route, start, ways, direction in ((out, 300, "AB", "0"), (back, 330, "BA", "1")):
        for minute in range(start, start + 15 * 60 + 1, every):
            trip = f"{ways}{minute}"
            trips.append((route, "day", trip, "" if kind == "no directions" else direction))
            for number, stop in enumerate(ways):
                at = clock(minute + 10 * number)
                times.append((trip, at, at, stop, number + 1))
    place = gpd.GeoSeries([shapely.Point(X, Y), shapely.Point(X + 5000, Y)], crs="EPSG:25834")
    lonlat = place.to_crs("EPSG:4326")
    tables = {
        "agency": [("agency_id", "agency_name", "agency_url", "agency_timezone"),
                   ("a", "A", "https://example.org", "Europe/Podgorica")],
        "stops": [("stop_id", "stop_name", "stop_lat", "stop_lon"),
                  *((key, key, at.y, at.x) for key, at in zip("AB", lonlat, strict=True))],
        "routes": [("route_id", "agency_id", "route_short_name", "route_type"),
                   *((route, "a", "4", 3) for route in sorted({out, back}))],
        "trips": [("route_id", "service_id", "trip_id", "direction_id"), *trips],
        "stop_times": [
            ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"), *times,
        ],
        "calendar": [
            ("service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
             "sunday", "start_date", "end_date"),
            ("day", 1, 1, 1, 1, 1, 1, 1, "20260101", "20261231"),
        ],
    }  # fmt: skip
    with zipfile.ZipFile(folder / "feed.zip", "w") as file:
        for name, lines in tables.items():
            text = "\n".join(",".join(map(str, line)) for line in lines)
            file.writestr(f"{name}.txt", text + "\n")


def city(folder, kind, every=60):
    def save(name, shapes, columns):
        gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:25834").to_file(folder / name)

    ends = [shapely.Point(X, Y), shapely.Point(X + 5000, Y)]
    west = shapely.box(X - 500, Y - 500, X + 2500, Y + 500)
    east = shapely.box(X + 2500, Y - 500, X + 5500, Y + 500)
    save("hoods.gpkg", [west, east], {"id": ["W", "E"]})
    save("streets.gpkg", [shapely.LineString(ends)], {"id": ["s"]})
    save("people.gpkg", ends, {"people": [100, 50]})
    save("school.gpkg", ends[:1], {"id": ["S"]})
    save("clinic.gpkg", ends[1:], {"id": ["C"]})
    feed(folder, kind, every)
    (folder / "city.toml").write_text(CITY, encoding="utf-8")
    return folder / "city.toml"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ROUTES)
def test_a_line_each_ten_minutes(kind, tmp_path):
    command = ["scenario", str(city(tmp_path, kind)), "often", "--json"]
    found = json.loads(CliRunner().invoke(app, command).stdout)
    of = {(one["indicator"], one["variant"]): one for one in found}
    headway = of["stop_headway_min", ""]
    assert (headway["before"], headway["after"]) == (60, 10)
    assert headway["by_neighbourhood"]["E"]["after"] == 10
    for service, far, share in (("clinic", "W", 50 / 150), ("school", "E", 100 / 150)):
        one = of["transit_cum_access", service]
        assert (one["before"], one["after"]) == (pytest.approx(share), 1)
        there = one["by_neighbourhood"][far]
        assert (there["before"], there["after"]) == (0, 1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ROUTES)
def test_after_is_a_build_of_the_timetable_with_that_headway(kind, tmp_path):
    for name in ("often", "seldom"):
        (tmp_path / name).mkdir()
    command = ["scenario", str(city(tmp_path / "seldom", kind)), "often", "--json"]
    found = json.loads(CliRunner().invoke(app, command).stdout)
    file = city(tmp_path / "often", kind, every=10)
    urbanlayer.build(file, tmp_path / "out")
    built = {
        (row["indicator"], row["variant"], row["key"]): row["value"]
        for row in rows_of(tmp_path / "out")
    }
    compared = 0
    for one in found:
        for key, values in one["by_neighbourhood"].items():
            value = built[one["indicator"], one["variant"], key]
            expected = float(value) if value else None
            assert values["after"] == pytest.approx(expected, rel=1e-6), (one["indicator"], key)
            compared += values["before"] != values["after"]
    assert compared >= 6
