"""The integer program of an investment programme, as a sparse matrix.

The unknowns are s(a, t), 1 where action a starts in year t or before; y, the part of a group that
is served in a year; and z, 1 for the state that the streets are in. Maximise Σ weight · y, where

- s(a, t) ≥ s(a, t − 1); s(a, t) ≤ s(r, t) for each r that a requires;
- s(a, ·) + s(b, ·) ≤ 1 at the end, for two that exclude one another;
- payments of a year ≤ its budget, or those until a year ≤ the budgets until then;
- y ≤ Σ s of the actions that serve the group by that year, and y ≤ z of its state.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

from urbanlayer.kernels.programme.problem import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.problem import ProgrammeProblem


@dataclass(frozen=True, slots=True, eq=False)
class IntegerProgram:
    """Maximise `gain @ v` where `row_lower <= matrix @ v <= row_upper`, `lower <= v <= upper`.

    The first columns are those of s, which are 0 or 1.

    Attributes
    ----------
    first, last
        (n,) first and last column of s for each action; an action without any year has none, and
        its last lies before its first.
    """

    gain: NDArray[np.float64]
    matrix: csr_array
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    problem: ProgrammeProblem

    @property
    def integers(self) -> int:
        """Number of columns of s."""
        return int(self.last[-1]) + 1 if len(self.last) else 0

    def with_row(self, row: NDArray[np.float64], lower: float, upper: float) -> IntegerProgram:
        """The program with one row more."""
        return replace(
            self,
            matrix=csr_array(vstack([self.matrix, csr_array(row[None])])),
            row_lower=np.append(self.row_lower, lower),
            row_upper=np.append(self.row_upper, upper),
        )

    def starts(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """(n,) year of each action's start, of values of the columns."""
        found = np.full(self.problem.actions, NEVER, dtype=np.int64)
        begun = values[: self.integers] > 0.5  # noqa: PLR2004  (0 or 1)
        for action, (first, last) in enumerate(zip(self.first, self.last, strict=True)):
            at = np.flatnonzero(begun[first : last + 1])
            if len(at):
                found[action] = self.problem.first_start[action] + at[0]
        return found

    def column(self, action: int, year: int) -> int | None:
        """The column that is 1 where an action starts by a year; None before its first."""
        late = year - int(self.problem.first_start[action])
        first, last = int(self.first[action]), int(self.last[action])
        if late < 0 or last < first:
            return None
        return min(first + late, last)

    def paid(self) -> NDArray[np.int64]:
        """(s, t) what a start in the year of each column costs in each year."""
        amounts = np.zeros((self.integers, self.problem.years), dtype=np.int64)
        for action, (first, last) in enumerate(zip(self.first, self.last, strict=True)):
            for column in range(int(first), int(last) + 1):
                start = int(self.problem.first_start[action]) + column - int(first)
                amounts[column] = self.problem.paid(action, start)
        return amounts

    def paid_and_budgets(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(s, t) what a start costs in each year, (t,) what may be spent; until it if carried over.

        What is left of a budget and less than the greatest common part of all amounts buys nothing.
        """
        paid, budgets = self.paid(), self.problem.budgets
        if self.problem.carry_over:
            paid, budgets = np.cumsum(paid, axis=1), np.cumsum(budgets)
        units = np.maximum(np.gcd.reduce(paid, axis=0), 1)
        return paid, np.asarray(budgets // units * units)

    def by_begun(self, amounts: NDArray[np.int64]) -> NDArray[np.int64]:
        """(s,) or (s, t) what each column of s adds, of amounts of a start in its year."""
        added = amounts.copy()
        inner = np.setdiff1d(np.arange(self.integers), self.last)
        added[inner] -= amounts[inner + 1]
        return added

    def cost(self) -> NDArray[np.float64]:
        """What all that is done costs in the years, as a row."""
        row = np.zeros(len(self.gain))
        row[: self.integers] = self.by_begun(self.paid().sum(axis=1))
        return row

    def lateness(self) -> NDArray[np.float64]:
        """Numbers of the years in which actions start, the first 1, added up, as a row."""
        row = np.zeros(len(self.gain))
        for action, (first, last) in enumerate(zip(self.first, self.last, strict=True)):
            if last >= first:
                row[first:last] = -1.0
                row[last] = float(self.problem.last_start[action] + 1)
        return row


@dataclass(slots=True)
class _Rows:
    """Rows of a sparse matrix as they are found."""

    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(self, terms: dict[int, float], lower: float, upper: float) -> None:
        """Add a row."""
        self.row += [len(self.lower)] * len(terms)
        self.column += terms.keys()
        self.value += terms.values()
        self.lower.append(lower)
        self.upper.append(upper)


def integer_program(problem: ProgrammeProblem) -> IntegerProgram:
    """The integer program of a programme.

    Parameters
    ----------
    problem
        Actions, years, money and people.
    """
    window = np.maximum(problem.last_start - problem.first_start + 1, 0)
    last = np.cumsum(window) - 1
    first = last - window + 1
    count = int(window.sum())
    empty = csr_array((0, count))
    none = np.zeros(0)
    made = IntegerProgram(
        np.zeros(count), empty, none, none, none, none, first, last, problem
    )  # fmt: skip
    rows = _Rows()
    _add_order(made, rows)
    _add_budgets(made, rows)
    gains = _add_people(made, rows, count)
    width = count + len(gains)
    lower = np.zeros(width)
    promised = problem.promised & (window > 0)
    lower[last[promised]] = 1.0
    shape = (len(rows.lower), width)
    return replace(
        made,
        gain=np.append(np.zeros(count), gains),
        matrix=csr_array((rows.value, (rows.row, rows.column)), shape=shape),
        row_lower=np.array(rows.lower),
        row_upper=np.array(rows.upper),
        lower=lower,
        upper=np.ones(width),
    )


def _add_order(made: IntegerProgram, rows: _Rows) -> None:
    """Once started stays started; what is required starts no later; one of two at most."""
    problem = made.problem
    for first, last in zip(made.first.tolist(), made.last.tolist(), strict=True):
        for column in range(first, last):
            rows.add({column: 1.0, column + 1: -1.0}, -np.inf, 0.0)
    for action, other in problem.requires.tolist():
        for year in range(int(problem.first_start[action]), int(problem.last_start[action]) + 1):
            one, needed = made.column(action, year), made.column(other, year)
            if one is not None:
                terms = {one: 1.0} if needed is None else {one: 1.0, needed: -1.0}
                rows.add(terms, -np.inf, 0.0)
    for action, other in problem.excludes.tolist():
        pair = [made.column(one, problem.years) for one in (action, other)]
        terms = {column: 1.0 for column in pair if column is not None}
        if len(terms) == len(pair):
            rows.add(terms, -np.inf, 1.0)


def _add_budgets(made: IntegerProgram, rows: _Rows) -> None:
    """Payments of each year, or until each year, within the budgets."""
    paid, budgets = made.paid_and_budgets()
    added = made.by_begun(paid)
    for year, budget in enumerate(budgets.tolist()):
        scale = float(max(budget, 1))
        columns = np.flatnonzero(added[:, year])
        amounts = (added[columns, year] / scale).tolist()
        rows.add(dict(zip(columns.tolist(), amounts, strict=True)), -np.inf, budget / scale)


def _add_people(made: IntegerProgram, rows: _Rows, count: int) -> NDArray[np.float64]:
    """Groups served and states of the streets, in each year that counts; their gains."""
    problem, coverage = made.problem, made.problem.coverage
    gains: list[float] = []
    for year in np.flatnonzero(problem.year_weight).tolist():
        weight = float(problem.year_weight[year])
        done = [
            made.column(action, year - int(problem.delay[action]))
            for action in range(problem.actions)
        ]
        state_column = count + len(gains)
        many = len(coverage.done) > 1
        if many:
            gains += (weight * coverage.weight).tolist()
            _add_states(coverage.done, coverage.streets, done, state_column, rows)
        for group in range(coverage.groups):
            members = coverage.action[coverage.group_start[group] : coverage.group_start[group + 1]]
            serving = {
                column: -1.0 for one in members.tolist() if (column := done[one]) is not None
            }
            if not serving:
                continue
            here = count + len(gains)
            gains.append(weight * float(coverage.group_weight[group]))
            rows.add({here: 1.0, **serving}, -np.inf, 0.0)
            if many:
                state = state_column + int(coverage.group_state[group])
                rows.add({here: 1.0, state: -1.0}, -np.inf, 0.0)
    return np.array(gains, dtype=np.float64)


def _add_states(
    states: NDArray[np.bool_],
    streets: NDArray[np.int64],
    done: list[int | None],
    column: int,
    rows: _Rows,
) -> None:
    """The streets are in one state: that of the street actions that are done."""
    rows.add({column + state: 1.0 for state in range(len(states))}, 1.0, 1.0)
    for number, action in enumerate(streets.tolist()):
        terms = {column + int(state): 1.0 for state in np.flatnonzero(states[:, number])}
        begun = done[action]
        if begun is not None:
            terms[begun] = -1.0
        rows.add(terms, 0.0, 0.0)
