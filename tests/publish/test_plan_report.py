"""The chapters of a report on a plan: nine squares by hand (`made/nine_squares.py`)."""

from dataclasses import replace

import pytest
from nine_squares import write_nine

from urbanlayer import contents, pipeline
from urbanlayer.model.maturity import Inventory
from urbanlayer.publish.report import report_of
from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Table
from urbanlayer.publish.words import Words
from urbanlayer.stages import Errors, Stages

CHAPTERS = [
    "The city in one page", "Services", "Urban form", "Performance of public enterprises",
    "Priorities", "Goals, measures, actions", "Investment programme", "Actions, a sheet each",
    "Monitoring", "Neighbourhood sheets", "Method, sources, limits",
]  # fmt: skip


@pytest.fixture(scope="module")
def publication(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nine")
    write_nine(folder)
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
    _, actions = table(report, "Actions")
    assert [row[-1] for row in actions] == ["1 EUR; 1 EUR", "1 EUR; 1 EUR"]  # of 120 and 50 people


def test_weights_and_the_sheet_of_a_neighbourhood_say_where_its_rank_comes_from(report):
    assert table(report, "How much each theme counts")[1] == (
        ("Education", "School, 300 m on foot", "100.0%"),  # the only result of the only theme
    )
    places = [row for row, block in enumerate(report.blocks) if block == Heading("Q1", 2)]
    assert [
        line.replace("\N{NO-BREAK SPACE}", " ") for line in report.blocks[places[0] + 1].items
    ] == [
        "Residents: 120",
        "Rank 1 of 8 by need (1 is the neediest); Rank under other weights: 1",
        "Reasons: 120 residents without: School, 300 m on foot",
        "Actions: C1 (2027)",  # of its site in Q1
    ]


def test_the_summary_is_made_of_the_numbers(report):
    bullets = next(b for b in report.blocks if isinstance(b, Bullets))
    assert bullets.items[-1] == (
        "Investment programme: 2027–2028; Actions: 2; Spent: 160\N{NO-BREAK SPACE}EUR; "
        "People newly served: 170"
    )
    assert bullets.items[-2].startswith("First by need: Q1, ")


def test_an_enterprise_names_where_it_misses_its_target(report):
    _, (row,) = table(report, "Schools of the city")
    title, now, after, target, fails = row  # no earlier values are given: no column of dashes
    assert (now, after, target) == ("38%", "76%", "90%")  # 170 and 340 of 450
    assert title == "School, 300 m on foot"
    assert fails == "Q1, Q3, Q4 and 3 more"  # today, of seven without a school one has nobody


def test_each_action_of_the_programme_has_a_sheet(report):
    rows = dict(table(report, "C1")[1])
    assert rows["Cost"].split("\n") == [
        "100 EUR",
        "2027: 40 EUR; 2028: 60 EUR",
        "Cost per person newly served alone: 1 EUR, in this plan: 1 EUR",
        "Source of money: loan",
    ]
    heads = [b.text for b in report.blocks if isinstance(b, Heading)]
    assert "C3" in heads
    assert "C2" not in heads


def test_sheets_stand_in_the_order_of_the_table_of_actions(publication):
    """The layer of actions is turned: C3 stands before C1, which is first by year."""
    programme = publication.plan.programme
    turned = replace(programme, facts=programme.facts[::-1])
    shown = replace(publication, plan=replace(publication.plan, programme=turned))
    report = report_of(shown, None, Words.for_language("fr"), pictures=False)
    _, actions = table(report, "Actions")
    heads = [b.text for b in report.blocks if isinstance(b, Heading)]
    assert [row[0] for row in actions] == ["C1", "C3"]
    assert heads.index("C1") < heads.index("C3")
    assert [row[-1] for row in actions] == [
        "1 EUR\N{NARROW NO-BREAK SPACE}; 1 EUR"
    ] * 2  # in French


def test_a_theme_titled_in_english_alone_is_not_spelled_in_cyrillic(publication):
    spec = publication.spec.model_copy(update={"languages": ("sr_Latn_ME", "mk")})
    plan = publication.plan
    theme = next(iter(plan.spec.needs.themes.values())).model_copy(
        update={"title": {"en": "Learning"}}
    )
    needs = plan.spec.needs.model_copy(
        update={"themes": dict.fromkeys(plan.spec.needs.themes, theme)}
    )
    titled = replace(plan, spec=plan.spec.model_copy(update={"needs": needs}))
    words = Words.for_language("mk")
    report = report_of(replace(publication, spec=spec, plan=titled), None, words, pictures=False)
    _, ((found, *_),) = table(report, words.text("page.plan_weights"))
    assert found == "Learning"


@pytest.mark.parametrize(
    "language", ["en", "sr_Latn_ME", "sr_Cyrl_ME", "sq", "bs", "mk", "de", "fr"]
)
def test_no_language_has_raw_ids_or_open_places(publication, language):
    report = report_of(publication, None, Words.for_language(language), pictures=False)
    for text in texts(report):
        assert not set("_{}") & set(text), text  # ids and places of templates
        assert text.strip() == text


def test_the_existing_state_leaves_out_what_the_city_has_not_declared(publication):
    """Neither services nor a judgement of the organisation are in its file."""
    inventory = Inventory(publication.spec, layers=(), missing=(), fixes=())
    report = report_of(publication, inventory, Words.for_language("en"), pictures=False)
    heads = [one.text for one in report.blocks if isinstance(one, Heading)]
    assert heads[heads.index("Existing state") + 1 :][:2] == ["Data", "Services"]


def test_cross_references_lead_to_a_caption(report):
    pointed = [(b, see) for b, _, see in report.numbered() if see]
    captions = {one.anchor for one in report.captions() if one is not None}
    assert len(pointed) == 2  # a result each
    assert all(one.anchor in captions for _, see in pointed for one in see)


def test_offices_and_sources_of_money_are_in_the_script_of_the_reader(publication):
    """`Education` and `loan` of the city file, letter by letter."""
    spec = publication.spec.model_copy(update={"languages": ("sr_Latn_ME", "sr_Cyrl_ME")})
    report = report_of(
        replace(publication, spec=spec), None, Words.for_language("sr_Cyrl_ME"), pictures=False
    )
    found = list(texts(report))
    assert "Едуцатион" in found
    assert "лоан" in found
    assert not {"Education", "loan"} & set(found)


def test_monitoring_has_the_date_of_each_value(report):
    """Declared in `nine_squares`: 20 % at the end of 2024, 90 % by the end of 2030."""
    head, ((goal, _, baseline, now, target, _),) = table(report, "Monitoring")
    assert head[2:5] == ("Baseline", "Now", "Target")
    assert goal == "A school near every home"
    assert baseline == "20%\n31 December 2024"
    assert now.endswith("\n30 June 2026")
    assert target == "90%\n31 December 2030"


def test_a_target_within_a_sentence_is_written_as_the_language_writes_nouns():
    found = {
        code: Words.for_language(code).text("report.target", value="9") for code in ("de", "sq")
    }
    assert found == {"de": "Zielwert 9", "sq": "synimi 9"}
