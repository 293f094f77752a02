"""PTAL: the example worked by hand, and the mistakes that open copies make."""

import numpy as np
import pytest

from urbanlayer.kernels.pairs import Pairs
from urbanlayer.kernels.ptal import access_index, band


def index(metres, stop_routes, per_hour, rail):
    stops = Pairs(1, len(metres), np.zeros(len(metres), int), np.arange(len(metres)), metres)
    stop, route = np.array(stop_routes).T
    return access_index(stops, stop, route, np.array(per_hour, float), np.array(rail))[0]


def test_two_buses_and_a_train_by_hand():
    # TAT 3 + 5 + 2 = 10, 5 + 7.5 + 2 = 14.5, 10 + 7.5 + 0.75 = 18.25 minutes
    metres = np.array([240.0, 400.0, 800.0])
    found = index(metres, [(0, 0), (1, 1), (2, 2)], [6, 4, 4], [False, False, True])
    assert found == pytest.approx(3.0 + 0.5 * 2.0690 + 1.6438, abs=1e-4)
    assert band(np.array([found])).tolist() == ["2"]


def test_a_route_counts_once_at_its_best_stop():
    once = index(np.array([100.0]), [(0, 0)], [6], [False])
    twice = index(np.array([100.0, 300.0]), [(0, 0), (1, 0)], [6, 6], [False])
    assert twice == once


def test_the_route_that_is_best_and_not_the_most_frequent_counts_whole():
    # 12 an hour at 600 m: 7.5 + 2.5 + 2 = 12 min; 6 an hour at the door: 0 + 5 + 2 = 7 min
    found = index(np.array([600.0, 0.0]), [(0, 0), (1, 1)], [12, 6], [False, False])
    assert found == pytest.approx(30 / 7 + 0.5 * 30 / 12)


@pytest.mark.parametrize(
    ("metres", "rail", "counts"),
    [(640, False, True), (641, False, False), (960, True, True), (961, True, False)],
)
def test_buses_count_to_640_m_and_trains_to_960_m(metres, rail, counts):
    assert (index(np.array([float(metres)]), [(0, 0)], [6], [rail]) > 0) == counts


def test_the_bands_are_those_of_the_published_table():
    # TfL 2015: 0.01-2.50, 2.51-5, 5.01-10, 10.01-15, 15.01-20, 20.01-25, 25.01-40, above
    begin = np.array([0.01, 2.51, 5.01, 10.01, 15.01, 20.01, 25.01, 40.01])
    end = np.array([2.5, 5, 10, 15, 20, 25, 40, 400])
    expected = ["1a", "1b", "2", "3", "4", "5", "6a", "6b"]
    assert band(begin).tolist() == band(end).tolist() == expected


def test_a_bus_an_hour_counts_less_than_one():
    # at the door: 30 minutes of waiting and 2 of unreliability
    assert index(np.array([0.0]), [(0, 0)], [1], [False]) == 30 / 32


def test_each_place_has_its_own_walk_to_the_only_route():
    stops = Pairs(2, 1, np.array([0, 1]), np.array([0, 0]), np.array([0.0, 240.0]))
    first = np.zeros(1, dtype=np.int64)
    found = access_index(stops, first, first, np.array([6.0]), np.array([False]))
    assert found == pytest.approx([30 / 7, 30 / 10])


def test_no_service_is_level_0():
    assert index(np.array([10.0]), [(0, 0)], [0], [False]) == 0.0
    assert band(np.array([0.0])).tolist() == ["0"]
