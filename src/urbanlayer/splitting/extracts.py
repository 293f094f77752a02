"""Extracts of OpenStreetMap, one for each part, so that no part reads the whole file."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.splitting.city_files import box_lonlat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from urbanlayer.cityfile import CityFile
    from urbanlayer.model.city import City
    from urbanlayer.model.source import BBox
    from urbanlayer.splitting.parts import Part

SOURCE = "osm"


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """The objects of one kind in a file: their ids and the box that each takes up.

    Attributes
    ----------
    ids
        (n,), ascending.
    bounds
        (n, 4) west, south, east and north in degrees; NaN of an object without a place.
    """

    ids: NDArray[np.int64]
    bounds: NDArray[np.float64]

    @classmethod
    def of(cls, ids: NDArray[np.int64], bounds: NDArray[np.float64]) -> _Kind:
        """In the order of their ids."""
        order = np.argsort(ids, kind="stable")
        return cls(ids[order], bounds[order])

    def made_of(self, ids: array[int], counts: array[int], members: array[int]) -> _Kind:
        """Objects that are made of these, each of some members; those not in the file are none."""
        of = np.repeat(np.arange(len(ids)), np.array(counts, dtype=np.int64))
        member = np.array(members, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.ids, member), max(len(self.ids) - 1, 0))
        there = self.ids[at] == member if len(self.ids) else np.zeros(len(member), dtype=bool)
        bounds = np.column_stack([np.full((len(ids), 2), np.inf), np.full((len(ids), 2), -np.inf)])
        np.fmin.at(bounds[:, :2], of[there], self.bounds[at[there], :2])
        np.fmax.at(bounds[:, 2:], of[there], self.bounds[at[there], 2:])
        return _Kind.of(np.array(ids, dtype=np.int64), bounds)

    def within(self, box: BBox) -> list[int]:
        """Ids of the objects whose boxes meet a box."""
        west, south, east, north = self.bounds.T
        met = (west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1])
        return [int(one) for one in self.ids[met]]


def extracts(
    file: CityFile, city: City, parts: Sequence[Part], work: Path
) -> dict[tuple[str, str], str]:
    """The extract of each part from each file of OpenStreetMap that the whole names.

    An extract holds the nodes, ways and relations whose own box meets the part's, such as a forest
    around it none of whose corners lies there, and whatever these need to be whole.

    Parameters
    ----------
    file, city
        The whole.
    parts
        Of it.
    work
        Holds a folder for each part, or will.

    Returns
    -------
    dict
        Id of a part and path of a layer in the city file to the name of its extract.
    """
    named: dict[str, Path] = {}
    for request in file.requests():
        if request.spec.source == SOURCE:
            named.setdefault(request.spec.path, request.path)
    found = {}
    for number, (path, source) in enumerate(named.items()):
        kinds = _kinds(source)
        for part in parts:
            name = f"extract{number or ''}.osm.pbf"
            (work / part.id).mkdir(exist_ok=True)
            _write(source, kinds, box_lonlat(part.box, city.crs), work / part.id / name)
            found[part.id, path] = name
    return found


def _kinds(source: Path) -> tuple[_Kind, _Kind, _Kind]:
    """The nodes, ways and relations of a file."""
    import osmium

    nodes, lonlat = array("q"), array("d")
    ways, refs, ways_refs = array("q"), array("q"), array("q")
    relations, members, relations_members = array("q"), array("q"), array("q")
    for one in osmium.FileProcessor(str(source)):
        if isinstance(one, osmium.osm.Node):
            nodes.append(one.id)
            lonlat.extend((one.lon, one.lat))
        elif isinstance(one, osmium.osm.Way):
            own = [node.ref for node in one.nodes]
            ways.append(one.id)
            ways_refs.append(len(own))
            refs.extend(own)
        elif isinstance(one, osmium.osm.Relation):
            own = [member.ref for member in one.members if member.type == "w"]
            relations.append(one.id)
            relations_members.append(len(own))
            members.extend(own)
    at = np.array(lonlat, dtype=np.float64).reshape(-1, 2)
    of_nodes = _Kind.of(np.array(nodes, dtype=np.int64), np.hstack([at, at]))
    of_ways = of_nodes.made_of(ways, ways_refs, refs)
    return of_nodes, of_ways, of_ways.made_of(relations, relations_members, members)


def _write(source: Path, kinds: tuple[_Kind, _Kind, _Kind], box: BBox, target: Path) -> None:
    """The extract of a box."""
    import osmium

    wanted = osmium.IdTracker()
    adds = (wanted.add_node, wanted.add_way, wanted.add_relation)
    for kind, add in zip(kinds, adds, strict=True):
        for one in kind.within(box):
            add(one)
    wanted.complete_backward_references(str(source), relation_depth=1)
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for found in osmium.FileProcessor(str(source)).with_filter(wanted.id_filter()):
            writer.add(found)
