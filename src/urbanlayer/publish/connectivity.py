"""Whom and what the streets join, for the page, the tables and the record of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.model.network_query import MAX_SNAP_M, NearestQuery
from urbanlayer.model.note import Listing, Note
from urbanlayer.publish import disclosure
from urbanlayer.publish.data.tables import as_csv
from urbanlayer.publish.notice import file_notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.network_query import Connectivity, NetworkResults
    from urbanlayer.model.publication import Publication

COLUMNS = ("layer", "key", "mode", "limit_m", "note")
FOOT = "walk"


def streets_of(publication: Publication) -> dict[str, Any]:
    """What `run.json` says of the streets: joins, parts, who is cut off and what lies off them."""
    city, network = publication.city, publication.network
    if city.streets is None:
        return {}
    joins = city.streets.joins
    return {
        "joins": None if joins is None else {
            "tolerance_m": joins.tolerance_m, "ends": joins.ends,
            "onto_lines": joins.onto_lines, "crossings": joins.crossings,
        },
        "snap_limit_m": MAX_SNAP_M,
        "modes": {
            name: _counts(publication, one) for name, one in sorted(network.connections.items())
        },
        "not_connected": {
            f"{role} ({mode})": keys for role, mode, keys in _named_off_streets(publication)
        },
    }  # fmt: skip


def _counts(publication: Publication, connection: Connectivity) -> dict[str, Any]:
    people = {
        "residents_joined": connection.residents_joined,
        "residents_cut_off": connection.residents_cut_off,
        "residents_not_connected": connection.residents_not_connected,
    }
    published = disclosure.published_total
    shown = {name: published(publication, count) for name, count in people.items()}
    return {"parts": connection.parts, **shown}


def off_streets(network: NetworkResults) -> dict[tuple[str, str], tuple[tuple[str, ...], int]]:
    """Targets that lie too far from any street, by layer and profile, and of how many."""
    found: dict[tuple[str, str], tuple[tuple[str, ...], int]] = {}
    for query in network:
        if isinstance(query, NearestQuery) and (reach := network[query]).not_connected:
            at = query.destinations, query.mode
            keys, total = found.get(at, ((), 0))
            every = tuple(sorted({*keys, *reach.not_connected}))
            found[at] = every, max(total, reach.asked_of)
    return dict(sorted(found.items()))


def _named_off_streets(publication: Publication) -> Iterator[tuple[str, str, list[str]]]:
    """Role, mode and keys of what lies off the streets, of the layers that are shown."""
    counted = disclosure.counted_roles(publication)
    for (role, mode), (keys, _) in off_streets(publication.network).items():
        if role not in counted:
            yield role, mode, list(keys)


def connectivity_notes(network: NetworkResults) -> Iterator[Note]:
    """What a planner should know of how people get about."""
    for mode, connection in sorted(network.connections.items()):
        if mode == FOOT or connection != network.connections.get(FOOT):  # reported once
            yield from (_of_mode(mode, note) for note in _not_joined(connection))
    for (role, mode), (keys, total) in off_streets(network).items():
        note = Note.of("destinations-off-streets", count=len(keys), total=total,
                       distance_m=MAX_SNAP_M, names=Listing.of(keys))  # fmt: skip
        if len(keys) == total:
            note = Note.of("layer-off-streets", total=total, distance_m=MAX_SNAP_M)
        yield _of_mode(mode, Note.of("of-layer", layer=role, note=note))
    for query in network:
        if isinstance(query, NearestQuery):
            reach = network[query]
            yield from (Note.of("of-mode", mode=reach.method, note=note) for note in reach.notes)


def _not_joined(connection: Connectivity) -> Iterator[Note]:
    if round(connection.residents_cut_off):
        yield Note.of("residents-cut-off", count=round(connection.residents_cut_off))
    if round(connection.residents_not_connected):
        count = round(connection.residents_not_connected)
        yield Note.of("residents-far", count=count, distance_m=MAX_SNAP_M)


def _of_mode(mode: str, note: Note) -> Note:
    return note if mode == FOOT else Note.of("of-mode", mode=mode, note=note)


def not_connected_csv(publication: Publication) -> bytes:
    """Every facility that lies too far from any street, a line each."""
    note = file_notice(publication)
    rows = [
        [role, key, mode, f"{MAX_SNAP_M:g}", note]
        for role, mode, keys in _named_off_streets(publication)
        for key in keys
    ]
    return as_csv(COLUMNS, rows)


def on_page(publication: Publication) -> dict[str, Any] | None:
    """What the page says of the streets; None where walks are straight lines.

    Counts of residents under the threshold of small numbers are left out.
    """
    city, network = publication.city, publication.network
    least = publication.spec.publish.suppress_below
    connection = network.connections.get(FOOT)
    if city.streets is None or connection is None:
        return None
    people = [
        disclosure.published_total(publication, count)
        for count in (connection.residents_cut_off, connection.residents_not_connected)
    ]
    joins = city.streets.joins
    return {
        "limit": MAX_SNAP_M,
        "all": max(people) == 0,
        "cut": round(people[0]) if people[0] >= max(least, 1) else None,
        "far": round(people[1]) if people[1] >= max(least, 1) else None,
        "off": [
            [role, len(keys), total]
            for (role, mode), (keys, total) in off_streets(network).items()
            if mode == FOOT
        ],
        "joins": None
        if joins is None
        else [joins.tolerance_m, joins.ends, joins.onto_lines, joins.crossings],
    }
