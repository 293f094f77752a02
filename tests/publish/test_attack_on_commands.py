"""A hidden family changes no output of any command, nor of the page that compares cities.

Six people live in Q5, 640 m from the west, or nine, 1,160 m from it: whatever is printed, drawn or
written of the one village and of the other is the same.
"""

import json

import pytest
import village
from command import run
from published_bytes import files_of, told_by

pytestmark = pytest.mark.slow  # two villages, all commands

PLAN = """
[indicators.coverage_within]
services = { school = 300 }
[indicators.nearest_facility_m]
services = ["school"]
[indicators.population_density]
[publish]
isochrones = { school = [300] }
[plan]
years = [2027, 2028]
budgets = [20, 20]
[plan.actions]
layer = "plots"
[plan.needs]
rule = "rank"
[plan.needs.themes.education]
indicators = [{ id = "coverage_within", variant = "school", target = 0.9, worst = 0 }]
[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
problem = "max_coverage"
within_m = 300
new = 1
[scenario.near]
add = { school = [{ id = "n", x = 357700, y = 4700905 }] }
"""
PRINTED = {
    "explain": ("explain", "coverage_within", "--city", "FILE", "--json"),
    "explain of the hidden": (
        "explain", "nearest_facility_m", "--city", "FILE", "--neighbourhood", "Q5", "--json",
    ),
    "plan": ("plan", "FILE", "--json", "--quiet"),
    "plan by votes": ("plan", "FILE", "--json", "--quiet", "--weights", "VOTE"),
    "scenario": ("scenario", "FILE", "--json", "--quiet"),
}  # fmt: skip
WRITTEN = {
    "report.docx": ("report", "FILE", "--format", "docx", "--out"),
    "report.html": ("report", "FILE", "--format", "html", "--out"),
    "report.pdf": ("report", "FILE", "--format", "pdf", "--out"),
    "figures": ("figure", "FILE", "--format", "svg", "--kind", "map", "--kind", "rank",
                "--kind", "lorenz", "--out"),
    "maps": ("build", "FILE", "OTHER", "--out"),
}  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A folder of each village; the other city of the index page is the same in both."""
    root = tmp_path_factory.mktemp("villages")
    other = village.write_village(root / "other", PLAN)
    other.write_text(other.read_text("utf-8").replace('"village"', '"other"'), "utf-8")
    folders = []
    for few, place in ((6, 640.0), (9, 1160.0)):
        folder = root / f"{few}" / "village"
        folder.parent.mkdir()
        village.write_village(folder, PLAN, people=village.homes(few, place))
        (folder / "vote.json").write_text(json.dumps({"weights": {"education": 1.0}}), "utf-8")
        folders.append(folder)
    return folders, other


def _said(both, arguments, *more):
    """What a command prints, of each village."""
    folders, other = both
    for folder in folders:
        names = {"FILE": folder / "city.toml", "OTHER": other, "VOTE": folder / "vote.json"}
        rest = [folder / one for one in more]
        done = run(*(names.get(one, one) for one in arguments), *rest)
        assert done.returncode == 0, done.stderr
        yield done.stdout.replace(str(folder), "")


@pytest.mark.parametrize("name", PRINTED)
def test_few_people_change_nothing_that_is_printed(both, name):
    one, another = _said(both, PRINTED[name])
    assert len(one) > 100
    assert one == another


@pytest.mark.parametrize("name", WRITTEN)
def test_few_people_change_nothing_that_is_written(both, name):
    list(_said(both, WRITTEN[name], name))
    one, another = (
        files_of(folder / name) if (folder / name).is_dir() else {name: folder / name}
        for folder in both[0]
    )
    assert one.keys() == another.keys()
    assert one
    assert [key for key in one if told_by(one[key]) != told_by(another[key])] == []


def test_an_internal_plan_tells_of_them(both):
    """The same comparison finds what is not suppressed."""
    said = []
    for folder in both[0]:
        file = folder / "internal.toml"
        text = (folder / "city.toml").read_text("utf-8")
        file.write_text(text.replace("[publish]", '[publish]\ndisclosure = "internal"'), "utf-8")
        said.append(json.loads(run("plan", file, "--json", "--quiet").stdout)["siting"])
    assert said[0] != said[1]
