"""The results before and after a scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result

    State = tuple[City, Result | None]


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """A result before and after, and the people whom it serves; NaN where there is none.

    `people_before` and `people_after` are NaN where the indicator is no share of residents.
    """

    before: float
    after: float
    people_before: float = float("nan")
    people_after: float = float("nan")


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What a scenario changes of one query.

    Attributes
    ----------
    id
        Name of the scenario.
    query
        The indicator's query.
    city
        Of the whole city.
    by_neighbourhood
        By key, every neighbourhood.
    states
        The city and its result, None for none, before and after: what is published of both is
        decided of these.
    """

    id: str
    query: Query
    city: BeforeAfter
    by_neighbourhood: Mapping[str, BeforeAfter]
    states: tuple[State, State] = field(repr=False, compare=False)
