"""The index page for several cities or themes: a summary of each, with its map and its figure."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import shapely

from urbanlayer.model.text import text_in
from urbanlayer.publish import disclosure
from urbanlayer.publish.notice import notice
from urbanlayer.publish.page import bundle, city_comparison, classes
from urbanlayer.publish.page.geometry import Ground
from urbanlayer.publish.page.without_script import escaped
from urbanlayer.publish.words import NO_BREAK_SPACE, Words, round_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.publication import Publication

_VERTICES = 1500  # a card is small
_WIDTH, _HEIGHT, _MARGIN = 320, 180, 10


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One publication on the index page.

    Attributes
    ----------
    href
        Address of its page from the index page: `podgorica/index.html`.
    drawing
        Its map, as the inside of an SVG of 320 by 180; numbers and class names only.
    texts
        Language code to name, question, figure, counts, date and notice.
    more
        Addresses of what else is there, by what it is: `standards`, `inventory`.
    results
        As `city_comparison.comparable_results` gives them.
    """

    href: str
    drawing: str
    texts: Mapping[str, Mapping[str, str]]
    more: Mapping[str, str] = field(default_factory=dict)
    results: Sequence[Mapping[str, Any]] = ()


def index_entry(publication: Publication, href: str) -> IndexEntry:
    """A publication on the index page: its first indicator's question and figure."""
    from urbanlayer.publish.page.vocabulary import vocabulary  # folium is not needed here

    shown = disclosure.disclosed(publication)
    spoken = vocabulary(shown)
    texts = {
        code: _texts(shown, Words.for_language(code), spoken) for code in publication.spec.languages
    }
    results = city_comparison.comparable_results(shown, spoken)
    return IndexEntry(href, _drawing(shown), texts, results=results)


def index_page(entries: Sequence[IndexEntry]) -> str:
    """The whole of `maps/index.html`: a function of the entries, the same bytes each time.

    Parameters
    ----------
    entries
        In the order in which they are shown; the languages are those that any of them speaks.

    Returns
    -------
    str
        One document that loads nothing else, written as the atlases themselves are.
    """
    from urbanlayer.publish.page.document import Document, Verbatim

    codes = list(dict.fromkeys(code for entry in entries for code in entry.texts)) or ["en"]
    first = Words.for_language(codes[0])
    title = first.text("index.cities")
    document = Document(language=first.tag, title=title, description=title, body_class="front-page")
    document.add_style(bundle.index_style())
    document.html.add_child(Verbatim(_markup(entries, codes)))
    document.add_script(bundle.asset("index/index.js"))
    return str(document.render())


def _texts(publication: Publication, words: Words, spoken: Mapping[str, Any]) -> dict[str, str]:
    spec, results = publication.spec, publication.results
    texts = {
        "name": text_in(spec.name, words.language),
        "neighbourhoods": words.text(
            "index.neighbourhoods", count=words.number(len(publication.city.neighbourhoods))
        ),
        "indicators": words.text("index.indicators", count=words.number(len(results))),
        "date": words.text("page.data_of", date=words.date(spec.as_of)),
        "notice": notice(spec, words),
    }
    if results and math.isfinite(results[0].city):
        first, city = results[0], results[0].city
        unit = "" if first.unit.startswith("share") else NO_BREAK_SPACE + words.unit(first.unit)
        number = words.percent(city) if first.unit.startswith("share") else words.number(city)
        texts["figure"] = number + unit
        texts["question"] = spoken[words.tag]["indicators"][0]["question"]
    return texts


def _drawing(publication: Publication) -> str:
    neighbourhoods = publication.city.neighbourhoods
    ground = Ground.of(neighbourhoods.geometry, publication.city.crs)
    shapes = ground.coverage(neighbourhoods.geometry, vertices=_VERTICES)
    west, north, east, south = shapely.total_bounds(shapes)
    scale = min((_WIDTH - 2 * _MARGIN) / (east - west), (_HEIGHT - 2 * _MARGIN) / (south - north))
    left = (_WIDTH - (east - west) * scale) / 2 - west * scale
    top = (_HEIGHT - (south - north) * scale) / 2 - north * scale
    numbers = _classes(publication)

    def drawn(ring: Any) -> str:  # noqa: ANN401  (a shapely ring)
        xy = shapely.get_coordinates(ring)[:-1] * scale + (left, top)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in xy) + "z"

    return "".join(
        f'<path class="dot-{number}" fill-rule="evenodd"'
        f' d="{"".join(map(drawn, shapely.get_rings(shape)))}"/>'
        for shape, number in zip(shapes, numbers, strict=True)
    )


def _classes(publication: Publication) -> list[int]:
    if not publication.results:
        return [0] * len(publication.city.neighbourhoods)
    first = publication.results[0]
    edges = classes.breaks(first)
    inner = edges[1:5]
    share = first.unit.startswith("share")
    digits = 2 if share else classes.decimals(edges, first.city)

    def read(value: float) -> float:
        """The number as the page reads it."""
        return round_half_up(value, digits)

    return [
        0 if math.isnan(value) else bisect_right(inner, read(value)) + 1
        for value in first.values.tolist()
    ]


def _markup(entries: Sequence[IndexEntry], codes: Sequence[str]) -> str:
    words = [Words.for_language(code) for code in codes]
    buttons = "".join(
        f'<button type="button" lang="{w.tag}" aria-pressed="{str(n == 0).lower()}">'
        f"{escaped(w.name)}</button>"
        for n, w in enumerate(words)
    )
    sections = "".join(_section(entries, w, hidden=n > 0) for n, w in enumerate(words))
    switch = (
        f'<nav class="languages" aria-label="{escaped(words[0].text("page.language"))}" hidden>'
    )
    return (
        f'<div class="front"><header>{switch}{buttons}</nav></header><main>{sections}</main></div>'
    )


def _section(entries: Sequence[IndexEntry], words: Words, *, hidden: bool) -> str:
    title = escaped(words.text("index.cities"))
    items = "".join(f"<li>{_summary(entry, words)}</li>" for entry in entries)
    rows = [
        (_texts_in(entry, words), _address(entry, words), [dict(one) for one in entry.results])
        for entry in entries
    ]
    compared = city_comparison.comparison(rows, words)
    return (
        f'<section lang="{words.tag}" data-title="{title}"{" hidden" if hidden else ""}>'
        f'<div class="front-head"><h1>{title}</h1></div><ul class="cards">{items}</ul>'
        f"{compared}</section>"
    )


def _summary(entry: IndexEntry, words: Words) -> str:
    texts = _texts_in(entry, words)
    lines = [
        f"<h2>{escaped(texts['name'])}</h2>",
        f"<p>{escaped(texts['question'])}</p>" if "question" in texts else "",
        f'<p class="card-figure">{escaped(texts["figure"])}</p>' if "figure" in texts else "",
        f"<p>{escaped(texts['neighbourhoods'])} · {escaped(texts['indicators'])}</p>",
        f"<p>{escaped(texts['date'])}</p>",
    ]
    notice = f'<p class="card-notice">{escaped(texts["notice"])}</p>' if texts["notice"] else ""
    drawing = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">{entry.drawing}</svg>'
    return (
        f'<a class="card" href="{escaped(_address(entry, words))}">{drawing}'
        f'<div class="card-text">{"".join(lines)}</div>{notice}</a>{_more(entry, words, texts)}'
    )


def _texts_in(entry: IndexEntry, words: Words) -> Mapping[str, str]:
    """Of the city, in the language, else in its first."""
    return entry.texts.get(words.language) or next(iter(entry.texts.values()))


def _address(entry: IndexEntry, words: Words) -> str:
    """Of the city's page, in the language if the city speaks it."""
    return entry.href + (f"#lang={words.tag}" if words.language in entry.texts else "")


def _more(entry: IndexEntry, words: Words, texts: Mapping[str, str]) -> str:
    """Links to what else there is of a city; each names the city, for users of screen readers."""
    if not entry.more:
        return ""
    city = f'<span class="hidden-text">: {escaped(texts["name"])}</span>'
    links = " ".join(
        f'<a href="{escaped(href)}">{escaped(words.text(f"index.{kind}"))}{city}</a>'
        for kind, href in entry.more.items()
    )
    return f'<p class="card-more">{links}</p>'
