"""Notes of the stages: codes with values, worded in every language."""

import ast
import datetime as dt
import functools
from pathlib import Path

import pytest

import urbanlayer
from urbanlayer.locales import languages
from urbanlayer.model.note import Listing, Note
from urbanlayer.publish.worded_notes import in_english, worded
from urbanlayer.publish.words import NO_BREAK_SPACE, Words, placeholders

SOURCE = Path(str(urbanlayer.__file__)).parent
READ_BACK = SOURCE / "sources/_confined/answers.py"
"""Gives the notes of another process again, which made them."""


def _made_in(text):
    """Code and names of the values of each note that a module makes."""
    for node in ast.walk(ast.parse(text)) if "Note.of(" in text else ():
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and (node.func.value.id, node.func.attr) == ("Note", "of")
        ):
            yield ast.literal_eval(node.args[0]), frozenset(each.arg for each in node.keywords)


@functools.cache
def _made():
    """Code and names of the values of each note that any module makes."""
    paths = sorted({*SOURCE.rglob("*.py")} - {READ_BACK})
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return [made for text in texts for made in _made_in(text)]


def _entries(code):
    words = Words.for_language(code)
    entries = {key: [text] for key, text in words.catalogue.items()}
    entries |= {key: list(forms.values()) for key, forms in words.plurals.items()}
    return {key[5:]: texts for key, texts in entries.items() if key.startswith("note.")}


@pytest.mark.parametrize("code", languages())
def test_every_note_that_a_stage_makes_has_an_entry_and_every_entry_is_made(code):
    assert len(_made()) > 100
    assert {code for code, _ in _made()} == set(_entries(code))


@pytest.mark.parametrize("code", languages())
def test_a_note_has_the_values_that_its_entry_names(code):
    entries = _entries(code)
    wrong = [
        (made, text)
        for made, names in _made()
        for text in entries[made]
        if placeholders(text) != names
    ]
    assert wrong == []


def test_numbers_names_days_and_notes_within_are_written_as_the_language_does():
    none = Note.of("null-geometry")
    fix = Note.of("fix-draw-again")
    names = Listing.of(range(7))
    note = Note.of("excluded", count=7, read=1812, names=names, detail=none, fix=fix)
    (english,) = in_english([note])
    assert english == (
        "Features excluded: 7 of 1,812 (0, 1, 2, 3, 4 and 2 more). No geometry. "
        "Draw the feature again."
    )
    montenegrin = Words.for_language("sr_Latn_ME")
    assert worded(note, montenegrin).startswith(
        "Izuzeti objekti: 7 od 1.812 (0, 1, 2, 3, 4 i još 2)"
    )
    assert worded(Note.of("fetched", day=dt.date(2026, 6, 2)), montenegrin) == (
        "Preuzeto: utorak 2026-06-02."
    )
    gaps = Note.of("neighbourhoods-gaps", count=1, area_ha=0.05)
    assert f"0.05{NO_BREAK_SPACE}ha" in in_english([gaps])[0]
    assert "33%" in in_english([Note.of("elevation-partial", count=2, share=0.333)])[0]


def test_a_note_with_a_count_takes_its_plural_form():
    words = Words.for_language("sr_Latn_ME")
    one, few, many = (worded(Note.of("residents-cut-off", count=n), words) for n in (1, 2, 5))
    assert one.startswith("1 stanovnik živi")
    assert few.startswith("2 stanovnika žive")
    assert many.startswith("5 stanovnika živi")


def test_a_code_that_no_catalogue_has_becomes_readable_words():
    assert in_english([Note.of("tiles-stitched", count=3)]) == ["Tiles stitched: 3"]


def test_text_in_a_value_is_never_read_as_a_placeholder():
    assert in_english([Note.of("no-key", column="{fix}")]) == ["'{fix}' is empty."]
