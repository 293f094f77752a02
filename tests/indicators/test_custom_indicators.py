"""A city's own indicators, without code: worked by hand on the toy city, and under the laws."""

from __future__ import annotations

import dataclasses

import numpy as np
import pydantic
import pytest
import shapely
import toy
from affine import Affine

from urbanlayer.indicators._custom import custom_indicator
from urbanlayer.model.custom import KINDS, CustomSpec
from urbanlayer.model.indicator import Kind
from urbanlayer.model.layer import Provenance, Raster

BENCHES = {"kind": "count_per_1000", "layer": "benches"}


def indicator(**table):
    spec = {"id": "asked", "title": {"en": "Asked"}, **table}
    return custom_indicator(pydantic.TypeAdapter(CustomSpec).validate_python(spec))


def city(found=None, rasters=(), **how):
    made = toy.city(found or shapes(), **how)
    return dataclasses.replace(made, rasters={**made.rasters, **dict(rasters)})


def shapes():
    """The toy city with three benches in Q7, one in Q4, and two plots across their border."""
    found = dict(toy.shapes())
    found["benches"] = (
        [
            shapely.Point(50, 50),
            shapely.Point(60, 60),
            shapely.Point(70, 70),
            shapely.Point(450, 9),
        ],
        {"state": ["new", "new", "old", "new"], "seats": ["2", "2,5", "3", "4"]},
    )
    found["plots"] = (
        [shapely.box(0, 0, 500, 100), shapely.box(300, 0, 400, 100)],
        {"price": [100.0, 400.0]},
    )
    return found


def grid(values, west=toy.ORIGIN[0], north=toy.ORIGIN[1] + 1200, cell=200.0):
    provenance = Provenance("toy", "grid.tif", "0")
    place = Affine(cell, 0, west, 0, -cell, north)
    return Raster("grid", np.asarray(values, float), place, toy.CRS, provenance)


def answer(made, found=None, rasters=(), **how):
    (query, *_) = made.params().queries()
    whole = city(found, rasters, **how)
    assert made.errors(whole, query) == ()
    assert made.missing(whole, query) == ()
    return toy.result(made, query, whole)


def test_features_for_each_thousand_residents():
    # Q7: 3 benches, 90 residents; Q4: 1 and 60; the city: 4 and 450.
    result = answer(indicator(**BENCHES))
    assert result.values["Q7"] == pytest.approx(3000 / 90)
    assert result.values["Q4"] == pytest.approx(1000 / 60)
    assert result.values["Q9"] == 0  # measured, none
    assert np.isnan(result.values["Q2"])
    assert result.reasons["Q2"] == "no-residents"
    assert result.city == pytest.approx(4000 / 450)
    assert result.unit == "/1,000 residents"


def test_only_features_with_the_value_count():
    result = answer(indicator(**BENCHES, where={"state": "New"}))
    assert result.values["Q7"] == pytest.approx(2000 / 90)


def test_a_field_that_was_written_with_decimal_commas_is_summed():
    result = answer(indicator(**BENCHES, field="seats"))
    assert result.values["Q7"] == pytest.approx(7500 / 90)


def test_share_of_area_counts_overlapping_plots_once_and_splits_them_on_the_border():
    # In Q7: 400 m × 100 m of 400 m × 400 m, the second plot lies inside; in Q4: 100 m × 100 m.
    result = answer(indicator(kind="share_of_area", layer="plots"))
    assert result.values["Q7"] == pytest.approx(0.25)
    assert result.values["Q4"] == pytest.approx(10_000 / 160_000)
    assert result.values["Q2"] == 0  # nobody lives there, and yet it has an area
    assert result.city == pytest.approx(50_000 / 1_440_000)


def test_share_of_area_of_classes_of_a_grid_leaves_out_what_is_not_known():
    # Cells of 200 m: four in Q7 (bottom left), of which one is class 6 and one has no data.
    values = np.ones((6, 6))
    values[5, 0], values[4, 0] = 6, np.nan
    made = indicator(kind="share_of_area", layer="grid", classes=[6])
    result = answer(made, rasters={"grid": grid(values)})
    assert result.values["Q7"] == pytest.approx(1 / 3)
    assert result.city == pytest.approx(1 / 35)


def test_one_amount_over_another():
    made = indicator(
        kind="ratio",
        numerator={"layer": "benches"},
        denominator={"layer": "streets", "measure": "length_km"},
    )
    # Streets on a border belong to the lower key alone; the whole grid is 26 lines of 1.2 km.
    result = answer(made)
    assert result.city == pytest.approx(4 / (26 * 1.2))
    assert result.unit == "benches/km"


def test_a_ratio_without_anything_below_the_line_has_no_answer():
    made = indicator(
        kind="ratio", numerator={"layer": "plots"}, denominator={"layer": "benches"}, times=10
    )
    result = answer(made)
    assert result.values["Q7"] == pytest.approx(10 * 2 / 3)
    assert np.isnan(result.values["Q9"])
    assert result.reasons["Q9"] == "no-data"


def test_a_grid_s_mean_by_area_and_by_residents():
    # The western half of Q7 has 10, the eastern 30; its only home stands in the east at x = 250.
    values = np.tile([10.0, 30, 0, 0, 0, 0], (6, 1))
    by_area = answer(indicator(kind="raster_mean", layer="grid"), rasters={"grid": grid(values)})
    by_people = answer(
        indicator(kind="raster_mean", layer="grid", over="residents"),
        rasters={"grid": grid(values)},
    )
    assert by_area.values["Q7"] == pytest.approx(20)
    assert by_people.values["Q7"] == pytest.approx(30)
    # 90 + 120 of the residents live in the western column (Q2 has none): 30 · 210 / 450.
    assert by_people.city == pytest.approx(30 * 210 / 450)


def test_coverage_and_distance_are_those_of_the_built_in_ones():
    # The kindergarten at (200, 200): Q7 is 60 m away, Q4 460 m (test_worked_by_hand.py).
    made = indicator(kind="coverage", layer="kindergarten", distance_m=[460, 100])
    assert [dict(query.parameters) for query in made.params().queries()] == [
        {"distance_m": 460.0},
        {"distance_m": 100.0},
    ]
    assert answer(made).city == pytest.approx(270 / 450)
    way = answer(indicator(kind="nearest", layer="kindergarten", better="lower", cap_m=500))
    assert way.values["Q7"] == pytest.approx(60)
    assert way.values["Q3"] == pytest.approx(500)  # 860 m, at most the cap
    assert way.unit == "m"


def test_a_field_of_areas_is_averaged_over_residents_over_area_or_summed():
    # The western plot covers no home; 300..400 × 0..100 of it is told twice.
    by_area = answer(
        indicator(kind="field", layer="plots", field="price", combine="mean_over_area")
    )
    assert by_area.values["Q7"] == pytest.approx((40_000 * 100 + 10_000 * 400) / 50_000)
    summed = answer(indicator(kind="field", layer="plots", field="price", combine="sum"))
    assert summed.values["Q7"] == pytest.approx(100 * 0.8 + 400)  # a fifth of the first is in Q4
    assert summed.values["Q4"] == pytest.approx(20)
    census = answer(indicator(kind="field", layer="neighbourhoods", field="residents"))
    assert census.values["Q7"] == pytest.approx(90)


def test_change_is_now_less_before_a_year_or_as_a_share():
    now = {"layer": "benches"}
    before = {"layer": "benches", "where": {"state": "old"}}
    result = answer(indicator(kind="change", now=now, before=before, years=4))
    assert result.values["Q7"] == pytest.approx((3 - 1) / 4)
    assert result.unit == "benches/year"
    share = answer(indicator(kind="change", now=now, before=before, **{"as": "share"}))
    assert share.values["Q7"] == pytest.approx(2)
    assert np.isnan(share.values["Q4"])  # there was none before


EACH_KIND = [
    {"kind": "share_of_area", "layer": "green"},
    {"kind": "count_per_1000", "layer": "pharmacy"},
    {"kind": "ratio", "numerator": {"layer": "school"},
     "denominator": {"layer": "green", "measure": "area_ha"}},
    {"kind": "coverage", "layer": "school", "distance_m": 300},
    {"kind": "nearest", "layer": "school"},
    {"kind": "field", "layer": "broadband", "field": "avg_d_kbps"},
    {"kind": "change", "now": {"layer": "school"}, "before": {"layer": "pharmacy"}},
]  # fmt: skip


@pytest.mark.parametrize("table", EACH_KIND, ids=lambda table: table["kind"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_kind_keeps_the_laws(table, seed):
    made, found = indicator(**table), toy.shapes(seed)
    here = answer(made, found)
    for other in (
        answer(made, found, moved=(1234.5, -987.6)),
        answer(made, found, turned_deg=37),
        answer(made, found, shuffled=seed),
    ):
        np.testing.assert_allclose(other.values, here.values, rtol=1e-6, atol=1e-6)
        assert other.city == pytest.approx(here.city, rel=1e-6, nan_ok=True)
    least, greatest = made.bounds
    assert here.values.dropna().between(least, greatest).all()
    assert set(here.reasons) == set(here.values.index[here.values.isna()])
    people = toy.city(found).residents.per_neighbourhood(9)
    known = here.values.notna().to_numpy()
    if made.kind in {Kind.SHARE_OF_RESIDENTS, Kind.MEAN_OVER_RESIDENTS}:
        assert here.city == pytest.approx(np.average(here.values[known], weights=people[known]))
    if made.kind is Kind.AMOUNT:
        assert here.city == pytest.approx(here.values.sum())


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"kind": "count_per_1000", "layer": "benches", "field": "seat"}, "did you mean 'seats'?"),
        ({"kind": "count_per_1000", "layer": "benches", "where": {"stat": 1}}, "mean 'state'?"),
        ({"kind": "count_per_1000", "layer": "benches", "field": "state"}, "holds no numbers"),
        ({"kind": "share_of_area", "layer": "benches"}, "has no polygons"),
        ({"kind": "raster_mean", "layer": "benches"}, "is not a raster"),
        ({"kind": "field", "layer": "plots", "field": "prise"}, "did you mean 'price'?"),
        ({"kind": "ratio", "numerator": {"layer": "plots", "measure": "length_km"},
          "denominator": {"layer": "residents"}}, "other than lines"),
    ],
)  # fmt: skip
def test_what_a_layer_lacks_is_told_before_anything_is_computed(table, fault):
    made = indicator(**table)
    (query,) = made.params().queries()
    (told,) = made.errors(city(), query)
    assert fault in told
    assert "'asked'" in told


def test_every_kind_of_the_city_file_is_made():
    assert {table["kind"] for table in EACH_KIND} | {"raster_mean"} == set(KINDS)
