"""Network queries and their results: distances, surroundings, travel by public transport."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.kernels.pairs import Pairs
    from urbanlayer.kernels.pairs_by_node import PairsByNode
    from urbanlayer.model.grid_cells import GridCells
    from urbanlayer.model.note import Note

Mode = str
"""How people get about: `walk`, `straight_line`, `wheelchair`, `cycle`, `walk_slope`, or one that a
city names; `city/profiles.py` holds the table."""


MAX_SNAP_M = 200.0
"""Farther than this from every street, a place or a facility is not connected."""


OFFSET_FACTORS = (0.0, 2**0.5)
"""Least and greatest way from a home to its street, over the straight line between them: the door
may open on the street, and a way round a right angle is at most √2 times as long."""


ENTRANCE_M = 10.0
"""A street within this of an area leads into it, where no layer gives its entrances."""


@dataclass(frozen=True, slots=True)
class NearestQuery:
    """The distance to the nearest destination of each resident place.

    Attributes
    ----------
    destinations
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
        without opening hours is left out.
    entrance_m
        Areas without given entrances are entered from streets within this.
    """

    destinations: str
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
    """The squares of a grid that belong to the surroundings of each resident place.

    Attributes
    ----------
    within_m
        Those within this distance.
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

    cells: GridCells
    land_m2: NDArray[np.float64]
    pairs: PairsByNode
    method: Mode


@dataclass(frozen=True, slots=True, eq=False)
class NearestResult:
    """Distance to the nearest, and which one, from each of n resident places.

    Attributes
    ----------
    distance_m
        (n,); +inf where none can be reached or the place is not connected to a street.
    nearest
        (n,) row of the target's layer (of its merged areas with a minimum area), or -1.
    minutes
        (n,) time to the nearest by the profile's speed, along straight lines too. Where hills
        count, `nearest` is the nearest in time, and `distance_m` the way to the nearest in metres.
    method
        How it was measured: `walk`, or `straight_line`.
    not_connected
        Keys of targets that lie too far from any street, and so serve nobody.
    cut_off
        Keys of targets on streets that are not connected to the longest part of the network.
    pairs
        With `within_m`: every place with the rows of all targets within it, the
        cost in metres; `distance_m` is then +inf beyond it. With `within_min`, the cost
        is in minutes, and `minutes` is +inf beyond it.
    area_m2
        (t,) of the areas that `pairs` numbers, where the query has a minimum area.
    notes
        What was not known and how it was taken, each a sentence.
    destination_count
        The number of destinations of the query.
    ends
        The same with the way from each origin to its street by `OFFSET_FACTORS`; empty along
        straight lines, and for pairs within a limit.
    """

    distance_m: NDArray[np.float64]
    nearest: NDArray[np.int64]
    minutes: NDArray[np.float64]
    method: Mode
    not_connected: tuple[str, ...] = ()
    cut_off: tuple[str, ...] = ()
    pairs: Pairs | None = None
    area_m2: NDArray[np.float64] | None = None
    notes: tuple[Note, ...] = ()
    destination_count: int = 0
    ends: tuple[NearestResult, ...] = ()


@dataclass(frozen=True, slots=True)
class EdgeQuery:
    """The distance from each resident place to the edge of the data, in a straight line.

    The edge is the box that the streets were requested for, where their source knows that it
    brought all that is there. Otherwise it is the convex hull of the streets; without streets, of
    the neighbourhoods.
    """


@dataclass(frozen=True, slots=True)
class JunctionQuery:
    """The junctions of the streets in the neighbourhoods.

    Attributes
    ----------
    merge_m
        Nodes of the streets within this of one another are one junction, in metres.
    """

    merge_m: float


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


P25, P50, P75 = 25.0, 50.0, 75.0
"""Per cent of the minutes of a window in which a time is kept to."""


@dataclass(frozen=True, slots=True)
class TransitQuery:
    """What each resident place reaches by public transport and on foot.

    Attributes
    ----------
    destinations
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

    destinations: str
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
    p75, p25
        (n,) the same in three quarters, and in a quarter, of the minutes.
    notes
        What was not known of the timetable and how it was taken, each a sentence.
    """

    p50: NDArray[np.float64]
    p75: NDArray[np.float64]
    p25: NDArray[np.float64]
    notes: tuple[Note, ...] = ()


NetworkQuery = NearestQuery | BufferQuery | TransitQuery | EdgeQuery | JunctionQuery


class NetworkResults(Mapping[NetworkQuery, object]):
    """The results of network queries, read only.

    A `NearestResult` for a `NearestQuery`, a `BufferResult` for a `BufferQuery`, a `TransitResult`
    for a `TransitQuery`; for an `EdgeQuery` (n,) metres of the resident places, and for a
    `JunctionQuery` (k, 2) places of the junctions.

    Attributes
    ----------
    connections
        For each mode that travels along streets, whom these join.

    Parameters
    ----------
    results
        By query, each as a function that gives it: pairs within each of several limits are cut
        out of those within the greatest whenever they are needed, since all would fill the memory.
    """

    __slots__ = ("_results", "connections")

    def __init__(
        self,
        results: Mapping[NetworkQuery, Callable[[], object]] = MappingProxyType({}),
        connections: Mapping[Mode, Connectivity] = MappingProxyType({}),
    ) -> None:
        self._results = dict(results)
        self.connections = connections

    def at_end(self, number: int) -> NetworkResults:
        """The results by one end of the way from each origin to its street.

        Parameters
        ----------
        number
            Of `OFFSET_FACTORS`: 0 or 1. Results without ends are the same.
        """
        ends = {query: partial(_at_end, one, number) for query, one in self._results.items()}
        return NetworkResults(ends, self.connections)

    @property
    def transit_notes(self) -> tuple[Note, ...]:
        """What was not known of the timetable and how it was taken, each a sentence."""
        queries = (query for query in self if isinstance(query, TransitQuery))
        return tuple(dict.fromkeys(note for query in queries for note in self[query].notes))

    @overload
    def __getitem__(self, query: NearestQuery) -> NearestResult: ...
    @overload
    def __getitem__(self, query: BufferQuery) -> BufferResult: ...
    @overload
    def __getitem__(self, query: TransitQuery) -> TransitResult: ...
    @overload
    def __getitem__(self, query: EdgeQuery | JunctionQuery) -> NDArray[np.float64]: ...
    def __getitem__(self, query: NetworkQuery) -> object:
        """The result of a query."""
        return self._results[query]()

    def __iter__(self) -> Iterator[NetworkQuery]:
        """The queries that have a result."""
        return iter(self._results)

    def __len__(self) -> int:
        """How many queries have a result."""
        return len(self._results)


def _at_end(result: Callable[[], object], number: int) -> object:
    found = result()
    return found.ends[number] if isinstance(found, NearestResult) and found.ends else found
