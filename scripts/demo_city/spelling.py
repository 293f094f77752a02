"""The Cyrillic spelling of Montenegrin names."""

from __future__ import annotations

import re

_DIGRAPHS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_LETTERS = dict(
    zip(
        "abvgdđežzijklmnoprstćufhcčš",
        "абвгдђежзијклмнопрстћуфхцчш",
        strict=True,
    )
)
_ROMAN_NUMERAL = re.compile(r"^[IVX]+$")
_PIECE = re.compile(r"lj|nj|dž|.", re.IGNORECASE | re.DOTALL)


def _piece(match: re.Match[str]) -> str:
    latin = match.group()
    low = latin.lower()
    cyrillic = _DIGRAPHS.get(low) or _LETTERS.get(low, low)
    return cyrillic.upper() if latin[0].isupper() else cyrillic


def cyrillic(name: str) -> str:
    """A Latin name in Cyrillic; Roman numerals stay as they are (`Блок V`)."""
    words = name.split(" ")
    return " ".join(w if _ROMAN_NUMERAL.match(w) else _PIECE.sub(_piece, w) for w in words)
