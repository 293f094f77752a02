"""What a reader takes along: a workbook, a picture, lines for another page."""

import functools
import io
import struct
import threading
import xml.etree.ElementTree as ET
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import openpyxl
import pytest
from made_city import make_publication
from page_layout import OUTSIDE, PHONE
from pages import picture, write
from untrusted_text import hostile_publication

from urbanlayer.locales import languages
from urbanlayer.publish.embeds import embeds_page

SVG = "{http://www.w3.org/2000/svg}"
TAGS = [code.replace("_", "-") for code in languages()]


def _downloaded(page, kind):
    page.click("#export button:first-child")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=kind, exact=True).click()
    content = waiting.value.path().read_bytes()
    page.keyboard.press("Escape")
    return waiting.value.suggested_filename, content


def _data(page):
    return page.evaluate("JSON.parse(document.getElementById('data').textContent)")


def test_a_workbook_has_a_row_a_neighbourhood_with_units_and_definitions(visit):
    with visit() as page:
        data = _data(page)
        name, content = _downloaded(page, "XLSX")
    assert name == "testcity.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content))
    answers, definitions, ranges = book.worksheets
    head, *rows = answers.iter_rows(values_only=True)
    assert len(rows) == 40
    assert head[:4] == ("Neighbourhood", "key", "Residents", "Kindergarten (%)")
    first = data["indicators"][0]
    for key, shown in {row[1]: row[3] for row in rows}.items():
        assert shown == first["values"][data["keys"].index(key)]
    assert answers.cell(2, 4).number_format == "0%"
    assert {row[-1] for row in rows} == {"Demonstration data, generated; not a survey."}
    titles = [row[0].value for row in definitions.iter_rows(2, 1 + len(data["indicators"]))]
    assert [f"{title} " for title in titles] == [h.split("(")[0] for h in head[3:-1]]
    assert definitions.cell(2, 3).value == "Residents with a kindergarten within 500\u00a0m on foot"
    assert definitions.cell(2, 6).value == first["city"]
    head, *rows = ranges.iter_rows(values_only=True)
    assert head[2:4] == ("Kindergarten (%) min", "Kindergarten (%) max")
    assert all(low is None or low <= high for _, _, low, high, *_ in rows)


def test_a_workbook_of_hostile_names_holds_no_formula(visit, tmp_path):
    path = write(tmp_path / "hostile.html", hostile_publication())
    with visit(path=path) as page:
        _, content = _downloaded(page, "XLSX")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert len(cells) > 100
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [c.value for c in cells if str(c.value).startswith(("=", "@", "\t"))] == []


def test_a_picture_has_the_size_that_is_asked_for_and_says_what_it_shows(visit):
    with visit() as page:
        page.click("#export button:first-child")
        page.get_by_label("Width (pixels)").fill("900")
        page.get_by_label("Height (pixels)").fill("700")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="SVG", exact=True).click()
        svg = ET.fromstring(waiting.value.path().read_text(encoding="utf-8"))  # noqa: S314
        with page.expect_download() as waiting:
            page.get_by_role("button", name="PNG", exact=True).click()
        png = waiting.value.path().read_bytes()
        names = _data(page)["names"][""]
        title = page.get_by_label("Title", exact=True).input_value()
        alt = page.get_by_label("Alternative text").input_value()
    assert (svg.get("width"), svg.get("height")) == ("900", "700")
    assert struct.unpack(">II", png[16:24]) == (900, 700)
    assert (
        svg.find(f"{SVG}title").text
        == title
        == "Who has a kindergarten within 500\u00a0m on foot? Test City"
    )
    assert svg.find(f"{SVG}desc").text == alt
    assert "Highest: " in alt
    assert "Demonstration data" in alt
    text = " ".join(node.text or "" for node in svg.iter(f"{SVG}text"))
    joined = text.replace(" ", "")
    assert [name for name in names if name.replace(" ", "") not in joined] == []
    for said in ("Kindergartens (14)", "No answer", "CC-BY-4.0", "Demonstration data"):
        assert said in text
    fills = [path.get("fill", "") for path in svg.iter(f"{SVG}path")]
    hatched = [fill for fill in fills if fill.startswith("url(#picture-hatch-map-")]
    assert len(hatched) == 1


BEYOND = """(source) => {
    const svg = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
    document.body.replaceChildren(document.adoptNode(svg));
    Object.assign(svg.style, { position: "fixed", left: 0, top: 0 });
    const [width, height] = ["width", "height"].map((side) => Number(svg.getAttribute(side)));
    return [...svg.querySelectorAll("text")]
        .map((text) => [text.textContent, text.getBoundingClientRect()])
        .filter(([, { left, right, top, bottom }]) =>
            left < 0 || top < 0 || right > width + 1 || bottom > height + 1)
        .map(([text]) => text); }"""
"""Texts of a picture that reach beyond its edges."""


@pytest.mark.parametrize("size", [(1600, 1200), (600, 400), (2000, 700), (700, 1400)])
def test_nothing_in_a_picture_lies_outside_of_it(visit, size):
    with visit("#lang=de") as page:
        page.click("#export button:first-child")
        for label, pixels in zip(("Breite (Pixel)", "Höhe (Pixel)"), size, strict=True):
            page.get_by_label(label).fill(str(pixels))
        with page.expect_download() as waiting:
            page.get_by_role("button", name="SVG", exact=True).click()
        svg = waiting.value.path()
        blank = page.context.new_page()
        blank.set_viewport_size({"width": size[0], "height": size[1]})
        outside = blank.evaluate(BEYOND, svg.read_text(encoding="utf-8"))
        picture(blank, f"picture-{size[0]}")
        assert outside == []


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def served(file):
    """Address of the folder of the page, on this machine."""
    handler = functools.partial(QuietHandler, directory=file.parent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_lines_for_another_page_have_the_address_where_it_is_known(browser, file, served):
    page = browser.new_page()
    for address, src in (
        (f"{served}/{file.name}", f"{served}/{file.name}#"), (file.as_uri(), f"{file.name}#"),
    ):  # fmt: skip
        page.goto(address)
        page.wait_for_selector("body.ready")
        page.click("#export button:nth-child(3)")
        line = page.get_by_label("Put the map in your page").input_value()
        assert f'src="{src}' in line
        page.get_by_label("Light or dark").select_option("dark")
        assert "scheme=dark" in page.get_by_label("Put the map in your page").input_value()
        fixed = page.get_by_label("Picture with a link").input_value()
        assert f'<a href="{src}' in fixed
        assert 'alt="Map, Test City: Residents with a kindergarten' in fixed
        assert "embed" not in fixed
    page.close()


def test_a_frame_gets_the_height_of_its_content_by_the_lines_that_the_page_gives(browser, file):
    page = browser.new_page(viewport={"width": 900, "height": 900})
    page.goto(file.as_uri())
    page.click("#export button:nth-child(3)")
    lines = page.get_by_label("Lines for the height").input_value()
    frame = page.get_by_label("Put the map in your page").input_value()
    host = file.with_name("host.html")
    for width in (860, 600, 340):
        host.write_text(
            f'<!doctype html><title>x</title>{lines}<div style="width:{width}px">'
            + frame.replace('height="400"', 'height="150"').replace('loading="lazy"', "")
        )
        page.goto(host.as_uri())
        inside = page.frame_locator("iframe")
        inside.locator("body.ready").wait_for()
        page.wait_for_function("document.querySelector('iframe').offsetHeight > 151")
        cut = inside.locator("#answer").evaluate("(node) => node.scrollHeight - node.clientHeight")
        assert cut <= 0, width
        assert 330 < page.locator("iframe").bounding_box()["height"] < 900
        assert inside.locator("#map, .map").first.bounding_box()["height"] > 200
    page.close()


CUT = """() => ["#answer", "#answer .classes", ".foot", "#question", "#sentence"]
    .map((selector) => [selector, document.querySelector(selector)])
    .filter(([, node]) => node.scrollHeight > node.clientHeight + 1
        || node.scrollWidth > node.clientWidth + 1)
    .map(([selector]) => selector)"""


@pytest.mark.parametrize("tag", TAGS)
def test_nothing_is_cut_off_in_an_embed_in_any_language(visit, tag):
    with visit(f"#embed=1&lang={tag}", size=(600, 400)) as page:
        for name in [indicator["id"] for indicator in _data(page)["indicators"]]:
            page.evaluate("(hash) => { location.hash = hash; }", f"#embed=1&lang={tag}&i={name}")
            page.wait_for_timeout(60)
            assert page.evaluate(CUT) == [], name
            assert page.evaluate(OUTSIDE) == [], name
        picture(page, f"embed-{tag}")


def test_a_narrow_low_embed_keeps_question_figure_classes_and_map(visit):
    with visit("#embed=1", size=(320, 400)) as page:
        for tag in TAGS:
            for name in ("crashes_per_1000.0.3", "coverage_within.kindergarten.500"):
                hash_ = f"#embed=1&lang={tag}&i={name}&scheme=dark"
                page.evaluate("(hash) => { location.hash = hash; }", hash_)
                page.wait_for_timeout(60)
                assert set(page.evaluate(CUT)) <= {"#sentence"}, tag  # left to screen readers
                assert page.locator("#figure").is_visible()
                assert page.locator("#stage").bounding_box()["height"] >= 110, tag
        page.set_viewport_size({"width": 320, "height": 120})  # no room at all is no fault
        page.wait_for_timeout(60)


@pytest.mark.parametrize("options", [{}, {**PHONE, "size": (600, 400)}], ids=["mouse", "touch"])
def test_a_tap_in_an_embed_shows_name_and_value(visit, options):
    with visit("#embed=1", **{"size": (600, 400), **options}) as page:
        box = page.locator('path.neighbourhood[aria-label^="Konik,"]').bounding_box()
        at = box["x"] + box["width"] / 3, box["y"] + box["height"] / 3
        (page.touchscreen.tap if options else page.mouse.click)(*at)
        tip = page.locator("#tip")
        assert tip.is_visible()
        assert tip.inner_text().startswith("Konik")
        assert "%" in tip.inner_text()
        picture(page, "embed-tap")


def test_light_or_dark_is_the_link_s_whatever_the_reader_has(visit):
    ground = "getComputedStyle(document.querySelector('.panel')).backgroundColor"
    with visit("#embed=1&scheme=dark") as page:
        assert page.evaluate(ground) == "rgb(22, 28, 34)"
        page.emulate_media(media="print")
        assert page.evaluate(ground) in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    with visit("#scheme=light", color_scheme="dark") as page:
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
    with visit("", color_scheme="dark") as page:
        assert page.evaluate(ground) == "rgb(22, 28, 34)"


def test_an_embed_inside_a_report_is_printed_as_it_is_seen(browser, file):
    page = browser.new_page()
    host = file.with_name("report.html")
    host.write_text(
        '<!doctype html><title>x</title><h1>Report</h1><iframe title="m" width="600" height="400"'
        f' src="{file.name}#embed=1"></iframe>'
    )
    page.goto(host.as_uri())
    inside = page.frame_locator("iframe")
    inside.locator("body.ready").wait_for()
    page.emulate_media(media="print")
    for selector in (
        "#question",
        "#figure",
        ".class-button",
        "path.neighbourhood",
        ".foot .source",
    ):
        box = inside.locator(selector).first.bounding_box()
        outer = page.locator("iframe").bounding_box()
        assert inside.locator(selector).first.is_visible()
        assert box["y"] + box["height"] <= outer["y"] + outer["height"] + 2, selector
    assert inside.locator("#list").is_hidden()
    assert b"/Count 1" in page.pdf(format="A4", print_background=True)
    page.close()


def test_a_line_of_the_gallery_works_in_a_page_of_another_server(browser, file, served, tmp_path):
    """Served, it has the address of its folder; from a file, the name alone."""
    figures = {"figures/coverage_within.kindergarten.500.map.png": b""}
    gallery = file.with_name("embeds.html")
    gallery.write_bytes(embeds_page(make_publication(), figures))
    page = browser.new_page()
    page.goto(gallery.as_uri())
    assert 'src="index.html#' in page.locator("textarea").first.input_value()
    page.goto(f"{served}/embeds.html")
    line = page.locator("textarea").first.input_value()
    assert f'src="{served}/index.html#' in line
    (tmp_path / "paper.html").write_text(f"<!doctype html><p>A paper</p>{line}", encoding="utf-8")
    handler = functools.partial(QuietHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.goto(f"http://127.0.0.1:{server.server_port}/paper.html")
        page.frame_locator("iframe").locator("body.ready").wait_for()
        server.shutdown()
    page.close()
    gallery.unlink()
