"""Public transport access index of Transport for London (PTAL).

At each origin, for each route within 640 m (bus, tram) or 960 m (rail) on foot, counted once at its
best stop: 30 / (walk + wait), with the walk at 80 m/min and the wait half the headway of the better
direction from 08:15 to 09:15 plus a reliability factor of 2 minutes (rail 0.75). The index is the
sum over both modes of the best route and half of the others, averaged over residents. Bands: 1a to
2.5, 1b to 5, 2 to 10, 3 to 15, 4 to 20, 5 to 25, 6a to 40, 6b above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.indicators._shared.inputs import pairs_of
from urbanlayer.indicators._shared.results import over_residents
from urbanlayer.indicators._shared.sensitivity import MARGIN
from urbanlayer.model.indicator import Indicator, Kind, Params, Query
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.role_names import STOP

if TYPE_CHECKING:
    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import NetworkResults
    from urbanlayer.model.result import Result

STOPS = NearestQuery("stop", within_m=960.0 / (1 - MARGIN))


class AccessParams(Params):
    """Parameters: only a target; the method is fixed."""

    def queries(self) -> tuple[Query, ...]:
        """The query of the indicator."""
        return (Query(needs=("stop",), target=self.target),)


def network_queries(_query: Query) -> tuple[NearestQuery, ...]:
    """All stops within the maximum walking distance, with the margin of the range."""
    return (STOPS,)


def compute(city: City, query: Query, network: NetworkResults) -> Result:
    """Access index of each origin, averaged over residents; 0 where no route is reached."""
    from dataclasses import replace

    from urbanlayer.indicators._shared.stops import peak_routes
    from urbanlayer.kernels.ptal import access_index

    nearest = network[STOPS]
    reached = pairs_of(nearest)
    routes = peak_routes(city, "stop")
    ways = (replace(reached, cost=reached.cost * by) for by in (1, 1 + MARGIN, 1 - MARGIN))
    origins, low, high = (access_index(pairs, *routes) for pairs in ways)
    return over_residents(
        query, city, unit=INDICATOR.unit, method=nearest.method, origins=origins,
        low=low, high=high,
    )  # fmt: skip


def errors(city: City, _query: Query) -> tuple[str, ...]:
    """Errors: stops that do not come from a timetable."""
    if STOP not in city.layers or "peak_routes" in city.layers["stop"].frame:
        return ()
    return ('layer "stop": has no routes; read it from a timetable with source = "gtfs"',)


INDICATOR = Indicator(
    id="ptal_ai",
    theme="transit",
    kind=Kind.MEAN_OVER_RESIDENTS,
    unit="access index",
    better="higher",
    bounds=(0, float("inf")),
    needs=("neighbourhoods", "residents"),
    source="Transport for London, Assessing transport connectivity in London, 2015, section 2.5",
    params=AccessParams,
    network_queries=network_queries,
    compute=compute,
    errors=errors,
)
