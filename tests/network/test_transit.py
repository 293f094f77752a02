"""Tables of who reaches what, and times by bus and on foot."""

import datetime as dt
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
import toy
from door_to_door import transit_times

from urbanlayer.city.streets import build_streets
from urbanlayer.errors import CityError
from urbanlayer.model.city import City
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.neighbourhoods import Neighbourhoods
from urbanlayer.model.network_query import NearestQuery, TransitQuery
from urbanlayer.model.note import Note
from urbanlayer.model.residents import Residents
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.model.timetable import Timetable
from urbanlayer.model.travel_modes import MODES, TravelMode
from urbanlayer.network.destinations import Destinations, destinations
from urbanlayer.network.evaluate import evaluate
from urbanlayer.network.routable import RoutableNetworks, ready


def test_a_bus_every_ten_minutes_by_hand():
    # one street of 8 km, a bus from its first to its last metre in ten minutes; the school is
    # 160 m beyond the last stop
    street = [shapely.LineString([(0, 0), (8000, 0)])]
    frame = gpd.GeoDataFrame({"highway": ["residential"]}, geometry=street, crs="EPSG:25834")
    layer = Layer("streets", frame, Provenance("osm", "s.gpkg", "0" * 64, tags=OSM), 1)
    homes = Residents(np.array([[80.0, 0.0], [7000.0, 0.0]]), np.ones(2), np.zeros(2, int), "made")
    area = gpd.GeoSeries([shapely.box(0, 0, 1, 1)], index=["A"], crs="EPSG:25834")
    streets = build_streets(layer)
    hoods = Neighbourhoods(area, {"": area.index.to_series()})
    city = City("EPSG:25834", hoods, homes, streets, {"streets": layer}, {})
    leave = np.arange(6 * 60, 12 * 60, 10) * 60.0
    calls = np.column_stack([leave, leave + 600]).ravel()
    buses = Timetable(
        day=dt.date(2026, 9, 16),
        stop_keys=np.array(["first", "last"]),
        stop_xy=np.array([[0.0, 0.0], [7600.0, 0.0]]),
        route_keys=np.array(["1"]),
        route_names=np.array(["1"]),
        route_is_rail=np.array([False]),
        trip_route=np.zeros(len(leave), dtype=np.int64),
        trip_direction=np.zeros(len(leave), dtype=np.int64),
        call_trip=np.repeat(np.arange(len(leave)), 2),
        call_stop=np.tile([0, 1], len(leave)),
        arrival_s=calls,
        departure_s=calls,
        may_board=np.ones(len(calls), dtype=bool),
        may_alight=np.ones(len(calls), dtype=bool),
    )
    school = Destinations(np.array(shapely.points([[7760.0, 0.0]])), (("school",),), np.array([0]))
    walk = ready(MODES["walk"], city, streets, homes)
    times = transit_times(
        walk,
        homes.xy,
        school,
        buses,
        window_s=(7 * 3600.0, 7 * 3600.0 + 599),
        percentiles=(0, 50, 100),
    )
    # 1 minute to the stop, up to 9 of waiting, 10 in the bus, 2 to the school
    assert times.minutes[:, 0, 0].tolist() == [13.0, 17.0, 22.0]
    # 760 m on foot, whatever the minute
    assert times.minutes[:, 1, 0].tolist() == [9.5, 9.5, 9.5]
    assert times.reached(15).tolist() == [0.0, 1.0]
    assert times.reached(15, np.array([300.0]), percentile=0).tolist() == [300.0, 300.0]


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_what_is_reached_in_time_is_what_the_percentiles_say(seed):
    # counted minute by minute on the one side, by the times themselves on the other
    questions = tuple(TransitQuery("clinic", minutes) for minutes in (6.0, 9.5, 14.0))
    city = toy.city(toy.shapes(seed), seed=seed)
    walk = ready(MODES["walk"], city, city.streets, city.residents)
    to = destinations(NearestQuery("clinic"), city.layers["clinic"])
    times = transit_times(walk, city.residents.xy, to, city.timetable, percentiles=(25, 50, 75))
    network = toy.network(city, *questions)
    for question in questions:
        reach = network[question]
        for percentile, found in ((25, reach.p25), (50, reach.p50), (75, reach.p75)):
            expected = times.reached(question.within_min, percentile=percentile)
            assert found.tolist() == expected.tolist()
    assert 0 < network[questions[1]].p50.sum() < 3 * len(city.residents)


def test_at_another_pace_is_with_another_speed_of_walking():
    slow, asked = (
        TransitQuery("clinic", 9.5, speed_factor=speed_factor) for speed_factor in (0.9, 1.0)
    )
    city = toy.city(toy.shapes(3), seed=3)
    at_pace = toy.network(city, slow, asked)
    slower = replace(city, modes={**MODES, "walk": TravelMode(72.0, {}, {})})
    at_speed = toy.network(slower, asked)
    assert at_pace[slow].p50.tolist() == at_speed[asked].p50.tolist()
    assert (at_pace[slow].p50 <= at_pace[asked].p50).all()
    assert at_pace[slow].p50.sum() < at_pace[asked].p50.sum()


def test_what_a_feature_offers_counts_and_nothing_where_it_is_not_known():
    found = toy.shapes(3)
    points, columns = found["clinic"]
    doctors = {**found, "clinic": (points, {**columns, "doctors": [2.0, np.nan, 5.0]})}
    all_day = TransitQuery("clinic", 60.0, "doctors")
    city = toy.city(doctors, seed=3)
    assert set(toy.network(city, all_day)[all_day].p50.tolist()) == {7.0}


def test_a_city_without_a_timetable_cannot_be_asked():
    city = replace(toy.city(), timetable=None)
    with pytest.raises(CityError, match="needs residents, streets and a timetable"):
        toy.network(city, TransitQuery("clinic", 30.0))
    with pytest.raises(CityError, match="layer 'airport'"):
        toy.network(toy.city(), TransitQuery("airport", 30.0))


def test_stops_far_from_every_street_are_told():
    city = toy.city()
    table = city.timetable
    far = replace(table, stop_xy=table.stop_xy + np.array([[0.0, 0.0], [5000.0, 0.0]]))
    asked = TransitQuery("clinic", 30.0)
    found = toy.network(replace(city, timetable=far), asked)
    far_note = Note.of("stops-far", count=1, total=2, distance_m=200.0)
    assert found.transit_notes[0] == far_note


def test_walkers_and_riders_share_streets_that_were_made_ready_once():
    city, networks = toy.city(), RoutableNetworks(toy.city())
    near, by_bus = NearestQuery("clinic"), TransitQuery("clinic", 30.0)
    on_foot = evaluate([near], city, networks=networks)
    made = networks.of(MODES["walk"])
    ridden = evaluate([by_bus], city, networks=networks)
    assert networks.of(MODES["walk"]) is made
    assert networks.of(MODES["wheelchair"]) is not made
    apart = toy.network(city, near), toy.network(city, by_bus)
    assert on_foot[near]().distance_m.tolist() == apart[0][near].distance_m.tolist()
    assert ridden[by_bus]().p50.tolist() == apart[1][by_bus].p50.tolist()
