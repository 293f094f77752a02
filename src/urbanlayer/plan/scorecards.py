"""Scorecards of public enterprises, and the indicators of goals.

A scorecard has each of the enterprise's results as it is, and as it would be once all actions of
the programme are done: in a build of the city with their facilities and streets. A facility of an
action stands at a point of its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.model.plan import GoalProgress, Scorecard
from urbanlayer.model.plan_specification import ScenarioSpec
from urbanlayer.plan.actions import read_actions
from urbanlayer.plan.scenario import differences, results_of
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from urbanlayer.model.indicator import IndicatorQuery
    from urbanlayer.model.plan import ProgrammeResult
    from urbanlayer.model.plan_inputs import PlanInputs
    from urbanlayer.model.plan_specification import GoalSpec, NeedIndicatorSpec
    from urbanlayer.plan.actions import Action


def goal_errors(inputs: PlanInputs) -> Iterator[str]:
    """Actions of goals that are none, each error a sentence."""
    known: list[str] = []
    spec = inputs.spec.actions
    if spec is not None and spec.layer in inputs.city.layers:
        layer = inputs.city.layers[spec.layer]
        found, errors = read_actions(layer, spec.columns, inputs.spec.years)
        if errors and not found:
            return  # what cannot be read is reported as such
        known = [one.key for one in found]
    for goal in inputs.spec.goal:
        for key in [key for measure in goal.measures for key in measure.actions]:
            if key not in known:
                near = did_you_mean(key, known) if known else "; there are no [plan.actions]"
                yield f"[[plan.goal]] {goal.id!r}: there is no action {key!r}{near}"


def scorecards(inputs: PlanInputs, programme: ProgrammeResult | None) -> tuple[Scorecard, ...]:
    """The scorecard of each enterprise, in the order of the city file.

    Parameters
    ----------
    inputs
        Without errors.
    programme
        None where no actions are declared.
    """
    if not inputs.spec.enterprise:
        return ()
    queries = [
        [_query_of(one, inputs.queries) for one in enterprise.indicators]
        for enterprise in inputs.spec.enterprise
    ]
    before = inputs.city, {result.query: result for result in inputs.evaluation.results}
    edits = _edits(inputs, programme)
    after = before
    if edits is not None:
        city = inputs.edited(inputs.city, edits)
        every = list({query: (of, query) for one in queries for of, query in one}.values())
        after = city, results_of(city, every, inputs.evaluate)
    return tuple(
        Scorecard(
            results=tuple(differences("", of_one, (before, after))),
            targets={
                query.id: one.target if one.target is not None else query.target
                for one, (_, query) in zip(enterprise.indicators, of_one, strict=True)
            },
            better={query.id: indicator.better for indicator, query in of_one},
            earlier={
                query.id: inputs.earlier[query.id]
                for _, query in of_one
                if query.id in inputs.earlier
            },
        )
        for enterprise, of_one in zip(inputs.spec.enterprise, queries, strict=True)
    )


def goals(inputs: PlanInputs) -> tuple[GoalProgress, ...]:
    """The monitoring indicator of each goal, in the order of the city file."""
    return tuple(_progress(goal, inputs) for goal in inputs.spec.goal)


def _progress(goal: GoalSpec, inputs: PlanInputs) -> GoalProgress:
    if goal.indicator is None:
        return GoalProgress(goal.id)
    _, query = _query_of(goal.indicator, inputs.queries)
    now = next((float(one.city) for one in inputs.shown if one.query == query), float("nan"))
    own = goal.indicator.target if goal.indicator.target is not None else query.target
    return GoalProgress(
        goal.id,
        query=query,
        value=now,
        baseline=now if goal.baseline is None else goal.baseline,
        target=own if goal.target is None else goal.target,
    )


def _query_of(one: NeedIndicatorSpec, queries: Sequence[IndicatorQuery]) -> IndicatorQuery:
    """The one query that is named; the city file was checked for it."""
    return next(
        (indicator, indicator.named(query))
        for indicator, query in queries
        if one.fits(indicator.named(query))
    )


def _edits(inputs: PlanInputs, programme: ProgrammeResult | None) -> ScenarioSpec | None:
    """What the programme builds; None where it builds nothing that has a place."""
    spec = inputs.spec.actions
    if spec is None or programme is None or not programme.actions:
        return None
    done = {action.id for action in programme.actions}
    actions, _ = read_actions(inputs.city.layers[spec.layer], spec.columns, inputs.spec.years)
    placed = [one for one in actions if one.key in done and one.shape is not None]
    facilities: dict[str, list[dict[str, object]]] = {}
    lines: list[list[tuple[float, float]]] = []
    for one in placed:
        if one.is_street:
            lines += _lines(one)
        elif one.service:
            facilities.setdefault(one.service, []).append(_facility(one))
    if not facilities and not lines:
        return None
    return ScenarioSpec.model_validate({"add": facilities, "streets": {"add": lines}})


def _lines(action: Action) -> Iterator[list[tuple[float, float]]]:
    for part in getattr(action.shape, "geoms", [action.shape]):
        yield [(float(x), float(y)) for x, y, *_ in part.coords]


def _facility(action: Action) -> dict[str, object]:
    import shapely

    x, y = shapely.get_coordinates(shapely.point_on_surface(action.shape))[0].tolist()
    return {"id": f"action {action.key}", "x": x, "y": y}
