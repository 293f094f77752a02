"""Values of an edited feature: checked against their column, divided, put into the frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from urbanlayer.layers.edit_context import edit_error
from urbanlayer.layers.fields import MAX_LEVELS, MIN_LEVELS, columns_of
from urbanlayer.model.role_table import role as role_named
from urbanlayer.text.normalise import plain_text
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import geopandas as gpd
    import pandas as pd
    import shapely

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.role import Field

Value = str | float | bool | None
"""Of a column; None is "not known" of a number and no text."""
ADDITIVE = frozenset({"people", "places", "dwellings", "m²", "litres", "tests"})
"""Units of counts that the parts of a feature share among them; speeds are those of each part."""


def columns_of_counts(layer: Layer, key: str, divided: Collection[str]) -> set[str]:
    """The columns that the parts of a feature share among them."""
    columns = columns_of(layer.frame)
    for name in divided:
        if name not in columns:
            raise edit_error(
                layer, key, f"there is no column {name!r}{did_you_mean(name, columns)}"
            )
        if not _is_number(layer.frame[name]):
            raise edit_error(layer, key, f"column {name!r} holds no numbers to divide")
    counts = {
        field.name
        for field in role_named(layer.role).fields
        if field.kind == "count" and field.unit in ADDITIVE
    }
    return counts.intersection(columns) | set(divided)


def part_of(value: Value, share: float) -> Value:
    """The share of a count that one part has; None stays unknown."""
    return value if value is None else float(value) * share


def cell_value(value: Any) -> Any:  # noqa: ANN401  (a cell of any column)
    """A cell of a frame; None where it is missing."""
    import pandas as pd

    return None if pd.api.types.is_scalar(value) and pd.isna(value) else value


def checked_value(layer: Layer, key: str, column: str, value: Value) -> Value:
    """The value as the column holds it."""
    columns = columns_of(layer.frame)
    if column not in columns:
        raise edit_error(
            layer, key, f"there is no column {column!r}{did_you_mean(column, columns)}"
        )
    held, field = layer.frame[column], _field(layer, column)
    if _is_number(held):
        return _checked_number(layer, key, column, value)
    if held.dtype.kind == "b":
        if not isinstance(value, bool):
            raise edit_error(layer, key, f"{column} must be true or false, not {value!r}")
        return value
    is_text = str(held.dtype) == "str" or (field is not None and field.kind == "text")
    if value is None:
        return "" if is_text and not held.isna().any() else None
    if is_text and not isinstance(value, str):
        raise edit_error(layer, key, f"{column} must be text, not {value!r}")
    return str(plain_text(column_like([value]))[0]) if isinstance(value, str) else value


def column_like(values: list[Any], like: pd.Series | None = None) -> pd.Series:
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


def with_shape(frame: gpd.GeoDataFrame, row: int, shape: shapely.Geometry) -> gpd.GeoDataFrame:
    """The frame with another geometry in one row."""
    shapes = frame.geometry.to_numpy().copy()
    shapes[row] = shape
    return frame.set_geometry(frame.geometry.__class__(shapes, frame.index, crs=frame.crs))


def with_value(frame: gpd.GeoDataFrame, row: int, column: str, value: Value) -> gpd.GeoDataFrame:
    """The frame with another value in one row and column."""
    values = [cell_value(one) for one in frame[column]]
    values[row] = value
    return frame.assign(**{column: column_like(values, frame[column]).set_axis(frame.index)})


def appended(
    layer: Layer, key: str, shape: shapely.Geometry, values: Mapping[str, Value]
) -> gpd.GeoDataFrame:
    """The frame with one row more; values that are not given are not known."""
    import geopandas as gpd
    import pandas as pd

    frame = layer.frame
    index = pd.Index([*frame.index, key], name=frame.index.name, dtype=frame.index.dtype)
    columns = {}
    for name in columns_of(frame):
        value = values[name] if name in values else _not_given(layer, name)
        held = [*(cell_value(one) for one in frame[name]), value]
        columns[name] = column_like(held, frame[name]).set_axis(index)
    shapes = [*frame.geometry, shape]
    made = gpd.GeoDataFrame(columns, index=index, geometry=shapes, crs=frame.crs)
    made = made.rename_geometry(frame.geometry.name) if frame.geometry.name != "geometry" else made
    return made[list(frame.columns)]


def _is_number(column: pd.Series) -> bool:
    return column.dtype.kind in "iuf"


def _field(layer: Layer, column: str) -> Field | None:
    fields = role_named(layer.role).fields
    return next((field for field in fields if field.name == column), None)


def _checked_number(layer: Layer, key: str, column: str, value: Value) -> Value:
    if value is None:
        return None
    if isinstance(value, bool | str) or not math.isfinite(value):
        raise edit_error(layer, key, f"{column} must be a number, not {value!r}")
    field = _field(layer, column)
    if field is not None and field.kind == "count" and value < 0:
        raise edit_error(layer, key, f"{column} is {value:g}; {field.unit} cannot be negative")
    if column == "levels" and not MIN_LEVELS <= value <= MAX_LEVELS:
        raise edit_error(
            layer, key, f"{value:g} storeys are not from {MIN_LEVELS:g} to {MAX_LEVELS:g}"
        )
    return float(value)


def _not_given(layer: Layer, column: str) -> Value:
    """What a file without the column has: nothing known, nothing restricted, lived in."""
    held, field = layer.frame[column], _field(layer, column)
    if field is not None and field.kind == "flag":
        return field.declared in {"values", "use"} and not field.restricts
    return "" if str(held.dtype) == "str" and not held.isna().any() else None
