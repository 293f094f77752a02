"""OpenStreetMap XML as editors and Overpass save it: new and deleted objects, and remarks."""

from __future__ import annotations

import bz2
import gzip
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NEW_FROM = 1 << 40
"""New objects are numbered from here while they are read; OpenStreetMap's ids are below 2^35, and
pyosmium knows no locations of negative ones."""
_KINDS = {"n": "node", "w": "way", "r": "relation"}
_DELETE = "delete"
_SIGNS = (b'action="delete"', b"action='delete'", b"<remark>")
_BLOCK_BYTES = 1 << 20

Deleted = frozenset[tuple[str, int]]
"""Kind (`node`, `way`, `relation`) and id of objects."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What an XML file says of itself beside its objects.

    Attributes
    ----------
    deleted
        The objects that an editor has marked as deleted (`action="delete"`).
    remark
        Why Overpass ended before all was sent (`<remark> runtime error: …`); else empty.
    """

    deleted: Deleted = frozenset()
    remark: str = ""


def marks_of(path: Path) -> Marks:
    """What an OpenStreetMap file says of itself, if it is XML.

    Parameters
    ----------
    path
        `.osm`, `.osm.gz` or `.osm.bz2`; other files say nothing.
    """
    if path.suffix == ".pbf" or not path.stat().st_size or not _holds_one(path, _SIGNS):
        return Marks()
    found: set[tuple[str, int]] = set()
    remark: list[str] = []
    within = [""]

    def start(kind: str, attributes: dict[str, str]) -> None:
        within.append(kind)
        if attributes.get("action") == _DELETE and kind in _KINDS.values():
            found.add((kind, int(attributes["id"])))

    def end(_: str) -> None:
        within.pop()

    def take_text(text: str) -> None:
        if within[-1] == "remark":
            remark.append(text)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = take_text
    with _opened(path) as file:
        parser.ParseFile(file)
    return Marks(frozenset(found), " ".join("".join(remark).split()))


def _opened(path: Path) -> IO[bytes]:
    """The file, unpacked while it is read."""
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path))
    return cast("IO[bytes]", bz2.open(path)) if path.suffix == ".bz2" else path.open("rb")


def _holds_one(path: Path, signs: Sequence[bytes]) -> bool:
    """Whether one of some words stands in a file."""
    last = b""
    with _opened(path) as file:
        while block := file.read(_BLOCK_BYTES):
            text = last + block
            if any(sign in text for sign in signs):
                return True
            last = text[-max(map(len, signs)) :]
    return False


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
