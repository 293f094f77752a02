"""A file at an address: `source = "http"`; fetched once, then read like any file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.note import Note
from urbanlayer.model.source import DownloadOptions, Source
from urbanlayer.sources._choose import named, wanted
from urbanlayer.sources._each import read_each
from urbanlayer.sources._fetch import fetch, with_ending
from urbanlayer.sources._formats import read_file
from urbanlayer.sources._session import Order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request

_BEGINNINGS = {
    b"SQLite format 3": ".gpkg",
    b"PK\x03\x04": ".zip",
    b"fgb": ".fgb",
    b"PAR1": ".parquet",
    b"II*\x00": ".tif",
    b"MM\x00*": ".tif",
    b"{": ".geojson",
}
"""How a file begins whose address does not show its format."""


def read(requests: Sequence[Request[DownloadOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """What the files at these addresses hold; each is fetched once.

    Raises
    ------
    SourceError
        With the errors of every request.
    """
    return read_each(requests, _read)


def _read(request: Request[DownloadOptions]) -> RawLayer | RawRaster:
    spec, options = request.spec, request.options
    if not request.remote:
        raise SourceError(f'{named(request)}: path must be an address, as "https://…"')
    order = Order(
        spec.path, allow_hosts=tuple(options.allow_hosts), checksum=options.checksum or ""
    )
    download = fetch(order)
    path = _with_ending(download.path, request)
    raw = read_file(replace(request, path=path))
    kept = Note.of("fetched", day=download.fetched.date())
    raw = replace(raw, notes=(*raw.notes, kept))
    return replace(raw, frame=wanted(raw.frame, request)) if isinstance(raw, RawLayer) else raw


def _with_ending(path: Path, request: Request[DownloadOptions]) -> Path:
    """The download under a name that shows its format."""
    if path.suffix:
        return path
    with path.open("rb") as file:
        start = file.read(16).lstrip()
    ending = next((end for head, end in _BEGINNINGS.items() if start.startswith(head)), "")
    if not ending:
        raise SourceError(f"{named(request)}: what came is of no format that is known")
    return with_ending(path, ending)


SOURCE = Source(
    id="http", read=read, options=DownloadOptions, local=False, gdal=True, stable_keys=False
)
