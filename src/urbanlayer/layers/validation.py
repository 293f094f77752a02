"""The gate: from what a source read to a layer that whoever holds it need not check again."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from urbanlayer.layers.dates import tell_doubtful
from urbanlayer.layers.duplicates import without_duplicates
from urbanlayer.layers.extent import nearby
from urbanlayer.layers.fields import with_fields
from urbanlayer.layers.keys import keyed, unique
from urbanlayer.layers.location import place
from urbanlayer.layers.names import with_names
from urbanlayer.layers.overlaps_and_gaps import covering
from urbanlayer.layers.report import ValidationReport
from urbanlayer.layers.shapes import of_kind, repaired, told_once, without_unusable
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.roles import role

if TYPE_CHECKING:
    import geopandas as gpd

    from urbanlayer.layers.offset import Reference
    from urbanlayer.layers.transformation import Transformation
    from urbanlayer.model.layer import OverlapOrGap, RawLayer
    from urbanlayer.model.roles import Role
    from urbanlayer.model.source import Request
    from urbanlayer.model.study_area import Frame


def validate(
    raw: RawLayer,
    request: Request,
    frame: Frame,
    *,
    reference: Reference | None = None,
) -> Layer:
    """A layer in the city's CRS with valid geometry, unique keys and the columns of its role.

    Parameters
    ----------
    raw
        What the source read.
    request
        What the city file says of the layer.
    frame
        Where the city lies.
    reference
        Streets or buildings that lie where they should. With them a shift of 60 m to 3 km is
        found, which nothing else shows.

    Returns
    -------
    Layer
        `read == len(frame) + len(excluded)`.

    Raises
    ------
    LayerError
        With every fault of the layer at once; a CrsError where only its coordinates are at fault.
    """
    ledger = ValidationReport(request, len(raw.frame) + len(raw.excluded))
    ledger.excluded += raw.excluded
    ledger.notes += raw.notes
    promised = _role_of(request)
    if ledger.read == 0:
        ledger.fault(_nothing_there(request))
        ledger.close()
    features = keyed(raw.frame, request.spec.key, ledger)
    features = with_names(features.copy(), request.spec, ledger)
    tell_doubtful(features, ledger)
    features = with_fields(features, promised, request.spec, ledger)
    features = without_unusable(features, ledger)
    way, code = None, ""
    if len(features):
        features, way, code = place(features, request, frame, ledger, reference)
    if way is None and len(features):
        ledger.close()
    features = _sound(features, promised, frame, ledger)
    overlaps_and_gaps: tuple[OverlapOrGap, ...] = ()
    if request.role == "neighbourhoods" and len(features) and not request.spec.derive:
        features, overlaps_and_gaps = covering(features, request.spec.overlap_tolerance_m2, ledger)
    if features.empty and not ledger.errors:
        ledger.fault(f"none of its {ledger.read} features can be used. {ledger.notes[-1]}")
    ledger.close()
    return dataclasses.replace(
        _layer(features, raw, way, code, ledger), overlaps_and_gaps=overlaps_and_gaps
    )


def _sound(
    features: gpd.GeoDataFrame, promised: Role, frame: Frame, ledger: ValidationReport
) -> gpd.GeoDataFrame:
    """The features whose geometry can be trusted, each with a key of its own."""
    if features.empty:
        return features
    features = of_kind(features, promised, ledger)
    if ledger.errors:
        return features
    features = repaired(features, ledger)
    features = nearby(features, frame, ledger)
    features = unique(features, ledger)
    features = told_once(features, promised, ledger)
    return without_duplicates(features, promised, ledger)


def _role_of(request: Request) -> Role:
    """The role; neighbourhoods that are to be derived come as points."""
    promised = role(request.role)
    if request.spec.derive:
        return dataclasses.replace(promised, forms=frozenset({"point"}))
    return promised


def _nothing_there(request: Request) -> str:
    if request.spec.where:
        wanted = ", ".join(f"{field} = {value!r}" for field, value in request.spec.where.items())
        return f"no feature has {wanted}; look at where = {{ … }} in city.toml."
    return "it holds no features."


def _layer(
    features: gpd.GeoDataFrame,
    raw: RawLayer,
    way: Transformation | None,
    code: str,
    ledger: ValidationReport,
) -> Layer:
    spec = ledger.request.spec
    provenance = Provenance(
        source=spec.source,
        path=ledger.request.shown,
        digest=raw.digest,
        licence=spec.licence or raw.licence,
        attribution=spec.attribution or raw.attribution,
        date=spec.date,
        crs=code,
        crs_operation=way.operation if way else "",
        crs_accuracy_m=way.accuracy_m if way else None,
        window=raw.window,
    )
    return Layer(
        role=ledger.request.role,
        frame=features,
        provenance=provenance,
        read=ledger.read,
        excluded=tuple(ledger.excluded),
        notes=tuple(ledger.notes),
    )
