"""Allocation of residents to origins from buildings, a population layer or raster, and the census.

The first name in `[residents] from` gives the origins; `population` after `buildings` allocates the
people of each area to the residential buildings in it; `census` at the end constrains each
neighbourhood to its count, and `total` the whole city. People come from counts alone; floor area
only shares them out. An unknown count is never 0: a neighbourhood of unknown count has no origins.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.city.alternatives import with_ends
from urbanlayer.city.dwellings import dwellings_of
from urbanlayer.city.estimates import estimated, with_estimate
from urbanlayer.city.people import NOT_LOCATED, FloorArea, People
from urbanlayer.city.population import at_points, in_homes, read_population
from urbanlayer.city.spreading import ground_of
from urbanlayer.errors import CityError
from urbanlayer.kernels import allocation
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.residents import Residents
from urbanlayer.model.role_names import BUILDINGS, CENSUS, POPULATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from urbanlayer.city.spreading import BuiltUpLand
    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.specification import ResidentsSpec

RELATIVE_TOLERANCE = 1e-6


def allocate_residents(
    spec: ResidentsSpec,
    neighbourhoods: Neighbourhoods,
    layers: Mapping[str, Layer],
    rasters: Mapping[str, Raster],
) -> Residents:
    """The residents of the city, as origins with people.

    Parameters
    ----------
    spec
        The `[residents]` table.
    neighbourhoods
        Their census counts constrain the origins if `from` names `census`.
    layers, rasters
        By role; contain those that `from` names.

    Raises
    ------
    CityError
        If the population of the city is 0, or no source gives how many people live there.
    """
    points = _points(spec, neighbourhoods, layers, rasters)
    row = _located(points, neighbourhoods)
    inside = (row >= 0) & (points.weight > 0)
    lost = (row < 0) & (points.weight > 0)
    residents = Residents(
        xy=points.xy[inside],
        people=points.weight[inside],
        neighbourhood=row[inside],
        source="+".join(spec.from_),
        notes=points.notes,
    )
    if isinstance(points, People):
        outside = points.outside + float(points.weight[lost].sum())
        residents = replace(residents, outside=outside)
    elif lost.any():
        note = Note.of("homes-outside", count=int(lost.sum()), total=len(lost))
        residents = replace(residents, notes=(*residents.notes, note))
    ground = ground_of(str(neighbourhoods.geometry.crs), layers, rasters)
    if CENSUS in spec.from_:
        residents = _constrained_to_census(residents, neighbourhoods, ground, spec)
    elif isinstance(points, People):
        residents = _without_uncounted(residents, points.uncounted, neighbourhoods, ground, spec)
    residents = _constrained_to_total(residents, spec)
    ends = {cause: (one[inside], other[inside]) for cause, (one, other) in points.ends.items()}
    residents = with_ends(residents, row[inside], points.weight[inside], ends)
    if not residents.total > 0:
        raise CityError(
            f"{', '.join(spec.from_)}: the city has no residents; check the columns used by "
            "[residents], and the features that `where` and `use` keep"
        )
    return with_digests(residents)


def with_digests(residents: Residents) -> Residents:
    """The residents with the digests of their places and of their people.

    Whatever changes people, groups or deprivation ends with it.
    """
    places = digest_of(residents.xy)
    second = residents.second_source and with_digests(residents.second_source)
    alternatives = {
        cause: (with_digests(one), with_digests(other))
        for cause, (one, other) in residents.alternatives.items()
    }
    of_people = digest_of(
        places, residents.neighbourhood, residents.people, residents.groups, residents.deprivation
    )
    if residents.unknown or any(residents.group_unknown.values()):
        unknown = {name: sorted(rows) for name, rows in residents.group_unknown.items()}
        of_people = digest_of(of_people, sorted(residents.unknown), unknown)
    for cause, pair in alternatives.items():
        of_people = digest_of(of_people, cause, [one.digest for one in pair])
    return replace(
        residents,
        places_digest=places,
        digest=of_people,
        second_source=second,
        alternatives=alternatives,
    )


def _located(points: People | FloorArea, neighbourhoods: Neighbourhoods) -> NDArray[np.int64]:
    """(n,) row of the neighbourhood of each point, -1 outside the city."""
    areas = np.asarray(neighbourhoods.geometry, dtype=object)
    if isinstance(points, FloorArea) or points.row is None:
        return allocation.locate(points.xy, areas, neighbourhoods.gap_tolerance_m)
    row = points.row.copy()
    free = row == NOT_LOCATED
    row[free] = allocation.locate(points.xy[free], areas, neighbourhoods.gap_tolerance_m)
    return row


def _points(
    spec: ResidentsSpec,
    neighbourhoods: Neighbourhoods,
    layers: Mapping[str, Layer],
    rasters: Mapping[str, Raster],
) -> People | FloorArea:
    ground = ground_of(str(neighbourhoods.geometry.crs), layers, rasters)
    if spec.from_[0] == CENSUS:
        counts = _census(neighbourhoods)
        known = np.flatnonzero(~np.isnan(counts))
        areas = np.asarray(neighbourhoods.geometry, dtype=object)
        xy, people, of = ground.points(areas[known], counts[known])
        return People(xy, people, known[of])
    if spec.from_[0] == BUILDINGS:
        dwellings = dwellings_of(layers["buildings"], neighbourhoods, ground)
        if POPULATION in spec.from_:
            counted = read_population(neighbourhoods, layers, rasters)
            return in_homes(counted, dwellings, neighbourhoods, ground)
        if isinstance(dwellings, FloorArea) and CENSUS not in spec.from_ and spec.total is None:
            raise CityError(_FLOOR_AREA_ALONE)
        return dwellings
    return at_points(read_population(neighbourhoods, layers, rasters), neighbourhoods, ground)


_FLOOR_AREA_ALONE = (
    "[residents]: buildings have a floor area here, but no source counts their people; "
    'give total = …, or "census" or "population" in from, or residents = "…" in [layers.buildings]'
)


def _without_uncounted(
    residents: Residents,
    uncounted: NDArray[np.int64],
    neighbourhoods: Neighbourhoods,
    ground: BuiltUpLand,
    spec: ResidentsSpec,
) -> Residents:
    """The residents; a neighbourhood with features of unknown count alone has an unknown count."""
    counts = residents.per_neighbourhood(len(neighbourhoods))
    unknown = np.setdiff1d(uncounted, np.flatnonzero(counts > 0))
    if spec.estimate and len(unknown):
        counts[unknown] = np.nan
        none = np.zeros(len(counts))
        areas = np.asarray(neighbourhoods.geometry, dtype=object)
        if estimate := estimated(counts, none, ground.built_m2(areas), spec.total):
            filled = _constrained_to(residents, estimate.counts, neighbourhoods, ground)
            return with_estimate(filled, estimate, neighbourhoods)
    return _without(residents, unknown, neighbourhoods)


def _without(
    residents: Residents, unknown: NDArray[np.int64], neighbourhoods: Neighbourhoods
) -> Residents:
    """The residents without those of neighbourhoods of unknown count, which a note names."""
    if not len(unknown):
        return residents
    kept = ~np.isin(residents.neighbourhood, unknown)
    note = Note.of(
        "residents-unknown",
        count=len(unknown),
        total=len(neighbourhoods),
        names=Listing.of(neighbourhoods.keys[unknown]),
    )
    return replace(
        residents,
        xy=residents.xy[kept],
        people=residents.people[kept],
        neighbourhood=residents.neighbourhood[kept],
        unknown=frozenset(unknown.tolist()),
        notes=(*residents.notes, note),
    )


def _constrained_to_census(
    residents: Residents, neighbourhoods: Neighbourhoods, ground: BuiltUpLand, spec: ResidentsSpec
) -> Residents:
    """The residents constrained to the census, its unknown counts estimated where requested."""
    counts = _census(neighbourhoods)
    unknown = np.flatnonzero(np.isnan(counts))
    if spec.estimate and len(unknown):
        weight = residents.per_neighbourhood(len(neighbourhoods))
        areas = np.asarray(neighbourhoods.geometry, dtype=object)
        if estimate := estimated(counts, weight, ground.built_m2(areas), spec.total):
            filled = _constrained_to(residents, estimate.counts, neighbourhoods, ground)
            return with_estimate(filled, estimate, neighbourhoods)
    residents = _without(residents, unknown, neighbourhoods)
    return _constrained_to(residents, counts, neighbourhoods, ground)


def _constrained_to(
    residents: Residents,
    counts: NDArray[np.float64],
    neighbourhoods: Neighbourhoods,
    ground: BuiltUpLand,
) -> Residents:
    """The residents constrained to counts; without origins people are spread over the ground."""
    people = allocation.constrain_to_totals(residents.people, residents.neighbourhood, counts)
    empty = allocation.groups_without_weight(residents.people, residents.neighbourhood, counts)
    constrained = replace(residents, people=people)
    if not len(empty):
        return constrained
    areas = np.asarray(neighbourhoods.geometry, dtype=object)
    xy, spread, of = ground.points(areas[empty], counts[empty])
    note = Note.of(
        "census-spread",
        count=round(counts[empty].sum()),
        neighbourhoods=len(empty),
        names=Listing.of(neighbourhoods.keys[empty]),
    )
    return replace(
        constrained,
        xy=np.vstack([constrained.xy, xy]),
        people=np.concatenate([constrained.people, spread]),
        neighbourhood=np.concatenate([constrained.neighbourhood, empty[of]]),
        notes=(*constrained.notes, note),
    )


def _constrained_to_total(residents: Residents, spec: ResidentsSpec) -> Residents:
    """The residents constrained to the total; a census by neighbourhood takes precedence."""
    if spec.total is None or not residents.total > 0:
        return residents
    if CENSUS in spec.from_:
        if abs(residents.total - spec.total) <= RELATIVE_TOLERANCE * spec.total:
            return residents
        note = Note.of("census-kept", census=round(residents.total), total=round(spec.total))
        return replace(residents, notes=(*residents.notes, note))
    if residents.estimated:  # the estimate shares what is left of the total
        return residents
    if residents.unknown:
        note = Note.of("total-unused", total=round(spec.total), people=round(residents.total))
        return replace(residents, notes=(*residents.notes, note))
    factor = spec.total / residents.total
    note = Note.of(
        "scaled-to-total",
        source=residents.source,
        factor=float(f"{factor:.6g}"),
        total=round(spec.total),
    )
    counted = POPULATION in spec.from_ or spec.from_[0] == CENSUS
    notes = (*residents.notes, note) if counted else residents.notes
    return replace(residents, people=residents.people * factor, notes=notes)


def _census(neighbourhoods: Neighbourhoods) -> NDArray[np.float64]:
    """(k,) census count of each neighbourhood, NaN if unknown."""
    if neighbourhoods.census is None:
        return np.full(len(neighbourhoods), np.nan)
    return np.asarray(neighbourhoods.census, dtype=np.float64)
