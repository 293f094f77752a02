"""Tables of who reaches what, and times by bus and on foot."""

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from urbanlayer.city.entrances import Targets
from urbanlayer.city.streets import build_streets
from urbanlayer.city.transit import transit_times
from urbanlayer.city.travel_table import write_travel_table
from urbanlayer.city.walk import ready
from urbanlayer.measure.pairs import Pairs
from urbanlayer.model.city import City
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.neighbourhoods import Neighbourhoods
from urbanlayer.model.residents import Residents
from urbanlayer.model.timetable import Timetable
from urbanlayer.model.travel import PROFILES


def test_a_travel_table_holds_each_pair_that_is_reached(tmp_path):
    pairs = Pairs(3, 2, np.array([0, 0, 2]), np.array([0, 1, 1]), np.array([5.0, 80.0, 12.5]))
    write_travel_table(
        pairs,
        tmp_path / "table.parquet",
        place_keys=np.array(["a", "b", "c"]),
        target_keys=np.array(["school-1", "school-2"]),
    )
    table = pd.read_parquet(tmp_path / "table.parquet")
    assert table["from"].tolist() == ["a", "a", "c"]
    assert table["to"].tolist() == ["school-1", "school-2", "school-2"]
    assert table["distance_m"].tolist() == [5.0, 80.0, 12.5]


def test_a_bus_every_ten_minutes_by_hand():
    # one street of 8 km, a bus from its first to its last metre in ten minutes; the school is
    # 160 m beyond the last stop
    street = [shapely.LineString([(0, 0), (8000, 0)])]
    frame = gpd.GeoDataFrame({"highway": ["residential"]}, geometry=street, crs="EPSG:25834")
    layer = Layer("streets", frame, Provenance("osm", "s.gpkg", "0" * 64), 1)
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
    school = Targets(np.array(shapely.points([[7760.0, 0.0]])), (("school",),), np.array([0]))
    walk = ready(PROFILES["walk"], city, streets, homes)
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
