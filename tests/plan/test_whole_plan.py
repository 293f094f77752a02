"""A whole plan of nine squares by hand: needs, sites, programme, scenario, scorecard and goal.

The people of each square live at (250, 210) in it, 10 m from a street, with a street each 100 m.
Two schools stand at (200, 200), 60 m from Q7's people, and at (900, 900), 260 m from Q5's. All
others have more than 300 m to both, so that 90 + 80 of 450 residents are served.

Sites: C1 at (200, 600) is 60 m from Q1 (120 people); C2 at (850, 200) 210 m from Q4 (60) and Q9
(30); C3 at (850, 600) 210 m from Q3 (10) and Q8 (40).
"""

import html
import json
import re

import planned
import pytest
import shapely
import toy
from city_folder import change, rewrite, save
from plan_city import add_plots, built_plan, write_plan

import urbanlayer
from urbanlayer.errors import UrbanlayerError
from urbanlayer.model.plan_specification import NeedsSpec
from urbanlayer.plan.needs import ranked

SITES = {"C1": (200, 600), "C2": (850, 200), "C3": (850, 600)}
PLAN = """
[plan]
years = [2027, 2028]
budgets = [100, 100]
curve = [0, 100, 300]

[plan.actions]
layer = "plots"
columns = { service = "service", cost = "price" }

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
new = 2

[[plan.enterprise]]
name = "Schools of the city"
layers = ["school"]
indicators = [{ id = "coverage_within", variant = "school", target = 0.9 }]

[[plan.goal]]
id = "near"
title = "A school near every home"
responsible = "Education"
indicator = { id = "coverage_within", variant = "school" }
baseline = 0.2
target = 0.9
measures = [{ title = "New schools", actions = ["C1", "C3"] }]

[scenario.closed]
close = { school = ["S1"] }
"""
SERVED = {"Q7": 90.0, "Q5": 80.0}


def write(folder, plan=PLAN, **people):
    write_plan(folder, plan=plan)
    x0, y0 = toy.ORIGIN
    homes = [
        shapely.Point(x0 + 400 * column + 250, y0 + 400 * row + 210)
        for row in range(3)
        for column in range(3)
    ]
    save(
        folder / "population.geojson",
        homes,
        {"people": list({**toy.CENSUS, **people}.values())},
        lonlat=True,
    )
    add_plots(folder, SITES, service=["school"] * 3, price=[100, 80, 60])
    rewrite(folder, "{ school = 500 }", "{ school = 300 }")


@pytest.fixture(scope="module")
def publication(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nine")
    write(folder)
    rewrite(folder, 'name = "Toy"', 'name = "Toy"\nlanguages = ["en", "sq"]')
    urbanlayer.build(folder / "city.toml", folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def plan(publication):
    return json.loads((publication / "data/plan.json").read_text(encoding="utf-8"))


def sheets(publication, language):
    """Heading of each sheet to its rows, head to lines, as a browser would show them."""
    text = (publication / f"plan/actions.{language}.html").read_text(encoding="utf-8")
    found = {}
    for section in re.findall("<section.*?</section>", text, re.DOTALL):
        heading = html.unescape(re.search("<h2>(.*?)</h2>", section)[1])
        rows = re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", section)
        found[heading] = {
            head: [html.unescape(line) for line in re.findall("<p>(.*?)</p>", lines)]
            for head, lines in rows
        }
    return found


def test_who_has_no_school_ranks_first(plan):
    ranks = {one["key"]: one["rank"] for one in plan["needs"]}
    first = dict.fromkeys(("Q1", "Q3", "Q4", "Q6", "Q8", "Q9"), 1)
    assert ranks == {**first, "Q7": 7, "Q5": 7, "Q2": None}  # nobody lives in Q2


def test_the_range_of_a_rank_takes_in_all_thresholds_that_were_computed(tmp_path):
    """Within 500 m Q1, Q4, Q6 and Q8 are served too, by 460 m at most; Q3 and Q9 by neither."""
    write(tmp_path, plan="")
    rewrite(tmp_path, "{ school = 300 }", "{ school = [300, 500] }")
    inputs = planned.inputs_of(tmp_path / "city.toml")
    one = {"id": "coverage_within", "variant": "school", "target": 0.9, "worst": 0}
    spec = NeedsSpec.model_validate(
        {"themes": {"near": {"indicators": [{**one, "parameters": {"distance_m": 300}}]}}}
    )
    found = ranked(inputs.city, inputs.queries, inputs.shown, spec, seed=1)
    needs = {one.key: one for one in found.needs}
    q1, q3, q4, q7 = (needs[key] for key in ("Q1", "Q3", "Q4", "Q7"))
    assert (q1.rank, q1.rank_low, q1.rank_high) == (1, 1, 3)
    assert (q3.rank, q3.rank_low, q3.rank_high) == (1, 1, 1)
    # of 1,000 draws half take 500 m; five standard deviations are 0.08
    assert q1.rank_shares[0] == pytest.approx(0.5, abs=0.08)
    assert q1.rank_shares[2] == pytest.approx(1 - q1.rank_shares[0])
    assert q3.above["Q1"] == pytest.approx(q1.rank_shares[2])
    assert (q1.above["Q4"], q4.above["Q1"]) == (0, 0)  # one threshold for all in each draw
    assert q1.above["Q7"] == pytest.approx(q1.rank_shares[0])
    assert q7.rank_low == 3


def test_two_sites_serve_the_three_largest_groups(plan):
    (found,) = plan["siting"]
    assert found["chosen"] == ["C1", "C2"]
    assert found["proven"]
    assert [found[name] for name in ("people_before", "newly_served", "people_after")] == [
        pytest.approx(170), pytest.approx(210), pytest.approx(380),
    ]  # fmt: skip
    expected = {**dict.fromkeys(toy.KEYS, 0.0), **SERVED, "Q1": 120.0, "Q4": 60.0, "Q9": 30.0}
    assert found["by_neighbourhood"] == pytest.approx(expected)
    assert found["person_metres"] == pytest.approx((90 + 120) * 60 + 80 * 260 + (60 + 30) * 210)


def test_two_years_pay_for_two_schools(plan):
    found = plan["programme"]
    assert [(one["id"], one["year"]) for one in found["actions"]] == [("C1", 2027), ("C2", 2028)]
    assert found["objective"] == pytest.approx(210)
    assert found["proven"]
    assert [one["id"] for one in found["left_out"]] == ["C3"]
    assert [one["spent"] for one in found["by_year"]] == [100, 80]
    assert [one["newly_served"] for one in found["by_year"]] == pytest.approx([120, 90])
    # 50 a year pay for none of them; 150 a year for C1, and for C2 and C3 together
    assert [one["people"] for one in found["curve"]] == pytest.approx([0, 0, 260])


def test_a_closed_school_leaves_its_people_unserved(plan):
    found = next(one for one in plan["scenarios"] if one["indicator"] == "coverage_within")
    assert [found[name] for name in ("before", "after")] == pytest.approx([170 / 450, 80 / 450])
    assert [found[name] for name in ("people_before", "people_after")] == pytest.approx([170, 80])
    assert found["by_neighbourhood"]["Q7"]["after"] == 0


def test_a_scorecard_tells_where_an_enterprise_fails_and_what_the_programme_changes(plan):
    (found,) = plan["enterprises"]
    assert found["name"] == "Schools of the city"
    (one,) = found["results"]
    assert [one[name] for name in ("before", "after")] == pytest.approx([170 / 450, 380 / 450])
    assert [one[name] for name in ("people_before", "people_after")] == pytest.approx([170, 380])
    assert (one["target"], one["trend"]) == (0.9, None)
    assert one["fails_in"] == ["Q1", "Q3", "Q4", "Q6", "Q8", "Q9"]


def test_a_goal_has_its_measures_and_what_becomes_of_their_actions(plan):
    (found,) = plan["goals"]
    (measure,) = found["measures"]
    assert measure["responsible"] == "Education"
    assert [(one["id"], one["year"]) for one in measure["actions"]] == [("C1", 2027), ("C3", None)]
    assert "budget" in measure["actions"][1]["why"].lower()
    monitoring = found["monitoring"]
    assert monitoring["value"] == pytest.approx(170 / 450)
    assert (monitoring["baseline"], monitoring["target"]) == (0.2, 0.9)


def test_each_action_has_a_sheet_in_each_language(publication):
    """C1 serves 120 more than the 170 of 450: 37.8 % become 64.4 %. C3 is left out."""
    found = sheets(publication, "en")
    assert list(found) == ["C1", "C2", "C3"]
    assert found["C1"]["Where"] == ["Q1"]
    assert found["C1"]["Why"][0] == "A school near every home: New schools"
    assert found["C1"]["Why"][1] == "Rank 1 of 8 by need (1 is the neediest)"
    assert found["C1"]["For whom"] == ["Newly served alone: 120, in this plan: 120"]
    (indicator,) = found["C1"]["Indicator before and after"]
    assert indicator.endswith("37.8% today, 64.4% with this action alone")
    each = "Cost per person newly served alone: 1\u00a0EUR, in this plan: 1\u00a0EUR"
    assert found["C1"]["Cost"] == ["100\u00a0EUR", each]
    assert found["C1"]["By when"] == ["Starts in 2027, paid by the end of 2027"]
    assert found["C1"]["Responsible"] == ["Education"]
    assert "38% now (baseline 20%, target 90%)" in found["C1"]["How monitored"][0]
    assert found["C3"]["For whom"] == ["Newly served alone: 50"]
    assert found["C3"]["By when"][0] == "Not in the programme"
    in_albanian = sheets(publication, "sq")
    assert [len(rows) for rows in in_albanian.values()] == [len(rows) for rows in found.values()]
    assert in_albanian["C1"]["Ku"] == ["Q1"]


def test_the_page_says_from_which_year_an_action_serves(tmp_path):
    """C1 is paid in both years: it begins in 2027 and serves from 2028."""
    write(tmp_path)
    change(tmp_path / "plots.geojson", lambda frame: frame.assign(paid=["50;50", "80", "60"]))
    rewrite(tmp_path, 'cost = "price" }', 'cost = "price", payments = "paid" }')
    rewrite(tmp_path, "budgets = [100, 100]", "budgets = [150, 150]")
    urbanlayer.build(tmp_path / "city.toml", tmp_path / "out")
    page = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    actions = json.loads(re.search(r'"actions":(\[\[.*?\]\]),"left_out"', page)[1])
    assert [(key, year, serves) for key, year, _, _, _, serves, *_ in actions] == [
        ("C1", 2027, 2028), ("C2", 2027, 2027), ("C3", 2028, 2028),
    ]  # fmt: skip
    assert "serves from {year}" in page


def test_a_name_on_a_sheet_is_text_in_the_script_of_its_reader(tmp_path):
    write(tmp_path)
    rewrite(
        tmp_path, 'name = "Toy"', 'name = "Toy"\nlanguages = ["en", "sr_Latn_ME", "sr_Cyrl_ME"]'
    )
    rewrite(tmp_path, 'path = "plots.geojson"\n', 'path = "plots.geojson"\nname = "called"\n')
    change(
        tmp_path / "plots.geojson",
        lambda frame: frame.assign(called=["Škola Ljubović II", "Njegoševa", ""]),
    )
    plots = tmp_path / "plots.geojson"
    plots.write_text(plots.read_text("utf-8").replace('"C2"', '"<b>C2&</b>{{7*7}}"'), "utf-8")
    urbanlayer.build(tmp_path / "city.toml", tmp_path / "out")
    text = (tmp_path / "out/plan/actions.en.html").read_text(encoding="utf-8")
    assert "<b>" not in text
    assert "&lt;b&gt;C2&amp;&lt;/b&gt;{{7*7}}" in text
    headings = {tag: list(sheets(tmp_path / "out", tag)) for tag in ("en", "sr-Cyrl-ME")}
    assert headings["en"][1:] == ["C1 Škola Ljubović II", "C3"]
    assert headings["sr-Cyrl-ME"][1:] == ["C1 Школа Љубовић II", "C3"]


@pytest.mark.slow
def test_the_trend_is_the_difference_to_the_earlier_publication(tmp_path):
    """With S1 alone 90 of 450 were served; now 170 are."""
    write(tmp_path, plan="")
    x0, y0 = toy.ORIGIN
    schools = [shapely.Point(x0 + 200, y0 + 200), shapely.Point(x0 + 900, y0 + 900)]
    save(tmp_path / "schools.geojson", schools[:1], {"id": ["S1"]}, lonlat=True)
    urbanlayer.build(tmp_path / "city.toml", tmp_path / "earlier")
    write(tmp_path, plan=PLAN.replace("[plan]\n", '[plan]\nearlier = "earlier"\n', 1))
    (found,) = built_plan(tmp_path)["enterprises"][0]["results"]
    assert found["earlier"] == pytest.approx(0.2)
    assert found["trend"] == pytest.approx(170 / 450 - 0.2)


def test_a_goal_that_names_no_action_is_refused(tmp_path):
    write(tmp_path, plan=PLAN.replace('"C3"]', '"C4"]'))
    with pytest.raises(UrbanlayerError, match="'near': there is no action 'C4'"):
        urbanlayer.build(tmp_path / "city.toml", tmp_path / "out")
    assert not (tmp_path / "out" / "run.json").exists()


def test_actions_that_cannot_be_read_are_not_missed_by_goals_too(tmp_path):
    write(tmp_path)
    rewrite(tmp_path, 'cost = "price" }', 'cost = "price", running = "yearly" }')
    with pytest.raises(UrbanlayerError, match="no column 'yearly'") as caught:
        urbanlayer.build(tmp_path / "city.toml", tmp_path / "out")
    assert "there is no action" not in str(caught.value)


def test_public_people_and_bounds_are_to_the_nearest_twenty(tmp_path):
    """With 123 in Q1 and 64 in Q4, 170 are served before and 387 after, the bound.

    Published are 76 and 87 of Q5 and Q7 before, and 120, 54 and 21 of three others after.

    The programme newly serves the same 217 people as the siting, and says so by the same number.
    """
    write(tmp_path, Q1=123.0, Q4=64.0)
    rewrite(tmp_path, 'disclosure = "internal"\nsuppress_below = 0', 'disclosure = "public"')
    found = built_plan(tmp_path)
    (siting,), programme = found["siting"], found["programme"]
    assert (siting["people_before"], siting["people_after"], siting["bound"]) == (160, 360, 360)
    assert siting["newly_served"] == 200
    assert (siting["proven"], siting["gap"]) == (True, 0)
    assert (programme["objective"], programme["bound"], programme["gap"]) == (200, 200, 0)
    assert [one["people"] for one in programme["curve"]] == [0, 0, 260]  # 217 and 50
    alone = {one["id"]: one["newly_served_alone"] for one in programme["actions"]}
    assert alone == {"C1": 120, "C2": 100}  # 123; 64 and 30
    whom = [rows["For whom"] for rows in sheets(tmp_path / "out", "en").values()]
    assert whom[0] == ["Newly served alone: 120, in this plan: 120"]
    assert whom[2] == ["Newly served alone: 60"]  # 50
    (card,) = found["enterprises"][0]["results"]
    assert (card["people_before"], card["people_after"]) == (160, 360)
    closed = next(one for one in found["scenarios"] if one["indicator"] == "coverage_within")
    assert (closed["people_before"], closed["people_after"]) == (160, 80)
