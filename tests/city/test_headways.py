"""A line at another headway: departures at even intervals, each as the trip before it runs."""

import datetime as dt
from dataclasses import replace

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


def there_and_back(*, stops_back):
    """Line 4 leaves a for b each half hour, and comes back between; the feed has no directions."""
    start = np.array([0.0, 15, 30, 45, 60, 75]) * 60
    times = np.column_stack([start, start + 600]).ravel()
    return replace(
        timetable(),
        stop_keys=np.array(["a", "b", "a2", "b2"]),
        stop_xy=np.zeros((4, 2)),
        trip_route=np.zeros(6, dtype=np.int64),
        trip_direction=np.zeros(6, dtype=np.int64),
        call_trip=np.repeat(np.arange(6), 2),
        call_stop=np.array([[0, 1], stops_back] * 3).ravel(),
        arrival_s=times,
        departure_s=times,
        may_board=np.ones(12, dtype=bool),
        may_alight=np.ones(12, dtype=bool),
    )


@pytest.mark.parametrize("stops_back", [(1, 0), (3, 2)], ids=["same stops", "other stops"])
def test_ways_there_and_back_without_directions_have_the_headway_each(stops_back):
    found = with_headway(there_and_back(stops_back=stops_back), "4", 10)
    first = np.searchsorted(found.call_trip, np.unique(found.call_trip))
    for stop, minutes in ((0, range(0, 61, 10)), (stops_back[0], range(15, 76, 10))):
        of = first[found.call_stop[first] == stop]
        assert (found.departure_s[of] / 60).tolist() == list(minutes)


def test_trips_that_turn_early_share_the_headway_with_the_others():
    """a-b-c at 0 and 40, a-b at 20 and 60: every 10 minutes, each as the one before it."""
    base = there_and_back(stops_back=(1, 0))
    found = with_headway(
        replace(
            base,
            trip_route=np.zeros(4, dtype=np.int64),
            trip_direction=np.zeros(4, dtype=np.int64),
            call_trip=np.array([0, 0, 0, 1, 1, 2, 2, 2, 3, 3]),
            call_stop=np.array([0, 1, 2, 0, 1, 0, 1, 2, 0, 1]),
            arrival_s=np.array([0, 5, 10, 20, 25, 40, 45, 50, 60, 65]) * 60.0,
            departure_s=np.array([0, 5, 10, 20, 25, 40, 45, 50, 60, 65]) * 60.0,
        ),
        "4", 10,
    )  # fmt: skip
    assert departures(found, 0) == [0, 10, 20, 30, 40, 50, 60]
    assert (found.arrival_s[found.call_stop == 2] / 60).tolist() == [10, 20, 50, 60]


def test_a_longer_headway_leaves_trips_out():
    assert departures(with_headway(timetable(), "r4", 30), 0) == [0, 30]


def test_the_headway_that_it_has_changes_nothing():
    before, after = timetable(), with_headway(timetable(), "4", 20)
    order = np.argsort(after.departure_s, kind="stable")
    assert sorted(before.departure_s) == after.departure_s[order].tolist()


def test_a_line_that_is_not_there_is_refused_by_name():
    with pytest.raises(CityError, match="there is no line '44'; did you mean '4'"):
        with_headway(timetable(), "44", 10)
