"""A GTFS feed as tables of text: from a zip or a folder, in whatever encoding."""

from __future__ import annotations

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
    import pandas as pd

    from urbanlayer.model.source import Request


class Feed:
    """The files of a feed, read when they are asked for.

    Parameters
    ----------
    request
        Names the zip or the folder.
    notes
        What was guessed while reading is added.
    """

    def __init__(self, request: Request, notes: list[Note]) -> None:
        self._request = request
        self._notes = notes
        self._archive: zipfile.ZipFile | None = None
        path = request.path
        if path.is_dir():
            files = sorted(path.rglob("*.txt"))
            self._members = {file.name: str(file) for file in files}
        else:
            if not zipfile.is_zipfile(path):
                raise SourceError(f"{named(request)}: it is neither a zip nor a folder of a feed")
            self._archive = opened_zip(request)
            members = checked_members(self._archive, request)
            self._members = {PurePosixPath(name).name: name for name in reversed(members)}

    def table(self, name: str, columns: tuple[str, ...], *, needed: bool = True) -> pd.DataFrame:
        """A file of the feed, all of it text; columns that it lacks are empty.

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
        import pandas as pd
        import pyarrow as pa
        import pyarrow.csv

        content = self._content(name)
        if not content.strip():
            if needed:
                state = "is empty" if name in self._members else "is not in the feed"
                raise SourceError(f"{named(self._request)}: {name} {state}; a feed must have it")
            return pd.DataFrame({column: pd.Series(dtype="str") for column in columns})
        try:
            head = content.split(b"\n", 1)[0].decode("utf-8").strip().split(",")
            names = [column.strip().strip('"') for column in head]
            table = pyarrow.csv.read_csv(
                io.BytesIO(content),
                read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=1),
                parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=[column for column in columns if column in names],
                    strings_can_be_null=False,
                ),
            )
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            raise SourceError(f"{named(self._request)}: {name} cannot be read ({error})") from error
        if columns[0] not in table.column_names:
            raise SourceError(
                f"{named(self._request)}: {name} has no column {columns[0]!r}; "
                f"it has {', '.join(names)}"
            )
        frame: pd.DataFrame = table.to_pandas().reindex(columns=list(columns), fill_value="")
        if needed and frame.empty:
            raise SourceError(f"{named(self._request)}: {name} holds no rows")
        return frame

    def _content(self, name: str) -> bytes:
        """A file's bytes in UTF-8 without a byte-order mark; empty where there is none."""
        member = self._members.get(name)
        if member is None:
            return b""
        if self._archive is None:
            content = (self._request.path / member).read_bytes()
        else:
            content = self._archive.read(member)
        content = content.removeprefix(b"\xef\xbb\xbf")
        if content.isascii():
            return content
        found = decoding([content])
        encoding = self._request.spec.encoding or found.encoding
        if encoding == "utf-8":
            return content
        if self._request.spec.encoding is None:
            self._notes.append(Note.of("table-not-utf8", name=name, encoding=encoding))
        return content.decode(encoding, errors="replace").encode("utf-8")
