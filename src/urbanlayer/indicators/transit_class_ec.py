"""Class of public transport service that half of the residents have or exceed, 0 to 4.

At each origin: 0 none, 1 low (fewer than 4 departures per hour), 2 medium (4 to 10), 3 high (more
than 10) within 5 minutes on foot of bus and tram stops, or 10 minutes of train and metro stations;
4 very high, if both are high (DG REGIO, Poelman & Dijkstra 2015). Departures from 06:00 to 20:00,
summed over stops within 50 m of each other; the best cluster counts. A neighbourhood has the median
class of its residents. `high` names the layers of stations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pydantic

from urbanlayer.indicators._shared.inputs import pairs_of, residents_of
from urbanlayer.indicators._shared.results import needs_column
from urbanlayer.indicators._shared.sensitivity import ten_percent
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.parameters import WALK_M_PER_MIN
from urbanlayer.model.role_names import STOP

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

SINCE_HOUR, UNTIL_HOUR = 6, 20
MEDIUM_PER_H, HIGH_PER_H = 4.0, 10.0
LOW_CAPACITY_MIN, HIGH_CAPACITY_MIN = 5.0, 10.0


class ClassParams(Params):
    """Parameters: the layers of stations and the clustering distance of stops."""

    high: list[str] = pydantic.Field(
        default_factory=list, description="Layers of stations of trains and the underground."
    )
    cluster_m: float = pydantic.Field(
        default=50, ge=0, le=500, description="Stops within this of one another are one; metres."
    )

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        needs, numbers = ("stop", *self.high), {"cluster_m": self.cluster_m}
        lists = {"walk_min": (LOW_CAPACITY_MIN, HIGH_CAPACITY_MIN)}
        return (Query("", {**numbers, **lists}, needs, self.target),)


def network_queries(query: Query) -> tuple[NearestQuery, ...]:
    """All stops within the walking time of their type."""
    return tuple(_question(role, query) for role in query.needs)


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Class of each origin; the weighted median of neighbourhoods and city."""
    import numpy as np

    from urbanlayer.indicators._shared.results import from_values
    from urbanlayer.kernels.quantiles import group_quantiles

    residents = residents_of(city)
    per_hour = [_best_per_hour(city, query, network, role) for role in query.needs]
    low, high = per_hour[0], np.max([np.zeros(len(per_hour[0])), *per_hour[1:]], axis=0)
    best = np.maximum(low, high)
    both = (low > HIGH_PER_H) & (high > HIGH_PER_H)
    steps = [best > 0, best >= MEDIUM_PER_H, best > HIGH_PER_H, both]
    classes = np.sum(steps, axis=0).astype(np.float64)
    people, row = residents.people, residents.neighbourhood
    each = group_quantiles(classes, people, row, len(city.neighbourhoods), share=0.5)
    (whole,) = group_quantiles(classes, people, np.zeros_like(row), 1, share=0.5)
    return from_values(
        query, city, unit=INDICATOR.unit,
        method=network[_question("stop", query)].method, values=each, city_value=whole,
        origins=classes,
    )  # fmt: skip


def _question(role: str, query: Query) -> NearestQuery:
    to_stop_min, to_station_min = (float(minutes) for minutes in query.lists["walk_min"])
    minutes = to_stop_min if role == STOP else to_station_min
    return NearestQuery(role, within_m=minutes * WALK_M_PER_MIN)


def _best_per_hour(
    city: City, query: Query, network: NetworkResults, role: str
) -> NDArray[np.float64]:
    """(n,) departures an hour of the best cluster of stops that each origin reaches."""
    import numpy as np
    import shapely

    from urbanlayer.indicators._shared.results import shapes
    from urbanlayer.indicators._shared.stops import departures_between
    from urbanlayer.kernels.discs import sum_within_radius

    pairs = pairs_of(network[_question(role, query)])
    departures = np.nan_to_num(departures_between(city, role, SINCE_HOUR, UNTIL_HOUR))
    xy = shapely.get_coordinates(shapely.centroid(shapes(city, role)))
    together = sum_within_radius(xy, xy, departures, radius_m=query["cluster_m"]) / (
        UNTIL_HOUR - SINCE_HOUR
    )
    best = np.zeros(pairs.origin_count)
    np.maximum.at(best, pairs.origin, together[pairs.destination])
    return best


INDICATOR = Indicator(
    id="transit_class_ec",
    theme="transit",
    kind=Kind.ORDINAL,
    unit="class 0–4",
    better="higher",
    bounds=(0, 4),
    needs=("neighbourhoods", "residents"),
    source="Poelman & Dijkstra, Measuring access to public transport in European cities, 2015",
    params=ClassParams,
    network_queries=network_queries,
    compute=compute,
    sensitivity=ten_percent("walk_min"),
    errors=needs_column("departures", "stop"),
)
