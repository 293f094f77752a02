"""Sites, programmes and scenarios of a city on one street, calculated by hand.

Nine homes stand along 5 km, a school at 1,000 m serves the 50 people at 900 m within 300 m. A
candidate serves the homes within its distance along the line: A (200 m) 30 + 20 people, B (1,600 m)
40 + 10, C (2,700 m) 60, D (3,600 m) 25 + 35, E (2,800 m) 60 + 30. Nobody lives in N5.
"""

import json

import geopandas as gpd
import pytest
import shapely
from city_text import HEAD, SCHOOLS_AND_PLOTS, STREETS_AND_PEOPLE
from typer.testing import CliRunner

from urbanlayer.cli import app

pytestmark = pytest.mark.slow  # test_siting.py, test_programme.py and test_scenario.py are quick
X, Y = 357_000, 4_700_000
HOMES = {100: 30, 300: 20, 900: 50, 1400: 40, 1900: 10, 2600: 60, 3100: 30, 3500: 25, 3900: 35}
PLOTS = {  # metres, price, places
    "A": (200, 5, 30), "B": (1600, 0, 50), "C": (2700, 3, 100), "D": (3600, 4, 40),
    "E": (2800, 3, 100),
}  # fmt: skip
STREETS = {"west": (-200, 2000), "bridge": (2000, 2400), "east": (2400, 5200)}
HOODS = {"N1": 0, "N2": 1500, "N3": 2500, "N4": 3500, "N5": 4500}
CITY = f"""
id = "line"
name = "Line"
{HEAD}{STREETS_AND_PEOPLE}{SCHOOLS_AND_PLOTS}
[layers.actions]
path = "actions.gpkg"
key = "id"
[residents]
from = ["population"]
[publish]
disclosure = "internal"
suppress_below = 0
[indicators.coverage_within]
services = {{ school = 300, kindergarten = 300 }}
"""


def answer(folder, text, *, verb="plan", actions=()):
    """What the command answers for the city with a plan."""

    def save(name, shapes, **columns):
        gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:25834").to_file(folder / name)

    def at(metres):
        return shapely.Point(X + metres, Y)

    ends = [*list(HOODS.values())[1:], 5500]
    hoods = [shapely.box(X + a - 500 * (a == 0), Y - 500, X + b, Y + 500)
             for a, b in zip(HOODS.values(), ends, strict=True)]  # fmt: skip
    save("hoods.gpkg", hoods, id=list(HOODS))
    lines = [shapely.LineString([at(a), at(b)]) for a, b in STREETS.values()]
    save("streets.gpkg", lines, id=list(STREETS))
    save("people.gpkg", [at(metres) for metres in HOMES], people=list(HOMES.values()))
    save("schools.gpkg", [at(1000)], id=["S"], places=[40])
    where, price, places = zip(*PLOTS.values(), strict=True)
    save("plots.gpkg", [at(one) for one in where], id=list(PLOTS), price=price, places=places)
    rows = list(actions) or [{"id": "Z", "at": 0, "cost": 1}]
    names = ("id", "service", "cost", "payments", "requires", "promised", "running")
    columns = {name: [one.get(name) for one in rows] for name in names}
    shapes = [at(one["at"]) if "at" in one else None for one in rows]
    save("actions.gpkg", shapes, **columns)
    (folder / "city.toml").write_text(CITY + text, encoding="utf-8")
    done = CliRunner().invoke(app, [verb, str(folder / "city.toml"), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


MOST = {"problem": "max_coverage", "within_m": 300}
SITINGS = {  # request: chosen, people after, metres of all together, unit of the bound
    "free sites alone": (MOST | {"budget": 0, "cost": "price"}, "B", 100, 16_000, 100),
    "one": (MOST | {"new": 1}, "E", 140, 26_000, 140),
    "for one neighbourhood": (MOST | {"new": 1, "weights": {"N3": 1.0}}, "E", 140, 26_000, 90),
    "of equal ones the cheaper": (MOST | {"budget": 4, "cost": "price"}, "BE", 190, 37_000, 190),
    "all with the fewest": (
        {"problem": "full_coverage", "within_m": 300, "cost": "price"}, "ABDE", 300, 55_000, 4,
    ),
    "shortest": ({"problem": "min_distance", "new": 1}, "E", 300, 148_000, 148_000),
    "shortest for nothing": (
        {"problem": "min_distance", "budget": 0, "cost": "price"}, "B", 300, 290_000, 290_000,
    ),
    "with room": (MOST | {"new": 2, "capacity": "places"}, "BE", 180, 36_000, 180),
    "nearest with room": (
        MOST | {"new": 2, "capacity": "places", "may_pass_full": False}, "BE", 180, 36_000, 180,
    ),
}  # fmt: skip


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    return json.dumps(value)


def test_sites(tmp_path):
    """394,000 person-metres to the school before; no two sites keep a floor of half.

    Only B serves N2, and only D N4: with both, 25 of 115 people of N3 are served.
    """
    floor = {"problem": "max_coverage", "within_m": 300, "new": 2, "floor": 0.5}
    text = "[plan]\n"
    for name, (request, *_) in {**SITINGS, "floor": (floor,)}.items():
        asked = {
            "id": name.replace(" ", "-"),
            "service": "school",
            "candidates": "plots",
            **request,
        }
        text += "[[plan.siting]]\n" + "".join(f"{k} = {toml(v)}\n" for k, v in asked.items())
    found = {one["id"]: one for one in answer(tmp_path, text)["siting"]}
    for name, (request, chosen, after, metres, bound) in SITINGS.items():
        one = found[name.replace(" ", "-")]
        assert (one["chosen"], one["proven"], one["gap"]) == (list(chosen), True, 0), name
        assert [one[key] for key in ("people_after", "person_metres", "bound")] == pytest.approx(
            [after, metres, bound]
        ), name
        assert one["people_before"] == (
            300 if request["problem"] == "min_distance" else 40 if "capacity" in request else 50
        )
    walks = [found["shortest"][f"mean_walk_{when}_m"] for when in ("before", "after")]
    assert walks == pytest.approx([394_000 / 300, 148_000 / 300])
    assert found["floor"]["status"] == "infeasible"
    assert found["floor"]["floor_kept"] == pytest.approx(25 / 115)


ROAD = {"id": "P", "cost": 60, "promised": 2028, "running": 10}
LARGE = {"id": "K1", "at": 2800, "service": "school", "cost": 90, "payments": "50;40",
         "requires": "P"}  # fmt: skip
SMALL = {"id": "K2", "at": 200, "service": "school", "cost": 50}
RUNNING = {"id": "K3", "at": 3600, "service": "school", "cost": 70, "running": 15}
PROGRAMMES = {
    # 250 in all: P and K1 (150, with what P costs on) leave nothing for K2, nor in time; K2 and K3
    # serve 110, and P is put off to 2028, as promised, to cost less
    "carried over": (
        [ROAD, LARGE, SMALL, RUNNING], [100, 50, 50], True, 110,
        [("K2", 2027), ("P", 2028), ("K3", 2029)], [50, 60, 80],
    ),
    # 110 pay for P and K2, then 50 and 10, then 40 and 10: the requirement begins a year before
    "lost": (
        [ROAD, LARGE, SMALL, RUNNING], [110, 60, 50], False, 140,
        [("K2", 2027), ("P", 2027), ("K1", 2028)], [110, 60, 50],
    ),
    # 60 and 50 are all that 2027 has: the requirement begins in the same year
    "same year": (
        [ROAD, LARGE], [110, 50, 10], False, 90, [("K1", 2027), ("P", 2027)], [110, 50, 10],
    ),
    "of one service an overlap": (  # E serves 60 and 30 of which C has 60 and X 30 and 25
        [{"id": "C", "at": 2700, "service": "school", "cost": 30},
         {"id": "E", "at": 2800, "service": "school", "cost": 45},
         {"id": "X", "at": 3400, "service": "school", "cost": 30}],
        [60, 0, 40], True, 115, [("C", 2027), ("X", 2027)], [60, 0, 0],
    ),
    "of two services a sum": (
        [{"id": "E", "at": 2800, "service": "school", "cost": 45},
         {"id": "F", "at": 2800, "service": "kindergarten", "cost": 45},
         {"id": "G", "at": 1000, "service": "kindergarten", "cost": 45}],
        [45, 45, 0], False, 180, [("E", 2027), ("F", 2028)], [45, 45, 0],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_programme(name, tmp_path):
    actions, budgets, carried, people, years, spent = PROGRAMMES[name]
    text = f"""
[plan]
years = [2027, 2028, 2029]
budgets = {budgets}
carry_over = {str(carried).lower()}
[plan.actions]
layer = "actions"
columns = {{ payments = "payments", requires = "requires", promised = "promised", running = "running" }}
"""  # noqa: E501
    found = answer(tmp_path, text, actions=actions)["programme"]
    assert [(one["id"], one["year"]) for one in found["actions"]] == years
    assert (found["objective"], found["proven"]) == (pytest.approx(people), True)
    assert [one["spent"] for one in found["by_year"]] == spent


def test_a_larger_budget_drops_what_a_smaller_one_does(tmp_path):
    """E costs 100 for 90 people, A 60 for 50, D 60 for 60: D, E, A and D, E and D, all."""
    costs = {"A": 60, "D": 60, "E": 100}
    actions = [
        {"id": key, "at": PLOTS[key][0], "service": "school", "cost": cost}
        for key, cost in costs.items()
    ]
    text = """
[plan]
years = [2027]
budgets = [120]
curve = [0, 60, 100, 120, 160, 220]
[plan.actions]
layer = "actions"
"""
    found = answer(tmp_path, text, actions=actions)["programme"]
    curve = [(one["people"], one["dropped"]) for one in found["curve"]]
    assert curve == [(0, []), (60, []), (90, ["D"]), (110, ["E"]), (150, ["A"]), (200, [])]


def test_scenarios(tmp_path):
    """What is served within 300 m, and the share of all, after unusual edits."""
    x, y = float(X), float(Y)
    text = f"""
[scenario.another_at_its_place]
close = {{ school = ["S"] }}
add = {{ school = [{{ id = "S", x = {x + 1000}, y = {y} }}] }}
[scenario.beyond_all_streets]
move = {{ school = [{{ id = "S", x = {x + 3000}, y = {y + 5000} }}] }}
[scenario.homes_where_none_were]
residents = [{{ x = {x + 4800}, y = {y}, people = 70 }}]
[scenario.no_bridge_and_a_school]
streets = {{ close = ["bridge"] }}
add = {{ school = [{{ id = "T", x = {x + 2200}, y = {y + 190} }}, {{ id = "E", x = {x + 2800}, y = {y} }}] }}
[scenario.first_kindergarten]
add = {{ kindergarten = [{{ id = "K", x = {x + 2800}, y = {y} }}] }}
"""  # noqa: E501
    found = {(one["id"], one["variant"]): one for one in answer(tmp_path, text, verb="scenario")}
    for name, people, everybody in (
        ("another_at_its_place", 50, 300),
        ("beyond_all_streets", 0, 300),
        ("homes_where_none_were", 50, 370),
        ("no_bridge_and_a_school", 140, 300),  # T is 276 m from the ends of both streets
    ):
        one = found[name, "school"]
        assert (one["people_before"], one["people_after"]) == pytest.approx((50, people)), name
        assert one["after"] == pytest.approx(people / everybody), name
    homes = found["homes_where_none_were", "school"]["by_neighbourhood"]["N5"]
    assert (homes["before"], homes["after"]) == (None, 0)
    first = found["first_kindergarten", "kindergarten"]
    assert (first["people_before"], first["people_after"]) == pytest.approx((0, 90))
