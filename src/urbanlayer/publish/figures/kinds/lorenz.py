"""The Lorenz curve of each result of which more is better: how evenly it is spread.

Curve and Gini coefficient are those of `data/equity.csv` over neighbourhoods: of published values
and published residents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.files.names import file_stem
from urbanlayer.model.indicator import Kind
from urbanlayer.publish.equity import over_neighbourhoods, weighable
from urbanlayer.publish.figures.axis import axis
from urbanlayer.publish.figures.figure import Curve, Figure, LineChartData
from urbanlayer.publish.page.result_records import INDICES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.model.result import Result
    from urbanlayer.publish.equity import Shared
    from urbanlayer.publish.figures.figure import Axis
    from urbanlayer.publish.figures.material import Material
    from urbanlayer.publish.figures.subject import Subject

KIND = "lorenz"
_NOT_SHARED = frozenset({Kind.AMOUNT, Kind.DENSITY, Kind.INDEX, Kind.ORDINAL})
_NO_ZERO = INDICES | {"°C"}
"""Units whose zero is not "nothing"."""
_HALF = 0.5


def figures_of(material: Material, shown: Sequence[Subject]) -> Iterator[Figure]:
    """The curve of each of these results that people have more or less of."""
    results = {result.id: result for result in weighable(material.publication)}
    for subject in shown:
        result = results.get(subject.record["id"])
        if result is None or not _is_had(material, result):
            continue
        spread = over_neighbourhoods(material.publication, result)
        if np.isfinite(spread.gini) and np.isfinite(spread.whole).all():
            yield _figure(material, subject, spread)


def _is_had(material: Material, result: Result) -> bool:
    indicator = material.publication.indicators.get(result.indicator)
    return (
        indicator is not None
        and indicator.better == "higher"
        and indicator.kind not in _NOT_SHARED
        and result.unit not in _NO_ZERO
    )


def _figure(material: Material, subject: Subject, spread: Shared) -> Figure:
    words = material.words
    head = words.headed(subject.title, words.text("equity.lorenz"))
    gini = words.text("figure.gini", value=words.number(spread.gini, 2))
    half = words.text(
        "figure.poorer_half",
        share=words.percent(float(np.interp(_HALF, spread.people, spread.whole))),
    )
    data = LineChartData(
        x=_shares(material, words.text("figure.lorenz_people")),
        y=_shares(material, words.text("figure.lorenz_whole")),
        curves=(
            Curve("equal", ((0.0, 0.0), (1.0, 1.0))),
            Curve("curve", tuple(zip(spread.people.tolist(), spread.whole.tolist(), strict=True))),
        ),
        verticals=(),
        key=(("curve", gini), ("equal", words.text("figure.equal"))),
        square=True,
    )
    definition = f"{subject.definition}. {half}"
    alt = material.told(
        f"{words.headed(material.city, subject.definition)}.",
        f"{words.text('equity.lorenz')}.", f"{gini}.", half,
    )  # fmt: skip
    texts = material.texts(head, definition)
    return Figure(KIND, file_stem(subject.record["id"]), texts, alt, data, material.width)


def _shares(material: Material, title: str) -> Axis:
    return axis((0.0, 1.0), lambda tick, _: material.words.percent(tick), title=title, most=1.0)
