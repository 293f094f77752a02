"""Ways of OpenStreetMap as their located nodes, and the rings that they make."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import shapely

MAX_GAP_SHARE = 0.5
"""An open outline is closed by a straight line of at most this share of its drawn length."""
MIN_CORNERS = 3
_METRES = 111_195.0
"""Of a degree of latitude."""

Place = tuple[float, float]


@dataclass(slots=True)
class Way:
    """A way as far as the file has it: located nodes in their order, and their numbers."""

    places: list[Place]
    complete: bool
    closed: bool
    tags: dict[str, str] = field(default_factory=dict)
    refs: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Parts:
    """Ways and nodes by their numbers.

    Attributes
    ----------
    ways, nodes
        Those that were requested and are in the file.
    has_new
        Whether nodes that lack a place have negative ids, which pyosmium does not place.
    """

    ways: dict[int, Way] = field(default_factory=dict)
    nodes: dict[int, Place] = field(default_factory=dict)
    has_new: bool = False


def way_of(way: Any) -> Way:  # noqa: ANN401  (pyosmium's)
    """A way's located nodes.

    Parameters
    ----------
    way
        pyosmium's, while it is at hand.
    """
    located = [node for node in way.nodes if node.location.valid()]
    return Way(
        [(node.location.lon, node.location.lat) for node in located],
        len(located) == len(way.nodes) > 1,
        len(way.nodes) > MIN_CORNERS and way.is_closed(),
        {tag.k: tag.v for tag in way.tags},
        [node.ref for node in located],
    )


def has_new_nodes(way: Any) -> bool:  # noqa: ANN401  (pyosmium's)
    """Whether an editor has added nodes of a way, whose ids are negative."""
    return any(node.ref < 0 for node in way.nodes)


def read_parts(path: Path, ways: set[int], nodes: set[int], located: Any) -> Parts:  # noqa: ANN401
    """The requested ways and nodes, as far as the file has them.

    Parameters
    ----------
    path
        The file.
    ways, nodes
        Numbers.
    located
        pyosmium's table of the places of all nodes of the file.
    """
    import osmium

    parts = Parts(has_new=any(number < 0 for number in nodes))
    for number in nodes:
        if number < 0:
            continue
        try:
            place = located.get(number)
        except KeyError:
            continue
        if place.valid():
            parts.nodes[number] = place.lon, place.lat
    if not ways:
        return parts
    on_ways = osmium.NodeLocationsForWays(located)
    on_ways.ignore_errors()
    chosen = osmium.filter.IdFilter(ways)  # named, since the iterator does not keep it
    with osmium.io.Reader(str(path), osmium.osm.WAY) as reader:
        way: Any
        for way in osmium.OsmFileIterator(reader, on_ways, chosen):
            parts.ways[way.id] = way_of(way)
            parts.has_new |= not parts.ways[way.id].complete and has_new_nodes(way)
    return parts


def rings_of(ways: Iterable[int], parts: Parts, *, cut: bool) -> list[shapely.Polygon]:
    """The polygons of ways that follow one another; open ones closed where that is plausible.

    Empty where one of them is open and cannot be closed: half an area is none.
    """
    import shapely

    there = [parts.ways[number].places for number in ways if number in parts.ways]
    lines = [shapely.LineString(places) for places in there if len(places) > 1]
    if not lines:
        return []
    polygons = []
    for line in shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))):
        ring = closed_ring(list(line.coords), cut=cut)
        if ring is None:
            return []
        polygons.append(ring)
    return polygons


def closed_ring(places: list[Place], *, cut: bool) -> shapely.Polygon | None:
    """The polygon of an outline; None where a straight line does not close it plausibly.

    Parameters
    ----------
    places
        Longitude and latitude of its nodes.
    cut
        Whether the extract cuts it: then the straight line is the edge of the extract.
    """
    import shapely

    if len(set(places)) < MIN_CORNERS:
        return None
    drawn_m = sum(map(metres_between, places, places[1:]))
    gap_m = metres_between(places[0], places[-1])
    polygon = shapely.Polygon(places)
    plausible = cut or gap_m <= MAX_GAP_SHARE * drawn_m
    return polygon if plausible and polygon.is_valid and polygon.area > 0 else None


def metres_between(one: Place, other: Place) -> float:
    """Metres, by an equirectangular projection; enough to compare lengths of one outline."""
    east = (other[0] - one[0]) * math.cos(math.radians(one[1]))
    return _METRES * math.hypot(east, other[1] - one[1])
