"""Results before and after a scenario, each as the table of results would publish it.

The city as it is and the edited one are published by the same rules, so that before is what the
table has, and after what it would have once the edits are done.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.scenario_result import BeforeAfter
from urbanlayer.publish.disclosure.audit import without_narrowed
from urbanlayer.publish.disclosure.counts import least, published_counts
from urbanlayer.publish.disclosure.neighbourhoods import suppressed_neighbourhoods
from urbanlayer.publish.disclosure.people import published_people
from urbanlayer.publish.disclosure.published_results import published_results
from urbanlayer.publish.disclosure.shares import is_share_of_people

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.query import Query
    from urbanlayer.model.result import Result
    from urbanlayer.model.scenario_result import ScenarioResult, State

    Floats = NDArray[np.float64]
    Whole = Callable[..., tuple[float, ...]]


_OF_GROUPS = 2
"""Results of a query, that of all among them, from which on groups are told beside all."""


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """One state as published: (k,) values, (k,) people of a share else NaN, value of the city."""

    values: Floats
    people: Floats
    city: float


def disclosed_scenarios(
    publication: Publication, scenarios: Sequence[ScenarioResult], whole: Whole
) -> tuple[ScenarioResult, ...]:
    """The results of scenarios as they may be shown.

    Parameters
    ----------
    publication
        Of the city as it is.
    scenarios
        Exact; those of one scenario stand together.
    whole
        The published totals of a group, of pairs of an exact total and its parts by key.
    """
    found: list[ScenarioResult] = []
    for _, group in itertools.groupby(scenarios, key=lambda one: one.id):
        some = list(group)
        before, after = (
            _published(publication, [one.states[side] for one in some]) for side in (0, 1)
        )
        away = _narrowing(publication, some, (before, after))
        for one, was, now in zip(some, before, after, strict=True):
            both = was, _with_new_residents(publication, one, now)
            narrowing = publication.city.neighbourhoods.keys.isin(list(away[id(one)]))
            found.append(_shown(one, both, (_hidden(publication, one), narrowing), whole))
    return tuple(found)


def _narrowing(
    publication: Publication, some: Sequence[ScenarioResult], both: tuple[list[_Shown], ...]
) -> dict[int, frozenset[str]]:
    """By scenario result (its id) where a group before and after narrows a small count.

    Those served before and newly are parts of all, as those between two thresholds are.
    """
    away: dict[int, frozenset[str]] = {id(one): frozenset() for one in some}
    alike: dict[Query, list[int]] = {}
    for row, one in enumerate(some):
        alike.setdefault(dataclasses.replace(one.query, group=""), []).append(row)
    for rows in alike.values():
        results = [result for side in (0, 1) for row in rows
                   if (result := some[row].states[side][1]) is not None]  # fmt: skip
        if len(rows) < _OF_GROUPS or len(results) < 2 * len(rows):
            continue
        exact = tuple(dataclasses.replace(one, low=None, high=None, ranges={}) for one in results)
        told = [both[side][row].values for side in (0, 1) for row in rows]
        shown = tuple(
            dataclasses.replace(one, values=one.values * 0 + values)
            for one, values in zip(exact, told, strict=True)
        )
        kept = without_narrowed(dataclasses.replace(publication, results=exact), shown)
        for at, row in enumerate(rows):
            lost = [
                kept[side].values.isna() & shown[side].values.notna()
                for side in (at, at + len(rows))
            ]
            keys = shown[at].values.index[lost[0] | lost[1]]
            away[id(some[row])] = frozenset(map(str, keys))
    return away


def _published(publication: Publication, states: Sequence[State]) -> list[_Shown]:
    """The results of one city as they may be published, each with its people."""
    city = states[0][0]
    results = tuple(result for _, result in states if result is not None)
    of_city = dataclasses.replace(publication, city=city, results=results)
    published = iter(published_results(of_city))
    return [
        _nothing(len(city.neighbourhoods))
        if result is None
        else _with_people(of_city, next(published))
        for _, result in states
    ]


def _nothing(count: int) -> _Shown:
    return _Shown(np.full(count, np.nan), np.full(count, np.nan), float("nan"))


def _with_people(publication: Publication, result: Result) -> _Shown:
    values = np.asarray(result.values, dtype=np.float64)
    people = published_people(publication, result.group)
    if people is None or not is_share_of_people(publication, result):
        return _Shown(values, np.full(len(values), np.nan), float(result.city))
    of_each = np.asarray(people, dtype=np.float64)
    nobody = np.isnan(values) & (of_each == 0)
    served = np.where(nobody, 0.0, np.floor(values * of_each + 0.5))
    return _Shown(values, served, float(result.city))


def _hidden(publication: Publication, one: ScenarioResult) -> NDArray[np.bool_]:
    """(k,) neighbourhoods of which the city as it is, or the edited one, shows no results."""
    group, keys = one.query.group, publication.city.neighbourhoods.keys
    hidden = {
        key
        for city, _ in one.states
        for key in suppressed_neighbourhoods(dataclasses.replace(publication, city=city), group)
    }
    return np.asarray(keys.isin(list(hidden)), dtype=bool)


def _with_new_residents(publication: Publication, one: ScenarioResult, now: _Shown) -> _Shown:
    """The state after, with new residents counted exactly beside the published count of others.

    They are known from the city file: a class of both together, less the new ones, would narrow
    the others.
    """
    (city, _), (edited, result) = one.states
    old, new = city.residents, edited.residents
    published = published_people(publication)
    share = result is not None and is_share_of_people(publication, result)
    if old is None or new is None or len(new) == len(old) or published is None or not share:
        return now
    assert result is not None  # noqa: S101  (it is a share)
    if result.group or result.origins is None:
        return now
    count, first = len(now.values), len(old)
    served = new.people * np.nan_to_num(result.origins)
    total = np.asarray(published, dtype=np.float64)
    of_old = np.bincount(new.neighbourhood[:first], served[:first], count).astype(np.float64)
    shown = published_counts(of_old, total, least(publication.spec.publish.suppress_below))
    shown = np.where(total == 0, 0.0, shown)
    added = np.bincount(new.neighbourhood[first:], served[first:], count)
    of_all = total + np.bincount(new.neighbourhood[first:], new.people[first:], count)
    people = shown + added
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.where(of_all > 0, people / of_all, np.nan)
    known = ~np.isnan(people) & ~np.isnan(of_all)
    lived = float(of_all[known].sum())
    return _Shown(values, people, float(people[known].sum() / lived) if lived else float("nan"))


def _shown(
    one: ScenarioResult,
    both: tuple[_Shown, _Shown],
    away: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    whole: Whole,
) -> ScenarioResult:
    """The result with published values, and people of the city to the nearest twenty.

    Those of neighbourhoods that show no results are not among them; of `away` the first is these,
    the second those where a group would narrow another.
    """
    (was, now), (hidden, narrowing) = both, away
    exact, group = one.by_neighbourhood, one.query.group
    ends = []
    for end in ("people_before", "people_after"):
        people = {key: float(getattr(each, end)) for key, each in exact.items()}
        kept = {key: people[key] for key, off in zip(exact, hidden, strict=True) if not off}
        few = math.fsum(people[key] for key in exact if key not in kept and people[key] > 0)
        ends.append((getattr(one.city, end) - few, kept))
    columns = [
        np.where(hidden | narrowing, np.nan, part)
        for part in (was.values, now.values, was.people, now.people)
    ]
    return dataclasses.replace(
        one,
        city=BeforeAfter(
            was.city,
            now.city,
            *whole(group, *ends),
        ),
        by_neighbourhood={
            key: BeforeAfter(*(float(part[row]) for part in columns))
            for row, key in enumerate(exact)
        },
    )
