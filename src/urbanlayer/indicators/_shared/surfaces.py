"""What a grid, or areas with a value each, say where people live and over neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.indicators._shared.results import numbers, polygons, shapes

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City


def at_origins(city: City, role: str) -> NDArray[np.float64]:
    """(n,) the value at each resident place; NaN where there is none."""
    import numpy as np

    from urbanlayer.kernels import allocation, grids

    xy = origin_xy(city)
    if role in city.rasters:
        grid = city.rasters[role]
        return grids.sample_at_points(
            grids.reproject_points(xy, city.crs, grid.crs), grid.values, grid.transform
        )
    row = allocation.locate(xy, shapes(city, role), tolerance_m=0.0)
    return np.append(numbers(city, role, "value"), np.nan)[row]


def around_origins(city: City, role: str, radius_m: float) -> NDArray[np.float64]:
    """(n,) mean of a grid within a radius of each resident place; of areas, the value there."""
    from urbanlayer.kernels import discs, grids

    if radius_m <= 0 or role not in city.rasters:
        return at_origins(city, role)
    grid = city.rasters[role]
    return discs.mean_within_radius(
        grids.reproject_points(origin_xy(city), city.crs, grid.crs),
        grid.values,
        grid.transform,
        radius_m=radius_m,
        cell_m=discs.cell_size_m(grid.transform, grid.crs),
    )


def is_inside(city: City, role: str, *, by_m: float = 0.0) -> NDArray[np.float64]:
    """(n,) 1 where a resident place lies in an area of the layer, or on a cell above 0; else 0.

    Parameters
    ----------
    by_m
        How far outside of the areas still counts; below 0 how far inside it has to be. Not asked
        of grids.
    """
    import numpy as np
    import shapely

    from urbanlayer.kernels import allocation

    if role in city.rasters:
        return (np.nan_to_num(at_origins(city, role)) > 0).astype(np.float64)
    areas = shapes(city, role)
    if by_m < 0:
        areas = shapely.get_parts(shapely.buffer(shapely.union_all(areas), by_m))
    row = allocation.locate(origin_xy(city), areas, tolerance_m=max(by_m, 0.0))
    return (row >= 0).astype(np.float64)


def in_affected_building(city: City, role: str) -> NDArray[np.float64]:
    """(n,) 1 where a resident place lies in a building that reaches into an area of the layer.

    0 for all where the city has no buildings, or the layer is a grid.
    """
    import numpy as np
    import shapely

    from urbanlayer.kernels import allocation

    if "buildings" not in city.layers or role not in city.layers:
        return np.zeros(len(origin_xy(city)))
    houses = shapes(city, "buildings")
    reaching = np.unique(shapely.STRtree(houses).query(shapes(city, role), "intersects")[1])
    row = allocation.locate(origin_xy(city), houses[reaching], tolerance_m=0.0)
    return (row >= 0).astype(np.float64)


def mean_over_areas(
    city: City, role: str, *, areas: NDArray[np.object_] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(k,) mean of each neighbourhood, exact by area, and the part of it that is known.

    Parameters
    ----------
    areas
        Polygons in the city's CRS to ask of instead of the neighbourhoods.

    Returns
    -------
    mean
        NaN where nothing is known.
    known
        In cells of a grid, or square metres of areas: the weight of the mean.
    """
    import numpy as np

    from urbanlayer.kernels import grids, zonal

    asked = polygons(city) if areas is None else areas
    if role in city.rasters:
        grid = city.rasters[role]
        moved = grids.reproject_polygons(asked, city.crs, grid.crs)
        mean = grids.zonal_statistic(moved, grid.values, grid.transform, grid.crs)
        known = grids.zonal_statistic(
            moved, grid.values, grid.transform, grid.crs, statistic="count"
        )
        return mean, known
    value = numbers(city, role, "value")
    zone, feature, area_m2 = zonal.intersection_areas_m2(asked, shapes(city, role))
    there = ~np.isnan(value[feature])
    zone, feature, area_m2 = zone[there], feature[there], area_m2[there]
    known = np.bincount(zone, area_m2, minlength=len(asked)).astype(np.float64)
    total = np.bincount(zone, area_m2 * value[feature], minlength=len(asked))
    return np.divide(total, known, out=np.full(len(asked), np.nan), where=known > 0), known


def class_area(
    city: City, role: str, classes: Iterable[float | str], *, without: Iterable[float | str] = ()
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(k,) cells of some classes in each neighbourhood, exact by area, and all cells that count.

    Parameters
    ----------
    classes
        Values of the grid that are asked of.
    without
        Values that are left out altogether: water.
    """
    import numpy as np

    from urbanlayer.kernels import grids

    grid = city.rasters[role]
    moved = grids.reproject_polygons(polygons(city), city.crs, grid.crs)
    counts = ~np.isnan(grid.values) & ~_is_any_of(grid.values, without)
    asked = np.where(counts, _is_any_of(grid.values, classes).astype(np.float64), np.nan)
    found = [
        grids.zonal_statistic(moved, asked, grid.transform, grid.crs, statistic=statistic)
        for statistic in ("sum", "count")
    ]
    return found[0], found[1]


def class_share_around(
    city: City,
    role: str,
    classes: Iterable[float | str],
    *,
    without: Iterable[float | str] = (),
    radius_m: float,
) -> NDArray[np.float64]:
    """(n,) share of the land within a radius of each resident place that is of some classes."""
    import numpy as np

    from urbanlayer.kernels import discs, grids

    grid = city.rasters[role]
    counts = ~np.isnan(grid.values) & ~_is_any_of(grid.values, without)
    return discs.mean_within_radius(
        grids.reproject_points(origin_xy(city), city.crs, grid.crs),
        np.where(counts, _is_any_of(grid.values, classes).astype(np.float64), np.nan),
        grid.transform,
        radius_m=radius_m,
        cell_m=discs.cell_size_m(grid.transform, grid.crs),
    )


def _is_any_of(values: NDArray[np.float64], classes: Iterable[float | str]) -> NDArray[np.bool_]:
    import numpy as np

    return np.isin(values, [float(one) for one in classes])


def origin_xy(city: City) -> NDArray[np.float64]:
    """(n, 2) the resident places."""
    import numpy as np

    return city.residents.xy if city.residents is not None else np.empty((0, 2))
