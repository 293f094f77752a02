"""Rule 3: whether a layer lies beside where it belongs, by 0.4 to 2 km, which no window can see.

Offsets from points of the layer to points of a reference (street junctions, addresses) are counted
in cells; if the layer is a shifted copy of the same town, the shift stands out as a peak
(reliability.md, A). Two layers of a town that have nothing in common have none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from urbanlayer.layers.window import Fit
    from urbanlayer.model.frame import Frame

REACH_M = 2_000.0
CELL_M = 25.0
NOTHING_M = 60.0
"""A shift that is smaller is within what two drawings of one town differ by."""
LEAST_POINTS = 300
"""With fewer, layers that have nothing in common show peaks as high (reliability.md, A)."""
LEAST_Z = 10.0
LEAST_SHARE = 0.07
MOST_POINTS = 4_000
"""More points tell no more, and cost time."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How a layer lies against a reference.

    Attributes
    ----------
    east_m, north_m
        What must be added to the layer's coordinates to bring it onto the reference.
    share
        Share of the layer's points that find a point of the reference after that.
    z
        How far the peak stands above chance, in standard deviations.
    """

    east_m: float
    north_m: float
    share: float
    z: float

    @property
    def length_m(self) -> float:
        """How far the layer lies from where it belongs."""
        return float((self.east_m**2 + self.north_m**2) ** 0.5)

    @property
    def certain(self) -> bool:
        """Whether the peak is no chance."""
        return self.z >= LEAST_Z and self.share >= LEAST_SHARE


def shift_between(points: NDArray[np.float64], reference: NDArray[np.float64]) -> Shift | None:
    """The shift that brings most points onto points of a reference.

    Parameters
    ----------
    points, reference
        (n, 2) and (m, 2) in metres of one CRS.

    Returns
    -------
    Shift or None
        None where either has too few points to tell.
    """
    import numpy as np
    from scipy.spatial import cKDTree

    points, reference = _thinned(points), _thinned(reference)
    if min(len(points), len(reference)) < LEAST_POINTS:
        return None
    pairs = cKDTree(points).sparse_distance_matrix(
        cKDTree(reference), REACH_M, output_type="coo_matrix"
    )
    if pairs.nnz == 0:
        return None
    offsets = reference[pairs.col] - points[pairs.row]
    edges = np.arange(-REACH_M, REACH_M + CELL_M, CELL_M)
    counts, _, _ = np.histogram2d(offsets[:, 0], offsets[:, 1], bins=[edges, edges])
    row, column = np.unravel_index(int(counts.argmax()), counts.shape)
    expected = _around(counts, int(row), int(column))
    middle = np.array([edges[row], edges[column]]) + CELL_M / 2
    near = np.abs(offsets - middle).max(axis=1) <= CELL_M
    east_m, north_m = np.median(offsets[near], axis=0)
    landed = points + np.array([east_m, north_m])
    away, _ = cKDTree(reference).query(landed, distance_upper_bound=CELL_M)
    return Shift(
        float(east_m),
        float(north_m),
        float(np.isfinite(away).mean()),
        float((counts[row, column] - expected) / max(expected, 1.0) ** 0.5),
    )


def nearest_fit(
    points: NDArray[np.float64],
    fits: tuple[Fit, ...],
    reference: NDArray[np.float64],
    frame: Frame,
) -> tuple[Fit, Shift] | None:
    """Of several CRSs that put a layer in the city, the one under which it lies on the reference.

    Parameters
    ----------
    points
        (n, 2) in the coordinates of the file.
    fits
        What the window let through.
    reference
        (m, 2) in the city's CRS: junctions, addresses, buildings.
    frame
        Where the city lies.

    Returns
    -------
    tuple or None
        The CRS and its shift; None where none, or more than one, lies on the reference.
    """
    from pyproj import CRS

    from urbanlayer.layers.movement import movement

    lying = []
    for fit in fits:
        way = movement(CRS.from_user_input(fit.code), frame, allow_ballpark=True)
        shift = shift_between(way(points[:, ::-1] if fit.swapped else points), reference)
        if shift is not None and shift.certain and shift.length_m <= NOTHING_M:
            lying.append((fit, shift))
    return lying[0] if len(lying) == 1 else None


def _thinned(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """At most so many points, taken evenly."""
    import numpy as np

    kept = points[np.isfinite(points).all(axis=1)]
    step = max(1, len(kept) // MOST_POINTS)
    thinned: NDArray[np.float64] = kept[::step]
    return thinned


def _around(counts: NDArray[np.float64], row: int, column: int) -> float:
    """What chance would put into a cell: the mean of the ring around it."""
    import numpy as np

    ring = counts[max(row - 5, 0) : row + 6, max(column - 5, 0) : column + 6].copy()
    inner = counts[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
    size = ring.size - inner.size
    return float((ring.sum() - inner.sum()) / max(size, 1)) if size else float(np.mean(ring))
