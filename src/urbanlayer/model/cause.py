"""What the low and the high of a result stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Cause = Literal[
    "threshold", "measured", "residents", "entrances", "completeness", "estimate", "borders",
    "storeys", "snapping",
]  # fmt: skip
THRESHOLD: Cause = "threshold"
"""Thresholds 10 % lower and higher."""
MEASURED: Cause = "measured"
"""What the layers leave uncertain, by the indicator's own definition."""
RESIDENTS: Cause = "residents"
"""A second source of residents."""
ENTRANCES: Cause = "entrances"
"""Where areas are entered that have no given entrances."""
ESTIMATE: Cause = "estimate"
"""Unknown counts of residents, by the lowest and the highest estimate."""
BORDERS: Cause = "borders"
"""People of cells or areas that lie in several neighbourhoods: all in the largest part of each, or
all in the smallest."""
STOREYS: Cause = "storeys"
"""Unknown storeys of homes, by the tenth and the ninetieth percentile of the known ones."""
SNAPPING: Cause = "snapping"
"""The way from each home to its street: a door on the street, or a way round a right angle."""
COMPLETENESS: Cause = "completeness"
"""Features that a register counts and the layer lacks."""


def of_data(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """The causes that lie in the data; the others vary the definition."""
    return tuple(cause for cause in causes if cause != THRESHOLD)
