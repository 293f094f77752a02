"""Known open layers, asked for by one word; their servers are played by one of this computer."""

from __future__ import annotations

import gzip
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from intake import CITY, square, take
from pyproj import Transformer
from requested import requested
from server import Answer, in_ranges
from shapely import Polygon

from urbanlayer.errors import SourceError
from urbanlayer.model.layer import Layer, Raster
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.source import Request
from urbanlayer.model.study_area import StudyArea
from urbanlayer.sources import ghsl_population, kontur_population, ookla, worldcover, worldpop

if TYPE_CHECKING:
    from pathlib import Path

    from server import Server

pytestmark = pytest.mark.usefixtures("cache")
LON, LAT = CITY.centre_lonlat
BOX = (LON - 0.04, LAT - 0.04, LON + 0.04, LAT + 0.04)


def tif(path: Path, values: np.ndarray, transform: Affine, crs: str) -> bytes:
    rows, columns = values.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype=values.dtype,
        crs=crs,
        transform=transform,
        nodata=255 if values.dtype == "uint8" else -99999,
    ) as data:
        data.write(values, 1)
    return path.read_bytes()


def test_worldpop_is_fetched_by_country_and_cut_to_the_city(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worldpop, "ADDRESS", server.url + "/{country}/{small}_ppp_2020_UNadj.tif")
    step = 1 / 1200
    values = np.ones((1200, 1200), dtype="float32")
    content = tif(tmp_path / "a.tif", values, Affine(step, 0, 19, 0, -step, 43), "EPSG:4326")
    server.routes["/MNE/mne_ppp_2020_UNadj.tif"] = in_ranges(content)
    grid = take(tmp_path / "p", role="population", source="worldpop", path="MNE", bbox=BOX)
    assert isinstance(grid, Raster)
    # 0.08° × 1200 = 96 cells, and one around them
    assert grid.values.shape == pytest.approx((98, 98), abs=2)
    assert grid.provenance.licence == "CC-BY-4.0"
    assert "WorldPop" in grid.provenance.attribution
    with pytest.raises(SourceError, match="a country in three letters"):
        take(tmp_path / "p", role="population", source="worldpop", path="Montenegro", bbox=BOX)


def test_kontur_is_fetched_unpacked_and_has_people(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kontur_population, "ADDRESS", server.url + "/kontur_{country}.gpkg.gz")
    shapes = [Polygon(square(number)) for number in range(3)]
    frame = gpd.GeoDataFrame({"h3": list("abc"), "population": [1.0, 2.0, 3.0]}, geometry=shapes)
    frame.set_crs("EPSG:25834").to_crs("EPSG:3857").to_file(tmp_path / "a.gpkg")
    packed = gzip.compress((tmp_path / "a.gpkg").read_bytes())
    server.routes["/kontur_ME.gpkg.gz"] = [Answer(packed)]
    layer = take(tmp_path / "p", role="population", source="kontur-population", path="ME", key="h3")
    assert isinstance(layer, Layer)
    assert layer.frame["people"].tolist() == [1.0, 2.0, 3.0]
    assert layer.provenance.attribution == "Kontur Population"


def asked(**says: object) -> Request:
    from pathlib import Path as Somewhere

    return requested("population", LayerSpec(**{"path": "2020", **says}), Somewhere("p"))


@pytest.mark.parametrize(
    ("lon", "lat", "tile"),
    [
        # R4_C19 is Heidelberg's by the data's own guide; the rest worked out with the projection
        (8.69, 49.41, "R4_C19"),
        (19.26, 42.44, "R4_C20"),
    ],
)
def test_the_tile_of_ghs_pop_is_the_one_that_holds_the_city(
    lon: float, lat: float, tile: str
) -> None:
    x, y = Transformer.from_crs("EPSG:4326", "ESRI:54009", always_xy=True).transform(lon, lat)
    west, north = -18_041_000 + (int(tile[4:]) - 1) * 1e6, 9_000_000 - (int(tile[1]) - 1) * 1e6
    assert west <= x < west + 1e6
    assert north - 1e6 < y <= north
    box = (lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01)
    assert ghsl_population.tiles_of(asked(bbox=box)) == (tile,)


def test_ghs_pop_is_fetched_unpacked_and_cut_to_the_city(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ghsl_population, "ADDRESS", server.url + "/{year}_{tile}.zip")
    x, y = Transformer.from_crs("EPSG:4326", "ESRI:54009", always_xy=True).transform(LON, LAT)
    transform = Affine(100, 0, round(x, -2) - 30_000, 0, -100, round(y, -2) + 30_000)
    values = np.ones((600, 600), dtype="float64")
    content = tif(tmp_path / "a.tif", values, transform, "ESRI:54009")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("GHS_POP.tif", content)
        archive.writestr("readme.pdf", b"%PDF")
    server.routes["/2020_R4_C20.zip"] = [Answer((tmp_path / "a.zip").read_bytes())]
    says = {"source": "ghsl-population", "path": "2020", "bbox": BOX}
    grid = take(tmp_path / "p", role="population", **says)
    assert isinstance(grid, Raster)
    assert grid.values.shape < (200, 200)
    assert "GHS-POP" in grid.provenance.attribution


def test_people_of_a_city_on_two_tiles_of_ghs_pop_are_all_there(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the border of R4_C20 and R4_C21 at x = 1 959 000 m; 1 person a cell west of it, 2 east
    monkeypatch.setattr(ghsl_population, "ADDRESS", server.url + "/{year}_{tile}.zip")
    up = Transformer.from_crs("ESRI:54009", "EPSG:4326", always_xy=True)
    lon, lat = up.transform(1_959_000, 5_100_000)
    for tile, west, people in (("R4_C20", 1_909_000, 1.0), ("R4_C21", 1_959_000, 2.0)):
        transform = Affine(100, 0, west, 0, -100, 5_150_000)
        values = np.full((1000, 500), people)
        content = tif(tmp_path / f"{tile}.tif", values, transform, "ESRI:54009")
        with zipfile.ZipFile(tmp_path / f"{tile}.zip", "w") as archive:
            archive.writestr("GHS_POP.tif", content)
        server.routes[f"/2020_{tile}.zip"] = [Answer((tmp_path / f"{tile}.zip").read_bytes())]
    box = (lon - 0.04, lat - 0.04, lon + 0.04, lat + 0.04)
    request = asked(source="ghsl-population", bbox=box)
    assert ghsl_population.tiles_of(request) == ("R4_C20", "R4_C21")
    raw = ghsl_population.read([request])["population"]
    border = round((1_959_000 - raw.transform.c) / 100)
    assert set(raw.values[:, :border].ravel()) == {1.0}
    assert set(raw.values[:, border:].ravel()) == {2.0}
    assert min(border, raw.values.shape[1] - border) > 25


def test_land_cover_of_a_city_on_two_tiles_is_joined(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Skopje lies on 42° N, where one tile of three degrees ends
    monkeypatch.setattr(worldcover, "ADDRESS", server.url + "/{tile}.tif")
    step = 3 / 3600
    for tile, south, kind in (("N42E021", 42, 10), ("N39E021", 39, 50)):
        values = np.full((3600, 3600), kind, dtype="uint8")
        path = tmp_path / f"{tile}.tif"
        content = tif(path, values, Affine(step, 0, 21, 0, -step, south + 3), "EPSG:4326")
        server.routes[f"/{tile}.tif"] = in_ranges(content)
    box = (21.40, 41.97, 21.46, 42.03)
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:32634", always_xy=True).transform(21.43, 42.0)
    skopje = StudyArea("EPSG:32634", "MK", (x - 2000, y - 2000, x + 2000, y + 2000), (21.43, 42.0))
    says = {"source": "worldcover", "path": "2021", "bbox": box}
    grid = take(tmp_path / "l", role="land_cover", frame=skopje, **says)
    assert isinstance(grid, Raster)
    half = round((grid.transform.f - 42.0) / step)
    assert set(grid.values[:half].ravel()) == {10.0}
    assert set(grid.values[half:].ravel()) == {50.0}
    assert not np.isnan(grid.values).any()


@pytest.mark.parametrize(
    ("corner", "name"), [((42, 18), "N42E018"), ((27, -18), "N27W018"), ((-3, 36), "S03E036")]
)
def test_tiles_of_land_cover_are_named_by_their_corner(corner: tuple[int, int], name: str) -> None:
    assert worldcover.tile_name(*corner) == name


def test_a_quarter_of_ookla_has_the_address_that_is_published() -> None:
    assert ookla._address("2020", "1").endswith(
        "type=fixed/year=2020/quarter=1/2020-01-01_performance_fixed_tiles.parquet"
    )
    assert ookla._address("2025", "4").endswith("2025-10-01_performance_fixed_tiles.parquet")
