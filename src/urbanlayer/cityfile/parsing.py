"""The tables of a TOML text, within limits that every city file keeps to."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from urbanlayer.errors import CityFileError
from urbanlayer.text.printing import printable

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
        raise CityFileError(name, [_syntax_error(str(error), text)]) from error
    except (RecursionError, ValueError) as error:
        raise CityFileError(name, [f"cannot be read ({error})"]) from error


def _syntax_error(error: str, text: str) -> str:
    """What is wrong in which line, with the fix of the two mistakes that people make most.

    Parameters
    ----------
    error
        Of the parser: `Invalid value (at line 3, column 7)`.
    text
        Of the file.
    """
    what, _, place = error.rstrip(")").rpartition(" (at ")
    found = re.match(r"line (\d+)", place)
    lines = text.splitlines()
    if found is None or int(found[1]) > len(lines):
        return f"is not TOML: {error}"
    line = lines[int(found[1]) - 1].strip()
    advice = ""
    value = line.partition("=")[2].strip()
    if re.search(r'"[^"]*\\', line):
        advice = "; write / in paths, as in C:/gis/parks.gpkg"
    elif value and re.match(r"[^\W\d]", value) and value.split()[0] not in {"true", "false"}:
        advice = f'; write a text in quotes: "{value}"'
    shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN]} …"
    return printable(f"line {found[1]}: is not TOML: {what}: {shown}{advice}")


_SHOWN = 60


def _too_deep(text: str) -> int:
    """The line in which brackets are nested too deep; 0 if in none."""
    depth = line = 0
    for line, content in enumerate(text.split("\n"), 1):
        for sign in content:
            depth += (sign in "[{") - (sign in "]}")
            if depth > MAX_DEPTH:
                return line
    return 0
