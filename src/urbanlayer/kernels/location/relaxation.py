"""The linear relaxation of a location problem: prices and fractions of sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.location.lagrangian import CLOSED, OPEN, Prices
from urbanlayer.kernels.location.linear_program import LinearProgram, LinearRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.location.linear_program import Solver
    from urbanlayer.kernels.location.problem import LocationProblem

    Entries = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class RelaxedLocation:
    """Prices of the relaxation, and (m,) how far each site is open, from 0 to 1."""

    prices: Prices
    share_open: NDArray[np.float64]


class _Table:
    """Rows of a linear program, gathered block by block."""

    def __init__(self) -> None:
        self._entries: list[Entries] = []
        self._lower: list[NDArray[np.float64]] = []
        self._upper: list[NDArray[np.float64]] = []
        self.size = 0

    def add(
        self,
        entries: list[Entries],
        lower: NDArray[np.float64] | float,
        upper: NDArray[np.float64] | float,
        count: int,
    ) -> slice:
        """Add a block of rows, numbered from 0 in its entries, and give their place."""
        for row, column, value in entries:
            self._entries.append((row + self.size, column, value))
        self._lower.append(np.broadcast_to(np.float64(lower), count).astype(np.float64))
        self._upper.append(np.broadcast_to(np.float64(upper), count).astype(np.float64))
        self.size += count
        return slice(self.size - count, self.size)

    def rows(self) -> LinearRows:
        """All rows."""
        row, column, value = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        return LinearRows(
            row, column, value, np.concatenate(self._lower), np.concatenate(self._upper)
        )


class LocationRelaxation:
    """The linear relaxation of one problem, solved for one state of its sites after another.

    Sites come first among the columns. Where all sites that reach a demand give it one gain,
    a column for each demand shows whether it is reached; else one for each pair how many go there.
    A floor may be missed at a price that no choice would pay, so that there is always a solution.
    """

    def __init__(self, problem: LocationProblem) -> None:
        self.problem = problem
        self._compact = problem.is_coverage
        sites = problem.site_count
        self._flows = len(problem.people) if self._compact else len(problem.demand)
        count = sites + self._flows
        table = _Table()
        cost = np.zeros(count)
        flow = sites + np.arange(self._flows)
        first = np.zeros(len(problem.people), dtype=np.int64)
        first[problem.demand[::-1]] = np.arange(len(problem.demand))[::-1]
        pair = first if self._compact else np.arange(len(problem.demand))
        people = problem.people[problem.demand[pair]] if len(pair) else np.zeros(0)
        if not problem.least_of_floors and len(pair):
            cost[flow] = -people * problem.gain[pair]
        self._people_rows, self._link_rows = self._linked(table, flow)
        self._limits(table)
        price = self._floors(table, pair, people)
        cost = np.concatenate([cost, price])
        lower, upper = np.zeros(len(cost)), np.full(len(cost), np.inf)
        upper[:count] = 1.0
        lower[:sites][problem.fixed] = 1.0
        self._program = LinearProgram(cost, lower, upper, table.rows())

    @property
    def is_exhausted(self) -> bool:
        """Whether the iterations that this problem may take are used."""
        return self._program.is_exhausted

    def _floors(
        self, table: _Table, pair: NDArray[np.int64], people: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Add the floors, and give the cost of the columns after the flows.

        They are the shortfall of each floor, or the one share of all that is to be great.
        """
        floors = self.problem.floors
        self._floor_rows = slice(0, 0)
        if floors is None:
            return np.empty(0)
        sites, count = self.problem.site_count, len(floors)
        used, each = np.flatnonzero(floors.floor[pair] >= 0), np.arange(count)
        reached = (floors.floor[pair[used]], sites + used, people[used])
        more = sites + len(pair)
        if self.problem.least_of_floors:
            share = (each, np.full(count, more), -floors.least)
            self._floor_rows = table.add([reached, share], 0.0, np.inf, count)
            return np.array([-1.0])
        missed = (each, more + each, np.ones(count))
        self._floor_rows = table.add([reached, missed], floors.least, np.inf, count)
        total = float(self.problem.people.sum()) * float(self.problem.gain.max(initial=0.0))
        return np.full(count, 10 * total / max(float(floors.least.min()), 1e-9) + 1.0)

    def _linked(self, table: _Table, flow: NDArray[np.int64]) -> tuple[slice, slice]:
        """Nobody is reached but by open sites, each person once, as many as there is room for."""
        problem = self.problem
        one = np.ones(len(problem.demand))
        if self._compact:
            count = len(problem.people)
            reached = (np.arange(count), flow, np.ones(count))
            by = (problem.demand, problem.site, -one)
            return slice(0, 0), table.add([reached, by], -np.inf, 0.0, count)
        once = table.add([(problem.demand, flow, one)], -np.inf, 1.0, len(problem.people))
        pairs = np.arange(len(problem.demand))
        table.add([(pairs, flow, one), (pairs, problem.site, -one)], -np.inf, 0.0, len(pairs))
        limited = np.flatnonzero(np.isfinite(problem.capacity))
        number = np.full(problem.site_count, -1)
        number[limited] = np.arange(len(limited))
        some = np.flatnonzero(number[problem.site] >= 0)
        if len(limited):
            amount = problem.people[problem.demand[some]]
            room = (np.arange(len(limited)), limited, -problem.capacity[limited])
            table.add(
                [(number[problem.site[some]], flow[some], amount), room],
                -np.inf, 0.0, len(limited),
            )  # fmt: skip
        return once, slice(0, 0)

    def _limits(self, table: _Table) -> None:
        """The limits of what is chosen, and one site on a plot."""
        problem = self.problem
        self._limit_rows: list[slice] = []
        chosen = np.flatnonzero(~problem.fixed)
        for limit in problem.limits:
            row = (np.zeros(len(chosen), dtype=np.int64), chosen, limit.cost[chosen])
            least = limit.most if limit.exact else -np.inf
            self._limit_rows.append(table.add([row], least, limit.most, 1))
        number, plot = np.unique(problem.plot, return_inverse=True)
        shared = np.bincount(plot, minlength=len(number))[plot] > 1
        rows = np.flatnonzero(shared)
        if len(rows):
            table.add([(plot[rows], rows, np.ones(len(rows)))], -np.inf, 1.0, len(number))

    def solve(
        self, state: NDArray[np.int8], *, solver: Solver = "simplex"
    ) -> RelaxedLocation | None:
        """Prices and fractions with some sites open or closed; None where HiGHS gives none."""
        problem = self.problem
        rows = np.flatnonzero(~problem.fixed)
        lower = (state[rows] == OPEN).astype(np.float64)
        upper = (state[rows] != CLOSED).astype(np.float64)
        self._program.bound_columns(rows, lower, upper)
        found = self._program.solve(solver=solver)
        if found is None:
            return None
        dual = -found.row_dual
        people = np.maximum(problem.people, 1e-300)
        floors = dual[self._floor_rows]
        floor_prices = np.maximum(-floors, 0.0)
        if self._compact:
            worth = self._worth(floor_prices)
            person = worth - np.maximum(dual[self._link_rows], 0.0) / people
        else:
            person = np.maximum(dual[self._people_rows], 0.0) / people
        limit = np.array([float(dual[rows][0]) for rows in self._limit_rows[1:]])
        return RelaxedLocation(Prices(person, floor_prices, limit), found.x[: problem.site_count])

    def _worth(self, floor_prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) what a person of each demand is worth when reached."""
        problem = self.problem
        worth = np.zeros(len(problem.gain)) if problem.least_of_floors else problem.gain
        if problem.floors is not None:
            worth = worth + np.append(floor_prices, 0.0)[problem.floors.floor]
        each = np.zeros(len(problem.people))
        each[problem.demand] = worth
        return each
