"""Small maps of all results side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.figures.figure import Figure, MultiplesData, SmallMap, is_narrow, margin_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.publish.figures.material import Material
    from urbanlayer.publish.figures.subject import Subject

KIND = "multiples"
_MOST_HEIGHT_IN = 2.2
_GAP_IN = 0.14
_ROWS = 5
"""So many rows of maps fit on a page."""


def figures_of(material: Material, shown: Sequence[Subject]) -> Iterator[Figure]:
    """As many sheets of small maps as these results fill."""
    columns = 2 if is_narrow(material.width) else 4
    each = columns * _ROWS
    for first in range(0, len(shown), each):
        part = shown[first : first + each]
        yield _sheet(material, part, columns)


def _sheet(material: Material, shown: Sequence[Subject], columns: int) -> Figure:
    words = material.words
    inner = material.width - 2 * margin_in(material.width)
    wide = (inner + _GAP_IN) / columns - _GAP_IN
    hatched = any(value is None for subject in shown for value in subject.values)
    data = MultiplesData(
        ground=material.grounds.on(round(wide, 3), _MOST_HEIGHT_IN),
        maps=tuple(_small(material, subject) for subject in shown),
        columns=columns,
        none=words.text("page.no_answer") if hatched else "",
    )
    title, note = words.text("figure.multiples"), words.text("figure.multiples_note")
    head = words.headed(material.city, title)
    told = (f"{material.title(subject)}. {subject.city_line}".rstrip(". ") for subject in shown)
    alt = material.told(f"{head}.", note, *(f"{one}." for one in told))
    return Figure(KIND, "city", material.texts(title, note), alt, data, material.width)


def _small(material: Material, subject: Subject) -> SmallMap:
    edges = subject.record["breaks"]
    unit = subject.unit
    low, high = subject.short(edges[0]), subject.short(edges[5])
    city = "" if subject.record["city"] is None else subject.city_line
    return SmallMap(
        material.title(subject),
        tuple(subject.class_of(row) for row in range(len(subject.values))),
        low,
        high,
        city or unit,
    )
