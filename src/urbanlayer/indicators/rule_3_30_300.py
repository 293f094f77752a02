"""Number of parts of the 3-30-300 rule met at home, 0 to 3.

At each origin: three trees of 3 m within 25 m (a proxy for trees in view); tree canopy over 30 % of
the land within 500 m; public green space of a hectare within 300 m on foot (Konijnendijk, 2021).
Averaged over residents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.results import needs_classes, over_residents
from urbanlayer.indicators._shared.sensitivity import (
    entrance_m,
    ten_percent,
    vary_each,
    vary_entrance,
)
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

GREEN_M2 = 10_000.0
WALK_M = 300.0
TREES, TREES_WITHIN_M, TREE_HEIGHT_M = 3, 25.0, 3.0
CANOPY, CANOPY_WITHIN_M = 0.3, 500.0
TREE_CLASSES, WATER_CLASSES = (10.0, 95.0), (80.0,)
"""Of ESA WorldCover."""


class RuleParams(Params):
    """Parameters: the classes of trees and of water."""

    classes: list[float] = pydantic.Field(
        default=list(TREE_CLASSES),
        min_length=1,
        description="Values of `land_cover` that are trees; those of ESA WorldCover if not given.",
    )
    water: list[float] = pydantic.Field(
        default=list(WATER_CLASSES), description="Values of `land_cover` that are no land."
    )
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each mode."""
        lists = {
            "classes": tuple(self.classes), "water": tuple(self.water), "walk_m": (WALK_M,),
            "trees_m": (TREES_WITHIN_M,), "canopy_m": (CANOPY_WITHIN_M,),
        }  # fmt: skip
        return by_modes((Query(target=self.target, parameters=lists),), self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """The nearest public green space of at least one hectare."""
    return (
        NearestQuery(
            "green",
            query.mode,
            min_area_m2=GREEN_M2,
            public_only=True,
            entrance_m=entrance_m(query),
        ),
    )


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """How many of the three are met at each origin, averaged over residents."""
    import numpy as np

    from urbanlayer.kernels.threshold import at_least, within

    nearest = network[network_queries(query)[0]]
    parts = [
        at_least(_trees(city, query), TREES),
        at_least(_canopy(city, query), CANOPY),
        within(nearest.distance_m, _metres(query, "walk_m")),
    ]
    return over_residents(
        query, city, unit=INDICATOR.unit, method=nearest.method,
        origins=np.sum(parts, axis=0).astype(np.float64),
    )  # fmt: skip


def _trees(city: City, query: Query) -> NDArray[np.float64]:
    """(n,) trees tall enough near each origin."""
    import numpy as np
    import shapely

    from urbanlayer.indicators._shared.results import numbers, shapes
    from urbanlayer.indicators._shared.surfaces import origin_xy
    from urbanlayer.kernels.discs import sum_within_radius
    from urbanlayer.kernels.threshold import at_least

    height_m = numbers(city, "trees", "height_m")
    tall = np.isnan(height_m) | at_least(height_m, TREE_HEIGHT_M)
    xy = shapely.get_coordinates(shapely.centroid(shapes(city, "trees")[tall]))
    return sum_within_radius(
        origin_xy(city), xy, np.ones(len(xy)), radius_m=_metres(query, "trees_m")
    )


def _canopy(city: City, query: Query) -> NDArray[np.float64]:
    """(n,) share of the land around each origin that is under crowns."""
    from urbanlayer.indicators._shared.surfaces import class_share_in_buffers

    return class_share_in_buffers(
        city, "land_cover", query.lists["classes"], without=query.lists["water"],
        radius_m=_metres(query, "canopy_m"),
    )  # fmt: skip


def _metres(query: Query, name: str) -> float:
    """The distance for one of the three parts."""
    return float(query.lists[name][0])


INDICATOR = Indicator(
    id="rule_3_30_300",
    theme="green",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="of 3",
    better="higher",
    bounds=(0, 3),
    needs=("neighbourhoods", "residents", "green", "trees", "land_cover"),
    source="Konijnendijk, Evidence-based guidelines for greener cities: 3-30-300, 2021",
    params=RuleParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=vary_each(ten_percent("walk_m", "trees_m", "canopy_m"), vary_entrance),
    errors=needs_classes("land_cover"),
)
