"""The page in Firefox ESR as Debian ships it: its states, a click, a search, print to PDF."""

import contextlib
import os
import re
import zlib

import pytest
from marionette import FIREFOX, Firefox
from pages import PICTURES

STATES = {
    "start": ("", (1280, 800)),
    "profile": ("#h=Q07", (1280, 800)),
    "table": ("#view=table", (1280, 800)),
    "compare": ("#view=compare", (1280, 800)),
    "pair": ("#view=pair", (1280, 800)),
    "middle": ("#h=Q07", (1000, 700)),
    "narrow": ("", (500, 844)),  # the least that a window of Firefox can have
    "embed": ("#embed=1", (600, 400)),
    "low embed": ("#embed=1&lang=sr-Cyrl-ME", (500, 400)),
    "dark": ("#h=Q07&scheme=dark", (1280, 800)),
}
IN_SIGHT = {
    "start": ("#question", "#figure", ".classes", "path.neighbourhood", "#key", ".foot .source"),
    "profile": ("#profile-name", "#profile .indicator-row", ".classes", "path.chosen"),
    "table": ("#table-view tbody tr", "#table-view .city-row"),
    "compare": ("#compare-view tbody tr", "#compare-view thead th b"),
    "pair": ("#pair-map path.neighbourhood", "#pair .pair-legend"),
    "middle": ("#profile-name", "#key .key-classes", ".foot .source"),
    "narrow": ("#question", "#figure", "#tabs", "path.neighbourhood"),
    "embed": ("#question", ".class-button", "path.neighbourhood", ".foot .source", "#open-full"),
    "low embed": ("#question", "#figure", ".class-button", "path.neighbourhood", "#open-full"),
    "dark": ("#profile-name", "path.neighbourhood"),
}
SEEN = """return arguments[0].filter((selector) => {
    const box = document.querySelector(selector)?.getBoundingClientRect();
    return !box || !box.width || !box.height || box.right <= 0 || box.left >= innerWidth;
})"""
PAPERS = {"A4": (210, 297), "A3": (297, 420), "Letter": (216, 279)}
ASKED = "return performance.getEntriesByType('resource').map(({ name }) => name)"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    if FIREFOX is None:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("needs Firefox ESR: no `firefox-esr` on PATH")
    started = Firefox(tmp_path_factory.mktemp("firefox"))
    yield started
    started.close()


@pytest.fixture
def opened(firefox, file):
    """Opens the page in a state; it has to start, and to ask for nothing."""

    def open_page(link="", size=(1280, 800)):
        firefox.open(file.as_uri() + link, size=size)
        firefox.wait_for("document.body?.matches('.ready, .broken')")
        assert firefox.run("return document.body.className.includes('ready')")
        assert firefox.run(ASKED) == []
        return firefox

    return open_page


def photographed(firefox, name):
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"firefox-{name}.png").write_bytes(firefox.screenshot())


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_drawn(opened, state):
    link, size = STATES[state]
    page = opened(link, size)
    photographed(page, state)
    assert page.run(SEEN, list(IN_SIGHT[state])) == []
    assert page.run("return document.documentElement.scrollWidth") <= size[0]


def test_a_click_opens_the_profile_and_a_search_finds(opened):
    page = opened()
    page.click("#ends .row")
    assert page.run("return document.activeElement.id") == "profile-name"
    page.write("#search-field", "tolosi\ue007")  # and Enter
    page.wait_for("document.getElementById('profile-name')?.textContent === 'Tološi'")
    assert "h=Q" in page.run("return location.hash")


def test_a_picture_and_a_workbook_are_made(opened):
    page = opened()
    page.click("#export button:first-child")
    page.run(
        """window.made = [];
        const make = URL.createObjectURL.bind(URL);
        URL.createObjectURL = (blob) => {
            window.made.push([blob.type, blob.size]);
            return make(blob);
        };
        const buttons = [...document.querySelectorAll("#dialog button")];
        for (const name of ["XLSX", "SVG", "PNG"]) {
            buttons.find((button) => button.textContent === name).click();
        }"""
    )
    page.wait_for("window.made.length === 3")
    kinds = {kind.partition(";")[0]: size for kind, size in page.run("return window.made")}
    assert set(kinds) == {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "image/svg+xml",
        "image/png",
    }  # fmt: skip
    assert min(kinds.values()) > 5_000


def pages_of(pdf):
    """Number of pages of a PDF whose objects may be in compressed streams."""
    whole = bytearray(pdf)
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            whole += zlib.decompressobj().decompress(stream)
    return max(int(count) for count in re.findall(rb"/Count (\d+)", whole))


@pytest.mark.parametrize("landscape", [False, True], ids=["portrait", "landscape"])
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("state", ["start", "profile", "table", "compare", "pair", "embed"])
def test_every_state_prints_on_one_sheet(opened, state, paper, landscape):
    page = opened(*STATES[state])
    pdf = page.pdf(PAPERS[paper], landscape=landscape)
    PICTURES.mkdir(exist_ok=True)
    way = "landscape" if landscape else "portrait"
    (PICTURES / f"firefox-{state}-{paper}-{way}.pdf").write_bytes(pdf)
    assert pages_of(pdf) == (2 if state == "compare" else 1)


def test_two_maps_are_drawn_for_paper(opened):
    page = opened("#view=pair&h=Q07")
    page.run("dispatchEvent(new Event('beforeprint'))")
    drawn = page.run(
        """return [...document.querySelectorAll(".print-map svg[role], .pair-drawing svg[role]")]
            .map((one) => [one.getAttribute("aria-label"), one.querySelectorAll("path").length])"""
    )
    assert len(drawn) == 4  # for each way of the sheet
    assert len({label for label, _ in drawn}) == 2
    assert all(paths > 40 for _, paths in drawn)


def test_a_frame_in_a_printed_report_has_a_drawing_that_takes_its_width(firefox, file, tmp_path):
    """The copy that Firefox prints is as wide as the paper; the map itself stays as it was."""
    host = tmp_path / "report.html"
    source = f"{file.as_uri()}#embed=1"
    host.write_text(f'<iframe src="{source}" style="width:100%;height:400px"></iframe>')
    firefox.open(host.as_uri(), size=(1280, 800))
    firefox.ask("WebDriver:SwitchToFrame", id=0)
    try:
        firefox.wait_for("document.body?.matches('.ready')")
        seen = firefox.run(
            """dispatchEvent(new Event("beforeprint"));
            const [stage, map] = ["#stage", ".print-map svg[role]"]
                .map((one) => document.querySelector(one).getBoundingClientRect());
            const hidden = getComputedStyle(document.querySelector(".map")).visibility;
            dispatchEvent(new Event("afterprint"));
            return [hidden, stage.right >= map.right, map.width > 100, stage.bottom >= map.bottom,
                document.querySelector(".print-map") === null];"""
        )
    finally:
        firefox.ask("WebDriver:SwitchToFrame", id=None)
    assert seen == ["hidden", True, True, True, True]
