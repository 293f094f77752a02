"""Shapes of OpenStreetMap objects that come without: open outlines, cut rings, sites."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from urbanlayer.model.note import Note
from urbanlayer.sources._confined.outer_ways import (
    count_once,
    drawn_outer_ways,
    old_style_of,
    take_old_style,
)
from urbanlayer.sources._confined.rings import (
    MIN_CORNERS,
    Way,
    closed_ring,
    metres_between,
    read_parts,
    rings_of,
)
from urbanlayer.sources._tags import TagFilter, looked_up

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import shapely

    from urbanlayer.sources._confined.collected import Collected, Member, Unplaced
    from urbanlayer.sources._confined.rings import Parts

_NEVER_CLOSED = frozenset({"neighbourhoods", "boundary"})
"""Layers whose outlines decide who is counted: an open one is listed."""


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


def complete(path: Path, every: Sequence[Collected], left: Leftover, located: Any) -> int:  # noqa: ANN401
    """Draw what has no shape yet; what cannot be drawn is listed with its reason.

    Parameters
    ----------
    path
        The file.
    every
        Its layers, after all of it was read once.
    left
        What no area was made of.
    located
        pyosmium's table of the places of all nodes of the file.

    Returns
    -------
    int
        How many of its closed ways have no node in the file.
    """
    _place_relations_of_sites(path, every)
    rows = [each.rows() if each.expected or left.untagged else {} for each in every]
    undrawn = [_undrawn(each) for each in every]
    outer = [drawn_outer_ways(each, at) for each, at in zip(every, rows, strict=True)]
    old = [old_style_of(each, left.untagged, at) for each, at in zip(every, rows, strict=True)]
    members = {
        (kind, number)
        for each, without_shape, untagged in zip(every, undrawn, old, strict=True)
        for one in (*each.sites.values(), *without_shape.values(), *untagged.values())
        for kind, number, _ in one.members
    }
    ways = left.rings.union(*outer, (number for kind, number in members if kind == "w"))
    parts = read_parts(path, ways, {number for kind, number in members if kind == "n"}, located)
    if parts.has_new:
        every[0].has_new = True
    _take_rings(every, left.rings, parts)
    for number, each in enumerate(every):
        count_once(each, outer[number], parts, rows[number])
        if old[number]:
            take_old_style(each, old[number], parts, each.rows())
        for label, (one, places, complete_way) in each.open_ways.items():
            _take_way(each, label, Way(places, complete_way, closed=False, tags=one.tags))
        for label, one in undrawn[number].items():
            _take_relation(each, label, one, parts)
        for label, one in each.sites.items():
            _take_site(each, label, one, parts)
    return sum(not parts.ways[number].places for number in left.rings & parts.ways.keys())


def _take_rings(every: Sequence[Collected], rings: set[int], parts: Parts) -> None:
    """Take closed ways of which pyosmium made no area."""
    by_tags = TagFilter((each, each.selection.tags) for each in every if each.selection.areas)
    for number in sorted(rings & parts.ways.keys()):
        for each in by_tags.matching(looked_up(parts.ways[number].tags)):
            _take_way(each, f"way/{number}", parts.ways[number])


def _undrawn(each: Collected) -> dict[str, Unplaced]:
    drawn = set(each.labels)
    return {
        label: one
        for label, one in each.expected.items()
        if label not in drawn and label not in each.left_out
    }


def _take_way(each: Collected, label: str, way: Way) -> None:
    """Take an area whose outline is open, closed by a straight line where that is plausible.

    Of a layer that has points too, what is no outline stands at its middle: a platform.
    """
    import shapely

    is_line = way.complete and len(set(way.places)) > 1 and not way.closed
    if len(way.places) < MIN_CORNERS and not is_line:
        each.leave_out(label, Note.of("missing-nodes"))
        return
    if way.closed and way.complete:  # and pyosmium made no area of it
        each.leave_out(label, Note.of("broken-multipolygon"))
        return
    ring = closed_ring(way.places, cut=not way.complete)
    if ring is None and is_line and each.selection.points:
        middle = shapely.LineString(way.places).interpolate(0.5, normalized=True)
        each.at_middle.append(label)
        each.take(label, shapely.to_wkb(middle, hex=True), looked_up(way.tags))
        return
    if ring is None or each.selection.role in _NEVER_CLOSED:
        gap_m = round(metres_between(way.places[0], way.places[-1]))
        each.leave_out(label, Note.of("outline-open", gap_m=gap_m))
        return
    each.closed.append(label)
    each.take(label, shapely.to_wkb(ring, hex=True), looked_up(way.tags))


def _take_relation(each: Collected, label: str, one: Unplaced, parts: Parts) -> None:
    """Take a multipolygon whose rings are cut at the edge of the extract, as far as it is there."""
    import shapely

    cut = any(
        kind == "w" and (number not in parts.ways or not parts.ways[number].complete)
        for kind, number, _ in one.members
    )
    outer, inner = (
        rings_of([n for kind, n, part in one.members if kind == "w" and (part == "inner") is hole],
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


def _take_site(each: Collected, label: str, one: Unplaced, parts: Parts) -> None:
    """Take a relation of `type=site`, which stands at its members."""
    import shapely

    names = {f"{_KINDS[kind]}/{number}" for kind, number, _ in one.members}
    if names & set(each.labels):
        each.leave_out(label, Note.of("members-counted"))
        return
    ways = [parts.ways[n] for kind, n, _ in one.members if kind == "w" and n in parts.ways]
    points = [parts.nodes[n] for kind, n, _ in one.members if kind == "n" and n in parts.nodes]
    areas = [shapely.Polygon(way.places) for way in ways if way.closed and way.complete]
    areas = areas or rings_of([n for kind, n, _ in one.members if kind == "w"], parts, cut=False)
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
