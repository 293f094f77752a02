"""The plan on the page: ranks, weights by sliders, link, votes, sites and scenarios."""

import json
import re
import shutil
from pathlib import Path

import pytest
from axe import violations
from city_folder import rewrite
from page_layout import OUTSIDE, PHONE, SMALL
from plan_city import PLAN, built_plan, write_plan

from urbanlayer.locales import languages
from urbanlayer.planning import plan_of

MORE = """
[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
problem = "max_coverage"
within_m = 500
new = 1

[scenario.without_school]
close = { school = ["S2"] }

[[plan.enterprise]]
name = "Schools of the city"
layers = ["school"]
[[plan.enterprise.indicators]]
id = "coverage_within"
variant = "school"
parameters = { distance_m = 500 }
target = 1
"""
THIRD_THEME = """
[plan.needs.themes.room]
weight = 0.5
indicators = [{ id = "population_density", target = 0, worst = 2000 }]
"""
THUMB = 8  # half of the width of a slider's thumb in pixels
RANGE = ("rank ", "same rank")
PLOTS = '[layers.plots]\npath = "plots.csv"\nkey = "id"\nx = "x"\ny = "y"\ncrs = "EPSG:25834"\n\n'

SHOWN = """() => [...document.querySelectorAll(".plan-rank")].map((row) => [
    row.querySelector(".plan-number").textContent,
    row.querySelector(".row-name b").textContent,
    row.lastElementChild.textContent])"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    write_plan(folder, PLAN + MORE)
    rewrite(folder, "[layers.school]", f"{PLOTS}[layers.school]")
    rows = ["id,x,y", "P1,357600.0,4700600.0", "P2,358000.0,4700100.0"]
    (folder / "plots.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rewrite(folder, "{ school = 500 }", "{ school = [500, 200] }")
    rewrite(folder, 'variant = "school",', 'variant = "school", parameters = { distance_m = 500 },')
    spoken = json.dumps(["en", *(code for code in languages() if code != "en")])
    rewrite(folder, 'name = "Toy"', f'name = "Toy"\nlanguages = {spoken}')
    return folder, built_plan(folder)


@pytest.fixture
def page_file(made):
    return made[0] / "out/index.html"


def shown(page):
    return {name: (rank, need) for rank, name, need in page.evaluate(SHOWN)}


def assert_shown(page, ranked):
    """Each ranked neighbourhood has its rank, and its need as far as it is written."""
    found = shown(page)
    assert {name: rank for name, (rank, _) in found.items()} == {
        need["key"]: str(need["rank"]) for need in ranked
    }
    for need in ranked:
        written = found[need["key"]][1]
        half = 0.5 * 10 ** -len(written.partition(".")[2])
        assert float(written) == pytest.approx(need["need"], abs=half + 1e-9)


def test_ranks_on_the_page_are_those_of_the_plan(visit, made, page_file):
    with visit("#view=plan", path=page_file) as page:
        ranked = [need for need in made[1]["needs"] if need["rank"] is not None]
        assert_shown(page, ranked)
        order = [int(rank) for rank, *_ in page.evaluate(SHOWN)]
        assert order == sorted(order)


@pytest.mark.parametrize("weights", [(70, 30), (0, 100), (33, 67)])
def test_other_weights_give_what_python_gives(visit, made, page_file, tmp_path, weights):
    vote = {"weights": dict(zip(("education", "density"), weights, strict=True))}
    (tmp_path / "vote.json").write_text(json.dumps(vote), encoding="utf-8")
    by_python = plan_of(made[0] / "city.toml", weights=[tmp_path / "vote.json"])
    ranked = [need for need in by_python["needs"] if need["rank"] is not None]
    with visit(f"#view=plan&w={weights[0]}~{weights[1]}", path=page_file) as page:
        assert_shown(page, ranked)


def test_another_threshold_gives_what_python_gives(visit, made, page_file, tmp_path):
    """Needs, ranks and reasons by 200 m instead of the declared 500 m."""
    shutil.copytree(made[0], tmp_path / "city", ignore=shutil.ignore_patterns("out"))
    rewrite(tmp_path / "city", "distance_m = 500", "distance_m = 200")
    by_python = plan_of(tmp_path / "city/city.toml")
    ranked = [need for need in by_python["needs"] if need["rank"] is not None]
    with visit("#view=plan", path=page_file) as page:
        declared = shown(page)
        page.locator(".threshold select").select_option("coverage_within.school.200")
        assert_shown(page, ranked)
        assert shown(page) != declared
        assert_reasons(page, ranked)
        assert "t=coverage_within.school.200" in page.url
        address = page.url
        page.goto("about:blank")
        page.goto(address)
        page.wait_for_selector(".plan-rank")
        assert_shown(page, ranked)
        page.get_by_role("button", name="Declared weights").click()
        assert shown(page) == declared
        assert "t=" not in page.url


def assert_reasons(page, ranked):
    """Each ranked neighbourhood has the reasons that Python gives, in its order."""
    rows = page.evaluate("""() => [...document.querySelectorAll(".plan-rank")].map((row) => [
        row.querySelector(".row-name b").textContent,
        [...row.querySelectorAll("small span")].map((one) => one.textContent)])""")
    found = dict(rows)
    for need in ranked:
        written = (one.replace("\u00a0", " ") for one in found[need["key"]])
        shown_reasons = [one for one in written if not one.startswith(RANGE)]
        assert shown_reasons == need["reasons"]


def test_the_declared_reasons_are_those_of_python(visit, made, page_file):
    with visit("#view=plan", path=page_file) as page:
        assert_reasons(page, [one for one in made[1]["needs"] if one["rank"] is not None])


def test_a_slider_moves_ranks_link_and_map_and_one_tap_leads_back(visit, page_file):
    with visit("#view=plan", path=page_file) as page:
        before = shown(page)
        colours = page.eval_on_selector_all(
            "path.neighbourhood", "all => all.map((p) => p.ariaLabel)"
        )
        page.locator("input[name=education]").fill("100")
        assert shown(page) != before
        assert "w=100%7E0" in page.url or "w=100~0" in page.url
        assert page.locator(".weight output").all_inner_texts() == ["100%", "0%"]
        moved = page.eval_on_selector_all(
            "path.neighbourhood", "all => all.map((p) => p.ariaLabel)"
        )
        assert moved != colours
        page.get_by_role("button", name="Declared weights").click()
        assert shown(page) == before
        assert "&w=" not in page.url


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_the_map_of_the_plan_says_what_its_colours_and_signs_are(visit, page_file, size):
    with visit("#view=plan", path=page_file, size=size) as page:
        for selector in (".key-classes", ".site-row", ".scale"):
            assert page.locator(f"#key {selector}").is_visible(), selector
        assert "Need" in page.locator("#key").inner_text()


def test_paper_has_the_whole_plan_unfolded_and_the_screen_as_it_was(visit, page_file):
    with visit("#view=plan", path=page_file) as page:
        folded = page.locator("#plan details:not([open])").count()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        assert page.locator("#plan details:not([open])").count() == 0
        assert page.locator("#plan input:visible, #plan button.action:visible").count() == 0
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("#plan details:not([open])").count() == folded > 0


def test_a_slider_is_moved_by_keys_and_keeps_the_focus(visit, page_file):
    with visit("#view=plan", path=page_file) as page:
        page.locator("input[name=education]").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert page.locator(".weight output").first.inner_text() == "52%"
        assert page.evaluate("document.activeElement.name") == "education"


def test_a_slider_follows_the_pointer_and_a_way_through_the_end_and_back_changes_nothing(
    visit, tmp_path
):
    write_plan(tmp_path, PLAN + THIRD_THEME)
    built_plan(tmp_path)
    with visit("#view=plan&w=20~60~20", path=tmp_path / "out/index.html") as page:
        link = page.evaluate("location.hash")
        box = page.locator(".weight input").first.bounding_box()
        middle = box["y"] + box["height"] / 2

        def move_to(share, weights):
            page.mouse.move(box["x"] + THUMB + share * (box["width"] - 2 * THUMB), middle)
            page.wait_for_function(
                """weights => weights.every((weight, n) =>
                document.querySelectorAll(".weight output")[n].textContent.startsWith(weight))""",
                arg=weights,
            )

        move_to(0.2, ["20", "60", "20"])
        page.mouse.down()
        move_to(0.6, ["60", "30", "10"])
        move_to(1.2, ["100", "0", "0"])
        move_to(0.36, ["36", "48", "16"])
        assert page.evaluate("location.hash") == link
        move_to(0.2, ["20", "60", "20"])
        move_to(0.36, ["36", "48", "16"])
        page.mouse.up()
        assert "w=36~48~16" in page.evaluate("decodeURIComponent(location.hash)")


def test_saved_weights_are_a_vote_that_the_command_reads(visit, made, page_file, tmp_path):
    with visit("#view=plan&w=25~75", path=page_file, accept_downloads=True) as page:
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Save these weights").click()
        waiting.value.save_as(tmp_path / "vote.json")
    vote = json.loads((tmp_path / "vote.json").read_text(encoding="utf-8"))
    assert vote["weights"] == {"education": 0.25, "density": 0.75}
    record = plan_of(made[0] / "city.toml", weights=[Path(tmp_path / "vote.json")])
    assert record["votes"] == {
        "people": 1, "rule": "mean", "weights": {"education": 0.25, "density": 0.75},
    }  # fmt: skip


def test_sites_are_drawn_on_the_map_of_the_plan_alone(visit, made, page_file):
    (siting,) = made[1]["siting"]
    with visit("#view=plan", path=page_file) as page:
        drawn = page.locator("path.site").get_attribute("d")
        assert drawn.count("M") == len(siting["chosen"]) == 1
        text = page.locator("#plan").inner_text()
        assert f"{siting['newly_served']:.0f} residents newly served" in text
        assert siting["chosen"][0] in text
        lead = page.locator(".plan-lead").inner_text()
        assert "Greatest need: " in lead
        page.get_by_role("button", name="Table").first.click()
        assert page.locator("path.site").get_attribute("d") == ""


def test_a_scenario_shows_after_and_before(visit, made, page_file):
    scenario = next(one for one in made[1]["scenarios"] if one["variant"] == "school")
    with visit("#view=plan", path=page_file) as page:
        page.get_by_role("button", name="After").click()
        labels = page.eval_on_selector_all(
            "path.neighbourhood", "all => all.map((p) => p.ariaLabel)"
        )
        after = {key: one["after"] for key, one in scenario["by_neighbourhood"].items()}
        found = {label.partition(",")[0]: label for label in labels}
        for key, value in after.items():
            if value is not None:
                written = float(found[key].split(", ")[1].removesuffix("%"))
                assert written == pytest.approx(100 * value, abs=0.5 + 1e-9)
        assert "s=without_school" in page.url
        page.get_by_role("button", name="Before").click()
        assert "&s=" not in page.url


SENTENCES = """() => [...document.querySelectorAll(
    "#figure, #sentence, #profile .say p, #notes details:first-child p")]
    .map((one) => one.innerText)"""


def test_sentences_about_a_result_without_a_city_value_have_no_gap(visit, page_file):
    """The need has none for the city: the ends are named, and nothing is compared."""
    with visit(path=page_file) as page:
        for code in languages():
            tag = code.replace("_", "-")
            page.evaluate("(tag) => { location.hash = `#i=plan_need&h=Q7&lang=${tag}`; }", tag)
            page.wait_for_function("(tag) => document.documentElement.lang === tag", arg=tag)
            page.locator("#notes summary").first.click()
            texts = page.evaluate(SENTENCES)
            page.locator("#notes summary").first.click()
            assert texts[0] != "–"
            assert len(texts[1]) > 20
            assert [text for text in texts if re.search(r"[,;:]\s*[.,;]|\.\.", text)] == []


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_in_every_language_everything_has_words_and_room(visit, page_file, options):
    with visit("#view=plan", path=page_file, **options) as page:
        for code in languages():
            tag = code.replace("_", "-")
            page.evaluate("(tag) => { location.hash = `#view=plan&lang=${tag}`; }", tag)
            page.wait_for_function("(tag) => document.documentElement.lang === tag", arg=tag)
            text = page.locator("#plan").inner_text()
            assert "undefined" not in text
            assert "{" not in text
            small = page.evaluate(SMALL)
            assert [name for name in small if not name.startswith("handle")] == []
            assert page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize(
    ("link", "options"),
    [("", {}), ("", PHONE), ("&scheme=dark", {}), ("&s=without_school", {})],
    ids=["desktop", "phone", "dark", "scenario"],
)
def test_no_rule_of_accessibility_is_broken_in_the_plan(visit, page_file, link, options):
    with visit(f"#view=plan{link}", path=page_file, **options) as page:
        assert violations(page) == []
