"""What a plan is made of, for the city of a city file."""

from __future__ import annotations

import dataclasses
import tomllib

from urbanlayer import editing, pipeline
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.model.plan_inputs import PlanInputs
from urbanlayer.model.plan_specification import PlanSpec, ScenarioSpec
from urbanlayer.stages import Errors, Stages


def inputs_of(city_file, *, plan=None, scenarios=None) -> PlanInputs:
    """The inputs of a plan, with tables as a city file has them."""
    file = pipeline.read_city_file(city_file)
    found = pipeline.evaluated(file, Stages(), Errors())
    return PlanInputs(
        city=found.city,
        queries=file.queries,
        evaluation=found.evaluation,
        shown=found.evaluation.results,
        spec=PlanSpec.model_validate(plan or {}),
        scenarios=_specs(scenarios or {}),
        evaluate=lambda city, queries: evaluate(city, queries, found.evaluation),
        edited=editing.editor(file),
    )


def with_scenario(inputs, table, name="x") -> PlanInputs:
    """The same inputs with one scenario."""
    return dataclasses.replace(inputs, scenarios=_specs({name: table}))


def _specs(scenarios):
    return {name: ScenarioSpec.model_validate(table) for name, table in scenarios.items()}


def results_of(city_file):
    """The results of a city file, built from nothing, by id."""
    found = pipeline.evaluated(pipeline.read_city_file(city_file), Stages(), Errors())
    return found.city, {result.id: result for result in found.evaluation.results}


def table(folder):
    """The table `[plan]` of the city file in a folder."""
    return tomllib.loads((folder / "city.toml").read_text(encoding="utf-8"))["plan"]
