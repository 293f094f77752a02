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

from urbanlayer.kernels.linear_range import linear_ranges
from urbanlayer.publish.disclosure.counts import CANDIDATES, WIDTH, count_classes, least
from urbanlayer.publish.disclosure.exact import people_per_key
from urbanlayer.publish.disclosure.groups import Division, divisions
from urbanlayer.publish.disclosure.masking import masked
from urbanlayer.publish.disclosure.neighbourhoods import REASON
from urbanlayer.publish.disclosure.people import published_people
from urbanlayer.publish.disclosure.shares import is_share_of_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

    Floats = NDArray[np.float64]
    Family = Mapping[str, Sequence[int]]

_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class CountTable:
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


def narrowed(table: CountTable, shown: Sequence[bool]) -> bool:
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
    forms = _forms(*parts.shape, rest=not table.whole)
    forms = forms[forms @ parts.ravel() < CANDIDATES]
    return any(
        np.floor(most + _TOLERANCE) - np.ceil(fewest - _TOLERANCE) + 1 < CANDIDATES
        for fewest, most in linear_ranges(forms, rows, lower, upper)  # NaN: no end
    )


def _constraints(table: CountTable, shown: Sequence[bool]) -> tuple[Floats, Floats, Floats]:
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


def _forms(parts: int, bands: int, *, rest: bool) -> Floats:
    """Every band, and every sum of bands from the first or to the last, of each part.

    The last part is the rest; it is left out where nobody is in it.
    """
    spans = {(start, start + 1) for start in range(bands)}
    spans |= {(0, end) for end in range(1, bands + 1)} | {(start, bands) for start in range(bands)}
    of_bands = np.zeros((len(spans), bands))
    for row, (start, end) in enumerate(sorted(spans)):
        of_bands[row, start:end] = 1
    each = np.eye(parts)[: parts if rest else parts - 1]
    return np.asarray(np.kron(each, of_bands))


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
) -> Iterable[tuple[str, CountTable]]:
    """The table of each neighbourhood; nothing where wider thresholds do not serve more."""
    names = "", *division.groups
    people = [one for of in names if (one := people_per_key(publication, of)) is not None]
    shown = [one for of in names if (one := published_people(publication, of)) is not None]
    if len(people) < len(names) or len(shown) < len(names):
        return
    small = least(publication.spec.publish.suppress_below)
    for at, key in enumerate(publication.city.neighbourhoods.keys):
        served = [
            _served(publication, family[name], at, float(whole.iloc[at]))
            for name, whole in zip(names, people, strict=True)
        ]
        if len({len(one) for one in served}) > 1 or not np.isfinite(np.concatenate(served)).all():
            continue
        counts = np.array(served)
        everybody, groups = counts[0], counts[1:]
        if (np.diff(everybody - groups.sum(axis=0), prepend=0) < -_TOLERANCE).any():
            continue
        published = np.array([float(one.iloc[at]) for one in shown])
        yield str(key), CountTable(everybody, groups, published, small, division.whole)


def _served(publication: Publication, rows: Sequence[int], at: int, total: float) -> Floats:
    """Served within each threshold, a tenth less and more of it too, and last all there are."""
    shares = np.array([
        float(of_row.iloc[at]) for row in rows for of_row in _ends(publication.results[row])
    ])  # fmt: skip
    if total == 0:
        return np.zeros(len(shares) + 1)
    return np.array([*np.sort(shares * total), total])


def _ends(result: Result) -> tuple[pd.Series[float], ...]:
    """The shares within the threshold, and within a lower and a higher one where there are any."""
    varied = result.threshold
    return (result.values,) if varied is None else (varied.low, result.values, varied.high)


def _without(result: Result, keys: set[str]) -> Result:
    away = result.values.index.isin(list(keys))
    lost = masked(result, away, dict.fromkeys(sorted(keys), REASON))
    return replace(lost, ranges={})
