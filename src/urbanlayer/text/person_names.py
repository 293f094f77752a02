"""Texts that are names of persons, or of their households, by given names and surnames."""

from __future__ import annotations

import functools
import re
import unicodedata
from importlib import resources

_TITLES = re.compile(
    r"\b(?:dr|mr|mrs|ms|prof|ing|dipl|sc|med|др|проф|gđa|gdja|gosp|gospođa|г-ђа|znj|zt)\b\.?"
    r"|^[gг]\.",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"^[^\W\d_]\. | [^\W\d_]\.?$")
_CAMEL = re.compile(r"(?<=[^\W\d_])(?=[A-ZČĆĐŠŽ][a-zčćđšž])")
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


def is_person(text: str, *, inverted: bool = False) -> bool:
    """Whether a text is a given name and a surname.

    Parameters
    ----------
    text
        A value of a feature.
    inverted
        Only with a comma between them.
    """
    plain = _TITLES.sub(" ", text).strip()
    words = _WORD.findall(plain)
    if not inverted and len(words) == 1 and plain != text.strip() and words[0] == plain:
        return _is_surname(plain)
    if not 2 <= len(words) <= 4 or _WORD.sub("", plain).strip(" ,.") or not all(  # noqa: PLR2004
        word[0].isupper() for word in words
    ):  # fmt: skip
        return False
    if folded(words[0]) in _THINGS:
        return False
    if inverted:
        return plain.count(",") == 1 and _is_inverted(*plain.split(","))
    return any(map(_is_given, words)) or any(map(_is_surname, words))


def is_household(text: str) -> bool:
    """Whether a text is a surname alone, or calls a house or a parcel after one.

    Parameters
    ----------
    text
        A value of a feature.
    """
    words = _WORD.findall(text)
    if len(words) == 1:
        return words[0] == text.strip() and bool(re.search("(?:ić|ић)$", text.strip().casefold()))
    named = bool(words) and folded(words[0]) in _HOUSEHOLDS
    if named and folded(words[0]) in _FAMILIES and len(words) == 2:  # noqa: PLR2004
        return bool(words[1][0].isupper())
    return named and any(_is_surname(word.removesuffix("a")) for word in words[1:])


def is_in_words(text: str) -> bool:
    """Whether a text is one to four words and nothing else.

    Parameters
    ----------
    text
        A value of a feature.
    """
    words = _WORD.findall(text)
    return 1 <= len(words) <= 4 and not _WORD.sub("", text).strip(" ,.-")  # noqa: PLR2004


def is_given_name(text: str) -> bool:
    """Whether a text is one common given name, and at most an initial.

    Parameters
    ----------
    text
        A value of a feature.
    """
    return folded(_INITIAL.sub("", text).strip(" ,.")) in _given_names()


def is_composite(text: str, *, as_key: bool = False) -> bool:
    """Whether a key is made of a given name and a surname: `Petrović-Ana-1987`, `ana.petrovic`.

    Parameters
    ----------
    text
        A value of a feature.
    as_key
        Not where spaces and few digits alone divide it, as in the name of a school.
    """
    if " " not in text.strip():
        text = _CAMEL.sub("_", text)
    if not (_OF_KEYS if as_key else _SEPARATORS).search(text.strip()):
        return False
    words = [word for word in _SEPARATORS.split(text) if word]
    if not 2 <= len(words) <= 4 or not all(map(str.isalpha, words)):  # noqa: PLR2004
        return False
    if folded(words[0]) in _THINGS:
        return False
    given = list(map(_is_given, words))
    return any(
        one and any(map(_is_surname, words[:at] + words[at + 1 :])) for at, one in enumerate(given)
    )


def folded(word: str) -> str:
    """A word in small Latin letters without marks: Đorđe and Ђорђе as djordje.

    Parameters
    ----------
    word
        In Latin or Cyrillic.
    """
    low = word.casefold().replace("đ", "dj").replace("ž", "z")
    latin = "".join(_CYRILLIC.get(sign, sign) for sign in low)
    return "".join(c for c in unicodedata.normalize("NFD", latin) if not unicodedata.combining(c))


def _is_inverted(before: str, after: str) -> bool:
    """Whether the words around a comma are a surname and a given name, not a school and a town."""
    surname, given = _WORD.findall(before), _WORD.findall(after)
    if any(map(_is_given, given)):
        return True
    return len(surname) == len(given) == 1 and _is_surname(surname[0])


def _is_given(word: str) -> bool:
    return folded(word) in _given_names()


def _is_surname(word: str) -> bool:
    return bool(_SURNAME.search(word.casefold())) and word.casefold() not in _NO_SURNAMES


@functools.cache
def _given_names() -> frozenset[str]:
    """Common given names of the languages of the catalogues, folded, one a line."""
    text = resources.files("urbanlayer.text").joinpath("given_names.txt").read_text("utf-8")
    return frozenset(text.split())
