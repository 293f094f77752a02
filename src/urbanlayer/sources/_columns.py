"""Columns as pandas has them, with whole numbers that stay whole next to missing values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import pyarrow as pa

MAX_EXACT = 2**53
"""Up to here float64 holds every whole number (IEEE 754, binary64)."""


def whole_numbers(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame; Int64 or UInt64 where float64 would round whole numbers.

    Parameters
    ----------
    table
        Two columns may have one name.
    """
    import pandas as pd
    import pyarrow as pa

    frame: pd.DataFrame = table.to_pandas()
    for place in range(table.num_columns):
        column = table.column(place)
        if column.null_count and pa.types.is_integer(column.type) and _is_large(column):
            kind = "UInt64" if pa.types.is_unsigned_integer(column.type) else "Int64"
            frame.isetitem(place, pd.array(column.to_pylist(), dtype=kind))
    return frame


def frame_of_records(rows: Sequence[dict[str, Any]], index: pd.Index) -> pd.DataFrame:
    """Records of JSON as a frame; whole numbers beyond 2^53 next to missing values stay whole.

    Parameters
    ----------
    rows
        (n,) names with values.
    index
        (n,) labels.
    """
    import pandas as pd

    frame = pd.DataFrame.from_records(list(rows), index=index)
    for place, name in enumerate(frame.columns):
        if not pd.api.types.is_float_dtype(frame.dtypes.iloc[place]):
            continue
        values = [row.get(name) for row in rows]
        if any(isinstance(value, int) and abs(value) > MAX_EXACT for value in values):
            whole: pd.Series[Any] = pd.Series(values, index=index, dtype=object)
            frame = frame.assign(**{str(name): whole})
    return frame


def _is_large(column: pa.ChunkedArray) -> bool:
    import pyarrow.compute as pc

    ends = pc.min_max(column).as_py()
    return any(end is not None and abs(end) > MAX_EXACT for end in ends.values())
