"""Cells of one grid over a city: which lie near origins, and which streets pass through each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.model.grid_cells import MAX_ROWS, GridCells, cell_keys
from urbanlayer.network.entrances import Stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray


def cells_near(
    xy: NDArray[np.float64], middle: NDArray[np.float64], *, size_m: float, within_m: float
) -> GridCells:
    """The cells that may lie within a distance of any of some origins.

    Parameters
    ----------
    xy
        (n, 2) metres.
    middle
        (2,) metres; where the middle of one square lies.
    size_m
        Side of each square.
    within_m
        In a straight line.

    Returns
    -------
    GridCells
        All that do, and a few that do not.

    Examples
    --------
    >>> near = cells_near(np.array([[0.0, 0.0]]), np.zeros(2), size_m=100.0, within_m=40.0)
    >>> len(near), near.rows(np.array([[60.0, 0.0], [160.0, 0.0]])).tolist()
    (9, [7, -1])
    """
    whole = GridCells(middle, size_m, np.empty(0, dtype=np.int64))
    occupied = np.unique(cell_keys(whole.origins(xy)))
    far = int(np.ceil(within_m / size_m))
    steps = np.arange(-far, far + 1, dtype=np.int64)
    around = (steps[:, None] * MAX_ROWS + steps).ravel()
    return GridCells(middle, size_m, np.unique(occupied[:, None] + around))


def stretches_within(cells: GridCells, lines: NDArray[np.object_]) -> Stretches:
    """The parts of streets that lie in each square.

    Parameters
    ----------
    cells
        The cells.
    lines
        (m,) LineStrings in metres.

    Returns
    -------
    Stretches
        By square, then by line; several for one line where it leaves a square and comes back.

    Examples
    --------
    >>> cells = cells_near(np.zeros((1, 2)), np.zeros(2), size_m=100.0, within_m=40.0)
    >>> parts = stretches_within(cells, shapely.from_wkt(["LINESTRING (0 0, 120 0)"]))
    >>> parts.area.tolist(), parts.from_m.tolist(), parts.to_m.tolist()
    ([4, 7], [0.0, 50.0], [50.0, 120.0])
    """
    xy, line = shapely.get_coordinates(lines, return_index=True)
    joined = np.flatnonzero(line[1:] == line[:-1])
    line, begin, end = line[joined], cells.origins(xy[joined]), cells.origins(xy[joined + 1])
    length_m = np.hypot(*(end - begin).T) * cells.size_m
    run_m = np.cumsum(length_m) - length_m
    start_m = run_m - run_m[np.searchsorted(line, line)]
    segment, share, until = _pieces(begin, end)
    half = ((share + until) / 2)[:, None]
    key = cell_keys(begin[segment] * (1 - half) + end[segment] * half)
    edge = line[segment].astype(np.int64)
    new = np.ones(len(edge), dtype=bool)
    new[1:] = (edge[1:] != edge[:-1]) | (key[1:] != key[:-1])
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(edge))[: len(first)] - 1
    from_m = (start_m[segment] + share * length_m[segment])[first]
    to_m = (start_m[segment] + until * length_m[segment])[last]
    number = cells.numbers(key[first])
    kept = np.flatnonzero(number >= 0)
    order = kept[np.lexsort((from_m[kept], edge[first[kept]], number[kept]))]
    return Stretches(number[order], edge[first[order]], from_m[order], to_m[order])


def _pieces(
    begin: NDArray[np.float64], end: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Segments cut on the borders of squares: the segment of each piece, and what share of it.

    From where to where a piece reaches are shares of the segment; pieces come in their order along
    it.
    """
    segments = np.arange(len(begin))
    cut, at = [segments], [np.zeros(len(begin))]
    for one, other in zip(begin.T, end.T, strict=True):
        first = np.floor(np.minimum(one, other)) + 1
        count = np.maximum(np.ceil(np.maximum(one, other)) - first, 0).astype(np.int64)
        crossing = np.repeat(segments, count)
        number = np.arange(len(crossing)) - np.repeat(np.cumsum(count) - count, count)
        cut.append(crossing)
        at.append((first[crossing] + number - one[crossing]) / (other - one)[crossing])
    segment, share = np.concatenate(cut), np.concatenate(at)
    order = np.lexsort((share, segment))
    segment, share = segment[order], share[order]
    until = np.append(share[1:], 1.0)[: len(share)]
    until[np.append(segment[1:] != segment[:-1], [True])[: len(segment)]] = 1.0
    long = until > share
    return segment[long], share[long], until[long]
