"""The nearest known word to one that was written, for messages that say what would be right."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MIN_SIMILARITY = 0.6
"""Share of letters in common from which a word is a likely slip of another."""
MAX_LISTED = 12


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like it; None where none is.

    Examples
    --------
    >>> nearest_word("coverage_wihtin", ["coverage_within", "green_300"])
    'coverage_within'
    """
    return next(
        iter(difflib.get_close_matches(word, list(known), n=1, cutoff=MIN_SIMILARITY)), None
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message about a word that is not known: the nearest one, else what there is.

    Examples
    --------
    >>> did_you_mean("shool", ["school", "stop"])
    "; did you mean 'school'?"
    >>> did_you_mean("x", ["school", "stop"])
    '; known: school, stop'
    """
    known = list(known)
    near = nearest_word(word, known)
    if near:
        return f"; did you mean {near!r}?"
    more = f" … ({len(known)} in all)" if len(known) > MAX_LISTED else ""
    return f"; known: {', '.join(known[:MAX_LISTED])}{more}"
