"""People of an area over its built-up land, held against areas worked out by hand."""

import numpy as np
import pytest
import shapely
from affine import Affine

from urbanlayer.city.spreading import BuiltUpLand
from urbanlayer.model.layer import Provenance, Raster

AREA = np.array([shapely.box(0, 0, 1000, 1000)], dtype=object)
PATCHES = [shapely.box(5, 5, 35, 35), shapely.box(965, 965, 995, 995), shapely.box(5, 985, 25, 995)]
"""900, 900 and 200 m² in corners, where no point of a lattice of 100 m lies."""


def people_at(xy: np.ndarray, people: np.ndarray, patch: shapely.Geometry) -> float:
    return float(people[shapely.contains_xy(patch.buffer(60), xy[:, 0], xy[:, 1])].sum())


def test_scattered_patches_have_people_by_their_area():
    ground = BuiltUpLand("EPSG:25834", areas=np.array(PATCHES, dtype=object))
    xy, people, of = ground.points(AREA, np.array([200.0]))
    assert of.tolist() == [0] * len(xy)
    assert [people_at(xy, people, patch) for patch in PATCHES] == pytest.approx([90, 90, 20])


def test_a_built_up_grid_counts_by_all_of_its_cells():
    shares = np.zeros((100, 100))  # cells of 10 m, the upper row in the north
    for patch in PATCHES:
        west, south, east, north = (round(end, -1) / 10 for end in patch.bounds)
        shares[100 - int(north) : 100 - int(south), int(west) : int(east)] = 1.0
    grid = Raster(
        "built_up", shares, Affine(10, 0, 0, 0, -10, 1000), "EPSG:25834",
        Provenance("raster", "b.tif", "0" * 64),
    )  # fmt: skip
    xy, people, _ = BuiltUpLand("EPSG:25834", grid=grid).points(AREA, np.array([200.0]))
    built = [shares[65:, :35].sum(), shares[:35, 65:].sum(), shares[:35, :35].sum()]
    expected = 200 * np.array(built) / shares.sum()
    corners = [
        shapely.box(0, 0, 99, 99),
        shapely.box(901, 901, 1000, 1000),
        shapely.box(0, 901, 99, 1000),
    ]
    found = [float(people[shapely.contains_xy(one, *xy.T)].sum()) for one in corners]
    assert found == pytest.approx(expected)
    assert people.sum() == pytest.approx(200)
