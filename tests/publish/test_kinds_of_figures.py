"""What the kinds of figures show: the numbers of the plan and of the tables, and nothing else."""

import csv
import dataclasses
import io
from types import SimpleNamespace
from typing import get_args

import pytest

pytest.importorskip("matplotlib")

from toy_publication import publication as toy_publication

from urbanlayer.model.note import Note
from urbanlayer.model.plan import CurvePoint, Need, Plan, ProgrammeResult, ProgrammeYear, Ranking
from urbanlayer.model.plan_specification import PlanSpec, ScenarioSpec
from urbanlayer.model.publish_specification import FigureKind
from urbanlayer.model.scenario_result import BeforeAfter, ScenarioResult
from urbanlayer.publish.data.equity_tables import equity_csv
from urbanlayer.publish.disclosure import disclosed
from urbanlayer.publish.equity import equities
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
