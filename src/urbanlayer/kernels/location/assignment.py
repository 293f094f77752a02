"""Who goes to which open site, where sites have room for so many people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.location.linear_program import LinearProgram, LinearRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from urbanlayer.kernels.location.problem import LocationProblem

WHOLE = 1e-5
"""A flow of a linear program nearer than this to a whole number of people is that number."""
_KEPT = 1e-9
"""Relative: how far a sum that is kept may be missed, above what a linear program is exact to."""


def cut_at_capacity(problem: LocationProblem, opened: Sequence[int]) -> NDArray[np.float64]:
    """(k,) people of each pair served, where each goes to the nearest open site alone.

    Of sites at one distance people go to that of the lowest row. A full site serves the same share
    of the people of each demand that come to it.

    Raises
    ------
    ValueError
        The problem has no metres.
    """
    if problem.metres is None:
        raise ValueError("to go to the nearest, people need metres")
    rows = _pairs_of(problem, opened)
    order = np.lexsort((problem.site[rows], problem.metres[rows], problem.demand[rows]))
    rows = rows[order]
    _, first = np.unique(problem.demand[rows], return_index=True)
    nearest = rows[first]
    flow = np.zeros(len(problem.demand))
    flow[nearest] = problem.people[problem.demand[nearest]]
    come = np.bincount(problem.site, flow, minlength=problem.site_count)
    share = np.minimum(1.0, problem.capacity / np.maximum(come, 1e-300))
    return np.asarray(flow * share[problem.site], dtype=np.float64)


def divided(problem: LocationProblem, opened: Sequence[int]) -> NDArray[np.float64]:
    """(k,) people of each pair served, where people may pass a full site; the greatest gain.

    Parameters
    ----------
    problem
        Demands may be divided among sites.
    opened
        Rows of all open sites.
    """
    rows = _pairs_of(problem, opened)
    flow = np.zeros(len(problem.demand))
    if not len(rows):
        return flow
    best = _flow(problem, rows, -problem.gain[rows])
    if best is None:  # the floors cannot be kept: their shortfall is seen in the flow
        best = _flow(problem, rows, -problem.gain[rows], floors=False)
    flow[rows] = np.zeros(len(rows)) if best is None else best
    return flow


def shortest_divided(
    problem: LocationProblem, opened: Sequence[int], *, people_first: bool
) -> NDArray[np.float64]:
    """(k,) people of each pair served, where people may pass a full site; one flow of many.

    Of all flows of the greatest gain that of most people, and of those the one with the least
    metres. Floors that cannot be kept do not count.

    Parameters
    ----------
    problem
        With metres.
    opened
        Rows of all open sites.
    people_first
        Whether most people come before the greatest gain.
    """
    assert problem.metres is not None  # noqa: S101  (what is asked for)
    rows = _pairs_of(problem, opened)
    flow = np.zeros(len(problem.demand))
    if not len(rows):
        return flow
    gain, people = -problem.gain[rows], -np.ones(len(rows))
    orders = [people, gain] if people_first else [gain, people]
    floors = _flow(problem, rows, gain) is not None
    kept: list[tuple[NDArray[np.float64], float]] = []
    for order in (*orders, problem.metres[rows]):
        found = _flow(problem, rows, order, floors=floors, kept=kept)
        if found is None:
            break
        flow[rows] = found
        most = -float(order @ found)
        kept.append((-order, most - _KEPT * max(1.0, abs(most))))
    return flow


def _pairs_of(problem: LocationProblem, opened: Sequence[int]) -> NDArray[np.int64]:
    is_open = np.zeros(problem.site_count, dtype=bool)
    is_open[np.asarray(opened, dtype=np.int64)] = True
    return np.flatnonzero(is_open[problem.site])


def _flow(
    problem: LocationProblem,
    rows: NDArray[np.int64],
    cost: NDArray[np.float64],
    *,
    floors: bool = True,
    kept: Sequence[tuple[NDArray[np.float64], float]] = (),
) -> NDArray[np.float64] | None:
    """The flow of least cost within people, room, floors and what sums of it are at least."""
    count = len(rows)
    each = np.arange(count)
    demand, of_demand = np.unique(problem.demand[rows], return_inverse=True)
    site, of_site = np.unique(problem.site[rows], return_inverse=True)
    entries = [
        (of_demand, each, np.ones(count)),
        (len(demand) + of_site, each, np.ones(count)),
    ]
    lower = [np.full(len(demand) + len(site), -np.inf)]
    upper = [problem.people[demand], problem.capacity[site]]
    size, columns = len(demand) + len(site), count
    if problem.floors is not None and floors:
        used = np.flatnonzero(problem.floors.floor[rows] >= 0)
        entries.append((size + problem.floors.floor[rows[used]], each[used], np.ones(len(used))))
        floor_count = len(problem.floors)
        upper.append(np.full(floor_count, np.inf))
        if problem.least_of_floors:
            entries.append(
                (
                    size + np.arange(floor_count),
                    np.full(floor_count, count),
                    -problem.floors.least,
                )
            )
            lower.append(np.zeros(floor_count))
            columns, cost = count + 1, np.append(np.zeros(count), -1.0)
        else:
            lower.append(problem.floors.least)
        size += floor_count
    for number, (of_each, least) in enumerate(kept):
        entries.append((np.full(count, size + number), each, of_each))
        lower.append(np.array([least]))
        upper.append(np.array([np.inf]))
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    table = LinearRows(row, column, value, np.concatenate(lower), np.concatenate(upper))
    top = np.append(problem.people[problem.demand[rows]], np.full(columns - count, np.inf))
    found = LinearProgram(cost, np.zeros(columns), top, table).solve()
    if found is None:
        return None
    flow = np.clip(found.x[:count], 0.0, top[:count])
    near = np.rint(flow)
    return np.where(np.abs(flow - near) < WHOLE, near, flow)
