"""How long by bus and on foot: every minute of a window, from every origin.

The query is evaluated for all minutes of a window, from all origins, to all destinations. A scan of
the connections from the last to the first (Dibbelt, Pajor, Strasser & Wagner, *Connection Scan
Algorithm*, 2018, profile search) finds it for all departures from every stop at once: 0.3 s for
the 24,000 rides of five hours in Las Palmas to 163 schools. A search by rounds (RAPTOR) is run
again for each minute and each origin; the walk from each home to its stops is the same for both.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.errors import CityError
from urbanlayer.model.network_query import (
    MAX_SNAP_M,
    P25,
    P50,
    P75,
    NearestQuery,
    TransitResult,
)
from urbanlayer.model.note import Note
from urbanlayer.network.destinations import destinations
from urbanlayer.network.reads import FOOT
from urbanlayer.network.snapping import attach_points
from urbanlayer.network.trips import TRANSFERS, TravelTimeLimit, Trips

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.layer import Layer
    from urbanlayer.model.network_query import NetworkQuery, TransitQuery
    from urbanlayer.network.routable import RoutableNetworks
    from urbanlayer.network.snapping import Attached


def evaluate(
    network_queries: Iterable[TransitQuery], city: City, networks: RoutableNetworks
) -> dict[NetworkQuery, Callable[[], TransitResult]]:
    """What is reached by public transport and on foot, each as a function that gives it.

    Parameters
    ----------
    network_queries
        Those of one layer and window are computed together.
    city
        With a timetable, streets, and the layers of the destinations.
    networks
        The city's routable networks.

    Returns
    -------
    dict
        By query; origins in the order of `city.residents`.

    Raises
    ------
    CityError
        The city has no residents, streets or timetable, or not the layer of a query.
    """
    distinct = list(dict.fromkeys(network_queries))
    if city.residents is None or city.streets is None or city.timetable is None:
        raise CityError("travel by public transport: needs residents, streets and a timetable")
    if lost := sorted({q.destinations for q in distinct if q.destinations not in city.layers}):
        raise CityError([f"layer {role!r}: is a destination, but not there" for role in lost])
    routable = networks.of(city.modes[FOOT])
    stops = attach_points(city.timetable.stop_xy, routable.edges, limit_m=MAX_SNAP_M)
    trips = Trips(routable, city.residents.xy, city.timetable, stops)
    alike: dict[tuple[str, float, float], list[TransitQuery]] = {}
    for one in distinct:
        alike.setdefault((one.destinations, one.since_h, one.until_h), []).append(one)
    found: dict[NetworkQuery, Callable[[], TransitResult]] = {}
    for together in alike.values():
        for one, result in _reached(together, trips, city, _notes(stops)).items():
            found[one] = functools.partial(_itself, result)
    return found


def _itself(result: TransitResult) -> TransitResult:
    return result


def _reached(
    together: list[TransitQuery], trips: Trips, city: City, notes: tuple[Note, ...]
) -> dict[TransitQuery, TransitResult]:
    """Results of the queries on one layer and time window."""
    first = together[0]
    layer = city.layers[first.destinations]
    to = destinations(NearestQuery(first.destinations), layer)
    leave_s = np.arange(first.since_h * 3600, first.until_h * 3600 + 1, 60.0)
    limits = [
        TravelTimeLimit(network_query.within_min, network_query.speed_factor)
        for network_query in together
    ]
    offered = np.stack(
        [_offered(layer, network_query.amount)[to.row] for network_query in together]
    )
    enough = _least_count((P25, P50, P75), len(leave_s))
    sums = np.zeros((len(together), len(enough), len(trips.xy)))

    def _sum(number: int, origins: range, some: slice, often: NDArray[np.int16]) -> None:
        reached = often >= enough[:, None, None]
        sums[number, :, origins.start : origins.stop] += reached @ offered[number, some]

    farthest_m = max(limit.within_min * limit.speed_factor for limit in limits)
    farthest_m = farthest_m * trips.routable.speed_m_per_min + 1
    trips.each_count(
        to, leave_s, limits, _sum, transfers=replace(TRANSFERS, all_the_way_m=farthest_m)
    )
    return {
        network_query: TransitResult(p25=p25, p50=p50, p75=p75, notes=notes)
        for network_query, (p25, p50, p75) in zip(together, sums, strict=True)
    }


def _offered(layer: Layer, column: str) -> NDArray[np.float64]:
    """(n,) what each feature counts; nothing where it is not known."""
    if not column:
        return np.ones(len(layer.frame))
    return np.asarray(np.nan_to_num(layer.frame[column].to_numpy(dtype=np.float64)))


def _least_count(percentiles: Sequence[float], minutes: int) -> NDArray[np.int64]:
    """Of so many minutes, how many must keep to a time that is the percentile."""
    share = np.array(percentiles) / 100
    return np.ceil(share * minutes).clip(1).astype(np.int64)


def _notes(stops: Attached) -> tuple[Note, ...]:
    """Notes on the stops."""
    lost = int((~stops.connected()).sum())
    if not lost:
        return ()
    return (Note.of("stops-far", count=lost, total=stops.count, distance_m=MAX_SNAP_M),)
