import ast
import datetime as dt
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from toy_publication import publication

from urbanlayer.locales import languages
from urbanlayer.publish import page
from urbanlayer.publish.page.vocabulary import of_language
from urbanlayer.publish.words import NO_BREAK_SPACE, Words, placeholders

ENGLISH = Words.for_language("en")
OTHERS = [code for code in languages() if code != "en"]
SERVICES = [
    "kindergarten", "school", "clinic", "pharmacy", "library", "playground", "stop", "food_market",
    "convenience", "waste_point", "recycling_point", "eservice_point", "citizens_office",
    "public_wifi",
]  # fmt: skip
ASSETS = Path(str(files(page.__name__))) / "assets"


def _texts(words):
    yield from words.catalogue.items()
    for key, forms in words.plurals.items():
        yield from ((key, text) for text in forms.values())


@pytest.mark.parametrize("code", OTHERS)
def test_every_catalogue_has_every_key(code):
    words = Words.for_language(code)
    assert set(words.catalogue) == set(ENGLISH.catalogue)
    assert set(words.plurals) == set(ENGLISH.plurals)


def test_the_catalogues_are_sorted_and_state_the_meaning_of_each_entry():
    script = Path(__file__).parents[2] / "scripts" / "catalogues.py"
    checked = subprocess.run([sys.executable, script, "--check"], check=False, capture_output=True)
    assert checked.returncode == 0, checked.stdout.decode()


@pytest.mark.parametrize("code", languages())
def test_no_text_is_empty(code):
    words = Words.for_language(code)
    assert [key for key, text in _texts(words) if not text.strip()] == []


@pytest.mark.parametrize("code", languages())
def test_per_cent_in_texts_has_the_space_of_its_language(code):
    """As CLDR writes per cent: 41% in Albanian, 41 % in Macedonian, German and French."""
    spaced = Words.for_language(code).percent(0.41) != "41%"
    texts = [(key, re.findall(r"\d(\s?)%", text)) for key, text in _texts(Words.for_language(code))]
    assert [key for key, found in texts if any(bool(space) != spaced for space in found)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_has_the_same_placeholders_as_in_english(code):
    english = {key: placeholders(text) for key, text in _texts(ENGLISH)}
    differ = [
        key for key, text in _texts(Words.for_language(code)) if placeholders(text) != english[key]
    ]
    assert differ == []


NAMES_IN_LATIN = {
    "CSV", "Ctrl", "Enter", "GTFS", "GeoPackage", "ISO", "JavaScript", "Leaflet", "MGI", "NDVI",
    "OpenStreetMap", "PM", "PNG", "UTF", "Wi", "Fi", "of", "urbanlayer",
}  # fmt: skip
UNITS = {"Gbit", "Mbit", "dB", "ha", "kbit", "km", "min", "ms"}
CODE = re.compile(r"\{\w+\}|`\w+`|\[[\w.]+\]|\w+\.(?:toml|txt)|\.(?:cpg|shx)|towgs84")


def test_serbian_is_written_in_cyrillic_but_for_names_and_signs():
    latin = re.compile(r"[A-Za-zčćžšđ]{2,}")
    found = {
        word
        for key, text in _texts(Words.for_language("sr_Cyrl_ME"))
        if key != "language.formats"
        for word in latin.findall(CODE.sub("", text))
    }
    assert found <= NAMES_IN_LATIN | UNITS


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("part", ["title", "question", "have", "definition"])
def test_every_service_has_words(service, part):
    assert ENGLISH.has(f"indicator.coverage_within.{service}.{part}")


def test_montenegrin_writes_numbers_and_dates_as_montenegro_does():
    words = Words.for_language("sr_Latn_ME")
    assert words.number(179505.25, 2) == "179.505,25"
    assert words.date(dt.date(2026, 6, 30)) == "30. jun 2026."
    assert words.percent(0.58) == "58%"


# Forms after CLDR, Language Plural Rules; Slavic languages have that for many from 1,000 on.
PLURALS = [
    ("sr_Latn_ME", 2091, 0, "stanovnika po km²"),
    ("sr_Latn_ME", 991, 0, "stanovnik po km²"),
    ("sr_Latn_ME", 22, 0, "stanovnika po km²"),
    ("sr_Latn_ME", 2111, 0, "stanovnika po km²"),
    ("sr_Cyrl_ME", 1, 0, "становник по km²"),
    ("mk", 2091, 0, "жители на km²"),
    ("mk", 21, 0, "жител на km²"),
    ("mk", 11, 0, "жители на km²"),
    ("sq", 1, 0, "banor për km²"),
    ("sq", 2091, 0, "banorë për km²"),
    ("fr", 0, 0, "habitant par km²"),
    ("fr", 1.9, 1, "habitant par km²"),
    ("fr", 2091, 0, "habitants par km²"),
    ("fr", 1_000_000, 0, "d\u2019habitants par km²"),
    ("de", 1, 0, "Einwohner je km²"),
    ("en", 1, 0, "resident per km²"),
    ("en", 1, 1, "residents per km²"),
]


@pytest.mark.parametrize(("code", "number", "decimals", "unit"), PLURALS)
def test_a_unit_takes_the_plural_form_of_its_number(code, number, decimals, unit):
    assert Words.for_language(code).unit("residents/km²", number, decimals) == unit


def test_a_fraction_in_slavic_languages_takes_the_form_for_many():
    words = Words.for_language("sr_Latn_ME")
    assert words.unit("z", 1.1, 1) == "bodova"
    assert words.unit("z", -1.7, 1) == "bodova"
    assert words.unit("crashes/1,000 residents/year", 4.3, 1).startswith("nezgoda godišnje")
    assert words.unit("needs", 5.1, 1) == "potreba"


def test_a_text_with_a_count_writes_the_number_and_takes_its_form():
    assert ENGLISH.text("page.residents_count", count=1) == "1 resident"
    assert ENGLISH.text("page.residents_count", count=2091) == "2,091 residents"
    assert Words.for_language("sr_Latn_ME").text("page.residents_count", count=2091) == (
        "2.091 stanovnika"
    )


def test_french_writes_numbers_and_dates_as_france_does():
    words = Words.for_language("fr")
    assert words.number(-179505.25, 2) == "\u2212179\u202f505,25"
    assert words.date(dt.date(2026, 6, 30)) == "30 juin 2026"
    assert words.percent(0.58) == f"58{NO_BREAK_SPACE}%"
    assert words.headed("École", "enfants") == f"École{NO_BREAK_SPACE}: enfants"
    assert words.followed(("a", "b", "c")) == "a\u202f; b\u202f; c"


def test_german_writes_numbers_and_dates_as_germany_does():
    words = Words.for_language("de")
    assert words.number(179505.25, 2) == "179.505,25"
    assert words.date(dt.date(2026, 6, 30)) == "30. Juni 2026"
    assert words.percent(0.58) == f"58{NO_BREAK_SPACE}%"
    assert words.unit("jobs", 1) == "Arbeitsplatz"
    assert words.unit("jobs", 0) == words.unit("jobs", 1.0, 1) == "Arbeitsplätze"
    assert words.headed("Schule", "Kinder") == "Schule: Kinder"


def test_french_signs_stand_after_a_space_that_does_not_break():
    """After the rules of the Imprimerie nationale: thin before ; ! ?, full before : and %."""
    wrong = re.compile(r"[^\u202f][;!?]|[^\u00a0][:%»]|«[^\u00a0]|\w'\w")
    texts = list(_texts(Words.for_language("fr")))
    assert texts
    assert [(key, text) for key, text in texts if wrong.search(text)] == []


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


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (0.003, "<1%"), (0.445, "45%"), (0.9949, "99%"), (0.997, ">99%"), (1, "100%"),
     (1 - 1e-12, "100%")],
)  # fmt: skip
def test_only_all_is_a_hundred_per_cent_and_only_none_is_zero(share, text):
    assert Words.for_language("en").percent(share) == text


def test_halves_are_rounded_up():
    assert Words.for_language("en").number(2.5) == "3"
    assert Words.for_language("en").number(-0.25, 1) == "\u22120.3"


@pytest.mark.parametrize(
    ("language", "definition"),
    [
        (
            "de",
            "Einwohner mit einer Haltestelle innerhalb von 500 m zu Fuß, "  # noqa: ISC004
            "die tagsüber mindestens alle 20 min bedient wird",
        ),
        ("sq", "Banorë me stacion brenda 500 m në këmbë me nisje ditën të paktën çdo 20 min"),
    ],
)
def test_frequent_departures_are_defined_with_their_numbers_and_titles_differ(language, definition):
    toy = publication(transit_freq_access={"minutes": [20, 30]})
    records = of_language(toy, Words.for_language(language))["indicators"]
    plain = [one["definition"].replace("\N{NO-BREAK SPACE}", " ") for one in records]
    assert plain[0] == definition
    assert len({one["title"] for one in records}) == 2


def test_what_is_near_is_defined_by_its_distance():
    """A recycling point within 300 m, as docs/layers.md has it."""
    toy = publication(recycling_access={})
    (record,) = of_language(toy, Words.for_language("en"))["indicators"]
    found = record["definition"].replace("\N{NO-BREAK SPACE}", " ")
    assert found == "Residents with a recycling point within 300 m on foot"
