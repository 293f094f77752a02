"""Outer ways of multipolygons that have tags themselves: each place counts once, with its holes.

Until 2016 the outer ways of a multipolygon often had the tags of its area and the relation none
(wiki.openstreetmap.org/wiki/Old_style_multipolygons); such relations are still in extracts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from urbanlayer.model.note import Note
from urbanlayer.model.role import ANY
from urbanlayer.sources._confined.rings import rings_of
from urbanlayer.sources._tags import looked_up, without_lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterable

    import shapely

    from urbanlayer.sources._confined.collected import Collected, Unplaced
    from urbanlayer.sources._confined.rings import Parts, Way

_FEATURES = frozenset(
    {
        *("aerialway", "aeroway", "amenity", "area:highway", "barrier", "boundary", "building"),
        *("building:part", "club", "craft", "emergency", "geological", "golf", "healthcare"),
        *("highway", "historic", "landcover", "landuse", "leisure", "man_made", "military"),
        *("natural", "office", "place", "playground", "power", "public_transport", "railway"),
        *("route", "shop", "telecom", "tourism", "waterway"),
    }
)
"""Keys of the wiki's "Map features": a relation with none of them does not say what it is."""


_ROLES = frozenset({"inner", "outer"})


def is_old_style(tags: Iterable[str]) -> bool:
    """Whether the keys of a multipolygon do not say what it is, so that its outer ways do.

    Examples
    --------
    >>> is_old_style(["type", "name", "building:levels"]), is_old_style(["disused:amenity"])
    (True, False)
    """
    return not any(without_lifecycle(key) in _FEATURES for key in tags)


def outer_of(one: Unplaced) -> list[int]:
    """Numbers of the outer ways of a relation."""
    return [number for kind, number, part in one.members if kind == "w" and part != "inner"]


def _inner_of(one: Unplaced) -> list[int]:
    return [number for kind, number, part in one.members if kind == "w" and part == "inner"]


def drawn_outer_ways(each: Collected, rows: dict[str, int]) -> dict[int, str]:
    """The outer ways of drawn relations that belong to the layer too, and the relation of each."""
    return {
        number: label
        for label, one in each.expected.items()
        if label in rows
        for number in outer_of(one)
        if f"way/{number}" in rows or f"way/{number}" in each.open_ways
    }


def count_once(each: Collected, outer: dict[int, str], parts: Parts, rows: dict[str, int]) -> None:
    """Leave out outer ways that are the same area as their relation; cut its holes out of others.

    Parameters
    ----------
    each
        A layer, of which all was gathered.
    outer
        As `drawn_outer_ways` gives it.
    parts
        With these ways.
    rows
        Row of each object of the layer.
    """
    gone: dict[str, str] = {}
    for number, label in outer.items():
        way, name = parts.ways[number], f"way/{number}"
        if name in each.open_ways:
            del each.open_ways[name]
            each.leave_out(name, Note.of("counted-in-relation", relation=label))
            continue
        relation = each.expected[label]
        if _is_the_same(each, relation.tags, way):
            gone[name] = label
            if len(outer_of(relation)) == 1:
                each.inherit(rows[label], rows[name])
        elif way.closed and each.selection.areas:
            _cut(each, rows[name], rows[label])
            if _kinds_of(each) & relation.tags.keys() & way.tags.keys() and _without(
                each, rows[label], rows[name]
            ):
                each.inherit(rows[name], rows[label])
                gone[label] = name
    each.drop(gone)
    for name, label in gone.items():
        each.leave_out(name, Note.of("counted-in-relation", relation=label))


def _kinds_of(each: Collected) -> set[str]:
    """Tags whose every value makes the layer: two of them in one place are one object."""
    if each.selection.crossed:
        return set()
    tags = each.selection.tags
    return {tag for alternative in tags for tag, values in alternative.items() if ANY in values}


def _is_the_same(each: Collected, tags: dict[str, str], way: Way) -> bool:
    """Whether a way says no more than its relation: the same value of a tag, or only `yes`."""
    if each.shares_tag(tags, way.tags):
        return way.closed or not each.selection.crossed
    return way.closed and any(tag in tags and way.tags.get(tag) == "yes" for tag in _kinds_of(each))


def _cut(each: Collected, row: int, relation: int) -> None:
    """Cut the holes of a relation out of one of its outer ways."""
    import shapely

    way, whole = shapely.from_wkb([each.wkb[row], each.wkb[relation]])
    area = _areas_of(shapely.intersection(way, whole))
    if not shapely.is_empty(area):
        each.wkb[row] = shapely.to_wkb(area)


def _without(each: Collected, relation: int, row: int) -> bool:
    """Take the area of an outer way out of its relation; whether nothing is left of it."""
    import shapely

    way, whole = shapely.from_wkb([each.wkb[row], each.wkb[relation]])
    rest = _areas_of(shapely.difference(whole, way))
    if shapely.is_empty(rest):
        return True
    each.wkb[relation] = shapely.to_wkb(rest)
    return False


def _areas_of(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons of what an operation gave."""
    import shapely

    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])  # noqa: PLR2004


def old_style_of(
    each: Collected, untagged: dict[str, Unplaced], rows: dict[str, int]
) -> dict[str, Unplaced]:
    """Those multipolygons without tags of which an outer way belongs to a layer of areas."""
    if not (each.selection.areas or each.selection.crossed):
        return {}
    return {
        label: one
        for label, one in untagged.items()
        if any(f"way/{n}" in rows or f"way/{n}" in each.open_ways for n in outer_of(one))
    }


def take_old_style(
    each: Collected, old: dict[str, Unplaced], parts: Parts, rows: dict[str, int]
) -> None:
    """Give the outer ways of multipolygons without tags their holes, and join those that are open.

    Parameters
    ----------
    each
        A layer of areas, or one whose areas come as rings.
    old
        As `old_style_of` gives it.
    parts
        With all of their ways.
    rows
        Row of each object of the layer.
    """
    redrawn = _Redrawn(each, parts, rows)
    for label, one in old.items():
        redrawn.add(label, one)
    redrawn.finish()


@dataclass(slots=True)
class _Redrawn:
    """What becomes of the ways of multipolygons without tags, in one layer.

    Attributes
    ----------
    each, parts, rows
        The layer, all of their ways, and the row of each object of the layer.
    gone
        Objects that are counted no more, each with the reason.
    taken
        Label, areas, and a way with the tags, of objects that are taken.
    """

    each: Collected
    parts: Parts
    rows: dict[str, int]
    gone: dict[str, Note] = field(default_factory=dict)
    taken: list[tuple[str, list[shapely.Geometry], Way]] = field(default_factory=list)

    def add(self, label: str, one: Unplaced) -> None:
        """Settle one of them."""
        ways = self.parts.ways
        there = [n for n in outer_of(one) if n in ways and ways[n].places]
        own = [n for n in there if self._belongs(n)]
        if self.each.selection.crossed:
            own = [n for n in own if _is_square(ways[n])]
        if not own:
            return
        inner = _inner_of(one) + self._unnamed_inner(one)
        holes = rings_of(inner, self.parts, cut=False)
        for number in own:
            if ways[number].closed and ways[number].complete:
                self._give_holes(number, holes)
        opened = [number for number in own if not ways[number].closed]
        if opened:
            self._join(label, one, opened, holes)
        hole = Note.of("hole-of-relation", relation=label)
        outside = [ways[number].tags.items() for number in own]
        for number in inner:  # with the tags of the outside: nothing of its own
            own_tags = ways[number].tags if number in ways else {}
            if f"way/{number}" in self.rows and any(own_tags.items() <= tags for tags in outside):
                self.gone[f"way/{number}"] = hole

    def _unnamed_inner(self, one: Unplaced) -> list[int]:
        """Closed ways without a role that belong to nothing: holes, where they lie in an area."""
        ways = self.parts.ways
        unnamed = (n for kind, n, part in one.members if kind == "w" and part not in _ROLES)
        return [n for n in unnamed if n in ways and ways[n].closed and not self._belongs(n)]

    def finish(self) -> None:
        """Take back what is counted elsewhere, and take what was joined."""
        import shapely

        each, ways = self.each, self.parts.ways
        again = {label for label, _, _ in self.taken}
        each.drop(self.gone.keys() | again)
        for label, note in self.gone.items():
            each.open_ways.pop(label, None)
            each.leave_out(label, note)
        if each.selection.crossed:
            number_at = {
                place: ref
                for way in ways.values()
                for place, ref in zip(way.places, way.refs, strict=True)
            }
        for label, areas, way in self.taken:
            if not each.selection.crossed:
                each.take(
                    label, shapely.to_wkb(shapely.union_all(areas), hex=True), looked_up(way.tags)
                )
                continue
            rings = [ring.coords for area in areas for ring in _rings(area)]
            nodes = [number_at[place[0], place[1]] for ring in rings for place in ring]
            lines = shapely.to_wkb(shapely.MultiLineString(rings), hex=True)
            each.take(label, lines, looked_up({**way.tags, "area": "yes"}), nodes)

    def _belongs(self, number: int) -> bool:
        name = f"way/{number}"
        return name in self.rows or name in self.each.open_ways

    def _give_holes(self, number: int, holes: list[shapely.Polygon]) -> None:
        """Cut holes out of a closed outer way; one that people cross is taken anew, with rings."""
        import shapely

        name = f"way/{number}"
        if self.each.selection.crossed:
            whole = shapely.Polygon(self.parts.ways[number].places)
            if whole.is_valid:
                self.taken.append((name, [_with_holes(whole, holes)], self.parts.ways[number]))
        elif name in self.rows:
            row = self.rows[name]
            area = _with_holes(shapely.from_wkb(self.each.wkb[row]), holes)
            self.each.wkb[row] = shapely.to_wkb(area)

    def _join(
        self, label: str, one: Unplaced, opened: list[int], holes: list[shapely.Polygon]
    ) -> None:
        """Take the rings that open outer ways make, with those beside them that have no tags."""
        ways = self.parts.ways
        every = [n for n in outer_of(one) if n not in ways or not ways[n].closed]
        cut = any(n not in ways or not ways[n].complete for n in every)
        rings = [
            ring
            for ring in rings_of(every, self.parts, cut=cut)
            if {place for n in opened for place in ways[n].places} & set(ring.exterior.coords)
        ]
        if rings:
            areas = [_with_holes(ring, holes) for ring in rings]
            self.taken.append((label, areas, ways[opened[0]]))
            counted = Note.of("counted-in-relation", relation=label)
            self.gone |= {f"way/{number}": counted for number in opened}


def _is_square(way: Way) -> bool:
    """Whether a way in a multipolygon is the outline of an area that people cross."""
    return way.tags.get("area") == "yes" or way.tags.get("highway") == "pedestrian"


def _with_holes(area: shapely.Geometry, holes: list[shapely.Polygon]) -> shapely.Geometry:
    """An area without the holes that lie in it; an island inside a hole keeps its own area."""
    import shapely

    inside = [
        hole
        for hole in holes
        if hole.area < shapely.area(area)
        and shapely.intersects(area, shapely.point_on_surface(hole))
    ]
    return shapely.difference(area, shapely.union_all(inside)) if inside else area


def _rings(area: shapely.Geometry) -> list[shapely.LinearRing]:
    """The rings of an area, each outline before its holes."""
    import shapely

    return [ring for part in shapely.get_parts(area) for ring in (part.exterior, *part.interiors)]
