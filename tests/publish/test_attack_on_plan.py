"""What a plan tells of people is what the tables tell: no more of hidden ones, and no other number.

Three neighbourhoods along two streets, women and men in each point; in N2 lives one woman alone.
The attacker of siting and scenarios is given all classes and totals of `data/plan.json`.
"""

import itertools
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from published_tables import rows
from scipy.optimize import Bounds, LinearConstraint, milp
from small_city import CITY, CRS, X, Y, write

import urbanlayer

pytestmark = pytest.mark.slow  # two builds; test_disclosed_plan.py has the rules by hand

SMALL, WIDTH = 10, 11
PLAN = """
[layers.population]
path = "people.gpkg"
people = "people"

[layers.plots]
path = "plots.gpkg"
key = "id"

[indicators.nearest_facility_m]
services = ["school"]
groups = ["women"]

[plan.needs]
rule = "target"
[plan.needs.themes.education]
indicators = [{ id = "coverage_within", variant = "school", target = 0.9, worst = 0 }]

[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
problem = "max_coverage"
within_m = 300
new = 1

[scenario.north]
add = { school = [{ id = "new", x = 357500, y = 4701300 }] }

[scenario.homes]
residents = [{ x = 357300, y = 4700505, people = 300 }]
"""


def _people(seed):
    draw = np.random.default_rng(seed)
    at = [(x, 500) for x in range(60, 1900, 40)] + [(500, y) for y in range(1060, 1900, 40)]
    people = draw.integers(0, 9, len(at))
    women = draw.binomial(people, 0.5)
    in_n2 = np.array([x > 1000 for x, _ in at])
    women[in_n2] = 0
    women[np.flatnonzero(in_n2 & (people > 0))[0]] = 1
    shapes = [shapely.Point(X + x, Y + y) for x, y in at]
    columns = {"people": people, "w": women, "m": people - women}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def _write(folder, seed):
    plots = gpd.GeoDataFrame(
        {"id": ["P1", "P2"]},
        geometry=[shapely.Point(X + 500, Y + 1500), shapely.Point(X + 1700, Y + 510)],
        crs=CRS,
    )
    text = CITY.replace('from = ["census"]', 'from = ["population"]').replace(
        "services = { school = 800 }", 'services = { school = 300 }\ngroups = ["women", "men"]'
    )
    groups = '[residents.groups]\nwomen = "w"\nmen = "m"\n\n[indicators.population_density]'
    text = text.replace("[indicators.population_density]", groups, 1)
    return write(folder, text + PLAN, people=_people(seed), plots=plots)


def _plan(folder):
    return json.loads((folder / "data/plan.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    file = _write(folder, 1)
    urbanlayer.build(file, folder / "public")
    internal = folder / "internal.toml"
    internal.write_text(file.read_text("utf-8") + '\n[publish]\ndisclosure = "internal"\n', "utf-8")
    urbanlayer.build(internal, folder / "internal")
    return folder


def _table(folder):
    """Value by indicator, variant, group and key; the city has the key of none."""
    found = {}
    for row in rows(folder):
        words = dict(part.split("=") for part in row["parameters"].split(";") if part)
        key = row["key"] if row["level"] == "neighbourhood" else ""
        value = float(row["value"]) if row["value"] else None
        found[row["indicator"], row["variant"], words.get("group", ""), key] = value
    return found


def _of(scenarios, name):
    return {(one["indicator"], one["variant"], one["group"]): one
            for one in scenarios if one["id"] == name}  # fmt: skip


def test_before_is_what_the_table_of_results_has(built):
    table, scenarios = _table(built / "public"), _plan(built / "public")["scenarios"]
    compared = 0
    for one in scenarios:
        asked = one["indicator"], one["variant"], one["group"]
        assert one["before"] == pytest.approx(table[(*asked, "")], rel=1e-6, nan_ok=True)
        for key, values in one["by_neighbourhood"].items():
            expected = table[(*asked, key)]
            same = expected is None or values["before"] == pytest.approx(expected, rel=1e-6)
            assert same, (asked, key)
            assert (values["before"] is None) >= (expected is None), (asked, key)
            compared += expected is not None
    assert compared > 20


def test_one_woman_of_a_neighbourhood_has_no_walk_in_any_scenario(built):
    for one in _plan(built / "public")["scenarios"]:
        if one["group"] == "women":
            assert set(one["by_neighbourhood"]["N2"].values()) == {None}


def test_shares_of_a_group_are_of_its_own_people(built):
    public, exact = (_of(_plan(built / of)["scenarios"], "north") for of in ("public", "internal"))
    asked = "coverage_within", "school", "women"
    people = _people(1)
    in_n1 = (people.geometry.x < X + 1000) & (people.geometry.y < Y + 1000)
    women = people["w"][in_n1].sum()
    for end in ("before", "after"):
        told, true = (one[asked]["by_neighbourhood"]["N1"][end] for one in (public, exact))
        assert abs(told - true) <= WIDTH / women


def test_residents_without_are_those_of_the_published_share(built):
    table, plan = _table(built / "public"), _plan(built / "public")
    people = {row["key"]: row["residents"] for row in rows(built / "public")
              if row["indicator"] == "population_density"}  # fmt: skip
    for need in plan["needs"]:
        for count in need["people_in_need"].values():
            share = table["coverage_within", "school", "", need["key"]]
            expected = None if share is None else round(float(people[need["key"]]) * (1 - share))
            assert count == expected


def test_new_homes_beside_published_counts_show_no_class_of_the_others(built):
    """After is the published count before and the 300 new people, who live beside a school."""
    one = _of(_plan(built / "public")["scenarios"], "homes")["coverage_within", "school", ""]
    values = one["by_neighbourhood"]["N1"]
    assert values["people_after"] - values["people_before"] == 300
    assert values["after"] > values["before"]


def _bounds(shown, total):
    """Lowest and highest count of a published one, of a total that is the middle of a class."""
    last = WIDTH * ((total - SMALL) // WIDTH)
    if shown < 0.5:
        return 0, SMALL
    return (
        (last, total + 5)
        if shown >= last
        else (WIDTH * (shown // WIDTH), WIDTH * (shown // WIDTH) + 10)
    )


def _whole(shown):
    """The same of the whole city; a total that was moved lies further off."""
    return max(shown - 30, 0), shown + 29


def _candidates(form, ranges):
    rows = np.array([row for row, *_ in ranges])
    within = LinearConstraint(rows, [low for _, low, _ in ranges], [high for *_, high in ranges])
    ends = []
    for sign in (1, -1):
        found = milp(sign * form, constraints=within, bounds=Bounds(0, np.inf), integrality=1)
        assert found.success, found.message
        ends.append(sign * found.fun)
    return round(ends[1] - ends[0]) + 1


def test_served_before_and_newly_are_not_narrowed(built):
    """Unknown are, in each neighbourhood, those served before and those by the new school."""
    public, exact = (
        _of(_plan(built / of)["scenarios"], "north")["coverage_within", "school", ""]
        for of in ("public", "internal")
    )
    keys = [
        key
        for key, one in public["by_neighbourhood"].items()
        if one["people_before"] is not None and exact["by_neighbourhood"][key]["before"] is not None
    ]
    count, ranges, true = len(keys), [], []
    eye = np.eye(count)
    for row, key in enumerate(keys):
        told, real = public["by_neighbourhood"][key], exact["by_neighbourhood"][key]
        total = told["people_before"] / told["before"] if told["before"] else np.inf
        for end, parts in (("before", [1, 0]), ("after", [1, 1])):
            form = np.kron(parts, eye[row])
            low, high = _bounds(told[f"people_{end}"], total) if np.isfinite(total) else (0, SMALL)
            ranges.append((form, low, high))
        true.append((real["people_before"], real["people_after"] - real["people_before"]))
    for end, parts in (("before", [1, 0]), ("after", [1, 1])):
        ranges.append((np.kron(parts, np.ones(count)), *_whole(public[f"people_{end}"])))
    tried = 0
    for row, which in itertools.product(range(count), range(2)):
        if true[row][which] < SMALL:
            tried += 1
            assert _candidates(np.kron(np.eye(2)[which], eye[row]), ranges) >= SMALL
    assert tried > 0
