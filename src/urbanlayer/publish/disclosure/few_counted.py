"""Results that tell of few people beside the residents: of an earlier date, or of a layer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.disclosure.counts import rounded_total, total_among_parts
from urbanlayer.publish.disclosure.masking import masked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.result import Result

REASON = "too-few-people"
_OF_RESIDENTS = frozenset({"no-residents", "residents-unknown", "too-few-residents"})
_SAME = 1e-9


def without_few_counted(shown: Result, exact: Result, small: int) -> Result:
    """The result without the neighbourhoods where one of its counts is small; none is small too.

    Parameters
    ----------
    shown
        Published otherwise.
    exact
        The same with its exact counts, and the reasons from before; those about residents stay.
    small
        Greatest count of the first class.
    """
    if not exact.counts:
        return shown
    known = exact.reasons
    few = np.any([one <= small for one in exact.counts], axis=0)
    keys = map(str, shown.values.index[few])
    why = {key: known[key] if known.get(key) in _OF_RESIDENTS else REASON for key in keys}
    city = _of_city(shown, exact, small)
    low, high = float(np.minimum(shown.city_low, city)), float(np.maximum(shown.city_high, city))
    return replace(masked(shown, few, why), city=city, city_low=low, city_high=high)


def _of_city(shown: Result, exact: Result, small: int) -> float:
    """The city's value of people counted, by their number to the nearest twenty.

    The published numbers of neighbourhoods add up to less: those of up to ten people are left out.
    Of results that are more than such a number (a growth) what stands.
    """
    above = np.asarray(exact.values, dtype=np.float64)
    if exact.fraction is not None:
        above = exact.fraction[0]
    for counts in exact.counts:
        each = _times(above, counts)
        if each is None:
            continue
        whole = np.full(len(counts), np.inf), 0.0
        total = rounded_total(float(np.nansum(counts)), small)
        total = total_among_parts(total, counts, whole, small)
        if total == 0:
            return float("nan")  # none and few look the same
        if shown.fraction is None:
            return total * each
        _, below, factor = shown.fraction
        return float(factor * total * each / np.nansum(below))
    return shown.city


def _times(amounts: NDArray[np.float64], counts: NDArray[np.float64]) -> float | None:
    """The factor that makes the amounts of the counts; None where they are no multiple of them."""
    there = np.isfinite(amounts) & (counts > 0)
    if not there.any() or (amounts[np.isfinite(amounts) & (counts == 0)] != 0).any():
        return None
    factors = amounts[there] / counts[there]
    return float(factors[0]) if np.allclose(factors, factors[0], rtol=_SAME, atol=0) else None
