"""Names of files and columns in several languages, and those that only look alike."""

import pytest

from urbanlayer.drafting.column_guesses import is_residential
from urbanlayer.drafting.lexicon import best_entry, lexicon, match_length, words_of
from urbanlayer.drafting.role_guesses import kind_apart


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("mjesne_zajednice_2023", "neighbourhoods"),
        ("njesite administrative", "neighbourhoods"),
        ("Stadtteile", "neighbourhoods"),
        ("barrios", "neighbourhoods"),
        ("ulice", "streets"),
        ("rruget", "streets"),
        ("Straßennetz", "streets"),
        ("objekti", "buildings"),
        ("ndertesat", "buildings"),
        ("Gebäude", "buildings"),
        ("зеленило", "green"),
        ("hapesira te gjelbra", "green"),
        ("VrticiIJaslice", "kindergarten"),
        ("kopshtet", "kindergarten"),
        ("shkollat", "school"),
        ("osnovne škole", "school"),
        ("autobuska stajališta", "stop"),
        ("paradas", "stop"),
        ("popullsia", "population"),
        ("rasvjeta", "lighting"),
        ("poplave", "flood"),
        ("apoteke", "pharmacy"),
        ("farmacias", "pharmacy"),
        ("пијаце", "food_market"),
    ],
)
def test_a_name_in_a_language_of_the_region_or_of_western_europe_has_its_role(name, role):
    assert best_entry(name, "roles")[0] == role


@pytest.mark.parametrize(
    "name", ["parking", "putokazi", "reklame", "marketing", "sumarum", "layer1", "export"]
)
def test_a_word_that_only_begins_alike_has_no_role(name):
    assert best_entry(name, "roles") == ("", 0)


@pytest.mark.parametrize(
    "name",
    [
        "auto škola", "Muzička škola", "škola stranih jezika", "veterinarska ambulanta",
        "poljoprivredna apoteka", "policijska stanica", "benzinska stanica", "taksi stajališta",
        "stanice mjerenja vazduha", "otpadne vode", "industrijski park", "stočna pijaca",
        "posječeno drveće", "građevinske dozvole", "objekti za rušenje", "birački spisak",
        "school zones", "water meters", "hospital beds", "population forecast", "noise complaints",
        "farmacia veterinaria", "scuola guida", "parada de taxis", "colegios electorales",
        "Schulbezirke", "okul bölgeleri", "planned schools", "skole_arhiva",
    ],
)  # fmt: skip
def test_what_only_sounds_like_a_layer_is_set_apart(name):
    assert kind_apart(name, best_entry(name, "roles")[1])


@pytest.mark.parametrize("name", ["osnovne škole", "autobuska stanica", "street lights", "parkovi"])
def test_what_is_a_layer_is_not_set_apart(name):
    assert not kind_apart(name, best_entry(name, "roles")[1])


def test_words_are_split_at_signs_and_capitals_and_lose_their_marks():
    assert words_of("JavneSlužbe_2024") == ("javne", "sluzbe", "2024")
    assert words_of("vrtić") == ("vrtic",)


def test_every_entry_of_the_lexicon_is_written_as_names_are_compared():
    entries = [
        word.removeprefix("=")
        for table in lexicon().values()
        for words in table.values()
        for word in words
    ]
    assert [word for word in entries if "-".join(words_of(word)) != word] == []


def test_residential_uses_are_told_from_their_opposites():
    lived = ["stambeni", "Stambeno-poslovni", "residential", "Wohngebäude", "banim"]
    assert [value for value in lived if not is_residential(value)] == []
    others = ["nestambeni", "ne-stambeni", "non-residential", "poslovni", "garaža"]
    assert [value for value in others if is_residential(value)] == []


def test_counts_of_a_part_of_the_people_are_no_census():
    assert match_length("stanovnika_zene", "columns", "part")
    assert not match_length("broj_stanovnika", "columns", "part")
