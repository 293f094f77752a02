"""Seconds, bound and gap of large location problems, on a clustered and a uniform city.

    uv run python benchmarks/siting.py
    uv run --group oracles python benchmarks/siting.py --beside highs --beside spopt

20,000 origins × 1,000 candidates × 10 new sites within 800 m; 2,000 × 300 × 20 for the shortest
ways. Straight lines; 10 km × 10 km; 1 to 59 people at each origin; the seeds stand below. CPU
seconds of one thread. `highs` is HiGHS with one row for each origin and no setting but one thread;
`spopt` is its MCLP on the same table, solved by HiGHS through PuLP, its own building included.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from urbanlayer.kernels.location.problem import Limit, location_problem
from urbanlayer.kernels.location.solve import solved

if TYPE_CHECKING:
    from urbanlayer.kernels.location.problem import LocationProblem

SIDE_M = 10_000.0
CENTRES = 25
COVERAGE_SEED, MEDIAN_SEED = 7, 5


def city(kind: str, origins: int, sites: int, seed: int):
    """Origins, candidates and people."""
    random = np.random.default_rng(seed)
    if kind == "uniform":
        xy, at = random.uniform(0, SIDE_M, (origins, 2)), random.uniform(0, SIDE_M, (sites, 2))
    else:
        middle = random.uniform(0, SIDE_M, (CENTRES, 2))
        spread = random.uniform(150, 900, CENTRES)
        xy, at = (
            middle[of] + random.normal(0, 1, (count, 2)) * spread[of, None]
            for count in (origins, sites)
            for of in [random.integers(0, CENTRES, count)]
        )
    return xy, at, random.integers(1, 60, origins).astype(float)


def coverage(kind: str) -> LocationProblem:
    """Maximum coverage of 20,000 origins by 10 of 1,000 candidates within 800 m."""
    xy, at, people = city(kind, 20_000, 1000, COVERAGE_SEED)
    near = KDTree(xy).query_ball_point(at, 800.0)
    site = np.repeat(np.arange(len(at)), [len(some) for some in near])
    demand = np.concatenate([np.array(some, dtype=np.int64) for some in near])
    limit = Limit(np.ones(len(at)), 10.0, exact=True)
    return location_problem(people, demand, site, site_count=len(at), limits=(limit,))


def median(kind: str) -> tuple[LocationProblem, float]:
    """The shortest ways from 2,000 origins to 20 of 300 candidates; metres of nobody served."""
    xy, at, people = city(kind, 2000, 300, MEDIAN_SEED)
    metres = np.linalg.norm(xy[:, None] - at[None], axis=2)
    demand, site = np.divmod(np.arange(metres.size), len(at))
    limit = Limit(np.ones(len(at)), 20.0, exact=True)
    problem = location_problem(
        people, demand, site, site_count=len(at), limits=(limit,),
        gain=metres.max() - metres.ravel(),
    )  # fmt: skip
    return problem, float(people.sum() * metres.max())


def by_highs(problem: LocationProblem) -> float:
    """People reached: one column for each origin that is reached, one row for each."""
    import highspy

    sites, origins = problem.site_count, len(problem.people)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = sites + origins, origins + 1
    model.col_cost_ = np.concatenate([np.zeros(sites), problem.people])
    model.col_lower_, model.col_upper_ = np.zeros(sites + origins), np.ones(sites + origins)
    model.row_lower_ = np.append(np.full(origins, -np.inf), problem.limits[0].most)
    model.row_upper_ = np.append(np.zeros(origins), problem.limits[0].most)
    row = np.concatenate([problem.demand, np.arange(origins), np.full(sites, origins)])
    column = np.concatenate([problem.site, sites + np.arange(origins), np.arange(sites)])
    value = np.concatenate([-np.ones(len(problem.demand)), np.ones(origins + sites)])
    matrix = csr_array((value, (row, column)), shape=(origins + 1, sites + origins))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    model.sense_ = highspy.ObjSense.kMaximize
    integer, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [integer] * sites + [real] * origins
    solver = highspy.Highs()
    for name, setting in (("output_flag", False), ("threads", 1)):
        solver.setOptionValue(name, setting)
    solver.passModel(model)
    solver.run()
    return float(solver.getInfo().objective_function_value)


def by_spopt(problem: LocationProblem) -> float:
    """People reached by spopt's maximum coverage."""
    import pulp
    from spopt.locate import MCLP

    metres = np.full((len(problem.people), problem.site_count), 9e9)
    metres[problem.demand, problem.site] = 1.0
    model = MCLP.from_cost_matrix(metres, problem.people, 800.0, p_facilities=10)
    found = model.solve(pulp.HiGHS(msg=False, threads=1))
    return float(found.problem.objective.value())


PEERS = {"highs": by_highs, "spopt": by_spopt}


def main() -> None:
    """Solve all four and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--beside", action="append", default=[], choices=sorted(PEERS))
    beside = parser.parse_args().beside
    for kind in ("clustered", "uniform"):
        problem = coverage(kind)
        begin = time.process_time()
        found = solved(problem)
        seconds = time.process_time() - begin
        print(
            f"coverage {kind}: {found.value:,.0f} people, bound {found.bound:,.0f}, "
            f"proven {found.proven}, {seconds:.1f} s",
            flush=True,
        )
        for name in beside:
            begin = time.process_time()
            value = PEERS[name](problem)
            other = time.process_time() - begin
            print(
                f"  {name}: {value:,.0f} people, {other:.1f} s, {other / seconds:.1f} times",
                flush=True,
            )
    for kind in ("clustered", "uniform"):
        problem, whole = median(kind)
        begin = time.process_time()
        found = solved(problem)
        seconds = time.process_time() - begin
        metres = whole - found.value
        gap = (found.bound - found.value) / metres
        print(f"p-median {kind}: {metres:,.0f} person-metres, gap {gap:.4%}, {seconds:.1f} s")


if __name__ == "__main__":
    main()
