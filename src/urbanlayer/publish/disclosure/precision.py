"""How precisely a mean over people may be given: no more than the people behind it allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.disclosure.counts import WIDTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW = 100
"""People below which metres are given to ten, minutes to one."""
_COARSE = {"m": 10.0, "min": 1.0}
_FINE = {"m": 1.0, "min": 0.1}
_DIGITS = 4
_STEPS = np.array([1.0, 2.0, 5.0, 10.0])


def steps_of_means(
    people: NDArray[np.float64],
    largest: float,
    unit: str,
    *,
    apart: NDArray[np.float64] | float = 0.0,
) -> NDArray[np.float64]:
    """The step that each mean is rounded to: 1, 2 or 5 times a power of ten.

    One person contributes at most `largest / people` to a mean, which is at most half a step:
    a person more moves a mean by one step or not at all.

    Parameters
    ----------
    people
        (k,) behind each mean.
    largest
        Largest contribution of one person, in the unit: the largest value less the lowest.
    unit
        Metres and minutes have a step of their own.
    apart
        (k,) how far two neighbouring values of few lie apart: one class of people who have the one
        and not the other moves a mean by no more than a step.
    """
    with np.errstate(divide="ignore"):
        needed = np.maximum(2 * rounded_up(np.array([largest]))[0], WIDTH * np.asarray(apart))
        needed = needed / np.maximum(people, 1)
    finest = _FINE.get(unit, 10.0 ** (np.ceil(np.log10(max(largest, 1e-9))) - _DIGITS))
    coarse = np.where(people < FEW, _COARSE.get(unit, finest), finest)
    return np.asarray(np.maximum(rounded_up(needed), coarse), dtype=np.float64)


def rounded_up(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The next 1, 2 or 5 times a power of ten that is not below each value."""
    positive = np.maximum(values, 1e-12)
    power = 10.0 ** np.floor(np.log10(positive) + 1e-12)
    step = _STEPS[np.searchsorted(_STEPS, positive / power - 1e-9)]
    return np.asarray(step * power, dtype=np.float64)


def to_steps(values: NDArray[np.float64], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values rounded to their steps, without digits that the step does not have."""
    whole = np.round(values / steps)
    inverse = np.round(1 / steps)  # 3 × 0.1 is 0.30000000000000004; 3 / 10 is 0.3
    fine = steps < 1
    return np.asarray(np.where(fine, whole / np.where(fine, inverse, 1), whole * steps), np.float64)


def to_digits(values: NDArray[np.float64], digits: int) -> NDArray[np.float64]:
    """Values with their first significant digits."""
    return np.array([float(f"{value:.{digits}g}") for value in values])
