"""Real timetables: Las Palmas and Tirana."""

import datetime as dt
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from urbanlayer.city.timetable import build_timetable
from urbanlayer.kernels.pairs import Pairs
from urbanlayer.network.connection_scan import arrivals, connect

DATA = Path(__file__).parents[3] / "shared/data"
LAS_PALMAS = DATA / "las_palmas/gtfs_guaguas_20230222.zip"
TIRANA = DATA / "tirana/tirana_gtfs_2026.zip"

pytestmark = pytest.mark.slow


def timetable(path, crs, weekday, day):
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    with zipfile.ZipFile(path) as file:
        names = [name for name in file.namelist() if name.endswith(".txt")]
        tables = {name[:-4]: pd.read_csv(file.open(name), dtype=str).fillna("") for name in names}
    calendar = tables["calendar"]
    date = day.strftime("%Y%m%d")
    runs = (calendar[weekday] == "1") & (calendar["start_date"] <= date)
    services = calendar["service_id"][runs & (calendar["end_date"] >= date)]
    stops = tables["stops"]
    points = gpd.GeoSeries.from_xy(
        stops["stop_lon"].astype(float), stops["stop_lat"].astype(float), crs="EPSG:4326"
    ).to_crs(crs)
    metres = np.column_stack([points.x, points.y])
    return build_timetable(tables, set(services), day=day, to_metres=metres)


@pytest.mark.parametrize(
    ("path", "crs", "day", "stops", "routes"),
    [
        (LAS_PALMAS, "EPSG:32628", dt.date(2023, 2, 22), 793, 44),
        (TIRANA, "EPSG:32634", dt.date(2026, 3, 11), 491, 27),
    ],
)
def test_a_working_day_runs_and_ends_where_it_should(path, crs, day, stops, routes):
    table = timetable(path, crs, day.strftime("%A").lower(), day)
    assert (len(table.stop_keys), len(table.route_keys)) == (stops, routes)
    assert len(table.trip_route) > 1000
    ahead = table.call_trip[1:] == table.call_trip[:-1]
    assert (table.arrival_s[1:] >= table.departure_s[:-1])[ahead].all()
    assert not table.route_is_rail.any()


def test_every_stop_is_reached_no_sooner_than_its_buses_run():
    table = timetable(LAS_PALMAS, "EPSG:32628", "wednesday", dt.date(2023, 2, 22))
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
