"""Jobs of the confined child: layers of vector files, read by GDAL."""

from __future__ import annotations

import contextlib
import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer.sources._confined.drawings import unread_entities
from urbanlayer.sources._confined.json_features import lost_features, lost_lines
from urbanlayer.sources._confined.markup import check_well_formed, kmz_markup
from urbanlayer.sources._confined.service_pages import part_of
from urbanlayer.sources._crs import stated_crs

if TYPE_CHECKING:
    from collections.abc import Callable

    from urbanlayer.sources._confined.answers import Answer
    from urbanlayer.sources._confined.markup import Markup

_NUMBER, _SHAPE = "\x00number", "\x00shape"
"""Names that no field of a file has."""
_WIDER = 0.03
"""Degrees; more than the 1.6 km by which a wrong operation can be off."""
_MAY_STOP = (".gml", ".kml", ".kmz", ".dxf", ".shp", ".gdb", ".fgb")
"""Files that GDAL may stop reading without a word; they tell how many features they hold."""
_XML = (".gml", ".kml")
_JSON = (".geojson", ".json")
_JSON_LINES = (".geojsonl", ".geojsons", ".ndjson")
_CURVES = frozenset(range(8, 13))
"""Types of WKB that shapely has not: CircularString to MultiSurface."""

_PARSED = re.compile(r"[!\t\r\n]")
"""Signs of a path that pyogrio and fiona take for more than a path: `archive.zip!file`."""
_DRIVE = re.compile("[A-Za-z]:")


def _from_its_folder(job: Callable[..., Answer]) -> Callable[..., Answer]:
    """The same job, done in the file's folder where its path has a sign that is taken for more."""

    @functools.wraps(job)
    def done(path: str, **details: Any) -> Answer:  # noqa: ANN401  (as the job is called)
        """What the job gives."""
        if not _PARSED.search(path) or _DRIVE.match(path):
            return job(path, **details)
        file = Path(path)
        if _PARSED.search(file.name):
            raise ValueError(
                'its name has a "!" or a break, which is read as an archive; rename it'
            )
        with contextlib.chdir(file.parent):
            return job(f"./{file.name}", **details)

    return done


@_from_its_folder
def listing(path: str) -> Answer:
    """The driver of a file and its layers, each with its kind of geometry or None.

    `part` is what says that the file is one page of a service's response.
    """
    import pyogrio

    shapes = Path(path)
    ends = {file.suffix.casefold() for file in shapes.parent.glob("*") if file.stem == shapes.stem}
    # GDAL writes the index anew wherever this is set: in the copy without one, in no input
    restored = "YES" if shapes.suffix.casefold() == ".shp" and ".shx" not in ends else None
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": restored})
    layers = [(str(name), kind and str(kind)) for name, kind in pyogrio.list_layers(path)]
    driver = pyogrio.read_info(path, layer=layers[0][0])["driver"] if layers else ""
    markup = _markup(path)
    if path.casefold().endswith(".kmz") and markup is not None:
        _check_placemarks(path, layers, markup.placemarks)
    return {"layers": layers, "driver": str(driver)} | part_of(path, markup), ()


@_from_its_folder
def features(
    path: str,
    layer: str,
    encoding: str | None = None,
    bbox: list[float] | None = None,
    **options: str,
) -> Answer:
    """A layer as an Arrow table with WKB, the feature's number first.

    Of a layer with a CRS, the features in a box of longitudes and latitudes, and some around it.
    """
    import pyogrio

    around = None if bbox is None else _around(path, layer, bbox)
    about, table = pyogrio.read_arrow(
        path, layer=layer, return_fids=True, encoding=encoding, bbox=around, **options
    )
    if around is None and path.casefold().endswith(_MAY_STOP):
        _check_all_came(path, layer, table.num_rows)
    lost = _lost(path, table.num_rows) if around is None else []
    shape = about["geometry_name"] or "wkb_geometry"
    first, *others = table.column_names
    if first == (about["fid_column"] or "OGC_FID"):  # GeoJSON often has a property of that name too
        table = table.rename_columns([_NUMBER, *others])
    if shape in table.column_names and _has_curves(table[shape]):
        return _straightened(path, layer)
    table, garbled = _in_utf8(table)
    found = {"crs": about["crs"], "shape": shape, "number": _NUMBER, "garbled": garbled}
    return found | {"lost": lost}, [table]


def _lost(path: str, rows: int) -> list[tuple[int, str]]:
    """Features that GDAL passed over."""
    name = path.casefold()
    if name.endswith(".dxf"):
        return unread_entities(path, rows)
    if name.endswith((".kml", ".kmz")):
        return _unread_links(_markup(path))
    if name.endswith(_JSON):
        return lost_features(path, rows)
    return lost_lines(path, rows) if name.endswith(_JSON_LINES) else []


def _check_placemarks(path: str, layers: list[tuple[str, str | None]], there: int) -> None:
    """Raise where a KMZ archive has more features than its layers: GDAL reads some of its files."""
    import pyogrio

    counts = [
        pyogrio.read_info(path, layer=name, force_feature_count=True)["features"]
        for name, _ in layers
    ]
    if sum(counts) < there:
        raise ValueError(
            f"{there - sum(counts)} of {there} features stand in KML files that are not read; "
            "unpack it, and name one file for each layer"
        )


def _unread_links(markup: Markup | None) -> list[tuple[int, str]]:
    """Files that a KML file shows as its own, and that are not read."""
    links = 0 if markup is None else markup.links
    why = "it links to another file (NetworkLink), whose features are not read; save them too"
    return [(number, why) for number in range(1, links + 1)]


def _markup(path: str) -> Markup | None:
    """What a file of XML holds by its own text; None of others."""
    name = path.casefold()
    if name.endswith(".kmz"):
        return kmz_markup(path)
    return check_well_formed(path) if name.endswith(_XML) else None


def _check_all_came(path: str, layer: str, rows: int) -> None:
    """Raise where features are missing.

    A driver without an Arrow reader of its own ends its stream at the first feature that it cannot
    read, and says nothing (GML, with GDAL 3.12); so does FlatGeobuf where a length is cut.
    """
    import pyogrio

    there = pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]
    there = max(there, _written_features(path, layer))
    if path.casefold().endswith(".shp"):
        there -= _deleted_rows(path)
    if rows < there:
        raise ValueError(f"feature {rows + 1} of {there} cannot be read")


def _written_features(path: str, layer: str) -> int:
    """Features of a layer of a GML file by its elements; 0 for other formats."""
    if not path.casefold().endswith(".gml"):
        return 0
    return check_well_formed(path).features[layer.rpartition(":")[2]]


def _deleted_rows(path: str) -> int:
    """Rows of the .dbf file that are marked as deleted and not yet packed (dBASE III)."""
    shapes = Path(path)
    tables = [file for file in shapes.parent.glob("*") if file.stem == shapes.stem]
    tables = [file for file in tables if file.suffix.casefold() == ".dbf"]
    if not tables:
        return 0
    content = tables[0].read_bytes()
    rows = int.from_bytes(content[4:8], "little")
    head = int.from_bytes(content[8:10], "little")
    length = int.from_bytes(content[10:12], "little")
    return content[head : head + rows * length : length].count(b"*") if length else 0


def _around(path: str, layer: str, bbox: list[float]) -> tuple[float, ...] | None:
    """The box in the layer's own coordinates, wider by what datums may differ."""
    import pyogrio
    from pyproj import Transformer

    crs = stated_crs(pyogrio.read_info(path, layer=layer)["crs"])
    if crs is None:
        return None
    west, south, east, north = bbox
    wide = (west - _WIDER, south - _WIDER, east + _WIDER, north + _WIDER)
    moved = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform_bounds(*wide)
    return tuple(float(value) for value in moved)


def _in_utf8(table: Any) -> tuple[Any, list[str]]:  # noqa: ANN401  (an Arrow table)
    """The table, and the columns whose texts were not UTF-8; a � stands for each wrong byte."""
    import pyarrow as pa

    garbled = []
    for place, name in enumerate(table.column_names):
        column = table[name]
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            continue
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            bytes_of = column.cast(pa.large_binary()).to_pylist()
            texts = [text and text.decode("utf-8", errors="replace") for text in bytes_of]
            table = table.set_column(place, name, pa.array(texts, column.type))
            garbled.append(name)
    return table, garbled


def _straightened(path: str, layer: str) -> Answer:
    """A layer with its curves drawn as lines."""
    import pyarrow as pa
    import pyogrio.raw

    about, numbers, shapes, _ = pyogrio.raw.read(path, layer=layer, columns=[], return_fids=True)
    # through numpy, whole numbers beside missing ones would be rounded
    _, table = pyogrio.read_arrow(path, layer=layer, return_fids=True, read_geometry=False)
    table = table.rename_columns([_NUMBER, *table.column_names[1:]])
    if table[_NUMBER].to_pylist() != numbers.tolist():
        raise ValueError("its features came in two different orders")
    table = table.append_column(_SHAPE, pa.array(shapes, pa.binary()))
    return {"crs": about["crs"], "shape": _SHAPE, "number": _NUMBER, "curved": True}, [table]


@_from_its_folder
def salvage(path: str, layer: str) -> Answer:
    """A damaged layer, feature by feature: those that can be read; which others there were."""
    import fiona
    import pyarrow as pa
    import shapely
    from fiona.errors import FionaError

    rows, shapes, numbers, lost = [], [], [], []
    with fiona.open(path, layer=layer) as data:
        stream, number = iter(data), -1
        declared = max(len(data), _written_features(path, layer))
        crs = data.crs.to_wkt() if data.crs else None
        while True:
            number += 1
            try:
                feature = next(stream)
            except StopIteration:
                break
            except (FionaError, ValueError, UnicodeDecodeError) as error:
                lost.append([number, str(error)])
                continue
            geometry = feature["geometry"]
            try:
                shape = None if geometry is None else shapely.geometry.shape(geometry)
            except (shapely.errors.ShapelyError, ValueError, TypeError) as error:
                lost.append([number, str(error)])
                continue
            shapes.append(None if shape is None else shapely.to_wkb(shape))
            rows.append(dict(feature["properties"]))
            numbers.append(number)
    if len(rows) + len(lost) != declared:  # half a layer is never handed on
        raise ValueError(f"it ends after {len(rows)} of {declared} features")
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: pa.array([row.get(name) for row in rows]) for name in names}
    table = pa.table({_NUMBER: numbers, **columns, _SHAPE: pa.array(shapes, pa.binary())})
    return {"crs": crs, "shape": _SHAPE, "number": _NUMBER, "lost": lost}, [table]


def _has_curves(wkb: Any) -> bool:  # noqa: ANN401  (an Arrow column)
    import pyarrow.compute as pc

    kinds = pc.unique(pc.binary_slice(wkb, 1, 5)).to_pylist()
    return any(int.from_bytes(kind, "little") % 1000 in _CURVES for kind in kinds if kind)
