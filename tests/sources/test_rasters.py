"""Grids as they should not be: undeclared nodata, south up, rotated, elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from intake import CITY, NORTH, SOUTH, WEST, said, take
from pyproj import CRS, Transformer
from server import Answer, in_ranges

from urbanlayer.errors import CrsError, LayerError, SourceError
from urbanlayer.layers.transformation import transformation
from urbanlayer.model.layer import Raster
from urbanlayer.sources import _session

if TYPE_CHECKING:
    from pathlib import Path

    from server import Server

NORTH_UP = Affine(1000, 0, WEST, 0, -1000, NORTH)
LON, LAT = CITY.centre_lonlat
BOX = (LON - 0.04, LAT - 0.04, LON + 0.04, LAT + 0.04)
PEOPLE = np.arange(16, dtype="float64").reshape(4, 4)


def tif(path: Path, values: np.ndarray = PEOPLE, **says: Any) -> Path:
    mode = {"crs": "EPSG:25834", "transform": NORTH_UP, "nodata": -1.0, **says}
    scale = mode.pop("scale", None)
    unit, described, palette = (mode.pop(name, None) for name in ("unit", "described", "palette"))
    rows, columns = values.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype=values.dtype,
        **mode,
    ) as data:
        data.write(values, 1)
        if unit:
            data.units = (unit,)
        if described:
            data.descriptions = (described,)
        if palette:
            data.write_colormap(1, palette)
        if scale:
            data.scales, data.offsets = (scale[0],), (scale[1],)
    return path


def grid(where: Path, /, **says: Any) -> Raster:
    taken = take(where, role=says.pop("role", "population"), **says)
    assert isinstance(taken, Raster)
    return taken


@pytest.mark.parametrize("source", ["raster", "file"])
def test_a_geotiff_is_read_by_either_source(source: str, tmp_path: Path) -> None:
    found = grid(tif(tmp_path / "p.tif"), source=source)
    assert found.values.sum() == 120  # 0 + 1 + … + 15
    assert found.transform == NORTH_UP
    assert found.crs == "EPSG:25834"


def test_declared_nodata_is_nan_and_not_a_number_of_people(tmp_path: Path) -> None:
    values = PEOPLE.copy()
    values[0, 0] = -1
    found = grid(tif(tmp_path / "p.tif", values))
    assert np.isnan(found.values[0, 0])
    assert np.nansum(found.values) == 120


@pytest.mark.parametrize("nodata", [-3.4e38, -99999.0, 255.0, -9999.0])
def test_nodata_that_is_not_declared_is_found_and_refused(nodata: float, tmp_path: Path) -> None:
    values = PEOPLE.copy()
    values[:, 0] = nodata
    path = tif(tmp_path / "p.tif", values, nodata=None)
    with pytest.raises(LayerError, match=r"25%\) of its cells hold .*set nodata ="):
        grid(path)
    if nodata > -1e30:
        assert np.isnan(grid(path, nodata=nodata).values).sum() == 4


FLOAT32_LEAST = float(np.finfo(np.float32).min)


@pytest.mark.parametrize("declared", [-1.0, float("nan"), None])
@pytest.mark.parametrize(
    "second", [FLOAT32_LEAST, -1e10, 1e20, -2147483648.0, -32767.0, -999.0, -99.0, 9999.0, 65535.0]
)
def test_another_value_for_no_data_is_found_whatever_is_declared(
    second: float, declared: float | None, tmp_path: Path
) -> None:
    values = np.full((4, 4), 32.0)
    values[1, 1] = second
    path = tif(tmp_path / "h.tif", values, nodata=declared)
    with pytest.raises(LayerError, match=r"6%\) of its cells hold .*set nodata ="):
        grid(path, role="heat")
    assert np.isnan(grid(path, role="heat", nodata=second).values).sum() == 1


@pytest.mark.parametrize("least", [-99.0, 255.0])
def test_a_value_among_others_near_it_is_a_measurement(least: float, tmp_path: Path) -> None:
    values = least + np.arange(400.0).reshape(20, 20) * (0.1 if least < 0 else -0.1)
    found = grid(tif(tmp_path / "h.tif", values), role="heat")
    np.testing.assert_array_equal(found.values, values)


@pytest.mark.parametrize("infinite", [np.inf, -np.inf])
def test_an_infinite_cell_is_refused_unless_it_is_declared(infinite: float, tmp_path: Path) -> None:
    values = np.full((4, 4), 32.0)
    values[1, 1] = infinite
    path = tif(tmp_path / "h.tif", values)
    with pytest.raises(LayerError, match="1 of its cells are infinite"):
        grid(path, role="heat")
    assert np.isnan(grid(path, role="heat", nodata=infinite).values).sum() == 1


def test_a_value_for_no_data_is_found_before_the_scale_is_applied(tmp_path: Path) -> None:
    values = np.full((4, 4), 3200, dtype="int16")
    values[1, 1] = -9999
    path = tif(tmp_path / "h.tif", values, scale=(0.01, 0.0))
    with pytest.raises(LayerError, match=r"6%\) of its cells hold -9999"):
        grid(path, role="heat")
    np.testing.assert_allclose(np.nanmean(grid(path, role="heat", nodata=-9999).values), 32.0)


def test_a_grid_without_nodata_and_without_suspects_is_taken(tmp_path: Path) -> None:
    assert grid(tif(tmp_path / "p.tif", nodata=None)).values.sum() == 120


CELLS_OF_500_M = Affine(500, 0, WEST, 0, -500, NORTH)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"unit": "inh/km2"}, r"its cells are a density \('inh/km2'\)"),
        ({"unit": "persons per sq km"}, "its cells are a density"),
        ({"unit": "km-2"}, "its cells are a density"),
        ({"described": "Population density 2020"}, "its cells are a density"),
        ({"described": "gustina naseljenosti"}, "its cells are a density"),
        ({"palette": {1: (255, 0, 0, 255)}}, "it has a colour table"),
    ],
)
def test_a_density_or_classes_are_no_people(
    told: dict[str, Any], message: str, tmp_path: Path
) -> None:
    values = np.arange(64, dtype="uint8").reshape(8, 8)
    path = tif(tmp_path / "p.tif", values, transform=CELLS_OF_500_M, nodata=255, **told)
    with pytest.raises(SourceError, match=message):
        grid(path)
    assert grid(path, role="heat").values.sum() == 2016  # 0 + 1 + … + 63: no count of people


@pytest.mark.parametrize("unit", ["people", "persons per cell", "inhabitants per 500 m", "inh/km2"])
def test_counts_of_people_with_a_unit_are_read(unit: str, tmp_path: Path) -> None:
    found = grid(tif(tmp_path / "p.tif", unit=unit))  # cells of 1 km²: people per km² are the count
    assert found.values.sum() == 120


@pytest.mark.parametrize(("unit", "wrong"), [("ft", 1), ("US survey foot", 1), ("dm", 1), ("m", 0)])
def test_heights_in_another_unit_are_no_metres(unit: str, wrong: int, tmp_path: Path) -> None:
    path = tif(tmp_path / "e.tif", unit=unit)
    if not wrong:
        assert grid(path, role="elevation").values.sum() == 120
        return
    with pytest.raises(SourceError, match=rf"its heights are in '{unit}'; convert them to metres"):
        grid(path, role="elevation")


def test_fewer_than_no_people_in_a_cell_are_refused(tmp_path: Path) -> None:
    values = PEOPLE.copy()
    values[0, 0] = -7
    with pytest.raises(LayerError, match="1 cells have negative population"):
        grid(tif(tmp_path / "p.tif", values))


def test_a_grid_of_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="all of its cells have zero population"):
        grid(tif(tmp_path / "p.tif", np.zeros((4, 4))))


def test_a_grid_with_south_up_is_turned(tmp_path: Path) -> None:
    south_up = Affine(1000, 0, WEST, 0, 1000, SOUTH)
    found = grid(tif(tmp_path / "p.tif", PEOPLE[::-1].copy(), transform=south_up))
    np.testing.assert_array_equal(found.values, PEOPLE)
    assert found.transform == NORTH_UP
    assert "reversed" in said(found)


def test_a_rotated_grid_is_refused_with_what_to_do(tmp_path: Path) -> None:
    rotated = Affine(1000, 100, WEST, 100, -1000, NORTH)
    with pytest.raises(SourceError, match="rotated; warp it first"):
        grid(tif(tmp_path / "p.tif", transform=rotated))


def test_scale_and_offset_are_applied(tmp_path: Path) -> None:
    values = np.array([[10, 20], [30, 40]], dtype="int16")
    path = tif(tmp_path / "h.tif", values, scale=(0.1, 20.0))
    np.testing.assert_allclose(grid(path, role="heat").values, [[21, 22], [23, 24]])


def test_a_grid_elsewhere_is_refused(tmp_path: Path) -> None:
    elsewhere = Affine(1000, 0, WEST + 300_000, 0, -1000, NORTH)
    with pytest.raises(CrsError, match="does not overlap the city"):
        grid(tif(tmp_path / "p.tif", transform=elsewhere))


def test_a_grid_without_a_crs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CrsError, match="it has no CRS; set crs"):
        grid(tif(tmp_path / "p.tif", crs=None))


def test_a_grid_that_covers_a_part_of_the_city_is_told(tmp_path: Path) -> None:
    found = grid(tif(tmp_path / "p.tif", PEOPLE[:2].copy()))
    assert "does not cover the whole city" in said(found)


def test_a_grid_where_features_are_needed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="it is a raster, but 'streets' requires vector features"):
        grid(tif(tmp_path / "p.tif"), role="streets")


@pytest.mark.parametrize(("code", "zone"), [(8678, 6), (6316, 7), (31277, 7)])
def test_polygons_brought_to_a_grid_by_any_program_end_where_the_gate_would_put_them(
    code: int, zone: int, tmp_path: Path
) -> None:
    # the grid's CRS carries the pinned shift, so that the ordinary way leads there too
    crs = CRS.from_epsg(code)
    middle = np.array([[(WEST + 359_000) / 2, (SOUTH + NORTH) / 2]])
    there = Transformer.from_crs(
        "EPSG:25834", "EPSG:8678" if zone == 6 else "EPSG:6316", always_xy=True
    )
    x, y = there.transform(*middle[0])
    path = tif(tmp_path / "p.tif", transform=Affine(2000, 0, x - 4000, 0, -2000, y + 4000))
    found = grid(path, crs=f"EPSG:{code}")
    ordinary = Transformer.from_crs(CRS.from_user_input(found.crs), "EPSG:25834", always_xy=True)
    ours = transformation(crs, CITY)(np.array([[x, y]]))[0]
    assert np.hypot(*(np.array(ordinary.transform(x, y)) - ours)) < 0.1
    assert found.provenance.crs_operation == "EPSG:7675"


def large(path: Path) -> Path:
    """A tiled grid of 2,000 × 2,000 cells around the city, 16 MB."""
    values = np.arange(4_000_000, dtype="float32").reshape(2000, 2000) / 1024
    transform = Affine(0.0005, 0, LON - 0.5, 0, -0.0005, LAT + 0.5)
    return tif(
        path,
        values,
        crs="EPSG:4326",
        transform=transform,
        tiled=True,
        blockxsize=256,
        blockysize=256,
    )


def test_a_box_reads_a_part_of_a_grid(tmp_path: Path) -> None:
    found = grid(large(tmp_path / "p.tif"), bbox=BOX)
    # 0.08° / 0.0005° = 160 cells, and one around them
    assert found.values.shape == pytest.approx((162, 162), abs=2)
    step, west, north = found.transform.a, found.transform.c, found.transform.f
    row, column = int((north - LAT) / step + 0.5), int((LON - west) / step + 0.5)
    assert found.values[row, column] == (1000 * 2000 + 1000) / 1024


@pytest.mark.usefixtures("cache")
def test_of_a_grid_at_an_address_only_a_part_travels(server: Server, tmp_path: Path) -> None:
    path = large(tmp_path / "p.tif")
    content = path.read_bytes()
    server.routes["/p.tif"] = in_ranges(content)
    here = grid(path, bbox=BOX)
    there = grid(tmp_path / "x", source="raster", path=f"{server.url}/p.tif", bbox=BOX)
    np.testing.assert_array_equal(here.values, there.values)
    spans = [asked.headers["range"].removeprefix("bytes=").split("-") for asked in server.asked]
    assert sum(int(last) - int(first) for first, last in spans) < len(content) / 4
    with _session.using(offline=True):
        again = grid(tmp_path / "x", source="raster", path=f"{server.url}/p.tif", bbox=BOX)
    np.testing.assert_array_equal(again.values, there.values)


@pytest.mark.usefixtures("cache")
def test_a_server_that_cannot_send_parts_is_told(server: Server, tmp_path: Path) -> None:
    server.routes["/p.tif"] = [Answer(tif(tmp_path / "p.tif").read_bytes())]
    with pytest.raises(SourceError, match="cannot send parts of a file; download it"):
        grid(tmp_path / "x", source="raster", path=f"{server.url}/p.tif", bbox=BOX)
    with pytest.raises(SourceError, match="add bbox"):
        grid(tmp_path / "x", source="raster", path=f"{server.url}/p.tif")


def test_which_of_several_bands_has_the_people_must_be_said(tmp_path: Path) -> None:
    place = {"crs": "EPSG:25834", "transform": NORTH_UP, "nodata": -1.0, "dtype": "float64"}
    path = tmp_path / "ages.tif"
    with rasterio.open(path, "w", driver="GTiff", height=4, width=4, count=2, **place) as data:
        data.write(PEOPLE, 1)
        data.write(2 * PEOPLE, 2)
        data.descriptions = ("under 15", "all")
    with pytest.raises(SourceError, match=r"2 bands \(under 15, all\); .*layer = \"1\""):
        grid(path)
    assert grid(path, layer="2").values.sum() == 240


def test_a_band_that_says_where_values_are_is_no_band_of_values(tmp_path: Path) -> None:
    place = {"crs": "EPSG:25834", "transform": NORTH_UP, "dtype": "uint8", "alpha": "yes"}
    path = tmp_path / "one.tif"
    with rasterio.open(path, "w", driver="GTiff", height=4, width=4, count=2, **place) as data:
        data.write(PEOPLE.astype("uint8"), 1)
        data.write(np.full((4, 4), 255, dtype="uint8"), 2)
    assert grid(path).values.sum() == 120
