"""The plan of a city file, decided without publishing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer import pipeline
from urbanlayer.errors import CityFileError
from urbanlayer.stages import Errors, Stages, silent

if TYPE_CHECKING:
    from urbanlayer.stages import Tell


def plan_of(city_file: Path | str, *, offline: bool = False, tell: Tell = silent) -> dict[str, Any]:
    """The plan of a city as `data/plan.json` has it.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
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
    with pipeline.network(offline=offline):
        found = pipeline.evaluated(file, stages, Errors())
        publication = pipeline.publication_of(file, found)
        shown = disclosed(pipeline.with_plan(publication, file, found, stages))
    stages.end()
    if shown.plan is None:
        raise CityFileError(Path(city_file).name, ["has neither [plan] nor [scenario.NAME]"])
    return plan_record(shown, shown.plan)
