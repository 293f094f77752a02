"""Jobs of the confined child: how many objects of each role an extract has, for a draft."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from urbanlayer.model.role_table import ROLES
from urbanlayer.sources._confined.whole_extracts import read_whole
from urbanlayer.sources._tags import TagFilter, tags_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.sources._confined.answers import Answer


def tag_counts(path: str, layer_name: str, place_kinds: Sequence[str]) -> Answer:
    """Objects of each role, named points of each kind of place, people of boundaries, the date.

    Parameters
    ----------
    path
        `.osm.pbf` or `.osm`.
    layer_name
        How messages call the file.
    place_kinds
        Values of `place` that are counted.

    Raises
    ------
    SourceError
        It cannot be read to its end.
    """
    import osmium

    wanted = TagFilter((name, role.tags) for name, role in ROLES.items())
    either = osmium.filter.KeyFilter(*wanted.keys, "place")
    roles: Counter[str] = Counter()
    places: Counter[str] = Counter()
    population: dict[str, str] = {}
    with read_whole(path, layer_name):
        for thing in osmium.FileProcessor(path).with_filter(either):
            if isinstance(thing, osmium.osm.Changeset):
                continue
            tags, get = tags_of(thing), thing.tags.get
            roles.update(wanted.matching(tags))
            place, people = get("place"), get("population")
            if place is not None and thing.is_node() and place in place_kinds and get("name"):
                places[place] += 1
            if people and thing.is_relation() and get("boundary"):
                population[f"relation/{thing.id}"] = people
    about = {"roles": roles, "places": places, "population": population}
    return about | {"day": _day_of(path)}, ()


def _day_of(path: str) -> str:
    """The day of the data, as the file says in its heading; empty if it does not."""
    import osmium

    with osmium.io.Reader(path, osmium.osm.NOTHING) as reader:
        header = reader.header()
        return str(header.get("osmosis_replication_timestamp") or header.get("timestamp"))[:10]
