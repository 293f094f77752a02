"""Points located along a line in their order, as the stops of a trip along its way."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DETOUR_M2_PER_M = 1e-3
"""Cost of a metre of line between the first and the last point: it decides between equal places."""

ALIKE_M2 = 1e-6
"""Squared distances to two segments that differ by less are those to the vertex they share."""


def locate_in_order(
    line: NDArray[np.float64], points: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each point lies along a line, none before the point before it.

    A line may pass a point several times: out and back on one street, a ring, a figure of eight.
    Of the places at which the line comes closest to each point, those are taken that together have
    the least sum of squared distances; a place that lies before the one of the point before it
    costs the square of the metres that it lies behind.

    Parameters
    ----------
    line
        (m, 2) vertices in metres, at least two.
    points
        (n, 2) in metres, in the order in which they are passed.

    Returns
    -------
    along_m
        (n,) metres from the begin of the line, not decreasing.
    distance_m
        (n,) from each point to its place on the line.

    Source: Viterbi decoding over candidates, as in map matching (Newson & Krumm, *Hidden Markov Map
    Matching*, 2009).
    """
    start = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    places = [_places(line, start, point) for point in points]
    cost = places[0][1] - DETOUR_M2_PER_M * places[0][0]
    before: list[NDArray[np.int64]] = []
    for (earlier, _), (later, off) in itertools.pairwise(places):
        back = np.maximum(earlier[:, None] - later, 0.0)
        every = cost[:, None] + back**2
        best = every.argmin(axis=0)
        before.append(best)
        cost = every[best, np.arange(len(later))] + off
    chosen = [int((cost + DETOUR_M2_PER_M * places[-1][0]).argmin())]
    for best in reversed(before):
        chosen.append(int(best[chosen[-1]]))
    found = [place[0][at] for place, at in zip(places, reversed(chosen), strict=True)]
    along = np.maximum.accumulate(np.array(found))
    on_line = np.column_stack([np.interp(along, start, line[:, axis]) for axis in (0, 1)])
    return along, np.hypot(*(points - on_line).T)


def _places(
    line: NDArray[np.float64], start: NDArray[np.float64], point: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the line comes closest to a point, in metres along it, and the squared distances."""
    way = np.diff(line, axis=0)
    length2 = (way**2).sum(axis=1)
    share = ((point - line[:-1]) * way).sum(axis=1) / np.where(length2 > 0, length2, 1.0)
    share = share.clip(0.0, 1.0)
    off = ((line[:-1] + share[:, None] * way - point) ** 2).sum(axis=1)
    near = np.concatenate([[np.inf], off, [np.inf]]) + ALIKE_M2
    closest = (off <= near[:-2]) & (off <= near[2:]) | (share > 0.0) & (share < 1.0)
    along = start[:-1] + share * np.sqrt(length2)
    return along[closest], off[closest]
