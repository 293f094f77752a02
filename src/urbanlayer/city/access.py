"""The questions that indicators ask of the streets, each answered once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.city.entrances import targets
from urbanlayer.errors import CityError
from urbanlayer.measure.entrances import attach_areas, ways_off_stretches
from urbanlayer.measure.graph import build_graph
from urbanlayer.measure.nearest import least_by_place, nearest_target
from urbanlayer.measure.snapping import Attached, attach_points, index_edges
from urbanlayer.model.access import Access, Reach

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from urbanlayer.city.entrances import Targets
    from urbanlayer.measure.graph import Graph
    from urbanlayer.measure.snapping import EdgeIndex
    from urbanlayer.model.access import Question
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
        to = targets(question, city.layers[question.target])
        on_foot = walk if question.profile == "walk" else None
        answers[question] = (
            _straight(residents.xy, to) if on_foot is None else _walked(on_foot, residents.xy, to)
        )
    return Access(answers)


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


def _walked(walk: _Walk, xy: NDArray[np.float64], to: Targets) -> Reach:
    point, area = np.flatnonzero(to.is_point), np.flatnonzero(~to.is_point)
    at_points = attach_points(
        shapely.get_coordinates(to.geometry[point]), walk.edges, limit_m=SNAP_LIMIT_M
    )
    areas = to.geometry[area]
    at_areas, stretches = attach_areas(
        areas, walk.edges, tolerance_m=ENTRANCE_TOLERANCE_M, limit_m=SNAP_LIMIT_M
    )
    facilities = _both(at_points, point, at_areas, area)
    distance_m, nearest = nearest_target(walk.graph, walk.places, facilities)
    beside, into, metres = ways_off_stretches(walk.places, areas, walk.edges, stretches)
    inside, around = _inside(xy, areas, walk.places.connected())
    every = np.arange(len(xy))
    distance_m, nearest = least_by_place(
        len(xy),
        np.concatenate([every, beside, inside]),
        np.concatenate([distance_m, metres, np.zeros(len(inside))]),
        np.concatenate([nearest, area[into], area[around]]),
    )
    cut_off = np.flatnonzero(~facilities.connected())
    keys = tuple(sorted(key for row in cut_off for key in to.keys[row]))
    return Reach(distance_m, _rows(to, nearest), "walk", keys)


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
