"""Squares laid over a city."""

import numpy as np
import pytest
import shapely

from urbanlayer.model.grid_cells import GridCells
from urbanlayer.network.cells import cells_near, stretches_within

MIDDLE = np.array([17.0, -40.0])


def random_lines(seed, count=40):
    random = np.random.default_rng(seed)
    return np.array([
        shapely.LineString(random.uniform(-900, 900, (random.integers(2, 6), 2)))
        for _ in range(count)
    ])  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_parts_of_streets_in_a_square_are_those_that_cutting_gives(seed):
    lines = random_lines(seed)
    cells = cells_near(MIDDLE[None], MIDDLE, size_m=250.0, within_m=500.0)
    parts = stretches_within(cells, lines)
    found = np.zeros((len(cells), len(lines)))
    np.add.at(found, (parts.area, parts.edge), parts.to_m - parts.from_m)
    cut = shapely.length(shapely.intersection(cells.boxes()[:, None], lines[None]))
    np.testing.assert_allclose(found, cut, atol=1e-6)
    # Each part lies where it says it does.
    middles = shapely.line_interpolate_point(lines[parts.edge], (parts.from_m + parts.to_m) / 2)
    np.testing.assert_array_equal(cells.rows(shapely.get_coordinates(middles)), parts.area)


def test_a_point_lies_in_the_square_that_holds_it_on_either_side_of_the_middle():
    cells = cells_near(MIDDLE[None], MIDDLE, size_m=100.0, within_m=300.0)
    points = MIDDLE + np.random.default_rng(4).uniform(-450, 450, (200, 2))
    boxes = cells.boxes()
    inside = shapely.contains(boxes[:, None], np.asarray(shapely.points(points))[None])
    expected = np.where(inside.any(axis=0), inside.argmax(axis=0), -1)
    np.testing.assert_array_equal(cells.rows(points), expected)
    assert shapely.area(boxes) == pytest.approx(100.0**2)
    assert len(cells) == 7 * 7


def test_a_street_that_comes_back_has_two_parts_in_one_square():
    there_and_back = shapely.LineString([(0, 0), (80, 0), (80, 10), (0, 10)])
    cells = cells_near(np.zeros((1, 2)), np.zeros(2), size_m=100.0, within_m=0.0)
    parts = stretches_within(cells, np.array([there_and_back]))
    assert parts.from_m.tolist() == [0, 120]
    assert parts.to_m.tolist() == [50, 170]


def test_no_streets_and_no_squares_give_no_parts():
    none = GridCells(MIDDLE, 250.0, np.empty(0, dtype=np.int64))
    assert len(stretches_within(none, random_lines(1)).area) == 0
    some = cells_near(MIDDLE[None], MIDDLE, size_m=250.0, within_m=500.0)
    assert len(stretches_within(some, np.empty(0, dtype=object)).area) == 0
