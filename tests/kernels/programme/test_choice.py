"""Programmes by integer programming against all subsets and years, one by one."""

import dataclasses
import itertools

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from urbanlayer.kernels.programme import choice
from urbanlayer.kernels.programme.by_starts import by_starts
from urbanlayer.kernels.programme.choice import chosen
from urbanlayer.kernels.programme.integer_program import integer_program
from urbanlayer.kernels.programme.packing import packed
from urbanlayer.kernels.programme.problem import NEVER, ProgrammeProblem, coverage_of
from urbanlayer.kernels.programme.proof import safe_bound
from urbanlayer.kernels.programme.recount import spent
from urbanlayer.kernels.programme.reduction import reduced
from urbanlayer.kernels.programme.sets import set_problem, settled
from urbanlayer.kernels.programme.start_search import StartSearch


def problem(random, *, actions=5, years=3, streets=0, carry_over=False, person_years=False):
    """A random programme; amounts and people are whole, so that many are equally good."""
    duration = random.integers(1, 3, actions)
    payments = random.integers(0, 4, (actions, years)) * (np.arange(years) < duration[:, None])
    first = np.where(random.random(actions) < 0.2, 1, 0)
    last = years - duration
    promised = random.random(actions) < 0.1
    late = random.random(actions) < 0.5
    last = np.where(promised & late, np.maximum(last - 1, 0), last)
    pairs = random.permutation([(a, b) for a in range(actions) for b in range(a)])
    states = np.array(list(itertools.product([False, True], repeat=streets)), dtype=bool)
    served, constants = [], []
    for number in range(len(states)):
        origins = 12
        reach = random.random((origins, actions)) < 0.3
        reach[:, :streets] = False
        people = random.integers(1, 9, origins).astype(float)
        served.append((reach, np.column_stack([people, people * random.integers(1, 3, origins)])))
        constants.append([0.0, 0.0] if number == 0 else random.integers(-3, 6, 2).astype(float))
    return ProgrammeProblem(
        payments=payments,
        running=random.integers(0, 2, actions) * random.integers(0, 3),
        duration=duration,
        first_start=first,
        last_start=last,
        promised=promised,
        budgets=random.integers(0, 6, years),
        carry_over=carry_over,
        requires=pairs[: random.integers(0, 3)].reshape(-1, 2),
        excludes=pairs[3 : 3 + random.integers(0, 2)].reshape(-1, 2),
        delay=duration - 1 + int(random.random() < 0.3),
        year_weight=0.9 ** np.arange(years) if person_years else np.eye(years)[-1],
        coverage=coverage_of(
            states, np.arange(streets), np.array(constants).reshape(-1, 2), served
        ),
    )  # fmt: skip


def enumerated(given):
    """The best of all programmes, each counted with plain loops; None where none is possible."""
    best = None
    choices = [
        [NEVER, *range(int(first), int(last) + 1)]
        for first, last in zip(given.first_start, given.last_start, strict=True)
    ]
    for starts in itertools.product(*choices):
        if not possible(given, starts):
            continue
        done = [a for a, start in enumerate(starts) if start != NEVER]
        cost = sum(sum(paid_by(given, a, starts[a])) for a in done)
        order = (
            -round(value(given, starts), 9), cost, sum(starts[a] + 1 for a in done), done,
            [starts[a] for a in done],
        )  # fmt: skip
        if best is None or order < best[0]:
            best = order, starts
    return best


def paid_by(given, action, start):
    """What an action costs in each year: payments from its start on, then running costs."""
    end = start + given.duration[action]
    return [
        0 if year < start
        else int(given.payments[action, year - start]) if year < end
        else int(given.running[action])
        for year in range(given.years)
    ]  # fmt: skip


def possible(given, starts):
    paid = [0] * given.years
    for a, start in enumerate(starts):
        if start == NEVER:
            if given.promised[a]:
                return False
            continue
        for year, amount in enumerate(paid_by(given, a, start)):
            paid[year] += amount
    left = 0
    for year, amount in enumerate(paid):
        left += given.budgets[year] - amount
        if left < 0:
            return False
        left = left if given.carry_over else 0
    for a, r in given.requires:
        if starts[a] != NEVER and (starts[r] == NEVER or starts[r] > starts[a]):
            return False
    return not any(starts[a] != NEVER and starts[b] != NEVER for a, b in given.excludes)


def value(given, starts):
    total = 0.0
    cover = given.coverage
    for year, weight in enumerate(given.year_weight):
        on = {a for a, s in enumerate(starts) if s != NEVER and s + given.delay[a] <= year}
        state = [bool(a in on) for a in cover.streets]
        row = [list(one) for one in cover.done].index(state)
        served = cover.weight[row]
        for g in range(cover.groups):
            members = cover.action[cover.group_start[g] : cover.group_start[g + 1]]
            if cover.group_state[g] == row and on & set(members.tolist()):
                served += cover.group_weight[g]
        total += weight * served
    return total


@pytest.mark.parametrize("seed", range(40))
def test_the_programme_is_the_best_of_all(seed):
    random = np.random.default_rng(seed)
    given = problem(
        random,
        streets=(0, 0, 1, 2)[seed % 4],
        carry_over=bool(random.random() < 0.5),
        person_years=bool(random.random() < 0.5),
    )
    found, best = chosen(given), enumerated(given)
    if best is None:
        assert found is None
        return
    (order, starts) = best
    assert found.value == pytest.approx(-order[0])
    assert found.proven
    assert found.bound == pytest.approx(found.value)
    assert found.starts.tolist() == list(starts)


@pytest.mark.parametrize("seed", range(16))
def test_the_search_over_starts_finds_the_best_from_nothing(seed):
    """Without a good programme to begin with, in the whole program and in the reduced one."""
    random = np.random.default_rng(seed)
    given = problem(random, streets=(0, 0, 1, 2)[seed % 4], person_years=True)
    given = dataclasses.replace(given, promised=given.promised & False)
    (order, _) = enumerated(given)
    every = by_starts(integer_program(given))
    for program in (every, reduced(every)):
        search = StartSearch(program, np.full(given.actions, NEVER))
        assert search.bound() == search.value == pytest.approx(-order[0])
        assert possible(given, search.starts.tolist())
        assert value(given, search.starts.tolist()) == pytest.approx(search.value)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_person_years_of_many_starts_are_proven(seed):
    """The value that SciPy's solver of integer programs has, and a bound of our own."""
    given = enough_money(np.random.default_rng(seed), person_years=True)
    program = integer_program(given)
    whole = np.arange(len(program.gain)) < program.integers
    rows = LinearConstraint(program.matrix, program.row_lower, program.row_upper)
    bounds = Bounds(program.lower, program.upper)
    best = milp(-program.gain, constraints=rows, bounds=bounds, integrality=whole)
    found = chosen(given)
    assert found.proven
    assert found.value == pytest.approx(-best.fun)


def enough_money(random, **options):
    """A larger programme whose budgets pay about a third of it."""
    given = problem(random, actions=24, years=4, **options)
    share = np.full(given.years, int(given.payments.sum()) // 12)
    none = np.zeros(24, dtype=np.int64)
    return dataclasses.replace(given, budgets=share, running=none, promised=none > 0)


@pytest.mark.parametrize("seed", range(4))
def test_programmes_of_many_starts_are_proven_by_sets(seed, monkeypatch):
    """Too many to compare one by one: the same value as with every programme compared."""
    given = enough_money(np.random.default_rng(seed), carry_over=seed % 2 == 1)
    every = chosen(given)
    monkeypatch.setattr(choice, "MAX_STARTS", 10)
    found = chosen(given)
    assert every.proven
    assert found.proven
    assert found.value == pytest.approx(every.value)
    starts = found.starts.tolist()
    assert possible(given, starts)
    assert value(given, starts) == pytest.approx(found.value)
    costs = [spent(given, one.starts).sum() for one in (every, found)]
    assert costs[0] == costs[1]


@pytest.mark.parametrize("seed", range(12))
def test_no_programme_serves_more_than_the_best_set(seed):
    random = np.random.default_rng(seed)
    given = problem(random, actions=4, streets=seed % 2, carry_over=seed % 3 == 0)
    best = enumerated(given)
    sets = enumerated(set_problem(integer_program(given)))
    assert best is None or -sets[0][0] >= -best[0][0] - 1e-9


def test_a_programme_is_settled_without_what_serves_nobody_and_where_it_costs_least():
    """All serve the same ten people: the last stays, in the year when it costs 1, not 1 + 2."""
    base = problem(np.random.default_rng(0), actions=3, years=2)
    everybody = np.ones((1, 3), dtype=bool), np.array([[10.0, 10.0]])
    given = dataclasses.replace(
        base, payments=np.array([[1, 0]] * 3), running=np.array([0, 0, 2]),
        duration=np.ones(3, dtype=np.int64), first_start=np.zeros(3, dtype=np.int64),
        last_start=np.ones(3, dtype=np.int64), delay=np.zeros(3, dtype=np.int64),
        promised=np.zeros(3, dtype=bool), budgets=np.array([9, 9]), carry_over=False,
        requires=np.zeros((0, 2), dtype=np.int64), excludes=np.zeros((0, 2), dtype=np.int64),
        year_weight=np.array([0.0, 1.0]),
        coverage=coverage_of(
            np.zeros((1, 0), dtype=bool), np.zeros(0, dtype=np.int64), np.zeros((1, 2)), [everybody]
        ),
    )  # fmt: skip
    assert settled(given, np.array([1, 1, 0])).tolist() == [NEVER, NEVER, 1]
    assert settled(given, np.array([1, NEVER, NEVER])).tolist() == [0, NEVER, NEVER]


def test_starts_that_are_packed_are_possible():
    """Four of 60 for two years of 120 begun at once lack 120 in the first; two are moved."""
    payments = np.array([[60, 0], [60, 0], [60, 0], [60, 0]])
    base = problem(np.random.default_rng(0), actions=4, years=2)
    given = dataclasses.replace(
        base, payments=payments, running=np.zeros(4, dtype=np.int64),
        duration=np.ones(4, dtype=np.int64), first_start=np.zeros(4, dtype=np.int64),
        last_start=np.ones(4, dtype=np.int64), delay=np.zeros(4, dtype=np.int64),
        promised=np.zeros(4, dtype=bool), budgets=np.array([120, 120]), carry_over=False,
        requires=np.array([[0, 3]]), excludes=np.zeros((0, 2), dtype=np.int64),
    )  # fmt: skip
    starts = packed(given, np.ones(4, dtype=bool)).tolist()
    assert sorted(starts) == [0, 0, 1, 1]
    assert starts[3] <= starts[0]
    assert packed(dataclasses.replace(given, budgets=np.array([120, 60])), np.ones(4, bool)) is None


def test_a_larger_budget_never_serves_fewer():
    for seed in range(5):
        random = np.random.default_rng(seed)
        given = problem(random, actions=8)
        values = []
        for more in range(5):
            of_more = dataclasses.replace(given, budgets=given.budgets + more)
            found = chosen(of_more)
            values.append(-np.inf if found is None else found.value)
        assert values == sorted(values)


def test_the_bound_holds_for_any_multipliers():
    for seed in range(10):
        random = np.random.default_rng(seed)
        given = problem(random, streets=seed % 2)
        best = chosen(given)
        program = integer_program(given)
        for scale in (0.0, 1.0, 30.0):
            duals = random.normal(0, scale, len(program.row_lower))
            bound, _ = safe_bound(program, duals, program.lower, program.upper)
            assert best is None or bound >= best.value - 1e-9
