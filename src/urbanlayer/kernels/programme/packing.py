"""Years for given actions by moving one start, or two, until every budget pays: a local search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.programme.problem import NEVER
from urbanlayer.kernels.programme.recount import is_possible

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.problem import ProgrammeProblem

MAX_MOVES = 120
"""Moves in all; a start that was moved stays for some of them, so that the search goes on."""
_STAY = 7


def packed(problem: ProgrammeProblem, done: NDArray[np.bool_]) -> NDArray[np.int64] | None:
    """(n,) starts of given actions that serve by the end where they can; None where none is found.

    Parameters
    ----------
    problem
        Years and money.
    done
        (n,) which actions.
    """
    rows = np.flatnonzero(done)
    first, last = problem.first_start[rows], problem.last_start[rows]
    in_time = problem.years - 1 - problem.delay[rows]
    last = np.where(in_time >= first, np.minimum(last, in_time), last)
    if not len(rows) or (last < first).any():
        return None
    search = _Packing(problem, rows, first, last)
    for _ in range(MAX_MOVES):
        if search.over() == 0:
            starts = np.full(problem.actions, NEVER, dtype=np.int64)
            starts[rows] = search.starts
            return starts if is_possible(problem, starts) else None
        if not search.move():
            return None
    return None


class _Packing:
    """Starts of some actions, and the money that they lack."""

    def __init__(
        self,
        problem: ProgrammeProblem,
        rows: NDArray[np.int64],
        first: NDArray[np.int64],
        last: NDArray[np.int64],
    ) -> None:
        self._of = np.repeat(np.arange(len(rows)), last - first + 1)
        before = np.cumsum(last - first + 1) - (last - first + 1)
        self._at = np.arange(len(self._of)) - before[self._of] + first[self._of]
        paid = [
            problem.paid(row, start)
            for row, start in zip(rows[self._of].tolist(), self._at.tolist(), strict=True)
        ]
        self._paid = np.array(paid, dtype=np.int64)
        self._budgets = problem.budgets
        if problem.carry_over:
            self._paid, self._budgets = self._paid.cumsum(axis=1), self._budgets.cumsum()
        place = {row: at for at, row in enumerate(rows.tolist())}
        pairs = [
            (place[one], place[other])
            for one, other in problem.requires.tolist()
            if one in place and other in place
        ]
        self._after = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        tied = np.eye(len(rows), dtype=bool)
        tied[tuple(self._after.T)] = tied[tuple(self._after.T[::-1])] = True
        self._tied = tied[self._of][:, self._of]
        self._first = before
        self._until = np.full(len(rows), -1)
        self._moves = 0
        self.starts = first.copy()
        for _ in pairs:  # what is required starts no later; as often as the longest chain
            one, other = self._after.T
            np.maximum.at(self.starts, one, self.starts[other])

    def over(self) -> int:
        """What the budgets lack, of all years together."""
        return int(np.maximum(self._spent() - self._budgets, 0).sum())

    def _spent(self) -> NDArray[np.int64]:
        return np.asarray(self._paid[self._rows()].sum(axis=0))

    def _rows(self) -> NDArray[np.int64]:
        """Row of `_paid` of each action as it starts now."""
        first = self._at[self._first]
        return np.asarray(self._first + self.starts - first)

    def move(self) -> bool:
        """Take the best move of one start, or of two where none of one is better."""
        self._moves += 1
        free = self._allowed()
        if not len(free):
            return False
        change = self._paid[free] - self._paid[self._rows()[self._of[free]]]
        spent, before = self._spent(), self.over()
        alone = np.maximum(spent + change - self._budgets, 0).sum(axis=1)
        best = [free[int(np.argmin(alone))]]
        if alone.min() >= before:
            together = np.maximum(
                spent + change[:, None] + change[None] - self._budgets, 0
            ).sum(axis=2)  # fmt: skip
            together[self._tied[free][:, free]] = np.iinfo(np.int64).max
            if together.min() < alone.min():
                best = free[list(divmod(int(np.argmin(together)), len(free)))].tolist()
        for one in best:
            self.starts[self._of[one]] = self._at[one]
            self._until[self._of[one]] = self._moves + _STAY
        return True

    def _allowed(self) -> NDArray[np.int64]:
        """Other starts that keep the order, of actions that were not moved just now."""
        least = np.full(len(self.starts), -1)
        most = np.full(len(self.starts), np.iinfo(np.int64).max)
        one, other = self._after.T
        np.maximum.at(least, one, self.starts[other])
        np.minimum.at(most, other, self.starts[one])
        allowed = (self._at >= least[self._of]) & (self._at <= most[self._of])
        allowed &= (self._at != self.starts[self._of]) & (self._until[self._of] < self._moves)
        return np.flatnonzero(allowed)
