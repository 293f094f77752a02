"""A band of a raster file, north up, with its scale applied and NaN where there is no data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.layer import RawRaster
from urbanlayer.sources._choose import check_there, named
from urbanlayer.sources._digest import digest
from urbanlayer.sources.child import ChildError, ask

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
    check_there(request)
    path = str(request.path)
    try:
        number = int(request.spec.layer or "1") if (request.spec.layer or "1").isdecimal() else 0
        about, _ = ask("grid", "GTiff", path=path, number=max(number, 1))
        rows, columns = about["size"]
        if rows * columns > MAX_CELLS:
            raise SourceError(
                f"{named(request)}: {columns} × {rows} cells are too many; cut it to the city"
            )
        _check_band(number, about["bands"], request)
        about, table = ask("band", "GTiff", path=path, number=number)
    except ChildError as error:
        raise SourceError(f"{named(request)}: it cannot be read as a GeoTIFF ({error})") from error
    if table is None:
        raise TypeError(path)
    return _raw(table["values"].to_numpy().reshape(about["shape"]), about, request)


def _raw(values: NDArray[np.float64], about: dict[str, Any], request: Request) -> RawRaster:
    import numpy as np
    from affine import Affine

    notes: list[str] = []
    declared = request.spec.nodata
    if declared is not None:
        values = np.where(values == declared, np.nan, values)
    scale, offset = about["scale"], about["offset"]
    if (scale, offset) != (1.0, 0.0):
        values = values * scale + offset
        notes.append(f"Its scale ({scale:g}) and offset ({offset:g}) were applied.")
    values, transform = _north_up(values, Affine(*about["transform"]), request, notes)
    if about["bands"] > 1 and request.spec.layer is None:
        notes.append(f"It has {about['bands']} bands; the first was taken.")
    return RawRaster(
        values=values,
        transform=transform,
        crs=about["crs"],
        digest=digest(request.path),
        has_nodata=declared is not None or about["has_nodata"] or bool(np.isnan(values).any()),
        notes=tuple(notes),
    )


def _check_band(number: int, bands: int, request: Request) -> None:
    if not 1 <= number <= bands:
        raise SourceError(
            f'{named(request)}: there is no band {request.spec.layer!r}; layer = "1" to "{bands}"'
        )


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
