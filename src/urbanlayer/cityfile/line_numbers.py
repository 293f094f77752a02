"""Where in a TOML file an error is: the line of its key, or of the table around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from urbanlayer.text.printing import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Key = tuple[str | int, ...]
SpecError = tuple[Key, str]
"""Where, and what is wrong."""

_MOST, _LONGEST = 100, 1_000
"""Errors that are shown, and characters of one; a value may have thousands."""
_TABLE = re.compile(r"^\s*\[(\[)?\s*([^\[\]]+?)\s*\]")
_ENTRY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=""")


def with_line_numbers(errors: Iterable[SpecError], text: str) -> list[str]:
    """Each error once, as `line 12: layers.school.path: …`, in the order of the file.

    Parameters
    ----------
    errors
        In any order; a key that is not written gets the line of the table around it.
    text
        The TOML file.
    """
    lines = lines_of_keys(text)
    ordered = sorted(
        dict.fromkeys(errors),
        key=lambda error: (_line_of(error[0], lines) or 0, _dotted(error[0])),
    )
    shown = [_as_line(error, lines) for error in ordered[:_MOST]]
    left = len(ordered) - len(shown)
    return [*shown, f"and {left:,} more"] if left else shown


def lines_of_keys(text: str) -> dict[Key, int]:
    """The line, counted from 1, of each table and key; not of keys in inline tables."""
    lines: dict[Key, int] = {}
    table: Key = ()
    counts: dict[Key, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.match(line):
            table = _parts(header[2])
            if header[1]:
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            for depth in range(1, len(table) + 1):  # [a.b] writes a too
                lines.setdefault(table[:depth], number)
        elif entry := _ENTRY.match(line):
            lines.setdefault((*table, *_parts(entry[1])), number)
    return lines


def _parts(dotted: str) -> Key:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _dotted(key: Key) -> str:
    return ".".join(str(part) for part in key)


def _line_of(key: Key, lines: Mapping[Key, int]) -> int | None:
    while key:
        if key in lines:
            return lines[key]
        key = key[:-1]
    return None


def _as_line(error: SpecError, lines: Mapping[Key, int]) -> str:
    key, message = error
    line = _line_of(key, lines)
    told = f"{f'line {line}: ' if line else ''}{_dotted(key)}: {message}"
    return printable(told if len(told) <= _LONGEST else f"{told[:_LONGEST]} …")
