"""The plan of a city file, decided without publishing it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer import pipeline
from urbanlayer.errors import CityFileError
from urbanlayer.stages import silent, stages_of
from urbanlayer.votes import read_votes, with_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urbanlayer.cityfile import CityFile
    from urbanlayer.model.plan_specification import ScenarioSpec
    from urbanlayer.stages import Report
    from urbanlayer.votes import Rule, Votes


def plan_of(
    city_file: Path | str, *, weights: Sequence[Path] = (), votes: Rule = "mean",
    offline: bool = False, report: Report = silent,
) -> dict[str, Any]:  # fmt: skip
    """The plan of a city as `data/plan.json` has it.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
    weights
        Files with the weights that people chose for the themes, instead of those declared; the
        plan then has under `votes` how many they were.
    votes
        How several become one.
    offline
        Whether nothing may be downloaded.
    report
        Called with the name of each stage as it begins.

    Raises
    ------
    UrbanlayerError
        With every error of the stage that failed; also where the city file has no plan.
    """
    from urbanlayer.publish.data.plan_json import plan_record

    stages = stages_of(report)
    stages.begin("city file")
    file = pipeline.read_city_file(city_file)
    chosen = None
    if weights:
        chosen = _votes(file, weights, votes)
        file = _weighted(file, chosen)
    with pipeline.network(offline=offline):
        shown = pipeline.contents_of(file, stages).shown
    stages.end()
    if shown.plan is None:
        raise CityFileError(Path(city_file).name, ["has neither [plan] nor [scenario.NAME]"])
    record = plan_record(shown, shown.plan)
    return record if chosen is None else {**record, "votes": dataclasses.asdict(chosen)}


def scenarios_of(
    city_file: Path | str,
    names: Sequence[str] = (),
    *,
    added: tuple[str, Path] | None = None,
    offline: bool = False,
    report: Report = silent,
) -> list[dict[str, Any]]:
    """The results before and after scenarios, as `scenarios` of `data/plan.json`.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
    names
        Scenarios of the city file; all of them if neither names nor `added` are given.
    added
        A service and a file with new facilities of it: a scenario by itself.
    offline
        Whether nothing may be downloaded.
    report
        Called with the name of each stage as it begins.

    Raises
    ------
    UrbanlayerError
        With every error of the stage that failed; also where there is no such scenario.
    """
    from urbanlayer.publish.data.plan_json import plan_record

    stages = stages_of(report)
    stages.begin("city file")
    file = pipeline.read_city_file(city_file)
    chosen = _chosen_scenarios(file, Path(city_file).name, names, added)
    spec = file.spec.model_copy(update={"plan": None, "scenario": chosen})
    file = dataclasses.replace(file, spec=spec)
    with pipeline.network(offline=offline):
        shown = pipeline.contents_of(file, stages).shown
    stages.end()
    assert shown.plan is not None  # noqa: S101  (a scenario makes a plan)
    scenarios: list[dict[str, Any]] = plan_record(shown, shown.plan)["scenarios"]
    return scenarios


def _chosen_scenarios(
    file: CityFile, shown: str, names: Sequence[str], added: tuple[str, Path] | None
) -> dict[str, ScenarioSpec]:
    """Scenarios by name, those that are requested."""
    from urbanlayer.model.plan_specification import ScenarioSpec
    from urbanlayer.text.spelling import did_you_mean

    declared = dict(file.spec.scenario)
    unknown = [name for name in names if name not in declared]
    if unknown:
        near = did_you_mean(unknown[0], declared) if declared else "; there is none"
        raise CityFileError(shown, [f"has no [scenario.{unknown[0]}]{near}"])
    if not names and added is None and not declared:
        why = "has no [scenario.NAME]; add one, or use --with FILE --service ROLE"
        raise CityFileError(shown, [why])
    chosen = {name: declared[name] for name in (names or (() if added else declared))}
    if added is not None:
        service, path = added
        chosen[path.stem] = ScenarioSpec(add={service: str(path.resolve())})
    return chosen


def _votes(file: CityFile, weights: Sequence[Path], rule: Rule) -> Votes:
    plan = file.spec.plan
    if plan is None or plan.needs is None:
        raise CityFileError(file.spec.id, ["has no [plan.needs] whose themes could be weighted"])
    return read_votes(weights, list(plan.needs.themes), rule)


def _weighted(file: CityFile, chosen: Votes) -> CityFile:
    assert file.spec.plan is not None  # noqa: S101  (its themes were voted on)
    plan = with_weights(file.spec.plan, chosen)
    return dataclasses.replace(file, spec=file.spec.model_copy(update={"plan": plan}))
