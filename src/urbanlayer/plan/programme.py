"""The investment programme: which actions to start in which year, and what that buys.

People newly served are a difference of two unions for each service, never a sum over actions; who
is newly served by two services counts twice, as two person-services.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.digests import digest_of_contents
from urbanlayer.kernels.programme.choice import chosen, is_feasible
from urbanlayer.kernels.programme.problem import NEVER, ProgrammeProblem
from urbanlayer.kernels.programme.recount import is_possible, served, serving, spent
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.plan import PlannedAction, ProgrammeResult, ProgrammeYear
from urbanlayer.plan.action_facts import facts_of
from urbanlayer.plan.action_reach import reach_errors, reach_of
from urbanlayer.plan.actions import read_actions
from urbanlayer.plan.curve import curve_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from urbanlayer.kernels.programme.choice import Chosen
    from urbanlayer.model.plan import CurvePoint
    from urbanlayer.model.plan_inputs import PlanInputs
    from urbanlayer.model.plan_specification import PlanSpec
    from urbanlayer.plan.action_reach import ActionReach
    from urbanlayer.plan.actions import Action


FEW = 10
"""Least people whom an action serves beside the others; nobody and few look the same."""


def programme_errors(inputs: PlanInputs) -> Iterator[str]:
    """What the layers lack for the programme, each error a sentence."""
    if inputs.spec.actions is None:
        return
    role = inputs.spec.actions.layer
    if role not in inputs.city.layers:
        yield f"[plan.actions]: the city has no layer {role!r}"
        return
    actions, errors = _read(inputs)
    yield from errors
    yield from (f"[plan.actions]: {one}" for one in reach_errors(inputs, actions))


def programmed(inputs: PlanInputs, needs: Mapping[str, float] | None) -> ProgrammeResult:
    """The investment programme.

    Parameters
    ----------
    inputs
        Without errors of the programme.
    needs
        Weight of the people of each neighbourhood by its key; None where no needs are declared.
    """
    actions, _ = _read(inputs)
    spec = inputs.spec
    reach = reach_of(inputs, actions, needs if spec.weights == "need" else None)
    problem = _problem(actions, spec, reach)
    made_of = {"problem": digest_of_contents(problem)}
    best = inputs.remember("programme", made_of, lambda: chosen(problem))
    notes = _notes(spec, reach)
    if best is None:
        return ProgrammeResult("infeasible", why=_why_not(problem, actions, spec), notes=notes)
    return ProgrammeResult(
        "solved",
        actions=_planned(problem, actions, spec, best.starts),
        left_out=_left_out(problem, actions, best.starts),
        by_year=_by_year(problem, spec, best.starts),
        objective=_objective(problem, best.starts),
        bound=best.bound,
        gap=_gap(best),
        proven=best.proven,
        curve=_curve(inputs, problem, [one.key for one in actions]),
        notes=notes,
        facts=facts_of(inputs, actions, problem.coverage),
    )


def _curve(
    inputs: PlanInputs, problem: ProgrammeProblem, keys: Sequence[str]
) -> tuple[CurvePoint, ...]:
    budgets = inputs.spec.curve
    made_of = {"problem": digest_of_contents(problem, keys, budgets)}
    return inputs.remember("curve of budgets", made_of, lambda: curve_of(problem, keys, budgets))


def _read(inputs: PlanInputs) -> tuple[list[Action], list[str]]:
    spec = inputs.spec.actions
    if spec is None:
        return [], []
    return read_actions(inputs.city.layers[spec.layer], spec.columns, inputs.spec.years)


def _problem(actions: Sequence[Action], spec: PlanSpec, reach: ActionReach) -> ProgrammeProblem:
    """The programme as arrays."""
    years, count = spec.years, len(actions)
    duration = np.array([len(one.payments) for one in actions], dtype=np.int64)
    payments = np.zeros((count, len(years)), dtype=np.int64)
    for row, one in enumerate(actions):
        payments[row, : len(one.payments)] = one.payments
    earliest = [(one.earliest or years[0]) - years[0] for one in actions]
    due = np.array([_due(one, years) for one in actions], dtype=np.int64)
    row_of = {one.key: row for row, one in enumerate(actions)}
    last = np.minimum(due, len(years) - 1) - duration + 1
    later = 0 if spec.serves_from == "last_payment" else 1
    return ProgrammeProblem(
        payments=payments,
        running=np.array([one.running for one in actions], dtype=np.int64),
        duration=duration,
        first_start=np.maximum(np.array(earliest, dtype=np.int64), 0),
        last_start=last,
        promised=due < len(years),
        budgets=np.array(spec.budgets, dtype=np.int64),
        carry_over=spec.carry_over,
        requires=_pairs((row_of[o.key], row_of[k]) for o in actions for k in o.requires),
        excludes=_pairs((row_of[o.key], row_of[k]) for o in actions for k in o.excludes),
        delay=duration - 1 + later,
        year_weight=_year_weights(spec),
        coverage=reach.coverage,
    )


def _due(action: Action, years: Sequence[int]) -> int:
    """Number of the year of the last payment; beyond all years where none is promised."""
    if action.promised is None or action.promised > years[-1]:
        return len(years)
    return action.promised - years[0]


def _pairs(pairs: Iterator[tuple[int, int]]) -> NDArray[np.int64]:
    return np.array(list(pairs), dtype=np.int64).reshape(-1, 2)


def _year_weights(spec: PlanSpec) -> NDArray[np.float64]:
    """(t,) of the people served in each year: the last alone, or each, discounted."""
    count = len(spec.years)
    if spec.objective == "people":
        return np.asarray(np.eye(count)[-1], dtype=np.float64)
    return np.asarray((1.0 + spec.discount) ** -np.arange(count, dtype=np.float64))


# The result ---------------------------------------------------------------------------------------


def _planned(
    problem: ProgrammeProblem,
    actions: Sequence[Action],
    spec: PlanSpec,
    starts: NDArray[np.int64],
) -> tuple[PlannedAction, ...]:
    """What is done, by year and key, with the people whom each newly serves."""
    at_end = serving(problem, starts)[-1]
    whole = served(problem.coverage, at_end)
    found = []
    for row in np.flatnonzero(starts != NEVER).tolist():
        alone, without = np.zeros(len(actions), dtype=bool), at_end.copy()
        alone[row], without[row] = True, False
        found.append(
            PlannedAction(
                id=actions[row].key,
                year=spec.years[int(starts[row])],
                cost=int(problem.cost[row]),
                running=actions[row].running,
                newly_served_alone=served(problem.coverage, alone),
                newly_served_in_plan=whole - served(problem.coverage, without),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.year, one.id)))


def _by_year(
    problem: ProgrammeProblem, spec: PlanSpec, starts: NDArray[np.int64]
) -> tuple[ProgrammeYear, ...]:
    """Money and people newly served of each year."""
    each = [served(problem.coverage, done) for done in serving(problem, starts)]
    paid = spent(problem, starts)
    return tuple(
        ProgrammeYear(year, int(problem.budgets[number]), int(paid[number]), now - before)
        for number, (year, before, now) in enumerate(
            zip(spec.years, [0.0, *each[:-1]], each, strict=True)
        )
    )


def _objective(problem: ProgrammeProblem, starts: NDArray[np.int64]) -> float:
    """People, or person-years: heads, whatever their weights."""
    each = [served(problem.coverage, done) for done in serving(problem, starts)]
    return float(problem.year_weight @ np.array(each))


def _gap(best: Chosen) -> float | None:
    if best.bound <= best.value:
        return 0.0
    return (best.bound - best.value) / best.value if best.value > 0 else None


def _notes(spec: PlanSpec, reach: ActionReach) -> tuple[Note, ...]:
    notes = [Note.of("plan-alone-and-in-plan"), *reach.notes]
    if spec.curve:
        notes.append(Note.of("plan-curve-spread"))
    if reach.not_connected:
        names = Listing.of(reach.not_connected)
        notes.append(
            Note.of("plan-actions-not-connected", count=len(reach.not_connected), names=names)
        )
    return tuple(notes)


# What is not done ---------------------------------------------------------------------------------


def _why_not(problem: ProgrammeProblem, actions: Sequence[Action], spec: PlanSpec) -> Note:
    """The first promise, by year and key, that cannot be kept with those before it."""
    promised = np.flatnonzero(problem.promised)
    due = {int(row): actions[row].promised or 0 for row in promised.tolist()}
    order = sorted(due, key=lambda row: (due[row], actions[row].key))
    kept = np.zeros(problem.actions, dtype=bool)
    for row in order:
        kept[row] = True
        if problem.last_start[row] < problem.first_start[row]:
            return Note.of("plan-promise-too-late", action=actions[row].key, year=str(due[row]))
        if not is_feasible(replace(problem, promised=kept)):
            year = str(due[row])
            return Note.of("plan-promise-not-paid", action=actions[row].key, year=year)
    return Note.of("plan-promises-not-kept", year=str(spec.years[-1]))


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """A programme with what is done in it."""

    problem: ProgrammeProblem
    actions: Sequence[Action]
    starts: NDArray[np.int64]

    @property
    def done(self) -> set[str]:
        """Keys of what is done."""
        return {self.actions[row].key for row in np.flatnonzero(self.starts != NEVER).tolist()}


def _left_out(
    problem: ProgrammeProblem, actions: Sequence[Action], starts: NDArray[np.int64]
) -> tuple[tuple[str, Note], ...]:
    """Keys of what is not done, each with the first reason that holds."""
    plan = _Plan(problem, actions, starts)
    rows = np.flatnonzero(starts == NEVER).tolist()
    return tuple((actions[row].key, _reason(plan, row)) for row in rows)


def _reason(plan: _Plan, row: int) -> Note:
    problem, action, done = plan.problem, plan.actions[row], plan.done
    if problem.last_start[row] < problem.first_start[row]:
        return Note.of("plan-left-no-year")
    against = {*action.excludes}
    against |= {one.key for one in plan.actions if action.key in one.excludes}
    if excluded_by := sorted(against & done):
        return Note.of("plan-left-excluded", action=excluded_by[0])
    if not _adds(plan, row):
        return Note.of("plan-left-few")
    if lacking := [key for key in action.requires if key not in done]:
        return Note.of("plan-left-requires", action=lacking[0])
    if _fits(plan, row):
        return Note.of("plan-left-other")
    return Note.of("plan-left-budget")


def _adds(plan: _Plan, row: int) -> bool:
    """Whether an action would serve more than `FEW` people in addition to what is done."""
    at_end = serving(plan.problem, plan.starts)[-1]
    more = at_end.copy()
    more[row] = True
    coverage = plan.problem.coverage
    return served(coverage, more) > served(coverage, at_end) + FEW


def _fits(plan: _Plan, row: int) -> bool:
    """Whether the budgets would pay for an action in addition to what is done."""
    problem = plan.problem
    for start in range(int(problem.first_start[row]), int(problem.last_start[row]) + 1):
        starts = plan.starts.copy()
        starts[row] = start
        if is_possible(problem, starts):
            return True
    return False
