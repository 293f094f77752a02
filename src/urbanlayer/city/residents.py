"""Where people live, from buildings, a population layer or grid, and census counts.

The first name in `[residents] from` gives the places; `population` after `buildings` gives the
people of each area to the homes in it; `census` at the end controls each neighbourhood to its
count, and `total` the whole city.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.errors import CityError
from urbanlayer.kernels import allocation
from urbanlayer.model.residents import Residents

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.neighbourhoods import Neighbourhoods
    from urbanlayer.model.specification import ResidentsSpec

SPACING_M = 100.0
"""Resident places of an area of people lie at most this far apart (interface.md, Rules)."""
SAME = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Points with a weight each, before they belong to a neighbourhood.

    The weight is people, or square metres of floor where `floor_area` is true; `outside` counts
    people whom the source has beyond the city.
    """

    xy: NDArray[np.float64]
    weight: NDArray[np.float64]
    outside: float = 0.0
    notes: tuple[str, ...] = ()
    floor_area: bool = False


def place_residents(
    spec: ResidentsSpec,
    hoods: Neighbourhoods,
    layers: Mapping[str, Layer],
    rasters: Mapping[str, Raster],
) -> Residents:
    """Where people live.

    Parameters
    ----------
    spec
        The `[residents]` table.
    hoods
        Whose census counts control the places where `from` says `census`.
    layers, rasters
        By role; those that `from` names are there.

    Raises
    ------
    CityError
        If nobody lives in the city by these layers.
    """
    places = _places(spec, hoods, layers, rasters)
    areas = np.asarray(hoods.geometry, dtype=object)
    row = allocation.locate(places.xy, areas, hoods.gap_tolerance_m)
    inside = (row >= 0) & (places.weight > 0)
    lost = (row < 0) & (places.weight > 0)
    residents = Residents(
        xy=places.xy[inside],
        people=places.weight[inside],
        neighbourhood=row[inside],
        source="+".join(spec.from_),
        outside=0.0 if places.floor_area else places.outside + float(places.weight[lost].sum()),
        notes=places.notes,
    )
    if places.floor_area and lost.any():
        note = f"{lost.sum():,} of {len(lost):,} homes lie in no neighbourhood; left out"
        residents = replace(residents, notes=(*residents.notes, note))
    if "census" in spec.from_ and hoods.census is not None:
        residents = _constrained_to_census(residents, hoods)
    residents = _constrained_to_total(residents, spec)
    if not residents.total > 0:
        raise CityError(
            f"nobody lives in the city by {', '.join(spec.from_)}: look at the fields that "
            "[residents] rests on, and at what `where` and `use` keep"
        )
    return residents


def _places(
    spec: ResidentsSpec,
    hoods: Neighbourhoods,
    layers: Mapping[str, Layer],
    rasters: Mapping[str, Raster],
) -> _Places:
    if spec.from_[0] == "census":
        return _spread(np.asarray(hoods.geometry, dtype=object), _census(hoods))
    if spec.from_[0] == "buildings":
        homes = _homes(layers["buildings"])
        if "population" not in spec.from_:
            return homes
        return _people_to_homes(homes, _population(hoods, layers, rasters))
    return _population(hoods, layers, rasters)


def _homes(buildings: Layer) -> _Places:
    """Residential buildings; the weight is their residents where known, else floor area in m²."""
    frame = buildings.frame
    lived_in = frame["residential"].to_numpy(dtype=bool) if "residential" in frame else slice(None)
    homes = frame[lived_in]
    geometry = np.asarray(homes.geometry, dtype=object)
    xy = allocation.representative_xy(geometry)
    if "residents" in homes:
        known = homes["residents"].fillna(0).to_numpy(dtype=np.float64)
        return _Places(xy, known, notes=("residents as the buildings layer counts them",))
    levels, note = _levels(homes)
    return _Places(xy, shapely.area(geometry) * levels, notes=note, floor_area=True)


def _levels(homes: pd.DataFrame) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Storeys of each home; the median of those known where one is not, and a note that says so."""
    if "levels" not in homes:
        return np.ones(len(homes)), ("buildings: no storeys given; footprint alone is the weight",)
    levels = homes["levels"].to_numpy(dtype=np.float64)
    unknown = np.isnan(levels)
    if not unknown.any():
        return levels, ()
    usual = float(np.nanmedian(levels)) if not unknown.all() else 1.0
    note = (
        f"buildings: {unknown.sum():,} of {len(levels):,} homes without storeys taken as {usual:g}"
    )
    return np.where(unknown, usual, levels), (note,)


def _population(
    hoods: Neighbourhoods, layers: Mapping[str, Layer], rasters: Mapping[str, Raster]
) -> _Places:
    """Places of a population grid, points, or polygons."""
    if "population" in rasters:
        return _cells(rasters["population"], hoods)
    frame = layers["population"].frame
    people = frame["people"].fillna(0).to_numpy(dtype=np.float64)
    geometry = np.asarray(frame.geometry, dtype=object)
    if (shapely.get_type_id(geometry) == shapely.GeometryType.POINT).all():
        return _Places(shapely.get_coordinates(geometry), people)
    city = shapely.union_all(np.asarray(hoods.geometry, dtype=object))
    return _spread_within(geometry, people, city)


def _spread(polygons: NDArray[np.object_], people: NDArray[np.float64]) -> _Places:
    """People of each polygon, evenly over points at most `SPACING_M` apart."""
    xy = [allocation.lattice_points(polygon, SPACING_M) for polygon in polygons]
    count = np.array([len(points) for points in xy])
    return _Places(np.vstack(xy), np.repeat(people / count, count))


def _spread_within(
    polygons: NDArray[np.object_], people: NDArray[np.float64], city: shapely.Geometry
) -> _Places:
    """As `_spread`, inside the city; people of the part outside, by area, are counted outside."""
    shapely.prepare(city)
    near = shapely.intersects(polygons, city) & (people > 0)
    parts = shapely.intersection(polygons[near], city)
    area = shapely.area(parts)
    share = area / shapely.area(polygons[near])
    here = people[near] * share
    kept = area > 0
    spread = _spread(parts[kept], here[kept])
    return replace(spread, outside=float(people.sum() - here[kept].sum()))


def _cells(raster: Raster, hoods: Neighbourhoods) -> _Places:
    """Cells of a grid of people, each cut into points at most `SPACING_M` apart."""
    from pyproj import Transformer

    values = np.nan_to_num(raster.values)
    row, column = np.nonzero(values > 0)
    cell_m = _cell_size_m(raster)
    cut = max(1, int(np.ceil(cell_m / SPACING_M - SAME)))
    part = (np.arange(cut) + 0.5) / cut
    x = np.repeat(column, cut * cut) + np.tile(np.repeat(part, cut), len(column))
    y = np.repeat(row, cut * cut) + np.tile(np.tile(part, cut), len(row))
    grid = raster.transform
    easting = grid.a * x + grid.b * y + grid.c
    northing = grid.d * x + grid.e * y + grid.f
    to_city = Transformer.from_crs(raster.crs, hoods.geometry.crs, always_xy=True)
    xy = np.column_stack(to_city.transform(easting, northing))
    people = np.repeat(values[row, column] / cut**2, cut * cut)
    return _Places(xy, people)


def _cell_size_m(raster: Raster) -> float:
    """Longer side of a cell in metres, roughly; only to decide how finely to cut."""
    from pyproj import CRS

    crs = CRS.from_user_input(raster.crs)
    longest = max(abs(raster.transform.a), abs(raster.transform.e))
    metres_per_degree = 111_320.0
    return longest * (metres_per_degree if crs.is_geographic else 1.0)


def _people_to_homes(homes: _Places, population: _Places) -> _Places:
    """People of a population layer, moved to the homes nearest to them.

    Each place of the layer gives its people to the homes in its square of `SPACING_M`, by floor
    area; where none stands there, it stays a place itself.
    """
    size = SPACING_M
    both = np.vstack([homes.xy, population.xy])
    cell = np.unique(
        np.floor((both - both.min(axis=0)) / size).astype(np.int64), axis=0, return_inverse=True
    )[1].ravel()
    home_cell, people_cell = cell[: len(homes.xy)], cell[len(homes.xy) :]
    count = int(cell.max()) + 1
    totals = np.bincount(people_cell, population.weight, minlength=count).astype(np.float64)
    people = allocation.constrain_to_totals(homes.weight, home_cell, totals)
    unallocated_census = np.isin(
        people_cell, allocation.without_weight(homes.weight, home_cell, totals)
    )
    lost = population.weight[unallocated_census].sum()
    note = f"{lost:,.0f} people of the population layer have no home near"
    return _Places(
        np.vstack([homes.xy, population.xy[unallocated_census]]),
        np.concatenate([people, population.weight[unallocated_census]]),
        outside=population.outside,
        notes=(*homes.notes, note),
    )


def _constrained_to_census(residents: Residents, hoods: Neighbourhoods) -> Residents:
    """Each neighbourhood with its count; one without homes has its people spread evenly."""
    counts = _census(hoods)
    people = allocation.constrain_to_totals(residents.people, residents.neighbourhood, counts)
    empty = allocation.without_weight(residents.people, residents.neighbourhood, counts)
    controlled = replace(residents, people=people)
    if not len(empty):
        return controlled
    spread = _spread(np.asarray(hoods.geometry, dtype=object)[empty], counts[empty])
    row = np.repeat(
        empty,
        [len(allocation.lattice_points(hoods.geometry.iloc[at], SPACING_M)) for at in empty],
    )
    names = ", ".join(hoods.keys[empty][:5])
    note = (
        f"{counts[empty].sum():,.0f} residents of {len(empty)} neighbourhoods without homes in "
        f"the layer ({names}) are spread evenly over their area"
    )
    return replace(
        controlled,
        xy=np.vstack([controlled.xy, spread.xy]),
        people=np.concatenate([controlled.people, spread.weight]),
        neighbourhood=np.concatenate([controlled.neighbourhood, row]),
        notes=(*controlled.notes, note),
    )


def _constrained_to_total(residents: Residents, spec: ResidentsSpec) -> Residents:
    """The whole city with its total; a census by neighbourhood stands above a total."""
    if spec.total is None or not residents.total > 0:
        return residents
    if "census" in spec.from_:
        if abs(residents.total - spec.total) <= SAME * spec.total:
            return residents
        note = (
            f"the census of the neighbourhoods sums to {residents.total:,.0f}, [residents] total "
            f"says {spec.total:,.0f}; the census is kept"
        )
        return replace(residents, notes=(*residents.notes, note))
    factor = spec.total / residents.total
    note = f"people of {residents.source} times {factor:.6g} give the city's {spec.total:,.0f}"
    counted = "population" in spec.from_ or spec.from_[0] == "census"
    notes = (*residents.notes, note) if counted else residents.notes
    return replace(residents, people=residents.people * factor, notes=notes)


def _census(hoods: Neighbourhoods) -> NDArray[np.float64]:
    """Census count of each neighbourhood, NaN where not known."""
    if hoods.census is None:
        return np.full(len(hoods), np.nan)
    return np.asarray(hoods.census, dtype=np.float64)
