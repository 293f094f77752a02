"""`urbanlayer plan`: what stands on the terminal."""

import json

import pytest
from city_folder import rewrite
from nine_squares import write_nine
from plan_city import PLAN, add_plots, built_plan, write_plan
from typer.testing import CliRunner

from urbanlayer.cli import app


@pytest.fixture
def city(tmp_path):
    write_plan(tmp_path)
    return tmp_path


def test_the_json_is_plan_json_and_nothing_is_published(city):
    done = CliRunner().invoke(app, ["plan", str(city / "city.toml"), "--json"])
    assert done.exit_code == 0
    assert not (city / "out").exists()
    assert json.loads(done.stdout) == built_plan(city)


def test_ranks_stand_in_order_with_their_range(city):
    done = CliRunner().invoke(app, ["plan", str(city / "city.toml")])
    rows = [line.split() for line in done.stdout.splitlines() if line[:4].strip().isdigit()]
    assert [int(row[0]) for row in rows] == sorted(int(row[0]) for row in rows)
    assert len(rows) == 8
    assert "not ranked: Q2" in done.stdout


def test_what_a_year_spends_beyond_its_budget_was_carried_over(tmp_path):
    """C2 for 80 and C3 for 60 serve 140 people; C1 for 100 serves 120 (nine_squares.py)."""
    write_nine(tmp_path)
    rewrite(tmp_path, "budgets = [100, 100]", "budgets = [100, 40]\ncarry_over = true")
    done = CliRunner().invoke(app, ["plan", str(tmp_path / "city.toml")])
    assert "2027: 80 of 100 EUR, 90 newly served" in done.stdout
    assert "2028: 60 of 40 EUR and 20 carried over, 50 newly served" in done.stdout


SHORTEST = """
[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
problem = "min_distance"
new = 1
"""


def test_money_for_each_person_and_the_curve_and_mean_distances_are_printed(tmp_path):
    """C1 costs 100 for 120 people, C3 60 for 50; 60 a year pay for C1 (40, then 60), 160 for all.

    A new school shortens the walks of all 450 people; nobody is newly reached.
    """
    write_nine(tmp_path)
    rewrite(tmp_path, "budgets = [100, 100]", "budgets = [100, 100]\ncurve = [120, 320]")
    with (tmp_path / "city.toml").open("a", encoding="utf-8") as file:
        file.write(SHORTEST)
    command = ["plan", str(tmp_path / "city.toml")]
    printed = CliRunner().invoke(app, command).stdout
    assert (
        "  2027: C1: 100 EUR; alone 120 newly served at 1 EUR each, "
        "in this plan 120 newly served at 1 EUR each\n"
    ) in printed
    assert "people newly served for each budget\n  120 EUR: 120\n  320 EUR: 260\n" in printed
    record = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    each = [one["cost_per_person_in_plan"] for one in record["programme"]["actions"]]
    assert each == pytest.approx([100 / 120, 60 / 50])
    (siting,) = record["siting"]
    before, after = siting["mean_walk_before_m"], siting["mean_walk_after_m"]
    assert after * 450 == pytest.approx(siting["person_metres"])
    assert before > after
    assert f"mean distance {before:.0f} m before, {after:.0f} m after; 0 newly" in printed


def test_without_a_plan_it_is_refused(tmp_path):
    write_plan(tmp_path, plan="")
    done = CliRunner().invoke(app, ["plan", str(tmp_path / "city.toml")])
    assert done.exit_code == 1
    assert "has neither [plan] nor [scenario.NAME]" in done.stderr


def vote(folder, name, content):
    (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return ["--weights", str(folder / name)]


def test_votes_are_normalised_and_their_mean_or_median_counts(city):
    given = vote(city, "one.json", {"weights": {"education": 3, "density": 1}})
    given += vote(city, "two.json", [{"weights": {"education": 50, "density": 50}},
                                     {"weights": {"density": 1}}])  # fmt: skip
    for rule, education in (("mean", (0.75 + 0.5 + 0) / 3), ("median", 0.5)):
        command = ["plan", str(city / "city.toml"), *given, "--votes", rule, "--json"]
        record = json.loads(CliRunner().invoke(app, command).stdout)
        assert record["votes"]["people"] == 3
        assert record["votes"]["weights"] == pytest.approx(
            {"education": education, "density": 1 - education}
        )
        for need in record["needs"]:
            if need["need"] is not None:
                themes = need["themes"]
                mean = education * themes["education"] + (1 - education) * themes["density"]
                assert need["need"] == pytest.approx(mean, abs=1e-11)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"weights": {"education": 0, "density": 0}}, "all weights are 0"),
        ({"weights": {"eduction": 1}}, "no theme 'eduction'; did you mean 'education'?"),
        ({"weights": {"education": -1, "density": 2}}, "must be a number and not negative"),
        ({"weights": {"education": "much"}}, "must be a number and not negative"),
        ({"weight": 1}, 'has no "weights"'),
        ([], "holds no vote"),
    ],
)
def test_a_vote_that_cannot_count_is_refused(city, content, message):
    command = ["plan", str(city / "city.toml"), *vote(city, "bad.json", content)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1
    assert message in done.stderr


WITH_NAMES = (
    PLAN
    + """
[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
problem = "max_coverage"
within_m = 500
new = 1

[scenario.closed]
close = { school = ["S1"] }
"""
)


def test_names_stand_beside_keys_and_of_a_scenario_what_changes(tmp_path):
    write_plan(tmp_path, WITH_NAMES)
    add_plots(tmp_path, {"P1": (500, 500)}, naziv=["Polje"])
    rewrite(tmp_path, 'path = "plots.geojson"', 'path = "plots.geojson"\nname = "naziv"')
    command = ["plan", str(tmp_path / "city.toml")]
    done = CliRunner().invoke(app, command)
    printed = done.stdout
    assert "siting schools: P1 Polje; " in printed, done.output
    record = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    assert record["names"]["sites"] == {"P1": "Polje"}
    changed = {
        one["indicator"]
        for one in record["scenarios"]
        if (one["before"], one["people_before"]) != (one["after"], one["people_after"])
    }
    lines = [line for line in printed.splitlines() if line.startswith("scenario closed: ")]
    assert {line.split(": ")[1].partition(".")[0] for line in lines[:-1]} == changed
    assert lines[-1].endswith("results stay as they are")
