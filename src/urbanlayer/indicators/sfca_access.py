"""Capacity per resident by floating catchment areas.

Two-step floating catchment area: R_j = S_j / Σ_i p_i 1[t_ij ≤ T], then A_i = Σ_j R_j 1[t_ij ≤ T],
over origins i with p_i people and facilities j with capacity S_j; averaged over residents (Luo &
Wang 2003). Σ p_i A_i is the capacity that anybody reaches. The catalogue's `e2sfca_access` weights
by distance (Luo & Qi 2009), `threesfca_access` adds selection weights (Wan, Zou & Sternberg 2012).
Facilities of unknown capacity count as none. For green areas (`green_sfca_m2`) the capacity is
their area, and adjoining areas are merged. For a group of `[residents]` (`childcare_e2sfca`), p_i
are its people, and the mean is over them.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated, Any

import pydantic

from urbanlayer.indicators._shared.inputs import pairs_of, residents_of
from urbanlayer.indicators._shared.results import needs_column, needs_features, over_residents
from urbanlayer.indicators._shared.sensitivity import (
    entrance_m,
    ten_percent,
    vary_each,
    vary_entrance,
)
from urbanlayer.model.indicator import Indicator, Kind, Params, Query, Trait
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.kernels.pairs import Pairs
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

Minutes = Annotated[float, pydantic.Field(gt=0, le=120)]
Weight = Annotated[float, pydantic.Field(ge=0, le=1)]
SERVICES = ["kindergarten", "school"]
UNIT = "places/resident"
_WITH_CHOICE = 3
"""Steps of the method in which people choose among the facilities that they reach."""
_TRAITS = frozenset({Trait.COUNTS_PEOPLE, Trait.WHOLE_CITY})
LEAST_AREA_M2 = 1.0
"""Excludes nothing, but merges adjoining areas."""


def _params(usual_minutes: list[float], usual_weights: list[float]) -> type[Params]:
    class CatchmentParams(Params):
        """Parameters: the services, the steps and their weights."""

        services: list[str] = pydantic.Field(
            default=SERVICES, min_length=1, description="Services with a capacity."
        )
        minutes: list[Minutes] = pydantic.Field(
            default=usual_minutes, min_length=1, description="Upper ends of the steps, on foot."
        )
        weights: list[Weight] = pydantic.Field(
            default=usual_weights, min_length=1, description="One for each step."
        )
        modes: list[str] = modes_field()

        @pydantic.model_validator(mode="after")
        def _steps_ascend(self) -> CatchmentParams:
            if len(self.minutes) != len(self.weights) or self.minutes != sorted(set(self.minutes)):
                msg = "minutes have to ascend, with one weight for each"
                raise ValueError(msg)
            return self

        def queries(self) -> tuple[Query, ...]:
            """One query for each service."""
            lists = {"step_minutes": tuple(self.minutes), "weights": tuple(self.weights)}
            numbers = {"minutes": self.minutes[-1]}
            queries = (
                Query(service, {**numbers, **lists}, (service,), self.target)
                for service in self.services
            )
            return by_modes(queries, self.modes)

    return CatchmentParams


def _group_params(entry: Mapping[str, Any]) -> type[Params]:
    class GroupParams(Params):
        """Parameters: the group."""

        people: str = pydantic.Field(
            default=entry["group"], description="Group of [residents] that the places are for."
        )
        modes: list[str] = modes_field()

        def queries(self) -> tuple[Query, ...]:
            """One query for each mode."""
            lists = {"step_minutes": tuple(entry["minutes"]), "weights": tuple(entry["weights"])}
            needs = (entry["service"], self.people)
            numbers = {"minutes": entry["minutes"][-1]}
            query = Query("", {**numbers, **lists}, needs, self.target)
            return by_modes((query,), self.modes)

    return GroupParams


def _areas_params(entry: Mapping[str, Any]) -> type[Params]:
    class AreasParams(Params):
        """Parameters: the walking time."""

        minutes: Minutes = pydantic.Field(default=entry["minutes"][-1], description="On foot.")
        modes: list[str] = modes_field()

        def queries(self) -> tuple[Query, ...]:
            """One query for each mode."""
            lists = {"step_minutes": (self.minutes,), "weights": (1.0,)}
            needs = (entry["areas"],)
            query = Query("", {"minutes": self.minutes, **lists}, needs, self.target)
            return by_modes((query,), self.modes)

    return AreasParams


def network_queries(query: Query, *, areas: bool = False) -> tuple[NearestQuery, ...]:
    """All pairs within the last step; of areas, the public ones."""
    least_m2, within_min = LEAST_AREA_M2 if areas else 0.0, query["minutes"]
    return (
        NearestQuery(
            query.needs[0], query.mode, least_m2, areas, within_min=within_min,
            entrance_m=entrance_m(query),
        ),
    )  # fmt: skip


def compute(
    city: City, query: Query, network: NetworkResults, *,
    steps: int = 2, unit: str = UNIT, areas: bool = False,
) -> Result:  # fmt: skip
    """Capacity per resident of each origin, averaged over residents."""
    import numpy as np

    from urbanlayer.indicators._shared.results import numbers

    nearest = network[network_queries(query, areas=areas)[0]]
    who = city if areas else city.of_group("".join(query.needs[1:]))
    pairs, people = pairs_of(nearest), residents_of(who).people
    capacity = nearest.area_m2 if areas else None
    if capacity is None:
        capacity = numbers(city, query.needs[0], "capacity")
    origins = _shared(pairs, np.nan_to_num(capacity), people, query, steps)
    return over_residents(query, who, unit=unit, method=nearest.method, origins=origins)


def _shared(
    pairs: Pairs,
    capacity: NDArray[np.float64],
    people: NDArray[np.float64],
    query: Query,
    steps: int,
) -> NDArray[np.float64]:
    from urbanlayer.kernels.floating import step_weights, three_step, two_step
    from urbanlayer.kernels.threshold import SLACK

    limits = [float(minutes) + SLACK for minutes in query.lists["step_minutes"]]
    weights = [float(weight) for weight in query.lists["weights"]]
    weight = step_weights(pairs.cost, limits, weights)
    share = two_step if steps < _WITH_CHOICE else three_step
    return share(pairs, capacity, people, weight).access


def capacity_errors(city: City, query: Query) -> tuple[str, ...]:
    """Errors: services without known capacity."""
    return needs_column("capacity", query.needs[0])(city, query)


INDICATOR = Indicator(
    id="sfca_access",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit=UNIT,
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents"),
    source="Luo & Wang, Measures of spatial accessibility to health care, 2003 (2SFCA)",
    params=_params([15], [1]),
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("minutes", "step_minutes"),
    errors=capacity_errors,
    traits=_TRAITS,
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """A catalogue indicator: with other steps and weights, a group, or areas as capacity."""
    unit, areas = entry.get("unit", UNIT), bool(entry.get("areas"))
    params = _areas_params if areas else _group_params if "group" in entry else _of_services
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.MEAN_OVER_RESIDENTS,
        unit=unit,
        better="higher",
        bounds=(0, float("inf")),
        needs=("neighbourhoods", "residents"),
        source=entry["source"],
        params=params(entry),
        sensitivity=(
            vary_each(ten_percent("minutes", "step_minutes"), vary_entrance)
            if areas
            else ten_percent("minutes", "step_minutes")
        ),
        network_queries=functools.partial(network_queries, areas=areas),
        compute=functools.partial(compute, steps=int(entry["steps"]), unit=unit, areas=areas),
        errors=needs_features(entry["areas"]) if areas else capacity_errors,
        traits=_TRAITS if entry["steps"] < _WITH_CHOICE else _TRAITS | {Trait.CROWDS},
    )


def _of_services(entry: Mapping[str, Any]) -> type[Params]:
    return _params(entry["minutes"], entry["weights"])
