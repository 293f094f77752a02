"""Share of residents with at least three trees near home.

Trees of at least 3 m within 25 m of the origin are a proxy for trees in view: the 3 of the 3-30-300
rule (Konijnendijk). Both numbers are choices, not a norm; nearby trees may be hidden, and street
tree inventories omit private gardens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import pydantic

from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

Metres = Annotated[float, pydantic.Field(gt=0, le=50_000)]


class TreesParams(Params):
    """Parameters: the number, distance and height of trees."""

    trees: float = pydantic.Field(default=3, gt=0, le=1000, description="How many trees.")
    distance_m: float = pydantic.Field(
        gt=0,
        le=50_000,
        default=25,
        description="Metres from the origin, in a straight line.",
    )
    min_height_m: float = pydantic.Field(
        default=3, ge=0, le=100, description="Metres; trees of unknown height count."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        numbers = {
            "distance_m": self.distance_m,
            "min_height_m": self.min_height_m,
            "trees": self.trees,
        }
        return (Query("", numbers, (), self.target),)


def compute(city: City, query: Query, _network: NetworkResults) -> Result:
    """1 or 0 for each origin, averaged over residents."""
    import numpy as np
    import shapely

    from urbanlayer.indicators._shared.results import numbers, shapes
    from urbanlayer.indicators._shared.surfaces import origin_xy
    from urbanlayer.kernels.discs import sum_within_radius
    from urbanlayer.kernels.threshold import at_least

    height_m = numbers(city, "trees", "height_m")
    tall = np.isnan(height_m) | at_least(height_m, query["min_height_m"])
    trees = shapely.get_coordinates(shapely.centroid(shapes(city, "trees")[tall]))
    radius_m = query["distance_m"]
    near = sum_within_radius(origin_xy(city), trees, np.ones(len(trees)), radius_m=radius_m)
    return over_residents(
        query, city, unit="share", method="straight_line",
        origins=at_least(near, query["trees"]).astype(np.float64),
    )  # fmt: skip


INDICATOR = Indicator(
    id="trees_visible_3",
    theme="green",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents", "trees"),
    source="Konijnendijk, Evidence-based guidelines for greener cities: 3-30-300, 2021",
    remark="planning-default",
    params=TreesParams,
    compute=compute,
    sensitivity=ten_percent("distance_m"),
)
