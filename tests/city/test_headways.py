"""A line at another headway: departures at even intervals, each as the trip before it runs."""

import datetime as dt

import numpy as np
import pytest

from urbanlayer.city.headways import with_headway
from urbanlayer.errors import CityError
from urbanlayer.model.timetable import Timetable


def timetable():
    """Line 4 leaves at 0, 20 and 40 min, 10 min to its second stop, the last 12; line 7 once."""
    start = np.array([0.0, 1200.0, 2400.0, 600.0])
    ride = np.array([600.0, 600.0, 720.0, 300.0])
    times = np.column_stack([start, start + ride]).ravel()
    return Timetable(
        day=dt.date(2026, 6, 30),
        stop_keys=np.array(["a", "b"]),
        stop_xy=np.zeros((2, 2)),
        route_keys=np.array(["r4", "r7"]),
        route_names=np.array(["4", "7"]),
        route_is_rail=np.zeros(2, dtype=bool),
        trip_route=np.array([0, 0, 0, 1]),
        trip_direction=np.zeros(4, dtype=np.int64),
        call_trip=np.repeat(np.arange(4), 2),
        call_stop=np.tile([0, 1], 4),
        arrival_s=times,
        departure_s=times,
        may_board=np.ones(8, dtype=bool),
        may_alight=np.ones(8, dtype=bool),
        digest="d",
    )


def departures(found, route):
    of = found.trip_route[found.call_trip] == route
    return (found.departure_s[of & (found.call_stop == 0)] / 60).tolist()


def test_a_line_runs_at_even_intervals_from_its_first_trip_to_its_last():
    found = with_headway(timetable(), "4", 10)
    assert departures(found, 0) == [0, 10, 20, 30, 40]
    assert departures(found, 1) == [10]
    of = (found.trip_route[found.call_trip] == 0) & (found.call_stop == 1)
    assert (found.arrival_s[of] / 60).tolist() == [10, 20, 30, 40, 52]
    assert (np.diff(found.call_trip) >= 0).all()
    assert found.digest != "d"


def test_a_longer_headway_leaves_trips_out():
    assert departures(with_headway(timetable(), "r4", 30), 0) == [0, 30]


def test_the_headway_that_it_has_changes_nothing():
    before, after = timetable(), with_headway(timetable(), "4", 20)
    order = np.argsort(after.departure_s, kind="stable")
    assert sorted(before.departure_s) == after.departure_s[order].tolist()


def test_a_line_that_is_not_there_is_refused_by_name():
    with pytest.raises(CityError, match="there is no line '44'; did you mean '4'"):
        with_headway(timetable(), "44", 10)
