"""Every format that a city hands over, made by the tests."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from intake import SOUTH, WEST, geojson, polygon, said, square, take
from requested import requested
from shapely import LineString, Point, Polygon

from urbanlayer.errors import SourceError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.sources import child

if TYPE_CHECKING:
    from pathlib import Path

SQUARES = gpd.GeoDataFrame(
    {"naziv": ["Šuma", "Žito", "Park"], "broj": np.array([1, 2, 3], dtype="int32")},
    geometry=[Polygon(square(number)) for number in range(3)],
    crs="EPSG:25834",
)


@pytest.mark.parametrize("folder", ["!GIS", "x.zip!", "two\nlines", "a#b ?c%20"])
def test_a_folder_of_any_name_is_read(folder: str, tmp_path: Path) -> None:
    """People put a ! first so that a folder is sorted first; libraries take it for an archive."""
    (tmp_path / folder).mkdir()
    for name in ("green.gpkg", "green.shp", "green.gdb"):
        driver = {"green.gdb": "OpenFileGDB"}.get(name)
        SQUARES.to_file(tmp_path / name, driver=driver, engine="pyogrio")
    for path in list(tmp_path.glob("green.*")):
        path.rename(tmp_path / folder / path.name)
    for name in ("green.gpkg", "green.shp", "green.gdb"):
        assert len(take(tmp_path / folder / name).frame) == 3


def test_a_file_whose_name_is_read_as_an_archive_says_so(tmp_path: Path) -> None:
    SQUARES.to_file(tmp_path / "plain.gpkg", engine="pyogrio")
    (tmp_path / "plain.gpkg").rename(tmp_path / "green!.gpkg")
    with pytest.raises(SourceError, match="rename it"):
        take(tmp_path / "green!.gpkg")


@pytest.mark.parametrize(
    ("name", "driver"),
    [
        ("green.gpkg", "GPKG"),
        ("green.shp", "ESRI Shapefile"),
        ("green.fgb", "FlatGeobuf"),
        ("green.gml", "GML"),
        ("green.gdb", "OpenFileGDB"),
        ("green.geojson", "GeoJSON"),
        ("green.geojsonl", "GeoJSONSeq"),
        ("green.kml", "KML"),
        ("green.kmz", "LIBKML"),
    ],
)
def test_a_format_comes_in_with_its_letters_and_its_areas(
    name: str, driver: str, tmp_path: Path
) -> None:
    lonlat = driver in {"GeoJSON", "GeoJSONSeq", "KML", "LIBKML"}
    frame = SQUARES.to_crs("EPSG:4326") if lonlat else SQUARES
    if "KML" in driver:
        frame = frame.rename(columns={"naziv": "Name"})
    frame.to_file(tmp_path / name, driver=driver)
    layer = take(tmp_path / name, name="Name" if "KML" in driver else "naziv", crs=None)
    assert sorted(layer.frame["name"]) == ["Park", "Šuma", "Žito"]
    assert layer.frame.area.tolist() == pytest.approx([10_000] * 3, rel=1e-4)
    assert len(layer.provenance.digest) == 64


def test_geoparquet_with_maps_structures_and_lists_comes_in(tmp_path: Path) -> None:
    frame = SQUARES.assign(tags=[{"leisure": "park"}] * 3, routes=[["1", "2"]] * 3)
    frame.to_parquet(tmp_path / "green.parquet")
    layer = take(tmp_path / "green.parquet", name="naziv", where={"tags:leisure": "park"})
    assert len(layer) == 3
    assert layer.frame["routes"].iloc[0] == "1;2"


def test_dxf_brings_points_and_closed_lines(tmp_path: Path) -> None:
    # a drawing has no CRS, and one layer in which every kind stands beside the others
    rings = [LineString(square(number)) for number in range(2)]
    frame = gpd.GeoDataFrame({"Layer": ["ZELENO"] * 2}, geometry=rings, crs="EPSG:25834")
    frame.to_file(tmp_path / "green.dxf", driver="DXF")
    layer = take(tmp_path / "green.dxf", crs="EPSG:25834", where={"Layer": "ZELENO"})
    assert layer.frame.area.sum() == pytest.approx(20_000)
    assert "Closed lines taken as polygons" in said(layer)


def test_closed_lines_of_any_number_of_corners_become_polygons(tmp_path: Path) -> None:
    four, six = square(0), square(1)
    six = [*six[:1], [six[0][0] + 50, six[0][1]], *six[1:]]
    frame = gpd.GeoDataFrame(geometry=[LineString(four), LineString(six)], crs="EPSG:25834")
    frame.to_file(tmp_path / "green.dxf", driver="DXF")
    layer = take(tmp_path / "green.dxf", crs="EPSG:25834")
    assert layer.frame.area.tolist() == pytest.approx([10_000, 10_000])


def test_a_csv_of_shapes_as_text_comes_in(tmp_path: Path) -> None:
    (tmp_path / "green.csv").write_text(
        f'naziv;WKT\nPark;"{Polygon(square(0)).wkt}"\nbez;\n', encoding="utf-8"
    )
    layer = take(tmp_path / "green.csv", crs="EPSG:25834", name="naziv")
    assert layer.frame.area.sum() == pytest.approx(10_000)
    assert [entry.reason for entry in layer.excluded] == ["null-geometry"]


def test_a_property_may_be_called_as_the_number_of_a_feature(tmp_path: Path) -> None:
    # GeoJSON features have an `id`, and often a property `id` as well
    frame = SQUARES.to_crs("EPSG:4326").assign(id=["x", "y", "z"])
    frame.to_file(tmp_path / "green.geojson", driver="GeoJSON", ID_FIELD="broj")
    text = (tmp_path / "green.geojson").read_text(encoding="utf-8")
    assert '"id": 1' in text
    layer = take(tmp_path / "green.geojson", key="id")
    assert sorted(layer.frame.index) == ["x", "y", "z"]


def test_where_keeps_what_it_names_and_counts_the_rest_nowhere(tmp_path: Path) -> None:
    SQUARES.to_file(tmp_path / "green.gpkg")
    layer = take(tmp_path / "green.gpkg", where={"broj": [1, 3]})
    assert layer.frame["naziv"].tolist() == ["Šuma", "Park"]
    assert layer.read == 2


def test_languages_of_the_name_become_columns(tmp_path: Path) -> None:
    SQUARES.assign(en=["Wood", "Grain", "Park"]).to_file(tmp_path / "green.gpkg")
    layer = take(tmp_path / "green.gpkg", name={"sr_Latn_ME": "naziv", "en": "en"})
    assert layer.frame["name"].tolist() == ["Šuma", "Žito", "Park"]
    assert layer.frame["name_en"].tolist() == ["Wood", "Grain", "Park"]


def test_the_right_to_show_a_layer_comes_with_it(tmp_path: Path) -> None:
    SQUARES.to_file(tmp_path / "green.gpkg")
    layer = take(
        tmp_path / "green.gpkg", licence="CC-BY-4.0", attribution="Grad", date="2025-11-01"
    )
    assert layer.provenance.licence == "CC-BY-4.0"
    assert str(layer.provenance.date) == "2025-11-01"
    assert layer.provenance.path == "green.gpkg"


@pytest.mark.parametrize("source", [4326, 3857, 8678, 3035])
def test_one_place_comes_out_of_every_crs_alike(source: int, tmp_path: Path) -> None:
    # true to 2 cm: the shift that is undone here is the one that the gate takes
    frame = SQUARES.to_crs(source)
    frame.to_file(tmp_path / "green.gpkg")
    layer = take(tmp_path / "green.gpkg")
    moved = layer.frame.geometry.iloc[0].distance(SQUARES.geometry.iloc[0].centroid)
    assert moved == 0
    assert layer.frame.area.sum() == pytest.approx(30_000, rel=1e-4)
    assert layer.provenance.crs == f"EPSG:{source}"


def test_latitude_before_longitude_is_found_and_mended(tmp_path: Path) -> None:
    points = [Point(WEST + 1000 + 50 * n, SOUTH + 1000) for n in range(5)]
    frame = gpd.GeoDataFrame(geometry=points, crs="EPSG:25834").to_crs("EPSG:4326")
    swapped = [{"type": "Point", "coordinates": [p.y, p.x]} for p in frame.geometry]
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in swapped]
    (tmp_path / "trees.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    layer = take(tmp_path / "trees.geojson", role="trees")
    assert layer.frame.geometry.iloc[0].distance(points[0]) < 0.05
    assert "order latitude and longitude; they were swapped" in said(layer)


def test_a_feature_far_away_that_lies_in_the_city_when_swapped_is_swapped(tmp_path: Path) -> None:
    # one of three parks, which was left 2,800 km away without a word
    frame = SQUARES.to_crs("EPSG:4326")
    shapes = [shapely.geometry.mapping(shape) for shape in frame.geometry]
    turned = shapely.transform(frame.geometry[1], lambda points: points[:, ::-1])
    shapes[1] = shapely.geometry.mapping(turned)
    layer = take(geojson(tmp_path / "green.geojson", shapes, crs="EPSG:4326"))
    assert "swapped, and were repaired: 1 of" in said(layer)
    assert layer.frame.total_bounds == pytest.approx(SQUARES.total_bounds, abs=0.01)


@pytest.mark.parametrize("srs_id", [-1, 0, "prj"])
def test_a_file_that_says_its_crs_is_undefined_declares_none(
    srs_id: int | str, tmp_path: Path
) -> None:
    path = tmp_path / ("green.shp" if srs_id == "prj" else "green.gpkg")
    SQUARES.to_file(path)
    if srs_id == "prj":
        path.with_suffix(".prj").write_text('LOCAL_CS["CAD",UNIT["m",1]]', encoding="utf-8")
    else:
        with contextlib.closing(sqlite3.connect(path)) as base, base:
            base.execute("UPDATE gpkg_geometry_columns SET srs_id = ?", (srs_id,))
            base.execute("UPDATE gpkg_contents SET srs_id = ?", (srs_id,))
    layer = take(path)
    assert "The file declares no CRS. EPSG:25834 is the only one" in said(layer)
    assert layer.frame.total_bounds == pytest.approx(SQUARES.total_bounds)


def placemark(shape: Polygon) -> str:
    corners = " ".join(f"{x:.9f},{y:.9f}" for x, y in shape.exterior.coords)
    ring = f"<LinearRing><coordinates>{corners}</coordinates></LinearRing>"
    outer = f"<outerBoundaryIs>{ring}</outerBoundaryIs>"
    return f"<Placemark><Polygon>{outer}</Polygon></Placemark>"


def test_files_that_a_kml_links_to_are_never_left_out_without_a_word(tmp_path: Path) -> None:
    parks = SQUARES.geometry.to_crs("EPSG:4326")
    document = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
    link = "<NetworkLink><Link><href>files/more.kml</href></Link></NetworkLink>"
    whole = document.format(placemark(parks[0]) + link)
    (tmp_path / "green.kml").write_text(whole, encoding="utf-8")
    layer = take(tmp_path / "green.kml")
    assert len(layer.frame) == 1
    assert "NetworkLink" in dict(layer.excluded[0].detail.values)["why"]
    with zipfile.ZipFile(tmp_path / "green.kmz", "w") as archive:
        archive.writestr("doc.kml", whole)
        archive.writestr("files/more.kml", document.format(placemark(parks[1])))
    with pytest.raises(SourceError, match="1 of 2 features stand in KML files that are not read"):
        take(tmp_path / "green.kmz")


def test_metres_under_the_name_of_degrees_are_refused_with_what_would_fit(tmp_path: Path) -> None:
    from urbanlayer.errors import CrsError

    frame = gpd.GeoDataFrame(geometry=SQUARES.geometry.to_crs(8678).to_numpy(), crs="EPSG:4326")
    frame.to_parquet(tmp_path / "green.parquet")
    with pytest.raises(
        CrsError, match=r'are in metres, but EPSG:4326 is in degrees.*crs = "EPSG:8678"'
    ):
        take(tmp_path / "green.parquet")


def test_web_mercator_under_the_name_of_degrees_is_refused_with_what_would_fit(
    tmp_path: Path,
) -> None:
    from urbanlayer.errors import CrsError

    frame = gpd.GeoDataFrame(geometry=SQUARES.geometry.to_crs(3857).to_numpy(), crs="EPSG:4326")
    frame.to_parquet(tmp_path / "green.parquet")
    with pytest.raises(CrsError, match='crs = "EPSG:3857"'):
        take(tmp_path / "green.parquet")


def test_an_unknown_crs_is_refused(tmp_path: Path) -> None:
    from urbanlayer.errors import CrsError

    SQUARES.to_file(tmp_path / "green.gpkg")
    with pytest.raises(CrsError, match="'EPSG:999999' is not a known CRS"):
        take(tmp_path / "green.gpkg", crs="EPSG:999999")


@pytest.mark.parametrize("driver", ["GPKG", "FlatGeobuf", "ESRI Shapefile"])
@pytest.mark.parametrize("stale", [False, True])
def test_a_box_takes_what_lies_in_it_though_the_index_be_stale(
    driver: str, tmp_path: Path, *, stale: bool
) -> None:
    far = SQUARES.set_geometry(SQUARES.translate(20_000, 0))
    frame = gpd.GeoDataFrame(pd.concat([SQUARES, far]), crs="EPSG:25834").to_crs("EPSG:8678")
    path = tmp_path / {"GPKG": "g.gpkg", "FlatGeobuf": "g.fgb", "ESRI Shapefile": "g.shp"}[driver]
    frame.to_file(path, driver=driver)
    if stale and driver == "GPKG":
        with sqlite3.connect(path) as database:
            database.execute("DELETE FROM rtree_g_geom")
        database.close()
    west, south, east, north = SQUARES.to_crs("EPSG:4326").total_bounds
    layer = take(path, bbox=(west, south, east, north))
    assert len(layer) == (6 if stale and driver == "GPKG" else 3)


def country(path: Path, kind: str) -> int:
    """A file of a country: three features in the city, and two a hundred kilometres away."""
    here = [(19.26, 42.44), (19.27, 42.44), (19.26, 42.45)]
    places = [*here, (20.9, 43.2), (18.5, 43.3)]
    frame = gpd.GeoDataFrame(
        {"broj": range(5)}, geometry=[Point(place) for place in places], crs="EPSG:4326"
    )
    if kind == "csv":
        lines = [f"{lon};{lat}" for lon, lat in places]
        path.write_text("lon;lat\n" + "\n".join(lines), encoding="utf-8")
    elif kind == "gpkg":
        frame.to_file(path)
    else:
        frame.to_parquet(path, write_covering_bbox=kind == "covering")
    return len(here)


@pytest.mark.parametrize("kind", ["csv", "gpkg", "parquet", "covering"])
def test_a_box_keeps_what_reaches_into_it(kind: str, tmp_path: Path) -> None:
    name = "trees.parquet" if kind == "covering" else f"trees.{kind}"
    inside = country(tmp_path / name, kind)
    layer = take(tmp_path / name, role="trees", bbox=(19.2, 42.4, 19.3, 42.5))
    assert layer.read == len(layer) == inside


def test_rows_outside_of_the_box_are_not_read_from_a_file_that_knows_its_bounds(
    tmp_path: Path,
) -> None:
    country(tmp_path / "trees.parquet", "covering")
    path, box = str(tmp_path / "trees.parquet"), (19.2, 42.4, 19.3, 42.5)
    _, table = child.run_table_job("parquet", path=path, layer_name="", box=box)
    assert table.num_rows == 3


def test_what_is_no_such_file_is_told_by_how_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "green.geojson"
    path.write_text("<html>404 Not Found</html>", encoding="utf-8")
    with pytest.raises(SourceError, match="it is no GeoJSON; it begins with '<html>404"):
        take(path)
    (tmp_path / "layers.gpkg").mkdir()
    with pytest.raises(SourceError, match="it is a folder"):
        take(tmp_path / "layers.gpkg")


def test_a_gml_file_with_a_feature_that_cannot_be_read_is_refused_and_nothing_is_left_beside_it(
    tmp_path: Path,
) -> None:
    # GDAL hands on the first of the two, and says nothing of the second
    path = tmp_path / "green.gml"
    SQUARES.to_file(path, driver="GML")
    assert "lowerCorner" not in take(path).frame  # its schema says what is a field
    (tmp_path / "green.xsd").unlink()
    assert take(path).read == 3
    text = path.read_text(encoding="utf-8")
    last = text.rindex("<gml:posList>") + len("<gml:posList>")
    path.write_text(f"{text[:last]}nonsense{text[text.index('<', last) :]}", encoding="utf-8")
    with pytest.raises(SourceError, match="feature 3 of 3 cannot be read"):
        take(path)
    assert [file.name for file in tmp_path.iterdir()] == ["green.gml"]


def test_a_damaged_file_is_read_feature_by_feature_and_tells_which_are_lost(
    tmp_path: Path,
) -> None:
    # the second of three has a ring of two points, of which no polygon can be made
    ring = square(1)[:2]
    path = geojson(
        tmp_path / "green.geojson", [polygon(square(0)), polygon(ring), polygon(square(2))]
    )
    drivers = [requested("green", LayerSpec(path=path.name), path)]
    child.start(drivers)
    about, table = child.run_table_job("salvage", "GeoJSON", path=str(path), layer="green")
    assert table.num_rows == 2
    assert [number for number, _ in about["lost"]] == [1]
    shapes = shapely.from_wkb(table[about["shape"]].to_pylist())
    assert shapely.area(shapes).tolist() == pytest.approx([10_000, 10_000])


def test_a_file_that_cannot_be_read_is_told_once_for_all_its_layers(tmp_path: Path) -> None:
    from urbanlayer.sources import file

    path = tmp_path / "services.geojson"
    path.write_text("<html>404</html>", encoding="utf-8")
    asked = [requested(role, LayerSpec(path=path.name), path) for role in ("school", "clinic")]
    with pytest.raises(SourceError, match=r"^layers 'school', 'clinic' \(services") as caught:
        file.SOURCE.read(asked)
    assert len(caught.value.errors) == 1


def test_a_small_parquet_file_of_endless_rows_is_refused_before_it_is_read(tmp_path: Path) -> None:
    # equal rows pack to next to nothing: fifty copies of one group of 250,000
    shape = shapely.to_wkb(Point(WEST + 100, SOUTH + 100))
    geo = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    group = pa.table(
        {"geometry": pa.array([shape] * 250_000, pa.binary())},
        metadata={"geo": json.dumps(geo)},
    )
    path = tmp_path / "green.parquet"
    with pq.ParquetWriter(path, group.schema) as writer:
        for _ in range(50):
            writer.write_table(group)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(SourceError, match=r"holds 12,500,000 rows, and no layer of a city"):
        take(path)
