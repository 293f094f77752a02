"""The map of each result: classes and names of the neighbourhoods, legend, scale and north."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.files.names import file_stem
from urbanlayer.publish import disclosure
from urbanlayer.publish.figures.alt_text import alt_text
from urbanlayer.publish.figures.city_ground import moved, scale_bar_m
from urbanlayer.publish.figures.figure import (
    LEGEND_IN,
    Figure,
    LegendClass,
    MapData,
    ScaleBar,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from urbanlayer.publish.figures.material import Material
    from urbanlayer.publish.figures.subject import Subject

KIND = "map"
_BAR_IN = LEGEND_IN - 0.75
_KILOMETRE = 1000


def figures_of(material: Material, shown: Sequence[Subject]) -> Iterator[Figure]:
    """A map of each of these results."""
    for subject in shown:
        texts = material.texts(subject.title, subject.definition, subject.unit)
        yield Figure(
            KIND, file_stem(subject.record["id"]), texts,
            alt_text(material, subject, KIND), _data(material, subject), material.width,
        )  # fmt: skip


def _data(material: Material, subject: Subject) -> MapData:
    words, dots = subject.words, _facilities(material, subject)
    classes = tuple(subject.class_of(row) for row in range(len(subject.values)))
    counts = Counter(classes)
    return MapData(
        ground=material.map_ground,
        classes=classes,
        names=subject.names,
        legend=tuple(
            LegendClass(
                number,
                subject.class_words[number - 1],
                f"{subject.span(number)} ({words.number(counts[number])})",
            )
            for number in range(5, 0, -1)
        ),
        none=(
            words.text("page.no_answer_count", count=words.number(counts[0])) if counts[0] else ""
        ),
        why_none=words.followed(subject.why_none()) if counts[0] else "",
        remarks=tuple(filter(None, (subject.city_line, subject.target_line))),
        dots=dots,
        dot_word=(
            words.role(subject.record["role"], material.publication.spec) if len(dots) else ""
        ),
        scale=_scale(material),
    )


def _facilities(material: Material, subject: Subject) -> NDArray[np.float64]:
    publication, role = material.publication, subject.record["role"]
    if role not in disclosure.facility_roles(publication):
        return np.empty((0, 2))
    points = publication.city.layers[role].frame.geometry.representative_point()
    return moved(material.map_ground, np.column_stack([points.x, points.y]))


def _scale(material: Material) -> ScaleBar:
    words = material.words
    metres = scale_bar_m(material.map_ground, _BAR_IN)
    text = words.number(metres) + "\u00a0m"
    if metres >= _KILOMETRE:
        text = words.number(metres / _KILOMETRE) + "\u00a0km"
    return ScaleBar(metres, text, words.text("page.north_letter"))
