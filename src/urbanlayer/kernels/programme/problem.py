"""An investment programme as arrays: actions, payments, budgets, and whom each action serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NEVER = -1
"""In place of a year: the action is not done."""


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Whom the actions newly serve, in each state of the streets.

    A state is a set of street actions that are done; without such actions there is one state.

    Attributes
    ----------
    streets
        (l,) rows of the actions that change streets.
    done
        (k, l) whether each state has each of them.
    people, weight
        (k,) people whom what stands already serves in the state beyond those whom it serves today,
        negative where they are fewer; and the same in the unit of the objective.
    group_state
        (g,) state of each group of people whom the same actions would newly serve.
    group_people, group_weight
        (g,) how many they are; the same in the unit of the objective.
    group_start, action
        Actions that serve group *i*: `action[group_start[i]:group_start[i + 1]]`.
    """

    streets: NDArray[np.int64]
    done: NDArray[np.bool_]
    people: NDArray[np.float64]
    weight: NDArray[np.float64]
    group_state: NDArray[np.int64]
    group_people: NDArray[np.float64]
    group_weight: NDArray[np.float64]
    group_start: NDArray[np.int64]
    action: NDArray[np.int64]

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.group_state)


@dataclass(frozen=True, slots=True, eq=False)
class ProgrammeProblem:
    """Actions, years and money; rows of actions are in the order of their keys.

    Attributes
    ----------
    payments
        (n, t) whole units of the currency, from the year of the start on; 0 after the last.
    running
        (n,) whole units of the currency in each year after that of the last payment.
    duration
        (n,) years from the first payment to the last, both included.
    first_start, last_start
        (n,) first and last year in which each may start; last before first where none.
    promised
        (n,) whether each must be done.
    budgets
        (t,) whole units of the currency.
    carry_over
        Whether what a year leaves may be spent later.
    requires
        (r, 2) an action and another that must start no later.
    excludes
        (e, 2) two actions of which one at most is done.
    delay
        (n,) years from the start to the first year of service.
    year_weight
        (t,) of the people served in each year: 1 for the last alone where people at the end count.
    coverage
        Whom they serve.
    """

    payments: NDArray[np.int64]
    running: NDArray[np.int64]
    duration: NDArray[np.int64]
    first_start: NDArray[np.int64]
    last_start: NDArray[np.int64]
    promised: NDArray[np.bool_]
    budgets: NDArray[np.int64]
    carry_over: bool
    requires: NDArray[np.int64]
    excludes: NDArray[np.int64]
    delay: NDArray[np.int64]
    year_weight: NDArray[np.float64]
    coverage: Coverage

    @property
    def actions(self) -> int:
        """Number of actions."""
        return len(self.duration)

    @property
    def years(self) -> int:
        """Number of years."""
        return len(self.budgets)

    @property
    def cost(self) -> NDArray[np.int64]:
        """(n,) all payments of each action, without what it costs to run."""
        return np.asarray(self.payments.sum(axis=1))

    def paid(self, action: int, start: int) -> NDArray[np.int64]:
        """(t,) what an action costs in each year, with what it costs to run, by its start."""
        amounts = np.zeros(self.years, dtype=np.int64)
        end = start + int(self.duration[action])
        amounts[start:end] = self.payments[action, : end - start]
        amounts[end:] = self.running[action]
        return amounts


def coverage_of(
    states: NDArray[np.bool_],
    streets: NDArray[np.int64],
    constants: NDArray[np.float64],
    served: Sequence[tuple[NDArray[np.bool_], NDArray[np.float64]]],
) -> Coverage:
    """Coverage with people whom the same actions serve as one group.

    Parameters
    ----------
    states
        (k, l) whether each state of the streets has each street action.
    streets
        (l,) rows of the street actions.
    constants
        (k, 2) people, and weight, that what stands serves in each state beyond today.
    served
        For each state (m, n) whether each action serves each origin that nothing else serves, and
        (m, 2) people and weight of the origins.
    """
    parts = [_merged(reach, amounts) for reach, amounts in served]
    members = [np.argwhere(reach) for reach, _ in parts]
    counts = np.concatenate([reach.sum(axis=1) for reach, _ in parts])
    amounts = np.vstack([amounts for _, amounts in parts])
    return Coverage(
        streets=streets,
        done=states,
        people=constants[:, 0],
        weight=constants[:, 1],
        group_state=np.repeat(np.arange(len(parts)), [len(reach) for reach, _ in parts]),
        group_people=amounts[:, 0],
        group_weight=amounts[:, 1],
        group_start=np.append(0, np.cumsum(counts)).astype(np.int64),
        action=np.concatenate([rows[:, 1] for rows in members]).astype(np.int64),
    )


def _merged(
    reach: NDArray[np.bool_], amounts: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Each set of serving actions once, with the people and weight that it serves."""
    some = reach.any(axis=1)
    reach, amounts = reach[some], amounts[some]
    if not len(reach):
        return reach, amounts
    packed = np.packbits(reach, axis=1)
    _, first, of = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    of = of.ravel()
    total = np.zeros((len(first), 2))
    np.add.at(total, of, amounts)
    return reach[first], total
