"""Residents on each square kilometre around home: the mean of what residents themselves have.

Residents within 1 km in a straight line of each resident place, over the area of that circle,
averaged over people. It does not hang on where a border runs. The Global Healthy and Sustainable
City Indicators name 5,700 residents/km² as a threshold for walking; they draw the kilometre along
streets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.model.indicator import Ask, Indicator, Kind, Params
from urbanlayer.model.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.city import City

M2_PER_KM2 = 1_000_000


class AroundParams(Params):
    """How far around home."""

    radius_m: float = pydantic.Field(
        default=1000, gt=0, le=10_000, description="Metres in a straight line."
    )

    def asks(self) -> tuple[Ask, ...]:
        """One."""
        return (Ask("", {"radius_m": self.radius_m}, (), self.target),)


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """Density around each place, averaged over people."""
    import numpy as np

    from urbanlayer.measure.discs import sum_around

    if city.residents is None:
        raise TypeError(INDICATOR.id)
    radius_m = ask.parameters["radius_m"]
    around = sum_around(city.residents.xy, city.residents.xy, city.residents.people,
                        radius_m=radius_m)  # fmt: skip
    return Result.over_residents(
        INDICATOR.id, ask, city, unit=INDICATOR.unit, method="straight_line",
        places=around / (np.pi * radius_m**2 / M2_PER_KM2),
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
    compute=compute,
)
