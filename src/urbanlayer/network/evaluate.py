"""The questions that indicators ask of the streets, each answered once."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

from urbanlayer.errors import CityError
from urbanlayer.kernels.pairs import Pairs, cheapest_by_origin, cheapest_pairs
from urbanlayer.kernels.threshold import SLACK
from urbanlayer.model.network_query import Access, NearestQuery, NearestResult
from urbanlayer.model.travel_modes import MODES
from urbanlayer.network.buffers import around
from urbanlayer.network.destinations import destinations
from urbanlayer.network.nearest import nearest_destination
from urbanlayer.network.pairs import pairs_within
from urbanlayer.network.routable import RoutableNetworks, connection, cut_off, snap_destinations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import BufferQuery, BufferResult, Mode
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.travel_modes import TravelMode
    from urbanlayer.network.destinations import Destinations
    from urbanlayer.network.graph import Graph
    from urbanlayer.network.routable import RoutableNetwork, SnappedDestinations

STRAIGHT: Mode = "straight_line"
FOOT: Mode = "walk"
"""Whose speed it is that straight lines are walked at."""


def answer(
    network_queries: Iterable[NearestQuery | BufferQuery],
    city: City,
    *,
    modes: Mapping[Mode, TravelMode] = MODES,
    walks: RoutableNetworks | None = None,
) -> Access:
    """The answers to questions about how far people walk, and what surrounds them.

    Along streets, places and facilities lie on the edge nearest to them, both ways to the street
    count, and what is farther than `walk.MAX_SNAP_M` from every street is not connected. Areas
    are entered wherever a street comes within `NearestQuery.entrance_m` of them, otherwise
    where the nearest street is nearest; who lives inside an area has no way to go. So no walking
    distance is ever shorter than the straight line. A city without streets is answered by
    straight lines.

    Parameters
    ----------
    network_queries
        Those that are alike are answered once.
    city
        Its layers hold the targets; its residents are the places that are asked from.
    modes
        How people get about, by name.
    walks
        The city's streets, where other questions made them ready before; None: they did not.

    Returns
    -------
    Access
        A `NearestResult`, or a `BufferResult`, for each query; origins in the order of
        `city.residents`.

    Raises
    ------
    CityError
        The city has no residents, or not the layer of a question, or a profile is not known; all
        faults at once.
    """
    every = list(dict.fromkeys(network_queries))
    if not every:
        return Access({})
    residents = _checked(every, city, modes)
    walks = walks or RoutableNetworks(city)
    ways = {
        mode: _way(mode, walks, modes)
        for mode in dict.fromkeys(network_query.mode for network_query in every)
    }
    asked = [network_query for network_query in every if isinstance(network_query, NearestQuery)]
    surroundings = _surroundings(
        [network_query for network_query in every if not isinstance(network_query, NearestQuery)],
        city,
        ways,
    )
    answers: dict[NearestQuery, NearestResult] = {}
    parts: dict[NearestQuery, Callable[[], NearestResult]] = {}
    for network_query in asked:
        if _limit(network_query).cost <= 0:
            to = destinations(network_query, city.layers[network_query.target])
            answers[network_query] = _nearest(ways[network_query.mode], residents.xy, to)
    for (network_query, _), farthest in _farthest(asked).items():
        layer = city.layers[network_query.target]
        to = destinations(network_query, layer)
        count = len(to.geometry) if network_query.min_area_m2 > 0 else len(layer)
        reach = _within(ways[network_query.mode], residents.xy, to, farthest, count=count)
        for one in asked:
            limit = _limit(one)
            alike = _unlimited(one) == network_query and limit.in_minutes == farthest.in_minutes
            if alike and limit.cost > 0:
                parts[one] = functools.partial(_nearer, reach, limit)
    connections = {
        name: connection(way.walk, residents) for name, way in ways.items() if way.walk is not None
    }
    return Access(answers, connections, surroundings, parts)


def _surroundings(
    asked: list[BufferQuery], city: City, ways: Mapping[Mode, _Way]
) -> dict[BufferQuery, BufferResult]:
    """What surrounds each place, sought once for each profile, as far as any question asks."""
    farthest: dict[Mode, BufferQuery] = {}
    for network_query in asked:
        other = farthest.setdefault(network_query.mode, network_query)
        farthest[network_query.mode] = max(network_query, other, key=lambda one: one.within_m)
    found = {
        name: around(network_query, city, ways[name].walk)
        for name, network_query in farthest.items()
    }
    return {
        network_query: _less_around(found[network_query.mode], network_query.within_m)
        for network_query in asked
    }


def _less_around(around: BufferResult, within_m: float) -> BufferResult:
    """The same within a smaller distance."""
    return replace(around, pairs=around.pairs.only(around.pairs.cost <= within_m + SLACK))


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """How one profile gets about: along streets, or in straight lines where `walk` is None."""

    walk: RoutableNetwork | None
    method: Mode
    speed_m_per_min: float


@dataclass(frozen=True, slots=True)
class _Limit:
    """How far, in minutes or in metres."""

    cost: float
    in_minutes: bool


def _way(mode: Mode, walks: RoutableNetworks, modes: Mapping[Mode, TravelMode]) -> _Way:
    travel = modes[FOOT if mode == STRAIGHT else mode]
    if mode == STRAIGHT or walks.city.streets is None:
        return _Way(None, STRAIGHT, travel.speed_m_per_min)
    return _Way(walks.of(travel), mode, travel.speed_m_per_min)


def _limit(network_query: NearestQuery) -> _Limit:
    if network_query.within_min > 0:
        return _Limit(network_query.within_min, in_minutes=True)
    return _Limit(network_query.within_m, in_minutes=False)


def _unlimited(network_query: NearestQuery) -> NearestQuery:
    return replace(network_query, within_m=0.0, within_min=0.0)


def _farthest(asked: Iterable[NearestQuery]) -> dict[tuple[NearestQuery, bool], _Limit]:
    """Questions for all pairs, each once, with the greatest limit that any asks for."""
    farthest: dict[tuple[NearestQuery, bool], _Limit] = {}
    for network_query in asked:
        limit = _limit(network_query)
        key = _unlimited(network_query), limit.in_minutes
        if limit.cost > farthest.get(key, _Limit(0.0, limit.in_minutes)).cost:
            farthest[key] = limit
    return farthest


def _nearer(reach: NearestResult, limit: _Limit) -> NearestResult:
    """The same within a smaller limit, or within the same."""
    pairs = cast("Pairs", reach.pairs)
    cost = reach.minutes if limit.in_minutes else reach.distance_m
    far = cost > limit.cost + SLACK
    return replace(
        reach,
        distance_m=np.where(far, np.inf, reach.distance_m),
        minutes=np.where(far, np.inf, reach.minutes),
        nearest=np.where(far, -1, reach.nearest),
        pairs=pairs.only(pairs.cost <= limit.cost + SLACK),
    )


def _checked(
    network_queries: list[NearestQuery | BufferQuery], city: City, modes: Mapping[Mode, TravelMode]
) -> Residents:
    roles = sorted(
        {
            network_query.target
            for network_query in network_queries
            if isinstance(network_query, NearestQuery)
        }
    )
    errors = [
        f"layer {role!r}: asked how far it is, but the city has no such layer; "
        f"declare [layers.{role}] in city.toml"
        for role in roles
        if role not in city.layers
    ]
    known = {STRAIGHT, *modes}
    errors += [
        f"mode {mode!r}: not known; there are {', '.join(sorted(known))}"
        for mode in sorted({network_query.mode for network_query in network_queries} - known)
    ]
    if city.residents is None:
        errors.append("residents: nobody to ask for; declare [residents] in city.toml")
    if errors or city.residents is None:
        raise CityError(errors)
    return city.residents


def _within(
    way: _Way, xy: NDArray[np.float64], to: Destinations, limit: _Limit, *, count: int
) -> NearestResult:
    """All pairs within a limit, and the nearest of each place; `count` targets in all."""
    every, apart, notes = _pairs(way, xy, to, limit)
    cost, nearest = cheapest_by_origin(len(xy), every.origin, every.cost, every.destination)
    pairs = Pairs(len(xy), count, every.origin, _rows(to, every.destination), every.cost)
    speed = way.speed_m_per_min
    distance_m, minutes = (cost * speed, cost) if limit.in_minutes else (cost, cost / speed)
    if way.walk is not None and way.walk.times is not None:  # the other unit is another way
        met = snap_destinations(way.walk, xy, to)
        other, _ = _least(way.walk.graph if limit.in_minutes else way.walk.times, way.walk, met)
        other = np.where(np.isfinite(cost), other, np.inf)
        distance_m, minutes = (other, cost) if limit.in_minutes else (cost, other)
    return NearestResult(
        distance_m, _rows(to, nearest), minutes, way.method, apart, pairs,
        area_m2=shapely.area(to.geometry) if count == len(to.geometry) else None,
        notes=notes, asked_of=sum(map(len, to.keys)),
    )  # fmt: skip


def _pairs(
    way: _Way, xy: NDArray[np.float64], to: Destinations, limit: _Limit
) -> tuple[Pairs, tuple[str, ...], tuple[str, ...]]:
    """All pairs in the limit's unit, each once; the keys of targets that are cut off; notes."""
    walk = way.walk
    timed = limit.in_minutes and walk is not None and walk.times is not None
    unit = way.speed_m_per_min if limit.in_minutes and not timed else 1.0
    most = limit.cost * unit + SLACK
    apart: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    if walk is None:
        origin, row = shapely.STRtree(to.geometry).query(
            shapely.points(xy), predicate="dwithin", distance=most
        )
        cost = shapely.distance(shapely.points(xy[origin]), to.geometry[row])
    else:
        met = snap_destinations(walk, xy, to)
        graph = walk.times if timed and walk.times is not None else walk.graph
        found = pairs_within(graph, walk.origins, met.facilities, limit=most)
        off = met.off_m * graph.off_street
        close = off <= most
        origin = np.concatenate([found.origin, met.off_place[close]])
        row = np.concatenate([found.destination, met.off_row[close]])
        cost = np.concatenate([found.cost, off[close]])
        apart, notes = cut_off(met, to), walk.notes + met.notes
    return cheapest_pairs(len(xy), len(to.geometry), origin, row, cost / unit), apart, notes


def _nearest(way: _Way, xy: NDArray[np.float64], to: Destinations) -> NearestResult:
    count = sum(map(len, to.keys))
    if way.walk is None:
        distance_m, nearest = _straight(xy, to)
        minutes = distance_m / way.speed_m_per_min
        return NearestResult(distance_m, _rows(to, nearest), minutes, STRAIGHT, asked_of=count)
    met = snap_destinations(way.walk, xy, to)
    distance_m, nearest = _least(way.walk.graph, way.walk, met)
    minutes = distance_m / way.speed_m_per_min
    if way.walk.times is not None:
        minutes, nearest = _least(way.walk.times, way.walk, met)
    return NearestResult(
        distance_m, _rows(to, nearest), minutes, way.method, cut_off(met, to),
        notes=way.walk.notes + met.notes, asked_of=count,
    )  # fmt: skip


def _least(
    graph: Graph, walk: RoutableNetwork, met: SnappedDestinations
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cost from each place to its nearest target, in the graph's unit, and which it is."""
    cost, nearest = nearest_destination(graph, walk.origins, met.facilities)
    return cheapest_by_origin(
        len(cost),
        np.concatenate([np.arange(len(cost)), met.off_place]),
        np.concatenate([cost, met.off_m * graph.off_street]),
        np.concatenate([nearest, met.off_row]),
    )


def _straight(
    xy: NDArray[np.float64], to: Destinations
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Metres in a straight line to the nearest target, and which it is."""
    distance_m = np.full(len(xy), np.inf)
    nearest = np.full(len(xy), -1, dtype=np.int64)
    if len(to.geometry):
        (origin, row), metres = shapely.STRtree(to.geometry).query_nearest(
            shapely.points(xy), return_distance=True, all_matches=False
        )
        distance_m[origin], nearest[origin] = metres, row
    return distance_m, nearest


def _rows(to: Destinations, nearest: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows in the layer of rows in the targets; -1 stays -1."""
    return np.append(to.row, -1)[nearest]
