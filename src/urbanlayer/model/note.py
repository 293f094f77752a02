"""What a stage reports of its data: a code with values, worded where it is shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 5
"""Names that a listing shows; the number of the others follows."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The first few of many names, and how many more there are."""

    names: tuple[str, ...]
    more: int = 0

    @classmethod
    def of(cls, names: Iterable[object]) -> Listing:
        """A listing of at most `SHOWN` names, in their order."""
        every = [str(name) for name in names]
        return cls(tuple(every[:SHOWN]), max(0, len(every) - SHOWN))


NoteValue = Union[str, float, dt.date, Listing, "Note"]
"""A text as it stands in the data, a number, a day, names, or another note.

Numbers are rounded to what is shown; `share` is from 0 to 1.
"""


@dataclass(frozen=True, slots=True)
class Note:
    """A note, warning, reason or fix, in no language yet.

    Attributes
    ----------
    code
        `streets-joined`; the catalogues word it as `note.streets-joined`.
    values
        Name and value of each placeholder, sorted by name.
    """

    code: str
    values: tuple[tuple[str, NoteValue], ...] = ()

    @classmethod
    def of(cls, code: str, **values: NoteValue) -> Note:
        """A note of its code and the values of its placeholders."""
        return cls(code, tuple(sorted(values.items(), key=lambda pair: pair[0])))
