"""People of a population layer or raster at points, or in the homes of the same area.

The people of a cell or polygon that lies in several neighbourhoods are shared by the exact area of
its parts, by built-up area where a layer gives it, by the floor area of its homes where `buildings`
are named. What lies outside all neighbourhoods is outside the city.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.city.people import NOT_LOCATED, People, known_counts, rows_of
from urbanlayer.city.spreading import SPACING_M
from urbanlayer.kernels import allocation, grids
from urbanlayer.kernels.zonal import parts_in_zones
from urbanlayer.model.cause import BORDERS
from urbanlayer.model.note import Note
from urbanlayer.model.role_names import POPULATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from urbanlayer.city.people import Ends, FloorArea
    from urbanlayer.city.spreading import BuiltUpLand
    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.neighbourhoods import Neighbourhoods

RELATIVE_TOLERANCE = 1e-6
LEAST_CELLS = 0.5
"""Fewer cells without data in the city are rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """What a population layer or raster counts.

    Attributes
    ----------
    geometry
        (n,) points or polygons of known count, in the city's CRS; cells with people of a raster.
    people
        (n,) people.
    uncounted
        Rows of the neighbourhoods in which features of unknown count lie, or no cell with data.
    notes
        How many counts are unknown, and which.
    steps
        Points along each side of a cell of a raster; 0 for features of a layer.
    """

    geometry: NDArray[np.object_]
    people: NDArray[np.float64]
    uncounted: NDArray[np.int64]
    notes: tuple[Note, ...] = ()
    steps: int = 0

    def where(self, kept: NDArray[np.bool_]) -> Population:
        """Some of its features."""
        return replace(self, geometry=self.geometry[kept], people=self.people[kept])


def read_population(
    neighbourhoods: Neighbourhoods, layers: Mapping[str, Layer], rasters: Mapping[str, Raster]
) -> Population:
    """The features or cells with people.

    Parameters
    ----------
    neighbourhoods
        Of the city.
    layers, rasters
        By role; one of them holds `population`.
    """
    if POPULATION in rasters:
        return _from_raster(rasters["population"], neighbourhoods)
    frame = layers["population"].frame
    known, notes = known_counts(frame["people"], "population")
    people = frame["people"].to_numpy(dtype=np.float64)[known]
    every = np.asarray(frame.geometry, dtype=object)
    uncounted = rows_touched(every[~known], neighbourhoods)
    return Population(every[known], people, uncounted, notes)


def rows_touched(
    features: NDArray[np.object_], neighbourhoods: Neighbourhoods
) -> NDArray[np.int64]:
    """Rows of the neighbourhoods in which features lie; areas that only touch do not count."""
    if not len(features):
        return np.empty(0, dtype=np.int64)
    areas = np.asarray(neighbourhoods.geometry, dtype=object)
    row, feature = shapely.STRtree(features).query(areas, predicate="intersects")
    has_area = shapely.area(features[feature]) > 0
    shared_m2 = shapely.area(shapely.intersection(areas[row], features[feature]))
    return np.unique(row[~has_area | (shared_m2 > 0)])


def _from_raster(raster: Raster, neighbourhoods: Neighbourhoods) -> Population:
    """The cells with people, as polygons in the city's CRS."""
    values = np.nan_to_num(raster.values)
    row, column = np.nonzero(values > 0)
    grid = raster.transform
    x = column[:, None] + np.array([0.0, 1.0, 1.0, 0.0])
    y = row[:, None] + np.array([0.0, 0.0, 1.0, 1.0])
    corners = np.stack([grid.a * x + grid.b * y + grid.c, grid.d * x + grid.e * y + grid.f], axis=2)
    crs = str(neighbourhoods.geometry.crs)
    moved = grids.reproject_points(corners.reshape(-1, 2), raster.crs, crs)
    cells = np.asarray(shapely.polygons(moved.reshape(-1, 4, 2)), dtype=object)
    steps = max(1, int(np.ceil(_cell_size_m(raster) / SPACING_M - RELATIVE_TOLERANCE)))
    uncounted, notes = _without_data(raster, neighbourhoods)
    return Population(cells, values[row, column], uncounted, notes, steps)


def _cell_size_m(raster: Raster) -> float:
    """Approximate longer side of a cell in metres, to decide how many points it needs."""
    from pyproj import CRS

    crs = CRS.from_user_input(raster.crs)
    longest = max(abs(raster.transform.a), abs(raster.transform.e))
    metres_per_degree = 111_320.0
    return longest * (metres_per_degree if crs.is_geographic else 1.0)


def _without_data(
    raster: Raster, neighbourhoods: Neighbourhoods
) -> tuple[NDArray[np.int64], tuple[Note, ...]]:
    """Rows of the neighbourhoods in which no cell has data, and a note on cells without data."""
    crs = str(neighbourhoods.geometry.crs)
    zones = grids.reproject_polygons(
        np.asarray(neighbourhoods.geometry, dtype=object), crs, raster.crs
    )
    known = np.isfinite(raster.values)
    ones = np.ones(raster.values.shape)
    with_data, every = (
        grids.zonal_statistic(zones, cells, raster.transform, raster.crs, statistic="count")
        for cells in (np.where(known, 1.0, np.nan), ones)
    )
    missing = float((every - with_data).sum())
    rows = np.flatnonzero(with_data <= 0)
    if missing < LEAST_CELLS:
        return rows, ()
    note = Note.of(
        "cells-unknown", layer="population", count=round(missing), total=round(every.sum())
    )
    return rows, (note,)


def at_points(
    population: Population, neighbourhoods: Neighbourhoods, ground: BuiltUpLand
) -> People:
    """The people of the population at points: one for each point, several inside each polygon.

    Parameters
    ----------
    population
        As `read_population` gives it.
    neighbourhoods
        Among which the people of each polygon are shared.
    ground
        What they are spread over.
    """
    has_area = shapely.area(population.geometry) > 0
    areas, single = population.where(has_area), population.where(~has_area)
    xy, weight, row, ends = _spread(areas, neighbourhoods, ground)
    return People(
        np.vstack([xy, shapely.get_coordinates(shapely.centroid(single.geometry))]),
        np.concatenate([weight, single.people]),
        np.concatenate([row, np.full(len(single.people), NOT_LOCATED)]),
        outside=_remainder(areas.people, weight),
        notes=population.notes,
        uncounted=population.uncounted,
        ends={
            cause: (np.append(one, single.people), np.append(other, single.people))
            for cause, (one, other) in ends.items()
        },
    )


def _remainder(people: NDArray[np.float64], allocated: NDArray[np.float64]) -> float:
    """What is left of people beyond rounding."""
    whole = float(people.sum())
    left = whole - float(allocated.sum())
    return left if left > RELATIVE_TOLERANCE**2 * whole else 0.0


def _spread(
    areas: Population, neighbourhoods: Neighbourhoods, ground: BuiltUpLand
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], Ends]:
    """Points, people and neighbourhood of each: areas shared exactly, then spread over points.

    The last are the people with those of each area in one of its parts alone.
    """
    lived_in = areas.where(areas.people > 0)
    zones = np.asarray(neighbourhoods.geometry, dtype=object)
    zone, at, part = parts_in_zones(zones, lived_in.geometry)
    people = lived_in.people[at] * _shares(at, part, lived_in.geometry, ground)
    row = np.where(zone < 0, NOT_LOCATED, zone)
    factors = _in_one_part(at, people, zone >= 0)
    if not areas.steps or ground.is_known:
        xy, weight, of = ground.points(part, people)
        return xy, weight, row[of], _at_ends(weight, factors, of)
    whole = part == lived_in.geometry[at]
    xy, weight, of = ground.points(part[~whole], people[~whole])
    cell_xy = _points_of_cells(part[whole], areas.steps)
    each = areas.steps**2
    weight = np.concatenate([np.repeat(people[whole] / each, each), weight])
    of = np.concatenate([np.repeat(np.flatnonzero(whole), each), np.flatnonzero(~whole)[of]])
    return np.vstack([cell_xy, xy]), weight, row[of], _at_ends(weight, factors, of)


def _in_one_part(
    at: NDArray[np.int64], people: NDArray[np.float64], inside: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """(m,) by what to multiply the people of each part, so that each area has all in one part.

    Once in its part with most people, once in that with fewest; None where no area has several.

    Parameters
    ----------
    at
        (m,) the area of each part.
    people
        (m,) of each part.
    inside
        (m,) whether it lies in a neighbourhood; what lies in none stays as it is.
    """
    lived_in = (people > 0) & inside
    if not (np.bincount(at[lived_in]) > 1).any():
        return None
    total = np.bincount(at, np.where(inside, people, 0.0))
    order = np.flatnonzero(lived_in)[np.lexsort((people[lived_in], at[lived_in]))]
    first = np.flatnonzero(np.diff(at[order], prepend=-1))
    last = np.append(first[1:], len(order)) - 1
    largest, smallest = (~inside).astype(np.float64), (~inside).astype(np.float64)
    for factor, chosen in ((largest, order[last]), (smallest, order[first])):
        factor[chosen] = total[at[chosen]] / people[chosen]
    return largest, smallest


def _at_ends(
    weight: NDArray[np.float64],
    factors: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
    of: NDArray[np.int64],
) -> Ends:
    """The people of points, by the factors of the parts that they are of."""
    if factors is None:
        return {}
    largest, smallest = factors
    return {BORDERS: (weight * largest[of], weight * smallest[of])}


def _points_of_cells(cells: NDArray[np.object_], steps: int) -> NDArray[np.float64]:
    """(n · steps², 2) points of a regular lattice in each cell."""
    corners = shapely.get_coordinates(cells).reshape(-1, 5, 2)[:, None, :4]
    part = (np.arange(steps) + 0.5) / steps
    along, down = (each.reshape(1, -1, 1) for each in np.meshgrid(part, part))
    upper = corners[:, :, 0] + along * (corners[:, :, 1] - corners[:, :, 0])
    lower = corners[:, :, 3] + along * (corners[:, :, 2] - corners[:, :, 3])
    return np.asarray((upper + down * (lower - upper)).reshape(-1, 2))


def _shares(
    at: NDArray[np.int64],
    part: NDArray[np.object_],
    areas: NDArray[np.object_],
    ground: BuiltUpLand,
) -> NDArray[np.float64]:
    """(m,) share of its area's people in each part: by built-up land where there is any.

    Where nothing is built in what lies outside the city, the layer of built-up land may end with
    the city: that part keeps its share of the area.
    """
    count = len(areas)
    share = shapely.area(part) / shapely.area(areas[at])
    inside = np.bincount(at, share, minlength=count)
    share = share / np.maximum(inside, 1.0)[at]
    if not ground.is_known:
        return np.asarray(share)
    built_m2, used = ground.built_m2(part), np.unique(at)
    within_m2 = np.bincount(at, built_m2, minlength=count)
    whole_m2 = np.zeros(count)
    whole_m2[used] = ground.built_m2(areas[used])
    reaches_out = whole_m2 > within_m2 * (1 + RELATIVE_TOLERANCE)
    people = np.where(reaches_out, 1.0, np.minimum(inside, 1.0))
    per_m2 = people / np.where(whole_m2 > 0, np.where(reaches_out, whole_m2, within_m2), 1.0)
    return np.where(whole_m2[at] > 0, built_m2 * per_m2[at], share)


def in_homes(
    population: Population,
    dwellings: People | FloorArea,
    neighbourhoods: Neighbourhoods,
    ground: BuiltUpLand,
) -> People:
    """The people of the population, allocated to residential buildings.

    The people of a polygon or cell live in its homes, by floor area; without homes they are spread
    over it. Homes outside the city have their share; where the layer of buildings has none in the
    part outside, that part has its share of the area. People at points live in the homes of the
    same square of `SPACING_M`.

    Parameters
    ----------
    population
        As `read_population` gives it.
    dwellings
        Homes, weighted by floor area or by their residents.
    neighbourhoods, ground
        As for `at_points`.
    """
    has_area = shapely.area(population.geometry) > 0
    areas, single = population.where(has_area), population.where(~has_area)
    in_areas, without_home = _of_areas(areas, dwellings, neighbourhoods, ground)
    at_single, lonely = _of_points(single, dwellings)
    rest = replace(
        population,
        geometry=np.concatenate([areas.geometry[without_home], single.geometry[lonely]]),
        people=np.concatenate([areas.people[without_home], single.people[lonely]]),
    )
    bare = at_points(rest, neighbourhoods, ground)
    at_home = in_areas + at_single
    ends = {
        cause: (np.append(at_home, one), np.append(at_home, other))
        for cause, (one, other) in bare.ends.items()
    }
    for cause, pair in dwellings.ends.items():
        low, high = (
            in_homes(population, replace(dwellings, weight=each, ends={}), neighbourhoods, ground)
            for each in pair
        )
        ends[cause] = low.weight, high.weight
    with_home = areas.people[~without_home]
    note = Note.of("people-without-home", count=round(float(bare.weight.sum())))
    return People(
        np.vstack([dwellings.xy, bare.xy]),
        np.append(at_home, bare.weight),
        np.concatenate([np.full(len(in_areas), NOT_LOCATED), rows_of(bare)]),
        outside=bare.outside + _remainder(with_home, in_areas),
        notes=(*dwellings.notes, *population.notes, note),
        uncounted=population.uncounted,
        ends=ends,
    )


def _of_areas(
    areas: Population,
    dwellings: People | FloorArea,
    neighbourhoods: Neighbourhoods,
    ground: BuiltUpLand,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(d,) people of the areas in each home, and (n,) True for areas without a home."""
    zones = np.asarray(neighbourhoods.geometry, dtype=object)
    points = np.asarray(shapely.points(dwellings.xy), dtype=object)
    home, area = shapely.STRtree(areas.geometry).query(points, predicate="intersects")
    weight, count = dwellings.weight[home], len(areas.people)
    held = np.bincount(area, weight, minlength=count)
    lies_in = allocation.locate(dwellings.xy, zones, neighbourhoods.gap_tolerance_m)
    held_outside = np.bincount(area, np.where(lies_in[home] < 0, weight, 0.0), minlength=count)
    _, at, part = parts_in_zones(zones, areas.geometry)
    share = np.bincount(at, _shares(at, part, areas.geometry, ground), minlength=count)
    here = np.where(held_outside > 0, areas.people, areas.people * share)
    each = here[area] * weight / np.where(held > 0, held, 1.0)[area]
    return np.bincount(home, each, minlength=len(points)).astype(np.float64), held <= 0


def _of_points(
    single: Population, dwellings: People | FloorArea
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(d,) people at points in each home of their square, and True for points without a home."""
    xy = shapely.get_coordinates(shapely.centroid(single.geometry))
    both = np.vstack([dwellings.xy, xy])
    if not len(both):
        return np.empty(0), np.empty(0, dtype=bool)
    cell = np.unique(
        np.floor((both - both.min(axis=0)) / SPACING_M).astype(np.int64),
        axis=0,
        return_inverse=True,
    )[1].ravel()
    of_home, of_point = cell[: len(dwellings.xy)], cell[len(dwellings.xy) :]
    totals = np.bincount(of_point, single.people, minlength=int(cell.max()) + 1).astype(np.float64)
    people = allocation.constrain_to_totals(dwellings.weight, of_home, totals)
    empty = allocation.groups_without_weight(dwellings.weight, of_home, totals)
    return people, np.isin(of_point, empty)
