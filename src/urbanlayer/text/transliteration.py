"""Names written in Serbian Latin, in Cyrillic: for layers that hold one script only.

The page does the same in `publish/page/assets/js/transliteration.js`.
"""

from __future__ import annotations

import re
import unicodedata

_LATIN = "abvgdđežzijklmnoprstćufhcčš"
_CYRILLIC = "абвгдђежзијклмнопрстћуфхцчш"
_PAIRS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_OWN = {"mk": str.maketrans("ђћЂЋ", "ѓќЃЌ")}
"""Letters that an alphabet has instead."""
_STAYS = re.compile(r"[IVX]+|[\d.]+|.*[QqWwXxYy].*")
"""Roman and other numerals, and words with letters that Serbian does not have."""


def in_cyrillic(text: str, language: str = "sr") -> str:
    """A text in Serbian Latin, in Cyrillic.

    Parameters
    ----------
    text
        What is in Cyrillic already stays.
    language
        Whose alphabet is used: `sr` or `mk`.

    Examples
    --------
    >>> in_cyrillic("Ljubović II")
    'Љубовић II'
    """
    written = "".join(_word(part) for part in re.split(r"(\s+)", text))
    return written.translate(_OWN.get(language, {}))


def _word(text: str) -> str:
    if _STAYS.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFC", text)
    pairs = re.sub(
        "lj|nj|dž", lambda pair: _like(pair[0], _PAIRS[pair[0].lower()]), plain, flags=re.IGNORECASE
    )
    return "".join(_letter(letter) for letter in pairs)


def _letter(letter: str) -> str:
    at = _LATIN.find(letter.lower())
    return letter if at < 0 else _like(letter, _CYRILLIC[at])


def _like(latin: str, cyrillic: str) -> str:
    """A letter in upper case where the first of the other is."""
    return cyrillic.upper() if latin[0] != latin[0].lower() else cyrillic
