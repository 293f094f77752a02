"""Proximity to a service with a gradual threshold, 0 to 1.

1 / (1 + e^(k (d − D) / D)) at each origin, averaged over residents: 0.5 at the distance D, 0.92 at
half of it, 0.27 at six fifths. k = 5, as in the code of the Global Healthy and Sustainable City
Indicators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import pydantic

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

Metres = Annotated[float, pydantic.Field(gt=0, le=50_000)]


class SoftParams(Params):
    """Parameters: services with their distances, and the steepness."""

    services: dict[str, Metres] = pydantic.Field(
        default={"kindergarten": 500, "pharmacy": 500, "stop": 500},
        min_length=1,
        description="Service to the walking distance in metres at which it counts one half.",
    )
    steepness: float = pydantic.Field(default=5, gt=0, le=100, description="k; no unit.")
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each service."""
        queries = (
            Query(
                service,
                {"distance_m": float(distance_m), "steepness": self.steepness},
                (service,),
                self.target,
            )
            for service, distance_m in self.services.items()
        )
        return by_modes(queries, self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """The nearest facility of the service."""
    return (NearestQuery(query.needs[0], query.mode),)


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Nearness of each origin, averaged over residents."""
    from urbanlayer.kernels.soft import logistic_within

    nearest = network[network_queries(query)[0]]
    near = logistic_within(nearest.distance_m, query["distance_m"], query["steepness"])
    return over_residents(query, city, unit=INDICATOR.unit, method=nearest.method, origins=near)


INDICATOR = Indicator(
    id="coverage_soft",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="index",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents"),
    source="Global Healthy and Sustainable City Indicators (k = 5)",
    remark="planning-default",
    params=SoftParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("distance_m"),
)
