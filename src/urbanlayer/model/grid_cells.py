"""Cells of one regular grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_ROWS = 2**31
"""More than there can be rows of cells: a column and a row make one number."""


@dataclass(frozen=True, slots=True, eq=False)
class GridCells:
    """Squares of one regular grid, those that are needed.

    Attributes
    ----------
    middle
        (2,) metres; the middle of the square in column 0 and row 0.
    size_m
        Side of each.
    key
        (c,) column and row of each as one number, ascending; the order of the squares.
    """

    middle: NDArray[np.float64]
    size_m: float
    key: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.key)

    def rows(self, xy: NDArray[np.float64]) -> NDArray[np.int64]:
        """(n,) number of the square that each point lies in; -1 where it is none of these."""
        return self.numbers(cell_keys(self.origins(xy)))

    def origins(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) points in sides of squares, from the corner of the square in column 0, row 0."""
        return np.asarray((xy - self.middle) / self.size_m + 0.5)

    def numbers(self, key: NDArray[np.int64]) -> NDArray[np.int64]:
        """(n,) number of each key's square; -1 where it is none of these."""
        if not len(self.key):
            return np.full(len(key), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
        return np.where(self.key[at] == key, at, -1)

    def boxes(self) -> NDArray[np.object_]:
        """(c,) the squares as polygons."""
        column, row = np.divmod(self.key + MAX_ROWS // 2, MAX_ROWS)
        west, south = (
            middle + (number - 0.5) * self.size_m
            for middle, number in zip(self.middle, (column, row - MAX_ROWS // 2), strict=True)
        )
        boxes = shapely.box(west, south, west + self.size_m, south + self.size_m)
        return np.asarray(boxes, dtype=object)


def cell_keys(origins: NDArray[np.float64]) -> NDArray[np.int64]:
    """(n,) column and row of the cell of each point, as one number.

    Parameters
    ----------
    origins
        (n, 2) as `GridCells.origins` gives them.
    """
    column, row = np.floor(origins).astype(np.int64).T
    return np.asarray(column * MAX_ROWS + row, dtype=np.int64)
