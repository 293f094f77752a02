"""Counts of people in classes that keep at least ten candidates for every small count.

A published count stands for a class of counts. The first class is 0 to the threshold, the last is
all but 0 to the threshold, those between are ten wide, and where fewer than ten are left before
the last class they belong to the class before. The classes are the same in every table, threshold,
group, layer of neighbourhoods and build (deterministic rounding: Willenborg and de Waal, Elements
of Statistical Disclosure Control, 2001, ch. 9): a count that is asked for in several ways is never
narrowed, nested counts stay nested, and one person more moves a count by one class or not at all,
across borders where neither the count nor its complement is below the threshold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 10
"""Candidates of a class."""


def least(suppress_below: float) -> int:
    """The greatest count of the first class: the threshold of small counts, at least 10."""
    return max(WIDTH, int(suppress_below))


def count_classes(
    counts: NDArray[np.float64], totals: NDArray[np.float64], small: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The class of each count: (k,) lowest count, and (k,) lowest count of the class above.

    Parameters
    ----------
    counts
        (k,) exact; NaN has no class.
    totals
        (k,) published numbers of people that they are counts of; the last class has no end but
        the total, which it includes.
    small
        As `least` gives it.

    Returns
    -------
    tuple
        Both NaN where the total is too small for two classes.
    """
    first = small + 1.0
    last = totals - small  # counts from here on leave at most `small`
    between = last - first
    inside = np.maximum(np.floor(between / WIDTH), 1.0)
    row = np.clip(np.floor((counts - first) / WIDTH), 0, inside - 1)
    start = first + WIDTH * row
    end = np.where(row >= inside - 1, last, start + WIDTH)
    low = np.where(counts < first, 0.0, np.where(counts >= last, last, start))
    high = np.where(counts < first, first, np.where(counts >= last, np.inf, end))
    two = (between < WIDTH) & (totals >= 2 * first)  # too few between: two halves
    half = totals / 2
    low = np.where(two, np.where(counts < half, 0.0, half), low)
    high = np.where(two, np.where(counts < half, half, np.inf), high)
    none = (totals < 2 * first) | np.isnan(counts) | np.isnan(totals)
    return np.where(none, np.nan, low), np.where(none, np.nan, high)


def published_counts(
    counts: NDArray[np.float64], totals: NDArray[np.float64], small: int
) -> NDArray[np.float64]:
    """The number that stands for the class of each count.

    0 for the first class, the total for the last, the middle for those between; NaN where the
    total is too small for two classes.

    Parameters
    ----------
    counts, totals, small
        As of `count_classes`.
    """
    low, high = count_classes(counts, totals, small)
    halves = (totals - 2 * (small + 1) + 1) < WIDTH
    first = np.where(halves, totals / 4, 0.0)
    last = np.where(halves, totals * 3 / 4, totals)
    middle = (low + high - 1) / 2
    shown = np.where(low == 0, first, np.where(np.isinf(high), last, middle))
    return np.where(np.isnan(low), np.nan, shown)


def rounded_total(count: float, small: int) -> float:
    """A count of people of no neighbourhood: to the nearest ten, 0 where it is small."""
    if not np.isfinite(count) or count <= small:
        return 0.0
    return float(WIDTH * np.floor(count / WIDTH + 0.5))
