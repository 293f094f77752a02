"""Our sites beside those of spopt, on the same tables; skips where it is not installed."""

import numpy as np
import pytest

from urbanlayer.kernels.location.problem import Limit, location_problem
from urbanlayer.kernels.location.solve import solved

pytestmark = [pytest.mark.slow, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def table(seed):
    random = np.random.default_rng(seed)
    metres = random.uniform(0, 1000, (40, 12))
    return metres, random.integers(1, 90, 40).astype(float)


@pytest.mark.parametrize("seed", range(5))
def test_maximum_coverage_serves_as_many_as_theirs(seed):
    locate, pulp = pytest.importorskip("spopt.locate"), pytest.importorskip("pulp")
    metres, people = table(seed)
    theirs = locate.MCLP.from_cost_matrix(metres, people, 150.0, p_facilities=3)
    theirs = theirs.solve(pulp.PULP_CBC_CMD(msg=False))
    demand, site = np.nonzero(metres <= 150)
    limit = Limit(np.ones(12), 3.0, exact=True)
    ours = solved(location_problem(people, demand, site, site_count=12, limits=(limit,)))
    assert ours.value == pytest.approx(theirs.problem.objective.value())


@pytest.mark.parametrize("seed", range(5))
def test_the_shortest_ways_are_as_short_as_theirs(seed):
    locate, pulp = pytest.importorskip("spopt.locate"), pytest.importorskip("pulp")
    metres, people = table(seed)
    theirs = locate.PMedian.from_cost_matrix(metres, people, p_facilities=3)
    theirs = theirs.solve(pulp.PULP_CBC_CMD(msg=False))
    demand, site = np.divmod(np.arange(metres.size), 12)
    limit = Limit(np.ones(12), 3.0, exact=True)
    problem = location_problem(
        people, demand, site, site_count=12, limits=(limit,), gain=1000 - metres.ravel()
    )
    walked = 1000 * people.sum() - solved(problem).value
    assert walked == pytest.approx(theirs.problem.objective.value())
