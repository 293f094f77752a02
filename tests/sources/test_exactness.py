"""Keys, rows and values come in as the file has them, and half a file is refused."""

from __future__ import annotations

import json
import shutil
import struct
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rasterio
from affine import Affine
from intake import SOUTH, WEST, geojson, polygon, said, square, take
from server import Answer
from shapely import Point, Polygon

from urbanlayer.errors import LayerError, SourceError
from urbanlayer.sources._wkb import shapes_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from server import Asked, Server

FIRST = 900_719_925_474_099_301
"""A key of eighteen digits; float64 has no number between it and its next one."""
KEYS = [FIRST, FIRST + 1, FIRST + 2, None]
WHOLE = [str(FIRST), str(FIRST + 1), str(FIRST + 2)]


def squares(**columns: Any) -> gpd.GeoDataFrame:
    count = len(next(iter(columns.values())))
    shapes = [Polygon(square(number)) for number in range(count)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:25834")


@pytest.mark.parametrize("name", ["green.gpkg", "green.fgb", "green.geojson", "green.gdb", "g.shp"])
def test_keys_of_eighteen_digits_beside_a_missing_one_stay_whole(name: str, tmp_path: Path) -> None:
    frame = squares(sifra=pd.array(KEYS, dtype="Int64"))
    if name.endswith(".geojson"):
        geojson(tmp_path / name, [polygon(square(n)) for n in range(4)], sifra=KEYS)
    elif name.endswith(".gdb"):  # version 10 and before have no 64-bit whole numbers
        frame.to_file(
            tmp_path / name, driver="OpenFileGDB", TARGET_ARCGIS_VERSION="ARCGIS_PRO_3_2_OR_LATER"
        )
    else:
        frame.to_file(tmp_path / name)
    layer = take(tmp_path / name, key="sifra", crs=None)
    assert sorted(layer.frame.index) == WHOLE
    assert [entry.reason for entry in layer.excluded] == ["no-key"]


def test_keys_of_a_parquet_file_stay_whole(tmp_path: Path) -> None:
    squares(sifra=pd.array(KEYS, dtype="Int64")).to_parquet(tmp_path / "green.parquet")
    layer = take(tmp_path / "green.parquet", key="sifra", crs=None)
    assert sorted(layer.frame.index) == WHOLE


def test_keys_of_a_table_stay_whole(tmp_path: Path) -> None:
    rows = [f"{key or ''},{WEST + 1000 + n},{SOUTH + 1000}" for n, key in enumerate(KEYS)]
    (tmp_path / "a.csv").write_text("\n".join(["sifra,x,y", *rows]), encoding="utf-8")
    layer = take(tmp_path / "a.csv", role="school", key="sifra", crs="EPSG:25834")
    assert sorted(layer.frame.index) == WHOLE


def test_keys_of_a_service_stay_whole(server: Server, tmp_path: Path, cache: Path) -> None:
    del cache
    features = [
        {
            "type": "Feature",
            "properties": {"sifra": key},
            "geometry": {"type": "Point", "coordinates": [19.26 + number / 1000, 42.44]},
        }
        for number, key in enumerate(KEYS)
    ]
    server.routes["/c/items"] = [as_json({"type": "FeatureCollection", "features": features})]
    url = f"{server.url}/c"
    layer = take(tmp_path / "s", role="school", source="ogcapi", path=url, key="sifra")
    assert sorted(layer.frame.index) == WHOLE


def test_a_key_of_sixteen_digits_in_a_column_of_decimals_stays_whole(tmp_path: Path) -> None:
    squares(sifra=[1234567890123456.0, 1234567890123457.0]).to_file(tmp_path / "green.gpkg")
    layer = take(tmp_path / "green.gpkg", key="sifra", crs=None)
    assert sorted(layer.frame.index) == ["1234567890123456", "1234567890123457"]


@pytest.mark.parametrize(
    "name", ["g.dxf", "g.gml", "g.kml", "g.geojson", "g.fgb", "g.gpkg", "g.shp", "g.parquet"]
)
@pytest.mark.parametrize("share", [0.4, 0.6, 0.9])
def test_a_file_that_was_cut_is_refused(name: str, share: float, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"Name": [f"park {number}" for number in range(300)]},
        geometry=[Polygon(square(number % 15)) for number in range(300)],
        crs="EPSG:25834",
    )
    path = tmp_path / name
    if name.endswith(".dxf"):
        frame[["geometry"]].to_file(path, driver="DXF")
    elif name.endswith(".parquet"):
        frame.to_parquet(path)
    else:
        driver = "KML" if name.endswith(".kml") else None
        (frame.to_crs("EPSG:4326") if driver else frame).to_file(path, driver=driver)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(SourceError, match=name.replace(".", r"\.")):
        take(path, crs=None)


@pytest.mark.parametrize("wrong", ["null", '{"type": "Featur"}', "7", '{"type": "Point"}'])
def test_what_is_no_feature_among_those_of_geojson_is_listed(wrong: str, tmp_path: Path) -> None:
    geojson(tmp_path / "g.geojson", [polygon(square(number)) for number in range(3)])
    whole = json.loads((tmp_path / "g.geojson").read_text(encoding="utf-8"))
    whole["features"][1] = json.loads(wrong)
    (tmp_path / "g.geojson").write_text(json.dumps(whole), encoding="utf-8")
    layer = take(tmp_path / "g.geojson")
    assert len(layer) == 2
    assert [(one.feature, one.reason) for one in layer.excluded] == [("1", "unreadable")]


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ({"numberMatched": 7, "numberReturned": 2}, "2 of 7 features"),
        ({"totalFeatures": 7}, "2 of 7 features"),
        ({"numberMatched": 7, "bbox": True}, "2 of 7 features"),
        ({"exceededTransferLimit": True}, "held others back"),
        ({"properties": {"exceededTransferLimit": True}}, "held others back"),
        ({"links": [{"rel": "next", "href": "https://a.example/?offset=2"}]}, "next page"),
        ({"numberMatched": 2, "links": [{"rel": "next", "href": "https://a.example/"}]}, ""),
        ({"totalFeatures": "unknown", "links": [{"rel": "self"}]}, ""),
    ],
)
def test_a_saved_page_of_a_service_is_no_layer(
    told: dict[str, Any], refused: str, tmp_path: Path
) -> None:
    path = geojson(tmp_path / "green.geojson", [polygon(square(n)) for n in range(2)])
    content = json.loads(path.read_text(encoding="utf-8"))
    box = {"bbox": [19.0, 42.0, 20.0, 43.0]} if told.pop("bbox", None) else {}
    path.write_text(json.dumps(content | told), encoding="utf-8")
    if not refused:
        assert len(take(path, crs=None)) == 2
        return
    with pytest.raises(SourceError, match=f"{refused}.*one page of a service"):
        take(path, crs=None, **box)


@pytest.mark.parametrize(
    ("attributes", "refused"),
    [
        ('numberMatched="5" numberReturned="1"', "1 of 5 features"),
        ('numberMatched="unknown" numberReturned="1" next="https://a.example/"', "next page"),
        ('numberOfFeatures="5"', "1 of 5 features"),
        ('numberMatched="1" numberReturned="1" next=""', ""),
    ],
)
def test_a_saved_page_of_gml_is_no_layer(attributes: str, refused: str, tmp_path: Path) -> None:
    wfs, gml = "http://www.opengis.net/wfs/2.0", "http://www.opengis.net/gml/3.2"
    (tmp_path / "s.gml").write_text(
        f'<wfs:FeatureCollection xmlns:wfs="{wfs}" xmlns:gml="{gml}" xmlns:a="https://a.example" '
        f'{attributes}><wfs:member><a:s gml:id="s.1"><a:place><gml:Point srsName="EPSG:25834">'
        f"<gml:pos>{WEST + 1000} {SOUTH + 1000}</gml:pos></gml:Point></a:place></a:s></wfs:member>"
        "</wfs:FeatureCollection>",
        encoding="utf-8",
    )
    if not refused:
        assert len(take(tmp_path / "s.gml", role="school", crs=None)) == 1
        return
    with pytest.raises(SourceError, match=f"{refused}.*one page of a service"):
        take(tmp_path / "s.gml", role="school", crs=None)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ('{"version": 0.6, "generator": "Overpass API", "elements": []}', r"\[out:xml\]"),
        ('{"geometryType": "esriGeometryPoint", "features": []}', "f=geojson"),
        ('{"type": "Topology", "objects": {}}', "save it as GeoJSON"),
    ],
)
def test_json_of_another_kind_says_what_to_do(text: str, advice: str, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=f"it is no GeoJSON, but .*{advice}"):
        take(tmp_path / "s.json", role="school", crs=None)


def test_a_line_of_json_that_is_no_feature_is_listed(tmp_path: Path) -> None:
    point = {"type": "Feature", "properties": {}, "geometry": polygon(square(0))}
    lines = [point, {**point, "type": "Featur"}, {**point, "geometry": polygon(square(1))}]
    text = "\n".join(json.dumps(line) for line in lines)
    (tmp_path / "g.geojsonl").write_text(text, encoding="utf-8")
    layer = take(tmp_path / "g.geojsonl", crs="EPSG:25834")
    assert (len(layer), [one.feature for one in layer.excluded]) == (2, ["2"])


def test_records_of_several_lines_are_features_and_no_line_is_lost(tmp_path: Path) -> None:
    records = [
        {"type": "Feature", "properties": {"id": n}, "geometry": polygon(square(n))}
        for n in range(3)
    ]
    path = tmp_path / "green.geojsons"  # RFC 8142
    path.write_text("".join(f"\x1e{json.dumps(each, indent=1)}\n" for each in records))
    layer = take(path, crs="EPSG:25834")
    assert (len(layer), layer.excluded) == (3, ())


def test_a_flatgeobuf_that_ends_within_a_length_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "g.fgb"
    squares(sifra=list(range(12))).to_file(path, SPATIAL_INDEX="NO")
    content = path.read_bytes()
    for cut in (1, 2, 3):
        last = len(content) - len(_last_feature(content)) - 4
        path.write_bytes(content[: last + cut])
        with pytest.raises(SourceError, match=r"g\.fgb.*feature 12 of 12"):
            take(path)


def _last_feature(content: bytes) -> bytes:
    """The last feature of a FlatGeobuf file whose features have one length, without that length."""
    for size in range(16, len(content) // 2):
        ends = content[-size - 4 : -size]
        if struct.unpack("<I", ends)[0] == size:
            return content[-size:]
    raise AssertionError


@pytest.mark.parametrize("wrong", ["1,5", ""])
def test_a_gml_with_half_a_position_is_refused(wrong: str, tmp_path: Path) -> None:
    # GDAL ends there without a word, and its count of the features does too
    path = tmp_path / "g.gml"
    squares(sifra=list(range(9))).to_file(path, driver="GML")
    text = path.read_text(encoding="utf-8")
    first = f"posList>{square(4)[0][0]:.0f} "
    assert first in text
    path.write_text(text.replace(first, f"posList>{wrong} ", 1), encoding="utf-8")
    with pytest.raises(SourceError, match=r"g\.gml.*feature 5 of 9"):
        take(path)


@pytest.mark.parametrize(
    ("at", "number", "said_of_it"),
    [
        (24, 50 + 3 * 4 - 4, "states another length"),
        (100 + 8, 10**6, "points to shapes that are not there"),
        (100 + 8, 50, "points to another shape for row 2"),
    ],
)
def test_an_index_of_a_shapefile_that_leads_elsewhere_is_refused(
    at: int, number: int, said_of_it: str, tmp_path: Path
) -> None:
    # a .shx file has 100 bytes of heading, its length at 24, then offset and length of each shape,
    # all counted in words of two bytes (ESRI Shapefile Technical Description)
    squares(sifra=[7, 8, 9]).to_file(tmp_path / "g.shp")
    index = bytearray((tmp_path / "g.shx").read_bytes())
    index[at : at + 4] = struct.pack(">I", number)
    (tmp_path / "g.shx").write_bytes(bytes(index))
    with pytest.raises(SourceError, match=rf"g\.shp.*g\.shx {said_of_it}"):
        take(tmp_path / "g.shp")


def test_a_projection_with_impossible_parameters_is_an_error_of_the_layer(tmp_path: Path) -> None:
    squares(sifra=[7, 8, 9]).to_file(tmp_path / "g.shp")
    written = (tmp_path / "g.prj").read_text(encoding="ascii")
    assert '"Scale_Factor",0.9996' in written
    wrong = written.replace('"Scale_Factor",0.9996', '"Scale_Factor",0')
    (tmp_path / "g.prj").write_text(wrong, encoding="ascii")
    with pytest.raises(LayerError, match=r"g\.shp"):
        take(tmp_path / "g.shp", crs=None)


def drawing(path: Path) -> bytes:
    rings = [Polygon(square(number)).exterior for number in range(9)]
    gpd.GeoDataFrame(geometry=rings, crs="EPSG:25834").to_file(path, driver="DXF")
    return path.read_bytes()


def test_a_drawing_without_one_of_its_lines_is_refused(tmp_path: Path) -> None:
    content = drawing(tmp_path / "g.dxf")
    line = f"\n{square(4)[1][0]:.0f}".encode()
    assert line in content
    (tmp_path / "g.dxf").write_bytes(content.replace(line, b"", 1))
    with pytest.raises(SourceError, match=r"g\.dxf.*line \d+ has to be a group code"):
        take(tmp_path / "g.dxf", crs="EPSG:25834")


def test_entities_of_a_drawing_that_are_not_read_are_listed(tmp_path: Path) -> None:
    content = drawing(tmp_path / "g.dxf")
    (tmp_path / "g.dxf").write_bytes(content.replace(b"LWPOLYLINE", b"AEC_WALL", 2))
    layer = take(tmp_path / "g.dxf", crs="EPSG:25834")
    assert (len(layer), [one.reason for one in layer.excluded]) == (7, ["unreadable"] * 2)


def test_a_parquet_file_whose_text_is_damaged_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "g.parquet"
    squares(naziv=["Šuma", "Žito"]).to_parquet(path, compression=None)
    content = path.read_bytes()
    assert "Šuma".encode() in content
    path.write_bytes(content.replace("Šuma".encode(), b"\xffuma "))
    with pytest.raises(SourceError, match=r"g\.parquet.*column 'naziv' is damaged"):
        take(path)


@pytest.mark.parametrize("last", ['"Ruža"', 'Ruža"', "Ruža"])
def test_a_quotation_mark_without_an_end_is_refused_with_its_line(
    last: str, tmp_path: Path
) -> None:
    rows = ["id,lon,lat,naziv", "1,19.264,42.441,Sunce", '2,19.265,42.442,"Kod mosta']
    rows += ["3,19.266,42.442,Zdravlje", f"4,19.267,42.443,{last}", "5,19.268,42.443,Lipa"]
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(SourceError, match=r"a\.csv.*quotation mark in line 3"):
        take(tmp_path / "a.csv", role="pharmacy", key="id")


def test_a_text_of_several_lines_in_quotation_marks_is_one_cell(tmp_path: Path) -> None:
    rows = ["id,lon,lat,naziv", '1,19.264,42.441,"Sunce\nradi do 20, nedjeljom do 12"']
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    layer = take(tmp_path / "a.csv", role="pharmacy", key="id", name="naziv")
    assert layer.frame["name"].tolist() == ["Sunce\nradi do 20, nedjeljom do 12"]


def test_a_heading_of_semicolons_separates_shapes_with_commas(tmp_path: Path) -> None:
    rows = ["id;geom", *(f"{n};{Polygon(square(n)).wkt}" for n in range(3))]
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    layer = take(tmp_path / "a.csv", key="id", crs="EPSG:25834")
    assert layer.frame.area.tolist() == pytest.approx([10_000.0] * 3)


def test_a_shape_of_two_hundred_thousand_letters_is_read(tmp_path: Path) -> None:
    disc = Point(WEST + 2000, SOUTH + 2000).buffer(100, quad_segs=1500)
    assert len(disc.wkt) > 200_000
    (tmp_path / "a.csv").write_text(f'id,geom\n1,"{disc.wkt}"', encoding="utf-8")
    layer = take(tmp_path / "a.csv", key="id", crs="EPSG:25834")
    assert layer.frame.area.tolist() == pytest.approx([np.pi * 100**2], rel=1e-4)


@pytest.mark.parametrize(("role", "field"), [("green", "public"), ("streets", "closed")])
def test_a_declared_value_that_no_feature_has_is_refused(
    role: str, field: str, tmp_path: Path
) -> None:
    shapes: list[Any] = [polygon(square(n)) for n in range(2)]
    if role == "streets":
        shapes = [{"type": "LineString", "coordinates": square(n)[:2]} for n in range(2)]
    path = geojson(tmp_path / "a.geojson", shapes, javno=["Javna površina", "Privatno"])
    with pytest.raises(LayerError, match=r"no feature has javno = javno.*Javna površina"):
        take(path, role=role, **{field: {"javno": "javno"}})


@pytest.mark.parametrize("nodata", [np.nan, 0.0])
def test_a_second_value_for_no_data_is_refused(nodata: float, tmp_path: Path) -> None:
    values = np.full((40, 40), 32.0, dtype="float32")
    values[:4, :4] = -999
    values[39, 39] = nodata
    written(tmp_path / "grid.tif", values, nodata)
    with pytest.raises(LayerError, match=r"16 \(1%\) of its cells hold -999 beside"):
        take(tmp_path / "grid.tif", role="heat")
    heat = take(tmp_path / "grid.tif", role="heat", nodata=-999)
    assert np.nanmean(heat.values) == pytest.approx(32.0)


def written(path: Path, values: np.ndarray, nodata: float) -> None:
    with rasterio.open(
        path, "w", driver="GTiff", height=40, width=40, count=1, dtype=values.dtype, nodata=nodata,
        crs="EPSG:25834", transform=Affine(100, 0, WEST, 0, -100, SOUTH + 4000),
    ) as data:  # fmt: skip
        data.write(values, 1)


def test_a_file_next_to_a_raster_is_reported_and_is_part_of_its_digest(tmp_path: Path) -> None:
    written(tmp_path / "grid.tif", np.full((40, 40), 32.0, dtype="float32"), 0.0)
    alone = take(tmp_path / "grid.tif", role="heat")
    side = tmp_path / "grid.tif.aux.xml"
    digests = {alone.provenance.digest}
    for offset in (5, 6):
        band = f'<PAMRasterBand band="1"><Offset>{offset}</Offset><Scale>2</Scale></PAMRasterBand>'
        side.write_text(f"<PAMDataset>{band}</PAMDataset>", encoding="utf-8")
        heat = take(tmp_path / "grid.tif", role="heat")
        assert "grid.tif.aux.xml" in said(heat)
        digests.add(heat.provenance.digest)
    assert len(digests) == 3


@pytest.mark.parametrize("sign", [b"\x00", b"<&", b"&nothing;"])
def test_a_gml_with_one_stray_sign_is_refused(sign: bytes, tmp_path: Path) -> None:
    path = tmp_path / "g.gml"
    names = [f"park {number}" for number in range(60)]
    shapes = [Polygon(square(number % 15)) for number in range(60)]
    gpd.GeoDataFrame({"n": names}, geometry=shapes, crs="EPSG:25834").to_file(path, driver="GML")
    assert path.with_suffix(".xsd").exists()  # with it GDAL ends without a word
    path.write_bytes(path.read_bytes().replace(b"park 30", b"park" + sign + b"30"))
    with pytest.raises(SourceError, match=r"g\.gml.*its XML is broken.*line"):
        take(path)


@pytest.mark.parametrize(
    ("years", "kept"), [([0, 1975, 1990], [1975, 1990]), ([75, 1975, 1990], [1975, 1990])]
)
def test_a_year_of_fewer_digits_is_unknown(
    years: list[int], kept: list[int], tmp_path: Path
) -> None:
    shapes = [Polygon(square(number)) for number in range(3)]
    path = tmp_path / "b.gpkg"
    gpd.GeoDataFrame({"god": years}, geometry=shapes, crs="EPSG:25834").to_file(path)
    layer = take(path, role="buildings", year="god")
    assert layer.frame["year"].dropna().tolist() == kept
    assert f"not numbers ({years[0]}), taken as unknown: 1 of 3" in said(layer)


def test_years_as_milliseconds_are_refused(tmp_path: Path) -> None:
    shapes = [polygon(square(n)) for n in range(2)]
    path = geojson(tmp_path / "b.geojson", shapes, god=[157_766_400_000, 946_684_800_000])
    with pytest.raises(LayerError, match=r"'god' are no years \(157766400000.*milliseconds"):
        take(path, role="buildings", year="god")


def test_one_impossible_year_of_many_is_unknown(tmp_path: Path) -> None:
    shapes = [polygon(square(n)) for n in range(3)]
    path = geojson(tmp_path / "b.geojson", shapes, god=[1975, 2000, 19_755])
    layer = take(path, role="buildings", year="god")
    assert layer.frame["year"].dropna().tolist() == [1975, 2000]
    assert "19755" in said(layer)


@pytest.mark.parametrize(("marks", "kept"), [([None, "yes"], 1), ([None, "no"], 2)])
def test_a_part_within_a_building_of_a_file_adds_no_floor_area(
    marks: list[str | None], kept: int, tmp_path: Path
) -> None:
    whole = Polygon(square(0))
    path = tmp_path / "b.gpkg"
    frame = gpd.GeoDataFrame({"building_part": marks}, geometry=[whole, whole.buffer(-10)])
    frame.set_crs("EPSG:25834").to_file(path)
    assert len(take(path, role="buildings").frame) == kept


def test_deleted_rows_of_a_shapefile_are_no_features(tmp_path: Path) -> None:
    squares(sifra=["a", "b", "c"]).to_file(tmp_path / "g.shp")
    table = tmp_path / "g.dbf"
    content = bytearray(table.read_bytes())
    head, length = struct.unpack("<HH", content[8:12])
    content[head + length] = ord("*")  # of the second row
    table.write_bytes(content)
    layer = take(tmp_path / "g.shp", key="sifra", crs=None)
    assert sorted(layer.frame.index) == ["a", "c"]


def test_western_names_without_a_codepage_are_read_as_western_and_reported(
    tmp_path: Path,
) -> None:
    names = ["Peñagrande", "Cañada", "Montaña"]
    squares(naziv=names).to_file(tmp_path / "g.shp", encoding="cp1252")
    (tmp_path / "g.cpg").unlink()
    layer = take(tmp_path / "g.shp", name="naziv", crs=None)
    assert sorted(layer.frame["name"]) == sorted(names)
    assert "cp1252 / cp1250" in said(layer)


def test_a_second_geometry_column_is_no_field(tmp_path: Path) -> None:
    frame = squares(sifra=["a", "b"])
    frame["middle"] = frame.centroid
    frame.to_parquet(tmp_path / "g.parquet")
    layer = take(tmp_path / "g.parquet", key="sifra", crs=None)
    assert layer.frame.area.tolist() == pytest.approx([10_000.0] * 2)
    assert "middle" not in layer.frame.columns


def test_a_column_of_pictures_is_no_field(tmp_path: Path) -> None:
    squares(sifra=["a", "b"]).to_parquet(tmp_path / "g.parquet")
    table = pq.read_table(tmp_path / "g.parquet")
    table = table.append_column("slika", pa.array([b"\xff\xd8", b"\xff\xd9"]))
    pq.write_table(table, tmp_path / "g.parquet")
    assert len(take(tmp_path / "g.parquet", key="sifra", crs=None)) == 2


def test_a_geodatabase_in_a_zip_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "packed" / "grad.gdb"
    folder.parent.mkdir()
    squares(sifra=["a", "b"]).to_file(folder, driver="OpenFileGDB", layer="zelenilo")
    shutil.make_archive(str(tmp_path / "grad.gdb"), "zip", folder.parent)
    for chosen in (None, "zelenilo"):
        layer = take(tmp_path / "grad.gdb.zip", key="sifra", crs=None, layer=chosen)
        assert layer.frame.area.tolist() == pytest.approx([10_000.0] * 2)


def test_a_merged_category_holds_for_each_of_its_rows(tmp_path: Path) -> None:
    categories = ["vrtić", None, None, "škola", None]
    write_sheet(tmp_path / "a.xlsx", "vrsta", categories, "C2:C4", "C5:C6")
    layer = take(tmp_path / "a.xlsx", role="kindergarten", where={"vrsta": "vrtić"})
    assert len(layer) == 3


def test_a_merged_number_is_refused(tmp_path: Path) -> None:
    write_sheet(tmp_path / "a.xlsx", "ljudi", [60, None, None, 20, 30], "C2:C4")
    with pytest.raises(SourceError, match="rows 2 to 4, hold the number 60"):
        take(tmp_path / "a.xlsx", role="kindergarten")


@pytest.mark.parametrize("number_format", ["0%", "0.00\\\\ %", "[>1]0%;0.0%"])
def test_a_cell_of_a_percentage_is_no_count_of_people(number_format: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_sheet(path, "ljudi", [60, 0.205, 3, 20, 30], number_format=("C3", number_format))
    with pytest.raises(LayerError, match=r"1 of 5 values of 'ljudi' are percentages \(2: 20\.5%\)"):
        take(path, role="population", people="ljudi")


def test_a_percent_sign_that_a_number_format_quotes_is_no_percentage(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_sheet(path, "ljudi", [60, 10, 3, 20, 30], number_format=("C3", '0"%"'))
    assert take(path, role="population", people="ljudi").frame["people"].sum() == 123


def test_rows_that_a_sheet_hides_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_sheet(
        path, "ljudi", [60, 10, 3, 20, 30], hidden=(1, 3, 6, 9)
    )  # 1 is the heading, 9 empty
    layer = take(path, role="population", people="ljudi")
    assert layer.frame["people"].sum() == 123
    assert "Rows that the sheet hides, by a filter for instance, were read too: 2." in said(layer)


@pytest.mark.parametrize("unit", ["broj", "(osoba)", "integer"])
def test_a_row_of_units_below_the_heading_is_named(unit: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_sheet(path, "ljudi", [unit, 10, 3, 20, 30])
    with pytest.raises(LayerError, match="Delete a row of units or types below the heading"):
        take(path, role="population", people="ljudi")
    write_sheet(path, "ljudi", ["90*", 10, 3, 20, 30])
    with pytest.raises(LayerError, match=r"not known\.$"):
        take(path, role="population", people="ljudi")


def write_sheet(
    path: Path,
    name: str,
    values: list[Any],
    *merged: str,
    number_format: tuple[str, str] | None = None,
    hidden: tuple[int, ...] = (),
) -> None:
    """Write a workbook of five points with a third column, of merged cells for instance."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["lon", "lat", name])
    for number, value in enumerate(values):
        sheet.append([19.26 + number / 1000, 42.44, value])
    for cells in merged:
        sheet.merge_cells(cells)
    if number_format is not None:
        sheet[number_format[0]].number_format = number_format[1]
    for row in hidden:
        sheet.row_dimensions[row].hidden = True
    book.save(path)


def test_a_tin_becomes_its_ground_plan() -> None:
    # two triangles that make a square of 10 m, and a wall of 10 m by 3 m above its south edge
    faces = [
        [(0, 0, 3), (10, 0, 3), (10, 10, 3)],
        [(0, 0, 3), (10, 10, 3), (0, 10, 3)],
        [(0, 0, 0), (10, 0, 0), (10, 0, 3)],
    ]
    tin = struct.pack("<BII", 1, 1016, len(faces))
    for face in faces:
        tin += struct.pack("<BIII", 1, 1017, 1, 4)
        tin += b"".join(struct.pack("<3d", *point) for point in [*face, face[0]])
    whole, cut = shapes_of(np.array([tin, tin[:-9]], dtype=object))
    assert whole.equals(Polygon([(0, 0), (10, 0), (10, 10), (0, 10)]))
    assert cut is None


# Feature services


def as_json(content: dict[str, Any]) -> Answer:
    return Answer(json.dumps(content).encode(), headers={"Content-Type": "application/geo+json"})


CAPABILITIES = """<?xml version="1.0"?>
<WFS_Capabilities version="2.0.0" xmlns="http://www.opengis.net/wfs/2.0"
  xmlns:ows="http://www.opengis.net/ows/1.1"><ows:OperationsMetadata>
  <ows:Operation name="GetFeature"><ows:Parameter name="outputFormat"><ows:AllowedValues>
  <ows:Value>application/json</ows:Value></ows:AllowedValues></ows:Parameter></ows:Operation>
  <ows:Constraint name="CountDefault"><ows:DefaultValue>10</ows:DefaultValue></ows:Constraint>
  </ows:OperationsMetadata><FeatureTypeList><FeatureType><Name>apoteke</Name></FeatureType>
  </FeatureTypeList></WFS_Capabilities>"""


def features(count: int, *, named: bool = True) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "id": f"a.{number}" if named else None,
            "properties": {"broj": number},
            "geometry": {"type": "Point", "coordinates": [19.25 + number / 10_000, 42.44]},
        }
        for number in range(count)
    ]


def service(
    found: list[dict[str, Any]], *, pages: bool = True, total: int | None = None
) -> Callable[[Asked], Answer]:
    """A service that gives ten features an answer."""

    def answer(asked: Asked) -> Answer:
        if asked.query["request"] == "GetCapabilities":
            return Answer(CAPABILITIES.encode(), headers={"Content-Type": "text/xml"})
        start = int(asked.query["startIndex"]) if pages else 0
        page: dict[str, Any] = {"type": "FeatureCollection", "features": found[start : start + 10]}
        return as_json(page if total is None else {**page, "numberMatched": total})

    return answer


def test_a_service_with_a_limit_of_its_own_is_read_to_its_empty_page(
    server: Server, tmp_path: Path, cache: Path
) -> None:
    del cache
    server.routes["/wfs"] = service(features(35))
    assert len(take(tmp_path / "s", role="pharmacy", source="wfs", path=f"{server.url}/wfs")) == 35


@pytest.mark.parametrize("total", [20, None])
@pytest.mark.parametrize("named", [True, False])
def test_a_service_that_repeats_its_first_page_is_refused(
    total: int | None, *, named: bool, server: Server, tmp_path: Path, cache: Path
) -> None:
    del cache
    server.routes["/wfs"] = service(features(20, named=named), pages=False, total=total)
    with pytest.raises(SourceError, match=r"sends its first 10|says 20 features and sent 10"):
        take(tmp_path / "s", role="pharmacy", source="wfs", path=f"{server.url}/wfs")


def test_features_without_ids_are_each_read(server: Server, tmp_path: Path, cache: Path) -> None:
    del cache
    server.routes["/wfs"] = service(features(3, named=False), total=3)
    assert len(take(tmp_path / "s", role="pharmacy", source="wfs", path=f"{server.url}/wfs")) == 3


def as_gml(found: list[dict[str, Any]], total: int | None) -> Answer:
    """A page of GML 3.2; features without an id have none."""
    members = ""
    for one in found:
        lon, lat = one["geometry"]["coordinates"]
        own = f' gml:id="{one["id"]}"' if one["id"] else ""
        members += (
            f"<wfs:member><k:apoteke{own}><k:broj>{one['properties']['broj']}</k:broj><k:mjesto>"
            f'<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{lat} {lon}</gml:pos>'
            "</gml:Point></k:mjesto></k:apoteke></wfs:member>"
        )
    matched = "unknown" if total is None else total
    return Answer(
        f'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" '
        f'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:k="http://k.example/" '
        f'numberMatched="{matched}" numberReturned="{len(found)}">{members}'
        "</wfs:FeatureCollection>".encode(),
        headers={"Content-Type": "text/xml"},
    )


def moving_gml(*, named: bool, total: int | None, sorts: bool) -> Callable[[Asked], Answer]:
    """A service of thirty features whose second page begins five too early unless it sorts."""
    every = features(30, named=named)

    def answer(asked: Asked) -> Answer:
        if asked.query["request"] == "GetCapabilities":
            text = CAPABILITIES.replace("application/json", "text/xml; subtype=gml/3.2")
            return Answer(text.encode(), headers={"Content-Type": "text/xml"})
        start, in_order = int(asked.query["startIndex"]), "sortBy" in asked.query
        if in_order and not sorts:
            report = '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"/>'
            return Answer(report.encode(), headers={"Content-Type": "text/xml"})
        found = every if in_order or not start else every[:15] + every[10:25]
        return as_gml(found[start : start + 15], total)

    return answer


@pytest.mark.parametrize("total", [30, None])
@pytest.mark.parametrize("named", [True, False])
def test_gml_pages_that_overlap_are_read_again_in_order_or_refused(
    total: int | None, *, named: bool, server: Server, tmp_path: Path, cache: Path
) -> None:
    del cache
    for path, sorts in (("/sorts", True), ("/refuses", False)):
        server.routes[path] = moving_gml(named=named, total=total, sorts=sorts)
    url = f"{server.url}/sorts"
    assert len(take(tmp_path / "s", role="pharmacy", source="wfs", path=url, crs=None)) == 30
    with pytest.raises(SourceError, match="says 30 features and sent 25 different"):
        take(tmp_path / "s", role="pharmacy", source="wfs", path=f"{server.url}/refuses", crs=None)


def test_features_without_ids_that_come_again_are_refused(
    server: Server, tmp_path: Path, cache: Path
) -> None:
    del cache
    every = features(30, named=False)

    def answer(asked: Asked) -> Answer:
        second = "page" in asked.query
        page: dict[str, Any] = {"type": "FeatureCollection", "numberMatched": 30}
        page["features"] = every[10:25] if second else every[:15]
        if not second:
            page["links"] = [{"rel": "next", "href": f"{server.url}/c/items?page=2"}]
        return as_json(page)

    server.routes["/c/items"] = answer
    with pytest.raises(SourceError, match="sent 5 features again on a later page"):
        take(tmp_path / "s", role="pharmacy", source="ogcapi", path=f"{server.url}/c")
