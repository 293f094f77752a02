"""Scenarios: after is the result of a build of the edited files; before that of the city."""

import math
import re

import geopandas as gpd
import numpy as np
import planned
import pytest
import shapely
import small_city
from small_city import X, Y, people, point

from urbanlayer.plan.scenario import compared, edited_cities

CITY = (
    small_city.WITH_PEOPLE
    + """
[indicators.population_density]
[indicators.coverage_within]
services = { school = 400, kindergarten = 400 }
[indicators.nearest_facility_m]
services = ["school"]
"""
)


def schools(**places):
    found = {"S1": (300, 510), "S2": (1300, 510), **places}
    found = {key: at for key, at in found.items() if at is not None}
    return gpd.GeoDataFrame(
        {"id": list(found), "name": list(found), "places": [100] * len(found)},
        geometry=[point(*at) for at in found.values()],
        crs=small_city.CRS,
    )


def streets(*more, without=()):
    frame = small_city.frames()["streets"]
    lines = [*frame.geometry, *(shapely.LineString([point(*xy) for xy in line]) for line in more)]
    ids = [*frame["id"], *(f"new{number}" for number in range(len(more)))]
    kept = [row for row, name in enumerate(ids) if name not in without]
    return gpd.GeoDataFrame(
        {"id": [ids[row] for row in kept]},
        geometry=[lines[row] for row in kept],
        crs=small_city.CRS,
    )


def city(folder, **changed):
    folder.mkdir(exist_ok=True)
    frames = {"people": people(), "schools": schools(), "streets": streets(), **changed}
    return small_city.write(folder, CITY, **frames)


def at(x, y):
    return {"x": X + x, "y": Y + y}


EDITS = {
    "add": (
        {"add": {"school": [{"id": "S9", **at(1850, 505), "capacity": 100}]}},
        {"schools": schools(S9=(1850, 505))},
    ),
    "close": ({"close": {"school": ["S2"]}}, {"schools": schools(S2=None)}),
    "move": (
        {"move": {"school": [{"id": "S1", **at(503.3, 1200.7)}]}},
        {"schools": schools(S1=(503.3, 1200.7))},
    ),
    "street": (
        {"streets": {"add": [[(X + 1500, Y + 499.5), (X + 500.5, Y + 1500)]]}},
        {"streets": streets([(1500, 499.5), (500.5, 1500)])},
    ),
    "cut": ({"streets": {"close": ["b"]}}, {"streets": streets(without=["b"])}),
    "residents": (
        {"residents": [{**at(1700, 505), "people": 50}]},
        {"people": people([(1700, 505, 50)])},
    ),
}


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """The inputs of the city as it is, without a scenario."""
    return planned.inputs_of(city(tmp_path_factory.mktemp("usual")))


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """The results of a build of the city as it is, by id."""
    return planned.results_of(city(tmp_path_factory.mktemp("before")))[1]


@pytest.mark.parametrize("name", EDITS)
def test_after_is_a_build_of_the_edited_files(name, usual, before, tmp_path):
    table, files = EDITS[name]
    inputs = planned.with_scenario(usual, table, name)
    found = {one.query.id: one for one in compared(inputs, edited_cities(inputs)[0])}
    other, after = planned.results_of(city(tmp_path, **files))
    assert set(found) == set(after) == set(before)
    for key, one in found.items():
        assert one.city.before == pytest.approx(before[key].city, rel=1e-12)
        assert one.city.after == pytest.approx(after[key].city, rel=1e-12)
        for hood, each in one.by_neighbourhood.items():
            expected = before[key].values[hood], after[key].values[hood]
            assert (each.before, each.after) == pytest.approx(expected, rel=1e-12, nan_ok=True)
        if one.query.indicator == "coverage_within":
            served = other.residents.people * after[key].origins
            assert one.city.people_after == pytest.approx(served.sum())
        else:
            assert math.isnan(one.city.people_after)
    assert any(one.city.before != one.city.after for one in found.values())


def coverage(inputs, variant="school"):
    (found,) = [
        one
        for one in compared(inputs, edited_cities(inputs)[0])
        if (one.query.indicator, one.query.variant) == ("coverage_within", variant)
    ]
    return found


def test_people_of_a_closed_school_go_on_to_the_next(usual):
    """S2 at 1,300 m served B (200 m); from B to S1 it is 1,200 m. A goes on to S1."""
    inputs = planned.with_scenario(usual, {"close": {"school": ["S2"]}})
    found = coverage(inputs)
    assert (found.city.people_before, found.city.people_after) == (70, 40)
    assert (found.city.before, found.city.after) == pytest.approx((0.7, 0.4))
    second = found.by_neighbourhood["N2"]
    assert (second.people_before, second.people_after) == (30, 0)
    first = found.by_neighbourhood["N1"]
    assert (first.people_before, first.people_after) == (40, 40)
    empty = found.by_neighbourhood["N4"]
    assert math.isnan(empty.before)
    assert (empty.people_before, empty.people_after) == (0, 0)


def test_where_all_schools_close_nobody_is_served(usual):
    table = {"close": {"school": ["S1", "S2"]}}
    found = coverage(planned.with_scenario(usual, table))
    assert (found.city.after, found.city.people_after) == (0, 0)


def test_a_service_without_a_layer_starts_from_nothing(tmp_path):
    table = {"add": {"kindergarten": [{"id": "K1", **at(1500, 505)}]}}
    found = coverage(planned.inputs_of(city(tmp_path), scenarios={"x": table}), "kindergarten")
    assert (found.city.people_before, found.city.people_after) == (0, 40)
    assert (found.city.before, found.city.after) == pytest.approx((0, 0.4))


def test_new_residents_change_people_and_share(usual):
    """50 people at 1,700 m have 400 m to S2: 120 of 150 instead of 70 of 100."""
    table = {"residents": [{**at(1700, 510), "people": 50}]}
    inputs = planned.with_scenario(usual, table)
    found = coverage(inputs)
    assert (found.city.people_before, found.city.people_after) == (70, 70)
    assert (found.city.before, found.city.after) == pytest.approx((0.7, 70 / 150))
    near = {"residents": [{**at(1600, 510), "people": 50}]}
    found = coverage(planned.with_scenario(usual, near))
    assert (found.city.before, found.city.after) == pytest.approx((0.7, 120 / 150))


def test_facilities_come_from_a_file(tmp_path):
    path = city(tmp_path)
    new = schools(S8=(1800, 510), S1=None, S2=None).rename(columns={"id": "id"})
    new.to_crs(4326).to_file(tmp_path / "new.geojson", driver="GeoJSON")
    found = coverage(planned.inputs_of(path, scenarios={"x": {"add": {"school": "new.geojson"}}}))
    assert (found.city.people_before, found.city.people_after) == (70, 80)


def test_a_file_of_facilities_need_not_have_the_columns_of_the_layer(tmp_path):
    """Points alone, for a layer with keys, names and places: 80 people as with S8 above."""
    path = city(tmp_path)
    new = schools(S8=(1800, 510), S1=None, S2=None)[["geometry"]]
    new.to_file(tmp_path / "new.gpkg", driver="GPKG")
    found = coverage(planned.inputs_of(path, scenarios={"x": {"add": {"school": "new.gpkg"}}}))
    assert (found.city.people_before, found.city.people_after) == (70, 80)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"close": {"school": ["S7"]}}, r"\[scenario.x\].*'S7': there is no such feature"),
        ({"close": {"shool": ["S1"]}}, "'shool': there is none to edit.*'school'"),
        ({"add": {"shool": [{"id": "S9", **at(0, 0)}]}}, "no such layer or service.*'school'"),
        ({"add": {"school": [{"id": "S1", **at(0, 0)}]}}, "'S1': there is such a feature already"),
        ({"add": {"school": "nwe.geojson"}}, "no such file.*"),
        ({"move": {"school": [{"id": "S7", **at(0, 0)}]}}, "'S7': there is no such feature"),
        ({"streets": {"close": ["z"]}}, "layer 'streets'.*'z': there is no such feature"),
        ({"residents": [{"x": 0, "y": 0, "people": 5}]}, "lie in no neighbourhood"),
        ({"headways": {"4": 10}}, "the city has no timetable"),
    ],
)
def test_an_edit_that_is_not_possible_is_refused_by_name(table, why, usual):
    inputs = planned.with_scenario(usual, table)
    (found,) = edited_cities(inputs)[1]
    assert found.startswith("[scenario.x]: ")

    assert re.search(why, found)


def test_all_errors_of_a_scenario_are_found_at_once(usual):
    table = {"close": {"school": ["S7", "S8"]}, "streets": {"close": ["z"]}}
    inputs = planned.with_scenario(usual, table)
    assert len(edited_cities(inputs)[1]) == 3


def test_only_what_an_edit_touches_is_computed_again(usual):
    inputs = planned.with_scenario(usual, EDITS["add"][0])
    edited = inputs.edited(inputs.city, inputs.scenarios["x"])
    computed = inputs.evaluate(edited, inputs.queries).computed
    assert computed
    assert all(
        getattr(one, "variant", None) == "school" or getattr(one, "destinations", "") == "school"
        for one in computed
    )
    assert np.array_equal(edited.residents.people, inputs.city.residents.people)
