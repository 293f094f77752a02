"""The questions that indicators ask of the streets, each answered once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

from urbanlayer.city.entrances import targets
from urbanlayer.city.profiles import PROFILES
from urbanlayer.city.walk import cut_off, meet, ready
from urbanlayer.errors import CityError
from urbanlayer.measure.nearest import least_by_place, nearest_target
from urbanlayer.measure.pairs import Pairs, least_pairs, pairs_within
from urbanlayer.measure.threshold import SLACK
from urbanlayer.model.access import Access, Reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from urbanlayer.city.entrances import Targets
    from urbanlayer.city.profiles import Travel
    from urbanlayer.city.walk import Met, Walk
    from urbanlayer.measure.graph import Graph
    from urbanlayer.model.access import Profile, Question
    from urbanlayer.model.city import City
    from urbanlayer.model.residents import Residents

STRAIGHT: Profile = "straight_line"


def answer(
    questions: Iterable[Question], city: City, *, profiles: Mapping[Profile, Travel] = PROFILES
) -> Access:
    """The answers to questions about how far people walk.

    Along streets, places and facilities lie on the edge nearest to them, both ways to the street
    count, and what is farther than `walk.SNAP_LIMIT_M` from every street is not connected. Areas
    are entered wherever a street comes within `walk.ENTRANCE_TOLERANCE_M` of them, otherwise
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

    Returns
    -------
    Access
        One `Reach` for each question, for the places in the order of `city.residents`.

    Raises
    ------
    CityError
        The city has no residents, or not the layer of a question, or a profile is not known; all
        faults at once.
    """
    asked = list(dict.fromkeys(questions))
    if not asked:
        return Access({})
    residents = _checked(asked, city, profiles)
    walks: dict[Profile, Walk | None] = {STRAIGHT: None}
    for profile in dict.fromkeys(question.profile for question in asked):
        if profile not in walks and city.streets is not None:
            walks[profile] = ready(profiles[profile], city, city.streets, residents)
    answers: dict[Question, Reach] = {}
    for question in asked:
        if question.within_m > 0:
            continue
        to = targets(question, city.layers[question.target])
        walk = walks.get(question.profile)
        answers[question] = (
            _straight(residents.xy, to)
            if walk is None
            else _walked(walk, residents.xy, to, question.profile)
        )
    for question, farthest_m in _farthest(asked).items():
        layer = city.layers[question.target]
        to = targets(question, layer)
        count = len(to.geometry) if question.min_area_m2 > 0 else len(layer)
        walk = walks.get(question.profile)
        method = STRAIGHT if walk is None else question.profile
        reach = _reach_within(walk, residents.xy, to, limit_m=farthest_m, count=count)
        for one in asked:
            if one.within_m > 0 and replace(one, within_m=0.0) == question:
                answers[one] = _nearer(replace(reach, method=method), one.within_m)
    return Access(answers)


def _farthest(asked: Iterable[Question]) -> dict[Question, float]:
    """Questions for all pairs, each once, with the greatest distance that any asks for."""
    farthest: dict[Question, float] = {}
    for question in asked:
        if question.within_m > 0:
            alike = replace(question, within_m=0.0)
            farthest[alike] = max(farthest.get(alike, 0.0), question.within_m)
    return farthest


def _nearer(reach: Reach, within_m: float) -> Reach:
    """The same, of a shorter distance."""
    pairs = cast("Pairs", reach.pairs)
    far = reach.distance_m > within_m + SLACK
    return replace(
        reach,
        distance_m=np.where(far, np.inf, reach.distance_m),
        nearest=np.where(far, -1, reach.nearest),
        pairs=pairs.only(pairs.cost <= within_m + SLACK),
    )


def _checked(
    questions: list[Question], city: City, profiles: Mapping[Profile, Travel]
) -> Residents:
    roles = sorted({question.target for question in questions})
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


def _reach_within(
    walk: Walk | None, xy: NDArray[np.float64], to: Targets, *, limit_m: float, count: int
) -> Reach:
    """All pairs within a distance, and the nearest of each place; `count` targets in all."""
    limit = limit_m + SLACK
    apart: tuple[str, ...] = ()
    if walk is None:
        place, row = shapely.STRtree(to.geometry).query(
            shapely.points(xy), predicate="dwithin", distance=limit
        )
        metres = shapely.distance(shapely.points(xy[place]), to.geometry[row])
    else:
        met = meet(walk, xy, to)
        found = pairs_within(walk.graph, walk.places, met.facilities, limit=limit)
        close = met.off_m <= limit
        place = np.concatenate([found.place, met.off_place[close]])
        row = np.concatenate([found.target, met.off_row[close]])
        metres = np.concatenate([found.cost, met.off_m[close]])
        apart = cut_off(met, to)
    every = least_pairs(len(xy), len(to.geometry), place, row, metres)
    distance_m, nearest = least_by_place(len(xy), every.place, every.cost, every.target)
    rows = _rows(to, every.target)
    pairs = Pairs(len(xy), count, every.place, rows, every.cost)
    return Reach(distance_m, _rows(to, nearest), STRAIGHT, apart, pairs)


def _walked(walk: Walk, xy: NDArray[np.float64], to: Targets, profile: Profile) -> Reach:
    met = meet(walk, xy, to)
    distance_m, nearest = _least(walk.graph, walk, met)
    if walk.times is None:
        minutes = distance_m / walk.speed_m_per_min
    else:
        minutes, nearest = _least(walk.times, walk, met)
    return Reach(
        distance_m,
        _rows(to, nearest),
        profile,
        cut_off(met, to),
        minutes=minutes,
        notes=walk.notes,
    )


def _least(graph: Graph, walk: Walk, met: Met) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cost from each place to its nearest target, in the graph's unit, and which it is."""
    cost, nearest = nearest_target(graph, walk.places, met.facilities)
    return least_by_place(
        len(cost),
        np.concatenate([np.arange(len(cost)), met.off_place]),
        np.concatenate([cost, met.off_m * graph.off_street]),
        np.concatenate([nearest, met.off_row]),
    )


def _straight(xy: NDArray[np.float64], to: Targets) -> Reach:
    distance_m = np.full(len(xy), np.inf)
    nearest = np.full(len(xy), -1, dtype=np.int64)
    if len(to.geometry):
        (place, row), metres = shapely.STRtree(to.geometry).query_nearest(
            shapely.points(xy), return_distance=True, all_matches=False
        )
        distance_m[place], nearest[place] = metres, row
    return Reach(distance_m, _rows(to, nearest), STRAIGHT)


def _rows(to: Targets, nearest: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows in the layer of rows in the targets; -1 stays -1."""
    return np.append(to.row, -1)[nearest]
