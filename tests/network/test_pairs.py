"""All pairs within a cost, and the k nearest: laws on random worlds, and two engines."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from street_worlds import attached, costs_in_networkx, worlds

from urbanlayer.kernels import pairs
from urbanlayer.kernels.pairs import cheapest_pairs
from urbanlayer.network.cost_table import cost_table
from urbanlayer.network.graph import Links, build_graph, links_in
from urbanlayer.network.pairs import pairs_within
from urbanlayer.network.search import nodes_within
from urbanlayer.network.snapping import Attached


@st.composite
def asked(draw):
    world = draw(worlds())
    return world, draw(attached(world)), draw(attached(world))


def as_table(found):
    table = np.full((found.origin_count, found.destination_count), np.inf)
    table[found.origin, found.destination] = found.cost
    return table


@settings(max_examples=100, deadline=None)
@given(asked(), st.floats(0, 900))
def test_pairs_are_what_networkx_finds_within_the_limit(case, limit):
    world, origins, destinations = case
    expected = costs_in_networkx(world, origins, destinations)
    found = as_table(pairs_within(world.graph(), origins, destinations, limit=limit))
    sure = np.abs(expected - limit) > 1e-6  # at the limit itself rounding may decide
    expected[expected > limit] = np.inf
    np.testing.assert_allclose(found[sure], expected[sure], atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(asked(), st.floats(0, 900))
def test_a_table_of_costs_holds_the_same_as_the_pairs(case, limit):
    world, origins, destinations = case
    expected = as_table(pairs_within(world.graph(), origins, destinations, limit=limit))
    found = cost_table(world.graph(), origins, destinations, limit=limit)
    sure = ~((np.abs(found.T - limit) < 1e-3) | (np.abs(expected - limit) < 1e-3))
    np.testing.assert_allclose(found.T[sure], expected[sure], atol=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.floats(0, 99)), max_size=30))
def test_the_least_of_many_ways_is_found_by_table_and_by_sorting(links):
    origin, destination, cost = (
        (np.array(part) for part in zip(*links, strict=True))
        if links
        else (np.empty(0, int), np.empty(0, int), np.empty(0))
    )
    by_table = cheapest_pairs(5, 4, origin, destination, cost)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "MAX_DENSE_CELLS", 0)
        by_sorting = cheapest_pairs(5, 4, origin, destination, cost)
    np.testing.assert_array_equal(as_table(by_table), as_table(by_sorting))
    assert by_table.origin.tolist() == by_sorting.origin.tolist()


def test_a_target_exactly_at_the_limit_is_within_it():
    graph = build_graph(2, np.array([[0, 1]]), np.array([500.0]))
    home = Attached(1, np.array([0]), np.array([0]), np.array([0.0]), np.array([0.0]))
    school = Attached(1, np.array([0]), np.array([0]), np.array([500.0]), np.array([0.0]))
    assert len(pairs_within(graph, home, school, limit=500.0)) == 1
    assert len(pairs_within(graph, home, school, limit=499.9)) == 0
    corner = build_graph(3, np.array([[0, 1], [1, 2]]), np.array([200.0, 300.0]))
    behind = Attached(1, np.array([0]), np.array([1]), np.array([300.0]), np.array([0.0]))
    assert len(pairs_within(corner, home, behind, limit=500.0)) == 1
    midway, on_the_way = (
        Attached(1, np.array([0]), np.array([0]), np.array([along]), np.array([0.0]))
        for along in (100.0, 400.0)
    )
    assert len(pairs_within(graph, midway, on_the_way, limit=300.0)) == 1


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(asked(), st.floats(0, 900))
def test_the_compiled_search_finds_the_same(case, limit):
    pytest.importorskip("numba", reason="the extra urbanlayer[fast] is not installed")
    world, _, destinations = case
    graph = world.graph()
    links = links_in(graph, destinations)
    one, other = (
        nodes_within(graph.arcs_back, links, destinations.count, limit=limit, engine=engine)
        for engine in ("scipy", "compiled")
    )
    for mine, theirs in zip(one, other, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("engine", ["scipy", pytest.param("compiled", marks=pytest.mark.slow)])
def test_sources_without_a_way_into_the_streets_reach_nothing(engine):
    if engine == "compiled":
        pytest.importorskip("numba", reason="the extra urbanlayer[fast] is not installed")
    arcs = build_graph(3, np.array([[0, 1], [1, 2]]), np.array([10.0, 20.0])).arcs
    # the second source has no way, the third two, of which the dearer one is nearer to node 2
    links = Links(np.array([2, 0, 2]), np.array([2, 1, 0]), np.array([15.0, 4.0, 1.0]))
    found = nodes_within(arcs, links, 3, limit=24.0, engine=engine)
    assert [part.tolist() for part in found] == [
        [0, 0, 0, 2, 2, 2],
        [0, 1, 2, 0, 1, 2],
        [14, 4, 24, 1, 11, 15],
    ]
    nobody = Links(np.empty(0, int), np.empty(0, int), np.empty(0))
    assert [len(part) for part in nodes_within(arcs, nobody, 0, limit=9.0, engine=engine)] == [
        0
    ] * 3
