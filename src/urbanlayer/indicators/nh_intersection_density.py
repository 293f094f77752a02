"""Junctions of three or more streets per square kilometre around home.

The neighbourhood buffer of an origin is the set of 250 m grid cells within 1,000 m along streets,
as in `nh_population_density`: the junctions in these cells (merged within 12 m) over their land
area, averaged over residents. The Global Healthy and Sustainable City Indicators (Boeing et al.
2022) name 100/km² as a threshold for walking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent, vary_each
from urbanlayer.model.indicator import Indicator, Kind, Params, Query, Trait
from urbanlayer.model.network_query import BufferQuery, JunctionQuery

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


class IntersectionDensityParams(Params):
    """Parameters: the buffer distance and the merging distance of nodes."""

    distance_m: float = pydantic.Field(
        default=1000, ge=250, le=2000, description="Walking distance in metres."
    )
    merge_m: float = pydantic.Field(
        default=12, ge=0, le=100, description="Nodes within this of one another are one; metres."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        numbers = {"distance_m": self.distance_m, "merge_m": self.merge_m}
        return (Query("", numbers, (), self.target),)


def network_queries(query: Query) -> tuple[BufferQuery, JunctionQuery]:
    """What surrounds each origin, and where streets meet."""
    return BufferQuery(query["distance_m"], query.mode), JunctionQuery(query["merge_m"])


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Junctions around each origin, averaged over residents."""
    from urbanlayer.indicators._shared.buffers import (
        buffer_method,
        densities_in_buffer,
        junctions_of,
    )

    buffers, junctions = network_queries(query)
    buffer = network[buffers]
    return over_residents(
        query, city, unit=INDICATOR.unit, method=buffer_method(buffer),
        origins=densities_in_buffer(buffer, junctions_of(network[junctions]))[0],
    )  # fmt: skip


INDICATOR = Indicator(
    id="nh_intersection_density",
    theme="urban-form",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="junctions/km²",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents", "streets"),
    source="Boeing et al., Lancet Global Health 2022 (Global Healthy and Sustainable Cities)",
    params=IntersectionDensityParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=vary_each(ten_percent("distance_m"), ten_percent("merge_m")),
    traits=frozenset({Trait.WHOLE_CITY}),
)
