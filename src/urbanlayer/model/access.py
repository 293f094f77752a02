"""Questions asked of the walking network, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

Profile = Literal["walk", "straight_line"]


@dataclass(frozen=True, slots=True)
class Question:
    """How far is the nearest of these from each resident place?

    Attributes
    ----------
    target
        Role of the layer: `kindergarten`, `green` …
    profile
        `walk` along streets (the straight line where the city has no streets), or the straight
        line on purpose.
    min_area_m2
        Only polygons of at least this area; polygons that touch count as one. 0: all features.
    public_only
        Only features that everybody may enter.
    """

    target: str
    profile: Profile = "walk"
    min_area_m2: float = 0.0
    public_only: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Distance to the nearest, and which one, from each of n resident places.

    Attributes
    ----------
    distance_m
        (n,); +inf where none can be reached or the place is not connected to a street.
    nearest
        (n,) row of the target's layer (of its merged areas, where a least area was asked), or -1.
    method
        How it was measured: `walk`, or `straight_line`.
    not_connected
        Keys of targets that lie too far from any street, and so serve nobody.
    """

    distance_m: NDArray[np.float64]
    nearest: NDArray[np.int64]
    method: Profile
    not_connected: tuple[str, ...] = ()


class Access(Mapping[Question, Reach]):
    """The answers of the network, read only; each question was answered once."""

    __slots__ = ("_answers",)

    def __init__(self, answers: Mapping[Question, Reach]) -> None:
        self._answers = dict(answers)

    def __getitem__(self, question: Question) -> Reach:
        return self._answers[question]

    def __iter__(self) -> Iterator[Question]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)
