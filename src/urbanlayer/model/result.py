"""The result of one query of an indicator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from urbanlayer.model.cause import THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.cause import Cause
    from urbanlayer.model.query import Query


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """The lowest and the highest of a result.

    Attributes
    ----------
    low, high
        For each neighbourhood, indexed as the neighbourhoods; NaN where there is no result.
    city_low, city_high
        For the city; NaN where there is no result.
    """

    low: pd.Series[float]
    high: pd.Series[float]
    city_low: float
    city_high: float


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """Values per neighbourhood, for the city, and per resident place where there are any.

    NaN is "no result"; 0 is "measured, none".

    Attributes
    ----------
    query
        The query; its identity is the identity of the result.
    values
        One for each neighbourhood, indexed as the neighbourhoods.
    city
        The value for the city.
    unit
        Unit of `values`: `share`, `m²/resident` …
    method
        How it was measured, a code: `walk`, `straight_line`, `area` …
    low, high
        One envelope over all causes that lie in the data; None where nothing in them is uncertain.
    city_low, city_high
        The same for the city; NaN where there is none.
    ranges
        For each cause the range that it alone gives.
    origins
        (n,) one value for each resident place, in their order; None where it has none.
    origins_low, origins_high
        (n,) the lowest and highest of each place that are measured; None where there are none.
    reasons
        Why a neighbourhood has no result: key to a code such as `no-residents`.
    fraction
        For one amount over another: (k,) numerator, (k,) denominator, and the factor (100,000 for
        each 100,000); None for all else.
    edge_effect
        People of each neighbourhood who are not served, and live so near to the edge of the data
        that they may be better served than shown; None where that does not apply.
    counts
        (k,) each, further counts of people that it tells of, beside the residents: those of another
        date, or features that are persons.
    """

    query: Query
    values: pd.Series[float]
    city: float
    unit: str
    method: str
    low: pd.Series[float] | None = None
    high: pd.Series[float] | None = None
    city_low: float = float("nan")
    city_high: float = float("nan")
    ranges: Mapping[Cause, Range] = field(default_factory=dict)
    origins: NDArray[np.float64] | None = None
    origins_low: NDArray[np.float64] | None = None
    origins_high: NDArray[np.float64] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    fraction: tuple[NDArray[np.float64], NDArray[np.float64], float] | None = None
    edge_effect: pd.Series[float] | None = None
    counts: tuple[NDArray[np.float64], ...] = ()

    @property
    def indicator(self) -> str:
        """Id of the indicator."""
        return self.query.indicator

    @property
    def variant(self) -> str:
        """The service, `straight_line`, or empty."""
        return self.query.variant

    @property
    def parameters(self) -> Mapping[str, float]:
        """The numbers of the query, with the unit in the name: `{"distance_m": 500.0}`."""
        return self.query.numbers

    @property
    def target(self) -> float | None:
        """What the city aims at, in the unit; None where it aims at nothing."""
        return self.query.target

    @property
    def group(self) -> str:
        """The people whose result it is, of `[residents] groups`; empty for all residents."""
        return self.query.group

    @property
    def mode(self) -> str:
        """How people travel, as the query specifies; `method` is how it was measured."""
        return self.query.mode

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The causes of its ranges, of the data and of the threshold."""
        return tuple(self.ranges)

    @property
    def threshold(self) -> Range | None:
        """The result with its threshold 10 % lower and higher; None where it has no threshold."""
        return self.ranges.get(THRESHOLD)

    @property
    def id(self) -> str:
        """Its name within a publication: `coverage_within.school.800.women`."""
        return self.query.id


@dataclass(frozen=True, slots=True)
class NotAnswerable:
    """A query that has no result, with what it would need.

    Attributes
    ----------
    query
        The query.
    missing
        Roles that the city file does not declare, or that hold nothing for the city.
    reasons
        Why those that are declared cannot be used, each a sentence.
    """

    query: Query
    missing: tuple[str, ...]
    reasons: tuple[str, ...] = ()

    @property
    def indicator(self) -> str:
        """Id of the indicator."""
        return self.query.indicator

    @property
    def variant(self) -> str:
        """The service, `straight_line`, or empty."""
        return self.query.variant

    @property
    def group(self) -> str:
        """The people, of `[residents] groups`; empty for all residents."""
        return self.query.group
