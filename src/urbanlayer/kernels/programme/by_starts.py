"""The integer program with a column for each start: reduced gains then speak of single years.

In place of s(a, t), 1 where action a starts in year t or before, there are x(a, t), 1 where it
starts in year t, and d(a), 1 where it is done: s(a, t) is the sum of x(a, ·) up to t, and d(a) that
of all of them. The programmes are the same, and so are the bounds of the relaxation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.integer_program import IntegerProgram


@dataclass(frozen=True, slots=True, eq=False)
class StartProgram:
    """Maximise `constant + gain @ v` where the rows and the bounds of the columns are kept.

    Attributes
    ----------
    integers
        Number of whole columns, which come first: those of x, then those of d.
    column
        (c,) number of each column in the whole program, which this one may be a part of.
    values
        Of all columns of the whole program; those of this one's columns are open.
    action
        (integers,) row of the action of each whole column, among those that may be done.
    done
        (integers,) whether it is one of d.
    program
        The same with s.
    """

    gain: NDArray[np.float64]
    matrix: csr_array
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    integers: int
    constant: float
    column: NDArray[np.int64]
    values: NDArray[np.float64]
    action: NDArray[np.int64]
    done: NDArray[np.bool_]
    program: IntegerProgram

    def starts(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """(n,) year of each action's start, of values of the columns."""
        whole = self.values.copy()
        whole[self.column] = values
        return self.program.starts(_begun(whole, self.program))


def by_starts(program: IntegerProgram) -> StartProgram:
    """The program with a column for each start.

    Parameters
    ----------
    program
        With s; its bounds of s are kept.
    """
    count, width = program.integers, len(program.gain)
    window = np.maximum(program.last - program.first + 1, 0)
    window = window[window > 0]
    action = np.repeat(np.arange(len(window)), window)
    to_s = _sums(program)
    matrix = csr_array(program.matrix @ to_s)
    rows = (csr_array(matrix[:, :count]), csr_array((matrix.shape[0], len(window))))
    begun = csr_array(to_s[:count])
    last = np.cumsum(window) - 1
    links = _links(action, len(window), width - count)
    matrix = csr_array(
        vstack([
            links,
            hstack([*rows, csr_array(matrix[:, count:])]),
            hstack([begun[:, :count], csr_array((count, len(window) + width - count))]),
        ])
    )  # fmt: skip
    matrix.eliminate_zeros()
    none = np.zeros(len(window))
    lower, upper = program.lower, program.upper
    s_lower = np.where(lower[:count] > 0, 1.0, -np.inf)
    s_upper = np.where(upper[:count] < 1, 0.0, np.inf)
    total = count + len(window)
    return StartProgram(
        gain=np.concatenate([to_s.T @ program.gain, none])[_order(count, width, len(window))],
        matrix=matrix,
        row_lower=np.concatenate([none, program.row_lower, s_lower]),
        row_upper=np.concatenate([none, program.row_upper, s_upper]),
        lower=np.concatenate([np.zeros(count), lower[last], lower[count:]]),
        upper=np.concatenate([np.ones(count), upper[last], upper[count:]]),
        integers=total,
        constant=0.0,
        column=np.arange(width + len(window)),
        values=np.zeros(width + len(window)),
        action=np.concatenate([action, np.arange(len(window))]),
        done=np.arange(total) >= count,
        program=program,
    )


def _order(count: int, width: int, actions: int) -> NDArray[np.int64]:
    """Where the columns of x, d and the rest stand once those of d are last."""
    return np.concatenate([np.arange(count), width + np.arange(actions), np.arange(count, width)])


def _sums(program: IntegerProgram) -> csr_array:
    """(c, c) what adds x up to s, and leaves the other columns."""
    rows: list[int] = []
    columns: list[int] = []
    for first, last in zip(program.first.tolist(), program.last.tolist(), strict=True):
        for column in range(first, last + 1):
            rows += [column] * (column - first + 1)
            columns += range(first, column + 1)
    rest = np.arange(program.integers, len(program.gain))
    at = np.concatenate([rows, rest]), np.concatenate([columns, rest])
    return csr_array((np.ones(len(at[0])), at), shape=(len(program.gain), len(program.gain)))


def _links(action: NDArray[np.int64], actions: int, others: int) -> csr_array:
    """(actions, c) rows that are 0 where d is the sum of x."""
    rows = np.concatenate([action, np.arange(actions)])
    columns = np.arange(len(action) + actions)
    amounts = np.concatenate([np.ones(len(action)), -np.ones(actions)])
    return csr_array((amounts, (rows, columns)), shape=(actions, len(columns) + others))


def _begun(values: NDArray[np.float64], program: IntegerProgram) -> NDArray[np.float64]:
    """(s,) the columns of s."""
    found = np.zeros(program.integers)
    for first, last in zip(program.first.tolist(), program.last.tolist(), strict=True):
        found[first : last + 1] = np.cumsum(values[first : last + 1])
    return found
