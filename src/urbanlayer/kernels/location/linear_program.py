"""A linear program on HiGHS: one thread, a fixed seed, and a limit in iterations, never a clock.

What comes back is a point and dual prices. Neither is a proof: bounds are computed from the prices
by our own arithmetic (`lagrangian.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.sparse import csc_array

from urbanlayer.kernels.highs import quiet_highs

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_WORK = 4_000_000_000
"""Iterations times rows that one program may take, over all times that it is solved."""
MAX_ITERATIONS = 1_000_000
MAX_IPM_ITERATIONS = 500
Solver = Literal["simplex", "ipm"]


@dataclass(frozen=True, slots=True, eq=False)
class LinearRows:
    """Rows lower ≤ A x ≤ upper of a linear program, A in triplets."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LinearSolution:
    """A point and the dual price of each row: how the least cost moves with the row's side."""

    x: NDArray[np.float64]
    row_dual: NDArray[np.float64]


class LinearProgram:
    """Least cost c·x within rows and bounds; solved again from the last basis.

    Parameters
    ----------
    cost
        (n,) of each column.
    lower, upper
        (n,) bounds of each column.
    rows
        Of the program.
    """

    def __init__(
        self,
        cost: NDArray[np.float64],
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
        rows: LinearRows,
    ) -> None:
        import highspy

        table = csc_array((rows.value, (rows.row, rows.column)), shape=(len(rows.lower), len(cost)))
        table.sort_indices()
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(cost), len(rows.lower)
        program.col_cost_, program.col_lower_, program.col_upper_ = cost, lower, upper
        program.row_lower_, program.row_upper_ = rows.lower, rows.upper
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = table.indptr.astype(np.int32)
        program.a_matrix_.index_ = table.indices.astype(np.int32)
        program.a_matrix_.value_ = table.data
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._highs = quiet_highs()
        self._left = min(MAX_ITERATIONS, MAX_WORK // max(1, len(rows.lower)))
        self._highs.setOptionValue("ipm_iteration_limit", MAX_IPM_ITERATIONS)
        self._highs.passModel(program)

    @property
    def is_exhausted(self) -> bool:
        """Whether no iterations are left."""
        return self._left <= 0

    def bound_columns(
        self,
        columns: NDArray[np.int64],
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
    ) -> None:
        """Change the bounds of some columns."""
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def solve(self, *, solver: Solver = "simplex", crossover: bool = True) -> LinearSolution | None:
        """The solution; None where there is none, or not within the limit of iterations."""
        if self.is_exhausted:
            return None
        self._highs.setOptionValue("simplex_iteration_limit", self._left)
        self._highs.setOptionValue("solver", solver)
        self._highs.setOptionValue("run_crossover", "on" if crossover else "off")
        self._highs.run()
        self._left -= max(0, int(self._highs.getInfo().simplex_iteration_count))
        if self._highs.getModelStatus() != self._optimal:
            return None
        solution = self._highs.getSolution()
        return LinearSolution(np.array(solution.col_value), np.array(solution.row_dual))
