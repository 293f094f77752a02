"""Starts that no better programme has, by their reduced gains and by trying each.

Where a bound with a start of an action is below the value of a known programme, no programme of
that value has the start. Multipliers amid the best ones rule out more starts than a corner does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.programme.proof import safe_bound
from urbanlayer.kernels.programme.solver import ProgramRelaxation, interior_duals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.by_starts import StartProgram

    Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]

ROUNDS = 6
"""Times that multipliers are sought anew."""
FEW = 4
"""Columns ruled out by a round after which no other follows."""
_HALF = 0.5


def without_worse(
    program: StartProgram, bounds: Bounds, bound: float, reduced: NDArray[np.float64], value: float
) -> Bounds:
    """Bounds of the columns without those by which the bound falls below a value.

    Parameters
    ----------
    program
        Of the problem.
    bounds
        (c,) of the columns, lower and upper.
    bound
        Of all values within them.
    reduced
        (c,) reduced gains.
    value
        That a programme has at least.
    """
    lower, upper = bounds[0].copy(), bounds[1].copy()
    whole = np.arange(program.integers)
    lost = (bound - np.abs(reduced[whole]) < value) & (lower[whole] < upper[whole])
    upper[whole[lost & (reduced[whole] < 0)]] = 0.0
    lower[whole[lost & (reduced[whole] > 0)]] = 1.0
    return lower, upper


def by_multipliers(program: StartProgram, value: float) -> StartProgram:
    """The program without starts that no programme of at least a value has.

    Parameters
    ----------
    program
        Of the problem.
    value
        Of a programme.
    """
    bounds = program.lower, program.upper
    for _ in range(ROUNDS):
        duals = interior_duals(program, *bounds)
        bound, reduced = safe_bound(program, duals, *bounds)
        fewer = without_worse(program, bounds, bound + program.constant, reduced, value)
        ruled_out = sum(int((a != b).sum()) for a, b in zip(bounds, fewer, strict=True))
        bounds = fewer
        if ruled_out < FEW:
            break
    return replace(program, lower=bounds[0], upper=bounds[1])


def by_trial(program: StartProgram, value: float) -> StartProgram:
    """The same by a relaxation with each start that it does not have, and without each that it has.

    Parameters
    ----------
    program
        Of the problem.
    value
        Of a programme.
    """
    relaxation = ProgramRelaxation(program)
    lower, upper = program.lower, program.upper
    found = relaxation.solved(lower, upper).values
    if found is None:
        return program
    values = found[: program.integers]
    for column in np.argsort(values, kind="stable").tolist():
        if lower[column] == upper[column]:
            continue
        other = 1.0 if values[column] < _HALF else 0.0
        low, high = lower.copy(), upper.copy()
        low[column] = high[column] = other
        duals = relaxation.solved(low, high).duals
        bound, _ = safe_bound(program, duals, low, high)
        of_all, reduced = safe_bound(program, duals, lower, upper)
        bounds = without_worse(program, (lower, upper), of_all + program.constant, reduced, value)
        lower, upper = bounds
        if bound + program.constant < value:
            lower[column] = upper[column] = 1.0 - other
    return replace(program, lower=lower, upper=upper)
