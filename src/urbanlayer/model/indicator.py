"""An indicator: a question about a city, with everything that is promised of its answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Literal

import pydantic

from urbanlayer.errors import IndicatorError
from urbanlayer.model.query import Query
from urbanlayer.model.result import ENTRANCES, MEASURED, THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import BufferQuery, NearestQuery
    from urbanlayer.model.result import Result
    from urbanlayer.model.text import Text
    from urbanlayer.model.transit import TransitQuery

    NetworkQuery = NearestQuery | BufferQuery | TransitQuery


class Kind(Enum):
    """What an answer is; it says which laws hold for it."""

    SHARE_OF_RESIDENTS = "share of residents"
    MEAN_OVER_RESIDENTS = "mean over residents"
    AMOUNT = "amount"
    RATIO = "ratio"
    DENSITY = "density"
    INDEX = "index"
    ORDINAL = "ordinal"


Better = Literal["higher", "lower", "neither"]

__all__ = ["Better", "Indicator", "Kind", "Params", "Query", "for_groups", "no_errors"]


class Params(pydantic.BaseModel):
    """An indicator's table in the city file, checked; subclasses add its parameters."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, strict=True)

    target: float | None = pydantic.Field(
        default=None, description="What the city aims at, in the unit of the indicator."
    )
    groups: list[str] = pydantic.Field(
        default_factory=list,
        description="Groups of [residents] to ask for, beside everybody; for shares of residents "
        "and means over them.",
    )

    def queries(self) -> tuple[Query, ...]:
        """The questions that this table asks of everybody; at least one."""
        return (Query(target=self.target),)


def for_groups(queries: tuple[Query, ...], groups: Iterable[str]) -> tuple[Query, ...]:
    """Each ask of everybody, and after it the same of each group."""
    every = ("", *groups)
    return tuple(replace(query, group=group) for query in queries for group in every)


def _no_network_queries(_query: Query) -> tuple[NetworkQuery, ...]:
    return ()


def no_variation(_query: Query) -> tuple[Query, ...]:
    """Of a definition that has no threshold: an exact area, a count of what a layer holds."""
    return ()


def no_errors(_city: City, _query: Query) -> tuple[str, ...]:
    """Of an indicator that needs no more of its layers than that they are there."""
    return ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """A question: who has what, how much, how far.

    Attributes
    ----------
    id
        Name of its file, or of its entry in the catalogue's TOML.
    theme
        `green`, `services`, `transit`, `urban-form`, `digital`, `environment` …
    unit
        Of the answers: `share` (0 to 1), `m²/resident`, `residents/km²`, `Mbit/s` …
    better
        Which way is better; `neither` for context.
    bounds
        Least and greatest possible answer, both included.
    needs
        Roles and nouns without which it cannot be answered.
    source
        Where the definition stands: the work alone, as it is cited in every language; empty where
        there is none.
    remark
        Code of a sentence beside the source, which the catalogues hold: `planning-default`,
        `proxy`, `plain` … Without a source there has to be one.
    params
        Its table in the city file.
    network_queries
        What one ask wants to know of the streets and of the timetable, so that each question is
        answered once.
    compute
        (city, ask, earlier) to Result; `earlier` holds the Results named in `after`.
    after
        Ids of indicators that must be answered first.
    words
        Its own words by part (`title`, `definition`), where no catalogue of ours speaks of it.
    variations
        The same ask as its definition may be read too, its threshold a tenth less and more: `low`
        and `high` hold what `compute` answers to these. What else is uncertain `compute` itself
        gives as low and high. An indicator that has neither leaves nothing open.
    over_time
        Whether it sets what is now against another date: then a second source of residents, which
        knows nothing of that date, is no other reading.
    errors
        (city, ask) to what is wrong with the layers that it asks of, a sentence each, before
        anything is computed: a column that is not there.
    """

    id: str
    theme: str
    kind: Kind
    unit: str
    better: Better
    bounds: tuple[float, float]
    needs: tuple[str, ...]
    source: str
    compute: Callable[[City, Query, Mapping[str, Result]], Result]
    remark: str = ""
    params: type[Params] = Params
    network_queries: Callable[[Query], tuple[NetworkQuery, ...]] = _no_network_queries
    after: tuple[str, ...] = ()
    words: Mapping[str, Text] = field(default_factory=dict)
    errors: Callable[[City, Query], tuple[str, ...]] = no_errors
    variations: Callable[[Query], tuple[Query, ...]] = no_variation
    over_time: bool = False

    def evaluate(
        self,
        city: City,
        query: Query,
        earlier: Mapping[str, Result],
        *,
        of_everybody: Result | None = None,
    ) -> Result:
        """The answers to one ask, checked once for index and bounds.

        Parameters
        ----------
        of_everybody
            For an ask of a group: the answers to the same ask of everybody, if they are known.

        Raises
        ------
        IndicatorError
            If the answers are not for the city's neighbourhoods in their order, or one of them
            lies out of the bounds.
        """
        result = self._answers(city, query, earlier, of_everybody)
        if not result.values.index.equals(city.neighbourhoods.keys):
            raise IndicatorError(f"{self.id}: answers are not indexed as the neighbourhoods")
        least, greatest = self.bounds
        for name in ("values", "low", "high"):
            answers = getattr(result, name)
            if answers is None:
                continue
            out = answers[(answers < least) | (answers > greatest)]
            if len(out):
                raise IndicatorError(
                    f"{self.id}: {name} of {out.index[0]!r} is {out.iloc[0]:g}, "
                    f"out of {least:g} to {greatest:g}"
                )
        return result

    def _answers(
        self, city: City, query: Query, earlier: Mapping[str, Result], of_everybody: Result | None
    ) -> Result:
        if not query.group:
            return self._by_every_reading(city, query, earlier)
        if self.kind is Kind.MEAN_OVER_RESIDENTS:
            # what a place has may depend on all who live around it: only who is averaged differs
            if of_everybody is None:
                of_everybody = self._by_every_reading(city, replace(query, group=""), earlier)
            return of_everybody.among(city, query.group)
        result = self._by_every_reading(city.of_group(query.group), query, earlier)
        return replace(result, group=query.group)

    def _by_every_reading(self, city: City, query: Query, earlier: Mapping[str, Result]) -> Result:
        """What is asked, with low and high over the other readings; places by them for means."""
        result = self.compute(city, query, earlier)
        if result.low is not None and not result.causes:
            result = replace(result, causes=(MEASURED,))
        for other in self.variations(query):
            cause = ENTRANCES if "entrance_m" in other.parameters else THRESHOLD
            if cause == THRESHOLD or not result.method.startswith("straight_line"):
                result = result.between((self.compute(city, other, earlier),), cause)
        return result if self.kind is Kind.MEAN_OVER_RESIDENTS else replace(result, variations=())

    def all_network_queries(self, query: Query) -> tuple[NetworkQuery, ...]:
        """What one ask wants to know of the network, by every reading of it; each once."""
        queries = (query, *self.variations(query))
        return tuple(
            dict.fromkeys(
                network_query for one in queries for network_query in self.network_queries(one)
            )
        )

    def is_about_people(self, query: Query) -> bool:
        """Whether another source of residents would answer the ask otherwise."""
        return "residents" in (*self.needs, *query.needs) and not self.over_time

    def missing(self, city: City, query: Query) -> tuple[str, ...]:
        """Roles and nouns that the ask needs and the city does not have."""
        return tuple(noun for noun in (*self.needs, *query.needs) if not city.has(noun))
