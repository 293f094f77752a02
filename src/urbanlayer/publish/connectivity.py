"""Whom and what the streets join, for the page, the tables and the record of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.model.network_query import MAX_SNAP_M, NearestQuery
from urbanlayer.publish.data.tables import as_csv, demonstration_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import Connectivity, NetworkResults
    from urbanlayer.model.publication import Publication

COLUMNS = ("layer", "key", "mode", "limit_m", "note")
FOOT = "walk"
MOST_TOLD = 5


def streets_of(city: City, network: NetworkResults) -> dict[str, Any]:
    """What `run.json` says of the streets: joins, parts, who is cut off and what lies off them."""
    if city.streets is None:
        return {}
    joins = city.streets.joins
    return {
        "joins": None if joins is None else {
            "tolerance_m": joins.tolerance_m, "ends": joins.ends,
            "onto_lines": joins.onto_lines, "crossings": joins.crossings,
        },
        "snap_limit_m": MAX_SNAP_M,
        "modes": {name: _counts(one) for name, one in sorted(network.connections.items())},
        "not_connected": {
            f"{role} ({mode})": list(keys)
            for (role, mode), (keys, _) in off_streets(network).items()
        },
    }  # fmt: skip


def _counts(connection: Connectivity) -> dict[str, Any]:
    return {
        "parts": connection.parts,
        "residents_joined": round(connection.residents_joined, 6),
        "residents_cut_off": round(connection.residents_cut_off, 6),
        "residents_not_connected": round(connection.residents_not_connected, 6),
    }


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


def told(network: NetworkResults) -> Iterator[str]:
    """What a planner should know of how people get about, each a sentence."""
    for mode, connection in sorted(network.connections.items()):
        if mode != FOOT and connection == network.connections.get(FOOT):
            continue  # said once
        who = "" if mode == FOOT else f" ({mode})"
        if connection.residents_cut_off >= 1:
            yield (
                f"streets: {_live(connection.residents_cut_off)} on streets that are not joined "
                f"to the rest{who}"
            )
        if connection.residents_not_connected >= 1:
            yield (
                f"streets: {_live(connection.residents_not_connected)} farther than "
                f"{MAX_SNAP_M:g} m from any street, out of reach{who}"
            )
    for (role, mode), (keys, total) in off_streets(network).items():
        who = "" if mode == FOOT else f" that is open to {mode!r}"
        if len(keys) == total:
            what, end = f"all {total:,}", "is it the layer of this city, in the right CRS?"
        else:
            more = " …" if len(keys) > MOST_TOLD else ""
            what, end = f"{len(keys):,} of {total:,}", f"{', '.join(keys[:MOST_TOLD])}{more}"
        yield (
            f"layer '{role}': {what} lie farther than {MAX_SNAP_M:g} m from any street{who}, "
            f"and serve nobody; {end}"
        )
    for query in network:
        if isinstance(query, NearestQuery):
            reach = network[query]
            yield from (f"profile {reach.method!r}: {note}" for note in reach.notes)


def _live(residents: float) -> str:
    count = f"{residents:,.0f}"
    return "1 resident lives" if count == "1" else f"{count} residents live"


def not_connected_csv(publication: Publication) -> bytes:
    """Every facility that lies too far from any street, a line each."""
    note = demonstration_note(publication)
    rows = [
        [role, key, mode, f"{MAX_SNAP_M:g}", note]
        for (role, mode), (keys, _) in off_streets(publication.network).items()
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
    people = [connection.residents_cut_off, connection.residents_not_connected]
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
