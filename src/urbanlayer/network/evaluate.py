"""Network queries evaluated together: each once, and all limits of one destination at once."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

from urbanlayer.errors import CityError
from urbanlayer.kernels.pairs import Pairs, cheapest_by_origin, cheapest_pairs
from urbanlayer.kernels.threshold import SLACK
from urbanlayer.model.network_query import (
    OFFSET_FACTORS,
    BufferQuery,
    EdgeQuery,
    JunctionQuery,
    NearestQuery,
    NearestResult,
    TransitQuery,
)
from urbanlayer.network import transit
from urbanlayer.network.buffers import neighbourhood_buffers
from urbanlayer.network.destinations import destinations
from urbanlayer.network.edge_of_data import metres_to_edge
from urbanlayer.network.junctions import junctions_in_neighbourhoods
from urbanlayer.network.nearest import nearest_by_offset
from urbanlayer.network.pairs import pairs_within
from urbanlayer.network.reads import FOOT, STRAIGHT
from urbanlayer.network.routable import (
    RoutableNetworks,
    connection,
    cut_off,
    not_connected,
    snap_destinations,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import BufferResult, Connectivity, Mode, NetworkQuery
    from urbanlayer.model.note import Note
    from urbanlayer.model.residents import Residents
    from urbanlayer.network.destinations import Destinations
    from urbanlayer.network.graph import Graph
    from urbanlayer.network.routable import RoutableNetwork, SnappedDestinations

Results = dict["NetworkQuery", "Callable[[], object]"]


def evaluate(
    network_queries: Iterable[NetworkQuery],
    city: City,
    *,
    networks: RoutableNetworks | None = None,
) -> Results:
    """The results of network queries, each as a function that gives it.

    Along streets, origins and destinations lie on the edge nearest to them, the distance to the
    street counts at both ends, and what is farther than `MAX_SNAP_M` from every street is not
    connected. Areas are entered wherever a street comes within `NearestQuery.entrance_m` of them,
    otherwise where the nearest street is nearest; who lives inside an area has no way to go. So no
    walking distance is ever shorter than the straight line. Without streets all are straight lines.

    Parameters
    ----------
    network_queries
        Equal ones are computed once, and all limits of one destination are searched once.
    city
        Its layers hold the destinations; its residents are the origins.
    routable
        The city's routable networks, where they were made before; None: they were not.

    Returns
    -------
    dict
        By query; origins in the order of `city.residents`.

    Raises
    ------
    CityError
        The city has no residents, or not the layer of a query, or a mode is not known; all errors
        at once.
    """
    every = list(dict.fromkeys(network_queries))
    networks = networks or RoutableNetworks(city)
    on_streets = [one for one in every if isinstance(one, NearestQuery | BufferQuery)]
    by_timetable = [one for one in every if isinstance(one, TransitQuery)]
    found: Results = {}
    if on_streets:
        residents = _checked(on_streets, city)
        by_mode = {
            mode: _network_of_mode(mode, networks)
            for mode in dict.fromkeys(q.mode for q in on_streets)
        }
        nearest = [one for one in on_streets if isinstance(one, NearestQuery)]
        buffers = [one for one in on_streets if isinstance(one, BufferQuery)]
        found |= _buffers(buffers, city, by_mode)
        found |= _nearest_each(
            [q for q in nearest if _limit(q).cost <= 0], city, residents, by_mode
        )
        found |= _within_each([q for q in nearest if _limit(q).cost > 0], city, residents, by_mode)
    if by_timetable:
        found |= transit.evaluate(by_timetable, city, networks)
    for one in every:
        if isinstance(one, EdgeQuery):
            found[one] = _given(metres_to_edge(city))
        elif isinstance(one, JunctionQuery):
            found[one] = _given(junctions_in_neighbourhoods(city, merge_m=one.merge_m))
    return found


def modes_on_streets(network_queries: Iterable[NetworkQuery], city: City) -> tuple[Mode, ...]:
    """The modes of queries that travel along streets; none where there are no streets or people."""
    if city.residents is None or city.streets is None:
        return ()
    on_streets = (one for one in network_queries if isinstance(one, NearestQuery | BufferQuery))
    return tuple(dict.fromkeys(one.mode for one in on_streets if one.mode != STRAIGHT))


def has_ends(network_query: NetworkQuery, city: City) -> bool:
    """Whether the result has ends by the way from each origin to its street."""
    return (
        isinstance(network_query, NearestQuery)
        and _limit(network_query).cost <= 0
        and bool(modes_on_streets([network_query], city))
    )


def connection_of(mode: Mode, city: City, networks: RoutableNetworks) -> Connectivity:
    """Whom the streets join, for one of the modes that `modes_on_streets` gives."""
    assert city.residents is not None  # noqa: S101  (or there would be no such mode)
    return connection(networks.of(city.modes[mode]), city.residents)


def _given(value: object) -> Callable[[], object]:
    return functools.partial(_itself, value)


def _itself(value: object) -> object:
    return value


def _nearest_each(
    network_queries: list[NearestQuery],
    city: City,
    residents: Residents,
    by_mode: Mapping[Mode, _ModeNetwork],
) -> Results:
    """The distance to the nearest destination, for queries without a limit."""
    found: Results = {}
    for one in network_queries:
        to = destinations(one, city.layers[one.destinations])
        found[one] = _given(_nearest(by_mode[one.mode], residents.xy, to))
    return found


def _within_each(
    network_queries: list[NearestQuery],
    city: City,
    residents: Residents,
    by_mode: Mapping[Mode, _ModeNetwork],
) -> Results:
    """All pairs within each limit, cut out of those within the greatest."""
    found: Results = {}
    for (network_query, in_minutes), farthest in _farthest(network_queries).items():
        layer = city.layers[network_query.destinations]
        to = destinations(network_query, layer)
        count = len(to.geometry) if network_query.min_area_m2 > 0 else len(layer)
        result = _within(by_mode[network_query.mode], residents.xy, to, farthest, count=count)
        for one in network_queries:
            limit = _limit(one)
            if _unlimited(one) == network_query and limit.in_minutes == in_minutes:
                found[one] = functools.partial(_nearer, result, limit)
    return found


def _buffers(
    network_queries: list[BufferQuery], city: City, by_mode: Mapping[Mode, _ModeNetwork]
) -> Results:
    """What surrounds each origin, searched once for each mode, as far as any query goes."""
    farthest: dict[Mode, BufferQuery] = {}
    for network_query in network_queries:
        other = farthest.setdefault(network_query.mode, network_query)
        farthest[network_query.mode] = max(network_query, other, key=lambda one: one.within_m)
    found = {
        name: neighbourhood_buffers(network_query, city, by_mode[name].routable)
        for name, network_query in farthest.items()
    }
    return {
        network_query: _given(_smaller_buffer(found[network_query.mode], network_query.within_m))
        for network_query in network_queries
    }


def _smaller_buffer(buffers: BufferResult, within_m: float) -> BufferResult:
    """The same within a smaller distance."""
    return replace(buffers, pairs=replace(buffers.pairs, limit=within_m))


@dataclass(frozen=True, slots=True, eq=False)
class _ModeNetwork:
    """How one mode travels: along streets, or in straight lines where `walk` is None."""

    routable: RoutableNetwork | None
    method: Mode
    speed_m_per_min: float


@dataclass(frozen=True, slots=True)
class _TravelLimit:
    """How far, in minutes or in metres."""

    cost: float
    in_minutes: bool


def _network_of_mode(mode: Mode, networks: RoutableNetworks) -> _ModeNetwork:
    travel = networks.city.modes[FOOT if mode == STRAIGHT else mode]
    if mode == STRAIGHT or networks.city.streets is None:
        return _ModeNetwork(None, STRAIGHT, travel.speed_m_per_min)
    return _ModeNetwork(networks.of(travel), mode, travel.speed_m_per_min)


def _limit(network_query: NearestQuery) -> _TravelLimit:
    if network_query.within_min > 0:
        return _TravelLimit(network_query.within_min, in_minutes=True)
    return _TravelLimit(network_query.within_m, in_minutes=False)


def _unlimited(network_query: NearestQuery) -> NearestQuery:
    return replace(network_query, within_m=0.0, within_min=0.0)


def _farthest(
    network_queries: Iterable[NearestQuery],
) -> dict[tuple[NearestQuery, bool], _TravelLimit]:
    """Queries for all pairs, each once, with the greatest limit of any."""
    farthest: dict[tuple[NearestQuery, bool], _TravelLimit] = {}
    for network_query in network_queries:
        limit = _limit(network_query)
        key = _unlimited(network_query), limit.in_minutes
        if limit.cost > farthest.get(key, _TravelLimit(0.0, limit.in_minutes)).cost:
            farthest[key] = limit
    return farthest


def _nearer(result: NearestResult, limit: _TravelLimit) -> NearestResult:
    """The same within a smaller limit, or within the same."""
    pairs = cast("Pairs", result.pairs)
    cost = result.minutes if limit.in_minutes else result.distance_m
    far = cost > limit.cost + SLACK
    return replace(
        result,
        distance_m=np.where(far, np.inf, result.distance_m),
        minutes=np.where(far, np.inf, result.minutes),
        nearest=np.where(far, -1, result.nearest),
        pairs=pairs.only(pairs.cost <= limit.cost + SLACK),
    )


def _checked(network_queries: list[NearestQuery | BufferQuery], city: City) -> Residents:
    roles = sorted({q.destinations for q in network_queries if isinstance(q, NearestQuery)})
    errors = [
        f"layer {role!r}: a query measures the distance to it, but the city has no such layer; "
        f"declare [layers.{role}] in city.toml"
        for role in roles
        if role not in city.layers
    ]
    known = {STRAIGHT, *city.modes}
    errors += [
        f"mode {mode!r}: not known; there are {', '.join(sorted(known))}"
        for mode in sorted({network_query.mode for network_query in network_queries} - known)
    ]
    if city.residents is None:
        errors.append("residents: there are none; declare [residents] in city.toml")
    if errors or city.residents is None:
        raise CityError(errors)
    return city.residents


def _within(
    travel: _ModeNetwork,
    xy: NDArray[np.float64],
    to: Destinations,
    limit: _TravelLimit,
    *,
    count: int,
) -> NearestResult:
    """All pairs within a limit, and the nearest of each origin; `count` destinations in all."""
    every, apart, notes = _pairs(travel, xy, to, limit)
    off, islands = apart
    cost, nearest = cheapest_by_origin(len(xy), every.origin, every.cost, every.destination)
    pairs = Pairs(len(xy), count, every.origin, _rows(to, every.destination), every.cost)
    speed = travel.speed_m_per_min
    distance_m, minutes = (cost * speed, cost) if limit.in_minutes else (cost, cost / speed)
    if (
        travel.routable is not None and travel.routable.times is not None
    ):  # the other unit has other routes
        snapped = snap_destinations(travel.routable, xy, to)
        ((other, _),) = _least(
            travel.routable.graph if limit.in_minutes else travel.routable.times,
            travel.routable,
            snapped,
            factors=(1.0,),
        )
        other = np.where(np.isfinite(cost), other, np.inf)
        distance_m, minutes = (other, cost) if limit.in_minutes else (cost, other)
    return NearestResult(
        distance_m, _rows(to, nearest), minutes, travel.method, off, islands, pairs,
        area_m2=shapely.area(to.geometry) if count == len(to.geometry) else None,
        notes=notes, destination_count=sum(map(len, to.keys)),
    )  # fmt: skip


def _pairs(
    travel: _ModeNetwork, xy: NDArray[np.float64], to: Destinations, limit: _TravelLimit
) -> tuple[Pairs, tuple[tuple[str, ...], tuple[str, ...]], tuple[Note, ...]]:
    """All pairs, each once, in the unit of the limit; keys off the streets and cut off; notes."""
    routable = travel.routable
    timed = limit.in_minutes and routable is not None and routable.times is not None
    unit = travel.speed_m_per_min if limit.in_minutes and not timed else 1.0
    most = limit.cost * unit + SLACK
    apart: tuple[tuple[str, ...], tuple[str, ...]] = (), ()
    notes: tuple[Note, ...] = ()
    if routable is None:
        origin, row = shapely.STRtree(to.geometry).query(
            shapely.points(xy), predicate="dwithin", distance=most
        )
        cost = shapely.distance(shapely.points(xy[origin]), to.geometry[row])
    else:
        snapped = snap_destinations(routable, xy, to)
        graph = routable.times if timed and routable.times is not None else routable.graph
        found = pairs_within(graph, routable.origins, snapped.facilities, limit=most)
        off = snapped.off_m * graph.off_street
        close = off <= most
        origin = np.concatenate([found.origin, snapped.off_place[close]])
        row = np.concatenate([found.destination, snapped.off_row[close]])
        cost = np.concatenate([found.cost, off[close]])
        apart = not_connected(snapped, to), cut_off(routable, snapped, to)
        notes = routable.notes + snapped.notes
    return cheapest_pairs(len(xy), len(to.geometry), origin, row, cost / unit), apart, notes


def _nearest(travel: _ModeNetwork, xy: NDArray[np.float64], to: Destinations) -> NearestResult:
    count = sum(map(len, to.keys))
    if travel.routable is None:
        distance_m, nearest = _straight(xy, to)
        minutes = distance_m / travel.speed_m_per_min
        return NearestResult(
            distance_m, _rows(to, nearest), minutes, STRAIGHT, destination_count=count
        )
    snapped = snap_destinations(travel.routable, xy, to)
    factors = (1.0, *OFFSET_FACTORS)
    by_metres = _least(travel.routable.graph, travel.routable, snapped, factors=factors)
    by_time: Sequence[_Least | None] = [None] * len(factors)
    if travel.routable.times is not None:
        by_time = _least(travel.routable.times, travel.routable, snapped, factors=factors)
    result = NearestResult(
        *_one_nearest(travel, to, by_metres[0], by_time[0]),
        travel.method, not_connected(snapped, to), cut_off(travel.routable, snapped, to),
        notes=travel.routable.notes + snapped.notes, destination_count=count,
    )  # fmt: skip
    ends = []
    for metres, timed in zip(by_metres[1:], by_time[1:], strict=True):
        distance_m, nearest, minutes = _one_nearest(travel, to, metres, timed)
        ends.append(replace(result, distance_m=distance_m, nearest=nearest, minutes=minutes))
    return replace(result, ends=tuple(ends))


_Least = tuple["NDArray[np.float64]", "NDArray[np.int64]"]
"""Cost from each origin to its nearest destination, and which it is."""


def _one_nearest(
    travel: _ModeNetwork, to: Destinations, metres: _Least, timed: _Least | None
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Metres, rows and minutes; the nearest in time where hills count."""
    distance_m, nearest = metres
    minutes, nearest = (distance_m / travel.speed_m_per_min, nearest) if timed is None else timed
    return distance_m, _rows(to, nearest), minutes


def _least(
    graph: Graph, routable: RoutableNetwork, snapped: SnappedDestinations,
    *, factors: tuple[float, ...],
) -> list[_Least]:  # fmt: skip
    """Cost from each origin to its nearest destination, in the graph's unit, and which it is.

    For each factor of the origins' offsets.
    """
    return [
        cheapest_by_origin(
            len(cost),
            np.concatenate([np.arange(len(cost)), snapped.off_place]),
            np.concatenate([cost, snapped.off_m * graph.off_street]),
            np.concatenate([nearest, snapped.off_row]),
        )
        for cost, nearest in nearest_by_offset(
            graph, routable.origins, snapped.facilities, factors=factors
        )
    ]


def _straight(
    xy: NDArray[np.float64], to: Destinations
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Metres in a straight line to the nearest destination, and which it is."""
    distance_m = np.full(len(xy), np.inf)
    nearest = np.full(len(xy), -1, dtype=np.int64)
    if len(to.geometry):
        (origin, row), metres = shapely.STRtree(to.geometry).query_nearest(
            shapely.points(xy), return_distance=True, all_matches=False
        )
        distance_m[origin], nearest[origin] = metres, row
    return distance_m, nearest


def _rows(to: Destinations, nearest: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows in the layer of rows in the destinations; -1 stays -1."""
    return np.append(to.row, -1)[nearest]
