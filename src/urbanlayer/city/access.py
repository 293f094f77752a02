"""The questions that indicators ask of the streets, each answered once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

from urbanlayer.city.entrances import targets
from urbanlayer.errors import CityError
from urbanlayer.measure.entrances import attach_areas, ways_off_stretches
from urbanlayer.measure.graph import build_graph
from urbanlayer.measure.nearest import least_by_place, nearest_target
from urbanlayer.measure.pairs import Pairs, least_pairs, pairs_within
from urbanlayer.measure.snapping import Attached, attach_points, index_edges
from urbanlayer.measure.threshold import SLACK
from urbanlayer.model.access import Access, Reach

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from urbanlayer.city.entrances import Targets
    from urbanlayer.measure.graph import Graph
    from urbanlayer.measure.snapping import EdgeIndex
    from urbanlayer.model.access import Profile, Question
    from urbanlayer.model.city import City
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.streets import StreetNetwork

SNAP_LIMIT_M = 200.0
"""Farther than this from every street, a place or a facility is not connected."""

ENTRANCE_TOLERANCE_M = 10.0
"""A street within this of an area leads into it."""

SCRAP_M = 1000.0
SCRAP_SHARE = 0.01
"""Streets joined to nothing, shorter than both 1 km and a hundredth of the longest part, are
scraps: gaps of the drawing rather than islands. In Las Palmas (OpenStreetMap, 2023) 6 % of the
residents live nearest to one of some 900 scraps, half of these within 30 m of a joined street."""


@dataclass(frozen=True, slots=True, eq=False)
class _Walk:
    """The streets made ready for questions, and the resident places put onto them."""

    graph: Graph
    edges: EdgeIndex
    places: Attached


def answer(questions: Iterable[Question], city: City) -> Access:
    """The answers to questions about how far people walk.

    Along streets, places and facilities lie on the edge nearest to them, both ways to the street
    count, and what is farther than `SNAP_LIMIT_M` from every street is not connected. Areas are
    entered wherever a street comes within `ENTRANCE_TOLERANCE_M` of them, otherwise where the
    nearest street is nearest; who lives inside an area has no way to go. So no walking distance
    is ever shorter than the straight line. A city without streets is answered by straight lines.

    Parameters
    ----------
    questions
        Those that are alike are answered once.
    city
        Its layers hold the targets; its residents are the places that are asked from.

    Returns
    -------
    Access
        One `Reach` for each question, for the places in the order of `city.residents`.

    Raises
    ------
    CityError
        The city has no residents, or not the layer of a question; all faults at once.
    """
    asked = list(dict.fromkeys(questions))
    if not asked:
        return Access({})
    residents = _checked(asked, city)
    walk = None
    if city.streets is not None and any(question.profile == "walk" for question in asked):
        walk = _ready(city.streets, residents)
    answers: dict[Question, Reach] = {}
    for question in asked:
        if question.within_m > 0:
            continue
        to = targets(question, city.layers[question.target])
        on_foot = walk if question.profile == "walk" else None
        answers[question] = (
            _straight(residents.xy, to) if on_foot is None else _walked(on_foot, residents.xy, to)
        )
    for question, farthest_m in _farthest(asked).items():
        layer = city.layers[question.target]
        to = targets(question, layer)
        count = len(to.geometry) if question.min_area_m2 > 0 else len(layer)
        on_foot = walk if question.profile == "walk" else None
        reach = _reach_within(on_foot, residents.xy, to, limit_m=farthest_m, count=count)
        for one in asked:
            if one.within_m > 0 and replace(one, within_m=0.0) == question:
                answers[one] = _nearer(reach, one.within_m)
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


def _checked(questions: list[Question], city: City) -> Residents:
    roles = sorted({question.target for question in questions})
    faults = [
        f"layer {role!r}: asked how far it is, but the city has no such layer; "
        f"declare [layers.{role}] in city.toml"
        for role in roles
        if role not in city.layers
    ]
    if city.residents is None:
        faults.append("residents: nobody to ask for; declare [residents] in city.toml")
    if faults or city.residents is None:
        raise CityError(faults)
    return city.residents


def _ready(streets: StreetNetwork, residents: Residents) -> _Walk:
    edges = index_edges(streets.edge_lines, scraps(streets))
    graph = build_graph(len(streets.node_xy), streets.edge_nodes, streets.edge_length_m)
    return _Walk(graph, edges, attach_points(residents.xy, edges, limit_m=SNAP_LIMIT_M))


def scraps(streets: StreetNetwork) -> NDArray[np.bool_]:
    """(m,) whether each edge is part of a short piece that is joined to nothing.

    Whoever lives nearest to one is put onto the nearest joined street as well.
    """
    part = streets.component[streets.edge_nodes[:, 0]]
    length_m = np.bincount(part, streets.edge_length_m)
    return length_m[part] < min(SCRAP_M, SCRAP_SHARE * float(length_m.max()))


def _reach_within(
    walk: _Walk | None, xy: NDArray[np.float64], to: Targets, *, limit_m: float, count: int
) -> Reach:
    """All pairs within a distance, and the nearest of each place; `count` targets in all."""
    limit = limit_m + SLACK
    cut_off: tuple[str, ...] = ()
    if walk is None:
        place, row = shapely.STRtree(to.geometry).query(
            shapely.points(xy), predicate="dwithin", distance=limit
        )
        metres = shapely.distance(shapely.points(xy[place]), to.geometry[row])
    else:
        met = _met(walk, xy, to)
        found = pairs_within(walk.graph, walk.places, met.facilities, limit=limit)
        close = met.off_m <= limit
        place = np.concatenate([found.place, met.off_place[close]])
        row = np.concatenate([found.target, met.off_row[close]])
        metres = np.concatenate([found.cost, met.off_m[close]])
        cut_off = _cut_off(met, to)
    every = least_pairs(len(xy), len(to.geometry), place, row, metres)
    distance_m, nearest = least_by_place(len(xy), every.place, every.cost, every.target)
    rows = _rows(to, every.target)
    pairs = Pairs(len(xy), count, every.place, rows, every.cost)
    method: Profile = "straight_line" if walk is None else "walk"
    return Reach(distance_m, _rows(to, nearest), method, cut_off, pairs)


@dataclass(frozen=True, slots=True, eq=False)
class _Met:
    """Where targets meet the streets, and ways to them that begin off the streets' ends."""

    facilities: Attached
    off_place: NDArray[np.int64]
    off_row: NDArray[np.int64]
    off_m: NDArray[np.float64]


def _walked(walk: _Walk, xy: NDArray[np.float64], to: Targets) -> Reach:
    met = _met(walk, xy, to)
    distance_m, nearest = nearest_target(walk.graph, walk.places, met.facilities)
    distance_m, nearest = least_by_place(
        len(xy),
        np.concatenate([np.arange(len(xy)), met.off_place]),
        np.concatenate([distance_m, met.off_m]),
        np.concatenate([nearest, met.off_row]),
    )
    return Reach(distance_m, _rows(to, nearest), "walk", _cut_off(met, to))


def _met(walk: _Walk, xy: NDArray[np.float64], to: Targets) -> _Met:
    point, area = np.flatnonzero(to.is_point), np.flatnonzero(~to.is_point)
    at_points = attach_points(
        shapely.get_coordinates(to.geometry[point]), walk.edges, limit_m=SNAP_LIMIT_M
    )
    areas = to.geometry[area]
    at_areas, stretches = attach_areas(
        areas, walk.edges, tolerance_m=ENTRANCE_TOLERANCE_M, limit_m=SNAP_LIMIT_M
    )
    beside, into, metres = ways_off_stretches(walk.places, areas, walk.edges, stretches)
    inside, around = _inside(xy, areas, walk.places.connected())
    return _Met(
        facilities=_both(at_points, point, at_areas, area),
        off_place=np.concatenate([beside, inside]),
        off_row=np.concatenate([area[into], area[around]]),
        off_m=np.concatenate([metres, np.zeros(len(inside))]),
    )


def _cut_off(met: _Met, to: Targets) -> tuple[str, ...]:
    """Keys of the targets that lie too far from any street."""
    rows = np.flatnonzero(~met.facilities.connected())
    return tuple(sorted(key for row in rows for key in to.keys[row]))


def _both(
    points: Attached, point: NDArray[np.int64], areas: Attached, area: NDArray[np.int64]
) -> Attached:
    place = np.concatenate([point[points.place], area[areas.place]])
    order = np.argsort(place, kind="stable")
    return Attached(
        points.count + areas.count,
        place[order],
        np.concatenate([points.edge, areas.edge])[order],
        np.concatenate([points.along_m, areas.along_m])[order],
        np.concatenate([points.offset_m, areas.offset_m])[order],
    )


def _inside(
    xy: NDArray[np.float64], areas: NDArray[np.object_], connected: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Connected places that lie in an area, and the row of the area."""
    rows = np.flatnonzero(connected)
    polygon = np.flatnonzero(shapely.get_dimensions(areas) == 2)  # noqa: PLR2004  (areas)
    around, place = shapely.STRtree(np.asarray(shapely.points(xy[rows]), dtype=object)).query(
        areas[polygon], predicate="intersects"
    )
    return rows[place].astype(np.int64), polygon[around].astype(np.int64)


def _straight(xy: NDArray[np.float64], to: Targets) -> Reach:
    distance_m = np.full(len(xy), np.inf)
    nearest = np.full(len(xy), -1, dtype=np.int64)
    if len(to.geometry):
        (place, row), metres = shapely.STRtree(to.geometry).query_nearest(
            shapely.points(xy), return_distance=True, all_matches=False
        )
        distance_m[place], nearest[place] = metres, row
    return Reach(distance_m, _rows(to, nearest), "straight_line")


def _rows(to: Targets, nearest: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows in the layer of rows in the targets; -1 stays -1."""
    return np.append(to.row, -1)[nearest]
