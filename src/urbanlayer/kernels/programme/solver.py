"""HiGHS for the integer program and its relaxation: one thread, a fixed seed, limits in nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from urbanlayer.kernels.highs import quiet_highs

if TYPE_CHECKING:
    import highspy
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

TOLERANCE = 1e-9
"""Of feasibility; budgets are scaled to 1."""
STALL_ENTRIES = 120_000
"""Columns of s of all nodes without a better programme, after which the search ends."""
NODES_PER_STALL = 5
"""Nodes in all, for each of those without a better programme."""


class LinearProgram(Protocol):
    """Maximise a gain within rows and bounds of columns, the first of which are whole."""

    @property
    def gain(self) -> NDArray[np.float64]:
        """(c,) gain of each column."""

    @property
    def matrix(self) -> csr_array:
        """(r, c) rows."""

    @property
    def row_lower(self) -> NDArray[np.float64]:
        """(r,) what each row is at least."""

    @property
    def row_upper(self) -> NDArray[np.float64]:
        """(r,) what each row is at most."""

    @property
    def lower(self) -> NDArray[np.float64]:
        """(c,) what each column is at least."""

    @property
    def upper(self) -> NDArray[np.float64]:
        """(c,) what each column is at most."""

    @property
    def integers(self) -> int:
        """Number of whole columns."""


@dataclass(frozen=True, slots=True, eq=False)
class RelaxedProgram:
    """The relaxation without integers.

    Attributes
    ----------
    values
        (c,) of the columns; None where nothing is possible.
    duals
        (r,) multipliers of the rows; where nothing is possible, a ray that shows it.
    """

    values: NDArray[np.float64] | None
    duals: NDArray[np.float64]


def best_values(
    program: LinearProgram,
    gain: NDArray[np.float64],
    *,
    nodes: int | None = None,
) -> NDArray[np.float64] | None:
    """(c,) values of the columns with the highest gain that is found; None where none are possible.

    Parameters
    ----------
    program
        Its own gain is not used.
    gain
        (c,) to be maximised.
    nodes
        Of the search at most; by default by the number of whole columns.
    """
    import highspy

    solver = _solver(program, gain, integer=True)
    stall = 1 + STALL_ENTRIES // max(program.integers, 1)
    solver.setOptionValue("mip_max_stall_nodes", stall)
    solver.setOptionValue("mip_max_nodes", nodes or NODES_PER_STALL * stall)
    solver.run()
    if solver.getInfo().primal_solution_status != int(
        highspy.SolutionStatus.kSolutionStatusFeasible
    ):
        return None
    return np.array(solver.getSolution().col_value)


class ProgramRelaxation:
    """The relaxation of a program, solved again and again with other bounds of its columns."""

    def __init__(self, program: LinearProgram) -> None:
        self._solver = _solver(program, program.gain, integer=False)
        self._solver.setOptionValue("presolve", "off")
        self._columns = np.arange(len(program.gain), dtype=np.int32)
        self._rows = len(program.row_lower)

    def solved(self, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> RelaxedProgram:
        """The relaxation within bounds of the columns."""
        import highspy

        self._solver.changeColsBounds(len(self._columns), self._columns, lower, upper)
        self._solver.run()
        if self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            found = self._solver.getSolution()
            return RelaxedProgram(np.array(found.col_value), np.array(found.row_dual))
        _, has_ray, ray = self._solver.getDualRay()  # type: ignore[attr-defined]  # not in the stubs
        return RelaxedProgram(None, np.array(ray) if has_ray else np.zeros(self._rows))


def interior_duals(
    program: LinearProgram, lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(r,) multipliers of the rows amid the best ones: as many columns as can be lose by moving.

    Parameters
    ----------
    program
        Rows and gains.
    lower, upper
        (c,) bounds of the columns.
    """
    solver = _solver(program, program.gain, integer=False)
    columns = np.arange(len(program.gain), dtype=np.int32)
    solver.changeColsBounds(len(columns), columns, lower, upper)
    solver.setOptionValue("solver", "ipm")
    solver.setOptionValue("run_crossover", "off")
    solver.run()
    duals = np.array(solver.getSolution().row_dual)
    return duals if len(duals) == len(program.row_lower) else np.zeros(len(program.row_lower))


def _solver(program: LinearProgram, gain: NDArray[np.float64], *, integer: bool) -> highspy.Highs:
    import highspy

    model = highspy.HighsLp()
    matrix = program.matrix
    model.num_col_, model.num_row_ = matrix.shape[1], matrix.shape[0]
    model.col_cost_, model.col_lower_, model.col_upper_ = gain, program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data.astype(np.float64)
    model.sense_ = highspy.ObjSense.kMaximize
    if integer:
        kinds = [highspy.HighsVarType.kInteger] * program.integers
        kinds += [highspy.HighsVarType.kContinuous] * (matrix.shape[1] - program.integers)
        model.integrality_ = kinds
    solver = quiet_highs()
    options: dict[str, float] = {
        "primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE,
        "mip_feasibility_tolerance": TOLERANCE, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-7,
    }  # fmt: skip
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    return solver
