"""Raster statistics in polygons and raster values at points; nodata is not zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

MAX_SEGMENT_M = 200.0
"""Borders are densified to this length before they are transformed to the raster's CRS, so that
straight borders stay straight to a few millimetres."""


def zonal_statistic(
    polygons: NDArray[np.object_],
    values: NDArray[np.float64],
    transform: Affine,
    crs: str,
    *,
    statistic: Literal["mean", "sum", "count"] = "mean",
) -> NDArray[np.float64]:
    """Mean, sum or count of a raster's cells inside each polygon, weighted by area.

    Cells on the border count by their share inside (exactextract). Cells without data are excluded.

    Parameters
    ----------
    polygons
        (k,) in the CRS of the raster.
    values
        (rows, columns), north up; NaN where there is no data.
    transform, crs
        From columns and rows to coordinates, and the CRS of the coordinates.
    statistic
        `mean` over the area that has data, `sum` of cells, or `count` of cells with data.

    Returns
    -------
    (k,) without data NaN, for sum and count 0.
    """
    import geopandas as gpd
    from exactextract import exact_extract
    from exactextract.raster import NumPyRasterSource
    from pyproj import CRS

    rows, columns = values.shape
    west, north = transform.c, transform.f
    east, south = west + transform.a * columns, north + transform.e * rows
    grid = NumPyRasterSource(
        values, xmin=west, ymin=south, xmax=east, ymax=north, nodata=np.nan,
        srs_wkt=CRS.from_user_input(crs).to_wkt(),
    )  # fmt: skip
    frame = gpd.GeoDataFrame(geometry=list(polygons), crs=crs)
    found = exact_extract(grid, frame, [statistic], output="pandas")[statistic]
    results = np.asarray(found, dtype=np.float64)
    return results if statistic == "mean" else np.nan_to_num(results)


def sample_at_points(
    xy: NDArray[np.float64], values: NDArray[np.float64], transform: Affine
) -> NDArray[np.float64]:
    """The value of the cell that contains each point.

    Parameters
    ----------
    xy
        (n, 2) in the CRS of the raster.
    values
        (rows, columns), north up.
    transform
        From columns and rows to coordinates.

    Returns
    -------
    (n,) NaN outside the raster and without data.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> sample_at_points(np.array([[15.0, 5.0], [99.0, 5.0]]), grid, Affine(10, 0, 0, 0, -10, 20))
    array([ 4., nan])
    """
    column = np.floor((xy[:, 0] - transform.c) / transform.a).astype(np.int64)
    row = np.floor((xy[:, 1] - transform.f) / transform.e).astype(np.int64)
    rows, columns = values.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    found = np.full(len(xy), np.nan)
    found[inside] = values[row[inside], column[inside]]
    return found


def reproject_polygons(
    polygons: NDArray[np.object_], from_crs: str, to_crs: str
) -> NDArray[np.object_]:
    """(k,) polygons transformed to another CRS, densified so that borders stay straight."""
    if from_crs == to_crs:
        return polygons
    dense = shapely.segmentize(polygons, MAX_SEGMENT_M)
    moved = shapely.transform(dense, lambda xy: reproject_points(xy, from_crs, to_crs))
    return np.array(moved, dtype=object)


def reproject_points(xy: NDArray[np.float64], from_crs: str, to_crs: str) -> NDArray[np.float64]:
    """(n, 2) points transformed to another CRS."""
    if from_crs == to_crs:
        return xy
    from pyproj import Transformer

    move = Transformer.from_crs(from_crs, to_crs, always_xy=True)
    return np.column_stack(move.transform(xy[:, 0], xy[:, 1]))
