"""What the kinds of figures show: the numbers of the plan and of the tables, and nothing else."""

import csv
import dataclasses
import io
from types import SimpleNamespace
from typing import get_args

import pandas as pd
import pytest

pytest.importorskip("matplotlib")

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from toy_publication import publication as toy_publication

from urbanlayer.model.note import Note
from urbanlayer.model.plan import CurvePoint, Need, Plan, ProgrammeResult, ProgrammeYear, Ranking
from urbanlayer.model.plan_specification import PlanSpec, ScenarioSpec
from urbanlayer.model.publish_specification import FigureKind
from urbanlayer.model.scenario_result import BeforeAfter, ScenarioResult
from urbanlayer.publish.data.equity_tables import equity_csv
from urbanlayer.publish.disclosure import disclosed
from urbanlayer.publish.equity import equities
from urbanlayer.publish.figures.drawing import sheet_of
from urbanlayer.publish.figures.kinds.table import KINDS
from urbanlayer.publish.figures.material import Grounds, Material
from urbanlayer.publish.report import report_of
from urbanlayer.publish.report.blocks import Picture
from urbanlayer.publish.words import Words

ENGLISH = Words.for_language("en")
NAN = float("nan")


@pytest.fixture(scope="module")
def toy():
    return disclosed(
        toy_publication(population_density={}, coverage_within={"services": {"school": 800}})
    )


def with_plan(publication, **parts):
    spec = publication.spec.model_copy(update={"scenario": {"bridge": ScenarioSpec()}})
    return dataclasses.replace(publication, spec=spec, plan=Plan(PlanSpec(), **parts))


def drawn(kind, publication, width=6.9):
    material = Material(publication, ENGLISH, width, Grounds(publication.city))
    return list(KINDS[kind](material, material.subjects))


def keys_of(publication):
    return [str(key) for key in publication.city.neighbourhoods.keys]


def test_the_kinds_of_the_city_file_are_those_that_can_be_drawn():
    assert set(get_args(FigureKind)) == set(KINDS)


def test_small_maps_show_each_result_in_the_classes_of_its_map(toy):
    (sheet,) = drawn("multiples", toy)
    maps = drawn("map", toy)
    assert [one.classes for one in sheet.data.maps] == [one.data.classes for one in maps]
    assert len(sheet.data.maps) == len(toy.results) == 2


def test_many_results_fill_several_sheets_of_twenty():
    many = disclosed(toy_publication(population_density={}))
    material = Material(many, ENGLISH, 6.9, Grounds(many.city))
    sheets = list(KINDS["multiples"](material, material.subjects * 41))
    assert [len(sheet.data.maps) for sheet in sheets] == [20, 20, 1]


def test_a_lorenz_curve_has_the_gini_coefficient_of_the_table_of_equity(toy):
    (figure,) = drawn("lorenz", toy)  # density is no good of which residents have more
    rows = list(csv.DictReader(io.StringIO(equity_csv(toy, equities(toy)).decode("utf-8-sig"))))
    (gini,) = [
        float(row["value"])
        for row in rows
        if row["measure"] == "gini"
        and row["over"] == "neighbourhoods"
        and row["indicator"] == "coverage_within"
    ]
    assert f"Gini coefficient {gini:.2f}." in figure.alt
    people, whole = zip(*figure.data.curves[1].points, strict=True)
    area = sum(
        (b - a) * (c + d) / 2
        for a, b, c, d in zip(people, people[1:], whole, whole[1:], strict=False)
    )
    assert 1 - 2 * area == pytest.approx(gini, abs=1e-6)  # twice the area under equality


def test_ranks_stand_with_their_ranges_the_neediest_first_and_the_others_are_named(toy):
    keys = keys_of(toy)
    needs = [
        Need(keys[0], 0.4, 2, 1, 3), Need(keys[1], 0.9, 1, 1, 2), Need(keys[2], NAN),
        *(Need(key, 0.1, n, n, n) for n, key in enumerate(keys[3:], start=3)),
    ]  # fmt: skip
    (figure,) = drawn("priority", with_plan(toy, ranking=Ranking(tuple(needs), {})))
    names = dict(zip(keys, drawn("map", toy)[0].data.names, strict=True))
    first, second, *others = figure.data.rows
    assert (first.name, first.dots, first.bars) == (
        names[keys[1]],
        (("now", 1),),
        (("ranks", 1, 2),),
    )
    assert (second.name, second.bars) == (names[keys[0]], (("ranks", 1, 3),))
    assert len(others) == len(keys) - 3
    assert f"Not ranked, too little is known: {names[keys[2]]}." in figure.alt


def test_before_and_after_name_who_changes_and_count_the_rest(toy):
    keys, result = keys_of(toy), toy.results[-1]
    assert result.unit == "share"
    same = {key: BeforeAfter(0.2, 0.2) for key in keys}
    changes = {keys[1]: BeforeAfter(0.1, 0.4), keys[2]: BeforeAfter(0.5, 0.6),
               keys[3]: BeforeAfter(0.301, 0.302), keys[4]: BeforeAfter(NAN, NAN)}  # fmt: skip
    change = ScenarioResult(
        "bridge",
        SimpleNamespace(id=result.id),
        BeforeAfter(0.25, 0.3),
        same | changes,
        (None, None),
    )
    (figure,) = drawn("change", with_plan(toy, scenarios=(change,)))
    assert [row.dots for row in figure.data.rows] == [
        (("before", 0.25), ("after", 0.3)),
        (("before", 0.1), ("after", 0.4)),
        (("before", 0.5), ("after", 0.6)),
    ]
    assert figure.data.rows[0].name == "Whole city"
    # one has no result, two change; 30.1 % reads as 30.2 % does
    assert f"Neighbourhoods without change: {len(keys) - 3}." in figure.alt
    assert "Whole city: 25% → 30%; " in figure.alt
    unread = dataclasses.replace(change, by_neighbourhood=same)
    assert drawn("change", with_plan(toy, scenarios=(unread,))) == []


def test_the_curve_has_the_budgets_that_were_solved_and_the_budget_of_the_plan(toy):
    curve = (CurvePoint(100, 20.0), CurvePoint(300, 50.0), CurvePoint(400, NAN))
    years = (ProgrammeYear(2027, 120, 100, 10.0), ProgrammeYear(2028, 130, 130, 15.0))
    solved = ProgrammeResult("solved", curve=curve, by_year=years)
    (figure,) = drawn("budget", with_plan(toy, programme=solved))
    assert figure.data.curves[0].points == ((100, 20), (300, 50))
    assert figure.data.verticals == (("city", 250),)
    assert "100 EUR: 20 residents newly served; 300 EUR: 50 residents newly served." in figure.alt
    infeasible = dataclasses.replace(solved, why=Note("infeasible"))
    assert drawn("budget", with_plan(toy, programme=infeasible)) == []


@pytest.mark.parametrize("kind", ["change", "budget", "priority"])
def test_without_a_plan_its_kinds_have_no_figure(toy, kind):
    assert drawn(kind, toy) == []


def test_a_report_has_a_map_of_each_result_and_the_pictures_of_its_plan(toy):
    needs = tuple(Need(key, 0.5, n, n, n) for n, key in enumerate(keys_of(toy), start=1))
    curve = (CurvePoint(100, 20.0), CurvePoint(300, 50.0))
    programme = ProgrammeResult("solved", curve=curve, by_year=(ProgrammeYear(2027, 120, 0, 0.0),))
    planned = with_plan(toy, ranking=Ranking(needs, {}), programme=programme)
    report = report_of(planned, None, ENGLISH)
    captions = [one.caption for one in report.blocks if isinstance(one, Picture)]
    assert len(captions) == len(toy.results) + 2
    assert captions[-2:] == ["Neighbourhoods by need", "People newly served for each budget"]
    without = report_of(planned, None, ENGLISH, pictures=False)
    assert not any(isinstance(one, Picture) for one in without.blocks)


NAMES = ("Нова Варош и Стара Варош", "Gjelbërimi i Poshtëm", "Đorđevića brdo", "Ç", "Љешкопоље")


def boxes_of_texts(figure):
    """The text and box, in dots, of everything that is written on a figure."""
    sheet = sheet_of(figure).figure
    FigureCanvasAgg(sheet).draw()
    written = [one for one in sheet.findobj(Text) if one.get_visible() and one.get_text().strip()]
    return [(one.get_text(), one.get_window_extent()) for one in written], sheet.bbox


@pytest.mark.slow
@pytest.mark.parametrize("width", [6.9, 85 / 25.4])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_text_of_a_figure_lies_over_another_or_beyond_its_edge(toy, kind, width):
    hoods = toy.city.neighbourhoods
    named = pd.Series([f"{NAMES[n % len(NAMES)]} {n}" for n in range(len(hoods))], hoods.keys)
    city = dataclasses.replace(toy.city, neighbourhoods=dataclasses.replace(
        hoods, names={"": named}))  # fmt: skip
    keys = keys_of(toy)
    needs = tuple(Need(key, 0.5, n, max(1, n - 2), n + 1) for n, key in enumerate(keys, start=1))
    curve = tuple(CurvePoint(n * 1_000_000, 20.0 * n) for n in range(1, 7))
    programme = ProgrammeResult(
        "solved", curve=curve, by_year=(ProgrammeYear(2027, 2_500_000, 0, 0.0),)
    )
    changed = {key: BeforeAfter(0.1 * n % 1, 0.1 * n % 1 + 0.01) for n, key in enumerate(keys)}
    result = next(one for one in toy.results if one.query.indicator == "coverage_within")
    scenario = ScenarioResult(
        "bridge", SimpleNamespace(id=result.id), BeforeAfter(0.4, 0.5), changed, (None, None)
    )
    planned = with_plan(
        dataclasses.replace(toy, city=city), ranking=Ranking(needs, {}), programme=programme,
        scenarios=(scenario,),
    )  # fmt: skip
    figures = drawn(kind, planned, width)
    assert figures
    for figure in figures:
        texts, paper = boxes_of_texts(figure)
        for n, (text, box) in enumerate(texts):
            assert paper.x0 <= box.x0, text
            assert box.x1 <= paper.x1, text
            for other, beside in texts[n + 1 :]:
                wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
                high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
                # boxes of lines under one another share the room for letters like g and Đ
                assert wide <= 1 or high <= 0.3 * min(box.height, beside.height), (text, other)
