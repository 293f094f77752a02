"""The investment programme on a small city, with people and money that one counts by hand."""

import geopandas as gpd
import planned
import pytest
import shapely
import small_city
from small_city import point

from urbanlayer.plan.actions import circles
from urbanlayer.plan.programme import programme_errors, programmed

# homes along one street: 40 people at 150 m, 30 at 1,500 m, 10 at 1,850 m; 20 at (500, 1,500)
CITY = (
    small_city.WITH_PEOPLE
    + """
[layers.actions]
path = "actions.gpkg"
key = "id"

[indicators.coverage_within]
services = { school = 400, kindergarten = 400 }

[plan]
years = [2027, 2028]
budgets = [100, 100]

[plan.actions]
layer = "actions"
[plan.actions.columns]
payments = "payments"
requires = "requires"
excludes = "excludes"
promised = "promised"
earliest = "earliest"
running = "running"
"""
)
COLUMNS = ("payments", "requires", "excludes", "promised", "earliest", "running")


def action(key, at, cost, service="kindergarten", **cells):
    shape = None if at is None else point(*at) if isinstance(at[0], int) else shapely.LineString(
        [point(*xy) for xy in at]
    )  # fmt: skip
    return {
        "id": key, "service": service, "cost": cost, "geometry": shape,
        **dict.fromkeys(COLUMNS), **cells,
    }  # fmt: skip


def city(folder, *actions):
    frame = gpd.GeoDataFrame(list(actions), geometry="geometry", crs=small_city.CRS)
    frame[list(COLUMNS)] = frame[list(COLUMNS)].astype("str").replace({"None": None, "nan": None})
    schools = small_city.frames()["schools"].iloc[:1]
    return small_city.write(
        folder, CITY, people=small_city.people(), actions=frame, schools=schools
    )


def result(folder, *actions, needs=None, **plan):
    table = {
        "years": [2027, 2028],
        "budgets": [100, 100],
        "actions": {
            "layer": "actions",
            "columns": {name: name for name in ("service", "cost", *COLUMNS)},
        },
        **plan,
    }
    inputs = planned.inputs_of(city(folder, *actions), plan=table)
    assert list(programme_errors(inputs)) == []
    return programmed(inputs, needs)


WEST, EAST, FAR = (150, 505), (1500, 505), (1850, 505)


def chosen(found):
    return [(one.id, one.year) for one in found.actions]


def test_the_most_people_for_the_money(tmp_path):
    """EAST serves 30 and 10 at 350 m, WEST 40; FAR 10 and 30: both cost 100, a year pays one."""
    found = result(tmp_path, action("W", WEST, 100), action("E", EAST, 100), action("F", FAR, 60))
    assert chosen(found) == [("W", 2027), ("F", 2028)] or chosen(found) == [
        ("F", 2027), ("W", 2028),
    ]  # fmt: skip
    assert (found.objective, found.bound, found.gap, found.proven) == (80, 80, 0, True)
    assert [(one.year, one.budget, one.spent) for one in found.by_year] == [
        (2027, 100, 60), (2028, 100, 100),
    ]  # fmt: skip
    assert [one.newly_served for one in found.by_year] == [40, 40]
    ((key, why),) = found.left_out
    assert (key, why.code) == ("E", "plan-left-few")


def test_overlaps_are_never_added_up(tmp_path):
    """E and F serve the same 40 people; each alone 40, in the plan of both none would be lost."""
    found = result(
        tmp_path,
        action("E", EAST, 10, promised=2027),
        action("F", FAR, 10, promised=2027),
    )
    assert found.objective == 40
    assert [(one.newly_served_alone, one.newly_served_in_plan) for one in found.actions] == [
        (40, 0), (40, 0),
    ]  # fmt: skip


def test_who_is_served_already_is_not_newly_served(tmp_path):
    """The school at 300 m serves the 40 people at 150 m; two services are two person-services."""
    found = result(tmp_path, action("S", WEST, 10, service="school"), action("K", WEST, 10))
    assert chosen(found) == [("K", 2027)]
    found = result(tmp_path, action("S", EAST, 10, service="school"), action("K", EAST, 10))
    assert found.objective == 80


def test_dependencies_payments_and_years(tmp_path):
    """W needs P, which has no place and serves nobody, and is paid in two years from 2027 on."""
    found = result(
        tmp_path,
        action("P", None, 120, service="", payments="60;60"),
        action("W", WEST, 40, requires="P"),
        action("E", EAST, 130, earliest=2028),
    )
    assert chosen(found) == [("P", 2027), ("W", 2027)]
    assert found.objective == 40
    assert dict(found.left_out)["E"].code == "plan-left-budget"
    with_carry = result(
        tmp_path,
        action("P", None, 120, service="", payments="60;60"),
        action("W", WEST, 40, requires="P"),
        action("E", EAST, 40, earliest=2028, excludes="W"),
    )
    assert chosen(with_carry) == [("E", 2028)]
    assert dict(with_carry.left_out)["W"].code == "plan-left-excluded"


def test_a_year_that_is_not_spent_is_lost_unless_carried_over(tmp_path):
    actions = [action("W", WEST, 150)]
    assert result(tmp_path, *actions).objective == 0
    found = result(tmp_path, *actions, carry_over=True)
    assert chosen(found) == [("W", 2028)]


@pytest.mark.slow
def test_running_costs_are_paid_in_each_year_after_the_last_payment(tmp_path):
    """W costs 60, then 50 a year: begun in 2027, it leaves 50 for E, which costs 60."""
    actions = [action("W", WEST, 60, running=50), action("E", EAST, 60)]
    found = result(tmp_path, *actions)
    assert chosen(found) == [("E", 2027), ("W", 2028)]
    assert [one.spent for one in found.by_year] == [60, 60]
    assert [(one.cost, one.running) for one in found.actions] == [(60, 0), (60, 50)]
    alone = result(tmp_path, action("W", WEST, 60, running=101, promised=2027))
    assert alone.status == "infeasible"
    carried = result(tmp_path, action("W", WEST, 60, running=101, promised=2027), carry_over=True)
    assert [one.spent for one in carried.by_year] == [60, 101]


@pytest.mark.slow
def test_person_years_count_from_the_last_payment_or_the_next_year(tmp_path):
    """40 people from 2027, 40 from 2028: 40 + 80 = 120; a tenth less for the second year."""
    both = [action("W", WEST, 100), action("E", EAST, 100)]
    found = result(tmp_path, *both, objective="person_years")
    assert chosen(found) == [("E", 2027), ("W", 2028)]
    assert found.objective == 120
    found = result(tmp_path, *both, objective="person_years", discount=0.25)
    assert found.objective == pytest.approx(40 + 80 / 1.25)
    found = result(tmp_path, *both, objective="person_years", serves_from="next_year")
    assert found.objective == 40
    assert [one.newly_served for one in found.by_year] == [0, 40]


@pytest.mark.slow
def test_a_promise_is_kept_or_named_with_its_year(tmp_path):
    found = result(tmp_path, action("F", FAR, 90, promised=2027), action("W", WEST, 90))
    assert chosen(found) == [("F", 2027), ("W", 2028)]
    found = result(tmp_path, action("F", FAR, 190, promised=2028))
    assert (found.status, found.why.code) == ("infeasible", "plan-promise-not-paid")
    assert dict(found.why.values) == {"action": "F", "year": "2028"}
    both = [action("E", EAST, 60, promised=2027), action("F", FAR, 60, promised=2027)]
    found = result(tmp_path, *both)
    assert dict(found.why.values) == {"action": "F", "year": "2027"}
    found = result(tmp_path, action("F", FAR, 9, promised=2027, earliest=2028))
    assert found.why.code == "plan-promise-too-late"


@pytest.mark.slow
def test_weights_by_need_choose_and_heads_are_reported(tmp_path):
    """FAR serves 40 in N2, WEST 40 in N1; N2 is half as needy: WEST is done, 40 heads."""
    needs = {"N1": 1.0, "N2": 0.5, "N3": 0.5, "N4": 0.5}
    actions = [action("A", EAST, 100), action("W", WEST, 100)]
    found = result(tmp_path, *actions, budgets=[100, 0], weights="need", needs=needs)
    assert chosen(found) == [("W", 2027)]
    assert found.objective == 40


def test_a_neighbourhood_without_a_need_weighs_nothing(tmp_path):
    """N2, where EAST serves 40, has no need: WEST is done, though it costs more."""
    needs = {"N1": 0.1, "N3": 0.5, "N4": 0.5}
    actions = [action("A", EAST, 90), action("W", WEST, 100)]
    found = result(tmp_path, *actions, budgets=[100, 0], weights="need", needs=needs)
    assert chosen(found) == [("W", 2027)]
    lacking = next(one for one in found.notes if one.code == "plan-weights-without-need")
    assert dict(lacking.values) == {"count": 1}


def test_the_curve_is_solved_anew_and_never_falls(tmp_path):
    """100 in two years are 50 and 50: F (50, for 10 people) alone; 200 pay W and E: F drops out."""
    actions = [
        action("W", WEST, 100), action("E", EAST, 100, service="school"),
        action("F", (1890, 505), 50, excludes="W"),
    ]  # fmt: skip
    found = result(tmp_path, *actions, curve=[0, 100, 200])
    assert [(one.budget, one.people) for one in found.curve] == [(0, 0), (100, 10), (200, 80)]
    assert found.curve[2].dropped == ("F",)


def test_a_bridge_alone_serves_nobody_and_with_a_site_more_than_the_sum(tmp_path):
    """From (500, 1,500) it is 1,000 m to the street; a site at (890, 1,505) is 390 m off."""
    frame = [
        action("B", [(500, 1500), (900, 1500), (900, 1510)], 10, service="streets"),
        action("K", (890, 1505), 10),
    ]
    found = result(tmp_path, *frame)
    assert found.objective == 20
    assert {one.id: one.newly_served_alone for one in found.actions} == {"B": 0, "K": 0}
    assert {one.id: one.newly_served_in_plan for one in found.actions} == {"B": 20, "K": 20}


def test_newly_served_is_what_a_build_with_the_sites_serves_more(tmp_path):
    found = result(tmp_path, action("F", FAR, 60), action("W", WEST, 100))
    table = {"add": {"kindergarten": [
        {"id": key, "x": small_city.X + at[0], "y": small_city.Y + at[1]}
        for key, at in (("F", FAR), ("W", WEST))
    ]}}  # fmt: skip
    inputs = planned.inputs_of(tmp_path / "city.toml", scenarios={"x": table})
    after = inputs.edited(inputs.city, inputs.scenarios["x"])
    answers = inputs.evaluate(after, inputs.queries)
    (built,) = [one for one in answers.results if one.query.variant == "kindergarten"]
    assert found.objective == pytest.approx(built.city * inputs.city.residents.total)


@pytest.mark.parametrize(
    ("actions", "why"),
    [
        ([action("A", WEST, -5)], "action 'A': cost is -5; it cannot be negative"),
        ([action("A", WEST, 2, running=-3)], "action 'A': running is -3; it cannot be negative"),
        ([action("A", WEST, 2, earliest=1)], "earliest is 1; it must be a calendar year"),
        ([action("A", WEST, 2, promised=28)], "promised is 28; it must be a calendar year"),
        ([action("A", WEST, 2.5)], "action 'A': cost is 2.5; it must be a whole number"),
        ([action("A", WEST, 5, payments="1;1;3")], "payments in 3 years, and the programme has 2"),
        ([action("A", WEST, 5, payments="1;3")], "payments add up to 4, and cost is 5"),
        ([action("A", WEST, 5, payments="1;x")], "payments: is 'x', which is no number"),
        ([action("A", WEST, 5, payments="1;;4")], "an amount between two ';' is missing"),
        ([action("A", WEST, 5, requires="B")], "requires 'B', which is no action"),
        ([action("A", WEST, 5, requires="A")], "requires itself"),
        ([action("A", WEST, 5, promised="soon")], "promised is 'soon', which is no number"),
        (
            [action("A", WEST, 5, requires="B"), action("B", WEST, 5, requires="A")],
            "in a circle: A → B → A",
        ),
        (
            [action("A", WEST, 5, requires="B", excludes="B"), action("B", EAST, 5)],
            "both requires and excludes 'B'",
        ),
        ([action("A", WEST, 5, service="kindergaten")], "no distance for its service"),
        ([action("A", WEST, 5), action("A", EAST, 5)], "'A' occurs more than once"),
    ],
)
def test_what_is_wrong_with_actions_is_said_before_anything_is_solved(actions, why, tmp_path):
    inputs = planned.inputs_of(city(tmp_path, *actions), plan=planned.table(tmp_path))
    errors = list(programme_errors(inputs))
    assert any(why in one for one in errors), errors


def test_all_that_is_wrong_with_actions_is_said_at_once(tmp_path):
    wrong = [action("A", WEST, 5, requires="B"), action("B", WEST, 5, requires="A"),
             action("C", EAST, 2.5, service="kindergaten")]  # fmt: skip
    inputs = planned.inputs_of(city(tmp_path, *wrong), plan=planned.table(tmp_path))
    errors = "\n".join(programme_errors(inputs))
    for why in ("in a circle: A → B → A", "must be a whole number", "no distance for its service"):
        assert why in errors


@pytest.mark.parametrize("places", ["some", "none"])
def test_actions_without_a_place_come_from_a_table_and_serve_nobody(places, tmp_path):
    """B serves 40 at 150 m and requires A, which is paid in both years and has no place."""
    path = city(tmp_path, action("W", WEST, 40))
    at = f"{small_city.X + 150};{small_city.Y + 505}" if places == "some" else ";"
    (tmp_path / "actions.csv").write_text(
        "id;service;cost;payments;requires;excludes;promised;earliest;running;x;y\n"
        'A;;50;"20;30";;;2028;;;;\n'
        f"B;kindergarten;30;;A;;;;;{at}\n",
        encoding="utf-8",
    )
    if places == "none":
        (tmp_path / "actions.csv").write_text(
            "id,service,cost,payments,requires,excludes,promised,earliest,running\n"
            "A,,50,20;30,,,2028,,\nB,kindergarten,30,,A,,,,\n",
            encoding="utf-8",
        )
    path.write_text(CITY.replace("actions.gpkg", "actions.csv"), encoding="utf-8")
    inputs = planned.inputs_of(path, plan=planned.table(tmp_path))
    assert list(programme_errors(inputs)) == []
    found = programmed(inputs, None)
    if places == "some":
        assert chosen(found) == [("A", 2027), ("B", 2027)]
        assert found.objective == 40
    else:
        assert chosen(found) == [("A", 2027)]
        assert dict(found.left_out)["B"].code == "plan-left-few"
    assert [one.spent for one in found.by_year] == ([50, 30] if places == "some" else [20, 30])


def test_a_cost_that_is_no_number_is_reported_once(tmp_path):
    actions = [action("A", WEST, 5, payments="5")]
    path = city(tmp_path, *actions)
    frame = gpd.read_file(tmp_path / "actions.gpkg").assign(cost="many")
    frame.to_file(tmp_path / "actions.gpkg")
    inputs = planned.inputs_of(path, plan=planned.table(tmp_path))
    (error,) = programme_errors(inputs)
    assert error.endswith("action 'A': cost is 'many', which is no number")


def test_circles_are_found_once_each_from_their_least_key():
    asked = {"A": ["B"], "B": ["C", "D"], "C": ["A"], "D": ["E"], "E": ["D"], "F": ["A"]}
    assert circles(asked) == [["A", "B", "C"], ["D", "E"]]
    assert circles({"A": ["B", "C"], "B": ["C"], "C": []}) == []


def test_persons_who_own_an_action_are_refused_and_offices_are_not(tmp_path):
    """Owners and sources of money are published as they are written."""
    table = {"years": [2027], "budgets": [100], "actions": {
        "layer": "actions", "columns": {"owner": "owner", "funding": "source"}}}  # fmt: skip
    offices = {"owner": "Direkcija za puteve", "source": "Kredit EBRD"}
    for owner, found in (("Petrović, Ana", "names of persons"), ("tel. 067 123 456", "phone")):
        file = city(tmp_path, action("W", WEST, 10, **offices | {"owner": owner}))
        (error,) = programme_errors(planned.inputs_of(file, plan=table))
        assert "'owner', declared as owner of [plan.actions]" in error
        assert found in error
        assert owner not in error
    file = city(tmp_path, action("W", WEST, 10, **offices))
    assert list(programme_errors(planned.inputs_of(file, plan=table))) == []
