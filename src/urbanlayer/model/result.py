"""The answers of one indicator, asked once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """Answers per neighbourhood, for the whole city, and per resident place where it has one.

    NaN is "no answer"; 0 is "measured, none".

    Attributes
    ----------
    indicator
        Id of the indicator.
    variant
        The service asked of, `straight_line`, or empty.
    parameters
        With the unit in the name: `{"distance_m": 500.0}`.
    values
        One for each neighbourhood, indexed as the neighbourhoods.
    city
        The answer for the whole city.
    low, high
        One envelope over all causes that the method gives; None where it gives none.
    city_low, city_high
        The same for the city; NaN where there is none.
    places
        One answer for each resident place, in their order; None where it has none.
    reasons
        Why a neighbourhood has no answer: key to a code such as `no-residents`.
    method
        How it was measured, a code: `walk`, `straight_line`, `area` …
    unit
        Unit of `values`: `share`, `m²/resident` …
    """

    indicator: str
    variant: str
    parameters: Mapping[str, float]
    values: pd.Series[float]
    city: float
    unit: str
    method: str
    low: pd.Series[float] | None = None
    high: pd.Series[float] | None = None
    city_low: float = float("nan")
    city_high: float = float("nan")
    places: NDArray[np.float64] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    target: float | None = None

    @property
    def id(self) -> str:
        """The name of this answer within a publication: `coverage_within.school.800`."""
        numbers = [f"{value:g}" for _, value in sorted(self.parameters.items())]
        return ".".join([self.indicator, *filter(None, [self.variant]), *numbers])


@dataclass(frozen=True, slots=True)
class NotAnswerable:
    """An indicator that was asked and cannot be answered, with what would be needed."""

    indicator: str
    variant: str
    missing: tuple[str, ...]
    """Roles that the city file does not declare."""
