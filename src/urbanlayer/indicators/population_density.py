"""Residents per square kilometre, gross.

Residents over the whole area of the neighbourhood, with water and hills: it depends on the border,
and is context, neither good nor bad.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.indicator import Indicator, Kind

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.indicator import Query
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

M2_PER_KM2 = 1_000_000


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Residents over area; 0 where nobody lives."""
    from urbanlayer.indicators._shared.results import from_ratio, residents_per_neighbourhood

    return from_ratio(
        query, city, unit=INDICATOR.unit, method="area",
        numerator=residents_per_neighbourhood(city),
        denominator=city.neighbourhoods.area_m2 / M2_PER_KM2, about_people=False,
        reason="residents-unknown",
    )  # fmt: skip


INDICATOR = Indicator(
    id="population_density",
    theme="urban-form",
    kind=Kind.DENSITY,
    unit="residents/km²",
    better="neither",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents"),
    source="",
    remark="plain",
    compute=compute,
)
