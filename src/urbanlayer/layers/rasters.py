"""Validation of rasters: known CRS, declared nodata, coverage of the city."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.kernels.digests import READING, digest_of, digest_of_code
from urbanlayer.layers.datums import without_datum_shift
from urbanlayer.layers.people_counts import impossible_cells
from urbanlayer.layers.report import ValidationReport
from urbanlayer.layers.transformation import (
    NoOperationError,
    can_project,
    geodetic_shift,
    transformation,
)
from urbanlayer.model.layer import Provenance, Raster
from urbanlayer.model.note import Note
from urbanlayer.model.role_table import role

if TYPE_CHECKING:
    import numpy as np
    from affine import Affine
    from numpy.typing import NDArray
    from pyproj import CRS

    from urbanlayer.layers.transformation import Transformation
    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request
    from urbanlayer.model.study_area import StudyArea

FAR_BELOW = -90.0
"""Least value that stands alone below all others as a measurement; codes such as -99, -999 and
-9999.9 are less, and one cell is enough."""
RARELY_MEASURED = (-1.0, 255.0, 9999.0, 32767.0, 65535.0, 99999.0, 2147483647.0)
"""Codes that a quantity may have, in a cell here and there."""
PLAUSIBLE = (-1e6, 1e12)
"""No quantity of a cell is less, or more."""
DEGREES_AT_MOST = 1.0
"""A shorter side of a cell is in degrees."""
M_PER_DEGREE = 111_320.0
SUSPECT_SHARE = 0.001
"""A value that often means "no data" is suspect if at least this share of the cells has it."""
FEW_SHARE = 0.01
"""Fewer cells are given by their number."""


def validate_raster(raw: RawRaster, request: Request, study_area: StudyArea) -> Raster:
    """A raster with a known CRS and NaN for cells without data.

    If a datum shift is pinned, the CRS of the raster embeds it, so that any library transforms
    polygons to the raster correctly.

    Parameters
    ----------
    raw
        As read by the source.
    request
        Its entry in the city file.
    study_area
        CRS and extent of the city.

    Returns
    -------
    Raster
        North up, in its own CRS.

    Raises
    ------
    LayerError
        With all errors at once; a CrsError if only its position is wrong.
    """
    report = ValidationReport(request, 1)
    report.notes += raw.notes
    if "raster" not in role(request.role).forms:
        report.error(f"it is a raster, but {request.role!r} requires vector features.")
    crs = _crs(raw, request, report)
    to_city = (
        None if crs is None else _transformation_to_city(raw, crs, study_area, request, report)
    )
    _check_values(raw, request, report)
    report.raise_errors()
    if crs is None or to_city is None:  # both were bugs
        raise AssertionError(request.role)
    spec = request.spec
    return Raster(
        role=request.role,
        values=raw.values,
        transform=raw.transform,
        crs=_crs_with_datum_shift(crs, study_area),
        provenance=Provenance(
            source=request.source.id,
            path=request.shown,
            digest=raw.digest,
            licence=spec.licence or request.source.licence,
            attribution=spec.attribution or request.source.attribution,
            date=spec.date,
            crs=_crs_text(crs),
            crs_operation=to_city.operation,
            crs_accuracy_m=to_city.accuracy_m,
            tags=request.source.tags,
            format=request.source.format,
            stable_keys=request.source.stable_keys,
        ),
        notes=tuple(report.notes),
        digest=digest_of(raw.digest, spec.model_dump(), study_area, digest_of_code(*READING)),
    )


def _crs(raw: RawRaster, request: Request, report: ValidationReport) -> CRS | None:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    stated = request.spec.crs or raw.crs
    if not stated:
        report.crs_error('it has no CRS; set crs = "EPSG:…" in city.toml.')
        return None
    try:
        found = CRS.from_user_input(stated)
    except CRSError:
        report.crs_error(f'{stated!r} is not a known CRS; set crs = "EPSG:…" in city.toml.')
        return None
    if not can_project(found):
        report.crs_error(
            'its CRS has parameters that no projection has; set crs = "EPSG:…" in city.toml.'
        )
        return None
    return found


def _transformation_to_city(
    raw: RawRaster, crs: CRS, study_area: StudyArea, request: Request, report: ValidationReport
) -> Transformation | None:
    """The transformation to the city's CRS; reports a raster that does not cover the city."""
    import numpy as np

    try:
        to_city = transformation(crs, study_area, allow_ballpark=request.spec.allow_ballpark)
    except NoOperationError as error:
        report.crs_error(f"{error}; set another CRS in city.toml.")
        return None
    corners = to_city(np.array(_corners(raw.values.shape, raw.transform)))
    west, south, east, north = study_area.bounds
    low, high = corners.min(axis=0), corners.max(axis=0)
    apart = low[0] > east or high[0] < west or low[1] > north or high[1] < south
    if apart or not np.isfinite(corners).all():
        report.crs_error(f"it does not overlap the city in {_crs_text(crs)}; check its CRS.")
    elif low[0] > west or high[0] < east or low[1] > south or high[1] < north:
        report.note(Note.of("grid-partial"))
    report.notes += to_city.notes
    return to_city


def _check_values(raw: RawRaster, request: Request, report: ValidationReport) -> None:
    import numpy as np

    if infinite := int(np.isinf(raw.values).sum()):
        report.error(
            f"{infinite} of its cells are infinite (inf); if they mean no data, set nodata = "
            "inf (or -inf) in city.toml."
        )
        return
    known = raw.values[np.isfinite(raw.values)]
    if known.size == 0:
        report.error("no cell has data.")
        return
    scale, offset = raw.scale
    plain = raw.scale == (1.0, 0.0)
    as_in_file = known if plain else np.round((known - offset) / (scale or 1.0), 6)
    if suspects := _other_nodata(as_in_file):
        said = (
            f"{suspects} besides the nodata value that it declares"
            if raw.has_nodata
            else f"it declares no nodata value, and {suspects}"
        )
        report.error(f"{said}; set nodata = … in city.toml.")
        return
    if role(request.role).counts_people:
        negative = int((known < 0).sum())
        if negative:
            report.error(f"{negative} cells have negative population (minimum {known.min():g}).")
        if not (known > 0).any():
            report.error("all of its cells have zero population.")
        if wrong := impossible_cells(known, _cell_m2(raw)):
            report.error(wrong)


def _cell_m2(raw: RawRaster) -> float:
    """Approximate area of a cell; degrees at the equator."""
    sides = abs(raw.transform.a), abs(raw.transform.e)
    metres = M_PER_DEGREE if max(sides) < DEGREES_AT_MOST else 1.0
    return float(sides[0] * sides[1]) * metres**2


def _other_nodata(known: NDArray[np.float64]) -> str:
    """Description of values that look like "no data", as the file has them; empty without any."""
    least, most = float(known.min()), float(known.max())
    for value in (least, most):
        if not PLAUSIBLE[0] <= value <= PLAUSIBLE[1]:
            return _held(known, value)
    if least < FAR_BELOW and not _is_plausible(known, least):
        return _held(known, least)
    for value in RARELY_MEASURED:
        often = float((known == value).mean()) > SUSPECT_SHARE
        if value in {least, most} and often and not _is_plausible(known, value):
            return _held(known, value)
    return ""


def _held(known: NDArray[np.float64], value: float) -> str:
    count = int((known == value).sum())
    share = count / known.size
    many = f"{count} ({share:.0%})" if share >= FEW_SHARE else str(count)
    return f"{many} of its cells hold {value:.9g}"


def _is_plausible(known: NDArray[np.float64], value: float) -> bool:
    """Whether other cells have similar values, so that this one may be a measurement."""
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


def _crs_with_datum_shift(crs: CRS, study_area: StudyArea) -> str:
    """The raster's CRS as text, with the pinned shift to WGS 84 embedded if there is one."""
    from pyproj import CRS
    from pyproj.crs import BoundCRS
    from pyproj.crs.coordinate_operation import ToWGS84Transformation

    shift = geodetic_shift(crs, study_area.country)
    inner = without_datum_shift(crs)
    if shift is None or inner.geodetic_crs is None:
        return _crs_text(crs)
    bound = BoundCRS(
        source_crs=inner,
        target_crs=CRS.from_epsg(4326),
        transformation=ToWGS84Transformation(inner.geodetic_crs, *shift[1]),
    )
    return bound.to_wkt()


def _crs_text(crs: CRS) -> str:
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else crs.to_wkt()
