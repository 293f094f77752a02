"""One file, by the reader of its ending."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.layer import RawLayer
from urbanlayer.sources._box import within_box
from urbanlayer.sources._choose import check_there, named
from urbanlayer.sources._digest import digest
from urbanlayer.sources._drivers import DRIVERS
from urbanlayer.sources._grid import read_grid
from urbanlayer.sources._packed import PACKED, unpacked
from urbanlayer.sources._parquet import begin_parquet, read_parquet
from urbanlayer.sources._scratch import scratch_folder
from urbanlayer.sources._tables import begin_table, read_table
from urbanlayer.sources._vectors import read_vectors
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import BoxOptions, Request

_PARQUET = (".parquet", ".geoparquet")
TABLES = (".csv", ".tsv", ".txt", ".xlsx")
_GRIDS = (".tif", ".tiff")
_ADVICE = {
    ".dwg": "save it as DXF, which is documented",
    ".dgn": "save it as DXF or GeoPackage",
    ".xls": "save it as XLSX or CSV",
    ".xlsm": "save it as XLSX or CSV",
    ".xlsb": "save it as XLSX or CSV",
    ".ods": "save it as XLSX or CSV",
    ".tab": "save it as GeoPackage",
    ".mif": "save it as GeoPackage",
    ".rar": "unpack it, or pack it as ZIP",
    ".7z": "unpack it, or pack it as ZIP",
    ".qgz": "it is a project, not data; name the file that the project shows",
    ".qgs": "it is a project, not data; name the file that the project shows",
    ".mxd": "it is a project, not data; name the file that the project shows",
    ".lyr": "it is a style, not data; name the file that it shows",
    ".pbf": 'set source = "osm"',
    ".vrt": "name the file that it points to",
    ".mdb": "save it as GeoPackage",
}


def begin_file(request: Request[BoxOptions]) -> None:
    """Have a table or a Parquet file read that will be asked for."""
    suffix = request.path.suffix.casefold()
    if not request.path.is_file():
        return
    if suffix in TABLES:
        begin_table(request)
    elif suffix in _PARQUET:
        begin_parquet(request)


def read_file(request: Request[BoxOptions], *, is_page: bool = False) -> RawLayer | RawRaster:
    """What a file holds, all of it.

    Parameters
    ----------
    request
        Names the file.
    is_page
        Whether it may be one page of a service's response.

    Raises
    ------
    SourceError
        If it is not there, cannot be read, or is of a format that is not known.
    """
    check_there(request)
    suffix = request.path.suffix.casefold()
    if request.path.is_dir() and suffix != ".gdb":
        names = sorted(file.name for file in request.path.iterdir())
        raise SourceError(
            f"{named(request)}: it is a folder; name a file of it{did_you_mean('', names)}"
        )
    if suffix in PACKED:
        return _read_packed(request)
    if suffix in _GRIDS:
        return read_grid(request)
    if suffix in _PARQUET:
        frame, notes = read_parquet(request)
    elif suffix in TABLES:
        frame, notes = read_table(request)
    elif suffix in DRIVERS:
        return read_vectors(request, is_page=is_page)
    else:
        known = ", ".join(sorted({*DRIVERS, *_PARQUET, *TABLES, *_GRIDS, *PACKED}))
        advice = _ADVICE.get(suffix, f"known are {known}")
        raise SourceError(f"{named(request)}: {suffix or 'no ending'} is not read; {advice}")
    return RawLayer(within_box(frame, request), digest(request.path), notes=notes)


def _read_packed(request: Request[BoxOptions]) -> RawLayer | RawRaster:
    """What the data file of an archive holds; the digest is that of the archive."""
    with scratch_folder() as folder:
        inside = unpacked(request, folder)
        if inside.path.suffix.casefold() in PACKED:
            raise SourceError(
                f"{named(request)}: it holds an archive, {inside.path.name}; unpack it once"
            )
        return replace(read_file(inside), digest=digest(request.path))
