"""The parts of the page, from the three parts of maturity to the method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.maturity import ASPECTS, DIMENSIONS, LEVELS
from urbanlayer.model.text import text_in
from urbanlayer.publish.inventory import rules, sentences
from urbanlayer.publish.inventory.markup import element, escaped, joined, table
from urbanlayer.publish.worded_notes import worded

if TYPE_CHECKING:
    from urbanlayer.model.maturity import (
        Grade,
        GradedLayer,
        Improvement,
        Inventory,
        Level,
        MissingLayer,
    )
    from urbanlayer.publish.words import Words

LONG = 14
"""Letters that a cell may hold before it is broken."""


def source_of(what: str) -> str:
    """Where a thing to look at is named."""
    return rules.SOURCES[what]


def parts(inventory: Inventory, words: Words) -> str:
    """The three parts side by side, each with what it is made of and its next step."""
    levels = inventory.levels()
    data = [
        _row(f"{_mark(level)}{escaped(sentences.level(level, words))}", words.number(levels[level]))
        for level in LEVELS
        if levels[level]
    ]
    return element(
        "div",
        joined(
            _part("data", data, sentences.data_step(inventory, words), words),
            _part(
                "services",
                _services_rows(inventory, words),
                sentences.services_step(inventory, words),
                words,
            ),
            _part(
                "organisation",
                _organisation_rows(inventory, words),
                sentences.organisation_step(inventory, words),
                words,
            ),
        ),
        klass="parts",
    )


def _part(name: str, rows: list[str], step: str, words: Words) -> str:
    inside = joined(
        f"<div>{element('h2', escaped(words.text(f'maturity.{name}.title')))}"
        f"{element('p', escaped(words.text(f'maturity.{name}.what')), klass='quiet')}</div>",
        element("ul", joined(*rows)),
        element(
            "p",
            element("strong", escaped(words.text("maturity.data.step"))) + escaped(step),
            klass="step",
        ),
    )
    return element("section", inside)


def _row(name: str, value: str) -> str:
    """A line of a part: markup for its name, text for its value."""
    return element("li", f"<span>{name}</span>{element('b', escaped(value))}")


def _services_rows(inventory: Inventory, words: Words) -> list[str]:
    listed = inventory.spec.digital_service
    rows = []
    if listed:
        online = sum(service.online_form for service in listed)
        name = words.text("maturity.services.form")
        rows.append(_row(escaped(name), f"{words.number(online)}/{words.number(len(listed))}"))
    rows += [
        _row(
            escaped(sentences.title(result.indicator, result.variant, inventory, words)),
            sentences.value(result, words),
        )
        for result in inventory.digital
    ]
    rows += [
        _row(
            escaped(sentences.title(item.indicator, item.variant, inventory, words)),
            words.text("page.no_answer"),
        )
        for item in inventory.digital_lost
    ]
    return rows


def _organisation_rows(inventory: Inventory, words: Words) -> list[str]:
    rows = []
    for name in DIMENSIONS:
        judged = getattr(inventory.spec.maturity, name, None)
        value = words.text("maturity.organisation.none")
        if judged is not None:
            value = f"{judged.score}/5 · {words.text(f'maturity.scale.{judged.score}')}"
        rows.append(_row(escaped(words.text(f"maturity.dimension.{name}")), value))
    return rows


def errors(inventory: Inventory, words: Words) -> str:
    """Every error of every layer; nothing where there is none."""
    errors = [*inventory.errors, *(error for layer in inventory.layers for error in layer.errors)]
    if not errors:
        return ""
    rows = [element("p", escaped(error), klass="fault", lang="en") for error in errors]
    heading = element("h2", escaped(words.text("maturity.page.errors")))
    return element("section", joined(heading, *rows))


def fixes(inventory: Inventory, words: Words) -> str:
    """What to fix, in its order, with the layers and what rests on them."""
    items = [_fix_item(item, inventory, words) for item in inventory.fixes]
    order = element("p", escaped(words.text("maturity.page.fix_order")), klass="quiet")
    body = element("ol", joined(*items), klass="fix")
    if not items:
        body = element("p", escaped(words.text("maturity.page.nothing_to_fix")))
    heading = element("h2", escaped(words.text("maturity.page.fix")))
    return element("section", joined(heading, order, body), id="fix")


def _fix_item(item: Improvement, inventory: Inventory, words: Words) -> str:
    """What to do, for which layers, with what was counted of each, and what rests on them."""
    what = element("b", escaped(sentences.fix_sentence(item, words)))
    names = escaped(sentences.layers_to_fix(item, inventory, words))
    opens = item.reason.startswith("missing.")
    lines = [] if opens else [sentences.level(item.level, words)]
    if item.rests:
        label = words.text(f"maturity.page.{'missing_opens' if opens else 'rests'}")
        lines.append(words.headed(label, sentences.titles(item.rests, inventory, words)))
    why = element("span", escaped(" · ".join(lines)), klass="quiet")
    return element("li", f"{_mark(item.level)}{words.headed(what, names)}{why}")


def layers(inventory: Inventory, words: Words) -> str:
    """One line for each layer, one column for each aspect."""
    heads = [
        words.text("maturity.page.layer"),
        *(words.text(f"maturity.aspect.{aspect}") for aspect in ASPECTS),
    ]
    rows = [_layer_row(layer, inventory, words, heads[1:]) for layer in inventory.layers]
    legend = [
        element("li", f"{_mark(level)}{escaped(sentences.level(level, words))}") for level in LEVELS
    ]
    heading = element("h2", escaped(words.text("maturity.page.layers")))
    key = element("ul", joined(*legend), klass="legend")
    return element("section", joined(heading, key, table(heads, rows, klass="grades")))


def _layer_row(layer: GradedLayer, inventory: Inventory, words: Words, heads: list[str]) -> str:
    name = escaped(words.role(layer.role, inventory.spec))
    file = element("span", escaped(f"{layer.role} · {layer.path}"))
    grades = {grade.aspect: grade for grade in layer.grades}
    cells = [element("th", name + file, scope="row")]
    for aspect, head in zip(ASPECTS, heads, strict=True):
        grade = grades.get(aspect)
        cells.append(_cell(grade, head, words) if grade else _empty(head))
    return element("tr", "".join(cells))


def _cell(grade: Grade, head: str, words: Words) -> str:
    count = sentences.short(grade, words)
    if grade.reason in {"found.failed", "found.waiting"}:
        count = words.text(f"maturity.page.{grade.reason.removeprefix('found.')}")
    word = escaped(sentences.level(grade.level, words))
    inside = element("span", escaped(count), klass="count") + element(
        "span", f"{_mark(grade.level)}{word}", klass="word"
    )
    return element("td", inside, klass="long" if len(count) > LONG else "", data_label=head)


def _empty(head: str) -> str:
    return element("td", element("span", sentences.NOTHING, klass="count"), data_label=head)


def _mark(level: Level) -> str:
    return f'<span class="mark {level}" aria-hidden="true"></span>'


def reasons(inventory: Inventory, words: Words) -> str:
    """Each grade of each layer with its counts, in sentences."""
    blocks = []
    for layer in inventory.layers:
        rows = [
            element("dt", escaped(words.text(f"maturity.aspect.{grade.aspect}")))
            + element(
                "dd",
                f"{_mark(grade.level)}{escaped(sentences.level(grade.level, words))}. "
                f"{escaped(sentences.sentence(grade, words))}",
            )
            for grade in layer.grades
        ]
        notes = "".join(
            element("p", escaped(worded(note, words)), klass="quiet") for note in layer.notes
        )
        if layer.rests:
            rows.append(
                element("dt", escaped(words.text("maturity.page.rests")))
                + element("dd", escaped(sentences.titles(layer.rests, inventory, words)))
            )
        name = escaped(words.role(layer.role, inventory.spec))
        summary = element("summary", f"{name} <span>{escaped(layer.path)}</span>")
        blocks.append(element("details", joined(summary, element("dl", joined(*rows)), notes)))
    heading = element("h2", escaped(words.text("maturity.page.reasons")))
    return element("section", joined(heading, *blocks), klass="reasons")


def missing(inventory: Inventory, words: Words) -> str:
    """Roles that the city file does not name, and what each would make answerable."""
    heading = element("h2", escaped(words.text("maturity.page.missing")))
    heads = [words.text("maturity.page.layer"), words.text("maturity.page.missing_opens")]
    rows = [_missing_row(item, inventory, words, heads[1]) for item in inventory.missing]
    body = table(heads, rows)
    if not rows:
        body = element("p", escaped(words.text("maturity.page.none_missing")))
    return element("section", joined(heading, body))


def _missing_row(item: MissingLayer, inventory: Inventory, words: Words, head: str) -> str:
    name = escaped(words.role(item.role, inventory.spec)) + element("span", escaped(item.role))
    opens = sentences.titles(item.alone + item.together, inventory, words)
    cell = element("td", element("span", escaped(opens)), klass="wide", data_label=head)
    return element("tr", element("th", name, scope="row") + cell)


def services(inventory: Inventory, words: Words) -> str:
    """The services that the city lists, and what was measured."""
    heading = element("h2", escaped(words.text("maturity.services.title")))
    listed = inventory.spec.digital_service
    lines = [element("p", escaped(words.text("maturity.services.none")), klass="quiet")]
    if listed:
        online = sum(service.online_form for service in listed)
        count = words.text(
            "maturity.services.count",
            online=words.number(online),
            listed=words.number(len(listed)),
        )
        heads = [words.text("maturity.services.name"), words.text("maturity.services.form")]
        rows = []
        for service in listed:
            yes_or_no = words.text(f"maturity.services.{'yes' if service.online_form else 'no'}")
            mark = _mark("good" if service.online_form else "poor")
            cell = element("span", f"{mark}{escaped(yes_or_no)}")
            name = escaped(text_in(service.name, words.language))
            rows.append(
                element(
                    "tr",
                    element("th", name, scope="row")
                    + element("td", cell, klass="wide", data_label=heads[1]),
                )
            )
        lines = [element("p", escaped(count)), table(heads, rows)]
    measured = _measured(inventory, words)
    return element("section", joined(heading, *lines, measured))


def _measured(inventory: Inventory, words: Words) -> str:
    """The digital indicators that are queried: their results, or what they lack."""
    if not inventory.digital and not inventory.digital_lost:
        return ""
    head = words.text("maturity.services.measured")
    found = [
        (
            escaped(sentences.title(result.indicator, result.variant, inventory, words))
            + element("span", escaped(sentences.definition(result, inventory, words))),
            sentences.value(result, words),
        )
        for result in inventory.digital
    ]
    for item in inventory.digital_lost:
        lacking = sentences.roles(item.missing, inventory, words)
        name = escaped(sentences.title(item.indicator, item.variant, inventory, words))
        found.append((name, words.text("maturity.services.lost", layers=lacking)))
    rows = [
        element(
            "tr",
            element("th", name, scope="row")
            + element("td", element("span", escaped(text)), klass="wide", data_label=head),
        )
        for name, text in found
    ]
    return table([words.text("page.indicator"), head], rows)


def organisation(inventory: Inventory, words: Words) -> str:
    """The city's own judgement, with its evidence and the day it was made."""
    heads = [
        words.text("maturity.organisation.title"),
        words.text("maturity.organisation.score"),
        words.text("maturity.organisation.evidence"),
        words.text("maturity.organisation.date"),
    ]
    rows = []
    for name in DIMENSIONS:
        judged = getattr(inventory.spec.maturity, name, None)
        texts = [words.text("maturity.organisation.none"), "", ""]
        if judged is not None:
            texts = [
                f"{judged.score}/5 · {words.text(f'maturity.scale.{judged.score}')}",
                text_in(judged.evidence, words.language),
                words.date(judged.date),
            ]
        cells = [
            element("td", element("span", escaped(text)), klass="wide", data_label=head)
            for text, head in zip(texts, heads[1:], strict=True)
        ]
        dimension = escaped(words.text(f"maturity.dimension.{name}"))
        rows.append(element("tr", element("th", dimension, scope="row") + "".join(cells)))
    heading = element("h2", escaped(words.text("maturity.organisation.title")))
    what = element("p", escaped(words.text("maturity.organisation.what")), klass="quiet")
    return element("section", joined(heading, what, table(heads, rows)))


def method(words: Words) -> str:
    """How each aspect is judged, and where that comes from."""
    rows = [
        element("dt", escaped(words.text(f"maturity.aspect.{aspect}")))
        + element("dd", escaped(sentences.rule(aspect, words)))
        for aspect in ASPECTS
    ]
    rows += [
        element("dt", escaped(words.text(f"maturity.{part}.title")))
        + element("dd", escaped(words.text(f"maturity.source.{part}", source=source_of(part))))
        for part in ("services", "organisation")
    ]
    heading = element("h2", escaped(words.text("maturity.page.method")))
    return element("section", joined(heading, element("dl", joined(*rows))))
