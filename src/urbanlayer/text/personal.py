"""Texts that identify persons: names, phone numbers, e-mail, identity numbers, accounts."""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from importlib import resources
from typing import TYPE_CHECKING, Literal

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
    r"(?:\+|\b00)\d{1,3}[\s/-]?\(?\d{1,3}\)?(?:[\s/-]?\d{2,4}){2,3}(?!\d)"
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
_OF_SPAIN = re.compile(r"(?<!\w)([XYZ]?)(\d{7,8})-?([A-Z])(?!\w)")
_OF_ALBANIA = re.compile(r"(?<!\w)[A-T]\d(\d\d)(\d\d)\d{3}[A-W](?!\w)")
_OF_FRANCE = re.compile(r"(?<!\d)([12]\d{12})(\d{2})(?!\d)")
_TEN, _ELEVEN = re.compile(r"\d{10}"), re.compile(r"\d{11}")
_WEIGHTS_OF_KOSOVO = (4, 3, 2, 7, 6, 5, 4, 3, 2)
_LETTERS_OF_SPAIN = "TRWAGMYFPDXBNJZSQVHLCKE"
_IBAN = re.compile(
    r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])"
)
_ACCOUNT = re.compile(r"(?<![\d-])(\d{3})-(\d{1,13})-(\d{2})(?![\d-])")
_MAYBE = re.compile(r"[\d@,;:|/#_.-]| [Aa][Tt] | [Ee][Tt] |[^\W\d_][A-ZČĆĐŠŽ][a-zčćđšž]")
"""Without such signs nothing counts as personal where things are named in honour of persons."""
_TITLES = re.compile(
    r"\b(?:dr|mr|mrs|ms|prof|ing|dipl|sc|med|др|проф|gđa|gdja|gosp|gospođa|г-ђа|znj|zt)\b\.?"
    r"|^[gг]\.",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"^[^\W\d_]\. | [^\W\d_]\.?$")
_CAMEL = re.compile(r"(?<=[^\W\d_])(?=[A-ZČĆĐŠŽ][a-zčćđšž])")
_QUOTES = " ,.\"'„“”»«()[]"
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SEPARATORS = re.compile(r"[\s\d_./|;:#,()-]+")
_OF_KEYS = re.compile(r"(?<=\w)[_./|;:#-](?=\w)|\d{4}")
_SURNAME = re.compile(r"(?:ić|ic|ић|ovska|ovski|evska|evski|овски|овска|евски|евска|\w{3}aj)$")
_NO_SURNAMES = frozenset({
    "arabic", "atlantic", "automatic", "basic", "ceramic", "clinic", "classic", "comic", "cosmetic",
    "electric", "electronic", "exotic", "fantastic", "logistic", "magic", "mechanic", "medic",
    "music", "olympic", "optic", "organic", "plastic", "policlinic", "public", "republic", "tropic",
    "traffic",
    "događaj", "doživljaj", "dunaj", "običaj", "položaj", "sadržaj", "slučaj", "tramvaj", "uređaj",
    "saobraćaj", "zagrljaj", "zavičaj",
})  # fmt: skip
"""Words that end as surnames do, those of Slavic languages without their accent."""
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
_HOUSEHOLDS = frozenset({
    "parcela", "parcel", "plac", "kuca", "stan", "domacinstvo", "gazdinstvo", "porodica", "obitelj",
    "imanje", "familja", "shtepia", "household", "family", "house", "home", "familia", "familie",
    "haus", "maison", "semejstvo",
})  # fmt: skip
"""First words of what is called after those who live there or own it."""
_FAMILIES = frozenset({
    "porodica", "porodice", "obitelj", "familja", "familjes", "semejstvo", "domacinstvo",
    "gazdinstvo", "famille",
})  # fmt: skip
"""Those after which one name alone is a surname."""
_FEWEST_DIGITS = 6
"""Of a phone number, and of an identity number in a column that says so."""
_FEWEST_ABROAD = 7
"""Of an identity number of Spain, which has the fewest; those of France and Albania have more."""
_FEWEST_PLAIN = 9
"""Of a phone number without spaces."""
_DIGITS_AS_0 = dict.fromkeys(map(ord, "123456789"), "0")
_THINGS = frozenset({
    "apoteka", "biblioteka", "bulevar", "centar", "crkva", "dom", "fontana", "gimnazija",
    "igraliste", "klinika", "kuca", "most", "muzej", "obdaniste", "ordinacija", "park", "plac",
    "rruga", "shkolla", "skola", "spomenik", "stadion", "stanica", "trg", "ulica", "ustanova",
    "vrtic", "os", "ou", "oou", "ju", "jpu", "zu", "dz", "su", "sou", "sms", "ss", "ceip",
    "ies", "cra", "gjimnazi", "qmf", "gimnazia", "osnovna", "srednja", "strucna", "ambulanta",
    "bolnica", "casa", "calle", "clinica", "ecole", "farmacia", "parque", "place", "plaza", "rue",
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
    texts = _by_form(text for text in dict.fromkeys(map(_visible, values)) if text)
    about = _about(column)
    found = _coded(texts, about, in_public=honoured)
    if found is not None or not texts:
        return found
    if about & _SURNAMES:
        return "names of persons" if _share(texts, _is_in_words) >= SOME else None
    about_persons = bool(about & _OF_PERSONS)
    strict = honoured and not about_persons

    def _names(form: str) -> bool:
        if _is_person(form, inverted=strict) or _is_composite(form, as_key=strict):
            return True
        given = not strict and _is_given_name(form)
        return given or (not honoured and not about_persons and _is_household(form))

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
    *before, last = [_folded(part) for part in re.split(r"[\W_]+", layer) if part] or [""]
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
    parts = [_folded(part) for part in re.split(r"[\W_\d]+", column) if part]
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
        ("personal identity numbers", lambda: _often(map(_is_identity_number, _thirteens(texts)))),
        (
            "personal identity numbers",
            lambda: _often(map(_has_number_of_other_countries, other), count),
        ),
        ("personal identity numbers", lambda: _all_pass(texts, _ELEVEN, _is_oib)),
        ("personal identity numbers", lambda: _all_pass(texts, _TEN, _is_of_kosovo)),
        ("bank accounts (IBAN)", lambda: _often(map(_is_account, _ibans(texts)))),
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
        yield from (_is_local_account(*found) for found in _ACCOUNT.findall(text))


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


def _is_oib(digits: str) -> bool:
    """Whether eleven digits are an OIB of Croatia: ISO 7064, modulus 11, 10."""
    rest = 10
    for digit in digits[:-1]:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return (11 - rest) % 10 == int(digits[-1])


def _is_of_kosovo(digits: str) -> bool:
    """Whether ten digits are a personal number of Kosovo, with its check digit by modulus 11."""
    rest = 11 - sum(w * int(d) for w, d in zip(_WEIGHTS_OF_KOSOVO, digits, strict=False)) % 11
    return digits[0] in "12" and int(digits[-1]) == (rest if rest < 10 else 0)  # noqa: PLR2004


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


def _is_local_account(bank: str, number: str, check: str) -> bool:
    """Whether a number of a bank of the region has the right check digits (as an IBAN's)."""
    return int(f"{bank}{number:0>13}{check}") % 97 == 1


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
    text = text.upper()
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
    if not inverted and len(words) == 1 and plain != text.strip() and words[0] == plain:
        return _is_surname(plain)
    if not 2 <= len(words) <= 4 or _WORD.sub("", plain).strip(" ,.") or not all(  # noqa: PLR2004
        word[0].isupper() for word in words
    ):  # fmt: skip
        return False
    if _folded(words[0]) in _THINGS:
        return False
    if inverted:
        return plain.count(",") == 1 and _is_inverted(*plain.split(","))
    return any(map(_is_given, words)) or any(map(_is_surname, words))


def _is_inverted(before: str, after: str) -> bool:
    """Whether the words around a comma are a surname and a given name, not a school and a town."""
    surname, given = _WORD.findall(before), _WORD.findall(after)
    if any(map(_is_given, given)):
        return True
    return len(surname) == len(given) == 1 and _is_surname(surname[0])


def _is_given(word: str) -> bool:
    return _folded(word) in _given_names()


def _is_surname(word: str) -> bool:
    return bool(_SURNAME.search(word.casefold())) and word.casefold() not in _NO_SURNAMES


def _is_household(text: str) -> bool:
    """Whether a text is a surname alone, or calls a house or a parcel after one."""
    words = _WORD.findall(text)
    if len(words) == 1:
        return words[0] == text.strip() and bool(re.search("(?:ić|ић)$", text.strip().casefold()))
    named = bool(words) and _folded(words[0]) in _HOUSEHOLDS
    if named and _folded(words[0]) in _FAMILIES and len(words) == 2:  # noqa: PLR2004
        return bool(words[1][0].isupper())
    return named and any(_is_surname(word.removesuffix("a")) for word in words[1:])


def _is_in_words(text: str) -> bool:
    """Whether a text is one to four words and nothing else."""
    words = _WORD.findall(text)
    return 1 <= len(words) <= 4 and not _WORD.sub("", text).strip(" ,.-")  # noqa: PLR2004


def _is_given_name(text: str) -> bool:
    """Whether a text is one common given name, and at most an initial."""
    return _folded(_INITIAL.sub("", text).strip(" ,.")) in _given_names()


def _is_composite(text: str, *, as_key: bool = False) -> bool:
    """Whether a key is made of a given name and a surname: `Petrović-Ana-1987`, `ana.petrovic`.

    `as_key`: not where spaces and few digits alone divide it, as in the name of a school.
    """
    if " " not in text.strip():
        text = _CAMEL.sub("_", text)
    if not (_OF_KEYS if as_key else _SEPARATORS).search(text.strip()):
        return False
    words = [word for word in _SEPARATORS.split(text) if word]
    if not 2 <= len(words) <= 4 or not all(map(str.isalpha, words)):  # noqa: PLR2004
        return False
    if _folded(words[0]) in _THINGS:
        return False
    given = list(map(_is_given, words))
    return any(
        one and any(map(_is_surname, words[:at] + words[at + 1 :])) for at, one in enumerate(given)
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
