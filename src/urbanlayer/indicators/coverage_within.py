"""Share of residents with a service within a walking distance.

Σ p_i · 1[min_j d_ij ≤ D] / Σ p_i over origins i and facilities j, d along streets, for any service.
The threshold is inclusive. Origins that cannot reach any facility, or are not connected to a
street, are in the denominator and not served.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated, Any

import pydantic

from urbanlayer.indicators._shared.results import EDGE, needs_any_value, share_with_nearest_within
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query, no_errors
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import EdgeQuery, NetworkResults
    from urbanlayer.model.result import Result

Metres = Annotated[float, pydantic.Field(gt=0, le=50_000)]


class CoverageParams(Params):
    """Parameters: services with their walking distances."""

    services: dict[str, Metres | list[Metres]] = pydantic.Field(
        default={
            "kindergarten": 500,
            "school": 800,
            "clinic": 1000,
            "pharmacy": 800,
            "stop": 500,
            "waste_point": 150,
        },
        min_length=1,
        description="Service to walking distance in metres, or to several distances.",
    )
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each service and distance."""
        queries = (
            _query(service, distance_m, self.target)
            for service, distances in self.services.items()
            for distance_m in (distances if isinstance(distances, list) else [distances])
        )
        return by_modes(queries, self.modes)


def network_queries(query: Query, *, step_free: bool = False) -> tuple[NearestQuery, EdgeQuery]:
    """The nearest facility that meets the query, and the edge of the data."""
    late_h = query.get("open_after_h", 0.0)
    service, mode = query.needs[0], query.mode
    return NearestQuery(service, mode, step_free=step_free, open_after_h=late_h), EDGE


def compute(
    city: City, query: Query, network: NetworkResults, *, step_free: bool = False
) -> Result:
    """Share of residents within the distance: 1 or 0 for each origin, averaged over residents."""
    return share_with_nearest_within(
        query, city, network, network_queries(query, step_free=step_free)[0]
    )


def _query(
    service: str, distance_m: float, target: float | None, *, variant: bool = True,
    late_h: float = 0.0,
) -> Query:  # fmt: skip
    hours = {"open_after_h": late_h} if late_h else {}
    return Query(
        variant=service if variant else "",
        parameters={"distance_m": float(distance_m), **hours},
        needs=(service,),
        target=target,
    )


INDICATOR = Indicator(
    id="coverage_within",
    theme="services",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents"),
    source="",
    remark="planning-default",
    params=CoverageParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("distance_m"),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: the same for one service and its own distance.

    Of all facilities, of those with step-free entry (`step_free`), or of those open after
    an hour of a working day (`open_after_h`).
    """
    service, usual_m = entry["service"], float(entry["distance_m"])
    step_free, late_h = bool(entry.get("step_free", False)), float(entry.get("open_after_h", 0))
    column = "step_free" if step_free else "opening_hours"
    params = _late_params(service, usual_m, late_h) if late_h else _params(service, usual_m)
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.SHARE_OF_RESIDENTS,
        unit="share",
        better="higher",
        bounds=(0, 1),
        needs=("neighbourhoods", "residents"),
        source=entry["source"],
        params=params,
        network_queries=functools.partial(network_queries, step_free=step_free),
        compute=functools.partial(compute, step_free=step_free),
        sensitivity=ten_percent("distance_m"),
        errors=needs_any_value(column, service) if step_free or late_h else no_errors,
    )


def _params(service: str, usual_m: float) -> type[Params]:
    class ServiceParams(Params):
        """Parameters: the walking distance."""

        distance_m: Metres | list[Metres] = pydantic.Field(
            default=usual_m, description="Walking distance in metres, or several."
        )
        modes: list[str] = modes_field()

        def queries(self) -> tuple[Query, ...]:
            """One query for each distance."""
            several = self.distance_m if isinstance(self.distance_m, list) else [self.distance_m]
            queries = (_query(service, d, self.target, variant=False) for d in several)
            return by_modes(queries, self.modes)

    return ServiceParams


def _late_params(service: str, usual_m: float, usual_h: float) -> type[Params]:
    class LateParams(Params):
        """Parameters: the walking distance and the opening hour."""

        distance_m: Metres = pydantic.Field(
            default=usual_m, description="Walking distance in metres."
        )
        open_after_h: float = pydantic.Field(
            default=usual_h, gt=0, lt=24, description="Hour of a working day; 16.5: half past four."
        )
        modes: list[str] = modes_field()

        def queries(self) -> tuple[Query, ...]:
            """One query for each mode."""
            late_h = self.open_after_h
            query = _query(service, self.distance_m, self.target, variant=False, late_h=late_h)
            return by_modes((query,), self.modes)

    return LateParams
