"""Opening hours in OpenStreetMap's notation: open late on a working day?

Covers the part of the notation that municipal lists use: rules separated by `;`, days (`Mo-Fr`,
`Sa`), times (`08:00-12:00,17:00-20:00`), `24/7`, `off`. A later rule overrides an earlier one on
its days.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

WORKING_DAYS = frozenset(range(5))
MINUTES = 60
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_RULE = re.compile(r"^(?P<days>[a-z, -]*?):?\s*(?P<times>(\d.*)?|off|closed)$")
_BETWEEN_RULES = re.compile(r";|(?<=\d)\s*,\s*(?=[a-z])")
_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


def open_after(texts: Iterable[str], hour: float) -> NDArray[np.bool_]:
    """(n,) True if open at some time after an hour on at least one working day.

    Parameters
    ----------
    texts
        (n,) opening hours; an unreadable or empty text counts as not open.
    hour
        Hour of the day, 16.5 for half past four; closing at that hour is not open after it.

    Examples
    --------
    >>> open_after(["Mo-Fr 07:00-15:00", "Mo-Fr 07:00-20:00; Sa 08:00-14:00", ""], 16).tolist()
    [False, True, False]
    """
    limit = hour * MINUTES
    return np.array([_open(str(text), limit) for text in texts], dtype=bool)


def _open(text: str, limit: float) -> bool:
    written = text.strip().casefold()
    if written == "24/7":
        return True
    closes: dict[int, float] = {}
    for rule in filter(None, (part.strip() for part in _BETWEEN_RULES.split(written))):
        found = _RULE.match(rule)
        if found is None:
            return False
        latest = max(_closing(found["times"]), default=0.0)
        closes |= dict.fromkeys(_days(found["days"]), latest)
    return any(closes.get(day, 0.0) > limit for day in WORKING_DAYS)


def _closing(times: str) -> Iterator[float]:
    """End of each time span, in minutes after midnight; above 1,440 on the next day."""
    for begin_h, begin_min, end_h, end_min in _TIMES.findall(times):
        begin = int(begin_h) * MINUTES + int(begin_min)
        end = int(end_h) * MINUTES + int(end_min)
        yield float(end if end > begin else end + 24 * MINUTES)


def _days(text: str) -> Iterator[int]:
    """The days of a rule, Monday 0; all days if it names none."""
    named = [part.strip() for part in text.split(",") if part.strip()]
    if not named:
        yield from range(len(_DAYS))
    for part in named:
        first, _, last = (piece.strip() for piece in part.partition("-"))
        if first in _DAYS and (not last or last in _DAYS):
            begin = _DAYS.index(first)
            end = _DAYS.index(last or first)
            yield from ((begin + step) % 7 for step in range((end - begin) % 7 + 1))
