"""Notes without keys, names, values and coordinates, or without those that tell of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.note import Listing, Note
from urbanlayer.text.personal import LEFT_OUT, is_personal

if TYPE_CHECKING:
    from urbanlayer.model.note import NoteValue

_FROM_THE_DATA = frozenset({"day_first", "example", "examples", "month_first", "tag", "why"})
"""Placeholders that hold values of single features, or where on earth one is wrong."""
_OF_TABLES = frozenset({"join-keys-alike", "join-rows-left"})
"""Codes of notes whose names are keys of a joined table, of what no layer has."""


def without_names(note: Note) -> Note:
    """The note without what it says of single features; counts, columns and codes stay."""
    return Note(note.code, tuple((name, _redacted(name, value)) for name, value in note.values))


def without_persons(note: Note) -> Note:
    """The note without values of features that tell who a person is."""
    public = note.code not in _OF_TABLES
    values = ((name, _impersonal(name, value, public=public)) for name, value in note.values)
    return Note(note.code, tuple(values))


def _impersonal(name: str, value: NoteValue, *, public: bool) -> NoteValue:
    """A value without what tells of a person; `public`: names and keys of features may be names."""
    if isinstance(value, Note):
        return without_persons(value)
    honoured = public and name not in _FROM_THE_DATA
    if isinstance(value, Listing):
        kept = tuple(one for one in value.names if not is_personal(one, honoured=honoured))
        return Listing(kept, value.more + len(value.names) - len(kept))
    told = isinstance(value, str) and name in _FROM_THE_DATA and is_personal(value)
    return LEFT_OUT if told else value


def _redacted(name: str, value: NoteValue) -> NoteValue:
    if isinstance(value, Note):
        return without_names(value)
    if isinstance(value, Listing):
        return Listing((), len(value.names) + value.more)
    return LEFT_OUT if name in _FROM_THE_DATA else value
