"""How near a service is to residents, without a cliff at the threshold: 0 to 1.

1 / (1 + e^(k (d − D) / D)) at each resident place, averaged over people: 0.5 at the distance D,
0.92 at half of it, 0.27 at six fifths. As the code of the Global Healthy and Sustainable City
Indicators has it, k = 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import pydantic

from urbanlayer.indicators._shared.parameters import by_profiles, profiles_field
from urbanlayer.indicators._shared.sensitivity import a_tenth
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params
from urbanlayer.model.network_query import Question
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City

Metres = Annotated[float, pydantic.Field(gt=0, le=50_000)]


class SoftParams(Params):
    """Which services are asked of, at what distance they are half near, and how steeply."""

    services: dict[str, Metres] = pydantic.Field(
        default={"kindergarten": 500, "pharmacy": 500, "stop": 500},
        min_length=1,
        description="Service to the walking distance in metres at which it counts one half.",
    )
    steepness: float = pydantic.Field(default=5, gt=0, le=100, description="k; no unit.")
    profiles: list[str] = profiles_field()

    def asks(self) -> tuple[Ask, ...]:
        """One for each service."""
        asks = (
            Ask(
                service,
                {"distance_m": float(distance_m), "steepness": self.steepness},
                (service,),
                self.target,
            )
            for service, distance_m in self.services.items()
        )
        return by_profiles(asks, self.profiles)


def questions(ask: Ask) -> tuple[Question, ...]:
    """How far the nearest facility of the service is."""
    return (Question(ask.needs[0], ask.profile),)


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """Nearness of each place, averaged over people."""
    from urbanlayer.kernels.soft import soft_within

    reach = city.access[questions(ask)[0]]
    near = soft_within(reach.distance_m, ask.parameters["distance_m"], ask.parameters["steepness"])
    return Result.over_residents(
        INDICATOR.id, ask, city, unit=INDICATOR.unit, method=reach.method, places=near
    )


INDICATOR = Indicator(
    id="coverage_soft",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="index",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents"),
    source="Global Healthy and Sustainable City Indicators (k = 5)",
    remark="planning-default",
    params=SoftParams,
    questions=questions,
    compute=compute,
    readings=a_tenth("distance_m"),
)
