"""Text of unknown origin made safe to show on a terminal."""

from __future__ import annotations

import unicodedata

_KEPT = frozenset("\n\t")
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that show text in another order than it is written; names need none of them."""
_SEPARATORS = frozenset({"Cc", "Zl", "Zp"})
"""Control characters, and separators of lines and paragraphs."""


def printable(text: str) -> str:
    r"""The text with control, escape and direction characters written out, as JSON writes them.

    Examples
    --------
    >>> printable("Bar\x1b[2J")
    'Bar\\u001b[2J'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{ord(sign):04x}" if _acts(sign) else sign for sign in text)


def _acts(sign: str) -> bool:
    """Whether a terminal obeys a character instead of showing it."""
    if sign in _KEPT:
        return False
    return sign in _DIRECTIONS or unicodedata.category(sign) in _SEPARATORS
