"""The whole path, read top to bottom: a city file in, a publication out."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer import cityfile, registry
from urbanlayer.errors import (
    CityFileError,
    DataError,
    LayerError,
    NoServiceError,
    SourceError,
    together,
)
from urbanlayer.evaluation.evaluate import answer, with_network
from urbanlayer.model.layer import RawLayer, RawRaster
from urbanlayer.model.travel_modes import travel_modes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager

    from urbanlayer.cityfile import CityFile
    from urbanlayer.model.city import City
    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import NotAnswerable, Result
    from urbanlayer.model.source import Request
    from urbanlayer.model.study_area import StudyArea
    from urbanlayer.model.timetable import RawTimetable, Timetable

Tell = Callable[[str], None]
Progress = Callable[[str, int, int], None]
Raw = RawLayer | RawRaster


def silent(_stage: str) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Stages:
    """Tells each stage as it begins, and keeps how long each took."""

    tell: Tell = silent
    seconds: dict[str, float] = field(default_factory=dict)
    _began: float = 0.0
    _name: str = ""

    def begin(self, name: str) -> None:
        """End the stage before, and begin one."""
        self.end()
        self._name, self._began = name, time.perf_counter()
        self.tell(name)

    def end(self) -> None:
        """End the stage that runs, if one does."""
        if self._name:
            spent = time.perf_counter() - self._began
            self.seconds[self._name] = round(self.seconds.get(self._name, 0.0) + spent, 3)
            self._name = ""


@dataclass(frozen=True, slots=True, eq=False)
class ValidatedLayers:
    """Layers and grids by role, the error of each role that has none, and where the city lies."""

    layers: dict[str, Layer]
    rasters: dict[str, Raster]
    failed: dict[str, DataError]
    frame: StudyArea | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A publication, where it lies, and how long each stage took."""

    publication: Publication
    target: Path
    seconds: Mapping[str, float]


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
        Id of the one indicator to publish; all that the city file asks if not given.
    offline
        Whether what `fetch` brought in is all that may be used of the network.
    tell
        Called with the name of each stage as it begins.

    Returns
    -------
    Built
        The publication and its folder.

    Raises
    ------
    UrbanlayerError
        With every fault of the stage that failed; nothing is published then, and what was
        published before is untouched.
    """
    from urbanlayer.publish import write

    stages = Stages(tell)
    stages.begin("city file")
    file = read_city_file(city_file, only=only)
    target = Path(out) if out is not None else Path("maps") / file.id
    with write.reserved(target), network(offline=offline):
        publication = measure(file, stages)
        stages.begin("page and files")
        from urbanlayer.publish import render
        from urbanlayer.publish.record import record_of

        files = render.files(publication, record_of(publication, stages.seconds))
        write.publish(files, target)
    if out is None:
        from urbanlayer.publish import index_page

        write.put(index_page.front_html(target.parent), target.parent / "index.html")
    stages.end()
    return Built(publication, target, stages.seconds)


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
        Told (address, bytes so far, bytes in all or 0) while something comes in.

    Returns
    -------
    Mapping
        Role of each layer on the network to None, or to the error that kept it from coming.

    Raises
    ------
    CityFileError
        If the city file has faults.
    """
    from urbanlayer.sources import fetching

    file = read_city_file(city_file)
    return fetching.bring_in(
        file.requests(), registry.sources(), refresh=refresh, progress=progress
    )


def network(*, offline: bool) -> AbstractContextManager[object]:
    """How the network may be used within the block."""
    from urbanlayer.sources import fetching

    return fetching.using(offline=offline)


def read_city_file(path: Path | str, *, only: str | None = None) -> CityFile:
    """The city file, checked whole.

    Raises
    ------
    CityFileError
        With every fault; also where `only` names an indicator that the file does not ask.
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
        asked = ", ".join(dict.fromkeys(indicator.id for indicator, _ in file.queries))
        raise CityFileError(Path(path).name, [f"does not ask {only!r}; it asks {asked}"])
    return dataclasses.replace(file, queries=queries)


def measure(file: CityFile, stages: Stages) -> Publication:
    """A city's layers, people and streets, and the answers to what its file asks.

    Raises
    ------
    DataError
        With the faults of every layer that cannot be read or breaks a promise, all at once.
    """
    stages.begin("reading layers")
    raw, failed = read_layers(file)
    stages.begin("checking layers")
    validated = validate_layers(file, raw, failed)
    useless = unusable_feeds(file, validated.failed)
    if refused := [error for role, error in validated.failed.items() if role not in useless]:
        raise together(refused)
    stages.begin("people and streets")
    city = make_city(file, validated.layers, validated.rasters)
    city = with_timetable(city, file, raw, validated)
    stages.begin("walking distances")
    city = with_network(city, file.queries, travel_modes(file.spec.modes))
    stages.begin("indicators")
    results, not_answerable = answer(city, file.queries)
    stages.end()
    return _publication(file, city, results, not_answerable)


def read_layers(file: CityFile) -> tuple[Mapping[str, Raw], Mapping[str, DataError]]:
    """Every layer of the city file as its source reads it, by role; one path is read once.

    Returns
    -------
    raw
        By role, those that could be read.
    failed
        By role, why the others could not; roles of one path share one error.
    """
    from urbanlayer.sources import child

    sources = registry.sources()
    child.start(file.requests())
    import urbanlayer.city.streets  # what comes later is loaded while the child starts
    import urbanlayer.layers  # noqa: F401

    raw: dict[str, Raw] = {}
    failed: dict[str, DataError] = {}
    for (source, _), requests in _by_path(file.requests()).items():
        try:
            raw |= sources[source].read(requests)
        except DataError as error:
            failed |= dict.fromkeys((request.role for request in requests), error)
    return raw, failed


def validate_layers(
    file: CityFile, raw: Mapping[str, Raw], failed: Mapping[str, DataError]
) -> ValidatedLayers:
    """Layers and grids that keep their promises, and why the others do not.

    Raises
    ------
    DataError
        With every fault so far, if it cannot be said where the city lies.
    """
    from urbanlayer import layers as gate

    requests = {request.role: request for request in file.requests()}
    anchor = study_area_role(file)
    placed = raw.get(anchor)
    if placed is None:
        raise together(failed.values())
    if not isinstance(placed, RawLayer):
        raise SourceError(f"layer '{anchor}': is a grid; it must be polygons")
    frame = gate.locate_study_area(placed, requests[anchor], file.spec.crs)
    trusted = gate.reference_role([requests[role] for role in raw])
    reference = None
    validated = ValidatedLayers({}, {}, dict(failed), frame)
    for role in sorted(raw, key=lambda role: role != trusted):  # what the rest is held against
        kept = raw[role]
        try:
            if isinstance(kept, RawRaster):
                validated.rasters[role] = gate.validate_raster(kept, requests[role], frame)
                continue
            layer = gate.validate(kept, requests[role], frame, reference=reference)
            validated.layers[role] = layer
            reference = gate.Reference.of(layer) if role == trusted else reference
        except DataError as error:
            validated.failed[role] = error
    return _in_order(validated, raw)


def _in_order(validated: ValidatedLayers, raw: Iterable[str]) -> ValidatedLayers:
    """The same by the order of the city file."""
    layers, failed = validated.layers, validated.failed
    order = [*raw, *(role for role in failed if role not in raw)]
    return dataclasses.replace(
        validated,
        layers={role: layers[role] for role in order if role in layers},
        failed={role: failed[role] for role in order if role in failed},
    )


def study_area_role(file: CityFile) -> str:
    """The role that says where the city lies."""
    return "boundary" if file.spec.layers["neighbourhoods"].derive else "neighbourhoods"


def make_city(file: CityFile, layers: Mapping[str, Layer], rasters: Mapping[str, Raster]) -> City:
    """Layers to a city: its neighbourhoods, where its people live, the streets they walk."""
    from urbanlayer.city import groups, neighbourhoods, residents, second_source, streets
    from urbanlayer.model.city import City

    spec = file.spec
    if spec.layers["neighbourhoods"].derive:
        hoods = neighbourhoods.voronoi_neighbourhoods(layers["neighbourhoods"], layers["boundary"])
    else:
        drawn, said = layers["neighbourhoods"], spec.layers["neighbourhoods"]
        hoods = neighbourhoods.from_layer(drawn, gap_tolerance_m=said.gap_tolerance_m)
    people = None
    if spec.residents is not None:
        people = residents.allocate_residents(spec.residents, hoods, layers, rasters)
        people = neighbourhoods.with_overlaps_reported(
            people, layers["neighbourhoods"].overlaps_and_gaps
        )
        people = second_source.with_second_source(people, spec.residents, hoods, layers, rasters)
        people = groups.with_groups(people, spec.residents, hoods, layers)
        people = groups.with_deprivation(people, spec.equity, hoods, layers)
    network = streets.build_streets(layers["streets"]) if "streets" in layers else None
    return City(
        crs=spec.crs, neighbourhoods=hoods, residents=people, streets=network,
        layers=layers, rasters=rasters,
    )  # fmt: skip


def unusable_feeds(file: CityFile, failed: Mapping[str, DataError]) -> dict[str, DataError]:
    """Timetables by which nothing runs, or of another city: the rest is answered without them."""
    feeds = {request.role for request in file.requests() if request.spec.source == "gtfs"}
    return {
        role: error
        for role, error in failed.items()
        if role in feeds and isinstance(error, NoServiceError | LayerError)
    }


def with_timetable(
    city: City, file: CityFile, raw: Mapping[str, Raw], validated: ValidatedLayers
) -> City:
    """The city with the timetable of its feed, where an indicator asks about travel by it.

    What was filled in or left out of the timetable joins the notes of its layer. Of feeds that
    hold nothing for the city it is kept why.
    """
    useless = unusable_feeds(file, validated.failed)
    why = {role: " ".join(error.errors) for role, error in useless.items()}
    role, read = _feed(raw, city.layers)
    if read is None or validated.frame is None:
        why |= {"timetable": " ".join(dict.fromkeys(why.values()))} if why else {}
    elif any("timetable" in indicator.needs for indicator, _ in file.queries):
        try:
            timetable = make_timetable(read(), validated.frame)
        except NoServiceError as error:
            why["timetable"] = f"layer '{role}': {error}"
        else:
            layer = city.layers[role]
            noted = dataclasses.replace(layer, notes=(*layer.notes, *timetable.notes))
            layers = {**city.layers, role: noted}
            city = dataclasses.replace(city, timetable=timetable, layers=layers)
    return dataclasses.replace(city, unusable=why)


def _feed(
    raw: Mapping[str, Raw], roles: Iterable[str]
) -> tuple[str, Callable[[], RawTimetable] | None]:
    """The role whose feed tells the trips, `transit` before all others, and what reads them."""
    for role in sorted(roles, key=lambda role: role != "transit"):
        read = getattr(raw.get(role), "timetable", None)
        if read is not None:
            return role, read
    return "", None


def make_timetable(told: RawTimetable, study_area: StudyArea) -> Timetable:
    """The trips of a feed, with its stops in the metres of the city.

    Raises
    ------
    NoServiceError
        No trip runs with at least two known times.
    """
    from urbanlayer.city.timetable import build_timetable
    from urbanlayer.layers.lonlat import lonlat_to_city_crs

    metres = lonlat_to_city_crs(told.lonlat, study_area)
    return build_timetable(told.tables, told.services, day=told.day, to_metres=metres)


def _by_path(requests: Iterable[Request]) -> dict[tuple[str, str], list[Request]]:
    groups: dict[tuple[str, str], list[Request]] = {}
    for request in requests:
        groups.setdefault((request.spec.source, request.spec.path), []).append(request)
    return groups


def _publication(
    file: CityFile,
    city: City,
    results: tuple[Result, ...],
    not_answerable: tuple[NotAnswerable, ...],
) -> Publication:
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.record import warnings_of

    return Publication(
        spec=file.spec,
        city=city,
        results=results,
        indicators={indicator.id: indicator for indicator, _ in file.queries},
        not_answerable=not_answerable,
        excluded=tuple(item for layer in city.layers.values() for item in layer.excluded),
        warnings=warnings_of(city, not_answerable),
        standards=file.standards,
    )
