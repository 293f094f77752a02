"""Dwellings per hectare of land.

Dwellings of the neighbourhood over its land area, water excluded.
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


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Dwellings over land; each feature is one where the layer does not count them."""
    import numpy as np

    from urbanlayer.indicators._shared.results import (
        count_in_neighbourhoods,
        from_ratio,
        land_area_m2,
        numbers,
    )

    counted = numbers(city, "dwellings", "dwellings")
    dwellings = count_in_neighbourhoods(
        city, "dwellings", np.where(np.isnan(counted), 1.0, counted)
    )
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="area", numerator=dwellings,
        denominator=land_area_m2(city), factor=M2_PER_HA, about_people=False,
    )  # fmt: skip


INDICATOR = Indicator(
    id="dwelling_density",
    theme="urban-form",
    kind=Kind.DENSITY,
    unit="dwellings/ha",
    better="neither",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "dwellings"),
    may_read=("water",),
    source="",
    remark="plain",
    compute=compute,
)
