"""The questions that indicators ask of the streets, each answered once."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

from urbanlayer.errors import CityError
from urbanlayer.kernels.pairs import Pairs, least_by_place, least_pairs
from urbanlayer.kernels.threshold import SLACK
from urbanlayer.model.network_query import Access, Question, Reach
from urbanlayer.model.travel_modes import PROFILES
from urbanlayer.network.buffers import around
from urbanlayer.network.destinations import targets
from urbanlayer.network.nearest import nearest_target
from urbanlayer.network.pairs import pairs_within
from urbanlayer.network.routable import Walks, connection, cut_off, meet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import Around, AroundQuestion, Profile
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.travel_modes import Travel
    from urbanlayer.network.destinations import Targets
    from urbanlayer.network.graph import Graph
    from urbanlayer.network.routable import Met, Walk

STRAIGHT: Profile = "straight_line"
FOOT: Profile = "walk"
"""Whose speed it is that straight lines are walked at."""


def answer(
    questions: Iterable[Question | AroundQuestion],
    city: City,
    *,
    profiles: Mapping[Profile, Travel] = PROFILES,
    walks: Walks | None = None,
) -> Access:
    """The answers to questions about how far people walk, and what surrounds them.

    Along streets, places and facilities lie on the edge nearest to them, both ways to the street
    count, and what is farther than `walk.SNAP_LIMIT_M` from every street is not connected. Areas
    are entered wherever a street comes within `Question.entrance_m` of them, otherwise
    where the nearest street is nearest; who lives inside an area has no way to go. So no walking
    distance is ever shorter than the straight line. A city without streets is answered by
    straight lines.

    Parameters
    ----------
    questions
        Those that are alike are answered once.
    city
        Its layers hold the targets; its residents are the places that are asked from.
    profiles
        How people get about, by name.
    walks
        The city's streets, where other questions made them ready before; None: they did not.

    Returns
    -------
    Access
        One `Reach` for each question, or `Around` for each about surroundings, for the places in
        the order of `city.residents`.

    Raises
    ------
    CityError
        The city has no residents, or not the layer of a question, or a profile is not known; all
        faults at once.
    """
    every = list(dict.fromkeys(questions))
    if not every:
        return Access({})
    residents = _checked(every, city, profiles)
    walks = walks or Walks(city)
    ways = {
        profile: _way(profile, walks, profiles)
        for profile in dict.fromkeys(question.profile for question in every)
    }
    asked = [question for question in every if isinstance(question, Question)]
    surroundings = _surroundings(
        [question for question in every if not isinstance(question, Question)], city, ways
    )
    answers: dict[Question, Reach] = {}
    parts: dict[Question, Callable[[], Reach]] = {}
    for question in asked:
        if _limit(question).cost <= 0:
            to = targets(question, city.layers[question.target])
            answers[question] = _nearest(ways[question.profile], residents.xy, to)
    for (question, _), farthest in _farthest(asked).items():
        layer = city.layers[question.target]
        to = targets(question, layer)
        count = len(to.geometry) if question.min_area_m2 > 0 else len(layer)
        reach = _within(ways[question.profile], residents.xy, to, farthest, count=count)
        for one in asked:
            limit = _limit(one)
            alike = _unlimited(one) == question and limit.in_minutes == farthest.in_minutes
            if alike and limit.cost > 0:
                parts[one] = functools.partial(_nearer, reach, limit)
    connections = {
        name: connection(way.walk, residents) for name, way in ways.items() if way.walk is not None
    }
    return Access(answers, connections, surroundings, parts)


def _surroundings(
    asked: list[AroundQuestion], city: City, ways: Mapping[Profile, _Way]
) -> dict[AroundQuestion, Around]:
    """What surrounds each place, sought once for each profile, as far as any question asks."""
    farthest: dict[Profile, AroundQuestion] = {}
    for question in asked:
        other = farthest.setdefault(question.profile, question)
        farthest[question.profile] = max(question, other, key=lambda one: one.within_m)
    found = {name: around(question, city, ways[name].walk) for name, question in farthest.items()}
    return {
        question: _less_around(found[question.profile], question.within_m) for question in asked
    }


def _less_around(around: Around, within_m: float) -> Around:
    """The same within a smaller distance."""
    return replace(around, pairs=around.pairs.only(around.pairs.cost <= within_m + SLACK))


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """How one profile gets about: along streets, or in straight lines where `walk` is None."""

    walk: Walk | None
    method: Profile
    speed_m_per_min: float


@dataclass(frozen=True, slots=True)
class _Limit:
    """How far, in minutes or in metres."""

    cost: float
    in_minutes: bool


def _way(profile: Profile, walks: Walks, profiles: Mapping[Profile, Travel]) -> _Way:
    travel = profiles[FOOT if profile == STRAIGHT else profile]
    if profile == STRAIGHT or walks.city.streets is None:
        return _Way(None, STRAIGHT, travel.speed_m_per_min)
    return _Way(walks.of(travel), profile, travel.speed_m_per_min)


def _limit(question: Question) -> _Limit:
    if question.within_min > 0:
        return _Limit(question.within_min, in_minutes=True)
    return _Limit(question.within_m, in_minutes=False)


def _unlimited(question: Question) -> Question:
    return replace(question, within_m=0.0, within_min=0.0)


def _farthest(asked: Iterable[Question]) -> dict[tuple[Question, bool], _Limit]:
    """Questions for all pairs, each once, with the greatest limit that any asks for."""
    farthest: dict[tuple[Question, bool], _Limit] = {}
    for question in asked:
        limit = _limit(question)
        key = _unlimited(question), limit.in_minutes
        if limit.cost > farthest.get(key, _Limit(0.0, limit.in_minutes)).cost:
            farthest[key] = limit
    return farthest


def _nearer(reach: Reach, limit: _Limit) -> Reach:
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
    questions: list[Question | AroundQuestion], city: City, profiles: Mapping[Profile, Travel]
) -> Residents:
    roles = sorted({question.target for question in questions if isinstance(question, Question)})
    faults = [
        f"layer {role!r}: asked how far it is, but the city has no such layer; "
        f"declare [layers.{role}] in city.toml"
        for role in roles
        if role not in city.layers
    ]
    known = {STRAIGHT, *profiles}
    faults += [
        f"profile {profile!r}: not known; there are {', '.join(sorted(known))}"
        for profile in sorted({question.profile for question in questions} - known)
    ]
    if city.residents is None:
        faults.append("residents: nobody to ask for; declare [residents] in city.toml")
    if faults or city.residents is None:
        raise CityError(faults)
    return city.residents


def _within(way: _Way, xy: NDArray[np.float64], to: Targets, limit: _Limit, *, count: int) -> Reach:
    """All pairs within a limit, and the nearest of each place; `count` targets in all."""
    every, apart, notes = _pairs(way, xy, to, limit)
    cost, nearest = least_by_place(len(xy), every.place, every.cost, every.target)
    pairs = Pairs(len(xy), count, every.place, _rows(to, every.target), every.cost)
    speed = way.speed_m_per_min
    distance_m, minutes = (cost * speed, cost) if limit.in_minutes else (cost, cost / speed)
    if way.walk is not None and way.walk.times is not None:  # the other unit is another way
        met = meet(way.walk, xy, to)
        other, _ = _least(way.walk.graph if limit.in_minutes else way.walk.times, way.walk, met)
        other = np.where(np.isfinite(cost), other, np.inf)
        distance_m, minutes = (other, cost) if limit.in_minutes else (cost, other)
    return Reach(
        distance_m, _rows(to, nearest), minutes, way.method, apart, pairs,
        area_m2=shapely.area(to.geometry) if count == len(to.geometry) else None,
        notes=notes, asked_of=sum(map(len, to.keys)),
    )  # fmt: skip


def _pairs(
    way: _Way, xy: NDArray[np.float64], to: Targets, limit: _Limit
) -> tuple[Pairs, tuple[str, ...], tuple[str, ...]]:
    """All pairs in the limit's unit, each once; the keys of targets that are cut off; notes."""
    walk = way.walk
    timed = limit.in_minutes and walk is not None and walk.times is not None
    unit = way.speed_m_per_min if limit.in_minutes and not timed else 1.0
    most = limit.cost * unit + SLACK
    apart: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    if walk is None:
        place, row = shapely.STRtree(to.geometry).query(
            shapely.points(xy), predicate="dwithin", distance=most
        )
        cost = shapely.distance(shapely.points(xy[place]), to.geometry[row])
    else:
        met = meet(walk, xy, to)
        graph = walk.times if timed and walk.times is not None else walk.graph
        found = pairs_within(graph, walk.places, met.facilities, limit=most)
        off = met.off_m * graph.off_street
        close = off <= most
        place = np.concatenate([found.place, met.off_place[close]])
        row = np.concatenate([found.target, met.off_row[close]])
        cost = np.concatenate([found.cost, off[close]])
        apart, notes = cut_off(met, to), walk.notes + met.notes
    return least_pairs(len(xy), len(to.geometry), place, row, cost / unit), apart, notes


def _nearest(way: _Way, xy: NDArray[np.float64], to: Targets) -> Reach:
    count = sum(map(len, to.keys))
    if way.walk is None:
        distance_m, nearest = _straight(xy, to)
        minutes = distance_m / way.speed_m_per_min
        return Reach(distance_m, _rows(to, nearest), minutes, STRAIGHT, asked_of=count)
    met = meet(way.walk, xy, to)
    distance_m, nearest = _least(way.walk.graph, way.walk, met)
    minutes = distance_m / way.speed_m_per_min
    if way.walk.times is not None:
        minutes, nearest = _least(way.walk.times, way.walk, met)
    return Reach(
        distance_m, _rows(to, nearest), minutes, way.method, cut_off(met, to),
        notes=way.walk.notes + met.notes, asked_of=count,
    )  # fmt: skip


def _least(graph: Graph, walk: Walk, met: Met) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cost from each place to its nearest target, in the graph's unit, and which it is."""
    cost, nearest = nearest_target(graph, walk.places, met.facilities)
    return least_by_place(
        len(cost),
        np.concatenate([np.arange(len(cost)), met.off_place]),
        np.concatenate([cost, met.off_m * graph.off_street]),
        np.concatenate([nearest, met.off_row]),
    )


def _straight(
    xy: NDArray[np.float64], to: Targets
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Metres in a straight line to the nearest target, and which it is."""
    distance_m = np.full(len(xy), np.inf)
    nearest = np.full(len(xy), -1, dtype=np.int64)
    if len(to.geometry):
        (place, row), metres = shapely.STRtree(to.geometry).query_nearest(
            shapely.points(xy), return_distance=True, all_matches=False
        )
        distance_m[place], nearest[place] = metres, row
    return distance_m, nearest


def _rows(to: Targets, nearest: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows in the layer of rows in the targets; -1 stays -1."""
    return np.append(to.row, -1)[nearest]
