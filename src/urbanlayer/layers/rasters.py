"""The gate for grids: CRS known, nodata told apart from zero, the city covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.datums import bare
from urbanlayer.layers.report import ValidationReport
from urbanlayer.layers.transformation import NoOperationError, geodetic_shift, transformation
from urbanlayer.model.layer import Provenance, Raster
from urbanlayer.model.roles import role

if TYPE_CHECKING:
    import numpy as np
    from affine import Affine
    from numpy.typing import NDArray
    from pyproj import CRS

    from urbanlayer.layers.transformation import Transformation
    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request
    from urbanlayer.model.study_area import Frame

USUAL_NODATA = (-99999.0, -9999.0, -999.0, -1.0, 255.0, 32767.0, -32768.0, 65535.0)
LEAST_BELIEVED = -1e30
SUSPECT_SHARE = 0.001
"""A value that usually means "no data" is suspected if this share of the cells has it."""


def validate_raster(raw: RawRaster, request: Request, frame: Frame) -> Raster:
    """A grid whose CRS is known and whose cells without data are NaN.

    Its CRS carries the pinned datum shift in it where one is pinned, so that polygons which are
    brought to it, by whichever program, end where they belong.

    Parameters
    ----------
    raw
        What the source read.
    request
        What the city file says of it.
    frame
        Where the city lies.

    Returns
    -------
    Raster
        North up, in its own CRS.

    Raises
    ------
    LayerError
        With every fault at once; a CrsError where only its place is at fault.
    """
    ledger = ValidationReport(request, 1)
    ledger.notes += raw.notes
    if "raster" not in role(request.role).forms:
        ledger.fault(f"it is a raster, and {request.role!r} must be features.")
    crs = _crs(raw, request, ledger)
    way = None if crs is None else _way(raw, crs, frame, request, ledger)
    _check_values(raw, request, ledger)
    ledger.close()
    if crs is None or way is None:  # both were faults
        raise AssertionError(request.role)
    spec = request.spec
    return Raster(
        role=request.role,
        values=raw.values,
        transform=raw.transform,
        crs=_with_shift(crs, frame),
        provenance=Provenance(
            source=spec.source,
            path=request.shown,
            digest=raw.digest,
            licence=spec.licence or raw.licence,
            attribution=spec.attribution or raw.attribution,
            date=spec.date,
            crs=_told(crs),
            crs_operation=way.operation,
            crs_accuracy_m=way.accuracy_m,
        ),
        notes=tuple(ledger.notes),
    )


def _crs(raw: RawRaster, request: Request, ledger: ValidationReport) -> CRS | None:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    said = request.spec.crs or raw.crs
    if not said:
        ledger.crs_error('it has no CRS; say crs = "EPSG:…" in city.toml.')
        return None
    try:
        return CRS.from_user_input(said)
    except CRSError:
        ledger.crs_error(f'there is no CRS {said!r}; say crs = "EPSG:…" in city.toml.')
        return None


def _way(
    raw: RawRaster, crs: CRS, frame: Frame, request: Request, ledger: ValidationReport
) -> Transformation | None:
    """The movement that polygons will undergo, after checking that the grid covers the city."""
    import numpy as np

    try:
        way = transformation(crs, frame, allow_ballpark=request.spec.allow_ballpark)
    except NoOperationError as error:
        ledger.crs_error(f"{error}; name another CRS in city.toml.")
        return None
    corners = way(np.array(_corners(raw.values.shape, raw.transform)))
    west, south, east, north = frame.bounds
    low, high = corners.min(axis=0), corners.max(axis=0)
    apart = low[0] > east or high[0] < west or low[1] > north or high[1] < south
    if apart or not np.isfinite(corners).all():
        ledger.crs_error(f"it does not overlap the city in {_told(crs)}; look at its CRS.")
    elif low[0] > west or high[0] < east or low[1] > south or high[1] < north:
        ledger.note("It does not cover the whole city; what lies beyond its edge has no data.")
    ledger.notes += way.notes
    return way


def _check_values(raw: RawRaster, request: Request, ledger: ValidationReport) -> None:
    import numpy as np

    known = raw.values[np.isfinite(raw.values)]
    if known.size == 0:
        ledger.fault("no cell has data.")
        return
    if not raw.has_nodata:
        suspects = _undeclared_nodata(known)
        if suspects:
            ledger.fault(
                f"it does not declare what its 'no data' is, and {suspects}; "
                "say nodata = … in city.toml."
            )
            return
    if request.role == "population":
        negative = int((known < 0).sum())
        if negative:
            ledger.fault(f"{negative} cells hold fewer than 0 people (down to {known.min():g}).")
        if not (known > 0).any():
            ledger.fault("nobody lives in any of its cells.")


def _undeclared_nodata(known: NDArray[np.float64]) -> str:
    """What looks like "no data" among the values, in words; empty if nothing does."""
    least, most = float(known.min()), float(known.max())
    if least < LEAST_BELIEVED:
        return f"{(known < LEAST_BELIEVED).mean():.0%} of its cells hold {least:.3g}"
    for value in USUAL_NODATA:
        share = float((known == value).mean())
        at_the_end = value in {least, most}
        if at_the_end and share > SUSPECT_SHARE and not _continues(known, value):
            return f"{share:.0%} of its cells hold {value:g}"
    return ""


def _continues(known: NDArray[np.float64], value: float) -> bool:
    """Whether other cells hold values right beside this one, so that it may be a measurement."""
    import numpy as np

    others = known[known != value]
    if others.size == 0:
        return True
    spread = max(float(np.ptp(others)), 1.0)
    return float(np.abs(others - value).min()) <= 0.02 * spread


def _corners(shape: tuple[int, ...], transform: Affine) -> list[tuple[float, float]]:
    rows, columns = shape
    ends = [(0, 0), (columns, 0), (columns, rows), (0, rows), (columns / 2, rows / 2)]
    a, b, c, d, e, f = transform[:6]
    return [(a * column + b * row + c, d * column + e * row + f) for column, row in ends]


def _with_shift(crs: CRS, frame: Frame) -> str:
    """The grid's CRS as text, with the pinned shift to WGS 84 in it where there is one."""
    from pyproj import CRS
    from pyproj.crs import BoundCRS
    from pyproj.crs.coordinate_operation import ToWGS84Transformation

    shift = geodetic_shift(crs, frame.country)
    inner = bare(crs)
    if shift is None or inner.geodetic_crs is None:
        return _told(crs)
    bound = BoundCRS(
        source_crs=inner,
        target_crs=CRS.from_epsg(4326),
        transformation=ToWGS84Transformation(inner.geodetic_crs, *shift[1]),
    )
    return bound.to_wkt()


def _told(crs: CRS) -> str:
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else crs.to_wkt()
