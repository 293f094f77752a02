"""Text of a city file, in one language or in several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Text = str | dict[str, str]
"""One text, or one for each language: `{ en = "Benches", sr_Latn_ME = "Klupe" }`."""

Where = dict[str, str | int | float | bool | list[str | int | float | bool]]
"""Field to the value, or the values, that a feature must have to be taken."""


_NEAR = {
    "bs": ("sr_Latn_ME", "sr_Cyrl_ME"), "sr_Cyrl_ME": ("sr_Latn_ME", "bs"),
    "sr_Latn_ME": ("bs", "sr_Cyrl_ME"),
}  # fmt: skip
"""What a reader of a language reads as well: Bosnian and Montenegrin, in both scripts."""


def text_in(text: Text | None, language: str, fallback: str = "") -> str:
    """The text in a language, else in one like it, in English, or the first; else `fallback`."""
    if text is None:
        return fallback
    if isinstance(text, str):
        return text
    codes = (language, *_NEAR.get(language, ()), "en", *text)
    return next((text[code] for code in codes if text.get(code)), fallback)


def keeps(where: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """A `where` table as field to the values, as text, that a feature may have."""
    return {
        field: tuple(str(v) for v in (value if isinstance(value, list) else [value]))
        for field, value in where.items()
    }
