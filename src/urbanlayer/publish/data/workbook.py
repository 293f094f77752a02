"""The results as a workbook of Excel: a sheet for each theme, definitions, sources."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.data.geodata import shown_columns
from urbanlayer.publish.data.layer_styles import column_of
from urbanlayer.publish.data.plan_numbers import published
from urbanlayer.publish.data.tables import residents_of
from urbanlayer.publish.disclosure import city_people
from urbanlayer.publish.figures.subject import subjects
from urbanlayer.publish.names import neighbourhood_names
from urbanlayer.publish.notice import file_notice
from urbanlayer.publish.page.source_list import sources
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsxwriter.workbook import Workbook

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result
    from urbanlayer.publish.figures.subject import Subject

_NAME_LENGTH = 31
_KEY, _NAME, _NUMBER, _END, _TEXT = 10, 28, 16, 9, 48
"""Widths of columns."""
_LINE = 15
"""Height of a line in points."""
_BOLD = 1.15
"""A bold letter, in characters of a width."""
_A4 = 9
_ROWS_OF_A_PAGE = 60
_HALF = 0.005  # of one per cent
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    title, unit
        The two rows of headings.
    cells
        Numbers and texts; None is an empty cell.
    number_format
        Of Excel.
    width
        In characters.
    """

    title: str
    cells: tuple[float | str | None, ...]
    unit: str = ""
    number_format: str = "General"
    width: int = _NUMBER


def workbook(publication: Publication) -> bytes:
    """A workbook in the first language of the city file, the same bytes for the same publication.

    A sheet for each theme has a row for the city and each neighbourhood, with residents and a
    column for each result, its low and its high. Texts are never formulas.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    """
    import xlsxwriter

    spec = publication.spec
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, _OPTIONS)
    book.set_properties(
        {
            "title": text_in(spec.name, spec.languages[0]),
            "comments": file_notice(publication),
            "created": dt.datetime.combine(spec.as_of, dt.time()),
        }
    )
    used: set[str] = set()
    for title, columns in _sheets(publication, Words.for_language(spec.languages[0])):
        _write(book, sheet_name(title, used), columns, file_notice(publication))
    book.close()
    return written.getvalue()


def sheet_name(title: str, used: set[str]) -> str:
    """The title as Excel takes it: at most 31 letters, without some signs, each name once.

    Parameters
    ----------
    title
        In words.
    used
        Names so far, in lower case; the new one is added.
    """
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '")[:_NAME_LENGTH].rstrip(" '")
    name, number = plain or "-", 1
    while name.lower() in used:
        number += 1
        name = f"{plain[: _NAME_LENGTH - len(str(number)) - 1]} {number}"
    used.add(name.lower())
    return name


def _sheets(publication: Publication, words: Words) -> Iterator[tuple[str, list[Column]]]:
    """Title and columns of each sheet."""
    shown = list(zip(publication.results, subjects(publication, words), strict=True))
    first = _neighbourhoods(publication, words)
    themes = dict.fromkeys(subject.record["theme"] for _, subject in shown)
    for theme in themes:
        columns = [
            column
            for result, subject in shown
            if subject.record["theme"] == theme
            for column in _columns(publication, result, subject, words)
        ]
        yield words.theme(theme), [*first, *columns]
    yield words.text("workbook.definitions"), _definitions([s for _, s in shown], words)
    yield words.text("workbook.sources"), _sources(publication, words)


def _neighbourhoods(publication: Publication, words: Words) -> list[Column]:
    """Keys, names and residents: of the city, then of the neighbourhoods."""
    spec, hoods = publication.spec, publication.city.neighbourhoods
    whole = words.text("page.city_row", city=text_in(spec.name, words.language))
    people = [city_people(publication), *residents_of(publication)]
    return [
        Column(words.text("workbook.key"), (spec.id, *map(str, hoods.keys)), width=_KEY),
        Column(
            words.text("page.neighbourhood"),
            (whole, *neighbourhood_names(publication, words)),
            width=_NAME,
        ),
        Column(
            words.text("page.residents"),
            tuple(None if math.isnan(count) else float(count) for count in people),
            number_format="#,##0",
        ),
    ]


def _columns(
    publication: Publication, result: Result, subject: Subject, words: Words
) -> Iterator[Column]:
    """The result, and its low and high where it has them."""
    values, name = shown_columns(publication, result), column_of(result)
    ends = (
        ("", subject.title, subject.unit_of_values, result.city, _NUMBER),
        ("_low", words.text("workbook.low"), "", result.city_low, _END),
        ("_high", words.text("workbook.high"), "", result.city_high, _END),
    )
    for suffix, title, unit, city, width in ends:
        if name + suffix in values:
            cells = (published(city), *(published(float(one)) for one in values[name + suffix]))
            yield Column(title, cells, unit, _number_format(subject), width)


def _number_format(subject: Subject) -> str:
    """Whole per cent, unless what is not nobody or everybody would read so."""
    if subject.is_share:
        edge = any(0 < value < _HALF or 1 - _HALF < value < 1 for value in subject.values if value)
        return "0.0%" if edge else "0%"
    digits = subject.record["decimals"] + round(math.log10(subject.record.get("scale", 1)))
    return "#,##0" + ("." + "0" * digits if digits else "")


def _definitions(shown: Sequence[Subject], words: Words) -> list[Column]:
    """Every result with its unit, its definition and the source of that."""
    return [
        Column(
            words.text("page.indicator"), tuple(subject.title for subject in shown), width=_NAME
        ),
        Column(
            words.text("workbook.unit"),
            tuple("%" if subject.is_share else subject.unit_of_values for subject in shown),
        ),
        Column(
            words.text("workbook.definition"),
            tuple(subject.definition for subject in shown),
            width=_TEXT,
        ),
        Column(
            words.text("workbook.basis"),
            tuple(subject.record.get("source", "") for subject in shown),
            width=_TEXT,
        ),
    ]


def _sources(publication: Publication, words: Words) -> list[Column]:
    """Every layer with its origin, date and licence."""
    records = sources(publication, words)
    return [
        Column(
            words.text("workbook.layer"),
            tuple(words.role(record["role"], publication.spec) for record in records),
            width=_NAME,
        ),
        Column(
            words.text("workbook.source"), tuple(record["from"] for record in records), width=_TEXT
        ),
        Column(words.text("workbook.date"), tuple(record["date"] for record in records)),
        Column(
            words.text("workbook.licence"),
            tuple(record["licence"] for record in records),
            width=_NAME,
        ),
    ]


def _write(book: Workbook, name: str, columns: Sequence[Column], note: str) -> None:
    """A sheet with two rows of headings that stay in sight, the notice at the foot of its print."""
    wrapped = {"text_wrap": True, "valign": "top"}
    title_style = book.add_format({**wrapped, "bold": True})
    unit_style = book.add_format({**wrapped, "italic": True, "bottom": 1})
    text_style = book.add_format(wrapped)
    sheet = book.add_worksheet(name)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.title, title_style)
        sheet.write_string(1, place, column.unit, unit_style)
        number_style = book.add_format({"num_format": column.number_format, "valign": "top"})
        for row, cell in enumerate(column.cells, start=2):
            if isinstance(cell, str):
                sheet.write_string(row, place, cell, text_style)
            elif cell is not None:
                sheet.write_number(row, place, cell, number_style)
    for row, texts in enumerate(_rows_of_text(columns)):
        sheet.set_row(row, _LINE * max(map(_lines, texts, [one.width for one in columns])))
    sheet.freeze_panes(2, 2)
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.repeat_rows(0, 1)
    if columns[0].width != _KEY:
        sheet.fit_to_pages(1, 0)  # of texts: all columns on a page
    else:
        sheet.repeat_columns(0, 1)  # with the names
        if len(columns[0].cells) <= _ROWS_OF_A_PAGE:
            sheet.fit_to_pages(0, 1)
    if note:
        sheet.write_string(len(columns[0].cells) + 3, 0, note)


def _rows_of_text(columns: Sequence[Column]) -> Iterator[list[str]]:
    """The texts of each row, headings first; numbers are in one line."""
    yield [one.title for one in columns]
    yield [one.unit for one in columns]
    for cells in zip(*(one.cells for one in columns), strict=True):
        yield [cell if isinstance(cell, str) else "" for cell in cells]


def _lines(text: str, width: int) -> int:
    """In how many lines a bold text stands in a column of so many characters; at least one."""
    lines, room = 1, 0.0
    for word in text.split():
        needed = _BOLD * len(word) + 1
        if room and room + needed > width + 1:
            lines, room = lines + 1, 0.0
        lines += int(needed // (width + 2))  # a word of several lines
        room += needed
    return lines
