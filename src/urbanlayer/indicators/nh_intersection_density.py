"""Junctions of three or more streets on each square kilometre around home.

Junctions (those within 12 m of one another made one) within 1 km in a straight line of each
resident place, over the area of that circle, averaged over people. The Global Healthy and
Sustainable City Indicators name 100/km² as a threshold for walking; they draw the kilometre along
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
    """How far around home, and which nodes are one junction."""

    radius_m: float = pydantic.Field(
        default=1000, gt=0, le=10_000, description="Metres in a straight line."
    )
    merge_m: float = pydantic.Field(
        default=12, ge=0, le=100, description="Nodes within this of one another are one; metres."
    )

    def asks(self) -> tuple[Ask, ...]:
        """One."""
        numbers = {"merge_m": self.merge_m, "radius_m": self.radius_m}
        return (Ask("", numbers, (), self.target),)


def compute(city: City, ask: Ask, _earlier: Mapping[str, Result]) -> Result:
    """Junctions around each place, averaged over people."""
    import numpy as np

    from urbanlayer.measure.discs import sum_around
    from urbanlayer.measure.junctions import junctions
    from urbanlayer.model.surface import homes

    if city.streets is None:
        raise TypeError(INDICATOR.id)
    radius_m = ask.parameters["radius_m"]
    drawn = city.streets.edge_nodes[city.streets.drawn]
    xy = junctions(city.streets.node_xy, drawn, merge_m=ask.parameters["merge_m"])
    around = sum_around(homes(city), xy, np.ones(len(xy)), radius_m=radius_m)
    return Result.over_residents(
        INDICATOR.id, ask, city, unit=INDICATOR.unit, method="straight_line",
        places=around / (np.pi * radius_m**2 / M2_PER_KM2),
    )  # fmt: skip


INDICATOR = Indicator(
    id="nh_intersection_density",
    theme="urban-form",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="junctions/km²",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents", "streets"),
    source="Boeing et al., Lancet Global Health 2022 (Global Healthy and Sustainable Cities)",
    params=AroundParams,
    compute=compute,
)
