"""The city's share of people: of the published counts, or nearer where these add up far off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.disclosure.counts import WIDTH, count_classes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FURTHEST = 0.001
"""How far the sum of published counts may lie from the city's share."""
_FEWEST = 4
"""Neighbourhoods from which on their classes leave the city's class open."""
_SAME = 1e-6


def city_share(shown: Floats, exact: Floats, people: Floats, lived: Floats, small: int) -> float:
    """The share of the people of the city; NaN where none is shown.

    That of the sum of the published counts. Where it lies further off than `FURTHEST`, as in a
    town of few neighbourhoods, the middle of the class of eleven of the exact sum (and of all
    residents, where no census publishes them), if that narrows no number of a neighbourhood within
    its class.

    Parameters
    ----------
    shown, exact
        (k,) published and exact counts of the neighbourhoods that show a share.
    people, lived
        (k,) published and exact numbers of people that they are counts of.
    small
        As `counts.least` gives it.
    """
    total = float(people.sum())
    if total <= 0:
        return float("nan")
    share, count, of_all = float(shown.sum() / total), float(exact.sum()), float(lived.sum())
    near = abs(share - count / of_all) <= FURTHEST
    if near or len(shown) < _FEWEST or not small < count < of_all - small:
        return share
    low, high = count_classes(exact, people, small)
    whole = _is_open(count, low, np.where(np.isinf(high), people, high - 1))
    if (np.abs(people - lived) > _SAME).any():
        half = WIDTH // 2
        whole &= _is_open(of_all, people - half, people + half)
        total = _middle(of_all)
    return _middle(count) / total if whole else share


def _middle(count: float) -> float:
    return float(WIDTH * np.floor(count / WIDTH) + WIDTH // 2)


def _is_open(total: float, low: Floats, high: Floats) -> bool:
    """Whether the class of a total leaves every part all numbers of its class."""
    first = WIDTH * np.floor(total / WIDTH)
    whole = (first <= high.sum() - high + low).all()
    return bool(whole and (first + WIDTH - 1 >= low.sum() - low + high).all())
