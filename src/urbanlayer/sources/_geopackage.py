"""A GeoPackage is a database: whether it is whole, and how to read one that others write into."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note
from urbanlayer.sources._choose import named
from urbanlayer.sources.child import run_job

if TYPE_CHECKING:
    from pathlib import Path

    from urbanlayer.model.source import Request

_DRIVER = "GPKG"
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
    journal = path.with_name(f"{path.name}-journal")
    waiting = path.with_name(f"{path.name}-wal")
    if len(head) > _WRITE_VERSION and head[_WRITE_VERSION] == _WAL:
        # SQLite would write beside the input; and what another program saved lies in a second file
        copy = folder / path.name
        shutil.copyfile(path, copy)
        if waiting.exists():
            shutil.copyfile(waiting, copy.with_name(waiting.name))
            notes.append(Note.of("open-elsewhere"))
        path, options = copy, "mode=rwc"
    elif journal.exists() and journal.stat().st_size:
        options = "mode=ro"
    else:
        options = "mode=ro&immutable=1"
    about, _ = run_job(
        "database_fault", _DRIVER, path=str(path), options=options, layer_name=named(request)
    )
    fault = about["fault"]
    if fault and options == "mode=ro":
        raise SourceError(
            f"{named(request)}: another program is writing into it, or was ended while it did "
            f"({journal.name} lies next to it); open it once in that program, or take a sound copy"
        )
    if fault:
        raise SourceError(f"{named(request)}: the database is damaged ({fault}); take a sound copy")
    return path


def has_whole_index(path: Path, layer: str, request: Request) -> bool:
    """Whether the spatial index of a layer knows all its features; some programs forget it.

    Raises
    ------
    SourceError
        The layer is a view whose rows do not end, or is more than a plain selection.
    """
    about, _ = run_job(
        "whole_index", _DRIVER, path=str(path), layer=layer, layer_name=named(request)
    )
    return bool(about["whole"])
