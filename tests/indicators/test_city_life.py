"""Utilities, economy, safety and housing, worked by hand."""

import numpy as np
import pytest
import toy
from toy_results import query, values

from urbanlayer import registry


def test_containers_and_their_volume():
    assert query("waste_container_access").city == pytest.approx(90 / 450)
    assert query("recycling_access").city == pytest.approx(90 / 450)
    assert query("waste_volume_per_resident").city == pytest.approx(900 / 450)
    assert query("waste_collection_share").city == pytest.approx(210 / 450)


def test_who_lives_beside_a_main():
    # The main runs at y = 235, 25 m north of the homes of Q7, Q4 and Q9.
    assert query("water_connected_share").city == pytest.approx(180 / 450)
    assert query("water_connected_share", {"distance_m": 24}).city == 0
    assert query("sewer_connected_share").city == pytest.approx(180 / 450)


def test_businesses_and_jobs():
    assert query("businesses_per_100k").values["Q7"] == pytest.approx(2 / 90 * 100_000)
    assert query("jobs_per_resident").values["Q7"] == pytest.approx(30 / 90)
    assert values(query("jobs_housing_ratio"), "Q7 Q5 Q4") == pytest.approx([30 / 40, 5 / 40, 0])


def test_crashes_on_a_border_belong_to_both_sides():
    # Three in Q7; one on the border of Q1 and Q3; two in Q5; in three years.
    result = query("crashes_per_1000")
    assert values(result, "Q7 Q1 Q3 Q5") == pytest.approx(
        [3 / 270 * 1000, 0.5 / 360 * 1000, 0.5 / 30 * 1000, 2 / 240 * 1000]
    )
    assert result.city == pytest.approx(6 / (450 * 3) * 1000)


def test_small_numbers_are_drawn_towards_the_city():
    # (μα + x) / (α + n) with μ = 6 / 1,350, α = 90 · 3, and Q3: x = 0.5, n = 30.
    result = query("crashes_per_1000", {"prior_residents": 90})
    assert result.values["Q3"] == pytest.approx((6 / 1350 * 270 + 0.5) / (270 + 30) * 1000)


def test_serious_crashes_over_street_and_deaths_over_residents():
    # One in Q7, on 3.2 km of street, in three years.
    assert query("ksi_per_km").values["Q7"] == pytest.approx(1 / 3.2 / 3)
    assert query("fatalities_per_100k").values["Q7"] == pytest.approx(1 / 270 * 100_000)


def test_streets_that_lamps_light():
    # Lamps each 40 m along y = 202 light all 400 m of the street at y = 200, and of the streets
    # that cross it: at x = 100 and 300 (20 m from the nearest lamps) 30 m; at 200 50 m; at 0 and
    # 400, borders, half of 50 m. Of 3,200 m in all.
    lit = 400 + 2 * 30 + 50 + 2 * 25
    assert query("lighting_share").values["Q7"] == pytest.approx(lit / 3200, rel=1e-4)


def test_a_lamp_near_home():
    assert query("lamp_near_home_share").city == pytest.approx(90 / 450)


def test_help_is_there_for_nine_in_ten():
    # 1,660 m at 35 km/h; Q5's residents are the last 18 % of the city.
    assert query("emergency_time_p90").city == pytest.approx(1.66 / 35 * 60)


def test_floor_space_and_vacancy():
    assert query("floor_space_per_resident").values["Q7"] == pytest.approx(2700 / 90)
    assert query("vacancy_share").city == pytest.approx(0.1)


def test_shop_fronts_that_stand_empty():
    # Of four in Q7 one is empty; the only one in Q9 is; Q4 has none.
    result = query("vacant_fronts_share")
    assert result.values[["Q7", "Q9"]].tolist() == [0.25, 1]
    assert np.isnan(result.values["Q4"])
    assert result.city == pytest.approx(2 / 5)


def test_a_shop_front_of_which_nobody_knows_is_neither_empty_nor_let():
    found = toy.shapes()
    found["shop_fronts"][1]["vacant"][1:3] = [1.0, np.nan]
    indicator = registry.indicators()["vacant_fronts_share"]
    (one,) = indicator.params().queries()
    assert toy.result(indicator, one, toy.city(found)).values["Q7"] == pytest.approx(1 / 3)


def test_homes_older_than_the_code():
    # The nine homes are of 1960, 1970 … 2040, alike: the first three are older than 1981.
    assert values(query("housing_pre_code_share"), "Q7 Q4 Q9 Q1") == [1, 1, 1, 0]
    assert query("housing_pre_code_share").city == pytest.approx(1 / 3)


def test_nobody_lives_on_the_land_built_without_a_permit():
    assert query("informal_share").city == 0


def test_land_built_on_without_permits():
    # 100 × 160 m of Q7's 400 × 400 m.
    assert values(query("informal_area_share"), "Q7 Q4") == pytest.approx([0.1, 0])
    assert query("informal_area_share").city == pytest.approx(0.1 / 9)


def test_who_comes_home_in_the_dark():
    # Lamps stand along the street of Q7's home alone, 90 of 450 people; those at its eastern end
    # are 250 m from Q4's home.
    dark = query("dark_residents_share")
    assert values(dark, "Q7 Q4") == [0, 1]
    assert dark.city == pytest.approx(360 / 450)
    assert dark.city == pytest.approx(1 - query("lamp_near_home_share").city)
