"""Everybody to a place of their own: assignment under capacity, at the least total way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.measure.pairs import Pairs


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """Who goes where.

    Attributes
    ----------
    people
        (k,) people of each pair's place who go to the pair's target.
    left_out
        (places,) people whom no target within reach has room for.
    load
        (targets,) people at each target, at most its capacity.
    person_cost
        Σ people × cost of those who go, in persons × the unit of the cost.
    """

    people: NDArray[np.float64]
    left_out: NDArray[np.float64]
    load: NDArray[np.float64]
    person_cost: float


def assign(pairs: Pairs, people: NDArray[np.float64], capacity: NDArray[np.float64]) -> Assigned:
    """The assignment that serves the most people and, of these, costs the least in all.

    A linear program, solved to the optimum by HiGHS: nobody is left out whom a target could take
    if others went elsewhere. Numbers are whole where people and capacities are.

    Parameters
    ----------
    pairs
        Who may go where, and at what cost.
    people
        (places,) at least 0.
    capacity
        (targets,) at least 0.

    Returns
    -------
    Assigned
        One number for each pair.

    Raises
    ------
    ValueError
        A capacity or a number of people is negative or not known.
    RuntimeError
        The solver found no optimum.

    Examples
    --------
    Two homes of 10 people; the near school takes 12:

    >>> from urbanlayer.measure.pairs import Pairs
    >>> cost = np.array([100.0, 400.0, 200.0, 900.0])
    >>> pairs = Pairs(2, 2, np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), cost)
    >>> done = assign(pairs, np.array([10.0, 10.0]), np.array([12.0, 50.0]))
    >>> done.people.tolist(), done.person_cost
    ([2.0, 8.0, 10.0, 0.0], 5400.0)
    """
    for name, values in (("capacity", capacity), ("people", people)):
        if not (np.isfinite(values) & (values >= 0)).all():
            msg = f"{name}: negative or not known; say 0 or leave them out"
            raise ValueError(msg)
    count = len(pairs)
    if count == 0:
        return Assigned(np.empty(0), people.copy(), np.zeros(pairs.target_count), 0.0)
    # staying out costs more than any way can, so that it is chosen last
    outside = 1.0 + 2.0 * float(pairs.cost.max()) * (pairs.target_count + 1)
    variable = np.arange(count + pairs.place_count)
    row = np.concatenate([pairs.place, np.arange(pairs.place_count)])
    everybody = coo_array((np.ones(len(variable)), (row, variable)))
    room = coo_array(
        (np.ones(count), (pairs.target, variable[:count])),
        shape=(pairs.target_count, len(variable)),
    )
    solved = linprog(  # type: ignore[call-overload]  # its stubs know no sparse matrices
        np.concatenate([pairs.cost, np.full(pairs.place_count, outside)]),
        A_ub=room.tocsr(),
        b_ub=capacity,
        A_eq=everybody.tocsr(),
        b_eq=people,
        method="highs",
    )
    if solved.x is None:
        msg = f"assignment: the solver found no optimum ({solved.message})"
        raise RuntimeError(msg)
    going, left_out = np.maximum(solved.x[:count], 0.0), np.maximum(solved.x[count:], 0.0)
    load = np.bincount(pairs.target, going, minlength=pairs.target_count)
    return Assigned(going, left_out, load.astype(np.float64), float(going @ pairs.cost))
