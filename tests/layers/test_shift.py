"""The shift finder, on towns that are drawn at random."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer

from urbanlayer.errors import CrsError
from urbanlayer.layers import conform
from urbanlayer.layers.shift import shift_between
from urbanlayer.model.frame import Frame
from urbanlayer.model.layer import Layer, RawLayer
from urbanlayer.model.source import Request
from urbanlayer.model.specification import LayerSpec

MIDDLE = np.array([508_000, 4_722_000])
CHANCE = np.random.default_rng(7)


def town(count: int, seed: int) -> np.ndarray:
    """Junctions of a town of six kilometres: clustered, as streets are."""
    chance = np.random.default_rng(seed)
    middles = chance.uniform(0, 6000, (60, 2))
    return middles[chance.integers(0, 60, count)] + chance.normal(0, 250, (count, 2))


@pytest.mark.parametrize("shift", [(0.0, 0.0), (423.0, 0.0), (-300.0, 300.0), (1614.0, 20.0)])
def test_a_shift_is_found_within_8_m_when_a_fifth_of_the_points_match(
    shift: tuple[float, float],
) -> None:
    # as reliability.md, A simulated it: 3000 reference points, 20 % matching
    reference = town(3000, 1)
    same = reference[:600] + CHANCE.normal(0, 4, (600, 2)) - shift
    layer = np.vstack([same, town(2400, 2) - shift])
    found = shift_between(layer, reference)
    assert found is not None
    assert found.certain
    assert np.hypot(found.east_m - shift[0], found.north_m - shift[1]) < 8


def test_two_towns_that_have_nothing_in_common_show_no_shift() -> None:
    found = shift_between(town(3000, 3), town(3000, 4))
    assert found is None or not found.certain


def test_few_points_tell_nothing() -> None:
    assert shift_between(town(40, 5), town(3000, 6)) is None


CITY = Frame("EPSG:25834", "XK", (505_000, 4_720_000, 517_000, 4_730_000), (21.16, 42.66))


def layer_of(xy: np.ndarray) -> RawLayer:
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]))
    return RawLayer(frame, "0" * 64)


def conformed(xy: np.ndarray, reference: np.ndarray, **says: object) -> Layer:
    request = Request("trees", LayerSpec(path="trees.csv", **says), Path("trees.csv"))
    return conform(layer_of(xy), request, CITY, reference=reference)


@pytest.mark.parametrize("truth", ["EPSG:6316", "EPSG:9141"])
def test_of_two_grids_that_both_fit_pristina_the_streets_decide(truth: str) -> None:
    # MGI 1901 and KOSOVAREF01 lie about 450 m apart there, and no window can tell them
    reference = town(3000, 8) + MIDDLE
    there = Transformer.from_pipeline(_to(truth))
    xy = np.column_stack(there.transform(reference[:1500, 0], reference[:1500, 1]))
    layer = conformed(xy, reference)
    moved = shapely.get_coordinates(layer.frame.geometry.to_numpy())
    assert np.hypot(*(moved - reference[:1500]).T).max() < 0.1
    assert layer.provenance.crs == truth


def test_a_layer_that_lies_beside_the_city_is_refused_with_how_far() -> None:
    # declared as lying on ETRS89, and shifted by what a wrong operation shifts
    reference = town(3000, 9) + MIDDLE
    shifted = reference[:1500] + np.array([1614.0, 0.0])
    with pytest.raises(CrsError, match=r"it lies 1,614 m beside the city \(-1,614 m east"):
        conformed(shifted, reference, crs="EPSG:25834")


def _to(code: str) -> str:
    """From the city's grid to a national one, by the inverse of the gate's own way."""
    old = "+proj=tmerc +lat_0=0 +lon_0=21 +k=0.9999 +x_0=7500000 +y_0=0"
    down = "+proj=pipeline +step +inv +proj=utm +zone=34 +ellps=GRS80"
    if code == "EPSG:9141":
        return f"{down} +step {old} +ellps=GRS80"
    helmert = (
        "+step +proj=push +v_3 +step +proj=cart +ellps=GRS80 +step +inv +proj=helmert "
        "+x=577.88891 +y=165.22205 +z=391.18289 +rx=-4.9145 +ry=0.94729 +rz=13.05098 "
        "+s=7.78664 +convention=coordinate_frame +step +inv +proj=cart +ellps=bessel "
        "+step +proj=pop +v_3"
    )
    return f"{down} {helmert} +step {old} +ellps=bessel"
