"""Jobs of the confined child: how many objects of each role an extract has, for a draft."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.role import ANY
from urbanlayer.model.role_table import ROLES
from urbanlayer.sources._confined.blobs import check_blobs

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

    if path.endswith(".pbf"):
        check_blobs(Path(path), layer_name)
    by_key = _roles_by_key()
    keys = sorted({key for tagged in by_key.values() for _, wanted in tagged for key in wanted})
    roles: dict[str, int] = {}
    places: dict[str, int] = {}
    population: dict[str, str] = {}
    try:
        for thing in osmium.FileProcessor(path).with_filter(
            osmium.filter.KeyFilter(*keys, "place")
        ):
            if isinstance(thing, osmium.osm.Changeset):
                continue
            tags = dict(thing.tags)
            for role in {
                name
                for key in tags.keys() & by_key.keys()
                for name, wanted in by_key[key]
                if _has(tags, wanted)
            }:
                roles[role] = roles.get(role, 0) + 1
            if thing.is_node() and tags.get("place") in place_kinds and tags.get("name"):
                places[tags["place"]] = places.get(tags["place"], 0) + 1
            if thing.is_relation() and tags.get("boundary") and tags.get("population"):
                population[f"relation/{thing.id}"] = tags["population"]
    except RuntimeError as error:
        raise SourceError(
            f"{layer_name}: it cannot be read to its end ({error}); download it again"
        ) from error
    about = {"roles": roles, "places": places, "population": population}
    return about | {"day": _day_of(path)}, ()


def _day_of(path: str) -> str:
    """The day of the data, as the file says in its heading; empty if it does not."""
    import osmium

    with osmium.io.Reader(path, osmium.osm.NOTHING) as reader:
        header = reader.header()
        return str(header.get("osmosis_replication_timestamp") or header.get("timestamp"))[:10]


def _roles_by_key() -> dict[str, list[tuple[str, dict[str, frozenset[str]]]]]:
    """The roles and their tags by the first key of these."""
    by_key: dict[str, list[tuple[str, dict[str, frozenset[str]]]]] = {}
    for name, role in ROLES.items():
        for wanted in role.tags:
            by_key.setdefault(next(iter(wanted)), []).append((name, dict(wanted)))
    return by_key


def _has(tags: dict[str, str], wanted: dict[str, frozenset[str]]) -> bool:
    return all(
        (value := tags.get(key)) is not None
        and (value in allowed or (ANY in allowed and value != "no"))
        for key, allowed in wanted.items()
    )
