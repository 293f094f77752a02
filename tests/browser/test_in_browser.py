"""What a reader does, by mouse, touch and keyboard, with the network cut off."""

import csv
import functools
import io
import itertools
import json
import threading
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
import shapely
from made_city import make_layer, make_publication
from page_layout import OUTSIDE, PHONE, SMALL
from pages import picture, write
from untrusted_text import HOSTILE, hostile_publication

from urbanlayer.locales import languages

LANGUAGES = [code.replace("_", "-") for code in languages()]


DOTS = """() => (document.querySelector("path.dot").getAttribute("d").match(/M/g) ?? []).length"""

MOVING = """[...document.querySelectorAll("*")]
    .filter((node) => parseFloat(getComputedStyle(node).transitionDuration) > 0).length"""


def _hood(page, name):
    return page.locator(f'path.neighbourhood[aria-label^="{name},"]')


def _focused(page):
    return page.evaluate(
        "(({ id, className }) => id || className.baseVal || className)(document.activeElement)"
    )


def test_the_question_is_answered_without_a_scroll(visit):
    for name, options in {"desktop": {}, "phone": PHONE}.items():
        with visit(**options) as page:
            picture(page, f"start-{name}")
            height = page.viewport_size["height"]
            for selector in ("#question", "#figure", "#sentence", ".classes", "#ends .row"):
                box = page.locator(selector).first.bounding_box()
                assert box["y"] >= 0
                assert box["y"] + box["height"] <= height, (name, selector)


def test_nothing_is_wider_than_the_window(visit):
    for size in ((1280, 800), (800, 600), (390, 844), (320, 640), (640, 400)):
        for link in ("", "#view=table", "#view=compare", "#h=Q07"):
            with visit(link, size=size) as page:
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= size[0], (size, link)


def test_a_click_on_the_map_opens_the_profile_and_escape_closes_it(visit):
    with visit() as page:
        box = _hood(page, "Zagorič").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
        assert page.locator("#profile-name").text_content() == "Zagorič"
        assert "h=Q00" in page.url
        picture(page, "profile-desktop")
        page.keyboard.press("Escape")
        assert page.locator("#profile").is_hidden()
        assert "h=" not in page.url


def test_a_neighbourhood_is_reached_and_opened_by_keys_alone(visit):
    with visit() as page:
        stops = []
        for _ in range(60):
            page.keyboard.press("Tab")
            stops.append(_focused(page))
            if "hood" in stops[-1]:
                break
        assert "hood" in stops[-1], stops
        assert sum("hood" in stop for stop in stops) == 1  # the map is one stop
        before = page.evaluate("document.activeElement.getAttribute('aria-label')")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowLeft")
        after = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert before != after
        page.keyboard.press("Enter")
        assert page.locator("#profile-name").text_content() == after.split(",")[0]
        assert _focused(page) == "profile-name"
        page.keyboard.press("Escape")
        assert "hood" in _focused(page)


def test_the_first_two_stops_skip_to_the_answer_and_to_the_table(visit):
    with visit() as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the answer"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator("#table-view").is_visible()
        assert _focused(page) == "table-view"


def test_an_indicator_is_chosen_by_keys_and_the_focus_comes_back(visit):
    with visit() as page:
        page.locator("#chooser").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert (
            page.locator("#question").text_content()
            == "Who has a pharmacy within 800\u00a0m on foot?"
        )
        assert "i=coverage_within.pharmacy.800" in page.url
        assert _focused(page) == "chooser"


def test_search_finds_without_diacritics_and_in_cyrillic(visit):
    with visit() as page:
        for words, name in {
            "tolosi": "Tološi",
            "ЗАГОРИЧ": "Zagorič",
            "decic": "Đečić Brdo",
        }.items():
            page.fill("#search-field", words)
            assert page.locator("#hits [role=option]").first.locator("b").text_content() == name
        page.keyboard.press("Enter")
        assert page.locator("#profile-name").text_content() == "Đečić Brdo"


def test_search_finds_streets_and_facilities_and_says_when_nothing_is_found(visit):
    with visit() as page:
        page.fill("#search-field", "bulevar 3")
        assert page.locator("#hits [role=option]").first.text_content() == "Bulevar 3Street"
        page.fill("#search-field", "vrtic dina 7")
        assert "Kindergarten" in page.locator("#hits [role=option]").first.text_content()
        page.fill("#search-field", "qqqq")
        assert "Nothing found" in page.locator("#hits").text_content()


def test_of_places_of_one_name_in_one_neighbourhood_one_is_found(visit, tmp_path):
    made = make_publication()
    first, *_, last = made.city.neighbourhoods.geometry
    at = [shapely.affinity.translate(first.centroid, n) for n in (0, 50)] + [last.centroid]
    both_sides = make_layer("pharmacy", at, name=["Most"] * 3)
    layers = {**made.city.layers, "pharmacy": both_sides}
    path = write(tmp_path / "s.html", replace(made, city=replace(made.city, layers=layers)))
    with visit(path=path) as page:
        page.fill("#search-field", "most")
        hits = page.locator("#hits [role=option]").all_inner_texts()
        found = [hit.split("\n")[-1] for hit in hits if hit.startswith("Most")]
        assert len(found) == len(set(found)) == 2


def test_a_place_that_is_found_is_marked_and_its_neighbourhood_opens(visit):
    with visit() as page:
        page.fill("#search-field", "bulevar 3")
        page.keyboard.press("Enter")
        assert page.locator("path.mark").get_attribute("d")
        assert page.locator("#profile").is_visible()
        page.click("#profile .close")
        assert page.locator("#found").is_hidden()
        assert page.locator("path.mark").get_attribute("d") == ""


@pytest.mark.parametrize("tag", LANGUAGES)
def test_each_language_changes_everything_together(visit, tag):
    with visit() as page:
        english = page.locator("body").inner_text()
        page.select_option("#language-select", tag)
        assert page.evaluate("document.documentElement.lang") == tag
        if tag == "en":
            return
        assert f"lang={tag}" in page.url
        text = page.locator("body").inner_text()
        same = {line for line in english.splitlines() if len(line) > 12} & set(text.splitlines())
        names = page.evaluate("JSON.parse(document.getElementById('data').textContent).names['']")
        joined = [name.replace(" ", "") for name in names]  # two lines of a name on the map
        own = (*names, *joined, "Data", "City of Test", "CC-BY", "http", "Made up by")
        assert not {line for line in same if not any(name in line for name in own)}
        assert page.title() != "Test City: Neighbourhood atlas"
        picture(page, f"language-{tag}")


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (320, 640)])
def test_no_label_is_cut_off_in_any_language(visit, tag, size):
    for link in ("", "&view=table", "&h=Q07"):
        with visit(f"#lang={tag}{link}", size=size) as page:
            assert page.evaluate(OUTSIDE) == [], link
            if not link:
                notice = page.locator("#demonstration").bounding_box()
                chooser = page.locator("#chooser").bounding_box()
                assert notice["y"] + notice["height"] <= chooser["y"]


def test_cyrillic_shows_latin_names_in_cyrillic(visit):
    with visit("#lang=sr-Cyrl-ME&h=Q00") as page:
        assert page.locator("#profile-name").text_content() == "Загорич"


def test_the_table_is_the_equal_of_the_map_and_sorts(visit):
    with visit("#view=table") as page:
        picture(page, "table")
        rows = page.locator("#table-view tbody tr")
        assert rows.count() == 41  # the city and forty neighbourhoods
        assert "Test City" in rows.first.text_content()
        page.click("[data-column=name]")
        names = page.locator("#table-view tbody tr td:nth-child(2)").all_text_contents()[1:]
        assert names == sorted(names, key=names.index)
        assert page.locator("th[aria-sort=ascending]").count() == 1
        page.click("[data-column=name]")
        assert page.locator("th[aria-sort=descending]").count() == 1
        assert page.evaluate("document.activeElement.dataset.column") == "name"


def test_a_class_of_the_legend_filters_map_and_table(visit):
    with visit() as page:
        page.click(".class-button:nth-child(5)")
        shown = page.locator("path.neighbourhood:not(.faded)").count()
        assert 0 < shown < 40
        assert "k=5" in page.url
        page.click("#views button:nth-child(2)")
        assert page.locator("#table-view tbody tr").count() == shown + 1


def test_two_to_four_neighbourhoods_are_compared(visit):
    with visit("#h=Q07") as page:
        page.click("#profile .profile-actions button:first-child")
        assert page.locator("#compare-view").is_visible()
        picture(page, "compare")
        assert page.locator("#compare-view thead th").count() == 6  # four, a head, the city
        assert page.locator("#compare-view select").is_disabled()
        page.locator("#compare-view .remove").first.click()
        page.locator("#compare-view .remove").first.click()
        assert page.locator("#compare-view .remove").count() == 0  # two at least
        page.select_option("#compare-view select", label="Zagorič")
        assert "Zagorič" in page.locator("#compare-view thead").text_content()
        assert "Q00" in page.url


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_a_comparison_has_room_for_the_city(visit, width):
    with visit("#view=compare", **{**PHONE, "size": (width, 568)}) as page:
        pane = page.locator("#compare-view")
        assert pane.evaluate("(one) => one.scrollWidth <= one.clientWidth")
        last = page.locator("#compare-view tbody tr").first.locator("td").last.bounding_box()
        assert last["x"] + last["width"] <= width


def test_two_indicators_stand_side_by_side_and_move_together(visit):
    with visit("#view=pair&j=population_density") as page:
        picture(page, "pair")
        assert page.locator("#pair-map path.neighbourhood").count() == 40
        boxes = [page.locator(s).bounding_box()["width"] for s in ("#stage", "#pair")]
        assert abs(boxes[0] - boxes[1]) < 5


def test_layers_show_who_is_reached(visit):
    with visit() as page:
        page.click("#map-top button")
        page.get_by_label("Where people live: who is reached, who is not").check()
        inked = page.evaluate("""() => { const c = document.querySelector("canvas");
            const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
            let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }""")
        assert inked > 1000
        assert "Not reached" in page.locator("#key").text_content()
        picture(page, "cells")


def test_facilities_of_another_service_are_shown_beside(visit):
    with visit() as page:
        before = page.evaluate(DOTS)
        page.click("#map-top button")
        page.get_by_label("Pharmacies (16)").check()
        assert page.evaluate(DOTS) == before + 16
        page.keyboard.press("Escape")
        assert page.locator("#layers").is_hidden()
        assert page.evaluate("document.activeElement.getAttribute('aria-controls')") == "layers"


def test_the_nearest_facilities_are_those_of_the_nearest_cell(visit):
    with visit() as page:
        box = _hood(page, "Konik").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        text = page.locator("#profile").text_content()
        assert "from the point you chose" in text
        assert "Kindergarten: Vrtić Đina" in text


def test_where_am_i_is_worked_out_in_the_page(visit):
    place = {"longitude": 19.262, "latitude": 42.428}
    with visit(geolocation=place, permissions=["geolocation"]) as page:
        page.click("#map-bottom .locate")
        page.wait_for_selector("path.mark[d^=M]", state="attached")
        assert page.locator("#profile").is_visible()


def _downloaded(page, kind):
    page.click("#export button:first-child")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=kind, exact=True).click()
    return waiting.value


def test_what_is_seen_can_be_taken_as_values(visit):
    with visit() as page:
        download = _downloaded(page, "CSV")
        text = download.path().read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) == 40
        assert rows[0]["unit"] == "share"
        assert rows[0]["demonstration"] == "Demonstration data, generated; not a survey."
        assert download.suggested_filename == "testcity-coverage_within.kindergarten.500.csv"


def test_what_is_seen_can_be_taken_as_geometry_and_as_a_picture(visit):
    with visit("#k=5") as page:
        collection = json.loads(_downloaded(page, "GeoJSON").path().read_text(encoding="utf-8"))
        assert {f["geometry"]["type"] for f in collection["features"]} == {"MultiPolygon"}
        assert len(collection["features"]) == page.locator("path.neighbourhood:not(.faded)").count()
        page.keyboard.press("Escape")
        assert _downloaded(page, "PNG").path().read_bytes()[:4] == b"\x89PNG"


def test_a_link_brings_the_state_back_and_keeps_what_is_not_ours(visit):
    link = "#i=population_density&h=Q07&view=table&lang=sq&utm=mail"
    with visit(link) as page:
        assert page.locator("#table-view").is_visible()
        assert page.evaluate("document.documentElement.lang") == "sq"
        page.click("#views button:first-child")
        assert "utm=mail" in page.url
        assert "i=population_density" in page.url


def test_the_embed_shows_less_and_leaves_the_wheel_to_the_page(visit):
    with visit("#embed=1", size=(600, 400)) as page:
        picture(page, "embed")
        for selector in (".top", "#chooser", "#export", "#map-top"):
            assert page.locator(selector).is_hidden()
        assert "Demonstration data" in page.locator(".foot").inner_text()
        scale = page.locator(".scale").text_content()
        page.mouse.move(450, 200)
        page.mouse.wheel(0, -400)
        assert page.locator("#gesture").is_visible()
        assert page.locator(".scale").text_content() == scale


def test_the_embedding_line_is_whole_and_safe(visit):
    with visit() as page:
        page.click("#export button:nth-child(3)")
        code = page.locator("#dialog input").first.input_value()
        assert code.startswith('<iframe title="Residents with a kindergarten')
        assert "embed=1" in code
        assert 'sandbox="allow-scripts allow-downloads allow-popups"' in code
        assert page.locator("#dialog svg.preview").is_visible()
        picture(page, "take")


def test_the_page_runs_in_a_sandboxed_frame(visit, file, tmp_path):
    outer = tmp_path / "outer.html"
    frame = f'<iframe title="map" width="600" height="400" src="{file.as_uri()}#embed=1"'
    outer.write_text(
        f'<!doctype html><title>x</title><body class="ready">{frame} '
        'sandbox="allow-scripts allow-downloads"></iframe>'
    )
    with visit(path=outer) as page:
        frame = page.frame_locator("iframe")
        frame.locator("body.ready").wait_for()
        assert frame.locator("#question").text_content().startswith("Who has a kindergarten")


def test_print_holds_every_neighbourhood_and_says_what_it_is(visit):
    with visit("#h=Q07") as page:
        page.emulate_media(media="print")
        page.locator("#list li").nth(39).wait_for(state="attached")
        assert page.locator("#list li").count() == 40
        for selector in ("#question", "#figure", ".demonstration", ".scale", ".foot .source"):
            assert page.locator(selector).first.is_visible()
        for selector in (".search", "#chooser", "#export", ".map-corner"):
            assert page.locator(selector).first.is_hidden()
        picture(page, "print")
        pdf = page.pdf(prefer_css_page_size=True)
        assert pdf.count(b"/Type /Page\n") <= 2


def test_a_neighbourhood_is_printed_as_one_sheet(visit):
    with visit("#h=Q07") as page:
        page.evaluate("window.print = () => undefined")
        page.get_by_role("button", name="Print this sheet").click()
        page.emulate_media(media="print")
        page.wait_for_timeout(200)
        assert page.locator("#profile-name").is_visible()
        rows = page.locator("#profile .indicator-row")
        assert rows.count() == rows.locator("visible=true").count() > 3
        seen = (".demonstration", ".map path.chosen", ".scale", ".class-button", ".foot .source")
        for selector in seen:
            assert page.locator(selector).first.is_visible(), selector
        left = page.locator("#profile-name").bounding_box()["x"]
        assert rows.first.bounding_box()["x"] >= left
        for selector in ("#question", "#list", "#profile .close"):
            assert page.locator(selector).first.is_hidden(), selector
        picture(page, "print-profile")
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
        page.emulate_media(media="screen")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator("#question").is_visible()


def test_the_area_within_reach_is_outlined(visit):
    with visit() as page:
        page.click("#map-top button")
        page.get_by_label("Catchment: the area within reach").check()
        path = page.locator("path.catchment").get_attribute("d")
        assert path.startswith("M")
        assert path.endswith("z")
        assert "Catchment" in page.locator("#key").text_content()
        page.click("#chooser")
        page.get_by_role("radio", name="Population density").click()
        assert page.locator("path.catchment").get_attribute("d") == ""
        assert "Catchment" not in page.locator("#key").text_content()


def test_on_a_phone_a_tap_opens_the_sheet(visit):
    with visit(**PHONE) as page:
        box = _hood(page, "Dahna").bounding_box()
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert page.locator("#profile-name").text_content() == "Dahna"
        picture(page, "profile-phone")
        page.locator("#profile .handle").tap()
        page.wait_for_timeout(350)
        assert page.locator("#profile").bounding_box()["height"] > 500
        page.locator("#profile .close").tap()
        assert page.locator("#profile").is_hidden()


UNDER_THE_KEY = """() => {
    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
    const [key, sheet] = [box("#key"), box("#profile")];
    const areas = [...document.querySelectorAll("#stage path.neighbourhood")];
    const middles = areas.map((area) => area.getBoundingClientRect())
        .map(({ left, top, width, height }) => [left + width / 2, top + height / 2]);
    const under = ({ left, right, top, bottom }) => middles
        .filter(([x, y]) => x > left && x < right && y > top && y < bottom).length;
    return [key.height > 0, under(key), under(sheet), middles.length];
}"""


@pytest.mark.parametrize("size", [(320, 568), (320, 640), (390, 844)])
def test_on_a_phone_the_key_and_the_sheet_leave_the_city_in_sight(visit, size):
    with visit("#h=Q07", **{**PHONE, "size": size}) as page:
        page.wait_for_timeout(400)  # the sheet moves
        shown, under_key, under_sheet, all_of_them = page.evaluate(UNDER_THE_KEY)
        assert shown
        assert under_key <= all_of_them / 20
        assert under_sheet == 0


def test_every_control_is_large_enough_to_touch(visit):
    for options in ({}, PHONE):
        with visit("#h=Q07", **options) as page:
            small = page.evaluate(SMALL)
            assert [s for s in small if not s.startswith("handle")] == []


def test_without_script_there_is_a_title_a_figure_and_a_table(visit):
    with visit(java_script_enabled=False) as page:
        picture(page, "without-script")
        assert page.locator("noscript h1").is_visible()
        assert page.locator("noscript tbody tr").count() == 41
        assert page.locator("main").is_hidden()


def test_hostile_text_runs_nothing_anywhere(visit, tmp_path):
    path = write(tmp_path / "untrusted_text.html", hostile_publication())
    states = [
        "",
        "#h=Q07",
        "#view=table",
        "#view=compare",
        "#embed=1",
        "#lang=sr-Cyrl-ME",
        "#view=pair",
    ]
    for state in states:
        with visit(state, path=path) as page:
            page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
            page.fill("#search-field", "script") if not state.startswith("#embed") else None
            page.wait_for_timeout(50)
            assert page.evaluate("window.hacked") is None
            assert (
                page.locator("main img, main iframe, main form, main a[href^=javascript]").count()
                == 0
            )
            assert page.evaluate("document.body.checkVisibility()")
    with visit("#h=Q91", path=path) as page:
        assert page.locator("#profile-name").text_content() in HOSTILE


def test_downloads_of_hostile_names_hold_no_formula(visit, tmp_path):
    path = write(tmp_path / "untrusted_text.html", hostile_publication())
    with visit(path=path) as page:
        text = _downloaded(page, "CSV").path().read_bytes().decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row[:4]:
            assert not cell.startswith(("=", "@", "\t", "+", "-1+")), cell


def test_reduced_motion_moves_nothing(visit):
    with visit(reduced_motion="reduce") as page:
        moving = page.evaluate(MOVING)
        assert moving == 0


def test_a_city_of_one_indicator_and_one_language_has_no_empty_choices(visit, tmp_path):

    publication = make_publication(languages=["en"])
    path = write(tmp_path / "one.html", replace(publication, results=publication.results[:1]))
    with visit(path=path) as page:
        assert page.locator("#views button").count() == 3
        assert page.locator("#language-select").is_hidden()


def test_a_share_that_should_be_small_counts_those_whom_it_concerns(visit, tmp_path):

    publication = make_publication(languages=["en"])
    first = publication.results[0]
    flooded = replace(publication.indicators[first.indicator], better="lower")
    indicators = {**publication.indicators, first.indicator: flooded}
    made = replace(publication, indicators=indicators, results=(replace(first, city=0.2),))
    exact = made.spec.publish.model_copy(update={"disclosure": "internal"})
    made = replace(made, spec=made.spec.model_copy(update={"publish": exact}))
    people = round(0.2 * publication.city.residents.people.sum(), -2)
    with visit(path=write(tmp_path / "flood.html", made)) as page:
        said = page.locator("#sentence").inner_text()
        assert f"That is some {people:,.0f} people." in said
        assert "do not" not in said


def test_no_neighbourhood_is_compared_with_the_total_of_the_city(visit, tmp_path):

    from urbanlayer.model.indicator import Kind

    publication = make_publication(languages=["en"])
    counted = next(r for r in publication.results if r.unit != "share")
    amount = replace(publication.indicators[counted.indicator], kind=Kind.AMOUNT)
    query = replace(counted.query, target=None)
    total = replace(counted, city=float(counted.values.sum()), query=query)
    indicators = {**publication.indicators, counted.indicator: amount}
    made = replace(publication, indicators=indicators, results=(total,))
    hood = publication.city.neighbourhoods.keys[0]
    with visit(f"#h={hood}", path=write(tmp_path / "sum.html", made)) as page:
        assert page.locator(".city-line").count() == 0
        assert "whole city" not in page.locator("#profile").inner_text()


def test_the_table_counts_people_without_and_sorts_by_them(visit):
    """Residents times the share that has none, to 10 below 1,000 people and to 100 above."""
    with visit("#view=table") as page:
        page.click("[data-column=without]")
        data = page.evaluate("JSON.parse(document.getElementById('data').textContent)")
        values, people = data["indicators"][0]["values"], data["residents"]
        expected = sorted(
            (
                (1 - value) * each
                for value, each in zip(values, people, strict=True)
                if value is not None and each is not None
            ),
            reverse=True,
        )
        at = page.locator("th").evaluate_all(
            "heads => heads.findIndex((th) => th.querySelector('[data-column=without]'))"
        )
        cells = page.locator(f"tbody tr:not(.city-row) td:nth-child({at + 1})")
        shown = [int(text.replace(",", "")) for text in cells.all_text_contents()[:5]]
        for count, number in zip(shown, expected, strict=False):
            assert abs(count - number) <= (5 if number < 1000 else 50) + 1


def test_derived_borders_and_straight_lines_are_told_beside_the_answer(visit, tmp_path):
    made = make_publication()
    hoods = replace(made.city.neighbourhoods, derived=True)
    first = replace(made.results[0], method="straight_line")
    city = replace(made.city, neighbourhoods=hoods, streets=None)
    made = replace(made, city=city, results=(first, *made.results[1:]))
    path = write(tmp_path / "derived.html", made)
    for link in ("", "#embed=1"):
        with visit(link, path=path) as page:
            text = page.locator("#caveats").inner_text()
            assert "derived, not official" in text
            assert "straight lines" in text
            page.emulate_media(media="print")
            assert page.locator("#caveats").is_visible()


def test_equal_neighbourhoods_share_a_rank_and_the_lists_say_how_many_more(visit, tmp_path):
    made = make_publication()
    keys = made.city.neighbourhoods.keys
    values = [1.0] + [0.5] * (len(keys) - 11) + [0.0] * 10
    first = replace(
        made.results[0],
        values=made.results[0].values.__class__(values, index=keys),
        low=None,
        high=None,
        reasons={},
    )
    made = replace(made, results=(first, *made.results[1:]))
    path = write(tmp_path / "ties.html", made)
    with visit(f"#h={keys[-1]}", path=path) as page:
        assert "Last of 40, with 9 others." in page.locator("#profile").inner_text()
        assert "nobody" in page.locator("#profile").inner_text()
        ends = page.locator("#ends").inner_text()
        assert "and 7 more that are equal" in ends


def test_a_tap_on_a_hit_opens_what_was_tapped_and_the_place_is_named_above_the_sheet(visit):
    with visit(**PHONE) as page:
        for query, at in (("bulevar", 0), ("bulevar", 2), ("vrtic", 3)):
            page.tap("#search-open")
            page.fill("#search-field", query)
            hit = page.locator("#hits [role=option]").nth(at)
            name = hit.locator("b").text_content()
            hit.tap()
            assert page.locator("#hits").is_hidden()
            found = page.locator("#found")
            assert found.text_content() == name
            box, sheet = found.bounding_box(), page.locator("#profile").bounding_box()
            assert box["y"] + box["height"] <= sheet["y"]
            picture(page, "found-phone")


def test_a_phone_has_locate_zoom_and_the_whole_city(visit):
    with visit(**PHONE) as page:
        for name in ("Where am I?", "Zoom in", "Zoom out", "Whole city"):
            button = page.get_by_role("button", name=name, exact=True)
            box = button.bounding_box()
            assert min(box["width"], box["height"]) >= 44
            button.tap(trial=True)


def test_back_and_forward_go_through_what_was_looked_at(visit):
    with visit() as page:
        page.evaluate("location.hash = '#h=Q07'")
        page.wait_for_selector("#profile-name")
        page.get_by_role("button", name="Table", exact=True).click()
        page.keyboard.press("Escape")
        page.go_back()
        page.wait_for_selector("#table-view", state="visible")
        assert page.locator("#profile").is_visible()
        page.go_back()
        page.wait_for_selector("#table-view", state="hidden")
        page.go_forward()
        page.wait_for_selector("#table-view", state="visible")


@pytest.mark.parametrize("link", ["#i=gone", "#h=gone", "#view=compare&c=Q00~gone"])
def test_a_link_to_something_no_longer_published_says_so(visit, link):
    with visit(link) as page:
        assert "no longer" in page.locator("#toast").inner_text()
    with visit("#i=coverage_within.pharmacy.800&h=Q07") as page:
        assert page.locator("#toast").is_hidden()


FRAME = """<!doctype html><title>Host</title><iframe title="Map" id="map" style="display:none"
    width="600" height="400" {sandbox} src="{src}"></iframe>"""


@pytest.fixture
def served(file):
    """Address of the folder of the page, on this machine."""
    handler = functools.partial(QuietHandler, directory=file.parent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.mark.parametrize("sandboxed", [False, True])
def test_a_frame_that_was_hidden_draws_itself_when_shown_and_opens_the_full_page(
    browser, file, served, tmp_path, sandboxed
):
    """From a file, and in a sandbox from a server: Chromium opens no file out of a sandbox."""
    host = tmp_path / "host.html"
    link = "#i=coverage_within.pharmacy.800&h=Q07&embed=1"
    src = (f"{served}/{file.name}" if sandboxed else file.as_uri()) + link
    sandbox = 'sandbox="allow-scripts allow-popups"' if sandboxed else ""
    host.write_text(FRAME.format(src=src, sandbox=sandbox))
    context = browser.new_context(viewport={"width": 800, "height": 600})
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(host.as_uri())
    page.wait_for_timeout(300)
    page.evaluate("document.getElementById('map').style.display = 'block'")
    frame = page.frame_locator("#map")
    frame.locator("body.ready").wait_for()
    page.wait_for_timeout(300)
    boxes = [frame.locator("path.neighbourhood").nth(row).bounding_box() for row in (0, 20, 39)]
    assert all(box["width"] > 5 for box in boxes)
    assert max(box["x"] + box["width"] for box in boxes) <= 620
    with context.expect_page() as opened:
        frame.locator("#open-full").click()
    opened.value.wait_for_selector("body.ready")
    assert opened.value.locator("#profile-name").is_visible()
    assert "embed" not in opened.value.url
    assert "pharmacy" in opened.value.locator("#question").inner_text()
    assert faults == []
    context.close()


PAPER = ("A4", "A3", "Letter")
ON_PAPER = (
    ".demonstration", "#question", "#figure", "#sentence", ".class-button",
    "#stage path.neighbourhood",
    "#list li", ".foot .source", "#method-print",
)  # fmt: skip


@pytest.mark.parametrize(
    "link", ["", "#h=Q07", "#view=table", "#view=compare", "#view=pair", "#embed=1"]
)
def test_every_state_prints_whole_on_one_sheet(visit, link):
    with visit(link) as page:
        for paper, landscape in itertools.product(PAPER, (False, True)):
            sheet = page.pdf(format=paper, landscape=landscape, print_background=True)
            count = 2 if link == "#view=compare" else 1  # the comparison has a sheet of its own
            assert f"/Count {count}".encode() in sheet, (link, paper, landscape)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        for selector in ON_PAPER:
            assert page.locator(selector).first.is_visible(), (link, selector)


INDICATORS = "JSON.parse(document.querySelector('#data').text).indicators.map(({ id }) => id)"
LOWEST = """Math.max(...[...document.querySelectorAll("#stage path.neighbourhood")]
    .map((one) => one.getBoundingClientRect().bottom))"""
PLACE_OF_MAP = (
    "document.querySelector('#stage path.neighbourhood').getBoundingClientRect().toJSON()"
)


def test_a_view_that_the_reader_made_is_back_after_printing(visit):
    with visit() as page:
        whole = page.evaluate(PLACE_OF_MAP)
        page.get_by_role("button", name="Zoom in", exact=True).click()
        page.wait_for_timeout(400)
        seen = page.evaluate(PLACE_OF_MAP)
        assert seen["width"] > 1.2 * whole["width"]
        for media in ("print", "screen"):
            page.emulate_media(media=media)
            page.wait_for_timeout(200)
            after = page.evaluate(PLACE_OF_MAP)
            is_back = all(abs(after[side] - seen[side]) < 1.5 for side in ("x", "y", "width"))
            assert is_back == (media == "screen")


def test_on_phones_the_map_is_fitted_to_the_sheet_of_each_question(visit):
    """As when the page is opened with it."""
    with visit(**PHONE) as page:
        sheets = set()
        for indicator in page.evaluate(INDICATORS):
            page.evaluate(f"location.hash = '#i={indicator}'")
            page.wait_for_timeout(100)
            sheets.add(page.locator("#panel").bounding_box()["y"])
            lowest = page.evaluate(LOWEST)
            page.reload()
            page.wait_for_selector("body.ready")
            assert page.evaluate(LOWEST) == pytest.approx(lowest, abs=1.5), indicator
        assert len(sheets) > 1


def test_a_comparison_is_printed_with_its_neighbourhoods_marked(visit):
    with visit("#view=compare") as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        page.wait_for_timeout(200)
        picture(page, "print-compare")
        heads = page.locator("#compare-paper thead th").all_inner_texts()
        marked = page.locator("#list li.marked span:nth-of-type(2)").all_inner_texts()
        assert sorted(heads[1:-1]) == sorted(marked)
        assert len(marked) == 3
        assert all(page.locator("#compare-paper tbody th").all_inner_texts())
        assert page.locator("#compare-paper button").count() == 0
        assert page.locator("path.chosen").get_attribute("d").count("M") >= 2


TWO_MAPS = """() => {
    const parts = (selector) => [...document.querySelectorAll(selector)];
    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
    const [first, second] = [box("#stage"), box(".pair-drawing")];
    return {
        questions: [box("#question").top, box("#pair-paper h2").top],
        areas: parts(".pair-drawing svg g path[fill]:not([fill=none])").length,
        classes: parts(".pair-legend li").filter((one) => one.offsetWidth).length,
        tops: Math.abs(first.top - second.top) < 1, apart: first.right < second.left,
        legend: box(".classes").bottom <= (parts(".silent")[0]?.getBoundingClientRect().top ?? 1e9),
        values: parts("#list li").map((one) => one.querySelectorAll("b").length),
    };
}"""


def test_two_maps_are_printed_side_by_side_each_with_question_figure_and_classes(visit):
    with visit("#view=pair&i=coverage_within.kindergarten&h=Q07") as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        page.wait_for_timeout(200)
        seen = page.evaluate(TWO_MAPS)
        picture(page, "print-pair")
        assert seen["questions"][0] == seen["questions"][1]
        assert seen["areas"] >= 40
        assert seen["classes"] in {5, 6}
        assert seen["tops"]
        assert seen["legend"]
        assert seen["apart"]
        assert set(seen["values"]) == {2}
        second = page.locator("#pair-paper h2").inner_text()
        assert second not in {"", page.locator("#question").inner_text()}
        assert page.locator("#pair-paper .figure").inner_text()


def test_a_browser_that_cannot_read_the_script_shows_the_table_and_one_sentence(browser, file):
    """As an old browser does, for which the script is no script."""
    old = file.with_name("old.html")
    text = file.read_text(encoding="utf-8").replace(
        '"use strict";(() => {', '"use strict";(() =>> {'
    )
    old.write_text(text, encoding="utf-8", newline="")
    page = browser.new_page()
    page.goto(old.as_uri())
    assert "Chrome 93" in page.locator("#fallback").inner_text()
    assert page.locator("#fallback tbody tr").count() == 41
    assert page.locator("#fallback h1").is_visible()
    assert page.locator("#main").is_hidden()
    page.close()


def test_a_server_that_forbids_scripts_gets_a_sentence_and_the_table_s_address(browser, file):
    page = browser.new_page()

    def strict(route):
        route.fulfill(
            path=file, headers={"Content-Security-Policy": "default-src 'self'"},
            content_type="text/html",
        )  # fmt: skip

    page.route("**/*", strict)
    page.goto("http://strict.example/index.html")
    assert page.locator("#fallback p").is_visible()
    assert page.locator("#fallback a").get_attribute("href") == "data/indicators.csv"
    assert page.locator("#main").is_hidden()
    page.close()


PARTS = """() => ["#stage path.neighbourhood", "#pair path.neighbourhood", ".leaflet-map-pane",
    "#names", "canvas", "#views button", "#languages button", "#tabs button",
    "#layers label", "#ends .row", "#legend button"]
    .map((selector) => [selector, document.querySelectorAll(selector).length])"""


@pytest.mark.parametrize("link", ["", "#view=pair", "#h=Q07&lang=sq"])
def test_a_page_that_the_browser_saved_opens_as_the_page_did(browser, file, link):
    """Saved as browsers do, with the elements that the script had made."""
    page = browser.new_page()
    page.goto(file.as_uri() + link)
    page.wait_for_selector("body.ready")
    parts = page.evaluate(PARTS)
    saved = file.with_name("saved.html")
    markup = page.evaluate("document.documentElement.outerHTML")
    saved.write_text(f"<!doctype html>{markup}", encoding="utf-8", newline="")
    faults = []
    page.on("pageerror", lambda fault: faults.append(fault))  # noqa: PLW0108  (Playwright marks it)
    page.goto("about:blank")
    page.goto(saved.as_uri() + link)
    page.wait_for_timeout(300)
    assert "ready" in page.evaluate("document.body.className")
    assert page.evaluate(PARTS) == parts
    assert page.locator("#stage path.neighbourhood").first.is_visible()
    assert faults == []
    page.close()


def test_the_sentence_for_old_browsers_never_shows_where_the_page_runs(visit):
    with visit() as page:
        assert page.locator("#fallback").is_hidden()
