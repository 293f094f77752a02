"""Plans of seeded cities, from `data/plan.json`, beside every choice counted one by one.

Needs, 30 requests for sites, a programme with its curve, and scenarios of each city are counted by
`grid_city` and `every_choice`, which share nothing with the package. `PLAN_CITIES=100` tries more.
"""

import json
import os
import random
from math import inf, isfinite

import every_choice
import grid_city
import pytest
import shapely

import urbanlayer

pytestmark = pytest.mark.slow  # test_siting.py and test_programme.py have quick siblings
CITIES = int(os.environ.get("PLAN_CITIES", "3"))
YEARS = [2027, 2028, 2029]
LIMITS = {"school": 300, "kindergarten": 250}
THRESHOLDS = (300, 600, 900)
HOODS = tuple(grid_city.HOODS)
NEEDS = """
[layers.actions]
path = "actions.gpkg"
key = "id"

[indicators.coverage_within]
services = { school = [300, 600, 900], kindergarten = 250 }

[plan.actions]
layer = "actions"
[plan.actions.columns]
payments = "payments"
requires = "requires"
excludes = "excludes"
promised = "done_by"
earliest = "from_year"
running = "a_year"

[plan.needs.themes.near]
weight = 0.5
[[plan.needs.themes.near.indicators]]
id = "coverage_within"
variant = "school"
target = 0.9
worst = 0
parameters = { distance_m = 300 }

[plan.needs.themes.far]
weight = 0.5
[[plan.needs.themes.far.indicators]]
id = "coverage_within"
variant = "school"
target = 1
worst = 0.1
weight = 3
parameters = { distance_m = 600 }
[[plan.needs.themes.far.indicators]]
id = "coverage_within"
variant = "school"
target = 1
worst = 0
parameters = { distance_m = 900 }
"""


def requests(draw):
    """Requests for sites of all three problems."""

    def metres():
        return draw.choice([150, 203, 250, 300, 400])

    def most(new, more=0, **rest):
        return {"problem": "max_coverage", "within_m": metres() + more, "new": new, **rest}

    def budget(problem, least, **rest):
        limit = {} if problem == "min_distance" else {"within_m": metres()}
        return {"problem": problem, "budget": draw.randint(least, 20), "cost": "price", **limit,
                **rest}  # fmt: skip

    def shortest(new, **rest):
        return {"problem": "min_distance", "new": new, **rest}

    def all_of(more, **rest):
        return {"problem": "full_coverage", "within_m": metres() + more, **rest}

    room, nearest = {"capacity": "places"}, {"capacity": "places", "may_pass_full": False}
    named = {"weights": {"H1": 2.0, "H9": 0.5}}
    return [
        most(draw.choice([1, 2, 3])), most(20), most(0), most(2, weights="need"), most(2, **named),
        most(3, cost="price"), most(3, 100, floor=draw.choice([0.1, 0.25, 0.4])),
        budget("max_coverage", 3), budget("max_coverage", 4, weights="need"),
        budget("max_coverage", 6, floor=0.2, weights={"H1": 1.0, "H2": 3.0}),
        most(2, **room), most(2, weights="need", **room), budget("max_coverage", 4, **room),
        most(3, 100, floor=0.1, **room), most(3, **nearest), most(3, 100, floor=0.1, **nearest),
        budget("max_coverage", 4, **nearest),
        shortest(2), shortest(1, weights="need"), budget("min_distance", 3),
        shortest(3, within_m=metres() + 100, floor=0.2),
        shortest(2, within_m=metres() + 100, floor=0.1, weights={"H1": 1.0}),
        shortest(2, **room), shortest(2, **nearest), shortest(2, weights="need", **room),
        budget("min_distance", 3, **room),
        all_of(200), all_of(200, cost="price"), all_of(200, **room), all_of(300, floor=0.5),
    ]  # fmt: skip


def programme(draw, places, *, bridge):
    """Seven actions, and what `[plan]` specifies of their programme."""
    keys, actions = ["A1", "A10", "A2", "A3", "A4", "A5", "A6"], []
    for row, key in enumerate(keys):
        one = {
            "key": key, "service": draw.choice(["school", "kindergarten", "school"]),
            "at": places[row], "line": None, "requires": [], "excludes": [], "promised": None,
            "earliest": None, "running": draw.choice([0, 0, 5, 10]),
            "payments": [draw.randint(0, 9) * 10 for _ in range(draw.choice([1, 1, 2, 3]))],
        }  # fmt: skip
        if row == 2:
            one |= {"service": "", "at": None}
        if bridge and row == 5:
            one |= {"service": "streets", "at": None, "line": grid_city.BRIDGE}
        if bridge and row == 6:
            one |= {"service": "school", "at": (1250.0, 300.0)}
        if row and draw.random() < 0.35:
            one["requires"] = [draw.choice(keys[:row])]
        other = draw.choice(keys)
        if draw.random() < 0.15 and other != key and other not in one["requires"]:
            one["excludes"] = [other]
        one["promised"] = draw.choice(YEARS) if draw.random() < 0.12 else None
        one["earliest"] = draw.choice(YEARS[:2]) if draw.random() < 0.2 else None
        actions.append(one)
    total = sum(sum(one["payments"]) for one in actions)
    budgets = [draw.randint(0, max(1, total // 4)) for _ in YEARS]
    plan = {
        "years": YEARS, "budgets": budgets, "carry_over": draw.random() < 0.5,
        "serves_from": draw.choice(["last_payment", "next_year"]),
        "objective": draw.choice(["people", "person_years"]),
        "weights": draw.choice(["people", "people", "need"]),
        "discount": draw.choice([0.0, 0.05, 0.3]),
        "curve": sorted({0, sum(budgets) // 2, sum(budgets), total // 2, total * 2}),
    }  # fmt: skip
    return actions, plan


def scenarios(draw, at):
    """Edits by name."""
    return {
        "closed": {"close": ["S1"]}, "moved": {"move": {"S2": at[0]}},
        "added": {"add": {"N1": at[1], "N2": at[2]}},
        "bridge": {"street": grid_city.BRIDGE, "add": {"N3": (1253.0, 312.0)}},
        "cut": {"cut": draw.choice(["v500", "h300", "v0"])},
        "homes": {"residents": [(at[3], 40), (at[4], 7)]},
    }  # fmt: skip


# The city file ------------------------------------------------------------------------------------


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def table(name, values):
    return f"{name}\n" + "".join(f"{key} = {toml(value)}\n" for key, value in values.items())


def point(at):
    return {"x": float(grid_city.X + at[0]), "y": float(grid_city.Y + at[1])}


def scenario_table(name, edits):
    found = {}
    for verb in ("add", "move"):
        if verb in edits:
            found[verb] = {
                "school": [{"id": key, **point(at)} for key, at in edits[verb].items()]
            }  # fmt: skip
    if "close" in edits:
        found["close"] = {"school": edits["close"]}
    if "street" in edits:
        line = [list(point(at).values()) for at in edits["street"]]
        found["streets"] = {"add": [line]}
    if "cut" in edits:
        found["streets"] = {"close": [edits["cut"]]}
    if "residents" in edits:
        found["residents"] = [{**point(at), "people": n} for at, n in edits["residents"]]
    return table(f"[scenario.{name}]", found)


def save_actions(folder, actions):
    shapes = [
        shapely.LineString(one["line"]) if one["line"] is not None
        else None if one["at"] is None else shapely.Point(one["at"])
        for one in actions
    ]  # fmt: skip
    columns = {
        "id": [one["key"] for one in actions],
        "service": [one["service"] or None for one in actions],
        "cost": [sum(one["payments"]) for one in actions],
        "payments": [";".join(map(str, one["payments"])) for one in actions],
        "requires": [";".join(one["requires"]) or None for one in actions],
        "excludes": [";".join(one["excludes"]) or None for one in actions],
        "done_by": [one["promised"] for one in actions],
        "from_year": [one["earliest"] for one in actions],
        "a_year": [one["running"] for one in actions],
    }
    grid_city.save(folder, "actions", shapes, columns)


class Case:
    """A city, what is asked of it, and what its build publishes."""

    def __init__(self, seed, folder):
        self.city = grid_city.made(seed)
        draw = random.Random(seed + 1000)  # noqa: S311  (a made-up city)
        self.requests = requests(draw)
        places = grid_city.made(seed + 777).homes
        self.actions, self.plan = programme(draw, places, bridge=seed % 3 == 0)
        self.scenarios = scenarios(draw, grid_city.made(seed + 333).homes)
        save_actions(folder, self.actions)
        text = table("[plan]", self.plan) + NEEDS
        for number, request in enumerate(self.requests):
            head = {"id": f"s{number}", "service": "school", "candidates": "plots"}
            text += table("[[plan.siting]]", {**head, **request})
        text += "".join(scenario_table(*one) for one in self.scenarios.items())
        file = grid_city.write(folder, self.city, text)
        urbanlayer.build(file, folder / "out")
        self.found = json.loads((folder / "out/data/plan.json").read_text(encoding="utf-8"))
        self.walks = grid_city.Walks(self.city.streets)
        self.needs = self._needs()

    def _needs(self):
        served = {
            limit: covered(
                self.walks, self.city.facilities, self.city.homes, self.city.people, limit
            )
            for limit in THRESHOLDS
        }
        found = {}
        for hood in HOODS:
            rows = [row for row, one in enumerate(self.city.hoods) if one == hood]
            total = sum(self.city.people[row] for row in rows)
            if not total:
                found[hood] = None
                continue
            near, far, farthest = (
                sum(served[limit][row] for row in rows) / total for limit in THRESHOLDS
            )
            far_need = 0.75 * clipped((1 - far) / 0.9) + 0.25 * clipped(1 - farthest)
            found[hood] = 0.5 * clipped((0.9 - near) / 0.9) + 0.5 * far_need
        return found


def clipped(value):
    return min(max(value, 0.0), 1.0)


def covered(walks, facilities, homes, people, limit):
    """People of each home within a distance of a facility."""
    return [
        count if any(walks.metres(at, one) <= limit + 1e-6 for one in facilities.values()) else 0
        for at, count in zip(homes, people, strict=True)
    ]


@pytest.fixture(scope="module", params=range(CITIES))
def case(request, tmp_path_factory):
    return Case(request.param, tmp_path_factory.mktemp("grid"))


def near(value):
    return pytest.approx(value, rel=2e-6, abs=2e-6)


# What is compared ---------------------------------------------------------------------------------


def test_needs_and_ranks(case):
    for one in case.found["needs"]:
        need = case.needs[one["key"]]
        if need is None:
            assert (one["need"], one["rank"]) == (None, None)
            continue
        assert one["need"] == near(need)
        others = [other for other in case.needs.values() if other is not None]
        assert one["rank"] == 1 + sum(other > need + 1e-11 for other in others)


def test_sites(case):
    for number, request in enumerate(case.requests):
        sites = every_choice.Sites(case.city, case.walks, request, case.needs)
        found, asked = case.found["siting"][number], f"seed {case.city.seed}: {request}"
        first, measures, equal = sites.best()
        if first is None:
            assert found["status"] == "infeasible", asked
            if not ("capacity" in request and request.get("may_pass_full", True)):
                assert found["floor_kept"] == near(sites.greatest_floor()), asked
            continue
        assert found["status"] == "solved", asked
        assert tuple(found["chosen"]) == first, asked
        assert (found["proven"], found["gap"], found["equally_good"]) == (True, 0, equal), asked
        check_people(case, sites, found, measures)
        value = len(first) if request["problem"] == "full_coverage" else abs(measures[1])
        assert found["bound"] == near(value), asked


def check_people(case, sites, found, measures):
    """Heads before, after and by neighbourhood, and metres."""
    people, served = measures[2], measures[5]
    assert found["people_after"] == near(people)
    assert found["person_metres"] == near(measures[4])
    sites.request = {key: one for key, one in sites.request.items() if key != "floor"}
    measured = sites.measured(())
    before = measured[2]
    assert found["people_before"] == near(before)
    if sites.request["problem"] == "min_distance":  # reached and their metres: the mean
        walks = [one[4] / one[0] if one[0] else None for one in (measured, measures)]
        assert [found["mean_walk_before_m"], found["mean_walk_after_m"]] == near(walks)
    else:
        assert (found["mean_walk_before_m"], found["mean_walk_after_m"]) == (None, None)
    assert found["newly_served"] == near(people - before)
    limit = inf if sites.request["problem"] == "min_distance" else sites.limit
    keys = [*case.city.facilities, *sites.usable]
    beyond = [
        count for home, count in enumerate(case.city.people)
        if not any(sites.metres[k][home] <= limit and isfinite(sites.metres[k][home]) for k in keys)
    ]  # fmt: skip
    assert found["unreachable"] == near(sum(beyond))
    assert sum(found["by_neighbourhood"].values()) == near(people)
    if "capacity" not in sites.request:  # who is served of equals is open where places are few
        for hood in HOODS:
            of = zip(case.city.hoods, served, strict=True)
            assert found["by_neighbourhood"][hood] == near(sum(n for one, n in of if one == hood))


def test_the_programme_and_its_curve(case):
    with_bridge = grid_city.Walks({**case.city.streets, "bridge": grid_city.BRIDGE})
    counted = every_choice.Programmes(
        case.city,
        lambda bridge: with_bridge if bridge else case.walks,
        {**case.plan, "limits": LIMITS},
        case.actions,
        case.needs,
    )
    found, plan = case.found["programme"], case.plan
    column = int(plan["weights"] == "need")
    best = counted.best(plan["budgets"], column, plan["objective"])
    if best is None:
        assert found["status"] == "infeasible"
        return
    done = sorted(
        (YEARS[start], one["key"])
        for start, one in zip(best, case.actions, strict=True)
        if start is not None
    )
    assert sorted((one["year"], one["id"]) for one in found["actions"]) == done
    assert found["objective"] == near(counted.value(best, 0, plan["objective"]))
    assert found["bound"] == near(counted.value(best, column, plan["objective"]))
    assert (found["proven"], found["gap"]) == (True, 0)
    check_actions(case, counted, found, best)
    for one in found["curve"]:
        parts = plan["budgets"] if sum(plan["budgets"]) else [1] * 3
        budgets = [one["budget"] * part // sum(parts) for part in parts]
        of_budget = counted.best(budgets, 0, "people")
        if of_budget is None:
            assert one["people"] is None
        else:
            assert one["people"] == near(counted.value(of_budget, 0, "people"))


def check_actions(case, counted, found, best):
    """What each action serves and costs, and money and people of each year."""
    at_end = counted.serving(best, len(YEARS) - 1)
    whole = counted.served(at_end)[0]
    for one in found["actions"]:
        row = [action["key"] for action in case.actions].index(one["id"])
        assert one["newly_served_alone"] == near(counted.served([row])[0])
        without = counted.served([other for other in at_end if other != row])[0]
        assert one["newly_served_in_plan"] == near(whole - without)
        assert one["cost"] == sum(case.actions[row]["payments"])
        for name in ("alone", "in_plan"):
            served = one[f"newly_served_{name}"]
            each = near(one["cost"] / served) if served else None
            assert one[f"cost_per_person_{name}"] == each
    before = 0.0
    for year, one in enumerate(found["by_year"]):
        now = counted.served(counted.serving(best, year))[0]
        assert one["newly_served"] == near(now - before)
        assert one["spent"] == counted.spent(best)[year]
        before = now
    keys = {one["id"] for part in ("actions", "left_out") for one in found[part]}
    assert keys == {one["key"] for one in case.actions}


def test_scenarios(case):
    for name, edits in case.scenarios.items():
        facilities = {
            key: at for key, at in case.city.facilities.items() if key not in edits.get("close", [])
        } | edits.get("move", {}) | edits.get("add", {})  # fmt: skip
        more = edits.get("residents", [])
        homes = [*case.city.homes, *(at for at, _ in more)]
        people = [*case.city.people, *(count for _, count in more)]
        hoods = grid_city.Grid(0, homes, people, {}, {}, {}, {}).hoods
        streets = {k: line for k, line in case.city.streets.items() if k != edits.get("cut")}
        if "street" in edits:
            streets["bridge"] = edits["street"]
        walks = grid_city.Walks(streets)
        for limit in THRESHOLDS:
            served = covered(walks, facilities, homes, people, limit)
            found = scenario_of(case.found["scenarios"], name, limit)
            assert found["people_after"] == near(sum(served)), name
            assert found["after"] == near(sum(served) / sum(people)), name
            for hood, values in found["by_neighbourhood"].items():
                rows = [row for row, one in enumerate(hoods) if one == hood]
                total = sum(people[row] for row in rows)
                if total:
                    after = sum(served[row] for row in rows)
                    assert values["people_after"] == near(after), (name, hood)
                    assert values["after"] == near(after / total), (name, hood)


def scenario_of(found, name, limit):
    (one,) = [
        one for one in found
        if (one["id"], one["indicator"], one["variant"]) == (name, "coverage_within", "school")
        and str(limit) in str(one["parameters"])
    ]  # fmt: skip
    return one
