"""Share of residents with convenient access to public transport: SDG 11.2.1.

A stop of buses or trams within 500 m, or of trains, metro or ferries within 1,000 m, along streets
(metadata of SDG 11.2.1, 2021). The timetable gives the type of each stop, by the routes that depart
from it on the service day; a stop of both types is of the second. `high` names further layers with
stops of the second type. If the layer holds the number of departures, stops without any do not
count.

Montenegro's own definition (sdgmontenegro.me/11-2-1) has one distance, 500 m to an official stop of
any type, and counts the people within the general urban regulation plan of Podgorica: that is
`high_m = 500`, with neighbourhoods that cover the plan and no more. It does not specify whether the
500 m are along streets; here they are, as in the metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.inputs import pairs_of
from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import by_modes, modes_field
from urbanlayer.model.role_names import STOP

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result


class TransportParams(Params):
    """Parameters: the distances and the layers of stations."""

    low_m: float = pydantic.Field(
        default=500, gt=0, le=5000, description="To stops of buses and trams; metres on foot."
    )
    high_m: float = pydantic.Field(
        default=1000, gt=0, le=5000, description="To trains, underground, ferries; metres on foot."
    )
    high: list[str] = pydantic.Field(
        default_factory=list, description="Layers of stations of trains, underground and ferries."
    )
    modes: list[str] = modes_field()

    def queries(self) -> tuple[Query, ...]:
        """One query for each mode."""
        numbers = {"high_m": self.high_m, "low_m": self.low_m}
        query = Query("", numbers, ("stop", *self.high), self.target)
        return by_modes((query,), self.modes)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """All stops within the greater distance, of either type."""
    farthest_m = max(query.numbers.values())
    return tuple(NearestQuery(role, query.mode, within_m=farthest_m) for role in query.needs)


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """1 where one of the two is near enough, averaged over residents."""
    import numpy as np

    queries_by_type = network_queries(query)
    served = np.any(
        [_near(city, query, network, network_query) for network_query in queries_by_type], axis=0
    ).astype(np.float64)
    return over_residents(
        query, city, unit="share", method=network[queries_by_type[0]].method, origins=served,
    )  # fmt: skip


def _near(
    city: City, query: Query, network: NetworkResults, network_query: NearestQuery
) -> NDArray[np.bool_]:
    """(n,) whether a served stop is near enough."""
    import numpy as np

    from urbanlayer.indicators._shared.results import numbers
    from urbanlayer.indicators._shared.stops import is_high_capacity
    from urbanlayer.kernels.threshold import within

    nearest, role = network[network_query], network_query.destinations
    pairs = pairs_of(nearest)
    departures = numbers(city, role, "departures")
    pairs = pairs.only((np.isnan(departures) | (departures > 0))[pairs.destination])
    high = is_high_capacity(city, role) if role == STOP else np.ones(len(departures), bool)
    limit_m = np.where(high[pairs.destination], query["high_m"], query["low_m"])
    near = np.zeros(pairs.origin_count, dtype=bool)
    near[pairs.origin[within(pairs.cost - limit_m, 0)]] = True
    return near


INDICATOR = Indicator(
    id="sdg_11_2_1",
    theme="transit",
    kind=Kind.SHARE_OF_RESIDENTS,
    unit="share",
    better="higher",
    bounds=(0, 1),
    needs=("neighbourhoods", "residents"),
    source="UN-Habitat, metadata of SDG 11.2.1, 2021",
    params=TransportParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("low_m", "high_m"),
)
