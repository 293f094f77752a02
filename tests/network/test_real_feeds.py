"""Real timetables: Las Palmas and Tirana."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer
from requested import requested

from urbanlayer.city.timetable import build_timetable
from urbanlayer.kernels.pairs import Pairs
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.network.connection_scan import arrivals, connect
from urbanlayer.sources.gtfs import read

DATA = Path(__file__).parents[3] / "shared/data"
LAS_PALMAS = DATA / "las_palmas/gtfs_guaguas_20230222.zip"
TIRANA = DATA / "tirana/tirana_gtfs_2026.zip"

pytestmark = pytest.mark.slow


def timetable(path, crs, day):
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    spec = LayerSpec(path=path.name, source="gtfs", service_day=day)
    layer = read([requested("stop", spec, path)])["stop"]
    to_metres = Transformer.from_crs(4326, crs, always_xy=True)
    return build_timetable(
        layer.timetable(), lambda lonlat: np.column_stack(to_metres.transform(*lonlat.T))
    )


@pytest.mark.parametrize(
    ("path", "crs", "day", "stops", "routes"),
    [
        (LAS_PALMAS, "EPSG:32628", dt.date(2023, 2, 22), 793, 44),
        (TIRANA, "EPSG:32634", dt.date(2026, 3, 11), 491, 27),
    ],
)
def test_a_working_day_runs_and_ends_where_it_should(path, crs, day, stops, routes):
    table = timetable(path, crs, day)
    assert (len(table.stop_keys), len(table.route_keys)) == (stops, routes)
    assert len(table.trip_route) > 1000
    ahead = table.call_trip[1:] == table.call_trip[:-1]
    assert (table.arrival_s[1:] >= table.departure_s[:-1])[ahead].all()
    assert not table.route_is_rail.any()


def test_every_stop_is_reached_no_sooner_than_its_buses_run():
    table = timetable(LAS_PALMAS, "EPSG:32628", dt.date(2023, 2, 22))
    count = len(table.stop_keys)
    rides = connect(
        table.call_trip,
        table.call_stop,
        table.arrival_s,
        table.departure_s,
        stop_count=count,
        window_s=(7 * 3600.0, 11 * 3600.0),
    )
    nowhere = Pairs(count, count, *(np.empty(0, dtype=np.int64),) * 2, np.empty(0))
    to_stops = np.full((count, 20), np.inf)
    to_stops[np.arange(20), np.arange(20)] = 0.0
    scan = arrivals(rides, nowhere, to_stops)
    begin, end = scan.first[:-1], scan.first[1:]
    for first, last in zip(begin, end, strict=True):
        rows = scan.arrive_s[first:last]
        # the later one leaves, the later one arrives; and nobody arrives before leaving
        assert (rows[1:] >= rows[:-1]).all()
        assert (rows[:-1] >= scan.leave_s[first : last - 1, None]).all()
