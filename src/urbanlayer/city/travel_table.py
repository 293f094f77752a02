"""Origin–destination tables: who reaches what at what cost, as Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from urbanlayer.measure.pairs import Pairs

ROWS_AT_ONCE = 1_000_000


def write_travel_table(
    pairs: Pairs,
    path: Path,
    *,
    place_keys: NDArray[np.str_],
    target_keys: NDArray[np.str_],
    cost_name: str = "distance_m",
) -> None:
    """Write pairs as a table of `from`, `to` and their cost; only those that are reached.

    Keys are kept as dictionaries, and rows written a million at a time, so that a table of any
    length fits.

    Parameters
    ----------
    pairs
        By place and then by target.
    path
        File to write; it is replaced.
    place_keys, target_keys
        Keys of the places and the targets, by row.
    cost_name
        Column of the cost, with its unit.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    keys = [pa.array(names.tolist(), pa.string()) for names in (place_keys, target_keys)]
    kind = pa.dictionary(pa.int32(), pa.string())
    schema = pa.schema([("from", kind), ("to", kind), (cost_name, pa.float64())])
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        for begin in range(0, max(len(pairs), 1), ROWS_AT_ONCE):
            rows = slice(begin, begin + ROWS_AT_ONCE)
            ends = [
                pa.DictionaryArray.from_arrays(pa.array(codes[rows].astype(np.int32)), names)
                for codes, names in zip((pairs.place, pairs.target), keys, strict=True)
            ]
            file.write_table(pa.table([*ends, pa.array(pairs.cost[rows])], schema=schema))
