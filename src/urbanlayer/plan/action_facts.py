"""What is known of each action of a programme, for its sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.kernels.programme.recount import served
from urbanlayer.model.plan import ActionFacts
from urbanlayer.plan.action_reach import COVERAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.kernels.programme.problem import Coverage
    from urbanlayer.model.plan_inputs import PlanInputs
    from urbanlayer.plan.actions import Action


def facts_of(
    inputs: PlanInputs, actions: Sequence[Action], coverage: Coverage
) -> tuple[ActionFacts, ...]:
    """What is known of each action, in their order.

    Parameters
    ----------
    inputs
        The city and its queries.
    actions
        Rows of the coverage.
    coverage
        Whom they serve.
    """
    results = _results(inputs)
    places = [_point(one) for one in actions]
    hoods = _neighbourhoods(inputs, places)
    found = []
    for row, one in enumerate(actions):
        alone = np.arange(len(actions)) == row
        found.append(
            ActionFacts(
                id=one.key, service=one.service, names=one.names, at=places[row],
                neighbourhood=hoods[row], is_street=one.is_street, payments=one.payments,
                running=one.running, requires=one.requires, excludes=one.excludes,
                promised=one.promised, earliest=one.earliest, owner=one.owner,
                funding=one.funding, result=results.get(one.service, ""),
                newly_served_alone=served(coverage, alone),
            )
        )  # fmt: skip
    return tuple(found)


def _results(inputs: PlanInputs) -> dict[str, str]:
    """Service to the id of the result that its threshold is that of."""
    found: dict[str, str] = {}
    for indicator, query in inputs.queries:
        if indicator.id == COVERAGE:
            found.setdefault(query.variant, indicator.named(query).id)
    return found


def _point(action: Action) -> tuple[float, float] | None:
    if action.shape is None:
        return None
    x, y = shapely.get_coordinates(shapely.point_on_surface(action.shape))[0].tolist()
    return float(x), float(y)


def _neighbourhoods(inputs: PlanInputs, places: Sequence[tuple[float, float] | None]) -> list[str]:
    """Key of the neighbourhood of each place, the lowest where several hold it; empty for none."""
    hoods = inputs.city.neighbourhoods
    rows = [row for row, place in enumerate(places) if place is not None]
    points = shapely.points(np.array([places[row] for row in rows]).reshape(-1, 2))
    tree = shapely.STRtree(np.asarray(hoods.geometry, dtype=object))
    found = [""] * len(places)
    point, polygon = tree.query(points, predicate="intersects")
    for at, row in sorted(zip(point.tolist(), polygon.tolist(), strict=True), reverse=True):
        found[rows[at]] = str(hoods.keys[row])
    return found
