"""How far people walk, worked by hand."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine

from urbanlayer.city.streets import build_streets
from urbanlayer.errors import CityError
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.model.city import City
from urbanlayer.model.layer import Layer, Provenance, Raster
from urbanlayer.model.neighbourhoods import Neighbourhoods
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.note import Note
from urbanlayer.model.residents import Residents
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.model.travel_modes import MODES
from urbanlayer.network.routable import connection, ready

BLOCK_M = 100.0


def layer(role, geometry, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:25834")
    frame.index = [f"{role}-{row}" for row in range(len(frame))]
    return Layer(role, frame, Provenance("osm", f"{role}.gpkg", "0" * 64, tags=OSM), len(frame))


def town(homes, lines, **destinations):
    streets = None
    if lines is not None:
        streets = build_streets(layer("streets", lines, highway=["residential"] * len(lines)))
    homes = np.array(homes, dtype=float)
    people = Residents(homes, np.ones(len(homes)), np.zeros(len(homes), dtype=int), "buildings")
    area = gpd.GeoSeries([shapely.box(0, 0, 1, 1)], index=["A"], crs="EPSG:25834")
    layers = {
        role: value if isinstance(value, Layer) else layer(role, value)
        for role, value in destinations.items()
    }
    return City(
        "EPSG:25834",
        Neighbourhoods(area, {"": area.index.to_series()}),
        people,
        streets,
        layers,
        {},
    )


def query(city, **question):
    question = NearestQuery(**question)
    return evaluate(city, [question]).network[question]


def grid(size):
    """Streets of a square grid as long lines with a vertex at each crossing."""
    steps = np.arange(size) * BLOCK_M
    along = [np.column_stack([steps, np.full(size, y)]) for y in steps]
    across = [np.column_stack([np.full(size, x), steps]) for x in steps]
    return [shapely.LineString(xy) for xy in [*along, *across]]


def test_in_a_grid_of_20_by_20_ways_are_manhattan_distances():
    steps = np.arange(20) * BLOCK_M
    homes = np.array([(x, y) for x in steps for y in steps])
    city = town(homes, grid(20), school=shapely.points([[300.0, 700.0], [1500.0, 1500.0]]))
    to = np.array([[300.0, 700.0], [1500.0, 1500.0]])
    manhattan = np.abs(homes[:, None] - to[None]).sum(axis=2)
    reach = query(city, destinations="school")
    np.testing.assert_allclose(reach.distance_m, manhattan.min(axis=1), atol=1e-6)
    apart = manhattan[:, 0] != manhattan[:, 1]
    assert (reach.nearest == manhattan.argmin(axis=1))[apart].all()
    assert reach.method == "walk"


def test_a_river_is_crossed_at_its_one_bridge():
    banks = [shapely.LineString([(x, y) for x in (0, 500, 1000)]) for y in (0, 50)]
    bridge = shapely.LineString([(1000, 0), (1000, 50)])
    home, school = [[0.0, 0.0]], shapely.points([[0.0, 50.0]])
    with_bridge = query(town(home, [*banks, bridge], school=school), destinations="school")
    without = query(town(home, banks, school=school), destinations="school")
    assert with_bridge.distance_m.tolist() == [1000 + 50 + 1000]
    assert without.distance_m.tolist() == [np.inf]
    assert without.nearest.tolist() == [-1]


def test_half_way_along_a_street_both_offsets_and_half_the_street_count():
    street = [shapely.LineString([(0, 0), (200, 0)])]
    city = town([[100.0, 12.0]], street, school=shapely.points([[160.0, -30.0]]))
    assert query(city, destinations="school").distance_m.tolist() == [12 + 60 + 30]


def test_what_is_farther_than_200_m_from_any_street_is_not_connected():
    street = [shapely.LineString([(0, 0), (900, 0)])]
    schools = shapely.points([[0.0, 200.0], [500.0, 200.5]])
    city = town([[0.0, 0.0], [500.0, 201.0]], street, school=schools)
    reach = query(city, destinations="school")
    assert reach.distance_m.tolist() == [200.0, np.inf]
    assert reach.not_connected == ("school-1",)


def test_what_is_entered_only_from_a_street_joined_to_no_other_is_cut_off():
    streets = [shapely.LineString([(0, y), (9000 - y, y)]) for y in (0, 1000)]
    schools = [
        shapely.Point(4000, 10),
        shapely.Point(4000, 1010),
        shapely.box(500, 5, 600, 995),  # entered from both streets
    ]
    city = town([[0.0, 0.0]], streets, school=schools)
    for limit in ({}, {"within_m": 5000.0}, {"within_min": 10.0}):
        reach = query(city, destinations="school", **limit)
        assert (reach.cut_off, reach.not_connected) == (("school-1",), ())
    assert query(city, destinations="school", mode="straight_line").cut_off == ()


def test_a_park_is_reached_where_the_street_comes_within_10_m_of_it():
    # the street runs 6 m south of the park and 8 m beyond the limit of its west edge at the start
    street = [shapely.LineString([(0, 0), (500, 0)])]
    park = [shapely.box(300, 6, 400, 90)]
    city = town([[0.0, 0.0], [350.0, -5.0], [500.0, 0.0]], street, green=park)
    # within 10 m of the corner (300, 6): 8 m before it along the street (6-8-10)
    expected = [292 + 10, 5 + 6, 500 - 408 + 10]
    np.testing.assert_allclose(query(city, destinations="green").distance_m, expected, atol=0.05)


def test_a_park_far_from_streets_is_reached_from_the_nearest_street():
    street = [shapely.LineString([(0, 0), (500, 0)])]
    city = town([[100.0, 0.0]], street, green=[shapely.box(300, 50, 400, 90)])
    np.testing.assert_allclose(query(city, destinations="green").distance_m, [200 + 50], atol=1e-4)


def test_who_lives_in_a_park_has_no_way_to_go():
    street = [shapely.LineString([(0, 0), (500, 0)])]
    city = town([[350.0, 70.0]], street, green=[shapely.box(300, 50, 400, 90)])
    assert query(city, destinations="green").distance_m.tolist() == [0.0]


def test_parks_that_touch_are_one_park_and_0_5_ha_is_enough():
    street = [shapely.LineString([(0, 0), (900, 0)])]
    halves = [shapely.box(300, 0, 350, 50), shapely.box(350, 0, 400, 50)]
    small = [shapely.box(0, 0, 70, 71)]
    city = town([[100.0, 0.0]], street, green=[*small, *halves])
    assert query(city, destinations="green", min_area_m2=5000.0).distance_m == pytest.approx(
        [200.0]
    )
    assert query(city, destinations="green", min_area_m2=5001.0).distance_m.tolist() == [np.inf]
    assert query(city, destinations="green").distance_m == pytest.approx([30.0])


def test_cutting_a_park_in_two_changes_nothing():
    street = [shapely.LineString([(0, 0), (900, 0)]), shapely.LineString([(350, 0), (350, 300)])]
    homes = [[0.0, 9.0], [360.0, 280.0], [800.0, -40.0]]
    whole = town(homes, street, green=[shapely.box(300, 6, 400, 90)])
    halves = [shapely.box(300, 6, 333, 90), shapely.box(333, 6, 400, 90)]
    cut = town(homes, street, green=halves)
    for least in (0.0, 5000.0):
        question = {"destinations": "green", "min_area_m2": least}
        np.testing.assert_allclose(
            query(whole, **question).distance_m, query(cut, **question).distance_m, atol=1e-6
        )


def test_cutting_a_park_far_from_streets_changes_nothing_where_parts_are_merged():
    street = [shapely.LineString([(0, 0), (900, 0)]), shapely.LineString([(450, 0), (450, 300)])]
    homes = [[0.0, 9.0], [450.0, 280.0], [800.0, -40.0]]
    whole = town(homes, street, green=[shapely.box(300, 30, 400, 120)])
    halves = [shapely.box(300, 30, 333, 120), shapely.box(333, 30, 400, 120)]
    cut = town(homes, street, green=halves)
    found = [
        query(city, destinations="green", min_area_m2=5000.0).distance_m for city in (whole, cut)
    ]
    np.testing.assert_allclose(*found, atol=1e-6)


def test_private_green_is_left_out_when_only_public_is_asked_for():
    street = [shapely.LineString([(0, 0), (900, 0)])]
    green = layer(
        "green", [shapely.box(100, 0, 200, 90), shapely.box(500, 0, 600, 90)], public=[False, True]
    )
    city = town([[0.0, 0.0]], street, green=green)
    reach = query(city, destinations="green", public_only=True)
    np.testing.assert_allclose(reach.distance_m, [500.0])
    assert reach.nearest.tolist() == [1]


def test_straight_lines_are_straight_and_say_so():
    street = [shapely.LineString([(0, 0), (300, 0), (300, 400)])]
    school = shapely.points([[300.0, 400.0]])
    city = town([[0.0, 0.0]], street, school=school)
    reach = query(city, destinations="school", mode="straight_line")
    assert (reach.distance_m.tolist(), reach.method) == ([500.0], "straight_line")
    assert query(city, destinations="school").distance_m.tolist() == [700.0]
    no_streets = query(town([[0.0, 0.0]], None, school=school), destinations="school")
    assert (no_streets.distance_m.tolist(), no_streets.method) == ([500.0], "straight_line")


def test_a_scrap_of_path_beside_a_house_cuts_nobody_off():
    street = shapely.LineString([(0, 0), (5000, 0)])
    scrap = shapely.LineString([(90, 30), (110, 30)])
    homes, school = [[100.0, 32.0]], shapely.points([[300.0, 0.0], [95.0, 30.0]])
    far = query(town(homes, [street, scrap], school=school[:1]), destinations="school")
    near = query(town(homes, [street, scrap], school=school), destinations="school")
    assert far.distance_m.tolist() == [32 + 200]
    assert near.distance_m.tolist() == [2 + 5]


def test_no_facility_at_all_is_out_of_reach_and_no_error():
    street = [shapely.LineString([(0, 0), (300, 0)])]
    green = layer("green", [shapely.box(0, 0, 9, 9)], public=[False])
    for mode in ("walk", "straight_line"):
        reach = query(
            town([[0.0, 0.0]], street, green=green),
            destinations="green",
            public_only=True,
            mode=mode,
        )
        assert (reach.distance_m.tolist(), reach.nearest.tolist()) == ([np.inf], [-1])


def test_all_that_is_missing_is_told_at_once():
    city = town([[0.0, 0.0]], None)
    with pytest.raises(CityError) as error:
        evaluate(city, [NearestQuery("school"), NearestQuery("library")])
    assert len(error.value.errors) == 2


def test_all_pairs_within_a_distance_are_those_whose_walk_is_no_longer():
    # A street of 1,000 m; homes at 0 and 300 m, schools at 100 and 900 m.
    near, far, any_way = (NearestQuery("school", within_m=metres) for metres in (200.0, 800.0, 0.0))
    schools = [shapely.Point(100, 0), shapely.Point(900, 0)]
    street = [shapely.LineString([(0, 0), (1000, 0)])]
    made = town([(0, 0), (300, 0)], street, school=schools)
    answers = evaluate(made, [near, far, any_way, NearestQuery("school", within_min=1.25)]).network
    assert answers[far].pairs.cost.tolist() == [100, 200, 600]
    assert answers[far].pairs.destination.tolist() == [0, 0, 1]
    assert answers[near].pairs.cost.tolist() == [100, 200]
    assert answers[near].pairs.destination_count == 2
    assert answers[far].distance_m.tolist() == answers[any_way].distance_m.tolist() == [100, 200]
    assert answers[any_way].pairs is None
    assert answers[NearestQuery("school", within_min=1.25)].distance_m.tolist() == [100, np.inf]


def test_pairs_in_a_straight_line_count_whole_parks():
    question = NearestQuery("green", mode="straight_line", within_m=50.0)
    parks = [shapely.box(40, 0, 60, 10), shapely.box(0, 51, 10, 60)]
    answers = evaluate(town([(0, 0)], None, green=parks), [question]).network
    assert answers[question].pairs.cost.tolist() == [40]


def test_steps_are_walked_and_a_wheelchair_goes_round():
    lines = [
        shapely.LineString([(0, 0), (0, 40)]),
        shapely.LineString([(0, 0), (300, 0), (300, 40), (0, 40)]),
    ]
    streets = layer("streets", lines, highway=["steps", "footway"])
    city = town([[0.0, 0.0]], lines, school=shapely.points([[0.0, 40.0]]))
    city = replace(city, streets=build_streets(streets), layers={**city.layers, "streets": streets})
    walked, rolled = (
        query(city, destinations="school", mode=name) for name in ("walk", "wheelchair")
    )
    assert (walked.distance_m.tolist(), walked.method) == ([40.0], "walk")
    assert (rolled.distance_m.tolist(), rolled.method) == ([640.0], "wheelchair")
    # 80 m and 48 m a minute
    assert walked.minutes.tolist() == [0.5]
    np.testing.assert_allclose(rolled.minutes, [640 / 48])


def test_a_profile_that_is_not_known_names_those_that_are():
    city = town([[0.0, 0.0]], None, school=shapely.points([[0.0, 9.0]]))
    with pytest.raises(CityError, match="'fly': not known; there are cycle, straight_line, walk"):
        evaluate(city, [NearestQuery("school", mode="fly")])


def test_who_lives_on_streets_not_joined_to_the_rest_is_counted():
    lines = [
        shapely.LineString([(0, 0), (9000, 0)]),
        shapely.LineString([(0, 900), (2000, 900)]),  # too long for a scrap
        shapely.LineString([(50, 40), (90, 40)]),  # a scrap
    ]
    homes = [[10.0, 5.0], [10.0, 890.0], [70.0, 45.0], [5000.0, 600.0]]
    city = town(homes, lines)
    found = connection(ready(MODES["walk"], city, city.streets, city.residents), city.residents)
    assert found.parts == 3
    assert found.residents_joined == 2
    assert found.residents_cut_off == 1
    assert found.residents_not_connected == 1
    assert found.residents_near_fragments == 1


def test_streets_of_another_city_are_told_and_answer_nothing():
    street = [shapely.LineString([(90_000, 0), (90_500, 0)])]
    city = town([[0.0, 0.0]], street, school=shapely.points([[90_100.0, 0.0]]))
    reach = query(city, destinations="school")
    assert reach.distance_m.tolist() == [np.inf]
    assert reach.notes[0].code == "no-origin-near"


def test_minutes_are_metres_by_the_speed_for_pairs_and_straight_lines_too():
    street = [shapely.LineString([(0, 0), (1000, 0)])]
    city = town([(0, 0), (300, 0)], street, school=[shapely.Point(100, 0), shapely.Point(900, 0)])
    within_m = query(city, destinations="school", within_m=200.0)
    assert within_m.minutes.tolist() == [100 / 80, 200 / 80]
    within_min = query(city, destinations="school", within_min=7.5)
    assert within_min.pairs.cost.tolist() == [100 / 80, 200 / 80, 600 / 80]
    assert within_min.distance_m.tolist() == [100, 200]
    assert query(city, destinations="school", within_min=2.0).minutes.tolist() == [100 / 80, np.inf]
    straight = query(city, destinations="school", mode="straight_line", within_min=2.0)
    assert straight.pairs.cost.tolist() == [100 / 80]
    assert query(city, destinations="school", mode="straight_line").minutes.tolist() == [1.25, 2.5]


def test_a_bicycle_reaches_in_its_own_time():
    street = [shapely.LineString([(0, 0), (1000, 0)])]
    city = town([(0, 0)], street, school=[shapely.Point(1000, 0)])
    # 15 km/h are 250 m a minute
    assert query(city, destinations="school", mode="cycle").minutes.tolist() == [4.0]
    assert query(city, destinations="school", mode="cycle", within_min=4.0).pairs.cost.tolist() == [
        4.0
    ]
    assert len(query(city, destinations="school", mode="cycle", within_min=3.9).pairs) == 0


def test_uphill_takes_longer_than_down_and_the_metres_are_the_same():
    street = [shapely.LineString([(0, 0), (1000, 0)])]
    climb = Raster(
        "elevation", np.repeat([np.arange(12.0) * 10], 4, axis=0),
        Affine(100, 0, -50, 0, -100, 200), "EPSG:25834", Provenance("file", "dem.tif", "0" * 64),
    )  # fmt: skip
    foot, top = [shapely.Point(0, 0)], [shapely.Point(1000, 0)]
    city = replace(town([(0, 0), (1000, 0)], street, foot=foot, top=top),
                   rasters={"elevation": climb})  # fmt: skip
    up, down = (query(city, destinations=name, mode="walk_slope") for name in ("top", "foot"))
    assert up.distance_m.tolist() == [1000, 0]
    # Tobler at 10 % up and down: exp(-3.5 · 0.1) and exp(-3.5 · 0)
    np.testing.assert_allclose(up.minutes, [12.5 / np.exp(-0.35), 0.0])
    np.testing.assert_allclose(down.minutes, [0.0, 12.5])
    timed = query(city, destinations="top", mode="walk_slope", within_min=18.0)
    np.testing.assert_allclose(timed.pairs.cost, [12.5 / np.exp(-0.35), 0.0])
    np.testing.assert_allclose(timed.distance_m, [1000, 0])
    assert len(query(city, destinations="top", mode="walk_slope", within_min=17.0).pairs) == 1


def test_streets_that_are_all_closed_to_a_profile_answer_nothing_and_say_so():
    lines = [shapely.LineString([(0, 0), (0, 40)])]
    streets = layer("streets", lines, highway=["steps"])
    city = town([[0.0, 0.0]], lines, school=shapely.points([[0.0, 40.0]]))
    city = replace(city, streets=build_streets(streets), layers={**city.layers, "streets": streets})
    reach = query(city, destinations="school", mode="wheelchair")
    assert (reach.distance_m.tolist(), reach.not_connected) == ([np.inf], ("school-0",))
    assert reach.notes[-1] == Note.of("no-street-open")
    park = replace(city, layers={**city.layers, "green": layer("green", [shapely.box(0, 0, 9, 9)])})
    assert query(park, destinations="green", mode="wheelchair").distance_m.tolist() == [np.inf]
