"""The budget curve: people newly served for each budget."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from urbanlayer.publish.figures.axis import axis
from urbanlayer.publish.figures.figure import Curve, Figure, LineChartData

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.publish.figures.material import Material
    from urbanlayer.publish.figures.subject import Subject

KIND = "budget"
_FEWEST = 2


def figures_of(material: Material, _shown: Sequence[Subject]) -> Iterator[Figure]:
    """The curve of the programme, where one is possible and two budgets or more were tried."""
    plan = material.publication.plan
    programme = None if plan is None else plan.programme
    if plan is None or programme is None or programme.why is not None:
        return
    points = [
        (float(one.budget), float(one.people))
        for one in programme.curve
        if math.isfinite(one.people)
    ]
    if len(points) < _FEWEST:
        return
    words, currency = material.words, plan.spec.currency
    whole = float(sum(year.budget for year in programme.by_year))
    declared = words.text("figure.plan_budget", budget=f"{words.number(whole)} {currency}")
    data = LineChartData(
        x=axis(
            [0.0, whole, *(x for x, _ in points)],
            words.number,
            title=f"{words.text('report.budget')}, {currency}",
            whole=True,
        ),
        y=axis(
            [0.0, *(y for _, y in points)],
            words.number,
            title=words.text("report.newly_served"),
            whole=True,
        ),
        curves=(Curve("curve", tuple(points), dots=True),),
        verticals=(("city", whole),),
        key=(("city", declared),),
    )
    told = (
        words.headed(f"{words.number(x)} {currency}", words.text("page.plan_new", count=round(y)))
        for x, y in points
    )
    title = words.text("page.plan_curve")
    alt = material.told(
        f"{words.headed(material.city, title)}.", f"{words.followed(told)}.", f"{declared}."
    )
    yield Figure(KIND, "plan", material.texts(title), alt, data, material.width)
