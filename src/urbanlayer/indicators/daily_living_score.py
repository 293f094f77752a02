"""How many of a food market, a convenience shop and a stop are within 500 m on foot: 0 to 3.

Counted at each resident place and averaged over people; the score of daily living of the Global
Healthy and Sustainable City Indicators (Boeing et al. 2022).
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

SERVICES = ("food_market", "convenience", "stop")


class DailyLivingParams(Params):
    """How near."""

    distance_m: float = pydantic.Field(
        default=500, gt=0, le=5000, description="Walking distance in metres."
    )
    profiles: list[str] = profiles_field()

    def asks(self) -> tuple[Ask, ...]:
        """One for each way to get about."""
        ask = Ask("", {"distance_m": self.distance_m}, SERVICES, self.target)
        return by_profiles((ask,), self.profiles)


def questions(ask: Ask) -> tuple[Question, ...]:
    """How far the nearest of each is."""
    return tuple(Question(role, ask.profile) for role in SERVICES)


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """How many are near each place, averaged over people."""
    import numpy as np

    from urbanlayer.kernels.threshold import within

    reaches = [city.access[question] for question in questions(ask)]
    near = [within(reach.distance_m, ask.parameters["distance_m"]) for reach in reaches]
    return Result.over_residents(
        INDICATOR.id, ask, city, unit=INDICATOR.unit, method=reaches[0].method,
        places=np.sum(near, axis=0).astype(np.float64),
    )  # fmt: skip


INDICATOR = Indicator(
    id="daily_living_score",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="of 3",
    better="higher",
    bounds=(0, 3),
    needs=("neighbourhoods", "residents"),
    source="Boeing et al., Lancet Global Health 2022 (Global Healthy and Sustainable Cities)",
    params=DailyLivingParams,
    questions=questions,
    compute=compute,
    readings=a_tenth("distance_m"),
)
