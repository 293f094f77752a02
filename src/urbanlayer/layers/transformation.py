"""The transformation of a layer from its CRS to the city's, by one operation."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from urbanlayer.layers.datums import (
    EXCLUDED_OPERATIONS,
    datum_family,
    pinned_operation,
    without_datum_shift,
)
from urbanlayer.model.note import Note

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import CRS, Transformer
    from pyproj._crs import CoordinateOperation

    from urbanlayer.layers.datums import DatumFamily
    from urbanlayer.model.study_area import StudyArea

POOR_ACCURACY_M = 5.0
"""A less accurate operation is reported."""
NULL_TRANSFORMATION_ACCURACY_M = 1.0
"""Accuracy that EPSG states for the null transformation from ETRS89 to WGS 84."""
AREA_OF_INTEREST_DEGREES = 0.2


class NoOperationError(Exception):
    """There is no operation of known accuracy from one CRS to the other."""


@dataclass(frozen=True, slots=True)
class Transformation:
    """A transformation from one CRS to another, the same for all coordinates of a layer.

    Attributes
    ----------
    operation
        Code, as `EPSG:9486`; `null transformation` between realisations of ETRS89 and WGS 84;
        empty if both CRSs have the same datum.
    accuracy_m
        Stated accuracy, in metres; None without a change of datum.
    notes
        Remarks to report to the user.
    """

    steps: tuple[_Step, ...]
    operation: str = ""
    accuracy_m: float | None = None
    notes: tuple[Note, ...] = ()

    def __call__(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """The transformed coordinates.

        Parameters
        ----------
        xy
            (n, 2) easting and northing, or longitude and latitude in degrees.

        Returns
        -------
        ndarray
            (n, 2); inf where a coordinate lies outside the domain of the projection.
        """
        import numpy as np

        x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
        for step in self.steps:
            x, y = step(x, y)
        return np.column_stack([x, y])


@dataclass(frozen=True, slots=True)
class _Step:
    transformer: Transformer | None
    inverse: bool = False
    latitude_first: bool = False
    add_longitude: float = 0.0

    def __call__(self, x: Any, y: Any) -> tuple[Any, Any]:  # noqa: ANN401  (arrays in, arrays out)
        if self.transformer is None:
            return x + self.add_longitude, y
        direction = "INVERSE" if self.inverse else "FORWARD"
        if self.latitude_first:
            latitude, longitude = self.transformer.transform(y, x, direction=direction)
            return longitude, latitude
        moved: tuple[Any, Any] = self.transformer.transform(x, y, direction=direction)
        return moved


def transformation(
    source: CRS, study_area: StudyArea, *, allow_ballpark: bool = False
) -> Transformation:
    """The transformation from a CRS to the city's, by pinned operations where there are any.

    Parameters
    ----------
    source
        CRS of the layer.
    study_area
        CRS, country and centre of the city.
    allow_ballpark
        Accept an operation of unknown accuracy.

    Returns
    -------
    Transformation
        With the code and accuracy of its operation.

    Raises
    ------
    NoOperationError
        If every operation has unknown accuracy and that is not allowed.
    """
    return _transformation(
        source.to_wkt(),
        study_area.crs,
        study_area.country,
        study_area.centre_lonlat,
        allow_ballpark,
    )


@functools.lru_cache(maxsize=256)
def _transformation(
    source_wkt: str,
    target_text: str,
    country: str,
    place: tuple[float, float],
    allow_ballpark: bool,  # noqa: FBT001  (a cached function's key)
) -> Transformation:
    from pyproj import CRS

    source, target = CRS.from_user_input(source_wkt), CRS.from_user_input(target_text)
    notes = _notes_on(source, country)
    source, target = (
        without_replaced_shift(source, country),
        without_replaced_shift(target, country),
    )
    from_, to = datum_family(source, country), datum_family(target, country)
    if source.equals(target, ignore_axis_order=True):
        return Transformation((), notes=notes)
    if from_ == to != "other" or _same_datum(source, target):
        same = _same_datum(source, target) or from_ == "mgi1901"
        steps = (*_to_geodetic(source), *_from_geodetic(target))
        if same:
            return Transformation(steps, notes=notes)
        return Transformation(steps, "null transformation", NULL_TRANSFORMATION_ACCURACY_M, notes)
    codes = (_pinned(from_, country, target), _pinned(to, country, source))
    if any(codes) and "other" not in (from_, to):
        return _by_pinned_operations(source, target, codes, country, notes)
    return _by_best_operation(source, target, place, notes, allow_ballpark=allow_ballpark)


def can_project(crs: CRS) -> bool:
    """Whether PROJ can use a CRS; a damaged .prj file may have parameters that no projection has.

    Parameters
    ----------
    crs
        Of a layer.
    """
    if not crs.is_projected or crs.geodetic_crs is None:
        return True
    try:
        _projection(crs, crs.geodetic_crs)
    except NoOperationError:
        return False
    return True


def without_replaced_shift(crs: CRS, country: str) -> CRS:
    """The CRS, without its embedded datum shift if a pinned operation replaces it."""
    return (
        without_datum_shift(crs)
        if not crs.is_bound or datum_family(crs, country) != "other"
        else crs
    )


def geodetic_shift(source: CRS, country: str) -> tuple[int, tuple[float, ...]] | None:
    """The pinned operation from a CRS to WGS 84, as its code and its seven parameters.

    For libraries that accept a CRS with an embedded datum shift (position vector: metres, arc
    seconds, parts per million). None if no operation is pinned.
    """
    code = pinned_operation(datum_family(source, country), country, to_etrs89=False)
    if code is None:
        return None
    operation = _published(code)
    turn = -1 if "Coordinate Frame" in operation.method_name else 1
    x, y, z, *rotations, scale = operation.towgs84
    return code, (x, y, z, *(turn * angle for angle in rotations), scale)


def _published(code: int) -> CoordinateOperation:
    from pyproj.crs import CoordinateOperation  # type: ignore[attr-defined]

    return CoordinateOperation.from_epsg(code)


def _pinned(datum: DatumFamily, country: str, other: CRS) -> int | None:
    """The pinned operation from a datum to the datum of another CRS."""
    if datum in {"etrs89", "other"}:
        return None
    to_wgs84 = _datum_name(other).casefold().startswith("world geodetic system")
    return pinned_operation(datum, country, to_etrs89=not to_wgs84)


def _by_pinned_operations(
    source: CRS,
    target: CRS,
    codes: tuple[int | None, int | None],
    country: str,
    notes: tuple[Note, ...],
) -> Transformation:
    """Inverse projection, the pinned operations, and projection."""
    from pyproj import Transformer

    across = []
    for code, inverse in zip(codes, (False, True), strict=True):
        if code is not None:
            urn = f"urn:ogc:def:coordinateOperation:EPSG::{code}"
            across.append(_Step(Transformer.from_pipeline(urn), inverse, latitude_first=True))
    known = [code for code in codes if code is not None]
    accuracy_m = sum(_published(code).accuracy for code in known)
    if country == "AL" and codes[0] in {9486, 7675}:
        notes += (Note.of("operation-of-serbia"),)
    return Transformation(
        (*_to_geodetic(source), *across, *_from_geodetic(target)),
        " + ".join(f"EPSG:{code}" for code in known),
        accuracy_m,
        notes,
    )


def _by_best_operation(
    source: CRS,
    target: CRS,
    place: tuple[float, float],
    notes: tuple[Note, ...],
    *,
    allow_ballpark: bool,
) -> Transformation:
    """The most accurate operation of PROJ at the city's centre, the same for the whole layer."""
    import warnings

    from pyproj import CRS
    from pyproj.transformer import AreaOfInterest, TransformerGroup

    # most datums of the region are described towards WGS 84 alone, which is ETRS89 to a metre
    through_wgs84 = datum_family(target, "") == "etrs89"
    middle = CRS.from_epsg(4326) if through_wgs84 else target
    longitude, latitude = place
    reach = AREA_OF_INTEREST_DEGREES
    around = AreaOfInterest(
        longitude - reach, latitude - reach, longitude + reach, latitude + reach
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a better grid exists is no news for the user here
        group = TransformerGroup(source, middle, always_xy=True, area_of_interest=around)
    candidates = [entry for entry in group.transformers if not _codes(entry) & EXCLUDED_OPERATIONS]
    sound = [entry for entry in candidates if entry.accuracy >= 0 and _covers(entry, place)]
    if not sound and not (allow_ballpark and candidates):
        raise NoOperationError(
            f"there is no operation of known accuracy from {source.name} to {target.name} here"
        )
    best = min(sound, key=lambda entry: entry.accuracy) if sound else candidates[0]
    accuracy_m = best.accuracy if best.accuracy >= 0 else None
    if accuracy_m is None:
        notes += (Note.of("operation-ballpark"),)
    elif accuracy_m > POOR_ACCURACY_M:
        notes += (Note.of("accuracy-poor", accuracy_m=accuracy_m, operation=best.description),)
    codes = sorted(_codes(best))
    name = " + ".join(f"EPSG:{code}" for code in codes) if codes else best.description
    steps = (_Step(best), *(_from_geodetic(target) if through_wgs84 else ()))
    return Transformation(steps, name, accuracy_m, notes)


def _codes(transformer: Transformer) -> set[int]:
    """EPSG codes of the transformations (not the projections) in an operation."""
    operations = transformer.operations or ()
    found = set()
    for operation in operations:
        identity = operation.to_json_dict().get("id", {})
        if operation.type_name.endswith("Transformation") and identity.get("authority") == "EPSG":
            found.add(int(identity["code"]))
        text = operation.to_json_dict().get("name", "")
        found |= {code for code in EXCLUDED_OPERATIONS if f"EPSG:{code}" in text}
    return found


def _covers(transformer: Transformer, place: tuple[float, float]) -> bool:
    area = transformer.area_of_use
    if area is None:
        return True
    longitude, latitude = place
    return area.west <= longitude <= area.east and area.south <= latitude <= area.north


def _notes_on(source: CRS, country: str) -> tuple[Note, ...]:
    notes: tuple[Note, ...] = ()
    datum = datum_family(source, country)
    if source.is_bound and datum == "mgi1901":
        notes += (Note.of("own-towgs84"),)
    elif datum == "mgi1901" and "1901" not in (
        without_datum_shift(source).name + _datum_name(source)
    ):
        notes += (Note.of("crs-taken-as-mgi1901", crs=without_datum_shift(source).name),)
    if without_datum_shift(source).is_deprecated:
        notes += (Note.of("crs-deprecated", crs=without_datum_shift(source).name),)
    return notes


def _datum_name(crs: CRS) -> str:
    geodetic = without_datum_shift(crs).geodetic_crs
    return geodetic.datum.name if geodetic is not None and geodetic.datum is not None else ""


def _same_datum(source: CRS, target: CRS) -> bool:
    one, other = source.geodetic_crs, target.geodetic_crs
    return (
        one is not None
        and other is not None
        and not source.is_bound
        and not target.is_bound
        and one.equals(other, ignore_axis_order=True)
    )


def _to_geodetic(crs: CRS) -> tuple[_Step, ...]:
    """Steps from a CRS to longitude (from Greenwich) and latitude on its datum, in degrees."""
    steps: tuple[_Step, ...] = ()
    geodetic = crs.geodetic_crs
    if geodetic is None:
        raise NoOperationError(f"{crs.name} has no datum")
    if crs.is_projected:
        steps = (_Step(_projection(crs, geodetic)),)
    offset = _from_greenwich(geodetic)
    return (*steps, _Step(None, add_longitude=offset)) if offset else steps


def _from_geodetic(crs: CRS) -> tuple[_Step, ...]:
    geodetic = crs.geodetic_crs
    if geodetic is None:
        raise NoOperationError(f"{crs.name} has no datum")
    offset = _from_greenwich(geodetic)
    first = (_Step(None, add_longitude=-offset),) if offset else ()
    if not crs.is_projected:
        return first
    return (*first, _Step(_projection(geodetic, crs)))


def _projection(source: CRS, target: CRS) -> Transformer:
    """From a CRS to another on the same datum.

    Raises
    ------
    NoOperationError
        PROJ cannot project with its parameters, as of a damaged .prj file.
    """
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        return Transformer.from_crs(source, target, always_xy=True)
    except ProjError as error:
        raise NoOperationError(f"{source.name} to {target.name}: {error}") from error


def _from_greenwich(geodetic: CRS) -> float:
    """Longitude of the CRS's prime meridian from Greenwich, in degrees."""
    import math

    meridian = geodetic.prime_meridian
    if meridian is None or not meridian.longitude:
        return 0.0
    return math.degrees(float(meridian.longitude) * float(meridian.unit_conversion_factor))
