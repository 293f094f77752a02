"""Axes: round numbers for ticks, and their labels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from urbanlayer.publish.figures.figure import Axis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from urbanlayer.publish.figures.subject import Subject

_MOST_TICKS = 6
_SPARE = 0.02
"""Of the length of an axis, beyond its ends."""


def axis(
    values: Iterable[float],
    label: Callable[[float, int], str],
    *,
    title: str = "",
    most: float = math.inf,
    whole: bool = False,
) -> Axis:
    """An axis that holds all values, with ticks at round numbers.

    Parameters
    ----------
    values
        What must lie on it; none of them is NaN.
    label
        Text of a tick, from its value and the decimals that it needs.
    title
        What the axis measures.
    most
        No tick lies beyond.
    whole
        Whether ticks are whole numbers.
    """
    held = list(values) or [0.0, 1.0]
    low, high = min(held), max(held)
    if low == high:
        low, high = low - 0.5, high + 0.5
    step, decimals = round_step((high - low) / _MOST_TICKS)
    if whole and step < 1:
        step, decimals = 1.0, 0
    spare = (high - low) * _SPARE
    first = math.ceil((low - spare) / step)
    last = math.floor((min(high + spare, most)) / step + 1e-9)
    ticks = [round(n * step, decimals) + 0.0 for n in range(first, last + 1)]
    return Axis(
        low - spare, high + spare, tuple((tick, label(tick, decimals)) for tick in ticks), title
    )


def round_step(least: float) -> tuple[float, int]:
    """The least of 1, 2, 5 × 10ⁿ that is not below a length, and the decimals that it needs.

    Examples
    --------
    >>> round_step(0.3), round_step(17)
    ((0.5, 1), (20.0, 0))
    """
    power = math.floor(math.log10(least))
    step = next(m * 10.0**power for m in (1, 2, 5, 10) if m * 10.0**power >= least * (1 - 1e-9))
    return round(step, max(0, -power)), max(0, -math.floor(math.log10(step) + 1e-9))


def axis_of(subject: Subject, values: Iterable[float]) -> Axis:
    """The axis of the values of a result, in its unit."""
    if subject.is_share:
        return axis(
            values, lambda tick, places: subject.words.percent(tick, max(places - 2, 0)), most=1.0
        )
    fewer = round(math.log10(subject.scale))
    return axis(
        values,
        lambda tick, places: subject.words.number(tick * subject.scale, max(places - fewer, 0)),
    )
