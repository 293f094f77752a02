"""The nearest known word to a misspelt one, for error messages."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MIN_SIMILARITY = 0.6
"""Minimum similarity (difflib ratio) of a suggestion."""
MAX_LISTED = 12


def nearest_word(
    word: str, known: Iterable[str], *, min_similarity: float = MIN_SIMILARITY
) -> str | None:
    """The most similar known word, whatever its case; None if none is similar enough.

    Examples
    --------
    >>> nearest_word("coverage_wihtin", ["coverage_within", "green_300"])
    'coverage_within'
    """
    folded = {other.casefold(): other for other in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=min_similarity)
    return folded[near[0]] if near else None


def nearest_first(word: str, known: Iterable[str]) -> list[str]:
    """The known words, the most similar first; those that are alike in the order given.

    Examples
    --------
    >>> nearest_first("bus_stop", ["school", "stop"])
    ['stop', 'school']
    """
    matcher = difflib.SequenceMatcher(b=word.casefold())

    def likeness(one: str) -> float:
        matcher.set_seq1(one.casefold())
        return matcher.ratio()

    return sorted(known, key=likeness, reverse=True)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message on an unknown word: the nearest known one, else all, by likeness.

    Examples
    --------
    >>> did_you_mean("shool", ["school", "stop"])
    "; did you mean 'school'?"
    >>> did_you_mean("x", ["school", "stop"])
    '; known: school, stop'
    """
    known = list(known)
    if not known:
        return "; there are none"
    near = nearest_word(word, known)
    if near:
        return f"; did you mean {near!r}?"
    more = f" … ({len(known)} in all)" if len(known) > MAX_LISTED else ""
    return f"; known: {', '.join(nearest_first(word, known)[:MAX_LISTED])}{more}"
