"""Counts of people in classes that keep at least ten candidates for every small count.

A published count stands for a class of counts. All classes begin at multiples of eleven: the first
is 0 to the threshold, those between are eleven wide, and the last is all but as many as keep the
threshold. The classes have the same borders in every table, threshold, group, layer of
neighbourhoods and build, whatever the total (deterministic rounding: Willenborg and de Waal,
Elements of Statistical Disclosure Control, 2001, ch. 9): a count that is published in several ways
is never narrowed, nested counts stay nested, and one person more moves a count by one class or not
at all, across borders where neither the count nor its complement is below the threshold.

Eleven, not ten: where two counts of the same class differ by a strip of land or a ring between two
thresholds, another count may show that somebody lives there, which takes one candidate away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CANDIDATES = 10
"""Every count below this keeps as many candidates."""
WIDTH = 11
"""Counts of a class."""
SMALL_TOTAL = 200
"""A total below which twenty people are too many to call nearly all of it all."""
MANY = 1000
"""A total from which on no share is off by more than one per cent."""
DIGITS = 6
"""Digits of a count that mean anything; what is beyond is rounding, and differs by library."""
CITY_WIDTH = 20
"""Counts of a class of people of no neighbourhood."""


def least(suppress_below: float) -> int:
    """The greatest count of the first class: the threshold of small counts, at least 10."""
    return max(CANDIDATES, int(suppress_below))


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
    counts, totals = np.round(counts, DIGITS), np.round(totals, DIGITS)
    first = WIDTH * np.ceil((small + 1) / WIDTH)
    last = WIDTH * np.floor((totals - small) / WIDTH)  # from here on all are served, or nearly all
    start = WIDTH * np.floor(counts / WIDTH)
    low = np.where(counts < first, 0.0, np.where(counts >= last, last, start))
    high = np.where(counts < first, first, np.where(counts >= last, np.inf, start + WIDTH))
    none = (last < first) | np.isnan(counts) | np.isnan(totals)
    return np.where(none, np.nan, low), np.where(none, np.nan, high)


def published_counts(
    counts: NDArray[np.float64], totals: NDArray[np.float64], small: int
) -> NDArray[np.float64]:
    """The number that stands for the class of each count.

    0 for the first class, the middle for those between, for the last the total: in a small total
    less what the class is wider than ten, so that no number is off by more than ten people, and
    from 1,000 on less what it is wider than one per cent. NaN where the total is too small for two
    classes.

    Parameters
    ----------
    counts, totals, small
        As of `count_classes`.
    """
    totals = np.round(totals, DIGITS)
    low, high = count_classes(counts, totals, small)
    off = np.where(totals < MANY, np.inf, np.maximum(np.floor(totals / 100), CANDIDATES))
    off = np.where(totals < SMALL_TOTAL, CANDIDATES, off)
    last = totals - np.maximum(totals - low - off, 0.0)
    middle = (low + high - 1) / 2
    shown = np.where(low == 0, 0.0, np.where(np.isinf(high), last, middle))
    return np.where(np.isnan(low), np.nan, shown)


def rounded_total(count: float, small: int) -> float:
    """A count of people of no neighbourhood: to the nearest twenty, 0 where it is small."""
    if not np.isfinite(count) or count <= small:
        return 0.0
    return float(CITY_WIDTH * max(np.floor(round(count, DIGITS) / CITY_WIDTH + 0.5), 1))


def total_among_parts(
    total: float,
    counts: NDArray[np.float64],
    totals: tuple[NDArray[np.float64], float],
    small: int,
) -> float:
    """A published total, moved where it would narrow one of its parts.

    Of parts whose classes are published, a total bounds each: it less the highest of the others,
    and it less the lowest. Where this leaves a small part, or a small complement, fewer than ten
    candidates, the next multiple of twenty that leaves them is published instead.

    Parameters
    ----------
    total
        As `rounded_total` gives it.
    counts
        (k,) parts; one without a class is not bounded.
    totals
        (k,) published numbers of people that they are counts of, and how far the exact ones may lie
        from them.
    small
        As `least` gives it.

    Returns
    -------
    float
        NaN where the total is.
    """
    if np.isnan(total):
        return total
    whole, spread = totals
    low, high = count_classes(counts, whole, small)
    known = ~np.isnan(low)
    high = np.where(np.isinf(high), whole + spread, high - 1)
    high = np.where(known, high, np.where(whole == 0, 0.0, np.inf))
    low = np.where(known, low, 0.0)
    first = known & (counts <= small)
    last = known & (whole - counts <= small + spread)
    others_low = low.sum() - low
    others_high = high.sum() - high if np.isfinite(high).all() else np.full(len(high), np.inf)
    half, of_whole = CITY_WIDTH // 2, whole - spread
    at_most = [
        (others_high + half + small + 1 - CANDIDATES)[first],
        (others_high + half + of_whole - CANDIDATES)[last],
    ]
    at_least = [
        np.where(others_low > 0, others_low + small + 1 - half, 0.0)[first],
        (others_low + of_whole - half)[last],
    ]
    upper = CITY_WIDTH * np.floor(np.min(np.concatenate(at_most), initial=np.inf) / CITY_WIDTH)
    lower = CITY_WIDTH * np.ceil(np.max(np.concatenate(at_least), initial=0.0) / CITY_WIDTH)
    return float(max(min(total, upper), lower))


def rounded_residents(people: NDArray[np.float64]) -> NDArray[np.float64]:
    """Residents of neighbourhoods that no census publishes, as the middle of their class.

    Parameters
    ----------
    people
        (k,) exact.

    Returns
    -------
    ndarray
        (k,) 0 where nobody lives, NaN for up to ten people; else 16 for 11 to 21, and so on.
    """
    row = np.floor(np.round(people, DIGITS) / WIDTH)
    return np.where(row > 0, WIDTH * row + WIDTH // 2, np.where(people == 0, 0.0, np.nan))
