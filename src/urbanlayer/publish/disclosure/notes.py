"""Notes and warnings as they may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.note import Note
from urbanlayer.publish.disclosure.counts import least, rounded_total
from urbanlayer.publish.disclosure.features import counted_roles
from urbanlayer.publish.disclosure.redaction import without_names, without_persons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from urbanlayer.model.note import NoteValue
    from urbanlayer.model.publication import Publication


_PEOPLE = {
    "census-kept": ("census",),
    "census-spread": ("count",),
    "group-unallocated": ("count", "total"),
    "people-in-gaps": ("count",),
    "people-on-overlaps": ("count",),
    "people-outside": ("count",),
    "people-without-home": ("count",),
    "residents-cut-off": ("count",),
    "residents-far": ("count",),
    "second-source": ("count", "people", "second_people"),
    "total-unused": ("people",),
}
"""Codes of notes to their placeholders that are counts of people."""
_FACTORS = {"scaled-to-total": ("factor", 3)}
"""Codes of notes to the placeholder with a sum of people, and the digits it may have."""
_OF_FEATURES = frozenset({"capacity-cut-off"})
"""Codes of notes that name values of single features."""


def disclosed_notes(notes: Iterable[Note], publication: Publication) -> Iterator[Note]:
    """The notes as they may be shown.

    Of layers that are not shown nothing on single features; counts of people to the nearest twenty.
    A note on few people is left out as one on nobody is.

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
    small = least(publication.spec.publish.suppress_below)
    for note in notes:
        if _is_of_suppressed_features(note, counted):
            continue
        shown = _of_published_people(without_persons(_of_shown_layers(note, counted)), small)
        if shown is not None:
            yield shown


def _is_of_suppressed_features(
    note: Note, counted: frozenset[str], *, inside: bool = False
) -> bool:
    """Whether a note names values of features of a layer that is not shown."""
    inside |= any(name == "layer" and value in counted for name, value in note.values)
    if inside and note.code in _OF_FEATURES:
        return True
    return any(
        isinstance(value, Note) and _is_of_suppressed_features(value, counted, inside=inside)
        for _, value in note.values
    )


def _of_published_people(note: Note, small: int) -> Note | None:
    """The note with published counts of people; None where it holds a small count alone."""
    values: list[tuple[str, NoteValue]] = []
    for name, value in note.values:
        shown: NoteValue | None = value
        if isinstance(value, Note):
            shown = _of_published_people(value, small)
        elif isinstance(value, int | float) and name in _PEOPLE.get(note.code, ()):
            count = round(rounded_total(value, small))
            shown = count if count or name != "count" or len(_PEOPLE[note.code]) > 1 else None
        elif isinstance(value, int | float) and name == _FACTORS.get(note.code, ("",))[0]:
            shown = float(f"{value:.{_FACTORS[note.code][1]}g}")
        if shown is None:
            return None
        values.append((name, shown))
    return Note(note.code, tuple(values))


def _of_shown_layers(note: Note, counted: frozenset[str]) -> Note:
    if any(name == "layer" and value in counted for name, value in note.values):
        return without_names(note)
    inner = (
        (name, _of_shown_layers(value, counted) if isinstance(value, Note) else value)
        for name, value in note.values
    )
    return Note(note.code, tuple(inner))
