"""Sensitivity variants: the query of an indicator with other thresholds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.model.cause import ENTRANCES, THRESHOLD
from urbanlayer.model.network_query import ENTRANCE_M
from urbanlayer.model.query import Variation

if TYPE_CHECKING:
    from collections.abc import Callable

    from urbanlayer.model.query import Query, Value

    Sensitivity = Callable[[Query], tuple[Variation, ...]]

MARGIN = 0.1
"""Relative change of thresholds in the sensitivity range."""


def ten_percent(*names: str, inverse: tuple[str, ...] = ()) -> Sensitivity:
    """For `Indicator.sensitivity`: the query with its thresholds 10 % lower, and 10 % higher.

    Parameters
    ----------
    names
        Of the parameters that change together, numbers or several values.
    inverse
        Of those that are divided by the same factor: how fast places fade with each minute, where
        the minutes are what changes.

    Examples
    --------
    >>> from urbanlayer.model.query import Query
    >>> query = Query("school", {"distance_m": 500.0})
    >>> [variation.query["distance_m"] for variation in ten_percent("distance_m")(query)]
    [450.0, 550.0]
    """

    def _variations(query: Query) -> tuple[Variation, ...]:
        varied = (_scaled(query, names, inverse, factor) for factor in (1 - MARGIN, 1 + MARGIN))
        return tuple(Variation(other, THRESHOLD) for other in varied if other != query)

    return _variations


def vary_entrance(query: Query) -> tuple[Variation, ...]:
    """The query with half and twice the access distance of areas without given entrances.

    In a straight line areas are met at their border, and nothing is left open.
    """
    if "straight_line" in {query.variant, query.mode}:
        return ()
    metres = (ENTRANCE_M / 2, 2 * ENTRANCE_M)
    return tuple(
        Variation(query.with_parameters(entrance_m=m), ENTRANCES, ("streets",)) for m in metres
    )


def entrance_m(query: Query) -> float:
    """The access distance of areas without given entrances, in metres, in this variant."""
    return query.get("entrance_m", ENTRANCE_M)


def vary_each(*each: Sensitivity) -> Sensitivity:
    """For `Indicator.sensitivity`: several thresholds, varied one at a time."""
    return lambda query: tuple(other for one in each for other in one(query))


def _scaled(query: Query, names: tuple[str, ...], inverse: tuple[str, ...], factor: float) -> Query:
    by = dict.fromkeys(names, factor) | dict.fromkeys(inverse, 1 / factor)
    parameters = {name: _times(value, by.get(name)) for name, value in query.pairs}
    return replace(query, parameters=parameters)


def _times(value: Value, factor: float | None) -> Value:
    if factor is None or isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return tuple(one if isinstance(one, str) else one * factor for one in value)
    return value * factor
