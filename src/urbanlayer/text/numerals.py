"""Numbers from text: decimal commas, thousands separators, degrees and minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

Decimal = Literal[".", ","]

_SPACES = re.compile(r"[\s\u00a0\u202f'\u2019]")
_GROUPED = {
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+$"),
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+$"),
}
_NOTHING = frozenset(
    {"", "/", "nan", "none", "null", "n/a", "#n/a", "n.a.", "n.d.", "n/d", "na", "<na>"}
)
_SIGNS_OF_NOTHING = frozenset("-–—*.:…?")
"""A value of these alone is not known or not told: `:` of Eurostat, `..` of the UN, `*` of all."""
_DMS = re.compile(
    r"""^\s* ([+-]?\d{1,3})
        \s* [°ºd:\s] \s* (\d{1,2})
        \s* ['\u2032m:\s] \s* (\d{1,2}(?:[.,]\d+)?)?
        \s* (?:["\u2033s]|\'\')? \s* ([NSEWnsew])? \s*$""",
    re.VERBOSE,
)
_PERCENT = 100
_MINUTES_PER_DEGREE = 60
_SECONDS_PER_DEGREE = 3600


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Numbers read from text.

    Attributes
    ----------
    values
        (n,) NaN where the text is not a number.
    unreadable
        (n,) True where a non-empty text is not a number.
    ambiguous
        True if a value such as `14.566` could be thousands or decimals and nothing in the column
        decides.
    decimal
        The decimal sign found or given.
    percent
        (n,) True where the text is a percentage: `20 %`, which is 0.2.
    """

    values: NDArray[np.float64]
    unreadable: NDArray[np.bool_]
    ambiguous: bool
    decimal: Decimal
    percent: NDArray[np.bool_]


def numbers(texts: Iterable[object], *, decimal: Decimal | None = None) -> Numbers:
    """Numbers of a text column, with one decimal sign for the whole column.

    Parameters
    ----------
    texts
        n texts; None and common signs for "no value" give NaN and are not unreadable.
    decimal
        The decimal sign, if known; otherwise detected from the column.

    Returns
    -------
    Numbers
        n values.
    """
    import numpy as np

    cleaned = ["" if text is None else _SPACES.sub("", str(text)) for text in texts]
    empty = [_is_nothing(text) for text in cleaned]
    percent = np.array([text.endswith("%") and len(text) > 1 for text in cleaned], dtype=bool)
    cleaned = [text.removesuffix("%") for text in cleaned]
    given = [text for text, nothing in zip(cleaned, empty, strict=True) if not nothing]
    sign, ambiguous = (decimal, False) if decimal else decimal_sign(given)
    values = np.full(len(cleaned), np.nan)
    unreadable = np.zeros(len(cleaned), dtype=bool)
    for row, (text, nothing) in enumerate(zip(cleaned, empty, strict=True)):
        if nothing:
            continue
        value = _number(text, sign)
        unreadable[row] = value is None
        values[row] = np.nan if value is None else value
    values = np.where(percent, values / _PERCENT, values)
    return Numbers(values, unreadable, ambiguous, sign, percent & ~unreadable)


def _is_nothing(text: str) -> bool:
    """Whether a text without spaces stands for a value that is not known."""
    return text.lower() in _NOTHING or _SIGNS_OF_NOTHING.issuperset(text)


def decimal_sign(texts: Iterable[str]) -> tuple[Decimal, bool]:
    """The decimal sign of a column, and whether it is ambiguous.

    Parameters
    ----------
    texts
        Numbers as text, without spaces.

    Returns
    -------
    tuple
        The sign, and True if every number with a point or comma could also have a thousands
        separator: `14.566`.
    """
    doubtful = {".": False, ",": False}
    for text in texts:
        points, commas = text.count("."), text.count(",")
        if points and commas:
            return ("," if text.rfind(",") > text.rfind(".") else "."), False
        if points > 1:
            return ",", False
        if commas > 1:
            return ".", False
        if points or commas:
            mark: Decimal = "." if points else ","
            if not _GROUPED[mark].match(text):
                return mark, False
            doubtful[mark] = True
    if doubtful[","]:
        return ",", True
    return ".", doubtful["."]


def degrees(texts: Iterable[object]) -> NDArray[np.float64] | None:
    """Degrees from texts such as `42°26'28.6"N`; None if any text has another form.

    Parameters
    ----------
    texts
        n texts; empty ones give NaN.

    Returns
    -------
    ndarray or None
        n angles in degrees, negative towards south and west.
    """
    import numpy as np

    values: list[float] = []
    for text in texts:
        written = "" if text is None else str(text).strip()
        found = _DMS.match(written)
        if not written or _is_nothing(written):
            values.append(np.nan)
        elif found is None:
            return None
        else:
            values.append(_angle(found))
    return np.array(values) if not np.all(np.isnan(values)) else None


def _angle(found: re.Match[str]) -> float:
    whole, minutes, seconds, side = found.groups()
    angle = abs(int(whole)) + int(minutes) / _MINUTES_PER_DEGREE
    angle += float((seconds or "0").replace(",", ".")) / _SECONDS_PER_DEGREE
    return -angle if whole.startswith("-") or (side or "").upper() in {"S", "W"} else angle


def _number(text: str, decimal: Decimal) -> float | None:
    thousands: Decimal = "," if decimal == "." else "."
    plain = text.replace(thousands, "") if thousands in text else text
    if thousands in text and not _well_grouped(text, thousands, decimal):
        return None
    try:
        value = float(plain.replace(decimal, "."))
    except ValueError:
        return None
    return value if abs(value) != float("inf") else None


def _well_grouped(text: str, thousands: Decimal, decimal: Decimal) -> bool:
    return _GROUPED[thousands].match(text.partition(decimal)[0]) is not None
