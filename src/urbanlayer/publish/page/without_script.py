"""What a page shows where no script runs: the title, the figure and the table."""

from __future__ import annotations

import html
import math
import re
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.names import neighbourhood_names
from urbanlayer.publish.notice import notice
from urbanlayer.publish.page.result_records import RATES
from urbanlayer.publish.words import NO_BREAK_SPACE

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result
    from urbanlayer.publish.words import Words

_COLUMNS = 6
_NOT_FOR_MARKUP = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]"
)


def escaped(text: str) -> str:
    """Text for the inside of an element or of an attribute in double quotation marks."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return html.escape(_NOT_FOR_MARKUP.sub(" ", whole), quote=True)


def without_script(publication: Publication, words: Words, titles: list[dict[str, str]]) -> str:
    """Markup for `<noscript>`; every text of a layer is escaped.

    Parameters
    ----------
    publication
        As it may be shown.
    words
        Of the page's own language.
    titles
        Title, question and definition of each result, in the order of the results.
    """
    shown = list(zip(publication.results, titles, strict=True))[:_COLUMNS]
    if not shown:
        return ""
    (first, texts), *_ = shown
    lines = [
        "<h1>",
        escaped(texts["question"]),
        "</h1><p><strong>",
        escaped(value_in_words(first, first.city, words)),
        "</strong> ",
        escaped(f"{texts['definition']}. {words.text('page.no_script')}"),
        "</p>",
        *map(
            _paragraph,
            filter(None, [notice(publication.spec, words), *_caveats(publication, words)]),
        ),
        _table(publication, shown, words),
        _paragraph(words.text("page.data_of", date=words.date(publication.spec.as_of))),
    ]
    return "".join(lines)


def _caveats(publication: Publication, words: Words) -> list[str]:
    """That borders are derived, and that straight lines stand in for streets."""
    city = publication.city
    keys = {
        "page.derived": city.neighbourhoods.derived,
        "page.straight_line_note": city.streets is None,
    }
    return [words.text(key) for key, holds in keys.items() if holds]


def _paragraph(text: str) -> str:
    return f"<p>{escaped(text)}</p>"


def _table(
    publication: Publication, shown: list[tuple[Result, dict[str, str]]], words: Words
) -> str:
    neighbourhoods = publication.city.neighbourhoods
    names = dict(zip(neighbourhoods.keys, neighbourhood_names(publication, words), strict=True))
    heads = [words.text("page.neighbourhood"), *(texts["title"] for _, texts in shown)]
    city = words.text("page.city_row", city=text_in(publication.spec.name, words.language))
    rows = [_row(city, [value_in_words(result, result.city, words) for result, _ in shown])]
    rows += [
        _row(
            names[key],
            [value_in_words(r, float(r.values.loc[key]), words) for r, _ in shown],
        )
        for key in neighbourhoods.keys
    ]
    head = "".join(f'<th scope="col">{escaped(text)}</th>' for text in heads)
    region = f'<div role="region" tabindex="0" aria-label="{escaped(words.text("page.table"))}">'
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f"{region}{table}</div>"


def _row(name: str, values: list[str]) -> str:
    cells = "".join(f"<td>{escaped(value)}</td>" for value in values)
    return f'<tr><th scope="row">{escaped(name)}</th>{cells}</tr>'


def value_in_words(result: Result, value: float, words: Words) -> str:
    """The value of a result with its unit, or that there is none."""
    if math.isnan(value):
        return words.text("page.no_answer")
    if result.unit.startswith("share"):
        return words.percent(value)
    scale, unit = RATES.get(result.unit, (1, result.unit))
    value *= scale
    decimals = 0 if abs(value) >= 100 else 1  # noqa: PLR2004
    unit = words.unit(unit, value, decimals)
    return f"{words.number(value, decimals)}{NO_BREAK_SPACE}{unit}"
