"""The results that have a weight among the needs, each with its need from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels import needs as rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.indicator import Indicator, IndicatorQuery
    from urbanlayer.model.plan_specification import NeedIndicatorSpec, NeedsSpec, Rule
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result


@dataclass(frozen=True, slots=True, eq=False)
class WeightedResult:
    """A result with its place among the needs.

    Attributes
    ----------
    theme
        Its theme.
    weight
        Its effective weight; those of all results add up to 1.
    indicator, query
        What it is of.
    values, needs
        (n,) of each neighbourhood; NaN where there is none.
    others
        The same by other thresholds that the city file asks for.
    """

    theme: str
    weight: float
    indicator: Indicator
    query: Query
    values: NDArray[np.float64]
    needs: NDArray[np.float64]
    others: tuple[OtherThreshold, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class OtherThreshold:
    """A result that differs from a weighted one in its thresholds alone, with its need.

    Attributes
    ----------
    query
        What it is of.
    values, needs
        As of `WeightedResult`; the need by the same rule and goalposts.
    """

    query: Query
    values: NDArray[np.float64]
    needs: NDArray[np.float64]


def weighted_results(
    queries: Sequence[IndicatorQuery],
    results: Sequence[Result],
    spec: NeedsSpec,
    count: int,
) -> tuple[WeightedResult, ...]:
    """The results that have a weight, each with its need; `count` neighbourhoods."""
    values = {result.query: np.asarray(result.values, dtype=np.float64) for result in results}
    nothing = np.full(count, np.nan)
    weighted = _weighted_queries(queries, spec)
    of_themes = sum(theme.weight for theme in spec.themes.values())
    found = []
    for name, theme in spec.themes.items():
        within = sum(one.weight for one in theme.indicators)
        for one in theme.indicators:
            weight = theme.weight / of_themes * one.weight / within
            if weight == 0:
                continue
            indicator, query = _query_of(one, queries)
            own = values.get(query, nothing)
            needs = _by_rule(own, one, indicator, query, spec.rule)
            others = tuple(
                OtherThreshold(
                    other, values[other], _by_rule(values[other], one, indicator, query, spec.rule)
                )
                for other in _other_thresholds(indicator, query, queries)
                if other in values and other not in weighted
            )
            found.append(WeightedResult(name, weight, indicator, query, own, needs, others))
    return tuple(found)


def _weighted_queries(queries: Sequence[IndicatorQuery], spec: NeedsSpec) -> frozenset[Query]:
    named = (one for theme in spec.themes.values() for one in theme.indicators)
    return frozenset(_query_of(one, queries)[1] for one in named)


def _other_thresholds(
    indicator: Indicator, query: Query, queries: Sequence[IndicatorQuery]
) -> Iterator[Query]:
    """Other queries that differ from a query in the numbers of its parameters alone."""
    for other_indicator, one in queries:
        other = other_indicator.named(one)
        if other_indicator.id != indicator.id or other == query:
            continue
        alike = (other.variant, other.mode, other.group, other.numbers.keys())
        if alike == (query.variant, query.mode, query.group, query.numbers.keys()):
            yield other


def _query_of(one: NeedIndicatorSpec, queries: Sequence[IndicatorQuery]) -> IndicatorQuery:
    """The one query that is named; the city file was checked for it."""
    return next(
        (indicator, indicator.named(query))
        for indicator, query in queries
        if one.fits(indicator.named(query))
    )


def _by_rule(
    values: NDArray[np.float64],
    one: NeedIndicatorSpec,
    indicator: Indicator,
    query: Query,
    rule: Rule,
) -> NDArray[np.float64]:
    if rule == "target":
        target = query.target if one.target is None else one.target
        assert target is not None  # noqa: S101  (the city file was checked for it)
        assert one.worst is not None  # noqa: S101
        return rules.by_target(values, target=target, worst=one.worst)
    relative = {"min_max": rules.by_min_max, "rank": rules.by_rank, "z_score": rules.by_z_score}
    return relative[rule](values, higher_is_better=indicator.better == "higher")
