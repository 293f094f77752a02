"""Grids read at points, over polygons and around homes, beside each cell worked by hand."""

import numpy as np
import pytest
import shapely
from affine import Affine

from urbanlayer.kernels import discs, grids

GRID = Affine(10, 0, 0, 0, -10, 30)
VALUES = np.array([[1.0, 2.0, 3.0], [4.0, np.nan, 6.0], [7.0, 8.0, 9.0]])
"""Three rows of three cells of 10 m, north up, from (0, 0) to (30, 30)."""


def test_a_point_has_the_cell_it_lies_in_and_outside_none():
    corners = [(0.1, 29.9), (29.9, 29.9), (0.1, 0.1), (29.9, 0.1), (10.0, 25.0), (15.0, 15.0)]
    assert grids.sample_at_points(np.array(corners), VALUES, GRID)[:5].tolist() == [1, 3, 7, 9, 2]
    outside = [(-0.1, 15.0), (30.1, 15.0), (15.0, 30.1), (15.0, -0.1), (15.0, 15.0)]
    assert np.isnan(grids.sample_at_points(np.array(outside), VALUES, GRID)).all()


def test_over_polygons_cells_count_by_the_part_inside():
    zone = np.array([shapely.box(5, 15, 20, 30)])  # half of 1 and all of 2; a quarter of 4, no data
    found = {
        name: grids.zonal_statistic(zone, VALUES, GRID, "EPSG:25834", statistic=name)[0]
        for name in ("sum", "count", "mean")
    }
    assert found["sum"] == pytest.approx(0.5 * 1 + 2 + 0.25 * 4)
    assert found["count"] == pytest.approx(1.75)
    assert found["mean"] == pytest.approx(3.5 / 1.75)
    nowhere = np.array([shapely.box(100, 100, 110, 110), shapely.box(11, 11, 19, 19)])
    assert grids.zonal_statistic(nowhere, VALUES, GRID, "EPSG:25834", statistic="sum").tolist() == [
        0,
        0,
    ]
    assert np.isnan(grids.zonal_statistic(nowhere, VALUES, GRID, "EPSG:25834")).all()


def around(x, y, values, radius_m, cell_m=10.0, rows=40):
    grid = Affine(cell_m, 0, 0, 0, -cell_m, rows * cell_m)
    where = np.array([[x, y]])
    return discs.mean_within_radius(
        where, values, grid, radius_m=radius_m, cell_m=(cell_m, cell_m)
    )[0]


def test_around_a_home_the_mean_is_that_of_the_disc():
    column, row = np.meshgrid(np.arange(40), np.arange(40))
    slope = column.astype(float)  # 0 in the west, 39 in the east
    for x, y in ((205, 195), (200, 200), (123, 261)):
        assert around(x, y, slope, 50) == pytest.approx(x / 10 - 0.5, abs=0.02)
        assert around(x, y, row.astype(float), 70) == pytest.approx(39.5 - y / 10, abs=0.02)
    # A patch of one cell: its area over that of the disc.
    spot = np.zeros((40, 40))
    spot[20, 20] = 1  # centre at (205, 195)
    assert around(205, 195, spot, 50) == pytest.approx(100 / (np.pi * 50**2), rel=0.01)
    assert around(205, 195 - 90, spot, 50) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("rows", "columns"), [(20, 60), (60, 20)])
def test_around_a_home_the_mean_is_that_of_the_disc_in_a_long_grid(rows, columns):
    column, row = np.meshgrid(np.arange(float(columns)), np.arange(float(rows)))
    for x, y in ((105, 105), (10 * columns - 95, 100), (97, 10 * rows - 83)):
        assert around(x, y, column, 50, rows=rows) == pytest.approx(x / 10 - 0.5, abs=0.02)
        assert around(x, y, row, 50, rows=rows) == pytest.approx(rows - 0.5 - y / 10, abs=0.02)


def test_around_a_home_what_is_not_known_is_left_out_and_outside_there_is_nothing():
    halves = np.ones((40, 40))
    halves[:, 20:] = np.nan
    assert around(195, 200, halves, 50) == pytest.approx(1)
    assert np.isnan(around(300, 200, halves, 50))
    assert np.isnan(around(-1, 200, np.ones((40, 40)), 50))
    assert np.isnan(around(200, 401, np.ones((40, 40)), 50))
    assert around(1, 1, np.ones((40, 40)), 50) == pytest.approx(1)


@pytest.mark.parametrize("radius_m", [30.0, 300.0, 900.0])
def test_sums_around_are_those_of_every_pair(radius_m):
    random = np.random.default_rng(2)
    homes, points = random.uniform(0, 2000, (300, 2)), random.uniform(-100, 2100, (500, 2))
    weight = random.integers(0, 9, 500).astype(float)
    apart = np.hypot(*(homes[:, None] - points[None, :]).T).T
    expected = (apart <= radius_m) @ weight
    np.testing.assert_allclose(
        discs.sum_within_radius(homes, points, weight, radius_m=radius_m), expected
    )
    ends = np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [3.0, 4.001]])
    assert discs.sum_within_radius(*ends, np.array([2.0, 5.0]), radius_m=5).tolist() == [2]
    assert discs.sum_within_radius(homes, points[:0], weight[:0], radius_m=5).sum() == 0


def test_cells_in_degrees_have_metres_by_latitude():
    width, height = discs.cell_size_m(Affine(0.001, 0, 19, 0, -0.001, 60), "EPSG:4326")
    assert height == pytest.approx(111.2, abs=0.3)
    assert width == pytest.approx(height / 2, rel=0.01)  # cos 60°
    assert discs.cell_size_m(Affine(30, 0, 0, 0, -20, 0), "EPSG:25834") == (30, 20)


def test_places_and_polygons_are_moved_to_the_grid_east_first():
    # Podgorica: 19.26° east, 42.44° north lies near (357, 4,700) km in zone 34 North.
    xy = grids.reproject_points(np.array([[19.26, 42.44]]), "EPSG:4326", "EPSG:25834")
    assert xy[0] == pytest.approx([356_900, 4_700_300], abs=1500)
    square = shapely.box(356_000, 4_700_000, 358_000, 4_701_000)
    moved = grids.reproject_polygons(np.array([square]), "EPSG:25834", "EPSG:4326")[0]
    west, south, east, north = moved.bounds
    assert 19.2 < west < east < 19.3
    assert 42.4 < south < north < 42.5
    assert grids.reproject_polygons(np.array([square]), "EPSG:25834", "EPSG:25834")[0].equals(
        square
    )
