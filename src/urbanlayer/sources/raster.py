"""GeoTIFF and COG: `source = "raster"`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.source import ServiceOptions, Source
from urbanlayer.sources._each import read_each
from urbanlayer.sources._formats import read_file
from urbanlayer.sources._grid import read_grid, read_remote_grid
from urbanlayer.sources._packed import PACKED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import Request


def read(requests: Sequence[Request[ServiceOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """Grids, one for each request.

    Raises
    ------
    SourceError
        With the errors of every request.
    """
    return read_each(requests, _read)


def _read(request: Request[ServiceOptions]) -> RawLayer | RawRaster:
    if request.remote:
        return read_remote_grid(request)
    packed = request.path.suffix.casefold() in PACKED
    return read_file(request) if packed else read_grid(request)


SOURCE = Source(id="raster", read=read, options=ServiceOptions)
