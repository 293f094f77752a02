"""The whole path, read top to bottom: a city file in, a publication out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer import assembly, cityfile, contents, inputs, registry
from urbanlayer.contents import Evaluated
from urbanlayer.errors import CityFileError
from urbanlayer.evaluation.results import Evaluation
from urbanlayer.memory import Sampler
from urbanlayer.outcomes import Built, Inspected, Published
from urbanlayer.stages import Errors, silent, stages_of
from urbanlayer.unchanged import KeptPublication, PublicationEntry, Summary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from urbanlayer.cityfile import CityFile
    from urbanlayer.contents import Contents
    from urbanlayer.errors import DataError
    from urbanlayer.evaluation.changes import Change
    from urbanlayer.evaluation.disk_cache import DiskCache
    from urbanlayer.model.city import City
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.remembering import Remember
    from urbanlayer.publish.published import Owner
    from urbanlayer.stages import Report, Stages

Progress = Callable[[str, int, int], None]


def build(
    city_file: Path | str, out: Path | str | None = None, *, only: str | None = None,
    offline: bool = False, cache: bool = True, profile: bool = False, report: Report = silent,
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
    cache
        Whether what earlier runs made of the same inputs is used, and kept for the next one.
    profile
        Whether the memory of each stage is measured, where the system shows it.
    report
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
    stages = _measured(stages_of(report, cache=cache), profile=profile)
    run = _Run.begun(city_file, out, only=only, offline=offline, stages=stages)
    published = run.publish(unchanged=False)
    assert isinstance(published, Built)  # noqa: S101  (nothing kept was taken)
    return published


def publish(
    city_file: Path | str, out: Path | str | None = None, *, only: str | None = None,
    offline: bool = False, cache: bool = True, profile: bool = False, report: Report = silent,
) -> Published:  # fmt: skip
    """Publish a city, by the files of an earlier run where nothing at all has changed since.

    Parameters
    ----------
    city_file, out, only, offline, cache, profile, report
        As of `build`.

    Raises
    ------
    UrbanlayerError
        As of `build`.
    """
    stages = _measured(stages_of(report, cache=cache), profile=profile)
    run = _Run.begun(city_file, out, only=only, offline=offline, stages=stages)
    return run.publish(unchanged=True)


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """A run that publishes a city.

    Attributes
    ----------
    path, file
        The city file.
    only
        Id of the one indicator to publish.
    target
        The folder of the publication.
    listed
        Whether the index page next to it names it.
    offline
        Whether nothing may be downloaded.
    stages
        Of the run.
    """

    path: Path
    file: CityFile
    only: str | None
    target: Path
    listed: bool
    offline: bool
    stages: Stages

    @classmethod
    def begun(
        cls, path: Path | str, out: Path | str | None, *, only: str | None, offline: bool,
        stages: Stages,
    ) -> _Run:  # fmt: skip
        """A run whose city file is read."""
        stages.begin("city file")
        file = read_city_file(path, only=only)
        target = Path(out) if out is not None else Path("maps") / file.id
        return cls(Path(path), file, only, target, out is None, offline, stages)

    def publish(self, *, unchanged: bool) -> Published:
        """Make the files and publish them; where nothing changed and it may be, those of before."""
        from urbanlayer.publish import index_page, parts_and_whole, write

        stages = self.stages
        if self.listed:
            index_page.refuse_if_foreign(self.target.parent)
            parts_and_whole.refuse_together(self.target.parent, [self.file.spec])
        with (
            write.reserved(self.target, owner_of(self.file)) as folder,
            network(offline=self.offline),
        ):
            entry = PublicationEntry.of(self.file, self.path, self.only, stages.cache)
            kept = entry.found(stages.seconds) if unchanged else None
            publication = None
            if kept is None:
                publication, files = self._made()
                entry.keep(files, publication)
                kept = KeptPublication(files, Summary.of(publication))
            write.publish(kept.files, folder)
        notes = index_page.renewed(self.target.parent) if self.listed else ()
        return self._ended(kept.summary, publication, notes)

    def _made(self) -> tuple[Publication, dict[str, bytes]]:
        """The publication with exact numbers, and the files of what may be shown."""
        remember = self.stages.cache.remembered
        self.stages.meanwhile = partial(_load_what_publishes, self.file, remember)
        found = contents_of(self.file, self.stages)
        from urbanlayer.publish import render
        from urbanlayer.publish.record import record_of

        self.stages.begin("page and files")
        shown = found.shown
        record = record_of(shown, self.stages.seconds)
        return found.exact, render.files(shown, record, remember)

    def _ended(
        self, summary: Summary, publication: Publication | None, notes: tuple[str, ...]
    ) -> Published:
        stages = self.stages
        stages.end()
        if stages.memory is not None:
            stages.memory.stop()
        how: dict[str, Any] = {
            "summary": summary,
            "target": self.target,
            "seconds": stages.seconds,
            "notes": (*notes, *_problem(stages.cache)),
            "changes": _changes(stages.cache, self.path),
            "peak_bytes": stages.peak_bytes,
        }
        return Published(**how) if publication is None else Built(publication=publication, **how)


def _load_what_publishes(file: CityFile, remember: Remember) -> None:
    """Import what comes after the layers are read, and put the page's script together."""
    import urbanlayer.evaluation.evaluate
    import urbanlayer.publish.render  # noqa: F401
    from urbanlayer.publish.page import bundle

    planned = file.spec.plan is not None or bool(file.spec.scenario)
    bundle.texts(plan=planned, tiles=file.spec.publish.tiles is not None, remember=remember)


def _measured(stages: Stages, *, profile: bool) -> Stages:
    """The stages, with their memory measured where it is asked for."""
    stages.memory = Sampler.started() if profile else None
    return stages


def check(
    city_file: Path | str,
    out: Path | str | None = None,
    *,
    offline: bool = False,
    report: Report = silent,
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
    report
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
    stages = stages_of(report)
    target = Path(out) if out is not None else Path("maps") / f"{file.id}-inventory"
    with write.reserved(target, owner_of(file)) as folder, network(offline=offline):
        earlier = inventory.keys_of_the_run_before(folder)
        errors = Errors(collect=True)
        found = evaluated(file, stages, errors)
        checked = disclosed_check(contents.checked_of(file, found, errors))
        stages.begin("inventory")
        judged = inventory.judged(checked, earlier)
        warnings = warnings_of_check(checked)
        write.publish(inventory.files(judged, warnings), folder)
    stages.end()
    return Inspected(judged, checked, warnings, target)


def _changes(cache: DiskCache, city_file: Path) -> tuple[Change, ...]:
    """Why each step was done; the steps are kept for the next run, and too old entries removed."""
    if not cache.keeps:
        return ()
    from urbanlayer.evaluation.changes import changes_since, keep_steps

    changes = changes_since(cache, city_file)
    keep_steps(cache, city_file)
    cache.trim()
    return changes


def _problem(cache: DiskCache) -> tuple[str, ...]:
    """That nothing could be kept, where that is so."""
    if not cache.problem:
        return ()
    return (f"Nothing was kept for the next run: {cache.problem}.",)


def owner_of(file: CityFile) -> Owner:
    """Whose publication a city file makes, so that no other city's is replaced."""
    from urbanlayer.publish.published import Owner

    id_stated = file.id_stated and file.spec.reviewed  # a draft states an id made of a name
    return Owner.of(file.id, file.spec.name, id_stated=id_stated)


def contents_of(file: CityFile, stages: Stages) -> Contents:
    """What is published of a city file: read, validated, assembled, evaluated and planned.

    Parameters
    ----------
    file
        The city file.
    stages
        Called with the name of each stage as it begins.

    Raises
    ------
    UrbanlayerError
        With every error of the first stage that has some.
    """
    return contents.contents_of_evaluation(file, evaluated(file, stages, Errors()), stages)


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
    from urbanlayer.evaluation.evaluate import evaluate
    from urbanlayer.evaluation.known_on_disk import keep, known_on_disk

    evaluation = Evaluation()
    if city is not None:
        with errors.of(""):
            known = known_on_disk(stages.cache)
            evaluation = evaluate(city, file.queries, known, stage=stages.begin)
            keep(evaluation.new, stages.cache)
    stages.end()
    return Evaluated(city, evaluation)


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
    found = inputs.inputs_of(file, stages, errors)
    stages.begin("people and streets")
    city = assembly.city_of(file, found.validated, errors, remember=stages.cache.remembered)
    if city is None:
        return None
    return assembly.with_timetable(city, file, found.validated.failed, found.timetable)


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
    return dataclasses.replace(results_alone(file), queries=queries)


def results_alone(file: CityFile) -> CityFile:
    """The city file without isochrones, plan and scenarios."""
    publish = file.spec.publish.model_copy(update={"isochrones": {}})
    spec = file.spec.model_copy(update={"publish": publish, "plan": None, "scenario": {}})
    return dataclasses.replace(file, spec=spec)
