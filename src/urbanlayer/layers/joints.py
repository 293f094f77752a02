"""Joints of a new street with streets that meet at shared nodes alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.kernels.fitting import fitted
from urbanlayer.model.role_names import STREETS
from urbanlayer.text.street_tags import at_grade, walkable

if TYPE_CHECKING:
    import shapely

    from urbanlayer.model.layer import Layer

TOLERANCE_M = 1.0
"""Maximum gap that is closed at an end, as in layers without shared nodes."""


def joins_at_nodes(layer: Layer) -> bool:
    """Whether the features of a layer are streets that meet at shared nodes alone."""
    nodes_are_shared = layer.provenance.shared_nodes or "highway" in layer.frame
    return layer.role == STREETS and nodes_are_shared


def usual_tags(layer: Layer) -> dict[str, str]:
    """The tags of a new street among tagged ones: a street that anybody may use."""
    return {"highway": "unclassified"} if "highway" in layer.frame else {}


def with_joints(layer: Layer, street: shapely.Geometry) -> tuple[Layer, shapely.Geometry]:
    """The streets and a new one, with a common node wherever the new one crosses or touches them.

    Bridges, tunnels and whatever is not walkable are passed; they are joined at the ends of the new
    street alone.

    Parameters
    ----------
    layer
        The streets.
    street
        The new one, in the city's CRS.
    """
    import numpy as np
    import shapely

    shapes = layer.frame.geometry.to_numpy().copy()
    lines = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING)
    walked = walkable(layer.frame)[0]
    joins = at_grade(layer.frame) & walked
    parts = []
    for part in shapely.get_parts(street):
        near = lines[shapely.dwithin(shapes[lines], part, TOLERANCE_M) & walked[lines]]
        drawn, touched, pieces = fitted(
            shapes[near], part, at_grade=joins[near], tolerance_m=TOLERANCE_M
        )
        shapes[near[touched]] = pieces
        parts.append(drawn)
    frame = layer.frame
    frame = frame.set_geometry(frame.geometry.__class__(shapes, frame.index, crs=frame.crs))
    whole = parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)
    return replace(layer, frame=frame), whole
