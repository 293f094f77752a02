"""Cities compared by what they publish: a table of ranks for each result of one definition.

It holds published figures alone. Where cities define a result in different ways there is no
table, and the difference is named.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from urbanlayer.publish.page import classes
from urbanlayer.publish.page.without_script import escaped
from urbanlayer.publish.words import NO_BREAK_SPACE, Words, round_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

Record = dict[str, Any]
"""A result of a city as its summary has it."""
_PER_CENT = 2
_DIGITS = 4
"""Of a figure that is no share, besides what the page writes."""


def comparable_results(publication: Publication, spoken: Mapping[str, Any]) -> list[Record]:
    """What a summary holds of each result of a disclosed publication that has a city's figure.

    Parameters
    ----------
    publication
        As it may be shown.
    spoken
        The page's vocabulary by language tag.
    """
    return [
        _record(publication, result, number, spoken)
        for number, result in enumerate(publication.results)
        if math.isfinite(result.city)
    ]


def _record(
    publication: Publication, result: Result, number: int, spoken: Mapping[str, Any]
) -> Record:
    share = result.unit.startswith("share")
    value = round_half_up(result.city, _PER_CENT) if share else float(f"{result.city:.{_DIGITS}g}")
    city, spec = publication.city, publication.spec
    roles = [role for role in publication.rests_on.get(result.id, ()) if role in city.layers]
    dates = sorted(d for role in roles if (d := city.layers[role].provenance.date) is not None)
    counted = [city.completeness[role] for role in roles if role in city.completeness]
    languages = {code: Words.for_language(code) for code in spec.languages}
    return {
        "of": [result.indicator, result.variant, result.query.mode, result.query.group],
        "definition": _definition(publication, result),
        "value": value,
        "higher_is_better": publication.indicators[result.indicator].better == "higher",
        "class": classes.class_of(classes.SHARES, value) if result.unit == "share" else 0,
        "dates": [dates[0].isoformat(), dates[-1].isoformat()] if dates else [],
        "complete": [[one.found, one.expected] for one in counted if one.expected is not None],
        "figures": {code: _figure(result, words) for code, words in languages.items()},
        "questions": {
            code: spoken[words.tag]["indicators"][number]["question"]
            for code, words in languages.items()
        },
    }


def _figure(result: Result, words: Words) -> str:
    if result.unit.startswith("share"):
        return words.percent(result.city)
    digits = max(0, 2 - math.floor(math.log10(abs(result.city)))) if result.city else 0
    return (
        words.number(result.city, min(digits, _DIGITS)) + NO_BREAK_SPACE + words.unit(result.unit)
    )


def _definition(publication: Publication, result: Result) -> dict[str, str]:
    """What must be the same for two figures to be compared, each as text."""
    found = {name: _text(value) for name, value in result.query.pairs}
    found |= {"unit": result.unit, "method": result.method}
    for custom in publication.spec.custom_indicator:
        if custom.id == result.indicator:
            found["custom_indicator"] = custom.model_dump_json(exclude={"title", "source", "where"})
            if getattr(custom, "where", None):  # it may name persons: told apart, and not published
                found["condition"] = publication.spec.id
    return found


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def is_sound(records: object) -> bool:
    """Whether records of a summary are as `comparable_results` makes them: files may be changed."""
    return isinstance(records, list) and all(map(_is_sound, records))


def _is_sound(record: Any) -> bool:  # noqa: ANN401  (whatever a file holds)
    def texts(value: object) -> bool:
        return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())

    return (
        isinstance(record, dict)
        and isinstance(record.get("of"), list)
        and all(isinstance(one, str) for one in record["of"])
        and all(texts(record.get(name)) for name in ("definition", "figures", "questions"))
        and bool(record["figures"]) and bool(record["questions"])
        and isinstance(record.get("value"), int | float)
        and isinstance(record.get("higher_is_better"), bool)
        and record.get("class") in range(6)
        and isinstance(record.get("dates"), list)
        and all(isinstance(one, str) for one in record["dates"])
        and isinstance(record.get("complete"), list)
        and all(isinstance(one, list) and len(one) == 2 for one in record["complete"])  # noqa: PLR2004
    )  # fmt: skip


def comparison(
    cities: Sequence[tuple[Mapping[str, str], str, Sequence[Record]]], words: Words
) -> str:
    """The tables of all results that several cities publish; empty where there are none.

    Parameters
    ----------
    cities
        Of each its texts, the address of its page, and its records.
    words
        Of the language.
    """
    groups: dict[tuple[str, ...], list[tuple[str, str, Record]]] = {}
    for texts, href, records in cities:
        for record in records:
            groups.setdefault(tuple(record["of"]), []).append((texts["name"], href, record))
    several = [rows for rows in groups.values() if len(rows) > 1]
    if not several:
        return ""
    tables = "".join(_details(rows, words) for rows in several)
    return (
        f'<section class="compared"><h2>{escaped(words.text("compare.title"))}</h2>'
        f"<p>{escaped(words.text('compare.note'))}</p>{tables}</section>"
    )


def _details(rows: Sequence[tuple[str, str, Record]], words: Words) -> str:
    first = rows[0][2]
    questions = first["questions"]
    question = questions.get(words.language) or next(iter(questions.values()))
    differing = _differing(rows)
    inside = (
        f'<p class="compare-differs">{escaped(words.text("compare.differs", what=differing))}</p>'
        if differing
        else _table(rows, words)
    )
    return f"<details><summary>{escaped(question)}</summary>{inside}</details>"


def _differing(rows: Sequence[tuple[str, str, Record]]) -> str:
    """How the definitions of cities differ; empty where they are the same."""
    found = []
    for name in sorted({name for _, _, record in rows for name in record["definition"]}):
        values: dict[str, list[str]] = {}
        for city, _, record in rows:
            values.setdefault(record["definition"].get(name, "–"), []).append(city)
        if len(values) > 1:
            parts = (f"{value} ({', '.join(which)})" for value, which in values.items())
            found.append(f"{name}: {'; '.join(parts)}")
    return " · ".join(found)


def _table(rows: Sequence[tuple[str, str, Record]], words: Words) -> str:
    sign = -1 if rows[0][2]["higher_is_better"] else 1
    ranked = sorted(rows, key=lambda row: (sign * row[2]["value"], row[0]))
    values = [row[2]["value"] for row in ranked]
    head = "".join(
        f'<th scope="col">{escaped(words.text(f"compare.{name}"))}</th>'
        for name in ("rank", "city", "result", "dates", "complete")
    )
    body = "".join(
        f"<tr><td>{words.number(values.index(record['value']) + 1)}</td>"
        f'<th scope="row"><a href="{escaped(href)}">{escaped(city)}</a></th>'
        f'<td><span class="swatch dot-{record["class"]}" aria-hidden="true"></span>'
        f"{escaped(_in_language(record['figures'], words))}</td>"
        f"<td>{escaped(_dates(record['dates'], words))}</td>"
        f"<td>{escaped(_complete(record['complete'], words))}</td></tr>"
        for city, href, record in ranked
    )
    return f'<div class="compare-table"><table><tr>{head}</tr>{body}</table></div>'


def _in_language(texts: Mapping[str, str], words: Words) -> str:
    return texts.get(words.language) or next(iter(texts.values()))


def _dates(days: Sequence[str], words: Words) -> str:
    import datetime as dt

    try:
        shown = [words.date(dt.date.fromisoformat(day)) for day in days]
    except ValueError:
        return "?"
    return " – ".join(dict.fromkeys(shown)) or "?"


def _complete(counts: Sequence[Sequence[Any]], words: Words) -> str:
    """Found of expected features of each layer that a register counts."""
    whole = [pair for pair in counts if all(isinstance(one, int) for one in pair)]
    return ", ".join(f"{words.number(a)} / {words.number(b)}" for a, b in whole) or "–"
