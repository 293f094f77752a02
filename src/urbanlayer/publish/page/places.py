"""Facilities, how far residents walk to them, and where residents live."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from urbanlayer.locales import languages
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.publish import disclosure
from urbanlayer.publish.page.geometry import packed, packed_points
from urbanlayer.publish.page.result_records import role_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    from numpy.typing import NDArray

    from urbanlayer.model.network_query import NearestResult
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.page.geometry import Ground

_MOST_CELLS = 20_000
_TENS = 10  # distances are shown to the nearest 10 m


def service_roles(publication: Publication) -> list[str]:
    """Layers whose features are facilities that people go to: those of results first."""
    shown = disclosure.facility_roles(publication)
    roles = [role_of(publication, result) for result in publication.results]
    return [role for role in dict.fromkeys([*roles, *sorted(shown)]) if role in shown]


def facilities(publication: Publication, ground: Ground) -> list[dict[str, Any]]:
    """The facilities of each service: where, and their names in the languages they have."""
    return [_facilities(publication, role, ground) for role in service_roles(publication)]


def _facilities(publication: Publication, role: str, ground: Ground) -> dict[str, Any]:
    frame = publication.city.layers[role].frame
    points = frame.geometry.representative_point()
    xy = np.column_stack([points.x, points.y]) if len(frame) else np.empty((0, 2))
    record: dict[str, Any] = {
        "role": role,
        "count": len(frame),
        "at": packed_points(ground.points(xy)),
    }
    for language, column in _name_columns(frame):
        names = _texts(frame[column])
        if any(names):
            record.setdefault("names", {})[language.replace("_", "-")] = names
    return record


def _name_columns(frame: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    columns = [("", "name"), *((code, f"name_{code}") for code in languages())]
    return [(language, column) for language, column in columns if column in frame]


def _texts(values: Iterable[object]) -> list[str]:
    return ["" if value is None or value != value else str(value) for value in values]  # noqa: PLR0124


def walks(publication: Publication) -> dict[str, list[int | None]]:
    """For each service the walk that half of a neighbourhood's residents have at most.

    In tens of metres; None where nobody reaches one, or the neighbourhood is hidden.
    """
    residents = publication.city.residents
    half = disclosure.half_of_people(publication)
    if residents is None or half is None:
        return {}
    order: dict[str, list[int | None]] = {}
    for role, nearest in nearest_by_role(publication).items():
        medians = _medians(nearest.distance_m, residents.people, residents.neighbourhood, half)
        if not publication.spec.publish.exact:
            medians = _rounded_walks(medians, residents.per_neighbourhood(len(half)))
        order[role] = [_tens(metres) for metres in medians]
    return order


def _rounded_walks(
    medians: NDArray[np.float64], people: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Medians to the step of a mean over as many people."""
    known = np.isfinite(medians)
    longest = float(medians[known].max(initial=0.0))
    steps = disclosure.steps_of_means(np.nan_to_num(people), longest, "m")
    return np.where(known, disclosure.to_steps(np.where(known, medians, 0.0), steps), np.inf)


def nearest_by_role(publication: Publication) -> dict[str, NearestResult]:
    """The walk to the nearest facility of each service, where there is a network query of it."""
    network = publication.network
    queries = {role: NearestQuery(role) for role in service_roles(publication)}
    return {role: network[query] for role, query in queries.items() if query in network}


def _medians(
    metres: NDArray[np.float64],
    people: NDArray[np.float64],
    neighbourhood: NDArray[np.int64],
    half: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The walk that (k,) `half` of each neighbourhood's people have at most.

    +inf where so many cannot reach one, or where the half is none (NaN).
    """
    count = len(half)
    order = np.lexsort((metres, neighbourhood))
    metres, people, row = metres[order], people[order], neighbourhood[order]
    before = np.concatenate([[0.0], np.cumsum(people)])
    starts = np.searchsorted(row, np.arange(count), "left")
    ends = np.searchsorted(row, np.arange(count), "right")
    known = (before[ends] > before[starts]) & ~np.isnan(half)
    within = before[starts] + np.where(known, half, 0.0)
    at = np.minimum(np.searchsorted(before[1:], within - 1e-9), max(len(row) - 1, 0))
    return np.where(known, metres[at] if len(row) else np.inf, np.inf)


def cells(publication: Publication, ground: Ground) -> dict[str, Any]:
    """Where residents live, who of them is reached, and how far each service is from there."""
    if publication.city.residents is None:
        return {}
    covers = [r for r in publication.results if r.origins is not None and r.unit == "share"]
    found = nearest_by_role(publication)
    if not covers and not found:
        return {}
    for finest in disclosure.CELL_SIZES_M[:3]:
        squares = disclosure.resident_cells(publication, finest_m=finest)
        if len(squares) <= _MOST_CELLS:
            break
    exact = publication.spec.publish.exact
    people = publication.city.residents.people
    people = people if exact else (people > 0).astype(float)  # what lies there, not who lives there
    finest_m = int(squares.size_m.min(initial=finest))
    at = np.rint(squares.corner / finest_m).astype(np.int64)
    origin = at.min(axis=0) if len(at) else np.zeros(2, np.int64)
    return {
        "count": len(squares),
        "side": finest_m,
        "grid": ground.grid(at - origin, origin * finest_m, finest_m),
        "at": packed_points(at - origin),
        "size": packed(squares.size_m // finest_m),
        "people": packed(squares.people // disclosure.PEOPLE_UNIT),
        "cover": {r.id: _cover(publication, squares, people, r.origins) for r in covers},
        "reach": {role: _walk(squares, people, nearest) for role, nearest in found.items()},
    }


def _cover(
    publication: Publication,
    squares: disclosure.Cells,
    people: NDArray[np.float64],
    shares: NDArray[np.float64] | None,
) -> str:
    """Which part of each cell is served, by people where numbers are exact, else by places."""
    if shares is None:
        return ""
    publish = publication.spec.publish
    if publish.exact:
        return _digits(disclosure.cell_values(squares, people, shares), exact=True)
    of_places = disclosure.shares_of_places(squares, people, shares, publish.suppress_below)
    return _digits(of_places, exact=False)


def _walk(
    squares: disclosure.Cells, people: NDArray[np.float64], result: NearestResult
) -> dict[str, str]:
    """Tens of metres to the nearest, and its row: each one more, so that 0 is none."""
    metres = disclosure.cell_values(squares, people, result.distance_m)
    nearest = np.full(len(squares), -1, np.int64)
    order = np.argsort(people, kind="stable")  # the place with most people comes last, and stays
    shown = order[squares.place[order] >= 0]
    nearest[squares.place[shown]] = result.nearest[shown]
    tens = np.where(np.isfinite(metres), np.rint(metres / _TENS) + 1, 0)
    return {"metres": packed(tens), "nearest": packed(nearest + 1)}


def _digits(shares: NDArray[np.float64], *, exact: bool) -> str:
    """One sign for each cell: 0 none to 9 all; `-` no result.

    None and all are not distinguished from few and most unless numbers are exact.
    """
    least, most = (0, 9) if exact else (1, 8)
    return "".join(
        "-" if math.isnan(share) else str(min(max(round(share * 9), least), most))
        for share in shares
    )


def _tens(metres: float) -> int | None:
    return round(metres / _TENS) if math.isfinite(metres) else None
