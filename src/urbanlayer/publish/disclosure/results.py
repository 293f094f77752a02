"""Results as they may be published: of published counts, and no more precise than people allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.cause import RESIDENTS, THRESHOLD
from urbanlayer.model.indicator import Kind
from urbanlayer.model.result import Range
from urbanlayer.publish.disclosure.city_shares import city_share
from urbanlayer.publish.disclosure.counts import (
    WIDTH,
    count_classes,
    least,
    published_counts,
    rounded_residents,
)
from urbanlayer.publish.disclosure.exact import is_census, people_per_key
from urbanlayer.publish.disclosure.few_counted import without_few_counted
from urbanlayer.publish.disclosure.levels import levels_of
from urbanlayer.publish.disclosure.neighbourhoods import REASON
from urbanlayer.publish.disclosure.people import published_people
from urbanlayer.publish.disclosure.precision import (
    rounded_up,
    steps_of_means,
    to_digits,
    to_steps,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result
    from urbanlayer.publish.disclosure.levels import Levels

    Floats = NDArray[np.float64]
    Known = NDArray[np.bool_]
    _Rule = Callable[[pd.Series[float]], pd.Series[float]]
    _Whole = Callable[[pd.Series[float], pd.Series[float], Known], float]

_DIGITS = 3
"""Significant digits of what rests on residents in another way."""
_CITY_CLASSES = 4
"""Classes of counts that a low or high of the city is rounded to."""
_SAME = 1e-9
_FEWEST_OF_MEAN = 3 * WIDTH
_WALKED, _PERCENTILE = frozenset({"m", "min"}), 0.9


@dataclass(frozen=True, slots=True, eq=False)
class _Behind:
    """The people behind a result, (k,) each: all, published, and those whose origin has a value.

    `second` are those of a second source, where low and high hold what it says.
    """

    exact: Floats
    shown: Floats
    known: Floats
    small: int
    second: Floats | None = None


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
        _second_source(publication, result),
    )
    if is_share_of_people(publication, result):
        made = _share(result, behind)
    elif result.origins is not None:
        made = _mean(publication, result, behind)
    else:
        made = _of_totals(publication, result, behind)
    if result.group:  # beside those of all and other groups they would narrow one another
        made = replace(made, edge_effect=None)
    elif result.edge_effect is not None:
        near = published_counts(_floats(result.edge_effect), behind.shown, behind.small)
        made = replace(made, edge_effect=result.edge_effect * 0 + np.nan_to_num(near))
    few = made.values.isna() & result.values.notna()
    everybody = people_per_key(publication)
    if result.group and everybody is not None:  # none and few of a group look the same
        few |= shown.isna() & (everybody > 0)
    lost = dict.fromkeys(map(str, made.values.index[few]), REASON)
    made = replace(made, reasons={**made.reasons, **lost})
    return without_few_counted(made, result, behind.small)


def _second_source(publication: Publication, result: Result) -> Floats | None:
    second = publication.city.by_second_source()
    if second is None or RESIDENTS not in result.causes:
        return None
    people = people_per_key(replace(publication, city=second), result.group)
    return None if people is None else _floats(people)


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
    of = _published_known(behind)

    def shares(values: pd.Series[float]) -> pd.Series[float]:
        counts = published_counts(_floats(values) * behind.known, of, behind.small)
        return values * 0 + np.clip(counts / of, 0, 1)

    def of_fewer(values: pd.Series[float]) -> pd.Series[float]:
        """Shares of a second source, as counts of its people where they are fewer."""
        assert behind.second is not None  # noqa: S101  (the caller asked)
        fewer = behind.second < behind.known
        people = np.where(fewer, behind.second, behind.known)
        total = np.where(fewer, rounded_residents(behind.second), of)
        counts = published_counts(_floats(values) * people, total, behind.small)
        return values * 0 + np.clip(counts / total, 0, 1)

    def of_counts(shown: pd.Series[float], exact: pd.Series[float], known: Known) -> float:
        published, lived = of[known], behind.known[known]
        counts = _floats(shown)[known] * published, _floats(exact)[known] * lived
        return city_share(*counts, published, lived, behind.small)

    rule = shares if behind.second is None else of_fewer
    return _with_city(result, (shares, rule), _CityRule(of, _middle_of_classes, of_counts))


def _mean(publication: Publication, result: Result, behind: _Behind) -> Result:
    """Means rounded to the step that the people behind each allow; of two values as shares."""
    assert result.origins is not None  # noqa: S101  (the caller checked)
    residents = publication.city.of_group(result.group).residents
    assert residents is not None  # noqa: S101
    lived = result.origins[np.isfinite(result.origins) & (residents.people > 0)]
    largest = float(lived.max() - min(lived.min(), 0.0)) if len(lived) else 0.0
    levels = levels_of(residents, result.origins, len(behind.known))
    enough = (behind.known >= _fewest_of_mean(publication, result)) & ~np.isnan(behind.shown)

    def rounded(people: Floats, *, as_shares: bool) -> _Rule:
        """The rule that rounds means to what their people allow."""
        finest = steps_of_means(people, largest, result.unit)
        steps = steps_of_means(people, largest, result.unit, apart=levels.apart)

        def rule(values: pd.Series[float]) -> pd.Series[float]:
            """The means in the steps that their people allow."""
            exact = _floats(values)
            made = to_steps(exact, steps)
            if as_shares:
                of_two, known = _of_two_values(exact, levels, behind)
                made = np.where(known, to_steps(of_two, finest), made)
            return values * 0 + np.where(enough, made, np.nan)

        return rule

    def of_city(value: float, people: float) -> float:
        step = steps_of_means(np.array([people]), largest, result.unit)
        return float(to_steps(np.array([value]), step)[0])

    second = behind.known if behind.second is None else np.fmin(behind.known, behind.second)
    rules = (
        rounded(behind.known, as_shares=True),
        rounded(second, as_shares=behind.second is None),
    )
    shown = np.where(enough, behind.shown, np.nan)
    return _with_city(result, rules, _CityRule(shown, of_city))


def _fewest_of_mean(publication: Publication, result: Result) -> float:
    """People under which a mean is not published; a percentile has ten beyond it.

    Distances and times that are no means are percentiles. Who knows every home bounds those in the
    nearest and the farthest by the mean of three classes of people or fewer.
    """
    small = least(publication.spec.publish.suppress_below)
    indicator = publication.indicators.get(result.indicator)
    if indicator is None or indicator.kind is not Kind.INDEX or result.unit not in _WALKED:
        return max(_FEWEST_OF_MEAN, small)
    beyond = 1 - float(result.parameters.get("share", _PERCENTILE))
    return small / beyond if beyond > 0 else float("inf")


def _of_two_values(
    values: Floats, levels: Levels, behind: _Behind
) -> tuple[Floats, NDArray[np.bool_]]:
    """(k,) means of the published counts with the upper of two values, and (k,) where they are.

    Nearly all have the upper value as all have, where no home has the lower one.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        upper = (values - levels.lowest) / levels.apart * behind.known
    of = _published_known(behind)
    within = (upper >= -_SAME * behind.known) & (upper <= behind.known * (1 + _SAME))
    upper = np.clip(upper, 0, behind.known)
    _, above = count_classes(upper, of, behind.small)
    counts = np.where(np.isinf(above), of, published_counts(upper, of, behind.small))
    return levels.lowest + levels.apart * np.clip(counts / of, 0, 1), within


def _published_known(behind: _Behind) -> Floats:
    """(k,) the published number of people whose origin has a value; NaN where it is none."""
    whole = np.isclose(behind.known, behind.exact, rtol=_SAME)
    of = np.where(whole, behind.shown, published_counts(behind.known, behind.shown, behind.small))
    return np.where(of > 0, of, np.nan)


def _middle_of_classes(share: float, people: float) -> float:
    """A share of the city's people, as the middle of a class of `_CITY_CLASSES` classes."""
    width = _CITY_CLASSES * WIDTH
    count = width * np.floor(share * people / width) + width / 2
    return float(np.clip(count / people, 0, 1))


@dataclass(frozen=True, slots=True, eq=False)
class _CityRule:
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
        return float((_floats(shown)[known] * self.people[known]).sum() / total)

    def own(self, value: float) -> float:
        """The city's own low or high, rounded."""
        total = float(np.nansum(self.people))
        return self.rounded(value, total) if total else float("nan")


def _with_city(result: Result, rules: tuple[_Rule, _Rule], of_city: _CityRule) -> Result:
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
        same = abs(own - result.city) <= _SAME * max(abs(own), 1)
        return of_all if same else of_city.own(own)

    def both(one: Range, rule: _Rule, *, varied: bool = False) -> Range:
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


def _of_totals(publication: Publication, result: Result, behind: _Behind) -> Result:
    """Amounts of residents or of a group, and ratios to them, of the published numbers."""
    residents = publication.city.residents
    if residents is None:
        return result
    exact_of_all = is_census(residents) and not result.group
    everybody = replace(behind, shown=behind.exact) if exact_of_all else behind
    parts = [everybody, *(_behind_group(publication, group) for group in residents.groups)]
    parts += [_Behind(one, rounded_residents(one), one, behind.small) for one in result.counts]
    if result.fraction is not None:
        return _ratio(result, behind, parts)
    values = _of_published(_floats(result.values), parts)
    if values is not None:
        return _scaled(result, _indexed(values, result), float(np.nansum(values)), behind)
    if exact_of_all and not result.counts:
        return _of_census(result, behind)
    indicator = publication.indicators.get(result.indicator)
    about_people = indicator is not None and indicator.is_about_people(result.query)
    if not about_people and not result.counts:
        return result
    fewest = np.min([behind.exact, *result.counts], axis=0)
    digits = _indexed(_few_digits(_floats(result.values), fewest), result)
    return _scaled(result, digits, float(f"{result.city:.{_DIGITS}g}"), behind)


def _behind_group(publication: Publication, group: str) -> _Behind:
    exact, shown = people_per_key(publication, group), published_people(publication, group)
    assert exact is not None  # noqa: S101  (there are residents)
    assert shown is not None  # noqa: S101
    small = least(publication.spec.publish.suppress_below)
    return _Behind(_floats(exact), _floats(shown), _floats(exact), small)


def _of_census(result: Result, behind: _Behind) -> Result:
    """A result on residents whose number a census publishes; ends by others are rounded."""
    if RESIDENTS not in result.causes:
        return result
    return _scaled(result, result.values, result.city, behind)


def _ratio(result: Result, behind: _Behind, parts: list[_Behind]) -> Result:
    """The ratio of two amounts, either of which may be people."""
    assert result.fraction is not None  # noqa: S101  (the caller asked)
    exact_above, exact_below, factor = result.fraction
    shown_above, shown_below = (_of_published(p, parts) for p in (exact_above, exact_below))
    if shown_above is None and shown_below is None:
        return _of_census(result, behind) if parts[0].shown is parts[0].exact else result
    above = exact_above if shown_above is None else shown_above
    below = exact_below if shown_below is None else shown_below
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = factor * np.where(below != 0, above / below, np.nan)
    known = result.values.notna().to_numpy() & np.isfinite(ratio)
    total = below[known].sum()
    city = factor * float(above[known].sum() / total) if total else float("nan")
    made = _scaled(result, _indexed(ratio, result), city, behind)
    made = replace(made, fraction=(above, below, factor))
    few = np.isnan(above) & ~np.isnan(exact_above) | np.isnan(below) & ~np.isnan(exact_below)
    lost = dict.fromkeys(map(str, result.values.index[few]), REASON)
    return replace(made, reasons={**result.reasons, **lost})


def _floats(values: pd.Series[float]) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _indexed(values: Floats, result: Result) -> pd.Series[float]:
    """Numbers by neighbourhood, missing where the result is."""
    return result.values * 0 + values


def _of_published(amounts: Floats, parts: list[_Behind]) -> Floats | None:
    """Amounts that are people times one factor, of the published numbers; None if not.

    Parameters
    ----------
    amounts
        (k,) of the neighbourhoods.
    parts
        All residents, then each group: a group may be a fixed share of all. None too for amounts
        of residents whose exact number is published.
    """
    for people in parts:
        lived = (people.exact > 0) & np.isfinite(amounts)
        if not lived.any() or (amounts[people.exact == 0] != 0).any():
            continue
        factors = amounts[lived] / people.exact[lived]
        if factors[0] != 0 and np.allclose(factors, factors[0], rtol=_SAME, atol=0):
            if people.shown is people.exact:
                return None
            return np.asarray(people.shown * factors[0], dtype=np.float64)
    return None


def _few_digits(values: Floats, people: Floats) -> Floats:
    """Numbers with their first digits, and no more precise than one class of the people."""
    with np.errstate(invalid="ignore", divide="ignore"):
        part = WIDTH / people
    coarse = np.isfinite(part) & (part > 10.0 ** (1 - _DIGITS))
    steps = rounded_up(np.abs(np.nan_to_num(values)) * np.where(coarse, np.minimum(part, 1.0), 1.0))
    return np.where(coarse, to_steps(values, steps), to_digits(values, _DIGITS))


def _scaled(result: Result, values: pd.Series[float], city: float, behind: _Behind) -> Result:
    """Low and high, and the ranges of each cause, move as the values do, with their first digits.

    What a second source or another threshold says is an exact number of other people.
    """
    people = behind.exact if behind.second is None else np.fmin(behind.exact, behind.second)
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.nan_to_num(_floats(values / result.values), nan=1.0, posinf=1.0)
    of_city = city / result.city if result.city else 1.0

    def end(series: pd.Series[float], *, upper: bool) -> pd.Series[float]:
        moved = _indexed(_few_digits(_floats(series) * factor, people), result)
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
