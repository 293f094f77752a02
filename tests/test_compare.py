"""Two runs compared: differences by hand, causes by name."""

from __future__ import annotations

import json
import math

import pytest
from city_folder import change, rewrite, write_city
from typer.testing import CliRunner

import urbanlayer
from urbanlayer.cli import app
from urbanlayer.compare import compare
from urbanlayer.errors import DataError

HEAD = "level,key,name,indicator,variant,parameters,value,low,high,unit,residents,method\r\n"


def published(folder, rows, **run):
    (folder / "data").mkdir(parents=True)
    lines = "".join(f"{row},share,10,walk\r\n" for row in rows)
    (folder / "data" / "indicators.csv").write_text(HEAD + lines, encoding="utf-8-sig", newline="")
    told = {"city": "toy", "inputs": {"school": {"sha256": "a", "date": "2024-01-01"}}, **run}
    (folder / "run.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


@pytest.fixture
def runs(tmp_path):
    old = published(
        tmp_path / "old",
        [
            "city,toy,Toy,coverage_within,school,distance_m=500,0.4,0.3,0.5",
            "neighbourhood,Q1,Đina,coverage_within,school,distance_m=500,,,",
            "city,toy,Toy,green_300,,,0.2,,",
        ],
    )
    new = published(
        tmp_path / "new",
        [
            "city,toy,Toy,coverage_within,school,distance_m=500,0.55,0.5,0.6",
            "neighbourhood,Q1,Đina,coverage_within,school,distance_m=500,0.5,0.4,0.6",
            "city,toy,Toy,noise_lden,,,0.1,,",
        ],
        inputs={"school": {"sha256": "b", "date": "2025-01-01"}, "noise": {"sha256": "c"}},
    )
    return old, new


def test_what_moved_and_whether_it_is_more_than_was_left_open(runs):
    city, hood = compare(*runs).moved
    assert city.difference == pytest.approx(0.15)
    assert city.beyond_the_envelope is True
    assert (hood.key, hood.name) == ("Q1", "Đina")
    assert math.isnan(hood.before)
    assert math.isnan(hood.difference)
    assert hood.beyond_the_envelope is None


def test_what_only_one_run_has_and_what_changed_with_it(runs):
    comparison = compare(*runs)
    assert comparison.appeared == ("noise_lden",)
    assert comparison.vanished == ("green_300",)
    assert comparison.causes == (
        "layer 'noise' is new",
        "layer 'school' has other contents (2024-01-01, now 2025-01-01)",
    )


def test_a_run_is_the_same_as_itself(runs):
    comparison = compare(runs[0], runs[0])
    assert comparison.moved
    assert all(row.difference == 0 or math.isnan(row.difference) for row in comparison.moved)
    assert comparison.causes == ()


def test_the_command_says_it_and_writes_a_table(runs, tmp_path):
    table = tmp_path / "moved.csv"
    result = CliRunner().invoke(app, ["compare", *map(str, runs), "--out", str(table)])
    assert result.exit_code == 0
    assert (
        "coverage_within school distance_m=500: 0.4, now 0.55 share (+0.15, outside"
        in result.stdout
    )
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    causes = "layer 'noise' is new; layer 'school' has other contents (2024-01-01, now 2025-01-01)"
    assert lines[1].endswith(f'share,0.4,0.55,0.15,true,"{causes}"')


def test_a_result_moved_because_of_what_it_rests_on(tmp_path):
    """Shares of schools rest on schools and residents, not on noise; noise rests on itself."""
    rests = {
        "a": {"indicator": "coverage_within", "variant": "school", "query": "distance_m=500",
              "rests_on": ["residents", "school"]},
        "b": {"indicator": "noise_lden", "variant": "", "query": "", "rests_on": ["noise"]},
    }  # fmt: skip
    runs = []
    for name, value, digest in (("old", "0.4", "a"), ("new", "0.6", "b")):
        rows = [
            f"city,toy,Toy,coverage_within,school,distance_m=500,{value},,",
            f"city,toy,Toy,noise_lden,,,{value},,",
            "city,toy,Toy,green_300,,,0.2,,",
        ]
        inputs = {"school": {"sha256": digest}, "noise": {"sha256": "n"}}
        tables = {"layers.noise": digest, "residents": "r"}
        more = {"inputs": inputs, "parameters": rests, "city_file": tables}
        runs.append(published(tmp_path / name, rows, **more))
    school, noise, green = compare(*runs).moved
    assert school.why == ("layer 'school' has other contents (?, now ?)",)
    assert noise.why == ("city file: [layers.noise] is not the same",)
    assert green.why == ()
    printed = CliRunner().invoke(app, ["compare", *map(str, runs)]).stdout
    assert "    because: layer 'school' has other contents (?, now ?)\n" in printed


def test_a_result_that_there_was_not_is_a_change(runs, tmp_path):
    """Q1 had no result; of the city one came and one went."""
    printed = CliRunner().invoke(app, ["compare", *map(str, runs)]).stdout
    assert "1 of 1 results for neighbourhoods changed\n" in printed
    none, some = (
        published(tmp_path / name, [f"city,toy,Toy,green_300,,,{value},,"])
        for name, value in (("none", ""), ("some", "0.2"))
    )
    printed = CliRunner().invoke(app, ["compare", str(none), str(some)]).stdout
    assert "1 of 1 results for the city changed\n" in printed
    assert "  green_300: no result, now 0.2 share\n" in printed


@pytest.mark.slow
def test_builds_say_whether_data_people_or_the_method_moved_a_result(tmp_path):
    """Without S1 coverage falls, of more people density moves; a version is a cause of both."""
    write_city(tmp_path)

    def build(name):
        urbanlayer.build(tmp_path / "city.toml", tmp_path / name)
        return tmp_path / name

    first = build("first")
    change(tmp_path / "schools.geojson", lambda schools: schools[schools["id"] == "S2"])
    without = build("without")
    change(tmp_path / "population.geojson", lambda one: one.assign(people=one["people"] * 2))
    both = build("both")
    run = json.loads((both / "run.json").read_text(encoding="utf-8"))
    run["versions"]["urbanlayer"] = "9.9"
    (both / "run.json").write_text(json.dumps(run), encoding="utf-8")

    def why(before, after):
        city = [row for row in compare(before, after).moved if row.level == "city"]
        return {row.indicator: [cause.split(" has")[0].split(":")[0] for cause in row.why]
                for row in city}  # fmt: skip

    schools = "layer 'school'"
    assert why(first, without) == {"coverage_within": [schools], "population_density": []}
    people = ["layer 'population'", "residents", "urbanlayer"]
    assert why(first, both) == {
        "coverage_within": [people[0], schools, *people[1:]], "population_density": people,
    }  # fmt: skip
    rewrite(tmp_path, "{ school = 500 }", "{ school = 400 }")
    moved = compare(both, build("nearer"))
    assert moved.appeared == ("coverage_within school distance_m=400",)
    assert moved.vanished == ("coverage_within school distance_m=500",)


def test_what_is_no_publication_is_told(runs, tmp_path):
    with pytest.raises(DataError, match=r"has no run\.json"):
        compare(tmp_path, runs[1])
    other = published(tmp_path / "other", [], city="elsewhere")
    with pytest.raises(DataError, match="of one city"):
        compare(runs[0], other)
