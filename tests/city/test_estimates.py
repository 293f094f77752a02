"""Unknown counts of people estimated from the known ones, with low and high."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely
import toy

from urbanlayer import registry
from urbanlayer.city import neighbourhoods
from urbanlayer.city.estimates import estimated
from urbanlayer.city.residents import allocate_residents
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.model.query import Query
from urbanlayer.model.specification import ResidentsSpec


def placed(spec: dict, unknown: str, **layers: tuple[list, dict]):
    found = toy.shapes()
    del found["built_up"]
    columns = found["neighbourhoods"][1]
    columns["residents"] = [
        np.nan if key == unknown else count
        for key, count in zip(columns["key"], columns["residents"], strict=True)
    ]
    made = {
        role: toy.layer(role, [toy._placed(g, (0, 0), 0) for g in geometry], names)
        for role, (geometry, names) in (found | layers).items()
    }
    hoods = neighbourhoods.from_layer(made["neighbourhoods"])
    read = ResidentsSpec.model_validate(spec)
    return hoods, allocate_residents(read, hoods, made, {})


def of(hoods, people, key: str) -> float:
    return people.per_neighbourhood(len(hoods))[hoods.keys.get_loc(key)]


@pytest.mark.parametrize("from_", [["census"], ["buildings", "census"]])
def test_an_unknown_census_is_estimated_from_the_others(from_):
    # Q7 (90 by the census) is unknown: the eight others have 360 residents, 45 each, on equal land
    # and with equal homes; the least of them 0 (Q2), the most 120 (Q1).
    hoods, people = placed({"from": from_, "estimate": True}, "Q7")
    assert of(hoods, people, "Q7") == pytest.approx(45)
    assert of(hoods, people, "Q1") == pytest.approx(120)
    assert not people.unknown
    assert {hoods.keys[row] for row in people.estimated} == {"Q7"}
    least, most = people.alternatives["estimate"]
    assert of(hoods, least, "Q7") == 0
    assert of(hoods, most, "Q7") == pytest.approx(120)
    note = next(one for one in people.notes if one.code == "residents-estimated")
    values = dict(note.values)
    assert (values["known"], values["people"], values["low"], values["high"]) == (8, 45, 0, 120)


def test_one_unknown_count_is_what_is_left_of_the_total():
    spec = {"from": ["buildings", "census"], "estimate": True, "total": 450}
    hoods, people = placed(spec, "Q7")
    assert of(hoods, people, "Q7") == pytest.approx(90)
    assert [of(hoods, one, "Q7") for one in people.alternatives["estimate"]] == pytest.approx(
        [90, 90]
    )


def test_an_unknown_population_is_estimated_by_land():
    # Three known squares of 160,000 m² with 100, 200 and 300 people; Q1 has an unknown one alone.
    cells = [toy.shapes()["neighbourhoods"][0][at] for at in range(4)]
    layer = (cells, {"people": [100.0, 200.0, 300.0, np.nan]})
    hoods, people = placed({"from": ["population"], "estimate": True}, "", population=layer)
    # Five squares without any cell have 0 people: (100 + 200 + 300) / 8.
    assert of(hoods, people, "Q1") == pytest.approx(75)


def test_low_and_high_hold_the_estimates():
    hoods, people = placed({"from": ["buildings", "census"], "estimate": True}, "Q7")
    city = dataclasses.replace(toy.city(), neighbourhoods=hoods, residents=people)
    density = registry.indicators()["population_density"]
    (result,) = evaluate(city, [(density, Query())]).results
    assert result.values["Q7"] == pytest.approx(45 / 0.16)
    assert (result.low["Q7"], result.high["Q7"]) == pytest.approx((0, 120 / 0.16))
    assert result.city == pytest.approx(405 / 1.44)
    assert (result.city_low, result.city_high) == pytest.approx((360 / 1.44, 480 / 1.44))
    assert result.low["Q1"] == result.high["Q1"] == pytest.approx(120 / 0.16)
    assert result.causes == ("estimate",)


def test_nothing_is_estimated_from_nothing():
    assert estimated(np.array([np.nan, np.nan]), np.ones(2), np.ones(2)) is None


def test_land_stands_for_homes_where_an_unknown_neighbourhood_has_none():
    found = estimated(np.array([10.0, np.nan]), np.array([5.0, 0.0]), np.array([100.0, 50.0]))
    assert found.counts.tolist() == [10, 5]


def test_the_whole_is_spread_over_the_neighbourhood():
    _, people = placed({"from": ["census"], "estimate": True}, "Q7")
    square = shapely.box(0, 0, 400, 400)
    inside = shapely.contains_xy(square, people.xy - toy.ORIGIN)
    assert people.people[inside].tolist() == pytest.approx([45 / 16] * 16)
