"""Needs and ranks of neighbourhoods.

Each result becomes a need from 0 to 1 by the declared rule. Within a theme the need is the weighted
mean of those that there are; a missing one leaves its weight to the rest of the theme. A theme
without any leaves its weight to the other themes. With less than two thirds of the whole weight
a neighbourhood is not ranked.

Weights are drawn from Dirichlet distributions: of the themes with `strength` × their declared
weights, of the results within a theme with `strength` × their effective weights. Together that is
one Dirichlet distribution of all effective weights. Of a result that the city file asks for by
several thresholds each draw takes one, all of them equally likely.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels import needs as rules
from urbanlayer.kernels.rank_ranges import groups_tied_with_best, rank_ranges
from urbanlayer.model.indicator import Kind
from urbanlayer.model.plan import Need, Ranking, Reason
from urbanlayer.plan.need_warnings import warnings_of_needs
from urbanlayer.plan.weighted_results import weighted_results

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from urbanlayer.kernels.rank_ranges import RankRanges
    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import IndicatorQuery
    from urbanlayer.model.plan_specification import NeedsSpec
    from urbanlayer.model.result import Result
    from urbanlayer.plan.weighted_results import OtherThreshold, WeightedResult

LEAST_KNOWN = 2 / 3
"""Share of the whole weight under which a neighbourhood is not ranked."""
_ROUNDING = 1e-9
_LEAST_DRAWN = 1e-15
"""A drawn weight may be 0 to the last digit; a neighbourhood with that result alone has a need."""


def ranked(
    city: City,
    queries: Sequence[IndicatorQuery],
    results: Sequence[Result],
    spec: NeedsSpec,
    *,
    seed: int,
) -> Ranking:
    """The needs and ranks of the city's neighbourhoods.

    Parameters
    ----------
    city
        With the residents shown with the ranks.
    queries
        The queries of the city file.
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
    weighted = weighted_results(queries, results, spec, len(city.neighbourhoods))
    themes = _of_themes(weighted)
    by_theme = np.column_stack([
        rules.weighted_mean(_columns(some), np.array([one.weight for one in some]))
        for some in themes.values()
    ]).round(rules.EQUAL_TO)  # fmt: skip
    weights = np.array([sum(one.weight for one in some) for some in themes.values()])
    need = rules.aggregated(by_theme, weights, spec.aggregate)
    known = np.array([one.weight for one in weighted]) @ np.isfinite(_columns(weighted)).T
    kept = np.flatnonzero(known >= LEAST_KNOWN - _ROUNDING)
    drawn = drawn_needs(themes, kept, spec, seed=seed)
    ranges = rank_ranges(drawn) if len(kept) else None
    every = weighted_results(queries, results, _of_equal_themes(spec), len(city.neighbourhoods))
    found = _Found(weighted, every, by_theme, need, kept, ranges)
    return Ranking(
        needs=tuple(_needs(city, found)),
        weights={name: {one.query.id: one.weight for one in some} for name, some in themes.items()},
        within_themes={
            name: {one.query.id: one.weight * len(spec.themes) for one in some}
            for name, some in _of_themes(every).items()
        },
        indicator_needs={(one.theme, one.query.id): tuple(one.needs.tolist()) for one in every},
        other_thresholds={
            (one.theme, one.query.id): {
                other.query.id: tuple(other.needs.tolist()) for other in one.others
            }
            for one in every
            if one.others
        },
        warnings=warnings_of_needs(weighted, spec.rule),
    )


def _of_equal_themes(spec: NeedsSpec) -> NeedsSpec:
    """The needs with every theme of weight 1, so that none is left out."""
    themes = {name: theme.model_copy(update={"weight": 1.0}) for name, theme in spec.themes.items()}
    return spec.model_copy(update={"themes": themes})


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
    """(draws, kept) needs of the ranked neighbourhoods by drawn weights and thresholds.

    Parameters
    ----------
    themes
        Their results, in the order of the city file.
    kept
        Rows of the neighbourhoods that are ranked.
    seed
        Of numpy's PCG64: the weights of the themes are drawn first, then those of the results of
        each in turn, then the threshold of each result that has several, in the same order.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    effective = [np.array([one.weight for one in some]) for some in themes.values()]
    of_themes = _drawn(random, np.array([some.sum() for some in effective]), spec)
    within_themes = [_drawn(random, weights, spec) for weights in effective]
    by_theme = np.stack([
        rules.weighted_mean(_drawn_columns(random, some, kept, spec.draws), weights)
        for some, weights in zip(themes.values(), within_themes, strict=True)
    ], axis=-1)  # fmt: skip
    return rules.aggregated(by_theme, of_themes, spec.aggregate)


def _drawn_columns(
    random: np.random.Generator,
    some: Sequence[WeightedResult],
    kept: NDArray[np.intp],
    draws: int,
) -> NDArray[np.float64]:
    """(kept, k) needs of a theme's results; (draws, kept, k) where thresholds are drawn.

    Where a threshold has no result, that of the declared one stands.
    """
    declared = _columns(some)[kept]
    if not any(one.others for one in some):
        return declared
    columns = np.repeat(declared[None], draws, axis=0)
    for at, one in enumerate(some):
        if one.others:
            options = np.stack([one.needs, *(other.needs for other in one.others)])[:, kept]
            options = np.where(np.isfinite(options), options, options[0])
            columns[:, :, at] = options[random.integers(len(options), size=draws)]
    return columns


def _drawn(
    random: np.random.Generator, weights: NDArray[np.float64], spec: NeedsSpec
) -> NDArray[np.float64]:
    """(draws, k) weights around the given ones."""
    if len(weights) == 1:
        return np.ones((spec.draws, 1))
    return np.maximum(random.dirichlet(spec.strength * weights, spec.draws), _LEAST_DRAWN)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What needs and ranks are made of: *n* neighbourhoods, *t* themes.

    Attributes
    ----------
    weighted, every
        The results that have a weight; those of themes without weight too.
    by_theme, need
        (n, t) and (n,) needs; NaN where there is none.
    kept
        Rows of the neighbourhoods that are ranked.
    ranges
        Of the kept; None where nothing is ranked.
    """

    weighted: Sequence[WeightedResult]
    every: Sequence[WeightedResult]
    by_theme: NDArray[np.float64]
    need: NDArray[np.float64]
    kept: NDArray[np.intp]
    ranges: RankRanges | None


def _needs(city: City, found: _Found) -> list[Need]:
    """The need of each neighbourhood, with its rank where it is ranked."""
    keys = [str(key) for key in city.neighbourhoods.keys]
    people = _people(city)
    themes = list(dict.fromkeys(one.theme for one in found.weighted))
    needs = [
        Need(
            key,
            float("nan"),
            themes=dict(_known_themes(themes, found.by_theme[row])),
            missing=tuple(one.query.id for one in found.weighted if np.isnan(one.needs[row])),
            people_in_need=_people_in_need(found.weighted, row, people),
            people_without=_people_without(found.every, row, people),
        )
        for row, key in enumerate(keys)
    ]
    if found.ranges is None:
        return needs
    ranges, kept = found.ranges, found.kept.tolist()
    ranks = rules.ranks_of(found.need[found.kept])
    groups = groups_tied_with_best(ranks, ranges.above)
    for at, row in enumerate(kept):
        above = zip(kept, ranges.above[at].tolist(), strict=True)
        needs[row] = replace(
            needs[row],
            need=float(np.round(found.need[row], rules.EQUAL_TO)),
            rank=int(ranks[at]),
            rank_low=int(ranges.low[at]),
            rank_high=int(ranges.high[at]),
            rank_shares=tuple(ranges.shares[at].tolist()),
            above={keys[other]: share for other, share in above if other != row},
            reasons=_reasons(found.weighted, row, people),
            group=int(groups[at]),
        )
    return needs


def _known_themes(names: Sequence[str], needs: NDArray[np.float64]) -> Iterator[tuple[str, float]]:
    for name, need in zip(names, needs.tolist(), strict=True):
        if np.isfinite(need):
            yield name, need


def _people(city: City) -> NDArray[np.float64] | None:
    if city.residents is None:
        return None
    return city.residents.per_neighbourhood(len(city.neighbourhoods))


def _without(
    one: WeightedResult,
    row: int,
    people: NDArray[np.float64] | None,
    of: OtherThreshold | None = None,
) -> float | None:
    """Residents without, where a result is a share of residents of which more is better."""
    of_people = one.indicator.kind is Kind.SHARE_OF_RESIDENTS and not one.query.group
    if people is None or not of_people or one.indicator.better != "higher":
        return None
    without = float(people[row] * (1 - (of or one).values[row]))
    return without if np.isfinite(without) else None


def _people_without(
    every: Sequence[WeightedResult], row: int, people: NDArray[np.float64] | None
) -> dict[str, float]:
    found = {one.query.id: _without(one, row, people) for one in every}
    for one in every:
        found |= {other.query.id: _without(one, row, people, other) for other in one.others}
    return {name: count for name, count in found.items() if count is not None}


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
    """Key of each neighbourhood that has a need to that need, the weight of its people.

    One that is not ranked has none: its people weigh 0, which a note reports.
    """
    return {one.key: one.need for one in ranking.needs if np.isfinite(one.need)}
