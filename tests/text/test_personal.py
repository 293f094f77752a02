"""What tells who a person is. Numbers and accounts are made up, with right check digits."""

import pytest

from urbanlayer.text.personal import are_persons, personal_content, seem_persons

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


@pytest.mark.parametrize(
    "names",
    [
        ["OŠ Ivan Vušović"],
        ["JU OŠ Ivan Vušović", "JPU Ljubica Popović"],
        ["Ivan Vušović", "Milorad Musa Burzan", "Dragiša Ivanović", "Savo Pejanović"],
        ["Osnovna škola Ivan Goran Kovačić", "Ivan Vušović, Podgorica", "Ivan Vušović 2"],
        ["Ambulanta dr Ivan Petrović", "OŠ Jovan Dučić", "Lukoil radoje dakic podgorica"],
        ["Gjimnazi Sami Frashëri", "Hasan Prishtina"],
        ["ОУ Ана Марковска", "Гоце Делчев"],
        ["CEIP Juan del Río Ayala", "IES José Arencibia Gil"],
    ],
)
def test_schools_streets_and_clinics_named_after_persons_pass(names):
    assert _found(names, honoured=True) is None
    assert _found([f"OŠ {names[0]}", "Music Club", "Public Clinic", "Classic Bar"]) is None


PUBLIC_NAMES = """
OŠ Marko Miljanov
OŠ Štampar Makarije
OŠ Ivan Vušović
OŠ Pavle Rovinski
OŠ Radojica Perović
OŠ Vuk Karadžić
OŠ Maksim Gorki
OŠ Božidar Vuković Podgoričanin
JU OŠ "Savo Pejanović"
JU Osnovna škola „Oktoih“
JPU Ljubica Popović
JPU Đina Vrbica
Gimnazija Slobodan Škerović
Srednja stručna škola Ivan Uskoković
Srednja škola Sergije Stanić
JU Srednja medicinska škola
Dom zdravlja Dimitrije Dika Marenić
Zdravstvena stanica Konik
Klinički centar Crne Gore
Apoteka Montefarm - Sveti Vrači
Apoteka Ribnica
Ulica Vaka Đurovića
Bulevar Ivana Crnojevića
Bulevar Svetog Petra Cetinjskog
Bulevar Džordža Vašingtona
Ul. Slobode
Trg Republike
Ulica Marka Miljanova
Ulica Novaka Miloševa
Ulica Sava Kovačevića
Moskovska
Njegoševa
Bratstva i jedinstva
13. jula
Skopska
Ivana Milutinovića
Vasa Raičkovića
Miloja Pavlovića
Admirala Zmajevića
Svetlane Kane Radević
Шеника Бошковића
ОШ Вук Караџић
ОШ Свети Сава
ООУ Гоце Делчев
ОУ Кочо Рацин
СОУ Јане Сандански
ЈОУДГ Снежана
Клинка Мајка Тереза
Shkolla 9-vjeçare Edith Durham
Shkolla fillore Naim Frashëri
Gjimnazi Sami Frashëri
Shkolla e mesme Petro Nini Luarasi
Rruga e Kavajës
Rruga Ismail Qemali
Rruga Nënë Tereza
Rruga Dëshmorët e Kombit
QMF Ali Demi
Spitali Universitar Nënë Tereza
Shkolla Ahmet Zogu
Sheshi Skënderbej
OŠ Safvet-beg Bašagić
OŠ Mehmedalija Mak Dizdar
JU OŠ Aleksa Šantić
Dom zdravlja Vrazova
Ulica Maršala Tita
Ferhadija
Zmaja od Bosne
Branilaca Sarajeva
OŠ Džemaludin Čaušević
Mula Mustafe Bašeskije
CEIP Teresa de Calcuta
CEIP Nestor Alamo
Calle León y Castillo
Avenida José Mesa y López
IES Pérez Galdós
""".strip().splitlines()
"""Schools, nurseries, health centres, streets and squares of six countries."""


def test_no_name_of_a_school_a_clinic_or_a_street_is_a_person_s():
    assert len(PUBLIC_NAMES) > 60
    assert [one for one in PUBLIC_NAMES if _found([one], honoured=True)] == []
    assert _found(PUBLIC_NAMES) is None  # as a layer of the city's own, neither


@pytest.mark.parametrize(
    "values",
    [
        ["Donji Kraj", "Gornji Gaj", "Novi Položaj", "Stari Tramvaj"],
        ["Porodica 7", "Domaćinstvo"],
        ["Museum Tom", "Family Hotel", "Haus der Kunst"],
        ["ŠkolaCentar", "OŠPavle", "GisPoint"],
        ["2026 at home", "look at me"],
    ],
)
def test_things_that_look_like_names_pass(values):
    assert _found(values) is None


@pytest.mark.parametrize(
    "values",
    [
        ["Petrović", "Vujošević", "Radulović"],
        ["Parcela 123, Petrović", "Kuća Marković", "Domaćinstvo Marka Vujoševića"],
        ["Fatmir Limaj", "Blerim Shabani", "Teuta Shala"],
        ["Ljupčo Petrov", "Горан Митрев", "Весна Коцева"],
        ["Nedim Hodža", "Amela Kovač", "Tarik Čengić"],
        ["Sarah Wilson", "Kevin Brown"],
        ["Gjon Gjonaj", "Pashk Camaj", "Prekë Sinishtaj"],
        ["Familja Hoxha", "Familja Shala"],
        ["gđa Petrović", "Dr Marković"],
        ["Ana P.", "Ivo M."],
        ['"Ana Petrović"', "[Ivo Marković]"],
        ["A\u200bna Petro\u200bvić", "Ivo Markovic\u0301"],
        ["AnaPetrovic", "IvoMarkovic"],
    ],
)
def test_households_and_names_of_six_languages_are_found(values):
    assert _found(values) == "names of persons"


def test_an_identity_number_has_a_date_and_the_right_check_digit():
    # 01 01 990 21 000 x: 7·0+6·1+5·0+4·1+3·9+2·9+7·0+6·2+5·1+4·0+3·0+2·0 = 72; 72 mod 11 = 6; 11-6
    assert _found(["0101990210005"]) == "personal identity numbers"
    assert _found(["0101990210006"]) is None
    assert _found(["3102990210005"]) is None


def test_an_account_has_the_right_check_digits():
    assert _found(["GB82 WEST 1234 5698 7654 32"]) == "bank accounts (IBAN)"  # ISO 13616's example
    assert _found(["GB82 WEST 1234 5698 7654 33"]) is None


@pytest.mark.parametrize("text", ["ME25505000012345678951", "me25505000012345678951"])
def test_an_account_is_found_however_it_is_written(text):
    assert _found([text]) == "bank accounts (IBAN)"  # as the registry of IBANs has it
    in_fours = "-".join(text[at : at + 4] for at in range(0, len(text), 4))
    assert _found([in_fours]) == "bank accounts (IBAN)"


def test_an_account_of_a_bank_of_the_region_has_the_check_digits_of_its_iban():
    assert _found(["505-123456789-51"]) == "bank accounts (IBAN)"  # ME25 505 0000123456789 51
    assert _found(["505-123456789-52"]) is None


@pytest.mark.parametrize(
    "text",
    [
        "0101990 21 0005",
        "010199-0210005",
        "0101990-21-0005",
        "0101990/210005",
        "01.01.990.21.000.5",
    ],
)
def test_an_identity_number_is_found_however_it_is_written(text):
    assert _found([text]) == "personal identity numbers"


# 11 minus the rest of 4·1+3·2+2·3+7·4+6·5+5·6+4·7+3·8+2·9 = 174 by 11 (9) is 2, and so on;
# the first of Croatia is python-stdnum's example, the others follow ISO 7064
KOSOVO = ["1234567892", "1000000007", "2000000003"]
CROATIA = ["33392005961", "69435151530", "94577403194"]


@pytest.mark.parametrize("numbers", [KOSOVO, CROATIA])
def test_numbers_with_one_check_digit_are_found_where_all_of_three_have_it(numbers):
    assert _found([*numbers, "", *["park"] * 9]) == "personal identity numbers"
    assert _found(numbers[:2]) is None  # one of a hundred pairs passes by chance
    assert _found([*numbers, str(int(numbers[0]) + 1)]) is None


def test_keys_of_ten_and_eleven_digits_are_no_identity_numbers():
    for digits in (10, 11):
        keys = [str(10 ** (digits - 1) + n * 76_543) for n in range(400)]
        assert _found(keys) is None


@pytest.mark.parametrize(
    "values",
    [
        ["067123456", "069765432"],
        ["(067) 123 456"],
        ["067-123-456", "069-765-432"],
        ["0692345678", "0681234567"],
        ["044 123 456"],
        ["067.123.456"],
        ["067 12 34 56"],
        ["382 67 123456"],
        ["+382 (0)67 123 456"],
        ["38267123456", "38269765432"],
        ["067123456", "067765432"],
        ["mob: 067123456", "mob: 069345678"],
    ],
)
def test_phone_numbers_are_found_however_they_are_written(values):
    assert _found(values) == "phone numbers"


def test_running_numbers_with_a_zero_before_them_are_no_phone_numbers():
    assert _found([f"06{n:07d}" for n in range(300)]) is None
    assert _found([f"067{n:06d}" for n in range(0, 90_000, 300)]) is None


def test_codes_of_census_sections_are_no_phone_numbers():
    """Of Barcelona and its province (INE), of Nice and beside it (INSEE)."""
    assert _found(["0801901001", "0801910237", "0830701002"], "CUSEC", honoured=True) is None
    assert _found(["060880101", "061590000", "060120101"], "CODE_IRIS", honoured=True) is None


def test_phone_numbers_and_addresses_are_found():
    assert _found(["ana.p (at) example.org"]) == "e-mail addresses"
    assert _found(["ana.p AT example DOT org"]) == "e-mail addresses"
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


@pytest.mark.parametrize(
    ("layer", "columns"),
    [
        ("welfare_cases", ["id", "x", "y"]),
        ("pacijenti", ["id"]),
        ("visits", ["datum_rođenja"]),
        ("visits", ["JMB", "Godina rođenja"]),
        ("visits", ["pol", "starost"]),
        ("visits", ["Dijagnoza (MKB-10)"]),
        ("vizitat", ["datëlindja"]),
    ],
)
def test_features_are_persons_by_their_layer_or_columns(layer, columns):
    assert are_persons(layer, columns)


@pytest.mark.parametrize(
    ("layer", "columns"),
    [
        ("welfare_centres", ["id", "name"]),
        ("children_playgrounds", ["id"]),
        ("showcases", ["id"]),
        ("toilets", ["gender"]),
        ("trees", ["vrsta", "starost", "obim"]),
        ("buildings_old", ["godina", "age"]),
        ("benches", ["polozaj", "sektor"]),
    ],
)
def test_things_are_no_persons_by_their_layer_or_columns(layer, columns):
    assert not are_persons(layer, columns)


@pytest.mark.parametrize("digits", [6, 8, 9])
def test_keys_with_zeros_before_them_are_no_phone_numbers(digits):
    for step in (1, 7, 9_973):
        assert _found([f"{n * step:0{digits}d}" for n in range(1, 60)]) is None


@pytest.mark.parametrize(
    "number", ["0038267123456", "00382 67 123 456", "00355 69 123 4567", "00 382 (0)67 123-456"]
)
def test_numbers_with_the_sign_for_abroad_are_phone_numbers(number):
    assert _found([number] * 20) == "phone numbers"
