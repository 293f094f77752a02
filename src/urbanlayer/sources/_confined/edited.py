"""OpenStreetMap files as editors save them: new objects have negative ids, deleted ones a mark."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

if TYPE_CHECKING:
    from pathlib import Path

NEW_FROM = 1 << 40
"""New objects are numbered from here while they are read; OpenStreetMap's ids are below 2^35, and
pyosmium knows no locations of negative ones."""
_KINDS = {"n": "node", "w": "way", "r": "relation"}
_DELETE = "delete"

Deleted = frozenset[tuple[str, int]]
"""Kind (`node`, `way`, `relation`) and id of objects."""


def deleted_objects(path: Path) -> Deleted:
    """The objects of an XML file that an editor has marked as deleted (`action="delete"`).

    Parameters
    ----------
    path
        `.osm`; of other files there are none.
    """
    if path.suffix == ".pbf" or not path.stat().st_size:
        return frozenset()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        if text.find(_DELETE.encode()) < 0:
            return frozenset()
        found: set[tuple[str, int]] = set()

        def start(kind: str, attributes: dict[str, str]) -> None:
            if attributes.get("action") == _DELETE and kind in _KINDS.values():
                found.add((kind, int(attributes["id"])))

        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        file.seek(0)
        parser.ParseFile(file)
        return frozenset(found)


def as_uploaded(path: Path, deleted: Deleted, folder: Path) -> Path:
    """A copy of a file without deleted objects, in which all ids are positive and in order.

    Parameters
    ----------
    path
        As an editor saved it.
    deleted
        Objects that are left out.
    folder
        Where the copy is written.
    """
    import osmium

    copy, in_order = folder / "copy.osm.pbf", folder / "in_order.osm.pbf"
    thing: Any
    mutable: Any = osmium.osm.mutable
    with osmium.SimpleWriter(str(copy)) as writer:
        for thing in osmium.FileProcessor(str(path)):
            kind = _KINDS.get(thing.type_str())
            if kind is None or (kind, thing.id) in deleted:
                continue
            number = _positive(thing.id)
            if thing.is_node():
                writer.add_node(mutable.Node(thing, id=number))
            elif thing.is_way():
                nodes = [_positive(node.ref) for node in thing.nodes]
                writer.add_way(mutable.Way(thing, id=number, nodes=nodes))
            else:
                members = [(one.type, _positive(one.ref), one.role) for one in thing.members]
                writer.add_relation(mutable.Relation(thing, id=number, members=members))
    reader = osmium.MergeInputReader()
    reader.add_file(str(copy))
    handler = osmium.WriteHandler(str(in_order))
    reader.apply(handler)
    handler.close()
    return in_order


def _positive(number: int) -> int:
    return number if number >= 0 else NEW_FROM - number
