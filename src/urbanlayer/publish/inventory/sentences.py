"""Grades, thing to fix and next steps as text, in one language."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from urbanlayer.kernels.layer_quality import SAMPLE_SIZE
from urbanlayer.model.maturity import DIMENSIONS
from urbanlayer.model.text import text_in
from urbanlayer.publish.inventory import rules
from urbanlayer.publish.inventory.judging import ANY_SERVICE
from urbanlayer.publish.words import NO_BREAK_SPACE, indicator_keys, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urbanlayer.model.maturity import Aspect, Grade, Improvement, Inventory
    from urbanlayer.model.result import Result
    from urbanlayer.publish.words import Words

    Counts = Mapping[str, float | str]

NOTHING = "–"
_SHARES = frozenset({"share"})


def sentence(grade: Grade, words: Words) -> str:
    """What a grade rests on: *37 of 39 neighbourhoods where people live have one.*"""
    values = {name: _value(name, count, words) for name, count in grade.counts.items()}
    if "days" in grade.counts:
        values["count"] = str(grade.counts["days"])
    return words.text(f"maturity.reason.{grade.reason}", **values).strip()


def short(grade: Grade, words: Words) -> str:
    """The one count of a grade that a cell of the table has room for."""
    for name, shown in _SHOWN.items():
        if name in grade.counts:
            return shown(grade.counts, words)
    return _named(grade, words)


_SHOWN: Mapping[str, Callable[[Counts, Words], str]] = {
    "share": lambda counts, words: words.percent(float(counts["share"])),
    "held": lambda counts, _: f"{counts['held']}/{counts['of']}",
    "kept": lambda counts, words: words.percent(
        float(counts["kept"]) / (float(counts["of"]) or 1.0)
    ),
    "days": lambda counts, words: words.text(
        "maturity.years", number=words.number(float(counts["days"]) / rules.DAYS_PER_YEAR, 1)
    ).replace(" ", NO_BREAK_SPACE),
    "stars": lambda counts, _: f"{counts['stars']}{NO_BREAK_SPACE}★",
    "metres": lambda counts, _: f"{float(counts['metres']):g}{NO_BREAK_SPACE}m",
    "features": lambda counts, words: words.number(float(counts["features"])),
    "lost": lambda counts, words: words.number(float(counts["lost"])),
}
"""By the count that a grade has, how a cell shows it."""


def _named(grade: Grade, words: Words) -> str:
    """What stands for a grade that has no number."""
    match grade.reason:
        case "found.grid":
            return words.text("maturity.grid")
        case "keys.first":
            return words.text("maturity.kept_first")
        case "licence.open" | "licence.other":
            return str(grade.counts["licence"])
        case "coordinates.same":
            return str(grade.counts["crs"])
        case _:
            return NOTHING


def level(name: str, words: Words) -> str:
    """The word for a level."""
    return words.text(f"maturity.level.{name}")


def fix_sentence(fix: Improvement, words: Words) -> str:
    """What to do, in a sentence without its layers."""
    return words.text(
        f"maturity.fix.{fix.reason}",
        example=rules.EXAMPLES.get(fix.reason, ""),
        entry=rules.CITY_FILE_KEYS.get(fix.reason, ""),
    )


def layers_to_fix(fix: Improvement, inventory: Inventory, words: Words) -> str:
    """The layers that are to be fixed, each with what was counted: *Trees (17/39)*."""
    grades = {
        layer.role: grade
        for layer in inventory.layers
        for grade in layer.grades
        if (grade.aspect, grade.level, grade.reason) == (fix.aspect, fix.level, fix.reason)
    }
    names = []
    for name in fix.roles:
        counted = ""
        if name in grades:
            counted = str(grades[name].counts.get("lacking", "")) or short(grades[name], words)
        title = words.role(name, inventory.spec)
        names.append(title if counted in {"", NOTHING} else f"{title} ({counted})")
    return ", ".join(names)


def rule(aspect: Aspect, words: Words) -> str:
    """How an aspect is judged, with its thresholds and its source."""
    percent = words.percent
    values: dict[str, dict[str, str]] = {
        "age": {
            "good": f"{rules.YEARS_GOOD:g}", "fair": f"{rules.YEARS_FAIR:g}",
            "slow_good": f"{rules.SLOW_YEARS_GOOD:g}", "slow_fair": f"{rules.SLOW_YEARS_FAIR:g}",
        },
        "coordinates": {"good": f"{rules.METRES_GOOD:g}", "fair": f"{rules.METRES_FAIR:g}"},
        "coverage": {"good": percent(rules.COVERED_GOOD), "fair": percent(rules.COVERED_FAIR)},
        "duplicates": {"fair": percent(rules.EXCLUDED_FAIR)},
        "fields": {"good": percent(rules.FILLED_GOOD), "fair": percent(rules.FILLED_FAIR)},
        "keys": {
            "good": percent(rules.KEPT_GOOD), "fair": percent(rules.KEPT_FAIR),
            "sample": words.number(SAMPLE_SIZE),
        },
        "excluded": {"fair": percent(rules.EXCLUDED_FAIR)},
    }  # fmt: skip
    source = rules.SOURCES.get(aspect, "")
    return words.text(f"maturity.rule.{aspect}", source=source, **values.get(aspect, {}))


def data_step(inventory: Inventory, words: Words) -> str:
    """The next step for the data: the first thing to fix, and for which layers."""
    if not inventory.fixes:
        return words.text("maturity.next.none")
    first = inventory.fixes[0]
    return words.headed(fix_sentence(first, words), f"{roles(first.roles, inventory, words)}.")


def services_step(inventory: Inventory, words: Words) -> str:
    """The next step for the digital services: a layer, a list, or a form."""
    spec = inventory.spec
    declared = {*spec.layers, *({"residents"} if spec.residents else ())}
    if inventory.digital_lost:
        missing = inventory.digital_lost[0].missing
        lacking = tuple(noun for noun in missing if noun not in declared)
        if not lacking:  # it is declared and cannot be used, which stands first in what to fix
            return data_step(inventory, words)
        layer = roles(lacking, inventory, words)
        return words.text("maturity.next.services_add", layer=layer)
    if not spec.digital_service:
        entry = rules.CITY_FILE_KEYS["services_list"]
        return words.text("maturity.next.services_list", entry=entry)
    offline = [service for service in spec.digital_service if not service.online_form]
    if not offline:
        return words.text("maturity.next.none")
    service = text_in(offline[0].name, words.language)
    return words.text("maturity.next.services_form", service=service)


def organisation_step(inventory: Inventory, words: Words) -> str:
    """The next step for the organisation: in its lowest dimension, the first of them."""
    judged = {
        name: dimension.score
        for name in DIMENSIONS
        if (dimension := getattr(inventory.spec.maturity, name, None)) is not None
    }
    if len(judged) < len(DIMENSIONS):
        entry = rules.CITY_FILE_KEYS["organisation"]
        return words.text("maturity.next.organisation", entry=entry)
    lowest = min(judged, key=lambda name: judged[name])
    name = words.text(f"maturity.dimension.{lowest}")
    return words.headed(name, words.text(f"maturity.next.{lowest}"))


def roles(names: tuple[str, ...], inventory: Inventory, words: Words) -> str:
    """Layers by the names that people give them, joined by commas."""
    return ", ".join(words.role(name, inventory.spec) for name in names)


def title(indicator: str, variant: str, inventory: Inventory, words: Words) -> str:
    """What an indicator is called."""
    if indicator == ANY_SERVICE and not variant:
        return words.theme("services")
    key = next((k for k in indicator_keys(indicator, variant, "title") if words.has(k)), "")
    filling = words.role(variant, inventory.spec) if variant else readable(indicator)
    return words.text(key, title=filling) if key else readable(indicator)


def definition(result: Result, inventory: Inventory, words: Words) -> str:
    """A result in words, with its distance: *Residents with … within 1,000 m on foot*."""
    keys = indicator_keys(result.indicator, result.variant, "definition")
    key = next((key for key in keys if words.has(key)), "")
    if not key:
        return ""
    metres = result.parameters.get("distance_m")
    way = "straight_line" if result.method.startswith("straight_line") else result.mode
    return words.text(
        key,
        title=title(result.indicator, result.variant, inventory, words),
        distance="" if metres is None else f"{words.number(metres)}{NO_BREAK_SPACE}m",
        way=words.way(way, inventory.spec),
    )


def titles(indicators: tuple[str, ...], inventory: Inventory, words: Words) -> str:
    """What several indicators are called, each once."""
    names = dict.fromkeys(title(name, "", inventory, words) for name in indicators)
    return ", ".join(names)


def value(result: Result, words: Words) -> str:
    """The result for the whole city, with its unit."""
    if math.isnan(result.city):
        return words.text("page.no_answer")
    if result.unit == "share":
        return words.percent(result.city)
    return f"{words.number(result.city, 1)}{NO_BREAK_SPACE}{words.unit(result.unit)}"


def _value(name: str, count: float | str, words: Words) -> str:
    if name == "date":
        return words.date(dt.date.fromisoformat(str(count)))
    if isinstance(count, str):
        return count
    if name in _SHARES:
        return words.percent(count)
    return words.number(count, 0 if count == int(count) else 1)
