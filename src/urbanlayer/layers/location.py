"""The study area, and the transformation of layers to its CRS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.city_crs import check_lengths, crs_label, metric_crs, utm_zone
from urbanlayer.layers.countries import country_at
from urbanlayer.layers.extent import (
    MAX_EXTENT_M,
    crs_advice,
    degrees,
    is_far,
    is_inside,
    lies_in_city,
    matching_crs,
    where_it_lies,
)
from urbanlayer.layers.offset import is_checkable, sample_points
from urbanlayer.layers.report import ValidationReport
from urbanlayer.layers.shapes import all_finite, bounds_centres, with_usable_geometry
from urbanlayer.layers.transformation import NoOperationError, can_project, transformation
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.role_table import role
from urbanlayer.model.study_area import StudyArea

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import CRS

    from urbanlayer.layers.offset import Reference
    from urbanlayer.layers.transformation import Transformation
    from urbanlayer.model.layer import RawLayer
    from urbanlayer.model.source import Request


def locate_study_area(raw: RawLayer, request: Request, crs: str) -> StudyArea:
    """The study area, from the neighbourhoods or the boundary of the city.

    Parameters
    ----------
    raw
        The neighbourhoods or the boundary, as read.
    request
        The entry of that layer in the city file.
    crs
        Metric CRS of the city, as in the city file.

    Returns
    -------
    StudyArea
        CRS, country, bounds and centre of the city.

    Raises
    ------
    CrsError
        If the CRS of the city is unknown or not metric, or the layer lies outside the area of
        use of that CRS.
    LayerError
        If the layer holds no usable feature.
    """
    import numpy as np
    import shapely

    target = metric_crs(crs)
    area = target.area_of_use
    bounds_lonlat = (-180.0, -90.0, 180.0, 90.0) if area is None else area.bounds
    report = ValidationReport(request, len(raw.frame) + len(raw.excluded))
    usable = with_usable_geometry(raw.frame, report)
    if usable.empty:
        report.error("it holds no usable feature.")
        report.raise_errors()
    provisional = _provisional_study_area(crs, bounds_lonlat)
    declared = _declared_crs(usable, request, report)
    source, swapped = (None, False)
    if not report.crs_errors:
        source, swapped = _resolved_crs(
            bounds_centres(usable.geometry.to_numpy()), declared, provisional, report
        )
    if report.crs_errors and declared is not None:
        _report_wrong_city_crs(usable, declared, target, report)
    report.raise_errors()
    roughly = transformation(source or target, provisional, allow_ballpark=True)
    points = shapely.get_coordinates(usable.geometry.to_numpy())
    placed = roughly(points[:, ::-1] if swapped else points)
    west, south = (float(value) for value in placed.min(axis=0))
    east, north = (float(value) for value in placed.max(axis=0))
    if max(east - west, north - south) > MAX_EXTENT_M:
        report.crs_error(
            f"it is {max(east - west, north - south) / 1000:,.0f} km across, more than any city; "
            "check for wrong coordinates and for a crossing of the 180th meridian."
        )
        report.raise_errors()
    middle = np.array([shapely.box(west, south, east, north).centroid.coords[0]])
    longitude, latitude = _lonlat(target, middle)
    check_lengths(target, longitude, latitude)
    return StudyArea(
        crs, country_at(longitude, latitude), (west, south, east, north), (longitude, latitude)
    )


def study_area_of(bounds: tuple[float, float, float, float], crs: str) -> StudyArea:
    """The study area of a city whose neighbourhoods lie in its CRS already.

    Parameters
    ----------
    bounds
        West, south, east and north of the neighbourhoods, in metres of the CRS.
    crs
        Metric CRS of the city.
    """
    import numpy as np
    import shapely

    middle = np.array([shapely.box(*bounds).centroid.coords[0]])
    longitude, latitude = _lonlat(metric_crs(crs), middle)
    return StudyArea(crs, country_at(longitude, latitude), bounds, (longitude, latitude))


def to_city_crs(
    frame: gpd.GeoDataFrame,
    request: Request,
    study_area: StudyArea,
    report: ValidationReport,
    reference: Reference | None = None,
) -> tuple[gpd.GeoDataFrame, Transformation | None, str]:
    """The layer in the city's CRS, by one operation for all of it.

    Parameters
    ----------
    frame
        With usable geometry, in the coordinates of the file.
    request
        Its table may declare the CRS.
    study_area
        CRS and extent of the city.
    report
        Records notes and errors.
    reference
        Streets or buildings in the right position; they decide between several matching CRSs and
        reveal a horizontal offset.

    Returns
    -------
    tuple
        The transformed layer; the transformation, None after an error; the original CRS, as text.
    """
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import shapely

    declared = _declared_crs(frame, request, report)
    if report.crs_errors:
        return frame, None, ""
    xy = bounds_centres(frame.geometry.to_numpy())
    crs, swapped = _resolved_crs(xy, declared, study_area, report, reference)
    if crs is None:
        return frame, None, ""
    try:
        to_city = transformation(crs, study_area, allow_ballpark=request.spec.allow_ballpark)
    except NoOperationError as error:
        report.crs_error(
            f"{error}; set another CRS, or allow it with allow_ballpark = true in city.toml."
        )
        return frame, None, ""
    report.notes += to_city.notes
    shapes = frame.geometry.to_numpy()
    if swapped:
        shapes = shapely.transform(shapes, lambda points: points[:, ::-1])
    if to_city.steps:
        shapes = shapely.transform(shapes, to_city)
    on_earth = all_finite(shapes)
    if not on_earth.all():
        frame, shapes, xy = _on_earth(frame, on_earth, report), shapes[on_earth], xy[on_earth]
    shapes = _with_swapped_outliers(frame, shapes, to_city, study_area, report)
    if reference is not None and is_checkable(request.role, shapes):
        placed = np.column_stack([xy[:, ::-1] if swapped else xy, bounds_centres(shapes)])
        points = sample_points(shapes, borders=role(request.role).offset_by == "borders")
        _report_offset(points, placed, crs, (reference, study_area), report)
    fields = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    moved = gpd.GeoDataFrame(fields, geometry=shapes, crs=study_area.crs)
    return moved, to_city, crs_label(crs)


def _on_earth(
    frame: gpd.GeoDataFrame, on_earth: NDArray[np.bool_], report: ValidationReport
) -> gpd.GeoDataFrame:
    """The features without those that have no place in the city's CRS, such as latitude 142."""
    return report.exclude(
        frame,
        ~on_earth,
        reason="off-the-earth",
        detail=Note.of("off-the-earth"),
        fix=Note.of("fix-place"),
        drawn=False,
    )


def _with_swapped_outliers(
    frame: gpd.GeoDataFrame,
    shapes: NDArray[np.object_],
    to_city: Transformation,
    study_area: StudyArea,
    report: ValidationReport,
) -> NDArray[np.object_]:
    """The geometries; those far away that lie in the city with axes swapped are swapped."""
    import numpy as np
    import shapely

    rows = np.flatnonzero(is_far(bounds_centres(shapes), study_area))
    if not len(rows):
        return shapes
    as_read = frame.geometry.to_numpy()[rows]
    middle = bounds_centres(as_read)[:, ::-1]
    home = is_inside(to_city(middle) if to_city.steps else middle, study_area)
    if home.any():
        swapped = shapely.transform(as_read[home], lambda points: points[:, ::-1])
        shapes = shapes.copy()
        shapes[rows[home]] = shapely.transform(swapped, to_city) if to_city.steps else swapped
        report.note(
            Note.of(
                "features-swapped",
                count=int(home.sum()),
                read=report.read,
                names=Listing.of(frame.index[rows[home]]),
            )
        )
    return shapes


def _declared_crs(
    frame: gpd.GeoDataFrame, request: Request, report: ValidationReport
) -> CRS | None:
    """The CRS declared in city.toml, or else in the file; None without either."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    stated = request.spec.crs
    try:
        declared = frame.crs if stated is None else CRS.from_user_input(stated)
    except CRSError:
        report.crs_error(f'{stated!r} is not a known CRS; set crs = "EPSG:…" in city.toml.')
        return None
    if declared is not None and not can_project(declared):
        report.crs_error(
            f"its CRS {crs_label(declared)} has parameters that no projection has; set crs = "
            '"EPSG:…" in city.toml.'
        )
        return None
    if stated is None or declared is None:
        return declared
    if frame.crs is not None and not declared.equals(frame.crs, ignore_axis_order=True):
        report.note(Note.of("crs-differs", file=crs_label(frame.crs), declared=stated))
    return declared


def _report_offset(
    points: NDArray[np.float64],
    placed: NDArray[np.float64],
    taken: CRS,
    reference_and_area: tuple[Reference, StudyArea],
    report: ValidationReport,
) -> None:
    """Record an offset from the reference as an error, or as a note if city.toml allows it.

    `placed` is (n, 4): one point of each feature in the file's coordinates and in the city's CRS.
    """
    from urbanlayer.layers.crs_mistakes import likely_cause
    from urbanlayer.layers.offset import MIN_OFFSET_M, offset_from_reference

    reference, city = reference_and_area
    offset = offset_from_reference(points, reference)
    if offset is None or not offset.certain or offset.length_m <= MIN_OFFSET_M:
        return
    relation = "avoid" if offset.z < 0 else "follow"
    finding = (
        f"it is offset by about {offset.length_m:,.0f} m from the {reference.role}: its features "
        f"{relation} them only when moved by {offset.east_m:+,.0f} m east and "
        f"{offset.north_m:+,.0f} m north (z = {abs(offset.z):.0f}; elsewhere at most "
        f"{abs(offset.next_z):.0f}). "
    )
    if not reference.trusted:
        finding += f"Either this layer or '{reference.role}' declares a wrong CRS. "
    finding += likely_cause(placed[:, :2], taken, placed[:, 2:], offset, city)
    if report.request.spec.allow_shift:
        report.note(
            Note.of(
                "offset-allowed",
                reference=reference.role,
                distance_m=round(offset.length_m),
                east_m=round(offset.east_m),
                north_m=round(offset.north_m),
            )
        )
        return
    report.crs_error(
        f"{finding.rstrip()} If its position is correct, set allow_shift = true in city.toml."
    )


def _resolved_crs(
    xy: NDArray[np.float64],
    declared: CRS | None,
    study_area: StudyArea,
    report: ValidationReport,
    reference: Reference | None = None,
) -> tuple[CRS | None, bool]:
    """The CRS to use and whether the axes are swapped; assumptions are reported."""
    from pyproj import CRS

    if declared is not None and lies_in_city(xy, declared, study_area):
        return declared, False
    if declared is not None and lies_in_city(xy[:, ::-1], declared, study_area):
        geographic = declared.is_geographic
        report.note(Note.of("latitude-first") if geographic else Note.of("northing-first"))
        return declared, True
    found = matching_crs(xy, study_area)
    if declared is None and len(found) == 1:
        (fit,) = found
        report.note(Note.of("crs-only-one", crs=str(fit), epsg=fit.code))
        return CRS.from_user_input(fit.code), fit.swapped
    if declared is None and len(found) > 1 and reference is not None:
        from urbanlayer.layers.offset import crs_by_reference

        decided = crs_by_reference(xy, found, reference, study_area)
        if decided is not None:
            fit, offset = decided
            report.note(
                Note.of(
                    "crs-by-reference",
                    candidates=Listing.of(found),
                    reference=reference.role,
                    crs=str(fit),
                    z=round(abs(offset.z)),
                    epsg=fit.code,
                )
            )
            return CRS.from_user_input(fit.code), fit.swapped
    _report_misfit(xy, declared, study_area, report)
    return None, False


def _report_misfit(
    xy: NDArray[np.float64], declared: CRS | None, study_area: StudyArea, report: ValidationReport
) -> None:
    import numpy as np

    found = matching_crs(xy, study_area)
    x, y = (float(value) for value in np.median(xy, axis=0))
    where = f"around ({x:.10g}, {y:.10g})"
    if declared is None:
        finding = f"it declares no CRS, and its coordinates {where} match "
        several = f"{len(found)} of those in use here" if found else "none of those in use here"
        report.crs_error(f"{finding}{several}. {crs_advice(found)}")
        return
    metres = declared.is_geographic and bool((np.abs(xy) > [180, 90]).any(axis=1).mean() > 0)
    wrong = (
        f"its coordinates {where} are in metres, but {crs_label(declared)} is in degrees"
        if metres
        else f"its coordinates {where} lie more than 20 km from the city in {crs_label(declared)}"
    )
    there = "" if metres else where_it_lies(xy, declared, study_area)
    wrong += f": around {there}" if there else ""
    report.crs_error(f"{wrong}. {crs_advice(found)}")


def _report_wrong_city_crs(
    frame: gpd.GeoDataFrame, declared: CRS, target: CRS, report: ValidationReport
) -> None:
    """Lay the misfit to the city's CRS, where the layer lies in the area of use of its own.

    Not where another CRS would place the layer in the area of use of the city's.
    """
    import numpy as np
    from pyproj import Transformer

    advised = any('crs = "EPSG:…"' not in error for error in report.crs_errors)
    area = declared.area_of_use
    if advised or area is None:
        return
    xy = np.median(bounds_centres(frame.geometry.to_numpy()), axis=0)
    longitude, latitude = Transformer.from_crs(declared, "EPSG:4326", always_xy=True).transform(*xy)
    west, south, east, north = area.bounds
    if not (west <= longitude <= east and south <= latitude <= north):
        return
    report.crs_errors.clear()
    report.crs_error(
        f"it lies around {degrees(longitude, latitude)}, where crs = "
        f'"{crs_label(target)}" of city.toml ({target.name}) does not fit; set crs = '
        f'"{utm_zone(longitude, latitude)}" at the top of city.toml if that place is right, or '
        "the layer's own crs if it is not."
    )


def _provisional_study_area(
    crs: str, bounds_lonlat: tuple[float, float, float, float]
) -> StudyArea:
    """A study area as wide as the CRS's area of use, to locate the city in.

    Its country is a guess that is accurate to a few metres wherever MGI 1901 is used.
    """
    import numpy as np
    from pyproj import CRS, Transformer

    west, south, east, north = bounds_lonlat
    longitude, latitude = np.meshgrid(np.linspace(west, east, 9), np.linspace(south, north, 9))
    target = CRS.from_user_input(crs)
    up = Transformer.from_crs(target.geodetic_crs, target, always_xy=True)
    x, y = up.transform(longitude.ravel(), latitude.ravel())
    kept = np.isfinite(x) & np.isfinite(y)
    middle = ((west + east) / 2, (south + north) / 2)
    bounds = (x[kept].min(), y[kept].min(), x[kept].max(), y[kept].max())
    return StudyArea(crs, "RS", tuple(float(value) for value in bounds), middle)  # type: ignore[arg-type]


def _lonlat(crs: CRS, xy: NDArray[np.float64]) -> tuple[float, float]:
    from pyproj import Transformer

    down = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    longitude, latitude = down.transform(xy[:, 0], xy[:, 1])
    return float(longitude[0]), float(latitude[0])
