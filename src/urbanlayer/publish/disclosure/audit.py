"""Audit of published counts by linear programming, and secondary suppression.

Counts of all residents and of groups that have nobody in common, at several thresholds, are sums of
the same people: those of each group and the rest, in each band between two thresholds. An attacker
who knows the classes can bound every such part by linear programming (Fischetti and Salazar-
González, Management Science 47, 2001). Where a small part is left fewer than ten candidates, the
results of the smallest group are not published in that neighbourhood.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.disclosure.counts import CANDIDATES, WIDTH, count_classes, least
from urbanlayer.publish.disclosure.exact import people_per_key
from urbanlayer.publish.disclosure.groups import Division, divisions
from urbanlayer.publish.disclosure.neighbourhoods import REASON
from urbanlayer.publish.disclosure.people import published_people
from urbanlayer.publish.disclosure.results import is_share_of_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

    Floats = NDArray[np.float64]
    Family = Mapping[str, Sequence[int]]

_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Counts of all residents and of groups in one neighbourhood, by ascending threshold.

    Attributes
    ----------
    everybody
        (t + 1,) served within each threshold, and last all there are.
    groups
        (g, t + 1) the same of groups that have nobody in common.
    published
        (g + 1,) published numbers of all residents and of each group; NaN where they are not.
    small
        As `counts.least` gives it.
    whole
        Whether everybody is in one of the groups.
    """

    everybody: Floats
    groups: Floats
    published: Floats
    small: int
    whole: bool = False


def without_narrowed(publication: Publication, results: tuple[Result, ...]) -> tuple[Result, ...]:
    """The results, those of groups without the neighbourhoods where they narrow a small count.

    Parameters
    ----------
    publication
        With exact people.
    results
        As published otherwise, in the order of the publication's.
    """
    residents = publication.city.residents
    away: dict[int, set[str]] = defaultdict(set)
    for family in _families(publication) if residents is not None else ():
        for division in divisions(residents):
            some = tuple(name for name in division.groups if name in family)
            if some:
                whole = division.whole and some == division.groups
                for row, key in _suppressed(publication, results, family, Division(some, whole)):
                    away[row].add(key)
    return tuple(
        _without(result, away[row]) if away[row] else result for row, result in enumerate(results)
    )


def _suppressed(
    publication: Publication, results: tuple[Result, ...], family: Family, division: Division
) -> Iterable[tuple[int, str]]:
    """Rows of results and keys of the neighbourhoods where they narrow a small count."""
    for key, table in _tables(publication, family, division):
        shown = [
            not all(np.isnan(results[row].values[key]) for row in family[name])
            for name in division.groups
        ]
        order = np.argsort(table.groups[:, -1], kind="stable")
        for group in (int(one) for one in order if shown[one]):
            if not narrowed(table, shown):
                break
            shown[group] = False
            yield from ((row, key) for row in family[division.groups[group]])


def narrowed(table: Table, shown: Sequence[bool]) -> bool:
    """Whether a part of fewer than ten people is left fewer than ten candidates.

    Parameters
    ----------
    table
        Of one neighbourhood.
    shown
        (g,) whether the results of each group are published there.
    """
    if np.isnan(table.published[0]) or not any(shown):
        return False
    rest = table.everybody - table.groups.sum(axis=0)
    parts = np.diff(np.vstack([table.groups, rest]), axis=1, prepend=0)
    rows, lower, upper = _constraints(table, shown)
    return any(
        form @ parts.ravel() < CANDIDATES and _candidates(form, rows, lower, upper) < CANDIDATES
        for form in _forms(*parts.shape, rest=not table.whole)
    )


def _constraints(table: Table, shown: Sequence[bool]) -> tuple[Floats, Floats, Floats]:
    """What is published as sums of the parts: (r, p) sums, (r,) lowest and highest of each."""
    of_all, *of_groups = table.published
    parts = np.eye(len(table.groups) + 1)
    within = np.tril(np.ones((len(table.everybody),) * 2))
    rows = [np.tile(within, len(parts))]
    bounds = [
        _bounds(table.everybody[:-1], of_all, table.small),
        _bounds_of_all(table.everybody[-1], of_all),
    ]
    for part, (counts, published) in enumerate(zip(table.groups, of_groups, strict=True)):
        if np.isnan(published):
            of_total = _unpublished(counts[-1:], table.small)
        else:
            of_total = _bounds(counts[-1:], of_all, table.small)
        if shown[part]:
            rows.append(np.kron(parts[part], within[:-1]))
            bounds.append(_bounds(counts[:-1], published, table.small))
        rows.append(np.kron(parts[part], within[-1:]))
        bounds.append(of_total)
    if table.whole:
        rows.append(np.kron(parts[-1], within[-1:]))
        bounds.append((np.zeros(1), np.zeros(1)))
    lower, upper = (np.concatenate([one[end] for one in bounds]) for end in (0, 1))
    return np.vstack(rows), lower, upper


def _unpublished(total: Floats, small: int) -> tuple[Floats, Floats]:
    """Bounds of a group that is not published: a small one is known to be small."""
    return np.zeros(1), np.where(total <= small, float(small), np.inf)


def _forms(parts: int, bands: int, *, rest: bool) -> Iterable[Floats]:
    """Every band, and every sum of bands from the first or to the last, of each part.

    The last part is the rest; it is left out where nobody is in it.
    """
    for start in range(bands):
        for end in {start + 1, bands} | ({*range(1, bands + 1)} if start == 0 else set()):
            for part in range(parts if rest else parts - 1):
                form = np.zeros((parts, bands))
                form[part, start:end] = 1
                yield form.ravel()


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

    ends = np.isfinite(upper)
    above = np.vstack([rows[ends], -rows])
    limit = np.concatenate([upper[ends], -lower])
    found = [
        linprog(sign * form, A_ub=above, b_ub=limit, bounds=(0, None), method="highs")
        for sign in (1.0, -1.0)
    ]
    if any(one.status != 0 or one.fun is None for one in found):
        return CANDIDATES  # unbounded, or classes that fit no whole numbers
    least_of_part, most = found[0].fun, -found[1].fun
    return int(np.floor(most + _TOLERANCE) - np.ceil(least_of_part - _TOLERANCE)) + 1


def _families(publication: Publication) -> list[Family]:
    """By group the rows of results that differ in the threshold alone, as many as of everybody."""
    found: dict[tuple[str, str, str], dict[str, list[int]]] = defaultdict(dict)
    for row, result in enumerate(publication.results):
        if is_share_of_people(publication, result):
            of = found[result.indicator, result.variant, result.mode]
            of.setdefault(result.group, []).append(row)
    return [
        {group: rows for group, rows in groups.items() if len(rows) == len(groups[""])}
        for groups in found.values()
        if "" in groups and len(groups) > 1
    ]


def _tables(
    publication: Publication, family: Family, division: Division
) -> Iterable[tuple[str, Table]]:
    """The table of each neighbourhood; nothing where wider thresholds do not serve more."""
    names = "", *division.groups
    people = [one for of in names if (one := people_per_key(publication, of)) is not None]
    shown = [one for of in names if (one := published_people(publication, of)) is not None]
    if len(people) < len(names) or len(shown) < len(names):
        return
    small = least(publication.spec.publish.suppress_below)
    for at, key in enumerate(publication.city.neighbourhoods.keys):
        counts = np.array([
            _served(publication, family[name], at, float(whole.iloc[at]))
            for name, whole in zip(names, people, strict=True)
        ])  # fmt: skip
        if not np.isfinite(counts).all():
            continue
        everybody, groups = counts[0], counts[1:]
        if (np.diff(everybody - groups.sum(axis=0), prepend=0) < -_TOLERANCE).any():
            continue
        published = np.array([float(one.iloc[at]) for one in shown])
        yield str(key), Table(everybody, groups, published, small, division.whole)


def _served(publication: Publication, rows: Sequence[int], at: int, total: float) -> Floats:
    """Served within each threshold, and last all there are."""
    if total == 0:
        return np.zeros(len(rows) + 1)
    shares = [float(publication.results[row].values.iloc[at]) for row in rows]
    return np.array([*np.sort(np.array(shares) * total), total])


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
