"""Shapes of OpenStreetMap objects that come without: open outlines, cut rings, sites."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from urbanlayer.model.note import Note
from urbanlayer.sources._confined.collected import take_node
from urbanlayer.sources._tags import ONE_VALUE, TagFilter, looked_up, tags_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import shapely

    from urbanlayer.sources._confined.collected import Collected, Member, Unplaced

MAX_GAP_SHARE = 0.5
"""An open outline is closed by a straight line of at most this share of its drawn length."""
MIN_CORNERS = 3
_NEVER_CLOSED = frozenset({"neighbourhoods", "boundary"})
"""Layers whose outlines decide who is counted: an open one is listed."""
_METRES = 111_195.0
"""Of a degree of latitude."""

Place = tuple[float, float]


@dataclass(slots=True)
class Way:
    """A way as far as the file has it: located nodes in their order."""

    places: list[Place]
    complete: bool
    closed: bool
    tags: dict[str, str] = field(default_factory=dict)
    has_new: bool = False


@dataclass(slots=True)
class _Parts:
    """Ways and nodes by their numbers."""

    ways: dict[int, Way] = field(default_factory=dict)
    nodes: dict[int, Place] = field(default_factory=dict)


@dataclass(slots=True)
class Leftover:
    """What a file has of areas, besides those that pyosmium made.

    Attributes
    ----------
    rings
        Closed ways of which no area was made.
    untagged
        Multipolygons without tags of their own: their outer ways have the tags.
    """

    rings: set[int] = field(default_factory=set)
    untagged: dict[str, Unplaced] = field(default_factory=dict)


def members_of(relation: Any) -> tuple[Member, ...]:  # noqa: ANN401  (pyosmium's)
    """Type, number and role of the members of a relation."""
    return tuple((member.type, member.ref, member.role) for member in relation.members)


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
        len(located) < len(way.nodes) and any(node.ref < 0 for node in way.nodes),
    )


def complete(path: Path, every: Sequence[Collected], left: Leftover) -> int:
    """Draw what has no shape yet; what cannot be drawn is listed with its reason.

    Parameters
    ----------
    path
        The file.
    every
        Its layers, after all of it was read once.
    left
        What no area was made of.

    Returns
    -------
    int
        How many of its closed ways have no node in the file.
    """
    _place_relations_of_sites(path, every)
    rings, untagged = left.rings, [_with_tagged_outlines(each, left.untagged) for each in every]
    undrawn = [_undrawn(each) for each in every]
    outlines = [_outer_ways(each) for each in every]
    members = {
        (kind, number)
        for each, without_shape, outlined in zip(every, undrawn, untagged, strict=True)
        for one in (*each.sites.values(), *without_shape.values(), *outlined.values())
        for kind, number, _ in one.members
    }
    ways = rings | {number for kind, number in members if kind == "w"}
    placed = bool(ways)
    ways.update(way for outer in outlines for way in outer)
    nodes = {number for kind, number in members if kind == "n"}
    parts = _read(path, ways, nodes, every, placed=placed)
    if any(way.has_new for way in parts.ways.values()):
        every[0].has_new = True
    by_tags = TagFilter((each, each.selection.tags) for each in every if each.selection.areas)
    for number in sorted(rings & parts.ways.keys()):
        for each in by_tags.matching(parts.ways[number].tags.get):
            _take_way(each, f"way/{number}", parts.ways[number])
    for each, outer, without_shape, outlined in zip(
        every, outlines, undrawn, untagged, strict=True
    ):
        _count_once(each, outer, parts)
        for label, one in outlined.items():
            _take_untagged(each, label, one, parts)
        for label, (one, places, complete_way) in each.open_ways.items():
            _take_way(each, label, Way(places, complete_way, closed=False, tags=one.tags))
        for label, one in without_shape.items():
            _take_relation(each, label, one, parts)
        for label, one in each.sites.items():
            _take_site(each, label, one, parts)
    return sum(not parts.ways[number].places for number in rings & parts.ways.keys())


def _outer_ways(each: Collected) -> dict[int, str]:
    """The outer ways of drawn relations that are drawn too, and the relation of each."""
    drawn = set(each.labels)
    return {
        number: label
        for label, one in each.expected.items()
        if label in drawn
        for kind, number, part in one.members
        if kind == "w" and part != "inner" and f"way/{number}" in drawn
    }


def _count_once(each: Collected, outer: dict[int, str], parts: _Parts) -> None:
    """Leave out outer ways that have the tags of their relation, which is the same area."""
    twice = {
        f"way/{number}": label
        for number, label in outer.items()
        if parts.ways[number].closed
        and each.shares_tag(each.expected[label].tags, parts.ways[number].tags)
    }
    each.drop(twice)
    for way, label in twice.items():
        detail = Note.of("counted-in-relation", relation=label)
        each.leave_out(way, detail)


def _undrawn(each: Collected) -> dict[str, Unplaced]:
    drawn = set(each.labels)
    return {
        label: one
        for label, one in each.expected.items()
        if label not in drawn and label not in each.left_out
    }


def _read(
    path: Path, ways: set[int], nodes: set[int], every: Sequence[Collected], *, placed: bool
) -> _Parts:
    """The requested ways and nodes, as far as the file has them; ways placed or not.

    Nodes with several values of a tag are taken, and those of layers of areas listed, in the same
    pass: the first does without, since most nodes with tags are none of them.
    """
    import osmium

    parts = _Parts()
    further = TagFilter(
        (each, each.selection.tags)
        for each in every
        if each.selection.points or not each.selection.lines
    )
    keys = [tag for tag in further.keys if tag not in ONE_VALUE or tag in further.any_value]
    if not (nodes or ways or keys):
        return parts
    kinds = osmium.osm.NODE | osmium.osm.WAY if ways else osmium.osm.NODE
    stream = osmium.FileProcessor(str(path), kinds)
    if ways:
        chosen: Any = osmium.filter.IdFilter(ways)
        stream = stream.with_locations() if placed else stream
        stream = stream.with_filter(chosen.enable_for(osmium.osm.WAY))
    if not nodes:
        tagged: Any = osmium.filter.KeyFilter(*keys or [""])
        stream = stream.with_filter(tagged.enable_for(osmium.osm.NODE))
    drawn = {id(each): frozenset(each.labels) for each in every}
    factory = osmium.geom.WKBFactory()
    thing: Any
    for thing in stream:
        if thing.is_way():
            parts.ways[thing.id] = way_of(thing)
            continue
        if thing.id in nodes:
            parts.nodes[thing.id] = thing.location.lon, thing.location.lat
        label, tags = f"node/{thing.id}", tags_of(thing)
        wanting = [
            each
            for each in further.matching(tags[0])
            if label not in drawn[id(each)] and label not in each.left_out
        ]
        take_node(thing, wanting, tags, factory)
    return parts


def _take_way(each: Collected, label: str, way: Way) -> None:
    """Take an area whose outline is open, closed by a straight line where that is plausible."""
    import shapely

    if len(way.places) < MIN_CORNERS:
        each.leave_out(label, Note.of("missing-nodes"))
        return
    if way.closed and way.complete:  # and pyosmium made no area of it
        each.leave_out(label, Note.of("broken-multipolygon"))
        return
    ring = _closed(way.places, cut=not way.complete)
    if ring is None or each.selection.role in _NEVER_CLOSED:
        gap_m = round(_metres_between(way.places[0], way.places[-1]))
        each.leave_out(label, Note.of("outline-open", gap_m=gap_m))
        return
    each.closed.append(label)
    each.take(label, shapely.to_wkb(ring, hex=True), looked_up(way.tags))


def _take_relation(each: Collected, label: str, one: Unplaced, parts: _Parts) -> None:
    """Take a multipolygon whose rings are cut at the edge of the extract, as far as it is there."""
    import shapely

    cut = any(
        kind == "w" and (number not in parts.ways or not parts.ways[number].complete)
        for kind, number, _ in one.members
    )
    outer, inner = (
        _rings([n for kind, n, part in one.members if kind == "w" and (part == "inner") is hole],
               parts, cut=cut)
        for hole in (False, True)
    )  # fmt: skip
    if not outer or each.selection.crossed or each.selection.role in _NEVER_CLOSED:
        each.leave_out(label, Note.of("broken-multipolygon"))
        return
    area = shapely.difference(shapely.union_all(outer), shapely.union_all(inner))
    if shapely.is_empty(area):
        each.leave_out(label, Note.of("broken-multipolygon"))
        return
    each.closed.append(label)
    each.take(label, shapely.to_wkb(area, hex=True), looked_up(one.tags))


def _with_tagged_outlines(each: Collected, untagged: dict[str, Unplaced]) -> dict[str, Unplaced]:
    """Those multipolygons without tags whose outer ways belong to a layer of areas."""
    if not each.selection.areas or not untagged:
        return {}
    own = {*each.labels, *each.open_ways}
    return {
        label: one
        for label, one in untagged.items()
        if any(
            kind == "w" and part != "inner" and f"way/{n}" in own for kind, n, part in one.members
        )
    }


def _take_untagged(each: Collected, label: str, one: Unplaced, parts: _Parts) -> None:
    """Cut the holes of a multipolygon out of its outer ways, which have the tags of the area.

    Outer ways that are closed remain what they are; those that make a ring together become the
    relation.
    """
    import shapely

    ways = [(f"way/{n}", n, part == "inner") for kind, n, part in one.members if kind == "w"]
    holes = shapely.union_all(_rings([n for _, n, hole in ways if hole], parts, cut=False))
    for way, _, hole in ways:
        if not hole and way in each.labels:
            row = each.labels.index(way)
            area = shapely.difference(shapely.from_wkb(each.wkb[row]), holes)
            if not shapely.is_empty(area):
                each.wkb[row] = shapely.to_wkb(area)
    opened = {way: n for way, n, hole in ways if not hole and way in each.open_ways}
    outer = _rings(opened.values(), parts, cut=False)
    if outer:
        area = shapely.difference(shapely.union_all(outer), holes)
        tags = looked_up(each.open_ways[next(iter(opened))][0].tags)
        each.take(label, shapely.to_wkb(area, hex=True), tags)
        for way in opened:
            del each.open_ways[way]
            each.leave_out(way, Note.of("counted-in-relation", relation=label))


def _rings(ways: Iterable[int], parts: _Parts, *, cut: bool) -> list[shapely.Polygon]:
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
        ring = _closed(list(line.coords), cut=cut)
        if ring is None:
            return []
        polygons.append(ring)
    return polygons


def _closed(places: list[Place], *, cut: bool) -> shapely.Polygon | None:
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
    drawn_m = sum(map(_metres_between, places, places[1:]))
    gap_m = _metres_between(places[0], places[-1])
    polygon = shapely.Polygon(places)
    plausible = cut or gap_m <= MAX_GAP_SHARE * drawn_m
    return polygon if plausible and polygon.is_valid and polygon.area > 0 else None


def _metres_between(one: Place, other: Place) -> float:
    """Metres, by an equirectangular projection; enough to compare lengths of one outline."""
    east = (other[0] - one[0]) * math.cos(math.radians(one[1]))
    return _METRES * math.hypot(east, other[1] - one[1])


def _place_relations_of_sites(path: Path, every: Sequence[Collected]) -> None:
    """Give sites the outlines of the relations that are members of them."""
    sites = [one for each in every for one in each.sites.values()]
    wanted = {number for one in sites for kind, number, _ in one.members if kind == "r"}
    if not wanted:
        return
    import osmium

    chosen: Any = osmium.filter.IdFilter(wanted)
    members = {
        relation.id: tuple(member for member in members_of(relation) if member[2] != "inner")
        for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION).with_filter(chosen)
    }
    for one in sites:
        for kind, number, _ in one.members:
            if kind == "r":
                one.members += members.get(number, ())


def _take_site(each: Collected, label: str, one: Unplaced, parts: _Parts) -> None:
    """Take a relation of `type=site`, which stands at its members."""
    import shapely

    names = {f"{_KINDS[kind]}/{number}" for kind, number, _ in one.members}
    if names & set(each.labels):
        each.leave_out(label, Note.of("members-counted"))
        return
    ways = [parts.ways[n] for kind, n, _ in one.members if kind == "w" and n in parts.ways]
    points = [parts.nodes[n] for kind, n, _ in one.members if kind == "n" and n in parts.nodes]
    areas = [shapely.Polygon(way.places) for way in ways if way.closed and way.complete]
    areas = areas or _rings([n for kind, n, _ in one.members if kind == "w"], parts, cut=False)
    shape: shapely.Geometry | None = None
    if each.selection.areas and areas:
        shape = shapely.union_all([area for area in areas if area.is_valid])
    elif each.selection.points:
        points += [place for way in ways for place in way.places]
        shape = shapely.MultiPoint(points) if points else None
    if shape is None or shapely.is_empty(shape):
        each.leave_out(label, Note.of("site-without-members"))
        return
    each.take(label, shapely.to_wkb(shape, hex=True), looked_up(one.tags))
    each.at_members.append(label)


_KINDS = {"n": "node", "w": "way", "r": "relation"}
