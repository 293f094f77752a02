"""Allocation of residents to origins from buildings, a population layer or raster, and the census.

The first name in `[residents] from` gives the origins; `population` after `buildings` allocates the
people of each area to the residential buildings in it; `census` at the end constrains each
neighbourhood to its count, and `total` the whole city. People come from counts alone; floor area
only shares them out. An unknown count is never 0: a neighbourhood of unknown count has no origins.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.errors import CityError
from urbanlayer.kernels import allocation
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.residents import Residents

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.specification import ResidentsSpec

SPACING_M = 100.0
"""Maximum spacing of the origins in a polygon of people (interface.md, Rules)."""
RELATIVE_TOLERANCE = 1e-6


LARGE_HOME_M2 = 10_000.0
"""A larger building is an area of land use: its people are spread over points inside it."""


@dataclass(frozen=True, slots=True, eq=False)
class _People:
    """Points with people, before the assignment to neighbourhoods.

    `outside` is the number of people of the source outside the city, `uncounted` the geometry of
    the features whose count is unknown; no point lies in them.
    """

    xy: NDArray[np.float64]
    weight: NDArray[np.float64]
    outside: float = 0.0
    notes: tuple[Note, ...] = ()
    uncounted: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))


@dataclass(frozen=True, slots=True, eq=False)
class _FloorArea:
    """Points with residential floor area in m², which shares people out but counts none."""

    xy: NDArray[np.float64]
    weight: NDArray[np.float64]
    notes: tuple[Note, ...] = ()


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
        If the population of the city is 0, or nothing says how many people live there.
    """
    points = _points(spec, neighbourhoods, layers, rasters)
    areas = np.asarray(neighbourhoods.geometry, dtype=object)
    row = allocation.locate(points.xy, areas, neighbourhoods.gap_tolerance_m)
    inside = (row >= 0) & (points.weight > 0)
    lost = (row < 0) & (points.weight > 0)
    residents = Residents(
        xy=points.xy[inside],
        people=points.weight[inside],
        neighbourhood=row[inside],
        source="+".join(spec.from_),
        notes=points.notes,
    )
    if isinstance(points, _People):
        outside = points.outside + float(points.weight[lost].sum())
        residents = replace(residents, outside=outside)
    elif lost.any():
        note = Note.of("homes-outside", count=int(lost.sum()), total=len(lost))
        residents = replace(residents, notes=(*residents.notes, note))
    if "census" in spec.from_:
        residents = _constrained_to_census(residents, neighbourhoods)
    elif isinstance(points, _People):
        residents = _without_uncounted(residents, points.uncounted, neighbourhoods)
    residents = _constrained_to_total(residents, spec)
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
    of_people = digest_of(
        places, residents.neighbourhood, residents.people, residents.groups, residents.deprivation
    )
    if residents.unknown or any(residents.group_unknown.values()):
        unknown = {name: sorted(rows) for name, rows in residents.group_unknown.items()}
        of_people = digest_of(of_people, sorted(residents.unknown), unknown)
    return replace(residents, places_digest=places, digest=of_people, second_source=second)


def _points(
    spec: ResidentsSpec,
    neighbourhoods: Neighbourhoods,
    layers: Mapping[str, Layer],
    rasters: Mapping[str, Raster],
) -> _People | _FloorArea:
    if spec.from_[0] == "census":
        counts = _census(neighbourhoods)
        known = ~np.isnan(counts)
        areas = np.asarray(neighbourhoods.geometry, dtype=object)
        return _points_in_polygons(areas[known], counts[known])
    if spec.from_[0] == "buildings":
        dwellings = _from_buildings(layers["buildings"])
        if "population" in spec.from_:
            return _population_to_buildings(dwellings, _population(neighbourhoods, layers, rasters))
        if isinstance(dwellings, _FloorArea) and "census" not in spec.from_ and spec.total is None:
            raise CityError(_FLOOR_AREA_ALONE)
        return dwellings
    return _population(neighbourhoods, layers, rasters)


_FLOOR_AREA_ALONE = (
    "[residents]: buildings have a floor area here, but nothing says how many people live in them; "
    'give total = …, or "census" or "population" in from, or residents = "…" in [layers.buildings]'
)


def _from_buildings(buildings: Layer) -> _People | _FloorArea:
    """Residential buildings, weighted by residents if known, otherwise by floor area in m²."""
    frame = buildings.frame
    lived_in = frame["residential"].to_numpy(dtype=bool) if "residential" in frame else slice(None)
    dwellings = frame[lived_in]
    geometry = np.asarray(dwellings.geometry, dtype=object)
    if "residents" in dwellings:
        known, notes = _known_counts(dwellings["residents"], "buildings")
        counts = dwellings["residents"].to_numpy(dtype=np.float64)[known]
        xy, people, spread = _origins_of_homes(geometry[known], counts)
        notes = (Note.of("residents-of-buildings"), *notes, *spread)
        return _People(xy, people, notes=notes, uncounted=geometry[~known])
    levels, notes = _known_levels(dwellings)
    xy, floor_m2, spread = _origins_of_homes(geometry, shapely.area(geometry) * levels)
    return _FloorArea(xy, floor_m2, notes=(*notes, *spread))


def _origins_of_homes(
    homes: NDArray[np.object_], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[Note, ...]]:
    """One point for each home, several at most `SPACING_M` apart for a large one; with a note."""
    area_m2 = shapely.area(homes)
    large = area_m2 > LARGE_HOME_M2
    xy = allocation.representative_xy(homes)
    if not large.any():
        return xy, weight, ()
    spread = _points_in_polygons(homes[large], weight[large])
    note = Note.of(
        "homes-large",
        count=int(large.sum()),
        total=len(homes),
        area_ha=round(float(area_m2[large].max()) / LARGE_HOME_M2, 1),
        distance_m=SPACING_M,
    )
    return (
        np.vstack([xy[~large], spread.xy]),
        np.concatenate([weight[~large], spread.weight]),
        (note,),
    )


def _known_counts(
    counts: pd.Series[float], role: str
) -> tuple[NDArray[np.bool_], tuple[Note, ...]]:
    """(n,) True where a count is known, and a note on the features without a count."""
    known = counts.notna().to_numpy(dtype=bool)
    if known.all():
        return known, ()
    note = Note.of(
        "counts-unknown",
        layer=role,
        count=int((~known).sum()),
        total=len(known),
        names=Listing.of(counts.index[~known]),
    )
    return known, (note,)


def _known_levels(dwellings: pd.DataFrame) -> tuple[NDArray[np.float64], tuple[Note, ...]]:
    """(n,) storeys of each building, the median where unknown, and a note on it."""
    if "levels" not in dwellings:
        return np.ones(len(dwellings)), (Note.of("no-storeys"),)
    levels = dwellings["levels"].to_numpy(dtype=np.float64)
    unknown = np.isnan(levels)
    if not unknown.any():
        return levels, ()
    usual = float(np.nanmedian(levels)) if not unknown.all() else 1.0
    note = Note.of("storeys-assumed", count=int(unknown.sum()), total=len(levels), storeys=usual)
    return np.where(unknown, usual, levels), (note,)


def _population(
    neighbourhoods: Neighbourhoods, layers: Mapping[str, Layer], rasters: Mapping[str, Raster]
) -> _People:
    """Points of a population raster, points or polygons, weighted by people."""
    if "population" in rasters:
        return _cell_points(rasters["population"], neighbourhoods)
    frame = layers["population"].frame
    known, notes = _known_counts(frame["people"], "population")
    people = frame["people"].to_numpy(dtype=np.float64)[known]
    every = np.asarray(frame.geometry, dtype=object)
    geometry, uncounted = every[known], every[~known]
    if (shapely.get_type_id(every) == shapely.GeometryType.POINT).all():
        xy = shapely.get_coordinates(geometry)
        return _People(xy, people, notes=notes, uncounted=uncounted)
    city = shapely.union_all(np.asarray(neighbourhoods.geometry, dtype=object))
    points = _points_within_city(geometry, people, city)
    return replace(points, notes=notes, uncounted=uncounted)


def _points_in_polygons(polygons: NDArray[np.object_], people: NDArray[np.float64]) -> _People:
    """The people of each polygon, distributed evenly over points at most `SPACING_M` apart."""
    xy = [allocation.lattice_points(polygon, SPACING_M) for polygon in polygons]
    count = np.array([len(points) for points in xy], dtype=np.int64)
    return _People(np.vstack([np.empty((0, 2)), *xy]), np.repeat(people / count, count))


def _points_within_city(
    polygons: NDArray[np.object_], people: NDArray[np.float64], city: shapely.Geometry
) -> _People:
    """Points inside the city; people are split by the area inside and outside it."""
    shapely.prepare(city)
    near = shapely.intersects(polygons, city) & (people > 0)
    parts = shapely.intersection(polygons[near], city)
    area = shapely.area(parts)
    share = area / shapely.area(polygons[near])
    here = people[near] * share
    kept = area > 0
    spread = _points_in_polygons(parts[kept], here[kept])
    return replace(spread, outside=float(people.sum() - here[kept].sum()))


def _cell_points(raster: Raster, neighbourhoods: Neighbourhoods) -> _People:
    """The people of each raster cell, distributed over points at most `SPACING_M` apart."""
    from pyproj import Transformer

    values = np.nan_to_num(raster.values)
    row, column = np.nonzero(values > 0)
    cell_m = _cell_size_m(raster)
    cut = max(1, int(np.ceil(cell_m / SPACING_M - RELATIVE_TOLERANCE)))
    part = (np.arange(cut) + 0.5) / cut
    x = np.repeat(column, cut * cut) + np.tile(np.repeat(part, cut), len(column))
    y = np.repeat(row, cut * cut) + np.tile(np.tile(part, cut), len(row))
    grid = raster.transform
    easting = grid.a * x + grid.b * y + grid.c
    northing = grid.d * x + grid.e * y + grid.f
    to_city = Transformer.from_crs(raster.crs, neighbourhoods.geometry.crs, always_xy=True)
    xy = np.column_stack(to_city.transform(easting, northing))
    people = np.repeat(values[row, column] / cut**2, cut * cut)
    return _People(xy, people)


def _cell_size_m(raster: Raster) -> float:
    """Approximate longer side of a cell in metres, to decide how many points it needs."""
    from pyproj import CRS

    crs = CRS.from_user_input(raster.crs)
    longest = max(abs(raster.transform.a), abs(raster.transform.e))
    metres_per_degree = 111_320.0
    return longest * (metres_per_degree if crs.is_geographic else 1.0)


def _population_to_buildings(dwellings: _People | _FloorArea, population: _People) -> _People:
    """The people of a population layer, allocated to residential buildings.

    The people in each grid cell of `SPACING_M` are allocated to the buildings in it by floor area;
    in cells without buildings the points of the population layer become origins.
    """
    size = SPACING_M
    both = np.vstack([dwellings.xy, population.xy])
    cell = np.unique(
        np.floor((both - both.min(axis=0)) / size).astype(np.int64), axis=0, return_inverse=True
    )[1].ravel()
    dwelling_cell, people_cell = cell[: len(dwellings.xy)], cell[len(dwellings.xy) :]
    count = int(cell.max()) + 1
    totals = np.bincount(people_cell, population.weight, minlength=count).astype(np.float64)
    people = allocation.constrain_to_totals(dwellings.weight, dwelling_cell, totals)
    cells_without_dwelling = np.isin(
        people_cell, allocation.groups_without_weight(dwellings.weight, dwelling_cell, totals)
    )
    lost = population.weight[cells_without_dwelling].sum()
    note = Note.of("people-without-home", count=round(lost))
    return _People(
        np.vstack([dwellings.xy, population.xy[cells_without_dwelling]]),
        np.concatenate([people, population.weight[cells_without_dwelling]]),
        outside=population.outside,
        notes=(*dwellings.notes, *population.notes, note),
        uncounted=population.uncounted,
    )


def _without_uncounted(
    residents: Residents, uncounted: NDArray[np.object_], neighbourhoods: Neighbourhoods
) -> Residents:
    """The residents; a neighbourhood with features of unknown count alone has an unknown count."""
    if not len(uncounted):
        return residents
    areas = np.asarray(neighbourhoods.geometry, dtype=object)
    row, feature = shapely.STRtree(uncounted).query(areas, predicate="intersects")
    has_area = shapely.area(uncounted[feature]) > 0
    shared_m2 = shapely.area(shapely.intersection(areas[row], uncounted[feature]))
    touched = row[~has_area | (shared_m2 > 0)]
    counted = residents.per_neighbourhood(len(neighbourhoods)) > 0
    return _without(residents, np.setdiff1d(touched, np.flatnonzero(counted)), neighbourhoods)


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


def _constrained_to_census(residents: Residents, neighbourhoods: Neighbourhoods) -> Residents:
    """The residents constrained to the census; without buildings people are spread evenly."""
    counts = _census(neighbourhoods)
    residents = _without(residents, np.flatnonzero(np.isnan(counts)), neighbourhoods)
    people = allocation.constrain_to_totals(residents.people, residents.neighbourhood, counts)
    empty = allocation.groups_without_weight(residents.people, residents.neighbourhood, counts)
    constrained = replace(residents, people=people)
    if not len(empty):
        return constrained
    spread = _points_in_polygons(
        np.asarray(neighbourhoods.geometry, dtype=object)[empty], counts[empty]
    )
    row = np.repeat(
        empty,
        [
            len(allocation.lattice_points(neighbourhoods.geometry.iloc[at], SPACING_M))
            for at in empty
        ],
    )
    note = Note.of(
        "census-spread",
        count=round(counts[empty].sum()),
        neighbourhoods=len(empty),
        names=Listing.of(neighbourhoods.keys[empty]),
    )
    return replace(
        constrained,
        xy=np.vstack([constrained.xy, spread.xy]),
        people=np.concatenate([constrained.people, spread.weight]),
        neighbourhood=np.concatenate([constrained.neighbourhood, row]),
        notes=(*constrained.notes, note),
    )


def _constrained_to_total(residents: Residents, spec: ResidentsSpec) -> Residents:
    """The residents constrained to the total; a census by neighbourhood takes precedence."""
    if spec.total is None or not residents.total > 0:
        return residents
    if "census" in spec.from_:
        if abs(residents.total - spec.total) <= RELATIVE_TOLERANCE * spec.total:
            return residents
        note = Note.of("census-kept", census=round(residents.total), total=round(spec.total))
        return replace(residents, notes=(*residents.notes, note))
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
    counted = "population" in spec.from_ or spec.from_[0] == "census"
    notes = (*residents.notes, note) if counted else residents.notes
    return replace(residents, people=residents.people * factor, notes=notes)


def _census(neighbourhoods: Neighbourhoods) -> NDArray[np.float64]:
    """(k,) census count of each neighbourhood, NaN if unknown."""
    if neighbourhoods.census is None:
        return np.full(len(neighbourhoods), np.nan)
    return np.asarray(neighbourhoods.census, dtype=np.float64)
