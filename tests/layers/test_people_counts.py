"""Counts of people that cannot be are errors."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from requested import requested
from shapely import Point, box

from urbanlayer.errors import LayerError
from urbanlayer.layers import validate
from urbanlayer.layers.rasters import validate_raster
from urbanlayer.model.layer import Layer, RawLayer, RawRaster
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.study_area import StudyArea

CITY = StudyArea("EPSG:25834", "ME", (355_000, 4_698_000, 359_000, 4_702_000), (19.26, 42.44))
X, Y = 356_000.0, 4_699_000.0
CELLS = [box(X + 100 * n, Y, X + 100 * n + 100, Y + 100) for n in range(4)]


def population(shapes: list, people: list[float], **columns: list) -> Layer:
    rows = gpd.GeoDataFrame({"n": people} | columns, geometry=shapes, crs="EPSG:25834")
    raw = RawLayer(rows, "0" * 64)
    spec = LayerSpec(path="p.gpkg", people="n")
    return validate(raw, requested("population", spec, Path("p.gpkg")), CITY)


@pytest.mark.parametrize("people", [1e11, 65_535.0])
def test_more_people_in_a_cell_than_anywhere_on_earth_are_refused(people: float) -> None:
    with pytest.raises(LayerError, match="1 features have more people"):
        population(CELLS, [10.0, people, 5.0, 7.0])


@pytest.mark.parametrize(
    ("people", "refused"),
    [
        ([9_999.0, 120.0, 9_999.0, 80.0], True),
        ([9_999.0, 120.0, 300.0, 80.0], True),
        ([9_999.0, 8_200.0, 300.0, 80.0], False),
        ([9_999.0, 12_000.0, 300.0, 80.0], False),
    ],
)
def test_a_number_of_nines_is_no_count(people: list[float], refused: bool) -> None:  # noqa: FBT001
    if not refused:
        assert len(population(CELLS, people)) == 4
        return
    with pytest.raises(LayerError, match=r"have 9999 in people .*stands for “unknown”"):
        population(CELLS, people)


def test_a_dense_block_is_taken() -> None:
    assert len(population(CELLS, [13_000.0, 10.0, 5.0, 7.0])) == 4


def test_a_row_of_the_total_is_refused() -> None:
    total = box(X, Y, X + 400, Y + 100)
    with pytest.raises(LayerError, match=r"\(60\) is the sum of the 4 other"):
        population([*CELLS, total], [10.0, 20.0, 25.0, 5.0, 60.0])


def test_a_cell_with_as_many_people_as_the_others_is_no_total() -> None:
    assert len(population(CELLS, [10.0, 20.0, 30.0, 60.0])) == 4


@pytest.mark.parametrize(("count", "refused"), [(4, False), (8, True)])
def test_a_point_of_the_total_is_refused_where_it_is_no_chance(count: int, refused: bool) -> None:  # noqa: FBT001
    points = [Point(X + 100 * n, Y) for n in range(count + 1)]
    people = [*map(float, range(1, count + 1)), count * (count + 1) / 2]
    if not refused:
        assert len(population(points, people)) == count + 1
        return
    with pytest.raises(LayerError, match="a row of the total"):
        population(points, people)


@pytest.mark.parametrize("people", [1e11, 65_535.0])
def test_more_people_in_a_cell_of_a_grid_are_refused(people: float) -> None:
    values = np.full((40, 40), 3.0)
    values[7, 7] = people
    grid = Affine(100, 0, 355_000, 0, -100, 4_702_000)
    raw = RawRaster(values, grid, "EPSG:25834", "0" * 64, has_nodata=True)
    request = requested("population", LayerSpec(path="p.tif", source="raster"), Path("p.tif"))
    with pytest.raises(LayerError, match="1 cells have more people"):
        validate_raster(raw, request, CITY)


YEARS = {"year": [2011] * 4 + [2023] * 4}


@pytest.mark.parametrize(
    ("people", "columns", "stated"),
    [
        ([10.0] * 4 + [12.0] * 4, YEARS, r"4 polygons .* differ in year\).*where = \{ year"),
        ([10.0] * 8, YEARS, "4 polygons .* differ in year"),
        ([10.0] * 4 + [12.0, 10.0, 10.0, 10.0], {}, r"1 polygons .*\(0, 4\)"),
        ([10.0] * 8, {}, None),
    ],
)
def test_polygons_that_stand_several_times_are_no_guess(
    people: list[float], columns: dict[str, list], stated: str | None
) -> None:
    if stated is None:  # duplicates
        assert population(CELLS * 2, people, **columns).frame["people"].sum() == sum(people) / 2
        return
    with pytest.raises(LayerError, match=stated):
        population(CELLS * 2, people, **columns)


PLACES = [Point(X + 100 * n, Y) for n in range(8)]
WOMEN, MEN = [float(n) for n in range(1, 9)], [float(3 * n) for n in range(1, 9)]
BOTH = [women + men for women, men in zip(WOMEN, MEN, strict=True)]


@pytest.mark.parametrize(
    ("people", "columns", "stated"),
    [
        (WOMEN + MEN, {"year": [2011] * 8 + [2023] * 8}, "differ in year: a row for each year"),
        (WOMEN + MEN + BOTH, {"sex": [*"FFFFFFFFMMMMMMMMTTTTTTTT"]}, r"the total \(T\)"),
        (WOMEN + MEN, {"sex": [*"FFFFFFFFMMMMMMMM"]}, None),
    ],
)
def test_points_with_a_row_for_each_year_or_for_a_total_are_no_sum(
    people: list[float], columns: dict[str, list], stated: str | None
) -> None:
    places = PLACES * (len(people) // 8)
    if stated is None:  # parts, which add up: 36 women and 108 men
        assert population(places, people, **columns).frame["people"].sum() == 144
        return
    with pytest.raises(LayerError, match=stated):
        population(places, people, **columns)


def test_a_row_of_a_district_beside_its_parts_is_refused() -> None:
    district = box(X, Y, X + 200, Y + 100)
    with pytest.raises(LayerError, match=r"1 of its polygons hold others .*\(4\)"):
        population([*CELLS, district], [10.0, 20.0, 30.0, 40.0, 33.0])
    assert len(population([*CELLS[:2], district], [10.0, 20.0, 0.0])) == 3
    block = box(X, Y + 100, X + 100, Y + 150)  # a part alone does not fill it
    assert len(population([block, box(X, Y + 100, X + 400, Y + 400)], [10.0, 20.0])) == 2
