"""Urban form, worked by hand: squares of 400 m, streets each 100 m."""

import numpy as np
import pytest
import shapely
import toy
from pydantic import ValidationError
from toy_results import query, values

from urbanlayer import registry
from urbanlayer.kernels import growth, mix
from urbanlayer.model.network_query import BufferQuery


def test_residents_on_residential_land():
    # Half of each square is residential: 90 residents on 0.08 km².
    assert values(query("population_density_net"), "Q7 Q2") == pytest.approx([1125, 0])


def test_residents_around_home_are_those_of_the_squares_that_one_walks_to():
    # Squares of 250 m, one in the middle of the city: their borders run at -25, 225, 475 … From
    # Q7's home at (250, 210), 10 m north of a street, 240 m are left: to x = 10 and 490 along
    # y = 200, to y = 10 and 390 along x = 200 and 300. That is into three squares from 0 to 225 m
    # north and two above them, whose land lies in the city from 0 on.
    land_km2 = (225 * 225 + 2 * 250 * 225 + 225 * 250 + 250 * 250) / 1e6
    result = query("nh_population_density", {"distance_m": 250})
    assert result.values["Q7"] == pytest.approx((90 + 60) / land_km2)  # and Q4's home at (650, 210)
    assert result.method == "walk_buffer"


def test_without_streets_the_squares_around_home_are_those_within_the_straight_line():
    # One more: the third of the upper row begins 225 m east and 15 m north.
    indicator = registry.indicators()["nh_population_density"]
    (one,) = indicator.params(distance_m=250).queries()
    city = toy.city(without=("streets",))
    result = toy.result(indicator, one, city)
    land_km2 = (225 * 225 + 2 * 250 * 225 + 225 * 250 + 2 * 250 * 250) / 1e6
    assert result.values["Q7"] == pytest.approx((90 + 60) / land_km2)
    assert result.method == "straight_line_buffer"


def test_water_is_no_land_around_home():
    found = toy.shapes()
    found["water"] = ([shapely.box(-500, -500, 100, 100)], {})  # 100 × 100 m of it in the city
    indicator = registry.indicators()["nh_population_density"]
    (one,) = indicator.params(distance_m=250).queries()
    city = toy.city(found)
    assert toy.result(indicator, one, city).values["Q7"] == pytest.approx(150 / (0.281875 - 0.01))


def test_junctions_on_a_border_belong_to_both_sides():
    # Q7, a corner of the city: 9 inside; 6 on the outer edge; 6 on inner borders by half; two
    # where these meet the outer edge by half; one by a quarter. Its outer corner is a bend.
    expected = 9 + 6 + 6 / 2 + 2 / 2 + 1 / 4
    assert query("intersection_density").values["Q7"] == pytest.approx(expected / 0.16)
    # In all 13 × 13 crossings but the four corners.
    assert query("intersection_density").city == pytest.approx((169 - 4) / 1.44)


def test_junctions_around_home():
    # In the same squares: 3 × 3 but the bend in the corner, 2 × 3, 3 × 3, and above 3 × 2, 2 × 2.
    result = query("nh_intersection_density", {"distance_m": 250})
    assert result.values["Q7"] == pytest.approx((8 + 6 + 9 + 6 + 4) / 0.281875)


def test_kilometres_of_street():
    # Three streets inside and two on the borders by half, each way: 8 · 400 m on 0.16 km².
    assert values(query("street_density"), "Q7 Q3") == pytest.approx([20, 20])


def test_footprints_and_floors_over_land():
    # One home of 100 m² and two storeys on 160,000 m².
    assert query("building_coverage").values["Q7"] == pytest.approx(100 / 160_000)
    assert query("floor_area_ratio").values["Q7"] == pytest.approx(200 / 160_000)


def test_a_building_on_a_border_is_split_and_unknown_storeys_are_no_one():
    found = toy.shapes()
    homes, columns = found["buildings"]
    border = shapely.box(390, 100, 420, 200)  # 1,000 m² in Q7, 2,000 in Q4
    more = {
        "residential": [*columns["residential"], False],
        "levels": [*columns["levels"], np.nan],
        "year": [*columns["year"], 1990.0],
    }
    city = toy.city({**found, "buildings": ([*homes, border], more)})
    indicators = registry.indicators()
    (one,) = indicators["building_coverage"].params().queries()
    assert toy.result(indicators["building_coverage"], one, city).values["Q4"] == pytest.approx(
        2100 / 160_000
    )
    ratio = toy.result(indicators["floor_area_ratio"], one, city)
    assert ratio.values["Q7"] == pytest.approx((200 + 2 * 1000) / 160_000)  # the median, two
    assert ratio.low["Q7"] == pytest.approx((200 + 1000) / 160_000)


def test_dwellings_on_a_hectare():
    assert query("dwelling_density").values["Q7"] == pytest.approx(40 / 16)


def test_mix_of_uses_ex():
    shares = np.array([[0.5, 0.3, 0.2]])
    assert mix.entropy(shares)[0] == pytest.approx(1.02965, abs=1e-5)
    # Each toy square is half residential, three tenths commercial, a fifth green.
    assert query("land_use_mix").values["Q7"] == pytest.approx(0.93723, abs=1e-5)
    assert query("land_use_simpson").values["Q7"] == pytest.approx(0.62)
    assert query("land_use_hill").values["Q7"] == pytest.approx(2.80009, abs=1e-5)


def test_uses_that_are_not_there_still_count_among_the_uses():
    table = {"categories": ["residential", "commercial", "green", "industrial"]}
    assert query("land_use_mix", table).values["Q7"] == pytest.approx(1.02965 / np.log(4), abs=1e-5)


def test_land_consumption_over_population_growth_ex():
    one = growth.land_consumption_rate(np.array([40.0]), np.array([50.0]), 10)
    other = growth.population_growth_rate(np.array([150_000.0]), np.array([165_000.0]), 10)
    assert one[0] == pytest.approx(0.025)
    assert growth.growth_ratio(one, other)[0] == pytest.approx(2.6230, abs=1e-4)
    # Q7 of the toy city grew as the example did: 4 to 5 ha, and a tenth more people.
    assert query("lcrpgr").values["Q7"] == pytest.approx(2.6230, abs=1e-4)
    assert query("lcrpgr", variant="people").values["Q7"] == pytest.approx(0.00953102, abs=1e-8)


def test_where_people_hardly_changed_there_is_no_ratio():
    assert np.isnan(growth.growth_ratio(np.array([0.02]), np.array([0.0009])))[0]


def test_walkability_against_the_fixed_reference():
    # Q7 has all three needs.
    z = (3 - 1.028) / 0.915
    people = query("nh_population_density").values["Q7"]
    crossings = query("nh_intersection_density").values["Q7"]
    z += (people - 11_093.1) / 13_637.9 + (crossings - 98.44) / 36.96
    assert query("walkability_index").values["Q7"] == pytest.approx(z)


def test_cycle_tracks_and_places_without_cars():
    # 400 m of track in Q7 for 90 residents; 4,000 m² without cars in 160,000.
    assert query("cycle_km_per_100k").values["Q7"] == pytest.approx(0.4 / 90 * 100_000)
    assert query("pedestrian_area_share").values["Q7"] == pytest.approx(0.025)


def test_walkability_and_its_parts_ask_for_the_same_surroundings_once():
    known = registry.indicators()
    names = ("nh_population_density", "nh_intersection_density", "walkability_index")
    asked = [set(known[name].network_queries(known[name].params().queries()[0])) for name in names]
    assert set.intersection(*asked) == {BufferQuery(1000.0)}


def test_ways_across_a_square_are_neither_streets_nor_do_they_make_junctions():
    # A square of 40 m that four streets reach at its corners: drawn are its edge and the streets.
    # The two ways across it from corner to corner would be 113 m more.
    ring = shapely.LineString([(500, 500), (540, 500), (540, 540), (500, 540), (500, 500)])
    reached = [
        shapely.LineString([corner, (corner[0] + east, corner[1])])
        for corner, east in (
            ((500, 500), -20),
            ((540, 500), 20),
            ((540, 540), 20),
            ((500, 540), -20),
        )
    ]
    found = toy.shapes()
    found["streets"] = (
        [ring, *reached],
        {"highway": ["pedestrian", *["residential"] * 4], "area": ["yes", *[None] * 4],
         "bridge": [False] * 5, "closed": [False] * 5},
    )  # fmt: skip
    city = toy.city(found)
    assert city.streets.edge_length_m.sum() == pytest.approx(160 + 80 + 2 * 40 * 2**0.5)
    length = registry.indicators()["street_density"]
    (one,) = length.params().queries()
    # 240 m in Q3's 400 × 400 m.
    assert toy.result(length, one, city).values["Q3"] == pytest.approx(0.24 / 0.16)
    crossings = registry.indicators()["intersection_density"]
    (one,) = crossings.params(merge_m=0).queries()
    assert toy.result(crossings, one, city).values["Q3"] == pytest.approx(4 / 0.16)


def test_people_of_an_earlier_date_told_for_an_area_are_spread_over_it():
    # 400 people on 80,000 m² in Q7 and as many in Q4: 200 in each, where 90 and 60 live now.
    found = toy.shapes()
    earlier = ([shapely.box(200, 0, 600, 400)], {"people": [400.0]})
    indicator = registry.indicators()["lcrpgr"]
    one = next(a for a in indicator.params().queries() if a.variant == "people")
    result = toy.result(indicator, one, toy.city({**found, "population_before": earlier}))
    assert values(result, "Q7 Q4") == pytest.approx([np.log(90 / 200) / 10, np.log(60 / 200) / 10])
    assert np.isnan(result.values["Q9"])
    assert result.city == pytest.approx(np.log(450 / 400) / 10)


@pytest.mark.parametrize(("years", "is_right"), [(0.5, True), (100, True), (100.5, False)])
def test_up_to_a_century_may_lie_between_two_dates(years, is_right):
    params = registry.indicators()["lcrpgr"].params
    if is_right:
        assert {one["years"] for one in params(years=years).queries()} == {years}
    else:
        with pytest.raises(ValidationError):
            params(years=years)
