"""Jobs of the confined child: cells of GeoTIFFs, read by rasterio."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from urbanlayer.sources._confined.answers import Answer

_BLOCK_BYTES = 1 << 18
"""Parts in which the parent fetches a file that is not here."""
_MAX_CELLS = 400_000_000
"""3.2 GB of float64; a larger grid must be cut to the city first."""


def band(
    path: str, number: int, bbox: list[float] | None = None, size: int | None = None
) -> Answer:
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
    return about, [pa.table({"values": values.ravel()})]


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
            sys.stdout.buffer.write(json.dumps({"need": [start, count]}).encode() + b"\n")
            sys.stdout.buffer.flush()
            self._blocks[number] = sys.stdin.buffer.read(count)
        return self._blocks[number]


def _bands(data: Any) -> list[str]:  # noqa: ANN401
    """A name for each band of values: its description, or its number."""
    from rasterio.enums import ColorInterp

    each = zip(data.indexes, data.descriptions, data.colorinterp, strict=True)
    return [told or str(number) for number, told, kind in each if kind != ColorInterp.alpha]


def _has_palette(data: Any, number: int) -> bool:  # noqa: ANN401
    from rasterio.enums import ColorInterp

    return bool(data.colorinterp[number - 1] == ColorInterp.palette)


def _about(data: Any, number: int) -> dict[str, Any]:  # noqa: ANN401  (rasterio has no types)
    code = data.crs.to_epsg(confidence_threshold=90) if data.crs else None
    return {
        "crs": f"EPSG:{code}" if code else data.crs.to_wkt() if data.crs else "",
        "size": [data.height, data.width],
        "bands": _bands(data),
        "whole_transform": list(data.transform)[:6],
        "unit": data.units[number - 1] or "",
        "description": data.descriptions[number - 1] or "",
        "palette": _has_palette(data, number),
        "scale": data.scales[number - 1],
        "offset": data.offsets[number - 1],
        "has_nodata": data.nodatavals[number - 1] is not None,
    }
