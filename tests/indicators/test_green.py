"""Green, worked by hand: two public parks of 84 m square, 0.71 ha, and a private one."""

import numpy as np
import pytest
import shapely
import toy
from toy_results import query, values

from urbanlayer import registry
from urbanlayer.kernels import discs, grids


def test_a_tier_of_the_greenspace_standard():
    # Straight from Q4's home (650, 210) to the park's corner (192, 192): 458.35 m.
    table = {"tiers": {"0.5": 459}}
    assert values(query("green_access_angst", table, variant="0.5_ha"), "Q7 Q4 Q9") == [1, 1, 0]
    assert query("green_access_angst", variant="20_ha").city == 0


def test_tiers_met_are_counted():
    indicator = registry.indicators()["green_access_angst_score"]
    (one,) = indicator.params().queries()
    found = toy.shapes()
    forest = shapely.box(-1500, 0, -1000, 500)  # 25 ha, within 2 km of every home but 300 m of none
    city = toy.city(
        {**found, "green": ([forest], {"public": [True]})},
    )
    assert toy.result(indicator, one, city).values["Q7"] == 1


def test_a_tier_that_is_no_area_is_refused():
    with pytest.raises(ValueError, match="is not an area in hectares"):
        registry.indicators()["green_access_angst"].params.model_validate({"tiers": {"big": 300}})


def test_all_green_counts_for_the_city_s_hectares_the_private_too():
    # 84 m × 84 m is 0.7056 ha; Q4's is private. Three of them for 450 residents.
    result = query("green_area_ha_per_100k")
    assert values(result, "Q7 Q4 Q9") == pytest.approx([784, 1176, 0])
    assert result.city == pytest.approx(3 * 0.7056 / 450 * 100_000)


def test_streets_and_squares_in_built_up_land():
    # Built-up: 200 m × 250 m. Streets of 9 m: three north (two of them by half), two and a half
    # east: 250·18 + 200·22.5 − 18·22.5 = 8,595 m². A square of 50 m × 85 m in the corner, of which
    # 45.5 m × 80.5 m are beside the streets: 3,662.75 m².
    result = query("sdg_11_7_1_share")
    assert result.values["Q7"] == pytest.approx((8595 + 3662.75) / 50_000, rel=1e-6)
    assert result.reasons["Q4"] == "nothing-built"
    assert result.city_low < result.city < result.city_high


def test_who_has_open_space_within_400_m():
    # The square (0..50, 0..85) is 10 + 200 + some metres from Q7's home, and farther from Q4's.
    assert values(query("sdg_11_7_1_access"), "Q7 Q4") == [1, 0]


def test_three_trees_of_three_metres_within_25_m():
    # Near Q7's home (250, 210): trees 10, 15 and 20.6 m off, and one that is 2 m high; near Q4's
    # two.
    assert values(query("trees_visible_3"), "Q7 Q4") == [1, 0]
    assert values(query("trees_visible_3", {"trees": 2}), "Q7 Q4") == [1, 1]
    assert values(query("trees_visible_3", {"trees": 4}), "Q7") == [0]
    assert values(query("trees_visible_3", {"trees": 4, "min_height_m": 2}), "Q7") == [1]


def test_crowns_over_a_neighbourhood_that_the_edge_of_the_wood_cuts():
    # East of x = 600 all is trees, west of it all is built on: Q4 (400 to 800) is half and half.
    result = query("canopy_cover_30")
    assert values(result, "Q7 Q4 Q9") == pytest.approx([0, 0.5, 1])
    assert result.target == 0.3
    assert values(query("sealed_share"), "Q7 Q4 Q9") == pytest.approx([1, 0.5, 0])


def test_a_hectare_of_park_within_300_m():
    assert query("green_300").city == 0  # the parks are smaller
    assert values(query("green_300", {"min_area_ha": 0.5}), "Q7 Q4") == [1, 0]


def test_the_three_parts_of_the_rule_are_counted_at_home():
    # Q7: three trees, no crowns around (500 m do not reach x = 600 by 30 %), no hectare: 1.
    # Q9: crowns all around: 1. Q1: nothing.
    assert values(query("rule_3_30_300"), "Q7 Q9 Q1") == [1, 1, 0]


def test_vegetation_around_home_is_that_of_the_circle():
    # Q3's home (650, 610) lies 50 m east of where 0.2 becomes 0.6. Of a circle of 300 m the part
    # beyond a chord at 50 m: (acos(1/6) − (1/6)·sqrt(1 − 1/36)) / π = 0.39439.
    share = (np.arccos(1 / 6) - np.sqrt(1 - 1 / 36) / 6) / np.pi
    assert query("ndvi_mean").values["Q3"] == pytest.approx(0.6 - 0.4 * share, abs=0.002)


def test_a_grid_of_nine_cells_over_a_border():
    affine = toy.rasters()["heat"].transform
    square = np.arange(1.0, 10.0).reshape(3, 3)
    west, north, cell = affine.c, affine.f, affine.a
    middle = shapely.box(west + cell, north - 2 * cell, west + 2 * cell, north - cell)
    half = shapely.box(west, north - cell, west + 1.5 * cell, north)
    found = grids.zonal_statistic(
        np.array([middle, half], dtype=object), square, affine, toy.CRS, statistic="mean"
    )
    assert found == pytest.approx([5, (1 + 0.5 * 2) / 1.5])


def test_no_data_is_in_no_mean_around_home():
    affine = toy.rasters()["heat"].transform
    half = np.where(np.arange(24)[None, :] < 12, np.nan, 7.0).repeat(24, axis=0)
    at = np.array([[affine.c + 620.0, affine.f - 600.0], [affine.c + 100.0, affine.f - 600.0]])
    found = discs.mean_within_radius(at, half, affine, radius_m=200, cell_m=(50, 50))
    assert found[0] == pytest.approx(7)
    assert np.isnan(found[1])


def test_protected_nature_over_the_whole_area():
    # 100 × 320 m of Q7's 400 × 400 m.
    assert values(query("protected_area_share"), "Q7 Q4") == pytest.approx([0.2, 0])
    assert query("protected_area_share").city == pytest.approx(0.2 / 9)


def test_green_within_a_walk_is_shared_with_all_who_reach_it():
    # Two public parks of 84 × 84 m. In a quarter of an hour each is reached by somebody, so that
    # Σ p A is all of it. In two minutes (160 m) Q7's 90 people reach one, nobody the other.
    assert query("green_sfca_m2").city == pytest.approx(2 * 84**2 / 450)
    near = query("green_sfca_m2", {"minutes": 2})
    assert values(near, "Q7 Q4 Q5") == pytest.approx([84**2 / 90, 0, 0])


def test_a_protected_lake_is_protected():
    found = toy.shapes()
    found["water"] = ([shapely.box(0, 0, 100, 320)], {})
    indicator = registry.indicators()["protected_area_share"]
    (one,) = indicator.params().queries()
    assert toy.result(indicator, one, toy.city(found)).values["Q7"] == pytest.approx(0.2)


def test_a_grid_without_the_classes_asked_of_is_a_fault_and_not_an_answer_of_none():
    city = toy.city()
    indicator = registry.indicators()["canopy_cover_30"]
    (trees,) = indicator.params(classes=[3, 4]).queries()
    (fault,) = indicator.errors(city, trees)
    assert "no cell has class 3, 4; the classes are 10, 50" in fault
    (found,) = indicator.params().queries()
    assert indicator.errors(city, found) == ()


def rule_at_q7(**layers):
    indicator = registry.indicators()["rule_3_30_300"]
    (one,) = indicator.params().queries()
    city = toy.city({**toy.shapes(), **layers})
    return toy.result(indicator, one, city).values["Q7"]


@pytest.mark.parametrize(
    ("park", "public", "met"),
    [
        (shapely.box(300, 100, 400, 200), True, 2),  # a hectare, and the three trees
        (shapely.box(300, 100, 400, 199), True, 1),
        (shapely.box(300, 100, 400, 200), False, 1),
        (shapely.box(700, 100, 800, 200), True, 1),  # 450 m off
    ],
)
def test_the_park_of_the_rule_is_public_a_hectare_and_300_m_away(park, public, met):
    assert rule_at_q7(green=([park], {"public": [public]})) == met


@pytest.mark.parametrize(
    ("third", "height_m", "met"),
    [((250, 235), 3.0, 1), ((250, 235), np.nan, 1), ((250, 235), 2.9, 0), ((250, 235.1), 3.0, 0)],
)
def test_the_trees_of_the_rule_are_three_metres_high_and_25_m_away(third, height_m, met):
    points = [shapely.Point(225, 210), shapely.Point(275, 210), shapely.Point(third)]
    assert rule_at_q7(trees=(points, {"height_m": [3.0, 3.0, height_m]})) == met


def test_the_distances_of_the_rule_and_the_classes_of_the_grid_are_those_that_are_told():
    """300 m by the rule, 25 and 500 m by our proxy of it; of ESA WorldCover the classes: 10 trees,
    95 mangroves, 80 open water."""
    params = registry.indicators()["rule_3_30_300"].params
    (one,) = params().queries()
    assert dict(one.lists) == {
        "walk_m": (300,), "trees_m": (25,), "canopy_m": (500,), "classes": (10, 95), "water": (80,),
    }  # fmt: skip
    (other,) = params.model_validate({"classes": [5], "water": []}).queries()
    assert (other.lists["classes"], other.lists["water"]) == ((5,), ())
