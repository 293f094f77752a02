"""Geometry as it should not be: what of it is used, what is set aside, and why."""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from intake import EAST, NORTH, SOUTH, WEST, geojson, polygon, reasons, said, square, take
from requested import requested
from shapely import Polygon, box

from urbanlayer.errors import LayerError, SourceError
from urbanlayer.sources._confined import databases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = [polygon(square(0)), polygon(square(1))]


def bow_tie() -> dict[str, Any]:
    a, b, c, d, e = square(2)
    return polygon([a, c, b, d, e])


def hole_larger_than_its_shell() -> dict[str, Any]:
    return polygon(square(2), square(2, 300.0))


def nowhere() -> dict[str, Any]:
    return {"type": "Point", "coordinates": [0, 0]}


def empty() -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": []}


def line() -> dict[str, Any]:
    return {"type": "LineString", "coordinates": square(2)[:3]}


def far_away() -> dict[str, Any]:
    return polygon([[x + 3e5, y] for x, y in square(2)])


def flat() -> dict[str, Any]:
    a, b, *_ = square(2)
    return polygon([a, b, a, a])


@pytest.mark.parametrize("large", [1e30, 1e155, -1.7e308])
@pytest.mark.parametrize("crs", ["EPSG:25834", "EPSG:4326"])
def test_a_coordinate_that_overflows_sets_its_feature_aside(
    large: float, crs: str, tmp_path: Path
) -> None:
    """Of three squares, one with a corner so far away that its square is no double."""
    squares = gpd.GeoSeries([Polygon(square(n)) for n in range(3)], crs="EPSG:25834").to_crs(crs)
    rows = [[*map(list, shape.exterior.coords)] for shape in squares]
    rows[1][2][0] = large
    texts = [f"POLYGON (({', '.join(f'{x!r} {y!r}' for x, y in row)}))" for row in rows]
    lines = ["id;wkt", *(f'{n};"{text}"' for n, text in enumerate(texts))]
    (tmp_path / "green.csv").write_text("\n".join(lines))
    layer = take(tmp_path / "green.csv", crs=crs)
    assert reasons(layer) == ["not-a-number"]
    assert len(layer.frame) == 2


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (bow_tie, "invalid-geometry"),
        (hole_larger_than_its_shell, "invalid-geometry"),
        (empty, "empty-geometry"),
        (line, "wrong-geometry-kind"),
        (far_away, "far-away"),
        (flat, "invalid-geometry"),
        (lambda: None, "null-geometry"),
        (lambda: polygon(square(1)), "duplicate-geometry"),
    ],
)
def test_a_feature_that_cannot_be_used_is_set_aside_with_its_reason(
    make: Callable[[], dict[str, Any] | None], reason: str, tmp_path: Path
) -> None:
    # far away is a stray only among many that are not
    many = [polygon(square(n % 10, 10.0 + n)) for n in range(2, 14)] if make is far_away else []
    layer = take(geojson(tmp_path / "green.geojson", [*GOOD, make(), *many]))
    assert reasons(layer) == [reason]
    assert layer.excluded[0].feature == "2"
    assert len(layer) == 2 + len(many)


def test_a_point_at_zero_zero_has_no_place(tmp_path: Path) -> None:
    points = [{"type": "Point", "coordinates": square(n)[0]} for n in range(2)]
    layer = take(geojson(tmp_path / "trees.geojson", [*points, nowhere()]), role="trees")
    assert reasons(layer) == ["zero-coordinates"]


def test_a_ring_that_touches_itself_keeps_its_area(tmp_path: Path) -> None:
    # two squares of 100 m that share a corner, drawn in one stroke
    a, b, c, d, _ = square(3)
    x, y = c
    ring = [a, b, c, [x + 100, y], [x + 100, y + 100], [x, y + 100], c, d, a]
    layer = take(geojson(tmp_path / "green.geojson", [*GOOD, polygon(ring)]))
    assert layer.frame.area.loc["2"] == pytest.approx(20_000)
    assert "repaired: 1 (2)" in said(layer)


def test_a_ring_that_is_not_closed_is_closed(tmp_path: Path) -> None:
    layer = take(geojson(tmp_path / "green.geojson", [*GOOD, polygon(square(2)[:-1])]))
    assert layer.frame.area.loc["2"] == pytest.approx(10_000)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_coordinate_that_is_no_number_is_set_aside(bad: float, tmp_path: Path) -> None:
    shapes = [box(*Polygon(square(n)).bounds) for n in range(2)]
    with np.errstate(invalid="ignore"):
        broken = Polygon([(WEST, SOUTH), (bad, SOUTH + 50), (WEST + 50, SOUTH + 50)])
    frame = gpd.GeoDataFrame({"a": [1, 2, 3]}, geometry=[*shapes, broken], crs="EPSG:25834")
    frame.to_parquet(tmp_path / "green.parquet")
    assert reasons(take(tmp_path / "green.parquet")) == ["not-a-number"]


def test_heights_and_measures_are_dropped(tmp_path: Path) -> None:
    ring = [[x, y, 45.0] for x, y in square(2)]
    layer = take(geojson(tmp_path / "green.geojson", [*GOOD, polygon(ring)]))
    assert not shapely.has_z(layer.frame.geometry.to_numpy()).any()
    assert len(layer) == 3


def test_a_curve_is_taken_as_the_line_that_it_nearly_is(tmp_path: Path) -> None:
    # a circle of 100 m radius as a curve; its area is π r² = 31 416 m²
    path = tmp_path / "green.gpkg"
    gpd.GeoDataFrame({"a": [1]}, geometry=[Polygon(square(0))], crs="EPSG:25834").to_file(
        path, engine="pyogrio", layer="green", SPATIAL_INDEX="NO"
    )
    x, y = WEST + 2000, SOUTH + 2000
    ring = np.array([[x - 100, y], [x, y + 100], [x + 100, y], [x, y - 100], [x - 100, y]])
    arc = b"\x01" + np.uint32(8).tobytes() + np.uint32(5).tobytes() + ring.tobytes()
    wkb = b"\x01" + np.uint32(10).tobytes() + np.uint32(1).tobytes() + arc
    with sqlite3.connect(path) as database:
        # "GP", version 0, little endian without an envelope, the CRS, and the WKB itself
        blob = b"GP\x00\x01" + np.int32(25834).tobytes() + wkb
        database.execute("UPDATE green SET geom = ?", (blob,))
    database.close()
    layer = take(path)
    assert layer.frame.area.sum() == pytest.approx(math.pi * 100**2, rel=2e-3)


def test_a_layer_of_the_wrong_kind_is_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "green.geojson", [{"type": "Point", "coordinates": [WEST, SOUTH]}])
    with pytest.raises(LayerError, match="holds points, but 'green' requires polygons"):
        take(path)


def test_closed_lines_of_a_drawing_become_polygons(tmp_path: Path) -> None:
    ring = {"type": "LineString", "coordinates": square(0)}
    layer = take(geojson(tmp_path / "green.geojson", [ring]))
    assert layer.frame.area.sum() == pytest.approx(10_000)
    assert "Closed lines taken as polygons: 1" in said(layer)


def test_a_stale_index_of_a_geopackage_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "green.gpkg"
    frame = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[Polygon(square(0)), Polygon(square(1))])
    frame.set_crs("EPSG:25834").to_file(path, layer="green")
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM rtree_green_geom")
    database.close()
    assert len(take(path)) == 2


def with_view(folder: Path, query: str) -> Path:
    """A GeoPackage of two features and a view of them, a layer too."""
    path = folder / "green.gpkg"
    frame = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[Polygon(square(0)), Polygon(square(1))])
    frame.set_crs("EPSG:25834").to_file(path, layer="green")
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE VIEW v AS {query}")
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
            " VALUES ('v', 'features', 'v', 25834)"
        )
        database.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POLYGON', 25834, 0, 0)"
        )
    database.close()
    return path


@pytest.mark.parametrize(
    ("query", "features"),
    [
        ("SELECT fid, geom, a FROM green WHERE a > 1", 1),
        ("SELECT geom, upper(a) AS a FROM green", 2),  # without a key: all features, numbered
        ("SELECT row_number() OVER (ORDER BY a) AS fid, geom FROM green", 2),
    ],
)
def test_a_view_that_is_a_plain_selection_is_read(
    query: str, features: int, tmp_path: Path
) -> None:
    assert len(take(with_view(tmp_path, query), layer="v").frame) == features


@pytest.mark.parametrize(
    ("query", "cause"),
    [
        ("SELECT fid, geom FROM green WHERE random() % 2", r"uses random\(\)"),
        ("SELECT fid, geom, date('now') AS a FROM green", r"uses date\(\)"),
        ("SELECT fid, geom, hex(zeroblob(400000000)) AS a FROM green", r"uses hex\(\)"),
        ("SELECT 1 AS fid, geom, file AS a FROM green, pragma_database_list", "reads pragma_data"),
    ],
)
def test_a_view_that_computes_otherwise_is_refused(query: str, cause: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=f"'v' is more than a plain selection \\(it {cause}"):
        take(with_view(tmp_path, query), layer="v")


def test_a_view_without_a_first_row_keeps_nothing_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_VIEW_SECONDS", 0.1)
    path = with_view(
        tmp_path,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS fid, NULL AS geom FROM n WHERE i < 0",
    )
    with pytest.raises(SourceError, match=r"layer 'green': the view 'v' gives no rows within"):
        databases.database_fault(str(path), "mode=ro", "layer 'green'")


def test_a_database_that_a_program_left_half_written_is_refused(tmp_path: Path) -> None:
    path = with_view(tmp_path, "SELECT fid, geom FROM green")
    copy = tmp_path / "copy.gpkg"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN")
    writer.execute("CREATE TABLE long AS SELECT zeroblob(100000) AS a FROM green")
    shutil.copy(path, copy)
    shutil.copy(f"{path}-journal", f"{copy}-journal")
    writer.rollback()
    writer.close()
    with pytest.raises(SourceError, match=r"copy\.gpkg-journal lies next to it"):
        take(copy, layer="green")
    assert len(take(path, layer="green").frame) == 2


def test_neighbourhoods_with_one_key_are_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "mz.geojson", GOOD, mz=["01", "01"])
    with pytest.raises(LayerError, match=r"1 keys occur more than once \(01\)"):
        take(path, role="neighbourhoods", key="mz")


def test_other_layers_keep_the_first_of_a_key(tmp_path: Path) -> None:
    path = geojson(tmp_path / "green.geojson", GOOD, id=["01", "01"])
    layer = take(path, key="id")
    assert layer.frame.index.tolist() == ["01"]
    assert reasons(layer) == ["duplicate-key"]


def neighbours(overlap_m: float) -> list[dict[str, Any]]:
    """Two neighbourhoods a kilometre square, side by side, that share a strip."""
    x, y, side = WEST + 1000, SOUTH + 1000, 1000.0
    boxes = [box(x, y, x + side, y + side), box(x + side - overlap_m, y, x + 2 * side, y + side)]
    return [json.loads(shapely.to_geojson(shape)) for shape in boxes]


def test_a_small_overlap_goes_to_the_lower_key(tmp_path: Path) -> None:
    # 0.5 m × 1 000 m = 500 m², below the tolerance of 1 000 m²
    path = geojson(tmp_path / "mz.geojson", neighbours(0.5), mz=["B", "A"])
    layer = take(path, role="neighbourhoods", key="mz")
    assert layer.frame.area.loc["A"] == pytest.approx(1000 * 1000.5)
    assert layer.frame.area.loc["B"] == pytest.approx(1000 * 999.5)
    assert "neighbourhoods: 1, 0.05\u00a0ha in all" in said(layer)


def test_a_collection_within_a_collection_keeps_its_parts(tmp_path: Path) -> None:
    inner = {"type": "GeometryCollection", "geometries": [polygon(square(0))]}
    both = {"type": "GeometryCollection", "geometries": [inner, polygon(square(1))]}
    layer = take(geojson(tmp_path / "green.geojson", [both]))
    assert layer.frame.area.sum() == pytest.approx(2 * 100**2)


def test_a_large_overlap_is_refused_with_its_pair_and_its_hectares(tmp_path: Path) -> None:
    path = geojson(tmp_path / "mz.geojson", neighbours(5), mz=["A", "B"])
    with pytest.raises(LayerError, match=r"A and B by 0\.50 ha.*overlap_tolerance_m2 = 5000"):
        take(path, role="neighbourhoods", key="mz")
    # 0.5 ha of 100 ha each; 900 and 1,100 residents spread evenly are 4.5 and 5.5 there
    path = geojson(tmp_path / "mz.geojson", neighbours(5), mz=["A", "B"], popis=[900, 1100])
    with pytest.raises(LayerError, match=r"A and B by 0\.50 ha, about 5 residents"):
        take(path, role="neighbourhoods", key="mz", residents="popis")
    wide = take(path, role="neighbourhoods", key="mz", overlap_tolerance_m2=5000)
    assert wide.frame.area.loc["B"] == pytest.approx(1000 * 1000)
    assert wide.frame.area.sum() == pytest.approx(1000 * 2000)


def test_a_gap_between_neighbourhoods_is_told_in_hectares(tmp_path: Path) -> None:
    x, y = WEST + 1000, SOUTH + 1000
    whole = box(x, y, x + 1000, y + 1000)
    hole = box(x + 400, y + 400, x + 500, y + 500)
    path = geojson(
        tmp_path / "mz.geojson",
        [json.loads(shapely.to_geojson(whole.difference(hole)))],
    )
    assert "Gaps between neighbourhoods: 1, 1\u00a0ha" in said(take(path, role="neighbourhoods"))


def test_a_city_across_the_antimeridian_is_refused(tmp_path: Path) -> None:
    from urbanlayer.layers import locate_study_area
    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.sources.file import read

    rings = [[[x, -17.0], [x + 0.1, -17.0], [x, -16.9], [x, -17.0]] for x in (179.8, -179.9)]
    path = geojson(tmp_path / "mz.geojson", [polygon(r) for r in rings], crs="EPSG:4326")
    request = requested("neighbourhoods", LayerSpec(path=path.name), path)
    with pytest.raises(LayerError, match="180th meridian"):
        locate_study_area(read([request])["neighbourhoods"], request, "EPSG:3395")  # World Mercator


def test_a_polygon_of_half_a_million_vertices_is_kept_and_told(tmp_path: Path) -> None:
    turn = np.linspace(0, 2 * np.pi, 500_100)
    east, north = (WEST + EAST) / 2, (SOUTH + NORTH) / 2
    huge = Polygon(np.column_stack([east + 500 * np.cos(turn), north + 500 * np.sin(turn)]))
    frame = gpd.GeoDataFrame(geometry=[huge], crs="EPSG:25834")
    frame.to_parquet(tmp_path / "green.parquet")
    layer = take(tmp_path / "green.parquet")
    assert "over 500,000 vertices" in said(layer)


def test_a_geojson_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "green.geojson", GOOD)
    path.write_text(path.read_text()[:-200])
    with pytest.raises(SourceError, match="ends too early"):
        take(path)


def test_a_geojson_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "green.geojson"
    path.write_text('{"type":"FeatureCollection","features":' + "[" * 200_000)
    with pytest.raises(SourceError, match="ends too early"):
        take(path)


def test_an_empty_layer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="it holds no features"):
        take(geojson(tmp_path / "green.geojson", []))


def test_a_layer_without_one_usable_feature_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="none of its 1 features can be used"):
        take(geojson(tmp_path / "green.geojson", [None]))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "green.gpkg").touch()
    with pytest.raises(SourceError, match="empty"):
        take(tmp_path / "green.gpkg")


@pytest.mark.parametrize(("lon", "lat"), [(19.2636, 142.44), (19.2636, -95.0)])
def test_a_point_off_the_earth_is_set_aside_and_named(
    lon: float, lat: float, tmp_path: Path
) -> None:
    points = [{"type": "Point", "coordinates": at} for at in ([19.2636, 42.4411], [lon, lat])]
    path = geojson(tmp_path / "a.geojson", points, crs="OGC:CRS84", id=["b1", "b2"])
    (tmp_path / "a.csv").write_text(f"id,lat,lon\nb1,42.4411,19.2636\nb2,{lat},{lon}\n")
    for one in (path, tmp_path / "a.csv"):
        layer = take(one, role="pharmacy", key="id")
        assert layer.frame.index.tolist() == ["b1"]
        assert [(item.feature, item.reason) for item in layer.excluded] == [("b2", "off-the-earth")]


def test_a_crossed_outline_next_to_a_missing_key_is_no_traceback(tmp_path: Path) -> None:
    # a bow-tie over its neighbour: both faults are told where both lie in one layer
    (x, y), *_ = square(0)
    bow = [[x, y], [x + 100, y + 100], [x + 100, y], [x, y + 100], [x, y]]
    path = geojson(
        tmp_path / "mz.geojson", [polygon(square(0)), polygon(bow), polygon(square(1))],
        mz=["01", "02", None],
    )  # fmt: skip
    with pytest.raises(LayerError, match=r"1 of 3 features have no 'mz'|mz"):
        take(path, role="neighbourhoods", key="mz")


def test_an_index_that_is_a_query_without_end_is_not_asked(tmp_path: Path) -> None:
    path = tmp_path / "green.gpkg"
    frame = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[Polygon(square(0)), Polygon(square(1))])
    frame.set_crs("EPSG:25834").to_file(path, layer="green", SPATIAL_INDEX="NO")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE VIEW rtree_green_geom AS {endless}")
    database.close()
    assert len(take(path)) == 2


@pytest.mark.parametrize(("height", "told"), [(6.0, True), (1.0, False)])
def test_streets_that_cross_far_above_others_are_counted(height, told, tmp_path):
    # a viaduct that rises from 0 to twice the height at its middle, over a street at 0
    x, y = WEST + 1000, SOUTH + 1000
    lines = [[[x, y, 0], [x + 200, y, 2 * height]], [[x + 100, y - 100, 0], [x + 100, y + 100, 0]]]
    path = geojson(
        tmp_path / "streets.geojson",
        [{"type": "LineString", "coordinates": line} for line in lines],
        id=["viaduct", "street"],
    )
    notes = said(take(path, role="streets", key="id"))
    assert ("without a bridge: 1 (upper streets: viaduct)" in notes) == told
