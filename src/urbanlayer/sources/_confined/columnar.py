"""Jobs of the confined child: Parquet files, with whatever nested columns they have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.sources._confined.answers import MAX_COLUMNS, MAX_ROWS, checked, too_many_rows
from urbanlayer.sources._confined.nesting import check_wkb

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    import pyarrow.compute as pc

    from urbanlayer.sources._confined.answers import Answer

_MAX_DEPTH = 30
"""Structures within structures."""
_MAX_VALUES = 20_000_000
"""In the lists of a column."""


def parquet(path: str, layer_name: str, box: Sequence[float] | None) -> Answer:
    """The features of a GeoParquet file: flat columns, the geometry last, as WKB.

    Parameters
    ----------
    path
        Of the file.
    layer_name
        How messages call the layer.
    box
        West, south, east and north in degrees: rows outside may be left out.

    Raises
    ------
    SourceError
        It is no Parquet file, says nothing of a geometry, or is larger than any layer of a city.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            _check_size(file, layer_name)
            geo = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
            within = _in_box(geo, box)
            if within is None and file.metadata.num_rows > MAX_ROWS:
                raise SourceError(too_many_rows(layer_name, file.metadata.num_rows))
            table = file.read() if within is None else _rows_within(path, layer_name, within)
    except (MemoryError, RecursionError):
        raise
    except (pa.ArrowException, OSError) as error:
        raise SourceError(
            f"{layer_name}: it is no Parquet file, or it was cut short; look at what it is "
            f"({error})"
        ) from error
    column = geo.get("primary_column")
    if column is None or column not in table.column_names:
        raise SourceError(f"{layer_name}: it is Parquet without geometry; save it as GeoParquet")
    about = geo["columns"][column]
    if str(about.get("encoding", "WKB")).upper() != "WKB":
        raise SourceError(f"{layer_name}: its geometry is not WKB; save it with encoding WKB")
    shapes_columns = {column, *geo["columns"]}  # a file may have several, one of them primary
    fields = [name for name in table.column_names if not name.startswith("__index_level_")]
    fields = [name for name in fields if name not in shapes_columns]
    flat = {part: values for name in fields for part, values in _flat(name, table[name])}
    shapes = table[column].cast(pa.large_binary())
    check_wkb(shapes.to_numpy(), layer_name)
    whole = pa.table([*flat.values(), shapes], names=[*flat, column])
    return {"crs": about.get("crs", "OGC:CRS84"), "shape": column}, [checked(whole, layer_name)]


def tiles(path: str, layer_name: str, columns: Sequence[str], optional: str, prefix: str) -> Answer:
    """The rows of a Parquet file whose `quadkey` begins with some digits.

    Parameters
    ----------
    path
        Of the file.
    layer_name
        How messages call the layer.
    columns
        Those that must be there.
    optional
        One that is read if it is there.
    prefix
        The digits.

    Raises
    ------
    SourceError
        It is no Parquet file, or lacks a column.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        names = pq.read_schema(path).names
        missing = [name for name in columns if name not in names]
        if missing:
            raise SourceError(f"{layer_name}: it has no column {', '.join(missing)}")
        wanted = [*columns, *(name for name in (optional,) if name in names)]
        begins = pc.starts_with(pc.field("quadkey"), prefix)
        table = pq.read_table(path, columns=wanted, filters=begins)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{layer_name}: it is no Parquet file ({error})") from error
    return {}, [checked(table, layer_name)]


def _check_size(file: Any, layer_name: str) -> None:  # noqa: ANN401  (pyarrow has no types)
    if file.metadata.num_columns > MAX_COLUMNS:
        raise SourceError(
            f"{layer_name}: it holds {file.metadata.num_columns:,} columns, and no layer of a "
            "city has "
            f"more than {MAX_COLUMNS:,}; keep those that are needed"
        )
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    for column in range(file.metadata.num_columns):
        values = sum(group.column(column).num_values for group in groups)
        if values > max(_MAX_VALUES, file.metadata.num_rows):
            raise SourceError(
                f"{layer_name}: column {file.schema.column(column).path[:60]!r} lists {values:,} "
                "values; "
                "leave it out"
            )


def _rows_within(path: str, layer_name: str, within: pc.Expression) -> pa.Table:
    import pyarrow.dataset as ds

    found = ds.dataset(path, format="parquet")
    rows = found.count_rows(filter=within)
    if rows > MAX_ROWS:
        raise SourceError(too_many_rows(layer_name, rows))
    return found.to_table(filter=within)


def _in_box(geo: dict[str, Any], box: Sequence[float] | None) -> pc.Expression | None:
    """What rows to read: those whose bounds, which GeoParquet 1.1 may keep, reach into the box."""
    import pyarrow.compute as pc
    from pyproj import CRS

    about = geo.get("columns", {}).get(geo.get("primary_column"), {})
    covering = about.get("covering", {}).get("bbox")
    if box is None or covering is None:
        return None
    crs = about.get("crs", "OGC:CRS84")
    if crs is None or not CRS.from_user_input(crs).is_geographic:
        return None
    west, south, east, north = box
    edges = {edge: pc.field(*path) for edge, path in covering.items()}
    return (
        (edges["xmin"] <= east)
        & (edges["xmax"] >= west)
        & (edges["ymin"] <= north)
        & (edges["ymax"] >= south)
    )


def _flat(name: str, column: pa.ChunkedArray, depth: int = 0) -> list[tuple[str, pa.ChunkedArray]]:
    """A column, or the parts of one that is a structure; maps are written as JSON."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if depth > _MAX_DEPTH:
        raise ValueError(f"the column {name[:60]!r} holds structures within structures")
    if pa.types.is_struct(kind):
        names = [kind.field(number).name for number in range(kind.num_fields)]
        parts = [(f"{name}:{part}", pc.struct_field(column, part)) for part in names]
        return [leaf for part, values in parts for leaf in _flat(part, values, depth + 1)]
    if pa.types.is_dictionary(kind):
        return _flat(name, column.cast(kind.value_type), depth + 1)
    if pa.types.is_nested(kind):
        values = pc.sum(pc.list_value_length(column)).as_py() or 0
        if values > _MAX_VALUES:
            raise ValueError(f"the column {name[:60]!r} lists {values:,} values")
        write = _map_as_text if pa.types.is_map(kind) else _list_as_text
        texts = [None if row is None else write(row) for row in column.to_pylist()]
        return [(name, pa.chunked_array([pa.array(texts, pa.large_string())]))]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind):
        return []  # pictures, or shapes that the metadata does not list
    if pa.types.is_string_view(kind):  # many rows may share one text
        return [(name, column.cast(pa.large_string()))]
    return [(name, column)]


def _map_as_text(row: list[tuple[str, Any]]) -> str:
    return json.dumps(dict(row))


def _list_as_text(row: list[Any]) -> str:
    return ";".join(map(str, row))
