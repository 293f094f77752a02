"""Kilometres of cycle tracks and lanes per 100,000 residents.

Length of the lines of the layer, each side of a road counted separately, over residents / 100,000
(ISO 37120:2018, 19.4); a line along a border is split in half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.indicator import Indicator, Kind, Trait

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

RESIDENTS_PER_KM = 100_000 / 1000


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Length over residents; NaN without residents."""
    import numpy as np

    from urbanlayer.indicators._shared.results import (
        from_ratio,
        polygons,
        residents_per_neighbourhood,
        shapes,
    )
    from urbanlayer.kernels.sharing import border_split_lengths_m

    zone, _, length_m = border_split_lengths_m(polygons(city), shapes(city, "cycleways"))
    total_m = np.bincount(zone, length_m, minlength=len(city.neighbourhoods)).astype(np.float64)
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="area", numerator=total_m,
        denominator=residents_per_neighbourhood(city), factor=RESIDENTS_PER_KM,
    )  # fmt: skip


INDICATOR = Indicator(
    id="cycle_km_per_100k",
    theme="urban-form",
    kind=Kind.RATIO,
    unit="km/100,000 residents",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents", "cycleways"),
    source="ISO 37120:2018, 19.4",
    compute=compute,
    traits=frozenset({Trait.WHOLE_CITY}),
)
