"""Means over origins of few values, which are counts of people by another name.

Where all origins of a neighbourhood have one of two values (one facility within reach or none, two
homes), their mean is a share of people, and is published as one. Where they have up to six, the
mean is a sum of counts, and one class of people moves it by less than its step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.residents import Residents

    Floats = NDArray[np.float64]

FEW = 6
"""Values of one neighbourhood up to which a mean over them is a sum of counts."""
_DIGITS = 9
"""Significant digits by which two values differ."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """The values of the origins of each neighbourhood, where they are few.

    Attributes
    ----------
    lowest
        (k,) the lower of two values; NaN where there are not two.
    apart
        (k,) the largest difference of neighbouring values; 0 where they are one, or many.
    """

    lowest: Floats
    apart: Floats


def levels_of(residents: Residents, origins: Floats, count: int) -> Levels:
    """The few values that the origins of each neighbourhood have.

    Parameters
    ----------
    residents
        (n,) origins where people live.
    origins
        (n,) value of each; what is not finite is none.
    count
        Number of neighbourhoods.
    """
    lived = np.isfinite(origins) & (residents.people > 0)
    row, value = residents.neighbourhood[lived], origins[lived]
    order = np.lexsort((value, row))
    row, value = row[order], value[order]
    within = row[1:] == row[:-1]
    largest = float(np.abs(value).max(initial=0.0))
    rises = within & (np.diff(value) > largest * 10.0**-_DIGITS)
    steps = np.bincount(row[1:][rises], minlength=count)
    apart = np.zeros(count)
    np.maximum.at(apart, row[1:][rises], np.diff(value)[rises])
    lowest = np.full(count, np.nan)
    first = np.flatnonzero(np.r_[True, ~within])[: len(row)]
    lowest[row[first]] = value[first]
    return Levels(
        lowest=np.where(steps == 1, lowest, np.nan),
        apart=np.where((steps > 0) & (steps < FEW), apart, 0.0),
    )
