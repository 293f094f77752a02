"""Tables joined to a layer by key: a census in a sheet, groups, long tables, and what fails."""

import math

import openpyxl
import pytest
import small_city

import urbanlayer
from urbanlayer.errors import UrbanlayerError

JOIN = 'residents = { path = "popis.csv", key = "mz", field = "ukupno" }'


def city_with(folder, join=JOIN, groups="", **changed):
    text = small_city.CITY.replace('residents = "census"', join)
    if groups:
        text = text.replace('from = ["census"]', f'from = ["census"]\ngroups = {groups}')
    return small_city.write(folder, text + '\n[publish]\ndisclosure = "internal"\n', **changed)


def popis(folder, *rows, head="mz;ukupno"):
    (folder / "popis.csv").write_text("\n".join([head, *rows]), encoding="utf-8")


def counts(file, out):
    city = urbanlayer.build(file, out).publication.city
    people = city.residents.per_neighbourhood(len(city.neighbourhoods))
    return dict(zip(city.neighbourhoods.keys, people.round(6).tolist(), strict=True)), city


def test_a_census_in_a_table_is_counted_by_key(tmp_path):
    popis(tmp_path, "N4;40", "N2;20", "N1;10", "N3;1.030")
    with pytest.raises(UrbanlayerError, match=r"holds numbers like '1\.030'"):
        urbanlayer.build(city_with(tmp_path), tmp_path / "out")  # 1030, or 1.03: nobody can know
    stated = JOIN.replace(" }", ', decimal = "," }')
    found, _ = counts(city_with(tmp_path, stated), tmp_path / "out")
    assert found == {"N1": 10, "N2": 20, "N3": 1030, "N4": 40}


@pytest.mark.parametrize("more", ["", ', decimal = ","', ", sum = true"])
def test_a_share_in_a_table_is_no_census(tmp_path, more):
    popis(tmp_path, "N4;40,5 %", "N2;20", "N1;10", "N3;30")
    with pytest.raises(UrbanlayerError, match=r"1 (of 4 )?values of .* are percentages .*40,5 %"):
        urbanlayer.build(city_with(tmp_path, JOIN.replace(" }", more + " }")), tmp_path / "out")


def test_a_share_in_a_table_is_no_group(tmp_path):
    popis(tmp_path, "N4;40;50%", "N2;20;9", "N1;10;4", "N3;30;14", head="mz;ukupno;žene")
    groups = "{ women = " + JOIN.replace("residents = ", "").replace("ukupno", "žene") + " }"
    with pytest.raises(UrbanlayerError, match=r"group.*holds percentages \('50%' at 'N4'\)"):
        urbanlayer.build(city_with(tmp_path, groups=groups), tmp_path / "out")


def test_a_sheet_with_a_title_above_its_heading_and_keys_as_numbers(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "opis"
    book.active.append(["Popis 2023"])
    sheet = book.create_sheet("2023")
    for row in (["Popis stanovništva"], [], ["mz", "ukupno", "žene"], [1, 10, 4], [2, 20, 9],
                [3, 30, 14], [4, 40, 21]):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "popis.xlsx")
    hoods = small_city.frames()["hoods"].assign(id=["001", "002", "003", "004"])
    table = 'path = "popis.xlsx", sheet = "2023", key = "mz"'
    file = city_with(
        tmp_path, f'residents = {{ {table}, field = "ukupno" }}',
        groups=f'{{ women = {{ {table}, field = "žene" }} }}', hoods=hoods,
    )  # fmt: skip
    found, city = counts(file, tmp_path / "out")
    assert found == {"001": 10, "002": 20, "003": 30, "004": 40}
    assert city.residents.groups["women"].sum() == pytest.approx(48)
    notes = [note.code for note in city.layers["neighbourhoods"].notes]
    assert "join-keys-alike" in notes  # 1 is 001


def test_a_long_table_is_narrowed_by_where(tmp_path):
    rows = [f"N{n};{sex};{10 * n + at}" for n in range(1, 5) for at, sex in enumerate(("m", "z"))]
    popis(tmp_path, *rows, head="mz;pol;broj")
    join = 'residents = {{ path = "popis.csv", key = "mz", field = "broj"{} }}'
    with pytest.raises(UrbanlayerError, match=r"4 keys of popis\.csv have several rows"):
        urbanlayer.build(city_with(tmp_path, join.format("")), tmp_path / "out")
    file = city_with(tmp_path, join.format(', where = { pol = "z" }'))
    assert counts(file, tmp_path / "out")[0] == {"N1": 11, "N2": 21, "N3": 31, "N4": 41}


def test_what_does_not_match_is_listed_both_ways_and_is_no_zero(tmp_path):
    popis(tmp_path, "N1;10", "N2;20", "N3;30", "N9;90", "Ukupno;150")
    found, city = counts(city_with(tmp_path), tmp_path / "out")
    assert math.isnan(found["N4"])
    assert city.residents.unknown == {3}  # not known, and shown as such
    notes = {note.code: dict(note.values) for note in city.layers["neighbourhoods"].notes}
    assert notes["join-without-row"]["count"] == 1
    assert notes["join-rows-left"]["count"] == 2


def test_two_rows_that_differ_in_zeros_alone_match_none(tmp_path):
    popis(tmp_path, "N1;10", "N2;20", "N3;30", "04;40", "4;41")
    hoods = small_city.frames()["hoods"].assign(id=["N1", "N2", "N3", "004"])
    _, city = counts(city_with(tmp_path, hoods=hoods), tmp_path / "out")
    assert city.residents.unknown == {0}  # 004 comes first by key


@pytest.mark.parametrize(
    ("rows", "head", "told"),
    [
        (["A;1", "B;2"], "mz;ukupno", "no row of popis.csv has a key of the layer"),
        (["N1;1"], "sifra;ukupno", "no column 'mz'"),
        (["N1;1"], "mz;ukupn", "no column 'ukupno'"),
    ],
)
def test_a_table_that_does_not_fit_says_why(tmp_path, rows, head, told):
    popis(tmp_path, *rows, head=head)
    with pytest.raises(UrbanlayerError, match=told):
        urbanlayer.build(city_with(tmp_path), tmp_path / "out")


def test_a_table_that_is_not_there_and_a_wrong_key_are_errors_of_the_city_file(tmp_path):
    with pytest.raises(UrbanlayerError, match=r"'popis\.csv' does not exist"):
        urbanlayer.build(city_with(tmp_path), tmp_path / "out")
    popis(tmp_path, "N1;1")
    wrong = 'residents = { path = "popis.csv", kee = "mz", field = "ukupno" }'
    with pytest.raises(UrbanlayerError, match="key"):
        urbanlayer.build(city_with(tmp_path, wrong), tmp_path / "out")


LONG = 'residents = { path = "popis.csv", key = "mz", field = "broj", sum = true'


def long_table(folder, *, with_total):
    """Women and men of each neighbourhood in a row each; with a row for all where asked."""
    rows = []
    for at in range(1, 5):
        kinds = [("žene", 6 * at), ("muškarci", 4 * at), ("drugo", 0)]
        rows += [f"N{at};{kind};{count}" for kind, count in kinds]
        rows += [f"N{at};ukupno;{10 * at}"] if with_total else []
    popis(folder, *rows, head="mz;pol;broj")


def test_rows_of_a_long_table_are_added_up_by_key(tmp_path):
    long_table(tmp_path, with_total=False)
    found, _ = counts(city_with(tmp_path, f"{LONG} }}"), tmp_path / "out")
    assert found == {"N1": 10, "N2": 20, "N3": 30, "N4": 40}


def test_a_total_among_rows_that_are_added_up_is_an_error(tmp_path):
    long_table(tmp_path, with_total=True)
    with pytest.raises(UrbanlayerError, match="pol = 'ukupno' are the sum of the others"):
        urbanlayer.build(city_with(tmp_path, f"{LONG} }}"), tmp_path / "out")
    parts = f'{LONG}, where = {{ pol = ["žene", "muškarci"] }} }}'
    found, _ = counts(city_with(tmp_path, parts), tmp_path / "out")
    assert found == {"N1": 10, "N2": 20, "N3": 30, "N4": 40}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        # women, men and all of three neighbourhoods, and of one where nobody lives
        ("{n};{sex};;{half}", "pol = 'U'"),
        # of two ages each, without a row of both: nowhere is one row the sum of all others
        ("{n};{sex};mladi;{half}|{n};{sex};stari;{half}", "pol = 'U'"),
        # of two ages and both together
        ("{n};{sex};m;{half}|{n};{sex};s;{half}|{n};{sex};;{all}", "= "),
    ],
)
def test_totals_of_a_table_by_kinds_are_errors_that_name_them(rows, told, tmp_path):
    lines = []
    for n, people in (("N1", 12), ("N2", 20), ("N3", 30), ("N4", 0)):
        for sex, share in (("M", 0.25), ("Ž", 0.75), ("U", 1.0)):
            half = people * share
            lines += rows.format(n=n, sex=sex, half=half, all=2 * half).split("|")
    popis(tmp_path, *lines, head="mz;pol;dob;broj")
    with pytest.raises(UrbanlayerError, match=f"{told}.* are the sum of the others"):
        urbanlayer.build(city_with(tmp_path, f"{LONG} }}"), tmp_path / "out")


def test_rows_of_several_censuses_are_not_added_up(tmp_path):
    popis(tmp_path, *(f"N{n};{y};{10 * n}" for n in range(1, 5) for y in (2011, 2023)),
          head="mz;godina;broj")  # fmt: skip
    with pytest.raises(UrbanlayerError, match=r"several years in 'godina' \(2011, 2023\)"):
        urbanlayer.build(city_with(tmp_path, f"{LONG} }}"), tmp_path / "out")
    found, _ = counts(
        city_with(tmp_path, f"{LONG}, where = {{ godina = 2023 }} }}"), tmp_path / "out"
    )
    assert found == {"N1": 10, "N2": 20, "N3": 30, "N4": 40}


def test_a_sum_with_a_row_that_is_no_number_is_unknown(tmp_path):
    popis(tmp_path, "N1;4", "N1;*", "N2;20", "N3;30", "N4;40", head="mz;broj")
    found, city = counts(city_with(tmp_path, f"{LONG} }}"), tmp_path / "out")
    assert math.isnan(found["N1"]) or found["N1"] == 0
    assert city.residents.total == pytest.approx(90)  # and not 94


def test_keys_with_the_decimals_of_a_spreadsheet_are_matched_and_reported(tmp_path):
    popis(tmp_path, "1.0;10", "2.0;20", "3.0;30", "4.0;40")
    hoods = small_city.frames()["hoods"].assign(id=["01", "02", "03", "04"])
    found, city = counts(city_with(tmp_path, hoods=hoods), tmp_path / "out")
    assert found == {"01": 10, "02": 20, "03": 30, "04": 40}
    assert "join-keys-alike" in [note.code for note in city.layers["neighbourhoods"].notes]


def test_two_keys_that_differ_by_zeros_alone_are_not_matched_alike(tmp_path):
    popis(tmp_path, "1;10", "001;77", "2;20", "3;30")
    hoods = small_city.frames()["hoods"].assign(id=["1", "01", "2", "3"])
    found, _ = counts(city_with(tmp_path, hoods=hoods), tmp_path / "out")
    assert found["1"] == 10
    assert math.isnan(found["01"]) or found["01"] == 0  # 001 may be either


def test_a_heading_of_two_rows_gives_the_key_of_the_upper_and_the_count_of_the_lower(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Popis 2023"], ["mz", "Stanovništvo", None], [None, "muškarci", "ukupno"],
                ["N1", 4, 10], ["N2", 9, 20], ["N3", 14, 30], ["N4", 19, 40]):  # fmt: skip
        book.active.append(row)
    book.active.merge_cells("B2:C2")
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "popis.xlsx")
    found, _ = counts(city_with(tmp_path, JOIN.replace(".csv", ".xlsx")), tmp_path / "out")
    assert found == {"N1": 10, "N2": 20, "N3": 30, "N4": 40}
