"""Isochrones worked by hand, and what holds for all of them."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
import toy

from urbanlayer.city.streets import build_streets
from urbanlayer.errors import CityError
from urbanlayer.model.city import City
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.neighbourhoods import Neighbourhoods
from urbanlayer.model.publish_specification import IsochroneSpec
from urbanlayer.network.isochrones import BUFFER_M, isochrones, isochrones_of_services

WALK_M_PER_MIN = 80.0  # 4.8 km/h


def layer(role, geometry, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:25834")
    frame.index = [f"{role}-{row}" for row in range(len(frame))]
    return Layer(role, frame, Provenance("file", f"{role}.gpkg", "0" * 64), len(frame))


def town(lines, *, highway=None, oneway=None, **layers):
    """A city without residents: streets and facilities are enough."""
    area = gpd.GeoSeries([shapely.box(0, 0, 1, 1)], index=["A"], crs="EPSG:25834")
    made = {role: layer(role, geometry) for role, geometry in layers.items()}
    streets = None
    if lines is not None:
        columns = {"highway": highway or ["residential"] * len(lines)}
        if oneway:
            columns["oneway"] = oneway
        made["streets"] = layer("streets", lines, **columns)
        streets = build_streets(made["streets"])
    hoods = Neighbourhoods(area, {"": area.index.to_series()})
    return City("EPSG:25834", hoods, None, streets, made, {})


def area_of(city, service="school", **asked):
    (area,) = isochrones(city, service, **asked).geometry
    return area


def holds(area, x, y):
    return shapely.contains_xy(area, x, y)


CROSS = [shapely.LineString([(-1000, 0), (1000, 0)]), shapely.LineString([(0, -1000), (0, 1000)])]
CENTRE = [shapely.Point(0, 0)]
HALF_DISC_M2 = 4 * BUFFER_M**2 * np.sin(np.pi / 8)  # half a polygon of 16 sides


def test_at_a_crossing_the_area_is_two_strips_with_round_ends():
    """Strips of 2 × 400 m by 50 m, the square that both cover once, and four half discs."""
    area = area_of(town(CROSS, school=CENTRE), metres=[400])
    strips = 2 * (2 * 400 * 2 * BUFFER_M) - (2 * BUFFER_M) ** 2
    assert area.area == pytest.approx(strips + 4 * HALF_DISC_M2, rel=1e-6)
    assert holds(area, 400 + BUFFER_M - 0.1, 0)
    assert not holds(area, 400 + BUFFER_M + 0.1, 0)
    assert not holds(area, 200, BUFFER_M + 0.1)


def test_in_a_grid_of_streets_the_area_is_a_diamond():
    steps = np.arange(-5, 6) * 100.0
    lines = [shapely.LineString([(x, y) for y in steps]) for x in steps]
    lines += [shapely.LineString([(x, y) for x in steps]) for y in steps]
    area = area_of(town(lines, school=CENTRE), metres=[250])
    for x, y in [(250, 0), (200, 50), (100, 150), (0, -250), (-100, 150)]:
        assert holds(area, x, y)  # |x| + |y| = 250
    for x, y in [(200, 50 + BUFFER_M + 1), (100, 150 + BUFFER_M + 1), (200, 200), (150, 150)]:
        assert not holds(area, x, y)


def test_the_way_from_the_street_counts():
    """30 m off the street: of 100 m there are 70 left to either side."""
    city = town([CROSS[0]], school=[shapely.Point(0, 30)])
    area = area_of(city, metres=[100])
    assert holds(area, 70 + BUFFER_M - 0.1, 0)
    assert not holds(area, 70 + BUFFER_M + 0.1, 0)
    assert holds(area, 0, 30)  # the facility lies in its own area
    assert area_of(city, metres=[20]).is_empty


def test_minutes_are_those_of_the_mode():
    city = town(CROSS, school=CENTRE)
    five = area_of(city, minutes=[5])
    assert five.equals_exact(area_of(city, metres=[5 * WALK_M_PER_MIN]), 1e-6)
    ride = area_of(city, minutes=[2], mode="cycle")  # 15 km/h
    assert ride.bounds == pytest.approx([-525, -525, 525, 525])


def test_who_cannot_take_steps_gets_no_farther_than_the_steps():
    halves = [shapely.LineString([(-1000, 0), (100, 0)]), shapely.LineString([(100, 0), (900, 0)])]
    city = town(halves, highway=["residential", "steps"], school=CENTRE)
    walk, wheelchair = (area_of(city, metres=[400], mode=m) for m in ("walk", "wheelchair"))
    assert walk.bounds[2] == pytest.approx(400 + BUFFER_M)
    assert wheelchair.bounds[2] == pytest.approx(100 + BUFFER_M)
    assert walk.buffer(1e-6).contains(wheelchair)
    assert wheelchair.area < walk.area


def test_a_one_way_street_counts_where_it_leads_to_the_facility():
    """Both streets run east; who rides from the west gets there, who is in the east does not."""
    halves = [shapely.LineString([(-900, 0), (0, 0)]), shapely.LineString([(0, 0), (900, 0)])]
    city = town(halves, oneway=["yes", "yes"], school=CENTRE)
    area = area_of(city, metres=[400], mode="cycle")
    assert area.bounds[0] == pytest.approx(-400 - BUFFER_M)
    assert area.bounds[2] == pytest.approx(BUFFER_M)


def test_a_ground_is_entered_all_along_a_street_and_is_part_of_its_area():
    ground = shapely.box(0, 5, 400, 105)
    area = area_of(town([CROSS[0]], school=[ground]), metres=[60])
    assert shapely.covers(area, ground)
    assert holds(area, 200, -BUFFER_M + 0.1)  # half way along, 200 m from either end
    assert area.bounds[0] == pytest.approx(-60 - BUFFER_M, abs=10)  # entered within 10 m of it
    assert area.bounds[2] == pytest.approx(460 + BUFFER_M, abs=10)


def test_a_ground_with_a_gate_is_entered_there_alone():
    gate = [shapely.Point(0, 50)]
    city = town([CROSS[0], CROSS[1]], school=[shapely.box(0, 5, 400, 105)], entrances=gate)
    area = area_of(city, metres=[60])
    assert not holds(area, 200, -10)
    assert holds(area, 0, 110)  # 60 m from the gate along the other street


def test_of_two_facilities_the_areas_are_one():
    city = town(CROSS, school=[*CENTRE, shapely.Point(500, 0)])
    frame = isochrones(city, "school", metres=[300])
    (area,) = frame.geometry
    assert len(area.geoms) == 1
    assert area.bounds[2] == pytest.approx(800 + BUFFER_M)
    assert frame["facilities"].tolist() == [2]


def test_a_facility_beyond_the_snapping_distance_has_no_area():
    frame = isochrones(town(CROSS, school=[shapely.Point(300, 300)]), "school", metres=[400])
    assert frame["facilities"].tolist() == [0]
    assert frame.geometry.is_empty.all()


def test_without_streets_the_area_is_a_disc():
    frame = isochrones(town(None, school=CENTRE), "school", metres=[100], minutes=[5])
    assert frame["method"].tolist() == ["straight_line"] * 2
    assert frame.area.tolist() == pytest.approx([np.pi * 100**2, np.pi * 400**2], rel=0.01)


def test_rows_are_metres_then_minutes_each_ascending():
    frame = isochrones(town(CROSS, school=CENTRE), "school", metres=[800, 400, 400], minutes=[5])
    assert frame["distance_m"].tolist()[:2] == [400, 800]
    assert np.isnan(frame["distance_m"][2])
    assert frame["minutes"].tolist()[2] == 5
    assert (frame.geom_type == "MultiPolygon").all()
    assert frame.crs == "EPSG:25834"


@pytest.fixture(scope="module", params=[0, 7])
def toy_city(request):
    return toy.city(toy.shapes(request.param), seed=request.param)


@pytest.mark.parametrize("mode", ["walk", "wheelchair", "cycle"])
@pytest.mark.parametrize("limits", [(60, 450), (300, 1200)])
def test_an_area_grows_with_the_limit_and_stays_in_the_straight_line(toy_city, limits, mode):
    city = toy_city
    near, far = isochrones(city, "school", metres=limits, mode=mode).geometry
    assert near.is_valid
    assert far.is_valid
    assert shapely.difference(near, far).area < 1e-3
    schools = city.layers["school"].frame.geometry
    for area, limit in ((near, limits[0]), (far, limits[1])):
        disc = schools.buffer(limit + BUFFER_M + 1e-6, quad_segs=64).union_all()
        assert shapely.difference(area, disc).area < 1e-3 * max(area.area, 1)


def test_the_rows_of_several_services_stand_one_below_the_other():
    city = town(CROSS, school=CENTRE, clinic=[shapely.Point(500, 0)])
    wanted = {
        "clinic": IsochroneSpec(minutes=[5], mode="wheelchair"),
        "school": IsochroneSpec(metres=[400, 800]),
    }
    frame = isochrones_of_services(city, wanted)
    assert frame["role"].tolist() == ["clinic", "school", "school"]
    assert frame["mode"].tolist() == ["wheelchair", "walk", "walk"]
    assert isochrones_of_services(city, {}) is None


def test_every_error_is_reported_at_once_with_the_nearest_name():
    city = town(CROSS, school=CENTRE)
    with pytest.raises(CityError) as caught:
        isochrones(city, "shool", metres=[-5], mode="pram")
    assert caught.value.errors == (
        "isochrones: no layer of facilities 'shool'; did you mean 'school'?",
        "isochrones: no mode 'pram'; known: walk, walk_slope, wheelchair, cycle",
        "isochrones: -5 is no distance or time",
    )
    with pytest.raises(CityError, match="neither metres nor minutes"):
        isochrones(city, "school")
    with pytest.raises(CityError, match="no layer of facilities 'streets'"):
        isochrones(city, "streets", metres=[400])
