"""What the features that a layer lacks could change of a result, at most."""

from __future__ import annotations

import dataclasses

import pytest
import toy

from urbanlayer import registry
from urbanlayer.city.found_features import completeness
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.model.layer import ExpectedCount


def expecting(role: str, count: int):
    """The toy city, whose register counts so many features of a layer; each service has one."""
    city = toy.city()
    layer = dataclasses.replace(city.layers[role], expected=ExpectedCount(count, "the register"))
    layers = {**city.layers, role: layer}
    known = completeness(layers, city.neighbourhoods)
    return dataclasses.replace(city, layers=layers, completeness=known)


def asked(city, name, table):
    indicator = registry.indicators()[name]
    (query,) = indicator.params.model_validate(table).queries()
    (result,) = evaluate(city, [(indicator, query)]).results
    return result


def test_one_school_of_two_could_serve_as_many_people_as_live_around_one_point():
    # Within 240 m of the school live the 90 of Q7. Homes are 400 m apart, so that a point has two
    # within 240 m at most: of the others Q1 (120) and Q3 (10) are the most people.
    result = asked(expecting("school", 2), "coverage_within", {"services": {"school": 240}})
    assert (result.city_low, result.city) == (90 / 450, 90 / 450)
    assert result.city_high == pytest.approx(220 / 450)
    assert (result.low["Q4"], result.high["Q4"]) == (0, 1)
    assert (result.low["Q7"], result.high["Q7"]) == (1, 1)
    assert "completeness" in result.causes


def test_two_missing_schools_serve_twice_as_many_and_never_more_than_all():
    found = [
        asked(expecting("school", count), "coverage_within", {"services": {"school": 240}})
        for count in (3, 60)
    ]
    assert [one.city_high for one in found] == pytest.approx([350 / 450, 1])


def test_a_layer_that_has_what_the_register_counts_lacks_nothing():
    result = asked(expecting("school", 1), "coverage_within", {"services": {"school": 240}})
    assert (result.city_low, result.city, result.city_high) == (0.2, 0.2, 0.2)
    assert result.causes == ("threshold", "snapping")


def test_a_count_has_every_missing_feature():
    result = asked(expecting("public_wifi", 4), "public_wifi_count", {})
    assert result.city == 1
    assert (result.city_low, result.city_high) == (1, 4)


def test_a_missing_facility_may_stand_at_the_door():
    result = asked(expecting("clinic", 2), "nearest_facility_m", {"services": ["clinic"]})
    assert result.city_low == 0
    assert result.city_high > result.city  # as measured along the streets


def test_found_are_the_features_in_the_city():
    city = expecting("school", 5)
    one = city.completeness["school"]
    assert (one.found, one.expected, one.missing) == (1, 5, 4)
    assert "clinic" not in city.completeness  # nothing is expected of it


def test_the_completeness_of_a_map_of_volunteers_is_not_known():
    city = toy.city()
    layer = city.layers["school"]
    by = dataclasses.replace(layer.provenance, attribution="© OpenStreetMap contributors")
    layers = {"school": dataclasses.replace(layer, provenance=by)}
    one = completeness(layers, city.neighbourhoods)["school"]
    assert (one.found, one.expected, one.missing) == (1, None, 0)
