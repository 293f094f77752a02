"""Green area per 100,000 residents, public and private, in hectares.

Area of all green space in the neighbourhood, split exactly on borders and with overlaps counted
once, over its residents / 100,000. ISO 37120:2018, 21.1 (19.1 in the edition of 2014) includes
private green and green roofs, so it differs from public green area.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.indicator import Indicator, Kind

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

M2_PER_HA = 10_000
RESIDENTS = 100_000


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Green hectares over residents; NaN without residents."""
    from urbanlayer.indicators._shared.results import (
        from_ratio,
        polygons,
        residents_per_neighbourhood,
        shapes,
    )
    from urbanlayer.kernels import zonal

    area_m2 = zonal.covered_area_m2(polygons(city), shapes(city, "green"))
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="area", numerator=area_m2,
        denominator=residents_per_neighbourhood(city), factor=RESIDENTS / M2_PER_HA,
    )  # fmt: skip


INDICATOR = Indicator(
    id="green_area_ha_per_100k",
    theme="green",
    kind=Kind.RATIO,
    unit="ha/100,000 residents",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents", "green"),
    source="ISO 37120:2018, 21.1 (ISO 37120:2014, 19.1)",
    compute=compute,
)
