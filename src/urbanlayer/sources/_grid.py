"""A band of a raster file, north up, with its scale applied and NaN where there is no data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.layer import RawRaster
from urbanlayer.sources._choose import check_there, named
from urbanlayer.sources._digest import digest

if TYPE_CHECKING:
    import numpy as np
    from affine import Affine
    from numpy.typing import NDArray

    from urbanlayer.model.source import Request

MAX_CELLS = 400_000_000
"""3.2 GB of float64; a larger grid must be cut to the city first."""


def read_grid(request: Request) -> RawRaster:
    """The first band of a GeoTIFF, or the band whose number city.toml gives as `layer`.

    Parameters
    ----------
    request
        Which file.

    Returns
    -------
    RawRaster
        float64 cells.

    Raises
    ------
    SourceError
        If it is no GeoTIFF, is damaged, rotated or too large.
    """
    import rasterio
    import rasterio.errors

    check_there(request)
    try:
        # the driver is named, since a VRT or WMS file under the name of .tif reads other files
        with rasterio.open(request.path, driver="GTiff") as data:
            if data.width * data.height > MAX_CELLS:
                raise SourceError(
                    f"{named(request)}: {data.width} × {data.height} cells are too "
                    "many; cut it to the city"
                )
            return _band(data, request)
    except rasterio.errors.RasterioError as error:
        raise SourceError(
            f"{named(request)}: it cannot be read as a GeoTIFF ({_first_line(error)})"
        ) from error


def _band(data: Any, request: Request) -> RawRaster:  # noqa: ANN401  (rasterio has no types)
    import numpy as np

    band = _number(data, request)
    notes: list[str] = []
    declared = request.spec.nodata
    raw = data.read(band, masked=True)
    values = np.ma.filled(raw.astype(np.float64), np.nan)
    if declared is not None:
        values[values == declared] = np.nan
    scale, offset = data.scales[band - 1], data.offsets[band - 1]
    if (scale, offset) != (1.0, 0.0):
        values = values * scale + offset
        notes.append(f"Its scale ({scale:g}) and offset ({offset:g}) were applied.")
    values, transform = _north_up(values, data.transform, request, notes)
    if data.count > 1 and request.spec.layer is None:
        notes.append(f"It has {data.count} bands; the first was taken.")
    known = declared is not None or data.nodatavals[band - 1] is not None
    return RawRaster(
        values=values,
        transform=transform,
        crs=_crs(data),
        digest=digest(request.path),
        has_nodata=known or bool(np.isnan(values).any()),
        notes=tuple(notes),
    )


def _number(data: Any, request: Request) -> int:  # noqa: ANN401
    said = request.spec.layer
    if said is None:
        return 1
    if not said.isdecimal() or not 1 <= int(said) <= data.count:
        raise SourceError(
            f'{named(request)}: there is no band {said!r}; layer = "1" to "{data.count}"'
        )
    return int(said)


def _north_up(
    values: NDArray[np.float64], transform: Affine, request: Request, notes: list[str]
) -> tuple[NDArray[np.float64], Affine]:
    """Rows from north to south and columns from west to east."""
    from affine import Affine

    if transform.b or transform.d:
        raise SourceError(
            f"{named(request)}: the grid is rotated; warp it first (gdalwarp does, without options)"
        )
    if transform.e > 0:
        values = values[::-1]
        north = transform.f + transform.e * values.shape[0]
        transform = Affine(transform.a, 0, transform.c, 0, -transform.e, north)
        notes.append("Its rows ran from south to north; they were turned.")
    if transform.a < 0:
        values = values[:, ::-1]
        west = transform.c + transform.a * values.shape[1]
        transform = Affine(-transform.a, 0, west, 0, transform.e, transform.f)
        notes.append("Its columns ran from east to west; they were turned.")
    return values, transform


def _crs(data: Any) -> str:  # noqa: ANN401
    if data.crs is None:
        return ""
    code = data.crs.to_epsg(confidence_threshold=90)
    return f"EPSG:{code}" if code else str(data.crs.to_wkt())


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
