"""Feeds as they are: blank times, frequencies, calls past midnight, trips that run backwards."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from urbanlayer.city.timetable import build_timetable
from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note

DAY = dt.date(2026, 9, 16)


def feed(times, **more):
    """A feed of text tables; `times` holds (trip, stop, arrival and departure)."""
    rows = [(*row, row[2]) if len(row) == 3 else row for row in times]
    trips = list(dict.fromkeys(row[0] for row in rows))
    tables = {
        "stops": pd.DataFrame(
            {
                "stop_id": ["A", "B", "C"],
                "stop_lon": ["0.0", "0.001", "0.004"],
                "stop_lat": ["0.0", "0.0", "0.001"],
            }
        ),
        "routes": pd.DataFrame(
            {"route_id": ["7", "M"], "route_short_name": ["7", ""], "route_type": ["3", "1"]}
        ),
        "trips": pd.DataFrame(
            {"trip_id": trips, "route_id": "7", "service_id": "daily", "shape_id": "s"}
        ),
        "stop_times": pd.DataFrame(
            {
                "trip_id": [row[0] for row in rows],
                "stop_id": [row[1] for row in rows],
                "stop_sequence": [str(10 * number) for number in range(len(rows))],
                "arrival_time": [row[2] for row in rows],
                "departure_time": [row[3] for row in rows],
            }
        ),
    }
    return tables | more


def built(tables, services=("daily",)):
    metres = np.array([[0.0, 0.0], [100.0, 0.0], [400.0, 100.0]])
    return build_timetable(tables, services, day=DAY, to_metres=metres)


def test_blank_times_are_filled_in_by_distance_along_the_shape():
    shapes = pd.DataFrame(
        {
            "shape_id": "s",
            "shape_pt_lon": ["0.0", "0.004", "0.004"],
            "shape_pt_lat": ["0.0", "0.0", "0.001"],
            "shape_pt_sequence": ["1", "2", "10"],
        }
    )
    times = [("t", "A", "08:00:00"), ("t", "B", ""), ("t", "C", "08:05:00")]
    by_shape = built(feed(times, shapes=shapes))
    # B lies after 100 of 500 m: a fifth of five minutes
    np.testing.assert_allclose(by_shape.arrival_s, [28800, 28860, 29100], atol=1e-3)
    by_order = built(feed(times))
    assert by_order.departure_s.tolist() == [28800, 28950, 29100]
    assert by_order.notes == (Note.of("times-filled", count=1, by_shape=0),)


def test_a_bus_that_waits_goes_on_from_its_departure():
    times = [("t", "A", "08:00:00", "08:02:00"), ("t", "B", ""), ("t", "C", "08:04:00")]
    assert built(feed(times)).arrival_s.tolist() == [28800, 28980, 29040]


def test_frequencies_run_as_often_as_they_say():
    frequencies = pd.DataFrame(
        {
            "trip_id": ["t"],
            "start_time": ["06:00:00"],
            "end_time": ["07:00:00"],
            "headway_secs": ["900"],
        }
    )
    table = built(feed([("t", "A", "00:00:00"), ("t", "B", "00:04:00")], frequencies=frequencies))
    starts = table.departure_s[table.call_stop == 0]
    assert (starts / 60).tolist() == [360, 375, 390, 405]
    assert len(table.trip_route) == 4
    assert table.notes == (Note.of("trips-repeated", trips=1, count=4),)


def test_times_run_on_past_midnight():
    table = built(feed([("t", "A", "23:55:00"), ("t", "B", "24:10:00"), ("t", "C", "25:00:00")]))
    assert table.arrival_s.tolist() == [86100, 87000, 90000]


def test_trips_that_run_backwards_or_call_once_are_left_out_and_counted():
    times = [
        ("good", "A", "08:00:00"),
        ("good", "B", "08:05:00"),
        ("back", "A", "09:00:00"),
        ("back", "B", "08:55:00"),
        ("once", "A", "10:00:00"),
    ]
    table = built(feed(times))
    assert len(table.trip_route) == 1
    assert table.notes == (
        Note.of("trips-backwards", count=1),
        Note.of("trips-of-one-call", count=1),
    )


def test_a_trip_may_call_twice_at_one_stop():
    table = built(feed([("t", "A", "08:00:00"), ("t", "B", "08:05:00"), ("t", "A", "08:10:00")]))
    assert table.call_stop.tolist() == [0, 1, 0]


def test_routes_of_high_capacity_and_names_are_known():
    table = built(feed([("t", "A", "08:00:00"), ("t", "B", "08:05:00")]))
    assert table.route_is_rail.tolist() == [False, True]
    assert table.route_names.tolist() == ["7", "M"]


def test_a_day_on_which_nothing_runs_says_so():
    with pytest.raises(SourceError, match=r"no trip .* on 2026-09-16; set another service_day"):
        built(feed([("t", "A", "08:00:00"), ("t", "B", "08:05:00")]), services=("sunday",))
