"""Notes on a layer whose features are not shown: without keys, names, values and coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.note import Listing, Note

if TYPE_CHECKING:
    from urbanlayer.model.note import NoteValue

_FROM_THE_DATA = frozenset({"day_first", "example", "examples", "month_first", "tag", "why"})
"""Placeholders that hold values of single features, or where on earth one is wrong."""
LEFT_OUT = "…"


def without_names(note: Note) -> Note:
    """The note without what it says of single features; counts, columns and codes stay."""
    return Note(note.code, tuple((name, _redacted(name, value)) for name, value in note.values))


def _redacted(name: str, value: NoteValue) -> NoteValue:
    if isinstance(value, Note):
        return without_names(value)
    if isinstance(value, Listing):
        return Listing((), len(value.names) + value.more)
    return LEFT_OUT if name in _FROM_THE_DATA else value
