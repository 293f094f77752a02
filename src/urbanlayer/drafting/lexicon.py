"""Words by which files, columns and values are recognised, in the languages of `lexicon.toml`."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from typing import TYPE_CHECKING

from urbanlayer.text.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MIN_BEGINNING = 3
"""Letters of a beginning of a word; shorter words are compared whole."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name, in small Latin letters without marks.

    Parameters
    ----------
    text
        Name of a file, a layer or a column, or a value: `JavneSluzbe_2024` has three words.
    """
    apart = "".join(
        f" {sign}" if before.islower() and sign.isupper() else sign
        for before, sign in zip(" " + text, text, strict=False)
    )
    return tuple(word for word in slug(apart).split("-") if word)


def match_length(text: str, section: str, entry: str) -> int:
    """Letters of the longest entry of the lexicon that stands in a text; 0 where none does.

    Parameters
    ----------
    text
        Any name or value.
    section, entry
        A table of the lexicon, and the list in it.
    """
    words = words_of(text)
    return max((_length(words, one) for one in lexicon()[section][entry]), default=0)


def best_entry(text: str, section: str, entries: Iterable[str] | None = None) -> tuple[str, int]:
    """The entry whose words fit a text best, with the letters that fit; empty where two do alike.

    Parameters
    ----------
    text
        Any name or value.
    section
        A table of the lexicon.
    entries
        Its lists that come into question; all if not given.
    """
    table = lexicon()[section]
    lengths = {
        entry: match_length(text, section, entry)
        for entry in (table if entries is None else entries)
        if entry in table
    }
    most = max(lengths.values(), default=0)
    best = [entry for entry, length in lengths.items() if length == most]
    return (best[0], most) if most and len(best) == 1 else ("", 0)


def _length(words: tuple[str, ...], pattern: str) -> int:
    whole = pattern.startswith("=")
    parts = pattern.removeprefix("=").split("-")
    for start in range(len(words) - len(parts) + 1):
        *before, last = words[start : start + len(parts)]
        *heads, end = parts
        fits = all(_begins(word, head) for word, head in zip(before, heads, strict=True))
        if fits and (last == end if whole else _begins(last, end)):
            return sum(map(len, parts))
    return 0


def _begins(word: str, beginning: str) -> bool:
    if len(beginning) < MIN_BEGINNING:
        return word == beginning
    return word.startswith(beginning)


@functools.cache
def lexicon() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Every table of `lexicon.toml`."""
    text = importlib.resources.files("urbanlayer.drafting").joinpath("lexicon.toml")
    tables = tomllib.loads(text.read_text(encoding="utf-8"))
    return {
        section: {entry: tuple(words) for entry, words in table.items()}
        for section, table in tables.items()
    }
