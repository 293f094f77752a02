"""Jobs of the confined child: an extract of a region cut to one city, for a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.sources._confined.whole_extracts import read_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from osmium import IdTracker

    from urbanlayer.sources._confined.answers import Answer

_BOUNDARY, _MULTIPOLYGON = "boundary", "multipolygon"


def cut_extract(
    path: str, layer_name: str, box: Sequence[float], level: int, most: float, target: str
) -> Answer:
    """Write what lies in a box into a file of its own, unless that is most of the extract.

    Ways that reach into the box are whole, and so are the areas that one of them belongs to;
    boundaries above the level of the city keep only what lies near it.

    Parameters
    ----------
    path
        `.osm.pbf` or `.osm`.
    layer_name
        How messages call the file.
    box
        West, south, east and north, in degrees.
    level
        `admin_level` of the city.
    most
        Share of the nodes above which nothing is cut.
    target
        The new file, `.osm.pbf`.

    Returns
    -------
    tuple
        `cut`: whether the file was written.

    Raises
    ------
    SourceError
        The extract cannot be read to its end.
    """
    import osmium

    with read_whole(path, layer_name):
        near, cut = osmium.IdTracker(), osmium.IdTracker()
        if _add_nodes_within(path, box, (near, cut)) > most:
            return {"cut": False}, ()
        _add_what_they_make(path, near, cut, level)
        _write(path, cut, target)
    return {"cut": True}, ()


def _add_nodes_within(path: str, box: Sequence[float], to: Sequence[IdTracker]) -> float:
    """Add the nodes in a box; their share of all."""
    import osmium

    west, south, east, north = box
    inside = every = 0
    for node in osmium.FileProcessor(path, osmium.osm.NODE):
        if not isinstance(node, osmium.osm.Node):
            continue
        every += 1
        place = node.location
        if place.valid() and west <= place.lon <= east and south <= place.lat <= north:
            inside += 1
            for tracker in to:
                tracker.add_node(node.id)
    return inside / max(every, 1)


def _add_what_they_make(path: str, near: IdTracker, cut: IdTracker, level: int) -> None:
    """Add ways and relations of the nodes nearby, and what they need to be whole."""
    import osmium

    relations = []
    kinds = osmium.osm.WAY | osmium.osm.RELATION
    for thing in osmium.FileProcessor(path, kinds).with_filter(near.contains_filter()):
        if isinstance(thing, osmium.osm.Way):
            near.add_way(thing.id)
            cut.add_way(thing.id)
        if not isinstance(thing, osmium.osm.Relation):
            continue
        relations.append(thing.id)
        if _is_whole({tag.k: tag.v for tag in thing.tags}, level):
            for member in thing.members:
                if member.type == "w":
                    cut.add_way(member.ref)
    cut.complete_backward_references(path)
    for relation in relations:
        cut.add_relation(relation)


def _is_whole(tags: dict[str, str], level: int) -> bool:
    """Whether all ways of a relation are kept: of areas, but not of countries and regions."""
    if tags.get("type") == _MULTIPOLYGON and tags.get("boundary") != "administrative":
        return True
    own = tags.get("admin_level", "")
    return tags.get("type") in {_BOUNDARY, _MULTIPOLYGON} and own.isdigit() and int(own) >= level


def _write(path: str, cut: IdTracker, target: str) -> None:
    """Write the objects of a cut, with what the file says of its own date."""
    import osmium

    with osmium.io.Reader(path, osmium.osm.NOTHING) as reader:
        header = reader.header()
    with osmium.SimpleWriter(target, header=header, overwrite=True) as writer:
        osmium.apply(path, cut.id_filter(), writer)
