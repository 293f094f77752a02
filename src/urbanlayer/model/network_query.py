"""Questions asked of the walking network, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.kernels.pairs import Pairs
    from urbanlayer.network.cells import Cells

Mode = str
"""How people get about: `walk`, `straight_line`, `wheelchair`, `cycle`, `walk_slope`, or one that a
city names; `city/profiles.py` holds the table."""


MAX_SNAP_M = 200.0
"""Farther than this from every street, a place or a facility is not connected."""


ENTRANCE_M = 10.0
"""A street within this of an area leads into it, where nobody says where its entrances are."""


@dataclass(frozen=True, slots=True)
class NearestQuery:
    """How far is the nearest of these from each resident place?

    Attributes
    ----------
    target
        Role of the layer: `kindergarten`, `green` …
    mode
        `walk` along streets (the straight line where the city has no streets), or the straight
        line on purpose.
    min_area_m2
        Only polygons of at least this area; polygons that touch count as one. 0: all features.
    public_only
        Only features that everybody may enter.
    within_m
        Above 0: all pairs of a place and a target within this distance, and not the nearest alone.
    within_min
        Above 0: the same within this time by the profile's speed.
    step_free
        Only features that one enters without a step.
    open_after_h
        Above 0: only features open after this hour of a working day, 16.5 for half past four; one
        that does not say its hours is left out.
    entrance_m
        Areas without given entrances are entered from streets within this.
    """

    target: str
    mode: Mode = "walk"
    min_area_m2: float = 0.0
    public_only: bool = False
    within_m: float = 0.0
    within_min: float = 0.0
    step_free: bool = False
    open_after_h: float = 0.0
    entrance_m: float = ENTRANCE_M


CELL_M = 250.0
"""Side of the squares that surroundings are made of, in metres: as fine as the hexagons of the
Global Healthy and Sustainable City Indicators, whose thresholds and reference were found with
them."""


@dataclass(frozen=True, slots=True)
class BufferQuery:
    """Which squares of a grid belong to the surroundings of each resident place?

    Attributes
    ----------
    within_m
        Those that somebody gets to within this distance.
    mode
        As of `NearestQuery`.
    """

    within_m: float
    mode: Mode = "walk"


@dataclass(frozen=True, slots=True, eq=False)
class BufferResult:
    """The squares of a grid that belong to the surroundings of each of n resident places.

    Attributes
    ----------
    cells
        The squares.
    land_m2
        (c,) land of each that lies in the city's neighbourhoods: the streets and people beyond
        them may not be known.
    pairs
        Every place with the squares of its surroundings, and the metres to each.
    method
        How it was measured: `walk`, or `straight_line`.
    """

    cells: Cells
    land_m2: NDArray[np.float64]
    pairs: Pairs
    method: Mode


@dataclass(frozen=True, slots=True, eq=False)
class NearestResult:
    """Distance to the nearest, and which one, from each of n resident places.

    Attributes
    ----------
    distance_m
        (n,); +inf where none can be reached or the place is not connected to a street.
    nearest
        (n,) row of the target's layer (of its merged areas, where a least area was asked), or -1.
    minutes
        (n,) time to the nearest by the profile's speed, along straight lines too. Where hills
        count, `nearest` is the nearest in time, and `distance_m` the way to the nearest in metres.
    method
        How it was measured: `walk`, or `straight_line`.
    not_connected
        Keys of targets that lie too far from any street, and so serve nobody.
    pairs
        Where the question says `within_m`: every place with the rows of all targets within it, the
        cost in metres; `distance_m` is then +inf beyond it. Where it says `within_min`, the cost
        is in minutes, and `minutes` is +inf beyond it.
    area_m2
        (t,) of the areas that `pairs` numbers, where a least area was asked of all pairs.
    notes
        What was not known and how it was taken, each a sentence.
    asked_of
        How many targets the question asked of.
    """

    distance_m: NDArray[np.float64]
    nearest: NDArray[np.int64]
    minutes: NDArray[np.float64]
    method: Mode
    not_connected: tuple[str, ...] = ()
    pairs: Pairs | None = None
    area_m2: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()
    asked_of: int = 0


@dataclass(frozen=True, slots=True)
class Connectivity:
    """How many residents the streets join to one another, and how many not.

    Attributes
    ----------
    parts
        Parts of the network that are not joined to one another.
    residents_joined
        Residents on streets of the longest part.
    residents_cut_off
        Residents on streets that are not joined to that part.
    residents_not_connected
        Residents farther from every street than the snap limit.
    residents_near_fragments
        Of those joined, residents who live nearer to a short piece that is joined to nothing;
        they were put onto the nearest joined street as well.
    """

    parts: int
    residents_joined: float
    residents_cut_off: float
    residents_not_connected: float
    residents_near_fragments: float


class Access(Mapping[NearestQuery, NearestResult]):
    """The answers of the network, read only; each question was answered once.

    Attributes
    ----------
    connections
        For each profile that was asked of streets, whom these join.
    around
        The answers to questions about surroundings.

    Parameters
    ----------
    parts
        Answers that are part of one that goes farther, cut out of it whenever they are asked for:
        kept, all pairs within each of several limits would fill the memory.
    """

    __slots__ = ("_answers", "_parts", "around", "connections")

    def __init__(
        self,
        answers: Mapping[NearestQuery, NearestResult],
        connections: Mapping[Mode, Connectivity] = MappingProxyType({}),
        around: Mapping[BufferQuery, BufferResult] = MappingProxyType({}),
        parts: Mapping[NearestQuery, Callable[[], NearestResult]] = MappingProxyType({}),
    ) -> None:
        self._answers = dict(answers)
        self._parts = dict(parts)
        self.connections = connections
        self.around = around

    def __getitem__(self, network_query: NearestQuery) -> NearestResult:
        part = self._parts.get(network_query)
        return self._answers[network_query] if part is None else part()

    def __iter__(self) -> Iterator[NearestQuery]:
        yield from self._answers
        yield from self._parts

    def __len__(self) -> int:
        return len(self._answers) + len(self._parts)
