"""`urbanlayer scenario`: results before and after, and one clear message where it cannot be."""

import json

import geopandas as gpd
import pytest
import small_city
from small_city import point
from typer.testing import CliRunner

from urbanlayer.cli import app

MORE = """
[publish]
disclosure = "internal"

[scenario.no_first]
close = { school = ["S1"] }
"""


@pytest.fixture
def city(tmp_path):
    return small_city.write(tmp_path, small_city.CITY + MORE)


def run(*words):
    return CliRunner().invoke(app, ["scenario", *map(str, words)])


def new_schools(folder, name="new.geojson"):
    frame = gpd.GeoDataFrame(
        {"id": ["S7"], "name": ["Seven"], "places": [90]}, geometry=[point(500, 1500)],
        crs=small_city.CRS,
    )  # fmt: skip
    frame.to_crs(4326).to_file(folder / name, driver="GeoJSON")
    return folder / name


def coverage(found):
    return next(one for one in found if one["indicator"] == "coverage_within")


def test_a_scenario_of_the_city_file_is_a_table_or_json(city):
    shown = run(city, "no_first", "--quiet")
    assert (shown.exit_code, shown.stdout) == (0, "")
    shown = run(city, "no_first")
    rows = [line.split() for line in shown.stdout.splitlines()]
    assert rows[0] == ["scenario", "no_first"]
    row = next(row for row in rows if row[0] == "coverage_within.school.800")
    found = coverage(json.loads(run(city, "no_first", "--json").stdout))
    assert found["after"] < found["before"]
    assert [float(cell) for cell in row[1:3]] == pytest.approx(
        [found["before"], found["after"]], rel=1e-3
    )
    assert not (city.parent / "maps").exists()


def test_new_facilities_come_from_a_file(city):
    found = json.loads(
        run(city, "--with", new_schools(city.parent), "--service", "school", "--json").stdout
    )
    one = coverage(found)
    assert one["id"] == "new"
    assert one["by_neighbourhood"]["N3"]["before"] == 0
    assert one["by_neighbourhood"]["N3"]["after"] > 0


@pytest.mark.slow
def test_what_is_wrong_is_one_message(city):
    folder = city.parent
    new = new_schools(folder)
    cases = [
        ((city, "no_frist"), "has no [scenario.no_frist]; did you mean 'no_first'?"),
        ((city, "--with", folder / "nwe.geojson", "--service", "school"), "no such file"),
        ((city, "--with", new, "--service", "shool"), "did you mean 'school'?"),
    ]
    for words, why in cases:
        done = run(*words)
        assert (done.exit_code, done.stdout) == (1, "")
        assert why in done.stderr
        assert done.stderr.count("error") <= 2
    assert run(city, "--with", new).exit_code == 2
