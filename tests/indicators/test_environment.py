"""Environment, worked by hand: the western half is hot, loud and dusty."""

import dataclasses

import numpy as np
import pytest
import toy
from affine import Affine
from toy_results import query, values

from urbanlayer import registry
from urbanlayer.model.layer import Provenance, Raster


def test_heat_around_home():
    # Q7's home lies 350 m from where 40 °C become 30 °C; its circle of 100 m is all hot.
    assert values(query("lst_mean"), "Q7 Q9") == pytest.approx([40, 30])


def test_how_much_hotter_than_the_country_around():
    # Cells of 100 m from 1 km west of the city to 1 km east: 25 °C outside; in the city 35.
    west, north = toy.ORIGIN[0] - 1000, toy.ORIGIN[1] + 2200
    grid = Affine(100, 0, west, 0, -100, north)
    rows, columns = np.mgrid[0:32, 0:32]
    inside = (rows >= 10) & (rows < 22) & (columns >= 10) & (columns < 22)
    hill = columns >= 27  # high and cool, and so not compared with
    heat = np.where(inside, 35.0, np.where(hill, 10.0, 25.0))
    height = np.where(hill, 500.0, 40.0)
    made = {
        role: Raster(role, values, grid, toy.CRS, Provenance("toy", "", "0"))
        for role, values in (("heat", heat), ("elevation", height))
    }
    city = dataclasses.replace(toy.city(), rasters=made)
    indicator = registry.indicators()["lst_anomaly"]
    result = toy.result(indicator, indicator.params().queries()[0], city)
    assert result.values["Q7"] == pytest.approx(10)
    assert result.city == pytest.approx(10)


def test_without_any_country_around_there_is_no_answer():
    assert np.isnan(query("lst_anomaly").city)


def test_vulnerability_is_the_mean_of_its_three_parts():
    parts = [query("heat_vulnerability", variant=v).values["Q1"] for v in (
        "exposure", "sensitivity", "relief",
    )]  # fmt: skip
    assert query("heat_vulnerability").values["Q1"] == pytest.approx(np.mean(parts))
    # Q1 is the hottest, with Q7, and has the most people around: 120, Q3 the fewest: 10. All have
    # the same share of people over 65, so that half of the sensitivity is 0.
    assert parts[0] == pytest.approx(1)
    assert parts[1] == pytest.approx(0.5)


def test_who_lives_where_it_floods():
    # South of y = 300 lie the homes of Q7, Q4 and Q9: 180 of 450.
    assert query("flood_exposed_share").city == pytest.approx(180 / 450)


def test_air_weighted_by_people():
    # 210 people at 12 µg/m³, 240 at 4.
    assert query("pm25_mean").city == pytest.approx((210 * 12 + 240 * 4) / 450)
    assert query("pm25_over_who").city == pytest.approx(210 / 450)
    assert query("pm25_over_who", {"level": 12}).city == 0  # at the guideline is not over it
    assert query("no2_mean").city == pytest.approx((210 * 25 + 240 * 8) / 450)
    assert query("no2_over_who").city == pytest.approx(210 / 450)


def test_decibels_are_averaged_as_energies():
    # 210 people at 60 dB, 240 at 50 dB.
    energy = (210 * 1e6 + 240 * 1e5) / 450
    assert query("noise_lden").city == pytest.approx(10 * np.log10(energy))
    assert query("noise_exposed_55").city == pytest.approx(210 / 450)
    assert query("noise_exposed_55", {"level": 60}).city == pytest.approx(210 / 450)
    assert query("noise_exposed_50").city == pytest.approx(210 / 450)


def test_dust_and_ozone_where_people_live():
    # 210 people in the west (PM10 40, ozone 80), 240 in the east (15 and 60): the guideline itself
    # is not exceeded.
    assert query("pm10_mean").city == pytest.approx((210 * 40 + 240 * 15) / 450)
    assert query("pm10_over_who").city == pytest.approx(210 / 450)
    assert query("o3_mean").city == pytest.approx((210 * 80 + 240 * 60) / 450)
    assert query("o3_over_who").city == pytest.approx(210 / 450)


def test_rare_floods_reach_further():
    # Of 20 years: up to y = 210, into the houses (205 to 215) of the first row: 90 + 60 + 30.
    # Of 500 years: up to y = 700, both lower rows: and 120 + 10 + 40.
    assert query("flood_exposed_20").city == pytest.approx(180 / 450)
    assert query("flood_exposed_500").city == pytest.approx(350 / 450)
