"""Files that a city has: `source = "file"`, or no source said at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, SourceError, together
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.source import Source
from urbanlayer.sources._choose import check_there, named, wanted
from urbanlayer.sources._digest import digest
from urbanlayer.sources._grid import read_grid
from urbanlayer.sources._parquet import read_parquet
from urbanlayer.sources._tables import read_table
from urbanlayer.sources._vectors import DRIVERS, read_vectors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request

_PARQUET = (".parquet", ".geoparquet")
_TABLES = (".csv", ".tsv", ".txt", ".xlsx")
_GRIDS = (".tif", ".tiff")
_ADVICE = {
    ".dwg": "save it as DXF, which is documented",
    ".dgn": "save it as DXF or GeoPackage",
    ".xls": "save it as XLSX or CSV",
    ".rar": "unpack it, or pack it as ZIP",
    ".7z": "unpack it, or pack it as ZIP",
    ".qgz": "it is a project, not data; name the file that the project shows",
    ".qgs": "it is a project, not data; name the file that the project shows",
    ".mxd": "it is a project, not data; name the file that the project shows",
    ".lyr": "it is a style, not data; name the file that it shows",
    ".pbf": 'say source = "osm"',
    ".vrt": "name the file that it points to",
    ".mdb": "save it as GeoPackage",
}


def read(requests: Sequence[Request]) -> Mapping[str, RawLayer | RawRaster]:
    """What the files hold, one answer for each request; a file that several want is read once.

    Raises
    ------
    SourceError
        With the faults of every request.
    """
    found: dict[str, RawLayer | RawRaster] = {}
    errors: list[DataError] = []
    whole: dict[tuple[object, ...], RawLayer | RawRaster] = {}
    for request in requests:
        spec = request.spec
        alike = (request.path, spec.layer, spec.encoding, spec.x, spec.y, spec.decimal, spec.nodata)
        try:
            if alike not in whole:
                whole[alike] = _read(request)
            raw = whole[alike]
            if isinstance(raw, RawLayer):
                lost = tuple(replace(entry, layer=request.role) for entry in raw.set_aside)
                raw = replace(raw, frame=wanted(raw.frame, request), set_aside=lost)
            found[request.role] = raw
        except DataError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return found


def _read(request: Request) -> RawLayer | RawRaster:
    check_there(request)
    suffix = request.path.suffix.casefold()
    if suffix in _GRIDS:
        return read_grid(request)
    if suffix in _PARQUET:
        frame, notes = read_parquet(request)
    elif suffix in _TABLES:
        frame, notes = read_table(request)
    elif suffix in DRIVERS:
        return read_vectors(request)
    else:
        known = ", ".join(sorted({*DRIVERS, *_PARQUET, *_TABLES, *_GRIDS}))
        advice = _ADVICE.get(suffix, f"known are {known}")
        raise SourceError(f"{named(request)}: {suffix or 'no ending'} is not read; {advice}")
    return RawLayer(frame, digest(request.path), notes=notes)


SOURCE = Source(id="file", read=read)
