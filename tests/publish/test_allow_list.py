"""No feature of a layer that nobody walks to stands in any published byte."""

import json
import re
import sqlite3
import struct

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
import shapely
import toy
from city_folder import rewrite, save, write_city
from published_bytes import all_bytes

import urbanlayer
from urbanlayer.errors import UrbanlayerError

X0, Y0 = toy.ORIGIN
PEOPLE = ["Petrović, Ana", "Marković, Ivo", "Đurović, Šćepan", "Nikčević, Žana"]
OTHERS = ["Ulrike", "Krasniqi", "Ђукић", "0101990210005", "067 765 432", "vlasnik@example.org"]
"""What stands in columns that no city file declares, of layers of all kinds."""
AT = [(X0 + 137.25, Y0 + 211.5), (X0 + 555.75, Y0 + 705.5), (X0 + 611.5, Y0 + 303.25)]
LAYERS = """
[layers.welfare_cases]
path = "cases.csv"
key = "id"
x = "x"
y = "y"
crs = "EPSG:25834"

[layers.crashes_fatal]
path = "crashes.gpkg"
key = "victim"
name = "victim"
personal = "allowed"

[layers.informal]
path = "informal.gpkg"
name = "owner"
personal = "allowed"

[layers.jobs]
path = "jobs.gpkg"

[layers.sewers]
path = "sewers.gpkg"

[layers.barriers]
path = "barriers.gpkg"

[layers.green]
path = "green.gpkg"
name = "naziv"
public = { pristup = "javno" }

[layers.shelter]
path = "shelter.gpkg"
show = true

[layers.plots]
path = "plots.gpkg"
key = "broj"

[plan]
years = [2027]
budgets = [100]

[plan.actions]
layer = "plots"
columns = { service = "usluga", cost = "cijena" }

[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
problem = "max_coverage"
within_m = 400
new = 1

[publish]
isochrones = { school = [200] }

[[custom_indicator]]
id = "cases_per_1000"
kind = "count_per_1000"
layer = "welfare_cases"
title = "Cases"

[[custom_indicator]]
id = "killed_per_1000"
kind = "count_per_1000"
layer = "crashes_fatal"
title = "Killed"

[[custom_indicator]]
id = "land_without_permit"
kind = "share_of_area"
layer = "informal"
title = "Informal land"
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write_city(folder)
    cases = pd.DataFrame({"id": ["w1", "w2", "w2"], "name": PEOPLE[:3],
                          "x": [x for x, _ in AT], "y": [y for _, y in AT]})  # fmt: skip
    cases.to_csv(folder / "cases.csv", index=False)
    points = [shapely.Point(at) for at in AT]
    save(folder / "crashes.gpkg", [*points, None], {"victim": PEOPLE})
    bowtie = shapely.Polygon([(X0, Y0), (X0 + 90, Y0 + 90), (X0 + 90, Y0), (X0, Y0 + 90)])
    land = [points[0].buffer(20), points[1].buffer(20), bowtie, None]
    save(folder / "informal.gpkg", land, {"owner": PEOPLE})
    _write_others(folder)
    with (folder / "city.toml").open("a", encoding="utf-8") as file:
        file.write(LAYERS)
    urbanlayer.build(folder / "city.toml", folder / "out")
    urbanlayer.check(folder / "city.toml", folder / "inventory")
    return folder


def _write_others(folder):
    """Layers of other roles, with columns about persons that the city file does not name."""
    about = {"ime": OTHERS[0], "mbiemri": OTHERS[1], "презиме": OTHERS[2], "JMBG": OTHERS[3],
             "tel": OTHERS[4], "odgovorni": OTHERS[5]}  # fmt: skip
    columns = {column: [value] * 2 for column, value in about.items()}
    points = [shapely.Point(X0 + x, Y0 + 310) for x in (210, 510)]
    lines = [shapely.LineString([(X0, Y0 + 9), (X0 + 90, Y0 + 9 + n)]) for n in range(2)]
    save(folder / "jobs.gpkg", points, {"jobs": [4, 5], **columns})
    save(folder / "sewers.gpkg", lines, columns)
    save(folder / "barriers.gpkg", points, columns)
    save(folder / "shelter.gpkg", points, {"name": [OTHERS[1]] * 2, **columns})
    plots = {"broj": ["P1", "P2"], "usluga": ["school"] * 2, "cijena": [50, 60]}
    save(folder / "plots.gpkg", points, plots | columns)
    green = {"naziv": ["Park", OTHERS[0]], "pristup": ["javno", "privatno"], **columns}
    save(folder / "green.gpkg", [one.buffer(30) for one in points], green)
    schools = gpd.read_file(folder / "schools.geojson")
    hours = [f"zvati {OTHERS[4]}", None]
    for column, value in {**columns, "radno": hours}.items():
        schools[column] = value
    again = pd.concat([schools, schools.iloc[:1].assign(geometry=None, id="S3")])
    (folder / "schools.geojson").unlink()
    again.to_file(folder / "schools.geojson")
    rewrite(folder, 'path = "schools.geojson"', 'path = "schools.geojson"\nopening_hours = "radno"')


def _texts_of_features():
    for name in [*PEOPLE, *OTHERS]:
        for part in name.split(", "):
            yield part.encode()
            yield json.dumps(part)[1:-1].encode()
    yield b"w2"
    to_degrees = pyproj.Transformer.from_crs(toy.CRS, "EPSG:4326", always_xy=True)
    for x, y in AT:
        for value in (x, y):
            yield f"{value:.10g}".encode()
            yield struct.pack("<d", value)
        for value in to_degrees.transform(x, y):
            yield f"{value:.5f}".encode()
            yield struct.pack("<d", value)


def test_no_name_key_or_coordinate_of_a_counted_layer_is_published(published):
    files = [path for path in (published / "out").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".html", ".csv", ".gpkg", ".geojson", ".json"}
    found = [
        (path.name, text)
        for path in files
        for content in all_bytes(path.read_bytes())
        for text in _texts_of_features()
        if text in content
    ]
    assert found == []


def test_no_name_or_key_of_a_counted_layer_is_in_the_inventory(published):
    files = [path for path in (published / "inventory").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".html", ".csv", ".json"}
    found = [
        (path.name, text)
        for path in files
        for text in _texts_of_features()
        if text in path.read_bytes()
    ]
    assert found == []


def test_no_geometry_of_a_file_lies_where_a_counted_feature_does(published):
    hidden = shapely.MultiPoint(AT)
    for path in (published / "out").rglob("*.g*"):
        with_layers = sqlite3.connect(path) if path.suffix == ".gpkg" else None
        names = [None] if with_layers is None else [
            name for name, kind in with_layers.execute(
                "select table_name, data_type from gpkg_contents"
            ) if kind == "features"
        ]  # fmt: skip
        for name in names:
            shapes = gpd.read_file(path, layer=name).to_crs(toy.CRS).geometry
            points = shapely.get_coordinates(shapes.dropna().array)
            assert len(points) == 0 or shapely.distance(shapely.points(points), hidden).min() > 1


def test_excluded_features_of_a_counted_layer_are_counted_by_reason(published):
    rows = pd.read_csv(published / "out/data/excluded.csv", keep_default_na=False)
    counts = rows.groupby(["layer", "reason"]).size().to_dict()
    assert counts[("welfare_cases", "duplicate-key")] == 1
    assert counts[("crashes_fatal", "null-geometry")] == 1
    assert counts[("informal", "null-geometry")] == 1
    assert set(rows.loc[~rows.layer.isin(["informal", "school"]), "feature"]) == {""}


def test_facilities_that_people_walk_to_are_shown_and_undeclared_names_are_not(published):
    page = (published / "out/index.html").read_text(encoding="utf-8")
    roles = re.findall(r'"role":"(\w+)","count":(\d+)', page)
    assert roles == [("school", "2"), ("shelter", "2")]


@pytest.mark.slow
def test_the_city_file_may_show_a_layer(published):
    rewrite(published, "[layers.welfare_cases]", "[layers.welfare_cases]\nshow = true")
    urbanlayer.build(published / "city.toml", published / "shown")
    page = (published / "shown/index.html").read_text(encoding="utf-8")
    assert ("welfare_cases", "2") in re.findall(r'"role":"(\w+)","count":(\d+)', page)
    assert "Petrović" not in page


def test_isochrones_of_a_layer_that_is_only_counted_are_refused(published):
    """An isochrone of a metre is the point itself."""
    text = (published / "city.toml").read_text(encoding="utf-8")
    text = text.replace("school = [200] }", "school = [200], welfare_cases = [1] }")
    file = published / "isochrones.toml"
    file.write_text(text.replace("show = true", ""), encoding="utf-8")
    with pytest.raises(UrbanlayerError, match=r"way to welfare_cases.*show = true"):
        urbanlayer.build(file, published / "isochrones")
    assert not (published / "isochrones").exists()


def test_an_internal_publication_lists_excluded_features_in_full(published):
    rewrite(published, "[publish]", '[publish]\ndisclosure = "internal"')
    urbanlayer.build(published / "city.toml", published / "internal")
    text = (published / "internal/data/excluded.csv").read_text(encoding="utf-8-sig")
    assert "Nikčević, Žana" in text


def test_few_features_that_seem_to_be_persons_are_not_counted(published):
    rows = pd.read_csv(published / "out/data/indicators.csv", keep_default_na=False)
    cases = rows[(rows.indicator == "cases_per_1000") & (rows.level == "neighbourhood")]
    assert set(cases.value) == {""}
    assert set(cases.reason) <= {"too few people", "too few residents", "nobody lives here"}
    killed = rows[(rows.indicator == "killed_per_1000") & (rows.level == "neighbourhood")]
    assert set(killed.value) != {""}
