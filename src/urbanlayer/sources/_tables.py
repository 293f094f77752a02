"""Tables with coordinates: CSV in every dialect of an office, and XLSX."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note
from urbanlayer.sources._choose import named, nearest
from urbanlayer.sources._encoding import decoding
from urbanlayer.text.numerals import degrees, numbers

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.source import Request

_PAIRS = (
    ("x", "y"),
    ("lon", "lat"),
    ("lng", "lat"),
    ("long", "lat"),
    ("longitude", "latitude"),
    ("geo_lon", "geo_lat"),
    ("stop_lon", "stop_lat"),
    ("easting", "northing"),
    ("east", "north"),
    ("e", "n"),
    ("koord_x", "koord_y"),
    ("x_koord", "y_koord"),
    ("coord_x", "coord_y"),
    ("xcoord", "ycoord"),
    ("point_x", "point_y"),
    ("geografska_duzina", "geografska_sirina"),
    ("duzina", "sirina"),
    ("gjatesia", "gjeresia"),
)
"""Usual names of the two columns, east first."""
_WKT = ("wkt", "geom", "geometry", "the_geom")
_MIN_COLUMNS = 3
"""Of a table in which a line inside a text can be told from a row."""
_ROWS_ABOVE = 10
"""A heading stands in one of the first rows."""
_OLE = b"\xd0\xcf\x11\xe0"
"""How an old XLS begins, and a sheet that is locked with a password."""
_MISSING = {"š": "s", "ž": "z", "č": "c", "ć": "c", "đ": "d", "ë": "e", " ": "_", "-": "_"}


def read_table(request: Request) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """The rows of a table as points (or as the shapes of a column of WKT), texts as written.

    Raises
    ------
    SourceError
        If the columns of coordinates are not found, or hold no numbers.
    """
    table, read = read_rows(request)
    notes = list(read)
    return _placed(table, request, notes), tuple(notes)


def read_rows(request: Request) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """The rows of a table, texts as written; its heading is the row with the columns `x` and `y`.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    notes: list[Note] = []
    xlsx = request.path.suffix.casefold() == ".xlsx"
    return (_sheet if xlsx else _comma_separated)(request, notes), tuple(notes)


def _comma_separated(request: Request, notes: list[Note]) -> pd.DataFrame:
    import pandas as pd

    content = request.path.read_bytes()
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{named(request)}: it is no text; save it as CSV")
    encoding = request.spec.encoding or _encoding_of(content, notes)
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as error:
        raise SourceError(
            f"{named(request)}: its text is not {encoding} ({error}); say another encoding in "
            "city.toml, or leave the line out and it is found"
        ) from error
    csv.field_size_limit(max(len(text), csv.field_size_limit()))  # a shape may be a long text
    separator = _separator(text, request)
    if separator != ",":
        notes.append(Note.of("separator", sign="\\t" if separator == "\t" else separator))
    rows = _rows(text, separator, request)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise SourceError(f"{named(request)}: it holds no rows")
    above, head = _heading(rows, request, notes)
    _check_names(head, request)
    rows = rows[above:]
    uneven = [number for number, row in enumerate(rows, start=1) if len(row) != len(head)]
    if uneven:
        raise SourceError(
            f"{named(request)}: {len(uneven)} rows have another number of columns than the "
            f"heading's {len(head)} (row {uneven[0] + above} has {len(rows[uneven[0] - 1])}); look "
            "for separators inside texts"
        )
    return pd.DataFrame(rows, columns=head, dtype="str", index=range(1, len(rows) + 1))


def _rows(text: str, separator: str, request: Request) -> list[list[str]]:
    """The cells of each row; an error where a quotation mark has no end (RFC 4180)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    begin = 1
    try:
        for row in reader:
            if _swallowed(row, separator):
                raise SourceError(_quote(begin, reader.line_num, request))
            rows.append(row)
            begin = reader.line_num + 1
    except csv.Error as error:
        raise SourceError(f"{_quote(begin, reader.line_num, request)} ({error})") from error
    return rows


def _quote(first: int, last: int, request: Request) -> str:
    return (
        f"{named(request)}: a quotation mark in line {first} has no end, or stands inside a text, "
        f"so that the row reaches to line {last}; close it, or write it twice inside a text"
    )


def _swallowed(row: list[str], separator: str) -> bool:
    """Whether a cell holds whole rows: its further lines have as many cells, numbers as well."""
    for cell in row:
        _, *others = cell.split("\n")
        if not others or len(row) < _MIN_COLUMNS:
            continue
        before = row[: row.index(cell)]
        kinds = [_is_number(other) for other in before]
        for line in others:
            cells = next(csv.reader([line], delimiter=separator), [])
            alike = [_is_number(other) for other in cells[: len(before)]] == kinds
            if len(cells) == len(row) and any(kinds) and alike:
                return True
    return False


def _is_number(cell: str) -> bool:
    return cell.strip().lstrip("+-").replace(".", "", 1).replace(",", "", 1).isdecimal()


def _heading(rows: list[list[str]], request: Request, notes: list[Note]) -> tuple[int, list[str]]:
    """How many rows stand above the data, and the names of the columns.

    A title may stand above the heading, and a heading may have two rows: it is the first row that
    has the columns of the coordinates. A column without a name has that of the row above.
    """
    place = next((at for at, row in enumerate(rows[:_ROWS_ABOVE]) if _has_pair(row, request)), 0)
    head = [name.strip() for name in rows[place]]
    for row in reversed(rows[:place]):
        if len([cell for cell in row if cell.strip()]) > 1:  # no title
            upper = [*row, *[""] * len(head)]
            head = [name or upper[at].strip() for at, name in enumerate(head)]
    if place:
        notes.append(Note.of("heading-row", row=place + 1))
    return place + 1, [name or f"column_{at}" for at, name in enumerate(head, start=1)]


def _check_names(head: list[str], request: Request) -> None:
    """Raise if several columns have one name: nobody can know which of them is meant.

    Raises
    ------
    SourceError
        With each such name; columns without a name are none.
    """
    again = {name: head.count(name) for name in head if name and head.count(name) > 1}
    if again:
        raise SourceError(
            [
                f"{named(request)}: {count} columns have the same name {name!r}; rename all but one"
                for name, count in again.items()
            ]
        )


def _has_pair(row: list[str], request: Request) -> bool:
    names = {_folded(cell) for cell in row if cell.strip()}
    x, y = request.spec.x, request.spec.y
    pairs = _PAIRS if x is None or y is None else ((_folded(x), _folded(y)),)
    return any(first in names and second in names for first, second in pairs)


def _has_shape(row: list[str]) -> bool:
    return any(_folded(cell) in _WKT for cell in row)


def _encoding_of(content: bytes, notes: list[Note]) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    found = decoding(content.splitlines())
    if not found.certain:
        notes.append(Note.of("not-utf8", encoding=found.shown))
    return found.encoding


def _separator(text: str, request: Request) -> str:
    """The sign that splits a heading into the columns of the place, else most of the first lines.

    Shapes and decimal numbers have commas of their own, so that the heading goes first.
    """
    for line in text.splitlines()[:_ROWS_ABOVE]:
        for sign in (";", "\t", "|", ","):
            names = next(csv.reader([line], delimiter=sign), [])
            if len(names) > 1 and (_has_pair(names, request) or _has_shape(names)):
                return sign
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    best, most = ",", 1
    for sign in (";", "\t", "|", ","):
        counts = [len(row) for row in csv.reader(lines, delimiter=sign)]
        columns = max(set(counts), key=counts.count, default=1)
        if columns > most and counts.count(columns) > len(counts) / 2:
            best, most = sign, columns
    return best


def _sheet(request: Request, notes: list[Note]) -> pd.DataFrame:
    """A sheet's cells as text, dates by the day first."""
    import pandas as pd

    sheets = _sheets(request)
    names = [str(name) for name in sheets]
    chosen = request.spec.layer
    if chosen is None and len([name for name, sheet in sheets.items() if len(sheet)]) > 1:
        raise SourceError(
            f"{named(request)}: it holds {len(names)} sheets ({', '.join(names)}); say which, as "
            f'layer = "{names[0]}" in city.toml'
        )
    if chosen is not None and chosen not in sheets:
        raise SourceError(
            f"{named(request)}: there is no sheet {chosen!r}; {nearest(chosen, names)}"
        )
    name = chosen if chosen is not None else names[0]
    cells = _unmerged(sheets[name].map(_cell), name, request)
    rows = [row for row in cells.to_numpy(dtype=object).tolist() if any(row)]
    if not rows:
        raise SourceError(f"{named(request)}: the sheet holds no rows")
    above, head = _heading(rows, request, notes)
    _check_names(head, request)
    rows = rows[above:]
    return pd.DataFrame(rows, columns=head, dtype="str", index=range(1, len(rows) + 1))


def _unmerged(cells: pd.DataFrame, sheet: str, request: Request) -> pd.DataFrame:
    """The cells below the heading with the text of a merged cell in each of its rows."""
    filled = cells.to_numpy(dtype=object, copy=True)
    top = next((at for at, row in enumerate(filled.tolist()) if _has_pair(row, request)), 0)
    for first, column, last in _merged_rows(request, sheet):
        if first <= top or first >= len(filled) or column >= filled.shape[1]:
            continue
        text = filled[first, column]
        if _is_number(text):
            raise SourceError(
                f"{named(request)}: merged cells of {column + 1}. column, rows "
                f"{first + 1} to {last + 1}, hold the number {text}; whether each row has it or "
                "all of them together is not clear: unmerge them"
            )
        filled[first : last + 1, column] = text
    return cells.__class__(filled)


def _merged_rows(request: Request, sheet: str) -> list[tuple[int, int, int]]:
    """First row, first column and last row of merged cells that have several rows, from 0."""
    import openpyxl

    with zipfile.ZipFile(request.path) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(b"<mergeCell" in archive.read(name) for name in parts):
            return []
    book = openpyxl.load_workbook(request.path, data_only=True)
    try:
        ranges = book[sheet].merged_cells.ranges
        return [
            (found.min_row - 1, found.min_col - 1, found.max_row - 1)
            for found in ranges
            if found.max_row > found.min_row
        ]
    finally:
        book.close()


def _sheets(request: Request) -> dict[str, pd.DataFrame]:
    """The cells of every sheet, its heading among them."""
    import pandas as pd

    try:
        return pd.read_excel(
            request.path, sheet_name=None, dtype=object, header=None, engine="openpyxl"
        )
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        with request.path.open("rb") as stream:
            old = stream.read(4) == _OLE
        why = (
            "it is locked with a password, or an old XLS; save it as XLSX without a password"
            if old
            else "it is no XLSX; look at what it really is"
        )
        raise SourceError(f"{named(request)}: {why}") from error


def _cell(value: Any) -> str:  # noqa: ANN401  (whatever a sheet's cell holds)
    import pandas as pd

    if value is None or value is pd.NaT or value != value:  # noqa: PLR0124  (NaN)
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _placed(table: pd.DataFrame, request: Request, notes: list[Note]) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import shapely

    folded = {_folded(str(name)): str(name) for name in table.columns}
    x, y = request.spec.x, request.spec.y
    if x is None and y is None:
        wkt = next((folded[name] for name in _WKT if name in folded), None)
        if wkt is not None and table[wkt].str.contains("(", regex=False).any():
            shapes = shapely.from_wkt(table[wkt].to_numpy(dtype=object), on_invalid="ignore")
            return gpd.GeoDataFrame(table.drop(columns=wkt), geometry=shapes)
        pair = next((pair for pair in _PAIRS if all(name in folded for name in pair)), None)
        if pair is None and request.placeless:
            return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(index=table.index))
        if pair is None:
            raise SourceError(
                f"{named(request)}: which columns hold its coordinates is not clear from "
                f'{", ".join(map(str, table.columns))}; say x = "…" and y = "…" in city.toml'
            )
        x, y = folded[pair[0]], folded[pair[1]]
        notes.append(Note.of("coordinate-columns", x=x, y=y))
    if x is None or y is None:
        raise SourceError(f"{named(request)}: city.toml says one of x and y; say both")
    missing = [name for name in (x, y) if name not in table.columns]
    if missing:
        columns = [str(name) for name in table.columns]
        raise SourceError(
            [
                f"{named(request)}: there is no column {name!r}; {nearest(name, columns)}"
                for name in missing
            ]
        )
    points = _points(table, x, y, request, notes)
    degrees_told = _folded(x).startswith(("lon", "lng", "geo_lon"))
    plausible = degrees_told and request.spec.crs is None
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326" if plausible else None)


def _points(
    table: pd.DataFrame, x: str, y: str, request: Request, notes: list[Note]
) -> NDArray[np.object_]:
    """Points of the rows; None where a row has no coordinates."""
    import numpy as np
    import shapely

    eastings, northings = (_coordinate(table[name], request, notes) for name in (x, y))
    points = np.full(len(table), None, dtype=object)
    there = np.isfinite(eastings) & np.isfinite(northings)
    points[there] = shapely.points(eastings[there], northings[there])
    return points


def _coordinate(column: pd.Series, request: Request, notes: list[Note]) -> NDArray[np.float64]:
    angles = degrees(column)
    if angles is not None:
        notes.append(Note.of("degrees", column=str(column.name)))
        return angles
    # a coordinate has no thousands: one comma is a decimal comma, whatever other rows have
    commas = column.str.count(",") == 1
    lone = commas & ~column.str.contains(".", regex=False)
    told = column.where(~lone, column.str.replace(",", "."))
    read = numbers(told, decimal=request.spec.decimal or (None if (commas & ~lone).any() else "."))
    if commas.any():
        notes.append(Note.of("decimal-commas", column=str(column.name)))
    if read.unreadable.all() or read.unreadable.mean() > 0.5:  # noqa: PLR2004  (most of them)
        example = next(text for text, bad in zip(column, read.unreadable, strict=True) if bad)
        raise SourceError(f"{named(request)}: {column.name!r} holds no coordinates ({example!r})")
    return read.values


def _folded(name: str) -> str:
    plain = name.strip().casefold()
    for letter, instead in _MISSING.items():
        plain = plain.replace(letter, instead)
    return plain
