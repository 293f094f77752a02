"""Share of residents with a public green space of a hectare within 300 m on foot.

The 300 of the 3-30-300 rule (Konijnendijk): min d ≤ 300 m along streets to public green of at
least 1 ha (0.5 ha is allowed). Green areas that touch count as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.model.access import Question
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City

M2_PER_HA = 10_000
MARGIN = 0.1
"""As for coverage: `low` and `high` are the shares at 10 % less and more than the distance."""


class Green300Params(Params):
    """How near, and how large."""

    distance_m: float = pydantic.Field(
        gt=0, le=50_000, default=300, description="Walking distance in metres."
    )
    min_area_ha: float = pydantic.Field(default=1.0, ge=0, description="Least area in hectares.")

    def asks(self) -> tuple[Ask, ...]:
        """One."""
        numbers = {"distance_m": self.distance_m, "min_area_ha": self.min_area_ha}
        return (Ask("", numbers, (), self.target),)


def questions(ask: Ask) -> tuple[Question, ...]:
    """How far the nearest public green of the least area is."""
    area_m2 = ask.parameters["min_area_ha"] * M2_PER_HA
    return (Question("green", min_area_m2=area_m2, public_only=True),)


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """1 or 0 for each place, averaged over people."""
    from urbanlayer.measure.threshold import within

    reach = city.access[questions(ask)[0]]
    met = [
        within(reach.distance_m, ask.parameters["distance_m"] * factor).astype(float)
        for factor in (1, 1 - MARGIN, 1 + MARGIN)
    ]
    return Result.over_residents(
        INDICATOR.id, ask, city, unit="share", method=reach.method,
        places=met[0], low=met[1], high=met[2],
    )  # fmt: skip


INDICATOR = Indicator(
    id="green_300",
    theme="green",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents", "green"),
    source="The 300 of the 3-30-300 rule (Konijnendijk, 2021)",
    params=Green300Params,
    questions=questions,
    compute=compute,
)
