"""Edits of a layer: each gives another layer with the same promises and a digest of its own.

`layer` is a validated layer, `key` that of one of its features (of the new one in `add`). Every
edit raises a LayerError that names the key: where there is no such feature, and where its docstring
says.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.kernels.digests import READING, digest_of, digest_of_code
from urbanlayer.layers.edit_context import edit_error, row_of
from urbanlayer.layers.edit_shapes import check_neighbours, checked_shape, parts_of, shares_of
from urbanlayer.layers.edit_values import (
    appended,
    cell_value,
    checked_value,
    column_like,
    columns_of_counts,
    part_of,
    with_shape,
    with_value,
)
from urbanlayer.layers.fields import columns_of
from urbanlayer.layers.joints import joins_at_nodes, usual_tags, with_joints
from urbanlayer.layers.report import listed
from urbanlayer.model.role_table import role as role_named
from urbanlayer.text.normalise import plain_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import geopandas as gpd
    import shapely

    from urbanlayer.layers.edit_values import Value
    from urbanlayer.model.layer import Layer
    from urbanlayer.model.note import Note


def add(
    layer: Layer, key: str, geometry: shapely.Geometry, values: Mapping[str, Value] | None = None
) -> Layer:
    """The layer with one feature more, after all others.

    Parameters
    ----------
    geometry
        In the city's CRS; validated and repaired as that of a file.
    values
        By column of the layer. Other columns have what a file without them has: numbers and texts
        are not known, and nothing restricts the feature. A street among others that meet at shared
        nodes gets nodes in common with those that it crosses or touches.

    Raises
    ------
    LayerError
        The key is empty or taken, the geometry cannot be used, or a value does not fit its column;
        the error names the key.
    """
    key = str(plain_text(column_like([key]))[0])
    if not key:
        raise edit_error(layer, key, "a new feature requires a key")
    if key in layer.frame.index:
        raise edit_error(layer, key, "there is such a feature already")
    shape, notes = checked_shape(layer, key, geometry)
    values = dict(values or {})
    if joins_at_nodes(layer):
        layer, shape = with_joints(layer, shape)
        values = {**usual_tags(layer), **values}
    checked = {name: checked_value(layer, key, name, value) for name, value in values.items()}
    frame = appended(layer, key, shape, checked)
    check_neighbours(layer, frame, key)
    return _edited(layer, frame, ("add", key, _wkb(shape), checked), notes)


def close(layer: Layer, key: str) -> Layer:
    """The layer without one of its features; one of facilities may end without any.

    Raises
    ------
    LayerError
        It is the only feature of a layer that is no service.
    """
    row_of(layer, key)
    if len(layer) == 1 and not role_named(layer.role).service:
        raise edit_error(layer, key, "is the only feature; a layer requires at least one")
    return _edited(layer, layer.frame.drop(index=key), ("close", key))


def move(layer: Layer, key: str, *, east_m: float, north_m: float) -> Layer:
    """The layer with one of its features at another place.

    Parameters
    ----------
    east_m, north_m
        How far it moves, in metres of the city's CRS.

    Raises
    ------
    LayerError
        The feature cannot be there.
    """
    from shapely import affinity

    row = row_of(layer, key)
    if not (math.isfinite(east_m) and math.isfinite(north_m)):
        raise edit_error(layer, key, f"{east_m} m east and {north_m} m north is no place")
    return redraw(layer, key, affinity.translate(layer.frame.geometry.iloc[row], east_m, north_m))


def move_to(layer: Layer, key: str, *, x: float, y: float) -> Layer:
    """The layer with one of its features at a point, where the middle of an area then lies.

    Parameters
    ----------
    x, y
        Metres in the city's CRS.

    Raises
    ------
    LayerError
        The feature cannot be there.
    """
    import shapely

    shape = layer.frame.geometry.iloc[row_of(layer, key)]
    if shape.geom_type == "Point":
        return redraw(layer, key, shapely.Point(x, y))
    middle = shape.centroid
    return move(layer, key, east_m=x - middle.x, north_m=y - middle.y)


def redraw(layer: Layer, key: str, geometry: shapely.Geometry) -> Layer:
    """The layer with another geometry for one of its features.

    Parameters
    ----------
    geometry
        In the city's CRS; validated and repaired as that of a file.

    Raises
    ------
    LayerError
        The feature cannot be there.
    """
    row = row_of(layer, key)
    _check_joins(layer, key)
    shape, notes = checked_shape(layer, key, geometry)
    frame = with_shape(layer.frame, row, shape)
    check_neighbours(layer, frame, key)
    return _edited(layer, frame, ("move", key, _wkb(shape)), notes)


def cut(
    layer: Layer, key: str, at: shapely.Point | shapely.LineString, *, divided: Collection[str] = ()
) -> Layer:
    """The layer with one of its features in parts: a line cut at a point, a polygon by a line.

    Every part has the values of the feature; counts of its role (people, places, dwellings …) are
    divided in proportion to length or area, so that their sum stays the same. The largest part of
    a polygon and the first of a line keep the key; the others are `key/2`, `key/3` … and follow
    all other features.

    Parameters
    ----------
    at
        A point within `CUT_TOLERANCE_M` of the line, or a line across the polygon.
    divided
        Further columns with counts, which the role does not know: children, households …

    Raises
    ------
    LayerError
        There is no such column, `at` does not cut the feature, or a key of a part is taken.
    """
    row = row_of(layer, key)
    parts = parts_of(layer, key, layer.frame.geometry.iloc[row], at)
    keys = [key, *(f"{key}/{number}" for number in range(2, len(parts) + 1))]
    if taken := [name for name in keys[1:] if name in layer.frame.index]:
        raise edit_error(layer, key, f"its parts cannot be named {listed(taken)}: the key is taken")
    shares = shares_of(parts)
    counts = columns_of_counts(layer, key, divided)
    whole = {name: cell_value(layer.frame[name].iloc[row]) for name in columns_of(layer.frame)}
    frame = with_shape(layer.frame, row, parts[0])
    for name in counts:
        frame = with_value(frame, row, name, part_of(whole[name], shares[0]))
    edited = replace(layer, frame=frame)
    for name, part, share in zip(keys[1:], parts[1:], shares[1:], strict=True):
        of_part = {
            column: part_of(value, share) if column in counts else value
            for column, value in whole.items()
        }
        edited = replace(edited, frame=appended(edited, name, part, of_part))
    return _edited(layer, edited.frame, ("cut", key, at.wkb, sorted(counts)))


def change(layer: Layer, key: str, column: str, value: Value) -> Layer:
    """The layer with another value in a column of one of its features.

    Parameters
    ----------
    column
        Of the layer; canonical names where its role has one.
    value
        In the unit of the column; None is "not known".

    Raises
    ------
    LayerError
        There is no such column, or the value does not fit it.
    """
    row = row_of(layer, key)
    checked = checked_value(layer, key, column, value)
    frame = with_value(layer.frame, row, column, checked)
    return _edited(layer, frame, ("change", key, column, checked))


# The edited layer ---------------------------------------------------------------------------------


def _edited(
    layer: Layer, frame: gpd.GeoDataFrame, edit: Sequence[object], notes: Sequence[Note] = ()
) -> Layer:
    """The layer with another frame, its counts and its digest."""
    keys = set(frame.index)
    return replace(
        layer,
        frame=frame,
        read=len(frame) + len(layer.excluded),
        notes=(*layer.notes, *notes),
        overlaps_and_gaps=tuple(
            one for one in layer.overlaps_and_gaps if keys.issuperset(one.neighbourhoods)
        ),
        digest=digest_of(layer.digest, edit, digest_of_code(*READING)) if layer.digest else "",
    )


def _check_joins(layer: Layer, key: str) -> None:
    """Refuse another place for streets that meet at shared nodes alone.

    Others would keep the nodes that they shared with it, and what it changes would be wrong.
    """
    if joins_at_nodes(layer):
        why = "streets that are joined at shared nodes cannot be moved; close it and add another"
        raise edit_error(layer, key, why)


def _wkb(shape: shapely.Geometry) -> bytes:
    import shapely

    return bytes(shapely.to_wkb(shape))
