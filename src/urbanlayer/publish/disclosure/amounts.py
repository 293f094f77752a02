"""Amounts of residents or of a group, and ratios to them, of the published numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.cause import RESIDENTS
from urbanlayer.model.result import Range
from urbanlayer.publish.disclosure.counts import WIDTH, rounded_residents
from urbanlayer.publish.disclosure.exact import is_census
from urbanlayer.publish.disclosure.neighbourhoods import REASON
from urbanlayer.publish.disclosure.people_behind import SAME, Behind, floats, people_of_group
from urbanlayer.publish.disclosure.precision import rounded_up, to_digits, to_steps

if TYPE_CHECKING:
    import pandas as pd

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result
    from urbanlayer.publish.disclosure.people_behind import Floats

_DIGITS = 3
"""Significant digits of what rests on residents in another way."""


def published_amount(publication: Publication, result: Result, behind: Behind) -> Result:
    """Amounts of residents or of a group, and ratios to them, of the published numbers."""
    residents = publication.city.residents
    if residents is None:
        return result
    exact_of_all = is_census(residents) and not result.group
    everybody = replace(behind, shown=behind.exact) if exact_of_all else behind
    parts = [everybody, *(people_of_group(publication, group) for group in residents.groups)]
    parts += [Behind(one, rounded_residents(one), one, behind.small) for one in result.counts]
    if result.fraction is not None:
        return _ratio(result, behind, parts)
    values = _of_published(floats(result.values), parts)
    if values is not None:
        return _scaled(result, _indexed(values, result), float(np.nansum(values)), behind)
    if exact_of_all and not result.counts:
        return _of_census(result, behind)
    indicator = publication.indicators.get(result.indicator)
    about_people = indicator is not None and indicator.is_about_people(result.query)
    if not about_people and not result.counts:
        return result
    fewest = np.min([behind.exact, *result.counts], axis=0)
    digits = _indexed(_few_digits(floats(result.values), fewest), result)
    return _scaled(result, digits, float(f"{result.city:.{_DIGITS}g}"), behind)


def _of_census(result: Result, behind: Behind) -> Result:
    """A result on residents whose number a census publishes; ends by others are rounded."""
    if RESIDENTS not in result.causes:
        return result
    return _scaled(result, result.values, result.city, behind)


def _ratio(result: Result, behind: Behind, parts: list[Behind]) -> Result:
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


def _of_published(amounts: Floats, parts: list[Behind]) -> Floats | None:
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
        if factors[0] != 0 and np.allclose(factors, factors[0], rtol=SAME, atol=0):
            if people.shown is people.exact:
                return None
            return np.asarray(people.shown * factors[0], dtype=np.float64)
    return None


def _scaled(result: Result, values: pd.Series[float], city: float, behind: Behind) -> Result:
    """Low and high, and the ranges of each cause, move as the values do, with their first digits.

    What a second source or another threshold says is an exact number of other people.
    """
    people = behind.exact if behind.second is None else np.fmin(behind.exact, behind.second)
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.nan_to_num(floats(values / result.values), nan=1.0, posinf=1.0)
    of_city = city / result.city if result.city else 1.0

    def end(series: pd.Series[float], *, upper: bool) -> pd.Series[float]:
        moved = _indexed(_few_digits(floats(series) * factor, people), result)
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


def _few_digits(values: Floats, people: Floats) -> Floats:
    """Numbers with their first digits, and no more precise than one class of the people."""
    with np.errstate(invalid="ignore", divide="ignore"):
        part = WIDTH / people
    coarse = np.isfinite(part) & (part > 10.0 ** (1 - _DIGITS))
    steps = rounded_up(np.abs(np.nan_to_num(values)) * np.where(coarse, np.minimum(part, 1.0), 1.0))
    return np.where(coarse, to_steps(values, steps), to_digits(values, _DIGITS))


def _indexed(values: Floats, result: Result) -> pd.Series[float]:
    """Numbers by neighbourhood, missing where the result is."""
    return result.values * 0 + values
