"""Mean walking time to the nearest facility, in minutes.

Σ p_i · min(min_j t_ij, cap) / Σ p_i over origins i and facilities j: the distance along streets at
the speed of the mode (80 m/min on foot, 4.8 km/h, as in PTAL). Times above the cap, and unreachable
facilities, count as the cap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.results import margin_bounds, over_residents
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


class NearestMinutesParams(Params):
    """Parameters: the services and the cap."""

    services: list[str] = pydantic.Field(
        default=["kindergarten", "school", "clinic", "pharmacy", "stop"],
        min_length=1,
        description="Services, as roles of layers.",
    )
    cap_min: float = pydantic.Field(
        gt=0, le=600, default=60, description="Farther, or not to be reached, counts as this."
    )
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each service."""
        queries = (
            Query(service, {"cap_min": self.cap_min}, (service,), self.target)
            for service in self.services
        )
        return by_modes(queries, self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """The nearest facility of the service, along streets and in a straight line."""
    return NearestQuery(query.needs[0], query.mode), NearestQuery(query.needs[0], "straight_line")


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Minutes to the nearest, at most the cap, averaged over residents."""
    import numpy as np

    nearest, straight = (network[network_query] for network_query in network_queries(query))
    floor = straight.minutes if query.mode == "walk" else None  # both at one speed
    every = nearest.minutes, *margin_bounds(nearest.minutes, floor)
    origins, low, high = (np.minimum(minutes, query["cap_min"]) for minutes in every)
    walked = nearest.method != straight.method
    return over_residents(
        query, city, unit=INDICATOR.unit, method=nearest.method, origins=origins,
        low=low if walked else None, high=high if walked else None,
    )  # fmt: skip


INDICATOR = Indicator(
    id="nearest_facility_min",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="min",
    better="lower",
    bounds=(0, 600),
    needs=("neighbourhoods", "residents"),
    source="",
    remark="planning-default",
    params=NearestMinutesParams,
    network_queries=network_queries,
    compute=compute,
)
