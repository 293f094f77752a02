"""The chapters of a report on a plan: nine squares by hand, in quick form.

The people of each square live at (250, 210) in it. Two schools serve 90 + 80 of 450 residents
within 300 m. C1 at (200, 600) would serve the 120 of Q1, C2 at (850, 200) the 60 of Q4 and the 30
of Q9, C3 at (850, 600) the 10 of Q3 and the 40 of Q8.

C1 is paid with 40 and 60, C2 costs 80, C3 costs 60, and each year has 100. C2 fits beside C1 in no
year; C1 and C3 serve 170 people, more than any other choice, and only from 2027 on.
"""

import pytest
import shapely
import toy
from city_folder import rewrite, save
from plan_city import add_plots, write_plan

from urbanlayer import contents, pipeline
from urbanlayer.publish.report import report_of
from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Table
from urbanlayer.publish.words import Words
from urbanlayer.stages import Errors, Stages

PLAN = """
[plan]
years = [2027, 2028]
budgets = [100, 100]

[plan.actions]
layer = "plots"
columns = { service = "service", cost = "price", payments = "paid", funding = "source" }

[plan.needs]
rule = "target"
[plan.needs.themes.education]
indicators = [{ id = "coverage_within", variant = "school", target = 0.9, worst = 0 }]

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
measures = [{ title = "New schools", actions = ["C1", "C2"] }]
"""
SITES = {"C1": (200, 600), "C2": (850, 200), "C3": (850, 600)}
CHAPTERS = [
    "The city in one page", "Services", "Urban form", "Performance of public enterprises",
    "Priorities", "Goals, measures, actions", "Investment programme", "Actions, a sheet each",
    "Monitoring", "Neighbourhood sheets", "Method, sources, limits",
]  # fmt: skip


@pytest.fixture(scope="module")
def publication(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nine")
    write_plan(folder, plan=PLAN)
    x0, y0 = toy.ORIGIN
    homes = [
        shapely.Point(x0 + 400 * column + 250, y0 + 400 * row + 210)
        for row in range(3)
        for column in range(3)
    ]
    people = {"people": list(toy.CENSUS.values())}
    save(folder / "population.geojson", homes, people, lonlat=True)
    add_plots(
        folder, SITES, service=["school"] * 3, price=[100, 80, 60], paid=["40;60", "", ""],
        source=["loan", "", "budget"],
    )  # fmt: skip
    rewrite(folder, "{ school = 500 }", "{ school = 300 }")
    file = pipeline.read_city_file(folder / "city.toml")
    found = pipeline.evaluated(file, Stages(), Errors())
    return contents.contents_of_evaluation(file, found, Stages()).shown


@pytest.fixture(scope="module")
def report(publication):
    return report_of(publication, None, Words.for_language("en"), pictures=False)


def table(report, caption):
    """The only table of that caption: its head and its rows."""
    (found,) = [b for b in report.blocks if isinstance(b, Table) and b.caption == caption]
    plain = tuple(tuple(cell.replace("\N{NO-BREAK SPACE}", " ") for cell in r) for r in found.rows)
    return found.head, plain


def texts(report):
    """Every text of a report."""
    for block in report.blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text):
                yield text
            case Bullets(items=items):
                yield from items
            case Table(caption=caption, head=head, rows=rows):
                yield from (caption, *head, *(cell for row in rows for cell in row))


def test_the_chapters_stand_in_the_order_of_an_annex(report):
    found = [b.text for b in report.blocks if isinstance(b, Heading) and b.level == 1]
    assert found == CHAPTERS


def test_money_is_told_by_year_and_source(report):
    head, rows = table(report, "Cost by source of money and year")
    assert head == ("Source of money", "2027", "2028", "Total")
    assert rows == (
        ("budget", "60 EUR", "–", "60 EUR"),
        ("loan", "40 EUR", "60 EUR", "100 EUR"),
        ("Total", "100 EUR", "60 EUR", "160 EUR"),
    )
    _, by_year = table(report, "Budget by year")
    assert [row[2] for row in by_year] == ["100 EUR", "60 EUR"]


def test_the_summary_is_made_of_the_numbers(report):
    bullets = next(b for b in report.blocks if isinstance(b, Bullets))
    assert bullets.items[-1] == (
        "Investment programme: 2027–2028; Actions: 2; Spent: 160\N{NO-BREAK SPACE}EUR; "
        "People newly served: 170"
    )
    assert bullets.items[-2].startswith("First by need: Q1, ")


def test_an_enterprise_names_where_it_misses_its_target(report):
    _, (row,) = table(report, "Schools of the city")
    title, _, now, after, target, fails = row
    assert (now, after, target) == ("38%", "76%", "90%")  # 170 and 340 of 450
    assert title == "School, 300 m on foot"
    assert fails == "Q1, Q3, Q4 and 3 more"  # today, of seven without a school one has nobody


def test_each_action_of_the_programme_has_a_sheet(report):
    rows = dict(table(report, "C1")[1])
    assert rows["Cost"].split("\n") == [
        "100 EUR",
        "2027: 40 EUR; 2028: 60 EUR",
        "Source of money: loan",
    ]
    heads = [b.text for b in report.blocks if isinstance(b, Heading)]
    assert "C3" in heads
    assert "C2" not in heads


@pytest.mark.parametrize(
    "language", ["en", "sr_Latn_ME", "sr_Cyrl_ME", "sq", "bs", "mk", "de", "fr"]
)
def test_no_language_has_raw_ids_or_open_places(publication, language):
    report = report_of(publication, None, Words.for_language(language), pictures=False)
    for text in texts(report):
        assert not set("_{}") & set(text), text  # ids and places of templates
        assert text.strip() == text


def test_cross_references_lead_to_a_caption(report):
    pointed = [(b, see) for b, _, see in report.numbered() if see]
    captions = {one.anchor for one in report.captions() if one is not None}
    assert len(pointed) == 2  # a result each
    assert all(one.anchor in captions for _, see in pointed for one in see)
