"""An indicator of the city's own speaks on the page in the city's own words."""

from __future__ import annotations

import dataclasses

from made_city import INDICATORS, make_publication

from urbanlayer.publish.page.vocabulary import vocabulary
from urbanlayer.publish.words import own_words


def spoken(words):
    made = make_publication()
    own = dataclasses.replace(INDICATORS["made_up_by_the_city"], words=words)
    publication = dataclasses.replace(made, indicators={**INDICATORS, own.id: own})
    row = [result.indicator for result in made.results].index(own.id)
    return {tag: said["indicators"][row] for tag, said in vocabulary(publication).items()}


def test_title_and_definition_stand_in_each_language_that_the_city_gives():
    said = spoken({
        "title": {"en": "Lamps", "sr_Latn_ME": "Svjetiljke"},
        "definition": {"en": "Working lamps for each km"},
    })  # fmt: skip
    assert said["en"]["title"] == "Lamps"
    assert said["sr-Latn-ME"]["title"] == "Svjetiljke"
    assert said["sq"]["title"] == "Lamps"  # else in English
    assert said["sr-Latn-ME"]["definition"] == "Working lamps for each km"
    assert "Lamps" in said["en"]["question"]


def test_without_a_definition_the_title_says_what_it_is():
    assert spoken({"title": "Lamps"})["en"]["definition"] == "Lamps"


def test_braces_of_a_city_file_are_no_placeholders():
    assert spoken({"title": "{value} {name}"})["en"]["title"] == "(value) (name)"
    assert own_words(None, "title", "en") == ""
