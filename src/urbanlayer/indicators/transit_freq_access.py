"""Share of residents with a frequent public transport stop within 500 m on foot.

A stop with a departure every 20, or 30, minutes on average from 07:00 to 19:00 of one service day
(Global Healthy and Sustainable City Indicators, `pt_gtfs_freq_20` and `_30`). Stops are counted
separately: two poles of one street are not added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import pydantic

from urbanlayer.indicators._shared.inputs import pairs_of
from urbanlayer.indicators._shared.results import EDGE, needs_column, share_within
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import EdgeQuery, NetworkResults
    from urbanlayer.model.result import Result

Minutes = Annotated[float, pydantic.Field(gt=0, le=720)]
SINCE_HOUR, UNTIL_HOUR = 7, 19


class FrequencyParams(Params):
    """Parameters: the headways and the walking distance."""

    minutes: list[Minutes] = pydantic.Field(
        default=[20, 30], min_length=1, description="Minutes between departures, at most."
    )
    walk_m: float = pydantic.Field(
        default=500, gt=0, le=5000, description="Walking distance in metres."
    )
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each headway."""
        queries = (
            Query("", {"headway_min": minutes, "walk_m": self.walk_m}, ("stop",), self.target)
            for minutes in self.minutes
        )
        return by_modes(queries, self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, EdgeQuery]:
    """All stops within the distance, and the edge of the data."""
    return NearestQuery("stop", query.mode, within_m=query["walk_m"]), EDGE


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """1 or 0 for each origin, averaged over residents."""
    from urbanlayer.indicators._shared.stops import departures_between
    from urbanlayer.kernels.pairs import cheapest_by_origin
    from urbanlayer.kernels.threshold import at_least

    nearest = network[network_queries(query)[0]]
    pairs = pairs_of(nearest)
    least = (UNTIL_HOUR - SINCE_HOUR) * 60 / query["headway_min"]
    frequent = at_least(departures_between(city, "stop", SINCE_HOUR, UNTIL_HOUR), least)
    pairs = pairs.only(frequent[pairs.destination])
    nearest_m, _ = cheapest_by_origin(
        pairs.origin_count, pairs.origin, pairs.cost, pairs.destination
    )
    return share_within(
        query, city, network, distance_m=nearest_m, limit_m=query["walk_m"], method=nearest.method
    )


INDICATOR = Indicator(
    id="transit_freq_access",
    theme="transit",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents"),
    source="Global Healthy and Sustainable City Indicators",
    params=FrequencyParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("walk_m"),
    errors=needs_column("departures", "stop"),
)
