"""Travel times by timetable: against a time-expanded Dijkstra, and the traps of real feeds."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from urbanlayer.kernels.pairs import Pairs
from urbanlayer.network.connection_scan import arrivals, connect
from urbanlayer.network.departure_profiles import departure_profiles, late_enough

STOPS = 6


@st.composite
def trips(draw):
    """Up to 12 trips in whole minutes, some of which call twice at a stop or stand still."""
    found = []
    for _ in range(draw(st.integers(1, 12))):
        stops = draw(st.lists(st.integers(0, STOPS - 1), min_size=2, max_size=5))
        minute = draw(st.integers(0, 40))
        calls = []
        for stop in stops:
            arrival = minute
            minute += draw(st.integers(0, 3))
            calls.append((stop, arrival * 60.0, minute * 60.0))
            minute += draw(st.integers(0, 9))
        found.append(calls)
    return found


@st.composite
def walks(draw):
    pair = st.tuples(st.integers(0, STOPS - 1), st.integers(0, STOPS - 1))
    ways = draw(st.dictionaries(pair, st.integers(1, 400).map(float), max_size=10))
    rows = sorted(ways)
    origin, target = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    return Pairs(STOPS, STOPS, origin, target, np.array([ways[row] for row in rows]))


def columns(found):
    rows = [(trip, *call) for trip, calls in enumerate(found) for call in calls]
    trip, stop, arrival, departure = (np.array(column) for column in zip(*rows, strict=True))
    return trip, stop, arrival, departure


def time_expanded(found, between, to_target, change_s):
    """A search for the earliest arrival at the target, by a graph with a node for each event."""
    graph = nx.DiGraph()
    leaving = {}
    for trip, calls in enumerate(found):
        for number, (stop, _, departure) in enumerate(calls[:-1]):
            graph.add_edge(("on", trip, number), ("off", trip, number + 1), weight=0)
            leaving.setdefault(stop, []).append((departure, ("on", trip, number)))
            if number:
                graph.add_edge(("off", trip, number), ("on", trip, number), weight=0)
    ends = []
    for trip, calls in enumerate(found):
        for number, (stop, arrival, _) in enumerate(calls[1:], start=1):
            ends.append((("off", trip, number), arrival + to_target[stop]))
            changes = [
                (("off", trip, number), node, 0)
                for other, seconds in on_foot_from(stop, between)
                for departure, node in leaving.get(other, [])
                if departure >= arrival + seconds + change_s
            ]
            graph.add_weighted_edges_from(changes)

    def arrival(start, leave_s):
        first = [node for departure, node in leaving.get(start, []) if departure >= leave_s]
        reached = set().union(*(nx.descendants(graph, node) for node in first))
        return min((arrive for event, arrive in ends if event in reached), default=np.inf)

    return arrival


def on_foot_from(stop, between):
    others = (between.origin == stop) & (between.destination != stop)
    return [(stop, 0.0), *zip(between.destination[others], between.cost[others], strict=True)]


TO_TARGET = st.lists(
    st.one_of(st.just(np.inf), st.integers(0, 600)), min_size=STOPS, max_size=STOPS
)


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(trips(), walks(), TO_TARGET, st.sampled_from([0.0, 1.0, 60.0]))
def test_every_departure_arrives_when_a_time_expanded_search_says(
    found, between, to_target, change_s
):
    to_target = np.array(to_target, dtype=float)
    rides = connect(*columns(found), stop_count=STOPS)
    scan = arrivals(rides, between, to_target[:, None], change_s=change_s)
    expected = time_expanded(found, between, to_target, change_s)
    for start in range(STOPS):
        for leave_s in (0.0, 600.0, 1500.0):
            got = scan.arrive_s[scan.row(start, np.array([leave_s])), 0][0]
            assert got == pytest.approx(expected(start, leave_s), abs=0.01)


@pytest.mark.parametrize("change_s", [0.0, 60.0])
def test_a_day_of_three_hundred_trips_is_exact(change_s):
    """Lines that run up and down over 40 stops, calls of no time, and walks between stops."""
    draw = np.random.default_rng(7)
    stops, found = 40, []
    for _ in range(300):
        minute, calls = int(draw.integers(360, 600)), []
        for stop in draw.choice(stops, draw.integers(3, 9)).tolist():
            wait = int(draw.integers(0, 2))
            calls.append((stop, minute * 60.0, (minute + wait) * 60.0))
            minute += wait + int(draw.integers(0, 8))
        found.append(calls)
    origin, target = draw.integers(0, stops, (2, 60))
    rows = np.unique(np.column_stack([origin, target])[origin != target], axis=0)
    between = Pairs(stops, stops, *rows.T, draw.integers(30, 400, len(rows)).astype(float))
    to_target = np.where(draw.random(stops) < 0.2, draw.integers(0, 600, stops), np.inf)
    rides = connect(*columns(found), stop_count=stops)
    scan = arrivals(rides, between, to_target[:, None], change_s=change_s)
    expected = time_expanded(found, between, to_target, change_s)
    for start in range(0, stops, 8):
        for leave_s in (360 * 60.0, 420 * 60.0 + 30, 500 * 60.0):
            got = scan.arrive_s[scan.row(start, np.array([leave_s])), 0][0]
            assert got == pytest.approx(expected(start, leave_s), abs=0.01)


def test_a_later_departure_never_arrives_sooner():
    found = [[(0, 0.0, 0.0), (1, 900.0, 900.0)], [(0, 60.0, 60.0), (1, 300.0, 300.0)]]
    nowhere = Pairs(2, 2, *(np.empty(0, dtype=np.int64),) * 2, np.empty(0))
    rides = connect(*columns(found), stop_count=2)
    scan = arrivals(rides, nowhere, np.array([[np.inf], [0.0]]))
    # the first bus is overtaken: who is there for it waits for the second
    assert scan.arrive_s[scan.row(0, np.array([0.0, 60.0, 61.0])), 0].tolist() == [300, 300, np.inf]


def test_nobody_boards_or_alights_where_it_is_not_allowed():
    found = [[(0, 0.0, 0.0), (1, 60.0, 60.0), (2, 120.0, 120.0)]]
    nowhere = Pairs(3, 3, *(np.empty(0, dtype=np.int64),) * 2, np.empty(0))
    call = np.array([True, False, True])
    rides = connect(*columns(found), stop_count=3, may_board=call, may_alight=call)
    scan = arrivals(rides, nowhere, np.array([[np.inf], [0.0], [30.0]]))
    assert scan.arrive_s[scan.row(0, np.array([0.0])), 0].tolist() == [150.0]
    assert scan.arrive_s[scan.row(1, np.array([0.0])), 0].tolist() == [np.inf]


def test_minutes_from_home_count_the_walk_and_the_wait():
    found = [[(0, 600.0, 600.0), (1, 900.0, 900.0)]]
    nowhere = Pairs(2, 2, *(np.empty(0, dtype=np.int64),) * 2, np.empty(0))
    scan = arrivals(connect(*columns(found), stop_count=2), nowhere, np.array([[np.inf], [60.0]]))
    near = Pairs(1, 2, np.array([0]), np.array([0]), np.array([120.0]))
    home = departure_profiles(scan, near, range(1), np.array([300.0, 480.0, 481.0]))
    # arrival at 16 minutes past, whenever one leaves in time for the bus at 10 past
    assert home.minutes(scan.arrive_s[:, 0]).tolist() == [[11.0, 8.0, np.inf]]


def test_minutes_of_many_places_are_the_least_over_their_stops():
    draw = np.random.default_rng(8)
    found = [
        [(int(a), 60.0 * m, 60.0 * m), (int(b), 60.0 * (m + 5), 60.0 * (m + 5))]
        for m, (a, b) in zip(range(0, 180, 3), draw.integers(0, 9, (60, 2)), strict=True)
    ]
    nowhere = Pairs(9, 9, *(np.empty(0, dtype=np.int64),) * 2, np.empty(0))
    to_target = draw.uniform(0, 900, (9, 2))
    scan = arrivals(connect(*columns(found), stop_count=9), nowhere, to_target)
    reached = draw.random((30, 9)) < 0.6  # some places reach no stop
    reached[4] = False
    origin, stop = np.nonzero(reached)
    walk_s = draw.uniform(0, 900, len(origin))
    near = Pairs(30, 9, origin, stop, walk_s)
    leave_s = np.arange(0, 7201, 60.0)
    for origins in (range(30), range(7, 12)):
        home = departure_profiles(scan, near, origins, leave_s)
        for target in range(2):
            got = home.minutes(np.ascontiguousarray(scan.arrive_s[:, target]))
            expected = np.full((len(origins), len(leave_s)), np.inf)
            for one, at, seconds in zip(origin, stop, walk_s, strict=True):
                if one in origins:
                    arrive = scan.arrive_s[scan.row(at, leave_s + seconds), target]
                    row = expected[one - origins.start]
                    np.minimum(row, (arrive - leave_s) / 60, out=row)
            np.testing.assert_allclose(got, expected, atol=1e-3)


def test_minutes_in_time_are_those_that_do_not_exceed_the_limit():
    """Counted at once for all targets, and one by one from the minutes to each."""
    draw = np.random.default_rng(9)
    found = [
        [(int(a), 60.0 * m, 60.0 * m), (int(b), 60.0 * (m + 5), 60.0 * (m + 5))]
        for m, (a, b) in zip(range(0, 180, 3), draw.integers(0, 9, (60, 2)), strict=True)
    ]
    nowhere = Pairs(9, 9, *(np.empty(0, dtype=np.int64),) * 2, np.empty(0))
    scan = arrivals(
        connect(*columns(found), stop_count=9), nowhere, draw.uniform(0, 900, (9, 4)), change_s=60
    )
    origin, stop = np.nonzero(draw.random((30, 9)) < 0.6)
    home = departure_profiles(
        scan, Pairs(30, 9, origin, stop, draw.uniform(0, 900, len(origin))), range(30),
        leave_s := np.arange(0, 7201, 60.0),
    )  # fmt: skip
    for limit in (300.0, 30.0, 12.0):
        often = home.in_time(late_enough(scan.arrive_s, leave_s, limit * 60))
        for target in range(4):
            minutes = home.minutes(np.ascontiguousarray(scan.arrive_s[:, target]))
            assert often[:, target].tolist() == np.count_nonzero(minutes <= limit, axis=1).tolist()
    assert 0 < often.mean() < len(leave_s)


def test_a_change_in_less_than_no_time_is_refused():
    rides = connect(*columns([[(0, 0.0, 0.0), (1, 9.0, 9.0)]]), stop_count=2)
    nowhere = Pairs(2, 2, *(np.empty(0, dtype=np.int64),) * 2, np.empty(0))
    with pytest.raises(ValueError, match="at least 0"):
        arrivals(rides, nowhere, np.zeros((2, 1)), change_s=-1)


@pytest.mark.parametrize("trips_in_order", [1, -1])
def test_in_one_second_one_may_change_between_buses_that_take_no_time(trips_in_order):
    # feeds in whole minutes: from 0 to 1 to 2 within the same minute, and on to 3
    found = [
        [(0, 600.0, 600.0), (1, 600.0, 600.0)],
        [(1, 600.0, 600.0), (2, 600.0, 600.0)],
        [(2, 600.0, 600.0), (3, 660.0, 660.0)],
    ][::trips_in_order]
    nowhere = Pairs(4, 4, *(np.empty(0, dtype=np.int64),) * 2, np.empty(0))
    rides = connect(*columns(found), stop_count=4)
    to_target = np.array([[np.inf], [np.inf], [np.inf], [30.0]])
    scan = arrivals(rides, nowhere, to_target, change_s=0.0)
    assert scan.arrive_s[scan.row(0, np.array([600.0])), 0].tolist() == [690.0]
