"""Diversity of uses: entropy and related indices of shares that sum to 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def entropy(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shannon entropy −Σ p ln p of each row; 0 for a single use.

    Parameters
    ----------
    shares
        (n, K) shares of K uses, each row summing to 1; absent uses are 0.

    Returns
    -------
    (n,) from 0 to ln K.

    Examples
    --------
    >>> entropy(np.array([[0.5, 0.3, 0.2]])).round(5).tolist()
    [1.02965]
    """
    logs = np.log(np.where(shares > 0, shares, 1.0))
    return np.asarray(-(shares * logs).sum(axis=1))


def evenness(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) entropy over ln K, with K the number of all uses, present or not: 0 to 1.

    Examples
    --------
    >>> evenness(np.array([[0.5, 0.3, 0.2]])).round(5).tolist()
    [0.93723]
    """
    return np.asarray(entropy(shares) / np.log(shares.shape[1]))


def simpson(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) Simpson index 1 − Σ p²: probability that two random square metres differ in use.

    Examples
    --------
    >>> simpson(np.array([[0.5, 0.3, 0.2]])).round(5).tolist()
    [0.62]
    """
    return np.asarray(1 - (shares**2).sum(axis=1))


def hill(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) Hill number, exp(entropy): the equivalent number of equally common uses, 1 to K.

    Examples
    --------
    >>> hill(np.array([[0.5, 0.3, 0.2]])).round(5).tolist()
    [2.80009]
    """
    return np.asarray(np.exp(entropy(shares)))
