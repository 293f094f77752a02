"""Noise levels, averaged by energy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _energy(level_db: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(10.0 ** (level_db / 10))


def group_energy_means(
    level_db: NDArray[np.float64],
    weights: NDArray[np.float64],
    groups: NDArray[np.int64],
    count: int,
) -> NDArray[np.float64]:
    """(count,) weighted energy mean of the levels of each group, in dB; NaN without levels.

    Parameters
    ----------
    level_db
        (n,) NaN is unknown.
    weights, groups, count
        As for `weighted.group_means`.

    Examples
    --------
    Two people at 60 dB and two at 70: energies of 1 and 10 million, mean 5.5 million:

    >>> level = np.array([60.0, 70.0])
    >>> group_energy_means(level, np.array([2.0, 2.0]), np.array([0, 0]), 1).round(3).tolist()
    [67.404]
    """
    from urbanlayer.kernels.weighted import group_means

    mean = group_means(_energy(level_db), weights, groups, count)
    return np.asarray(10 * np.log10(mean))
