"""Texts of a page in both scripts of a language: those that spelling alone tells apart stand once.

`publish/page/assets/js/transliteration.js` spells the others.
"""

from __future__ import annotations

import re
from typing import Any

from urbanlayer.text.transliteration import in_cyrillic

SPELLED = 0
"""In place of a text, or of all texts of a list or table: the Latin ones, in Cyrillic."""

_STAYS = re.compile(r"(\{\w+\}|\u00a0\S+)", re.ASCII)
"""Placeholders, and what follows a hard space: units."""
_PLAIN = re.compile(r"[A-Za-zČĆŽŠĐčćžšđ0-9 \u00a0{}_.,;:!?()%°²³/’“”„…–−+×·-]*")
"""Texts that Python and browsers spell alike."""


def spelled_once(spoken: dict[str, Any]) -> dict[str, Any]:
    """The vocabulary with 0 for the Cyrillic texts that are the Latin ones in Cyrillic.

    Parameters
    ----------
    spoken
        Language tag to its words; a tag such as `sr-Cyrl-ME` goes with `sr-Latn-ME`.
    """
    return {tag: _shortened(words, spoken.get(_latin(tag))) for tag, words in spoken.items()}


def _latin(tag: str) -> str:
    return tag.replace("-Cyrl", "-Latn") if "-Cyrl" in tag else ""


def _shortened(words: dict[str, Any], latin: dict[str, Any] | None) -> dict[str, Any]:
    if latin is None:
        return words
    return {part: _part(own, latin[part]) if part in latin else own for part, own in words.items()}


def _part(own: object, latin: object) -> object:
    """A part of the vocabulary with its own names and length; what it holds may be `SPELLED`."""
    if isinstance(own, dict) and isinstance(latin, dict):
        return {name: _short(one, latin.get(name)) for name, one in own.items()}
    if isinstance(own, list) and isinstance(latin, list) and len(own) == len(latin):
        return [_short(*pair) for pair in zip(own, latin, strict=True)]
    return own


def _short(own: object, latin: object) -> object:
    if isinstance(own, str):
        return SPELLED if isinstance(latin, str) and own == _spelled(latin) else own
    if isinstance(own, dict) and isinstance(latin, dict) and own.keys() == latin.keys():
        found = {name: _short(one, latin[name]) for name, one in own.items()}
        return SPELLED if found and all(one == SPELLED for one in found.values()) else found
    if isinstance(own, list) and isinstance(latin, list) and len(own) == len(latin):
        each = [_short(*pair) for pair in zip(own, latin, strict=True)]
        return SPELLED if each and all(one == SPELLED for one in each) else each
    return own


def _spelled(latin: str) -> str | None:
    """The text in Cyrillic; None where a browser may spell it otherwise."""
    if not _PLAIN.fullmatch(latin):
        return None
    parts = _STAYS.split(latin)
    return "".join(part if n % 2 else in_cyrillic(part) for n, part in enumerate(parts))
