"""What lies within a radius of each place: means of a grid, counts and sums of points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.measure.threshold import SLACK

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

CHUNK = 512
"""Places that are compared with their surroundings at a time."""
_METRES_PER_DEGREE = 111_320.0


def cell_size_m(transform: Affine, crs: str) -> tuple[float, float]:
    """Width and height of a grid's cells in metres; of degrees, at the grid's northern edge."""
    from pyproj import CRS

    width, height = abs(transform.a), abs(transform.e)
    if not CRS.from_user_input(crs).is_geographic:
        return width, height
    at = np.cos(np.radians(transform.f))
    return float(width * _METRES_PER_DEGREE * at), height * _METRES_PER_DEGREE


def grid_mean_around(
    xy: NDArray[np.float64],
    values: NDArray[np.float64],
    transform: Affine,
    *,
    radius_m: float,
    cell_m: tuple[float, float],
) -> NDArray[np.float64]:
    """Mean of a grid within a radius of each point, cells on the rim by the share inside.

    The disc is laid round the centres of the four cells about a point and interpolated between
    them, so that its edge is true to a small part of a cell.

    Parameters
    ----------
    xy
        (n, 2) in the CRS of the grid.
    values
        (rows, columns), north up; NaN where there is no data, which is in no mean.
    transform
        From columns and rows to coordinates.
    radius_m
        Of the disc.
    cell_m
        Width and height of a cell in metres.

    Returns
    -------
    (n,) NaN where nothing is known within the radius, and outside the grid.

    Examples
    --------
    >>> from affine import Affine
    >>> half = np.repeat([[1.0] * 10 + [0.0] * 10], 20, axis=0)
    >>> grid = Affine(10, 0, 0, 0, -10, 200)
    >>> centre = np.array([[100.0, 100.0]])
    >>> grid_mean_around(centre, half, grid, radius_m=50, cell_m=(10, 10)).round(6).tolist()
    [0.5]
    """
    from scipy.ndimage import map_coordinates
    from scipy.signal import oaconvolve

    share = _disc(radius_m, cell_m)
    known = ~np.isnan(values)
    total = oaconvolve(np.where(known, values, 0.0), share, mode="same")
    weight = oaconvolve(known.astype(np.float64), share, mode="same")
    column, row = (xy[:, 0] - transform.c) / transform.a, (xy[:, 1] - transform.f) / transform.e
    at = np.vstack([row - 0.5, column - 0.5])
    sums, weights = (
        map_coordinates(field, at, order=1, mode="nearest") for field in (total, weight)
    )
    rows, columns = values.shape
    inside = (at[0] >= -0.5) & (at[1] >= -0.5) & (at[0] < rows - 0.5) & (at[1] < columns - 0.5)  # noqa: PLR2004
    enough = inside & (weights > SLACK * share.sum())
    return np.asarray(np.divide(sums, weights, out=np.full(len(xy), np.nan), where=enough))


def _disc(radius_m: float, cell_m: tuple[float, float]) -> NDArray[np.float64]:
    """(odd, odd) share of each cell that lies in a disc round the middle one's centre."""
    import shapely

    width, height = cell_m
    across, down = int(np.ceil(radius_m / width)), int(np.ceil(radius_m / height))
    column, row = np.meshgrid(np.arange(-across, across + 1), np.arange(-down, down + 1))
    cells = shapely.box(
        (column - 0.5) * width, (row - 0.5) * height, (column + 0.5) * width, (row + 0.5) * height
    )
    disc = shapely.buffer(shapely.Point(0, 0), radius_m, quad_segs=32)
    inside = shapely.area(shapely.intersection(cells, disc)) / (width * height)
    return np.asarray(inside, dtype=np.float64)


def sum_around(
    xy: NDArray[np.float64],
    points: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    radius_m: float,
) -> NDArray[np.float64]:
    """Weights of the points within a radius of each place; the radius itself is within.

    Parameters
    ----------
    xy
        (n, 2) places in metres.
    points
        (k, 2) points in metres.
    weights
        (k,) people, trees …
    radius_m
        In a straight line.

    Returns
    -------
    (n,) sums.

    Examples
    --------
    >>> homes, people = np.array([[0.0, 0.0], [30.0, 0.0], [90.0, 0.0]]), np.array([1.0, 2.0, 4.0])
    >>> sum_around(homes, homes, people, radius_m=60).tolist()
    [3.0, 7.0, 6.0]
    """
    total = np.zeros(len(xy))
    if not len(points) or not len(xy):
        return total
    middle = points.mean(axis=0)
    order = np.argsort(points[:, 0], kind="stable")
    east, north, weight = points[order, 0] - middle[0], points[order, 1] - middle[1], weights[order]
    from_west = np.argsort(xy[:, 0], kind="stable")
    for start in range(0, len(xy), CHUNK):
        rows = from_west[start : start + CHUNK]
        here = xy[rows] - middle
        first = np.searchsorted(east, here[0, 0] - radius_m - SLACK)
        last = np.searchsorted(east, here[-1, 0] + radius_m + SLACK, side="right")
        squared = (here[:, :1] - east[None, first:last]) ** 2
        squared += (here[:, 1:] - north[None, first:last]) ** 2
        total[rows] = (squared <= (radius_m + SLACK) ** 2) @ weight[first:last]
    return total
