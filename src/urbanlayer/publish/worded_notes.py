"""Notes of the stages as sentences, in one language."""

from __future__ import annotations

import datetime as dt
import numbers
from typing import TYPE_CHECKING

from babel.dates import format_date

from urbanlayer.model.note import Listing, Note
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from urbanlayer.model.note import NoteValue

_DECIMALS = 6


def worded(note: Note, words: Words) -> str:
    """A note as a sentence in the language of the words.

    Parameters
    ----------
    note
        Its code names the entry `note.<code>`; a plug-in's code without an entry becomes readable
        words, followed by its values.
    words
        Of one language.

    Returns
    -------
    str
        Plain text, not markup.
    """
    values = {name: _value(name, value, words) for name, value in note.values}
    key = f"note.{note.code}"
    if not words.has(key):
        return ": ".join([words.text(note.code), *values.values()])
    if key in words.plurals:
        return words.text(key, **values | {"count": dict(note.values)["count"]})
    return words.text(key, **values)


def in_english(notes: Iterable[Note]) -> list[str]:
    """Notes as English sentences: for the command, `run.json` and tables."""
    words = Words.for_language("en")
    return [worded(note, words) for note in notes]


def _value(name: str, value: NoteValue, words: Words) -> str:
    if isinstance(value, Note):
        return worded(value, words)
    if isinstance(value, Listing):
        names = ", ".join(value.names)
        more = words.number(value.more)
        if value.more and not value.names:
            return words.text("list.not-named", number=more)
        return words.text("list.and-more", names=names, number=more) if value.more else names
    if isinstance(value, dt.date):
        weekday = format_date(value, "EEEE", locale=words.locale)
        return f"{weekday} {value.isoformat()}"
    if isinstance(value, str):
        return value
    return words.percent(value) if name == "share" else _number(value, words)


def _number(value: float, words: Words) -> str:
    """A number with the decimals that it has."""
    if isinstance(value, numbers.Integral):
        return words.number(value)
    decimals = f"{value:.{_DECIMALS}f}".rstrip("0").partition(".")[2]
    return words.number(value, len(decimals))
