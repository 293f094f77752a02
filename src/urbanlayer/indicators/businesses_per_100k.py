"""Businesses per 100,000 residents.

Features of the layer in the neighbourhood over its residents / 100,000 (ISO 37120:2014, 5.6). A
registered seat is not always the place of work: one office may hold the seats of a hundred firms.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from urbanlayer.indicators._shared.results import needs_column, needs_features
from urbanlayer.model.indicator import Indicator, Kind, Trait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.direction import Better
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

ROLE, UNIT, RESIDENTS = "businesses", "businesses/100,000 residents", 100_000


def compute(
    city: City, query: Query, _network: NetworkResults, *,
    role: str = ROLE, column: str = "", unit: str = UNIT,
    times: float = RESIDENTS,
) -> Result:  # fmt: skip
    """Features, or the sum of their column, over residents; NaN without residents."""
    from urbanlayer.indicators._shared.results import (
        count_in_neighbourhoods,
        from_ratio,
        numbers,
        residents_per_neighbourhood,
    )

    weights = numbers(city, role, column) if column else None
    return from_ratio(
        query, city, unit=unit, method="counted",
        numerator=count_in_neighbourhoods(city, role, weights),
        denominator=residents_per_neighbourhood(city), factor=times,
    )  # fmt: skip


INDICATOR = Indicator(
    id="businesses_per_100k",
    theme="economy",
    kind=Kind.RATIO,
    unit=UNIT,
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents", ROLE),
    source="ISO 37120:2014, 5.6",
    compute=compute,
    traits=frozenset({Trait.COUNTS_FEATURES}),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the count of another layer, or the sum of a column."""
    better: Better = entry["better"]
    role, column = entry["role"], entry.get("column", "")
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.RATIO,
        unit=entry["unit"],
        better=better,
        bounds=(0, float("inf")),
        needs=("neighbourhoods", "residents", role),
        source=entry["source"],
        compute=functools.partial(
            compute, role=role, column=column, unit=entry["unit"],
            times=float(entry["times"]),
        ),
        errors=needs_column(column, role) if column else needs_features(role),
        traits=frozenset() if column else frozenset({Trait.COUNTS_FEATURES}),
    )  # fmt: skip
