"""Validation of vector layers: a raw layer becomes a `Layer` that needs no further checks."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from urbanlayer.kernels.digests import READING, digest_of, digest_of_code
from urbanlayer.layers.building_parts import without_building_parts
from urbanlayer.layers.dates import report_ambiguous_dates
from urbanlayer.layers.duplicates import without_duplicates
from urbanlayer.layers.extent import without_outliers
from urbanlayer.layers.fields import note_absent_values, with_fields
from urbanlayer.layers.keys import indexed_by_key, with_unique_keys
from urbanlayer.layers.location import to_city_crs
from urbanlayer.layers.names import public_names, with_names
from urbanlayer.layers.overlaps_and_gaps import without_overlaps
from urbanlayer.layers.people_counts import check_people_counts
from urbanlayer.layers.personal import report_personal_columns, without_names_of_persons
from urbanlayer.layers.repeated_places import check_repeated_places
from urbanlayer.layers.report import ValidationReport
from urbanlayer.layers.shapes import (
    of_geometry_type,
    with_usable_geometry,
    with_valid_geometry,
    without_identical_features,
)
from urbanlayer.model.layer import ExpectedCount, Layer, Provenance
from urbanlayer.model.role_table import role

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from urbanlayer.layers.offset import Reference
    from urbanlayer.layers.transformation import Transformation
    from urbanlayer.model.layer import OverlapOrGap, RawLayer
    from urbanlayer.model.role import Role
    from urbanlayer.model.source import Request
    from urbanlayer.model.study_area import StudyArea


def validate(
    raw: RawLayer,
    request: Request,
    study_area: StudyArea,
    *,
    reference: Reference | None = None,
) -> Layer:
    """A layer in the city's CRS with valid geometry, unique keys and the columns of its role.

    Parameters
    ----------
    raw
        As read by the source.
    request
        The layer's entry in the city file.
    study_area
        CRS and extent of the city.
    reference
        Streets or buildings in the right position. They reveal a horizontal offset of 60 m to
        3 km, which no other check finds.

    Returns
    -------
    Layer
        `read == len(frame) + len(excluded)`.

    Raises
    ------
    LayerError
        With all errors of the layer at once; a CrsError if only its coordinates are wrong.
    """
    report = ValidationReport(request, len(raw.frame) + len(raw.excluded))
    report.excluded += raw.excluded
    report.notes += raw.notes
    expected = _expected_role(request)
    if report.read == 0:
        report.error(_no_features(request))
        report.raise_errors()
    if again := raw.frame.columns[raw.frame.columns.duplicated()].unique().tolist():
        report.error(f"several columns have the same name ({', '.join(again)}); rename all but one")
        report.raise_errors()
    report_personal_columns(raw.frame, expected, report)
    features = indexed_by_key(raw.frame, request.spec.key, report)
    features = with_names(features.copy(), request.spec, report)
    features = without_names_of_persons(features, expected, report)
    report_ambiguous_dates(features, report)
    note_absent_values(features, request.spec.where, report)
    features = with_fields(features, expected, request, report)
    features, without_place = _placed(features, request)
    features = with_usable_geometry(features, report)
    to_city, code = None, ""
    if len(features):
        features, to_city, code = to_city_crs(features, request, study_area, report, reference)
    if to_city is None and len(features):
        report.raise_errors()
    features = _validated_geometry(features, expected, study_area, report)
    overlaps_and_gaps: tuple[OverlapOrGap, ...] = ()
    if expected.partition and len(features):
        features, overlaps_and_gaps = without_overlaps(
            features, request.spec.overlap_tolerance_m2, report
        )
    if features.empty and without_place is None and not report.errors:
        report.error(f"none of its {report.read} features can be used ({report.reasons()})")
    report.raise_errors()
    against = "" if reference is None else reference.digest
    made_of = digest_of(
        raw.digest, request.spec.model_dump(), request.as_of, request.placeless, study_area, against
    )
    if features.empty:
        features = features.set_crs(study_area.crs, allow_override=True)
    layer = _layer(features, raw, to_city, code, report)
    return dataclasses.replace(
        layer,
        read=layer.read - (0 if without_place is None else len(without_place)),
        without_place=without_place,
        overlaps_and_gaps=overlaps_and_gaps,
        digest=digest_of(request.role, made_of, digest_of_code(*READING)),
    )


def _placed(
    features: gpd.GeoDataFrame, request: Request
) -> tuple[gpd.GeoDataFrame, pd.DataFrame | None]:
    """The features with a place, and rows without one, where such are kept and there are some."""
    if not request.placeless:
        return features, None
    lost = (features.geometry.isna() | features.geometry.is_empty).to_numpy(dtype=bool)
    if not lost.any():
        return features, None
    return features[~lost], features[lost].drop(columns=features.geometry.name)


def _validated_geometry(
    features: gpd.GeoDataFrame, expected: Role, study_area: StudyArea, report: ValidationReport
) -> gpd.GeoDataFrame:
    """The features with valid geometry of the expected type and unique keys."""
    if features.empty:
        return features
    features = of_geometry_type(features, expected, report)
    if report.errors:  # of its keys or fields too: the overlaps are still looked for
        return with_valid_geometry(features, report)
    features = with_valid_geometry(features, report)
    features = without_outliers(features, study_area, report)
    features = with_unique_keys(features, report)
    check_repeated_places(features, expected, report)
    features = without_identical_features(features, expected, report)
    check_people_counts(features, expected, report)
    features = without_building_parts(features, expected, report)
    return without_duplicates(features, expected, report)


def _expected_role(request: Request) -> Role:
    """The role of the request; point geometry for neighbourhoods that are derived from points."""
    expected = role(request.role)
    if request.spec.derive:
        return dataclasses.replace(expected, forms=frozenset({"point"}), partition=False)
    return expected


def _no_features(request: Request) -> str:
    if request.spec.where:
        wanted = ", ".join(f"{field} = {value!r}" for field, value in request.spec.where.items())
        return f"no feature matches {wanted}; check where = {{ … }} in city.toml."
    return "it holds no features."


def provenance_of(
    raw: RawLayer, request: Request, to_city: Transformation | None, code: str
) -> Provenance:
    """Where a layer comes from, and by what right it is shown.

    Parameters
    ----------
    raw
        As read by the source.
    request
        The layer's entry in the city file.
    to_city
        How it came to the city's CRS; None where it did not.
    code
        Its own CRS.
    """
    spec, source = request.spec, request.source
    return Provenance(
        source=source.id,
        path=request.shown,
        digest=raw.digest,
        licence=spec.licence or source.licence,
        attribution=spec.attribution or source.attribution,
        date=spec.date,
        crs=code,
        crs_operation=to_city.operation if to_city else "",
        crs_accuracy_m=to_city.accuracy_m if to_city else None,
        window=raw.window,
        tags=source.tags,
        format=source.format,
        stable_keys=source.stable_keys,
        public_names=public_names(spec, source),
        personal=spec.personal == "allowed",
    )


def _layer(
    features: gpd.GeoDataFrame,
    raw: RawLayer,
    to_city: Transformation | None,
    code: str,
    report: ValidationReport,
) -> Layer:
    expected = report.request.spec.expected
    return Layer(
        role=report.request.role,
        frame=features,
        expected=ExpectedCount(expected.count, expected.source) if expected else None,
        provenance=provenance_of(raw, report.request, to_city, code),
        read=report.read,
        excluded=tuple(report.excluded),
        notes=tuple(report.notes),
    )
