"""Whom and what the streets join, for the page, the tables and the record of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from urbanlayer.kernels import allocation
from urbanlayer.model.network_query import MAX_SNAP_M, NearestQuery
from urbanlayer.model.note import Listing, Note
from urbanlayer.publish import disclosure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import Connectivity, NetworkResults
    from urbanlayer.model.publication import Publication

FOOT = "walk"


def streets_of(publication: Publication) -> dict[str, Any]:
    """`run.json` on the streets: joins, parts, who is cut off and what lies off them."""
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
            for role, mode, apart in named_off_streets(publication) if apart.in_city
        },
        "outside_city": {
            f"{role} ({mode})": list(apart.outside)
            for role, mode, apart in named_off_streets(publication) if apart.outside
        },
        "cut_off": {
            f"{role} ({mode})": list(apart.cut_off)
            for role, mode, apart in named_off_streets(publication) if apart.cut_off
        },
    }  # fmt: skip


def _counts(publication: Publication, connection: Connectivity) -> dict[str, Any]:
    published = disclosure.published_total
    cut_off = published(publication, connection.residents_cut_off)
    far = published(publication, connection.residents_not_connected)
    joined = published(publication, connection.residents_joined)
    if not publication.spec.publish.exact:  # the rest, whose own rounding would narrow the others
        joined = max(round(disclosure.city_people(publication) - cut_off - far, 6), 0.0)
    return {
        "parts": connection.parts,
        "residents_joined": joined,
        "residents_cut_off": cut_off,
        "residents_not_connected": far,
    }


@dataclass(frozen=True, slots=True)
class Apart:
    """The facilities of a layer that the streets do not join, by reason and by where they lie.

    Attributes
    ----------
    in_city, outside
        Keys of those too far from any street: in a neighbourhood, and outside the city.
    cut_off
        Keys of those in a neighbourhood on streets that are not connected to the rest.
    cut_off_outside
        The same outside the city.
    total
        How many facilities the layer has.
    """

    in_city: tuple[str, ...]
    outside: tuple[str, ...]
    cut_off: tuple[str, ...]
    cut_off_outside: tuple[str, ...]
    total: int


def off_streets(network: NetworkResults, city: City) -> dict[tuple[str, str], Apart]:
    """What is too far from any street, or on streets of their own, by layer and mode."""
    found: dict[tuple[str, str], tuple[set[str], set[str], int]] = {}
    for query in network:
        if not isinstance(query, NearestQuery):
            continue
        nearest = network[query]
        if nearest.not_connected or nearest.cut_off:
            at = query.destinations, query.mode
            far, cut_off, total = found.get(at, (set(), set(), 0))
            far, cut_off = far | set(nearest.not_connected), cut_off | set(nearest.cut_off)
            found[at] = far, cut_off, max(total, nearest.destination_count)
    return {
        at: Apart(
            *_divided(city, at[0], sorted(far)),
            *_divided(city, at[0], sorted(cut_off - far)),
            total,
        )
        for at, (far, cut_off, total) in sorted(found.items())
    }


def _divided(city: City, role: str, keys: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys divided into those in a neighbourhood and those outside the city."""
    frame = city.layers[role].frame if role in city.layers else None
    known = [] if frame is None else [key for key in keys if key in frame.index]
    if frame is None or not known:
        return tuple(keys), ()
    xy = allocation.representative_xy(np.asarray(frame.geometry.loc[known], dtype=object))
    areas = np.asarray(city.neighbourhoods.geometry, dtype=object)
    row = allocation.locate(xy, areas, city.neighbourhoods.gap_tolerance_m)
    outside = {key for key, at in zip(known, row, strict=True) if at < 0}
    return tuple(key for key in keys if key not in outside), tuple(sorted(outside))


def named_off_streets(publication: Publication) -> Iterator[tuple[str, str, Apart]]:
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
        for note in (*_on_apart(apart), *_on_capacity(city, role, apart)):
            yield _of_mode(mode, Note.of("of-layer", layer=role, note=note))
    for query in network:
        if isinstance(query, NearestQuery):
            nearest = network[query]
            yield from (
                Note.of("of-mode", mode=nearest.method, note=note) for note in nearest.notes
            )


def _on_apart(apart: Apart) -> Iterator[Note]:
    """What lies outside the city is no error of the streets."""
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
    if apart.cut_off:
        yield Note.of("destinations-cut-off", count=len(apart.cut_off), total=total,
                      names=Listing.of(apart.cut_off))  # fmt: skip


def _on_capacity(city: City, role: str, apart: Apart) -> Iterator[Note]:
    """How much capacity the streets do not join; not where none is known."""
    lost, total = _capacity_apart(city, role, apart)
    if lost:
        yield Note.of("capacity-cut-off", capacity=lost, total=total)


def _capacity_apart(city: City, role: str, apart: Apart) -> tuple[int, int]:
    """The capacity of a layer's facilities that the streets do not join, and of all of them."""
    layer = city.layers.get(role)
    if layer is None or "capacity" not in layer.frame:
        return 0, 0
    capacity = layer.frame["capacity"].astype(float)
    every = (*apart.in_city, *apart.outside, *apart.cut_off, *apart.cut_off_outside)
    lost = capacity[capacity.index.isin(every)]
    return round(float(lost.sum())), round(float(capacity.sum()))


def _not_joined(connection: Connectivity) -> Iterator[Note]:
    if round(connection.residents_cut_off):
        yield Note.of("residents-cut-off", count=round(connection.residents_cut_off))
    if round(connection.residents_not_connected):
        count = round(connection.residents_not_connected)
        yield Note.of("residents-far", count=count, distance_m=MAX_SNAP_M)


def _of_mode(mode: str, note: Note) -> Note:
    return note if mode == FOOT else Note.of("of-mode", mode=mode, note=note)


def _counts_on_foot(publication: Publication, which: str) -> list[list[Any]]:
    """Layer, how many of its facilities are in a field of `Apart`, and how many there are."""
    found = off_streets(publication.network, publication.city)
    return [
        [role, len(getattr(apart, which)), apart.total]
        for (role, mode), apart in found.items()
        if mode == FOOT and getattr(apart, which)
    ]


def _capacity_on_foot(publication: Publication) -> list[list[Any]]:
    """Layer, capacity that the streets do not join, and that of all its facilities."""
    city = publication.city
    every = [
        [role, *_capacity_apart(city, role, apart)]
        for (role, mode), apart in off_streets(publication.network, city).items()
        if mode == FOOT
    ]
    return [one for one in every if one[1]]


def on_page(publication: Publication) -> dict[str, Any] | None:
    """The page on the streets; None where walks are straight lines.

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
        "off": _counts_on_foot(publication, "in_city"),
        "outside": _counts_on_foot(publication, "outside"),
        "islands": _counts_on_foot(publication, "cut_off"),
        "capacity": _capacity_on_foot(publication),
        "joins": None
        if joins is None
        else [joins.tolerance_m, joins.ends, joins.onto_lines, joins.crossings],
    }
