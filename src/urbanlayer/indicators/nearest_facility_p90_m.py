"""90th percentile of the walking distance to the nearest facility, in metres.

The percentile, weighted by residents, of the distance along streets from each origin: it shows what
the mean hides. Distances above the cap, and unreachable facilities, count as the cap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.extremes import with_measured
from urbanlayer.indicators._shared.inputs import residents_of
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


class PercentileParams(Params):
    """Parameters: the services, the percentile and the cap."""

    services: list[str] = pydantic.Field(
        default=["kindergarten", "clinic"],
        min_length=1,
        description="Services, as roles of layers.",
    )
    share: float = pydantic.Field(
        ge=0, le=1, default=0.9, description="Of residents; 0.5 is the median."
    )
    cap_m: float = pydantic.Field(
        gt=0,
        le=50_000,
        default=5000,
        description="Farther, or not to be reached, counts as this; metres.",
    )
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each service."""
        numbers = {"cap_m": self.cap_m, "share": self.share}
        queries = (Query(service, numbers, (service,), self.target) for service in self.services)
        return by_modes(queries, self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """The nearest facility of the service, along streets and in a straight line."""
    return NearestQuery(query.needs[0], query.mode), NearestQuery(query.needs[0], "straight_line")


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """The weighted percentile of each neighbourhood and of the city."""
    import numpy as np

    from urbanlayer.indicators._shared.results import margin_bounds

    walked, straight = (network[network_query] for network_query in network_queries(query))
    ways = [walked.distance_m]
    if walked.method != straight.method:
        ways += margin_bounds(walked.distance_m, straight.distance_m)
    central, *others = (
        _percentile(city, query, np.minimum(metres, query["cap_m"]), walked.method)
        for metres in ways
    )
    return with_measured(central, others)


def _percentile(city: City, query: Query, metres: NDArray[np.float64], method: str) -> Result:
    """The weighted percentile of (n,) distances of origins."""
    import numpy as np

    from urbanlayer.indicators._shared.results import from_values
    from urbanlayer.kernels.quantiles import group_quantiles

    residents = residents_of(city)
    share = query["share"]
    count, rows = len(city.neighbourhoods), residents.neighbourhood
    each = group_quantiles(metres, residents.people, rows, count, share=share)
    (whole,) = group_quantiles(metres, residents.people, np.zeros_like(rows), 1, share=share)
    return from_values(
        query, city, unit="m", method=method, values=each, city_value=whole, origins=metres
    )


INDICATOR = Indicator(
    id="nearest_facility_p90_m",
    theme="services",
    kind=Kind.INDEX,
    unit="m",
    better="lower",
    bounds=(0, 50_000),
    needs=("neighbourhoods", "residents"),
    source="",
    remark="plain",
    params=PercentileParams,
    network_queries=network_queries,
    compute=compute,
)
