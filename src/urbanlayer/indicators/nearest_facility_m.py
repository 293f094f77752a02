"""Mean walking distance to the nearest facility, in metres.

Σ p_i · min(min_j d_ij, cap) / Σ p_i over origins i and facilities j, d along streets. Distances
above the cap, and unreachable facilities, count as the cap. The mean hides the extremes: compare it
with the 90th percentile (`nearest_facility_p90_m`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import pydantic

from urbanlayer.indicators._shared.results import metres_to_nearest
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

Metres = Annotated[float, pydantic.Field(gt=0, le=50_000)]

CAP_M = 5000.0


class NearestParams(Params):
    """Parameters: the services and the cap."""

    services: list[str] = pydantic.Field(
        default=["kindergarten", "school", "clinic", "pharmacy", "stop"],
        min_length=1,
        description="Services, as roles of layers.",
    )
    cap_m: float = pydantic.Field(
        gt=0,
        le=50_000,
        default=CAP_M,
        description="Farther, or not to be reached, counts as this; metres.",
    )
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each service."""
        queries = (
            Query(service, {"cap_m": self.cap_m}, (service,), self.target)
            for service in self.services
        )
        return by_modes(queries, self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """The nearest facility of the service, along streets and in a straight line."""
    return NearestQuery(query.needs[0], query.mode), NearestQuery(query.needs[0], "straight_line")


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Metres to the nearest, at most the cap, averaged over residents."""
    walked, straight = (network[network_query] for network_query in network_queries(query))
    return metres_to_nearest(query, city, walked=walked, straight=straight)


INDICATOR = Indicator(
    id="nearest_facility_m",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="m",
    better="lower",
    bounds=(0, 50_000),
    needs=("neighbourhoods", "residents"),
    source="",
    remark="planning-default",
    params=NearestParams,
    network_queries=network_queries,
    compute=compute,
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the same for one service."""

    class ServiceParams(Params):
        """Parameters: the cap."""

        cap_m: float = pydantic.Field(
            gt=0,
            le=50_000,
            default=float(entry.get("cap_m", CAP_M)),
            description="Farther, or not to be reached, counts as this; metres.",
        )
        modes: list[str] = modes_field()

        def queries(self) -> tuple[Query, ...]:
            """One query for each mode."""
            query = Query("", {"cap_m": self.cap_m}, (entry["service"],), self.target)
            return by_modes((query,), self.modes)

    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.MEAN_OVER_RESIDENTS,
        unit="m",
        better="lower",
        bounds=(0, 50_000),
        needs=("neighbourhoods", "residents"),
        source=entry["source"],
        params=ServiceParams,
        network_queries=network_queries,
        compute=compute,
    )
