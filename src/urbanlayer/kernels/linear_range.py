"""How far linear forms can be narrowed by linear constraints, by linear programming."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.highs import quiet_highs

if TYPE_CHECKING:
    from collections.abc import Iterator

    import highspy
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def linear_ranges(
    forms: Floats, rows: Floats, lower: Floats, upper: Floats
) -> Iterator[tuple[float, float]]:
    """The least and the greatest of each form over the points that keep all constraints.

    Parameters
    ----------
    forms
        (f, n) forms.
    rows
        (r, n) sums of variables, which are not negative.
    lower, upper
        (r,) ends of each sum; +inf for none.

    Yields
    ------
    tuple
        NaN where no point keeps them or the form has no end.

    Examples
    --------
    >>> rows = np.array([[1.0, 1.0], [1.0, 0.0]])
    >>> lower, upper = np.array([10.0, 2.0]), np.array([10.0, 5.0])
    >>> list(linear_ranges(np.array([[0.0, 1.0]]), rows, lower, upper))
    [(5.0, 8.0)]
    """
    if not len(forms):
        return
    solver = _solver(rows, lower, upper)
    columns = np.arange(rows.shape[1], dtype=np.int32)
    for form in forms:
        ends = [_least(solver, columns, sign * form) * sign for sign in (1.0, -1.0)]
        yield ends[0], ends[1]


def _solver(rows: Floats, lower: Floats, upper: Floats) -> highspy.Highs:
    import highspy

    model = highspy.HighsLp()
    count, variables = rows.shape
    model.num_col_, model.num_row_ = variables, count
    model.col_cost_ = np.zeros(variables)
    model.col_lower_, model.col_upper_ = np.zeros(variables), np.full(variables, highspy.kHighsInf)
    model.row_lower_ = lower
    model.row_upper_ = np.where(np.isinf(upper), highspy.kHighsInf, upper)
    at, column = np.nonzero(rows)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(at, np.arange(count + 1)).astype(np.int32)
    model.a_matrix_.index_ = column.astype(np.int32)
    model.a_matrix_.value_ = rows[at, column]
    solver = quiet_highs()
    solver.setOptionValue("presolve", "off")
    solver.passModel(model)
    return solver


def _least(solver: highspy.Highs, columns: NDArray[np.int32], cost: Floats) -> float:
    import highspy

    solver.changeColsCost(len(columns), columns, cost)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return float("nan")
    return float(solver.getInfo().objective_function_value)
