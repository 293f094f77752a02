"""The answers of one indicator, asked once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, cast

from urbanlayer.errors import IndicatorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.query import Query

THRESHOLD, MEASURED, RESIDENTS, ENTRANCES = CAUSES = (
    "threshold", "measured", "residents", "entrances",
)  # fmt: skip
"""What low and high of an answer hold: thresholds a tenth less and more; what the layers do not say
exactly, as the indicator's own definition tells; another source of residents."""


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
        One envelope over all that the definition leaves open; None where it leaves nothing open.
    city_low, city_high
        The same for the city; NaN where there is none.
    causes
        What low and high hold, codes of `CAUSES`.
    origins
        One answer for each resident place, in their order; None where it has none.
    reasons
        Why a neighbourhood has no answer: key to a code such as `no-residents`.
    method
        How it was measured, a code: `walk`, `straight_line`, `area` …
    unit
        Unit of `values`: `share`, `m²/resident` …
    target
        What the city aims at, in the unit; None where it aims at nothing.
    fraction
        For one amount over another: (k,) what is above the line, (k,) what is below it, and the
        factor (100,000 for each 100,000); None for all else.
    edge_effect
        People of each neighbourhood who are not served, and live so near to the edge of the data
        that they may be better served than shown; None where that is not asked.
    group
        The people who were asked, of `[residents] groups`; empty for everybody.
    mode
        How people get there, as it was asked; `method` says how it was measured.
    variations
        Answers of the resident places by other readings of the definition, (n,) each; kept for
        the means of groups.
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
    origins: NDArray[np.float64] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    target: float | None = None
    fraction: tuple[NDArray[np.float64], NDArray[np.float64], float] | None = None
    edge_effect: pd.Series[float] | None = None
    group: str = ""
    mode: str = "walk"
    causes: tuple[str, ...] = ()
    variations: tuple[NDArray[np.float64], ...] = ()

    @classmethod
    def over_residents(
        cls,
        indicator: str,
        query: Query,
        city: City,
        *,
        unit: str,
        method: str,
        origins: NDArray[np.float64],
        low: NDArray[np.float64] | None = None,
        high: NDArray[np.float64] | None = None,
    ) -> Result:
        """Answers whose value is a mean over the residents of a neighbourhood.

        X_z = Σ p_i x_i / Σ p_i over the resident places i of z, which for x of 0 and 1 is a share.

        Parameters
        ----------
        places, low, high
            (n,) one answer, and its least and greatest, for each resident place; NaN where a place
            has none, and then its people are not in the mean.
        """
        from urbanlayer.kernels import weighted

        if city.residents is None:
            raise IndicatorError(f"{indicator}: a mean over residents needs residents")
        hoods, residents = city.neighbourhoods, city.residents

        def _means(answers: NDArray[np.float64] | None) -> tuple[pd.Series[float] | None, float]:
            if answers is None:
                return None, float("nan")
            each = weighted.group_means(
                answers, residents.people, residents.neighbourhood, len(hoods)
            )
            return hoods.series(each), weighted.mean(answers, residents.people)

        (values, whole), (lows, city_low), (highs, city_high) = map(_means, (origins, low, high))
        return cls(
            indicator=indicator, variant=query.variant, parameters=query.parameters,
            target=query.target,
            values=cast("pd.Series[float]", values), city=whole, unit=unit, method=method,
            low=lows, high=highs, city_low=city_low, city_high=city_high, origins=origins,
            reasons=no_answer(city, cast("pd.Series[float]", values), otherwise="no-data"),
            mode=query.mode, causes=() if low is None else (MEASURED,),
            variations=tuple(one for one in (low, high) if one is not None),
        )  # fmt: skip

    def among(self, city: City, group: str) -> Result:
        """The same answers of places, averaged over the people of a group.

        Raises
        ------
        IndicatorError
            If the places have no answers of their own.
        """
        from urbanlayer.kernels import weighted

        people, hoods = city.of_group(group).residents, city.neighbourhoods
        if self.origins is None or people is None:
            raise IndicatorError(f"{self.indicator}: no answers of places to average over {group}")

        def _mean(origins: NDArray[np.float64]) -> Result:
            each = hoods.series(
                weighted.group_means(origins, people.people, people.neighbourhood, len(hoods))
            )
            return replace(
                self, values=each, city=weighted.mean(origins, people.people), group=group,
                low=None, high=None, city_low=float("nan"), city_high=float("nan"), causes=(),
                origins=origins, variations=(),
                reasons=no_answer(city.of_group(group), each, otherwise="no-data"),
            )  # fmt: skip

        others = [_mean(origins) for origins in self.variations]
        return _mean(self.origins).between(others, *self.causes)

    def between(self, others: Iterable[Result], *causes: str) -> Result:
        """The same, with low and high that hold these answers too.

        Parameters
        ----------
        others
            To the same ask by other readings of its definition; where one has no answer, it says
            nothing of low and high.
        causes
            What the other readings come from, codes of `CAUSES`.
        """
        others = tuple(others)
        if not others:
            return self
        every = (self, *others)
        low, city_low = _end(every, "low")
        high, city_high = _end(every, "high")
        return replace(
            self, low=low, high=high, city_low=city_low, city_high=city_high,
            causes=tuple(dict.fromkeys((*self.causes, *causes))),
            variations=(
                *self.variations, *(one.origins for one in others if one.origins is not None),
                *(origins for one in others for origins in one.variations),
            ),
        )  # fmt: skip

    @property
    def id(self) -> str:
        """The name of this answer within a publication: `coverage_within.school.800.women`."""
        numbers = [f"{value:g}" for _, value in sorted(self.parameters.items())]
        way = "" if self.mode == "walk" else self.mode
        parts = [self.indicator, self.variant, *numbers, way, self.group]
        return ".".join(part for part in parts if part)


def _end(every: Sequence[Result], side: Literal["low", "high"]) -> tuple[pd.Series[float], float]:
    """The least or the greatest of what several readings say, where the first has an answer."""
    import numpy as np

    extreme = np.fmin if side == "low" else np.fmax
    values, whole = every[0].values, every[0].city
    ends = [end for one in every if (end := getattr(one, side)) is not None]
    each = extreme.reduce([one.to_numpy() for one in (*(r.values for r in every), *ends)])
    city = extreme.reduce(
        [*(one.city for one in every), *(getattr(o, f"city_{side}") for o in every)]
    )
    known = values.notna().to_numpy()
    found = values.where(~known, each)
    return found, float("nan") if np.isnan(whole) else float(city)


@dataclass(frozen=True, slots=True)
class NotAnswerable:
    """An indicator that was asked and cannot be answered, with what would be needed."""

    indicator: str
    variant: str
    missing: tuple[str, ...]
    """Roles that the city file does not declare, or that hold nothing for the city."""
    group: str = ""
    reasons: tuple[str, ...] = ()
    """Why those that are declared cannot be used, each a sentence."""


def no_answer(city: City, values: pd.Series[float], *, otherwise: str) -> dict[str, str]:
    """Why each neighbourhood without an answer has none: key to a code.

    Parameters
    ----------
    values
        Answers indexed as the neighbourhoods; NaN is "no answer".
    otherwise
        The code for a neighbourhood that has residents: `no-data`, `few-tests` …
    """
    lost = values.index[values.isna()]
    if city.residents is None:
        return dict.fromkeys(lost, otherwise)
    people = city.neighbourhoods.series(city.residents.per_neighbourhood(len(city.neighbourhoods)))
    return {key: otherwise if people[key] > 0 else "no-residents" for key in lost}
