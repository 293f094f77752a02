"""The five classes that an indicator is drawn in."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.publish.data.tables import SIGNIFICANT
from urbanlayer.publish.disclosure.precision import to_digits
from urbanlayer.publish.words import round_half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.result import Result

_FINER = (20, 50, 100, 200, 500, 1000, 5000)
_CLASSES = 5
_MOST_DECIMALS = 4
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_ONE_PER_CENT = 0.01  # shares are read in whole per cent, and so are the ends of their classes
_CROWDED = 0.9
"""Where one fifth of 0 to 100 % holds more of the results, classes are made for the data."""


def breaks(result: Result) -> tuple[float, ...]:
    """Six numbers, growing, that divide the results into five classes.

    Shares are parted in fifths, so that a class means the same on every page, unless nearly all
    results would be in one class. Other results are divided near their fifths, at numbers that
    are easy to read; whole numbers that are few enough have a class each.
    """
    if in_fifths(result):
        return SHARES
    values, least_step = _values(result), 0.0
    if result.unit.startswith("share"):
        values, least_step = _in_percent(values), _ONE_PER_CENT
    if _few_whole(values):
        return _one_each(values)
    if values.size == 0 or values.min() == values.max():
        middle = float(values[0]) if values.size else 0.0
        step = _nice(max(abs(middle) / 5 or 1.0, least_step))
        start = math.floor(middle / step - 2) * step
        return tuple(round(start + n * step, 10) for n in range(6))
    low, high = float(values.min()), float(values.max())
    distinct = np.unique(values)
    for sample in (values, distinct):  # where many are equal, each value counts once
        for finer in _FINER:
            step = max(_nice((high - low) / finer), least_step)
            edges = _near_fifths(sample, low, high, step)
            if all(a < b for a, b in itertools.pairwise(edges)):
                return edges
    return _equal(low, high, least_step)


def class_of(edges: Sequence[float], value: float) -> int:
    """The class of a value, 1 to 5: the last one that begins at or below it.

    Examples
    --------
    >>> class_of((0, 0.2, 0.4, 0.6, 0.8, 1.0), 0.2)
    2
    """
    return next((n for n in range(1, _CLASSES) if value < edges[n]), _CLASSES)


def in_fifths(result: Result) -> bool:
    """Whether the classes are fifths of 0 to 100 %: for shares that do not crowd into one of them.

    Fewer than six different results in whole per cent stay in fifths too: there is nothing to
    divide.
    """
    if result.unit != "share":
        return False
    values = _in_percent(_values(result))
    if np.unique(values).size <= _CLASSES:
        return True
    fifths = np.minimum(np.floor(values * _CLASSES + 1e-9), _CLASSES - 1)
    _, counts = np.unique(fifths, return_counts=True)
    return bool(counts.max() < _CROWDED * values.size)


def _values(result: Result) -> NDArray[np.float64]:
    """What is known, in the digits that are published: the last ones differ between machines."""
    values = np.asarray(result.values, dtype=np.float64)
    return to_digits(values[~np.isnan(values)], SIGNIFICANT)


def _in_percent(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares in whole per cent, halves upwards, as they are written."""
    return np.array([round_half_up(value, 2) for value in values.tolist()])


def _few_whole(values: NDArray[np.float64]) -> bool:
    if not values.size or (values != np.floor(values)).any():
        return False
    least, most = float(values.min()), float(values.max())
    return (least >= 0 and most < _CLASSES) or 0 < most - least < _CLASSES


def _one_each(values: NDArray[np.float64]) -> tuple[float, ...]:
    least, most = float(values.min()), float(values.max())
    first = 0.0 if least >= 0 and most < _CLASSES else least
    return tuple(first + n for n in range(_CLASSES + 1))


def _near_fifths(
    values: NDArray[np.float64], low: float, high: float, step: float
) -> tuple[float, ...]:
    inner = [round(float(q) / step) * step for q in np.quantile(values, [0.2, 0.4, 0.6, 0.8])]
    edges = [math.floor(low / step) * step, *inner, math.ceil(high / step) * step]
    return tuple(round(edge, 10) for edge in edges)


def _equal(low: float, high: float, least_step: float) -> tuple[float, ...]:
    step = max(_nice((high - low) / 5), least_step)
    start = math.floor(low / step) * step
    if start + 5 * step < high:
        step = _nice(step * 1.2)
        start = math.floor(low / step) * step
    return tuple(round(start + n * step, 10) for n in range(6))


def decimals(edges: tuple[float, ...], city: float = math.nan) -> int:
    """Decimals that write every edge as it is, and the city's result within a twentieth of it.

    For numbers that are not shares; at most four.

    Examples
    --------
    >>> decimals((0, 0.35, 0.6, 0.75, 0.85, 1.0))
    2
    >>> decimals((0, 1, 3, 4, 6, 69), city=2.14)
    1
    """
    return next((n for n in range(_MOST_DECIMALS) if _are_distinct(edges, city, n)), _MOST_DECIMALS)


def _are_distinct(edges: tuple[float, ...], city: float, digits: int) -> bool:
    exact = all(math.isclose(edge, round(edge, digits), abs_tol=1e-9) for edge in edges)
    near = not math.isfinite(city) or abs(round(city, digits) - city) <= abs(city) / 20
    return exact and near


def _nice(step: float) -> float:
    """The least of 1, 2, 5 × 10ⁿ that is not below the step."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * m for m in (1, 2, 5, 10) if power * m >= step * (1 - 1e-9))
