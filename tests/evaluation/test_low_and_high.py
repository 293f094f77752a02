"""How sure an answer is: low and high, worked by hand on the toy city.

On foot it is 60 m (0.75 min) from Q7's home to every service, 460 m (5.75 min) from Q4's and Q1's,
860 m (10.75 min) from Q9's and Q3's, 1,260 m from Q8's and Q6's, 1,660 m from Q5's. People: Q7 90,
Q4 60, Q9 30, Q1 120, Q3 10, Q8 40, Q6 20, Q5 80; 450 in all. Every home is 10 m off its street:
with the door on the street each way is 10 m shorter, round a right angle 10 (√2 − 1) m longer.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import shapely
import toy
from pydantic import TypeAdapter

from urbanlayer import registry
from urbanlayer.city import groups
from urbanlayer.city.second_source import reallocate_to_origins, with_second_source
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.evaluation.explain import steps
from urbanlayer.indicators._custom import custom_indicator
from urbanlayer.indicators._shared.sensitivity import vary_entrance
from urbanlayer.model.custom import CustomSpec
from urbanlayer.model.query import Query
from urbanlayer.model.residents import Residents
from urbanlayer.model.specification import ResidentsSpec

SECOND = {"Q7": 10.0, "Q5": 90.0}
"""What a second source says: nobody in all other neighbourhoods."""
ROUND_M = 10 * (math.sqrt(2) - 1)
"""How much longer a way is if one goes from home to street round a right angle."""


def asked(city, name, table=None, *, variant="", group=""):
    indicator = registry.indicators()[name]
    every = indicator.params.model_validate(table or {}).queries()
    one = dataclasses.replace(next(a for a in every if a.variant == variant), group=group)
    (result,) = evaluate(city, [(indicator, one)]).results
    return result


def told(result, key):
    """Low, value and high by the data; by the threshold where nothing in the data is uncertain."""
    if result.low is None:
        return by_threshold(result, key)
    return result.low[key], result.values[key], result.high[key]


def of_city(result):
    if result.low is None:
        return by_threshold(result)
    return result.city_low, result.city, result.city_high


def by_threshold(result, key=None):
    ends = result.threshold
    if key is None:
        return ends.city_low, result.city, ends.city_high
    return ends.low[key], result.values[key], ends.high[key]


def two_sources(people=SECOND, **spec):
    """The toy city, and points with the people of a second source at its homes."""
    found = dict(toy.shapes())
    homes = [shapely.centroid(home) for home in toy._one_home_each()]
    found["population"] = (homes, {"people": [people.get(key, 0.0) for key in toy.KEYS]})
    geometry, columns = found["neighbourhoods"]
    half = [people / 2 for people in toy.CENSUS.values()]
    found["neighbourhoods"] = (geometry, {**columns, "women": half})
    city = toy.city(found)
    table = {
        "from": ["buildings", "census"],
        "second_source": ["population"],
        "groups": {"women": "women"},
    }
    read = ResidentsSpec.model_validate({**table, **spec})
    alone = dataclasses.replace(city.residents, groups={})
    people = with_second_source(alone, read, city.neighbourhoods, city.layers, {})
    people = groups.with_groups(people, read, city.neighbourhoods, city.layers)
    return dataclasses.replace(city, residents=people)


def test_places_within_a_time_at_a_tenth_less_and_more():
    # 10.75 minutes are more than 10, and less than 11.
    result = asked(toy.city(), "cumulative_opportunities",
                   {"services": ["clinic"], "minutes": [10]}, variant="clinic")  # fmt: skip
    assert told(result, "Q4") == (1, 1, 1)
    assert told(result, "Q9") == (0, 0, 1)
    assert of_city(result) == pytest.approx((270 / 450, 270 / 450, 310 / 450))
    assert result.causes == ("threshold",)


def test_nearness_without_a_cliff():
    result = asked(toy.city(), "coverage_soft", {"services": {"stop": 460}}, variant="stop")
    at = [1 / (1 + math.exp(5 * (460 - metres) / metres)) for metres in (414, 460, 506)]
    assert by_threshold(result, "Q4") == pytest.approx(at)
    at = [1 / (1 + math.exp(5 * (metres - 460) / 460)) for metres in (460 + ROUND_M, 460, 450)]
    assert told(result, "Q4") == pytest.approx(at)


def test_places_that_fade_count_as_if_every_minute_were_longer_or_shorter():
    result = asked(toy.city(), "hansen_access", {"services": ["clinic"]}, variant="clinic")
    at = [math.exp(-0.1 * minutes) for minutes in (5.75 / 0.9, 5.75, 5.75 / 1.1)]
    assert told(result, "Q4") == pytest.approx(at)


def test_capacity_for_each_resident_is_less_where_more_people_reach_it():
    # Within 10 minutes, and within 9, 270 people share 45 places; within 11 they are 310.
    table = {"services": ["school"], "minutes": [10], "weights": [1]}
    result = asked(toy.city(), "sfca_access", table, variant="school")
    assert told(result, "Q4") == pytest.approx((45 / 310, 45 / 270, 45 / 270))
    assert told(result, "Q9") == pytest.approx((0, 0, 45 / 310))
    assert of_city(result) == pytest.approx((0.1, 0.1, 0.1))  # all 45 places are for somebody


def test_needs_within_minutes():
    result = asked(toy.city(), "city15_count", {"minutes": 10})
    assert by_threshold(result, "Q9") == (0, 0, 9)
    assert by_threshold(result) == pytest.approx((9 * 270 / 450, 9 * 270 / 450, 9 * 310 / 450))
    assert told(result, "Q9") == (0, 0, 0)  # 850 m are more than 10 minutes too


def test_what_nine_in_ten_residents_do_not_exceed():
    # Q5's 1,660 m a tenth shorter are longer than the straight line, 1,174 m.
    result = asked(toy.city(), "nearest_facility_p90_m", variant="clinic")
    measured = result.ranges["measured"]
    assert (measured.city_low, measured.city_high) == pytest.approx((1494, 1826))
    assert of_city(result) == pytest.approx((1494 - 9, 1660, 1826 + 1.1 * ROUND_M))
    # A straight line from Q4's home, over 450 and 10 m, is longer than 414 m; its door is on the
    # street 450 m away.
    assert (measured.low["Q4"], measured.high["Q4"]) == pytest.approx((math.hypot(450, 10), 506))
    assert told(result, "Q4") == pytest.approx((450, 460, 506 + 1.1 * ROUND_M))
    assert result.causes == ("measured", "snapping")


def test_a_city_s_own_mean_distance():
    own = custom_indicator(TypeAdapter(CustomSpec).validate_python(
        {"id": "walk", "kind": "nearest", "title": "Walk", "layer": "school", "better": "lower"}
    ))  # fmt: skip
    queries = [(own, *own.params().queries())]
    (result,) = evaluate(toy.city(), queries).results
    assert told(result, "Q4") == pytest.approx((450, 460, 506 + 1.1 * ROUND_M))


def test_a_kind_of_need_may_have_the_name_of_a_threshold():
    table = {"minutes": 10, "categories": {"minutes": ["school"]}}
    assert by_threshold(asked(toy.city(), "city15_count", table), "Q9") == (0, 0, 1)


def test_an_answer_whose_definition_leaves_nothing_open_has_no_low_and_high():
    for city in (toy.city(), two_sources()):
        result = asked(city, "building_coverage")
        assert result.low is None
        assert result.high is None
        assert math.isnan(result.city_low)
        assert result.causes == ()


def test_the_mean_of_a_group_keeps_low_and_high():
    table = {"services": ["clinic"], "minutes": [10]}
    made = two_sources(second_source=[])
    result = asked(made, "cumulative_opportunities", table, variant="clinic", group="women")
    assert result.group == "women"
    assert told(result, "Q9") == (0, 0, 1)
    assert of_city(result) == pytest.approx((135 / 225, 135 / 225, 155 / 225))


def test_densities_are_between_those_of_two_sources_of_residents():
    result = asked(two_sources(), "population_density")
    assert told(result, "Q7") == pytest.approx((10 / 0.16, 90 / 0.16, 90 / 0.16))
    assert told(result, "Q5") == pytest.approx((80 / 0.16, 80 / 0.16, 90 / 0.16))
    assert told(result, "Q4") == pytest.approx((0, 60 / 0.16, 60 / 0.16))
    assert of_city(result) == pytest.approx((100 / 1.44, 450 / 1.44, 450 / 1.44))
    assert result.causes == ("residents",)


def test_a_share_holds_its_threshold_and_the_second_source():
    # Within 460 m live 270 of 450, within 414 m the 90 of Q7; by the second source 10 of 100.
    result = asked(two_sources(), "coverage_within", {"services": {"school": 460}},
                   variant="school")  # fmt: skip
    assert of_city(result) == pytest.approx((10 / 100, 270 / 450, 270 / 450))
    # Where the second source has nobody it says nothing; round a right angle it is 464 m from Q4.
    assert told(result, "Q4") == (0, 1, 1)
    second = result.ranges["residents"]
    assert (second.low["Q4"], second.high["Q4"]) == (1, 1)
    assert by_threshold(result) == pytest.approx((90 / 450, 270 / 450, 270 / 450))
    assert by_threshold(result, "Q4") == (0, 1, 1)
    assert result.causes == ("threshold", "snapping", "residents")


@pytest.mark.parametrize(
    ("distance_m", "low", "value", "high"),
    [
        (449, 90, 90, 90),  # nearer than Q4's and Q1's door on the street
        (450, 90, 90, 270),
        (459, 90, 90, 270),
        (460, 90, 270, 270),
        (464, 90, 270, 270),
        (465, 270, 270, 270),  # farther than their way round a right angle, 464.1 m
    ],
)
def test_the_way_from_home_to_street_is_between_none_and_a_right_angle(
    distance_m, low, value, high
):
    table = {"services": {"school": distance_m}}
    result = asked(toy.city(), "coverage_within", table, variant="school")
    assert of_city(result) == pytest.approx((low / 450, value / 450, high / 450))
    assert result.causes == ("threshold", "snapping")


def test_straight_lines_and_pairs_within_a_limit_have_no_range_by_the_way_to_the_street():
    table = {"services": {"school": 460}}
    without_streets = dataclasses.replace(toy.city(), streets=None)
    straight = asked(without_streets, "coverage_within", table, variant="school")
    assert straight.causes == ("threshold",)
    pairs = asked(toy.city(), "cumulative_opportunities",
                  {"services": ["clinic"], "minutes": [10]}, variant="clinic")  # fmt: skip
    assert "snapping" not in pairs.causes


def test_for_each_resident_of_two_sources():
    # Q7 has a park of 84 m by 84 m; the second source has nobody in Q9, and so no answer there.
    result = asked(two_sources(), "green_area_per_resident")
    assert told(result, "Q7") == pytest.approx((84 * 84 / 90, 84 * 84 / 90, 84 * 84 / 10))
    assert told(result, "Q9") == (0, 0, 0)
    assert of_city(result) == pytest.approx((2 * 84**2 / 450, 2 * 84**2 / 450, 2 * 84**2 / 100))


def test_a_group_by_two_sources():
    # A column of the census counts the women; it is spread over the people of either source.
    table = {"services": {"school": 460}}
    result = asked(two_sources(), "coverage_within", table, variant="school", group="women")
    assert result.values["Q7"] == 1
    # by the second source nobody lives but in Q7 (45 women by the census) and Q5 (40)
    second, way = (result.ranges[cause] for cause in ("residents", "snapping"))
    assert (second.city_low, second.city_high) == pytest.approx((45 / 85, 135 / 225))
    assert (way.city_low, way.city_high) == pytest.approx((45 / 225, 135 / 225))
    assert of_city(result) == pytest.approx((45 / 225, 135 / 225, 135 / 225))
    assert by_threshold(result) == pytest.approx((45 / 225, 135 / 225, 135 / 225))
    by_second = two_sources().residents.second_source.groups["women"]
    assert by_second.sum() == pytest.approx(45 + 40)


def test_a_second_source_that_is_controlled_to_the_same_census_leaves_densities_as_they_are():
    made = two_sources(dict.fromkeys(toy.KEYS, 5.0), second_source=["population", "census"])
    result = asked(made, "population_density")
    np.testing.assert_allclose(result.low, result.values)
    np.testing.assert_allclose(result.high, result.values)


def test_what_sets_two_dates_against_each_other_does_not_change_its_source_between_them():
    assert asked(two_sources(), "lcrpgr", variant="people").causes == ()


def test_people_of_a_second_source_go_to_the_places_of_their_square_and_neighbourhood():
    origins = Residents(
        xy=np.array([[0.0, 0.0], [30.0, 0.0], [1000.0, 0.0]]), people=np.array([10.0, 30.0, 5.0]),
        neighbourhood=np.array([0, 0, 1]), source="buildings",
    )  # fmt: skip
    other = Residents(
        xy=np.array([[10.0, 10.0], [300.0, 0.0], [700.0, 0.0], [20.0, 20.0]]),
        people=np.array([8.0, 5.0, 7.0, 1.0]), neighbourhood=np.array([0, 0, 0, 1]),
        source="population",
    )  # fmt: skip
    # Eight by weight to the two of the square; five to the nearest, 270 m; seven nowhere, since
    # the place 300 m away is in another neighbourhood, and the next one is 670 m away; the one of
    # the other neighbourhood has none within reach there.
    assert reallocate_to_origins(other, origins).tolist() == pytest.approx([2, 6 + 5, 0])


def test_what_no_place_could_take_is_said():
    made = two_sources()
    (note,) = [note for note in made.residents.notes if note.code == "second-source"]
    values = dict(note.values)
    assert (values["source"], values["people"]) == ("buildings+census", 450)
    assert (values["second"], values["second_people"], values["count"]) == ("population", 100, 0)


def test_explain_works_each_reading_and_low_and_high_hold_them():
    city = two_sources()
    indicator = registry.indicators()["coverage_within"]
    (one,) = indicator.params.model_validate({"services": {"school": 460}}).queries()
    answers = evaluate(city, [(indicator, one)])
    (result,) = answers.results
    told = {step.what: step.value for step in steps(city, answers, indicator, result, None)}
    variations = {
        "result": 270 / 450,
        "result with distance_m 414": 90 / 450,
        "result with distance_m 506": 270 / 450,
        "result with the residents of population": 10 / 100,
    }
    assert {what: told[what] for what in variations} == pytest.approx(variations)
    assert told["result, low"] == pytest.approx(10 / 100)  # by the second source
    assert told["result, high"] == pytest.approx(270 / 450)
    assert told["result, low by threshold"] == pytest.approx(90 / 450)
    assert told["result, high by threshold"] == pytest.approx(270 / 450)


def test_green_holds_streets_that_lead_in_from_half_as_far_and_twice():
    # From a home at (650, 210) a park is 476 m away if streets lead in from 5 m, 472 m if from
    # 10 m, 469.7 m if from 20 m (tests/network/test_entrances_given.py); nobody else lives here.
    home = Residents(
        np.array([(650.0, 210.0)]) + np.array(toy.ORIGIN), np.ones(1), np.zeros(1, int), "toy"
    )
    found = dict(toy.shapes())
    found["green"] = ([shapely.box(108, 108, 192, 192)], {"public": [True]})
    city = dataclasses.replace(toy.city(found), residents=home)
    ends = {
        metres: asked(city, "green_300", {"distance_m": metres, "min_area_ha": 0.5})
        for metres in (470.0, 474.0)
    }
    assert [result.city for result in ends.values()] == [0, 1]
    for result in ends.values():
        assert (result.city_low, result.city_high) == (0, 1)
        assert (result.threshold.city_low, result.threshold.city_high) == (0, 1)
        assert result.causes == ("threshold", "entrances", "snapping")
    straight = asked(dataclasses.replace(city, streets=None), "green_300", {"min_area_ha": 0.5})
    assert straight.causes == ("threshold",)
    assert vary_entrance(Query(variant="straight_line")) == ()
    half, twice = vary_entrance(Query(parameters={"distance_m": 300.0}))
    assert (half.query["entrance_m"], twice.query["entrance_m"]) == (5, 20)
    assert half.cause == twice.cause == "entrances"
