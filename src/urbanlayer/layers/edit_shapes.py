"""Geometry of an edited feature: validated, compared with its neighbours, divided into parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.layers.duplicates import without_duplicates
from urbanlayer.layers.edit_context import edit_error, request_of, role_of
from urbanlayer.layers.extent import MAX_DISTANCE_M
from urbanlayer.layers.overlaps_and_gaps import SLIVER_M2
from urbanlayer.layers.report import ValidationReport, listed
from urbanlayer.layers.shapes import (
    MIN_LENGTH_M,
    of_geometry_type,
    with_usable_geometry,
    with_valid_geometry,
    without_identical_features,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import shapely

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.note import Note

CUT_TOLERANCE_M = 1.0
"""Greatest distance from a line to the point that it is cut at."""


def checked_shape(
    layer: Layer, key: str, geometry: shapely.Geometry
) -> tuple[shapely.Geometry, list[Note]]:
    """A geometry validated as that of a file, near the layer, and the notes of its repair."""
    import geopandas as gpd
    import pandas as pd
    import shapely

    role, report = role_of(layer), ValidationReport(request_of(layer), 1)
    index = pd.Index([key], name="key", dtype=layer.frame.index.dtype)
    one = gpd.GeoDataFrame(geometry=[geometry], index=index, crs=layer.frame.crs)
    one = with_usable_geometry(one, report)
    if len(one):
        one = of_geometry_type(one, role, report)
    if report.errors:
        raise edit_error(layer, key, f"its geometry must be {' or '.join(sorted(role.kinds))}")
    if len(one):
        one = with_valid_geometry(one, report)
    if report.excluded:
        raise edit_error(layer, key, f"its geometry cannot be used ({report.reasons()})")
    shape = one.geometry.iloc[0]
    distance_m = shape.distance(shapely.box(*layer.frame.total_bounds))
    if distance_m > MAX_DISTANCE_M:
        raise edit_error(
            layer,
            key,
            f"lies {distance_m / 1000:,.0f} km from the layer; coordinates must be metres of "
            f"{layer.frame.crs}",
        )
    return shape, report.notes


def check_neighbours(layer: Layer, frame: gpd.GeoDataFrame, key: str) -> None:
    """Refuse a feature that repeats another, or a neighbourhood that overlaps another."""
    import numpy as np
    import shapely

    role, report = role_of(layer), ValidationReport(request_of(layer), len(frame))
    kept = without_identical_features(frame, role, report)
    without_duplicates(kept, role, report)
    if report.excluded:
        others = _same_place(frame, key)
        raise edit_error(layer, key, f"is a duplicate of {listed(others)} ({report.reasons()})")
    if not role.partition:
        return
    shapes = frame.geometry.to_numpy()
    row = int(frame.index.tolist().index(key))
    shared_m2 = shapely.area(shapely.intersection(shapes, shapes[row]))
    shared_m2[row] = 0.0
    if (shared_m2 > SLIVER_M2).any():
        others = [str(one) for one in frame.index[np.flatnonzero(shared_m2 > SLIVER_M2)]]
        raise edit_error(layer, key, f"overlaps {listed(others)} by {shared_m2.sum():,.0f} m²")


def parts_of(
    layer: Layer, key: str, shape: shapely.Geometry, at: shapely.Geometry
) -> list[shapely.Geometry]:
    """The two or more parts of a feature, each with a length or an area."""
    import shapely

    dimension = shapely.get_dimensions(shape)
    if dimension == 1 and shapely.get_dimensions(at) == 0:
        return _parts_of_line(layer, key, shape, at)
    if dimension == 2 and shapely.get_dimensions(at) == 1:  # noqa: PLR2004  (an area)
        return _parts_of_polygon(layer, key, shape, at)
    wanted = {1: "at a point", 2: "by a line"}.get(int(dimension))
    why = f"must be cut {wanted}" if wanted else "is a point, which cannot be cut"
    raise edit_error(layer, key, why)


def shares_of(parts: Sequence[shapely.Geometry]) -> list[float]:
    """The share of each part in the area of all, or in their length."""
    import shapely

    sizes = [float(shapely.area(part) or shapely.length(part)) for part in parts]
    return [size / sum(sizes) for size in sizes]


def _same_place(frame: gpd.GeoDataFrame, key: str) -> list[str]:
    """The feature nearest to another, by its key."""
    others = frame.drop(index=key)
    return [str(others.distance(frame.geometry.loc[key]).idxmin())]


def _parts_of_line(
    layer: Layer, key: str, shape: shapely.Geometry, at: shapely.Geometry
) -> list[shapely.Geometry]:
    """A line before and after the place nearest to a point; of several lines the nearest is cut."""
    import numpy as np
    import shapely
    import shapely.ops

    lines = list(shapely.get_parts(shape))
    distances_m = shapely.distance(lines, at)
    nearest = int(np.argmin(distances_m))
    if not distances_m[nearest] <= CUT_TOLERANCE_M:
        raise edit_error(layer, key, f"the point lies {distances_m[nearest]:,.1f} m from the line")
    line = lines[nearest]
    along_m = line.project(at)
    if min(along_m, line.length - along_m) < MIN_LENGTH_M:
        raise edit_error(layer, key, "the point lies at an end of the line and cuts nothing")
    before = [*lines[:nearest], shapely.ops.substring(line, 0, along_m)]
    after = [shapely.ops.substring(line, along_m, line.length), *lines[nearest + 1 :]]
    return [
        part[0] if len(part) == 1 else shapely.MultiLineString(part) for part in (before, after)
    ]


def _parts_of_polygon(
    layer: Layer, key: str, shape: shapely.Geometry, at: shapely.Geometry
) -> list[shapely.Geometry]:
    """A polygon on either side of a line, largest part first, which keeps polygons not crossed."""
    import shapely
    import shapely.ops

    pieces: list[shapely.Geometry] = []
    whole: list[shapely.Geometry] = []
    for polygon in shapely.get_parts(shape):
        split = [
            one for one in shapely.ops.split(polygon, at).geoms if shapely.area(one) > SLIVER_M2
        ]
        (pieces if len(split) > 1 else whole).extend(split)
    if not pieces:
        raise edit_error(layer, key, "the line does not cross it from side to side")
    largest, *others = sorted(pieces, key=lambda one: -float(shapely.area(one)))
    first = [shapely.multipolygons([largest, *whole])] if whole else [largest]
    return [*first, *others]
