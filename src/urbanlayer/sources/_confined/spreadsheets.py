"""Jobs of the confined child: rows of tables, CSV in every dialect of an office, and XLSX."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note
from urbanlayer.sources._confined.answers import MAX_COLUMNS, checked, note_as_json
from urbanlayer.sources._confined.headings import ROWS_ABOVE, WKT, Wanted, folded, is_number
from urbanlayer.sources._confined.nesting import check_wkt
from urbanlayer.sources._confined.workbooks import cells_of_sheet
from urbanlayer.sources._encoding import encoding_of

if TYPE_CHECKING:
    from urbanlayer.sources._confined.answers import Answer

MAX_BYTES = 1_000_000_000
"""Of a table of text; Python's cells take some times as much memory."""
_MAX_HEADING = 1_000_000
"""Letters of a first line."""
_MIN_COLUMNS = 3
"""Of a table in which a line inside a text can be layer_name from a row."""


def rows(
    path: str,
    layer_name: str,
    *,
    sheet: str | None,
    encoding: str | None,
    x: str | None,
    y: str | None,
) -> Answer:
    """The rows of a table below its heading, texts as written, and notes.

    Raises
    ------
    SourceError
        It cannot be read, or is larger than any table of a city.
    """
    import pyarrow as pa

    notes: list[Note] = []
    file, wanted = Path(path), Wanted(layer_name, x, y)
    if file.suffix.casefold() == ".xlsx":
        head, cells = cells_of_sheet(file, sheet, wanted, notes)
    else:
        head, cells = _comma_separated(file, encoding, wanted, notes)
    columns = [*zip(*cells, strict=True)] if cells else [() for _ in head]
    for name, column in zip(head, columns, strict=True):
        if folded(name) in WKT:
            check_wkt(column, layer_name)
    arrays = [pa.array(column, pa.large_string()) for column in columns]
    table = checked(pa.Table.from_arrays(arrays, names=head), layer_name)
    return {"notes": [note_as_json(note) for note in notes]}, [table]


def _comma_separated(
    file: Path, encoding: str | None, wanted: Wanted, notes: list[Note]
) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the rows below them."""
    text = _text(file, encoding, wanted, notes)
    csv.field_size_limit(max(len(text), csv.field_size_limit()))  # a shape may be a long text
    separator = _separator(text, wanted)
    if separator != ",":
        notes.append(Note.of("separator", sign="\\t" if separator == "\t" else separator))
    cells = _rows(text, separator, wanted)
    cells = [row for row in cells if any(cell.strip() for cell in row)]
    if not cells:
        raise SourceError(f"{wanted.layer_name}: it holds no rows")
    above, head = wanted.heading(cells, notes)
    cells = [_without_empty_end(row, len(head)) for row in cells[above:]]
    uneven = [number for number, row in enumerate(cells, start=1) if len(row) != len(head)]
    if uneven:
        raise SourceError(
            f"{wanted.layer_name}: {len(uneven)} rows have another number of columns than the "
            f"heading's {len(head)} (row {uneven[0] + above} has {len(cells[uneven[0] - 1])}); "
            "look for separators inside texts"
        )
    return head, cells


def _without_empty_end(row: list[str], count: int) -> list[str]:
    """A row without the empty cells beyond the columns of its heading."""
    return row if any(cell.strip() for cell in row[count:]) else row[:count]


def _text(file: Path, encoding: str | None, wanted: Wanted, notes: list[Note]) -> str:
    """The text of a file, decoded."""
    if (size := file.stat().st_size) > MAX_BYTES:
        raise SourceError(
            f"{wanted.layer_name}: {size / 1e6:,.0f} MB of text are no table of a city; cut it to "
            "the "
            "city, or save it as GeoParquet"
        )
    content = file.read_bytes()
    found = encoding_of(content, wanted.layer_name) if encoding is None else None
    if b"\x00" in content[:4096] and "16" not in (encoding or found.encoding if found else ""):
        raise SourceError(f"{wanted.layer_name}: it is no text; save it as CSV")
    ends = [at for at in (content.find(b"\n"), content.find(b"\r")) if at >= 0]
    if (first := min(ends, default=len(content))) > _MAX_HEADING:
        raise SourceError(
            f"{wanted.layer_name}: its first line has {first / 1e6:,.0f} million letters; it is "
            "no table"
        )
    if found is not None and not found.certain:
        notes.append(Note.of("not-utf8", encoding=found.shown))
    encoding = encoding or (found.encoding if found else "utf-8")
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as error:
        raise SourceError(
            f"{wanted.layer_name}: its text is not {encoding} ({error}); set another encoding in "
            "city.toml, or leave the line out and it is found"
        ) from error


def _rows(text: str, separator: str, wanted: Wanted) -> list[list[str]]:
    """The cells of each row; an error where a quotation mark has no end (RFC 4180)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found: list[list[str]] = []
    begin = 1
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise SourceError(f"{wanted.layer_name}: row {begin} has {len(row):,} columns")
            if _swallowed(row, separator):
                raise SourceError(_quote(begin, reader.line_num, wanted))
            found.append(row)
            begin = reader.line_num + 1
    except csv.Error as error:
        raise SourceError(f"{_quote(begin, reader.line_num, wanted)} ({error})") from error
    return found


def _quote(first: int, last: int, wanted: Wanted) -> str:
    return (
        f"{wanted.layer_name}: a quotation mark in line {first} has no end, or stands inside a "
        "text, "
        f"so that the row reaches to line {last}; close it, or write it twice inside a text"
    )


def _swallowed(row: list[str], separator: str) -> bool:
    """Whether a cell holds whole rows: its further lines have as many cells, numbers as well."""
    for cell in row:
        _, *others = cell.split("\n")
        if not others or len(row) < _MIN_COLUMNS:
            continue
        before = row[: row.index(cell)]
        kinds = [is_number(other) for other in before]
        for line in others:
            cells = next(csv.reader([line], delimiter=separator), [])
            alike = [is_number(other) for other in cells[: len(before)]] == kinds
            if len(cells) == len(row) and any(kinds) and alike:
                return True
    return False


def _separator(text: str, wanted: Wanted) -> str:
    """The sign that splits a heading into the columns of the place, else most of the first lines.

    Shapes and decimal numbers have commas of their own, so that the heading goes first.
    """
    for line in text.splitlines()[:ROWS_ABOVE]:
        for sign in (";", "\t", "|", ","):
            names = next(csv.reader([line], delimiter=sign), [])
            shapes = any(folded(cell) in WKT for cell in names)
            if len(names) > 1 and (wanted.has_pair(names) or shapes):
                return sign
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    best, most = ",", 1
    for sign in (";", "\t", "|", ","):
        counts = [len(row) for row in csv.reader(lines, delimiter=sign)]
        columns = max(set(counts), key=counts.count, default=1)
        if columns > most and counts.count(columns) > len(counts) / 2:
            best, most = sign, columns
    return best
