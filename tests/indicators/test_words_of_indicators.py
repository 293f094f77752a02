"""Every indicator, layer, unit and reason has words in every language."""

import re
from pathlib import Path

import pytest

import urbanlayer.indicators
from urbanlayer import registry
from urbanlayer.locales import languages
from urbanlayer.model.indicator import Kind
from urbanlayer.model.role_table import ROLES
from urbanlayer.publish.words import Words, cited, indicator_keys

INDICATORS = list(registry.indicators().values())


def parts(indicator):
    yield from ("title", "question", "definition")
    if indicator.kind is Kind.SHARE_OF_RESIDENTS:
        yield "have"


@pytest.mark.parametrize("code", languages())
def test_every_indicator_has_a_title_a_question_and_a_definition_of_its_own(code):
    words = Words.for_language(code)
    silent = [
        f"{indicator.id}.{part}"
        for indicator in INDICATORS
        for part in parts(indicator)
        if not any(
            words.has(key)
            for key in indicator_keys(indicator.id, "", part)
            if not key.startswith("indicator.other.")
        )
    ]
    assert silent == []


@pytest.mark.parametrize("code", languages())
def test_every_unit_and_every_layer_has_a_name(code):
    words = Words.for_language(code)
    assert [i.unit for i in INDICATORS if not words.has(f"unit.{i.unit}")] == []
    assert [role for role in ROLES if not words.has(f"role.{role}.many")] == []


@pytest.mark.parametrize("code", languages())
def test_what_is_said_beside_a_source_is_said_in_every_language(code):
    words = Words.for_language(code)
    remarks = {indicator.remark for indicator in INDICATORS} - {""} | {"city"}
    assert [remark for remark in remarks if not words.has(f"remark.{remark}")] == []


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda indicator: indicator.id)
def test_a_source_is_a_citation_and_holds_no_sentence_of_ours(indicator):
    ours = re.compile(r"\b(default|proxy|residents|share of|choice|norm|over land)\b")
    assert not ours.search(indicator.source)
    assert indicator.source or indicator.remark


def test_beside_its_source_an_indicator_says_what_is_ours_in_the_language_of_the_page():
    hansen = registry.indicators()["hansen_access"]
    told = cited(Words.for_language("sq"), hansen)
    assert told == (
        "Hansen, How accessibility shapes land use, 1959. Largësitë, kohët dhe numrat e tjerë"
        " janë vlera planifikimi; qyteti mund të vendosë të vetat"
    )
    assert cited(Words.for_language("en"), registry.indicators()["ptal_ai"]).startswith("Transport")


def test_every_reason_and_every_way_of_measuring_has_words():
    english = Words.for_language("en")
    folder = Path(str(urbanlayer.indicators.__file__)).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    reasons = set(re.findall(r'otherwise="([\w-]+)"', code))
    methods = set(re.findall(r'method="(\w+)"', code))
    assert {reason for reason in reasons if not english.has(f"reason.{reason}")} == set()
    assert {method for method in methods if not english.has(f"method.{method}")} == set()
