"""Notes and warnings as they may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.note import Note
from urbanlayer.publish.disclosure.features import counted_roles
from urbanlayer.publish.disclosure.redaction import without_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from urbanlayer.model.publication import Publication


def disclosed_notes(notes: Iterable[Note], publication: Publication) -> Iterator[Note]:
    """The notes as they may be shown: of layers that are not shown nothing on single features.

    Parameters
    ----------
    notes
        As the stages report them, wrapped in what they are about.
    publication
        Whose layers they are about.
    """
    if publication.spec.publish.exact:
        yield from notes
        return
    counted = counted_roles(publication)
    yield from (_of_shown_layers(note, counted) for note in notes)


def _of_shown_layers(note: Note, counted: frozenset[str]) -> Note:
    if any(name == "layer" and value in counted for name, value in note.values):
        return without_names(note)
    inner = (
        (name, _of_shown_layers(value, counted) if isinstance(value, Note) else value)
        for name, value in note.values
    )
    return Note(note.code, tuple(inner))
