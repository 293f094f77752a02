"""Totals of counts whose parts are published too: of exact people only where that narrows no part.

Who knows one count exactly, as where one person more moved it to the next class, and sees a total
pass to the next multiple at the same time, knows that total exactly too. Where this would bound
another part within its class, as in towns of few neighbourhoods, the published counts are added up
instead: that total follows from them, and tells nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.disclosure.counts import (
    CITY_WIDTH,
    count_classes,
    published_counts,
    rounded_total,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def totals_beside_parts(
    totals: Sequence[float], counts: Sequence[Floats], of: Floats, spread: float, small: int
) -> tuple[float, ...]:
    """Totals of the same parts, as before and after an edit, made in one way.

    Parameters
    ----------
    totals
        Exact; NaN is "no result".
    counts
        For each total (k,) exact parts.
    of
        (k,) published numbers of people that the parts are counts of.
    spread
        How far the exact numbers may lie from the published ones.
    small
        As `counts.least` gives it.

    Returns
    -------
    tuple
        Each to the nearest twenty, 0 where it is small.
    """
    each = tuple(zip(totals, counts, strict=True))
    if all(np.isnan(total) or _is_open(total, parts, (of, spread), small) for total, parts in each):
        shown = list(totals)
    else:
        shown = [float(np.nansum(published_counts(parts, of, small))) for _, parts in each]
    return tuple(
        total if np.isnan(total) else rounded_total(one, small)
        for total, one in zip(totals, shown, strict=True)
    )


def _is_open(total: float, parts: Floats, whole: tuple[Floats, float], small: int) -> bool:
    """Whether a total, known exactly beside any one of its parts, leaves all others their class."""
    of, spread = whole
    low, high = count_classes(parts, of, small)
    most = np.nan_to_num(of) + np.where(of > 0, spread, 0.0)
    high = np.where(np.isfinite(high), high - 1, most)
    low = np.nan_to_num(low)
    width = high - low
    order = np.sort(np.append(width, [0.0, 0.0]))
    widest = np.where(width == order[-1], order[-2], order[-1])  # of the others
    shown = rounded_total(total, small)
    fewest = 0.0 if shown == 0 else max(shown - CITY_WIDTH / 2, small + 1.0)
    highest = small if shown == 0 else shown + CITY_WIDTH / 2 - 1
    lived = of > 0
    at_least = (low.sum() + widest + width)[lived]
    at_most = (high.sum() - widest - width)[lived]
    return bool((at_least <= fewest).all() and (at_most >= highest).all())
