"""Values of rasters or polygons at origins and over neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.indicators._shared.results import numbers, polygons, shapes
from urbanlayer.model.role_names import BUILDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.model.city import City


def at_origins(city: City, role: str) -> NDArray[np.float64]:
    """(n,) value at each origin; NaN without data."""
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


def in_buffers_of_origins(city: City, role: str, radius_m: float) -> NDArray[np.float64]:
    """(n,) mean of a raster within a radius of each origin; of polygons, the value there."""
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
    """(n,) 1 if an origin lies in a polygon of the layer, or on a cell above 0; else 0.

    Parameters
    ----------
    by_m
        Buffer of the polygons in metres, negative to shrink them. Not used for rasters.
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
    """(n,) 1 if an origin lies in a building that intersects a polygon of the layer; else 0.

    0 for all if the city has no buildings layer, or the layer is a raster.
    """
    import numpy as np
    import shapely

    from urbanlayer.kernels import allocation

    if BUILDINGS not in city.layers or role not in city.layers:
        return np.zeros(len(origin_xy(city)))
    houses = shapes(city, "buildings")
    reaching = np.unique(shapely.STRtree(houses).query(shapes(city, role), "intersects")[1])
    row = allocation.locate(origin_xy(city), houses[reaching], tolerance_m=0.0)
    return (row >= 0).astype(np.float64)


def mean_over_areas(
    city: City, role: str, *, areas: NDArray[np.object_] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean of each neighbourhood, exact by area, and its known part.

    Parameters
    ----------
    areas
        (k,) polygons in the city's CRS; by default the neighbourhoods.

    Returns
    -------
    mean
        (k,) NaN without data.
    known
        (k,) number of cells, or area in m², with data: the weight of the mean.
    """
    import numpy as np

    from urbanlayer.kernels import grids, zonal

    zones = polygons(city) if areas is None else areas
    if role in city.rasters:
        grid = city.rasters[role]
        moved = grids.reproject_polygons(zones, city.crs, grid.crs)
        mean = grids.zonal_statistic(moved, grid.values, grid.transform, grid.crs)
        known = grids.zonal_statistic(
            moved, grid.values, grid.transform, grid.crs, statistic="count"
        )
        return mean, known
    value = numbers(city, role, "value")
    zone, feature, area_m2 = zonal.intersection_areas_m2(zones, shapes(city, role))
    there = ~np.isnan(value[feature])
    zone, feature, area_m2 = zone[there], feature[there], area_m2[there]
    known = np.bincount(zone, area_m2, minlength=len(zones)).astype(np.float64)
    total = np.bincount(zone, area_m2 * value[feature], minlength=len(zones))
    return np.divide(total, known, out=np.full(len(zones), np.nan), where=known > 0), known


def class_area(
    city: City, role: str, classes: Iterable[float | str], *, without: Iterable[float | str] = ()
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(k,) cells of the classes in each neighbourhood, exact by area, and (k,) all valid cells.

    Parameters
    ----------
    classes
        Values of the raster to count.
    without
        Values to exclude: water.
    """
    import numpy as np

    from urbanlayer.kernels import grids

    grid = city.rasters[role]
    moved = grids.reproject_polygons(polygons(city), city.crs, grid.crs)
    counts = ~np.isnan(grid.values) & ~_is_any_of(grid.values, without)
    shares = np.where(counts, _is_any_of(grid.values, classes).astype(np.float64), np.nan)
    found = [
        grids.zonal_statistic(moved, shares, grid.transform, grid.crs, statistic=statistic)
        for statistic in ("sum", "count")
    ]
    return found[0], found[1]


def class_share_in_buffers(
    city: City,
    role: str,
    classes: Iterable[float | str],
    *,
    without: Iterable[float | str] = (),
    radius_m: float,
) -> NDArray[np.float64]:
    """(n,) share of the land within a radius of each origin that has one of the classes."""
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
    """(n, 2) coordinates of the origins, in metres."""
    import numpy as np

    return city.residents.xy if city.residents is not None else np.empty((0, 2))
