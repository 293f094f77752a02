"""Names of columns that count some of the people, and of those that count all."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise

from urbanlayer.drafting.lexicon import match_length, words_of

_REFERENCE_DAYS = frozenset({(1, 1), (31, 12), (30, 6), (1, 7), (31, 3), (1, 10)})
"""Day and month at which offices count people; `31_12_2023` is no range of ages."""
_AGES_ALONE = range(27, 90)
"""Of numbers of two digits, those that are hardly a year: `popis_21` is of 2021."""
_LIMITS = frozenset(
    ("u", "o", "under", "over", "do", "od", "iznad", "ispod", "unter", "uber", "ab", "plus")
)
"""Words before or after an age."""


def counts_a_part(column: str) -> bool:
    """Whether a column counts women, an age, households, a forecast: not all people there are.

    Parameters
    ----------
    column
        Its name.

    Examples
    --------
    >>> counts_a_part("stanovnika_0_14"), counts_a_part("stanovnika_31_12_2023")
    (True, False)
    """
    years = [int(year) for year in re.findall(r"(?:19|20)\d\d", column)]
    ahead = max(years, default=0) > dt.datetime.now(dt.UTC).year
    return ahead or match_length(column, "columns", "part") > 0 or _has_ages(column)


def is_total(column: str) -> bool:
    """Whether a column is the total of a table, and of nothing that it names.

    Parameters
    ----------
    column
        Its name.

    Examples
    --------
    >>> is_total("Ukupno 2023"), is_total("Ukupno stanova")
    (True, False)
    """
    entries = ("total", "of_people", "residents")
    plain = [
        word.isdecimal() or any(match_length(word, "columns", entry) for entry in entries)
        for word in words_of(column)
    ]
    total = match_length(column, "columns", "total") > 0
    return total and all(plain) and not counts_a_part(column)


def _has_ages(column: str) -> bool:
    """Whether a name has a range of ages, or one age with a limit."""
    words = words_of(column)
    if re.search(r"\d\s*\+", column) or any(_is_age_with_limit(word) for word in words):
        return True
    if any(one in _LIMITS and two.isdecimal() for one, two in pairwise(words)):
        return True
    ages = [word for word in words if re.fullmatch(r"\d{1,2}", word)]
    if len(ages) == 1:
        return int(ages[0]) in _AGES_ALONE or words[-1] in _LIMITS
    dated = any(re.fullmatch(r"(?:19|20)\d\d", word) for word in words)
    day = (int(ages[0]), int(ages[1])) if ages else (0, 0)
    return bool(ages) and not (dated and {day, day[::-1]} & _REFERENCE_DAYS)


def _is_age_with_limit(word: str) -> bool:
    """Whether a word is like `65plus`, `u18` or `pop0014`."""
    if re.fullmatch(r"\D*\d{1,2}(?:plus|p)|[uo]\d{1,2}", word):
        return True
    glued = re.fullmatch(r"\D+(\d\d)(\d\d)", word)
    return glued is not None and glued[1] not in {"19", "20"} and glued[1] < glued[2]
