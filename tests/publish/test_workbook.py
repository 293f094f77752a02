"""The workbook of results: what the table has, in sheets by theme, and no formula from data."""

import dataclasses
import io
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from toy_publication import publication as toy_publication

from urbanlayer.publish import render
from urbanlayer.publish.data import tables
from urbanlayer.publish.data.workbook import sheet_name, workbook
from urbanlayer.publish.disclosure import disclosed
from urbanlayer.publish.record import record_of
from urbanlayer.publish.words import Words


def opened(publication):
    return openpyxl.load_workbook(io.BytesIO(workbook(publication)))


@pytest.fixture(scope="module")
def shown(publication):
    return disclosed(publication)


def test_each_number_is_that_of_the_table(shown):
    words = Words.for_language(shown.spec.languages[0])
    sheets = opened(shown)
    rows = tables.indicators_csv(shown).decode("utf-8-sig").splitlines()
    head = rows[0].split(",")
    at = {name: head.index(name) for name in ("key", "indicator", "value", "low", "high")}
    first = shown.results[0]
    expected = {}
    for row in rows[1 : len(shown.city.neighbourhoods) + 2]:  # the first result's
        cells = row.split(",")
        assert cells[at["indicator"]] == first.indicator
        expected[cells[at["key"]]] = [cells[at[name]] for name in ("value", "low", "high")]
    theme = shown.indicators[first.indicator].theme
    sheet = sheets[words.theme(theme)]
    found = {
        row[0]: ["" if value is None else f"{value:.8g}" for value in row[3:6]]
        for row in sheet.iter_rows(min_row=3, max_row=2 + len(expected), values_only=True)
    }
    assert found == expected


def test_there_is_a_sheet_for_each_theme_and_for_definitions_and_sources(shown):
    words = Words.for_language(shown.spec.languages[0])
    themes = {shown.indicators[result.indicator].theme for result in shown.results}
    names = opened(shown).sheetnames
    assert set(names[:-2]) == {words.theme(theme) for theme in themes}
    assert names[-2:] == [words.text("workbook.definitions"), words.text("workbook.sources")]
    definitions = opened(shown)[names[-2]]
    assert definitions.max_row == 2 + len(shown.results) + 2  # headings; an empty row, the notice
    sheet = opened(shown)[names[0]]
    assert sheet.freeze_panes == "C3"
    assert sheet.print_title_cols == "$A:$B"  # names stand on each page of the print
    assert sheet.page_setup.paperSize == 9  # A4


def test_the_same_publication_gives_the_same_bytes(shown):
    assert workbook(shown) == workbook(shown)
    with ZipFile(io.BytesIO(workbook(shown))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


@pytest.mark.parametrize(
    "name", ["=1+1", "+49", "@SUM(A1)", "http://a.b", "007", "\x01a", "x" * 40000]
)
def test_a_text_is_never_a_formula_a_link_or_a_number(name):
    toy = toy_publication(population_density={})
    hoods = toy.city.neighbourhoods
    names = hoods.names.copy()
    names[""] = pd.Series([name, *names[""].iloc[1:]], index=hoods.keys)
    city = dataclasses.replace(toy.city, neighbourhoods=dataclasses.replace(hoods, names=names))
    sheet = opened(disclosed(dataclasses.replace(toy, city=city))).worksheets[0]
    cell = sheet["B4"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value[:3] == name.replace("\x01", "_x0001_")[:3] or cell.value[-1] == name[-1]


def test_names_of_sheets_are_short_and_each_there_once():
    used = set()
    titles = ["A/B: [c]?", "a b   c", "'x'", "y" * 50, "y" * 50, "", "\x07"]
    names = [sheet_name(title, used) for title in titles]
    assert len({name.lower() for name in names}) == len(titles)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\\x07")
        assert name.strip("'") == name


def test_only_a_city_file_that_asks_gets_it(publication):
    asked = publication.spec.publish.model_copy(update={"formats": ["xlsx"]})
    spec = publication.spec.model_copy(update={"publish": asked})
    asked_for = dataclasses.replace(publication, spec=spec)
    made = render.files(asked_for, record_of(asked_for, {}))
    assert "data/results.xlsx" in made
    assert "index.html" not in made


def test_rows_are_as_high_as_their_texts(shown):
    """A definition of more letters than its column has takes a second line."""
    sheet = opened(shown)[Words.for_language(shown.spec.languages[0]).text("workbook.definitions")]
    heights = {
        len(sheet.cell(row, 3).value): sheet.row_dimensions[row].height or 15  # of one line
        for row in range(3, 3 + len(shown.results))
    }
    assert max(heights) > 60  # letters, in a column of 48
    assert all(height >= 30 for letters, height in heights.items() if letters > 52)
