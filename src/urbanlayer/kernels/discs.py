"""Focal statistics: raster means and point sums within a radius of each origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.threshold import SLACK

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

TILE, MIN_TILE_M = 0.5, 200.0
"""Side of the tiles whose origins are processed together: in radii, and at least in metres."""
MAX_PAIRS = 4_000_000
"""Maximum number of pairs of origins and points held in memory."""
_METRES_PER_DEGREE = 111_320.0


def cell_size_m(transform: Affine, crs: str) -> tuple[float, float]:
    """Width and height of a raster's cells in metres; in degrees, at the northern edge."""
    from pyproj import CRS

    width, height = abs(transform.a), abs(transform.e)
    if not CRS.from_user_input(crs).is_geographic:
        return width, height
    at = np.cos(np.radians(transform.f))
    return float(width * _METRES_PER_DEGREE * at), height * _METRES_PER_DEGREE


def mean_within_radius(
    xy: NDArray[np.float64],
    values: NDArray[np.float64],
    transform: Affine,
    *,
    radius_m: float,
    cell_m: tuple[float, float],
) -> NDArray[np.float64]:
    """Mean of a raster within a radius of each point; cells on the edge weighted by area inside.

    The mean is computed around the centres of the four cells nearest to the point and interpolated
    between them.

    Parameters
    ----------
    xy
        (n, 2) in the CRS of the raster.
    values
        (rows, columns), north up; NaN without data, excluded from the mean.
    transform
        From columns and rows to coordinates.
    radius_m
        Radius of the disc.
    cell_m
        Width and height of a cell in metres.

    Returns
    -------
    (n,) NaN without data within the radius, and outside the raster.

    Examples
    --------
    >>> from affine import Affine
    >>> half = np.repeat([[1.0] * 10 + [0.0] * 10], 20, axis=0)
    >>> grid = Affine(10, 0, 0, 0, -10, 200)
    >>> centre = np.array([[100.0, 100.0]])
    >>> mean_within_radius(centre, half, grid, radius_m=50, cell_m=(10, 10)).round(6).tolist()
    [0.5]
    """
    share = _disc_weights(radius_m, cell_m)
    known = ~np.isnan(values)
    total = _convolved(np.where(known, values, 0.0), share)
    weight = _convolved(known.astype(np.float64), share)
    column, row = (xy[:, 0] - transform.c) / transform.a, (xy[:, 1] - transform.f) / transform.e
    rows, columns = values.shape
    inside = (row >= 0) & (column >= 0) & (row < rows) & (column < columns)
    sums, weights = (_interpolated(field, row - 0.5, column - 0.5) for field in (total, weight))
    enough = inside & (weights > SLACK * share.sum())
    return np.asarray(np.divide(sums, weights, out=np.full(len(xy), np.nan), where=enough))


def _convolved(values: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """The convolution of a raster with a kernel of weights, by Fourier transform."""
    from scipy.fft import irfft2, next_fast_len, rfft2

    rows, columns = (a + b - 1 for a, b in zip(values.shape, share.shape, strict=True))
    size = (next_fast_len(rows, real=True), next_fast_len(columns, real=True))
    whole = irfft2(rfft2(values, size) * rfft2(share, size), size)
    top, left = share.shape[0] // 2, share.shape[1] // 2
    return np.asarray(whole[top : top + values.shape[0], left : left + values.shape[1]])


def _interpolated(
    field: NDArray[np.float64], row: NDArray[np.float64], column: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Bilinear interpolation between cell centres; constant beyond the outermost centres."""
    row = np.clip(row, 0, field.shape[0] - 1)
    column = np.clip(column, 0, field.shape[1] - 1)
    top, left = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
    low, right = np.minimum(top + 1, field.shape[0] - 1), np.minimum(left + 1, field.shape[1] - 1)
    down, across = row - top, column - left
    upper = field[top, left] * (1 - across) + field[top, right] * across
    lower = field[low, left] * (1 - across) + field[low, right] * across
    return np.asarray(upper * (1 - down) + lower * down)


def _disc_weights(radius_m: float, cell_m: tuple[float, float]) -> NDArray[np.float64]:
    """(odd, odd) share of each cell inside a disc around the centre of the middle cell."""
    import shapely

    width, height = cell_m
    across, down = int(np.ceil(radius_m / width)), int(np.ceil(radius_m / height))
    column, row = np.meshgrid(np.arange(across + 1), np.arange(down + 1))
    cells = shapely.box(
        (column - 0.5) * width, (row - 0.5) * height, (column + 0.5) * width, (row + 0.5) * height
    )
    disc = shapely.buffer(shapely.Point(0, 0), radius_m, quad_segs=32)
    quarter = shapely.area(shapely.intersection(cells, disc)) / (width * height)
    half = np.concatenate([quarter[:0:-1], quarter])
    return np.concatenate([half[:, :0:-1], half], axis=1)


def sum_within_radius(
    xy: NDArray[np.float64],
    points: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    radius_m: float,
) -> NDArray[np.float64]:
    """Sum of the weights of points within a radius of each origin, the radius included.

    Parameters
    ----------
    xy
        (n, 2) origins in metres.
    points
        (k, 2) points in metres.
    weights
        (k,) people, trees …
    radius_m
        Straight-line distance.

    Returns
    -------
    (n,) sums.

    Examples
    --------
    >>> origins, people = np.array([[0.0, 0.0], [30.0, 0.0], [90.0, 0.0]]), np.array([1.0, 2, 4])
    >>> sum_within_radius(origins, origins, people, radius_m=60).tolist()
    [3.0, 7.0, 6.0]
    """
    total = np.zeros(len(xy))
    if not len(points) or not len(xy):
        return total
    origin = points.mean(axis=0)
    order = np.argsort(points[:, 0], kind="stable")
    at, weight = points[order] - origin, weights[order]
    here = xy - origin
    tile = np.floor(here / max(TILE * radius_m, MIN_TILE_M)).astype(np.int64)
    by_tile = np.lexsort((tile[:, 1], tile[:, 0]))
    ends = np.flatnonzero((np.diff(tile[by_tile], axis=0) != 0).any(axis=1)) + 1
    reach = radius_m + SLACK
    for rows in np.split(by_tile, ends):
        low, high = here[rows].min(axis=0) - reach, here[rows].max(axis=0) + reach
        strip = slice(*np.searchsorted(at[:, 0], [low[0], high[0]]))
        near = (at[strip, 1] >= low[1]) & (at[strip, 1] <= high[1])
        near_points, near_weights = at[strip][near], weight[strip][near]
        step = max(1, MAX_PAIRS // max(len(near_points), 1))
        for part in (rows[start : start + step] for start in range(0, len(rows), step)):
            squared = (here[part, :1] - near_points[:, 0]) ** 2
            squared += (here[part, 1:] - near_points[:, 1]) ** 2
            total[part] = (squared <= reach**2) @ near_weights
    return total
