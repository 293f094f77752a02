"""Texts of a city file in the language of a reader, or in one that the reader reads."""

import pytest

from urbanlayer.model.text import text_in

TEXT = {"en": "benches", "sr_Latn_ME": "klupe", "sq": "stola"}


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("sq", "stola"),
        ("bs", "klupe"),
        ("sr_Cyrl_ME", "klupe"),
        ("mk", "benches"),
        ("de", "benches"),
    ],
)
def test_a_reader_gets_a_language_like_their_own_before_english(language, found):
    assert text_in(TEXT, language) == found


def test_without_english_the_first_there_is():
    assert text_in({"sq": "stola", "fr": ""}, "fr") == "stola"
    assert text_in({}, "fr", "none") == "none"
