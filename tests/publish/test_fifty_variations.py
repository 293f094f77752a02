"""Ten variations of each of five ways in which a publication told of a person.

Layers that are only counted (points with names, and land with names of its owners), a neighbourhood
of few people, a child who alone is hidden, and one person between two publications: built from end
to end, and read as they are published, in every file.
"""

import json

import geopandas as gpd
import pytest
import village
from command import run
from published_bytes import all_bytes, files_of, told_by
from published_tables import rows

import urbanlayer

pytestmark = pytest.mark.slow  # seventy builds

COVERAGE = "\n[indicators.coverage_within]\nservices = { school = 300 }\n"
NESTED = "\n[indicators.coverage_within]\nservices = { school = [250, 300, 350] }\n"
METRES = '\n[indicators.nearest_facility_m]\nservices = ["school"]\n'
OF_GROUP = {
    group: COVERAGE + f'groups = ["{group}"]\n' + METRES + f'groups = ["{group}"]\n'
    for group in ("children", "women")
}
GROUPS = '\n[residents.groups]\nwomen = "women"\nchildren = "children"\nold = "old"\n'
EVERY_FORMAT = """
[publish]
formats = ["html", "csv", "csv_wide", "gpkg", "geojson", "flatgeobuf", "geoparquet", "xlsx", "qgis",
    "datapackage", "metadata", "figures", "embeds"]
figures = ["map", "rank", "lorenz"]
"""
MODES = "\n[modes.pram]\nspeed_kmh = 4\n" + COVERAGE + 'modes = ["walk", "cycle", "pram"]\n'
NEEDS = """
[plan.needs]
rule = "{rule}"
[plan.needs.themes.education]
indicators = [{{ id = "coverage_within", variant = "school", target = 0.9, worst = 0 }}]
[[plan.enterprise]]
name = "Schools"
layers = ["school"]
indicators = [{{ id = "coverage_within", variant = "school", target = 0.9 }}]
"""
FLOOR = """
[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
problem = "max_coverage"
within_m = 300
new = 1
floor = 0.05
"""
CHOSEN = """
[plan]
years = [2027, 2028]
budgets = [20, 20]
[plan.actions]
layer = "plots"
[scenario.near]
add = { school = [{ id = "n", x = 357700, y = 4700905 }] }
""" + "".join(
    f"""
[[plan.siting]]
id = "{problem}"
service = "school"
candidates = "plots"
problem = "{problem}"
within_m = 300
{number}
"""
    for problem, number in (
        ("max_coverage", "new = 1"),
        ("min_distance", "new = 2"),
        ("full_coverage", ""),
    )
)
"""Sites, actions and a scenario that serve the few people of Q5 too, were they counted."""
OTHERS = """
[indicators.population_density]
[indicators.nearest_facility_min]
services = ["school"]
[indicators.nearest_facility_p90_m]
services = ["school"]
[indicators.cumulative_opportunities]
services = ["school"]
[indicators.coverage_soft]
services = { school = 300 }
"""


def _built(folder, text, people, **frames):
    """Folder of a publication of the village with these people."""
    only = frames.pop("only", None)
    file = village.write_village(folder, text, people=people, **frames)
    urbanlayer.build(file, folder / "out", only=only)
    return folder / "out"


def _same_files(before, after):
    """Names of files that tell different things in two publications."""
    first, second = files_of(before), files_of(after)
    assert first.keys() == second.keys()
    assert len(first) > 3
    return [name for name, path in first.items() if told_by(path) != told_by(second[name])]


# A neighbourhood of few people -------------------------------------------------------------------

HIDDEN = {
    "thresholds": NESTED,
    "formats": COVERAGE + METRES + EVERY_FORMAT,
    "groups": GROUPS + OF_GROUP["women"],
    "modes": MODES,
    "others": OTHERS,
    "second source": 'second_source = ["census"]\n' + COVERAGE + METRES,
    "isochrones": COVERAGE + "\n[publish]\nisochrones = { school = [300] }\n",
    "plan": COVERAGE + NEEDS.format(rule="rank") + CHOSEN,
    "nearer": COVERAGE
    + "\n[scenario.near]\nadd = { school = [{ id = 'n', x = 357100, y = 4701510 }] }\n",
    "one alone": COVERAGE + METRES,
}


@pytest.mark.parametrize("name", HIDDEN)
def test_few_people_of_a_neighbourhood_change_no_file(tmp_path, name):
    """Six live 640 m from the west, or nine 1,160 m from it; 12 is the next smallest."""
    only = "coverage_within" if name == "one alone" else None
    near, far = (
        _built(tmp_path / str(place), HIDDEN[name], village.homes(few, place), only=only)
        for few, place in ((6, 640.0), (9, 1160.0))
    )
    assert _same_files(near, far) == []
    shown = json.loads((near / "data/neighbourhoods.geojson").read_text(encoding="utf-8"))
    assert {one["properties"]["key"]: one["properties"]["residents"] for one in shown["features"]}[
        "Q5"
    ] is None


# A child who alone is hidden ----------------------------------------------------------------------

CHILD = {
    "metres": METRES + 'groups = ["children"]\n',
    "thresholds": NESTED + 'groups = ["children"]\n',
    "ages": NESTED + 'groups = ["children", "old"]\n' + METRES + 'groups = ["children", "old"]\n',
    "with women": COVERAGE + 'groups = ["women", "children"]\n',
    "formats": OF_GROUP["children"] + EVERY_FORMAT.replace(', "figures"', ""),
    "modes": MODES + 'groups = ["children"]\n',
    "minutes": METRES.replace("_m]", "_min]") + 'groups = ["children"]\n',
    "needs": OF_GROUP["children"]
    + NEEDS.format(rule="z_score").replace(
        'variant = "school"', 'variant = "school", group = "children"'
    ),
    "nearer": OF_GROUP["children"]
    + "\n[scenario.near]\nadd = { school = [{ id = 'n', x = 357100, y = 4701510 }] }\n",
    "one alone": OF_GROUP["children"],
}


@pytest.mark.parametrize("name", CHILD)
def test_where_a_hidden_child_lives_changes_no_file(tmp_path, name):
    """The only child of Q5 lives 640 m or 1,160 m from the west, each among 30 people."""
    only = "nearest_facility_m" if name == "one alone" else None
    near, far = (
        _built(
            tmp_path / str(place), GROUPS + CHILD[name], village.homes(child_at=place), only=only
        )
        for place in (640.0, 1160.0)
    )
    assert _same_files(near, far) == []
    told = [row for row in rows(near) if "group=children" in row["parameters"]]
    assert {row["value"] for row in told if row["key"] == "Q5"} == {""}
    assert len({row["value"] for row in told}) > 2


# Layers that are only counted ---------------------------------------------------------------------

PERSONS = ("Petrović, Ana", "Marković, Ivo", "Đurović, Šćepan", "Nikčević, Žana")
PLACES = ((137.25, 280.5), (655.75, 910.5), (1611.5, 1480.25), (820.5, 1480.25))
COUNTED = """
[layers.welfare_cases]
path = "cases.gpkg"
key = "id"
{cases}
[layers.informal]
path = "informal.gpkg"
{informal}
[[custom_indicator]]
id = "cases_1000"
kind = "count_per_1000"
layer = "welfare_cases"
title = "Cases"
{of_cases}
[[custom_indicator]]
id = "land"
kind = "share_of_area"
layer = "informal"
title = "Land"
{of_land}
"""
COUNTED_WITH = {
    "plain": {},
    "formats": {"more": EVERY_FORMAT},
    "named, and allowed": {
        "cases": 'name = "naziv"\npersonal = "allowed"\n',
        "informal": 'key = "naziv"\npersonal = "allowed"\n',
    },
    "where of layers": {
        "cases": "where = { naziv = ['Petrović, Ana', 'Marković, Ivo'] }\n",
        "informal": "where = { naziv = ['Petrović, Ana', 'Nikčević, Žana'] }\n",
    },
    "where of indicators": {
        "of_cases": "where = { naziv = ['Petrović, Ana', 'Marković, Ivo'] }\n",
        "of_land": "where = { naziv = 'Nikčević, Žana' }\n",
    },
    "a sum": {"of_cases": 'field = "iznos"\n'},
    "isochrones": {"more": COVERAGE + "\n[publish]\nisochrones = { school = [300] }\n"},
    "a plan": {"more": COVERAGE + NEEDS.format(rule="min_max") + FLOOR},
    "a scenario": {
        "more": COVERAGE
        + "\n[scenario.near]\nadd = { school = [{ id='n', x=357100, y=4701510 }] }\n"
    },
    "modes": {"more": MODES},
}


@pytest.fixture(scope="module", params=COUNTED_WITH)
def counted(request, tmp_path_factory):
    """What is published of a village with such layers, with what the commands print of it."""
    folder = tmp_path_factory.mktemp("counted") / "village"
    texts = dict.fromkeys(("cases", "informal", "of_cases", "of_land", "more"), "")
    texts |= COUNTED_WITH[request.param]
    points = [village.at(*place) for place in PLACES]
    columns = {"naziv": PERSONS, "iznos": [5, 7, 9, 11]}
    cases = gpd.GeoDataFrame(
        {"id": ["w1", "case-2b", "case-2b", "w4"], **columns}, geometry=points, crs=village.CRS
    )
    land = [one.buffer(20) for one in points[:3]]
    informal = gpd.GeoDataFrame(columns, geometry=[*land, None], crs=village.CRS)
    file = village.write_village(
        folder, COUNTED.format(**texts) + texts["more"], cases=cases, informal=informal
    )
    urbanlayer.build(file, folder / "out")
    urbanlayer.check(file, folder / "inventory")
    printed = [
        run("explain", "cases_1000", "--city", file, "--neighbourhood", "Q1").stdout,
        run("explain", "land", "--city", file, "--json").stdout,
        run("compare", folder / "out", folder / "out", "--json").stdout,
    ]
    assert all(printed)
    paths = [*files_of(folder / "out").values(), *files_of(folder / "inventory").values()]
    return paths, [*(one.encode() for one in printed)], request.param


@pytest.mark.parametrize("layer", ["welfare_cases", "informal"])
def test_no_name_or_place_of_a_counted_feature_is_published(counted, layer):
    """A condition of the city file that names a person is the planner's own, and not published."""
    paths, printed, _ = counted
    persons = PERSONS if layer == "welfare_cases" else PERSONS[:3]
    texts = [part for one in persons for part in one.split(", ")]
    places = [f"{value + start:.10g}" for place in PLACES
              for value, start in zip(place, (village.X, village.Y), strict=True)
              if value % 10]  # fmt: skip
    wanted = [code for one in (*texts, *places, "case-2b") for code in (one, json.dumps(one)[1:-1])]
    contents = [part for path in paths for part in all_bytes(path.read_bytes())]
    assert len(contents) > 12
    found = [one for one in wanted for part in (*contents, *printed) if one.encode() in part]
    assert found == []


# One person between two publications --------------------------------------------------------------

PERSON = {
    "metres": METRES,
    "minutes": '\n[indicators.nearest_facility_min]\nservices = ["school"]\n',
    "thresholds": NESTED,
    "percentile": '\n[indicators.nearest_facility_p90_m]\nservices = ["school"]\n',
    "women": GROUPS + OF_GROUP["women"],
    "modes": MODES,
    "soft": "\n[indicators.coverage_soft]\nservices = { school = 300 }\n",
    "opportunities": '\n[indicators.cumulative_opportunities]\nservices = ["school"]\n',
    "second source": 'second_source = ["census"]\n' + METRES,
    "a nearer school": METRES
    + "\n[scenario.near]\nadd = { school = [{ id = 'n', x = 357100, y = 4701510 }] }\n",
}


@pytest.mark.parametrize("name", PERSON)
def test_the_walk_of_one_person_more_cannot_be_worked_out(tmp_path, name):
    """One person moves into Q1, 20 m or 580 m from the west; the school stands at 300 m.

    Residents times mean of the later publication, less those of the earlier: what the person adds.
    Either it is the same wherever that person lives, or nothing near to what they add.
    """
    tables = {}
    for place in (None, 20.0, 580.0):
        more = () if place is None else ((place, 300.0),)
        folder = _built(tmp_path / str(place), PERSON[name], village.homes(more=more))
        tables[place] = {
            tuple(
                row[column] for column in ("key", "indicator", "variant", "parameters", "method")
            ): row
            for row in rows(folder)
            if row["key"] == "Q1"
        }
    tried = 0
    for query, before in tables[None].items():
        one, other = (tables[place][query] for place in (20.0, 580.0))
        told = [row["residents"] for row in (before, one, other)]
        assert len(set(told)) == 1, query
        values = [float(row["value"]) for row in (before, one, other) if row["value"]]
        if len(values) < 3:
            continue
        tried += 1
        people = float(before["residents"])
        added = [people * (value - values[0]) for value in values[1:]]
        assert added[0] == added[1] or max(map(abs, added)) >= 11 * min(1, max(values)), query
    assert tried > 0
