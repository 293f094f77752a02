"""Jobs of the confined child: what SQLite says of a GeoPackage."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from urbanlayer.errors import SourceError
from urbanlayer.sources._confined.answers import MAX_ROWS, too_many_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.sources._confined.answers import Answer

SECONDS = 20.0
"""That the queries of one look at a database may take."""
_BYTES_A_SECOND = 5e6
"""That a slow network drive gives; a look at every page of a database takes the longer."""
_VIEW_SECONDS = 10.0
"""That all rows of a view, and the first rows of all views, may take."""
_PLAIN = frozenset({
    "abs", "avg", "char", "coalesce", "count", "dense_rank", "first_value", "glob",
    "group_concat", "ifnull", "iif", "instr", "last_value", "length", "like", "lower", "ltrim",
    "max", "min", "nth_value", "ntile", "nullif", "rank", "replace", "round", "row_number",
    "rtrim", "sign", "substr", "substring", "sum", "total", "trim", "typeof", "unicode", "upper",
})  # fmt: skip
"""Functions of SQLite whose values are of the row's alone, and no longer than they are."""
_INTERNAL = ("pragma_", "sqlite_", "json_", "dbstat", "bytecode", "tables_used", "generate_series")
"""How tables begin that know this computer, or make rows of nothing."""
_MOST_STEPS = 20_000
"""Columns, tables and functions of a layer, with those of the views that it rests on."""
_NESTED = "its views are nested without end"
_STEPS = 100_000
"""Instructions of SQLite between two looks at the clock."""


def database_fault(path: str, options: str, layer_name: str) -> Answer:
    """What SQLite finds wrong with a database; empty if nothing.

    Raises
    ------
    SourceError
        GDAL would not come to an end when it opens the database.
    """
    address = f"file:{quote(path)}?{options}"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            _end_in_time(database, SECONDS + Path(path).stat().st_size / _BYTES_A_SECOND)
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
            _check_views_begin(database, layer_name)
    except sqlite3.DatabaseError as error:
        return {"fault": str(error)}, ()
    return {"fault": "" if found == "ok" else str(found).splitlines()[0]}, ()


def whole_index(path: str, layer: str, layer_name: str) -> Answer:
    """Whether the spatial index of a layer knows all its features; some programs forget it.

    Raises
    ------
    SourceError
        The layer is a view whose rows do not end, or is more than a plain selection.
    """
    with contextlib.closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as link:
        _check_plain(link, layer, layer_name)
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


def _check_plain(link: sqlite3.Connection, layer: str, layer_name: str) -> None:
    """Raise if a layer computes with more than the functions of plain selections.

    Others take memory and time without end, know this computer, or give other values each time.
    """
    refused: list[str] = []
    quoted = layer.replace('"', '""')
    with _authorized(link, refused), contextlib.suppress(sqlite3.DatabaseError):
        link.execute(f'SELECT * FROM "{quoted}" LIMIT 0')  # noqa: S608  (prepared, not run)
    if refused:
        raise SourceError(
            f"{layer_name}: {layer!r} is more than a plain selection ({refused[0]}); save it as a "
            "table"
        )


@contextlib.contextmanager
def _authorized(link: sqlite3.Connection, refused: list[str]) -> Iterator[None]:
    """Only plain selections are prepared within the block; what else they have is listed."""
    steps = 0

    def allow(action: int, one: str | None, two: str | None, *_: str | None) -> int:
        """SQLite's answer for one step of a query: it may be done, or not."""
        nonlocal steps
        steps += 1
        why = ""
        if steps > _MOST_STEPS:
            why = _NESTED
        elif action == sqlite3.SQLITE_FUNCTION and str(two).casefold() not in _PLAIN:
            why = f"it uses {two}()"
        elif action == sqlite3.SQLITE_READ and str(one).casefold().startswith(_INTERNAL):
            why = f"it reads {one}"
        elif action == sqlite3.SQLITE_RECURSIVE:
            why = "it is recursive"
        if why:
            refused.append(why)
        return sqlite3.SQLITE_DENY if why else sqlite3.SQLITE_OK

    link.set_authorizer(allow)
    try:
        yield
    finally:
        link.set_authorizer(None)


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
        raise _no_rows(layer_name, layer, error) from error
    if rows > MAX_ROWS:
        raise SourceError(too_many_rows(layer_name, rows))


def _check_views_begin(link: sqlite3.Connection, layer_name: str) -> None:
    """Raise if the first row of a view does not come: GDAL reads it of each when it opens."""
    views = [
        str(name) for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
    ]
    _end_in_time(link, _VIEW_SECONDS)
    for view in views:
        if view.casefold().startswith("gpkg_"):
            raise SourceError(
                f"{layer_name}: {view!r} is a view, and a table in every GeoPackage; export the "
                "layer into a new file"
            )
        quoted = view.replace('"', '""')
        query = f'SELECT 1 FROM "{quoted}" LIMIT 1'  # noqa: S608
        refused: list[str] = []
        with _authorized(link, refused), contextlib.suppress(sqlite3.DatabaseError):
            link.execute(f"EXPLAIN {query}")
        if _NESTED in refused:
            raise SourceError(f"{layer_name}: the view {view!r}: {refused[0]}; leave it out")
        try:
            link.execute(query).fetchone()
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise _no_rows(layer_name, view, error) from error
            # of a function that SQLite has not: GDAL has some, or leaves the view out


def _no_rows(layer_name: str, view: str, error: sqlite3.OperationalError) -> SourceError:
    return SourceError(
        f"{layer_name}: the view {view!r} gives no rows within {_VIEW_SECONDS:g} s ({error}); save "
        "it as a table"
    )


def _is_index(link: sqlite3.Connection, name: str) -> bool:
    """Whether a spatial index is one, or is not there; a view of its name is none."""
    query = "SELECT sql FROM sqlite_master WHERE lower(name) = lower(?)"
    found = link.execute(query, (name,)).fetchone()
    return found is None or str(found[0]).upper().startswith("CREATE VIRTUAL TABLE")


def _end_in_time(link: sqlite3.Connection, seconds: float) -> None:
    """Let no query of a connection take longer."""
    end = time.monotonic() + seconds
    link.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS)
