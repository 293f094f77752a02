"""Share of housing built before the seismic building code.

Residential buildings of a known year before that of the code over all of known year, weighted by
floor area where storeys are known. The city file declares the year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.results import needs_column
from urbanlayer.model.indicator import Indicator, Kind, Params, Query

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


class CodeParams(Params):
    """Parameters: the year of the building code."""

    code_year: int = pydantic.Field(
        default=1981, ge=1800, le=2100, description="Buildings before this year are older."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        return (Query("", {"code_year": float(self.code_year)}, (), self.target),)


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Older floor area over floor area of known year."""
    import numpy as np
    import shapely

    from urbanlayer.indicators._shared.results import (
        count_in_neighbourhoods,
        from_ratio,
        numbers,
        shapes,
    )

    year, levels = (numbers(city, "buildings", name) for name in ("year", "levels"))
    frame = city.layers["buildings"].frame
    lived_in = frame["residential"].to_numpy(dtype=bool)
    floor_m2 = shapely.area(shapes(city, "buildings")) * np.where(np.isnan(levels), 1.0, levels)
    known = np.where(lived_in & ~np.isnan(year), floor_m2, 0.0)
    older = np.where(year < query["code_year"], known, 0.0)
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="counted",
        numerator=count_in_neighbourhoods(city, "buildings", older),
        denominator=count_in_neighbourhoods(city, "buildings", known), about_people=False,
    )  # fmt: skip


INDICATOR = Indicator(
    id="housing_pre_code_share",
    theme="housing",
    kind=Kind.RATIO,
    unit="share of homes",
    better="lower",
    bounds=(0, 1),
    needs=("neighbourhoods", "buildings"),
    source="",
    remark="planning-default",
    params=CodeParams,
    compute=compute,
    errors=needs_column("year", "buildings"),
)
