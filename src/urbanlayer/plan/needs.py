"""Needs and ranks of neighbourhoods.

Each result becomes a need from 0 to 1 by the declared rule. Within a theme the need is the weighted
mean of those that there are; a missing one leaves its weight to the rest of the theme. A theme
without any leaves its weight to the other themes. With less than two thirds of the whole weight
a neighbourhood is not ranked.

Weights are drawn from Dirichlet distributions: of the themes with `strength` × their declared
weights, of the results within a theme with `strength` × their effective weights. Together that is
one Dirichlet distribution of all effective weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels import needs as rules
from urbanlayer.kernels.rank_ranges import groups_tied_with_best, rank_ranges
from urbanlayer.model.indicator import Kind
from urbanlayer.model.plan import Need, Ranking, Reason
from urbanlayer.plan.need_warnings import warnings_of_needs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from urbanlayer.kernels.rank_ranges import RankRanges
    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Indicator
    from urbanlayer.model.plan_specification import NeedIndicatorSpec, NeedsSpec, Rule
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result

LEAST_KNOWN = 2 / 3
"""Share of the whole weight under which a neighbourhood is not ranked."""
_ROUNDING = 1e-9
_LEAST_DRAWN = 1e-15
"""A drawn weight may be 0 to the last digit; a neighbourhood with that result alone has a need."""


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
    """

    theme: str
    weight: float
    indicator: Indicator
    query: Query
    values: NDArray[np.float64]
    needs: NDArray[np.float64]


def ranked(
    city: City,
    asked: Sequence[tuple[Indicator, Query]],
    results: Sequence[Result],
    spec: NeedsSpec,
    *,
    seed: int,
) -> Ranking:
    """The needs and ranks of the city's neighbourhoods.

    Parameters
    ----------
    city
        With the residents that stand beside the ranks.
    asked
        What the city file asks.
    results
        As they may be published; one that is not there is missing for every neighbourhood.
    spec
        Rule, themes and weights.
    seed
        Of the draws: numpy's PCG64.

    Returns
    -------
    Ranking
        Neighbourhoods in their order.
    """
    weighted = weighted_results(asked, results, spec, len(city.neighbourhoods))
    themes = _of_themes(weighted)
    by_theme = np.column_stack([
        rules.weighted_mean(_columns(some), np.array([one.weight for one in some]))
        for some in themes.values()
    ])  # fmt: skip
    weights = np.array([sum(one.weight for one in some) for some in themes.values()])
    need = rules.aggregated(by_theme, weights, spec.aggregate)
    known = np.array([one.weight for one in weighted]) @ np.isfinite(_columns(weighted)).T
    kept = np.flatnonzero(known >= LEAST_KNOWN - _ROUNDING)
    drawn = drawn_needs(themes, kept, spec, seed=seed)
    ranges = rank_ranges(drawn) if len(kept) else None
    return Ranking(
        needs=_needs(city, weighted, by_theme, need, kept, ranges),
        weights={name: {one.query.id: one.weight for one in some} for name, some in themes.items()},
        indicator_needs={one.query.id: tuple(one.needs.tolist()) for one in weighted},
        warnings=warnings_of_needs(weighted, spec.rule),
    )


def weighted_results(
    asked: Sequence[tuple[Indicator, Query]],
    results: Sequence[Result],
    spec: NeedsSpec,
    count: int,
) -> tuple[WeightedResult, ...]:
    """The results that have a weight, each with its need; `count` neighbourhoods."""
    values = {result.query: np.asarray(result.values, dtype=np.float64) for result in results}
    nothing = np.full(count, np.nan)
    of_themes = sum(theme.weight for theme in spec.themes.values())
    found = []
    for name, theme in spec.themes.items():
        within = sum(one.weight for one in theme.indicators)
        for one in theme.indicators:
            weight = theme.weight / of_themes * one.weight / within
            if weight == 0:
                continue
            indicator, query = _asked_for(one, asked)
            own = values.get(query, nothing)
            needs = _by_rule(own, one, indicator, query, spec.rule)
            found.append(WeightedResult(name, weight, indicator, query, own, needs))
    return tuple(found)


def _asked_for(
    one: NeedIndicatorSpec, asked: Sequence[tuple[Indicator, Query]]
) -> tuple[Indicator, Query]:
    """The one query that is named; the city file was checked for it."""
    return next(
        (indicator, indicator.named(query))
        for indicator, query in asked
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


def _of_themes(weighted: Sequence[WeightedResult]) -> dict[str, list[WeightedResult]]:
    themes: dict[str, list[WeightedResult]] = {}
    for one in weighted:
        themes.setdefault(one.theme, []).append(one)
    return themes


def _columns(weighted: Sequence[WeightedResult]) -> NDArray[np.float64]:
    return np.column_stack([one.needs for one in weighted])


def drawn_needs(
    themes: Mapping[str, Sequence[WeightedResult]],
    kept: NDArray[np.intp],
    spec: NeedsSpec,
    *,
    seed: int,
) -> NDArray[np.float64]:
    """(draws, kept) needs of the ranked neighbourhoods by drawn weights.

    Parameters
    ----------
    themes
        Their results, in the order of the city file.
    kept
        Rows of the neighbourhoods that are ranked.
    seed
        Of numpy's PCG64: the themes are drawn first, then the results of each in turn.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    effective = [np.array([one.weight for one in some]) for some in themes.values()]
    of_themes = _drawn(random, np.array([some.sum() for some in effective]), spec)
    by_theme = np.stack([
        rules.weighted_mean(_columns(some)[kept], _drawn(random, weights, spec))
        for some, weights in zip(themes.values(), effective, strict=True)
    ], axis=-1)  # fmt: skip
    return rules.aggregated(by_theme, of_themes, spec.aggregate)


def _drawn(
    random: np.random.Generator, weights: NDArray[np.float64], spec: NeedsSpec
) -> NDArray[np.float64]:
    """(draws, k) weights around the given ones."""
    if len(weights) == 1:
        return np.ones((spec.draws, 1))
    return np.maximum(random.dirichlet(spec.strength * weights, spec.draws), _LEAST_DRAWN)


def _needs(
    city: City,
    weighted: Sequence[WeightedResult],
    by_theme: NDArray[np.float64],
    need: NDArray[np.float64],
    kept: NDArray[np.intp],
    ranges: RankRanges | None,
) -> tuple[Need, ...]:
    keys = [str(key) for key in city.neighbourhoods.keys]
    people = _people(city)
    themes = list(dict.fromkeys(one.theme for one in weighted))
    place = {int(row): at for at, row in enumerate(kept)}
    ranks = rules.ranks_of(need[kept])
    groups = groups_tied_with_best(ranks, ranges.above) if ranges is not None else ranks
    found = []
    for row, key in enumerate(keys):
        of_themes = {
            name: float(value)
            for name, value in zip(themes, by_theme[row], strict=True)
            if np.isfinite(value)
        }
        missing = tuple(one.query.id for one in weighted if not np.isfinite(one.needs[row]))
        told = Need(
            key, float("nan"), themes=of_themes, missing=missing,
            people_in_need=_people_in_need(weighted, row, people),
        )  # fmt: skip
        if ranges is not None and (at := place.get(row)) is not None:
            told = Need(
                key,
                float(np.round(need[row], rules.EQUAL_TO)),
                rank=int(ranks[at]),
                rank_low=int(ranges.low[at]),
                rank_high=int(ranges.high[at]),
                themes=of_themes,
                rank_shares=tuple(ranges.shares[at].tolist()),
                above={
                    keys[other]: float(ranges.above[at, column])
                    for column, other in enumerate(kept)
                    if other != row
                },
                reasons=_reasons(weighted, row, people),
                people_in_need=told.people_in_need,
                missing=missing,
                group=int(groups[at]),
            )
        found.append(told)
    return tuple(found)


def _people(city: City) -> NDArray[np.float64] | None:
    if city.residents is None:
        return None
    return city.residents.per_neighbourhood(len(city.neighbourhoods))


def _without(one: WeightedResult, row: int, people: NDArray[np.float64] | None) -> float | None:
    """Residents without, where a result is a share of residents of which more is better."""
    of_people = one.indicator.kind is Kind.SHARE_OF_RESIDENTS and not one.query.group
    if people is None or not of_people or one.indicator.better != "higher":
        return None
    without = float(people[row] * (1 - one.values[row]))
    return without if np.isfinite(without) else None


def _people_in_need(
    weighted: Sequence[WeightedResult], row: int, people: NDArray[np.float64] | None
) -> dict[str, float]:
    found = {one.query.id: _without(one, row, people) for one in weighted}
    return {name: count for name, count in found.items() if count is not None}


def _reasons(
    weighted: Sequence[WeightedResult], row: int, people: NDArray[np.float64] | None
) -> tuple[Reason, ...]:
    """The results that make a neighbourhood needy, the largest part first."""
    parts = [
        (one.weight * float(one.needs[row]), one)
        for one in weighted
        if np.isfinite(one.needs[row]) and one.needs[row] > 0
    ]
    total = sum(part for part, _ in parts)
    parts.sort(key=lambda pair: (-round(pair[0], rules.EQUAL_TO), pair[1].query.id))
    return tuple(
        Reason(
            result=one.query.id,
            value=float(one.values[row]),
            need=float(one.needs[row]),
            share=part / total,
            people=_without(one, row, people),
        )
        for part, one in parts
    )


def need_weights(ranking: Ranking) -> dict[str, float]:
    """Key of each neighbourhood to the weight of its people where they are weighted by need.

    A neighbourhood that is not ranked weighs as the mean of those that are: unknown is not 0.
    """
    known = [one.need for one in ranking.needs if np.isfinite(one.need)]
    mean = float(np.mean(known)) if known else 1.0
    return {one.key: one.need if np.isfinite(one.need) else mean for one in ranking.needs}
