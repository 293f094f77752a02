"""Numbers of a plan as values of JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from urbanlayer.publish.data.tables import SIGNIFICANT

if TYPE_CHECKING:
    from urbanlayer.model.query import Query
    from urbanlayer.model.scenario_result import BeforeAfter

DIGITS = 12
"""Significant digits of a number."""


def rounded(value: float | None) -> float | None:
    """A number with its first twelve significant digits; None for "no result"."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}") + 0.0  # never -0


def published(value: float | None) -> float | None:
    """A result with the digits that the tables have; None for "no result"."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{SIGNIFICANT}g}") + 0.0


def query_record(query: Query) -> dict[str, Any]:
    """The parameters of a query."""
    return {
        "indicator": query.indicator,
        "variant": query.variant,
        "parameters": {name: rounded(value) for name, value in query.numbers.items()},
        "mode": query.mode,
        "group": query.group,
    }


def before_after(values: BeforeAfter) -> dict[str, float | None]:
    """A result before and after, with its people."""
    return {
        "before": published(values.before),
        "after": published(values.after),
        "people_before": rounded(values.people_before),
        "people_after": rounded(values.people_after),
    }
