"""GeoParquet, with whatever nested columns it has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.sources._box import wide_box
from urbanlayer.sources._choose import named
from urbanlayer.sources._columns import whole_numbers
from urbanlayer.sources._wkb import shapes_of

if TYPE_CHECKING:
    import geopandas as gpd
    import pyarrow as pa
    import pyarrow.compute as pc

    from urbanlayer.model.note import Note
    from urbanlayer.model.source import BoxOptions, Request

MAX_ROWS = 10_000_000


def read_parquet(request: Request[BoxOptions]) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """The features of a GeoParquet file; maps and structures become columns `field:part`.

    Raises
    ------
    SourceError
        If it is no Parquet file, or says nothing of a geometry.
    """
    import geopandas as gpd
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        geo = json.loads((pq.read_schema(request.path).metadata or {}).get(b"geo", b"{}"))
        column = geo.get("primary_column")
        within = _in_box(geo, request)
        _check_size(request, within)
        table = pq.read_table(request.path, filters=within)
    except (pa.ArrowException, OSError) as error:
        raise SourceError(
            f"{named(request)}: it is no Parquet file, or it was cut short; look at what it is"
        ) from error
    if column is None or column not in table.column_names:
        raise SourceError(
            f"{named(request)}: it is Parquet without geometry; save it as GeoParquet"
        )
    about = geo["columns"][column]
    if str(about.get("encoding", "WKB")).upper() != "WKB":
        raise SourceError(f"{named(request)}: its geometry is not WKB; save it with encoding WKB")
    shapes = shapes_of(table[column].to_numpy(zero_copy_only=False))
    shapes_columns = {column, *geo["columns"]}  # a file may have several, one of them primary
    fields = [name for name in table.column_names if not _is_index(name)]
    fields = [name for name in fields if name not in shapes_columns]
    columns = {part: values for name in fields for part, values in _flat(name, table[name])}
    frame = gpd.GeoDataFrame(_frame(columns, table.num_rows), geometry=shapes, crs=_crs(about))
    return frame, ()


def _check_size(request: Request[BoxOptions], within: pc.Expression | None) -> None:
    """Raise if more rows are asked for than any layer of a city has: equal rows pack to nothing.

    Raises
    ------
    SourceError
        With the number of rows.
    """
    import pyarrow.dataset as ds

    rows = ds.dataset(request.path, format="parquet").count_rows(filter=within)
    if rows > MAX_ROWS:
        raise SourceError(
            f"{named(request)}: it holds {rows:,} rows, and no layer of a city has more than "
            f"{MAX_ROWS:,}; cut it to the city"
        )


def _in_box(geo: dict[str, Any], request: Request[BoxOptions]) -> Any:  # noqa: ANN401  (Arrow's expression)
    """What rows to read: those whose bounds, which GeoParquet 1.1 may keep, reach into the box."""
    import pyarrow.dataset as ds

    about = geo.get("columns", {}).get(geo.get("primary_column"), {})
    covering = about.get("covering", {}).get("bbox")
    box = wide_box(request)
    crs = _crs(about)
    if box is None or covering is None or crs is None or not crs.is_geographic:
        return None
    west, south, east, north = box
    edges = {edge: ds.field(*path) for edge, path in covering.items()}
    return (
        (edges["xmin"] <= east)
        & (edges["xmax"] >= west)
        & (edges["ymin"] <= north)
        & (edges["ymax"] >= south)
    )


def _flat(name: str, column: pa.ChunkedArray) -> list[tuple[str, pa.ChunkedArray]]:
    """A column, or the parts of one that is a structure; maps are written as JSON."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_struct(kind):
        names = [kind.field(number).name for number in range(kind.num_fields)]
        parts = [(f"{name}:{part}", pc.struct_field(column, part)) for part in names]
        return [leaf for part, values in parts for leaf in _flat(part, values)]
    if pa.types.is_map(kind):
        texts = [None if row is None else json.dumps(dict(row)) for row in column.to_pylist()]
        return [(name, pa.chunked_array([pa.array(texts, pa.string())]))]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        texts = [None if row is None else ";".join(map(str, row)) for row in column.to_pylist()]
        return [(name, pa.chunked_array([pa.array(texts, pa.string())]))]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return []  # pictures, or shapes that the metadata does not list
    return [(name, column)]


def _frame(columns: dict[str, pa.ChunkedArray], rows: int) -> Any:  # noqa: ANN401
    import pandas as pd
    import pyarrow as pa

    plain = dict(whole_numbers(pa.table(columns)).items())
    for name, column in plain.items():
        if isinstance(column.dtype, pd.CategoricalDtype):
            plain[name] = column.astype("str")
    return pd.DataFrame(plain, index=pd.RangeIndex(rows))


def _crs(about: dict[str, Any]) -> Any:  # noqa: ANN401
    """The CRS of the metadata; GeoParquet means longitude and latitude where it says none."""
    from pyproj import CRS

    if "crs" not in about:
        return CRS.from_user_input("OGC:CRS84")
    return None if about["crs"] is None else CRS.from_user_input(about["crs"])


def _is_index(name: str) -> bool:
    return name.startswith("__index_level_")
