"""`[plan]` and `[scenario.NAME]`: what is refused before any data is read, all at once."""

import pytest
from city_folder import rewrite, told
from plan_city import write_plan

from urbanlayer.pipeline import read_city_file

GOOD = """
[layers.plots]
path = "schools.geojson"
key = "id"

[plan]
years = [2027, 2028]
budgets = [320_000, 0]
weights = "need"
[plan.needs.themes.education]
indicators = [{ id = "coverage_within", variant = "school", target = 0.9, worst = 0 }]
[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
problem = "max_coverage"
within_m = 500
new = 1
weights = { Q7 = 1.0 }
[[plan.siting]]
id = "kindergartens"
service = "kindergarten"
candidates = "plots"
problem = "full_coverage"
within_m = 400
[plan.actions]
layer = "plots"
[scenario.second_school]
add = { school = [{ id = "S9", x = 357100.0, y = 4700100.0 }] }
close = { school = ["S1"] }
streets = { add = [[[357000, 4700000], [357100, 4700100]]] }
"""


@pytest.fixture
def city(tmp_path):
    write_plan(tmp_path, GOOD)
    return tmp_path


def test_what_is_declared_is_read(city):
    plan = read_city_file(city / "city.toml").spec.plan
    assert plan.budgets == [320_000, 0]
    assert plan.needs.rule == "target"
    assert plan.needs.draws == 1000
    assert plan.siting[0].weights == {"Q7": 1.0}
    assert plan.actions.columns.cost == "cost"


SCHOOLS = '{ id = "coverage_within", variant = "school", target = 0.9, worst = 0 }'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("budgets = [320_000, 0]", "budgets = [320_000]", "1 budgets for 2 years"),
        ("budgets = [320_000, 0]", "budgets = [-1, 0]", "plan.budgets.0: -1 is negative"),
        ("budgets = [320_000, 0]", "budgets = [1.5, 0]", "plan.budgets.0: input should be a valid"),
        ("years = [2027, 2028]", "years = [2028, 2027]", "not years one after the other"),
        ("[plan]\nyears", "[plan]\nyeers = [1]\nyears", "unknown key; did you mean 'years'?"),
        (
            'variant = "school"',
            'variant = "scool"',
            "no variant 'scool'; did you mean 'school'?",
        ),
        ('id = "coverage_within"', 'id = "coverage_witin"', "did you mean 'coverage_within'?"),
        ("target = 0.9, ", "", "set target = the value without any need"),
        (", worst = 0", "", "set worst = the value of the greatest need"),
        ("worst = 0", "worst = 0.9", "target and worst are both 0.9"),
        ("worst = 0", "worst = 1", "higher is better, but target = 0.9 and worst = 1"),
        ("worst = 0", "worst = 0, weight = -1", "the weight of coverage_within.school is -1"),
        ("worst = 0", "worst = 0, weight = 0", "all weights are 0"),
        (  # the second threshold of a result has a weight of its own
            "worst = 0 }",
            f"worst = 0, weight = -1, parameters = {{ distance_m = 300 }} }}, {SCHOOLS}",
            "the weight of coverage_within.school.300 is -1",
        ),
        (
            "themes.education]",
            "themes.education]\nweight = 0",
            "plan.needs.themes: all weights are 0",
        ),
        ("weights = { Q7 = 1.0 }", "weights = { Q7 = 0.0 }", "weights: all weights are 0"),
        ("weights = { Q7 = 1.0 }", "weights = { Q7 = -1.0 }", "the weight of Q7 is -1"),
        ('service = "kindergarten"', 'service = "kindergarden"', "did you mean 'kindergarten'?"),
        ('service = "kindergarten"', 'service = "streets"', "is no service"),
        ('candidates = "plots"', 'candidates = "plot"', "did you mean 'plots'?"),
        ('id = "kindergartens"', 'id = "schools"', "the id 'schools' stands 2 times"),
        ("new = 1", "new = -1", "new: -1 is negative"),
        ("new = 1\n", "", "needs new = 2 (number of new sites), or budget"),
        ("new = 1\n", "budget = 5\n", "needs cost"),
        ("new = 1\n", 'new = 1\nbudget = 5\ncost = "a"\n', "new stands there too"),
        ('candidates = "plots"', 'candidates = "school"', "is the service, which stands already"),
        ("years = [2027", 'currency = ""\nyears = [2027', "plan.currency: string should have at"),
        ("within_m = 500\n", "", "max_coverage needs within_m"),
        ("within_m = 500", "within_m = 500\nfloor = 1.5", "floor: input should be less than"),
        ('[plan.actions]\nlayer = "plots"', '[plan.actions]\nlayer = "plotz"', "did you mean"),
        ("years = [2027, 2028]\nbudgets = [320_000, 0]\n", "", "needs [plan] years and budgets"),
        ('add = { school = [{ id = "S9"', 'add = { shool = [{ id = "S9"', "no service 'shool'"),
        ('close = { school = ["S1"] }', 'close = { stop = ["S1"] }', "there is no [layers.stop]"),
        ('close = { school = ["S1"] }', 'residents = "new.csv"', "'new.csv' does not exist"),
        (
            "[plan.actions]",
            '[[plan.goal]]\nid = "g"\ntitle = "G"\ntarget_date = 2020-01-01\n[plan.actions]',
            "target_date: is not after",
        ),
        (
            "[plan.actions]",
            '[[plan.goal]]\nid = "g"\ntitle = "G"\nbaseline_date = 2020-01-01\n[plan.actions]',
            "baseline_date: there is no baseline of that day",
        ),
    ],
)
def test_each_error_is_named_and_nothing_is_written(city, old, new, message):
    rewrite(city, old, new)
    assert message in told(city, city / "out")


def test_a_value_that_may_have_two_shapes_is_wrong_once(city):
    """Weights are a word or a table, residents a path or a list."""
    rewrite(city, "weights = { Q7 = 1.0 }", 'weights = "peple"')
    rewrite(city, "[scenario.second_school]", "[scenario.second_school]\n"
            "residents = [{ x = 357100.0, y = 4700100.0, people = -5 }]")  # fmt: skip
    said = told(city, city / "out")
    assert said.startswith("city.toml: 2 errors")
    assert "siting.0.weights: input should be 'people' or 'need' (here: 'peple')" in said
    assert "residents.0.people: input should be greater than 0 (here: -5)" in said


def test_all_errors_are_told_at_once(city):
    rewrite(city, "budgets = [320_000, 0]", "budgets = [1]")
    rewrite(city, "worst = 0 }", "worst = 0.9 }")
    rewrite(city, 'candidates = "plots"', 'candidates = "plotz"')
    rewrite(city, 'close = { school = ["S1"] }', 'close = { stop = ["S1"] }')
    said = told(city, city / "out")
    for part in ("1 budgets for 2 years", "both 0.9", "layers.plotz", "layers.stop"):
        assert part in said
    assert said.startswith("city.toml: 4 errors")


def test_need_as_weight_needs_needs(city):
    text = (city / "city.toml").read_text(encoding="utf-8")
    start = text.index("[plan.needs.themes.education]")
    end = text.index("[[plan.siting]]")
    (city / "city.toml").write_text(text[:start] + text[end:], encoding="utf-8")
    assert "there is no [plan.needs]" in told(city, city / "out")


def test_two_thresholds_of_one_variant_need_parameters(city):
    rewrite(city, "services = { school = 500 }", "services = { school = [500, 800] }")
    assert "coverage_within.school.500, coverage_within.school.800" in told(city, city / "out")
    rewrite(city, "worst = 0 }", "worst = 0, parameters = { distance_m = 800 } }")
    assert read_city_file(city / "city.toml").spec.plan is not None


def test_a_relative_rule_needs_a_direction(city):
    rewrite(city, "[plan.needs.themes.education]", '[plan.needs]\nrule = "rank"\n'
            "[plan.needs.themes.education]")  # fmt: skip
    rewrite(city, 'id = "coverage_within", variant = "school", target = 0.9, worst = 0',
            'id = "population_density"')  # fmt: skip
    assert "neither more nor less of it is better" in told(city, city / "out")
