"""Crashes with people killed or seriously injured, per year and kilometre of street.

Crashes of the layer over kilometres of street and years; a crash within 25 m of a border, and a
street along it, are split equally.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.inputs import streets_of
from urbanlayer.model.indicator import Indicator, Kind, Params, Query, Trait

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

BORDER_M = 25.0
M_PER_KM = 1000


class KsiParams(Params):
    """Parameters: the number of years."""

    years: float = pydantic.Field(
        default=3, gt=0, le=50, description="Years that the layer covers; three to five."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        return (Query("", {"years": self.years}, (), self.target),)


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """Crashes over street length and years; NaN without streets."""
    import numpy as np
    import shapely

    from urbanlayer.indicators._shared.results import from_ratio, polygons, shapes
    from urbanlayer.kernels.sharing import border_split_counts, border_split_lengths_m

    streets = streets_of(city)
    zones = polygons(city)
    xy = shapely.get_coordinates(shapes(city, "crashes_serious"))
    crashes = border_split_counts(zones, xy, np.ones(len(xy)), tolerance_m=BORDER_M)
    zone, _, length_m = border_split_lengths_m(zones, streets.edge_lines)
    street_m = np.bincount(zone, length_m, minlength=len(zones)).astype(np.float64)
    return from_ratio(
        query, city, unit=INDICATOR.unit, method="counted", numerator=crashes,
        denominator=street_m * query["years"], factor=M_PER_KM, about_people=False,
    )  # fmt: skip


INDICATOR = Indicator(
    id="ksi_per_km",
    theme="safety",
    kind=Kind.RATIO,
    unit="crashes/km/year",
    better="lower",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "streets", "crashes_serious"),
    source="",
    remark="plain",
    params=KsiParams,
    compute=compute,
    traits=frozenset({Trait.WHOLE_CITY}),
)
