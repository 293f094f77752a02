"""Residents per square kilometre of residential land.

Residents over the residential area of the land use layer: unlike gross density it does not depend
on hills and water inside the border.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.model.indicator import Indicator, Kind, Params, Query

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

M2_PER_KM2 = 1_000_000


class NetDensityParams(Params):
    """Parameters: the residential categories."""

    categories: list[str] = pydantic.Field(
        default=["residential"], min_length=1, description="Categories of `land_use` that count."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        return (Query(target=self.target, parameters={"categories": tuple(self.categories)}),)


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Residents over residential land; 0 where nobody lives on any."""
    import numpy as np

    from urbanlayer.indicators._shared.results import (
        from_ratio,
        polygons,
        residents_per_neighbourhood,
        shapes,
    )
    from urbanlayer.kernels import zonal

    category = city.layers["land_use"].frame["category"]
    is_residential = category.isin(list(query.lists["categories"])).to_numpy(dtype=bool)
    land_m2 = zonal.covered_area_m2(polygons(city), shapes(city, "land_use")[is_residential])
    living = residents_per_neighbourhood(city)
    known_m2 = np.where((land_m2 == 0) & (living == 0), 1.0, land_m2)
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="area", numerator=living,
        denominator=known_m2, factor=M2_PER_KM2, reason="no-residential-land",
    )  # fmt: skip


INDICATOR = Indicator(
    id="population_density_net",
    theme="urban-form",
    kind=Kind.DENSITY,
    unit="residents/km²",
    better="neither",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents", "land_use"),
    source="",
    remark="plain",
    params=NetDensityParams,
    compute=compute,
)
