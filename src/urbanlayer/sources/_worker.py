"""What runs in the child process: GDAL reads files here, and can do nothing else.

Run as a script, by `child.py`, with an empty environment but for GDAL's. It imports nothing of
urbanlayer. A job comes as one line of JSON on standard input; the answer is one line of JSON on
standard output, and after it, if the line says so, a stream in Arrow's IPC format.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import signal
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBER, _SHAPE = "\x00number", "\x00shape"
"""Names that no field of a file has."""
_WIDER = 0.03
"""Degrees; more than the 1.6 km by which a wrong operation can be off."""
_BLOCK_BYTES = 1 << 18
"""Parts in which the parent fetches a file that is not here."""
_MAX_CELLS = 400_000_000
"""3.2 GB of float64; a larger grid must be cut to the city first."""
_FAULTS = (ArithmeticError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError)
"""What a bad file provokes in pyogrio, rasterio and fiona; with anything else the child ends."""
_WITHOUT_ARROW = (".gml", ".kml", ".kmz", ".dxf", ".shp", ".gdb")
_CURVES = frozenset(range(8, 13))
"""Types of WKB that shapely has not: CircularString to MultiSurface."""
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def main() -> None:
    """Answer jobs until standard input ends."""
    limits = json.loads(sys.argv[1])
    _confine(limits["memory_bytes"])
    # the answers are Arrow tables: without these two, pyogrio is imported in half the time
    sys.modules["geopandas"] = sys.modules["pandas"] = None  # type: ignore[assignment]
    import pyogrio

    del sys.modules["geopandas"], sys.modules["pandas"]
    stray = sorted(set(pyogrio.list_drivers()) - set(limits["drivers"]))
    _say({"drivers": sorted(pyogrio.list_drivers()), "stray": stray})
    if limits["grids"]:  # while the parent still imports what it needs itself
        import rasterio  # noqa: F401
    jobs: dict[str, Callable[..., tuple[dict[str, Any], Any]]]
    jobs = {job.__name__: job for job in (listing, features, straightened, salvage, band)}
    for line in sys.stdin.buffer:
        _end_after(limits["seconds"])
        job = json.loads(line)
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            try:
                answer, table = jobs[job.pop("job")](**job)
            except _FAULTS as error:
                _say({"error": f"{error}" or type(error).__name__, "kind": type(error).__name__})
                _end_after(0)
                continue
        answer["heard"] = [str(warning.message) for warning in heard]
        _say({**answer, "table": table is not None})
        if table is not None:
            _send(table)
        _end_after(0)


def listing(path: str) -> tuple[dict[str, Any], None]:
    """The driver of a file and its layers, each with its kind of geometry or None."""
    import pyogrio

    shapes = Path(path)
    ends = {file.suffix.casefold() for file in shapes.parent.glob("*") if file.stem == shapes.stem}
    # GDAL writes the index anew wherever this is set: in the copy without one, in no input
    restored = "YES" if shapes.suffix.casefold() == ".shp" and ".shx" not in ends else None
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": restored})
    layers = [(str(name), kind and str(kind)) for name, kind in pyogrio.list_layers(path)]
    driver = pyogrio.read_info(path, layer=layers[0][0])["driver"] if layers else ""
    return {"layers": layers, "driver": str(driver)}, None


def features(
    path: str,
    layer: str,
    encoding: str | None = None,
    bbox: list[float] | None = None,
    **options: str,
) -> tuple[dict[str, Any], Any]:
    """A layer as an Arrow table with WKB, the feature's number first.

    Of a layer with a CRS, the features in a box of longitudes and latitudes, and some around it.
    """
    import pyogrio

    around = None if bbox is None else _around(path, layer, bbox)
    about, table = pyogrio.read_arrow(
        path, layer=layer, return_fids=True, encoding=encoding, bbox=around, **options
    )
    if around is None and path.casefold().endswith(_WITHOUT_ARROW):
        _check_all_came(path, layer, table.num_rows)
    shape = about["geometry_name"] or "wkb_geometry"
    first, *others = table.column_names
    if first == (about["fid_column"] or "OGC_FID"):  # GeoJSON often has a property of that name too
        table = table.rename_columns([_NUMBER, *others])
    if shape in table.column_names and _has_curves(table[shape]):
        return straightened(path, layer)
    table, garbled = _in_utf8(table)
    return {"crs": about["crs"], "shape": shape, "number": _NUMBER, "garbled": garbled}, table


def _check_all_came(path: str, layer: str, rows: int) -> None:
    """Raise where features are missing.

    A driver without an Arrow reader of its own ends its stream at the first feature that it cannot
    read, and says nothing (GML, with GDAL 3.12).
    """
    import pyogrio

    there = pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]
    if path.casefold().endswith(".shp"):
        there -= _deleted_rows(path)
    if rows < there:
        raise ValueError(f"feature {rows + 1} of {there} cannot be read")


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

    crs = pyogrio.read_info(path, layer=layer)["crs"]
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


def straightened(path: str, layer: str) -> tuple[dict[str, Any], Any]:
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
    return {"crs": about["crs"], "shape": _SHAPE, "number": _NUMBER, "curved": True}, table


def salvage(path: str, layer: str) -> tuple[dict[str, Any], Any]:
    """A damaged layer, feature by feature: those that can be read; which others there were."""
    import fiona
    import pyarrow as pa
    import shapely
    from fiona.errors import FionaError

    rows, shapes, numbers, lost = [], [], [], []
    with fiona.open(path, layer=layer) as data:
        stream, number, declared = iter(data), -1, len(data)
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
    return {"crs": crs, "shape": _SHAPE, "number": _NUMBER, "lost": lost}, table


def band(
    path: str, number: int, bbox: list[float] | None = None, size: int | None = None
) -> tuple[dict[str, Any], Any]:
    """A band of a GeoTIFF, or the part of it in a box of longitudes and latitudes.

    One column of float64, row by row, NaN where no data is. Where `size` is given, the file is not
    here: the parent is asked for its bytes, part by part.
    """
    import numpy as np
    import pyarrow as pa

    with _opened_grid(path, size) as data:
        if number > data.count:
            raise ValueError(f"there is no band {number}; it has {data.count}")
        about = _about(data, number)
        part = _window(data, bbox)
        if part.width * part.height > _MAX_CELLS:
            raise ValueError(f"{part.width:.0f} × {part.height:.0f} cells are too many")
        masked = data.read(number, window=part, masked=True)
        values = np.ma.filled(masked.astype(np.float64), np.nan)
        about |= {"shape": list(values.shape)}
        about["transform"] = list(data.window_transform(part))[:6]
    return about, pa.table({"values": values.ravel()})


def _opened_grid(path: str, size: int | None = None) -> Any:  # noqa: ANN401  (rasterio has no types)
    import rasterio

    # the driver is named: a VRT or WMS file under the name of .tif reads other files
    if size is None:
        return rasterio.open(path, driver="GTiff")

    def opener(name: str, **_: str) -> _Remote:
        if name != path:  # GDAL looks for files beside it, and there are none
            raise FileNotFoundError(name)
        return _Remote(size)

    return rasterio.open(path, driver="GTiff", opener=opener)


def _window(data: Any, bbox: list[float] | None) -> Any:  # noqa: ANN401
    """The cells in a box and one around them, as far as the grid has them."""
    from rasterio.warp import transform_bounds
    from rasterio.windows import Window, from_bounds

    whole = Window(0, 0, data.width, data.height)
    if bbox is None or data.crs is None or data.transform.b or data.transform.d:
        return whole
    around = from_bounds(*transform_bounds("EPSG:4326", data.crs, *bbox), data.transform)
    left, top = int(around.col_off) - 1, int(around.row_off) - 1
    right = int(around.col_off + around.width) + 2
    bottom = int(around.row_off + around.height) + 2
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, data.width), min(bottom, data.height)
    if right <= left or bottom <= top:
        raise ValueError("it does not reach into the box that is asked for")
    return Window(left, top, right - left, bottom - top)


class _Remote(io.RawIOBase):
    """A file whose bytes the parent fetches."""

    def __init__(self, size: int) -> None:
        self._size, self._place = size, 0
        self._blocks: dict[int, bytes] = {}

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = 0) -> int:
        self._place = offset + (0, self._place, self._size)[whence]
        return self._place

    def read(self, count: int = -1) -> bytes:
        """So many bytes from where we are; all that are left for -1."""
        end = self._size if count < 0 else min(self._place + count, self._size)
        parts = []
        while self._place < end:
            number, within = divmod(self._place, _BLOCK_BYTES)
            piece = self._block(number)[within : within + end - self._place]
            parts.append(piece)
            self._place += len(piece)
        return b"".join(parts)

    def _block(self, number: int) -> bytes:
        if number not in self._blocks:
            start = number * _BLOCK_BYTES
            count = min(_BLOCK_BYTES, self._size - start)
            _say({"need": [start, count]})
            self._blocks[number] = sys.stdin.buffer.read(count)
        return self._blocks[number]


def _has_curves(wkb: Any) -> bool:  # noqa: ANN401  (an Arrow column)
    import pyarrow.compute as pc

    kinds = pc.unique(pc.binary_slice(wkb, 1, 5)).to_pylist()
    return any(int.from_bytes(kind, "little") % 1000 in _CURVES for kind in kinds if kind)


def _about(data: Any, number: int) -> dict[str, Any]:  # noqa: ANN401  (rasterio has no types)
    code = data.crs.to_epsg(confidence_threshold=90) if data.crs else None
    return {
        "crs": f"EPSG:{code}" if code else data.crs.to_wkt() if data.crs else "",
        "size": [data.height, data.width],
        "bands": data.count,
        "whole_transform": list(data.transform)[:6],
        "scale": data.scales[number - 1],
        "offset": data.offsets[number - 1],
        "has_nodata": data.nodatavals[number - 1] is not None,
    }


def _confine(memory_bytes: int) -> None:
    """Without a network, and with a limit on memory; a lower one of the system stays."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    set_before = [limit for limit in resource.getrlimit(resource.RLIMIT_AS) if limit >= 0]
    limit = min([memory_bytes, *set_before])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def _end_after(seconds: int) -> None:
    """End this process if its job takes longer, also where its parent is gone; 0 for no limit."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)  # nobody handles it, so the system ends the process


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


def _send(table: Any) -> None:  # noqa: ANN401
    import pyarrow as pa

    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.stdin = os.fdopen(0, "r")
    main()
