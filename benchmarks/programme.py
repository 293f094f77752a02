"""Time of an investment programme of 200 actions in 5 years, with dependencies.

`uv run python benchmarks/programme.py` prints, for each seed, the people served, the bound, and the
seconds. Actions stand at random places of a city of 10 × 10 km with 20,000 origins in clusters; a
third requires another, some exclude one another, three are promised; the budgets pay about a third.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from urbanlayer.kernels.programme.choice import chosen
from urbanlayer.kernels.programme.problem import ProgrammeProblem, coverage_of

RADIUS_M = 500.0


def city(random, origins, actions):
    """Whether each action serves each origin, and the people of each origin."""
    centres = random.uniform(0, 10_000, (40, 2))
    homes = centres[random.integers(0, 40, origins)] + random.normal(0, 600, (origins, 2))
    sites = centres[random.integers(0, 40, actions)] + random.normal(0, 700, (actions, 2))
    service = random.integers(0, 3, actions)
    near = np.hypot(*(homes[:, None] - sites[None]).T).T <= RADIUS_M
    people = random.integers(1, 40, origins).astype(float)
    reach = np.concatenate([near & (service == number) for number in range(3)])
    return reach, np.tile(people, 3)


def problem(seed, *, actions=200, years=5, origins=20_000, person_years=False):
    random = np.random.default_rng(seed)
    reach, people = city(random, origins, actions)
    duration = random.integers(1, 4, actions)
    amounts = random.integers(2, 60, (actions, years)) * 5_000
    payments = amounts * (np.arange(years) < duration[:, None])
    promised = np.arange(actions) < 3
    pairs = np.column_stack([np.arange(1, actions), random.integers(0, actions, actions - 1)])
    pairs = pairs[pairs[:, 1] < pairs[:, 0]]
    none = np.zeros((1, 0), dtype=bool), np.zeros(0, dtype=np.int64), np.zeros((1, 2))
    return ProgrammeProblem(
        payments=payments,
        running=np.zeros(actions, dtype=np.int64),
        duration=duration,
        first_start=np.zeros(actions, dtype=np.int64),
        last_start=years - duration,
        promised=promised,
        budgets=np.full(years, int(payments.sum() / years / 3)),
        carry_over=False,
        requires=pairs[: actions // 3],
        excludes=random.permutation(actions)[:20].reshape(10, 2),
        delay=duration - 1,
        year_weight=0.97 ** np.arange(years) if person_years else np.eye(years)[-1],
        coverage=coverage_of(*none, [(reach, np.column_stack([people, people]))]),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--actions", type=int, default=200)
    options = parser.parse_args()
    for seed in range(options.seeds):
        for person_years in (False, True):
            given = problem(seed, actions=options.actions, person_years=person_years)
            began = time.process_time()
            found = chosen(given)
            seconds = time.process_time() - began
            what = "person-years" if person_years else "people"
            print(
                f"seed {seed}, {given.coverage.groups} groups: {found.value:,.1f} {what}, "
                f"bound {found.bound:,.1f}, proven {found.proven}, {seconds:.1f} s"
            )


if __name__ == "__main__":
    main()
