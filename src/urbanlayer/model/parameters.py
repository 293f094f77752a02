"""Parameters that many indicators share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pydantic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from urbanlayer.model.query import Query

WALK_M_PER_MIN = 80.0
"""4.8 km/h, as Transport for London's PTAL has it."""


def modes_field() -> Any:  # noqa: ANN401  (what pydantic's own Field gives)
    """The parameter `modes` of an indicator: how people get there; on foot by default."""
    return pydantic.Field(
        default=["walk"],
        min_length=1,
        description="How people get there: walk, walk_slope, wheelchair, cycle, or what "
        "[modes] of the city file describes.",
    )


def by_modes(queries: Iterable[Query], modes: Iterable[str]) -> tuple[Query, ...]:
    """Each query for each travel mode.

    Examples
    --------
    >>> [query.mode for query in by_modes((Query(), Query()), ["walk", "cycle"])]
    ['walk', 'cycle', 'walk', 'cycle']
    """
    every = tuple(dict.fromkeys(modes))
    return tuple(replace(query, mode=mode) for query in queries for mode in every)


def several(value: float | list[float]) -> tuple[float, ...]:
    """One number or a list of them, as a tuple."""
    return tuple(float(one) for one in (value if isinstance(value, list) else [value]))
