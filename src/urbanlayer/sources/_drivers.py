"""Which of GDAL's drivers reads which ending."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from urbanlayer.model.source import Request

DRIVERS = {
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".geojsonl": "GeoJSONSeq",
    ".geojsons": "GeoJSONSeq",
    ".ndjson": "GeoJSONSeq",
    ".fgb": "FlatGeobuf",
    ".kml": "LIBKML",
    ".kmz": "LIBKML",
    ".gml": "GML",
    ".dxf": "DXF",
    ".gdb": "OpenFileGDB",
}
"""The driver of each ending; a file of another kind under that name is refused."""
_PACKED = ("ESRI Shapefile", "GPKG", "GeoJSON", "OpenFileGDB")
"""What a zip usually holds."""


def drivers_of(requests: Iterable[Request]) -> frozenset[str]:
    """The drivers that the files of these requests will need.

    Parameters
    ----------
    requests
        Layers of any source; those that GDAL does not read need none.
    """
    needed: set[str] = set()
    for request in requests:
        name = request.path.name.casefold().removesuffix(".gz")
        suffix = name[name.rfind(".") :] if "." in name else ""
        if request.source.gdal and suffix == ".zip":
            needed |= set(_PACKED)
        elif request.source.gdal and suffix in DRIVERS:
            needed.add(DRIVERS[suffix])
    return frozenset(needed)
