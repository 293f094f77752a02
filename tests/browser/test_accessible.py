"""No violation of axe-core's rules for WCAG 2.2 AA, in every state; the markup is valid."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from axe import missing, violations
from pages import picture

ROOT = Path(__file__).parents[2]
PHONE = {"size": (390, 844), "has_touch": True, "is_mobile": True}
STATES = {
    "start": ("", {}),
    "profile": ("#h=Q07", {}),
    "no answer": ("#h=Q21", {}),
    "table": ("#view=table", {}),
    "compare": ("#view=compare", {}),
    "pair": ("#view=pair", {}),
    "filtered": ("#k=5", {}),
    "cyrillic": ("#lang=sr-Cyrl-ME&h=Q07", {}),
    "dark": ("#h=Q07", {"color_scheme": "dark"}),
    "dark table": ("#view=table", {"color_scheme": "dark"}),
    "phone": ("", PHONE),
    "phone profile": ("#h=Q07", PHONE),
    "phone table": ("#view=table", PHONE),
    "phone compare": ("#view=compare", PHONE),
    "low window": ("", {"size": (640, 400)}),
    "middle window": ("#h=Q07", {"size": (1000, 700)}),
    "embed": ("#embed=1", {"size": (600, 400)}),
    "embed with a neighbourhood": ("#embed=1&h=Q07", {"size": (600, 400)}),
    "narrow embed": ("#embed=1", {"size": (340, 560)}),
    "dark by the link": ("#h=Q07&scheme=dark", {}),
    "light by the link": ("#scheme=light", {"color_scheme": "dark"}),
    "dark embed": ("#embed=1&scheme=dark", {"size": (600, 400)}),
    "forced colours": ("#h=Q07", {"forced_colors": "active"}),
    "forced colours, table": ("#view=table", {"forced_colors": "active"}),
    "narrow": ("", {"size": (320, 640)}),
    "low narrow embed": ("#embed=1&scheme=dark", {"size": (320, 400)}),
    "low phone profile": ("#h=Q07", {**PHONE, "size": (375, 667)}),
    "dark compare": ("#view=compare", {"color_scheme": "dark"}),
    "dark pair": ("#view=pair", {"color_scheme": "dark"}),
}


@pytest.mark.parametrize("state", STATES)
def test_no_rule_of_accessibility_is_broken(visit, state):
    link, options = STATES[state]
    with visit(link, **options) as page:
        assert violations(page) == []


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=str)
def test_no_rule_is_broken_with_layers_open_and_notes_unfolded(visit, options):
    with visit(**options) as page:
        page.click("#map-top button")
        for name in ("Where people live: who is reached, who is not", "Catchment: the area"):
            page.get_by_label(name).check()
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        assert page.locator("#notes a").count() >= 3
        assert violations(page) == []


def test_no_rule_is_broken_in_the_dialogs(visit):
    with visit() as page:
        for opener in ("#chooser", "#export button:nth-child(1)", "#export button:nth-child(3)"):
            page.click(opener)
            assert violations(page) == []
            page.keyboard.press("Escape")


def test_no_rule_is_broken_while_searching_or_choosing_layers(visit):
    with visit() as page:
        page.fill("#search-field", "za")
        assert violations(page) == []
        page.keyboard.press("Escape")
        page.click("#map-top button")
        assert violations(page) == []


def test_no_rule_is_broken_without_script(visit):
    with visit(java_script_enabled=False) as page:
        assert page.locator("noscript h1").count() == 1


def test_the_markup_is_valid(file):
    command = ROOT / "node_modules" / ".bin" / "html-validate"
    if not command.exists() or shutil.which("node") is None:
        missing("html-validate")
    rules = Path(__file__).with_name("htmlvalidate.json")
    done = subprocess.run(
        [str(command), "--config", str(rules), "--formatter", "json", str(file)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    report = json.loads(done.stdout or "[]")
    errors = [(m["ruleId"], m["line"], m["message"]) for f in report for m in f["messages"]]
    assert errors == []
    assert done.returncode == 0, done.stderr


def test_the_front_page_is_accessible_and_changes_its_language(visit, tmp_path):
    from made_city import make_publication

    from urbanlayer.publish.page.index_document import index_entry, index_page

    path = tmp_path / "index.html"
    more = {"standards": "a/standards.html", "inventory": "a-inventory/index.html"}
    entry = replace(index_entry(make_publication(), "a/index.html"), more=more)
    other = replace(entry, href="b/index.html")  # so that there are tables of ranks
    path.write_text(index_page([entry, other]), "utf-8")
    with visit(path=path, ready="main") as page:
        picture(page, "front")
        assert violations(page) == []
        page.click('.languages [lang="sr-Cyrl-ME"]')
        assert page.title() == "Градови и теме"
        assert page.locator("main > section:visible .card h2").first.text_content() == "Пробни Град"
