"""A name in small ASCII letters, digits and hyphens: ids of cities, names of folders."""

from __future__ import annotations

import re
import unicodedata

_LATIN = {
    "đ": "d", "ð": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
}  # fmt: skip
"""Letters whose mark is a part of them."""
_CYRILLIC = dict(
    zip("абвгдежзијклмнопрстћуфхцчшъ", "abvgdezzijklmnoprstcufhccsa", strict=True)
) | {
    "ђ": "d", "љ": "lj", "њ": "nj", "џ": "dz", "\N{CYRILLIC SMALL LETTER DZE}": "dz",
    "щ": "st", "ь": "", "ю": "ju", "я": "ja",
}  # fmt: skip
"""Letters as the Latin alphabets of the same languages write them, without marks."""
_GREEK = dict(
    zip(
        map(
            chr, range(ord("\N{GREEK SMALL LETTER ALPHA}"), ord("\N{GREEK SMALL LETTER OMEGA}") + 1)
        ),
        (
            *("a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p"),
            *("r", "s", "s", "t", "y", "f", "ch", "ps", "o"),
        ),
        strict=True,
    )
)
"""Letter by letter after ISO 843, without marks."""


def slug(name: str) -> str:
    """The name as a slug; empty where it has no letter or digit that can be written so.

    Examples
    --------
    >>> slug("Đečić Stara"), slug("Бијело Поље"), slug("Χανιά"), slug("東京")
    ('decic-stara', 'bijelo-polje', 'chania', '')
    """
    letters = {**_LATIN, **_CYRILLIC, **_GREEK}
    apart = unicodedata.normalize("NFKD", name.lower())
    plain = "".join(letters.get(letter, letter) for letter in apart)
    ascii_only = plain.encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
