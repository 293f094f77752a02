"""Walkability around home, relative to 25 cities worldwide.

z(daily living) + z(residents/km² around home) + z(junctions/km² around home), at each origin,
averaged over residents. The reference is fixed, the mean and standard deviation of 25 cities
(Boeing et al. 2022): density 11,093.1 (13,637.9), junctions 98.44 (36.96), daily living 1.028
(0.915); a z-score within one city could not be compared with another city or year. 0 is the mean of
those cities. The buffer is that of `nh_population_density`: grid cells within 1,000 m along
streets, as fine as the hexagons of the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent, vary_each
from urbanlayer.model.indicator import Indicator, Kind, Params, Query, Trait
from urbanlayer.model.network_query import BufferQuery, JunctionQuery, NearestQuery

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkQuery, NetworkResults
    from urbanlayer.model.result import Result

SERVICES = ("food_market", "convenience", "stop")
NEAR_M = 500.0
BUFFER_M = 1000.0
JUNCTIONS = JunctionQuery(merge_m=12.0)
DAILY_LIVING = (1.028, 0.915)
RESIDENTS_PER_KM2 = (11_093.1, 13_637.9)
JUNCTIONS_PER_KM2 = (98.44, 36.96)
"""Mean and standard deviation over 25 cities."""


class WalkabilityParams(Params):
    """Parameters: only a target; the reference is fixed."""

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        lists = {"near_m": (NEAR_M,), "around_m": (BUFFER_M,)}
        return (Query(needs=SERVICES, target=self.target, parameters=lists),)


def network_queries(query: Query) -> tuple[NetworkQuery, ...]:
    """How far the nearest of each is, what surrounds each origin, and where streets meet."""
    return (*(NearestQuery(role) for role in SERVICES), _in_buffer(query), JUNCTIONS)


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Sum of the three z of each origin, averaged over residents."""
    import numpy as np

    from urbanlayer.indicators._shared.buffers import (
        densities_in_buffer,
        junctions_of,
        residents_of,
    )
    from urbanlayer.kernels.threshold import within

    near_m = float(query.lists["near_m"][0])
    nearest_of_each = [network[NearestQuery(role)] for role in SERVICES]
    living = np.sum([within(nearest.distance_m, near_m) for nearest in nearest_of_each], axis=0)
    people, junctions = densities_in_buffer(
        network[_in_buffer(query)], residents_of(city), junctions_of(network[JUNCTIONS])
    )
    parts = [(living, DAILY_LIVING), (people, RESIDENTS_PER_KM2), (junctions, JUNCTIONS_PER_KM2)]
    z = [(values - mean) / deviation for values, (mean, deviation) in parts]
    return over_residents(
        query, city, unit=INDICATOR.unit, method=nearest_of_each[0].method,
        origins=np.sum(z, axis=0),
    )  # fmt: skip


def _in_buffer(query: Query) -> BufferQuery:
    return BufferQuery(float(query.lists["around_m"][0]))


INDICATOR = Indicator(
    id="walkability_index",
    theme="urban-form",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="z",
    better="higher",
    bounds=(-10, 100),
    needs=("neighbourhoods", "residents", "streets"),
    source="Boeing et al., Lancet Global Health 2022 (Global Healthy and Sustainable Cities)",
    params=WalkabilityParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=vary_each(ten_percent("near_m"), ten_percent("around_m")),
    traits=frozenset({Trait.COUNTS_PEOPLE, Trait.WHOLE_CITY}),
)
