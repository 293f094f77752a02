"""Points inside polygons of people, in built-up areas where a layer gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.kernels import allocation, grids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer, Raster

SPACING_M = 100.0
"""Maximum spacing of the origins in a polygon of people (interface.md, Rules)."""
BUILT_UP = "built_up"
"""The role of the layer of built-up land."""


@dataclass(frozen=True, slots=True, eq=False)
class BuiltUpLand:
    """Where in a polygon people live: on its built-up land, or evenly where none is known.

    Attributes
    ----------
    crs
        Of the city.
    areas
        Built-up polygons in the city's CRS, which may overlap; None without a layer.
    grid
        The built-up share of each cell; None without a raster.
    """

    crs: str
    areas: NDArray[np.object_] | None = None
    grid: Raster | None = None

    @property
    def is_known(self) -> bool:
        """Whether a layer shows built-up land."""
        return self.areas is not None or self.grid is not None

    def built_m2(self, polygons: NDArray[np.object_]) -> NDArray[np.float64]:
        """(n,) built-up area of each polygon; its whole area where no layer gives it."""
        if self.areas is not None:
            return np.asarray(shapely.area(self._built_parts(polygons)))
        if self.grid is None or not len(polygons):
            return np.asarray(shapely.area(polygons))
        moved = grids.reproject_polygons(polygons, self.crs, self.grid.crs)
        shares = np.clip(np.nan_to_num(self.grid.values), 0, None)
        mean = grids.zonal_statistic(moved, shares, self.grid.transform, self.grid.crs)
        return np.nan_to_num(mean) * shapely.area(polygons)

    def points(
        self, polygons: NDArray[np.object_], people: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """The people of each polygon over points at most `SPACING_M` apart.

        Parameters
        ----------
        polygons
            (n,) not empty, in the city's CRS.
        people
            (n,) people, or another amount.

        Returns
        -------
        xy, people, polygon
            (m, 2) metres, (m,) people, (m,) row of the polygon.
        """
        if self.areas is not None:
            built = self._built_parts(polygons)
            polygons = np.where(shapely.area(built) > 0, built, polygons)
        each = [allocation.lattice_parts(polygon, SPACING_M) for polygon in polygons]
        polygon = np.repeat(np.arange(len(each)), [len(xy) for xy, _ in each])
        xy = np.vstack([np.empty((0, 2)), *(points for points, _ in each)])
        parts = np.concatenate([np.empty(0, dtype=object), *(part for _, part in each)])
        area_m2 = shapely.area(parts)
        weight = area_m2 if self.grid is None else self.built_m2(parts)
        total = np.bincount(polygon, weight, minlength=len(each))
        weight = np.where(total[polygon] > 0, weight, area_m2)
        held = np.bincount(polygon, weight, minlength=len(each))
        return xy, weight * (people / np.maximum(held, 1e-300))[polygon], polygon

    def _built_parts(self, polygons: NDArray[np.object_]) -> NDArray[np.object_]:
        """(n,) the built-up part of each polygon, empty where nothing is built."""
        parts = np.full(len(polygons), shapely.Polygon(), dtype=object)
        if self.areas is None or not len(self.areas):
            return parts
        polygon, area = shapely.STRtree(self.areas).query(polygons, predicate="intersects")
        for row in np.unique(polygon):
            near = self.areas[np.sort(area[polygon == row])]
            parts[row] = shapely.intersection(polygons[row], shapely.union_all(near))
        return parts


def ground_of(crs: str, layers: Mapping[str, Layer], rasters: Mapping[str, Raster]) -> BuiltUpLand:
    """What people are spread over in a city.

    Parameters
    ----------
    crs
        Of the city.
    layers, rasters
        By role; `built_up` is used where it is there.
    """
    if BUILT_UP in layers:
        areas = np.asarray(layers[BUILT_UP].frame.geometry, dtype=object)
        return BuiltUpLand(crs, areas=areas[shapely.area(areas) > 0])
    return BuiltUpLand(crs, grid=rasters.get(BUILT_UP))
