"""Share of residents who have a service within a walking distance of home.

Σ p_i · 1[min_j d_ij ≤ D] / Σ p_i over resident places i and facilities j, d along streets; asked
of any service. The distance itself counts as near. A place that cannot reach any facility, or is
not connected to a street, is in the denominator and never served.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated, Any

import pydantic

from urbanlayer.indicators._shared.parameters import by_profiles, profiles_field
from urbanlayer.indicators._shared.results import asks_that_some_say, nearest_within
from urbanlayer.indicators._shared.sensitivity import a_tenth
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params, no_faults
from urbanlayer.model.network_query import Question

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
    profiles: list[str] = profiles_field()

    def asks(self) -> tuple[Ask, ...]:
        """One for each service and distance."""
        asks = (
            _ask(service, distance_m, self.target)
            for service, distances in self.services.items()
            for distance_m in (distances if isinstance(distances, list) else [distances])
        )
        return by_profiles(asks, self.profiles)


def questions(ask: Ask, *, step_free: bool = False) -> tuple[Question, ...]:
    """How far the nearest facility of the service is, among those that serve as asked."""
    late_h = ask.parameters.get("open_after_h", 0.0)
    return (Question(ask.needs[0], ask.profile, step_free=step_free, open_after_h=late_h),)


def compute(
    city: City, ask: Ask, _earlier: Mapping[str, Result], *, indicator: str = "coverage_within",
    step_free: bool = False,
) -> Result:  # fmt: skip
    """Share of residents within the distance: 1 or 0 for each place, averaged over people."""
    return nearest_within(indicator, ask, city, questions(ask, step_free=step_free)[0])


def _ask(
    service: str, distance_m: float, target: float | None, *, variant: bool = True,
    late_h: float = 0.0,
) -> Ask:  # fmt: skip
    hours = {"open_after_h": late_h} if late_h else {}
    return Ask(
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
    questions=questions,
    compute=compute,
    readings=a_tenth("distance_m"),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """An indicator of the catalogue that asks this of one service, within its own distance.

    Of all that there are, of those entered without a step (`step_free`), or of those open after
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
        questions=functools.partial(questions, step_free=step_free),
        compute=functools.partial(compute, indicator=name, step_free=step_free),
        readings=a_tenth("distance_m"),
        faults=asks_that_some_say(column, service) if step_free or late_h else no_faults,
    )


def _params(service: str, usual_m: float) -> type[Params]:
    class ServiceParams(Params):
        """Within how far."""

        distance_m: Metres | list[Metres] = pydantic.Field(
            default=usual_m, description="Walking distance in metres, or several."
        )
        profiles: list[str] = profiles_field()

        def asks(self) -> tuple[Ask, ...]:
            """One for each distance."""
            several = self.distance_m if isinstance(self.distance_m, list) else [self.distance_m]
            asks = (_ask(service, d, self.target, variant=False) for d in several)
            return by_profiles(asks, self.profiles)

    return ServiceParams


def _late_params(service: str, usual_m: float, usual_h: float) -> type[Params]:
    class LateParams(Params):
        """Within how far, and open how late."""

        distance_m: Metres = pydantic.Field(
            default=usual_m, description="Walking distance in metres."
        )
        open_after_h: float = pydantic.Field(
            default=usual_h, gt=0, lt=24, description="Hour of a working day; 16.5: half past four."
        )
        profiles: list[str] = profiles_field()

        def asks(self) -> tuple[Ask, ...]:
            """One for each way to get about."""
            late_h = self.open_after_h
            ask = _ask(service, self.distance_m, self.target, variant=False, late_h=late_h)
            return by_profiles((ask,), self.profiles)

    return LateParams
