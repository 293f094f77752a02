"""Jobs of the confined child: the tables of a GTFS feed, from a zip or a folder."""

from __future__ import annotations

import csv
import functools
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note
from urbanlayer.sources._confined.answers import checked, note_as_json
from urbanlayer.sources._encoding import encoding_of
from urbanlayer.sources._zip import checked_members, opened_zip

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from urbanlayer.sources._confined.answers import Answer

_WHOLE = r"^([+-]?[0-9]+)\.0+$"
"""A whole number as table programs save it where a column has blanks: `1.0`."""
_NO_NUMBERS = ("stop_name", "long_name", "_lat", "_lon", "_time")
"""Ends of the columns whose values are names, coordinates or times, and never codes or ids."""
_MAX_HEADING = 1_000_000
"""Bytes of a first line."""
_MAX_ROWS = 50_000_000
"""Of `stop_times.txt`; a country has that many."""
_SHOWN = 300
"""Letters of a heading that a message shows."""


@dataclass(frozen=True, slots=True)
class _Members:
    """The files of a feed by their names, and the archive that they lie in."""

    root: Path
    archive: zipfile.ZipFile | None
    names: dict[str, str]

    def content(self, name: str) -> bytes:
        """A file's bytes; empty where there is none."""
        member = self.names.get(name)
        if member is None:
            return b""
        if self.archive is None:
            return (self.root / member).read_bytes()
        return self.archive.read(member)


def feed_table(
    path: str,
    layer_name: str,
    *,
    folder: str | None,
    encoding: str | None,
    name: str,
    columns: Sequence[str],
    needed: bool,
) -> Answer:
    """A file of a feed, all of it text; the columns of those asked for that it has.

    Values have no spaces around them, and whole numbers no decimals: `1.0` is `1`.

    Parameters
    ----------
    path
        Of the zip or the folder.
    layer_name
        How messages call the layer.
    folder
        Of one of several feeds in it.
    encoding
        That the city file states.
    name
        `stops.txt` …
    columns
        Those to read, the first of which must be there.
    needed
        Whether a feed without the file, or with an empty one, is refused.

    Raises
    ------
    SourceError
        It is needed and not there, or cannot be read; or the path is no feed, or holds several.
    """
    notes: list[Note] = []
    about = Path(path).stat()
    known = _members if Path(path).is_file() else _members.__wrapped__
    members = known(path, layer_name, folder, (about.st_ino, about.st_mtime_ns, about.st_size))
    content = _in_utf8(members.content(name), layer_name, name, encoding, notes)
    if not content.strip():
        if needed:
            state = "is empty" if name in members.names else "is not in the feed"
            raise SourceError(f"{layer_name}: {name} {state}; a feed must have it")
        return {"notes": []}, [_no_rows(columns)]
    try:
        names = _heading(content)
    except UnicodeDecodeError as error:
        raise SourceError(f"{layer_name}: {name} cannot be read ({error})") from error
    if columns[0] not in names:
        raise SourceError(
            f"{layer_name}: {name} has no column {columns[0]!r}; it has {', '.join(names)[:_SHOWN]}"
        )
    table = _rows(layer_name, name, content, [column for column in columns if column in names])
    if needed and not table.num_rows:
        raise SourceError(f"{layer_name}: {name} holds no rows")
    return {"notes": [note_as_json(note) for note in notes]}, [
        checked(table, layer_name, max_rows=_MAX_ROWS)
    ]


@functools.lru_cache(maxsize=1)
def _members(
    path: str, layer_name: str, folder: str | None, _version: tuple[int, int, int]
) -> _Members:
    """The files of a feed; of several in one archive, those in the folder.

    An archive is checked once for all of its tables, as long as it is the same.

    Raises
    ------
    SourceError
        The path is no feed, or holds several and it is not said which.
    """
    root, archive = Path(path), None
    if root.is_dir():
        names = [
            file.relative_to(root).as_posix()
            for file in sorted(root.rglob("*"))
            if file.suffix.casefold() == ".txt"
        ]
    else:
        if not zipfile.is_zipfile(root):
            raise SourceError(f"{layer_name}: it is neither a zip nor a folder of a feed")
        archive = opened_zip(root, layer_name)
        names = checked_members(archive, layer_name)
    within = _folder(names, layer_name, folder)
    inside = [name for name in names if PurePosixPath(name).is_relative_to(within)]
    # a file beside stops.txt comes before one of the same name further down
    inside.sort(key=lambda name: len(PurePosixPath(name).parts), reverse=True)
    return _Members(root, archive, {_plain_name(name): name for name in inside})


def _plain_name(path: str) -> str:
    """The name of a file, in small letters: some feeds have `STOPS.TXT`."""
    return PurePosixPath(path).name.casefold()


def _folder(names: list[str], layer_name: str, named: str | None) -> PurePosixPath:
    """The folder of the feed among the names of files: that which holds `stops.txt`."""
    folders = sorted({PurePosixPath(n).parent for n in names if _plain_name(n) == "stops.txt"})
    if named is not None:
        folders = [folder for folder in folders if str(folder) == named] or folders
    if len(folders) > 1:
        listed = ", ".join("stops.txt at the top" if f.name == "" else f"{f}/" for f in folders)
        raise SourceError(
            f"{layer_name}: it holds {len(folders)} feeds ({listed}), which are not mixed; "
            'choose by layer = "…" in city.toml, or split the archive'
        )
    return folders[0] if folders else PurePosixPath()


def _in_utf8(
    content: bytes, layer_name: str, name: str, encoding: str | None, notes: list[Note]
) -> bytes:
    """The content in UTF-8, without a byte-order mark."""
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if content.isascii():
        return _lines(content)
    found = encoding or encoding_of(content, f"{layer_name}: {name}").encoding
    if found == "utf-8":
        return _lines(content)
    if encoding is None:
        notes.append(Note.of("table-not-utf8", name=name, encoding=found))
    return _lines(content.decode(found, errors="replace").encode("utf-8"))


def _lines(content: bytes) -> bytes:
    """The content with its lines ended by a line feed, where they end by carriage returns alone."""
    return content if b"\n" in content else content.replace(b"\r", b"\n")


def _heading(content: bytes) -> list[str]:
    """The names of the columns, in small letters: some programs capitalise them."""
    line = _first_line(content)
    names = next(csv.reader([line], delimiter=_separator(line)))
    return [name.strip().strip('"').casefold() for name in names]


def _first_line(content: bytes) -> str:
    return content[:_MAX_HEADING].split(b"\n", 1)[0].split(b"\r", 1)[0].decode("utf-8")


def _separator(heading: str) -> str:
    """What stands between values: a comma, or what a table program put in its place."""
    return max(",;\t", key=heading.count)


def _rows(layer_name: str, name: str, content: bytes, columns: list[str]) -> pa.Table:
    """The rows below the heading; those that are too short end with empty fields."""
    import pyarrow as pa

    names = _heading(content)
    if b"\n" not in content.strip():
        return _no_rows(columns)
    try:
        try:
            table = _parsed(content, names, columns)
        except pa.ArrowInvalid:
            table = _parsed(_padded(content, len(names)), names, columns)
    except (pa.ArrowInvalid, csv.Error, ValueError) as error:
        raise SourceError(f"{layer_name}: {name} cannot be read ({error})") from error
    return _plain(table)


def _no_rows(columns: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    return pa.table({column: pa.array([], pa.string()) for column in columns})


def _parsed(content: bytes, names: list[str], columns: list[str]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.csv

    return pyarrow.csv.read_csv(
        io.BytesIO(content),
        read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=1),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=_separator(_first_line(content)), newlines_in_values=True
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=columns,
            strings_can_be_null=False,
        ),
    )


def _padded(content: bytes, width: int) -> bytes:
    """The rows with the empty fields that they lack at their end, without those too many.

    Raises
    ------
    ValueError
        A row has more values than the heading has columns.
    """
    out, separator = io.StringIO(), _separator(_first_line(content))
    writer = csv.writer(out, lineterminator="\n", delimiter=separator)
    reader = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), delimiter=separator)
    for row in reader:
        if any(value.strip() for value in row[width:]):
            raise ValueError(f"line {reader.line_num} has {len(row)} values for {width} columns")
        if any(value.strip() for value in row):
            writer.writerow([*row[:width], *[""] * (width - len(row))])
    return out.getvalue().encode("utf-8")


def _plain(table: pa.Table) -> pa.Table:
    """The table without spaces around values, and with whole numbers without decimals."""
    import pyarrow.compute as pc

    for number, name in enumerate(table.column_names):
        values = pc.utf8_trim_whitespace(table.column(number))
        if not name.endswith(_NO_NUMBERS):
            values = pc.replace_substring_regex(values, pattern=_WHOLE, replacement=r"\1")
        table = table.set_column(number, name, values)
    return table
