"""Archives and databases: damaged, hostile, open in another program, or holding several layers."""

from __future__ import annotations

import gzip
import random
import shutil
import sqlite3
import stat
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from intake import SOUTH, WEST, geojson, polygon, said, square, take
from shapely import Polygon

from urbanlayer.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path


def squares(count: int) -> gpd.GeoDataFrame:
    shapes = [Polygon(square(number % 10, 10.0 + number)) for number in range(count)]
    return gpd.GeoDataFrame({"n": range(count)}, geometry=shapes, crs="EPSG:25834")


def zipped_shapefile(folder: Path) -> Path:
    parts = folder / "parts"
    parts.mkdir()
    squares(3).to_file(parts / "green.shp")
    with zipfile.ZipFile(folder / "green.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(parts.iterdir()):
            archive.write(part, f"data/{part.name}")
    return folder / "green.zip"


def test_a_zipped_shapefile_is_read(tmp_path: Path) -> None:
    assert len(take(zipped_shapefile(tmp_path))) == 3


def test_an_archive_that_was_cut_is_refused(tmp_path: Path) -> None:
    path = zipped_shapefile(tmp_path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(SourceError, match="the archive is damaged"):
        take(path)


def test_an_archive_with_a_flipped_bit_is_refused(tmp_path: Path) -> None:
    path = zipped_shapefile(tmp_path)
    content = bytearray(path.read_bytes())
    content[80] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(SourceError, match="damaged"):
        take(path)


def test_an_archive_that_would_unpack_to_far_more_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "green.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("green.geojson", b" " * 50_000_000)
    with pytest.raises(SourceError, match="it would unpack to 50 MB"):
        take(tmp_path / "green.zip")


@pytest.mark.parametrize("name", ["../../evil.geojson", "/etc/evil.geojson", "C:\\evil.geojson"])
def test_an_archive_that_points_out_of_itself_is_refused(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "green.zip", "w") as archive:
        archive.writestr(name, "{}")
    with pytest.raises(SourceError, match="it points out of itself"):
        take(tmp_path / "green.zip")


def test_an_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("green.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "green.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(SourceError, match="it holds a link"):
        take(tmp_path / "green.zip")


def test_an_archive_of_two_data_sets_asks_which(tmp_path: Path) -> None:
    one = geojson(tmp_path / "a.geojson", [polygon(square(0))])
    two = geojson(tmp_path / "b.geojson", [polygon(square(n)) for n in range(2)])
    with zipfile.ZipFile(tmp_path / "green.zip", "w") as archive:
        archive.write(one, "a.geojson")
        archive.write(two, "b.geojson")
    with pytest.raises(SourceError, match=r"holds a\.geojson, b\.geojson; choose by"):
        take(tmp_path / "green.zip")
    assert len(take(tmp_path / "green.zip", layer="b")) == 2


def test_a_geopackage_of_two_layers_asks_which(tmp_path: Path) -> None:
    path = tmp_path / "green.gpkg"
    squares(2).to_file(path, layer="parkovi")
    squares(4).to_file(path, layer="sume")
    with pytest.raises(SourceError, match=r"holds 2 layers \(parkovi, sume\); choose by layer"):
        take(path)
    assert len(take(path, layer="sume")) == 4
    with pytest.raises(
        SourceError, match="there is no layer 'parkov' in it; did you mean 'parkovi'"
    ):
        take(path, layer="parkov")


def test_what_another_program_has_saved_but_not_written_out_is_read(tmp_path: Path) -> None:
    path = tmp_path / "green.gpkg"
    squares(3).to_file(path, layer="green")
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    for (trigger,) in writer.execute(
        "SELECT name FROM sqlite_master WHERE type='trigger'"
    ).fetchall():
        writer.execute(f"DROP TRIGGER {trigger}")
    writer.execute("INSERT INTO green (geom, n) SELECT geom, 99 FROM green WHERE n = 0")
    writer.execute("UPDATE green SET geom = (SELECT geom FROM green WHERE n = 1) WHERE n = 98")
    writer.commit()
    try:
        layer = take(path, role="benches")
    finally:
        writer.close()
    assert len(layer) == 4
    assert "open in another program" in said(layer)


def test_a_geopackage_that_another_program_locks_is_read(tmp_path: Path) -> None:
    path = tmp_path / "green.gpkg"
    squares(3).to_file(path, layer="green")
    writer = sqlite3.connect(path)
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert len(take(path)) == 3
    finally:
        writer.close()


def test_a_damaged_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "green.gpkg"
    squares(2000).to_file(path, layer="green")
    content = bytearray(path.read_bytes())
    chance = random.Random(1)  # noqa: S311  (damage, not secrets)
    for page in range(8, len(content) // 4096, 3):
        content[page * 4096 : page * 4096 + 200] = chance.randbytes(200)
    path.write_bytes(content)
    with pytest.raises(SourceError, match="the database is damaged"):
        take(path)


def test_reading_changes_no_input(tmp_path: Path) -> None:
    squares(3).to_file(tmp_path / "green.gpkg", layer="green")
    squares(3).to_file(tmp_path / "green.gml", driver="GML")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    take(tmp_path / "green.gpkg")
    take(tmp_path / "green.gml", crs="EPSG:25834")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("plan.dwg", "save it as DXF"),
        ("city.qgz", "name the file that the project shows"),
        ("city.pbf", 'set source = "osm"'),
        ("green.xyz", "known are"),
    ],
)
def test_what_is_not_read_is_refused_with_advice(name: str, advice: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"AC1032")
    with pytest.raises(SourceError, match=advice):
        take(tmp_path / name)


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    squares(1).to_file(tmp_path / "parkovi.gpkg", layer="green")
    with pytest.raises(SourceError, match=r"there is no such file; did you mean 'parkovi\.gpkg'"):
        take(tmp_path / "parkova.gpkg")
    shutil.rmtree(tmp_path)
    with pytest.raises(SourceError, match="there is no folder"):
        take(tmp_path / "parkovi.gpkg")


def test_a_shape_that_is_garbage_is_set_aside_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "green.gpkg"
    squares(5).to_file(path, layer="green", SPATIAL_INDEX="NO")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE green SET geom = x'0000112233' WHERE n = 3")
    database.close()
    layer = take(path)
    assert len(layer) == 4
    assert len(layer.excluded) == 1


def test_text_that_is_no_text_costs_its_feature_alone(tmp_path: Path) -> None:
    path = tmp_path / "green.gpkg"
    frame = squares(5)
    frame["naziv"] = ["a", "b", "c", "d", "e"]
    frame.to_file(path, layer="green", SPATIAL_INDEX="NO")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE green SET naziv = CAST(x'C5A1FF8A' AS TEXT) WHERE n = 3")
    database.close()
    layer = take(path, name="naziv")
    assert len(layer) >= 4
    assert layer.frame["name"].tolist()[:3] == ["a", "b", "c"]


@pytest.mark.parametrize("share", [0.4, 0.9])
def test_half_a_flatgeobuf_is_no_layer(share: float, tmp_path: Path) -> None:
    path = tmp_path / "green.fgb"
    squares(500).to_file(path, driver="FlatGeobuf")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(SourceError, match="cannot be read"):
        take(path)


def test_a_line_that_is_broken_is_told(tmp_path: Path) -> None:
    path = tmp_path / "green.geojsonl"
    squares(5).to_crs("EPSG:4326").to_file(path, driver="GeoJSONSeq")
    lines = path.read_text().splitlines()
    lines[2] = lines[2][: len(lines[2]) // 2]
    path.write_text("\n".join(lines) + "\n")
    layer = take(path)
    assert layer.read == 5
    assert [entry.reason for entry in layer.excluded] == ["unreadable"]
    assert "line 3 is no JSON" in str(dict(layer.excluded[0].detail.values)["why"])


@pytest.mark.parametrize("name", ["green.gpkg.gz", "green.geojson.gz", "green.gpkg.zip", "g.zip"])
def test_a_packed_file_is_read_as_the_file_in_it(name: str, tmp_path: Path) -> None:
    inner = "green.geojson" if "geojson" in name else "green.gpkg"
    plain = tmp_path / inner
    squares(2).to_file(plain)
    content = plain.read_bytes()
    plain.unlink()
    if name.endswith(".gz"):
        (tmp_path / name).write_bytes(gzip.compress(content))
    else:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(f"data/{inner}", content)
            archive.writestr("data/metadata.csv", "name,value\n")
    layer = take(tmp_path / name, crs=None)
    assert layer.frame.area.tolist() == pytest.approx([10**2, 11**2], rel=1e-3)


def test_a_table_and_a_grid_are_read_from_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", f"x;y\n{WEST + 1000};{SOUTH + 1000}\n")
        archive.writestr("readme.txt", "x")
    assert len(take(tmp_path / "a.zip", role="school", crs="EPSG:25834", x="x", y="y")) == 1
    how = {"driver": "GTiff", "width": 40, "height": 40, "count": 1, "dtype": "float32"}
    grid = Affine(100, 0, WEST, 0, -100, SOUTH + 4000)
    with rasterio.open(tmp_path / "p.tif", "w", crs="EPSG:25834", transform=grid, **how) as band:
        band.write(np.full((1, 40, 40), 2.0, dtype="float32"))
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.write(tmp_path / "p.tif", "GHS/p.tif")
    (tmp_path / "p.tif").unlink()
    for source in ("file", "raster"):
        raster = take(tmp_path / "p.zip", role="population", source=source)
        assert np.nansum(raster.values) == 2 * 1600


def test_a_damaged_gzip_file_and_a_bomb_are_refused(tmp_path: Path) -> None:
    packed = gzip.compress(bytes(20_000_000))
    (tmp_path / "green.gpkg.gz").write_bytes(packed)
    with pytest.raises(SourceError, match="would unpack to more than 10 MB"):
        take(tmp_path / "green.gpkg.gz")
    (tmp_path / "green.gpkg.gz").write_bytes(gzip.compress(b"some text " * 100)[:-12])
    with pytest.raises(SourceError, match="the archive is damaged"):
        take(tmp_path / "green.gpkg.gz")
