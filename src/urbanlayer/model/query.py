"""One query of an indicator: its identity, and how its definition may vary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from urbanlayer.model.cause import Cause

Value = float | str | tuple[float | str, ...]
"""A number, or several values of one parameter."""
Pairs = tuple[tuple[str, Value], ...]

FIRST, SECOND = "", "second"
"""The people that a query rests on: of the first or second source; others are named by `ends`."""


def ends(cause: Cause) -> tuple[str, str]:
    """Names of the people by both ends of what is uncertain for a cause."""
    return f"{cause}:0", f"{cause}:1"


def end_of(population: str) -> tuple[Cause, int]:
    """The cause and the number of the end that `ends` named."""
    cause, _, number = population.partition(":")
    return cast("Cause", cause), int(number)


@dataclass(frozen=True, slots=True)
class Query:
    """One query of an indicator; equal queries have equal results for the same inputs.

    Attributes
    ----------
    variant
        The service, `straight_line`, or empty.
    parameters
        Names with their unit and values, sorted by name: `(("distance_m", 500.0),)`. A mapping is
        taken too. Several values of one parameter are a tuple: classes, roles that count as one.
    needs
        Roles that this query reads besides those of its indicator: the service. Part of the
        identity, since what is computed follows from them.
    target
        What the city aims at, in the unit of the result; no part of the identity.
    group
        Of `[residents] groups`: the people whose mean or share it is; empty for all residents.
    mode
        How people travel: `walk`, `wheelchair`, `cycle`, or one that the city file describes.
    population
        Whose people: empty for the first source, `second` for the second, `estimate:0` and
        `estimate:1` for the ends of what is uncertain for a cause; `snapping:0` and `snapping:1`
        are those of the first source by both ends of their way to the street.
    indicator
        Id of the indicator; filled in by `Indicator.queries` and by the evaluation.
    """

    variant: str = ""
    parameters: Mapping[str, Value] | Pairs = ()
    needs: tuple[str, ...] = ()
    target: float | None = field(default=None, compare=False)
    group: str = ""
    mode: str = "walk"
    population: str = FIRST
    indicator: str = ""

    def __post_init__(self) -> None:
        """Sort the parameters, so that their order is no part of the identity."""
        given = self.parameters
        pairs = given.items() if isinstance(given, Mapping) else given
        object.__setattr__(self, "parameters", tuple(sorted(pairs, key=lambda pair: pair[0])))

    @property
    def pairs(self) -> Pairs:
        """The parameters as sorted pairs."""
        return tuple(dict(self.parameters).items())

    @property
    def numbers(self) -> dict[str, float]:
        """The parameters that are one number each, by name."""
        return {name: one for name, one in self.pairs if isinstance(one, int | float)}

    @property
    def lists(self) -> dict[str, tuple[float | str, ...]]:
        """The parameters that have several values, by name."""
        return {name: some for name, some in self.pairs if isinstance(some, tuple)}

    def __getitem__(self, name: str) -> float:
        """A parameter that is one number.

        Raises
        ------
        KeyError
            The query has no such number.
        """
        return self.numbers[name]

    def get(self, name: str, default: float) -> float:
        """A parameter that is one number, or the default where the query has none."""
        return self.numbers.get(name, default)

    def with_parameters(self, **changed: Value) -> Query:
        """The same query with some parameters changed or added."""
        return replace(self, parameters={**dict(self.parameters), **changed})

    @property
    def id(self) -> str:
        """Its name within a publication: `coverage_within.school.800.women`."""
        numbers = [f"{value:g}" for value in self.numbers.values()]
        mode = "" if self.mode == "walk" else self.mode
        parts = [self.indicator, self.variant, *numbers, mode, self.group]
        return ".".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Variation:
    """The same query with its definition varied, for low and high.

    Attributes
    ----------
    query
        With the parameter varied.
    cause
        What the variation stands for: `threshold`, `entrances`.
    needs
        Nouns without which it has no effect: entrances matter only along streets.
    """

    query: Query
    cause: Cause
    needs: tuple[str, ...] = ()
