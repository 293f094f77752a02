"""Vector files that GDAL reads, each by the one driver of its ending."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.sources._choose import named, nearest
from urbanlayer.sources._encoding import again, beyond_ascii, decoding, mended
from urbanlayer.sources._shapefile import decoded_table, sound_shapefile
from urbanlayer.sources._zip import unpacked

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import pyarrow as pa

    from urbanlayer.model.source import Request

DRIVERS = {
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".zip": "",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".geojsonl": "GeoJSONSeq",
    ".geojsons": "GeoJSONSeq",
    ".ndjson": "GeoJSONSeq",
    ".fgb": "FlatGeobuf",
    ".kml": "KML",
    ".kmz": "KML",
    ".gml": "GML",
    ".dxf": "DXF",
    ".gdb": "OpenFileGDB",
}
"""The driver of each ending; a file of another kind under that name is refused."""
_FID = "\x00number"
_TEXT = frozenset({".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".kml", ".gml"})


def read_vectors(request: Request) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """The features of a file, indexed by their numbers in it.

    Raises
    ------
    SourceError
        If it cannot be read, or holds several layers and none is chosen.
    """
    import pyogrio.errors

    suffix = request.path.suffix.casefold()
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="urbanlayer-") as folder:
        try:
            path = _opened(request, suffix, Path(folder), notes)
            layer = _layer(path, request)
            table, about = _table(path, layer, request, notes)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            raise SourceError(
                f"{named(request)}: it cannot be read ({_first_line(error)})"
            ) from error
    return _frame(table, about, request), tuple(notes)


def _opened(request: Request, suffix: str, folder: Path, notes: list[str]) -> Path:
    """The path for GDAL: the file itself, or a copy in which something was mended."""
    path = request.path
    if suffix == ".zip":
        path = unpacked(request, folder)
        suffix = path.suffix.casefold()
    if suffix == ".shp":
        return sound_shapefile(path, request, folder, notes)
    if suffix in _TEXT:
        return _in_utf8(path, request, folder, notes)
    if suffix == ".gpkg" and path.with_name(f"{path.name}-wal").exists():
        copy = folder / path.name
        for ending in ("", "-wal"):
            shutil.copyfile(path.with_name(path.name + ending), folder / (path.name + ending))
        notes.append("It was open in another program; what that program had saved was read.")
        return copy
    return path


def _in_utf8(path: Path, request: Request, folder: Path, notes: list[str]) -> Path:
    """The file, or a copy of it in UTF-8."""
    content = path.read_bytes()
    encoding = request.spec.encoding
    if encoding is None:
        found = decoding([content])
        encoding = found.encoding
        if not found.certain:
            notes.append(f"Its text is not UTF-8; {encoding} fits its letters, and was taken.")
    if encoding.casefold().replace("-", "") == "utf8" and not content.startswith(b"\xef\xbb\xbf"):
        return path
    copy = folder / path.name
    copy.write_text(_decoded(content, encoding, request).removeprefix("\ufeff"), encoding="utf-8")
    return copy


def _decoded(content: bytes, encoding: str, request: Request) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise SourceError(
            f'{named(request)}: its text is not {encoding} ({error}); say encoding = "…" in '
            "city.toml, or leave the line out and it is found"
        ) from error


def _layer(path: Path, request: Request) -> str:
    """The layer to read: the one that is asked for, else the only one with geometry."""
    import pyogrio

    suffix = path.suffix.casefold()
    listing = pyogrio.list_layers(path)
    about = pyogrio.read_info(path, layer=str(listing[0][0])) if len(listing) else {}
    expected = DRIVERS[suffix]
    if about and about["driver"] not in {expected, f"LIB{expected}"}:
        raise SourceError(
            f"{named(request)}: it is {about['driver']} under the name of {suffix}; give it its "
            "own ending"
        )
    layers = [str(name) for name, kind in listing if kind is not None]
    if request.spec.layer is not None:
        everything = [str(name) for name, _ in listing]
        if request.spec.layer not in everything:
            raise SourceError(
                f"{named(request)}: there is no layer {request.spec.layer!r} in it; "
                f"{nearest(request.spec.layer, layers)}"
            )
        return request.spec.layer
    if not layers:
        raise SourceError(f"{named(request)}: it holds no layer with geometry")
    if len(layers) > 1:
        raise SourceError(
            f"{named(request)}: it holds {len(layers)} layers ({', '.join(layers)}); say which, as "
            f'layer = "{layers[0]}" in city.toml'
        )
    return layers[0]


def _table(
    path: Path, layer: str, request: Request, notes: list[str]
) -> tuple[pa.Table, dict[str, Any]]:
    """The layer as an Arrow table, texts decoded."""
    import pyogrio

    if path.suffix.casefold() != ".shp":
        about, table = pyogrio.read_arrow(path, layer=layer, return_fids=True)
        return _mended(_apart(table, about), notes), about
    # ISO-8859-1 keeps every byte, so that the codepage can be told afterwards from all the texts
    about, table = pyogrio.read_arrow(path, layer=layer, return_fids=True, encoding="ISO-8859-1")
    return decoded_table(_apart(table, about), path, request, notes), about


def _apart(table: pa.Table, about: dict[str, Any]) -> pa.Table:
    """The table with the feature's number under a name that no field of a file has.

    GDAL puts it first; a GeoJSON file often has a property `id` beside it.
    """
    first, *others = table.column_names
    if first != (about["fid_column"] or "OGC_FID"):
        return table
    return table.rename_columns([_FID, *others])


def _mended(table: pa.Table, notes: list[str]) -> pa.Table:
    """The table with letters mended that an earlier program had confused."""
    import pyarrow as pa

    for number, name in enumerate(table.column_names):
        column = table[name]
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            continue
        confused = mended(beyond_ascii(column))
        if confused is None:
            continue
        texts = [again(text, confused) for text in column.to_pylist()]
        table = table.set_column(number, name, pa.chunked_array([pa.array(texts, column.type)]))
        wrong, right = confused
        notes.append(f"The letters of {name!r} had been saved as {wrong} and are {right}; mended.")
    return table


def _frame(table: pa.Table, about: dict[str, Any], request: Request) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import shapely
    from pyproj import CRS

    shape_column = about["geometry_name"] or "wkb_geometry"
    if shape_column not in table.column_names:
        raise SourceError(f"{named(request)}: the layer has no geometry")
    wkb = table[shape_column].to_numpy(zero_copy_only=False)
    shapes = shapely.from_wkb(wkb, on_invalid="fix")
    fields = table.drop([name for name in (shape_column, _FID) if name in table.column_names])
    frame: pd.DataFrame = fields.to_pandas()
    if _FID in table.column_names:
        frame.index = table[_FID].to_pandas()
    frame.index.name = None
    crs = CRS.from_user_input(about["crs"]) if about["crs"] else None
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=crs)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
