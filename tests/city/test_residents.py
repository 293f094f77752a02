"""People are put into places, and every total is kept."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely
import toy
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from urbanlayer.city import neighbourhoods
from urbanlayer.city.residents import allocate_residents
from urbanlayer.errors import CityError
from urbanlayer.indicators import population_density
from urbanlayer.kernels import allocation
from urbanlayer.model.indicator import Query
from urbanlayer.model.layer import Provenance, Raster
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.specification import ResidentsSpec


def placed(spec: dict, found: toy.Shapes, rasters: dict | None = None):
    layers = {
        role: toy.layer(role, [toy._placed(g, (0, 0), 0) for g in geometry], columns)
        for role, (geometry, columns) in found.items()
    }
    hoods = neighbourhoods.from_layer(layers["neighbourhoods"])
    people = allocate_residents(ResidentsSpec.model_validate(spec), hoods, layers, rasters or {})
    return hoods, people


@pytest.mark.slow
@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_census_of_every_neighbourhood_is_kept(seed):
    hoods, people = placed({"from": ["buildings", "census"]}, toy.shapes(seed))
    sums = people.per_neighbourhood(len(hoods))
    np.testing.assert_allclose(sums, hoods.census, rtol=1e-6, atol=1e-6)
    assert people.total == pytest.approx(450, rel=1e-6)


def test_people_live_in_proportion_to_floor_area():
    found = toy.shapes()
    homes = [shapely.box(100, 110, 110, 120), shapely.box(200, 110, 210, 120)]
    found["buildings"] = (homes, {"residential": [True, True], "levels": [1.0, 2.0]})
    _, people = placed({"from": ["buildings", "census"]}, found)
    # Q7 has 90 residents: 100 m² and 200 m² of floor.
    assert sorted(people.people[:2]) == pytest.approx([30, 60])


def test_nobody_lives_in_a_building_of_another_use():
    found = toy.shapes()
    homes = [shapely.box(100, 110, 110, 120), shapely.box(200, 110, 210, 120)]
    found["buildings"] = (homes, {"residential": [True, False], "levels": [1.0, 9.0]})
    _, people = placed({"from": ["buildings"], "total": 70}, found)
    assert people.people.tolist() == [70]


def test_unknown_storeys_are_the_median_and_are_said():
    found = toy.shapes()
    homes = [shapely.box(x, 110, x + 10, 120) for x in (100, 140, 180)]
    found["buildings"] = (homes, {"residential": [True] * 3, "levels": [2.0, 4.0, np.nan]})
    _, people = placed({"from": ["buildings"], "total": 90}, found)
    assert people.people == pytest.approx([20, 40, 30])
    assert people.notes[0] == Note.of("storeys-assumed", count=1, total=3, storeys=3.0, known=2)


@pytest.mark.parametrize(
    ("spec", "low", "high"),
    [
        # A tenth of the way from 2 to 4 storeys is 2.2, nine tenths 3.8: of 8.2 and 9.8 hundred m²
        ({"from": ["buildings"], "total": 90}, [180, 360, 198], [180, 360, 342]),
        ({"from": ["buildings", "census"]}, [180, 360, 198], [180, 360, 342]),
    ],
)
def test_people_by_the_lowest_and_the_highest_of_unknown_storeys(spec, low, high):
    found = toy.shapes()
    homes = [shapely.box(x, 110, x + 10, 120) for x in (100, 140, 180)]
    found["buildings"] = (homes, {"residential": [True] * 3, "levels": [2.0, 4.0, np.nan]})
    hoods, people = placed(spec, found)
    ends = people.alternatives["storeys"]
    for end, weights in zip(ends, (low, high), strict=True):
        expected = 90 * np.array(weights) / sum(weights)  # Q7 has 90 residents by the census too
        assert end.people[:3] == pytest.approx(expected)
        sums = [one.per_neighbourhood(len(hoods)) for one in (end, people)]
        np.testing.assert_allclose(*sums)


def test_known_storeys_have_no_range():
    _, people = placed({"from": ["buildings"], "total": 90}, toy.shapes())
    assert not people.alternatives


def test_a_neighbourhood_with_a_census_and_no_home_keeps_its_people_and_says_so():
    found = toy.shapes()
    home = [shapely.box(100, 110, 110, 120)]  # in Q7 alone
    found["buildings"] = (home, {"residential": [True], "levels": [1.0]})
    hoods, people = placed({"from": ["buildings", "census"]}, found)
    np.testing.assert_allclose(people.per_neighbourhood(9), hoods.census, rtol=1e-9)
    assert any(note.code == "census-spread" for note in people.notes)


def test_people_of_a_hexagon_are_spread_at_most_100_m_apart():
    found = toy.shapes()
    del found["built_up"]
    area = shapely.box(50, 50, 350, 250)
    found["population"] = ([area], {"people": [60.0]})
    _, people = placed({"from": ["population"]}, found)
    assert len(people) == 6  # 3 × 2 points
    assert people.people.tolist() == pytest.approx([10] * 6)


def test_people_of_the_part_of_a_hexagon_outside_the_city_are_counted_outside():
    found = toy.shapes()
    found["population"] = ([shapely.box(-100, 0, 100, 100)], {"people": [80.0]})
    _, people = placed({"from": ["population"]}, found)
    assert people.total == pytest.approx(40)
    assert people.outside == pytest.approx(40)


def test_a_grid_keeps_its_sum_and_the_cells_outside_are_counted():
    x0, y0 = toy.ORIGIN
    values = np.array([[5.0, np.nan, np.nan], [7.0, np.nan, 2.0]])
    grid = Raster(
        "population", values, Affine(100, 0, x0 - 200, 0, -100, y0 + 200), toy.CRS,
        Provenance("toy", "grid.tif", "0"),
    )  # fmt: skip
    _, people = placed({"from": ["population"]}, toy.shapes(), {"population": grid})
    # The western column's cells have their middle 150 m outside the city.
    assert people.total == pytest.approx(2)
    assert people.outside == pytest.approx(12)
    assert people.total + people.outside == pytest.approx(14)


def test_people_of_a_population_layer_move_to_the_homes_near_them():
    found = toy.shapes()
    homes = [shapely.box(100, 110, 110, 120), shapely.box(120, 110, 130, 120)]
    found["buildings"] = (homes, {"residential": [True, True], "levels": [1.0, 3.0]})
    found["population"] = ([shapely.box(100, 100, 180, 180)], {"people": [40.0]})
    _, people = placed({"from": ["buildings", "population"]}, found)
    assert sorted(people.people) == pytest.approx([10, 30])


def test_a_city_where_nobody_lives_is_an_error_that_says_where_to_look():
    found = toy.shapes()
    home = [shapely.box(100, 110, 110, 120)]
    found["buildings"] = (home, {"residential": [False], "levels": [1.0]})
    with pytest.raises(CityError, match="buildings: the city has no residents"):
        placed({"from": ["buildings"], "total": 100}, found)


def test_a_total_that_differs_from_the_census_is_said_and_the_census_kept():
    _, people = placed({"from": ["buildings", "census"], "total": 500}, toy.shapes())
    assert people.total == pytest.approx(450)
    assert any(note.code == "census-kept" for note in people.notes)


def test_a_point_on_the_border_of_two_belongs_to_the_lower_row():
    squares = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], dtype=object)
    rows = allocation.locate(
        np.array([[1.0, 0.5], [1.5, 0.5], [2.04, 0.5], [3.0, 0.5]]), squares, 0.05
    )
    assert rows.tolist() == [0, 1, 1, -1]


@given(
    weights=st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30),
    total=st.floats(0.1, 1e6),
)
def test_control_keeps_the_total_and_the_proportions(weights, total):
    given_weights = np.array(weights)
    groups = np.zeros(len(weights), dtype=np.int64)
    people = allocation.constrain_to_totals(given_weights, groups, np.array([total]))
    assert people.sum() == pytest.approx(total, rel=1e-9)
    np.testing.assert_allclose(people / people[0], given_weights / weights[0], rtol=1e-9)


def _with_unknown_census(key: str) -> toy.Shapes:
    found = toy.shapes()
    columns = found["neighbourhoods"][1]
    columns["residents"] = [
        np.nan if each == key else count
        for each, count in zip(columns["key"], columns["residents"], strict=True)
    ]
    return found


@pytest.mark.parametrize("from_", [["census"], ["buildings", "census"], ["population", "census"]])
def test_a_neighbourhood_of_unknown_census_has_no_number_of_residents(from_):
    found = _with_unknown_census("Q7")
    found["population"] = ([shapely.box(0, 0, 1200, 1200)], {"people": [9000.0]})
    hoods, people = placed({"from": from_}, found)
    each = dict(zip(hoods.keys, people.per_neighbourhood(9), strict=True))
    assert np.isnan(each.pop("Q7"))
    assert each == pytest.approx({key: toy.CENSUS[key] for key in each})
    assert people.total == pytest.approx(450 - 90)
    names = Listing.of(["Q7"])
    assert Note.of("residents-unknown", count=1, total=9, names=names) in people.notes


def test_a_total_does_not_fill_an_unknown_census():
    found = _with_unknown_census("Q7")
    _, people = placed({"from": ["buildings", "census"], "total": 450}, found)
    assert people.total == pytest.approx(450 - 90)


def test_the_density_of_the_city_is_of_the_neighbourhoods_of_known_census():
    found = _with_unknown_census("Q7")
    hoods, people = placed({"from": ["buildings", "census"]}, found)
    city = dataclasses.replace(toy.city(), neighbourhoods=hoods, residents=people)
    result = population_density.compute(city, Query("population_density"), {})
    # 360 residents on eight squares of 0.16 km²
    assert result.city == pytest.approx(360 / (8 * 0.16))
    assert np.isnan(result.values["Q7"])
    assert result.reasons == {"Q7": "residents-unknown"}


def test_floor_area_alone_is_no_number_of_people():
    with pytest.raises(CityError, match=r"\[residents\].*total"):
        placed({"from": ["buildings"]}, toy.shapes())


def test_people_of_unknown_number_are_not_counted_and_are_named():
    found = toy.shapes()
    cells = [shapely.box(x, 100, x + 100, 200) for x in (100, 200, 500, 600)]
    found["population"] = (cells, {"people": [100.0, np.nan, np.nan, np.nan]})
    hoods, people = placed({"from": ["population"]}, found)
    each = dict(zip(hoods.keys, people.per_neighbourhood(9), strict=True))
    assert people.total == pytest.approx(100)
    assert each["Q7"] == pytest.approx(100)  # of its known cell
    assert np.isnan(each["Q4"])  # has cells of unknown count alone
    assert each["Q9"] == 0  # has no cell
    unknown = next(note for note in people.notes if note.code == "counts-unknown")
    assert dict(unknown.values)["count"] == 3
    assert dict(unknown.values)["total"] == 4


def test_homes_of_an_unknown_number_of_residents_are_not_empty():
    found = toy.shapes()
    homes = [shapely.box(x, 110, x + 10, 120) for x in (100, 140, 500)]
    found["buildings"] = (homes, {"residential": [True] * 3, "residents": [7.0, np.nan, np.nan]})
    hoods, people = placed({"from": ["buildings"]}, found)
    each = dict(zip(hoods.keys, people.per_neighbourhood(9), strict=True))
    assert each["Q7"] == pytest.approx(7)
    assert np.isnan(each["Q4"])


def test_people_of_a_home_of_many_hectares_are_spread_over_it():
    found = toy.shapes()
    del found["built_up"]
    area = [shapely.box(0, 0, 400, 400)]  # 16 ha, all of Q7
    found["buildings"] = (area, {"residential": [True], "levels": [1.0]})
    _, people = placed({"from": ["buildings"], "total": 160}, found)
    assert people.people == pytest.approx([10] * 16)  # 4 × 4 points, 100 m apart
    large = next(note for note in people.notes if note.code == "homes-large")
    assert dict(large.values)["area_ha"] == 16
