"""Residents on each square kilometre around home: the mean of what residents themselves have.

The surroundings of a resident place are the squares of 250 m that one gets to within 1,000 m along
streets, as the Global Healthy and Sustainable City Indicators draw them with hexagons of that size:
the people of these squares over their land, averaged over people. It hangs less on where a border
runs than the people of a whole neighbourhood over its land. Boeing et al. (2022) name 5,700
residents/km² as a threshold for walking. Theirs starts from points on streets, and takes whole
squares; ours from where people live, and of a square the land that is in the city. Without streets
the squares within 1,000 m in a straight line are taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.sensitivity import a_tenth
from urbanlayer.model.indicator import Ask, Indicator, Kind, Params
from urbanlayer.model.network_query import AroundQuestion
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City


class AroundParams(Params):
    """How far the surroundings reach."""

    distance_m: float = pydantic.Field(
        default=1000, ge=250, le=2000, description="Walking distance in metres."
    )

    def asks(self) -> tuple[Ask, ...]:
        """One."""
        return (Ask("", {"distance_m": self.distance_m}, (), self.target),)


def questions(ask: Ask) -> tuple[AroundQuestion, ...]:
    """What surrounds each place."""
    return (AroundQuestion(ask.parameters["distance_m"], ask.profile),)


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """Density around each place, averaged over people."""
    from urbanlayer.indicators._shared.buffers import method_around, people_around

    (question,) = questions(ask)
    return Result.over_residents(
        INDICATOR.id, ask, city, unit=INDICATOR.unit, method=method_around(city, question),
        places=people_around(city, question),
    )  # fmt: skip


INDICATOR = Indicator(
    id="nh_population_density",
    theme="urban-form",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="residents/km²",
    better="neither",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents"),
    source="Boeing et al., Lancet Global Health 2022 (Global Healthy and Sustainable Cities)",
    params=AroundParams,
    questions=questions,
    compute=compute,
    readings=a_tenth("distance_m"),
)
