"""A city file that uses most tables, and the same with one thing wrong; by a seed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from city_folder import CITY
from plan_city import add_plots, write_plan

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

MORE = """
[indicators.nearest_facility_m]
services = ["school"]
[indicators.street_density]

[[custom_indicator]]
id = "schools_per_1000"
kind = "count_per_1000"
layer = "school"
title = { en = "Schools per 1,000 residents" }

[modes.pram]
speed_kmh = 4
closed = { highway = ["steps"] }

[plan]
years = [2027, 2028]
budgets = [300_000, 300_000]
currency = "EUR"

[plan.needs]
rule = "target"
aggregate = "arithmetic"
draws = 20
strength = 30
[plan.needs.themes.education]
weight = 0.5
indicators = [{ id = "coverage_within", variant = "school", target = 0.9, worst = 0, weight = 1 }]
[plan.needs.themes.density]
weight = 0.5
indicators = [{ id = "population_density", target = 0, worst = 1000 }]

[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
problem = "max_coverage"
within_m = 500
new = 1
floor = 0.1

[plan.actions]
layer = "plots"
columns = { service = "service", cost = "cost" }

[[plan.enterprise]]
name = { en = "Schools" }
layers = ["school"]
indicators = [{ id = "coverage_within", variant = "school", target = 0.9 }]

[[plan.goal]]
id = "near"
title = { en = "A school nearby" }
responsible = "Office"
indicator = { id = "coverage_within", variant = "school" }
target = 0.9
measures = [{ title = { en = "New schools" }, actions = ["P1"] }]

[scenario.two]
add = { school = [{ id = "KB", x = 357300.0, y = 4700300.0 }] }
close = { school = ["S1"] }
residents = [{ x = 357300.0, y = 4700300.0, people = 300 }]

[maturity]
strategy = { score = 2, date = 2026-05-15, evidence = { en = "There is one." } }

[[digital_service]]
name = { en = "Reporting a problem" }
online_form = true
"""
_LITERALS = (
    '""', '" "', "0", "-1", "1", "1.5", "-0.0", "1e400", "inf", "-inf", "nan",
    "9223372036854775807",
    "0x7fffffff", "true", "false", "[]", "{}", "[[]]", "[{}]", "[1, 2]", '["a", "a"]', "{ a = 1 }",
    "1979-05-27", "0001-01-01", "9999-12-31", "07:32:00", "1979-05-27T07:32:00-12:00",
    '"EPSG:4326"', '"EPSG:99999"', '"../../../etc/passwd"', '"/dev/zero"', '"."', '"C:\\\\a.gpkg"',
    '"http://[::1"', '"\\u0000"', '"\\u001b[2J"', '"\\u202e\\ufeff"', '"\\ud7ff\\U0010ffff"',
    '"<script>alert(1)</script>"', '"=1+1"', '"{{7*7}}"', '"%s %n {0}"', '"__proto__"', '"school"',
    '"Ç\\u0327é\\u0301 ﷽"', "'''\n\n'''", '"' + "š" * 30_000 + '"',
    "[" + "1, " * 20_000 + "]", '{ en = "a", xx = "b" }', "1e-320", "999999999999", "0.1",
    "{ a = { b = { c = { d = { e = 1 } } } } }", '["school"]', "[500, -800]", "{ school = nan }",
)  # fmt: skip
_KEYS = (
    "path", "key", "name", "id", '""', '"\\u0000"', "services", "servces", "layer", "x", "où",
    "__class__", "a.b.c", '"<b>"', "where", "from", "kind", "source", "title",
)  # fmt: skip
_LITERAL = re.compile(r'"[^"\n]*"|(?<![\w"])[-+]?\d[\d_.:TZ-]*|\btrue\b|\bfalse\b|\[[^\[\]\n]*\]')
_KEY = re.compile(r"^[\w.]+(?= = )|(?<=[{,] )\w+(?= = )", re.MULTILINE)
_HEADER = re.compile(r"^\[+[^\]\n]+\]+$", re.MULTILINE)


def write(folder: Path) -> str:
    """Write the layers of the city, and return its city file."""
    write_plan(folder, MORE)
    add_plots(
        folder, {"P1": (500, 500), "P2": (900, 300)}, service=["school"] * 2, cost=[1000, 2000]
    )
    text = (folder / "city.toml").read_text(encoding="utf-8")
    assert text.startswith(CITY[:20])
    return text


def damaged(text: str, chance: random.Random) -> tuple[bytes, str]:
    """The file with one thing wrong, seldom two; and what."""
    ways = []
    content = text.encode()
    for _ in range(chance.choice([1, 1, 1, 2])):
        way = chance.choice(sorted(_WAYS))
        content = _WAYS[way](content.decode("utf-8", "surrogateescape"), chance)
        ways.append(way)
    return content, ", ".join(ways)


def _replaced(text: str, pattern: re.Pattern[str], words: tuple[str, ...], chance: random.Random):
    places = list(pattern.finditer(text))
    if not places:
        return text.encode("utf-8", "surrogateescape")
    place = chance.choice(places)
    new = text[: place.start()] + chance.choice(words) + text[place.end() :]
    return new.encode("utf-8", "surrogateescape")


def _value(text: str, chance: random.Random) -> bytes:
    return _replaced(text, _LITERAL, _LITERALS, chance)


def _key(text: str, chance: random.Random) -> bytes:
    return _replaced(text, _KEY, _KEYS, chance)


def _header(text: str, chance: random.Random) -> bytes:
    there = tuple(place[0] for place in _HEADER.finditer(text))
    return _replaced(text, _HEADER, (*there, "", "[a]", "[layers]", "[[plan]]", "[plan.x]"), chance)


def _line(text: str, chance: random.Random) -> bytes:
    """A line that is gone, there twice, or elsewhere."""
    lines = text.splitlines(keepends=True)
    if lines:
        line = lines[chance.randrange(len(lines))]
        way = chance.randrange(3)
        if way != 1:
            lines.remove(line)
        if way:
            lines.insert(chance.randrange(len(lines) + 1), line)
    return "".join(lines).encode("utf-8", "surrogateescape")


def _added(text: str, chance: random.Random) -> bytes:
    """A key that the table has not."""
    places = [place.end() for place in _HEADER.finditer(text)] or [0]
    at = chance.choice(places)
    added = f"\n{chance.choice(_KEYS)} = {chance.choice(_LITERALS)}"
    return (text[:at] + added + text[at:]).encode("utf-8", "surrogateescape")


def _nested(text: str, chance: random.Random) -> bytes:
    """A value deep within brackets."""
    begin, end = chance.choice([("[", "]"), ("{ a = ", " }"), ("[{ id = ", " }]")])
    depth = chance.choice([2, 10, 60, 70, 5000])
    return _replaced(text, _LITERAL, (begin * depth + "1" + end * depth,), chance)


def _bytes(text: str, chance: random.Random) -> bytes:
    content = bytearray(text.encode("utf-8", "surrogateescape"))
    for _ in range(chance.choice([1, 4])):
        if content:
            content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def _cut(text: str, chance: random.Random) -> bytes:
    content = text.encode("utf-8", "surrogateescape")
    return content[: chance.randrange(len(content) + 1)]


_WAYS: dict[str, Callable[[str, random.Random], bytes]] = {
    "a value": _value,
    "another value": _value,
    "a third value": _value,
    "a key": _key,
    "a header": _header,
    "a line": _line,
    "an added key": _added,
    "nested": _nested,
    "bytes": _bytes,
    "cut": _cut,
}
