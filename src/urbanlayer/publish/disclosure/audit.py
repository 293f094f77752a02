"""Audit of published counts by linear programming, and secondary suppression.

Counts of all residents and of a group, at several thresholds, are sums of the same people: those
of the group and the rest, in each band between two thresholds. An attacker who knows the classes
can bound every such part by linear programming (Fischetti and Salazar-González, Management
Science 47, 2001). Where a small part is left fewer than ten candidates, the results of the group
are not published in that neighbourhood.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.disclosure.counts import CANDIDATES, WIDTH, count_classes, least
from urbanlayer.publish.disclosure.neighbourhoods import REASON, people_per_key
from urbanlayer.publish.disclosure.people import published_people
from urbanlayer.publish.disclosure.results import is_share_of_people

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

    Floats = NDArray[np.float64]

_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Counts of all residents and of a group in one neighbourhood, by ascending threshold.

    Attributes
    ----------
    everybody, group
        (t + 1,) served within each threshold, and last all there are: of all, and of the group.
    published
        Published numbers of all residents and of the group; NaN where they are not.
    small
        As `counts.least` gives it.
    """

    everybody: Floats
    group: Floats
    published: tuple[float, float]
    small: int


def without_narrowed(publication: Publication, results: tuple[Result, ...]) -> tuple[Result, ...]:
    """The results, those of groups without the neighbourhoods where they narrow a small count.

    Parameters
    ----------
    publication
        With exact people.
    results
        As published otherwise, in the order of the publication's.
    """
    away: dict[int, set[str]] = defaultdict(set)
    for of_all, of_group in _families(publication):
        tables = _tables(publication, of_all, of_group)
        shown = [results[row].values for row in of_group]
        for key, table in tables:
            if any(not np.isnan(values[key]) for values in shown) and narrowed(table):
                for row in of_group:
                    away[row].add(key)
    return tuple(
        _without(result, away[row]) if away[row] else result for row, result in enumerate(results)
    )


def narrowed(table: Table) -> bool:
    """Whether a part of fewer than ten people is left fewer than ten candidates."""
    bands = len(table.everybody)
    parts = np.concatenate(
        [np.diff(table.group, prepend=0), np.diff(table.everybody - table.group, prepend=0)]
    )
    within = np.tril(np.ones((bands, bands)))
    nothing = np.zeros((bands, bands))
    rows = np.vstack([np.hstack([within, within]), np.hstack([within, nothing])])
    of_all, of_group = table.published
    if np.isnan(of_all) or np.isnan(of_group):
        return False
    bounds = [
        _bounds(table.everybody[:-1], of_all, table.small),
        _bounds_of_all(table.everybody[-1], of_all),
        _bounds(table.group[:-1], of_group, table.small),
        _bounds(table.group[-1:], of_all, table.small),
    ]
    lower, upper = np.concatenate([b[0] for b in bounds]), np.concatenate([b[1] for b in bounds])
    return any(
        form @ parts < CANDIDATES and _candidates(form, rows, lower, upper) < CANDIDATES
        for form in _forms(bands)
    )


def _forms(bands: int) -> Iterable[Floats]:
    """Every band, and every sum of bands from the first or to the last, of group and rest."""
    for start in range(bands):
        for end in {start + 1, bands} | ({*range(1, bands + 1)} if start == 0 else set()):
            one = np.zeros(bands)
            one[start:end] = 1
            yield np.concatenate([one, np.zeros(bands)])
            yield np.concatenate([np.zeros(bands), one])


def _bounds(counts: Floats, total: float, small: int) -> tuple[Floats, Floats]:
    """Lowest and highest candidate of each count of a total; the total itself has no end."""
    low, high = count_classes(counts, np.full(len(counts), total), small)
    return np.nan_to_num(low), np.where(np.isfinite(high), high - 1, total + WIDTH)


def _bounds_of_all(count: float, published: float) -> tuple[Floats, Floats]:
    """The number of residents: exact where a census publishes it, else its class."""
    if abs(published - count) < _TOLERANCE:
        return np.array([count]), np.array([count])
    half = WIDTH // 2
    return np.array([published - half]), np.array([published + half])


def _candidates(form: Floats, rows: Floats, lower: Floats, upper: Floats) -> int:
    from scipy.optimize import linprog

    above = np.vstack([rows, -rows])
    limit = np.concatenate([upper, -lower])
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(sign * form, A_ub=above, b_ub=limit, bounds=(0, None), method="highs")
        if found.status != 0 or found.fun is None:
            return CANDIDATES  # unbounded, or classes that fit no whole numbers
        ends.append(sign * found.fun)
    return int(np.floor(ends[1] + _TOLERANCE) - np.ceil(ends[0] - _TOLERANCE)) + 1


def _families(publication: Publication) -> list[tuple[list[int], list[int]]]:
    """Rows of the results of all residents and of one group that differ in the threshold alone."""
    found: dict[tuple[str, str, str], dict[str, list[int]]] = defaultdict(dict)
    for row, result in enumerate(publication.results):
        if is_share_of_people(publication, result):
            of = found[result.indicator, result.variant, result.mode]
            of.setdefault(result.group, []).append(row)
    return [
        (groups[""], rows)
        for groups in found.values()
        for group, rows in sorted(groups.items())
        if group and len(groups.get("", [])) == len(rows)
    ]


def _tables(
    publication: Publication, of_all: list[int], of_group: list[int]
) -> Iterable[tuple[str, Table]]:
    """The table of each neighbourhood; nothing where wider thresholds do not serve more."""
    group = publication.results[of_group[0]].group
    both = "", group
    people = [one for of in both if (one := people_per_key(publication, of)) is not None]
    shown = [one for of in both if (one := published_people(publication, of)) is not None]
    if len(people) < len(both) or len(shown) < len(both):
        return
    small = least(publication.spec.publish.suppress_below)
    for row, key in enumerate(publication.city.neighbourhoods.keys):
        counts = []
        for whole, rows in zip(people, (of_all, of_group), strict=True):
            total = float(whole.iloc[row])
            shares = [float(publication.results[one].values.iloc[row]) for one in rows]
            counts.append(np.array([*np.sort(np.array(shares) * total), total]))
        if not all(np.isfinite(one).all() for one in counts):
            continue
        if (np.diff(counts[0] - counts[1], prepend=0) < -_TOLERANCE).any():
            continue
        published = float(shown[0].iloc[row]), float(shown[1].iloc[row])
        yield str(key), Table(counts[0], counts[1], published, small)


def _without(result: Result, keys: set[str]) -> Result:
    away = result.values.index.isin(list(keys))
    return replace(
        result,
        values=result.values.mask(away),
        low=None if result.low is None else result.low.mask(away),
        high=None if result.high is None else result.high.mask(away),
        ranges={},
        reasons={**result.reasons, **dict.fromkeys(sorted(keys), REASON)},
    )
