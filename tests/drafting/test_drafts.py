"""A city file drafted from a folder: what is placed, what is doubtful, what is left out."""

import re
import tomllib

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

import urbanlayer
from urbanlayer.drafting import drafted, guesses_in, tried
from urbanlayer.drafting.toml_text import text_of
from urbanlayer.errors import DataError

CRS, MGI = "EPSG:25834", "EPSG:8678"
X, Y = 357_000.0, 4_700_000.0


def save(folder, name, shapes, columns, crs=CRS):
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_crs(crs)
    frame.to_file(folder / name, engine="pyogrio")


def squares():
    return [
        shapely.box(X + x, Y + y, X + x + 1000, Y + y + 1000) for y in (0, 1000) for x in (0, 1000)
    ]


def houses(n):
    corners = [(X + 60 + 90 * (at % 20), Y + 60 + 90 * (at // 20)) for at in range(n)]
    return [shapely.box(x, y, x + 10, y + 10) for x, y in corners]


@pytest.fixture
def folder(tmp_path):
    return written(tmp_path / "bar")


def written(data):
    """A folder as a municipality sends it: no word of English, one table in another CRS."""
    data.mkdir()
    save(
        data, "mjesne_zajednice.gpkg", squares(),
        {"mz_id": ["A", "B", "C", "D"], "naziv": ["Prva", "Druga", "Treća", "Četvrta"],
         "naziv_cir": ["Прва", "Друга", "Трећа", "Четврта"],
         "popis_2011": [90, 90, 90, 90], "popis_2023": [100, 200, 300, 400],
         "stanovnika_zene": [50, 100, 150, 200]},
    )  # fmt: skip
    lines = [shapely.LineString([(X, Y + at), (X + 2000, Y + at)]) for at in range(50, 2000, 300)]
    lines += [shapely.LineString([(X + at, Y), (X + at, Y + 2000)]) for at in range(50, 2000, 300)]
    save(data, "ulice.gpkg", lines, {"id": range(len(lines)), "naziv": ["Ulica"] * len(lines)})
    uses = ["stambeni", "stambeno-poslovni", "nestambeni", "poslovni"]
    save(
        data, "objekti.gpkg", houses(240),
        {"id": range(240), "spratnost": [2] * 240, "namjena": [uses[n % 4] for n in range(240)]},
    )  # fmt: skip
    write_services(data)
    save(data, "planirani_vrtici.geojson", [shapely.Point(X + 9, Y + 9)], {"naziv": ["Novi"]})
    save(data, "skolska_podrucja.gpkg", squares(), {"id": [1, 2, 3, 4]})
    save(data, "xyz.gpkg", squares(), {"a": [1, 2, 3, 4]})
    (data / "opis.pdf").write_bytes(b"%PDF")
    return data


def write_services(folder):
    """Points of services in zone 6 of MGI 1901, decimal commas, without a word on the CRS."""
    to_mgi = Transformer.from_crs(CRS, MGI, always_xy=True)
    kinds = ["vrtić"] * 3 + ["škola"] * 2 + ["spomenik"]
    rows = ["id;naziv;tip;mjesta;x;y"]
    for number, kind in enumerate(kinds, start=1):
        x, y = to_mgi.transform(X + 300 * number, Y + 320)
        places = str(100 * number) if kind != "spomenik" else ""
        rows.append(f"{number};Objekat {number};{kind};{places};{x:.2f};{y:.2f}".replace(".", ","))
    (folder / "javne_sluzbe.csv").write_text("\n".join(rows), encoding="utf-8")


@pytest.fixture(scope="module")
def draft(tmp_path_factory):
    """The draft of the folder as it came."""
    folder = tmp_path_factory.mktemp("draft")
    file = folder / "out" / "city.toml"
    return tried(drafted("Bar", [written(folder / "bar")], file, city_id="bar"))


@pytest.fixture(scope="module")
def city(draft):
    return tomllib.loads(text_of(draft))


def test_every_layer_has_its_role_and_nothing_else_has_one(city):
    assert set(city["layers"]) == {
        "neighbourhoods", "streets", "buildings", "kindergarten", "school",
    }  # fmt: skip


def test_key_names_census_storeys_and_use_are_found(city):
    hoods, buildings = city["layers"]["neighbourhoods"], city["layers"]["buildings"]
    assert hoods["key"] == "mz_id"
    assert hoods["name"] == {"sr_Latn_ME": "naziv", "sr_Cyrl_ME": "naziv_cir"}
    assert hoods["residents"] == "popis_2023"  # the latest, and not the women
    assert buildings["levels"] == "spratnost"
    assert buildings["use"]["field"] == "namjena"
    assert sorted(buildings["use"]["residential"]) == ["stambeni", "stambeno-poslovni"]
    assert city["residents"]["from"] == ["buildings", "census"]


def test_services_are_divided_by_kind_and_the_crs_is_found_by_where_they_lie(city):
    school = city["layers"]["school"]
    assert school["where"] == {"tip": "škola"}
    assert school["crs"] == MGI
    assert (school["x"], school["y"], school["capacity"]) == ("x", "y", "mjesta")
    assert city["crs"] == CRS


def test_what_is_planned_or_unknown_is_listed_and_not_used(draft):
    listed = {one.shown: one.why for one in draft.unplaced}
    assert set(listed) >= {"planirani_vrtici.geojson", "skolska_podrucja.gpkg", "xyz.gpkg"}
    assert "planned" in listed["planirani_vrtici.geojson"]
    assert "catchments" in listed["skolska_podrucja.gpkg"]
    assert "# planirani_vrtici.geojson: " in text_of(draft)
    assert listed["opis.pdf"] == ".pdf is not read"


def test_every_guess_stands_in_the_file_with_its_reason(draft):
    guesses = guesses_in(text_of(draft))
    assert any(one.startswith("layers.school: tip is 'škola'") for one in guesses)
    census = next(one for one in guesses if one.startswith("layers.neighbourhoods residents"))
    assert "1,000 people in all" in census
    assert "'popis_2011' would fit too" in census


@pytest.mark.slow
def test_the_draft_builds_unedited_and_the_page_says_that_it_is_one(draft, tmp_path):
    built = urbanlayer.build(draft.city_file, tmp_path / "maps")
    residents = built.publication.city.residents
    assert residents.total == pytest.approx(1000)
    assert "Nacrt: slojevi su prepoznati automatski" in told(tmp_path / "maps")
    reviewed = text_of(draft).replace("reviewed = false", "reviewed = true")
    draft.city_file.write_text(reviewed, encoding="utf-8")
    urbanlayer.build(draft.city_file, tmp_path / "maps")
    assert "Nacrt" not in told(tmp_path / "maps")


def told(publication):
    """What the page shows without its script, and what its table says of itself."""
    page = (publication / "index.html").read_text(encoding="utf-8")
    without_script = re.search(r"<noscript>.*?</noscript>", page, flags=re.DOTALL)
    table = (publication / "data" / "indicators.csv").read_text(encoding="utf-8")
    return f"{without_script[0]} {table}"


def test_a_layer_of_another_country_is_doubtful_and_says_where_it_would_fit(folder, tmp_path):
    far = gpd.GeoDataFrame(
        {"id": [1, 2]}, geometry=[shapely.Point(X, Y), shapely.Point(X + 90, Y + 90)]
    ).set_crs("EPSG:25833")  # the zone of its coordinates is 34
    far.to_file(folder / "apoteke.gpkg", engine="pyogrio")
    draft = drafted("Bar", [folder], tmp_path / "out" / "city.toml", city_id="bar")
    layer = next(one for one in draft.layers if one.role == "pharmacy")
    assert "far from the city" in layer.doubt
    assert "EPSG:25834" in layer.doubt
    assert "pharmacy" not in tomllib.loads(text_of(draft))["layers"]


def test_of_two_layers_of_one_role_the_second_is_commented_out(folder, tmp_path):
    save(folder, "skole.gpkg", [shapely.Point(X + 500, Y + 500)], {"naziv": ["Škola"]})
    draft = drafted("Bar", [folder], tmp_path / "out" / "city.toml", city_id="bar")
    schools = [one for one in draft.layers if one.role == "school"]
    assert [bool(one.doubt) for one in schools] == [False, True]
    assert "is taken for this role" in schools[1].doubt


def test_a_part_of_the_streets_is_doubtful(folder, tmp_path):
    (folder / "ulice.gpkg").unlink()
    save(folder, "ulice.gpkg", [shapely.LineString([(X, Y + 50), (X + 900, Y + 50)])], {"id": [1]})
    draft = drafted("Bar", [folder], tmp_path / "out" / "city.toml", city_id="bar")
    streets = next(one for one in draft.layers if one.role == "streets")
    assert "hardly all streets" in streets.doubt  # 0.9 km in a box of 4 km²


def test_without_counts_the_draft_says_so_and_a_total_fills_in(folder, tmp_path):
    hoods = gpd.read_file(folder / "mjesne_zajednice.gpkg")
    (folder / "mjesne_zajednice.gpkg").unlink()
    kept = hoods[["mz_id", "naziv", "geometry"]]
    kept.to_file(folder / "mjesne_zajednice.gpkg", engine="pyogrio")
    file = tmp_path / "out" / "city.toml"
    without = tomllib.loads(text_of(drafted("Bar", [folder], file, city_id="bar")))
    assert "residents" not in without
    assert "street_density" in without["indicators"]
    assert "coverage_within" not in without["indicators"]
    given = tomllib.loads(text_of(drafted("Bar", [folder], file, city_id="bar", residents=5000)))
    assert given["residents"] == {"from": ["buildings"], "total": 5000}


def test_hostile_names_cannot_leave_their_comment(folder, tmp_path):
    name = 'skole"\n[layers.evil]\npath = "x'
    frame = gpd.GeoDataFrame(
        {"naziv\n[evil]\na = 1 #": ["x"]}, geometry=[shapely.Point(X, Y)], crs=CRS
    )
    frame.to_file(folder / "more.gpkg", layer=name, engine="pyogrio")
    text = text_of(drafted("Bar", [folder], tmp_path / "out" / "city.toml", city_id="bar"))
    assert "evil" not in tomllib.loads(text)
    assert "evil" not in tomllib.loads(text)["layers"]


def test_a_folder_without_data_is_an_error(tmp_path):
    (tmp_path / "notes.md").write_text("nothing", encoding="utf-8")
    with pytest.raises(DataError, match="no file that is read"):
        drafted("Bar", [tmp_path], tmp_path / "city.toml", city_id="bar")


def test_tables_without_coordinates_are_listed(folder, tmp_path):
    pd.DataFrame({"ulaz": ["X", "Y"], "ukupno": [1, 2]}).to_csv(folder / "popis.csv", index=False)
    draft = drafted("Bar", [folder], tmp_path / "out" / "city.toml", city_id="bar")
    why = next(one.why for one in draft.unplaced if one.shown == "popis.csv")
    assert "no coordinates" in why


def test_polygons_that_adjoin_are_offered_as_neighbourhoods_where_no_word_says_so(tmp_path):
    (tmp_path / "files").mkdir()
    save(tmp_path / "files", "podjela_2024.gpkg", squares(), {"sifra": ["A", "B", "C", "D"]})
    save(tmp_path / "files", "xyz.gpkg", houses(240), {"a": range(240)})
    draft = drafted("Bar", [tmp_path / "files"], tmp_path / "out" / "city.toml", city_id="bar")
    (layer,) = [one for one in draft.layers if one.role == "neighbourhoods"]
    assert layer.dataset.shown == "podjela_2024.gpkg"  # and not the houses, which do not adjoin
    assert "adjoin" in layer.doubt
    assert "# [layers.neighbourhoods]" in text_of(draft)
