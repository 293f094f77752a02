"""Parts of streets, walking areas and catchments: they agree with the distances themselves."""

from importlib.util import find_spec

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from street_worlds import attached, drawn_streets, worlds

from urbanlayer.measure.areas import ARC_SEGMENTS, walking_areas
from urbanlayer.measure.graph import build_graph
from urbanlayer.measure.nearest import nearest_target
from urbanlayer.measure.noding import node_shared_vertices
from urbanlayer.measure.pairs import pairs_within
from urbanlayer.measure.parts import catchment_parts, cut_lines, reached_parts
from urbanlayer.measure.snapping import Attached, attach_points, index_edges


def probes(world, shares=(0.01, 0.27, 0.5, 0.83)):
    """Positions along every edge."""
    edge = np.repeat(np.arange(len(world.ends)), len(shares))
    along_m = np.tile(shares, len(world.ends)) * world.length_m[edge]
    return Attached(len(edge), np.arange(len(edge)), edge, along_m, np.zeros(len(edge)))


@settings(max_examples=80, deadline=None)
@given(st.data(), st.floats(1, 700))
def test_a_position_is_in_a_reached_part_if_the_target_is_within_the_limit(data, limit):
    world = data.draw(worlds())
    targets, graph = data.draw(attached(world)), world.graph()
    probe = probes(world)
    parts = reached_parts(graph, targets, limit=limit)
    pairs = pairs_within(graph, probe, targets, limit=np.inf)
    cost = np.full((probe.count, targets.count), np.inf)
    cost[pairs.place, pairs.target] = pairs.cost
    for target in range(targets.count):
        mine = parts.target == target
        held = [
            (
                (parts.edge[mine] == edge)
                & (parts.from_m[mine] <= along)
                & (along <= parts.to_m[mine])
            ).any()
            for edge, along in zip(probe.edge, probe.along_m, strict=True)
        ]
        sure = np.abs(cost[:, target] - limit) > 1e-6
        assert (np.array(held) == (cost[:, target] <= limit))[sure].all()


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_each_position_lies_in_the_catchment_of_its_nearest_target(data):
    world = data.draw(worlds())
    targets, graph = data.draw(attached(world)), world.graph()
    probe = probes(world)
    least, _ = nearest_target(graph, probe, targets)
    pairs = pairs_within(graph, probe, targets, limit=np.inf)
    cost = np.full((probe.count, targets.count), np.inf)
    cost[pairs.place, pairs.target] = pairs.cost
    parts = catchment_parts(graph, targets)
    for row, (edge, along) in enumerate(zip(probe.edge, probe.along_m, strict=True)):
        here = (parts.edge == edge) & (parts.from_m <= along) & (along <= parts.to_m)
        assert here.any() == np.isfinite(least[row])
        assert (cost[row, parts.target[here]] <= least[row] + 1e-6).all()


def test_streets_are_cut_where_the_nearest_school_changes():
    graph = build_graph(3, np.array([[0, 1], [1, 2]]), np.array([100.0, 100.0]))
    schools = Attached(
        2, np.array([0, 1]), np.array([0, 1]), np.array([0.0, 100.0]), np.array([0.0, 40.0])
    )
    parts = catchment_parts(graph, schools)
    # 200 m of street, one school 40 m off: the border lies 120 m from the first
    assert parts.target.tolist() == [0, 0, 1]
    assert parts.from_m.tolist() == [0.0, 0.0, 20.0]
    assert parts.to_m.tolist() == [100.0, 20.0, 100.0]


def test_parts_of_a_line_lie_on_it_and_have_their_length():
    line = shapely.LineString([(0, 0), (30, 0), (30, 40), (70, 40)])
    pieces = cut_lines(np.array([line, line]), np.array([0.0, 10.0]), np.array([30.0, 90.0]))
    assert shapely.length(pieces).tolist() == [30.0, 80.0]
    assert shapely.covers(line, pieces).all()


compiled = pytest.param(
    "compiled",
    marks=[
        pytest.mark.slow,  # compiling takes longer than all else here
        pytest.mark.skipif(
            find_spec("numba") is None, reason="the extra urbanlayer[fast] is not installed"
        ),
    ],
)


@pytest.mark.parametrize("engine", ["cells", compiled])
@settings(max_examples=25, deadline=None)
@given(streets=drawn_streets())
def test_areas_are_valid_and_nested_and_hold_whoever_is_reached(engine, streets):
    noded = node_shared_vertices(streets)
    graph = build_graph(len(noded.node_xy), noded.edge_nodes, shapely.length(noded.edge_lines))
    edges = index_edges(noded.edge_lines)
    homes = np.array([(x, y) for x in range(0, 121, 24) for y in range(0, 121, 24)], dtype=float)
    places = attach_points(homes, edges, limit_m=24.0)
    schools = attach_points(np.array([[15.0, 30.0], [80.0, 80.0]]), edges, limit_m=200.0)
    limits = (30.0, 60.0, 120.0)
    areas = walking_areas(
        graph, noded.edge_lines, schools, limits=limits, width_m=25.0, engine=engine
    )
    assert shapely.is_valid(areas).all()
    points = shapely.points(homes)
    for column, limit in enumerate(limits):
        reached = pairs_within(graph, places, schools, limit=limit)
        assert shapely.intersects(areas[reached.target, column], points[reached.place]).all()
        if column:
            beyond = shapely.difference(areas[:, column - 1], areas[:, column])
            assert (shapely.area(beyond) < 1e-6).all()


@pytest.mark.parametrize("engine", ["cells", compiled])
@settings(max_examples=25, deadline=None)
@given(streets=drawn_streets(), limit=st.floats(10, 400))
def test_both_engines_give_the_area_of_all_parts_widened_by_themselves(engine, streets, limit):
    # drawn four times as large, so that cells of every size are reached whole
    noded = node_shared_vertices(shapely.transform(streets, lambda xy: xy * 4))
    graph = build_graph(len(noded.node_xy), noded.edge_nodes, shapely.length(noded.edge_lines))
    edges = index_edges(noded.edge_lines)
    schools = attach_points(np.array([[60.0, 120.0], [320.0, 320.0]]), edges, limit_m=1000.0)
    areas = walking_areas(
        graph, noded.edge_lines, schools, limits=(4 * limit,), width_m=25.0, engine=engine
    )
    parts = reached_parts(graph, schools, limit=4 * limit)
    lines = cut_lines(noded.edge_lines[parts.edge], parts.from_m, parts.to_m)
    wide = shapely.buffer(lines, 25.0, quad_segs=ARC_SEGMENTS)
    for target in range(schools.count):
        plain = shapely.union_all(wide[parts.target == target])
        apart = shapely.symmetric_difference(areas[target, 0], plain)
        assert shapely.area(apart) < 1e-3


def test_limits_that_do_not_ascend_are_refused():
    graph = build_graph(2, np.array([[0, 1]]), np.array([100.0]))
    nobody = Attached(0, *(np.empty(0, dtype=int),) * 2, *(np.empty(0),) * 2)
    with pytest.raises(ValueError, match="ascending"):
        walking_areas(graph, np.empty(1, dtype=object), nobody, limits=(10.0, 5.0))


def test_from_a_far_entrance_the_way_goes_on_by_the_near_one():
    graph = build_graph(2, np.array([[0, 1]]), np.array([200.0]))
    # a park that meets the street at 10 m, and at 20 m through a gate 90 m off
    park = Attached(
        1, np.array([0, 0]), np.array([0, 0]), np.array([10.0, 20.0]), np.array([0.0, 90.0])
    )
    parts = reached_parts(graph, park, limit=100.0)
    assert parts.from_m.min() == 0
    assert parts.to_m.max() == pytest.approx(110)
