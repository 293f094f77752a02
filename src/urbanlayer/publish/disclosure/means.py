"""Means over people, rounded to the step that the people behind each allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.indicator import Kind
from urbanlayer.publish.disclosure.city_values import CityRule, with_city
from urbanlayer.publish.disclosure.counts import WIDTH, count_classes, least, published_counts
from urbanlayer.publish.disclosure.levels import levels_of
from urbanlayer.publish.disclosure.people_behind import SAME, floats, published_known
from urbanlayer.publish.disclosure.precision import steps_of_means, to_steps

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result
    from urbanlayer.publish.disclosure.city_values import Rule
    from urbanlayer.publish.disclosure.levels import Levels
    from urbanlayer.publish.disclosure.people_behind import Behind, Floats

_FEWEST_OF_MEAN = 3 * WIDTH
_WALKED, _PERCENTILE = frozenset({"m", "min"}), 0.9


def published_mean(publication: Publication, result: Result, behind: Behind) -> Result:
    """Means rounded to the step that the people behind each allow; of two values as shares."""
    assert result.origins is not None  # noqa: S101  (the caller checked)
    residents = publication.city.of_group(result.group).residents
    assert residents is not None  # noqa: S101
    lived = result.origins[np.isfinite(result.origins) & (residents.people > 0)]
    largest = float(lived.max() - min(lived.min(), 0.0)) if len(lived) else 0.0
    levels = levels_of(residents, result.origins, len(behind.known))
    enough = (behind.known >= _fewest_of_mean(publication, result)) & ~np.isnan(behind.shown)

    def rounded(people: Floats, *, as_shares: bool) -> Rule:
        """The rule that rounds means to what their people allow."""
        finest = steps_of_means(people, largest, result.unit)
        steps = steps_of_means(people, largest, result.unit, apart=levels.apart)

        def rule(values: pd.Series[float]) -> pd.Series[float]:
            """The means in the steps that their people allow."""
            exact = floats(values)
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
    return with_city(result, rules, CityRule(shown, of_city))


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
    values: Floats, levels: Levels, behind: Behind
) -> tuple[Floats, NDArray[np.bool_]]:
    """(k,) means of the published counts with the upper of two values, and (k,) where they are.

    Nearly all have the upper value as all have, where no home has the lower one.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        upper = (values - levels.lowest) / levels.apart * behind.known
    of = published_known(behind)
    within = (upper >= -SAME * behind.known) & (upper <= behind.known * (1 + SAME))
    upper = np.clip(upper, 0, behind.known)
    _, above = count_classes(upper, of, behind.small)
    counts = np.where(np.isinf(above), of, published_counts(upper, of, behind.small))
    return levels.lowest + levels.apart * np.clip(counts / of, 0, 1), within
