"""People put into places: totals at their edges, and lattices that do not hang on the drawing."""

import numpy as np
import pytest
import shapely
from shapely.affinity import translate

from urbanlayer.kernels.allocation import (
    constrain_to_totals,
    groups_without_weight,
    lattice_parts,
    locate,
    representative_xy,
)

NAN = np.nan


def test_a_total_that_is_not_known_leaves_its_group_unknown():
    weights, groups = np.array([3.0, 5.0, 1.0]), np.array([0, 0, 1])
    found = constrain_to_totals(weights, groups, np.array([NAN, 9.0]))
    np.testing.assert_array_equal(found, [NAN, NAN, 9.0])


def test_places_without_weight_get_nobody_and_their_groups_are_named():
    weights, groups = np.array([0.0, 0.0, 0.5, 2.0]), np.array([0, 0, 1, -1])
    totals = np.array([90.0, 1.0, 0.5, 0.0, NAN])
    assert constrain_to_totals(weights, groups, totals).tolist() == [0, 0, 1, 0]
    assert groups_without_weight(weights, groups, totals).tolist() == [0, 2]


def test_a_lattice_moves_with_its_polygon():
    block = shapely.Polygon([(0, 0), (120, 50), (100, 98), (-20, 48)])  # 130 m by 52 m, turned
    here = lattice_parts(block, 30.0)[0]
    assert len(here) == 5 * 2
    there = lattice_parts(translate(block, 5000.0, 7000.0), 30.0)[0]
    np.testing.assert_allclose(there, here + np.array([5000, 7000]), atol=1e-6)


def test_a_lattice_is_the_same_however_the_ring_was_drawn():
    corners = [(0, 0), (100, 0), (100, 100), (0, 100)]
    expected = [[25, 25], [75, 25], [25, 75], [75, 75]]
    for ring in (corners, corners[::-1], corners[2:] + corners[:2]):
        np.testing.assert_allclose(lattice_parts(shapely.Polygon(ring), 50.0)[0], expected)


def test_scattered_parts_of_a_polygon_each_have_a_point_and_their_area():
    # three patches in the corners of 1 km², none of which a point each 100 m would meet
    patches = shapely.union_all(
        [
            shapely.box(0, 0, 30, 30),
            shapely.box(970, 970, 1000, 1000),
            shapely.box(0, 990, 20, 1000),
        ]
    )
    xy, part = lattice_parts(patches, 100.0)
    assert sorted(shapely.area(part).tolist()) == pytest.approx([200, 900, 900])
    assert shapely.contains_xy(patches, xy[:, 0], xy[:, 1]).all()
    assert shapely.area(shapely.union_all(part)) == pytest.approx(2000)


def test_the_parts_in_a_lattice_make_up_the_polygon():
    triangle = shapely.Polygon([(0, 0), (950, 130), (400, 760)])
    xy, part = lattice_parts(triangle, 100.0)
    assert shapely.area(part).sum() == pytest.approx(triangle.area)
    assert shapely.contains_xy(triangle, xy[:, 0], xy[:, 1]).all()
    weighted = (xy * shapely.area(part)[:, None]).sum(axis=0) / triangle.area
    np.testing.assert_allclose(weighted, triangle.centroid.coords[0], atol=10)


def test_the_representative_of_a_horseshoe_lies_inside_and_of_a_square_in_its_middle():
    horseshoe = shapely.box(0, 0, 90, 90).difference(shapely.box(10, 10, 80, 90))
    square = shapely.box(0, 0, 10, 20)
    shapes = np.array([horseshoe, square], dtype=object)
    xy = representative_xy(shapes)
    assert shapely.contains_xy(horseshoe, *xy[0])
    assert xy[1].tolist() == [5, 10]


@pytest.mark.parametrize(("tolerance_m", "expected"), [(0.0, -1), (4.9, -1), (5.0, 1), (50.0, 1)])
def test_a_point_in_no_polygon_goes_to_the_nearest_within_the_tolerance(tolerance_m, expected):
    polygons = np.array([shapely.box(0, 0, 10, 10), shapely.box(30, 0, 40, 10)], dtype=object)
    xy = np.array([[25.0, 5.0], [10.0, 5.0]])
    assert locate(xy, polygons, tolerance_m).tolist() == [expected, 0]
