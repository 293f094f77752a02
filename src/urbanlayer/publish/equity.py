"""How fairly each answer is shared: among residents, among neighbourhoods, and on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from urbanlayer.kernels import clusters, inequality, weighted
from urbanlayer.model.indicator import Kind
from urbanlayer.publish.disclosure import (
    disclosed,
    least,
    published_people,
    steps_of_means,
    to_steps,
)
from urbanlayer.publish.disclosure.counts import WIDTH
from urbanlayer.publish.disclosure.levels import FEW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.result import Result

Over = Literal["residents", "neighbourhoods"]
FEWEST_RESIDENTS = 1000
"""Residents under which nothing is published of how single ones compare."""
MANY_RESIDENTS, MANY_NEIGHBOURHOODS = 22_000, 10
"""A city from which on measures of served residents are those of exact numbers of them."""
FINEST = 0.0005
"""Half of the finest step of a published measure over residents."""
FEWEST = 3
"""Neighbourhoods with an answer, under which nothing is said of how they compare."""


@dataclass(frozen=True, slots=True, eq=False)
class Equity:
    """How one answer is shared.

    Attributes
    ----------
    result
        The answer.
    over
        Over what each measure was taken, and its name, to its value; NaN is "no result". Over
        `neighbourhoods` each weighs as its residents do. What each name means stands in
        `measure.inequality` and `measure.clusters`.
    curve
        Lorenz curve over neighbourhoods: shares of the residents, and of the whole.
    clusters
        Of each neighbourhood, in their order.
    """

    result: Result
    over: Mapping[tuple[Over, str], float]
    curve: tuple[NDArray[np.float64], NDArray[np.float64]]
    clusters: clusters.LocalMoran


def equities(publication: Publication) -> tuple[Equity, ...]:
    """The equity of each answer that three or more neighbourhoods have, in their order."""
    shown = disclosed(publication)
    residents = shown.city.residents
    if residents is None:
        return ()
    geometry = np.asarray(shown.city.neighbourhoods.geometry, dtype=object)
    pairs = clusters.contiguity_pairs(geometry)
    return tuple(
        _equity(shown, result, residents.of_group(result.group) if result.group else residents,
                pairs)
        for result in weighable(shown)
    )  # fmt: skip


def weighable(shown: Publication) -> list[Result]:
    """The results whose inequality over residents can be measured, of what may be shown."""
    if shown.city.residents is None:
        return []
    return [
        result
        for result in shown.results
        if result.values.notna().sum() >= FEWEST and not _is_amount(shown, result)
    ]


def _is_amount(publication: Publication, result: Result) -> bool:
    """Whether answers are totals: a large neighbourhood has more, and that is not unfair."""
    indicator = publication.indicators.get(result.indicator)
    return indicator is not None and indicator.kind is Kind.AMOUNT


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """How one answer is shared among neighbourhoods, each weighted by its published residents.

    Attributes
    ----------
    people, whole
        The Lorenz curve: cumulative shares of residents and of the whole.
    gini
        The Gini coefficient; NaN is "no result".
    """

    people: NDArray[np.float64]
    whole: NDArray[np.float64]
    gini: float


def over_neighbourhoods(shown: Publication, result: Result) -> Shared:
    """The Lorenz curve and the Gini coefficient of a result over neighbourhoods.

    Parameters
    ----------
    shown
        As `disclosure.disclosed` gives it.
    result
        One of `weighable`.
    """
    values, people = _weighted(shown, result)
    curve = inequality.lorenz(values, people)
    return Shared(*curve, inequality.gini(values, people))


def _weighted(
    publication: Publication, result: Result
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Published values and published residents of the neighbourhoods."""
    weights = published_people(publication, result.group)
    assert weights is not None  # noqa: S101  (there are residents)
    people = np.nan_to_num(np.asarray(weights, dtype=np.float64))  # an unknown count has no weight
    return np.asarray(result.values, dtype=np.float64), people


def _equity(
    publication: Publication, result: Result, residents: Residents, pairs: NDArray[np.int64]
) -> Equity:
    count = len(publication.city.neighbourhoods)
    values, people = _weighted(publication, result)
    poor = _deprivation_of_neighbourhoods(residents, count)
    bounds = _bounds(publication, result)
    over: dict[tuple[Over, str], float] = {}
    if result.origins is not None:
        over |= _over_residents(publication, result, residents, bounds)
    local = clusters.local_moran(values, pairs)
    for measures in (
        _measures(values, people, None),
        _concentration(values, people, poor, bounds),
        _on_the_map(values, pairs, local),
    ):
        over |= {("neighbourhoods", name): value for name, value in measures}
    return Equity(result, over, inequality.lorenz(values, people), local)


def _over_residents(
    publication: Publication,
    result: Result,
    residents: Residents,
    bounds: tuple[float, float] | None,
) -> dict[tuple[Over, str], float]:
    """Measures over the residents of the neighbourhoods that show a result.

    Rounded so that one person moves none of them; none where fewer than `FEWEST_RESIDENTS` are
    behind it. Exact in an internal publication.

    All measures of two values (served or not) are functions of one number of people, and of few
    values of few: together they tell what each of them rounds away. In a small city those of two
    values are of the published people, those of few in steps that a class of people does not move.
    """
    assert result.origins is not None  # noqa: S101  (the caller checked)
    exact = publication.spec.publish.exact
    shown = result.values.notna().to_numpy()[residents.neighbourhood] | exact
    values, people = result.origins[shown], residents.people[shown]
    rows = residents.neighbourhood[shown]
    poor = None if residents.deprivation is None else residents.deprivation[shown]
    known = np.isfinite(values) & (people > 0)
    levels = np.unique(values[known])
    small = not exact and _is_small(publication, result, values[known], people[known])
    if small and len(levels) == 2:  # noqa: PLR2004
        values, people, rows = _of_published(publication, result, levels)
        poor, known = None, people > 0
    measures = {
        **dict(_measures(values, people, rows)),
        **dict(_concentration(values, people, poor, bounds)),
    }
    if not exact:
        step = _step_of_measures(values[known], people[known])
        step *= WIDTH if small and 2 < len(levels) <= FEW else 1  # noqa: PLR2004
        measures = {name: _to_step(value, step) for name, value in measures.items()}
    return {("residents", name): value for name, value in measures.items()}


def _is_small(
    publication: Publication,
    result: Result,
    values: NDArray[np.float64],
    people: NDArray[np.float64],
) -> bool:
    """Whether a city, or a part of its people, is so small that exact numbers narrow their classes.

    The parts are those of the lowest and of the highest value.
    """
    if result.values.notna().sum() < MANY_NEIGHBOURHOODS or people.sum() < MANY_RESIDENTS:
        return True
    ends = people[values == values.min()].sum(), people[values == values.max()].sum()
    return bool(min(ends) <= least(publication.spec.publish.suppress_below))


def _of_published(
    publication: Publication, result: Result, levels: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """The two values of each neighbourhood, the published people who have them, and its row."""
    means, people = _weighted(publication, result)
    rows = np.flatnonzero(np.isfinite(means))
    upper = np.clip((means[rows] - levels[0]) / (levels[1] - levels[0]), 0, 1)
    parts = np.concatenate([people[rows] * (1 - upper), people[rows] * upper])
    return np.repeat(levels, len(rows)), parts, np.tile(rows, 2)


def _step_of_measures(values: NDArray[np.float64], people: NDArray[np.float64]) -> float:
    """What one person moves a measure of inequality by at most, doubled; infinite for few."""
    count = float(people.sum())
    mean = float((values * people).sum() / count) if count else 0.0
    if count < FEWEST_RESIDENTS or mean <= 0:
        return float("inf")
    ratio = max(float(values.max()) / mean, 1.0)
    return max(4 * ratio * max(1.0, float(np.log(ratio))) / count, FINEST)


def _to_step(value: float, largest: float) -> float:
    if not np.isfinite(largest) or np.isnan(value):
        return float("nan")
    steps = steps_of_means(np.array([1.0]), largest, "")
    return float(to_steps(np.array([value]), steps)[0])


def _measures(
    values: NDArray[np.float64], people: NDArray[np.float64], groups: NDArray[np.int64] | None
) -> Iterator[tuple[str, float]]:
    """Every measure of inequality by its name; Theil's in parts where there are groups."""
    yield "gini", inequality.gini(values, people)
    yield "palma", inequality.palma(values, people)
    for index in ("t", "l"):
        parts = inequality.theil(values, people, groups, index="t" if index == "t" else "l")
        yield f"theil_{index}", parts.total
        if groups is not None:
            yield f"theil_{index}_between_neighbourhoods", parts.between
            yield f"theil_{index}_within_neighbourhoods", parts.within
    for aversion in (0.5, 1.0):
        yield f"atkinson_{aversion:g}", inequality.atkinson(values, people, aversion=aversion)


def _concentration(
    values: NDArray[np.float64],
    people: NDArray[np.float64],
    deprivation: NDArray[np.float64] | None,
    bounds: tuple[float, float] | None,
) -> Iterator[tuple[str, float]]:
    if deprivation is None:
        return
    rich = -deprivation
    yield "palma_by_deprivation", inequality.palma(values, people, rich)
    yield "concentration_index", inequality.concentration_index(values, people, rich)
    if bounds is not None:
        corrected = inequality.concentration_index(values, people, rich, bounds=bounds)
        yield "concentration_index_erreygers", corrected


def _on_the_map(
    values: NDArray[np.float64], pairs: NDArray[np.int64], local: clusters.LocalMoran
) -> Iterator[tuple[str, float]]:
    whole = clusters.moran(values, pairs)
    yield "moran_i", whole.statistic
    yield "moran_i_expected", whole.expected
    yield "moran_i_p_value", whole.p_value
    for kind in clusters.KINDS[1:]:
        yield f"clusters_{kind.replace('-', '_')}", float((local.kind == kind).sum())


def _deprivation_of_neighbourhoods(residents: Residents, count: int) -> NDArray[np.float64] | None:
    if residents.deprivation is None:
        return None
    return weighted.group_means(
        residents.deprivation, residents.people, residents.neighbourhood, count
    )


def _bounds(publication: Publication, result: Result) -> tuple[float, float] | None:
    """Bounds of the answers where both are finite, as those of a share are."""
    indicator = publication.indicators.get(result.indicator)
    if indicator is None or not np.isfinite(indicator.bounds).all():
        return None
    return indicator.bounds
