"""Allocation of residents to origins from buildings, a population layer or raster, and the census.

The first name in `[residents] from` gives the origins; `population` after `buildings` allocates the
people of each area to the residential buildings in it; `census` at the end constrains each
neighbourhood to its count, and `total` the whole city.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True, eq=False)
class _WeightedPoints:
    """Weighted points before the assignment to neighbourhoods.

    The weight is people, or floor area in m² if `floor_area` is true; `outside` is the number of
    people of the source outside the city.
    """

    xy: NDArray[np.float64]
    weight: NDArray[np.float64]
    outside: float = 0.0
    notes: tuple[Note, ...] = ()
    floor_area: bool = False


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
        If the population of the city is 0.
    """
    points = _weighted_points(spec, neighbourhoods, layers, rasters)
    areas = np.asarray(neighbourhoods.geometry, dtype=object)
    row = allocation.locate(points.xy, areas, neighbourhoods.gap_tolerance_m)
    inside = (row >= 0) & (points.weight > 0)
    lost = (row < 0) & (points.weight > 0)
    residents = Residents(
        xy=points.xy[inside],
        people=points.weight[inside],
        neighbourhood=row[inside],
        source="+".join(spec.from_),
        outside=0.0 if points.floor_area else points.outside + float(points.weight[lost].sum()),
        notes=points.notes,
    )
    if points.floor_area and lost.any():
        note = Note.of("homes-outside", count=int(lost.sum()), total=len(lost))
        residents = replace(residents, notes=(*residents.notes, note))
    if "census" in spec.from_ and neighbourhoods.census is not None:
        residents = _constrained_to_census(residents, neighbourhoods)
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
    return replace(residents, places_digest=places, digest=of_people, second_source=second)


def _weighted_points(
    spec: ResidentsSpec,
    neighbourhoods: Neighbourhoods,
    layers: Mapping[str, Layer],
    rasters: Mapping[str, Raster],
) -> _WeightedPoints:
    if spec.from_[0] == "census":
        return _points_in_polygons(
            np.asarray(neighbourhoods.geometry, dtype=object), _census(neighbourhoods)
        )
    if spec.from_[0] == "buildings":
        dwellings = _from_buildings(layers["buildings"])
        if "population" not in spec.from_:
            return dwellings
        return _population_to_buildings(dwellings, _population(neighbourhoods, layers, rasters))
    return _population(neighbourhoods, layers, rasters)


def _from_buildings(buildings: Layer) -> _WeightedPoints:
    """Residential buildings, weighted by residents if known, otherwise by floor area in m²."""
    frame = buildings.frame
    lived_in = frame["residential"].to_numpy(dtype=bool) if "residential" in frame else slice(None)
    dwellings = frame[lived_in]
    geometry = np.asarray(dwellings.geometry, dtype=object)
    xy = allocation.representative_xy(geometry)
    if "residents" in dwellings:
        known = dwellings["residents"].fillna(0).to_numpy(dtype=np.float64)
        return _WeightedPoints(xy, known, notes=(Note.of("residents-of-buildings"),))
    levels, note = _known_levels(dwellings)
    return _WeightedPoints(xy, shapely.area(geometry) * levels, notes=note, floor_area=True)


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
) -> _WeightedPoints:
    """Points of a population raster, points or polygons, weighted by people."""
    if "population" in rasters:
        return _cell_points(rasters["population"], neighbourhoods)
    frame = layers["population"].frame
    people = frame["people"].fillna(0).to_numpy(dtype=np.float64)
    geometry = np.asarray(frame.geometry, dtype=object)
    if (shapely.get_type_id(geometry) == shapely.GeometryType.POINT).all():
        return _WeightedPoints(shapely.get_coordinates(geometry), people)
    city = shapely.union_all(np.asarray(neighbourhoods.geometry, dtype=object))
    return _points_within_city(geometry, people, city)


def _points_in_polygons(
    polygons: NDArray[np.object_], people: NDArray[np.float64]
) -> _WeightedPoints:
    """The people of each polygon, distributed evenly over points at most `SPACING_M` apart."""
    xy = [allocation.lattice_points(polygon, SPACING_M) for polygon in polygons]
    count = np.array([len(points) for points in xy])
    return _WeightedPoints(np.vstack(xy), np.repeat(people / count, count))


def _points_within_city(
    polygons: NDArray[np.object_], people: NDArray[np.float64], city: shapely.Geometry
) -> _WeightedPoints:
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


def _cell_points(raster: Raster, neighbourhoods: Neighbourhoods) -> _WeightedPoints:
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
    return _WeightedPoints(xy, people)


def _cell_size_m(raster: Raster) -> float:
    """Approximate longer side of a cell in metres, to decide how many points it needs."""
    from pyproj import CRS

    crs = CRS.from_user_input(raster.crs)
    longest = max(abs(raster.transform.a), abs(raster.transform.e))
    metres_per_degree = 111_320.0
    return longest * (metres_per_degree if crs.is_geographic else 1.0)


def _population_to_buildings(
    dwellings: _WeightedPoints, population: _WeightedPoints
) -> _WeightedPoints:
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
    return _WeightedPoints(
        np.vstack([dwellings.xy, population.xy[cells_without_dwelling]]),
        np.concatenate([people, population.weight[cells_without_dwelling]]),
        outside=population.outside,
        notes=(*dwellings.notes, note),
    )


def _constrained_to_census(residents: Residents, neighbourhoods: Neighbourhoods) -> Residents:
    """The residents constrained to the census; without buildings people are spread evenly."""
    counts = _census(neighbourhoods)
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
