"""Text as offices write it: codepages, decimal commas, keys, and tables without a plain dialect."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import unicodedata
from typing import TYPE_CHECKING

import geopandas as gpd
import openpyxl
import pytest
from intake import SOUTH, WEST, geojson, polygon, said, square, take
from shapely import Polygon

from urbanlayer.errors import LayerError, SourceError

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["Šćepan Polje", "Đečani", "Žabljak čaršija", "Ljubović"]
ALBANIAN = ["Kisha e Shën Gjergjit", "Çarshia e vjetër", "Rruga e Dëshmorëve", "Ulqini"]
XY = [(WEST + 1000 + 100 * n, SOUTH + 1000.5) for n in range(4)]


def csv_text(names: list[str], *, separator: str = ",", comma: bool = False) -> str:
    rows = [separator.join(["id", "naziv", "x", "y"])]
    for number, (name, (x, y)) in enumerate(zip(names, XY, strict=True), start=1):
        numbers = [f"{x:.1f}", f"{y:.1f}"]
        if comma:
            numbers = [text.replace(".", ",") for text in numbers]
        rows.append(separator.join([f"{number:03}", name, *numbers]))
    return "\n".join(rows) + "\n"


def shapefile(folder: Path, names: list[str], encoding: str) -> Path:
    shapes = [Polygon(square(number)) for number in range(len(names))]
    frame = gpd.GeoDataFrame({"naziv": names}, geometry=shapes, crs="EPSG:25834")
    frame.to_file(folder / "green.shp", encoding=encoding)
    return folder / "green.shp"


@pytest.mark.parametrize("names", [NAMES, ALBANIAN])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "cp852", "utf-16"])
def test_a_csv_in_any_codepage_keeps_its_letters(
    names: list[str], encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / "trees.csv"
    path.write_bytes(csv_text(names).encode(encoding))
    layer = take(path, role="school", name="naziv", crs="EPSG:25834")
    assert layer.frame["name"].tolist() == names


def test_a_guessed_codepage_is_said(tmp_path: Path) -> None:
    path = tmp_path / "trees.csv"
    path.write_bytes(csv_text(NAMES).encode("cp1250"))
    assert "cp1250 fits" in said(take(path, role="trees", crs="EPSG:25834"))


def test_cyrillic_in_its_own_codepage_is_read(tmp_path: Path) -> None:
    names = ["Стара варош", "Доњи крај", "Његошев парк", "Чепурци"]
    path = tmp_path / "trees.csv"
    path.write_bytes(csv_text(names).encode("cp1251"))
    layer = take(path, role="trees", name="naziv", crs="EPSG:25834")
    assert layer.frame["name"].tolist() == names


def test_semicolons_and_decimal_commas_are_found(tmp_path: Path) -> None:
    path = tmp_path / "trees.csv"
    path.write_text(csv_text(NAMES, separator=";", comma=True), encoding="utf-8")
    layer = take(path, role="trees", crs="EPSG:25834", key="id")
    assert [(p.x, p.y) for p in layer.frame.geometry] == XY
    assert layer.frame.index.tolist() == ["001", "002", "003", "004"]
    assert "separated by ';'" in said(layer)
    assert "decimal commas" in said(layer)


def test_a_key_with_leading_zeros_stays_in_a_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "naziv", "x", "y", "dan"])
    for number, (x, y) in enumerate(XY, start=1):
        book.active.append([f"{number:03}", "Park", x, y, dt.datetime(2024, 4, 3)])  # noqa: DTZ001
    book.save(tmp_path / "trees.xlsx")
    layer = take(tmp_path / "trees.xlsx", role="trees", key="id", crs="EPSG:25834")
    assert layer.frame.index.tolist() == ["001", "002", "003", "004"]
    assert layer.frame["dan"].tolist() == ["2024-04-03"] * 4


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        (
            ["25/04/2024", "04/25/2024"],
            "'25/04/2024' has the day first, '04/25/2024' the month",
        ),
        (["03/04/2021", "05/06/2021"], "Nothing shows whether '03/04/2021' has the day or the"),
        (["2024-04-03", "25.04.2024"], "Written as 2024-04-03: 1; as '25.04.2024': 1"),
        (["25/04/2024", "03/04/2024"], ""),
        (["03.04.2021.", "05.06.2021."], ""),
        (["2024-04-03", "2024-04-05"], ""),
        (["1/2", "12.5"], ""),
    ],
)
def test_dates_whose_order_nobody_knows_are_told_and_stay_as_written(
    tmp_path: Path, dates: list[str], told: str
) -> None:
    rows = "".join(f"{x};{y};{date}\n" for (x, y), date in zip(XY, dates, strict=False))
    path = tmp_path / "crashes.csv"
    path.write_text(f"x;y;datum\n{rows}", encoding="utf-8")
    layer = take(path, role="crashes", crs="EPSG:25834")
    assert layer.frame["datum"].tolist() == dates
    assert told in said(layer)
    assert ("is not certain" in said(layer)) == bool(told)


def test_a_sheet_with_dates_and_texts_in_one_column_is_told(tmp_path: Path) -> None:
    # as a spreadsheet leaves 03.04.2024 and 25.04.2024 that were typed by the day first
    book = openpyxl.Workbook()
    book.active.append(["x", "y", "dan"])
    cells = [dt.datetime(2024, 3, 4), "25.04.2024"]  # noqa: DTZ001
    for (x, y), cell in zip(XY, cells, strict=False):
        book.active.append([x, y, cell])
    book.save(tmp_path / "crashes.xlsx")
    layer = take(tmp_path / "crashes.xlsx", role="crashes", crs="EPSG:25834")
    assert "The order of the dates in 'dan' is not certain" in said(layer)


def test_the_year_of_a_building_is_read_from_its_date_in_any_order(tmp_path: Path) -> None:
    rings = [polygon(square(n)) for n in range(4)]
    dates = ["15.03.1974", "03/04/1986", "1999-12-31", ""]
    path = geojson(tmp_path / "kuce.geojson", rings, gradnja=dates)
    layer = take(path, role="buildings", year="gradnja")
    assert layer.frame["year"].tolist()[:3] == [1974.0, 1986.0, 1999.0]
    assert layer.frame["year"].isna().tolist() == [False, False, False, True]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_title_above_the_heading_is_passed_over_and_told(tmp_path: Path, kind: str) -> None:
    rows = [["Spisak kontejnera, jun 2026", "", ""], ["sifra", "X", "Y"]]
    rows += [[f"0{number}", str(x), str(y)] for number, (x, y) in enumerate(XY)]
    path = tmp_path / f"popis.{kind}"
    if kind == "csv":
        path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([cell or None for cell in row])
        book.active.merge_cells("A1:C1")
        book.save(path)
    layer = take(path, role="trees", key="sifra", crs="EPSG:25834")
    assert layer.frame.index.tolist() == [f"0{number}" for number in range(len(XY))]
    assert layer.read == len(XY)
    assert "The header is row 2" in said(layer)


def test_a_heading_of_two_rows_gives_the_lower_names_and_else_the_upper(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["sifra", "koordinate", None])
    book.active.append([None, "x", "y"])
    book.active.merge_cells("B1:C1")
    for number, pair in enumerate(XY):
        book.active.append([f"0{number}", *pair])
    book.save(tmp_path / "popis.xlsx")
    layer = take(tmp_path / "popis.xlsx", role="trees", key="sifra", crs="EPSG:25834")
    assert layer.frame.index.tolist() == [f"0{number}" for number in range(len(XY))]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_columns_under_merged_cells_have_the_names_of_both_rows(
    ending: str, tmp_path: Path
) -> None:
    # a census by sex in two years: the column 2023 was that of the men
    head = [["sifra", 2011, None, 2023, None, "x", "y"], [None, "m", "ž", "m", "ž", None, None]]
    rows = [[number, 1, 2, 10 * number, 20, *XY[number - 1]] for number in (1, 2, 3, 4)]
    path = tmp_path / f"popis.{ending}"
    if ending == "xlsx":
        book = openpyxl.Workbook()
        for row in [*head, *rows]:
            book.active.append(row)
        book.save(path)
    else:
        texts = [",".join("" if cell is None else str(cell) for cell in row) for row in head + rows]
        path.write_text("\n".join(texts), encoding="utf-8")
    layer = take(path, role="population", key="sifra", people="2023 m", crs="EPSG:25834")
    assert layer.frame["people"].tolist() == [10, 20, 30, 40]
    with pytest.raises(LayerError, match=r"no column '2023' .*did you mean '2023 [mž]'"):
        take(path, role="population", key="sifra", people="2023", crs="EPSG:25834")


def test_breaks_in_a_heading_and_empty_cells_beyond_it_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "popis.csv"
    rows = [f"{number},{10 * number},{x},{y},," for number, (x, y) in enumerate(XY, start=1)]
    path.write_text("\n".join(['sifra,"broj\nlica",x,y', *rows]), encoding="utf-8")
    layer = take(path, role="population", key="sifra", people="broj lica", crs="EPSG:25834")
    assert layer.frame["people"].tolist() == [10, 20, 30, 40]


def test_a_space_that_does_not_break_tells_of_no_codepage(tmp_path: Path) -> None:
    names = ["Park 1", "\u00a0Bare", "Sela\u00a0", "Gaj"]
    path = geojson(tmp_path / "g.geojson", [polygon(square(n)) for n in range(4)], naziv=names)
    assert take(path, name="naziv").frame["name"].tolist() == ["Park 1", "Bare", "Sela", "Gaj"]


def test_a_sheet_that_is_locked_or_no_sheet_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "popis.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    with pytest.raises(SourceError, match="locked with a password, or an old XLS"):
        take(path, role="trees")
    path.write_bytes(b"\x05" + bytes(160))  # what a spreadsheet leaves beside an open file
    with pytest.raises(SourceError, match="it is no XLSX"):
        take(path, role="trees")


def test_degrees_minutes_and_seconds_are_read(tmp_path: Path) -> None:
    # 42°26'28" N is 42.441111°, 19°15'49" E is 19.263611°
    path = tmp_path / "trees.csv"
    path.write_text("naziv;lon;lat\nLipa;19°15'49\"E;42°26'28\"N\n", encoding="utf-8")
    layer = take(path, role="trees")
    back = layer.frame.to_crs("EPSG:4326").geometry.iloc[0]
    assert (back.x, back.y) == (
        pytest.approx(19.263611, abs=1e-6),
        pytest.approx(42.441111, abs=1e-6),
    )


def test_thousands_that_may_be_decimals_are_asked_about(tmp_path: Path) -> None:
    # 14.566 people: fourteen thousand, and never fourteen and a half
    rings = [polygon(square(n)) for n in range(2)]
    path = geojson(tmp_path / "mz.geojson", rings, popis=["14.566", "2.300"])
    with pytest.raises(LayerError, match=r'may mark thousands or decimals.*decimal = ","'):
        take(path, role="neighbourhoods", residents="popis")
    layer = take(path, role="neighbourhoods", residents="popis", decimal=",")
    assert layer.frame["residents"].tolist() == [14566.0, 2300.0]


def test_fewer_than_no_people_are_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "p.geojson", [polygon(square(n)) for n in range(2)], n=[50, -3])
    with pytest.raises(LayerError, match="1 of 2 features have a negative value in 'n' \\(1\\)"):
        take(path, role="population", people="n")


def test_a_population_of_nobody_is_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "p.geojson", [polygon(square(n)) for n in range(2)], n=[0, 0])
    with pytest.raises(LayerError, match="all values are empty or 0"):
        take(path, role="population", people="n")


def test_levels_that_cannot_be_are_not_known(tmp_path: Path) -> None:
    rings = [polygon(square(n)) for n in range(3)]
    path = geojson(tmp_path / "b.geojson", rings, sprat=[4, 99, None])
    layer = take(path, role="buildings", levels="sprat")
    assert layer.frame["levels"].tolist()[0] == 4
    assert layer.frame["levels"].isna().sum() == 2
    assert "impossible storeys (99)" in said(layer)


def test_every_fault_of_a_layer_is_told_at_once_with_the_nearest_column(tmp_path: Path) -> None:
    path = geojson(tmp_path / "mz.geojson", [polygon(square(0))], mz_id=["1"], naziv=["a"], st=[5])
    with pytest.raises(LayerError) as caught:
        take(path, role="neighbourhoods", key="mzid", name="nazv", residents="popis")
    assert len(caught.value.errors) == 3
    assert "did you mean 'mz_id'" in caught.value.errors[0]
    assert "did you mean 'naziv'" in caught.value.errors[1]


def test_letters_that_were_taken_apart_are_put_together(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "Šćepan")
    path = geojson(tmp_path / "green.geojson", [polygon(square(0))], k=[apart])
    assert take(path, key="k").frame.index.tolist() == ["Šćepan"]


@pytest.mark.slow
def test_control_characters_are_dropped_and_endless_text_is_cut(tmp_path: Path) -> None:
    rings = [polygon(square(n)) for n in range(2)]
    path = geojson(tmp_path / "green.geojson", rings, naziv=["Pa\x07rk\x1b", "x" * 50_000])
    names = take(path, name="naziv").frame["name"]
    assert names.iloc[0] == "Park"
    assert len(names.iloc[1]) == 10_000


def test_hostile_names_come_through_as_text(tmp_path: Path) -> None:
    hostile = ["<img src=x onerror=alert(1)>", '=HYPERLINK("http://x")']
    path = geojson(tmp_path / "green.geojson", [polygon(square(n)) for n in range(2)], n=hostile)
    assert take(path, name="n").frame["name"].tolist() == hostile


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_letters_that_were_confused_before_are_mended_and_said(wrong: str, tmp_path: Path) -> None:
    # UTF-8 that some program read as Western European and saved again
    confused = [name.encode("utf-8").decode("latin-1") for name in NAMES]
    if wrong == "cp1252":
        confused = [name.encode("cp1250").decode("cp1252") for name in NAMES]
    path = geojson(tmp_path / "green.geojson", [polygon(square(n)) for n in range(4)], n=confused)
    layer = take(path, name="n")
    assert layer.frame["name"].tolist() == NAMES
    assert "repaired" in said(layer)


def test_portuguese_names_are_not_of_central_europe(tmp_path: Path) -> None:
    names = ["São João", "Coração", "Praça", "Estação"]
    rings = [polygon(square(n)) for n in range(4)]
    path = geojson(tmp_path / "green.geojson", rings, n=names)
    text = json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False)
    path.write_bytes(text.encode("latin-1"))
    assert take(path, name="n").frame["name"].tolist() == names


def test_a_geojson_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "green.geojson", [polygon(square(n)) for n in range(4)], n=list("abcd")
    )
    text = path.read_text()
    for letter, name in zip("abcd", NAMES, strict=True):
        text = text.replace(f'"n": "{letter}"', f'"n": "{name}"')
    path.write_bytes(text.encode("cp1250"))
    assert take(path, name="n").frame["name"].tolist() == NAMES


@pytest.mark.parametrize("names", [NAMES, ALBANIAN])
@pytest.mark.parametrize("encoding", ["cp1250", "utf-8", "cp852"])
def test_a_shapefile_without_cpg_keeps_its_letters(
    names: list[str], encoding: str, tmp_path: Path
) -> None:
    path = shapefile(tmp_path, names, encoding)
    path.with_suffix(".cpg").unlink()
    assert take(path, name="naziv").frame["name"].tolist() == names


def test_a_shapefile_with_a_wrong_cpg_keeps_its_letters(tmp_path: Path) -> None:
    path = shapefile(tmp_path, NAMES, "cp1250")
    path.with_suffix(".cpg").write_text("UTF-8")
    layer = take(path, name="naziv")
    assert layer.frame["name"].tolist() == NAMES
    assert "The .cpg file states utf-8" in said(layer)


@pytest.mark.parametrize("content", [b"\0\0\0\0", b"UTF\0-8", b"klingon", b"hex", b"\x1b[2J"])
@pytest.mark.parametrize("names", [NAMES, ["Gorica", "Zabjelo", "Tolosi", "Drac"]])
def test_a_cpg_that_states_nothing_known_is_told_and_the_letters_stay(
    names: list[str], content: bytes, tmp_path: Path
) -> None:
    path = shapefile(tmp_path, names, "cp1250")
    path.with_suffix(".cpg").write_bytes(content)
    layer = take(path, name="naziv")
    assert layer.frame["name"].tolist() == names
    assert "which is no known encoding" in said(layer)
    assert "\x1b" not in said(layer)


def test_a_declared_encoding_that_cannot_be_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path, NAMES, "cp1250")
    with pytest.raises(SourceError, match="its text is not utf-8"):
        take(path, encoding="utf-8")


def test_a_shapefile_without_its_index_gets_a_new_one(tmp_path: Path) -> None:
    path = shapefile(tmp_path, NAMES, "utf-8")
    path.with_suffix(".shx").unlink()
    assert len(take(path)) == 4
    assert not path.with_suffix(".shx").exists()


def test_a_shapefile_without_its_table_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path, NAMES, "utf-8")
    path.with_suffix(".dbf").unlink()
    with pytest.raises(SourceError, match=r"green\.dbf, which holds its fields, is not next to it"):
        take(path)


def test_a_shapefile_without_prj_is_placed_only_if_one_crs_fits(tmp_path: Path) -> None:
    path = shapefile(tmp_path, NAMES, "utf-8")
    path.with_suffix(".prj").unlink()
    layer = take(path)
    assert "EPSG:25834 is the only one" in said(layer)


def test_a_shapefile_that_was_cut_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path, NAMES, "utf-8")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SourceError, match="it was cut short"):
        take(path)


def test_a_shapefile_with_the_table_of_another_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    path = shapefile(tmp_path, NAMES, "utf-8")
    shutil.copy(shapefile(other, NAMES[:3], "utf-8").with_suffix(".dbf"), path.with_suffix(".dbf"))
    with pytest.raises(SourceError, match=r"4 shapes and its \.dbf 3 rows"):
        take(path)


def test_columns_of_coordinates_that_are_not_clear_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "trees.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match='set x = "…" and y = "…"'):
        take(path, role="trees")


def test_a_coordinate_column_without_numbers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trees.csv"
    path.write_text("x,y\nhere,there\n")
    with pytest.raises(SourceError, match="'x' holds no coordinates \\('here'\\)"):
        take(path, role="trees")


def test_a_row_with_a_separator_too_many_is_named(tmp_path: Path) -> None:
    path = tmp_path / "trees.csv"
    path.write_text("naziv,x,y\nLipa,1,2\nLipa, stara,1,2\n")
    with pytest.raises(SourceError, match="row 3 has 4"):
        take(path, role="trees")


def test_a_where_that_nothing_has_is_told(tmp_path: Path) -> None:
    path = geojson(tmp_path / "green.geojson", [polygon(square(0))], tip=["park"])
    with pytest.raises(SourceError, match="no feature has tip = prk; did you mean 'park'"):
        take(path, where={"tip": "prk"})
    with pytest.raises(SourceError, match=r"where names a column 'tp'.*did you mean 'tip'"):
        take(path, where={"tp": "park"})


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_two_columns_of_one_name_are_refused(ending: str, tmp_path: Path) -> None:
    rows = [["id", "x", "y", "naziv", "naziv", "", ""], ["1", WEST, SOUTH, "a", "b", "", ""]]
    path = tmp_path / f"a.{ending}"
    if ending == "csv":
        path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    with pytest.raises(SourceError, match=r"'pharmacy'.*2 columns have the same name 'naziv'"):
        take(path, role="pharmacy", name="naziv")


BY_LANGUAGE = {
    "Turkish": ["Kadıköy", "Beşiktaş", "Bağcılar", "İstanbul"],
    "French": ["Café", "Hôtel de Ville", "Cœur", "École"],
    "German": ["Straße", "Österreich", "Käse", "Müller"],
    "Montenegrin": ["Šćepan Polje", "Đoko", "Nikšić", "Žabljak"],
    "Albanian": ["Shkodër", "Çarshia"],
    "Russian": ["Москва", "Съезд", "Яна"],
    "Macedonian": ["Скопје", "Ѓорче Петров"],
    "Greek": ["Αθήνα", "Θεσσαλονίκη"],
    "Polish": ["Łódź", "Gdańsk"],
}


@pytest.mark.parametrize("form", ["csv", "geojson", "dbf"])
@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("Turkish", "cp1254"), ("Turkish", "utf-16"), ("French", "mac-roman"), ("French", "cp1252"),
        ("French", "iso8859-15"), ("German", "mac-roman"), ("German", "cp850"),
        ("Montenegrin", "cp1250"), ("Montenegrin", "cp852"), ("Montenegrin", "utf-16-le"),
        ("Montenegrin", "utf-16-be"), ("Albanian", "cp1250"), ("Russian", "cp1251"),
        ("Macedonian", "cp1251"), ("Macedonian", "iso8859-5"), ("Greek", "cp1253"),
        ("Polish", "cp1250"),
    ],
)  # fmt: skip
def test_letters_of_a_language_are_read_as_they_were_written(
    language: str, encoding: str, form: str, tmp_path: Path
) -> None:
    names = BY_LANGUAGE[language]
    if form == "dbf" and encoding.startswith("utf-16"):
        pytest.skip("a .dbf file has no zeros between letters")
    if form == "csv":
        rows = [f"{name};{WEST + 1000 + 200 * n};{SOUTH + 1000}" for n, name in enumerate(names)]
        path = tmp_path / "schools.csv"
        path.write_bytes("\n".join(["ime;x;y", *rows]).encode(encoding))
        layer = take(path, role="school", name="ime", crs="EPSG:25834")
    elif form == "geojson":
        path = geojson(tmp_path / "green.geojson", [polygon(square(n)) for n in range(len(names))],
                       ime=names)  # fmt: skip
        text = json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False)
        path.write_bytes(text.encode(encoding))
        layer = take(path, name="ime")
    else:
        bytes_of = [name.encode(encoding).decode("latin-1") for name in names]
        frame = gpd.GeoDataFrame(
            {"ime": bytes_of}, geometry=[Polygon(square(n)) for n in range(len(names))],
            crs="EPSG:25834",
        )  # fmt: skip
        path = tmp_path / "green.shp"
        frame.to_file(path, encoding="ISO-8859-1")
        path.with_suffix(".cpg").unlink(missing_ok=True)
        if (table := path.with_suffix(".dbf").read_bytes())[29]:  # no language driver
            path.with_suffix(".dbf").write_bytes(table[:29] + b"\x00" + table[30:])
        layer = take(path, name="ime")
    assert layer.frame["name"].tolist() == names


@pytest.mark.parametrize("names", [["Beşiktaş"], ["Győr"], ["Plzeň", "České Budějovice"]])
def test_letters_that_could_be_others_ask_for_an_encoding(names: list[str], tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    encoding = "cp1254" if names == ["Beşiktaş"] else "cp1250"
    rows = [f"{name};{WEST + 1000 + 200 * n};{SOUTH + 1000}" for n, name in enumerate(names)]
    path.write_bytes("\n".join(["ime;x;y", *rows]).encode(encoding))
    with pytest.raises(SourceError, match=f"set encoding = .*|{encoding} reads {names[0]!r}"):
        take(path, role="school", name="ime", crs="EPSG:25834")
    layer = take(path, role="school", name="ime", crs="EPSG:25834", encoding=encoding)
    assert layer.frame["name"].tolist() == names


def test_the_language_driver_of_a_dbf_file_says_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "green.shp"
    frame = gpd.GeoDataFrame({"ime": ["Beşiktaş"]}, geometry=[Polygon(square(0))], crs="EPSG:25834")
    frame.to_file(path, encoding="cp1254")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    table = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(table[:29] + b"\xca" + table[30:])  # Windows Turkish
    assert take(path, name="ime").frame["name"].tolist() == ["Beşiktaş"]
