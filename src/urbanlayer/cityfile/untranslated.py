"""Texts of a city file that a language lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.locales import languages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.specification import CitySpec

_COLUMNS = "name"
"""Of a layer: its texts are names of columns, which nobody reads."""


def untranslated(spec: CitySpec, language: str) -> list[str]:
    """The keys of the texts that have other languages and not this one: `plan.goal[1].title`.

    A text that is written once, without a language, is meant for every reader.

    Parameters
    ----------
    spec
        Of a city file.
    language
        Code of the reader's language.
    """
    tables = spec.model_dump(exclude_unset=True, by_alias=True)
    for layer in tables.get("layers", {}).values():
        layer.pop(_COLUMNS, None)
    return [key for key, codes in _texts(tables, "") if language not in codes]


def _texts(value: Any, key: str) -> Iterator[tuple[str, set[str]]]:  # noqa: ANN401  (of TOML)
    """Each text in several languages: its key and their codes."""
    if isinstance(value, dict):
        if value and set(value) <= set(languages()):
            yield key, {code for code, text in value.items() if text}
            return
        for name, one in value.items():
            yield from _texts(one, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        for number, one in enumerate(value, start=1):
            yield from _texts(one, f"{key}[{number}]")
