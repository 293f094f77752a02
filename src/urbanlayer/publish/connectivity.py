"""Whom and what the streets join, for the page, the tables and the record of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from urbanlayer.kernels import allocation
from urbanlayer.model.network_query import MAX_SNAP_M, NearestQuery
from urbanlayer.model.note import Listing, Note
from urbanlayer.publish import disclosure
from urbanlayer.publish.data.tables import as_csv
from urbanlayer.publish.notice import file_notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import Connectivity, NetworkResults
    from urbanlayer.model.publication import Publication

COLUMNS = ("layer", "key", "mode", "limit_m", "place", "note")
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
            f"{role} ({mode})": list(apart.in_city)
            for role, mode, apart in _named_off_streets(publication) if apart.in_city
        },
        "outside_city": {
            f"{role} ({mode})": list(apart.outside)
            for role, mode, apart in _named_off_streets(publication) if apart.outside
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


@dataclass(frozen=True, slots=True)
class Apart:
    """The facilities of a layer that are too far from any street, by where they lie.

    Attributes
    ----------
    in_city, outside
        Keys of those in a neighbourhood, and of those outside the city.
    total
        How many facilities the layer has.
    """

    in_city: tuple[str, ...]
    outside: tuple[str, ...]
    total: int


def off_streets(network: NetworkResults, city: City) -> dict[tuple[str, str], Apart]:
    """What is too far from any street, by layer and mode."""
    found: dict[tuple[str, str], tuple[set[str], int]] = {}
    for query in network:
        if isinstance(query, NearestQuery) and (reach := network[query]).not_connected:
            at = query.destinations, query.mode
            keys, total = found.get(at, (set(), 0))
            found[at] = keys | set(reach.not_connected), max(total, reach.asked_of)
    return {
        at: _apart(city, at[0], sorted(keys), total) for at, (keys, total) in sorted(found.items())
    }


def _apart(city: City, role: str, keys: list[str], total: int) -> Apart:
    """The keys divided into those in a neighbourhood and those outside the city."""
    frame = city.layers[role].frame if role in city.layers else None
    known = [] if frame is None else [key for key in keys if key in frame.index]
    if frame is None or not known:
        return Apart(tuple(keys), (), total)
    xy = allocation.representative_xy(np.asarray(frame.geometry.loc[known], dtype=object))
    areas = np.asarray(city.neighbourhoods.geometry, dtype=object)
    row = allocation.locate(xy, areas, city.neighbourhoods.gap_tolerance_m)
    outside = {key for key, at in zip(known, row, strict=True) if at < 0}
    return Apart(tuple(key for key in keys if key not in outside), tuple(sorted(outside)), total)


def _named_off_streets(publication: Publication) -> Iterator[tuple[str, str, Apart]]:
    """Role, mode and keys of what lies off the streets, of the layers that are shown."""
    counted = disclosure.counted_roles(publication)
    for (role, mode), apart in off_streets(publication.network, publication.city).items():
        if role not in counted:
            yield role, mode, apart


def connectivity_notes(network: NetworkResults, city: City) -> Iterator[Note]:
    """What a planner should know of how people get about."""
    for mode, connection in sorted(network.connections.items()):
        if mode == FOOT or connection != network.connections.get(FOOT):  # reported once
            yield from (_of_mode(mode, note) for note in _not_joined(connection))
    for (role, mode), apart in off_streets(network, city).items():
        for note in _on_apart(apart):
            yield _of_mode(mode, Note.of("of-layer", layer=role, note=note))
    for query in network:
        if isinstance(query, NearestQuery):
            reach = network[query]
            yield from (Note.of("of-mode", mode=reach.method, note=note) for note in reach.notes)


def _on_apart(apart: Apart) -> Iterator[Note]:
    """What lies outside the city is no fault of the streets."""
    total, count = apart.total, len(apart.outside)
    if count == total:
        yield Note.of("layer-outside", total=total)
    elif count:
        names = Listing.of(apart.outside)
        yield Note.of("destinations-outside", count=count, total=total, names=names)
    if len(apart.in_city) == total:
        yield Note.of("layer-off-streets", total=total, distance_m=MAX_SNAP_M)
    elif apart.in_city:
        yield Note.of("destinations-off-streets", count=len(apart.in_city), total=total,
                      distance_m=MAX_SNAP_M, names=Listing.of(apart.in_city))  # fmt: skip


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
        [role, key, mode, f"{MAX_SNAP_M:g}", where, note]
        for role, mode, apart in _named_off_streets(publication)
        for where, keys in (("in the city", apart.in_city), ("outside the city", apart.outside))
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
            [role, len(apart.in_city), apart.total]
            for (role, mode), apart in off_streets(network, city).items()
            if mode == FOOT and apart.in_city
        ],
        "outside": [
            [role, len(apart.outside), apart.total]
            for (role, mode), apart in off_streets(network, city).items()
            if mode == FOOT and apart.outside
        ],
        "joins": None
        if joins is None
        else [joins.tolerance_m, joins.ends, joins.onto_lines, joins.crossings],
    }
