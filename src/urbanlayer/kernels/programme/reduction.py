"""A smaller program of the same programmes: without fixed columns, idle rows and equal groups.

Bounds of columns follow from the rows, rounded to the safe side; a row that the bounds keep by
themselves is left out. So the bound of the smaller program holds for the whole one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, csr_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.by_starts import StartProgram

ROUNDS = 6
"""Times that bounds follow from the rows at most."""
_WHOLE = 1e-7
_IDLE = 1e-12
_TIGHTER = 1e-9


def reduced(program: StartProgram) -> StartProgram | None:
    """The program without what its bounds decide; None where they cannot all be kept.

    Parameters
    ----------
    program
        Whose bounds may have been tightened.
    """
    for _ in range(ROUNDS):
        program = _without_idle_rows(program)
        tighter = _tightened(program)
        if (tighter.lower > tighter.upper + _TIGHTER).any():
            return None
        same = (tighter.upper >= program.upper - _TIGHTER).all()
        same &= (tighter.lower <= program.lower + _TIGHTER).all()
        program = tighter
        if same:
            break
    return _merged(_without_fixed(_without_idle_rows(program)))


def _sizes(program: StartProgram) -> tuple[csr_array, csr_array]:
    """The matrix in its positive and its negative parts."""
    above, below = program.matrix.copy(), program.matrix.copy()
    above.data, below.data = np.maximum(above.data, 0.0), np.minimum(below.data, 0.0)
    return above, below


def _without_idle_rows(program: StartProgram) -> StartProgram:
    """Without rows that the bounds keep; columns that then stand in none are at their best."""
    above, below = _sizes(program)
    least = above @ program.lower + below @ program.upper
    most = above @ program.upper + below @ program.lower
    idle = (least >= program.row_lower - _IDLE) & (most <= program.row_upper + _IDLE)
    matrix = csr_array(program.matrix[~idle])
    unbound = np.bincount(matrix.indices, minlength=matrix.shape[1]) == 0
    unbound[: program.integers] = False
    gains = program.gain >= 0
    return replace(
        program,
        matrix=matrix,
        row_lower=program.row_lower[~idle],
        row_upper=program.row_upper[~idle],
        lower=np.where(unbound & gains, program.upper, program.lower),
        upper=np.where(unbound & ~gains, program.lower, program.upper),
    )


def _tightened(program: StartProgram) -> StartProgram:
    """With the bounds that follow from each row and the bounds of its other columns."""
    above, below = _sizes(program)
    lower, upper = program.lower, program.upper
    entries = program.matrix.tocoo()
    row, column, amount = entries.row, entries.col, entries.data
    least = (above @ lower + below @ upper)[row]
    most = (above @ upper + below @ lower)[row]
    room, need = program.row_upper[row] - least, program.row_lower[row] - most
    new_lower, new_upper = lower.copy(), upper.copy()
    up, down = amount > 0, amount < 0
    np.minimum.at(new_upper, column[up], (lower[column] + room / amount)[up])
    np.maximum.at(new_lower, column[down], (upper[column] + room / amount)[down])
    np.maximum.at(new_lower, column[up], (upper[column] + need / amount)[up])
    np.minimum.at(new_upper, column[down], (lower[column] + need / amount)[down])
    whole = slice(None, program.integers)
    new_upper[whole] = np.floor(new_upper[whole] + _WHOLE)
    new_lower[whole] = np.ceil(new_lower[whole] - _WHOLE)
    return replace(program, lower=np.maximum(lower, new_lower), upper=np.minimum(upper, new_upper))


def _without_fixed(program: StartProgram) -> StartProgram:
    """Without columns whose bounds are one value, which the rows and the constant take up."""
    is_open = program.lower < program.upper
    fixed = np.where(is_open, 0.0, program.lower)
    shift = program.matrix @ fixed
    values = program.values.copy()
    values[program.column] = fixed
    part = replace(
        program,
        matrix=csr_array(program.matrix[:, is_open]),
        row_lower=program.row_lower - shift,
        row_upper=program.row_upper - shift,
        constant=program.constant + float(program.gain @ fixed),
        values=values,
    )
    return _of_columns(part, is_open)


def _of_columns(program: StartProgram, kept: NDArray[np.bool_]) -> StartProgram:
    """With some columns, whose part of the matrix is there already."""
    whole = kept[: program.integers]
    return replace(
        program,
        gain=program.gain[kept],
        lower=program.lower[kept],
        upper=program.upper[kept],
        integers=int(whole.sum()),
        column=program.column[kept],
        action=program.action[whole],
        done=program.done[whole],
    )


def _merged(program: StartProgram) -> StartProgram:
    """Groups of people that the same starts serve as one."""
    matrix, by_column = program.matrix, csc_array(program.matrix)
    gain, row_kept = program.gain.copy(), np.ones(matrix.shape[0], dtype=bool)
    kept = np.ones(len(gain), dtype=bool)
    known: dict[tuple[int, ...], int] = {}
    for column in range(program.integers, len(gain)):
        rows = by_column.indices[by_column.indptr[column] : by_column.indptr[column + 1]]
        if len(rows) != 1 or not _is_group(program, column):
            continue
        members = _members(program, int(rows[0]), column)
        if members is None:
            continue
        if members in known:
            gain[known[members]] += gain[column]
            row_kept[rows[0]] = kept[column] = False
        else:
            known[members] = column
    part = replace(
        program,
        gain=gain,
        matrix=csr_array(matrix[row_kept][:, kept]),
        row_lower=program.row_lower[row_kept],
        row_upper=program.row_upper[row_kept],
    )
    return _of_columns(part, kept)


def _is_group(program: StartProgram, column: int) -> bool:
    bounds = program.lower[column], program.upper[column]
    return bool(program.gain[column] > 0 and bounds == (0.0, 1.0))


def _members(program: StartProgram, row: int, column: int) -> tuple[int, ...] | None:
    """Columns whose sum a group is at most; None where its row is another."""
    matrix = program.matrix
    at = slice(matrix.indptr[row], matrix.indptr[row + 1])
    columns, amounts = matrix.indices[at], matrix.data[at]
    others = columns != column
    is_sum = (amounts[others] == -1).all() and (amounts[~others] == 1).all()
    bounds = np.isneginf(program.row_lower[row]) and program.row_upper[row] == 0
    if not (is_sum and bounds) or (columns[others] >= program.integers).any():
        return None
    return tuple(np.sort(columns[others]).tolist())
