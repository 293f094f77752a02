"""What residents reach on foot, near places counting more than far ones.

A_i = Σ_j e^(−β t_ij) at each resident place, t in minutes, averaged over people (Hansen 1959). It
is good for comparing neighbourhoods and not as a number: β must be said with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.parameters import by_profiles, profiles_field
from urbanlayer.indicators._shared.sensitivity import a_tenth
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params
from urbanlayer.model.network_query import Question
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City


class HansenParams(Params):
    """Which places, and how fast they fade."""

    services: list[str] = pydantic.Field(
        default=["convenience", "clinic"], min_length=1, description="Services that are counted."
    )
    beta_per_min: float = pydantic.Field(
        default=0.1, gt=0, le=10, description="β: how fast places fade with each minute on foot."
    )
    cap_min: float = pydantic.Field(
        default=30, gt=0, le=240, description="Places farther than this count nothing; minutes."
    )
    profiles: list[str] = profiles_field()

    def asks(self) -> tuple[Ask, ...]:
        """One for each service."""
        numbers = {"beta_per_min": self.beta_per_min, "cap_min": self.cap_min}
        asks = (Ask(service, numbers, (service,), self.target) for service in self.services)
        return by_profiles(asks, self.profiles)


def questions(ask: Ask) -> tuple[Question, ...]:
    """All within the cap."""
    return (Question(ask.needs[0], ask.profile, within_min=ask.parameters["cap_min"]),)


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """Weighted number of places, averaged over people."""
    from urbanlayer.kernels.opportunities import reached_sum

    reach = city.access[questions(ask)[0]]
    if reach.pairs is None:
        raise TypeError(INDICATOR.id)
    near = reached_sum(reach.pairs, decay="exponential", rate=ask.parameters["beta_per_min"])
    return Result.over_residents(
        INDICATOR.id, ask, city, unit=INDICATOR.unit, method=reach.method, places=near
    )


INDICATOR = Indicator(
    id="hansen_access",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="weighted places",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents"),
    source="Hansen, How accessibility shapes land use, 1959",
    remark="planning-default",
    params=HansenParams,
    questions=questions,
    compute=compute,
    readings=a_tenth("cap_min", inverse=("beta_per_min",)),
)
