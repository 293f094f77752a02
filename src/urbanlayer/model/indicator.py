"""An indicator: a question about a city, with everything that is promised of its answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Literal

import pydantic

from urbanlayer.errors import IndicatorError
from urbanlayer.model.ask import Ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from urbanlayer.model.access import Question
    from urbanlayer.model.city import City
    from urbanlayer.model.result import Result
    from urbanlayer.model.text import Text
    from urbanlayer.model.transit import TransitQuestion


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

__all__ = ["Ask", "Better", "Indicator", "Kind", "Params", "for_groups", "no_faults"]


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

    def asks(self) -> tuple[Ask, ...]:
        """The questions that this table asks of everybody; at least one."""
        return (Ask(target=self.target),)


def for_groups(asks: tuple[Ask, ...], groups: Iterable[str]) -> tuple[Ask, ...]:
    """Each ask of everybody, and after it the same of each group."""
    every = ("", *groups)
    return tuple(replace(ask, group=group) for ask in asks for group in every)


def _no_questions(_ask: Ask) -> tuple[Question | TransitQuestion, ...]:
    return ()


def no_faults(_city: City, _ask: Ask) -> tuple[str, ...]:
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
        Where the definition stands.
    params
        Its table in the city file.
    questions
        What one ask wants to know of the streets and of the timetable, so that each question is
        answered once.
    compute
        (city, ask, earlier) to Result; `earlier` holds the Results named in `after`.
    after
        Ids of indicators that must be answered first.
    words
        Its own words by part (`title`, `definition`), where no catalogue of ours speaks of it.
    faults
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
    compute: Callable[[City, Ask, Mapping[str, Result]], Result]
    params: type[Params] = Params
    questions: Callable[[Ask], tuple[Question | TransitQuestion, ...]] = _no_questions
    after: tuple[str, ...] = ()
    words: Mapping[str, Text] = field(default_factory=dict)
    faults: Callable[[City, Ask], tuple[str, ...]] = no_faults

    def ask(
        self,
        city: City,
        ask: Ask,
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
        result = self._answers(city, ask, earlier, of_everybody)
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
        self, city: City, ask: Ask, earlier: Mapping[str, Result], of_everybody: Result | None
    ) -> Result:
        if not ask.group:
            return self.compute(city, ask, earlier)
        if self.kind is Kind.MEAN_OVER_RESIDENTS:
            # what a place has may depend on all who live around it: only who is averaged differs
            if of_everybody is None:
                of_everybody = self.compute(city, replace(ask, group=""), earlier)
            return of_everybody.among(city, ask.group)
        return replace(self.compute(city.of_group(ask.group), ask, earlier), group=ask.group)

    def missing(self, city: City, ask: Ask) -> tuple[str, ...]:
        """Roles and nouns that the ask needs and the city does not have."""
        return tuple(noun for noun in (*self.needs, *ask.needs) if not city.has(noun))
