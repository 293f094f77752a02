"""Questions asked of the timetable, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

RARELY, USUALLY, MOSTLY = 25.0, 50.0, 75.0
"""Per cent of the minutes of a window in which a time is kept to."""


@dataclass(frozen=True, slots=True)
class TransitQuestion:
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
    pace
        How fast people walk, as a share of their usual speed: 0.9 is a tenth slower.
    """

    target: str
    within_min: float
    amount: str = ""
    since_h: float = 7.0
    until_h: float = 9.0
    pace: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class TransitReach:
    """What each of n resident places reaches in time.

    Attributes
    ----------
    usually
        (n,) what is reached within the time in at least half of the minutes of the window.
    mostly, rarely
        (n,) the same in three quarters, and in a quarter, of the minutes.
    """

    usually: NDArray[np.float64]
    mostly: NDArray[np.float64]
    rarely: NDArray[np.float64]


class Transit(Mapping[TransitQuestion, TransitReach]):
    """The answers of the timetable, read only; each question was answered once.

    Attributes
    ----------
    notes
        What was not known and how it was taken, each a sentence.
    """

    __slots__ = ("_answers", "notes")

    def __init__(
        self, answers: Mapping[TransitQuestion, TransitReach], notes: tuple[str, ...] = ()
    ) -> None:
        self._answers = dict(answers)
        self.notes = notes

    def __getitem__(self, question: TransitQuestion) -> TransitReach:
        return self._answers[question]

    def __iter__(self) -> Iterator[TransitQuestion]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)
