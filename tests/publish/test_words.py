import ast
import datetime as dt
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from urbanlayer.locales import languages
from urbanlayer.publish import page
from urbanlayer.publish.words import NO_BREAK_SPACE, Words, placeholders

ENGLISH = Words.for_language("en")
OTHERS = [code for code in languages() if code != "en"]
SERVICES = [
    "kindergarten", "school", "clinic", "pharmacy", "library", "playground", "stop", "food_market",
    "convenience", "waste_point", "recycling_point", "eservice_point", "citizens_office",
    "public_wifi",
]  # fmt: skip
ASSETS = Path(str(files(page.__name__))) / "assets"


@pytest.mark.parametrize("code", OTHERS)
def test_every_catalogue_has_every_key(code):
    assert set(Words.for_language(code).catalogue) == set(ENGLISH.catalogue)


def test_the_catalogues_are_sorted_and_state_the_meaning_of_each_entry():
    script = Path(__file__).parents[2] / "scripts" / "catalogues.py"
    checked = subprocess.run([sys.executable, script, "--check"], check=False, capture_output=True)
    assert checked.returncode == 0, checked.stdout.decode()


@pytest.mark.parametrize("code", languages())
def test_no_text_is_empty(code):
    assert [k for k, text in Words.for_language(code).catalogue.items() if not text.strip()] == []


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_has_the_same_placeholders_as_in_english(code):
    words = Words.for_language(code)
    differ = [
        key
        for key, text in ENGLISH.catalogue.items()
        if placeholders(text) != placeholders(words.catalogue[key])
    ]
    assert differ == []


def test_serbian_is_written_in_cyrillic_but_for_names_and_signs():
    latin = re.compile(r"[A-Za-zčćžšđ]{2,}")
    allowed = {
        "Wi",
        "Fi",
        "CSV",
        "GTFS",
        "GeoPackage",
        "ISO",
        "JavaScript",
        "PM",
        "kbit",
        "Enter",
        "Ctrl",
        "Leaflet",
        "urbanlayer",
        "km",
        "Mbit",
        "Gbit",
        "NDVI",
        "ms",
        "dB",
        "ha",
        "of",
    }
    found = {
        word
        for key, text in Words.for_language("sr_Cyrl_ME").catalogue.items()
        if key != "language.formats"
        for word in latin.findall(re.sub(r"\{\w+\}", "", text))
    }
    assert found <= allowed


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("part", ["title", "question", "have", "definition"])
def test_every_service_has_words(service, part):
    assert ENGLISH.has(f"indicator.coverage_within.{service}.{part}")


def test_montenegrin_writes_numbers_and_dates_as_montenegro_does():
    words = Words.for_language("sr_Latn_ME")
    assert words.number(179505.25, 2) == "179.505,25"
    assert words.date(dt.date(2026, 6, 30)) == "30. jun 2026."
    assert words.percent(0.58) == "58%"


def test_macedonian_and_english_differ_in_their_signs():
    assert Words.for_language("mk").percent(0.58) == f"58{NO_BREAK_SPACE}%"
    assert ENGLISH.number(-1234.5, 1) == "\u22121,234.5"
    assert ENGLISH.date(dt.date(2026, 6, 30)) == "30 June 2026"


def test_a_number_that_rounds_to_nothing_has_no_minus():
    assert ENGLISH.number(-0.001, 1) == "0.0"


def test_text_in_a_value_is_never_read_as_a_placeholder():
    assert ENGLISH.text("page.remove", name="{name} {0} {x.__class__}") == (
        "Remove {name} {0} {x.__class__}"
    )


def test_an_unknown_key_becomes_readable_words():
    assert ENGLISH.text("benches_per_1000") == "Benches per 1000"
    assert ENGLISH.theme("night_life") == "Night life"
    assert ENGLISH.unit("lamps/km") == "lamps/km"


def test_an_unknown_language_speaks_english():
    assert Words.for_language("xx").language == "en"


def _used_by_scripts() -> set[str]:
    found = set()
    for path in (ASSETS / "js").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"""\bt\(\s*"(\w+)\"""", text))
    body = (ASSETS / "body.html").read_text(encoding="utf-8")
    return found | set(re.findall(r'data-text="(\w+)"', body))


def test_every_word_that_the_page_asks_for_is_there():
    assert [key for key in sorted(_used_by_scripts()) if not ENGLISH.has(f"page.{key}")] == []


def test_no_visible_text_stands_in_the_markup():
    body = (ASSETS / "body.html").read_text(encoding="utf-8")
    visible = re.sub(r"<[^>]*>|\{\{[^}]*\}\}", "", body).strip()
    assert visible == ""
    for attribute in ("placeholder", "title", "alt", "aria-label"):
        assert f" {attribute}=" not in body


SIGNS = {"·", "–", ":", ".", ",", ";", "+", "▲", "▼", " ", "CSV", "GeoJSON", "PNG", "km", "m", "…"}


def test_no_visible_text_stands_in_the_scripts():
    """Text children of `el(…)` are words from the catalogue, never literals with letters."""
    literal = re.compile(r'[,(]\s*"([A-Z][a-z]+ ?[a-z ]*)"')
    scripts = list((ASSETS / "js").glob("*.js"))
    assert scripts
    found = {
        (path.name, text)
        for path in scripts
        for text in literal.findall(path.read_text(encoding="utf-8"))
        if text not in SIGNS
        and not text.startswith(("Arrow", "Escape", "Enter", "Feature", "Multi"))
    }
    assert found == set()


def test_no_visible_text_stands_in_the_python_of_the_page():
    """Literals with a space and a capital letter are docstrings, messages of errors or markup."""
    modules = list(ASSETS.parent.glob("*.py"))
    assert ASSETS.parent / "body.py" in modules
    for path in modules:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {ast.get_docstring(n, clean=False) for n in ast.walk(tree) if hasattr(n, "body")
                and isinstance(n, ast.Module | ast.FunctionDef | ast.ClassDef)}  # fmt: skip
        docs |= {
            n.value.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)
        }
        texts = [
            n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value not in docs
        ]
        assert [t for t in texts if re.fullmatch(r"[A-Z][a-z]+( [a-z]+)+[.?]?", t)] == []
