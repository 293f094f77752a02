"""The streets made ready for questions: origins and facilities snapped to them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.errors import CityError
from urbanlayer.model.network_query import MAX_SNAP_M, Connectivity
from urbanlayer.model.note import Note
from urbanlayer.network.destinations import given
from urbanlayer.network.edge_costs import edge_costs, heights
from urbanlayer.network.entrances import attach_areas, given_entrances, links_off_stretches
from urbanlayer.network.graph import build_graph
from urbanlayer.network.snapping import Attached, attach_points, index_edges

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.residents import Residents
    from urbanlayer.model.streets import StreetNetwork
    from urbanlayer.model.travel_modes import TravelMode
    from urbanlayer.network.destinations import Destinations, Given
    from urbanlayer.network.entrances import Stretches
    from urbanlayer.network.graph import Graph
    from urbanlayer.network.snapping import EdgeIndex

FRAGMENT_M = 1000.0
FRAGMENT_SHARE = 0.01
"""Streets joined to nothing, shorter than both 1 km and a hundredth of the longest part, are
fragments: gaps of the drawing rather than islands. In Las Palmas (OpenStreetMap, 2023) 6 % of the
residents live nearest to one of some 900 fragments, half of these within 30 m of a joined
street."""


@dataclass(frozen=True, slots=True, eq=False)
class RoutableNetwork:
    """Streets as one mode may use them, and the origins snapped to them.

    Attributes
    ----------
    graph
        In metres.
    times
        In minutes, where hills count; else None, and minutes are metres by the speed.
    speed_m_per_min
        On the level.
    network
        The streets that are open to the mode.
    edges, origins
        These, and the origins snapped to them.
    notes
        What was not known and how it was taken, each a sentence.
    given
        The entrances that the city gives; None where it gives none.
    """

    graph: Graph
    times: Graph | None
    speed_m_per_min: float
    network: StreetNetwork
    edges: EdgeIndex
    origins: Attached
    notes: tuple[Note, ...] = ()
    given: Given | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SnappedDestinations:
    """Destinations snapped to the streets, and ways to them that begin off the streets' ends.

    Attributes
    ----------
    facilities
        Where the destinations are entered from.
    off_place, off_row, off_m
        (k,) pairs of origins next to or within a destination: origin, destination, metres.
    notes
        Which destinations have entrances in the city's layers.
    stretches
        Parts of edges from which an area without given entrances is entered anywhere.
    shut
        (s,) rows of destinations none of whose given entrances lets these people in.
    """

    facilities: Attached
    off_place: NDArray[np.int64]
    off_row: NDArray[np.int64]
    off_m: NDArray[np.float64]
    stretches: Stretches
    notes: tuple[Note, ...] = ()
    shut: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class RoutableNetworks:
    """The routable networks of one city, each made once, when it is needed.

    Attributes
    ----------
    city
        With streets and residents.
    known
        Gives one that was made before, of the same streets and origins; None where none was.
    made
        Those that were asked for.
    """

    city: City
    known: Callable[[TravelMode], RoutableNetwork | None] = lambda _travel: None
    made: list[tuple[TravelMode, RoutableNetwork]] = field(default_factory=list, repr=False)

    def of(self, travel: TravelMode) -> RoutableNetwork:
        """The routable network of a mode: the same for one that is alike.

        Raises
        ------
        CityError
            The city has no streets.
        """
        for other, routable in self.made:
            if other == travel:
                return routable
        if self.city.streets is None:
            raise CityError("distances along streets: the city has no streets")
        routable = self.known(travel) or ready(
            travel, self.city, self.city.streets, self.city.residents
        )
        self.made.append((travel, routable))
        return routable


def ready(
    travel: TravelMode, city: City, streets: StreetNetwork, residents: Residents | None
) -> RoutableNetwork:
    """The streets of a city made ready for one mode.

    Parameters
    ----------
    travel
        The mode.
    city
        Its street layer has the restrictions of each mode, its elevation the slopes.
    streets, residents
        Of the city; without residents there are no origins.

    Returns
    -------
    RoutableNetwork
        Origins lie on the streets that are open to the mode.
    """
    layer = city.layers.get("streets")
    frame = None if layer is None else layer.frame
    elevation = city.rasters.get("elevation") if travel.hills else None
    height_m = None if elevation is None else heights(elevation, streets.node_xy, city.crs)
    costs = edge_costs(travel, streets, frame, height_m, barriers=city.layers.get("barriers"))
    network, length_m = costs.network, costs.network.edge_length_m
    ends, count = network.edge_nodes, len(network.node_xy)
    graph = build_graph(
        count,
        ends,
        length_m,
        forward=np.where(np.isfinite(costs.forward), length_m, np.inf),
        backward=np.where(np.isfinite(costs.backward), length_m, np.inf),
    )
    times = None
    if travel.hills:
        off_street = 1 / travel.speed_m_per_min
        times = build_graph(
            count,
            ends,
            length_m,
            forward=costs.forward,
            backward=costs.backward,
            off_street=off_street,
        )
    edges = index_edges(network.edge_lines, disconnected_fragments(costs.whole)[costs.of])
    xy = np.empty((0, 2)) if residents is None else residents.xy
    origins = attach_points(xy, edges, limit_m=MAX_SNAP_M)
    notes = costs.notes
    if not len(length_m):
        notes += (Note.of("no-street-open"),)
    elif origins.count and not origins.connected().any():
        notes += (Note.of("no-origin-near", distance_m=MAX_SNAP_M),)
    entrances = city.layers.get("entrances")
    return RoutableNetwork(
        graph, times, travel.speed_m_per_min, network, edges, origins, notes,
        given=None if entrances is None else given(travel, entrances),
    )  # fmt: skip


def disconnected_fragments(streets: StreetNetwork) -> NDArray[np.bool_]:
    """(m,) whether each edge is part of a short piece that is joined to nothing.

    An origin nearest to one is snapped to the nearest connected street as well.
    """
    part = streets.component[streets.edge_nodes[:, 0]]
    length_m = np.bincount(part, streets.edge_length_m)
    return length_m[part] < min(FRAGMENT_M, FRAGMENT_SHARE * float(length_m.max(initial=0.0)))


def connection(routable: RoutableNetwork, residents: Residents) -> Connectivity:
    """How many residents the streets join to one another, and how many not.

    Parameters
    ----------
    walk
        The streets that a mode may use.
    residents
        Who lives where.

    Returns
    -------
    Connectivity
        Every resident in one of its counts.
    """
    streets, origins = routable.network, routable.origins
    is_fragment = routable.edges.is_fragment
    part = streets.component[streets.edge_nodes[:, 0]][origins.edge]
    lowest = np.full(origins.count, len(streets.node_xy), dtype=np.int64)
    np.minimum.at(lowest, origins.origin, part)
    on_scrap = np.zeros(origins.count, dtype=bool)
    on_scrap[origins.origin[is_fragment[origins.edge]]] = True
    connected = origins.connected()
    people = residents.people
    return Connectivity(
        parts=len(np.unique(streets.component[streets.edge_nodes])),
        residents_joined=float(people[connected & (lowest == 0)].sum()),
        residents_cut_off=float(people[connected & (lowest > 0)].sum()),
        residents_not_connected=float(people[~connected].sum()),
        residents_near_fragments=float(people[on_scrap & (lowest == 0)].sum()),
    )


def snap_destinations(
    routable: RoutableNetwork, xy: NDArray[np.float64], to: Destinations
) -> SnappedDestinations:
    """Destinations snapped to the streets.

    Parameters
    ----------
    walk
        The streets.
    xy
        (n, 2) the origins.
    to
        The destinations.

    Returns
    -------
    SnappedDestinations
        Areas are met at the entrances that the city gives them; those that have none, wherever a
        street comes near.
    """
    at_given, has_given, notes = _at_given(routable, to)
    shut = np.setdiff1d(np.flatnonzero(has_given), at_given[1])
    point, area = np.flatnonzero(to.is_point), np.flatnonzero(~(to.is_point | has_given))
    at_points = attach_points(
        shapely.get_coordinates(to.geometry[point]), routable.edges, limit_m=MAX_SNAP_M
    )
    areas = to.geometry[area]
    at_areas, stretches = attach_areas(
        areas, routable.edges, tolerance_m=to.entrance_m, limit_m=MAX_SNAP_M
    )
    near_stretch, into, metres = links_off_stretches(
        routable.origins, areas, routable.edges, stretches
    )
    inside, around = _inside(xy, to.geometry, routable.origins.connected())
    return SnappedDestinations(
        facilities=_together(len(to.geometry), at_given, (at_points, point), (at_areas, area)),
        off_place=np.concatenate([near_stretch, inside]),
        off_row=np.concatenate([area[into], around]),
        off_m=np.concatenate([metres, np.zeros(len(inside))]),
        stretches=replace(stretches, area=area[stretches.area]),
        notes=notes,
        shut=shut,
    )


def _at_given(
    routable: RoutableNetwork, to: Destinations
) -> tuple[tuple[Attached, NDArray[np.int64]], NDArray[np.bool_], tuple[Note, ...]]:
    """Given entrances snapped to the streets, their destinations, and which of these have any."""
    has_given = np.zeros(len(to.geometry), dtype=bool)
    if routable.given is None:
        none = attach_points(np.empty((0, 2)), routable.edges, limit_m=MAX_SNAP_M)
        return (none, np.empty(0, dtype=np.int64)), has_given, ()
    given = routable.given
    row, entrance = given_entrances(to.geometry, given.xy, tolerance_m=given.tolerance_m)
    has_given[row] = True
    row, entrance = row[given.is_open[entrance]], entrance[given.is_open[entrance]]
    attached = attach_points(given.xy[entrance], routable.edges, limit_m=MAX_SNAP_M)
    areas = int((shapely.get_dimensions(to.geometry) == 2).sum())  # noqa: PLR2004  (areas)
    count, shut = int(has_given.sum()), int(has_given.sum()) - len(np.unique(row))
    notes = [Note.of("given-entrances", layer=to.role, count=count, total=areas)] if areas else []
    if areas and shut:
        notes.append(Note.of("entrances-shut", layer=to.role, count=shut))
    return (attached, row), has_given, tuple(notes)


def not_connected(snapped: SnappedDestinations, to: Destinations) -> tuple[str, ...]:
    """Keys of the destinations that lie too far from any street."""
    return _keys(to, np.setdiff1d(np.flatnonzero(~snapped.facilities.connected()), snapped.shut))


def cut_off(
    routable: RoutableNetwork, snapped: SnappedDestinations, to: Destinations
) -> tuple[str, ...]:
    """Keys of the destinations entered only from streets not joined to the longest part."""
    streets, at = routable.network, snapped.facilities
    joined = streets.component[streets.edge_nodes[at.edge, 0]] == 0
    return _keys(to, np.setdiff1d(at.origin, at.origin[joined]))


def _keys(to: Destinations, rows: NDArray[np.int64]) -> tuple[str, ...]:
    return tuple(sorted(key for row in rows for key in to.keys[row]))


def _together(count: int, *parts: tuple[Attached, NDArray[np.int64]]) -> Attached:
    """What was attached apart, each with its destination, of `count` destinations."""
    origin = np.concatenate([row[attached.origin] for attached, row in parts])
    order = np.argsort(origin, kind="stable")
    return Attached(
        count,
        origin[order],
        np.concatenate([attached.edge for attached, _ in parts])[order],
        np.concatenate([attached.along_m for attached, _ in parts])[order],
        np.concatenate([attached.offset_m for attached, _ in parts])[order],
    )


def _inside(
    xy: NDArray[np.float64], areas: NDArray[np.object_], connected: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Connected origins that lie in an area, and the row of the area."""
    rows = np.flatnonzero(connected)
    polygon = np.flatnonzero(shapely.get_dimensions(areas) == 2)  # noqa: PLR2004  (areas)
    if not len(polygon):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    around, origin = shapely.STRtree(np.asarray(shapely.points(xy[rows]), dtype=object)).query(
        areas[polygon], predicate="intersects"
    )
    return rows[origin].astype(np.int64), polygon[around].astype(np.int64)
