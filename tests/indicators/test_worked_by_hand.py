"""One answer of each indicator, worked with pencil and paper on the toy city."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import toy

from urbanlayer import registry
from urbanlayer.cli import catalogue
from urbanlayer.errors import IndicatorError
from urbanlayer.model.indicator import Indicator, Kind, Query
from urbanlayer.model.result import Result


def query(name: str, table: dict | None = None, *, variant: str | None = None, **how) -> Result:
    indicator = registry.indicators()[name]
    queries = indicator.params.model_validate(table or {}).queries()
    (one,) = [a for a in queries if variant is None or a.variant == variant]
    city = toy.city(**how)
    return toy.result(indicator, one, city)


def test_coverage_by_manhattan_distance_worked_by_hand():
    # Homes stand at (250, 210) of each 400 m square: 10 m to the street, then along it.
    # The kindergarten is at the crossing (200, 200) of the whole city, in Q7.
    # Q7's home: 10 m + 50 m = 60 m. Q4's, 400 m further east: 10 + 450 = 460 m; Q1's, 400 m
    # further north: 10 + 50 + 400 = 460 m. Q3's, diagonally: 10 + 450 + 400 = 860 m.
    served = query("coverage_within", {"services": {"kindergarten": 460}}).values
    assert served[["Q7", "Q4", "Q1"]].tolist() == [1, 1, 1]
    assert served[["Q3", "Q9", "Q8", "Q6", "Q5"]].tolist() == [0, 0, 0, 0, 0]
    assert np.isnan(served["Q2"])


def test_the_city_s_share_is_of_residents_and_not_of_neighbourhoods():
    # 90 + 60 + 120 of 450 residents live in the three served neighbourhoods.
    result = query("coverage_within", {"services": {"kindergarten": 460}})
    assert result.city == pytest.approx(270 / 450)


def test_one_metre_less_and_the_neighbours_are_not_served():
    result = query("coverage_within", {"services": {"kindergarten": 459}})
    assert result.values[["Q7", "Q4", "Q1"]].tolist() == [1, 0, 0]
    varied = result.threshold
    assert varied.city_high == pytest.approx(270 / 450)  # 459 m and a tenth reach them
    assert varied.city_low == pytest.approx(90 / 450)
    assert result.causes == ("threshold", "snapping")
    # with the door on the street it is 450 m
    assert (result.low["Q4"], result.high["Q4"]) == (0, 1)


def test_a_service_of_the_digital_theme_is_asked_like_any_other():
    result = query("eservice_point_access", {"distance_m": 460})
    assert result.indicator == "eservice_point_access"
    assert result.values[["Q7", "Q4", "Q3"]].tolist() == [1, 1, 0]


def test_green_access_counts_parks_of_half_a_hectare_and_no_private_garden():
    # Parks are 84 m squares, 0.71 ha: one in Q7, one in Q5; the one in Q4 is private.
    # The square (108..192) lies 8 m from the streets around it, so it is entered from there.
    # Q7's home (250, 210): 10 m to the street, 50 m to the crossing (200, 200), then 10 m on to
    # x = 192, where the park is 8 m off: at most 100 m. Q4's home is 400 m further.
    near = query("green_access_who", variant="").values
    assert near["Q7"] == 1
    assert near["Q4"] == 0
    assert near["Q3"] == 0


def test_green_access_in_a_straight_line_is_exact():
    # From Q4's home (650, 210) to the park's corner (192, 192): sqrt(458² + 18²) = 458.35 m.
    assert query("green_access_who", {"distance_m": 459}, variant="straight_line").values["Q4"] == 1
    assert query("green_access_who", {"distance_m": 458}, variant="straight_line").values["Q4"] == 0


def test_a_park_below_the_least_area_is_no_answer_to_anybody():
    result = query("green_access_who", {"min_area_ha": 0.71, "distance_m": 5000}, variant="")
    assert result.city == 0


def test_green_area_per_resident_worked_by_hand():
    result = query("green_area_per_resident")
    assert result.values["Q7"] == pytest.approx(7056 / 90)
    assert result.values["Q4"] == 0  # its only green is private: measured, none
    assert result.values["Q5"] == pytest.approx(7056 / 80)
    assert result.city == pytest.approx(14_112 / 450)


def test_population_density_worked_by_hand():
    # 90 residents on 0.16 km².
    assert query("population_density").values["Q7"] == pytest.approx(562.5)
    assert query("population_density").city == pytest.approx(450 / 1.44)


def test_broadband_of_the_catalogue_s_example():
    # Two tiles of 100 Mbit/s (30 tests) and 60 Mbit/s (10 tests): 90, and not the plain mean 80.
    assert query("broadband_down_mbps").city == pytest.approx(90)


def test_broadband_with_fewer_tests_than_asked_has_no_answer():
    # The eastern tile has 10 tests; Q9 has 30 of its 210 residents, so about 1.4 tests.
    result = query("broadband_down_mbps")
    assert np.isnan(result.values["Q9"])
    assert result.reasons["Q9"] == "few-tests"


def test_every_indicator_names_a_source_a_unit_and_bounds():
    for indicator in registry.indicators().values():
        assert indicator.source or indicator.remark
        assert indicator.unit
        assert indicator.bounds[0] < indicator.bounds[1]
        assert indicator.kind in Kind


def test_a_share_lies_between_nobody_and_all():
    shares = [one for one in registry.indicators().values() if one.unit == "share"]
    assert {one.bounds for one in shares} == {(0, 1)}


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        (pd.Series([0.5], index=["Q1"]), "not indexed as the neighbourhoods"),
        (pd.Series(2.0, index=sorted(toy.KEYS)), "out of 0 to 1"),
    ],
)
def test_an_indicator_that_breaks_its_promise_is_stopped(values, fault):
    broken = Indicator(
        id="broken", theme="green", kind=Kind.SHARE_OF_RESIDENTS, unit="share", better="higher",
        bounds=(0, 1), needs=(), source="none",
        compute=lambda *_: Result(Query(), values, 0.5, "share", "walk"),
    )  # fmt: skip
    with pytest.raises(IndicatorError, match=fault):
        toy.result(broken, Query(), toy.city())


def test_overlapping_parks_are_counted_once():
    found = toy.shapes()
    geometry, columns = found["green"]
    twice = {**found, "green": ([*geometry, geometry[0]], {"public": [*columns["public"], True]})}
    indicator = registry.indicators()["green_area_per_resident"]
    result = toy.result(indicator, Query(), toy.city(twice))
    assert result.values["Q7"] == pytest.approx(7056 / 90)


def test_a_park_on_a_border_is_split_exactly():
    found = toy.shapes()
    park = shapely.box(390, 100, 420, 200)  # 10 m in Q7, 20 m in Q4
    split = {**found, "green": ([park], {"public": [True]})}
    indicator = registry.indicators()["green_area_per_resident"]
    values = toy.result(indicator, Query(), toy.city(split)).values
    assert values["Q7"] == pytest.approx(1000 / 90)
    assert values["Q4"] == pytest.approx(2000 / 60)


def test_the_toy_city_is_measured_in_metres():
    frame: gpd.GeoDataFrame = toy.city().layers["neighbourhoods"].frame
    assert frame.geometry.area.tolist() == pytest.approx([160_000] * 9)


def test_a_house_that_reaches_into_the_water_is_flooded_though_its_middle_is_not():
    # Homes are 10 m squares about (250, 210): the water to y = 206 reaches their southern 1 m.
    found = {**toy.shapes(), "flood": ([shapely.box(0, 0, 1200, 206)], {"value": [1.0]})}
    indicator = registry.indicators()["flood_exposed_share"]
    result = toy.result(indicator, Query(), toy.city(found))
    assert result.city == pytest.approx(180 / 450)
    assert result.city_low == 0


def test_the_catalogue_says_of_each_what_it_is_in_words(capsys):
    catalogue.command(as_json=True)
    rows = json.loads(capsys.readouterr().out)
    assert {row["id"] for row in rows} == set(registry.indicators())
    for row in rows:
        assert row["title"]
        assert len(row["about"].split()) > 2, row["id"]
        assert row["id"].replace("_", " ") not in row["about"].casefold()  # no key read aloud
