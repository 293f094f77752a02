"""Public green area per resident, in square metres.

Area of public green space in the neighbourhood, split exactly on borders and with overlaps counted
once, over its residents. ISO 37120:2018, 14.2 counts recreation space in the same way. A large
forest at the border dominates the mean: compare it with the share of residents who have green space
nearby.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.indicator import Indicator, Kind

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Public green m² over residents; NaN without residents."""
    from urbanlayer.indicators._shared.results import (
        from_ratio,
        polygons,
        residents_per_neighbourhood,
        shapes,
    )
    from urbanlayer.kernels import zonal

    public = shapes(city, "green")[city.layers["green"].frame["public"].to_numpy()]
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="area",
        numerator=zonal.covered_area_m2(polygons(city), public),
        denominator=residents_per_neighbourhood(city),
    )  # fmt: skip


INDICATOR = Indicator(
    id="green_area_per_resident",
    theme="green",
    kind=Kind.RATIO,
    unit="m²/resident",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents", "green"),
    source="ISO 37120:2018, 14.2",
    remark="no-who",
    compute=compute,
)
