"""`urbanlayer explain` and `catalogue --standard`: numbers that a planner can follow."""

from __future__ import annotations

import json

import numpy as np
import pytest
import toy
from typer.testing import CliRunner

from urbanlayer import registry
from urbanlayer.cli import app
from urbanlayer.evaluation.explain import steps

run = CliRunner().invoke


def worked(name, key, **table):
    indicator = registry.indicators()[name]
    (query, *_) = indicator.params.model_validate(table).queries()
    answers = toy.evaluated([(indicator, query)])
    result = answers.results[0]
    return {step.what: step.value for step in steps(toy.city(), answers, indicator, result, key)}


def test_the_steps_of_a_share_lead_to_its_answer():
    # test_worked_by_hand.py: 270 of the 450 residents live within 460 m; Q7 is 60 m
    # away.
    told = worked("coverage_within", None, services={"kindergarten": 460})
    assert told["residents"] == 450
    assert told["people who have it: Σ p·x"] == 270
    assert told["people whose origin has a result: Σ p"] == 450
    assert told["result"] == pytest.approx(270 / 450)
    here = worked("coverage_within", "Q7", services={"kindergarten": 460})
    assert here["area"] == pytest.approx(0.16)
    assert here["residents"] == 90
    metres = [value for what, value in here.items() if what.startswith("distance")]
    assert metres == pytest.approx([60, 60, 60])


def test_the_steps_of_an_area_name_what_lies_inside():
    told = worked("green_area_per_resident", "Q7")
    assert told["area of green inside, overlaps counted once"] == pytest.approx(0.7056)
    assert told["result"] == pytest.approx(7056 / 90)


def test_surroundings_are_told_and_each_reading_of_their_distance_is_worked():
    # tests/indicators/test_form.py: five squares within 250 m; without 25 m the walk east ends at
    # x = 465, short of the square of Q4's home, with 25 m more it comes to no other.
    told = worked("nh_population_density", "Q7", distance_m=250)
    land = "land of the squares of 250 m within 250 m (walk), mean of residents"
    assert told[land] == pytest.approx(0.281875)
    assert told["result"] == pytest.approx(150 / 0.281875)
    assert told["result with distance_m 225"] == pytest.approx(90 / (0.281875 - 0.25 * 0.225))
    assert told["result with distance_m 275"] == pytest.approx(150 / 0.281875)


def test_entrances_that_nobody_gives_are_worked_otherwise_too():
    told = worked("green_access_who", "Q7")
    assert told["result with entrance_m 5"] == 1
    assert told["result with entrance_m 20"] == 1


def test_a_neighbourhood_without_people_is_worked_through_too():
    told = worked("coverage_within", "Q2", services={"kindergarten": 460})
    assert told["residents"] == 0
    assert np.isnan(told["result"])


def test_a_definition_is_told_with_its_source():
    told = json.loads(run(app, ["explain", "green_access_who", "--json"]).stdout)
    assert "WHO" in told["source"]
    assert "Σ p_i" in told["definition"]
    assert told["unit"] == "share"


@pytest.mark.parametrize("indicator", registry.indicators())
def test_every_default_is_told_as_it_would_be_written(indicator):
    told = json.loads(run(app, ["explain", indicator, "--json"]).stdout)["parameters"]
    defaults = {name: text.rpartition(" Default: ")[2] for name, text in told.items()}
    for name, field in registry.indicators()[indicator].params.model_fields.items():
        if name in defaults:
            assert defaults[name] == str(field.get_default(call_default_factory=True))


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["explain", "green_acces_who"], "did you mean 'green_access_who'?"),
        (["explain", "green_access_who", "--neighbourhood", "Q7"], "add --city"),
        (["catalogue", "--standard", "iso"], "known: iso-37120, iso-37122"),
    ],
)
def test_what_is_not_there_names_what_is(words, fault):
    result = run(app, words)
    assert result.exit_code == 1
    assert fault in result.stderr


def test_the_catalogue_lists_a_standard_item_by_item():
    told = json.loads(run(app, ["catalogue", "--standard", "u4ssc", "--json"]).stdout)
    assert len(told) == 91
    assert sum(row["status"] == "not spatial" for row in told) == 63


RATIOS = ["population_density", "building_coverage", "green_area_per_resident", "street_density",
          "intersection_density", "crashes_per_1000", "businesses_per_100k", "vacancy_share",
          "cycle_km_per_100k", "floor_space_per_resident", "canopy_cover_30"]  # fmt: skip


@pytest.mark.parametrize("name", RATIOS)
@pytest.mark.parametrize("key", [None, "Q7"])
def test_the_steps_of_a_ratio_are_its_formula_with_numbers(name, key):
    told = worked(name, key)
    (above,) = [value for what, value in told.items() if what.startswith("amount above")]
    (below,) = [value for what, value in told.items() if what.startswith("amount below")]
    assert told["result"] == pytest.approx(told.get("times", 1) * above / below)


def test_the_sides_of_a_ratio_have_their_units():
    # 7,056 m² of park for 90 people.
    indicator = registry.indicators()["green_area_per_resident"]
    (query,) = indicator.params().queries()
    answers = toy.evaluated([(indicator, query)])
    found = steps(toy.city(), answers, indicator, answers.results[0], "Q7")
    sides = [(step.value, step.unit) for step in found if step.what.startswith("amount")]
    assert sides == [(pytest.approx(7056), "m²"), (90, "resident")]
