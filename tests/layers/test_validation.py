"""The gate: what each role brings, and where a city is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from requested import requested
from shapely import LineString, Point, box

from urbanlayer.errors import CrsError, LayerError
from urbanlayer.layers import fields, locate_study_area, validate
from urbanlayer.model.layer import Layer, RawLayer
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.note import Note
from urbanlayer.model.role_table import ROLES, role
from urbanlayer.model.source import Request
from urbanlayer.model.study_area import StudyArea
from urbanlayer.model.tag_scheme import OSM

CITY = StudyArea("EPSG:25834", "ME", (355_000, 4_698_000, 359_000, 4_702_000), (19.26, 42.44))
X, Y = 356_000.0, 4_699_000.0
SHAPES = {
    "polygon": [box(X + 100 * n, Y, X + 100 * n + 90, Y + 90) for n in range(3)],
    "line": [LineString([(X, Y + 100 * n), (X + 90, Y + 100 * n)]) for n in range(3)],
    "point": [Point(X + 100 * n, Y) for n in range(3)],
}


def raw(shapes: list[Any], crs: str | None = "EPSG:25834", **columns: Any) -> RawLayer:
    return RawLayer(gpd.GeoDataFrame(columns, geometry=shapes, crs=crs), "0" * 64)


def asked(name: str, /, **says: Any) -> Request:
    return requested(name, LayerSpec(**{"path": "layer.gpkg", **says}), Path("layer.gpkg"))


def validated(name: str, layer: RawLayer, /, **says: Any) -> Layer:
    return validate(layer, asked(name, **says), CITY)


@pytest.mark.parametrize(
    ("name", "kind"),
    [(entry.name, kind) for entry in ROLES.values() for kind in sorted(entry.kinds)],
)
def test_every_role_brings_the_columns_that_it_promises(name: str, kind: str) -> None:
    declared = {field.name: field.name for field in role(name).fields if field.kind != "flag"}
    says = dict(declared)
    columns = {column: [1, 2, 3] for column in declared.values()}
    if "year" in columns:
        columns["year"] = [1961, 1962, 1963]
    layer = validated(name, raw(SHAPES[kind], **columns), **says)
    assert len(layer) == layer.read == 3
    for field in role(name).fields:
        column = layer.frame[field.name]
        expected = {"text": "str", "flag": "bool"}.get(field.kind, "float64")
        assert str(column.dtype) == expected, field.name
        assert field.kind in {"number", "count"} or not column.isna().any()
    assert str(layer.frame["name"].dtype) == "str"
    assert layer.frame.index.name == "key"
    assert layer.frame.geometry.name == "geometry"
    assert layer.frame.crs == CITY.crs


def test_a_role_of_the_citys_own_takes_any_shape() -> None:
    for shapes in SHAPES.values():
        assert len(validated("benches", raw(shapes))) == 3


def test_the_frame_that_comes_in_is_left_as_it_was() -> None:
    layer = raw(SHAPES["polygon"], naziv=["a", "b", "c"])
    before = layer.frame.copy()
    validated("green", layer, name="naziv")
    assert layer.frame.equals(before)


def test_the_order_of_the_features_changes_no_feature() -> None:
    layer = raw(SHAPES["polygon"], k=["c", "a", "b"])
    back = RawLayer(layer.frame.iloc[::-1], layer.digest)
    one, other = (validated("green", each, key="k").frame.sort_index() for each in (layer, back))
    assert one.geometry.equals(other.geometry)


def test_public_green_is_what_the_city_file_says() -> None:
    layer = raw(SHAPES["polygon"], javno=["da", "ne", "DA"])
    green = validated("green", layer, public={"javno": "da"})
    assert green.frame["public"].tolist() == [True, False, True]
    assert validated("green", layer).frame["public"].all()


def test_buildings_that_nobody_lives_in_are_told_by_their_use() -> None:
    layer = raw(SHAPES["polygon"], namjena=["stambeni", "poslovni", "Mješoviti"])
    use = {"field": "namjena", "residential": ["stambeni", "mješoviti"]}
    assert validated("buildings", layer, use=use).frame["residential"].tolist() == [
        True,
        False,
        True,
    ]
    with pytest.raises(LayerError, match="no building has one of kuća in 'namjena'"):
        validated("buildings", layer, use={"field": "namjena", "residential": ["kuća"]})


def test_bridges_and_closed_streets_are_marked() -> None:
    layer = raw(SHAPES["line"], most=["da", "", "ne"], pristup=["no", "yes", "no"])
    streets = validated("streets", layer, bridge="most", closed={"pristup": "no"})
    assert streets.frame["bridge"].tolist() == [True, False, False]
    assert streets.frame["closed"].tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("crs", "middle", "country"),
    [
        ("EPSG:25834", (19.26, 42.44), "ME"),
        ("EPSG:32634", (21.43, 42.00), "MK"),
        ("EPSG:32628", (-15.43, 28.1), ""),
    ],
)
def test_a_city_is_located_by_its_neighbourhoods(
    crs: str, middle: tuple[float, float], country: str
) -> None:
    lon, lat = middle
    shapes = [
        box(lon - 0.02, lat - 0.02, lon, lat + 0.02),
        box(lon, lat - 0.02, lon + 0.02, lat + 0.02),
    ]
    frame = locate_study_area(raw(shapes, "EPSG:4326"), asked("neighbourhoods"), crs)
    assert frame.country == country
    assert frame.centre_lonlat == pytest.approx(middle, abs=1e-3)
    swapped = [box(*np.array(shape.bounds)[[1, 0, 3, 2]]) for shape in shapes]
    again = locate_study_area(raw(swapped, "EPSG:4326"), asked("neighbourhoods"), crs)
    assert again.bounds == pytest.approx(frame.bounds)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:999999", "nonsense"])
def test_a_city_needs_a_metric_crs(crs: str) -> None:
    with pytest.raises(CrsError, match=r"city\.toml"):
        locate_study_area(raw(SHAPES["polygon"]), asked("neighbourhoods"), crs)


def test_a_city_outside_the_area_of_its_crs_is_refused() -> None:
    # Podgorica's degrees in the UTM zone of the Canaries
    with pytest.raises(CrsError, match=r"of city\.toml .* does not fit"):
        locate_study_area(
            raw([box(19.2, 42.4, 19.3, 42.5)], "EPSG:4326"), asked("neighbourhoods"), "EPSG:32628"
        )


def test_a_layer_without_a_crs_that_two_fit_is_refused_with_both() -> None:
    # in Skopje the state grid and UTM 34 overlap
    skopje = StudyArea("EPSG:32634", "MK", (530_000, 4_645_000, 542_000, 4_655_000), (21.43, 42.0))
    layer = raw([Point(535_000 + n, 4_650_000) for n in range(5)], None)
    with pytest.raises(
        CrsError, match=r'match 2 of those in use here.*"EPSG:32634" or crs = "EPSG:6204"'
    ):
        validate(layer, asked("trees"), skopje)


def test_a_zone_that_is_wrong_by_one_is_refused_with_the_right_one() -> None:
    shapes = gpd.GeoSeries(SHAPES["point"], crs="EPSG:25834").to_crs("EPSG:8678").to_list()
    with pytest.raises(CrsError, match=r'crs = "EPSG:8678"'):
        validated("trees", raw(shapes, "EPSG:6316"))


def test_northing_before_easting_is_mended() -> None:
    shapes = gpd.GeoSeries(SHAPES["point"], crs="EPSG:25834").to_crs("EPSG:8678")
    swapped = [Point(point.y, point.x) for point in shapes]
    layer = validated("trees", raw(swapped, "EPSG:8678"))
    assert layer.frame.geometry.iloc[0].distance(SHAPES["point"][0]) < 0.05
    assert Note.of("northing-first") in layer.notes


def test_homes_above_a_shop_are_homes():
    tags = {
        "building": ["apartments", "retail", "commercial", "retail;apartments", "yes", "retail"],
        "shop": ["bakery", "", "", "clothes", "bakery", ""],
        "building:flats": ["", "8", "", "", "", ""],
        "building:use": ["", "", "residential;commercial", "", "", ""],
    }
    frame = pd.DataFrame(tags)
    lived_in = fields._residential_by_tags(frame, OSM)
    assert lived_in.tolist() == [True, True, True, True, False, False]


def test_nobody_lives_in_a_block_of_holiday_flats():
    frame = pd.DataFrame({"building": ["apartments"], "tourism": ["hotel"]})
    assert fields._residential_by_tags(frame, OSM).tolist() == [False]


def test_a_crs_of_another_country_is_laid_to_the_city_file():
    # a town in Liechtenstein lies in zone 32: 9.5° E is between 6° and 12°
    town = raw([box(9.50, 47.14, 9.51, 47.15)], crs="EPSG:4326")
    with pytest.raises(CrsError, match=r'"EPSG:25834" of city\.toml.*"EPSG:25832"'):
        locate_study_area(town, asked("neighbourhoods"), "EPSG:25834")


@pytest.mark.parametrize("inner", ["a", "z"])
def test_a_neighbourhood_inside_another_is_an_error_at_any_tolerance(inner: str):
    shapes = [box(X, Y, X + 500, Y + 500), box(X + 100, Y + 100, X + 120, Y + 120)]
    layer = raw(shapes, id=["m", inner])
    with pytest.raises(LayerError, match=f"{inner} lies inside m"):
        validated("neighbourhoods", layer, key="id", overlap_tolerance_m2=10_000)


def test_named_facilities_that_stand_twice_in_every_column_count_once() -> None:
    points = [Point(357_100, 4_700_100)] * 3 + [Point(357_200, 4_700_200)]
    layer = raw(points, n=["A", "A", "A", "A"], places=[60, 60, 40, 60])
    school = validated("school", layer, name="n", capacity="places")
    assert school.frame["capacity"].tolist() == [60, 40, 60]
    assert [one.reason for one in school.excluded] == ["duplicate"]
    unnamed = validated("waste_point", raw(points, n=["A"] * 4))
    assert len(unnamed) == 4


@pytest.mark.parametrize("values", [{}, {"places": [60, 60, 40, 60]}])
def test_facilities_without_key_and_name_that_stand_twice_count_once(
    values: dict[str, list[int]],
) -> None:
    points = [Point(357_100, 4_700_100)] * 3 + [Point(357_200, 4_700_200)]
    school = validated("school", raw(points, **values))
    assert len(school) == (3 if values else 2)
    assert {one.reason for one in school.excluded} == {"duplicate"}
    keyed = validated("school", raw(points, id=list("abcd"), **values), key="id")
    assert len(keyed) == 4


@pytest.mark.parametrize("role", ["waste_point", "trees", "crashes", "benches"])
def test_other_features_that_are_the_same_in_every_value_are_reported(role: str) -> None:
    points = [Point(357_100, 4_700_100)] * 3 + [Point(357_200, 4_700_200)]
    layer = validated(role, raw(points, kind=["a", "a", "b", "a"]))
    assert len(layer) == 4
    note = next(note for note in layer.notes if note.code == "identical-features")
    assert dict(note.values)["count"] == 1
    keyed = validated(role, raw(points, kind=["a"] * 4, id=list("abcd")), key="id")
    assert not [note for note in keyed.notes if note.code == "identical-features"]


def test_declared_values_that_no_feature_has_are_named() -> None:
    points = [Point(357_100 + 300 * n, 4_700_100) for n in range(3)]
    layer = raw(points, tip=["vrtić", "Vrtić", "jaslice;vrtić"], javno=["da", "ne", "da"])
    kept = validated("kindergarten", layer, where={"tip": ["vrtić", "jaslice", "vrtic"]})
    absent = next(note for note in kept.notes if note.code == "values-absent")
    assert dict(absent.values)["values"].names == ("vrtic",)
    whole = validated("kindergarten", layer, where={"tip": ["vrtić", "jaslice"]})
    assert not [note for note in whole.notes if note.code == "values-absent"]


@pytest.mark.parametrize("role", ["population", "population_before"])
@pytest.mark.parametrize("key", [None, "id"])
def test_all_people_at_one_address_count(role: str, key: str | None) -> None:
    """Three of one house, two of them with the same values, and one of another: 1 + 1 + 2 + 1."""
    points = [Point(357_100, 4_700_100)] * 3 + [Point(357_200, 4_700_200)]
    own = {"id": list("abcd")} if key else {}
    layer = validated(role, raw(points, n=[1, 1, 2, 1], **own), key=key, people="n")
    assert layer.frame["people"].sum() == 5
    assert layer.excluded == ()
    noted = [note for note in layer.notes if note.code == "identical-features"]
    assert len(noted) == (0 if key else 1)


@pytest.mark.parametrize("key", [None, "id"])
def test_a_file_of_people_with_every_row_twice_is_rejected(key: str | None) -> None:
    points = [Point(357_100 + 10 * n, 4_700_100) for n in range(6)] * 2
    people = [3, 1, 4, 1, 5, 9] * 2
    own = {"id": [f"p{n}" for n in range(12)]} if key else {}
    with pytest.raises(LayerError, match=r"each of its 6 rows stands 2 times"):
        validated("population", raw(points, n=people, **own), key=key, people="n")
    registered = raw(points[:11], n=people[:11], **{k: v[:11] for k, v in own.items()})
    assert validated("population", registered, key=key, people="n").frame["people"].sum() == 37


def test_areas_of_people_that_stand_twice_count_once() -> None:
    square = box(X, Y, X + 500, Y + 500)
    layer = validated("population", raw([square, square], n=[7, 7]), people="n")
    assert layer.frame["people"].tolist() == [7]
    assert [one.reason for one in layer.excluded] == ["duplicate-geometry"]
