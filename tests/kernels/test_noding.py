"""Lines to graphs: by hand, and laws about how lines were drawn."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.affinity import rotate
from street_worlds import drawn_streets

from urbanlayer.kernels.joining import join_lines
from urbanlayer.kernels.noding import node_shared_vertices
from urbanlayer.kernels.plazas import visibility_edges
from urbanlayer.network.graph import build_graph
from urbanlayer.network.nearest import nearest_by_offset
from urbanlayer.network.snapping import attach_points, index_edges

HOMES = np.array([[3.0, 4.0], [55.0, 61.0], [100.0, 17.0], [34.0, 88.0]])
SCHOOLS = np.array([[20.0, 33.0], [90.0, 90.0]])


def lines(*wkt):
    return np.array(shapely.from_wkt(list(wkt)))


def distances(noded):
    graph = build_graph(len(noded.node_xy), noded.edge_nodes, shapely.length(noded.edge_lines))
    edges = index_edges(noded.edge_lines)
    homes = attach_points(HOMES, edges, limit_m=200.0)
    schools = attach_points(SCHOOLS, edges, limit_m=200.0)
    return nearest_by_offset(graph, homes, schools, factors=(1.0,))[0][0]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(drawn_streets(), st.data())
def test_how_a_street_was_drawn_changes_nothing(streets, data):
    before = distances(node_shared_vertices(streets))
    row = data.draw(st.integers(0, len(streets) - 1))
    xy = shapely.get_coordinates(streets[row])
    doubled = streets.copy()
    doubled[row] = shapely.LineString(np.repeat(xy, 2, axis=0))
    turned = streets.copy()
    turned[row] = shapely.LineString(xy[::-1])
    middle = xy[0] + 0.37 * (xy[1] - xy[0])  # where no other street has a vertex
    cut = np.append(streets, shapely.LineString([middle, *xy[1:]]))
    cut[row] = shapely.LineString([xy[0], middle])
    if (xy[0] == xy[1]).all():
        cut = np.append(streets, shapely.LineString(xy[1:]))
        cut[row] = shapely.LineString(xy[:2])
    for drawn in (doubled, turned, cut, streets[::-1]):
        np.testing.assert_allclose(distances(node_shared_vertices(drawn)), before, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(drawn_streets())
def test_edges_begin_and_end_at_their_nodes_and_none_is_lost(streets):
    noded = node_shared_vertices(streets)
    for end, point in ((0, 0), (1, -1)):
        xy = shapely.get_coordinates(shapely.get_point(noded.edge_lines, point))
        assert (xy == noded.node_xy[noded.edge_nodes[:, end]]).all()
    assert np.isclose(shapely.length(noded.edge_lines).sum(), shapely.length(streets).sum())


@settings(max_examples=60, deadline=None)
@given(drawn_streets())
def test_no_way_is_shorter_than_the_straight_line(streets):
    nearest = np.hypot(*(HOMES[:, None] - SCHOOLS[None]).transpose(2, 0, 1)).min(axis=1)
    assert (distances(node_shared_vertices(streets)) >= nearest - 1e-6).all()


def test_a_roundabout_without_streets_is_one_edge_from_a_node_to_itself():
    noded = node_shared_vertices(lines("LINESTRING (0 0, 5 5, 10 0, 0 0)"))
    assert noded.edge_nodes.tolist() == [[0, 0]]


def test_a_bridge_without_a_common_vertex_crosses_without_meeting():
    noded = node_shared_vertices(lines("LINESTRING (0 0, 10 0)", "LINESTRING (5 -5, 5 5)"))
    assert len(noded.edge_lines) == 2
    assert len(noded.node_xy) == 4


@pytest.mark.parametrize("turned", [0, 37, 90, 200])
def test_streets_that_begin_together_and_cross_again_meet_twice(turned):
    street = shapely.from_wkt("LINESTRING (0 0, 10 0)")
    for path, edges in (("0 0, 5 5, 5 -5", 4), ("-1 5, 0 0", 2), ("5 5, 0 0", 2)):
        other = shapely.from_wkt(f"LINESTRING ({path})")
        lines = np.array([rotate(line, turned, origin=(0, 0)) for line in (street, other)])
        noded, _ = join_lines(lines, np.array([True, True]), tolerance_m=0.1)
        assert len(noded.edge_lines) == edges


def test_ends_half_a_metre_apart_are_joined_and_two_metres_are_not():
    drawn = lines("LINESTRING (0 0, 10 0)", "LINESTRING (10.5 0, 20 0)", "LINESTRING (22 0, 30 0)")
    noded, joins = join_lines(drawn, np.ones(3, dtype=bool), tolerance_m=1.0)
    assert noded.edge_nodes[0, 1] == noded.edge_nodes[1, 0]
    assert noded.edge_nodes[1, 1] != noded.edge_nodes[2, 0]
    assert (joins.ends, joins.onto_lines, joins.crossings) == (1, 0, 0)
    # the two ends moved to the middle of the gap, and the lines with them
    assert shapely.length(noded.edge_lines).tolist() == [10.25, 9.75, 8.0]


def test_a_line_that_turns_right_after_its_start_keeps_its_shape():
    drawn = lines("LINESTRING (0 0, 0 0.5, 30 0.5, 30 0)")
    noded, _ = join_lines(drawn, np.ones(1, dtype=bool), tolerance_m=0.1)
    assert shapely.equals_exact(noded.edge_lines, drawn).tolist() == [True]


def test_an_end_almost_on_a_street_is_joined_to_it():
    drawn = lines("LINESTRING (0 0, 100 0)", "LINESTRING (40 0.6, 40 50)")
    noded, joins = join_lines(drawn, np.ones(2, dtype=bool), tolerance_m=1.0)
    assert len(noded.edge_lines) == 3
    assert (joins.ends, joins.onto_lines, joins.crossings) == (0, 1, 0)


def test_a_street_under_a_bridge_is_not_joined_to_it_but_the_ramp_is():
    drawn = lines(
        "LINESTRING (0 0, 100 0)",  # the bridge
        "LINESTRING (50 -50, 50 50)",  # the street below
        "LINESTRING (100.4 0, 150 0)",  # the street that the bridge leads to
    )
    noded, joins = join_lines(drawn, np.array([False, True, True]), tolerance_m=1.0)
    assert len(noded.edge_lines) == 3
    assert (joins.ends, joins.onto_lines, joins.crossings) == (1, 0, 0)


def test_a_line_that_crosses_itself_is_joined_to_itself():
    drawn = lines("LINESTRING (0 0, 20 0, 20 10, 10 10, 10 -10)")
    noded, _ = join_lines(drawn, np.ones(1, dtype=bool), tolerance_m=0.5)
    assert len(noded.edge_lines) == 3


def test_lines_drawn_over_one_another_join_where_the_common_part_ends():
    drawn = lines("LINESTRING (0 0, 60 0)", "LINESTRING (40 0, 100 0)")
    noded, _ = join_lines(drawn, np.ones(2, dtype=bool), tolerance_m=1.0)
    assert sorted(shapely.length(noded.edge_lines)) == [20.0, 20.0, 40.0, 40.0]


@settings(max_examples=40, deadline=None)
@given(drawn_streets())
def test_joined_lines_move_by_no_more_than_the_tolerance(streets):
    noded, _ = join_lines(streets, np.ones(len(streets), dtype=bool), tolerance_m=1.0)
    for end, point in ((0, 0), (1, -1)):
        xy = shapely.get_coordinates(shapely.get_point(noded.edge_lines, point))
        assert (xy == noded.node_xy[noded.edge_nodes[:, end]]).all()
    far = shapely.hausdorff_distance(
        shapely.multilinestrings(noded.edge_lines), shapely.multilinestrings(streets), densify=0.2
    )
    assert far <= 1.0 + 1e-6


def test_a_square_with_a_building_shaped_bite_is_crossed_round_its_inner_corners():
    ring = shapely.from_wkt("LINESTRING (0 0, 40 0, 40 30, 20 30, 20 10, 0 10, 0 0)")
    # streets meet it at (40, 30) and (0, 10); the inner corner is (20, 10)
    meets = np.array([False, False, True, False, False, True, False])
    ways, _ = visibility_edges(np.array([ring]), meets)
    # from (40, 30) straight to the inner corner; from there to (0, 10) runs the edge itself
    assert shapely.length(ways).tolist() == [np.hypot(20, 20)]


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
@pytest.mark.parametrize("step", [1, -1])
def test_a_square_that_is_turned_or_drawn_the_other_way_round_is_crossed_alike(angle, step):
    corners = [(0, 0), (40, 0), (40, 30), (20, 30), (20, 10), (0, 10), (0, 0)]
    ring = rotate(shapely.LineString(corners[::step]), angle, origin=(0, 0))
    meets = np.array([False, False, True, False, False, True, False])[::step]
    ways, _ = visibility_edges(np.array([ring]), meets)
    # of the streets at (40, 30) and (0, 10), and the inner corner (20, 10), two see each other
    assert shapely.length(ways) == pytest.approx([np.hypot(20, 20)])


@pytest.mark.parametrize(("streets", "ways"), [(60, 60 * 57 / 2), (61, 0)])
def test_squares_with_more_than_sixty_streets_are_walked_around(streets, ways):
    turn = np.linspace(0, 2 * np.pi, streets, endpoint=False)
    ring = shapely.LinearRing(100 * np.column_stack([np.cos(turn), np.sin(turn)]))
    line = shapely.LineString(ring.coords)
    found, _ = visibility_edges(np.array([line]), np.ones(streets + 1, dtype=bool))
    assert len(found) == ways


def test_a_home_as_near_to_both_sides_of_a_corner_may_go_either_way():
    corner = lines("LINESTRING (50 0, 0 0, 0 50)")
    attached = attach_points(np.array([[20.0, 20.0]]), index_edges(corner), limit_m=200.0)
    assert attached.along_m.tolist() == [30.0, 70.0]
    assert attached.offset_m.tolist() == [20.0, 20.0]


def test_a_home_beside_the_middle_of_a_long_street_is_put_onto_it():
    # its nearest vertex is that of the lane 30 m away, not one of the road's, 500 m away
    road, lane = lines("LINESTRING (0 0, 1000 0)", "LINESTRING (500 40, 500 90)")
    attached = attach_points(
        np.array([[500.0, 10.0]]), index_edges(np.array([road, lane])), limit_m=200.0
    )
    assert attached.edge.tolist() == [0]
    assert (attached.along_m.tolist(), attached.offset_m.tolist()) == ([500.0], [10.0])


@pytest.mark.parametrize("seed", range(4))
def test_homes_are_put_onto_the_streets_that_are_nearest_of_all(seed):
    rng = np.random.default_rng(seed)
    count = 60
    starts = rng.uniform(0, 1000, (count, 1, 2))
    streets = np.asarray(shapely.linestrings(starts + rng.normal(0, 80, (count, 3, 2))))
    is_fragment = rng.random(count) < 0.3
    homes = rng.uniform(-100, 1100, (300, 2))
    homes[0] = np.nan  # a stop without coordinates
    limit_m = 60.0
    attached = attach_points(homes, index_edges(streets, is_fragment), limit_m=limit_m)
    metres = np.full((len(homes), count), np.inf)
    metres[1:] = shapely.distance(shapely.points(homes[1:])[:, None], streets)
    nearest, joined = metres.argmin(axis=1), np.where(is_fragment, np.inf, metres).argmin(axis=1)
    expected = {
        (home, edge)
        for home in range(len(homes))
        for edge in {nearest[home], joined[home]}
        if metres[home, edge] <= limit_m
    }
    assert set(zip(attached.origin.tolist(), attached.edge.tolist(), strict=True)) == expected
    assert attached.offset_m.tolist() == metres[attached.origin, attached.edge].tolist()


def test_squares_are_crossed_each_by_itself_and_only_where_they_are_squares():
    rings = lines(
        "LINESTRING (0 0, 30 0, 30 40, 0 40, 0 0)",
        "LINESTRING (100 0, 130 0, 130 40)",
        "LINESTRING (200 0, 230 40, 230 0, 200 40, 200 0)",
        "LINESTRING (0 100, 60 100, 60 180, 0 180, 0 100)",
    )
    ways, ring = visibility_edges(rings, np.ones(18, dtype=bool))
    # both diagonals of the two squares; one line is open, one crosses itself
    assert ring.tolist() == [0, 0, 3, 3]
    assert shapely.length(ways).tolist() == [50.0, 50.0, 100.0, 100.0]


def grid_cut_at_junctions():
    """Five by five streets of 100 m blocks, each block a line of its own."""
    blocks = []
    for row in range(5):
        for step in range(4):
            blocks.append(f"LINESTRING ({step}00 {row}00, {step + 1}00 {row}00)")
            blocks.append(f"LINESTRING ({row}00 {step}00, {row}00 {step + 1}00)")
    return blocks


@pytest.mark.parametrize("through", [False, True])
def test_a_line_over_streets_that_are_cut_at_each_junction_passes_over_them(through):
    # streets cut at each junction, or drawn through with a vertex at each of them
    streets = grid_cut_at_junctions()
    if through:
        steps = [[f"{step}00 {row}00" for step in range(5)] for row in range(5)]
        back = [[f"{row}00 {step}00" for step in range(5)] for row in range(5)]
        streets = [f"LINESTRING ({', '.join(line)})" for line in steps + back]
    viaduct = "LINESTRING (0 50, 400 50)"  # begins and ends on a street, and crosses three
    noded, joins = join_lines(
        lines(*streets, viaduct), np.ones(len(streets) + 1, bool), tolerance_m=1.0
    )
    assert (joins.passed, joins.crossings, joins.onto_lines) == (3, 0, 2)
    assert shapely.length(noded.edge_lines).max() == 400


def test_streets_drawn_through_without_common_points_are_joined_where_they_cross():
    streets = [f"LINESTRING (-10 {n}00, 510 {n}00)" for n in range(5)]
    streets += [f"LINESTRING ({n}00 -10, {n}00 510)" for n in range(5)]
    noded, joins = join_lines(lines(*streets), np.ones(10, bool), tolerance_m=1.0)
    assert (joins.passed, joins.crossings) == (0, 25)
    assert len(noded.edge_lines) == 10 * 6


@pytest.mark.parametrize("step_m", [0.25, 0.5, 0.9, 1.5])
def test_a_curve_that_was_taken_apart_keeps_its_length(step_m):
    # a half circle of 100 m: 100 π m, between two straight streets of 200 m
    angle = np.linspace(np.pi, 0, round(100 * np.pi / step_m) + 1)
    arc = np.column_stack([100 * np.cos(angle), 100 * np.sin(angle)])
    pieces = [shapely.LineString(pair) for pair in itertools.pairwise(arc)]
    streets = [
        shapely.LineString([(-300, 0), (-100, 0)]),
        shapely.LineString([(100.4, 0), (300, 0)]),
    ]
    lines = np.array([*pieces, *streets])
    noded, _ = join_lines(lines, np.ones(len(lines), dtype=bool), tolerance_m=1.0)
    total = shapely.length(noded.edge_lines).sum()
    assert total == pytest.approx(400 + 100 * np.pi, abs=1)
    links = coo_array(
        (np.ones(len(noded.edge_nodes)), noded.edge_nodes.T), shape=(len(noded.node_xy),) * 2
    )
    assert connected_components(links, directed=False)[0] == 1
