"""What lies in which zone: areas, lengths and points, beside every pair worked one by one."""

import numpy as np
import pytest
import shapely

from urbanlayer.kernels.lengths import intersection_lengths_m
from urbanlayer.kernels.sharing import (
    border_split_counts,
    border_split_lengths_m,
    length_near_points_m,
)
from urbanlayer.kernels.zonal import covered_area_m2, intersection_areas_m2

ZONES = np.array([
    shapely.box(x, y, x + 100, y + 100) for y in (0, 100, 200) for x in (0, 100, 200)
])  # fmt: skip


def boxes(seed, count=40):
    random = np.random.default_rng(seed)
    west, south = random.uniform(-40, 300, (2, count))
    width, height = random.uniform(0.5, 120, (2, count))
    return shapely.box(west, south, west + width, south + height)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shared_areas_are_those_of_every_pair(seed):
    features = boxes(seed)
    zone, feature, area_m2 = intersection_areas_m2(ZONES, features)
    table = np.zeros((len(ZONES), len(features)))
    table[zone, feature] = area_m2
    every = shapely.area(shapely.intersection(ZONES[:, None], features[None, :]))
    np.testing.assert_allclose(table, every, atol=1e-9)
    assert (area_m2 > 0).all()  # what only touches is no pair
    assert len(zone) == (every > 0).sum()


def test_a_feature_smaller_than_a_square_metre_counts():
    zone, feature, area_m2 = intersection_areas_m2(
        ZONES, np.array([shapely.box(10, 10, 10.5, 10.5)])
    )
    assert (zone.tolist(), feature.tolist(), area_m2.tolist()) == ([0], [0], [0.25])
    zone, _, area_m2 = intersection_areas_m2(ZONES, np.array([shapely.box(99.5, 10, 100.5, 10.5)]))
    assert (sorted(zone.tolist()), area_m2.tolist()) == ([0, 1], [0.25, 0.25])


@pytest.mark.parametrize("seed", [4, 5])
def test_where_features_overlap_the_ground_is_covered_once(seed):
    features = boxes(seed)
    whole = shapely.union_all(features)
    np.testing.assert_allclose(
        covered_area_m2(ZONES, features), shapely.area(shapely.intersection(ZONES, whole))
    )
    touching = np.array([shapely.box(0, 0, 50, 100), shapely.box(50, 0, 100, 100)])
    assert covered_area_m2(ZONES, touching)[0] == 100 * 100
    assert covered_area_m2(ZONES, np.array([], dtype=object)).tolist() == [0] * 9


@pytest.mark.parametrize("seed", [6, 7])
def test_lengths_inside_are_whole_and_on_a_border_shared_by_half(seed):
    random = np.random.default_rng(seed)
    ends = random.uniform(0, 300, (30, 2, 2))
    lines = shapely.linestrings(ends)
    zone, line, length_m = border_split_lengths_m(ZONES, lines)
    table = np.zeros((9, 30))
    np.add.at(table, (zone, line), length_m)
    every = shapely.length(shapely.intersection(ZONES[:, None], lines[None, :]))
    np.testing.assert_allclose(table, every, atol=1.0)  # a strip is a metre wide where it is cut
    np.testing.assert_allclose(table.sum(axis=0), shapely.length(lines), rtol=0.02)
    inside = shapely.linestrings([[10, 10], [10, 60]])
    border = shapely.linestrings([[100, 10], [100, 60]])
    zone, line, length_m = border_split_lengths_m(ZONES, np.array([inside, border]))
    found = {
        (int(z), int(n)): round(float(m), 6) for z, n, m in zip(zone, line, length_m, strict=True)
    }
    assert found == {(0, 0): 50, (0, 1): 25, (1, 1): 25}


def test_a_point_within_the_tolerance_of_a_border_belongs_to_both_sides():
    # 25 m off is within 25 m; 25.1 m is not. At a corner of four, a quarter each.
    one = np.ones(1)
    near = border_split_counts(ZONES, np.array([[75.0, 50.0]]), one, tolerance_m=25)
    assert near[:2].tolist() == [0.5, 0.5]
    off = border_split_counts(ZONES, np.array([[74.9, 50.0]]), one, tolerance_m=25)
    assert off[:2].tolist() == [1, 0]
    corner = border_split_counts(ZONES, np.array([[100.0, 100.0]]), 8 * one, tolerance_m=1)
    assert corner.tolist() == [2, 2, 0, 2, 2, 0, 0, 0, 0]


def test_a_line_that_is_a_point_is_lit_by_nothing():
    lines = np.array([shapely.LineString([(0, 0), (0, 0), (10, 0)])])
    pieces, near_m = length_near_points_m(lines, np.array([[0.0, 0.0]]), radius_m=4)
    assert len(pieces) == 1
    assert near_m.tolist() == [4]


def test_two_lamps_light_what_both_reach_once():
    street = np.array([shapely.LineString([(0, 0), (100, 0)])])
    lamps = np.array([[20.0, 0.0], [26.0, 0.0], [60.0, 0.0], [98.0, 3.0]])
    # 10 to 36 by the first two, 50 to 70 by the third; by the last from 98 − √91 to the end.
    near_m = length_near_points_m(street, lamps, radius_m=10)[1]
    assert near_m[0] == pytest.approx(26 + 20 + 2 + 91**0.5)


def test_a_street_a_metre_beside_the_border_lies_on_one_side():
    # Of a line that runs into the next zone, what is beside the border stays where it is.
    line = np.array([shapely.LineString([(99, 10), (99, 90), (150, 90)])])
    zone, _, length_m = border_split_lengths_m(ZONES, line)
    found = dict(zip(zone.tolist(), length_m.tolist(), strict=True))
    assert found[0] == pytest.approx(81, abs=0.1)
    assert found[1] == pytest.approx(50, abs=0.1)


def test_a_street_drawn_in_steps_of_half_a_metre_is_lit_whole():
    steps = shapely.LineString([(0.5 * number, 0) for number in range(9)])
    pieces, near_m = length_near_points_m(np.array([steps]), np.array([[0.0, 0.0]]), radius_m=3)
    assert len(pieces) == 8
    assert near_m.sum() == pytest.approx(3)


def test_half_a_metre_of_a_street_in_a_zone_is_told_and_a_touch_is_not():
    zones = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    lines = shapely.from_wkt(["LINESTRING (5 5, 10.5 5)", "LINESTRING (20 5, 30 5)"])
    zone, line, length_m = intersection_lengths_m(zones, lines)
    assert (zone.tolist(), line.tolist(), length_m.tolist()) == ([0, 1], [0, 0], [5, 0.5])
