"""Share of residents with public green space of at least 1 ha within 300 m on foot.

The 300 of the 3-30-300 rule (Konijnendijk): min d ≤ 300 m along streets to public green space of at
least 1 ha (0.5 ha is allowed). Adjoining green areas are merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.results import EDGE, share_with_nearest_within
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
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import EdgeQuery, NetworkResults
    from urbanlayer.model.result import Result

M2_PER_HA = 10_000


class Green300Params(Params):
    """Parameters: the distance and the minimum area."""

    distance_m: float = pydantic.Field(
        gt=0, le=50_000, default=300, description="Walking distance in metres."
    )
    min_area_ha: float = pydantic.Field(default=1.0, ge=0, description="Least area in hectares.")
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each mode."""
        numbers = {"distance_m": self.distance_m, "min_area_ha": self.min_area_ha}
        return by_modes((Query("", numbers, (), self.target),), self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, EdgeQuery]:
    """The edge of the data, and the nearest public green space of the minimum area."""
    area_m2 = query["min_area_ha"] * M2_PER_HA
    green = NearestQuery(
        "green", query.mode, min_area_m2=area_m2, public_only=True, entrance_m=entrance_m(query)
    )
    return green, EDGE


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """1 or 0 for each origin, averaged over residents."""
    return share_with_nearest_within(query, city, network, network_queries(query)[0])


INDICATOR = Indicator(
    id="green_300",
    theme="green",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents", "green"),
    source="Konijnendijk, Evidence-based guidelines for greener cities: 3-30-300, 2021",
    params=Green300Params,
    network_queries=network_queries,
    compute=compute,
    sensitivity=vary_each(ten_percent("distance_m"), vary_entrance),
)
