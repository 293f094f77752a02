"""What `urbanlayer check` does: a city's layers graded, whether or not all of them can be used."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer import registry
from urbanlayer.errors import DataError
from urbanlayer.evaluation.evaluate import answer, with_network
from urbanlayer.model.travel_modes import travel_modes
from urbanlayer.pipeline import (
    Stages,
    ValidatedLayers,
    make_city,
    network,
    read_city_file,
    read_layers,
    silent,
    study_area_role,
    validate_layers,
    with_timetable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.cityfile import CityFile
    from urbanlayer.model.city import City
    from urbanlayer.model.maturity import Checked, Inventory
    from urbanlayer.model.result import NotAnswerable, Result
    from urbanlayer.pipeline import Raw, Tell


@dataclass(frozen=True, slots=True, eq=False)
class Inspected:
    """An inventory, what it was judged by, and where it lies."""

    inventory: Inventory
    checked: Checked
    warnings: tuple[str, ...]
    target: Path


def check(
    city_file: Path | str,
    out: Path | str | None = None,
    *,
    offline: bool = False,
    tell: Tell = silent,
) -> Inspected:
    """Publish the inventory of a city's layers, with a grade for each, and nothing of its maps.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
    out
        Folder that becomes the inventory; `maps/<city id>-inventory` if not given. The keys of
        the run before are read there.
    offline
        Whether what `fetch` brought in is all that may be used of the network.
    tell
        Called with the name of each stage as it begins.

    Returns
    -------
    Inspected
        Layers that cannot be used are in it, with their faults.

    Raises
    ------
    UrbanlayerError
        If the city file has faults, or the folder cannot be written.
    """
    from urbanlayer.publish import inventory, write
    from urbanlayer.publish.record import warnings_of

    file = read_city_file(city_file)
    stages = Stages(tell)
    target = Path(out) if out is not None else Path("maps") / f"{file.id}-inventory"
    with write.reserved(target), network(offline=offline):
        earlier = inventory.keys_of_the_run_before(target)
        checked = inspect(file, stages)
        stages.begin("inventory")
        judged = inventory.judged(checked, earlier)
        warnings = warnings_of(checked.city, checked.not_answerable) if checked.city else ()
        write.publish(inventory.files(judged, warnings), target)
    stages.end()
    return Inspected(judged, checked, warnings, target)


def inspect(file: CityFile, stages: Stages) -> Checked:
    """What a city's layers are, as far as they can be used, and every fault of the others."""
    from urbanlayer.model.maturity import Checked

    stages.begin("reading layers")
    raw, failed = _each_by_itself(file, *read_layers(file))
    stages.begin("checking layers")
    validated = ValidatedLayers({}, {}, dict(failed))
    if study_area_role(file) in raw:
        try:
            validated = validate_layers(file, raw, failed)
        except DataError as error:
            validated.failed[study_area_role(file)] = error
    stages.begin("people and streets")
    city, whole = _city_of_what_there_is(file, validated)
    results: tuple[Result, ...] = ()
    lost: tuple[NotAnswerable, ...] = ()
    if city is not None:
        city = with_timetable(city, file, raw, validated)
        try:
            stages.begin("walking distances")
            city = with_network(city, file.queries, travel_modes(file.spec.modes))
            stages.begin("indicators")
            results, lost = answer(city, file.queries)
        except DataError as error:
            whole = {"": error}
    return Checked(
        spec=file.spec,
        queries=file.queries,
        indicators={**registry.indicators(), **{asked.id: asked for asked, _ in file.queries}},
        city=city,
        errors={role: error.errors for role, error in {**validated.failed, **whole}.items()},
        results=results,
        not_answerable=lost,
    )


def _each_by_itself(
    file: CityFile, raw: Mapping[str, Raw], failed: Mapping[str, DataError]
) -> tuple[Mapping[str, Raw], Mapping[str, DataError]]:
    """Layers of one path read again one by one, so that each has its own faults alone."""
    sources = registry.sources()
    found, errors = dict(raw), dict(failed)
    for request in file.requests():
        if request.role in failed:
            try:
                found |= sources[request.spec.source].read([request])
                del errors[request.role]
            except DataError as error:
                errors[request.role] = error
    return found, errors


def _city_of_what_there_is(
    file: CityFile, validated: ValidatedLayers
) -> tuple[City | None, Mapping[str, DataError]]:
    """A city without its people where their layers failed, and none without neighbourhoods.

    Returns
    -------
    city
        None where its neighbourhoods, or the boundary that they are cut by, failed.
    errors
        Under the empty role, why the layers do not make a city.
    """
    spec, layers, rasters = file.spec, validated.layers, validated.rasters
    if not {"neighbourhoods", study_area_role(file)} <= set(layers):
        return None, {}
    peopled = set(spec.residents.from_) if spec.residents is not None else set()
    errors: dict[str, DataError] = {}
    if not peopled & set(validated.failed):
        try:
            return make_city(file, layers, rasters), errors
        except DataError as error:
            errors[""] = error
    unpeopled = dataclasses.replace(file, spec=spec.model_copy(update={"residents": None}))
    return make_city(unpeopled, layers, rasters), errors
