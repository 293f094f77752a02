"""Chapters on what is measured: the city in one page, the themes, neighbourhoods, the method."""

from __future__ import annotations

import datetime as dt
import math
from importlib.metadata import version
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.contact import mail_link
from urbanlayer.publish.data.tables import residents_of
from urbanlayer.publish.disclosure import city_people, suppressed_neighbourhoods
from urbanlayer.publish.figures.alt_text import city_and_ends, none_of
from urbanlayer.publish.page.source_list import licences, sources
from urbanlayer.publish.page.vocabulary import titles_of_unanswered
from urbanlayer.publish.report.blocks import Bullets, Heading, Paragraph, Picture, Table
from urbanlayer.publish.words import NO_BREAK_SPACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from urbanlayer.model.plan import Plan
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.subject import Subject
    from urbanlayer.publish.report.blocks import Block
    from urbanlayer.publish.words import Words

_NEEDIEST = 3
_EACH_END = 5
"""Neighbourhoods at each end of a table that does not name all."""
_ROWS_OF_HALF_A_PAGE = 20
"""Sheets with fewer results share pages."""
_ROWS_OF_A_PAGE = 38


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
        *_short_of_target(shown, words),
    ]
    plan = publication.plan
    if plan is not None:
        facts += plan_in_short(plan, dict(zip(hoods.keys, shown[0].names, strict=True)), words)
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


def _short_of_target(shown: Sequence[Subject], words: Words) -> Iterator[str]:
    """The results of the city that have a target and do not reach it."""
    missed = [
        f"{subject.title} ({words.followed([subject.full(value), _target(subject)])})"
        for subject in shown
        if (value := subject.record["city"]) is not None and subject.misses(value)
    ]
    if missed:
        yield words.headed(words.text("report.short_of_target"), ", ".join(missed))


def _target(subject: Subject) -> str:
    return subject.words.text("report.target", value=subject.full(subject.record["target"]))


def plan_in_short(plan: Plan, names: Mapping[str, str], words: Words) -> Iterator[str]:
    """The neediest neighbourhoods, and the programme in one line."""
    ranked = [one for one in plan.ranking.needs if one.rank is not None] if plan.ranking else []
    if ranked:
        first = sorted(ranked, key=lambda one: (one.rank or 0, one.key))[:_NEEDIEST]
        yield words.headed(
            words.text("report.neediest"), ", ".join(names.get(one.key, one.key) for one in first)
        )
    programme = plan.programme
    if programme is None or programme.why is not None or not programme.by_year:
        return
    years = [one.year for one in programme.by_year]
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    amount = words.number(sum(one.spent for one in programme.by_year))
    spent = f"{amount}{NO_BREAK_SPACE}{plan.spec.currency}"
    served = sum(one.newly_served for one in programme.by_year)
    yield words.headed(
        words.text("page.plan_programme"),
        words.followed([
            span,
            words.headed(words.text("report.actions"), words.number(len(programme.actions))),
            words.headed(words.text("report.spent"), spent),
            words.headed(words.text("report.newly_served"), words.number(served)),
        ]),
    )  # fmt: skip


def _city_row(subject: Subject) -> tuple[str, str, str, str]:
    record = subject.record
    low, high = record["range"]
    return (
        subject.title,
        "–" if record["city"] is None else subject.full(record["city"]),
        "" if low is None or high is None else subject.range_text(low, high),
        "" if record["target"] is None else subject.full(record["target"]),
    )


def theme_chapters(
    shown: Sequence[Subject], pictures: Mapping[str, tuple[bytes, str]], words: Words
) -> Iterator[Block]:
    """A chapter for each theme: of each result map, finding, table, standard and how sure it is."""
    for theme in dict.fromkeys(subject.record["theme"] for subject in shown):
        yield Heading(words.theme(theme))
        of_theme = [subject for subject in shown if subject.record["theme"] == theme]
        for number, subject in enumerate(of_theme):
            picture = pictures.get(subject.record["id"])
            yield from _result(subject, picture, words, first=number == 0)


def _result(
    subject: Subject, picture: tuple[bytes, str] | None, words: Words, *, first: bool
) -> Iterator[Block]:
    """One result; with a map it has a page of its own."""
    yield Heading(subject.title, 2, sheet=picture is not None and not first)
    finding = " ".join([*city_and_ends(subject), none_of(subject)]).strip()
    yield Paragraph(finding, see=1 if picture is None else 2)
    if picture is not None:
        png, alt = picture
        yield Picture(_phrase(subject.definition), alt, png, shares_page=True)
    yield _ends_table(subject, words)
    yield Paragraph(" ".join(_standard(subject)), quiet=True)
    if sure := " ".join(_how_sure(subject)):
        yield Paragraph(sure, quiet=True)


def _phrase(definition: str) -> str:
    """A definition without the full stop that a caption has not."""
    return definition.removesuffix(".")


def _ends_table(subject: Subject, words: Words) -> Table:
    """The best and the worst neighbourhoods, all of them where there are few.

    Without the column of ranges where none of them has one.
    """
    rows = subject.ranked()
    few = len(rows) <= 2 * _EACH_END
    named = rows if few else [*rows[:_EACH_END], *rows[-_EACH_END:]]
    head = (
        words.text("page.neighbourhood"), words.text("standards.value"),
        words.text("page.low_high"),
    )  # fmt: skip
    lines = tuple(
        (subject.names[row], subject.full(subject.values[row] or 0.0), _range(subject, row))
        for row in named
    )
    filled = 3 if any(found for *_, found in lines) else 2
    return Table(
        subject.title if few else words.text("report.ends", title=subject.title),
        head[:filled],
        tuple(line[:filled] for line in lines),
        frozenset(range(1, filled)),
    )


def _range(subject: Subject, row: int) -> str:
    ends = subject.ends(row)
    return "" if ends is None else subject.range_text(*ends)


def _standard(subject: Subject) -> Iterator[str]:
    """The definition, its source and the target, in a sentence each."""
    words = subject.words
    yield f"{_phrase(subject.definition)}."
    if source := subject.record.get("source"):
        yield words.text("page.definition_source", source=source).removesuffix(".") + "."
    if subject.record["target"] is not None:
        yield words.text("page.target_line", value=subject.full(subject.record["target"])) + "."


def _how_sure(subject: Subject) -> Iterator[str]:
    """The range of the city's value by the data and by the threshold, with its causes."""
    words, record = subject.words, subject.record
    by_threshold = record.get("threshold", {}).get("range", (None, None))
    for key, (low, high) in (
        ("page.range", record["range"]), ("page.range_threshold", by_threshold),
    ):  # fmt: skip
        if low is not None and high is not None:
            yield words.text(key, low=subject.short(low), high=subject.full(high))
    if record["range"][0] is not None:
        causes = [one for one in record.get("causes", ()) if one != "threshold"]  # said above
        yield from (words.text(f"cause.{cause}") for cause in causes)


def neighbourhood_chapter(
    publication: Publication,
    shown: Sequence[Subject],
    words: Words,
    of_plan: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[Block]:
    """A sheet for each neighbourhood: every result with its range beside that of the city.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    shown
        Its results.
    words
        Of the language.
    of_plan
        What the plan says on each neighbourhood, by its key.
    """
    yield Heading(words.text("report.neighbourhoods"), flows=of_plan is not None)
    people = residents_of(publication)
    names = shown[0].names if shown else ()
    head = (
        words.text("page.indicator"), words.text("standards.value"), words.text("page.low_high"),
        words.text("page.whole_city"),
    )  # fmt: skip
    keys = publication.city.neighbourhoods.keys if shown else ()
    for row, (key, name) in enumerate(zip(keys, names, strict=True)):
        yield Heading(name, 2, sheet=row > 0 and len(shown) > _ROWS_OF_HALF_A_PAGE)
        facts = list((of_plan or {}).get(key, ()))
        if not math.isnan(people[row]):
            facts.insert(0, words.headed(words.text("page.residents"), words.number(people[row])))
        if facts:
            yield Bullets(tuple(facts))
        lines = tuple(_of_neighbourhood(subject, row) for subject in shown)
        kept = [0, 1, 3] if not any(line[2] for line in lines) else [0, 1, 2, 3]
        yield Table(
            name,
            tuple(head[column] for column in kept),
            tuple(tuple(line[column] for column in kept) for line in lines),
            frozenset(range(1, len(kept))),
            whole=len(lines) <= _ROWS_OF_A_PAGE,
        )


def _of_neighbourhood(subject: Subject, row: int) -> tuple[str, str, str, str]:
    value, city = subject.values[row], subject.record["city"]
    if value is None:
        code = subject.record["reasons"].get(str(row), "no-data")
        own = subject.reasons.get(code, subject.words.reason(code))
    else:
        own = subject.full(value)
    written = subject.full if value is None else subject.short  # its unit stands beside
    of_city = "–" if city is None else written(city)
    return subject.title, own, _range(subject, row) if value is not None else "", of_city


def method_chapter(publication: Publication, words: Words) -> Iterator[Block]:
    """How it was measured, what could not be answered, sources with their dates and licences."""
    spec = publication.spec
    yield Heading(words.text("report.method"))
    yield Heading(words.text("report.measured"), 2)
    methods = dict.fromkeys(words.method(one.method, spec) for one in publication.results)
    yield Bullets(tuple(methods))
    yield from _limits(publication, words)
    yield Heading(words.text("page.sources"), 2)
    yield Table(
        words.text("page.sources"),
        (
            words.text("workbook.layer"), words.text("workbook.source"),
            words.text("workbook.date"), words.text("workbook.licence"),
        ),
        tuple(
            (
                words.role(record["role"], spec), record["from"], _day(record["date"], words),
                record["licence"] or "",
            )
            for record in sources(publication, words)
        ),
    )  # fmt: skip
    if found := licences(publication):
        yield Paragraph(" · ".join(found), quiet=True)
    yield Heading(words.text("report.cite"), 2)
    city, day = text_in(spec.name, words.language), words.date(spec.as_of)
    yield Paragraph(
        f"{city} ({spec.as_of.year}). {words.text('report.title')}. "
        f"{words.text('page.data_of', date=day).rstrip('.')}. urbanlayer {version('urbanlayer')}."
    )
    if spec.contact:
        link = mail_link(spec.contact)
        yield Paragraph(
            words.headed(city, spec.contact), quiet=True, link=link,
            linked=spec.contact if link else "",
        )  # fmt: skip


def _day(iso: str, words: Words) -> str:
    return words.date(dt.date.fromisoformat(iso)) if iso else ""


def _limits(publication: Publication, words: Words) -> Iterator[Block]:
    """What the reader must know before using the numbers."""
    hidden = suppressed_neighbourhoods(publication)
    if hidden:
        count = words.number(publication.spec.publish.suppress_below)
        yield Paragraph(words.text("page.small_numbers", count=count))
    limits = {
        "page.derived": publication.city.neighbourhoods.derived,
        "page.straight_line_note": publication.city.streets is None,
    }
    yield from (Paragraph(words.text(key), warning=True) for key, holds in limits.items() if holds)
    lacking = zip(titles_of_unanswered(publication, words), publication.not_answerable, strict=True)
    said = [
        words.text(
            "page.missing", indicator=title,
            layers=", ".join(words.role(role, publication.spec) for role in one.missing),
        )
        for title, one in lacking
    ]  # fmt: skip
    if said:
        yield Heading(words.text("report.not_answered"), 2)
        yield Bullets(tuple(dict.fromkeys(said)))
