"""The text encoding, detected by the letters that the region's names have."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

CODEPAGES = ("cp1250", "cp852", "iso8859-2", "cp1251", "cp1252", "iso8859-5", "cp855")
"""In the order in which they are believed where the letters do not decide."""

_HOME = frozenset("šđčćžëçŠĐČĆŽËÇ")
_ABROAD = frozenset(
    "áéíóúñüöäßàèêâîôãåïòűőąęłńśźżýřůěÁÉÍÓÚÑÜÖÄÀÈÊÂÎÔÃÅÏÒŰŐĄĘŁŃŚŹŻÝŘŮĚ–—„“”’°²³«»€º§…"
)
_CYRILLIC = frozenset("абвгдђежзијклљмнњопрстћуфхцчџшѓѕќАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШЃЅЌ")
_SIGN, _LETTER, _FOREIGN = 4.0, 1.0, 0.5
_ENOUGH = 0.4
"""Least mean score of the letters beyond ASCII at which a codepage is believed."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """The codepage that was taken.

    Attributes
    ----------
    encoding
        As Python calls it.
    certain
        Whether the text itself proves it: plain ASCII, or UTF-8 that decodes.
    """

    encoding: str
    certain: bool
    also: str = ""
    """Another codepage under which the letters look as likely, and read otherwise."""

    @property
    def shown(self) -> str:
        """The codepage for a note, with the other one that is as likely."""
        return f"{self.encoding} / {self.also}" if self.also else self.encoding


def decoding(texts: Iterable[bytes]) -> Decoding:
    """The codepage of texts that were written by one program.

    Parameters
    ----------
    texts
        Undecoded; those that are ASCII give no evidence.

    Returns
    -------
    Decoding
        UTF-8 if all of them decode as that, else the codepage whose letters look most like names
        of the region.
    """
    telling = [text for text in texts if not text.isascii()]
    if all(_is_utf8(text) for text in telling):
        return Decoding("utf-8", certain=True)
    together = b"\n".join(telling[:20_000])
    scores = {name: score(together, name) for name in CODEPAGES}
    best = max(CODEPAGES, key=lambda name: scores[name])
    tied = best == "cp1250" and scores["cp1252"] == scores["cp1250"]
    # no letter speaks for either, such as ñ of Peñagrande, which cp1250 reads as ń
    if tied and together.decode("cp1252") != together.decode("cp1250"):
        return Decoding("cp1252", certain=False, also="cp1250")
    return Decoding(best, certain=False)


def score(text: bytes, encoding: str) -> float:
    """How much the letters beyond ASCII look like names of the region under a codepage.

    Returns
    -------
    float
        1 where each is a letter of a language of the region, negative where they are signs.
    """
    try:
        decoded = text.decode(encoding)
    except UnicodeDecodeError:
        return -_SIGN
    return looks(decoded)


def looks(text: str) -> float:
    """The same for text that was decoded already; 0 where all of it is ASCII."""
    counts = Counter(letter for letter in text if ord(letter) > 127)  # noqa: PLR2004  (ASCII ends)
    total = sum(counts.values())
    if not total:
        return 0.0
    home = sum(counts[letter] for letter in counts if letter in _HOME)
    cyrillic = sum(counts[letter] for letter in counts if letter in _CYRILLIC)
    abroad = sum(counts[letter] for letter in counts if letter in _ABROAD)
    strange = total - home - cyrillic - abroad
    cyrillic_worth = _LETTER if _in_words(text) else -_LETTER
    points = home * _LETTER + cyrillic * cyrillic_worth + abroad * _FOREIGN - strange * _SIGN
    return points / total - _mixed_case(text)


def repaired(texts: list[str]) -> tuple[str, str] | None:
    """The two codepages that were mistaken for one another when the texts were last saved.

    Parameters
    ----------
    texts
        Decoded, as a file holds them.

    Returns
    -------
    tuple or None
        The one that each text must be encoded in again, and the one to decode it with; None where
        the texts look as they should.
    """
    telling = [text for text in texts if not text.isascii()][:5000]
    together = "\n".join(telling)
    before = looks(together)
    if not telling or before >= 1.0 - _ENOUGH:
        return None
    best: tuple[float, tuple[str, str]] | None = None
    for wrong in ("cp1252", "latin-1", "cp1250"):
        for right in ("utf-8", "cp1250", "cp852"):
            if right == wrong:
                continue
            try:
                again = together.encode(wrong).decode(right)
            except (UnicodeEncodeError, UnicodeDecodeError):
                continue
            gained = looks(again) - before
            if gained > _ENOUGH and (best is None or gained > best[0]):
                best = (gained, (wrong, right))
    return None if best is None else best[1]


def beyond_ascii(column: pa.ChunkedArray) -> list[str]:
    """The different texts of an Arrow column that hold letters beyond ASCII."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = pc.fill_null(pc.string_is_ascii(column), fill_value=pa.scalar(value=True))
    texts: list[str] = pc.unique(column.filter(pc.invert(plain))).to_pylist()
    return texts


def again(text: str | None, codepages: tuple[str, str]) -> str | None:
    """A text encoded in the first codepage and decoded with the second; itself if it cannot be."""
    if text is None or text.isascii():
        return text
    try:
        return text.encode(codepages[0]).decode(codepages[1])
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _in_words(text: str) -> bool:
    """Whether Cyrillic letters are adjacent, as they do in words."""
    pairs = itertools.pairwise(text)
    beside = sum(one in _CYRILLIC and other in _CYRILLIC for one, other in pairs)
    alone = sum(letter in _CYRILLIC for letter in text)
    return beside * 2 >= alone


def _mixed_case(text: str) -> float:
    """Share of capitals beyond ASCII that follow a small letter: words do not look like that."""
    pairs = itertools.pairwise(text)
    odd = sum(one.islower() and other.isupper() and not other.isascii() for one, other in pairs)
    beyond = sum(not letter.isascii() for letter in text)
    return odd / beyond if beyond else 0.0


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
