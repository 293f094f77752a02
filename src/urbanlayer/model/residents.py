"""Where people live."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.cause import Cause
    from urbanlayer.model.note import Note


@dataclass(frozen=True, slots=True, eq=False)
class Residents:
    """*n* places where people live.

    Attributes
    ----------
    xy
        (n, 2) metres in the city's CRS.
    people
        (n,) residents, not negative, fractions allowed.
    neighbourhood
        (n,) row of the neighbourhood that the place belongs to.
    source
        What the places were made from: `buildings`, `buildings+census`, `population` …
    outside
        People of the source who live in no neighbourhood; they are in no result.
    unallocated
        People of a census whom no place could take; reported in `run.json`.
    notes
        What was decided while placing people, each a sentence.
    groups
        Name of a group to its (n,) people in each place: children, women, households …
    deprivation
        (n,) how poor the people of each place are, the poorest highest, NaN where not known; None
        where the city file names no field.
    unknown
        Rows of the neighbourhoods whose count of people is unknown: no place lies in them.
    group_unknown
        Name of a group to the rows of the neighbourhoods whose count of it is unknown.
    estimated
        Rows of the neighbourhoods whose count is estimated from the others.
    alternatives
        For each cause for which the people of the places are uncertain, the same places with the
        people of its two ends: the lowest and the highest estimate of unknown counts …
    second_source
        The same places with the people of a second source; None where there is none.
    places_digest
        Of the places alone: network results rest on no more, so that groups and the second source
        share them; empty where it is not known.
    digest
        Of the places and their people, groups and deprivation; empty where it is not known.
    """

    xy: NDArray[np.float64]
    people: NDArray[np.float64]
    neighbourhood: NDArray[np.int64]
    source: str
    outside: float = 0.0
    unallocated: float = 0.0
    notes: tuple[Note, ...] = ()
    groups: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    deprivation: NDArray[np.float64] | None = None
    unknown: frozenset[int] = frozenset()
    group_unknown: Mapping[str, frozenset[int]] = field(default_factory=dict)
    estimated: frozenset[int] = frozenset()
    alternatives: Mapping[Cause, tuple[Residents, Residents]] = field(default_factory=dict)
    second_source: Residents | None = None
    places_digest: str = ""
    digest: str = ""

    def of_group(self, group: str) -> Residents:
        """The same places, with the people of one group alone."""
        unknown = self.unknown | self.group_unknown.get(group, frozenset())
        return replace(self, people=self.groups[group], unknown=unknown)

    def __len__(self) -> int:
        return len(self.people)

    @property
    def total(self) -> float:
        """All residents that the results are about."""
        return float(self.people.sum())

    def per_neighbourhood(self, count: int) -> NDArray[np.float64]:
        """Residents of each of `count` neighbourhoods, by row; NaN where the count is unknown."""
        import numpy as np

        people = np.bincount(self.neighbourhood, self.people, count).astype(np.float64)
        people[sorted(self.unknown)] = np.nan
        return people

    def __repr__(self) -> str:
        return f"<Residents: {self.total:,.0f} people in {len(self):,} places from {self.source}>"
