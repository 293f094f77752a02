"""The nearest along streets: laws on random worlds, against networkx."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from street_worlds import World, attached, costs_in_networkx, hilly_worlds, worlds

from urbanlayer.network.graph import Links, build_graph
from urbanlayer.network.nearest import nearest_by_offset, search_from
from urbanlayer.network.pairs import pairs_within
from urbanlayer.network.snapping import Attached

TOLERANCE_M = 1e-6


@st.composite
def asked(draw):
    world = draw(worlds())
    return world, draw(attached(world)), draw(attached(world))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(asked())
def test_nearest_is_what_networkx_finds_with_each_place_as_a_node(case):
    world, origins, destinations = case
    cost, target = nearest_by_offset(world.graph(), origins, destinations, factors=(1.0,))[0]
    table = costs_in_networkx(world, origins, destinations)
    np.testing.assert_allclose(cost, table.min(axis=1), atol=TOLERANCE_M)
    for origin in np.flatnonzero(target >= 0):
        assert abs(table[origin, target[origin]] - cost[origin]) <= TOLERANCE_M
    assert ((target < 0) == np.isinf(cost)).all()


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_uphill_and_one_way_are_what_networkx_finds_too(data):
    world = data.draw(hilly_worlds())
    origins, destinations = data.draw(attached(world)), data.draw(attached(world))
    cost, _ = nearest_by_offset(world.graph(), origins, destinations, factors=(1.0,))[0]
    table = costs_in_networkx(world, origins, destinations)
    np.testing.assert_allclose(cost, table.min(axis=1), atol=TOLERANCE_M)
    pairs = pairs_within(world.graph(), origins, destinations, limit=np.inf)
    found = np.full(table.shape, np.inf)
    found[pairs.origin, pairs.destination] = pairs.cost
    np.testing.assert_allclose(found, table, atol=TOLERANCE_M)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(asked(), st.data())
def test_a_new_edge_never_lengthens_a_way(case, data):
    world, origins, destinations = case
    before, _ = nearest_by_offset(world.graph(), origins, destinations, factors=(1.0,))[0]
    node = st.integers(0, world.nodes - 1)
    ends = np.vstack([world.ends, [data.draw(node), data.draw(node)]])
    length_m = np.append(world.length_m, data.draw(st.floats(0.5, 500)))
    after, _ = nearest_by_offset(
        World(world.nodes, ends, length_m).graph(), origins, destinations, factors=(1.0,)
    )[0]
    assert (after <= before + TOLERANCE_M).all()


@settings(max_examples=60, deadline=None)
@given(asked())
def test_the_way_there_is_as_long_as_the_way_back(case):
    world, origins, destinations = case
    graph = world.graph()
    for origin in range(origins.count):
        for target in range(destinations.count):
            one, other = only(origins, origin), only(destinations, target)
            there, _ = nearest_by_offset(graph, one, other, factors=(1.0,))[0]
            back, _ = nearest_by_offset(graph, other, one, factors=(1.0,))[0]
            np.testing.assert_allclose(there[origin], back[target], atol=TOLERANCE_M)


def only(origins, row):
    mine = origins.origin == row
    return type(origins)(
        origins.count,
        origins.origin[mine],
        origins.edge[mine],
        origins.along_m[mine],
        origins.offset_m[mine],
    )


@settings(max_examples=60, deadline=None)
@given(worlds(), st.data())
def test_no_way_is_longer_than_the_way_round_by_a_third_place(world, data):
    spot = st.tuples(st.integers(0, len(world.ends) - 1), st.floats(0, 1))
    edge, share = zip(*data.draw(st.lists(spot, min_size=3, max_size=3)), strict=True)
    edge = np.array(edge)
    along_m = np.array(share) * world.length_m[edge]
    origins = Attached(3, np.arange(3), edge, along_m, np.zeros(3))
    pairs = pairs_within(world.graph(), origins, origins, limit=np.inf)
    metres = np.full((3, 3), np.inf)
    metres[pairs.origin, pairs.destination] = pairs.cost
    assert metres[0, 2] <= metres[0, 1] + metres[1, 2] + TOLERANCE_M
    assert np.diag(metres).tolist() == [0.0, 0.0, 0.0]


def test_what_cannot_be_reached_has_no_target():
    graph = build_graph(3, np.array([[0, 1]]), np.array([10.0]))
    cost, target = search_from(graph, Links(np.array([0]), np.array([1]), np.array([3.0])), 1)
    assert (cost.tolist(), target.tolist()) == ([13.0, 3.0, np.inf], [0, 0, -1])
    nobody = Links(np.empty(0, int), np.empty(0, int), np.empty(0))
    cost, target = search_from(graph, nobody, 0)
    assert (cost.tolist(), target.tolist()) == ([np.inf] * 3, [-1] * 3)
