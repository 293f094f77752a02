"""How much capacity there is for each resident, shared with all others who can reach it.

Two-step floating catchments: R_j = S_j / Σ_i p_i 1[t_ij ≤ T], then A_i = Σ_j R_j 1[t_ij ≤ T], over
resident places i with p_i people and facilities j with capacity S_j; averaged over people (Luo &
Wang 2003). Σ p_i A_i is the capacity that anybody reaches. The catalogue's `e2sfca_access` lets
near ones weigh more (Luo & Qi 2009), `threesfca_access` lets people choose among what they reach
(Wan, Zou & Sternberg 2012). Facilities of unknown capacity count as none.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated, Any

import pydantic

from urbanlayer.model.access import Question
from urbanlayer.model.answers import asks_of_column
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params
from urbanlayer.model.parameters import WALK_M_PER_MIN
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.measure.pairs import Pairs
    from urbanlayer.model.city import City

Minutes = Annotated[float, pydantic.Field(gt=0, le=120)]
Weight = Annotated[float, pydantic.Field(ge=0, le=1)]
SERVICES = ["kindergarten", "school"]
UNIT = "places/resident"


def _params(usual_minutes: list[float], usual_weights: list[float]) -> type[Params]:
    class CatchmentParams(Params):
        """Of which services, within which steps, weighed how."""

        services: list[str] = pydantic.Field(
            default=SERVICES, min_length=1, description="Services that say their capacity."
        )
        minutes: list[Minutes] = pydantic.Field(
            default=usual_minutes, min_length=1, description="Upper ends of the steps, on foot."
        )
        weights: list[Weight] = pydantic.Field(
            default=usual_weights, min_length=1, description="One for each step."
        )

        @pydantic.model_validator(mode="after")
        def _steps_ascend(self) -> CatchmentParams:
            if len(self.minutes) != len(self.weights) or self.minutes != sorted(set(self.minutes)):
                msg = "minutes have to ascend, with one weight for each"
                raise ValueError(msg)
            return self

        def asks(self) -> tuple[Ask, ...]:
            """One for each service."""
            lists = {"minutes": tuple(self.minutes), "weights": tuple(self.weights)}
            numbers = {"minutes": self.minutes[-1]}
            return tuple(
                Ask(service, numbers, (service,), self.target, lists=lists)
                for service in self.services
            )

    return CatchmentParams


def questions(ask: Ask) -> tuple[Question, ...]:
    """All within the last step."""
    return (Question(ask.needs[0], within_m=ask.parameters["minutes"] * WALK_M_PER_MIN),)


def compute(
    city: City, ask: Ask, _earlier: Mapping[str, Result], *,
    indicator: str = "sfca_access", steps: int = 2,
) -> Result:  # fmt: skip
    """Capacity per resident of each place, averaged over people."""
    import numpy as np

    from urbanlayer.model.answers import numbers

    reach = city.access[questions(ask)[0]]
    if reach.pairs is None or city.residents is None:
        raise TypeError(indicator)
    capacity = np.nan_to_num(numbers(city, ask.needs[0], "capacity"))
    return Result.over_residents(
        indicator, ask, city, unit=UNIT, method=reach.method,
        places=_shared(reach.pairs, capacity, city.residents.people, ask, steps),
    )  # fmt: skip


def _shared(
    pairs: Pairs,
    capacity: NDArray[np.float64],
    people: NDArray[np.float64],
    ask: Ask,
    steps: int,
) -> NDArray[np.float64]:
    from urbanlayer.measure.floating import step_weights, three_step, two_step
    from urbanlayer.measure.threshold import SLACK

    limits = [float(minutes) + SLACK for minutes in ask.lists["minutes"]]
    weights = [float(weight) for weight in ask.lists["weights"]]
    weight = step_weights(pairs.cost / WALK_M_PER_MIN, limits, weights)
    share = two_step if steps == 2 else three_step  # noqa: PLR2004  (the method's name)
    return share(pairs, capacity, people, weight).access


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
    questions=questions,
    compute=compute,
    faults=asks_of_column("capacity"),
)


def like(name: str, entry: Mapping[str, Any]) -> Indicator:
    """The same with weighted steps, or with choice."""
    return Indicator(
        id=name,
        theme=entry["theme"],
        kind=Kind.MEAN_OVER_RESIDENTS,
        unit=UNIT,
        better="higher",
        bounds=(0, float("inf")),
        needs=("neighbourhoods", "residents"),
        source=entry["source"],
        params=_params(entry["minutes"], entry["weights"]),
        questions=questions,
        compute=functools.partial(compute, indicator=name, steps=int(entry["steps"])),
        faults=asks_of_column("capacity"),
    )
