"""A draft as the text of a city file: each guess with its reason."""

from __future__ import annotations

import json
import re
import textwrap
from typing import TYPE_CHECKING

from urbanlayer.drafting.cutting import AROUND_KM
from urbanlayer.drafting.relative_paths import relative

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from urbanlayer.drafting.drafts import Draft
    from urbanlayer.drafting.guess import GuessedKey, GuessedLayer

GUESS = "# guess: "
"""How a guess begins in the file; `guesses_in` finds them again."""
CUT_FROM = "# The extract is cut from "
_DOUBT = "# doubt: "
_COLUMN = 40
_WIDTH = 100


def text_of(draft: Draft) -> str:
    """The city file of a draft.

    Parameters
    ----------
    draft
        With all of its layers.
    """
    folder = draft.city_file.parent
    parts = [_head(draft)]
    parts += [_layer(layer, folder) for layer in draft.layers if not layer.doubt]
    parts.append(_residents(draft))
    parts.append(_indicators(draft))
    doubtful = [layer for layer in draft.layers if layer.doubt]
    if doubtful:
        parts.append("# Doubtful: remove the # of those that are right.\n")
        parts += [_commented(layer, folder) for layer in doubtful]
    if draft.unplaced:
        lines = [f"# {one.shown}: {one.why}" for one in draft.unplaced]
        parts.append("\n".join(["# Not used:", *map(_one_line, lines)]) + "\n")
    return "\n".join(parts)


def guesses_in(text: str) -> list[str]:
    """The guesses of a drafted city file that still stand in it, each with its key.

    Parameters
    ----------
    text
        Of the city file.
    """
    found, table = [], ""
    for line in text.splitlines():
        if opened := re.match(r"\[([^\[\]]+)\]", line):
            table = opened[1]
        content, sign, why = line.partition(GUESS)
        if sign and not content.lstrip().startswith("#"):
            key = content.partition("=")[0].strip().strip("[]")
            found.append(f"{table if key in {'', table} else f'{table} {key}'.strip()}: {why}")
    return found


def inline(value: object) -> str:
    """A value as TOML, on one line.

    Parameters
    ----------
    value
        Text, number, truth, list or mapping.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        inner = ", ".join(f"{_bare(key)} = {inline(each)}" for key, each in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"{value:_}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)  # noqa: PLR2004


def _bare(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else inline(key)


def _one_line(text: str) -> str:
    """A comment on one line, whatever a file's name or column holds."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _with(line: str, comment: str) -> str:
    return _one_line(f"{line:<{_COLUMN}}  {comment}") if comment else line


def _head(draft: Draft) -> str:
    place = draft.place
    lines = [
        "# Drafted from files by `urbanlayer init`. Each guess has its reason after it; what is",
        "# doubtful is commented out. `urbanlayer check` lists the guesses and grades the layers.",
        *_cut_from(draft),
        "",
        _with("reviewed = false", "# true once a person has read this file; ends the draft mark"),
        f"id = {inline(draft.city_id)}",
        f"name = {inline(draft.name)}",
        _with(f"crs = {inline(place.crs)}", f"{GUESS}{place.why}"),
        _with(f"languages = {inline(list(draft.languages))}", "# the first is the page's own"),
        _with(f"as_of = {draft.as_of}", _why_as_of(draft)),
        'contact = ""',
        "",
    ]  # fmt: skip
    return "\n".join(lines)


def _cut_from(draft: Draft) -> list[str]:
    """Where the extract of the city comes from, if it was cut."""
    if draft.cut_from is None:
        return []
    return [
        _one_line(f"{CUT_FROM}{relative(draft.cut_from, draft.city_file.parent)}"),
        f"# to the city and {AROUND_KM} km around it; draft again with a newer file to renew it.",
    ]


def was_cut_from(text: str) -> str:
    """The extract that the one of a drafted city was cut from; empty if none was.

    Parameters
    ----------
    text
        Of the city file.
    """
    return next(
        (line[len(CUT_FROM) :] for line in text.splitlines() if line.startswith(CUT_FROM)), ""
    )


def _why_as_of(draft: Draft) -> str:
    if draft.date_in:
        return f"{GUESS}the date {draft.date_in}; the date that the page carries"
    return "# the day of the draft; the date that the page carries"


def _layer(layer: GuessedLayer, folder: Path) -> str:
    lines = [_with(f"[layers.{_bare(layer.role)}]", GUESS + layer.why), *_rows(layer, folder)]
    return "\n".join([*lines, ""])


def _commented(layer: GuessedLayer, folder: Path) -> str:
    lines = [f"[layers.{_bare(layer.role)}]", *_rows(layer, folder)]
    doubt = _one_line(f"{_DOUBT}{layer.doubt}; {layer.why}")
    plain = [line if line.startswith("#") else f"# {line}" for line in lines]
    return "\n".join([doubt, *plain, ""])


def _rows(layer: GuessedLayer, folder: Path) -> list[str]:
    dataset = layer.dataset
    rows = [] if dataset.source == "file" else [f"source = {inline(dataset.source)}"]
    rows.append(f"path = {inline(dataset.address or relative(dataset.path, folder))}")
    if dataset.layer:
        rows.append(f"layer = {inline(dataset.layer)}")
    return rows + [_row(key) for key in layer.keys]


def _row(key: GuessedKey) -> str:
    line = f"{key.key} = {inline(key.value)}"
    if key.doubtful:
        return _with(f"# {line}", f"{_DOUBT}{key.why}")
    return _with(line, f"{GUESS}{key.why}" if key.why else "")


def _residents(draft: Draft) -> str:
    people = draft.people
    if not people.sources:
        return "\n".join(f"# {line}" for line in textwrap.wrap(people.why, _WIDTH - 2)) + "\n"
    lines = [
        _with("[residents]", GUESS + people.why),
        f"from = {inline(list(people.sources))}",
    ]
    if people.total is not None:
        lines.append(_with(f"total = {inline(people.total)}", people.why_total))
    return "\n".join([*lines, ""])


def _indicators(draft: Draft) -> str:
    lines: list[str] = []
    for name, table in draft.indicators.items():
        lines.append(f"[indicators.{name}]")
        lines += _table(table)
    lines.append("")
    if draft.further:
        lines.append("# These layers allow more indicators; each needs a line [indicators.NAME]:")
        lines += _wrapped(draft.further)
    return "\n".join([*lines, ""])


def _table(table: Mapping[str, object]) -> list[str]:
    return [f"{key} = {inline(value)}" for key, value in table.items()]


def _wrapped(names: Iterable[str]) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(", ".join(names), _WIDTH - 2)]
