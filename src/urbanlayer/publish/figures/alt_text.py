"""What a figure shows, in words: for readers who do not see it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from urbanlayer.model.text import text_in
from urbanlayer.publish.notice import notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.subject import Subject

_MOST_NAMED = 3


def alt_text(publication: Publication, subject: Subject, *, ranked: bool) -> str:
    """Alternative text of a map or of a ranked dot plot, in the language of the subject.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    subject
        The result.
    ranked
        Whether of the dot plot.
    """
    words, spec = subject.words, publication.spec
    city = text_in(spec.name, words.language)
    kind = words.text("page.each_dot" if ranked else "page.map")
    head = words.headed(city, subject.definition)
    first = f"{head}. {kind}" if ranked else words.headed(kind, head) + "."
    parts = (
        first,
        *(city_and_ends(subject) if ranked else _classes(subject)),
        none_of(subject),
        _sentence(words.text("page.data_of", date=words.date(spec.as_of))),
        notice(spec, words),
    )
    return " ".join(filter(None, parts))


def _classes(subject: Subject) -> Iterator[str]:
    words, record = subject.words, subject.record
    yield from city_and_ends(subject)
    counts = Counter(subject.class_of(row) for row in range(len(subject.values)))
    for number in range(5, 0, -1):
        if counts[number]:
            name = f"{subject.class_words[number - 1]} ({subject.span(number)})"
            count = words.text("page.class_count", count=words.number(counts[number]))
            yield words.headed(name, count) + "."
    if record["target"] is not None:
        yield words.text("page.target_line", value=subject.full(record["target"])) + "."


def city_and_ends(subject: Subject) -> Iterator[str]:
    """The city, and the neighbourhoods with the highest and the lowest value."""
    words, values = subject.words, subject.values
    if subject.record["city"] is not None:
        yield words.text("page.city_line", value=subject.full(subject.record["city"])) + "."
    known = [value for value in values if value is not None]
    if not known:
        return
    for key, end in (("page.highest", max(known)), ("page.lowest", min(known))):
        rows = [row for row, value in enumerate(values) if value == end]
        names = ", ".join(subject.names[row] for row in rows[:_MOST_NAMED])
        rest = len(rows) - _MOST_NAMED
        more = f" {words.text('page.ends_more', count=rest)}" if rest > 0 else ""
        yield words.headed(words.text(key), f"{names}{more} ({subject.full(end)})") + "."


def none_of(subject: Subject) -> str:
    """How many neighbourhoods have no result, and why; empty where all have one."""
    count = sum(value is None for value in subject.values)
    if not count:
        return ""
    text = subject.words.text("page.no_answer_count", count=subject.words.number(count))
    return f"{text} ({subject.words.followed(subject.why_none())})."


def _sentence(text: str) -> str:
    """The text with a full stop, unless it ends with one as dates in some languages do."""
    return text if text.endswith(".") else f"{text}."
