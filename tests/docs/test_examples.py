"""What the pages of docs/ show runs: city files parse, tables are checked, Python is executed."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest
from city_folder import write_city

from urbanlayer.cityfile.json_schema import schema
from urbanlayer.cityfile.tables import option_errors, specification
from urbanlayer.model.role_table import ROLES
from urbanlayer.registry import indicators, sources, standards

ROOT = Path(__file__).parents[2]
PAGES = sorted(ROOT.glob("docs/**/*.md"))
CITY = {"name": "Bar", "crs": "EPSG:25834", "as_of": "2026-06-30"}
sys.path.insert(0, str(ROOT / "scripts"))
docs_pages = __import__("docs_pages")


def blocks(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_of_a_city_file_parses(page):
    assert all(tomllib.loads(text) for text in blocks(page, "toml"))


@pytest.mark.parametrize("text", blocks(ROOT / "docs/sources.md", "toml"))
def test_every_example_of_a_source_is_a_layer_that_the_checks_accept(text):
    content = {**CITY, **tomllib.loads(text)}
    _, errors = specification(content)
    assert [*errors, *option_errors(content, sources())] == []


def test_every_source_has_an_example_or_a_row():
    text = (ROOT / "docs/sources.md").read_text(encoding="utf-8")
    named = {
        *re.findall(r'source = "([a-z-]+)"', text),
        *re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE),
    }
    assert (named | {"file"}) - {"source"} == set(sources())


@pytest.mark.slow
def test_the_examples_in_python_run_one_after_the_other(tmp_path, monkeypatch, capsys):
    write_city(tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for text in blocks(ROOT / "docs/developer/python.md", "python"):
        exec(compile(text, "python.md", "exec"), names)  # noqa: S102  (our own page)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "2 25834"
    assert printed[-2] == "missing.toml: 1 error"
    assert (tmp_path / "published/index.html").exists()


def headings(page: str, level: str) -> list[str]:
    return re.findall(rf"^{level} `([\w-]+)`$", docs_pages.pages()[page], flags=re.MULTILINE)


def test_the_pages_from_the_code_hold_every_indicator_role_and_source():
    assert sorted(headings("reference/catalogue.md", "###")) == sorted(indicators())
    assert headings("reference/roles.md", "##") == list(ROLES)
    assert headings("reference/source-keys.md", "##") == list(sources())


def test_every_page_has_a_place_in_the_site():
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    placed = set(re.findall(r": ([\w/-]+\.md)$", navigation, re.MULTILINE))
    written = {page.relative_to(ROOT / "docs").as_posix() for page in PAGES}
    assert placed == written | set(docs_pages.pages())


def test_links_between_pages_and_files_lead_somewhere():
    lost = []
    for page in [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]:
        text = re.sub(
            r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
        )
        for link in re.findall(r"\]\(([^)#]+)", text):
            made = (page.parent / link).resolve()
            if "://" in link or made.exists() or made.parent.name == "pictures":
                continue
            inside = made.is_relative_to(ROOT / "docs")
            if not inside or made.relative_to(ROOT / "docs").as_posix() not in docs_pages.pages():
                lost.append(f"{page.name}: {link}")
    assert lost == []


def test_the_example_for_iis_is_xml():
    import xml.etree.ElementTree as ET

    root = ET.parse(ROOT / "docs/web.config").getroot()  # noqa: S314  (our own file)
    assert {node.get("fileExtension") for node in root.iter("mimeMap")} >= {".gpkg", ".geojson"}


def test_the_reference_has_every_table_of_the_schema_and_every_key_its_meaning():
    whole = schema(indicators(), sources(), standards())
    page = docs_pages.city_file()
    assert set(docs_pages._TABLES) == set(whole["$defs"])
    rows = [row for row in page.splitlines() if row.startswith("| `")]
    assert [row for row in rows if not row.removesuffix("|").rpartition("|")[2].strip()] == []
