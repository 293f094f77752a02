"""How many kinds of daily need are met within a quarter of an hour on foot from home.

Σ_c 1[min_{j∈c} t_ij ≤ T] at each resident place, averaged over people: T = 15 minutes at 80 m a
minute, c the categories of the city file. The default is those of Bruno et al., *Nature Cities*
2024, as far as they are places: outdoor, learning, supplies, eating, moving, culture, exercise,
services, health. A role must not stand in two categories: it would count twice.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pydantic

from urbanlayer.indicators._shared.parameters import by_profiles, profiles_field
from urbanlayer.indicators._shared.sensitivity import a_tenth
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params
from urbanlayer.model.network_query import Question
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City

CATEGORIES = {
    "outdoor": ["playground"],
    "learning": ["kindergarten", "school"],
    "supplies": ["food_market", "convenience"],
    "eating": ["restaurant"],
    "moving": ["stop"],
    "culture": ["culture", "library"],
    "exercise": ["sports"],
    "services": ["bank", "post_office"],
    "health": ["clinic", "pharmacy"],
}
SOURCE = "Bruno et al., A universal framework for inclusive 15-minute cities, Nature Cities 2024"


class DailyNeedsParams(Params):
    """Which needs, and within how long."""

    minutes: float = pydantic.Field(default=15, gt=0, le=120, description="On foot, from home.")
    categories: dict[str, list[str]] = pydantic.Field(
        default=CATEGORIES,
        min_length=1,
        description="Kind of need to the services any of which meets it.",
    )
    profiles: list[str] = profiles_field()

    @pydantic.field_validator("categories")
    @classmethod
    def _each_service_once(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        roles = [role for several in value.values() for role in several]
        twice = sorted({role for role in roles if roles.count(role) > 1})
        if twice or not all(value.values()):
            msg = f"{', '.join(twice) or 'a category'}: each service stands in one category"
            raise ValueError(msg)
        return value

    def asks(self) -> tuple[Ask, ...]:
        """One for each way to get about."""
        lists = {name: tuple(roles) for name, roles in self.categories.items()}
        needs = tuple(role for roles in self.categories.values() for role in roles)
        ask = Ask("", {"minutes": self.minutes}, needs, self.target, lists=lists)
        return by_profiles((ask,), self.profiles)


def questions(ask: Ask) -> tuple[Question, ...]:
    """How far the nearest of each service is."""
    return tuple(Question(role, ask.profile) for role in ask.needs)


def compute(
    city: City, ask: Ask, _earlier: Mapping[str, Result], *,
    indicator: str = "city15_count", answer: str = "count",
) -> Result:  # fmt: skip
    """Categories met at each place, or 1 where all are, averaged over people."""
    import numpy as np

    from urbanlayer.kernels.threshold import within

    nearest_min = [
        np.min([city.access[Question(str(role), ask.profile)].minutes for role in roles], axis=0)
        for roles in ask.lists.values()
    ]
    together = np.all if answer == "all" else np.sum
    met = together([within(one, ask.parameters["minutes"]) for one in nearest_min], axis=0)
    return Result.over_residents(
        indicator, ask, city, unit="share" if answer == "all" else "needs",
        method=city.access[questions(ask)[0]].method, places=met.astype(np.float64),
    )  # fmt: skip


INDICATOR = Indicator(
    id="city15_count",
    theme="services",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="needs",
    better="higher",
    bounds=(0, 1000),
    needs=("neighbourhoods", "residents"),
    source=SOURCE,
    params=DailyNeedsParams,
    questions=questions,
    compute=compute,
    readings=a_tenth("minutes"),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """The share of residents who have all categories."""
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.SHARE_OF_RESIDENTS,
        unit="share",
        better="higher",
        bounds=(0, 1),
        needs=("neighbourhoods", "residents"),
        source=entry["source"],
        params=DailyNeedsParams,
        questions=questions,
        compute=functools.partial(compute, indicator=name, answer="all"),
        readings=a_tenth("minutes"),
    )
