"""Residents per square kilometre around home.

The neighbourhood buffer of an origin is the set of 250 m grid cells within 1,000 m along streets,
as the Global Healthy and Sustainable City Indicators use hexagons of that size: the residents of
these cells over their land area, averaged over residents. It depends less on borders than the
density of a neighbourhood. Boeing et al. (2022) name 5,700 residents/km² as a threshold for
walking. Their method starts from points on streets and uses whole cells; this one starts from
origins and uses the land of a cell inside the city. Without streets, cells within 1,000 m in a
straight line are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query, Trait
from urbanlayer.model.network_query import BufferQuery

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


class PopulationDensityParams(Params):
    """Parameters: the buffer distance."""

    distance_m: float = pydantic.Field(
        default=1000, ge=250, le=2000, description="Walking distance in metres."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        return (Query("", {"distance_m": self.distance_m}, (), self.target),)


def network_queries(query: Query) -> tuple[BufferQuery, ...]:
    """What surrounds each origin."""
    return (BufferQuery(query["distance_m"], query.mode),)


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Density around each origin, averaged over residents."""
    from urbanlayer.indicators._shared.buffers import buffer_method, density_of_residents

    buffer = network[network_queries(query)[0]]
    return over_residents(
        query, city, unit=INDICATOR.unit, method=buffer_method(buffer),
        origins=density_of_residents(city, buffer),
    )  # fmt: skip


INDICATOR = Indicator(
    id="nh_population_density",
    theme="urban-form",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="residents/km²",
    better="neither",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents"),
    source="Boeing et al., Lancet Global Health 2022 (Global Healthy and Sustainable Cities)",
    params=PopulationDensityParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("distance_m"),
    traits=frozenset({Trait.COUNTS_PEOPLE, Trait.WHOLE_CITY}),
)
