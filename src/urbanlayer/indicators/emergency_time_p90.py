"""Travel time from the nearest emergency station for 90 % of residents, in minutes.

The 90th percentile, weighted by residents, of the street distance from the nearest station over a
mean speed. A model, not the time from a call to arrival; the streets are those of the city's layer.
Origins that no station can reach count as the cap. U4SSC SC: SH: SA: 5A.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.inputs import residents_of
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

M_PER_KM, MIN_PER_H = 1000, 60


class EmergencyParams(Params):
    """Parameters: the layer of stations, the speed and the cap."""

    stations: str = pydantic.Field(
        default="fire_station", description="Layer of the stations from which help comes."
    )
    speed_kmh: float = pydantic.Field(
        default=35, gt=0, le=200, description="Mean speed in town, km/h; a planning default."
    )
    cap_min: float = pydantic.Field(
        default=60, gt=0, le=600, description="Farther, or not to be reached, counts as this."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        numbers = {"cap_min": self.cap_min, "speed_kmh": self.speed_kmh}
        return (Query("", numbers, (self.stations,), self.target),)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """The nearest station."""
    return (NearestQuery(query.needs[0]),)


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """The weighted percentile of each neighbourhood and of the city."""
    import numpy as np

    from urbanlayer.indicators._shared.results import from_values
    from urbanlayer.kernels.quantiles import group_quantiles

    residents = residents_of(city)
    nearest = network[network_queries(query)[0]]
    m_per_min = query["speed_kmh"] * M_PER_KM / MIN_PER_H
    minutes = np.minimum(nearest.distance_m / m_per_min, query["cap_min"])
    people, row = residents.people, residents.neighbourhood
    each = group_quantiles(minutes, people, row, len(city.neighbourhoods), share=0.9)
    (whole,) = group_quantiles(minutes, people, np.zeros_like(row), 1, share=0.9)
    return from_values(
        query, city, unit=INDICATOR.unit, method=nearest.method, values=each,
        city_value=whole, origins=minutes,
    )  # fmt: skip


INDICATOR = Indicator(
    id="emergency_time_p90",
    theme="safety",
    kind=Kind.INDEX,
    unit="min",
    better="lower",
    bounds=(0, 600),
    needs=("neighbourhoods", "residents"),
    source="U4SSC SC: SH: SA: 5A",
    remark="proxy",
    params=EmergencyParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("speed_kmh"),
)
