"""Number of facilities of a service within a walking time.

A_i = Σ_j O_j · 1[t_ij ≤ T] at each origin, averaged over residents; O_j = 1. The result is
discontinuous at T, so two times are used.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated, Any

import pydantic

from urbanlayer.indicators._shared.inputs import pairs_of
from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

Minutes = Annotated[float, pydantic.Field(gt=0, le=120)]


class OpportunityParams(Params):
    """Parameters: services and walking times."""

    services: list[str] = pydantic.Field(
        default=["convenience", "clinic"], min_length=1, description="Services that are counted."
    )
    minutes: list[Minutes] = pydantic.Field(
        default=[15, 30], min_length=1, description="On foot; several."
    )
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each service and time."""
        queries = (
            Query(service, {"minutes": minutes}, (service,), self.target)
            for service in self.services
            for minutes in self.minutes
        )
        return by_modes(queries, self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """All pairs within the time."""
    return (NearestQuery(query.needs[0], query.mode, within_min=query["minutes"]),)


def compute(
    city: City, query: Query, network: NetworkResults, *,
    unit: str = "places", column: str = "",
) -> Result:  # fmt: skip
    """What each origin reaches, averaged over residents."""
    import numpy as np

    from urbanlayer.indicators._shared.results import numbers
    from urbanlayer.kernels.opportunities import reachable_amount

    nearest = network[network_queries(query)[0]]
    pairs = pairs_of(nearest)
    amount = np.nan_to_num(numbers(city, query.needs[0], column)) if column else None
    return over_residents(
        query, city, unit=unit, method=nearest.method,
        origins=reachable_amount(pairs, amount),
    )  # fmt: skip


INDICATOR = Indicator(
    id="cumulative_opportunities",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="places",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents"),
    source="",
    remark="planning-default",
    params=OpportunityParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("minutes"),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the sum of a column of one layer, such as jobs."""
    from urbanlayer.indicators._shared.results import needs_column

    class AmountParams(Params):
        """Parameters: the times."""

        minutes: list[Minutes] = pydantic.Field(
            default=entry["minutes"], min_length=1, description="On foot; several."
        )
        modes: list[str] = modes_field()

        def queries(self) -> tuple[Query, ...]:
            """One query for each time."""
            queries = (
                Query("", {"minutes": minutes}, (entry["service"],), self.target)
                for minutes in self.minutes
            )
            return by_modes(queries, self.modes)

    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.MEAN_OVER_RESIDENTS,
        unit=entry["unit"],
        better="higher",
        bounds=(0, float("inf")),
        needs=("neighbourhoods", "residents"),
        source=entry["source"],
        params=AmountParams,
        sensitivity=ten_percent("minutes"),
        network_queries=network_queries,
        compute=functools.partial(compute, unit=entry["unit"], column=entry["column"]),
        errors=needs_column(entry["column"]),
    )
