"""Gravity-based accessibility on foot: facilities weighted by distance decay.

A_i = Σ_j e^(−β t_ij) at each origin, t in minutes, averaged over residents (Hansen 1959). It
compares neighbourhoods and has no meaning as a number; report β with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.inputs import pairs_of
from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


class HansenParams(Params):
    """Parameters: services, the decay rate and the cap."""

    services: list[str] = pydantic.Field(
        default=["convenience", "clinic"], min_length=1, description="Services that are counted."
    )
    beta_per_min: float = pydantic.Field(
        default=0.1, gt=0, le=10, description="β: how fast places fade with each minute on foot."
    )
    cap_min: float = pydantic.Field(
        default=30, gt=0, le=240, description="Places farther than this count nothing; minutes."
    )
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each service."""
        numbers = {"beta_per_min": self.beta_per_min, "cap_min": self.cap_min}
        queries = (Query(service, numbers, (service,), self.target) for service in self.services)
        return by_modes(queries, self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """All pairs within the cap."""
    return (NearestQuery(query.needs[0], query.mode, within_min=query["cap_min"]),)


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Weighted number of places, averaged over residents."""
    from urbanlayer.kernels.opportunities import reachable_amount

    nearest = network[network_queries(query)[0]]
    pairs = pairs_of(nearest)
    near = reachable_amount(pairs, decay="exponential", rate=query["beta_per_min"])
    return over_residents(query, city, unit=INDICATOR.unit, method=nearest.method, origins=near)


INDICATOR = Indicator(
    id="hansen_access",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="weighted places",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents"),
    source="Hansen, How accessibility shapes land use, 1959",
    remark="planning-default",
    params=HansenParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("cap_min", inverse=("beta_per_min",)),
)
