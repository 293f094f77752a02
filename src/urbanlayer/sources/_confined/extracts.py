"""One pass through an OpenStreetMap extract for all the layers that a city asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note
from urbanlayer.sources._confined.answers import checked, note_as_json
from urbanlayer.sources._confined.collected import (
    Unplaced,
    collected,
    in_use,
    notes_of,
    table_of,
    take_node,
)
from urbanlayer.sources._confined.edited import as_uploaded, marks_of
from urbanlayer.sources._confined.outer_ways import is_old_style
from urbanlayer.sources._confined.outlines import Leftover, complete, members_of
from urbanlayer.sources._confined.rings import has_new_nodes
from urbanlayer.sources._confined.whole_extracts import read_whole
from urbanlayer.sources._selection import Selection
from urbanlayer.sources._tags import TagFilter, looked_up, tags_of, without_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from urbanlayer.sources._confined.answers import Answer
    from urbanlayer.sources._confined.collected import Collected
    from urbanlayer.sources._tags import Tags

MAX_WITHOUT_NODES = 0.1
"""A file in which more ways than this lack all their nodes is cut, or out of order. What a clip
leaves at its edge has at least one."""
_AREAS = frozenset({"multipolygon", "boundary"})
_SITES = frozenset({"site"})
_OUT_OF_ORDER = "IDs out of order"
"""What pyosmium says of ways or relations that do not ascend, as where new ones were added."""


def extract(path: str, layer_name: str, selections: Sequence[dict[str, Any]]) -> Answer:
    """The objects of every layer that is asked for, a table for each.

    Parameters
    ----------
    path
        `.osm.pbf` or `.osm`.
    layer_name
        How messages call the file.
    selections
        As `Selection.as_json` writes them.

    Raises
    ------
    SourceError
        If the file cannot be read to its end: half a city is never handed on.
    """
    wanted = [Selection.of_json(each) for each in selections]
    with read_whole(path, layer_name):
        every, ways, without_nodes, has_new = _read(Path(path), layer_name, wanted)
    if ways and without_nodes > MAX_WITHOUT_NODES * ways:
        raise SourceError(
            f"{layer_name}: {without_nodes} of {ways} ways lack their nodes; the file is "
            "cut or out of order (osmium sort restores the order)"
        )
    about = [
        {
            "left_out": [
                [key, why, note_as_json(note)] for key, (why, note) in each.left_out.items()
            ],
            "notes": [note_as_json(note) for note in notes_of(each)],
        }
        for each in every
    ]
    return {"layers": about, "has_new": has_new}, [
        checked(table_of(each), layer_name) for each in every
    ]


def _read(
    path: Path, layer_name: str, wanted: list[Selection]
) -> tuple[list[Collected], int, int, bool]:
    """The layers; the number of ways, and of those that lack all their nodes.

    The last says whether they are those of a copy in which new objects have other ids.
    """
    has_new = _check_one_version(path, layer_name)
    marks = marks_of(path)
    if marks.remark:
        raise SourceError(
            f"{layer_name}: Overpass gave up before all was sent ({marks.remark}); request a "
            "smaller area"
        )
    deleted = marks.deleted
    if not (has_new or deleted):
        try:
            found = _gathered(path, wanted)
            has_new = any(each.has_new for each in found[0])
        except RuntimeError as error:
            has_new = _OUT_OF_ORDER in str(error)  # the copy is in order
            if not has_new:
                raise
        if not has_new:
            return *found, False
    from urbanlayer.sources._scratch import scratch_folder  # rarely needed

    with scratch_folder() as folder:
        return *_gathered(as_uploaded(path, deleted, folder), wanted), has_new


def _gathered(path: Path, wanted: list[Selection]) -> tuple[list[Collected], int, int]:
    every = [collected(selection) for selection in wanted]
    ways, without_nodes, left, located = _stream(path, every)
    return every, ways, without_nodes + complete(path, every, left, located)


def _check_one_version(path: Path, layer_name: str) -> bool:
    """Refuse a file with history: an older version would be read as what is there today.

    Returns
    -------
    bool
        Whether an XML file has objects that an editor added, whose ids are negative.
    """
    import osmium

    has_new, in_order = False, True
    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        several = reader.header().has_multiple_object_versions
    if not several and path.suffix != ".pbf":  # XML does not say so in its header
        before = ("", 0)
        for thing in osmium.FileProcessor(str(path)):
            if isinstance(thing, osmium.osm.Changeset):
                continue
            now = (thing.type_str(), thing.id)
            if several := now == before or not thing.visible:
                break
            has_new |= thing.id < 0
            in_order &= now[0] != before[0] or now[1] > before[1]
            before = now
        several = several or not (in_order or _are_alike(path))
    if several:
        raise SourceError(
            f"{layer_name}: it has several versions of its objects, or deleted ones (a file "
            "with history); extract the latest (osmium time-filter city.osh.pbf -o city.osm.pbf)"
        )
    return has_new


def _are_alike(path: Path) -> bool:
    """Whether objects of one id are of one version, in a file that was put together of several."""
    import osmium

    versions: dict[tuple[str, int], int] = {}
    for thing in osmium.FileProcessor(str(path)):
        if not isinstance(thing, osmium.osm.Changeset):
            one = (thing.type_str(), thing.id)
            if versions.setdefault(one, thing.version) != thing.version:
                return False
    return True


def _stream(path: Path, every: list[Collected]) -> tuple[int, int, Leftover, Any]:
    """Give every object of the file to the layers that want it.

    Returns
    -------
    seen, without_nodes
        Number of ways seen, and of those taken as lines that lack all their nodes.
    left
        Of what pyosmium made no area.
    located
        pyosmium's table of the places of nodes.
    """
    import osmium

    # nodes of areas are listed
    points = _filter_of(each for each in every if each.selection.points or not each.selection.lines)
    ways = _filter_of(every)
    as_closed = _filter_of(each for each in every if not each.selection.areas)
    # areas made of relations have lost their type; those of others are taken back at the end
    areas = TagFilter(
        (each, without_type(each.selection.tags) or each.selection.tags)
        for each in every
        if each.selection.areas or each.selection.crossed
    )
    outlined = _filter_of(each for each in every if each.selection.areas)
    untyped = TagFilter(
        (each, without_type(each.selection.tags)) for each in every if each.selection.areas
    )
    factory = osmium.geom.WKBFactory()
    of_others: list[tuple[Collected, str]] = []
    seen = without_nodes = 0
    left = Leftover()
    stream = _filtered(path, points, ways, areas)
    thing: Any
    for thing in stream:
        tags, kind = tags_of(thing), type(thing)
        if kind is osmium.osm.Node:
            take_node(thing, points.matching(tags), tags, factory)
        elif kind is osmium.osm.Way:
            seen += 1
            closed = thing.is_closed()
            wanting = (as_closed if closed else ways).matching(tags)
            if closed and (not wanting or outlined.matching(tags)):
                left.rings.add(thing.id)
            if wanting:
                without_nodes += _take_way(thing, wanting, tags, factory)
        elif kind is osmium.osm.Area:
            if thing.from_way():
                left.rings.discard(thing.orig_id())
            wanting = _of_type(thing, areas.matching(tags), untyped.matching(tags))
            _take_area(thing, wanting, tags, factory)
        else:
            wanting = ways.matching(tags)
            _take_relation(thing, wanting, tags, left)
            label = f"relation/{thing.id}"
            of_others += [(each, label) for each in untyped.matching(tags) if each not in wanting]
    for each, label in of_others:
        each.drop({label})
    return seen, without_nodes, left, stream.node_location_storage


def _filter_of(layers: Iterable[Collected]) -> TagFilter[Collected]:
    """The layers that an object belongs to by the tags of their selection."""
    return TagFilter((each, each.selection.tags) for each in layers)


def _of_type(area: Any, wanting: list[Collected], typed: list[Collected]) -> list[Collected]:  # noqa: ANN401
    """The layers that take an area; those that ask for relations of a type list a closed way."""
    if not typed or not area.from_way():
        return wanting
    for each in typed:
        each.leave_out(f"way/{area.orig_id()}", Note.of("way-without-type"))
    return [each for each in wanting if each not in typed]


def _filtered(
    path: Path,
    points: TagFilter[Collected],
    ways: TagFilter[Collected],
    areas: TagFilter[Collected],
) -> Any:  # noqa: ANN401  (pyosmium's)
    """The objects of a file that some layer may want, areas made of their outlines."""
    import osmium

    stream = osmium.FileProcessor(str(path)).with_locations()
    if areas.keys:  # they take a pass of their own
        whole = osmium.osm.AREA | osmium.osm.RELATION
        stream = stream.with_areas(_with_keys(areas, whole))
    relations: Any = osmium.filter.KeyFilter(*ways.keys, "type")
    stream = stream.with_filter(_with_keys(points, osmium.osm.NODE))
    stream = stream.with_filter(_with_keys(ways, osmium.osm.WAY))
    stream = stream.with_filter(relations.enable_for(osmium.osm.RELATION))
    return stream.with_filter(_with_keys(areas, osmium.osm.AREA))


def _with_keys(tag_filter: TagFilter[Collected], kind: Any) -> Any:  # noqa: ANN401  (pyosmium's)
    """A filter that lets pass, of one kind of object, what some layer may want."""
    import osmium

    return osmium.filter.KeyFilter(*(tag_filter.keys or ("",))).enable_for(kind)


def _take_area(area: Any, wanting: list[Collected], tags: Tags, factory: Any) -> None:  # noqa: ANN401
    import osmium

    from_way = area.from_way()
    if from_way:
        wanting = [each for each in wanting if each.selection.areas]  # as lines they came as ways
    if not wanting:
        return
    label = f"{'way' if from_way else 'relation'}/{area.orig_id()}"
    wanting = in_use(wanting, label, tags)
    try:
        wkb = factory.create_multipolygon(area) if any(e.selection.areas for e in wanting) else ""
    except (RuntimeError, osmium.InvalidLocationError) as error:
        for each in wanting:
            each.leave_out(label, Note.of("unreadable", why=str(error)), "broken-multipolygon")
        return
    for each in wanting:
        if each.selection.crossed:
            _take_rings(each, label, area)
        else:
            each.take(label, wkb, tags)


def _take_rings(each: Collected, label: str, area: Any) -> None:  # noqa: ANN401
    """Take an area that people cross, as its rings; its holes are walked around."""
    import shapely

    rings = [
        [(node.ref, node.lon, node.lat) for node in ring]
        for outer in area.outer_rings()
        for ring in (outer, *area.inner_rings(outer))
    ]
    lines = shapely.MultiLineString([[(lon, lat) for _, lon, lat in ring] for ring in rings])
    tags = {**{tag.k: tag.v for tag in area.tags}, "area": "yes"}
    nodes = [ref for ring in rings for ref, _, _ in ring]
    each.take(label, shapely.to_wkb(lines, hex=True), looked_up(tags), nodes)


def _take_way(way: Any, wanting: list[Collected], tags: Tags, factory: Any) -> bool:  # noqa: ANN401
    """Take a way as a line, or note what has to become of it; whether it lacks all its nodes."""
    label = f"way/{way.id}"
    lines = in_use(wanting, label, tags)
    as_line = [each for each in lines if each.selection.lines]
    missing = bool(as_line) and _take_line(way, as_line, tags, factory)
    for each in lines:
        if each.selection.areas and not each.selection.lines:
            places, whole = _located(way)
            each.has_new |= not whole and has_new_nodes(way)
            each.open_ways[label] = Unplaced({tag.k: tag.v for tag in way.tags}), places, whole
        elif not each.selection.lines:
            each.leave_out(label, Note.of("mapped-as-line"))
    return missing


def _located(way: Any) -> tuple[list[tuple[float, float]], bool]:  # noqa: ANN401
    """The places of a way's nodes that are in the file, and whether all are, of at least two."""
    places = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
    return places, len(places) == len(way.nodes) > 1


def _take_line(way: Any, wanting: list[Collected], tags: Tags, factory: Any) -> bool:  # noqa: ANN401
    """Take a way as a line; whether it lacks all its nodes."""
    import osmium

    label = f"way/{way.id}"
    nodes: list[int] = []
    cut = is_new = False
    try:
        wkb = factory.create_linestring(way)
        if any(each.selection.crossed for each in wanting):
            nodes = _refs(way)
            if len(wkb) != _WKB_HEAD + _WKB_POINT * len(nodes):  # nodes at one place left out
                wkb = _wkb([(node.lon, node.lat) for node in way.nodes])
    except (RuntimeError, osmium.InvalidLocationError):
        run = _longest_run(way)
        wkb, nodes, cut = _wkb([place for _, place in run]), [node for node, _ in run], True
        is_new = has_new_nodes(way)
    for each in wanting:
        each.has_new |= is_new
        if not wkb:
            each.leave_out(label, Note.of("missing-nodes"))
        else:
            each.cut += cut
            each.take(label, wkb, tags, nodes)
    if wkb:
        return False
    return len(way.nodes) > 0 and not any(node.location.valid() for node in way.nodes)


def _refs(way: Any) -> list[int]:  # noqa: ANN401
    """The numbers of a way's nodes; called as its list calls it, in half the time."""
    nodes = way.nodes
    try:
        data, get = nodes._pyosmium_data, nodes._list.get  # noqa: SLF001
    except AttributeError:
        return [node.ref for node in nodes]
    return [get(data, place).ref for place in range(len(nodes))]


_WKB_HEAD, _WKB_POINT = 18, 32
"""Hexadecimal digits of a LineString without points, and of each point."""


def _wkb(places: list[tuple[float, float]]) -> str:
    """A line of places as WKB; empty where there are not two."""
    import shapely

    if len(set(places)) < 2:  # noqa: PLR2004  (a line has two ends)
        return ""
    return shapely.to_wkb(shapely.LineString(places), hex=True)


def _longest_run(way: Any) -> list[tuple[int, tuple[float, float]]]:  # noqa: ANN401
    """The longest part of a way whose nodes are in the file: numbers and places."""
    runs: list[list[tuple[int, tuple[float, float]]]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            runs[-1].append((node.ref, (node.location.lon, node.location.lat)))
        elif runs[-1]:
            runs.append([])
    return max(runs, key=len)


def _take_relation(
    relation: Any,  # noqa: ANN401
    wanting: list[Collected],
    tags: Tags,
    left: Leftover,
) -> None:
    """Note what a relation has to become: an area, a site, or a line in the list of unused."""
    kind, label = tags[0]("type", None) or "", f"relation/{relation.id}"
    if not wanting:
        if kind in _AREAS and is_old_style(tag.k for tag in relation.tags):
            left.untagged[label] = Unplaced({}, members_of(relation))
        return
    wanting = in_use(wanting, label, tags)
    if not wanting:
        return
    one = Unplaced({tag.k: tag.v for tag in relation.tags}, members_of(relation))
    for each in wanting:
        if kind in _AREAS and (each.selection.areas or each.selection.crossed):
            each.expected[label] = one
        elif kind in _SITES and (each.selection.areas or each.selection.points):
            each.sites[label] = one
        else:
            each.leave_out(label, Note.of("relation-not-drawn", kind=kind))
