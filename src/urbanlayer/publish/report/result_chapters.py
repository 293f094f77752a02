"""Chapters on what is measured: the city in one page, the themes, neighbourhoods, the method."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.data.tables import residents_of
from urbanlayer.publish.disclosure import city_people
from urbanlayer.publish.figures.alt_text import city_and_ends, none_of
from urbanlayer.publish.page.source_list import licences, sources
from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Picture, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.subject import Subject
    from urbanlayer.publish.report.blocks import Block
    from urbanlayer.publish.words import Words

_EACH_END = 5
"""Neighbourhoods at each end of a table that does not name all."""


def city_chapter(
    publication: Publication, shown: Sequence[Subject], words: Words
) -> Iterator[Block]:
    """The city in one page: its size, and every result for the whole city."""
    spec, hoods = publication.spec, publication.city.neighbourhoods
    yield Heading(words.text("report.city"))
    people = city_people(publication)
    facts = [
        words.headed(words.role("neighbourhoods", spec), words.number(len(hoods))),
        *([words.headed(words.text("page.residents"), words.number(people))] if people > 0 else []),
        words.text("page.data_of", date=words.date(spec.as_of)),
    ]
    yield Bullets(tuple(facts))
    yield Table(
        words.text("report.results"),
        (
            words.text("page.indicator"), words.text("standards.value"),
            words.text("page.low_high"), words.text("page.plan_target"),
        ),
        tuple(_city_row(subject) for subject in shown),
        frozenset({1, 2, 3}),
    )  # fmt: skip


def _city_row(subject: Subject) -> tuple[str, str, str, str]:
    record = subject.record
    low, high = record["range"]
    return (
        subject.title,
        "–" if record["city"] is None else subject.full(record["city"]),
        "" if low is None or high is None else f"{subject.short(low)}–{subject.short(high)}",
        "" if record["target"] is None else subject.full(record["target"]),
    )


def theme_chapters(
    shown: Sequence[Subject], pictures: Mapping[str, tuple[bytes, str]], words: Words
) -> Iterator[Block]:
    """A chapter for each theme: of each result the map, the finding, the table, the definition."""
    for theme in dict.fromkeys(subject.record["theme"] for subject in shown):
        yield Heading(words.theme(theme))
        for subject in shown:
            if subject.record["theme"] == theme:
                yield from _result(subject, pictures.get(subject.record["id"]), words)


def _result(subject: Subject, picture: tuple[bytes, str] | None, words: Words) -> Iterator[Block]:
    yield Heading(subject.title, 2)
    yield Paragraph(" ".join([*city_and_ends(subject), none_of(subject)]).strip())
    if picture is not None:
        yield Picture(subject.title, picture[1], picture[0])
    yield _ends_table(subject, words)
    yield Paragraph(_how(subject), quiet=True)


def _ends_table(subject: Subject, words: Words) -> Table:
    """The best and the worst neighbourhoods, all of them where there are few."""
    rows = subject.ranked()
    few = len(rows) <= 2 * _EACH_END
    named = rows if few else [*rows[:_EACH_END], *rows[-_EACH_END:]]
    return Table(
        subject.title,
        (
            words.text("page.neighbourhood"), words.text("standards.value"),
            words.text("page.low_high"),
        ),
        tuple(
            (subject.names[row], subject.full(subject.values[row] or 0.0), _range(subject, row))
            for row in named
        ),
        frozenset({1, 2}),
    )  # fmt: skip


def _range(subject: Subject, row: int) -> str:
    ends = subject.ends(row)
    return "" if ends is None else f"{subject.short(ends[0])}–{subject.short(ends[1])}"


def _how(subject: Subject) -> str:
    """The definition and its source, in a sentence each."""
    words, said = subject.words, subject.definition
    parts = [said if said.endswith(".") else f"{said}."]
    if source := subject.record.get("source"):
        parts.append(words.text("page.definition_source", source=source) + ".")
    return " ".join(parts)


def neighbourhood_chapter(
    publication: Publication, shown: Sequence[Subject], words: Words
) -> Iterator[Block]:
    """A sheet for each neighbourhood: every result beside that of the city."""
    yield Heading(words.text("report.neighbourhoods"))
    people = residents_of(publication)
    names = shown[0].names if shown else ()
    for row, name in enumerate(names):
        yield Heading(name, 2, sheet=row > 0)
        if not math.isnan(people[row]):
            count = words.number(people[row])
            yield Paragraph(words.headed(words.text("page.residents"), count))
        yield Table(
            name,
            (
                words.text("page.indicator"), words.text("standards.value"),
                words.text("page.whole_city"),
            ),
            tuple(_of_neighbourhood(subject, row) for subject in shown),
            frozenset({1, 2}),
        )  # fmt: skip


def _of_neighbourhood(subject: Subject, row: int) -> tuple[str, str, str]:
    value, city = subject.values[row], subject.record["city"]
    if value is None:
        code = subject.record["reasons"].get(str(row), "no-data")
        own = subject.reasons.get(code, subject.words.reason(code))
    else:
        own = subject.full(value)
    return subject.title, own, "–" if city is None else subject.full(city)


def method_chapter(publication: Publication, words: Words) -> Iterator[Block]:
    """Sources with their dates and licences, and what could not be answered."""
    yield Heading(words.text("report.method"))
    yield Table(
        words.text("page.sources"),
        (
            words.text("workbook.layer"), words.text("workbook.source"),
            words.text("workbook.date"), words.text("workbook.licence"),
        ),
        tuple(
            (
                words.role(record["role"], publication.spec), record["from"], record["date"] or "",
                record["licence"] or "",
            )
            for record in sources(publication)
        ),
    )  # fmt: skip
    if found := licences(publication):
        yield Paragraph(" · ".join(found), quiet=True)
    limits = {
        "page.derived": publication.city.neighbourhoods.derived,
        "page.straight_line_note": publication.city.streets is None,
    }
    yield from (Paragraph(words.text(key), warning=True) for key, holds in limits.items() if holds)
    contact = publication.spec.contact
    if contact:
        yield Paragraph(f"{text_in(publication.spec.name, words.language)}: {contact}", quiet=True)
