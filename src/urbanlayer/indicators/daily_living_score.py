"""Daily living score: food market, convenience shop and stop within 500 m on foot, 0 to 3.

The number of the three within the distance at each origin, averaged over residents (Global Healthy
and Sustainable City Indicators, Boeing et al. 2022).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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

SERVICES = ("food_market", "convenience", "stop")


class DailyLivingParams(Params):
    """Parameters: the walking distance."""

    distance_m: float = pydantic.Field(
        default=500, gt=0, le=5000, description="Walking distance in metres."
    )
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each mode."""
        query = Query("", {"distance_m": self.distance_m}, SERVICES, self.target)
        return by_modes((query,), self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """The nearest facility of each service."""
    return tuple(NearestQuery(role, query.mode) for role in SERVICES)


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """How many are near each origin, averaged over residents."""
    import numpy as np

    from urbanlayer.kernels.threshold import within

    nearest_of_each = [network[network_query] for network_query in network_queries(query)]
    near = [within(nearest.distance_m, query["distance_m"]) for nearest in nearest_of_each]
    return over_residents(
        query, city, unit=INDICATOR.unit, method=nearest_of_each[0].method,
        origins=np.sum(near, axis=0).astype(np.float64),
    )  # fmt: skip


INDICATOR = Indicator(
    id="daily_living_score",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="of 3",
    better="higher",
    bounds=(0, 3),
    needs=("neighbourhoods", "residents"),
    source="Boeing et al., Lancet Global Health 2022 (Global Healthy and Sustainable Cities)",
    params=DailyLivingParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("distance_m"),
)
