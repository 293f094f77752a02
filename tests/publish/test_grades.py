"""The rules, one by one, and the counts beneath them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import shapely
from affine import Affine

from urbanlayer.kernels.layer_quality import (
    SAMPLE_SIZE,
    cell_counts,
    intersects_any,
    key_hashes,
    retained_count,
    sample_hashes,
)
from urbanlayer.model.layer import Provenance
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.publish.inventory import grades
from urbanlayer.registry import sources

OPEN = "CC-BY-4.0"


def spec(**said):
    return LayerSpec.model_validate({"path": "a.gpkg", **said})


class Grid:
    def __init__(self, path, source="file"):
        self.provenance = Provenance(source, path, "0", format=sources()[source].format)


@pytest.mark.parametrize(
    ("licence", "is_open"),
    [
        ("CC0-1.0", True), ("CC-BY-4.0", True), ("CC BY-SA 4.0", True), ("ODbL-1.0", True),
        ("ODC-By-1.0", True), ("PDDL-1.0", True), ("dl-de/by-2-0", True),
        ("CC-BY-NC-4.0", False), ("CC-BY-ND-4.0", False), ("open data", False), ("", False),
    ],
)  # fmt: skip
def test_open_licences_are_those_of_the_open_definition(licence, is_open):
    assert grades.is_open(licence) is is_open


@pytest.mark.parametrize(
    ("path", "source", "licence", "stars", "level"),
    [
        ("a.gpkg", "file", OPEN, 3, "good"),
        ("a.csv", "file", OPEN, 3, "good"),
        ("A.SHP", "file", OPEN, 2, "fair"),
        ("a.shp.zip", "file", OPEN, 2, "fair"),
        ("a.xlsx", "file", OPEN, 2, "fair"),
        ("feed.zip", "gtfs", OPEN, 3, "good"),
        ("a.gpkg", "file", "", 0, "poor"),
        ("a.gpkg", "file", "CC-BY-NC-4.0", 0, "poor"),
    ],
)
def test_stars_of_openness_begin_with_the_licence(path, source, licence, stars, level):
    found = grades._openness(Grid(path, source), spec(licence=licence or None))
    assert (found.counts["stars"], found.level) == (stars, level)


@pytest.mark.parametrize(
    ("role", "date", "level"),
    [
        ("school", dt.date(2025, 7, 1), "good"),
        ("school", dt.date(2024, 6, 30), "fair"),
        ("school", dt.date(2023, 6, 1), "poor"),
        ("elevation", dt.date(2023, 6, 1), "good"),
        ("elevation", dt.date(2018, 6, 1), "fair"),
        ("school", dt.date(2026, 7, 1), "poor"),
        ("school", None, "unknown"),
    ],
)
def test_slow_layers_age_slowly_and_the_future_is_no_date(role, date, level):
    assert grades._age(role, spec(date=date), dt.date(2026, 6, 30)).level == level


@pytest.mark.parametrize(
    ("operation", "metres", "level"),
    [
        ("", None, "good"),
        ("EPSG:7675", 1.0, "good"),
        ("EPSG:3962", 5.0, "fair"),
        ("EPSG:3965", 10.0, "poor"),
        ("ballpark", None, "poor"),
    ],
)
def test_coordinates_are_as_good_as_the_operation_that_moved_them(operation, metres, level):
    moved = Provenance("file", "a", "0", crs_operation=operation, crs_accuracy_m=metres)
    assert grades._coordinates(moved).level == level


def test_a_zone_holds_what_touches_it():
    zones = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(3, 0, 4, 1)])
    assert intersects_any(zones, np.array([shapely.Point(1, 0.5)])).tolist() == [True, True, False]
    assert not intersects_any(zones, np.array([], dtype=object)).any()


def test_cells_are_counted_by_their_middle():
    """A grid of 4 × 2 cells of 10 m; the west half is one zone, one of its four cells unknown."""
    known = np.ones((2, 4), dtype=bool)
    known[0, 0] = False
    zones = np.array([shapely.box(0, 0, 20, 20), shapely.box(20, 0, 40, 20)])
    counted, room = cell_counts(zones, known, Affine(10, 0, 0, 0, -10, 20))
    assert counted.tolist() == [3, 4]
    assert room.tolist() == [4.0, 4.0]


def test_a_zone_beside_the_grid_or_without_area_holds_no_cell():
    known, beside = np.ones((2, 4), dtype=bool), shapely.box(0, 90, 20, 100)
    zones = np.array([shapely.box(0, 0, 20, 20), beside, shapely.Polygon()], dtype=object)
    counted, room = cell_counts(zones, known, Affine(10, 0, 0, 0, -10, 20))
    assert (counted.tolist(), room.tolist()) == ([4, 0, 0], [4, 2, 0])
    none, _ = cell_counts(zones[2:], known, Affine(10, 0, 0, 0, -10, 20))
    assert none.tolist() == [0]


def test_a_grid_that_is_turned_has_cells_of_the_same_size():
    turned = Affine(8, 6, 0, 6, -8, 0)  # sides of 10 by Pythagoras
    _, room = cell_counts(
        np.array([shapely.box(0, 0, 20, 20)]), np.ones((2, 4), dtype=bool), turned
    )
    assert room == pytest.approx([4])


def test_a_sample_of_keys_is_the_same_in_every_order_and_has_an_end():
    keys = [f"key {number}" for number in range(2000)]
    taken = sample_hashes(key_hashes(keys))
    assert taken == sample_hashes(key_hashes(reversed(keys)))
    assert len(taken) == SAMPLE_SIZE
    assert retained_count(taken, key_hashes(keys)) == SAMPLE_SIZE


def test_of_half_the_keys_about_half_the_sample_stays():
    """Binomial with n = 512, p = 1/2: 256 ± 4 standard deviations of 11.3."""
    before = sample_hashes(key_hashes(f"key {number}" for number in range(4000)))
    assert (
        abs(retained_count(before, key_hashes(f"key {number}" for number in range(2000))) - 256)
        < 46
    )
