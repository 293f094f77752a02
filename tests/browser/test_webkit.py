"""The page in WebKitGTK, the engine of Safari: its states are drawn, a click opens the profile."""

import os

import pytest
from pages import PICTURES
from webkit import THERE_IS, WebKit

STATES = {
    "start": ("", ("#question", "#figure", ".classes", "path.neighbourhood", "#key")),
    "profile": ("#h=Q07", ("#profile-name", "#profile .indicator-row", "path.chosen")),
    "table": ("#view=table", ("#table-view tbody tr", "#table-view .city-row")),
    "compare": ("#view=compare", ("#compare-view tbody tr", "#compare-view thead th b")),
    "pair": ("#view=pair", ("#pair-map path.neighbourhood", "#pair .pair-legend")),
    "embed": ("#embed=1", ("#question", ".class-button", "path.neighbourhood", "#open-full")),
}
UNSEEN = """return arguments[0].filter((selector) => {
    const box = document.querySelector(selector)?.getBoundingClientRect();
    return !box || !box.width || !box.height || box.right <= 0 || box.left >= innerWidth;
})"""
ASKED = "return performance.getEntriesByType('resource').map(({ name }) => name)"


@pytest.fixture(scope="module")
def webkit(tmp_path_factory):
    if not THERE_IS:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say(
            "needs WebKitGTK: no WebKitWebDriver, MiniBrowser or xvfb-run (webkit2gtk-driver, xvfb)"
        )
    started = WebKit(tmp_path_factory.mktemp("webkit"))
    yield started
    started.close()


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_drawn(webkit, file, state):
    link, in_sight = STATES[state]
    webkit.open(file.as_uri() + link)
    webkit.wait_for("document.body?.matches('.ready, .broken')")
    assert webkit.run("return document.body.className.includes('ready')")
    assert webkit.run(ASKED) == []
    assert webkit.run(UNSEEN, list(in_sight)) == []
    assert webkit.run("return document.documentElement.scrollWidth <= innerWidth")
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"webkit-{state}.png").write_bytes(webkit.screenshot())


def test_a_click_opens_the_profile(webkit, file):
    webkit.open(file.as_uri())
    webkit.wait_for("document.body?.matches('.ready')")
    webkit.run("document.querySelector('#ends .row').click()")
    assert webkit.run("return document.activeElement.id") == "profile-name"
    assert "h=Q" in webkit.run("return location.hash")


def test_a_page_that_was_saved_opens_as_the_page_did(webkit, file):
    """The elements that the script had made are in the saved file, and none is there twice."""
    parts = "return arguments[0].map((part) => document.querySelectorAll(part).length)"
    made = ["#stage path.neighbourhood", "#ends .row", ".class-button", "#views button"]
    webkit.open(file.as_uri())
    webkit.wait_for("document.body?.matches('.ready')")
    before = webkit.run(parts, made)
    saved = file.with_name("saved-by-webkit.html")
    markup = webkit.run("return document.documentElement.outerHTML")
    saved.write_text(f"<!doctype html>{markup}", encoding="utf-8", newline="")
    webkit.open(saved.as_uri() + "#view=table")
    webkit.wait_for("document.body?.matches('.ready') && document.querySelector('#table-view tr')")
    assert webkit.run(parts, made) == before
    assert min(before) >= 3
