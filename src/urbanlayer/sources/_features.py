"""Features as web services send them: GeoJSON objects, page by page, into one frame."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.layer import Excluded, RawLayer
from urbanlayer.model.note import Note
from urbanlayer.sources._columns import frame_of_records
from urbanlayer.sources._fetch import fetch, forget
from urbanlayer.sources._process import ChildError
from urbanlayer.sources.child import run_job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.model.source import Request
    from urbanlayer.sources._session import Order

MAX_FEATURES = 5_000_000
JSON = "application/geo+json, application/json"


def fetched_json(order: Order, request: Request) -> tuple[dict[str, Any], str]:
    """A service's response as JSON, and the sha256 of its bytes.

    The confined child has read it before, so that it takes no more memory than is allowed there.

    Raises
    ------
    SourceError
        If it is no JSON object; such a response is not kept.
    """
    download = fetch(order)
    try:
        about, _ = run_job("json_response", path=str(download.path))
    except ChildError as error:
        forget(order)
        raise SourceError(
            f"{named_service(request)}: its response cannot be read as JSON ({error})"
        ) from error
    if about["kind"] != "dict":
        forget(order)
        raise SourceError(f"{named_service(request)}: its response is no JSON object")
    content: dict[str, Any] = json.loads(download.path.read_bytes())
    return content, download.digest


def raw_layer(
    features: Sequence[dict[str, Any]],
    request: Request,
    *,
    crs: str | None,
    digest: str,
    notes: tuple[Note, ...] = (),
) -> RawLayer:
    """The features as a frame, each under its id.

    Parameters
    ----------
    features
        GeoJSON features; features with broken geometry are excluded.
    request
        Which layer.
    crs
        Where the coordinates lie, east first; None where the service does not state it.
    digest
        sha256 of what was read.
    notes
        What was found out on the way.
    """
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    shapes, rows, labels, lost = [], [], [], []
    for number, feature in enumerate(features):
        label = str(number if feature.get("id") is None else feature["id"])
        geometry = feature.get("geometry")
        try:
            row = _properties(feature)
            shapes.append(None if geometry is None else shape(geometry))
        except (ShapelyError, ValueError, TypeError, KeyError, AttributeError) as error:
            why, fix = Note.of("unreadable", why=str(error)), Note.of("fix-at-source")
            lost.append(Excluded(request.role, label, "unreadable", why, fix))
            continue
        rows.append(row)
        labels.append(label)
    table = frame_of_records(rows, pd.Index(labels, dtype="str"))
    placed = np.empty(len(shapes), dtype=object)
    placed[:] = shapes
    frame = gpd.GeoDataFrame(table, geometry=placed, crs=crs)
    return RawLayer(frame, digest, tuple(lost), notes)


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    """The values of a feature by their names.

    Raises
    ------
    TypeError
        They have no names.
    """
    found = feature.get("properties") or {}
    if not isinstance(found, dict):
        raise TypeError("its properties have no names")
    return found


def named_service(request: Request) -> str:
    """How messages call a layer of a service: `layer 'parks' (https://host/wfs)`."""
    return f"layer {request.role!r} ({request.shown})"
