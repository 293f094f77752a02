"""A GeoPackage is a database: whether it is whole, and how to read one that others write into."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note
from urbanlayer.sources._choose import named

if TYPE_CHECKING:
    from pathlib import Path

    from urbanlayer.model.source import Request

SECONDS = 20.0
"""That the queries of one look at a database may take."""
_STEPS = 100_000
"""Instructions of SQLite between two looks at the clock."""
_MAGIC = b"SQLite format 3\x00"
_WRITE_VERSION, _WAL = 18, 2
"""Where the header says how the file is written, and the value for "write-ahead log"."""


def sound_geopackage(path: Path, request: Request, folder: Path, notes: list[Note]) -> Path:
    """The path of a database that is whole; a copy where another program writes into it.

    Raises
    ------
    SourceError
        If it is no database, or some of its pages are damaged.
    """
    with path.open("rb") as file:
        head = file.read(100)
    if not head.startswith(_MAGIC):
        raise SourceError(f"{named(request)}: it is no GeoPackage; look at what it really is")
    waiting = path.with_name(f"{path.name}-wal")
    if len(head) > _WRITE_VERSION and head[_WRITE_VERSION] == _WAL:
        # SQLite would write beside the input; and what another program saved lies in a second file
        copy = folder / path.name
        shutil.copyfile(path, copy)
        if waiting.exists():
            shutil.copyfile(waiting, copy.with_name(waiting.name))
            notes.append(Note.of("open-elsewhere"))
        path, options = copy, "mode=rwc"
    else:
        options = "mode=ro&immutable=1"
    fault = _fault(path, options)
    if fault:
        raise SourceError(f"{named(request)}: the database is damaged ({fault}); take a sound copy")
    return path


def has_whole_index(path: Path, layer: str) -> bool:
    """Whether the spatial index of a layer knows all its features; some programs forget it."""
    with contextlib.closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as link:
        found = link.execute(
            "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)
        ).fetchone()
        if found is None:
            return False
        table, column = (name.replace('"', '""') for name in (layer, found[0]))
        _end_in_time(link)
        if not _is_index(link, f"rtree_{layer}_{found[0]}"):
            return False
        try:
            (known,) = link.execute(f'SELECT count(*) FROM "rtree_{table}_{column}"').fetchone()  # noqa: S608  (names of the file, quoted)
        except sqlite3.DatabaseError:
            return True  # without an index GDAL looks at every feature
        try:
            (all_of_them,) = link.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}" IS NOT NULL'  # noqa: S608
            ).fetchone()
        except sqlite3.OperationalError:  # a view that never ends
            return False
    return bool(known >= all_of_them)


def _is_index(link: sqlite3.Connection, name: str) -> bool:
    """Whether a spatial index is one, or is not there; a view of its name is none."""
    query = "SELECT sql FROM sqlite_master WHERE lower(name) = lower(?)"
    found = link.execute(query, (name,)).fetchone()
    return found is None or str(found[0]).upper().startswith("CREATE VIRTUAL TABLE")


def _end_in_time(link: sqlite3.Connection) -> None:
    """Let no query of a connection take longer than `SECONDS`."""
    end = time.monotonic() + SECONDS
    link.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS)


def _fault(path: Path, options: str) -> str:
    """What SQLite finds wrong with a database; empty if nothing."""
    address = f"file:{quote(str(path))}?{options}"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            _end_in_time(database)
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else str(found).splitlines()[0]
