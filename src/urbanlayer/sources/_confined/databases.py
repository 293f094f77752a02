"""Jobs of the confined child: what SQLite says of a GeoPackage."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from urbanlayer.errors import SourceError
from urbanlayer.sources._confined.answers import MAX_ROWS, too_many_rows

if TYPE_CHECKING:
    from urbanlayer.sources._confined.answers import Answer

SECONDS = 20.0
"""That the queries of one look at a database may take."""
_VIEW_SECONDS = 10.0
"""That all rows of a view may take."""
_STEPS = 100_000
"""Instructions of SQLite between two looks at the clock."""


def database_fault(path: str, options: str) -> Answer:
    """What SQLite finds wrong with a database; empty if nothing."""
    address = f"file:{quote(path)}?{options}"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            _end_in_time(database, SECONDS)
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return {"fault": str(error)}, ()
    return {"fault": "" if found == "ok" else str(found).splitlines()[0]}, ()


def whole_index(path: str, layer: str, layer_name: str) -> Answer:
    """Whether the spatial index of a layer knows all its features; some programs forget it.

    Raises
    ------
    SourceError
        The layer is a view whose rows do not end.
    """
    with contextlib.closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as link:
        _check_ends(link, layer, layer_name)
        return {"whole": _is_whole(link, layer)}, ()


def _is_whole(link: sqlite3.Connection, layer: str) -> bool:
    found = link.execute(
        "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)
    ).fetchone()
    if found is None:
        return False
    table, column = (name.replace('"', '""') for name in (layer, found[0]))
    _end_in_time(link, SECONDS)
    if not _is_index(link, f"rtree_{layer}_{found[0]}"):
        return False
    try:
        (known,) = link.execute(f'SELECT count(*) FROM "rtree_{table}_{column}"').fetchone()  # noqa: S608  (names of the file, quoted)
    except sqlite3.DatabaseError:
        return True  # without an index GDAL looks at every feature
    (all_of_them,) = link.execute(
        f'SELECT count(*) FROM "{table}" WHERE "{column}" IS NOT NULL'  # noqa: S608
    ).fetchone()
    return bool(known >= all_of_them)


def _check_ends(link: sqlite3.Connection, layer: str, layer_name: str) -> None:
    """Raise if a layer is a view whose rows do not end, or take too long."""
    found = link.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'view' AND lower(name) = lower(?)", (layer,)
    ).fetchone()
    if found is None:
        return
    _end_in_time(link, _VIEW_SECONDS)
    view = layer.replace('"', '""')
    query = f'SELECT count(*) FROM (SELECT * FROM "{view}" LIMIT {MAX_ROWS + 1})'  # noqa: S608
    try:
        (rows,) = link.execute(query).fetchone()
    except sqlite3.OperationalError as error:
        raise SourceError(
            f"{layer_name}: the view {layer!r} gives no rows within {_VIEW_SECONDS:g} s "
            f"({error}); save "
            "it as a table"
        ) from error
    if rows > MAX_ROWS:
        raise SourceError(too_many_rows(layer_name, rows))


def _is_index(link: sqlite3.Connection, name: str) -> bool:
    """Whether a spatial index is one, or is not there; a view of its name is none."""
    query = "SELECT sql FROM sqlite_master WHERE lower(name) = lower(?)"
    found = link.execute(query, (name,)).fetchone()
    return found is None or str(found[0]).upper().startswith("CREATE VIRTUAL TABLE")


def _end_in_time(link: sqlite3.Connection, seconds: float) -> None:
    """Let no query of a connection take longer."""
    end = time.monotonic() + seconds
    link.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS)
