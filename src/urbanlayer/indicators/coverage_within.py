"""Share of residents who have a service within a walking distance of home.

Σ p_i · 1[min_j d_ij ≤ D] / Σ p_i over resident places i and facilities j, d along streets; asked
of any service. The distance itself counts as near. A place that cannot reach any facility, or is
not connected to a street, is in the denominator and never served.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated, Any

import pydantic

from urbanlayer.model.access import Question
from urbanlayer.model.answers import nearest_within
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City
    from urbanlayer.model.result import Result

Metres = Annotated[float, pydantic.Field(gt=0, le=50_000)]


class CoverageParams(Params):
    """Which services are asked of, and within how far."""

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

    def asks(self) -> tuple[Ask, ...]:
        """One for each service and distance."""
        return tuple(
            _ask(service, distance_m, self.target)
            for service, distances in self.services.items()
            for distance_m in (distances if isinstance(distances, list) else [distances])
        )


def questions(ask: Ask) -> tuple[Question, ...]:
    """How far the nearest facility of the service is."""
    return (Question(target=ask.needs[0]),)


def compute(
    city: City, ask: Ask, _earlier: Mapping[str, Result], *, indicator: str = "coverage_within"
) -> Result:
    """Share of residents within the distance: 1 or 0 for each place, averaged over people."""
    return nearest_within(indicator, ask, city, questions(ask)[0])


def _ask(service: str, distance_m: float, target: float | None, *, variant: bool = True) -> Ask:
    return Ask(
        variant=service if variant else "",
        parameters={"distance_m": float(distance_m)},
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
    source="Share of residents within a walking distance; distances are planning defaults",
    params=CoverageParams,
    questions=questions,
    compute=compute,
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """An indicator of the catalogue that asks this of one service, within its own distance."""
    service, usual_m = entry["service"], float(entry["distance_m"])

    class ServiceParams(Params):
        """Within how far."""

        distance_m: Metres | list[Metres] = pydantic.Field(
            default=usual_m, description="Walking distance in metres, or several."
        )

        def asks(self) -> tuple[Ask, ...]:
            """One for each distance."""
            several = self.distance_m if isinstance(self.distance_m, list) else [self.distance_m]
            return tuple(_ask(service, d, self.target, variant=False) for d in several)

    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.SHARE_OF_RESIDENTS,
        unit="share",
        better="higher",
        bounds=(0, 1),
        needs=("neighbourhoods", "residents"),
        source=entry["source"],
        params=ServiceParams,
        questions=questions,
        compute=functools.partial(compute, indicator=name),
    )
