"""The text encoding, detected by the letters that the region's names have."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

CODEPAGES = (
    *("cp1250", "cp852", "iso8859-2", "cp1251", "cp1252", "iso8859-15", "cp1254", "mac-roman"),
    *("cp850", "iso8859-5", "cp855", "cp1253"),
)
"""In the order in which they are believed where the letters do not decide."""

_HOME = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "šđčćžëçабвгдђежзијклљмнњопрстћуфхцчџшѓѕќ",
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    )
)
"""Letters beyond ASCII of the region; of Russian and its neighbours, and of Greek, which no Latin
text has."""
_ABROAD = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "àâæçéèêëîïôœùûüÿ", "áéíóúñüªº", "àèéìíîòóùú", "ãõáâàéêíóôúçü", "àçèéíïòóúü", "äöüß",
        "åäöæøé", "äöüõšž", "çğıİöşüâîû", "áéíóöőúüű", "ăâîșțşţ", "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž",
    )
)  # fmt: skip
"""Letters beyond ASCII of one language each, French to Slovak: a file is mostly in one."""
_EVERY_LETTER: frozenset[str] = frozenset().union(*_HOME, *_ABROAD)
_SIGNS = frozenset("\u2013\u2014\u2018\u2019„“”°²³«»€§…·№¿¡¼½¾")
_WESTERN = frozenset("ñãàèÑÃÀ")
"""Taken for what they are where cp1250 has other letters for them: Peñagrande, not Peńagrande."""
_SPACES = frozenset("\u00a0\u2007\u2009\u202f")
"""They tell of no codepage: programs write them between words, and before and after."""
_BETWEEN = frozenset("\u2018\u2019·")
"""Signs that stand inside words."""
_SIGN, _LETTER, _FOREIGN, _OTHER = 4.0, 1.0, 0.9, 1.0
_ENOUGH = 0.4
"""By how much a text that was saved in another codepage has to look better."""
_LIKELY = 0.5
"""Least score at which a codepage is believed."""
_TIED = 0.05
"""Readings whose scores differ by less are as likely."""
_WORDS = re.compile(rb"[^\s\"',;:<>/()]*[\x80-\xff][^\s\"',;:<>/()]*")
_MAX_SHOWN = 40
"""Bytes of a text without words that an error repeats."""
_MAX_WORDS = 5_000
_UTF_16_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class Decoding:
    """The codepage that was taken.

    Attributes
    ----------
    encoding
        As Python calls it.
    certain
        Whether the text itself proves it: plain ASCII, UTF-8 that decodes, or UTF-16.
    """

    encoding: str
    certain: bool
    also: str = ""
    """Another codepage under which the letters look as likely, and read otherwise."""
    examples: tuple[str, ...] = ()
    """A word as each of them reads it, where nothing decides between them."""

    @property
    def shown(self) -> str:
        """The codepage for a note, with the other one that is as likely."""
        return f"{self.encoding} / {self.also}" if self.also else self.encoding


def encoding_of(content: bytes, layer_name: str) -> Decoding:
    """The encoding of a whole file; UTF-16 is known by its mark, or by the zeros between letters.

    Raises
    ------
    SourceError
        If the letters do not tell: it shows how two codepages read them.
    """
    begin = content[:_UTF_16_BYTES]
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Decoding("utf-16", certain=True)
    even, odd = begin[::2].count(0), begin[1::2].count(0)
    if max(even, odd) * 3 > len(begin) and min(even, odd) * 20 < len(begin):
        return Decoding("utf-16-be" if even > odd else "utf-16-le", certain=True)
    return likely(decoding([content]), layer_name)


def likely(found: Decoding, layer_name: str) -> Decoding:
    """The codepage that was taken, if the letters tell.

    Raises
    ------
    SourceError
        If they do not: it shows how two codepages read them.
    """
    if not found.examples:
        return found
    one, other = found.examples
    raise SourceError(
        f"{layer_name}: the letters do not tell its text encoding: {found.encoding} reads {one!r}, "
        f'{found.also} reads {other!r}; set encoding = "…" in city.toml'
    )


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
        of one language, those of the region first.
    """
    telling = [text for text in texts if not text.isascii()]
    if all(_is_utf8(text) for text in telling):
        return Decoding("utf-8", certain=True)
    words = dict.fromkeys(
        itertools.islice((word for text in telling for word in _WORDS.findall(text)), _MAX_WORDS)
    )
    together = b"\n".join(words)
    scores = {name: score(together, name) for name in CODEPAGES}
    best = max(CODEPAGES, key=lambda name: scores[name])
    read = _read(together, best)
    letters = {letter for letter in read if letter.isalpha() and not letter.isascii()}
    tied = _TIED if len(letters) > 1 else _TIED + _LETTER - _FOREIGN
    others = [
        name
        for name in CODEPAGES
        if letters and scores[name] > scores[best] - tied and _read(together, name) != read
    ]
    if best == "cp1250" and "cp1252" in others and scores[best] <= _FOREIGN:
        western = _read(together, "cp1252")
        if {one for one, other in zip(western, read, strict=True) if one != other} <= _WESTERN:
            return Decoding("cp1252", certain=False, also="cp1250")
    if scores[best] >= _LIKELY and (not others or scores[best] > _FOREIGN):
        return Decoding(best, certain=False, also=others[0] if others else "")
    other = others[0] if others else max(set(CODEPAGES) - {best}, key=lambda name: scores[name])
    differing = (word for word in words if _read(word, best) != _read(word, other))
    example = next(differing, together[:_MAX_SHOWN])  # bytes that are letters in neither
    examples = _read(example, best), _read(example, other)
    return Decoding(best, certain=False, also=other, examples=examples)


def _read(word: bytes, encoding: str) -> str:
    return word.decode(encoding, errors="replace")


def score(text: bytes, encoding: str) -> float:
    """How much the letters beyond ASCII look like names of one language under a codepage.

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
    counts, misplaced = _counted(text)
    total = sum(counts.values())
    if not total:
        return 0.0
    signs = sum(counts[letter] for letter in counts if letter in _SIGNS)
    strange = sum(counts[letter] for letter in counts if _is_no_letter(letter))
    known = sum(counts[letter] for letter in counts if letter in _EVERY_LETTER)
    other = total - known - signs - strange
    home, abroad = (
        max(sum(counts[letter] for letter in counts if letter in language) for language in each)
        for each in (_HOME, _ABROAD)
    )
    points = max(home * _LETTER, abroad * _FOREIGN) + signs * _FOREIGN - other * _OTHER
    points -= strange * _SIGN + misplaced * (_SIGN + _FOREIGN)
    return points / total - _mixed_case(text)


def _is_no_letter(letter: str) -> bool:
    return not letter.isalpha() and letter not in _SIGNS


def _counted(text: str) -> tuple[Counter[str], int]:
    """How often each letter beyond ASCII occurs, and how many stand where none of theirs does.

    Signs inside a word, and letters of one script among those of another.
    """
    counts: Counter[str] = Counter()
    misplaced = 0
    for before, letter, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        if letter.isascii() or letter in _SPACES:
            continue
        counts[letter] += 1
        if letter in _SIGNS:
            inside = before.isalpha() and after.isalpha() and letter not in _BETWEEN
            misplaced += inside or (letter == "…" and after.isalpha())
        elif letter >= _GREEK and letter.isalpha():
            misplaced += _is_latin(before) or _is_latin(after)
    return counts, misplaced


_GREEK = "\u0370"
"""Where the letters of Greek and Cyrillic begin."""


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and letter < _GREEK


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
    if not _counted(together)[0] or before >= 1.0 - _ENOUGH:
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


def _mixed_case(text: str) -> float:
    """Share of capitals beyond ASCII after a small letter, or between a capital and a small one.

    Words do not look like that: `KovaČević`, `SŘdstadt`.
    """
    odd = sum(
        letter.isupper()
        and not letter.isascii()
        and (before.islower() or (before.isupper() and after.islower()))
        for before, letter, after in zip(f" {text}", text, f"{text[1:]} ", strict=False)
    )
    beyond = sum(not letter.isascii() for letter in text)
    return odd / beyond if beyond else 0.0


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
