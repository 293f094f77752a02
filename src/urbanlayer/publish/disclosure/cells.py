"""Where people live, as cells that hold at least the threshold of small counts."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from urbanlayer.publish.disclosure.counts import least, published_counts
from urbanlayer.publish.disclosure.neighbourhoods import suppressed_neighbourhoods

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.model.publication import Publication

PEOPLE_UNIT = 5
"""Counts of people in cells are multiples of this; published ones of twice as many."""
_SINGLE = 1.5
"""People of a place, on the average, below which a place is as good as a person."""
CELL_SIZES_M = (100, 200, 400, 800, 1600, 3200)
"""Sides of the cells, fixed, so that two runs cannot be subtracted to find a house."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Where people live, as squares that hold at least the threshold.

    Attributes
    ----------
    corner
        (n, 2) south-western corners, metres in the city's CRS.
    size_m
        (n,) sides.
    people
        (n,) residents, to the nearest ten: ten candidates each, since halves go up.
    place
        For each resident place the row of its cell, or -1 where its cell is not shown.
    single
        (n,) whether hardly more than one person lives in a place, as in a register of persons:
        then its places are counted as people are.
    """

    corner: NDArray[np.float64]
    size_m: NDArray[np.int64]
    people: NDArray[np.int64]
    place: NDArray[np.int64]
    single: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.people)


def resident_cells(publication: Publication, *, finest_m: int = CELL_SIZES_M[0]) -> Cells:
    """Resident places gathered into adaptive cells.

    Cells start at the finest size. Where one of the four parts of a larger cell holds people,
    but fewer than the threshold, the four become one, up to the largest size; what is still too
    small then is not shown. People of suppressed neighbourhoods are in no cell, and change none.

    Parameters
    ----------
    publication
        With residents.
    finest_m
        Side of the smallest cells, one of `CELL_SIZES_M`.

    Returns
    -------
    Cells
        In the order of their corners, from south-west to north-east.
    """
    residents = publication.city.residents
    if residents is None or len(residents) == 0:
        nothing = np.empty(0, np.int64)
        return Cells(np.empty((0, 2)), nothing, nothing, nothing, np.empty(0, np.bool_))
    sizes = CELL_SIZES_M[CELL_SIZES_M.index(finest_m) :]
    threshold = _fewest(publication)
    suppressed = _of_suppressed(publication)
    in_cells = np.where(suppressed, 0.0, residents.people)
    size_of_place = _sizes(residents.xy, in_cells, sizes, threshold)
    size_m = size_of_place.astype(np.float64)[:, None]
    corner = np.asarray(np.floor(residents.xy / size_m) * size_m, dtype=np.float64)
    first, of_each = _same_squares(corner, size_of_place)
    sums = pd.Series(in_cells).groupby(of_each).sum().to_numpy()
    shown = sums >= threshold
    row = np.where(shown, np.cumsum(shown) - 1, -1)
    place = np.where(suppressed, -1, row[of_each])
    people, first = sums[shown], first[shown]
    places = np.bincount(of_each[in_cells != 0], minlength=len(sums))[shown]
    unit = PEOPLE_UNIT if publication.spec.publish.exact else 2 * PEOPLE_UNIT
    return Cells(
        corner=corner[first],
        size_m=size_of_place[first],
        people=(np.floor(people / unit + 0.5) * unit).astype(np.int64),
        place=place.astype(np.int64),
        single=np.asarray(people < _SINGLE * places, dtype=bool),
    )


def _same_squares(
    corner: NDArray[np.float64], size_m: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A place of each square, by rows from the south-west, and the square of each place."""
    order = np.lexsort((size_m, corner[:, 0], corner[:, 1]))
    sorted_by = np.column_stack([corner[order], size_m[order]])
    new = np.ones(len(order), dtype=bool)
    new[1:] = (sorted_by[1:] != sorted_by[:-1]).any(axis=1)
    of_each = np.empty(len(order), dtype=np.int64)
    of_each[order] = np.cumsum(new) - 1
    return order[new], of_each


def _fewest(publication: Publication) -> int:
    """Least people of a cell: two classes of counts, so that no small count is revealed."""
    publish = publication.spec.publish
    if publish.exact:
        return max(publish.suppress_below, 1)
    return 2 * (least(publish.suppress_below) + 1)


def _sizes(
    xy: NDArray[np.float64], people: NDArray[np.float64], sizes: tuple[int, ...], threshold: float
) -> NDArray[np.int64]:
    """The size of each place's cell: merged until no part of a larger cell is too small."""
    size_of_place = np.full(len(people), sizes[0], np.int64)
    for size, larger in itertools.pairwise(sizes):
        current = size_of_place == size
        part = pd.Series(_numbered(xy, size))
        whole = pd.Series(_numbered(xy, larger))
        in_part = pd.Series(people).groupby(part).transform("sum").to_numpy()
        small = current & (in_part < threshold) & (in_part > 0)
        merges = pd.Series(small).groupby(whole).transform("any").to_numpy()
        size_of_place[merges] = larger
    return size_of_place


def _numbered(xy: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    column, row = np.floor(xy / size).astype(np.int64).T
    return np.asarray(column * 10_000_000 + row, dtype=np.int64)


def _of_suppressed(publication: Publication) -> NDArray[np.bool_]:
    city = publication.city
    assert city.residents is not None  # noqa: S101  (the caller checked)
    keys = city.neighbourhoods.keys
    away = keys.isin(list(suppressed_neighbourhoods(publication)))
    return np.asarray(away[city.residents.neighbourhood], dtype=bool)


def cell_values(
    cells: Cells, people: NDArray[np.float64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The mean of a value over the residents of each cell; NaN where no place has one."""
    known = (cells.place >= 0) & np.isfinite(values)
    row = cells.place[known]
    weight = people[known]
    total = np.bincount(row, weight, len(cells))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.bincount(row, weight * values[known], len(cells)) / total)


def shares_of_places(
    cells: Cells, lived: NDArray[np.float64], values: NDArray[np.float64], suppress_below: float
) -> NDArray[np.float64]:
    """(n,) shares of the places of each cell, those of single persons as counts of people are.

    Parameters
    ----------
    cells
        As `resident_cells` gives them.
    lived
        1 for each place where somebody lives, else 0.
    values
        Share of each place; NaN where it has none.
    suppress_below
        Threshold of small counts.
    """
    shares = cell_values(cells, lived, values)
    known = (cells.place >= 0) & np.isfinite(values)
    places = np.bincount(cells.place[known], lived[known], len(cells)).astype(np.float64)
    counts = published_counts(np.nan_to_num(shares) * places, places, least(suppress_below))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(cells.single, counts / places, shares), dtype=np.float64)
