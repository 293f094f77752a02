"""Texts that identify persons: names, phone numbers, e-mail, identity numbers, accounts."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal

from urbanlayer.text.person_names import (
    folded,
    is_composite,
    is_given_name,
    is_household,
    is_in_words,
    is_person,
)
from urbanlayer.text.personal_numbers import (
    has_number_of_other_countries,
    is_iban,
    is_identity_number,
    is_local_account,
    is_number_of_kosovo,
    is_oib,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Personal = Literal["names of persons", "e-mail addresses", "phone numbers",
                   "personal identity numbers", "bank accounts (IBAN)"]  # fmt: skip
_Texts = dict[str, list[str]]
"""The texts of each form; see `_by_form`."""
LEFT_OUT = "…"
"""What stands for a text that is not shown."""
MOST, SOME = 0.5, 0.2
"""Shares of a column's values from which it counts as personal: for names of persons in a column
without that word, and for all else."""
_FEWEST_CHECKED, _NEARLY_ALL = 3, 0.9
"""Numbers with one check digit that have to pass: how many, and their share."""
_EMAIL = re.compile(
    r"[\w.+-]+ ?(?:@|[\[(] ?at ?[\])]) ?[\w-]+(?:\.[\w-]+)+"
    r"|[\w.+-]+ (?:at|et) [\w-]+(?: (?:dot|tačka|tacka|pikë) [\w-]+)+",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:\+|\b00(?=[1-9](?:[\s/()-]*\d){8}))\d{1,3}[\s/-]?\(?\d{1,3}\)?(?:[\s/-]?\d{2,4}){2,3}(?!\d)"
    r"|(?<![\d/-])\(?0\d{1,2}\)?[\s/]\d{3}[\s-]?\d{3,4}(?![\d/-])"
    r"|(?<![\d/-])06\d-\d{3}-\d{3,4}(?![\d/-])"
    r"|(?<![\d.])0\d{2}\.\d{3}\.\d{3,4}(?![\d.])|(?<!\d)06\d(?: \d\d){3}(?! ?\d)"
    r"|(?:\+|\b00|\b)38[1235679] ?\(0\) ?\d{2}[ /-]?\d{3}[ -]?\d{3,4}(?!\d)"
    r"|(?<!\d)(?:38[1235679]|355) \d{2} \d{3} ?\d{3,4}(?!\d)"
)
_PLAIN_PHONE = re.compile(r"(?<!\d)(?:0[3-9]\d{7,8}|38[1235679]\d{8,9}|355\d{9})(?!\d)")
_SPREAD = 1000
"""How many times as many as they are the numbers span that are no running keys."""
_THIRTEEN = re.compile(r"(?<!\d)\d{12,13}(?!\d)")
_IN_PARTS = re.compile(
    r"(?<!\d)\d{7}[ /-]?\d{2}[ /-]?\d{4}(?!\d)|(?<!\d)\d{6,7}[ /-]\d{6,7}(?!\d)"
    r"|(?<!\d)\d\d\.\d\d\.\d{3}\.?\d\d\.?\d{3}\.?\d(?!\d)"
)
_TEN, _ELEVEN = re.compile(r"\d{10}"), re.compile(r"\d{11}")
_IBAN = re.compile(
    r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])"
)
_ACCOUNT = re.compile(r"(?<![\d-])(\d{3})-(\d{1,13})-(\d{2})(?![\d-])")
_MAYBE = re.compile(r"[\d@,;:|/#_.-]| [Aa][Tt] | [Ee][Tt] |[^\W\d_][A-ZČĆĐŠŽ][a-zčćđšž]")
"""Without such signs nothing counts as personal where things are named in honour of persons."""
_QUOTES = " ,.\"'„“”»«()[]"
_OF_PERSONS = frozenset({
    "vlasnik", "vlasnika", "owner", "person", "osoba", "imeprezime", "imeiprezime", "prezimeime",
    "fullname", "korisnik", "korisnika", "pacijent", "patient", "victim", "nosilac", "stanar",
    "tenant", "podnosilac", "direktor", "director", "kontakt", "contact", "ljekar", "lekar",
    "doktor", "doctor", "zakupac", "dijete", "child", "emrimbiemri", "emridhembiemri", "pronari",
    "lice", "sopstvenik", "sopstvenika", "firstname", "givenname", "vorname", "prenom",
    "inhaber", "eigentumer", "proprietaire", "propietario", "titular", "paciente", "kujdestari",
})  # fmt: skip
"""Names of columns about persons, folded, without spaces."""
_OF_THINGS = frozenset({
    "vlasnik", "vlasnika", "owner", "korisnik", "korisnika", "nosilac", "direktor", "director",
    "kontakt", "contact", "ljekar", "lekar", "doktor", "doctor", "zakupac", "pronari", "sopstvenik",
    "sopstvenika", "inhaber", "eigentumer", "proprietaire", "propietario", "titular", "arhitekta",
    "architect", "autor", "author", "odgovorni", "responsible", "investitor", "donator",
})  # fmt: skip
"""Names of columns with persons who own a thing, or answer for it."""
_BORN_OR_ILL = frozenset({
    "datumrodjenja", "godinarodjenja", "rodjenja", "rodjen", "rodjena", "godiste", "datumrodenja",
    "dob", "birthdate", "dateofbirth", "birthday", "yearofbirth", "birthyear", "datelindja",
    "datelindjes", "ditelindja", "vitilindjes", "datumnaragjanje", "geburtsdatum", "geburtsjahr",
    "datenaissance", "datedenaissance", "fechanacimiento", "fechadenacimiento", "dijagnoza",
    "dijagnoze", "diagnosis", "diagnoza", "diagnose", "mkb10", "icd10", "bracnostanje",
})  # fmt: skip
"""Names of columns that persons alone have."""
_SEX = frozenset({"pol", "spol", "gjinia", "sex", "gender", "geschlecht", "sexe", "sexo", "pola"})
_AGE = frozenset({"age", "starost", "godine", "mosha", "vozrast", "alter", "edad", "uzrast"})
_PERSONS = frozenset({
    "patients", "pacijenti", "pacienti", "pacientet", "victims", "zrtve", "persons", "people",
    "osobe", "lica", "refugees", "izbjeglice", "izbeglice", "beneficiaries", "recipients",
    "clients", "korisnici", "children", "djeca", "deca", "femijet", "pupils", "ucenici", "students",
    "pensioners", "penzioneri", "invalidi", "homeless", "beskucnici", "unemployed", "nezaposleni",
    "tenants", "stanari", "households", "domacinstva",
})  # fmt: skip
"""Last words of names of layers whose features are persons."""
_CASES = frozenset({"cases", "case", "slucajevi", "slucaj", "rastet"})
_OF_CASES = frozenset({
    "welfare", "social", "socijalni", "socijalna", "socijalne", "disease", "covid", "covid19",
    "illness", "health", "zdravstveni", "bolesti", "abuse", "violence", "nasilja", "tb", "cancer",
})  # fmt: skip
"""Words before `cases` that make them cases of persons."""
_SURNAMES = frozenset({
    "prezime", "surname", "lastname", "familyname", "mbiemri", "mbiemer", "nachname",
    "familienname", "apellido", "apellidos", "nomdefamille", "prezimena",
})  # fmt: skip
"""Names of columns of surnames: any single word is one."""
_PHONES = frozenset({
    "tel", "telefon", "telefona", "telefoni", "telephone", "telefono", "phone", "mobile", "mobitel",
    "mobilni", "mob", "gsm", "handy", "celular", "movil", "portable",
})  # fmt: skip
_IDENTITY_NUMBERS = frozenset({
    "jmbg", "embg", "jmb", "maticnibroj", "licnibroj", "oib", "nid", "nidperson", "dni", "nif",
    "nie", "nir", "ssn", "personalnumber", "personalid", "nrpersonal", "numripersonal", "passport",
    "pasos", "brojlicnekarte", "licnakarta", "numerodesecu", "personalausweis",
})  # fmt: skip
_FEWEST_DIGITS = 6
"""Of a phone number, and of an identity number in a column that says so."""
_FEWEST_ABROAD = 7
"""Of an identity number of Spain, which has the fewest; those of France and Albania have more."""
_FEWEST_PLAIN = 9
"""Of a phone number without spaces."""
_DIGITS_AS_0 = dict.fromkeys(map(ord, "123456789"), "0")


def personal_content(values: Iterable[str], *, column: str, honoured: bool) -> Personal | None:
    """What a column of texts reveals of persons; None where it reveals nothing.

    Parameters
    ----------
    values
        Texts of the column, empty ones among them.
    column
        Its name: `vlasnik` shows that it is about persons.
    honoured
        Whether things of this kind are named in honour of persons, as schools and streets are:
        then names count only in a column about persons, or as surname, comma and given name.

    Notes
    -----
    Identity numbers are those of the former Yugoslavia: day, month and year of birth and a check
    digit; accounts those of ISO 13616 with their check digits. A number of as many digits passes
    by chance in one of 300 (100) cases, so that one of five has to.
    """
    texts = _by_form(text for text in dict.fromkeys(map(_visible, values)) if text)
    about = _about(column)
    found = _coded(texts, about, in_public=honoured)
    if found is not None or not texts:
        return found
    if about & _SURNAMES:
        return "names of persons" if _share(texts, is_in_words) >= SOME else None
    about_persons = bool(about & _OF_PERSONS)
    strict = honoured and not about_persons

    def _names(form: str) -> bool:
        if is_person(form, inverted=strict) or is_composite(form, as_key=strict):
            return True
        given = not strict and is_given_name(form)
        return given or (not honoured and not about_persons and is_household(form))

    share = _share(texts, _names)
    named = share >= SOME if about_persons else share > MOST
    return "names of persons" if named else None


def _by_form(texts: Iterable[str]) -> _Texts:
    """Different texts by what they are with every digit as 0: `b17` and `b42` by `b00`.

    A million keys have a few forms, and names are known by them: no name has a digit.
    """
    by_form: dict[str, list[str]] = {}
    for text in texts:
        by_form.setdefault(text.translate(_DIGITS_AS_0), []).append(text)
    return by_form


def _share(texts: _Texts, holds: Callable[[str], bool]) -> float:
    """The share of texts whose form is so."""
    count = sum(map(len, texts.values()))
    return sum(len(some) for form, some in texts.items() if holds(form)) / count


def _has_digits(least: int) -> Callable[[str], bool]:
    return lambda form: sum(map(str.isdigit, form)) >= least


def without_persons(texts: Iterable[object], *, honoured: bool = False) -> tuple[str, ...]:
    """The texts, with `…` for each that reveals something of a person.

    Parameters
    ----------
    texts
        Values of features, as a message lists them.
    honoured
        As of `personal_content`.
    """
    every = (str(text) for text in texts)
    return tuple(LEFT_OUT if is_personal(text, honoured=honoured) else text for text in every)


def is_personal(text: str, *, honoured: bool = False) -> bool:
    """Whether one text by itself reveals something of a person.

    Parameters
    ----------
    text
        A value of a feature.
    honoured
        As of `personal_content`.
    """
    if honoured and not _MAYBE.search(text):
        return False
    return personal_content([text], column="", honoured=honoured) is not None


def seem_persons(columns: Mapping[str, Iterable[str]]) -> bool:
    """Whether features seem to be persons, by the texts of their columns.

    Not where the only persons are those who own a thing or answer for it.
    """
    return any(
        not _about(name) & _OF_THINGS
        and personal_content(texts, column=name, honoured=False)
        in {"names of persons", "personal identity numbers"}
        for name, texts in columns.items()
    )


def are_persons(layer: str, columns: Iterable[str]) -> bool:
    """Whether features are persons by the name of their layer, or by columns that persons have.

    Parameters
    ----------
    layer
        `patients`, `welfare_cases`; not `welfare_centres`.
    columns
        A date of birth or a diagnosis is of persons; sex is beside age (public toilets have it).
    """
    *before, last = [folded(part) for part in re.split(r"[\W_]+", layer) if part] or [""]
    if last in _PERSONS or (last in _CASES and bool(_OF_CASES & set(before))):
        return True
    about = {part for column in columns for part in _about(column)}
    return bool(about & _BORN_OR_ILL) or bool(about & _SEX and about & _AGE)


def _visible(text: str) -> str:
    """A text without signs that nobody sees, quotes and brackets around it."""
    if text.isascii() and text.isalnum():
        return text  # a million keys
    seen = text.strip()
    if not text.isascii():
        seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
        seen = unicodedata.normalize("NFC", seen).strip()
    within = seen.strip(_QUOTES)
    return within if len(seen) - len(within) > 1 else seen


def _about(column: str) -> frozenset[str]:
    """The name of a column folded, whole and in its parts: `broj_telefona`, `Telefon (kućni)`."""
    parts = [folded(part) for part in re.split(r"[\W_\d]+", column) if part]
    return frozenset({*parts, "".join(parts)})


def _coded(texts: _Texts, about: frozenset[str], *, in_public: bool) -> Personal | None:
    """Addresses, numbers and accounts, which have a form, or a column, that they are known by.

    Nine or ten digits are no phone number where things are public: codes of census sections in
    Spain, France and Italy begin with a zero too.
    """
    if any(map(_EMAIL.search, texts)):
        return "e-mail addresses"
    other = _texts_of(texts, _has_digits(_FEWEST_ABROAD))
    phones = _texts_of(texts, _has_digits(_FEWEST_DIGITS))
    count = sum(map(len, texts.values()))
    forms: tuple[tuple[Personal, Callable[[], bool]], ...] = (
        ("personal identity numbers", lambda: _are_numbers(texts, about & _IDENTITY_NUMBERS)),
        ("personal identity numbers", lambda: _often(map(is_identity_number, _thirteens(texts)))),
        (
            "personal identity numbers",
            lambda: _often(map(has_number_of_other_countries, other), count),
        ),
        ("personal identity numbers", lambda: _all_pass(texts, _ELEVEN, is_oib)),
        ("personal identity numbers", lambda: _all_pass(texts, _TEN, is_number_of_kosovo)),
        ("bank accounts (IBAN)", lambda: _often(map(is_iban, _ibans(texts)))),
        ("bank accounts (IBAN)", lambda: _often(_local_accounts(texts))),
        ("phone numbers", lambda: _are_numbers(texts, about & _PHONES)),
        ("phone numbers", lambda: _often((bool(_PHONE.search(text)) for text in phones), count)),
        ("phone numbers", lambda: not in_public and _are_plain_phones(texts)),
    )
    return next((kind for kind, found in forms if found()), None)


def _texts_of(texts: _Texts, form: Callable[[str], object]) -> list[str]:
    """The texts of the forms that may be something."""
    return [text for one, some in texts.items() if form(one) for text in some]


def _are_numbers(texts: _Texts, said: frozenset[str]) -> bool:
    """Whether the name of a column says what it holds, and some of the texts are numbers."""
    return bool(said and texts) and _share(texts, _has_digits(_FEWEST_DIGITS)) >= SOME


def _often(found: Iterable[bool], count: int | None = None) -> bool:
    """Whether a fifth is so: of those given, or of so many, where the others are not."""
    every = list(found)
    return bool(every) and sum(every) / (count or len(every)) >= SOME


def _thirteens(texts: _Texts) -> Iterator[str]:
    for text in _texts_of(texts, lambda form: _THIRTEEN.search(form) or _IN_PARTS.search(form)):
        yield from _thirteen(text)


def _thirteen(text: str) -> list[str]:
    """The numbers of 12 or 13 digits in a text, also of those written in parts."""
    parts = (re.sub(r"[ ./-]", "", found) for found in _IN_PARTS.findall(text))
    return [*_THIRTEEN.findall(text), *(one for one in parts if one not in text)]


def _ibans(texts: _Texts) -> Iterator[str]:
    for text in _texts_of(texts, lambda form: _IBAN.search(_joined(form))):
        yield from _IBAN.findall(_joined(text))


def _local_accounts(texts: _Texts) -> Iterator[bool]:
    for text in _texts_of(texts, _ACCOUNT.search):
        yield from (is_local_account(*found) for found in _ACCOUNT.findall(text))


def _joined(text: str) -> str:
    """A text with its account numbers as IBANs are written: in capitals, without hyphens."""
    return re.sub(r"(?<=\w)-(?=\w)", "", text.upper())


def _all_pass(texts: _Texts, form: re.Pattern[str], passes: Callable[[str], bool]) -> bool:
    """Whether a column has numbers of a form, and (nearly) all have the right check digit.

    One of ten numbers passes by chance, so that three at least have to.
    """
    numbers = [text.strip() for text in _texts_of(texts, lambda one: form.fullmatch(one.strip()))]
    if len(numbers) < max(SOME * sum(map(len, texts.values())), _FEWEST_CHECKED):
        return False
    right = sum(map(passes, numbers))
    return right >= _FEWEST_CHECKED and right >= _NEARLY_ALL * len(numbers)


def _are_plain_phones(texts: _Texts) -> bool:
    """Whether texts hold phone numbers without spaces: of several networks, or of any number.

    Keys are of one network, and run.
    """
    long = _texts_of(texts, _has_digits(_FEWEST_PLAIN))
    found = [match for text in long if (match := _PLAIN_PHONE.search(text)) is not None]
    numbers = [int(match[0]) for match in found]
    if len(numbers) < max(2, SOME * sum(map(len, texts.values()))):
        return False
    several = len({match[0][: 3 if match[0].startswith("0") else 5] for match in found}) > 1
    return several or max(numbers) - min(numbers) > _SPREAD * len(numbers)
