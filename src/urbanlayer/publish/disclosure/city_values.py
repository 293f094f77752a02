"""The city's value, low and high, of the published ones of its neighbourhoods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.cause import RESIDENTS, THRESHOLD
from urbanlayer.model.result import Range
from urbanlayer.publish.disclosure.neighbourhoods import REASON
from urbanlayer.publish.disclosure.people_behind import SAME, floats

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.result import Result
    from urbanlayer.publish.disclosure.people_behind import Floats

    Known = NDArray[np.bool_]
    Rule = Callable[[pd.Series[float]], pd.Series[float]]
    _Whole = Callable[[pd.Series[float], pd.Series[float], Known], float]


@dataclass(frozen=True, slots=True, eq=False)
class CityRule:
    """How values of the city are made of those of its neighbourhoods, or of the city's own.

    Attributes
    ----------
    people
        (k,) published ones behind the values; NaN where no value is shown for lack of people.
    rounded
        The city's own low or high as it may be published, beside that number of people.
    whole
        The city's value of published and exact ones where they are known; their mean without it.
    """

    people: Floats
    rounded: Callable[[float, float], float]
    whole: _Whole | None = None

    def value(self, shown: pd.Series[float], exact: pd.Series[float], own: float) -> float:
        """Of the neighbourhoods that show a value; NaN where the city's own is."""
        if np.isnan(own):
            return float("nan")
        known = shown.notna().to_numpy() & ~np.isnan(self.people)
        if self.whole is not None:
            return self.whole(shown, exact, known)
        total = self.people[known].sum()
        if not total:
            return float("nan")
        return float((floats(shown)[known] * self.people[known]).sum() / total)

    def own(self, value: float) -> float:
        """The city's own low or high, rounded."""
        total = float(np.nansum(self.people))
        return self.rounded(value, total) if total else float("nan")


def with_city(result: Result, rules: tuple[Rule, Rule], of_city: CityRule) -> Result:
    """Values, low and high by their rules, those of the city by its own.

    The second rule is that of ends which hold what a second source of residents says.

    The city's low and high by the data are no means, since not all neighbourhoods have theirs by
    the same source: they are the city's own, rounded. Where a neighbourhood shows no value for lack
    of people they are means nevertheless, with the value of a neighbourhood that shows no low and
    high: the city's own would tell of those few people.
    """
    values = rules[0](result.values)
    of_all = of_city.value(values, result.values, result.city)
    hidden = values.isna() & (result.values.notna() | _with_too_few(result))

    def city_end(shown: pd.Series[float], exact: pd.Series[float], own: float) -> float:
        """The city's low or high by the data."""
        if np.isnan(own) or np.isnan(of_all):
            return float("nan")
        if hidden.any():
            return of_city.value(shown.fillna(values), exact.fillna(result.values), own)
        same = abs(own - result.city) <= SAME * max(abs(own), 1)
        return of_all if same else of_city.own(own)

    def both(one: Range, rule: Rule, *, varied: bool = False) -> Range:
        """The published low and high and the city's, each on its side of the published value."""
        low = values * 0 + np.minimum(rule(one.low), values)
        high = values * 0 + np.maximum(rule(one.high), values)
        made = of_city.value if varied else city_end
        lowest, highest = (
            made(low, one.low, one.city_low),
            made(high, one.high, one.city_high),
        )
        return Range(low, high, min(lowest, of_all), max(highest, of_all))

    low, high = (result.values if one is None else one for one in (result.low, result.high))
    whole = both(Range(low, high, result.city_low, result.city_high), rules[1])
    return replace(
        result,
        values=values,
        city=of_all,
        low=None if result.low is None else whole.low,
        high=None if result.high is None else whole.high,
        city_low=whole.city_low,
        city_high=whole.city_high,
        ranges={
            cause: both(one, rules[cause == RESIDENTS], varied=cause == THRESHOLD)
            for cause, one in result.ranges.items()
        },
    )


def _with_too_few(result: Result) -> NDArray[np.bool_]:
    """(k,) neighbourhoods that show no result since too few people live there."""
    return np.array([result.reasons.get(str(key)) == REASON for key in result.values.index])
