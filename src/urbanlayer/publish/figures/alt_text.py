"""What a figure shows, in words: for readers who do not see it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.publish.figures.material import Material
    from urbanlayer.publish.figures.subject import Subject

_MOST_NAMED = 3


def alt_text(material: Material, subject: Subject, kind: str) -> str:
    """Alternative text of the map or the ranked dot plot of a result.

    Parameters
    ----------
    material
        Its publication, in the language of the subject.
    subject
        The result.
    kind
        `map` or `rank`.
    """
    words, ranked = subject.words, kind == "rank"
    shown = words.text("page.each_dot" if ranked else "page.map")
    head = words.headed(material.city, subject.definition)
    first = f"{head}. {shown}" if ranked else words.headed(shown, head) + "."
    parts = city_and_ends(subject) if ranked else _classes(subject)
    return material.told(first, *parts, none_of(subject))


def _classes(subject: Subject) -> Iterator[str]:
    words = subject.words
    yield from city_and_ends(subject)
    counts = Counter(subject.class_of(row) for row in range(len(subject.values)))
    for number in range(5, 0, -1):
        if counts[number]:
            name = f"{subject.class_words[number - 1]} ({subject.span(number)})"
            count = words.text("page.class_count", count=words.number(counts[number]))
            yield words.headed(name, count) + "."
    if subject.target_line:
        yield f"{subject.target_line}."


def city_and_ends(subject: Subject) -> Iterator[str]:
    """The city, and the neighbourhoods with the highest and the lowest value."""
    words, values = subject.words, subject.values
    if subject.city_line:
        yield f"{subject.city_line}."
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
