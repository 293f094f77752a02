"""Which column counts the people of the neighbourhoods, and which only sounds like it."""

import gzip
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from requested import requested

from urbanlayer.drafting import drafted
from urbanlayer.drafting.column_guesses import best_column, counted_columns
from urbanlayer.drafting.parts_of_people import counts_a_part, is_total
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.sources import file
from urbanlayer.sources.joining import with_joins

X, Y = 357_000.0, 4_700_000.0
NAMES = ["Zabjelo", "Konik", "Stari Aerodrom", "Drač"]


@pytest.mark.parametrize(
    "column",
    [
        "stanovnika_0_14", "Stanovništvo 15-64", "pop65plus", "POP0014", "residents over 65",
        "Einwohner unter 18", "stanovnika_65", "stanovnika_zene", "broj_domacinstava",
        "stanovnika_2035", "projekcija_stanovnika", "gustina_stanovnika", "popisni_krug",
        "census_tract", "stopa_rasta_stanovnistva", "zaposleno_stanovnistvo", "N_INDIVIDUOS_H",
    ],
)  # fmt: skip
def test_a_column_of_some_people_or_of_something_else_is_no_census(column):
    assert counts_a_part(column)


@pytest.mark.parametrize(
    "column",
    ["stanovnika", "popis_2023", "stanovnika_31_12_2023", "Einwohner 1.1.2024", "popul_21",
     "Вкупно население", "P20_POP", "population2021"],
)  # fmt: skip
def test_a_column_of_all_people_is_one(column):
    assert not counts_a_part(column)


@pytest.mark.parametrize(
    ("column", "total"),
    [
        ("Ukupno", True), ("Ukupan broj stanovnika", True), ("Insgesamt", True),
        ("Residence type: Total; measures: Value", True), ("Ukupno domaćinstava", False),
        ("Ukupno objekata", False), ("Total area", False), ("Ukupno 0-14", False),
    ],
)  # fmt: skip
def test_a_total_is_one_of_people_unless_it_names_something_else(column, total):
    assert is_total(column) is total


def test_the_latest_count_is_taken_and_no_forecast():
    names = ("stanovnika_2011", "stanovnika_2023", "stanovnika_2050", "popis_id")
    frame = pd.DataFrame({name: [1, 2] for name in names})
    assert best_column(frame, "residents") == "stanovnika_2023"


def test_a_total_alone_needs_a_table_of_people():
    frame = pd.DataFrame({"mz": NAMES, "Ukupno": [1, 2, 3, 4]})
    assert counted_columns(frame, of_census=False) == []
    assert counted_columns(frame, of_census=True) == ["Ukupno"]
    with_women = frame.assign(Žene=[1, 1, 2, 2])
    assert counted_columns(with_women, of_census=False) == ["Ukupno"]


def census_of(tmp_path, hoods, rows, name="popis.csv"):
    """The `residents` of neighbourhoods drafted with a table, their key, and why it is not used."""
    folder = tmp_path / "files"
    folder.mkdir()
    squares = [shapely.box(X + 1000 * at, Y, X + 1000 * at + 1000, Y + 1000) for at in range(4)]
    frame = gpd.GeoDataFrame(hoods, geometry=squares, crs="EPSG:25834")
    frame.to_file(folder / "mjesne_zajednice.gpkg", engine="pyogrio")
    text = "\n".join(";".join(map(str, row)) for row in rows)
    if name.endswith(".gz"):
        (folder / name).write_bytes(gzip.compress(text.encode()))
    elif name.endswith(".zip"):
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("tabela.csv", text)
    else:
        (folder / name).write_text(text, encoding="utf-8")
    draft = drafted("Bar", [folder], tmp_path / "out" / "city.toml", city_id="bar")
    layer = next(one for one in draft.layers if one.role == "neighbourhoods")
    keys = {key.key: key.value for key in layer.keys if not key.doubtful}
    why = {one.shown: one.why for one in draft.unplaced}
    return keys.get("residents"), keys.get("key"), why.get(name, "")


def test_keys_that_count_from_one_are_not_joined_to_the_numbers_of_rows(tmp_path):
    hoods = {"id": [1, 2, 3, 4], "naziv": NAMES}
    rows = [["R.br.", "Mjesna zajednica", "Ukupno"]]
    rows += [[at, name, 100 * at] for at, name in enumerate(reversed(NAMES), start=1)]
    residents, key, _ = census_of(tmp_path, hoods, rows)
    assert residents["key"] == "Mjesna zajednica"  # and not row 1 to neighbourhood 1
    assert key == "naziv"


def test_keys_that_count_from_one_are_not_joined_without_names(tmp_path):
    hoods = {"id": [1, 2, 3, 4], "naziv": NAMES}
    rows = [["rb", "stanovnika"], *[[at, 100 * at] for at in range(1, 5)]]
    assert census_of(tmp_path, hoods, rows)[0] is None


def test_a_title_and_an_empty_line_above_the_heading_are_passed_over(tmp_path):
    hoods = {"sifra": ["A1", "A2", "A3", "A4"], "naziv": NAMES}
    rows = [["Popis stanovništva 2023"], [""], ["Šifra", "Naziv", "Ukupno", "Žene"]]
    rows += [[f"A{at}", name, 100, 51] for at, name in enumerate(NAMES, start=1)]
    residents, key, _ = census_of(tmp_path, hoods, rows)
    assert (residents["key"], residents["field"], key) == ("Šifra", "Ukupno", "sifra")


def test_a_total_of_households_is_not_taken_for_people(tmp_path):
    hoods = {"sifra": ["A1", "A2", "A3", "A4"], "naziv": NAMES}
    rows = [["Šifra", "Ukupno"], *[[f"A{at}", 100] for at in range(1, 5)]]
    residents, _, why = census_of(tmp_path, hoods, rows, "domacinstva.csv")
    assert residents is None
    assert "no column sounds like counts of people" in why


def test_the_lower_row_of_a_heading_of_two_names_the_counts(tmp_path):
    hoods = {"sifra": [f"A{at}" for at in range(1, 5)], "naziv": NAMES}
    rows = [["Šifra", "Stanovništvo", ""], ["", "Muškarci", "Ukupno"]]
    rows += [[f"A{at}", 49, 100] for at in range(1, 5)]
    residents, _, _ = census_of(tmp_path, hoods, rows)
    assert residents["field"] == "Ukupno"  # and not the men, below the name of all


@pytest.mark.parametrize("name", ["popis.csv.gz", "popis.zip"])
def test_a_packed_census_is_joined_and_the_join_is_read(name, tmp_path):
    hoods = {"sifra": [f"A{at}" for at in range(1, 5)], "naziv": NAMES}
    rows = [["Šifra", "Ukupno"], *([f"A{at}", 100 * at] for at in range(1, 5))]
    residents, _, _ = census_of(tmp_path, hoods, rows, name)
    assert residents == {"path": f"../files/{name}", "key": "Šifra", "field": "Ukupno"}
    path = tmp_path / "files" / "mjesne_zajednice.gpkg"
    says = {"path": path.name, "key": "sifra", "residents": residents}
    request = requested("neighbourhoods", LayerSpec(**says), path)
    raw = file.SOURCE.read([request])["neighbourhoods"]
    joined = with_joins(raw, request, tmp_path / "out")
    assert joined.frame[request.spec.joins[0].column].tolist() == ["100", "200", "300", "400"]


def test_a_census_of_half_of_the_neighbourhoods_is_not_joined_and_says_of_how_many(tmp_path):
    hoods = {"sifra": [f"A{at}" for at in range(1, 5)], "naziv": NAMES}
    rows = [["Šifra", "Ukupno"], ["A1", 100], ["A2", 200], ["B7", 300]]
    residents, _, why = census_of(tmp_path, hoods, rows)
    assert residents is None
    assert "'Šifra' has 'sifra' of 2 of 4 neighbourhoods only" in why
