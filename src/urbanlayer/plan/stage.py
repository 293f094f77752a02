"""The plan stage: what a city file declares in `[plan]` and `[scenario.NAME]`, decided.

Each part is one function of the inputs and of the need of each neighbourhood:

- `plan.needs.ranked(city, queries, results, spec, seed=…) -> Ranking`
- `plan.siting.sited(inputs, needs) -> tuple[SitingResult, ...]`
- `plan.programme.programmed(inputs, needs) -> ProgrammeResult`, where actions are declared
- `plan.scenario.compared(inputs, cities) -> tuple[ScenarioResult, ...]`
- `plan.scorecards.scorecards(inputs, programme)`, `plan.scorecards.goals(inputs)`

`needs` is the weight of each neighbourhood's people by its key (`plan.needs.need_weights`), or
None where no needs are declared. With each comes a function of the inputs that yields what the
layers lack for it, each error a sentence: `siting_errors(inputs)`, `programme_errors(inputs)`,
`goal_errors(inputs)`,
`edited_cities(inputs)`, with the cities; all of them are raised together before anything is solved.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.errors import PlanError
from urbanlayer.model.plan import Plan
from urbanlayer.plan.actions import names_of
from urbanlayer.plan.needs import need_weights, ranked
from urbanlayer.plan.programme import programme_errors, programmed
from urbanlayer.plan.scenario import compared, edited_cities
from urbanlayer.plan.scorecards import goal_errors, goals, scorecards
from urbanlayer.plan.siting import sited
from urbanlayer.plan.siting_inputs import siting_errors

if TYPE_CHECKING:
    from urbanlayer.model.plan import Ranking, SitingResult
    from urbanlayer.model.plan_inputs import PlanInputs


def planned(inputs: PlanInputs) -> Plan:
    """The plan of a city.

    Parameters
    ----------
    inputs
        The city, its results, and what the city file declares.

    Raises
    ------
    PlanError
        With everything that the layers lack for the plan; nothing is solved then.
    """
    cities, impossible = edited_cities(inputs)
    errors = [*siting_errors(inputs), *programme_errors(inputs), *goal_errors(inputs), *impossible]
    if errors:
        raise PlanError(errors)
    ranking = _ranking(inputs)
    weights = None if ranking is None else need_weights(ranking)
    programme = programmed(inputs, weights) if inputs.spec.actions is not None else None
    return Plan(
        spec=inputs.spec,
        ranking=ranking,
        siting=_placed(inputs, sited(inputs, weights)),
        programme=programme,
        scenarios=compared(inputs, cities),
        scorecards=scorecards(inputs, programme),
        goals=goals(inputs),
    )


def _placed(inputs: PlanInputs, results: tuple[SitingResult, ...]) -> tuple[SitingResult, ...]:
    """The results with the service of each, and where its chosen sites lie, with their names."""
    found = []
    for spec, result in zip(inputs.spec.siting, results, strict=True):
        layer = inputs.city.layers[spec.candidates]
        features = layer.frame.loc[list(result.chosen)]
        chosen = features.geometry
        points = shapely.point_on_surface(np.asarray(chosen, dtype=object))
        places = {
            str(key): (float(x), float(y))
            for key, (x, y) in zip(chosen.index, shapely.get_coordinates(points), strict=True)
        }
        public = layer.provenance.public_names
        names = {
            str(key): names_of({str(name): cell for name, cell in cells.items()}, public)
            for key, cells in zip(features.index, features.to_dict("records"), strict=True)
        }
        found.append(dataclasses.replace(result, service=spec.service, places=places, names=names))
    return tuple(found)


def _ranking(inputs: PlanInputs) -> Ranking | None:
    if inputs.spec.needs is None:
        return None
    return ranked(
        inputs.city, inputs.queries, inputs.shown, inputs.spec.needs, seed=inputs.spec.seed
    )
