"""Land consumption rate and population growth rate, SDG 11.3.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_GROWTH = 0.001
"""Below this population growth per year the ratio is undefined."""


def land_consumption_rate(
    before_km2: NDArray[np.float64], now_km2: NDArray[np.float64], years: float
) -> NDArray[np.float64]:
    """(n,) annual growth of built-up land, (V2 − V1) / V1 / t; NaN without built-up land before.

    Examples
    --------
    >>> land_consumption_rate(np.array([40.0]), np.array([50.0]), 10).tolist()
    [0.025]
    """
    grown = now_km2 - before_km2
    rate = np.divide(grown, before_km2, out=np.full(len(grown), np.nan), where=before_km2 > 0)
    return np.asarray(rate / years)


def population_growth_rate(
    before: NDArray[np.float64], now: NDArray[np.float64], years: float
) -> NDArray[np.float64]:
    """(n,) annual population growth, ln(P2 / P1) / t; NaN if either population is 0.

    Examples
    --------
    >>> population_growth_rate(np.array([150_000.0]), np.array([165_000.0]), 10).round(8).tolist()
    [0.00953102]
    """
    known = (before > 0) & (now > 0)
    ratio = np.divide(now, before, out=np.ones(len(now)), where=known)
    return np.where(known, np.log(ratio) / years, np.nan)


def growth_ratio(
    land_rate: NDArray[np.float64], people_rate: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n,) land consumption rate over population growth rate; NaN below `MIN_GROWTH`.

    Linear growth over logarithmic growth, as in the metadata of UN-Habitat since 2021.

    Examples
    --------
    >>> growth_ratio(np.array([0.025]), np.array([0.00953102])).round(4).tolist()
    [2.623]
    """
    moved = np.abs(people_rate) >= MIN_GROWTH
    ratio = np.divide(land_rate, people_rate, out=np.full(len(land_rate), np.nan), where=moved)
    return np.asarray(ratio)
