"""Results as they may be published: of published counts, and no more precise than people allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.cause import RESIDENTS, THRESHOLD
from urbanlayer.model.indicator import Kind
from urbanlayer.model.result import Range
from urbanlayer.publish.disclosure.counts import WIDTH, least, published_counts
from urbanlayer.publish.disclosure.neighbourhoods import REASON, people_per_key
from urbanlayer.publish.disclosure.people import is_census, published_people
from urbanlayer.publish.disclosure.precision import steps_of_means, to_digits, to_steps

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

    Floats = NDArray[np.float64]
    _Rule = Callable[[pd.Series[float]], pd.Series[float]]

_DIGITS = 3
"""Significant digits of what rests on residents in another way."""
_CITY_CLASSES = 4
"""Classes of counts that a low or high of the city is rounded to."""
_SAME = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class _Behind:
    """The people behind a result, (k,) each: all, published, and those whose origin has a value."""

    exact: Floats
    shown: Floats
    known: Floats
    small: int


def published_result(publication: Publication, result: Result) -> Result:
    """The result as it may be published.

    Shares are published counts over published numbers of people, means are rounded to the step
    that the people behind them allow, amounts of residents and ratios to them are those of the
    published numbers. The value of the city is that of the published ones of its neighbourhoods.
    """
    exact = people_per_key(publication, result.group)
    shown = published_people(publication, result.group)
    if exact is None or shown is None:
        return result
    behind = _Behind(
        _floats(exact),
        _floats(shown),
        _people_with_value(publication, result, _floats(exact)),
        least(publication.spec.publish.suppress_below),
    )
    if is_share_of_people(publication, result):
        made = _share(result, behind)
    elif result.origins is not None:
        made = _mean(publication, result, behind)
    else:
        made = _of_totals(publication, result, behind)
    if result.edge_effect is not None:
        near = published_counts(_floats(result.edge_effect), behind.shown, behind.small)
        made = replace(made, edge_effect=result.edge_effect * 0 + np.nan_to_num(near))
    lost = made.values.index[made.values.isna() & result.values.notna()]
    return replace(made, reasons={**made.reasons, **dict.fromkeys(map(str, lost), REASON)})


def _people_with_value(publication: Publication, result: Result, exact: Floats) -> Floats:
    """(k,) people whose origin has a value; all where no origin has one of its own."""
    residents = publication.city.of_group(result.group).residents
    if result.origins is None or residents is None:
        return exact
    known = np.isfinite(result.origins)
    counted = np.bincount(residents.neighbourhood[known], residents.people[known], len(exact))
    return np.where(np.abs(counted - exact) <= _SAME * np.maximum(exact, 1), exact, counted)


def is_share_of_people(publication: Publication, result: Result) -> bool:
    """Whether a result is a count of people over the people of each neighbourhood."""
    indicator = publication.indicators.get(result.indicator)
    kind = None if indicator is None else indicator.kind
    return result.unit == "share" and (kind is Kind.SHARE_OF_RESIDENTS)


def _share(result: Result, behind: _Behind) -> Result:
    """Published counts over published numbers of people."""
    whole = np.isclose(behind.known, behind.exact, rtol=_SAME)
    of = np.where(whole, behind.shown, published_counts(behind.known, behind.shown, behind.small))
    of = np.where(of > 0, of, np.nan)

    def shares(values: pd.Series[float]) -> pd.Series[float]:
        counts = published_counts(_floats(values) * behind.known, of, behind.small)
        return values * 0 + np.clip(counts / of, 0, 1)

    return _with_city(result, shares, of, _city_share)


def _mean(publication: Publication, result: Result, behind: _Behind) -> Result:
    """Means rounded to the step that the people behind each allow."""
    assert result.origins is not None  # noqa: S101  (the caller asked)
    residents = publication.city.of_group(result.group).residents
    assert residents is not None  # noqa: S101
    lived = result.origins[np.isfinite(result.origins) & (residents.people > 0)]
    largest = float(lived.max() - min(lived.min(), 0.0)) if len(lived) else 0.0
    enough = behind.known >= behind.small
    steps = steps_of_means(behind.known, largest, result.unit)

    def rounded(values: pd.Series[float]) -> pd.Series[float]:
        whole = to_steps(_floats(values), steps)
        return values * 0 + np.where(enough, whole, np.nan)

    def of_city(value: float, people: float) -> float:
        step = steps_of_means(np.array([people]), largest, result.unit)
        return float(to_steps(np.array([value]), step)[0])

    return _with_city(result, rounded, np.where(enough, behind.shown, np.nan), of_city)


def _city_share(share: float, people: float) -> float:
    """A share of the city's people, as the middle of a class of `_CITY_CLASSES` classes."""
    width = _CITY_CLASSES * WIDTH
    count = width * np.floor(share * people / width) + width / 2
    return float(np.clip(count / people, 0, 1))


def _with_city(
    result: Result, of_values: _Rule, people: Floats, of_city: Callable[[float, float], float]
) -> Result:
    """Values, low and high by one rule, those of the city as their means over published people.

    The city's low and high by the data are no such means, since not all neighbourhoods have theirs
    by the same source: they are the city's own, rounded by `of_city`.
    """
    values = of_values(result.values)

    def end(series: pd.Series[float], *, upper: bool) -> pd.Series[float]:
        """The published low or high, on its side of the published value."""
        made = of_values(series)
        kept = np.maximum(made, values) if upper else np.minimum(made, values)
        return values * 0 + kept

    def city(series: pd.Series[float] | None, exact: float) -> float:
        """The mean over the published people of the neighbourhoods that show a value."""
        if series is None or np.isnan(exact):
            return float("nan")
        known = series.notna().to_numpy() & ~np.isnan(people)
        total = people[known].sum()
        return float((_floats(series)[known] * people[known]).sum() / total) if total else np.nan

    whole = city(values, result.city)

    def city_end(exact: float, *, upper: bool) -> float:
        """The city's own low or high; its value where they are the same."""
        total = float(np.nansum(people))
        if np.isnan(exact) or np.isnan(whole) or not total:
            return float("nan")
        if abs(exact - result.city) <= _SAME * max(abs(exact), 1):
            return whole
        return (max if upper else min)(of_city(exact, total), whole)

    ranges = {}
    for cause, one in result.ranges.items():
        low, high = end(one.low, upper=False), end(one.high, upper=True)
        of_ends = (
            (city(low, one.city_low), city(high, one.city_high))
            if cause == THRESHOLD
            else (city_end(one.city_low, upper=False), city_end(one.city_high, upper=True))
        )
        ranges[cause] = Range(low, high, *of_ends)
    return replace(
        result,
        values=values,
        city=whole,
        low=None if result.low is None else end(result.low, upper=False),
        high=None if result.high is None else end(result.high, upper=True),
        city_low=city_end(result.city_low, upper=False),
        city_high=city_end(result.city_high, upper=True),
        ranges=ranges,
    )


def _of_totals(publication: Publication, result: Result, behind: _Behind) -> Result:
    """Amounts of residents, and ratios to them, of the published numbers."""
    residents = publication.city.residents
    indicator = publication.indicators.get(result.indicator)
    if residents is None or (is_census(residents) and not result.group):
        by_others = RESIDENTS in result.causes
        return _scaled(result, result.values, result.city) if by_others else result
    if result.fraction is None:
        values = _of_published(_floats(result.values), behind)
        if values is not None:
            made = _indexed(values, result)
            return _scaled(result, made, float(np.nansum(values)))
        if indicator is None or not indicator.is_about_people(result.query):
            return result
        digits = _indexed(to_digits(_floats(result.values), _DIGITS), result)
        return _scaled(result, digits, float(f"{result.city:.{_DIGITS}g}"))
    exact_above, exact_below, factor = result.fraction
    shown_above, shown_below = (_of_published(p, behind) for p in (exact_above, exact_below))
    if shown_above is None and shown_below is None:
        return result
    above = exact_above if shown_above is None else shown_above
    below = exact_below if shown_below is None else shown_below
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = factor * np.where(below != 0, above / below, np.nan)
    known = result.values.notna().to_numpy() & np.isfinite(ratio)
    total = below[known].sum()
    city = factor * float(above[known].sum() / total) if total else float("nan")
    made = _indexed(ratio, result)
    return replace(_scaled(result, made, city), fraction=(above, below, factor))


def _floats(values: pd.Series[float]) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _indexed(values: Floats, result: Result) -> pd.Series[float]:
    """Numbers by neighbourhood, missing where the result is."""
    return result.values * 0 + values


def _of_published(amounts: Floats, behind: _Behind) -> Floats | None:
    """Amounts that are residents times one factor, of the published numbers; None if not."""
    lived = (behind.exact > 0) & np.isfinite(amounts)
    if not lived.any():
        return None
    factors = amounts[lived] / behind.exact[lived]
    if factors[0] == 0 or not np.allclose(factors, factors[0], rtol=_SAME, atol=0):
        return None
    return np.where(behind.exact == 0, 0.0, behind.shown * factors[0])


def _scaled(result: Result, values: pd.Series[float], city: float) -> Result:
    """Low and high, and the ranges of each cause, move as the values do, with their first digits.

    What a second source or another threshold says is an exact number of other people.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.nan_to_num(_floats(values / result.values), nan=1.0, posinf=1.0)
    of_city = city / result.city if result.city else 1.0

    def end(series: pd.Series[float], *, upper: bool) -> pd.Series[float]:
        moved = _indexed(to_digits(_floats(series) * factor, _DIGITS), result)
        return values * 0 + (np.maximum if upper else np.minimum)(moved, values)

    def end_of_city(exact: float, *, upper: bool) -> float:
        return (max if upper else min)(float(f"{exact * of_city:.{_DIGITS}g}"), city)

    def _both(one: Range) -> Range:
        return Range(
            end(one.low, upper=False),
            end(one.high, upper=True),
            end_of_city(one.city_low, upper=False),
            end_of_city(one.city_high, upper=True),
        )

    ranges = {cause: _both(one) for cause, one in result.ranges.items()}
    made = replace(result, values=values, city=city, ranges=ranges)
    if result.low is None or result.high is None:
        return made
    whole = _both(Range(result.low, result.high, result.city_low, result.city_high))
    return replace(
        made, low=whole.low, high=whole.high, city_low=whole.city_low, city_high=whole.city_high
    )
