"""Jobs of the confined child: the sheets of an XLSX workbook and their cells."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note
from urbanlayer.sources._confined.headings import is_number
from urbanlayer.sources._zip import checked_members, opened_zip
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.sources._confined.answers import Answer
    from urbanlayer.sources._confined.headings import Wanted

MAX_ROWS = 1 << 20
"""Of a sheet (ECMA-376, as spreadsheet programs have it)."""
MAX_CELLS = 40_000_000
"""Of a sheet, empty ones before the last of each row included."""
MAX_UNPACKED_BYTES = 1_000_000_000
_ROWS_LOOKED_AT = 10_000
"""Of a sheet that may be empty."""
_OLE = b"\xd0\xcf\x11\xe0"
"""How an old XLS begins, and a sheet that is locked with a password."""
_ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA")
)
"""What a formula gives that cannot be calculated (ECMA-376, 18.17.3)."""
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
"""Texts, single signs and conditions within a number format (ECMA-376, 18.8.31)."""
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/][^>]*")
_NUMBER_OF_ROW = re.compile(rb'\sr="(\d+)"')
_IS_HIDDEN = re.compile(rb'\shidden="(?:1|true)"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')


def sheet_names(path: str) -> Answer:
    """The names of the sheets of a workbook."""
    book = _opened(Path(path), Path(path).name)
    try:
        return {"names": [sheet.title for sheet in book.worksheets]}, ()
    finally:
        book.close()


def cells_of_sheet(
    file: Path, chosen: str | None, wanted: Wanted, notes: list[Note]
) -> tuple[list[str], list[list[str]]]:
    """The names of the columns of a sheet and the rows below them, as text, dates by the day first.

    Raises
    ------
    SourceError
        It is no workbook, has several sheets and none is chosen, or more cells than any table.
    """
    book = _opened(file, wanted.layer_name)
    try:
        sheet = _sheet(book, chosen, wanted)
        cells = _cells(book, sheet, wanted.layer_name)
        with sheet._get_source() as part:  # noqa: SLF001  (openpyxl tells writers alone of these)
            content = part.read()
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise SourceError(f"{wanted.layer_name}: {_damaged(error)}") from error
    finally:
        book.close()
    cells = _unmerged(cells, _merged_rows(content, wanted.layer_name), wanted)
    numbers = [number for number, row in enumerate(cells, start=1) if any(row)]
    rows = [cells[number - 1] for number in numbers]
    if not rows:
        raise SourceError(f"{wanted.layer_name}: the sheet holds no rows")
    above, head = wanted.heading(rows, notes)
    if hidden := len(_hidden_rows(content).intersection(numbers[above:])):
        notes.append(Note.of("rows-hidden", count=hidden))
    return head, rows[above:]


def _opened(file: Path, layer_name: str) -> Any:  # noqa: ANN401  (openpyxl has no types)
    """The workbook, once its archive is found to be no bomb."""
    import openpyxl

    with file.open("rb") as stream:
        old = stream.read(4) == _OLE
    if old or not zipfile.is_zipfile(file):
        why = (
            "it is locked with a password, or an old XLS; save it as XLSX without a password"
            if old
            else "it is no XLSX; look at what it really is"
        )
        raise SourceError(f"{layer_name}: {why}")
    with opened_zip(file, layer_name) as archive:
        checked_members(archive, layer_name, max_bytes=MAX_UNPACKED_BYTES)
        _check_plain(archive, layer_name)
    try:
        return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise SourceError(f"{layer_name}: {_damaged(error)}") from error


def _damaged(error: Exception) -> str:
    return f"it is damaged, or no XLSX ({type(error).__name__}: {error}); look at what it really is"


def _check_plain(archive: zipfile.ZipFile, layer_name: str) -> None:
    """Raise if a part declares entities: no office program writes them, and they can be endless."""
    for name in archive.namelist():
        with archive.open(name) as part:
            if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in part.read(4096):
                raise SourceError(
                    f"{layer_name}: {name} in it declares entities; save it again as XLSX"
                )


def _sheet(book: Any, chosen: str | None, wanted: Wanted) -> Any:  # noqa: ANN401
    """The chosen sheet, else the only one that holds something."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    names = list(sheets)
    if not names:
        raise SourceError(f"{wanted.layer_name}: it holds no sheets")
    full = [name for name, sheet in sheets.items() if _holds_something(sheet)]
    if chosen is None and len(full) > 1:
        raise SourceError(
            f"{wanted.layer_name}: it holds {len(names)} sheets ({', '.join(names)}); choose by "
            f'layer = "{full[0]}" in city.toml, in a join by sheet = "{full[0]}"'
        )
    if chosen is not None and chosen not in sheets:
        near = did_you_mean(chosen, names)
        raise SourceError(f"{wanted.layer_name}: there is no sheet {chosen!r}{near}")
    return sheets[chosen if chosen is not None else (full or names)[0]]


def _holds_something(sheet: Any) -> bool:  # noqa: ANN401
    sheet.reset_dimensions()
    rows = itertools.islice(sheet.iter_rows(values_only=True), _ROWS_LOOKED_AT)
    return any(any(_cell(value) for value in row) for row in rows)


def _cells(book: Any, sheet: Any, layer_name: str) -> list[list[str]]:  # noqa: ANN401
    """The cells of a sheet as text, in rows of one length."""
    sheet.reset_dimensions()  # what a sheet says of its size may be wrong, or a trap
    formats = {style.numFmtId for style in book._cell_styles}  # noqa: SLF001  (no public list)
    plain = not any(_is_percent(_number_format(book, number)) for number in formats)
    rows: list[list[str]] = []
    for row in _counted(sheet.iter_rows(values_only=plain), layer_name):
        texts = [_cell(value) for value in row] if plain else [_shown(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(texts)
    while rows and not rows[-1]:
        rows.pop()
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_CELLS:
        raise SourceError(_too_many(layer_name))
    for texts in rows:
        texts.extend([""] * (width - len(texts)))
    return rows


def _counted(rows: Iterator[tuple[Any, ...]], layer_name: str) -> Iterator[tuple[Any, ...]]:
    """The rows, as long as there are no more of them than any table has."""
    cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        if number > MAX_ROWS or cells > MAX_CELLS:
            raise SourceError(_too_many(layer_name))
        yield row


def _too_many(layer_name: str) -> str:
    return (
        f"{layer_name}: the sheet has more than {MAX_ROWS:,} rows or {MAX_CELLS / 1e6:,.0f} "
        "million "
        "cells, empty ones included; delete what is below and beside the table"
    )


def _cell(value: Any) -> str:  # noqa: ANN401  (whatever a sheet's cell holds)
    if value is None or value != value or value in _ERRORS:  # noqa: PLR0124  (NaN)
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() else f"{value:.15g}"
    return str(value)


def _shown(cell: Any) -> str:  # noqa: ANN401  (openpyxl has no types)
    """A cell as text; a percentage as its sheet shows it: 20% where the cell holds 0.2."""
    value = cell.value
    if isinstance(value, int | float) and _is_percent(cell.number_format):
        return f"{value * 100:.15g}%"
    return _cell(value)


def _number_format(book: Any, number: int) -> str:  # noqa: ANN401
    """The number format of a style, by its number; the first 164 are built in."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    own = number - BUILTIN_FORMATS_MAX_SIZE
    return str(BUILTIN_FORMATS.get(number, "") if own < 0 else book._number_formats[own])  # noqa: SLF001


def _is_percent(number_format: str) -> bool:
    return "%" in number_format and "%" in _QUOTED.sub("", number_format)


def _unmerged(
    cells: list[list[str]], merged: list[tuple[int, int, int]], wanted: Wanted
) -> list[list[str]]:
    """The cells below the heading with the text of a merged cell in each of its rows."""
    top = next((at for at, row in enumerate(cells) if wanted.has_pair(row)), 0)
    for first, column, last in merged:
        if first <= top or first >= len(cells) or column >= len(cells[first]):
            continue
        text = cells[first][column]
        if is_number(text):
            raise SourceError(
                f"{wanted.layer_name}: merged cells of {column + 1}. column, rows "
                f"{first + 1} to {last + 1}, hold the number {text}; whether each row has it or "
                "all of them together is not clear: unmerge them"
            )
        for row in cells[first : last + 1]:
            row[column] = text
    return cells


def _hidden_rows(content: bytes) -> set[int]:
    """The rows that a sheet hides, as a filter does, from 1."""
    hidden: set[int] = set()
    if b'hidden="' not in content:
        return hidden
    number = 0
    for row in _ROW.findall(content):
        told = _NUMBER_OF_ROW.search(row)
        number = int(told[1]) if told else number + 1
        if _IS_HIDDEN.search(row):
            hidden.add(number)
    return hidden


def _merged_rows(content: bytes, layer_name: str) -> list[tuple[int, int, int]]:
    """First row, first column and last row of merged cells that have several rows, from 0."""
    found = _MERGED.findall(content)
    merged = [
        (int(first) - 1, _column(left), int(last) - 1)
        for left, first, _, last in found
        if int(last) > int(first)
    ]
    if sum(last - first for first, _, last in merged) > MAX_CELLS:
        raise SourceError(_too_many(layer_name))
    return merged


def _column(letters: bytes) -> int:
    """Number of a column from 0: `A` is 0, `AA` 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
