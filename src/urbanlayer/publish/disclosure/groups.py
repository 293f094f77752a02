"""Groups that make up the residents, and those whose numbers would give a small one away.

Where no resident is in two of several groups, their numbers add up to no more than the residents,
and where everybody is in one of them, to all residents: women and men, or three ages. The residents
less the classes of all groups but one bound that one; where it is small and is left fewer than ten
candidates, the smallest of the others is not published either (secondary suppression).
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.disclosure.counts import CANDIDATES, WIDTH, count_classes, least
from urbanlayer.publish.disclosure.exact import is_census

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.residents import Residents

    Floats = NDArray[np.float64]

_MOST = 8
"""Groups among which disjoint ones are sought together; of more, each by itself."""
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Division:
    """Groups that have nobody in common.

    Attributes
    ----------
    groups
        Their names, sorted.
    whole
        Whether every resident is in one of them.
    """

    groups: tuple[str, ...]
    whole: bool


@functools.lru_cache(maxsize=8)
def divisions(residents: Residents) -> tuple[Division, ...]:
    """The sets of groups that have nobody in common, as large as can be."""
    names = sorted(residents.groups)
    sizes = range(min(len(names), _MOST if len(names) <= _MOST else 1), 0, -1)
    found: list[Division] = []
    for size in sizes:
        for some in itertools.combinations(names, size):
            if any(set(some) <= set(one.groups) for one in found):
                continue
            together = np.sum([residents.groups[name] for name in some], axis=0)
            if size == 1 or (together <= residents.people + _TOLERANCE).all():
                whole = bool((together >= residents.people - _TOLERANCE).all())
                found.append(Division(some, whole))
    return tuple(found)


def narrowing_others(publication: Publication, group: str) -> NDArray[np.bool_]:
    """(k,) neighbourhoods where the number of a group would give another one away."""
    residents = publication.city.residents
    count = len(publication.city.neighbourhoods)
    narrows = np.zeros(count, dtype=bool)
    if residents is None:
        return narrows
    small = least(publication.spec.publish.suppress_below)
    for division in divisions(residents):
        if group in division.groups:
            row = division.groups.index(group)
            narrows |= _secondary(residents, division, count, small)[row]
    return narrows


@functools.lru_cache(maxsize=16)
def _secondary(
    residents: Residents, division: Division, count: int, small: int
) -> NDArray[np.bool_]:
    """(g, k) groups that are not published beside a small one."""
    people = residents.per_neighbourhood(count)
    exact = np.stack([
        residents.of_group(name).per_neighbourhood(count) for name in division.groups
    ])  # fmt: skip
    half = 0 if is_census(residents) else WIDTH // 2
    total = people if half == 0 else WIDTH * np.floor(people / WIDTH) + half
    low, high = count_classes(exact, np.broadcast_to(total, exact.shape), small)
    high = np.where(np.isinf(high), total + half, high - 1)
    away = np.zeros(exact.shape, dtype=bool)
    order = np.argsort(np.where(exact > small, exact, np.inf), axis=0, kind="stable")
    for following in order:  # the smallest that are published, one after the other
        ends = np.where(away, 0.0, low), np.where(away, np.inf, high)
        least_of_all = total - half if division.whole else np.zeros(count)
        columns = np.flatnonzero(_narrowed(exact, ends, (least_of_all, total + half), small))
        away[following[columns], columns] |= exact[following[columns], columns] > small
    return away


def _narrowed(
    exact: Floats, ends: tuple[Floats, Floats], of_all: tuple[Floats, Floats], small: int
) -> NDArray[np.bool_]:
    """(k,) whether the others leave a small group fewer than ten candidates.

    Parameters
    ----------
    exact, ends
        (g, k) of each group: people, and the lowest and highest of its class.
    of_all
        (k,) lowest and highest of all groups together.
    small
        As `counts.least` gives it.
    """
    others_low, others_high = (
        np.stack([np.delete(end, row, axis=0).sum(axis=0) for row in range(len(end))])
        for end in ends
    )
    with np.errstate(invalid="ignore"):
        lowest = np.ceil(np.maximum(of_all[0] - others_high, 0.0) - _TOLERANCE)
        highest = np.floor(np.minimum(of_all[1] - others_low, small) + _TOLERANCE)
        few = (exact <= small) & (highest - lowest + 1 < CANDIDATES)
    return np.asarray(few.any(axis=0))
