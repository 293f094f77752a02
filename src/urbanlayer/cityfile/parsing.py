"""The tables of a TOML text, within limits that every city file keeps to."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from urbanlayer.errors import CityFileError

MAX_BYTES = 10_000_000
MAX_DEPTH = 64
"""Brackets within brackets; the parser is recursive."""
MAX_DIGITS = 19
"""TOML promises whole numbers of 64 bits."""
_STRING = re.compile(
    r"\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}.*?'{3}|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|\#[^\n]*", re.DOTALL
)
_LONG = re.compile(rf"(?<![\w.\-+])[+-]?[0-9][0-9_]{{{MAX_DIGITS},}}(?![\w.:\-])")


def parsed(text: str, name: str) -> dict[str, Any]:
    """The tables of a city file.

    Parameters
    ----------
    text
        TOML.
    name
        Of the file, for errors.

    Raises
    ------
    CityFileError
        It is not TOML, or nested deeper or with longer numbers than any city file.
    """
    bare = _STRING.sub(lambda found: "\n" * found[0].count("\n"), text)
    if line := _too_deep(bare):
        raise CityFileError(
            name, [f"line {line}: has more than {MAX_DEPTH} brackets within one another"]
        )
    if found := _LONG.search(bare):
        line = bare.count("\n", 0, found.start()) + 1
        raise CityFileError(name, [f"line {line}: has a number of {len(found[0])} digits"])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        advice = "; write / in paths, as in layers/parks.gpkg" if "\\" in str(error) else ""
        raise CityFileError(name, [f"is not TOML: {error}{advice}"]) from error
    except (RecursionError, ValueError) as error:
        raise CityFileError(name, [f"cannot be read ({error})"]) from error


def _too_deep(text: str) -> int:
    """The line in which brackets are nested too deep; 0 if in none."""
    depth = line = 0
    for line, content in enumerate(text.split("\n"), 1):
        for sign in content:
            depth += (sign in "[{") - (sign in "]}")
            if depth > MAX_DEPTH:
                return line
    return 0
