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
    """Objects of each role, named points of each kind of place, and people of boundaries by id.

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
    tagged = [(name, tags) for name, role in ROLES.items() for tags in role.tags]
    keys = sorted({key for _, tags in tagged for key in tags} | {"place"})
    roles: dict[str, int] = {}
    places: dict[str, int] = {}
    population: dict[str, str] = {}
    try:
        for thing in osmium.FileProcessor(path).with_filter(osmium.filter.KeyFilter(*keys)):
            if isinstance(thing, osmium.osm.Changeset):
                continue
            tags = {tag.k: tag.v for tag in thing.tags}
            for role in {name for name, wanted in tagged if _has(tags, wanted)}:
                roles[role] = roles.get(role, 0) + 1
            if thing.is_node() and tags.get("place") in place_kinds and tags.get("name"):
                places[tags["place"]] = places.get(tags["place"], 0) + 1
            if thing.is_relation() and tags.get("boundary") and tags.get("population"):
                population[f"relation/{thing.id}"] = tags["population"]
    except RuntimeError as error:
        raise SourceError(
            f"{layer_name}: it cannot be read to its end ({error}); download it again"
        ) from error
    return {"roles": roles, "places": places, "population": population}, ()


def _has(tags: dict[str, str], wanted: dict[str, frozenset[str]]) -> bool:
    return all(
        (value := tags.get(key)) is not None
        and (value in allowed or (ANY in allowed and value != "no"))
        for key, allowed in wanted.items()
    )
