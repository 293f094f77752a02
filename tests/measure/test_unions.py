"""Unions of many sets of polygons: the same as shapely's, however the borders meet."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from street_worlds import drawn_streets

pytest.importorskip("numba", reason="the extra urbanlayer[fast] is not installed")

from urbanlayer.measure.compiled_unions import unions_of_sets
from urbanlayer.measure.unions import NUDGE_M, unite_sets

pytestmark = pytest.mark.slow  # compiling takes longer than all else here

WHOLE = st.integers(0, 12)


@st.composite
def squares(draw: st.DrawFn) -> np.ndarray:
    """Rectangles on a coarse grid, some with a hole: sides that coincide and corners that touch."""
    drawn = []
    for x, y, width, height in draw(
        st.lists(st.tuples(WHOLE, WHOLE, st.integers(1, 6), st.integers(1, 6)), max_size=9)
    ):
        box = shapely.box(x, y, x + width, y + height)
        if min(width, height) > 2 and draw(st.booleans()):
            box = box.difference(shapely.box(x + 1, y + 1, x + width - 1, y + height - 1))
        drawn.append(box)
    return np.array(drawn, dtype=object)


@st.composite
def shapes_in_sets(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Squares, or streets widened, in up to 70 sets."""
    wide = drawn_streets().map(lambda lines: shapely.buffer(lines, 25.0, quad_segs=3))
    polygons = draw(st.one_of(squares(), wide))
    row = st.integers(0, max(len(polygons) - 1, 0))
    some = st.sets(row, max_size=len(polygons)) if len(polygons) else st.just(set())
    sets = [sorted(one) for one in draw(st.lists(some, max_size=4))]
    sets += [[*range(len(polygons))]] * draw(st.sampled_from([1, 66]))
    first = np.append(0, np.cumsum([len(one) for one in sets]))
    return polygons, first, np.concatenate([np.array(one, dtype=np.int64) for one in sets])


def nudges(polygons):
    return np.random.default_rng(1).uniform(-NUDGE_M, NUDGE_M, (len(polygons), 2))


def apart_m2(one, other):
    return shapely.area(shapely.symmetric_difference(one, other))


@settings(max_examples=150, deadline=None)
@given(shapes_in_sets())
def test_unions_are_those_of_shapely(case):
    polygons, first, member = case
    unions = unite_sets(polygons, first, member)
    assert shapely.is_valid(unions).all()
    for row, union in enumerate(unions):
        plain = shapely.union_all(polygons[member[first[row] : first[row + 1]]])
        assert apart_m2(union, plain) < 1e-4


@settings(max_examples=60, deadline=None)
@given(shapes_in_sets())
def test_what_the_compiled_union_is_sure_of_is_right(case):
    polygons, first, member = case
    for row, union in enumerate(unions_of_sets(polygons, first, member, nudges(polygons))):
        plain = shapely.union_all(polygons[member[first[row] : first[row + 1]]])
        assert union is None or apart_m2(union, plain) < 1e-4


def test_circles_at_no_grid_are_united_without_shapely():
    rng = np.random.default_rng(3)
    circles = shapely.buffer(shapely.points(rng.uniform(0, 100, (300, 2))), 6.0)
    first = np.arange(0, 301, 100)
    unions = unions_of_sets(circles, first, np.arange(300), nudges(circles))
    assert not shapely.is_missing(unions).any()
    assert shapely.get_num_interior_rings(shapely.get_parts(unions)).sum() > 10
    for row in range(3):
        assert apart_m2(unions[row], shapely.union_all(circles[first[row] : first[row + 1]])) < 1e-4


def test_an_island_in_a_hole_and_a_part_far_away_are_parts_of_one_union():
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(1, 1, 9, 9))
    shapes = np.array([ring, shapely.box(4, 4, 6, 6), shapely.box(50, 0, 52, 3)])
    (union,) = unions_of_sets(shapes, np.array([0, 3]), np.arange(3), nudges(shapes))
    assert union.geom_type == "MultiPolygon"
    assert union.area == pytest.approx(36 + 4 + 6)
    assert sorted(len(part.interiors) for part in union.geoms) == [0, 0, 1]


def test_a_multipolygon_counts_with_all_its_parts():
    apart = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1)])
    shapes = np.array([shapely.box(0.5, 0.0, 3.5, 1.0), apart], dtype=object)
    unions = unite_sets(shapes, np.array([0, 1, 3]), np.array([1, 0, 1]))
    assert shapely.area(unions) == pytest.approx([2, 4])
