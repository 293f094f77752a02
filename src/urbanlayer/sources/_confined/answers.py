"""What a job answers, and what of it goes through JSON: notes and their values."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Listing, Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from urbanlayer.model.note import NoteValue

Answer = tuple[dict[str, Any], "Sequence[pa.Table]"]
"""What can be written as JSON, and tables."""
MAX_ROWS, MAX_COLUMNS = 10_000_000, 10_000
MAX_TABLE_BYTES = 2_000_000_000


def checked(table: pa.Table, layer_name: str, *, max_rows: int = MAX_ROWS) -> pa.Table:
    """The table, if it is no larger than any layer of a city is, and its values are sound.

    Parameters
    ----------
    table
        Decoded: its bytes are those that the parent gets.
    layer_name
        How messages call the layer.
    max_rows
        That it may have.

    Raises
    ------
    SourceError
        With what there is too much of, or the column that holds what it cannot.
    """
    if table.num_columns > MAX_COLUMNS:
        raise SourceError(
            f"{layer_name}: it holds {table.num_columns:,} columns, and no layer of a city has "
            "more than "
            f"{MAX_COLUMNS:,}; keep those that are needed"
        )
    if table.num_rows > max_rows:
        raise SourceError(too_many_rows(layer_name, table.num_rows, max_rows))
    if table.nbytes > MAX_TABLE_BYTES:
        raise SourceError(
            f"{layer_name}: it unfolds to {table.nbytes / 1e9:,.1f} GB, and no layer of a city "
            "has more "
            f"than {MAX_TABLE_BYTES / 1e9:g} GB; cut it to the city"
        )
    _check_values(table, layer_name)
    return table


def _check_values(table: pa.Table, layer_name: str) -> None:
    """Raise where texts are not UTF-8, or lengths lie: a Parquet file has no checksums."""
    import pyarrow as pa

    for name in table.column_names:
        try:
            table[name].validate(full=True)
        except pa.ArrowInvalid as error:
            raise SourceError(
                f"{layer_name}: its column {name!r} is damaged ({error}); copy it again"
            ) from error


def too_many_rows(layer_name: str, rows: int, most: int = MAX_ROWS) -> str:
    """The error of a layer with more rows than any has."""
    return (
        f"{layer_name}: it holds {rows:,} rows, and no layer of a city has more than {most:,}; "
        "cut it to the city"
    )


def note_as_json(note: Note) -> dict[str, Any]:
    """A note as JSON can hold it."""
    return {"code": note.code, "values": {name: _as_json(value) for name, value in note.values}}


def note_of_json(record: dict[str, Any]) -> Note:
    """The note that `note_as_json` wrote."""
    return Note.of(
        record["code"], **{name: _of_json(value) for name, value in record["values"].items()}
    )


def _as_json(value: NoteValue) -> Any:  # noqa: ANN401  (what JSON can hold)
    if isinstance(value, Note):
        return {"note": note_as_json(value)}
    if isinstance(value, Listing):
        return {"names": value.names, "more": value.more}
    return {"day": value.isoformat()} if isinstance(value, dt.date) else value


def _of_json(value: Any) -> NoteValue:  # noqa: ANN401  (what JSON can hold)
    if not isinstance(value, dict):
        plain: NoteValue = value
        return plain
    if "note" in value:
        return note_of_json(value["note"])
    if "names" in value:
        return Listing(tuple(value["names"]), value["more"])
    return dt.date.fromisoformat(value["day"])
