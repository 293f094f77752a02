"""Texts that identify persons: names, phone numbers, e-mail, identity numbers, accounts."""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from importlib import resources
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Personal = Literal["names of persons", "e-mail addresses", "phone numbers",
                   "personal identity numbers", "bank accounts (IBAN)"]  # fmt: skip

MOST, SOME = 0.5, 0.2
"""Shares of a column's values from which it counts as personal: for names of persons in a column
without that word, and for all else."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?:\+|\b00)\d{1,3}[\s/-]?\(?\d{1,3}\)?(?:[\s/-]?\d{2,4}){2,3}(?!\d)"
    r"|(?<![\d/-])0\d{1,2}[\s/]\d{3}[\s-]?\d{3,4}(?![\d/-])"
)
_THIRTEEN = re.compile(r"(?<!\d)\d{12,13}(?!\d)")
_OF_SPAIN = re.compile(r"(?<!\w)([XYZ]?)(\d{7,8})-?([A-Z])(?!\w)")
_OF_ALBANIA = re.compile(r"(?<!\w)[A-T]\d(\d\d)(\d\d)\d{3}[A-W](?!\w)")
_OF_FRANCE = re.compile(r"(?<!\d)([12]\d{12})(\d{2})(?!\d)")
_LETTERS_OF_SPAIN = "TRWAGMYFPDXBNJZSQVHLCKE"
_IBAN = re.compile(
    r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])"
)
_TITLES = re.compile(r"\b(?:dr|mr|mrs|ms|prof|ing|dipl|sc|med|др|проф)\b\.?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SEPARATORS = re.compile(r"[\s\d_./|;:#,()-]+")
_SURNAME = re.compile(r"(?:ić|ic|ић|ovska|ovski|evska|evski|овски|овска|евски|евска)$")
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
"""Of a phone or identity number in a column that says so."""
_THINGS = frozenset({
    "apoteka", "biblioteka", "bulevar", "centar", "crkva", "dom", "fontana", "gimnazija",
    "igraliste", "klinika", "kuca", "most", "muzej", "obdaniste", "ordinacija", "park", "plac",
    "rruga", "shkolla", "skola", "spomenik", "stadion", "stanica", "trg", "ulica", "ustanova",
    "vrtic", "casa", "calle", "clinica", "ecole", "farmacia", "parque", "place", "plaza", "rue",
    "saint", "san", "santa", "sveti",
})  # fmt: skip
"""First words of what is named in honour of somebody."""
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "z", "з": "z",
    "и": "i", "ј": "j", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u", "ф": "f", "х": "h", "ц": "c",
    "ч": "c", "ш": "s", "ђ": "dj", "љ": "lj", "њ": "nj", "џ": "dz", "ќ": "k", "ѓ": "g",
    "ѕ": "dz",
}  # fmt: skip


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
    texts = [text for text in dict.fromkeys(values) if text.strip()]
    about = _about(column)
    found = _coded(texts, about)
    if found is not None or not texts:
        return found
    if about & _SURNAMES:
        return "names of persons" if _often(map(_is_in_words, texts)) else None
    about_persons = bool(about & _OF_PERSONS)
    strict = honoured and not about_persons
    persons = [_is_person(text, inverted=strict) or _is_composite(text) for text in texts]
    if about_persons:
        persons = [one or _is_given_name(text) for one, text in zip(persons, texts, strict=True)]
        return "names of persons" if _often(persons) else None
    if not honoured:
        persons = [one or _is_given_name(text) for one, text in zip(persons, texts, strict=True)]
    return "names of persons" if sum(persons) / len(persons) > MOST else None


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


def _about(column: str) -> frozenset[str]:
    """The name of a column folded, whole and in its parts: `broj_telefona`, `Telefon (kućni)`."""
    parts = [_folded(part) for part in re.split(r"[\W_\d]+", column) if part]
    return frozenset({*parts, "".join(parts)})


def _coded(texts: list[str], about: frozenset[str]) -> Personal | None:
    """Addresses, numbers and accounts, which have a form, or a column, that they are known by."""
    if any(map(_EMAIL.search, texts)):
        return "e-mail addresses"
    numbers = [sum(map(str.isdigit, text)) >= _FEWEST_DIGITS for text in texts]
    thirteen = (_is_identity_number(found) for text in texts for found in _THIRTEEN.findall(text))
    accounts = (_is_account(found) for text in texts for found in _IBAN.findall(text))
    forms: tuple[tuple[Personal, bool], ...] = (
        ("personal identity numbers", bool(about & _IDENTITY_NUMBERS) and _often(numbers)),
        ("personal identity numbers", _often(thirteen)),
        ("personal identity numbers", _often(map(_has_number_of_other_countries, texts))),
        ("bank accounts (IBAN)", _often(accounts)),
        ("phone numbers", bool(about & _PHONES) and _often(numbers)),
        ("phone numbers", _often(bool(_PHONE.search(text)) for text in texts)),
    )
    return next((kind for kind, found in forms if found), None)


def _often(found: Iterable[bool]) -> bool:
    every = list(found)
    return bool(every) and sum(every) / len(every) >= SOME


def _is_identity_number(digits: str) -> bool:
    """Whether 13 digits are a date of birth, a region, a number and the right check digit.

    A number that was stored as one has lost a leading zero.
    """
    digits = digits.zfill(13)
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:7])
    try:
        dt.date(year + (1000 if year >= 800 else 2000), month, day)  # noqa: PLR2004
    except ValueError:
        return False
    weights = (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(w * int(d) for w, d in zip(weights, digits, strict=False)) % 11
    return int(digits[12]) == (11 - rest if rest > 1 else 0)


def _has_number_of_other_countries(text: str) -> bool:
    """Whether a text holds a number of Spain, France (with their check signs) or Albania."""
    for start, digits, letter in _OF_SPAIN.findall(text):
        number = int(f"{'XYZ'.index(start) if start else ''}{digits}")
        if _LETTERS_OF_SPAIN[number % 23] == letter and len(start + digits) == 8:  # noqa: PLR2004
            return True
    if any(97 - int(number) % 97 == int(check) for number, check in _OF_FRANCE.findall(text)):
        return True
    return any(
        1 <= int(month) % 50 <= 12 and 1 <= int(day) <= 31  # noqa: PLR2004  (women's is 50 more)
        for month, day in _OF_ALBANIA.findall(text)
    )


def _is_account(text: str) -> bool:
    """Whether an IBAN has the right check digits (ISO 13616: the remainder by 97 is 1)."""
    plain = text.replace(" ", "")
    if not 15 <= len(plain) <= 34:  # noqa: PLR2004  (the shortest and the longest there are)
        return False
    number = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])
    return int(number) % 97 == 1


def _is_person(text: str, *, inverted: bool = False) -> bool:
    """Whether a text is a given name and a surname; `inverted`: with a comma between them alone."""
    plain = _TITLES.sub(" ", text).strip()
    words = _WORD.findall(plain)
    if not 2 <= len(words) <= 4 or _WORD.sub("", plain).strip(" ,.") or not all(  # noqa: PLR2004
        word[0].isupper() for word in words
    ):  # fmt: skip
        return False
    if (inverted and plain.count(",") != 1) or _folded(words[0]) in _THINGS:
        return False
    given = [_folded(word) in _given_names() for word in words]
    surname = [bool(_SURNAME.search(word.casefold())) for word in words]
    return any(given) or any(surname)


def _is_in_words(text: str) -> bool:
    """Whether a text is one to four words and nothing else."""
    words = _WORD.findall(text)
    return 1 <= len(words) <= 4 and not _WORD.sub("", text).strip(" ,.-")  # noqa: PLR2004


def _is_given_name(text: str) -> bool:
    """Whether a text is one common given name."""
    return _folded(text.strip(" ,.")) in _given_names()


def _is_composite(text: str) -> bool:
    """Whether a key is made of a given name and a surname: `Petrović-Ana-1987`, `ana.petrovic`."""
    if not _SEPARATORS.search(text.strip()):
        return False
    words = [word for word in _SEPARATORS.split(text) if word]
    if not 2 <= len(words) <= 4 or not all(map(str.isalpha, words)):  # noqa: PLR2004
        return False
    given = [_folded(word) in _given_names() for word in words]
    return any(
        one and any(_SURNAME.search(other.casefold()) for other in words[:at] + words[at + 1 :])
        for at, one in enumerate(given)
    )


@functools.cache
def _given_names() -> frozenset[str]:
    """Common given names of the languages of the catalogues, folded, one a line."""
    text = resources.files("urbanlayer.text").joinpath("given_names.txt").read_text("utf-8")
    return frozenset(text.split())


def _folded(word: str) -> str:
    """A word in small Latin letters without marks: Đorđe and Ђорђе as djordje."""
    low = word.casefold().replace("đ", "dj").replace("ž", "z")
    latin = "".join(_CYRILLIC.get(sign, sign) for sign in low)
    return "".join(c for c in unicodedata.normalize("NFD", latin) if not unicodedata.combining(c))
