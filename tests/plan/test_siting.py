"""Siting in random toy cities beside every choice counted one by one, and laws that it keeps."""

import dataclasses
import functools
import itertools

import numpy as np
import pytest
import shapely
import toy
from scipy.optimize import linprog

from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.evaluation.results import Evaluation
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.plan_inputs import PlanInputs
from urbanlayer.model.plan_specification import PlanSpec, SitingSpec
from urbanlayer.plan.siting import sited
from urbanlayer.plan.siting_inputs import floors_of, siting_errors

SITES = 7
NEED = dict(zip(toy.KEYS, (0.1, 0.9, 0.4, 0.3, 1.0, 0.2, 0.0, 0.6, 0.5), strict=True))


@functools.cache
def made(seed, *, shuffled=None):
    """A toy city with homes, schools and plots at random; two plots share a place, one is far."""
    random = np.random.default_rng(seed)
    shapes = toy.shapes(seed)
    schools = random.uniform(0, 1200, (2, 2))
    shapes["school"] = (
        [shapely.Point(at) for at in schools],
        {"key": ["S1", "S2"], "places": [20.0, 45.0]},
    )
    at = [*random.uniform(0, 1200, (SITES - 2, 2)).tolist()]
    at += [at[0], [3000.0, 3000.0]]
    shapes["plots"] = (
        [shapely.Point(one) for one in at],
        {
            "key": ["P9", "P10", "P2", "P3", "P4", "P5", "FAR"],
            "price": random.integers(1, 9, SITES).astype(float).tolist(),
            "places": random.integers(10, 90, SITES).astype(float).tolist(),
        },
    )
    return toy.city(shapes, shuffled=shuffled)


def inputs(city, **request):
    spec = {"id": "one", "service": "school", "candidates": "plots", **request}
    return PlanInputs(
        city, (), Evaluation(), (), PlanSpec.model_validate({"siting": [spec]}), {}, remember,
        lambda same, _scenario: same,
    )  # fmt: skip


KNOWN = [Evaluation()]


def remember(city, queries):
    """Queries evaluated; what earlier tests asked of the same city is known."""
    KNOWN[0] = evaluate(city, queries, KNOWN[0])
    return KNOWN[0]


def solve(city, **request):
    given = inputs(city, **request)
    assert not list(siting_errors(given))
    (found,) = sited(given, NEED)
    return found


class Counted:
    """Every choice of a request, counted from the metres to each facility by itself."""

    def __init__(self, city, request):
        self.city, self.request = city, request
        self.people = city.residents.people
        self.stands = {key: self.metres("school", key) for key in city.layers["school"].frame.index}
        self.plots = {
            key: self.metres("plots", key)
            for key in sorted(city.layers["plots"].frame.index)
            if key != "FAR"
        }
        self.within = request.get("within_m", np.inf) + 1e-6
        weights = request.get("weights", "people")
        named = NEED if weights == "need" else {} if weights == "people" else weights
        unnamed = 1.0 if weights == "people" else 0.0
        each = np.array([named.get(key, unnamed) for key in city.neighbourhoods.keys])
        self.row = city.residents.neighbourhood
        self.weight = each[self.row]

    def metres(self, role, key):
        frame = self.city.layers[role].frame.loc[[key]]
        alone = dataclasses.replace(
            self.city.layers[role],
            role="school",
            frame=frame,
            digest=f"{self.city.layers[role].digest} {key}",
        )
        city = dataclasses.replace(self.city, layers={**self.city.layers, "school": alone})
        query = NearestQuery("school")
        return remember(city, [query]).network[query].distance_m

    def column(self, name, key):
        role = "school" if key.startswith("S") else "plots"
        return float(self.city.layers[role].frame.loc[key, name])

    def flow(self, chosen):
        """People of each origin who go to each open facility, and the metres to it."""
        metres = {**self.stands, **{key: self.plots[key] for key in chosen}}
        keys, table = list(metres), np.column_stack(list(metres.values()))
        flow = np.zeros(table.shape)
        if "capacity" not in self.request:
            nearest = table.argmin(axis=1)
            near = np.isfinite(table.min(axis=1))
            flow[np.flatnonzero(near), nearest[near]] = self.people[near]
        elif self.request.get("may_pass_full", True):
            flow = self.passed(table, np.array([self.column("places", key) for key in keys]))
        else:
            nearest = table.argmin(axis=1)
            near = table.min(axis=1) <= self.within
            flow[np.flatnonzero(near), nearest[near]] = self.people[near]
            room = np.array([self.column("places", key) for key in keys])
            flow *= np.minimum(1, room / np.maximum(flow.sum(axis=0), 1e-12))
        return flow, table

    def passed(self, table, room):
        ok = table <= self.within
        origin, site = np.nonzero(ok)
        gain = self.weight[origin] - 1e-6 * table[ok]  # of equal flows the shortest
        if self.request["problem"] == "min_distance":
            gain = gain * (1e5 - table[ok])
        rows = np.zeros((len(self.people) + len(room), len(origin)))
        rows[origin, range(len(origin))] = 1
        rows[len(self.people) + site, range(len(origin))] = 1
        found = linprog(-gain, rows, np.concatenate([self.people, room]), method="highs-ds")
        flow = np.zeros(table.shape)
        flow[origin, site] = found.x
        return flow

    def of(self, chosen):
        """Value, people served, cost, metres of a choice; None where it keeps no floor."""
        flow, table = self.flow(chosen)
        near = np.where(table <= self.within, flow, 0.0)
        served = near.sum(axis=1)
        finite = np.where(np.isfinite(table), table, 0.0)
        if floor := self.request.get("floor"):
            total = np.bincount(self.row, self.people, minlength=9)
            kept = np.bincount(self.row, served, minlength=9) / np.maximum(total, 1e-12)
            if kept[total > 0].min() < floor - 1e-9:
                return None
        walked = (flow if self.request["problem"] == "min_distance" else near) * finite
        value = self.weight @ served
        if self.request["problem"] == "min_distance":
            value = -(self.weight @ walked.sum(axis=1))
        cost = sum(self.column("price", key) for key in chosen) if "cost" in self.request else 0
        return value, served.sum(), cost, walked.sum()

    def allowed(self):
        nearest = "capacity" in self.request and not self.request.get("may_pass_full", True)
        for count in range(len(self.plots) + 1):
            for chosen in itertools.combinations(sorted(self.plots), count):
                if {"P9", "P5"} <= set(chosen):
                    continue  # one plot
                if "budget" in self.request:
                    if sum(self.column("price", k) for k in chosen) <= self.request["budget"]:
                        yield chosen
                elif count == self.request["new"] or (nearest and count < self.request["new"]):
                    yield chosen

    def best(self):
        every = {chosen: self.of(chosen) for chosen in self.allowed()}
        every = {chosen: value for chosen, value in every.items() if value is not None}
        if not every:
            return None, {}
        top = max(value[0] for value in every.values())
        equal = {c: v for c, v in every.items() if v[0] >= top - 1e-7 * max(1, abs(top))}
        first = min(
            equal,
            key=lambda c: (-round(equal[c][1], 5), equal[c][2], round(equal[c][3], 4), c),
        )
        return first, equal


REQUESTS = {
    "people": {"problem": "max_coverage", "within_m": 300, "new": 2},
    "need": {"problem": "max_coverage", "within_m": 300, "new": 2, "weights": "need"},
    "named": {"problem": "max_coverage", "within_m": 400, "new": 1, "weights": {"Q7": 3.0}},
    "budget": {"problem": "max_coverage", "within_m": 300, "budget": 9, "cost": "price"},
    "cheaper": {"problem": "max_coverage", "within_m": 500, "new": 3, "cost": "price"},
    "floor": {"problem": "max_coverage", "within_m": 400, "new": 3, "floor": 0.25},
    "pass": {"problem": "max_coverage", "within_m": 400, "new": 2, "capacity": "places"},
    "nearest": {
        "problem": "max_coverage", "within_m": 500, "new": 2, "capacity": "places",
        "may_pass_full": False,
    },
    "metres": {"problem": "min_distance", "new": 2},
    "weighted metres": {"problem": "min_distance", "new": 2, "weights": "need"},
    "metres and budget": {"problem": "min_distance", "budget": 11, "cost": "price"},
    "metres and floor": {"problem": "min_distance", "new": 3, "within_m": 400, "floor": 0.25},
}  # fmt: skip


@pytest.mark.parametrize("name", REQUESTS)
def test_no_other_choice_is_better_or_comes_before_it(name):
    for seed in range(3):
        city = made(seed)
        found = solve(city, **REQUESTS[name])
        counted = Counted(city, REQUESTS[name])
        best, equal = counted.best()
        if best is None:
            assert found.status == "infeasible"
            continue
        assert found.chosen == best
        assert found.proven
        assert found.gap == 0
        assert found.equally_good == len(equal)
        value, people, _, metres = equal[best]
        assert found.people_after == pytest.approx(people)
        assert found.person_metres == pytest.approx(metres)
        assert found.people_before == pytest.approx(counted_before(counted))
        if found.status == "solved" and REQUESTS[name]["problem"] == "min_distance":
            assert found.bound == pytest.approx(-value)
        else:
            assert found.bound == pytest.approx(value)
        assert sum(found.by_neighbourhood.values()) == pytest.approx(people)


def counted_before(counted):
    floor = counted.request.get("floor")
    counted.request = {k: v for k, v in counted.request.items() if k != "floor"}
    before = counted.of(())[1]
    if floor is not None:
        counted.request["floor"] = floor
    return before


def test_the_greatest_floor_is_that_of_the_best_choice():
    request = {"problem": "max_coverage", "within_m": 200, "new": 2, "floor": 0.99}
    for seed in range(3):
        city = made(seed)
        found = solve(city, **request)
        counted = Counted(city, {**request, "floor": None})
        total = np.bincount(counted.row, counted.people, minlength=9)
        kept = []
        for chosen in counted.allowed():
            flow, table = counted.flow(chosen)
            served = np.where(table <= counted.within, flow, 0).sum(axis=1)
            share = np.bincount(counted.row, served, minlength=9)[total > 0] / total[total > 0]
            kept.append(share.min())
        assert found.status == "infeasible"
        assert found.floor_kept == pytest.approx(max(kept))
        assert found.chosen == ()


def test_all_who_can_be_served_are_served_with_the_fewest_sites():
    for seed in range(4):
        city = made(seed)
        request = {"problem": "full_coverage", "within_m": 450}
        found = solve(city, **request)
        counted = Counted(city, {**request, "new": None})
        most = counted.of(tuple(counted.plots))[1]
        fewest = next(
            count
            for count in range(7)
            if any(
                counted.of(chosen)[1] >= most - 1e-9
                for chosen in itertools.combinations(counted.plots, count)
            )
        )
        assert len(found.chosen) == fewest == found.bound
        assert found.people_after == pytest.approx(most)
        assert found.unreachable == pytest.approx(counted.people.sum() - most)
        assert found.proven


def test_more_sites_and_more_candidates_never_serve_fewer():
    city = made(5)
    fewer = dataclasses.replace(city.layers["plots"], frame=city.layers["plots"].frame.iloc[1:])
    smaller = dataclasses.replace(city, layers={**city.layers, "plots": fewer})
    last = -1.0
    for new in range(8):
        request = {"problem": "max_coverage", "within_m": 300, "new": new}
        found = solve(city, **request)
        assert found.people_after >= last
        assert found.people_after >= solve(smaller, **request).people_after
        last = found.people_after
        if new == 0:
            assert found.people_after == found.people_before
            assert found.chosen == ()
    budgets = [
        solve(city, problem="max_coverage", within_m=300, budget=budget, cost="price")
        for budget in (0, 4, 8, 16, 32)
    ]
    assert all(a.people_after <= b.people_after for a, b in itertools.pairwise(budgets))


def test_shuffled_features_change_nothing():
    for name in ("people", "pass", "metres"):
        one, other = (solve(made(6, shuffled=order), **REQUESTS[name]) for order in (1, 2))
        assert one.chosen == other.chosen
        assert one.people_after == pytest.approx(other.people_after, rel=1e-12)
        assert one.equally_good == other.equally_good


def test_redrawn_neighbourhoods_change_nothing():
    city = made(7)
    residents = dataclasses.replace(
        city.residents, neighbourhood=np.zeros_like(city.residents.neighbourhood)
    )
    one, other = (
        solve(of, **REQUESTS["people"])
        for of in (city, dataclasses.replace(city, residents=residents))
    )
    assert (one.chosen, one.people_after) == (other.chosen, other.people_after)


def test_a_service_without_a_layer_starts_from_nothing():
    city = made(8)
    layers = {role: layer for role, layer in city.layers.items() if role != "school"}
    found = solve(dataclasses.replace(city, layers=layers), **REQUESTS["people"])
    assert found.people_before == 0
    assert len(found.chosen) == 2


def test_different_plans_share_at_most_half_of_their_sites():
    found = solve(made(9), problem="max_coverage", within_m=300, new=2, alternatives=3)
    assert all(len(set(keys) & set(found.chosen)) <= 1 for keys, _ in found.alternatives)
    assert all(served <= found.newly_served for _, served in found.alternatives)


def test_everything_that_is_wrong_is_said_at_once():
    city = made(1)
    frame = city.layers["plots"].frame
    frame = frame.assign(price=[-1.0, np.nan, *[1.0] * 5])
    plots = dataclasses.replace(city.layers["plots"], frame=frame, digest="other")
    city = dataclasses.replace(city, layers={**city.layers, "plots": plots})
    request = {
        "problem": "max_coverage", "within_m": 300, "budget": 3, "cost": "price",
        "capacity": "spaces", "weights": {"Q77": 1.0},
    }  # fmt: skip
    errors = list(siting_errors(inputs(city, **request)))
    for part in ("'Q77'", "'P10'", "is negative", "'spaces' for capacity", "school.toy"):
        assert any(part in error for error in errors), part


def test_streets_are_no_sites():
    city = made(1)
    request = {"problem": "max_coverage", "within_m": 300, "new": 1, "candidates": "streets"}
    (error,) = siting_errors(inputs(city, **request))
    assert "is a line; sites are points or areas" in error


def test_candidates_that_all_lie_far_from_streets_are_an_error():
    city = made(2)
    far = city.layers["plots"].frame.loc[["FAR"]]
    plots = dataclasses.replace(city.layers["plots"], frame=far, digest="far")
    city = dataclasses.replace(city, layers={**city.layers, "plots": plots})
    (error,) = siting_errors(inputs(city, **REQUESTS["people"]))
    assert "farther than 200 m" in error


@pytest.mark.parametrize(("floor", "asked"), [(0.1, 0), (0.5, 20), (0.9, 29), (1.0, 29)])
def test_a_floor_tells_of_more_than_ten_people_and_leaves_as_many(floor, asked):
    """Of 40 people in one neighbourhood: 0.1 are four; 36 and 40 would leave four and none."""
    spec = SitingSpec.model_validate(
        {"id": "a", "service": "school", "candidates": "plots", "problem": "max_coverage",
         "within_m": 400, "new": 1, "floor": floor}
    )  # fmt: skip
    assert floors_of(spec, np.array([40.0, 9.0, 0.0]), 10).tolist() == [asked, 0, 0]
    assert floors_of(spec, np.array([40.0]), 0).tolist() == [floor * 40]
