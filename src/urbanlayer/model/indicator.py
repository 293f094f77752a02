"""An indicator: its definition, its promises, and the function that computes it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

import pydantic

from urbanlayer.model.query import Query, Variation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.direction import Better
    from urbanlayer.model.network_query import NetworkQuery, NetworkResults
    from urbanlayer.model.result import Result
    from urbanlayer.model.text import Text

    Compute = Callable[[City, Query, NetworkResults], Result]


class Kind(Enum):
    """What a result is; it decides which laws hold for it."""

    SHARE_OF_RESIDENTS = "share of residents"
    MEAN_OVER_RESIDENTS = "mean over residents"
    AMOUNT = "amount"
    RATIO = "ratio"
    DENSITY = "density"
    INDEX = "index"
    ORDINAL = "ordinal"


OVER_RESIDENTS = frozenset({Kind.SHARE_OF_RESIDENTS, Kind.MEAN_OVER_RESIDENTS})
"""Kinds that can be evaluated for a group: means and shares over people."""


class Trait(Enum):
    """What else is true of results, besides their kind; it too decides which laws hold for them."""

    COUNTS_PEOPLE = "twice as many people everywhere give another result"
    COUNTS_FEATURES = "one feature more is one more in the count, or in its numerator"
    CROWDS = "one more facility may lower a result, since people spread among facilities"
    WHOLE_CITY = "people, borders or values elsewhere in the city have a part in each result"


__all__ = [
    "OVER_RESIDENTS",
    "Indicator",
    "Kind",
    "Params",
    "Query",
    "Trait",
    "Variation",
    "for_groups",
    "no_errors",
]


class Params(pydantic.BaseModel):
    """An indicator's table in the city file, checked; subclasses add its parameters."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True)

    target: float | None = pydantic.Field(
        default=None, description="What the city aims at, in the unit of the indicator."
    )
    groups: list[str] = pydantic.Field(
        default_factory=list,
        description="Groups of [residents] to compute it for as well as all residents; for shares "
        "of residents and means over them.",
    )

    def queries(self) -> tuple[Query, ...]:
        """The queries of this table for all residents; at least one."""
        return (Query(target=self.target),)


def for_groups(queries: tuple[Query, ...], groups: Iterable[str]) -> tuple[Query, ...]:
    """Each query for all residents, and after it the same for each group."""
    every = ("", *groups)
    return tuple(replace(query, group=group) for query in queries for group in every)


def no_network_queries(_query: Query) -> tuple[NetworkQuery, ...]:
    """For an indicator that rests on layers alone."""
    return ()


def no_variation(_query: Query) -> tuple[Variation, ...]:
    """For a definition that has no threshold: an exact area, a count of what a layer holds."""
    return ()


def no_errors(_city: City, _query: Query) -> tuple[str, ...]:
    """For an indicator that needs no more of its layers than that they are there."""
    return ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator: who has what, how much, how far.

    Attributes
    ----------
    id
        Name of its file, or of its entry in the catalogue's TOML.
    theme
        `green`, `services`, `transit`, `urban-form`, `digital`, `environment` …
    unit
        Of the results: `share` (0 to 1), `m²/resident`, `residents/km²`, `Mbit/s` …
    better
        Which way is better; `neither` for context.
    bounds
        Least and greatest possible value, both included.
    needs
        Roles and nouns without which it is not answerable.
    source
        Where the definition stands: the work alone, as it is cited in every language; empty where
        there is none.
    compute
        (city, query, network) to Result; `network` holds the results of its network queries.
    remark
        Code of a sentence about the source, which the catalogues hold: `planning-default`,
        `proxy`, `plain` … Without a source there has to be one.
    params
        Its table in the city file.
    network_queries
        The network queries whose results `compute` uses.
    may_read
        Roles and nouns that it reads where the city has them: water, which is no land.
    words
        Its own words by part (`title`, `definition`), where no catalogue of ours has any.
    errors
        (city, query) to what is wrong with the layers that it reads, a sentence each, before
        anything is computed: a column that is not there.
    sensitivity
        The same query with its definition varied, its threshold 10 % lower and higher: `low` and
        `high` hold what `compute` gives for these. What else is uncertain `compute` itself gives
        as low and high. An indicator that has neither leaves nothing open.
    over_time
        Whether it compares what is now with another date: then a second source of residents, which
        knows nothing of that date, is no alternative.
    traits
        What else is true of its results, besides their kind.
    definition
        What the city file specifies of it, where it has no code of its own; part of what a result
        rests on.
    """

    id: str
    theme: str
    kind: Kind
    unit: str
    better: Better
    bounds: tuple[float, float]
    needs: tuple[str, ...]
    source: str
    compute: Compute
    remark: str = ""
    params: type[Params] = Params
    network_queries: Callable[[Query], tuple[NetworkQuery, ...]] = no_network_queries
    may_read: tuple[str, ...] = ()
    words: Mapping[str, Text] = field(default_factory=dict)
    errors: Callable[[City, Query], tuple[str, ...]] = no_errors
    sensitivity: Callable[[Query], tuple[Variation, ...]] = no_variation
    over_time: bool = False
    traits: frozenset[Trait] = frozenset()
    definition: str = ""

    def queries(self, params: Params | None = None) -> tuple[Query, ...]:
        """The queries of a table for all residents; of the default table where none is given."""
        table = self.params() if params is None else params
        return tuple(self.named(query) for query in table.queries())

    def named(self, query: Query) -> Query:
        """The query with this indicator in its identity."""
        return query if query.indicator == self.id else replace(query, indicator=self.id)

    def reads(self, query: Query) -> tuple[str, ...]:
        """Roles and nouns that a query rests on, besides those of its network queries."""
        return tuple(dict.fromkeys((*self.needs, *query.needs, *self.may_read)))

    def is_about_people(self, query: Query) -> bool:
        """Whether another source of residents would give another result."""
        return "residents" in (*self.needs, *query.needs) and not self.over_time

    def missing(self, city: City, query: Query) -> tuple[str, ...]:
        """Roles and nouns that the query needs and the city does not have."""
        return tuple(noun for noun in (*self.needs, *query.needs) if not city.has(noun))


IndicatorQuery = tuple[Indicator, Query]
"""An indicator and one query of it."""
