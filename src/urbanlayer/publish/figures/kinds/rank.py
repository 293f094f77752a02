"""The ranked dot plot of each result: a neighbourhood a row, its value, low and high."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.files.names import file_stem
from urbanlayer.publish.figures.alt_text import alt_text
from urbanlayer.publish.figures.axis import axis_of
from urbanlayer.publish.figures.figure import DotPlotData, DotRow, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.publish.figures.figure import Sign
    from urbanlayer.publish.figures.material import Material
    from urbanlayer.publish.figures.subject import Subject

KIND = "rank"


def figures_of(material: Material, shown: Sequence[Subject]) -> Iterator[Figure]:
    """The neighbourhoods of each of these results, the best first."""
    for subject in shown:
        texts = material.texts(subject.title, subject.definition, subject.unit)
        yield Figure(
            KIND, file_stem(subject.record["id"]), texts,
            alt_text(material, subject, KIND), _data(subject), material.width,
        )  # fmt: skip


def _data(subject: Subject) -> DotPlotData:
    rows = tuple(_row(subject, row) for row in subject.ranked())
    lines = tuple(_lines(subject))
    held = [value for row in rows for _, value in row.dots]
    held += [end for row in rows for _, *ends in row.bars for end in ends]
    held += [value for _, value in lines]
    edges = subject.record["breaks"]
    return DotPlotData(
        rows, axis_of(subject, [*held, edges[0], edges[5]]), lines, tuple(_key(subject))
    )


def _row(subject: Subject, row: int) -> DotRow:
    bars: list[tuple[Sign, float, float]] = []
    if (ends := subject.ends(row)) is not None:
        bars.append(("data", *ends))
    if (ends := subject.ends(row, threshold=True)) is not None:
        bars.append(("threshold", *ends))
    value = subject.values[row] or 0.0
    return DotRow(subject.names[row], (("now", value),), tuple(bars), subject.class_of(row))


def _lines(subject: Subject) -> Iterator[tuple[Sign, float]]:
    city, target = subject.record["city"], subject.record["target"]
    if city is not None and not subject.record.get("total"):
        yield "city", city
    if target is not None:
        yield "target", target


def _key(subject: Subject) -> Iterator[tuple[Sign, str]]:
    words, record = subject.words, subject.record
    if not record.get("total") and subject.city_line:
        yield "city", subject.city_line
    if subject.target_line:
        yield "target", subject.target_line
    if "low" in record:
        yield "data", words.text("page.low_high")
    if "threshold" in record:
        yield "threshold", words.text("page.low_high_threshold")
