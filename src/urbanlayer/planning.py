"""The plan of a city file, decided without publishing it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer import pipeline
from urbanlayer.errors import CityFileError
from urbanlayer.stages import Errors, Stages, silent
from urbanlayer.votes import read_votes, with_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.cityfile import CityFile
    from urbanlayer.stages import Tell
    from urbanlayer.votes import Rule, Votes


def plan_of(
    city_file: Path | str, *, weights: Sequence[Path] = (), votes: Rule = "mean",
    offline: bool = False, tell: Tell = silent,
) -> dict[str, Any]:  # fmt: skip
    """The plan of a city as `data/plan.json` has it.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
    weights
        Files with the weights that people chose for the themes, instead of those declared; the
        plan then says under `votes` how many they were.
    votes
        How several become one.
    offline
        Whether nothing may be downloaded.
    tell
        Called with the name of each stage as it begins.

    Raises
    ------
    UrbanlayerError
        With every error of the stage that failed; also where the city file has no plan.
    """
    from urbanlayer.publish.data.plan_json import plan_record
    from urbanlayer.publish.disclosure import disclosed

    stages = Stages(tell)
    stages.begin("city file")
    file = pipeline.read_city_file(city_file)
    chosen = None
    if weights:
        chosen = _votes(file, weights, votes)
        file = _weighted(file, chosen)
    with pipeline.network(offline=offline):
        found = pipeline.evaluated(file, stages, Errors())
        publication = pipeline.publication_of(file, found)
        shown = disclosed(pipeline.with_plan(publication, file, found, stages))
    stages.end()
    if shown.plan is None:
        raise CityFileError(Path(city_file).name, ["has neither [plan] nor [scenario.NAME]"])
    record = plan_record(shown, shown.plan)
    return record if chosen is None else {**record, "votes": dataclasses.asdict(chosen)}


def _votes(file: CityFile, weights: Sequence[Path], rule: Rule) -> Votes:
    plan = file.spec.plan
    if plan is None or plan.needs is None:
        raise CityFileError(file.spec.id, ["has no [plan.needs] whose themes could be weighted"])
    return read_votes(weights, list(plan.needs.themes), rule)


def _weighted(file: CityFile, chosen: Votes) -> CityFile:
    assert file.spec.plan is not None  # noqa: S101  (its themes were voted on)
    plan = with_weights(file.spec.plan, chosen)
    return dataclasses.replace(file, spec=file.spec.model_copy(update={"plan": plan}))
