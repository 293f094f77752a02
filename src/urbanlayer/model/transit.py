"""Questions asked of the timetable, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

P25, P50, P75 = 25.0, 50.0, 75.0
"""Per cent of the minutes of a window in which a time is kept to."""


@dataclass(frozen=True, slots=True)
class TransitQuery:
    """How many of these does each resident place reach by public transport and on foot?

    Attributes
    ----------
    target
        Role of the layer: `school`, `jobs` …
    within_min
        Minutes from door to door, waiting counted.
    amount
        Column of the layer that is summed up; empty: each counts 1.
    since_h, until_h
        First and last departure from home: every minute between them counts the same.
    speed_factor
        How fast people walk, as a share of their usual speed: 0.9 is a tenth slower.
    """

    target: str
    within_min: float
    amount: str = ""
    since_h: float = 7.0
    until_h: float = 9.0
    speed_factor: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class TransitResult:
    """What each of n resident places reaches in time.

    Attributes
    ----------
    p50
        (n,) what is reached within the time in at least half of the minutes of the window.
    mostly, rarely
        (n,) the same in three quarters, and in a quarter, of the minutes.
    """

    p50: NDArray[np.float64]
    p75: NDArray[np.float64]
    p25: NDArray[np.float64]


class Transit(Mapping[TransitQuery, TransitResult]):
    """The answers of the timetable, read only; each question was answered once.

    Attributes
    ----------
    notes
        What was not known and how it was taken, each a sentence.
    """

    __slots__ = ("_answers", "notes")

    def __init__(
        self, answers: Mapping[TransitQuery, TransitResult], notes: tuple[str, ...] = ()
    ) -> None:
        self._answers = dict(answers)
        self.notes = notes

    def __getitem__(self, network_query: TransitQuery) -> TransitResult:
        return self._answers[network_query]

    def __iter__(self) -> Iterator[TransitQuery]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)
