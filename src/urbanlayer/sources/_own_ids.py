"""Ids of objects as the file of an editor has them, where a copy was read with others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.model.note import Listing, Note
from urbanlayer.sources._confined.edited import NEW_FROM

if TYPE_CHECKING:
    from urbanlayer.model.layer import RawLayer
    from urbanlayer.model.note import NoteValue


def with_own_ids(raw: RawLayer) -> RawLayer:
    """A layer of a copy, with the ids that its objects have in the file of the editor."""
    excluded = tuple(
        replace(item, feature=_own(item.feature), detail=_own_note(item.detail))
        for item in raw.excluded
    )
    frame = raw.frame.set_axis(raw.frame.index.map(_own), axis="index")
    return replace(
        raw, frame=frame, excluded=excluded, notes=tuple(_own_note(note) for note in raw.notes)
    )


def _own(label: str) -> str:
    kind, _, number = label.partition("/")
    if not number.isdecimal() or int(number) < NEW_FROM:
        return label
    return f"{kind}/{NEW_FROM - int(number)}"


def _own_note(note: Note) -> Note:
    return Note(note.code, tuple((name, _own_value(value)) for name, value in note.values))


def _own_value(value: NoteValue) -> NoteValue:
    if isinstance(value, Note):
        return _own_note(value)
    if isinstance(value, Listing):
        return replace(value, names=tuple(_own(name) for name in value.names))
    return _own(value) if isinstance(value, str) else value
