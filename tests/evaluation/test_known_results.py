"""After an edit only what rests on it is computed, and all results are those from nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import pandas as pd
import pytest
import shapely
import toy

from urbanlayer import registry
from urbanlayer.city.assemble import assemble, with_layer
from urbanlayer.city.residents import with_digests
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.evaluation.results import Evaluation
from urbanlayer.layers import edits
from urbanlayer.model.city import City
from urbanlayer.model.layer import Layer
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.query import Query
from urbanlayer.model.result import Result
from urbanlayer.model.specification import CitySpec

X, Y = toy.ORIGIN
TABLES = {
    "coverage_within": {"services": {"kindergarten": 100, "school": 100}},
    "nearest_facility_m": {"services": ["kindergarten", "clinic"]},
    "green_300": {},
    "intersection_density": {},
    "population_density": {},
    "building_coverage": {},
    "noise_lden": {},
}
ON_FOOT = {"coverage_within", "nearest_facility_m", "green_300"}


def spec() -> CitySpec:
    layers = {role: {"path": f"{role}.gpkg"} for role in toy.shapes()}
    return CitySpec.model_validate(
        {
            "name": {"en": "Toy"},
            "crs": toy.CRS,
            "as_of": dt.date(2026, 6, 30),
            "layers": layers,
            "residents": {
                "from": ["buildings", "census"],
                "groups": {"tenants": {"layer": "dwellings", "field": "dwellings"}},
            },
        }
    )


def queries():
    every = registry.indicators()
    return [
        (every[name], query)
        for name, table in TABLES.items()
        for query in every[name].queries(every[name].params.model_validate(table))
    ]


@pytest.fixture(scope="module")
def city() -> City:
    made = toy.city()
    return assemble(spec(), made.layers, made.rasters)


@pytest.fixture(scope="module")
def known(city: City) -> Evaluation:
    return evaluate(city, queries())


def assembled(city: City, layer: Layer) -> City:
    """The city of the edited layer, assembled from nothing."""
    return assemble(spec(), {**city.layers, layer.role: layer}, city.rasters)


def assert_same(found: Evaluation, from_nothing: Evaluation) -> None:
    assert len(found.results) == len(from_nothing.results)
    for one, other in zip(found.results, from_nothing.results, strict=True):
        assert one.query == other.query
        assert one.city == pytest.approx(other.city, rel=1e-12, nan_ok=True)
        for name in ("values", "low", "high"):
            of_one, of_other = getattr(one, name), getattr(other, name)
            assert (of_one is None) == (of_other is None)
            if of_one is not None:
                pd.testing.assert_series_equal(of_one, of_other)
        assert dict(one.reasons) == dict(other.reasons)


def result(answers: Evaluation, indicator: str, variant: str = "") -> Result:
    """The result of one query of the table."""
    (found,) = [
        one
        for one in answers.results
        if (one.query.indicator, one.query.variant) == (indicator, variant)
    ]
    return found


def computed(answers: Evaluation) -> tuple[list, set[str]]:
    """Network queries that were computed, and the indicators."""
    network = [one for one in answers.computed if not isinstance(one, Query)]
    return network, {one.indicator for one in answers.computed if isinstance(one, Query)}


def test_nothing_is_computed_where_nothing_is_edited(city, known):
    assert evaluate(city, queries(), known).computed == ()
    assert known.computed


def test_with_a_kindergarten_more_only_the_way_to_kindergartens_is_computed(city, known):
    """Homes of the first and last neighbourhood, of 90 and 80 of 450 people, have 60 m to go."""
    new = shapely.Point(X + 1000, Y + 1000)
    layer = edits.add(city.layers["kindergarten"], "new", new, {"name": "New"})
    edited = with_layer(city, layer, spec())
    found = evaluate(edited, queries(), known)
    network, indicators = computed(found)
    assert indicators == {"coverage_within", "nearest_facility_m"}
    assert network == [NearestQuery("kindergarten"), NearestQuery("kindergarten", "straight_line")]
    coverage = result(found, "coverage_within", "kindergarten")
    assert result(known, "coverage_within", "kindergarten").city == pytest.approx(90 / 450)
    assert coverage.city == pytest.approx(170 / 450)
    assert_same(found, evaluate(assembled(city, layer), queries()))


def test_one_indicator_with_its_range_rests_on_one_network_query(city):
    """The range takes the distance 10 % shorter and longer: the same way to the nearest.

    Twice more at 100 m: by both ends of the way from home to street.
    """
    asked = [one for one in queries() if one[1].variant == "kindergarten"][:1]
    new = shapely.Point(X + 1000, Y + 1000)
    layer = edits.add(city.layers["kindergarten"], "new", new, {"name": "New"})
    found = evaluate(with_layer(city, layer, spec()), asked, evaluate(city, asked))
    assert computed(found) == ([NearestQuery("kindergarten")], {"coverage_within"})
    thresholds = [one["distance_m"] for one in found.computed if isinstance(one, Query)]
    assert sorted(thresholds) == pytest.approx([90, 100, 100, 100, 110])


def test_with_a_street_more_only_what_is_on_foot_is_computed(city, known):
    """The home at (1050, 1010) had 10 + 850 + 800 m to (200, 200), 400 of them around one block.

    Of 13² crossings all but the corners are junctions; the new street makes one of a corner.
    """
    line = shapely.LineString([(X, Y), (X + 400, Y + 400)])
    layer = edits.add(city.layers["streets"], "new", line)
    edited = with_layer(city, layer, spec())
    found = evaluate(edited, queries(), known)
    network, indicators = computed(found)
    assert indicators == {*ON_FOOT, "intersection_density"}
    assert {one.mode for one in network if isinstance(one, NearestQuery)} == {"walk"}
    before, after = (result(of, "nearest_facility_m", "clinic") for of in (known, found))
    assert before.values["Q5"] == pytest.approx(1660)
    assert after.values["Q5"] == pytest.approx(1660 - 400 + 200 * math.sqrt(2))
    junctions_before, junctions = (result(of, "intersection_density") for of in (known, found))
    assert junctions_before.city == pytest.approx(165 / 1.44)
    assert junctions.city == pytest.approx(166 / 1.44)
    assert_same(found, evaluate(assembled(city, layer), queries()))


@pytest.mark.parametrize("edit", ["storeys", "home", "census", "group", "cut"])
def test_what_people_are_made_of_is_assembled_again(city, known, edit):
    layers = city.layers
    half = shapely.LineString([(X + 200, Y - 1), (X + 200, Y + 401)])
    layer = {
        "storeys": lambda: edits.change(layers["buildings"], "b0", "levels", 4),
        "home": lambda: edits.close(layers["buildings"], "b0"),
        "census": lambda: edits.change(layers["neighbourhoods"], "Q7", "residents", 180),
        "group": lambda: edits.change(layers["dwellings"], "d0", "dwellings", 10),
        "cut": lambda: edits.cut(layers["neighbourhoods"], "Q7", half),
    }[edit]()
    edited, other = with_layer(city, layer, spec()), assembled(city, layer)
    assert edited.residents.digest == other.residents.digest
    assert edited.residents.places_digest == other.residents.places_digest
    assert edited.neighbourhoods.digest == other.neighbourhoods.digest
    found = evaluate(edited, queries(), known)
    assert_same(found, evaluate(other, queries()))
    _, indicators = computed(found)
    if edit == "storeys":  # the census says how many people live in the one home
        assert indicators == {"building_coverage"}
    if edit == "census":
        assert result(found, "population_density").city == pytest.approx((450 + 90) / 1.44)


def test_people_changed_by_hand_are_computed_once_they_have_digests(city, known):
    """Twice the people: of the digests depends whether that is seen."""
    twice = dataclasses.replace(city.residents, people=2 * city.residents.people)
    edited = dataclasses.replace(city, residents=with_digests(twice))
    found = evaluate(edited, queries(), known)
    assert result(found, "population_density").city == pytest.approx(2 * 450 / 1.44)
    assert computed(found)[0] == []  # the places are the same
    assert_same(found, evaluate(edited, queries()))


def test_an_edited_layer_without_a_digest_is_never_taken_for_known(city, known):
    unknown = dataclasses.replace(city.layers["kindergarten"], digest="")
    layer = edits.move(unknown, "k0", east_m=100, north_m=0)
    found = evaluate(with_layer(city, layer, spec()), queries(), known)
    assert_same(found, evaluate(assembled(city, layer), queries()))
    assert computed(found)[1] == {"coverage_within", "nearest_facility_m"}
