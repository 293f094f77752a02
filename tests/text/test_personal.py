"""What tells who a person is. Numbers and accounts are made up, with right check digits."""

import pytest

from urbanlayer.text.personal import personal_content, seem_persons

SCHOOLS = ["Vuk Karadžić", "Savo Pejanović", "Radojica Perović", "Sutjeska", "Oktoih"]


def _found(values, column="naziv", *, honoured=False):
    return personal_content(values, column=column, honoured=honoured)


@pytest.mark.parametrize(
    "values",
    [
        ["Petrović, Ana", "Marković, Ivo", ""],
        ["Ana Petrović", "dr Ivo Marković", "Đorđe Čelebić", "Parcela 7"],
        ["Ана Петровић", "Ђорђе Марковић"],
        ["Agim Berisha", "Besa Krasniqi", "Luan Hoxha"],
    ],
)
def test_names_of_persons_are_found(values):
    assert _found(values) == "names of persons"


@pytest.mark.parametrize(
    "values",
    [
        ["Zagorič", "Stara Varoš", "Donja Gorica", "Blok V", "Novo Naselje Kruševac"],
        ["Vrtić Ljubica Popović", "Škola Savo Pejanović", "Apoteka Montefarm"],
        ["Park šuma Gorica", "Njegošev park", "Podgorica, Centar", ""],
        ["w1", "w2", "17", "1234567890123", "2/1", "045-123-456"],
        [f"{n * 656_736_910_000_1 % 10**13:013d}" for n in range(900)],  # any numbers
        ["Mercator Podgorica", "Voli Trade", "Idea Stari Aerodrom"],
    ],
)
def test_names_of_places_and_plain_keys_are_none(values):
    assert _found(values) is None


def test_schools_named_after_persons_are_no_persons_but_their_heads_are():
    assert _found(SCHOOLS, honoured=True) is None
    assert _found(["Ana Petrović", "Ivo Marković"], "Direktor", honoured=True)
    assert _found(["Petrović, Ana", "Marković, Ivo"], honoured=True) == "names of persons"


def test_an_identity_number_has_a_date_and_the_right_check_digit():
    # 01 01 990 21 000 x: 7·0+6·1+5·0+4·1+3·9+2·9+7·0+6·2+5·1+4·0+3·0+2·0 = 72; 72 mod 11 = 6; 11-6
    assert _found(["0101990210005"]) == "personal identity numbers"
    assert _found(["0101990210006"]) is None
    assert _found(["3102990210005"]) is None


def test_an_account_has_the_right_check_digits():
    assert _found(["GB82 WEST 1234 5698 7654 32"]) == "bank accounts (IBAN)"  # ISO 13616's example
    assert _found(["GB82 WEST 1234 5698 7654 33"]) is None


def test_phone_numbers_and_addresses_are_found():
    assert _found(["+382 67 123 456", "Ivo"]) == "phone numbers"
    assert _found(["067/123-456", "069 765 432"]) == "phone numbers"
    assert _found(["ana.p@example.org", *["Park"] * 3]) == "e-mail addresses"


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("ime", ["Ana", "Ivo", "Marko"], "names of persons"),
        ("Vorname", ["Ana", "Ulrike", "Marko"], "names of persons"),
        ("prezime", ["Petrović", "Vujošević"], "names of persons"),
        ("презиме", ["Петровић", "Вујошевић"], "names of persons"),
        ("emri", ["Agim", "Besa", "Luan"], "names of persons"),
        ("mbiemri", ["Berisha", "Krasniqi"], "names of persons"),
        ("ime_vlasnika", ["Ana", "opština"], "names of persons"),
        ("id", ["Petrović-Ana-1987", "Marković-Ivo-1954"], "names of persons"),
        ("id", ["petrovic.ana", "markovic.ivo"], "names of persons"),
        ("tel", ["67123456", "69765432"], "phone numbers"),
        ("kontakt_telefon", ["067123456", ""], "phone numbers"),
        ("JMBG", ["101990210005"], "personal identity numbers"),  # its zero lost
        ("matični broj", ["0101990210006"], "personal identity numbers"),  # with a wrong digit
        ("id", ["101990210005"], "personal identity numbers"),
        ("id", ["12345678Z", "X1234567L"], "personal identity numbers"),  # examples of the ministry
        ("id", ["255081416802538"], "personal identity numbers"),  # INSEE's example
        ("id", ["J50805101K"], "personal identity numbers"),
    ],
)
def test_columns_and_keys_of_persons_are_found(column, values, expected):
    assert _found(values, column) == expected


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("ime", ["Osnovna škola Oktoih", "Gimnazija"]),
        ("nom", ["École Jean Moulin", "Collège Les Pins"]),
        ("telefon_linija", ["da", "ne"]),
        ("id", ["BG-2024-001", "PG 12", "MZ_Stari-grad_3", "12345678A"]),
        ("adresa", ["Ivana Milutinovića 3", "Bulevar Ivana Crnojevića 12", "Vuka Karadžića 1"]),
        ("vlasnik", ["Opština Podgorica", "Država", "Vodovod"]),
    ],
)
def test_names_of_things_in_such_columns_are_none(column, values):
    assert _found(values, column) is None


def test_features_seem_persons_by_their_names_and_not_by_those_of_owners():
    names = ["Petrović, Ana", "Marković, Ivo"]
    assert seem_persons({"kind": ["a", "b"], "name": names})
    assert not seem_persons({"naziv": ["Klupa", "Klupa"], "vlasnik": names, "direktor": names})
