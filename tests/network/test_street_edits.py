"""What one more street, one more bridge or one street less changes."""

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from urbanlayer.city.streets import build_streets
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.network.graph import build_graph
from urbanlayer.network.nearest import nearest_destination
from urbanlayer.network.snapping import attach_points, index_edges
from urbanlayer.network.street_edits import with_street, without_edges

HOMES = np.array([[10.0, 0.0], [250.0, 0.0], [120.0, 100.0]])


def network(*lines):
    frame = gpd.GeoDataFrame(
        {"highway": ["path"] * len(lines)},
        geometry=[shapely.LineString(xy) for xy in lines],
        crs="EPSG:25834",
    )
    source = Provenance("osm", "streets.gpkg", "0" * 64, tags=OSM)
    return build_streets(Layer("streets", frame, source, len(frame)))


def metres(streets, school):
    graph = build_graph(len(streets.node_xy), streets.edge_nodes, streets.edge_length_m)
    edges = index_edges(streets.edge_lines)
    homes = attach_points(HOMES, edges, limit_m=200.0)
    target = attach_points(np.array([school], dtype=float), edges, limit_m=200.0)
    return nearest_destination(graph, homes, target)[0]


def test_a_new_bridge_is_joined_to_both_banks_and_not_to_what_it_crosses():
    banks = network([(0, 0), (300, 0)], [(0, 100), (300, 100)], [(0, 50), (300, 50)])
    assert metres(banks, (200, 100))[:2].tolist() == [np.inf, np.inf]
    bridged = with_street(banks, shapely.LineString([(100, 0.5), (100, 99.5)]), bridge=True)
    assert metres(bridged, (200, 100)).tolist() == [90 + 100 + 100, 150 + 100 + 100, 80]
    assert bridged.component.max() == 1  # the street below the bridge stays apart
    assert (bridged.edge_feature == -1).sum() == 1


def test_a_new_street_at_grade_is_joined_to_what_it_crosses():
    banks = network([(0, 0), (300, 0)], [(0, 100), (300, 100)], [(0, 50), (300, 50)])
    joined = with_street(banks, shapely.LineString([(100, 0), (100, 100)]))
    assert joined.component.max() == 0
    assert len(joined.edge_lines) == 3 * 2 + 2


def test_a_street_that_is_closed_is_gone_round():
    ring = network(
        [(0, 0), (300, 0)], [(300, 0), (300, 100)], [(0, 100), (300, 100)], [(0, 0), (0, 100)]
    )
    assert metres(ring, (0, 100))[0] == 110
    closed = without_edges(ring, np.flatnonzero(ring.edge_feature == 3))
    assert metres(closed, (0, 100))[0] == 290 + 100 + 300


COORDINATE = st.integers(0, 12).map(lambda k: k * 10.0 + 5.0)
POINT = st.tuples(COORDINATE, COORDINATE)


@settings(max_examples=40, deadline=None)
@given(POINT, POINT)
def test_a_street_drawn_in_is_as_good_as_one_that_was_there_from_the_start(start, end):
    if start == end:
        return
    grid = [[(0, y), (130, y)] for y in range(0, 131, 26)]
    grid += [[(x, 0), (x, 130)] for x in range(0, 131, 26)]
    frame = gpd.GeoDataFrame(geometry=[shapely.LineString(xy) for xy in grid], crs="EPSG:25834")
    source = Provenance("file", "streets.gpkg", "0" * 64)
    before = build_streets(Layer("streets", frame, source, len(frame)))
    more = gpd.GeoDataFrame(
        geometry=[*frame.geometry, shapely.LineString([start, end])], crs="EPSG:25834"
    )
    anew = build_streets(Layer("streets", more, source, len(more)))
    edited = with_street(before, shapely.LineString([start, end]))
    np.testing.assert_allclose(edited.edge_length_m.sum(), anew.edge_length_m.sum(), atol=3.0)
    for school in ((130, 130), (13, 52)):
        if beyond_doubt(edited, school):
            sure = [beyond_doubt(edited, home) for home in HOMES]
            found = metres(edited, school)[sure]
            np.testing.assert_allclose(found, metres(anew, school)[sure], atol=3.0)


def beyond_doubt(streets, xy, gap_m=3.0):
    """Whether it is clear where a place meets the streets: no other way is nearly as near.

    Joining moves streets by up to a metre, so of two streets that are almost equally near either
    may become the nearest one.
    """
    origin = shapely.Point(xy)
    metres_off = shapely.distance(streets.edge_lines, origin)
    near = streets.edge_lines[metres_off <= metres_off.min() + gap_m]
    met = shapely.get_point(shapely.shortest_line(near, origin), 0)
    return 2 * shapely.minimum_bounding_radius(shapely.MultiPoint(met)) <= gap_m
