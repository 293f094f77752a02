"""The whole path, read top to bottom: a city file in, a publication out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer import assembly, cityfile, registry
from urbanlayer.errors import CityFileError, DataError
from urbanlayer.evaluation.answers import Answers
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.stages import Errors, Stages, silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager

    import geopandas as gpd

    from urbanlayer.cityfile import CityFile
    from urbanlayer.model.city import City
    from urbanlayer.model.maturity import Checked, Inventory
    from urbanlayer.model.network_query import NetworkQuery
    from urbanlayer.model.plan import Asked, Evaluate
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.published import Owner
    from urbanlayer.stages import Tell

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A publication, where it lies, and how long each stage took.

    Attributes
    ----------
    publication
        What was published.
    target
        Its folder.
    seconds
        By stage.
    notes
        What went wrong after it was published, each a sentence.
    """

    publication: Publication
    target: Path
    seconds: Mapping[str, float]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Inspected:
    """An inventory, what it was judged by, and where it lies."""

    inventory: Inventory
    checked: Checked
    warnings: tuple[str, ...]
    target: Path


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """A city and the results of the queries of its file, as far as its layers allow.

    Attributes
    ----------
    city
        None where its neighbourhoods cannot be used.
    answers
        To the queries of the city file.
    """

    city: City | None
    answers: Answers


def build(
    city_file: Path | str, out: Path | str | None = None, *, only: str | None = None,
    offline: bool = False, tell: Tell = silent,
) -> Built:  # fmt: skip
    """Publish a city.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
    out
        Folder that becomes the publication; `maps/<city id>` if not given, and then the front
        page `maps/index.html` names it.
    only
        Id of the one indicator to publish; all of the city file if not given.
    offline
        Whether nothing may be downloaded: what `fetch` brought in is used.
    tell
        Called with the name of each stage as it begins.

    Returns
    -------
    Built
        The publication and its folder.

    Raises
    ------
    UrbanlayerError
        With every error of the stage that failed; nothing is published then, and what was
        published before is untouched.
    """
    from urbanlayer.publish import front_page, write

    stages = Stages(tell)
    stages.begin("city file")
    file = read_city_file(city_file, only=only)
    target = Path(out) if out is not None else Path("maps") / file.id
    if out is None:
        front_page.refuse_if_foreign(target.parent)
    with write.reserved(target, owner_of(file)) as folder, network(offline=offline):
        found = evaluated(file, stages, Errors())
        isochrones = isochrones_of(file, found, stages)
        publication = dataclasses.replace(publication_of(file, found), isochrones=isochrones)
        publication = with_plan(publication, file, found, stages)
        stages.begin("page and files")
        from urbanlayer.publish import disclosure, render
        from urbanlayer.publish.record import record_of

        shown = disclosure.disclosed(publication)
        files = render.files(shown, record_of(shown, stages.seconds))
        write.publish(files, folder)
    notes = front_page.renewed(target.parent) if out is None else ()
    stages.end()
    return Built(publication, target, stages.seconds, notes)


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
        Whether nothing may be downloaded: what `fetch` brought in is used.
    tell
        Called with the name of each stage as it begins.

    Returns
    -------
    Inspected
        Layers that cannot be used are in it, with their errors.

    Raises
    ------
    UrbanlayerError
        If the city file has errors, or the folder cannot be written.
    """
    from urbanlayer.publish import inventory, write
    from urbanlayer.publish.disclosure import disclosed_check
    from urbanlayer.publish.record import warnings_of_check

    file = read_city_file(city_file)
    stages = Stages(tell)
    target = Path(out) if out is not None else Path("maps") / f"{file.id}-inventory"
    with write.reserved(target, owner_of(file)) as folder, network(offline=offline):
        earlier = inventory.keys_of_the_run_before(folder)
        checked = disclosed_check(checked_of(file, stages))
        stages.begin("inventory")
        judged = inventory.judged(checked, earlier)
        warnings = warnings_of_check(checked)
        write.publish(inventory.files(judged, warnings), folder)
    stages.end()
    return Inspected(judged, checked, warnings, target)


def owner_of(file: CityFile) -> Owner:
    """Whose publication a city file makes, so that no other city's is replaced."""
    from urbanlayer.publish.published import Owner

    id_stated = file.id_stated and file.spec.reviewed  # a draft states an id made of a name
    return Owner.of(file.id, file.spec.name, id_stated=id_stated)


def evaluated(file: CityFile, stages: Stages, errors: Errors) -> Evaluated:
    """A city file read, validated, assembled and evaluated: the one sequence of every verb.

    Parameters
    ----------
    file
        The city file.
    stages
        Called with the name of each stage as it begins.
    errors
        Whether the first stage with errors ends the run.

    Raises
    ------
    DataError
        With the errors of every layer at once, or of the city, unless they are collected.
    """
    city = city_read(file, stages, errors)
    answers = Answers()
    if city is not None:
        with errors.of(""):
            answers = evaluate(city, file.queries, stage=stages.begin)
    stages.end()
    return Evaluated(city, answers)


def city_read(file: CityFile, stages: Stages, errors: Errors) -> City | None:
    """The city of a city file: read, validated, assembled.

    Parameters
    ----------
    file, stages, errors
        As of `evaluated`.

    Returns
    -------
    City or None
        None where its neighbourhoods cannot be used and errors are collected.

    Raises
    ------
    DataError
        With the errors of every layer at once, unless they are collected.
    """
    stages.begin("reading layers")
    raw, failed = assembly.read_layers(file)
    if errors.collect:
        raw, failed = assembly.read_one_by_one(file, raw, failed)
    stages.begin("checking layers")
    validated = assembly.validate_layers(file, raw, failed, errors)
    tolerated = assembly.unusable_feeds(file, validated.failed)
    errors.of_layers(validated.failed, tolerated=tolerated)
    stages.begin("people and streets")
    city = assembly.city_of(file, validated, errors)
    return None if city is None else assembly.with_timetable(city, file, raw, validated)


def publication_of(file: CityFile, found: Evaluated) -> Publication:
    """What is published of a city file."""
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.record import disclosed_warnings

    city, answers = found.city, found.answers
    if city is None:
        raise DataError("layer 'neighbourhoods': there is none")
    publication = Publication(
        spec=file.spec,
        city=city,
        network=answers.network,
        results=answers.results,
        indicators={indicator.id: indicator for indicator, _ in file.queries},
        not_answerable=answers.not_answerable,
        excluded=tuple(item for layer in city.layers.values() for item in layer.excluded),
        standards=file.standards,
        rests_on=_rests_on(file),
    )
    return dataclasses.replace(publication, warnings=disclosed_warnings(publication))


def with_plan(
    publication: Publication, file: CityFile, found: Evaluated, stages: Stages
) -> Publication:
    """The publication with the plan that its city file declares; itself where it declares none.

    Parameters
    ----------
    publication
        With its results.
    file, found
        The city file, its city and its results.
    stages
        Says the stage as it begins.

    Raises
    ------
    PlanError
        With everything that the layers lack for the plan; nothing is solved then.
    """
    spec = file.spec
    if spec.plan is None and not spec.scenario:
        return publication
    from urbanlayer import editing
    from urbanlayer.model.plan import PlanInputs
    from urbanlayer.model.plan_specification import PlanSpec
    from urbanlayer.plan.stage import planned
    from urbanlayer.publish.disclosure import disclosed

    stages.begin("plan")
    inputs = PlanInputs(
        city=publication.city,
        queries=file.queries,
        answers=found.answers,
        shown=disclosed(publication).results,
        spec=spec.plan or PlanSpec(),
        scenarios=spec.scenario,
        evaluate=remembering(found.answers),
        edited=editing.editor(file),
        earlier=_earlier(file, found),
    )
    return dataclasses.replace(publication, plan=planned(inputs))


def _earlier(file: CityFile, found: Evaluated) -> Mapping[str, float]:
    """The values of the earlier publication that the plan names; nothing where it names none."""
    if file.spec.plan is None or file.spec.plan.earlier is None:
        return {}
    from urbanlayer.publish.earlier import earlier_values

    return earlier_values(file.folder / file.spec.plan.earlier, found.answers.results)


def remembering(known: Answers) -> Evaluate:
    """An evaluation that computes nothing again that rests on the same inputs.

    Parameters
    ----------
    known
        What is known from the start; every further answer joins it.
    """

    def ask(city: City, queries: Iterable[Asked | NetworkQuery]) -> Answers:
        nonlocal known
        known = evaluate(city, queries, known)
        return known

    return ask


def isochrones_of(file: CityFile, found: Evaluated, stages: Stages) -> gpd.GeoDataFrame | None:
    """The isochrones that a city file lists; None where it lists none."""
    if found.city is None or not file.spec.publish.isochrones:
        return None
    from urbanlayer.network.isochrones import isochrones_of_services

    stages.begin("isochrones")
    return isochrones_of_services(found.city, file.spec.publish.isochrones)


def checked_of(file: CityFile, stages: Stages) -> Checked:
    """What a city's layers are, as far as they can be used, and every error of the others."""
    errors = Errors(collect=True)
    return checked(file, evaluated(file, stages, errors), errors)


def checked(file: CityFile, found: Evaluated, errors: Errors) -> Checked:
    """What an evaluation tells of a city's layers.

    Parameters
    ----------
    file
        The city file.
    found
        Its city and results.
    errors
        Of the layers that could not be used.
    """
    from urbanlayer.model.maturity import Checked

    return Checked(
        spec=file.spec,
        queries=file.queries,
        indicators={**registry.indicators(), **{asked.id: asked for asked, _ in file.queries}},
        city=found.city,
        network=found.answers.network,
        errors={role: error.errors for role, error in errors.found.items()},
        results=found.answers.results,
        not_answerable=found.answers.not_answerable,
        reads=_reads(file),
    )


def _reads(file: CityFile) -> tuple[tuple[str, ...], ...]:
    """For each query of a city file what its result rests on; a timetable on the feeds."""
    from urbanlayer.evaluation.reads import reads_of_query
    from urbanlayer.model.travel_modes import travel_modes

    modes = travel_modes(file.spec.modes)
    feeds = tuple(request.role for request in file.requests() if request.source.timetable)
    found = (reads_of_query(*one, modes) for one in file.queries)
    return tuple((*names, *(feeds if "timetable" in names else ())) for names in found)


def _rests_on(file: CityFile) -> Mapping[str, tuple[str, ...]]:
    """Id of each result to what it rests on, with the layers that make residents and areas."""
    from urbanlayer.city.assemble import NEIGHBOURHOODS_OF, roles_of_residents

    made_of = {
        "residents": roles_of_residents(file.spec),
        "origins": roles_of_residents(file.spec),
        "neighbourhoods": NEIGHBOURHOODS_OF,
    }
    found = {}
    for (indicator, query), names in zip(file.queries, _reads(file), strict=True):
        roles = {role for name in names for role in made_of.get(name, ())}
        found[indicator.named(query).id] = tuple(sorted({*names, *roles}))
    return found


def fetch(
    city_file: Path | str, *, refresh: bool = False, progress: Progress | None = None
) -> Mapping[str, DataError | None]:
    """Bring in what a city file names on the network, so that `build` can do without it.

    Parameters
    ----------
    city_file
        Path of the city's TOML file.
    refresh
        Whether what was fetched before is fetched again.
    progress
        Called with (address, bytes so far, bytes in all or 0) during downloads.

    Returns
    -------
    Mapping
        Role of each layer on the network to None, or to the error that kept it from coming.

    Raises
    ------
    CityFileError
        If the city file has errors.
    """
    from urbanlayer.sources import fetching

    file = read_city_file(city_file)
    return fetching.bring_in(file.requests(), refresh=refresh, progress=progress)


def network(*, offline: bool) -> AbstractContextManager[object]:
    """How the network may be used within the block."""
    from urbanlayer.sources import fetching

    return fetching.using(offline=offline)


def read_city_file(path: Path | str, *, only: str | None = None) -> CityFile:
    """The city file, checked whole.

    Raises
    ------
    CityFileError
        With every error; also where `only` names an indicator that the file does not query.
    """
    file = cityfile.read(
        Path(path),
        indicators=registry.indicators(),
        sources=registry.sources(),
        standards=registry.standards(),
    )
    if only is None:
        return file
    queries = tuple((indicator, query) for indicator, query in file.queries if indicator.id == only)
    if not queries:
        queried = ", ".join(dict.fromkeys(indicator.id for indicator, _ in file.queries))
        raise CityFileError(
            Path(path).name, [f"the city file does not query {only!r}; it queries {queried}"]
        )
    publish = file.spec.publish.model_copy(update={"isochrones": {}})
    spec = file.spec.model_copy(update={"publish": publish, "plan": None, "scenario": {}})
    return dataclasses.replace(file, spec=spec, queries=queries)
