"""A GTFS feed as tables of text: from a zip or a folder, in whatever encoding."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note
from urbanlayer.sources._choose import named
from urbanlayer.sources._encoding import decoding
from urbanlayer.sources._zip import checked_members, opened_zip

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import pyarrow as pa

    from urbanlayer.model.source import Request

_WHOLE = r"^([+-]?[0-9]+)\.0+$"
"""A whole number as table programs save it where a column has blanks: `1.0`."""
_NO_NUMBERS = ("stop_name", "long_name", "_lat", "_lon", "_time")
"""Ends of the columns whose values are names, coordinates or times, and never codes or ids."""
_KEYS = {
    "stops.txt": ("stop_id",),
    "routes.txt": ("route_id",),
    "trips.txt": ("trip_id",),
    "stop_times.txt": ("trip_id", "stop_sequence", "stop_id"),
    "frequencies.txt": ("trip_id", "start_time"),
    "shapes.txt": ("shape_id", "shape_pt_sequence"),
    "calendar_dates.txt": ("service_id", "date", "exception_type"),
}
"""Columns that no two rows of a file may share."""


class Feed:
    """The files of a feed, read when they are asked for.

    Parameters
    ----------
    request
        Names the zip or the folder, and by `layer` the folder of one of several feeds in it.
    notes
        What was guessed while reading is added.

    Raises
    ------
    SourceError
        The path is no feed, or holds several and the request does not say which.
    """

    def __init__(self, request: Request, notes: list[Note]) -> None:
        self._request = request
        self._notes = notes
        self._archive: zipfile.ZipFile | None = None
        path = request.path
        if path.is_dir():
            names = [file.relative_to(path).as_posix() for file in sorted(path.rglob("*.txt"))]
        else:
            if not zipfile.is_zipfile(path):
                raise SourceError(f"{named(request)}: it is neither a zip nor a folder of a feed")
            self._archive = opened_zip(request)
            names = checked_members(self._archive, request)
        folder = _folder(names, request)
        inside = [name for name in names if PurePosixPath(name).is_relative_to(folder)]
        # a file beside stops.txt comes before one of the same name further down
        inside.sort(key=lambda name: len(PurePosixPath(name).parts), reverse=True)
        self._members = {PurePosixPath(name).name: name for name in inside}

    @property
    def name(self) -> str:
        """How messages call the layer: `layer 'stop' (feed.zip)`."""
        return named(self._request)

    def table(self, name: str, columns: tuple[str, ...], *, needed: bool = True) -> pd.DataFrame:
        """A file of the feed, all of it text; columns that it lacks are empty.

        Values have no spaces around them, and whole numbers no decimals: `1.0` is `1`. Of rows
        with the same key the first is kept, and a note counts the others.

        Parameters
        ----------
        name
            `stops.txt` …
        columns
            Those to read, the first of which must be there.
        needed
            Whether a feed without the file, or with an empty one, is refused.

        Raises
        ------
        SourceError
            If it is needed and not there, or cannot be read.
        """
        content = self._content(name)
        if not content.strip():
            if needed:
                state = "is empty" if name in self._members else "is not in the feed"
                raise SourceError(f"{named(self._request)}: {name} {state}; a feed must have it")
            return _no_rows(columns)
        try:
            names = _heading(content)
        except UnicodeDecodeError as error:
            raise SourceError(f"{named(self._request)}: {name} cannot be read ({error})") from error
        if columns[0] not in names:
            raise SourceError(
                f"{named(self._request)}: {name} has no column {columns[0]!r}; "
                f"it has {', '.join(names)}"
            )
        read = [column for column in columns if column in names]
        frame = self._rows(name, content, names, read)
        frame = frame.reindex(columns=list(columns), fill_value="")
        if needed and frame.empty:
            raise SourceError(f"{named(self._request)}: {name} holds no rows")
        return self._once(name, frame)

    def _rows(
        self, name: str, content: bytes, names: list[str], columns: list[str]
    ) -> pd.DataFrame:
        """The rows below the heading; those that are too short end with empty fields."""
        import pyarrow as pa

        if b"\n" not in content.strip():
            return _no_rows(tuple(columns))
        try:
            try:
                table = _parsed(content, names, columns)
            except pa.ArrowInvalid:
                table = _parsed(_padded(content, len(names)), names, columns)
        except (pa.ArrowInvalid, csv.Error, ValueError) as error:
            raise SourceError(f"{named(self._request)}: {name} cannot be read ({error})") from error
        frame: pd.DataFrame = _plain(table).to_pandas()
        return frame

    def _once(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows whose key no row before them has; those with an incomplete key are kept."""
        key = [column for column in _KEYS.get(name, ()) if column in frame]
        if not key or len(key) < len(_KEYS[name]):
            return frame
        again = frame.duplicated(key).to_numpy()
        if not again.any():
            return frame
        again = again & (frame[key] != "").all(axis=1).to_numpy()
        if again.any():
            self._notes.append(Note.of("rows-repeated", name=name, count=int(again.sum())))
        return frame[~again].reset_index(drop=True)

    def _content(self, name: str) -> bytes:
        """A file's bytes in UTF-8 without a byte-order mark; empty where there is none."""
        member = self._members.get(name)
        if member is None:
            return b""
        if self._archive is None:
            content = (self._request.path / member).read_bytes()
        else:
            content = self._archive.read(member)
        content = content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
        if content.isascii():
            return content
        found = decoding([content])
        encoding = self._request.spec.encoding or found.encoding
        if encoding == "utf-8":
            return content
        if self._request.spec.encoding is None:
            self._notes.append(Note.of("table-not-utf8", name=name, encoding=encoding))
        return content.decode(encoding, errors="replace").encode("utf-8")


def _folder(names: list[str], request: Request) -> PurePosixPath:
    """The folder of the feed among the names of files: that which holds `stops.txt`."""
    folders = sorted(
        {PurePosixPath(n).parent for n in names if PurePosixPath(n).name == "stops.txt"}
    )
    if request.spec.layer is not None:
        folders = [folder for folder in folders if str(folder) == request.spec.layer] or folders
    if len(folders) > 1:
        listed = ", ".join("stops.txt at the top" if f.name == "" else f"{f}/" for f in folders)
        raise SourceError(
            f"{named(request)}: it holds {len(folders)} feeds ({listed}), which are not mixed; "
            'say which, as layer = "…" in city.toml, or split the archive'
        )
    return folders[0] if folders else PurePosixPath()


def _no_rows(columns: Iterable[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({column: pd.Series(dtype="str") for column in columns})


def _heading(content: bytes) -> list[str]:
    line = content.split(b"\n", 1)[0].split(b"\r", 1)[0].decode("utf-8")
    return [name.strip().strip('"') for name in next(csv.reader([line]))]


def _parsed(content: bytes, names: list[str], columns: list[str]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.csv

    return pyarrow.csv.read_csv(
        io.BytesIO(content),
        read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=1),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
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
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    reader = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
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
