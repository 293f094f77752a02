"""Notes without keys, names, values and coordinates, or without those that tell of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.note import Listing, Note
from urbanlayer.text.personal import personal_content

if TYPE_CHECKING:
    from urbanlayer.model.note import NoteValue

_FROM_THE_DATA = frozenset({"day_first", "example", "examples", "month_first", "tag", "why"})
"""Placeholders that hold values of single features, or where on earth one is wrong."""
LEFT_OUT = "…"


def without_names(note: Note) -> Note:
    """The note without what it says of single features; counts, columns and codes stay."""
    return Note(note.code, tuple((name, _redacted(name, value)) for name, value in note.values))


def without_persons(note: Note) -> Note:
    """The note without values of features that tell who a person is."""
    return Note(note.code, tuple((name, _impersonal(name, value)) for name, value in note.values))


def _impersonal(name: str, value: NoteValue) -> NoteValue:
    if isinstance(value, Note):
        return without_persons(value)
    if name not in _FROM_THE_DATA:
        return value
    if isinstance(value, Listing):
        kept = tuple(one for one in value.names if not _is_personal(one))
        return Listing(kept, value.more + len(value.names) - len(kept))
    return LEFT_OUT if isinstance(value, str) and _is_personal(value) else value


def _is_personal(text: str) -> bool:
    return personal_content([text], column="", honoured=False) is not None


def _redacted(name: str, value: NoteValue) -> NoteValue:
    if isinstance(value, Note):
        return without_names(value)
    if isinstance(value, Listing):
        return Listing((), len(value.names) + value.more)
    return LEFT_OUT if name in _FROM_THE_DATA else value
