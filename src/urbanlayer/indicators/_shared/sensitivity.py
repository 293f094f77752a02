"""What the definition of an indicator leaves open, as further readings of the same ask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.model.network_query import ENTRANCE_M

if TYPE_CHECKING:
    from collections.abc import Callable

    from urbanlayer.model.query import Query

MARGIN = 0.1
"""A planning distance is a round number, and nobody's door lies at the point that stands for the
building: thresholds are read 10 % less and more too."""


def ten_percent(*names: str, inverse: tuple[str, ...] = ()) -> Callable[[Query], tuple[Query, ...]]:
    """For `Indicator.readings`: the ask with its thresholds a tenth less, and a tenth more.

    Parameters
    ----------
    names
        Of the parameters, or of the ask's lists, that change together.
    inverse
        Of those that are divided by the same factor: how fast places fade with each minute, where
        the minutes are what changes.

    Examples
    --------
    >>> from urbanlayer.model.query import Ask
    >>> ask = Ask("school", {"distance_m": 500.0})
    >>> [other.parameters for other in ten_percent("distance_m")(ask)]
    [{'distance_m': 450.0}, {'distance_m': 550.0}]
    """

    def _readings(query: Query) -> tuple[Query, ...]:
        by = (_scaled(query, names, inverse, factor) for factor in (1 - MARGIN, 1 + MARGIN))
        return tuple(other for other in by if other != query)

    return _readings


def vary_entrance(query: Query) -> tuple[Query, ...]:
    """Of areas whose entrances nobody gives: a street leads in from half as far, and twice.

    In a straight line areas are met at their border, and nothing is left open.
    """
    if query.variant == "straight_line":
        return ()
    reach = (ENTRANCE_M / 2, 2 * ENTRANCE_M)
    return tuple(replace(query, parameters={**query.parameters, "entrance_m": m}) for m in reach)


def entrance_m(query: Query) -> float:
    """From how far streets lead into areas, by this reading of the ask."""
    return query.parameters.get("entrance_m", ENTRANCE_M)


def vary_each(
    *variations: Callable[[Query], tuple[Query, ...]],
) -> Callable[[Query], tuple[Query, ...]]:
    """For `Indicator.readings`: those of several thresholds, one of which changes at a time."""
    return lambda query: tuple(other for one in variations for other in one(query))


def _scaled(query: Query, names: tuple[str, ...], inverse: tuple[str, ...], factor: float) -> Query:
    by = dict.fromkeys(names, factor) | dict.fromkeys(inverse, 1 / factor)
    return replace(
        query,
        parameters={
            name: value * by[name] if name in by else value
            for name, value in query.parameters.items()
        },
        lists={
            name: tuple(
                one * by[name] if name in by and not isinstance(one, str) else one for one in values
            )
            for name, values in query.lists.items()
        },
    )
