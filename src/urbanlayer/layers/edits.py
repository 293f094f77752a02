"""Edits of a layer: each gives another layer with the same promises and a digest of its own."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import LayerError
from urbanlayer.kernels.digests import READING, digest_of, digest_of_code
from urbanlayer.layers.duplicates import without_duplicates
from urbanlayer.layers.extent import MAX_DISTANCE_M
from urbanlayer.layers.fields import MAX_LEVELS, MIN_LEVELS
from urbanlayer.layers.overlaps_and_gaps import SLIVER_M2
from urbanlayer.layers.report import ValidationReport, listed
from urbanlayer.layers.shapes import (
    MIN_LENGTH_M,
    of_geometry_type,
    with_usable_geometry,
    with_valid_geometry,
    without_identical_features,
)
from urbanlayer.model.roles import role as role_named
from urbanlayer.model.source import Options, Request, Source
from urbanlayer.model.specification import LayerSpec
from urbanlayer.text.normalise import plain_text
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    import shapely

    from urbanlayer.model.layer import Layer, RawLayer, RawRaster
    from urbanlayer.model.note import Note
    from urbanlayer.model.role import Field, Role

Value = str | float | bool | None
"""Of a column; None is "not known" of a number and no text."""
CUT_TOLERANCE_M = 1.0
"""Greatest distance from a line to the point that it is cut at."""
ADDITIVE = frozenset({"people", "places", "dwellings", "m²", "litres", "tests"})
"""Units of counts that the parts of a feature share among them; speeds are those of each part."""


def add(
    layer: Layer, key: str, geometry: shapely.Geometry, values: Mapping[str, Value] | None = None
) -> Layer:
    """The layer with one feature more, after all others.

    Parameters
    ----------
    layer
        Validated.
    key
        Key of the new feature, which no other has.
    geometry
        In the city's CRS; validated and repaired as that of a file.
    values
        By column of the layer. Other columns have what a file without them has: numbers and texts
        are not known, and nothing restricts the feature.

    Raises
    ------
    LayerError
        The key is empty or taken, the geometry cannot be used, or a value does not fit its column;
        the error names the key.
    """
    _check_joins(layer, key)
    key = str(plain_text(_series([key]))[0])
    if not key:
        raise _error(layer, key, "a new feature requires a key")
    if key in layer.frame.index:
        raise _error(layer, key, "there is such a feature already")
    values = values or {}
    checked = {name: _checked_value(layer, key, name, value) for name, value in values.items()}
    shape, notes = _checked_shape(layer, key, geometry)
    frame = _appended(layer, key, shape, checked)
    _check_neighbours(layer, frame, key)
    return _edited(layer, frame, ("add", key, _wkb(shape), checked), notes)


def close(layer: Layer, key: str) -> Layer:
    """The layer without one of its features.

    Raises
    ------
    LayerError
        There is no such feature, or no other.
    """
    _row(layer, key)
    if len(layer) == 1:
        raise _error(layer, key, "is the only feature; a layer requires at least one")
    return _edited(layer, layer.frame.drop(index=key), ("close", key))


def move(layer: Layer, key: str, *, east_m: float, north_m: float) -> Layer:
    """The layer with one of its features at another place.

    Parameters
    ----------
    layer
        Validated.
    key
        Of the feature.
    east_m, north_m
        How far it moves, in metres of the city's CRS.

    Raises
    ------
    LayerError
        There is no such feature, or it cannot be there.
    """
    from shapely import affinity

    row = _row(layer, key)
    _check_joins(layer, key)
    if not (math.isfinite(east_m) and math.isfinite(north_m)):
        raise _error(layer, key, f"{east_m} m east and {north_m} m north is no place")
    moved = affinity.translate(layer.frame.geometry.iloc[row], east_m, north_m)
    shape, notes = _checked_shape(layer, key, moved)
    frame = _with_shape(layer.frame, row, shape)
    _check_neighbours(layer, frame, key)
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
    layer
        Validated.
    key
        Of the feature.
    at
        A point within `CUT_TOLERANCE_M` of the line, or a line across the polygon.
    divided
        Further columns with counts, which the role does not know: children, households …

    Raises
    ------
    LayerError
        There is no such feature or column, `at` does not cut it, or a key of a part is taken.
    """
    row = _row(layer, key)
    parts = _parts(layer, key, layer.frame.geometry.iloc[row], at)
    keys = [key, *(f"{key}/{number}" for number in range(2, len(parts) + 1))]
    if taken := [name for name in keys[1:] if name in layer.frame.index]:
        raise _error(layer, key, f"its parts cannot be named {listed(taken)}: the key is taken")
    shares = _shares(parts)
    counts = _columns_of_counts(layer, key, divided)
    whole = {name: _as_value(layer.frame[name].iloc[row]) for name in _columns(layer.frame)}
    frame = _with_shape(layer.frame, row, parts[0])
    for name in counts:
        frame = _with_value(frame, row, name, _part_of(whole[name], shares[0]))
    edited = replace(layer, frame=frame)
    for name, part, share in zip(keys[1:], parts[1:], shares[1:], strict=True):
        of_part = {
            column: _part_of(value, share) if column in counts else value
            for column, value in whole.items()
        }
        edited = replace(edited, frame=_appended(edited, name, part, of_part))
    return _edited(layer, edited.frame, ("cut", key, at.wkb, sorted(counts)))


def change(layer: Layer, key: str, column: str, value: Value) -> Layer:
    """The layer with another value in a column of one of its features.

    Parameters
    ----------
    layer
        Validated.
    key
        Of the feature.
    column
        Of the layer; canonical names where its role has one.
    value
        In the unit of the column; None is "not known".

    Raises
    ------
    LayerError
        There is no such feature or column, or the value does not fit it.
    """
    row = _row(layer, key)
    checked = _checked_value(layer, key, column, value)
    frame = _with_value(layer.frame, row, column, checked)
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


def _error(layer: Layer, key: str, sentence: str) -> LayerError:
    return LayerError(
        f"layer {layer.role!r} ({layer.provenance.path}): feature {key!r}: {sentence}."
    )


def _check_joins(layer: Layer, key: str) -> None:
    """Refuse a new place for streets that meet at shared nodes alone.

    Where such a street crosses another without a node of its own nothing joins them, and what it
    changes would be wrong.
    """
    if layer.role == "streets" and layer.provenance.shared_nodes:
        raise _error(
            layer, key, "streets that are joined at shared nodes cannot be added or moved here"
        )


def _row(layer: Layer, key: str) -> int:
    """The row of a feature."""
    if key not in layer.frame.index:
        near = did_you_mean(str(key), layer.frame.index.astype(str))
        raise _error(layer, key, f"there is no such feature{near}")
    return int(layer.frame.index.tolist().index(key))


def _role(layer: Layer) -> Role:
    """The role; points for neighbourhoods that are derived from points."""
    role = role_named(layer.role)
    if role.partition and (layer.frame.geom_type == "Point").all():
        return replace(role, forms=frozenset({"point"}), partition=False)
    return role


def _request(layer: Layer) -> Request[Options]:
    """What the validation reports an edited layer as: its role, its file and its tags."""
    path, tags = layer.provenance.path, layer.provenance.tags
    source = Source(layer.provenance.source, _nothing_read, Options, tags=tags)
    return Request(layer.role, LayerSpec(path=path), Path(path), source, Options())


def _nothing_read(_requests: Sequence[Request[Options]]) -> Mapping[str, RawLayer | RawRaster]:
    """What is read for an edit: it brings its features itself."""
    return {}


def _wkb(shape: shapely.Geometry) -> bytes:
    import shapely

    return bytes(shapely.to_wkb(shape))


# Geometry -----------------------------------------------------------------------------------------


def _checked_shape(
    layer: Layer, key: str, geometry: shapely.Geometry
) -> tuple[shapely.Geometry, list[Note]]:
    """A geometry validated as that of a file, near the layer, and the notes of its repair."""
    import geopandas as gpd
    import pandas as pd
    import shapely

    role, report = _role(layer), ValidationReport(_request(layer), 1)
    index = pd.Index([key], name="key", dtype=layer.frame.index.dtype)
    one = gpd.GeoDataFrame(geometry=[geometry], index=index, crs=layer.frame.crs)
    one = with_usable_geometry(one, report)
    if len(one):
        one = of_geometry_type(one, role, report)
    if report.errors:
        raise _error(layer, key, f"its geometry must be {' or '.join(sorted(role.kinds))}")
    if len(one):
        one = with_valid_geometry(one, report)
    if report.excluded:
        raise _error(layer, key, f"its geometry cannot be used ({report.reasons()})")
    shape = one.geometry.iloc[0]
    distance_m = shape.distance(shapely.box(*layer.frame.total_bounds))
    if distance_m > MAX_DISTANCE_M:
        raise _error(
            layer,
            key,
            f"lies {distance_m / 1000:,.0f} km from the layer; coordinates must be metres of "
            f"{layer.frame.crs}",
        )
    return shape, report.notes


def _check_neighbours(layer: Layer, frame: gpd.GeoDataFrame, key: str) -> None:
    """Refuse a feature that repeats another, or a neighbourhood that overlaps another."""
    import numpy as np
    import shapely

    role, report = _role(layer), ValidationReport(_request(layer), len(frame))
    kept = without_identical_features(frame, role, report)
    without_duplicates(kept, role, report)
    if report.excluded:
        others = _same_place(frame, key)
        raise _error(layer, key, f"is a duplicate of {listed(others)} ({report.reasons()})")
    if not role.partition:
        return
    shapes = frame.geometry.to_numpy()
    row = int(frame.index.tolist().index(key))
    shared_m2 = shapely.area(shapely.intersection(shapes, shapes[row]))
    shared_m2[row] = 0.0
    if (shared_m2 > SLIVER_M2).any():
        others = [str(one) for one in frame.index[np.flatnonzero(shared_m2 > SLIVER_M2)]]
        raise _error(layer, key, f"overlaps {listed(others)} by {shared_m2.sum():,.0f} m²")


def _same_place(frame: gpd.GeoDataFrame, key: str) -> list[str]:
    """The feature nearest to another, by its key."""
    others = frame.drop(index=key)
    return [str(others.distance(frame.geometry.loc[key]).idxmin())]


def _parts(
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
    raise _error(layer, key, why)


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
        raise _error(layer, key, f"the point lies {distances_m[nearest]:,.1f} m from the line")
    line = lines[nearest]
    along_m = line.project(at)
    if min(along_m, line.length - along_m) < MIN_LENGTH_M:
        raise _error(layer, key, "the point lies at an end of the line and cuts nothing")
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
        raise _error(layer, key, "the line does not cross it from side to side")
    largest, *others = sorted(pieces, key=lambda one: -float(shapely.area(one)))
    first = [shapely.multipolygons([largest, *whole])] if whole else [largest]
    return [*first, *others]


def _shares(parts: Sequence[shapely.Geometry]) -> list[float]:
    """The share of each part in the area of all, or in their length."""
    import shapely

    sizes = [float(shapely.area(part) or shapely.length(part)) for part in parts]
    return [size / sum(sizes) for size in sizes]


# Values -------------------------------------------------------------------------------------------


def _columns(frame: gpd.GeoDataFrame) -> list[str]:
    return [str(name) for name in frame.columns if name != frame.geometry.name]


def _columns_of_counts(layer: Layer, key: str, divided: Collection[str]) -> set[str]:
    """The columns that the parts of a feature share among them."""
    columns = _columns(layer.frame)
    for name in divided:
        if name not in columns:
            raise _error(layer, key, f"there is no column {name!r}{did_you_mean(name, columns)}")
        if not _is_number(layer.frame[name]):
            raise _error(layer, key, f"column {name!r} holds no numbers to divide")
    counts = {
        field.name
        for field in role_named(layer.role).fields
        if field.kind == "count" and field.unit in ADDITIVE
    }
    return counts.intersection(columns) | set(divided)


def _is_number(column: pd.Series) -> bool:
    return column.dtype.kind in "iuf"


def _part_of(value: Value, share: float) -> Value:
    return value if value is None else float(value) * share


def _as_value(value: Any) -> Any:  # noqa: ANN401  (a cell of any column)
    """A cell of a frame; None where it is missing."""
    import pandas as pd

    return None if pd.api.types.is_scalar(value) and pd.isna(value) else value


def _field(layer: Layer, column: str) -> Field | None:
    fields = role_named(layer.role).fields
    return next((field for field in fields if field.name == column), None)


def _checked_value(layer: Layer, key: str, column: str, value: Value) -> Value:
    """The value as the column holds it."""
    columns = _columns(layer.frame)
    if column not in columns:
        raise _error(layer, key, f"there is no column {column!r}{did_you_mean(column, columns)}")
    held, field = layer.frame[column], _field(layer, column)
    if _is_number(held):
        return _checked_number(layer, key, column, value)
    if held.dtype.kind == "b":
        if not isinstance(value, bool):
            raise _error(layer, key, f"{column} must be true or false, not {value!r}")
        return value
    is_text = str(held.dtype) == "str" or (field is not None and field.kind == "text")
    if value is None:
        return "" if is_text and not held.isna().any() else None
    if is_text and not isinstance(value, str):
        raise _error(layer, key, f"{column} must be text, not {value!r}")
    return str(plain_text(_series([value]))[0]) if isinstance(value, str) else value


def _checked_number(layer: Layer, key: str, column: str, value: Value) -> Value:
    if value is None:
        return None
    if isinstance(value, bool | str) or not math.isfinite(value):
        raise _error(layer, key, f"{column} must be a number, not {value!r}")
    field = _field(layer, column)
    if field is not None and field.kind == "count" and value < 0:
        raise _error(layer, key, f"{column} is {value:g}; {field.unit} cannot be negative")
    if column == "levels" and not MIN_LEVELS <= value <= MAX_LEVELS:
        raise _error(layer, key, f"{value:g} storeys are not from {MIN_LEVELS:g} to {MAX_LEVELS:g}")
    return float(value)


def _not_given(layer: Layer, column: str) -> Value:
    """What a file without the column has: nothing known, nothing restricted, lived in."""
    held, field = layer.frame[column], _field(layer, column)
    if field is not None and field.kind == "flag":
        return field.declared in {"values", "use"} and not field.restricts
    return "" if str(held.dtype) == "str" and not held.isna().any() else None


def _series(values: list[Any], like: pd.Series | None = None) -> pd.Series:
    """A column of values, of the type of another where that holds them."""
    import pandas as pd

    if like is None:
        return pd.Series(values)
    if like.dtype.kind in "iu" and all(
        one is not None and float(one).is_integer() for one in values
    ):
        return pd.Series(values).astype(like.dtype)
    if like.dtype.kind in "iuf":
        return pd.Series(values, dtype="float64" if like.dtype.kind in "iu" else like.dtype)
    if like.dtype.kind == "b" and None in values:
        return pd.Series(values, dtype="object")
    return pd.Series(values, dtype=like.dtype)


def _with_shape(frame: gpd.GeoDataFrame, row: int, shape: shapely.Geometry) -> gpd.GeoDataFrame:
    shapes = frame.geometry.to_numpy().copy()
    shapes[row] = shape
    return frame.set_geometry(frame.geometry.__class__(shapes, frame.index, crs=frame.crs))


def _with_value(frame: gpd.GeoDataFrame, row: int, column: str, value: Value) -> gpd.GeoDataFrame:
    values = [_as_value(one) for one in frame[column]]
    values[row] = value
    return frame.assign(**{column: _series(values, frame[column]).set_axis(frame.index)})


def _appended(
    layer: Layer, key: str, shape: shapely.Geometry, values: Mapping[str, Value]
) -> gpd.GeoDataFrame:
    """The frame with one row more; values that are not given are not known."""
    import geopandas as gpd
    import pandas as pd

    frame = layer.frame
    index = pd.Index([*frame.index, key], name=frame.index.name, dtype=frame.index.dtype)
    columns = {}
    for name in _columns(frame):
        value = values[name] if name in values else _not_given(layer, name)
        held = [*(_as_value(one) for one in frame[name]), value]
        columns[name] = _series(held, frame[name]).set_axis(index)
    shapes = [*frame.geometry, shape]
    made = gpd.GeoDataFrame(columns, index=index, geometry=shapes, crs=frame.crs)
    made = made.rename_geometry(frame.geometry.name) if frame.geometry.name != "geometry" else made
    return made[list(frame.columns)]
