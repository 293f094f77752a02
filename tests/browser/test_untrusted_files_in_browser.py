"""Pages of a city whose files try to run, opened."""

import pytest
import untrusted_files

import urbanlayer
from urbanlayer import pipeline


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    city = untrusted_files.write(folder)
    urbanlayer.build(city, folder / "out")
    pipeline.check(city, folder / "inventory")
    return folder


@pytest.mark.parametrize("link", ["", "#view=table", "#h=constructor%2346", "#lang=sr-Cyrl-ME"])
def test_nothing_of_a_file_runs_in_the_page(visit, folder, link):
    with visit(link, path=folder / "out/index.html") as page:
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        page.click("#chooser") if not link.startswith("#h") else None
        page.wait_for_timeout(100)
        assert page.evaluate("window.hacked") is None
        assert page.locator("img, iframe, form, a[href^=javascript]").count() == 0


def test_nothing_of_a_file_runs_in_the_inventory(visit, folder):
    pages = list((folder / "inventory").glob("*.html"))
    assert pages
    for path in pages:
        with visit(path=path, ready="body") as page:
            page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
            assert page.evaluate("window.hacked") is None
            assert page.locator("img, iframe, form, a[href^=javascript]").count() == 0
