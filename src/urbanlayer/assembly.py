"""How the stages are joined: a city file to raw layers, to validated layers, to a city."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from urbanlayer import registry
from urbanlayer.errors import DataError, LayerError, NoServiceError, SourceError, together
from urbanlayer.model.layer import RawLayer, RawRaster
from urbanlayer.model.note import Note
from urbanlayer.model.role_names import TRANSIT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from urbanlayer.cityfile import CityFile
    from urbanlayer.layers import Reference
    from urbanlayer.model.city import City
    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.remembering import Remember
    from urbanlayer.model.source import Request, Source
    from urbanlayer.model.study_area import StudyArea
    from urbanlayer.model.timetable import RawTimetable, Timetable
    from urbanlayer.stages import Errors

Raw = RawLayer | RawRaster
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class ValidatedLayers:
    """Layers and grids by role, the error of each role that has none, and where the city lies."""

    layers: dict[str, Layer]
    rasters: dict[str, Raster]
    failed: dict[str, DataError]
    frame: StudyArea | None = None

    @property
    def roles(self) -> frozenset[str]:
        """Those that were validated."""
        return frozenset({*self.layers, *self.rasters})


def read_layers(
    file: CityFile, wanted: Iterable[Request], meanwhile: Callable[[], None]
) -> tuple[Mapping[str, Raw], Mapping[str, DataError]]:
    """Layers of the city file as their sources read them, by role; one path is read once.

    Parameters
    ----------
    file
        The city file.
    wanted
        The requests of the layers.
    meanwhile
        Called while other processes read.

    Returns
    -------
    raw
        By role, those that could be read.
    failed
        By role, why the others could not; roles of one path share one error.
    """
    from urbanlayer.sources import child
    from urbanlayer.sources.border import begin

    sources = registry.sources()
    requests_to_read = tuple(wanted)
    by_source = _by_path(requests_to_read)
    child.start(requests_to_read)
    for (source, _), requests in by_source.items():
        begin(sources[source], requests)
    import urbanlayer.city.streets  # what comes later is loaded while the children read
    import urbanlayer.layers  # noqa: F401

    meanwhile()
    raw: dict[str, Raw] = {}
    failed: dict[str, DataError] = {}
    for (source, _), requests in by_source.items():
        try:
            raw |= _read_by(sources[source], requests, file)
        except DataError as error:
            failed |= dict.fromkeys((request.role for request in requests), error)
    child.forget()
    return raw, failed


def _read_by(source: Source, requests: Sequence[Request], file: CityFile) -> Mapping[str, Raw]:
    """What a source reads for these requests, with the columns of the tables joined to them."""
    from urbanlayer.sources import border
    from urbanlayer.sources.joining import with_joins

    raw = border.read_by(source, requests)
    errors: list[DataError] = []
    joined: dict[str, Raw] = {}
    for request in requests:
        try:
            joined[request.role] = with_joins(raw[request.role], request, file.folder)
        except DataError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return joined


def read_one_by_one(
    file: CityFile, raw: Mapping[str, Raw], failed: Mapping[str, DataError]
) -> tuple[Mapping[str, Raw], Mapping[str, DataError]]:
    """Layers of one path read again one by one, so that each reports only its own errors."""
    sources = registry.sources()
    found, errors = dict(raw), dict(failed)
    for request in file.requests():
        if request.role in failed:
            try:
                found |= _read_by(sources[request.spec.source], [request], file)
                del errors[request.role]
            except DataError as error:
                errors[request.role] = error
    return found, errors


def validate_layers(
    file: CityFile,
    raw: Mapping[str, Raw],
    failed: Mapping[str, DataError],
    errors: Errors,
    *,
    known: ValidatedLayers | None = None,
) -> ValidatedLayers:
    """Layers and grids that keep their promises, and why the others do not.

    Parameters
    ----------
    file
        The city file.
    raw
        By role.
    failed
        By role, why others could not be read.
    errors
        Whether errors are collected.
    known
        Validated before, of the same file: with where the city lies, and the reference layer.

    Raises
    ------
    DataError
        With every error so far, if it is not known where the city lies and errors are not
        collected.
    """
    study_area = study_area_role(file)
    try:
        return _validated(file, raw, failed, known or ValidatedLayers({}, {}, {}))
    except DataError as error:
        if not errors.collect:
            raise
        own = {study_area: error} if study_area in raw else {}
        return ValidatedLayers({}, {}, {**failed, **own})


def _validated(
    file: CityFile,
    raw: Mapping[str, Raw],
    failed: Mapping[str, DataError],
    known: ValidatedLayers,
) -> ValidatedLayers:
    from urbanlayer import layers as validation

    requests = {request.role: request for request in file.requests()}
    frame = known.frame or _study_area(file, raw, failed)
    trusted = reference_role_of(file, {*raw, *known.roles})
    reference = None
    if raw and trusted in known.layers:
        reference = validation.Reference.of(known.layers[trusted])
    validated = ValidatedLayers({**known.layers}, {**known.rasters}, dict(failed), frame)
    for role in sorted(raw, key=lambda role: role != trusted):  # what the rest is held against
        kept = raw[role]
        try:
            if isinstance(kept, RawRaster):
                validated.rasters[role] = validation.validate_raster(kept, requests[role], frame)
                continue
            layer = _validated_layer(kept, requests[role], frame, reference)
            validated.layers[role] = layer
            reference = validation.Reference.of(layer) if role == trusted else reference
        except DataError as error:
            validated.failed[role] = error
    return _in_order(validated, requests)


def _validated_layer(
    raw: RawLayer, request: Request, frame: StudyArea, reference: Reference | None
) -> Layer:
    """The layer; without features in a part of a country near which the whole has none."""
    from urbanlayer import layers as validation

    try:
        layer = validation.validate(raw, request, frame, reference=reference)
    except LayerError:
        if not validation.holds_none_near(raw, request):
            raise
        return validation.none_near(raw, request, frame.crs)
    return validation.in_one_order(layer, request)


def reference_role_of(file: CityFile, roles: Collection[str]) -> str | None:
    """The role among some whose layer the others are held against; None where there is none."""
    from urbanlayer.layers import reference_role

    return reference_role([request for request in file.requests() if request.role in roles])


def _study_area(
    file: CityFile, raw: Mapping[str, Raw], failed: Mapping[str, DataError]
) -> StudyArea:
    """Where the city lies.

    Raises
    ------
    DataError
        With every error so far, if its layer could not be read.
    """
    from urbanlayer.layers import locate_study_area

    role = study_area_role(file)
    placed = raw.get(role)
    if placed is None:
        raise together(failed.values())
    if not isinstance(placed, RawLayer):
        raise SourceError(f"layer '{role}': is a grid; it must be polygons")
    requests = {request.role: request for request in file.requests()}
    return locate_study_area(placed, requests[role], file.spec.crs)


def _in_order(validated: ValidatedLayers, order: Iterable[str]) -> ValidatedLayers:
    """The same by the order of the city file."""
    roles = tuple(order)

    def _sorted(found: Mapping[str, _T]) -> dict[str, _T]:
        return {role: found[role] for role in roles if role in found}

    return dataclasses.replace(
        validated,
        layers=_sorted(validated.layers),
        rasters=_sorted(validated.rasters),
        failed=_sorted(validated.failed),
    )


def study_area_role(file: CityFile) -> str:
    """The role that gives the extent of the city."""
    return "boundary" if file.spec.layers["neighbourhoods"].derive else "neighbourhoods"


def city_of(
    file: CityFile, validated: ValidatedLayers, errors: Errors, *, remember: Remember
) -> City | None:
    """The city that the layers make; where errors are collected, of what there is.

    Parameters
    ----------
    file
        The city file.
    validated
        Its layers.
    errors
        Whether errors are collected.
    remember
        Gives what is made of the same layers from an earlier run.

    Returns
    -------
    City or None
        Without its residents where their layers failed; None where the neighbourhoods failed, or
        the boundary that they are cut by.

    Raises
    ------
    DataError
        The layers do not make a city, and errors are not collected.
    """
    from urbanlayer.city.assemble import assemble

    spec, layers, rasters = file.spec, validated.layers, validated.rasters
    if not {"neighbourhoods", study_area_role(file)} <= set(layers):
        return None
    placed_by = set(spec.residents.from_) if spec.residents is not None else set()
    if not placed_by & set(validated.failed):
        with errors.of(""):
            return assemble(spec, layers, rasters, remember=remember)
    without = spec.model_copy(update={"residents": None})
    return assemble(without, layers, rasters, remember=remember)


def unusable_feeds(file: CityFile, failed: Mapping[str, DataError]) -> dict[str, DataError]:
    """Timetables by which nothing runs, or of another city: the rest is evaluated without them."""
    feeds = {request.role for request in file.requests() if request.source.timetable}
    return {
        role: error
        for role, error in failed.items()
        if role in feeds and isinstance(error, NoServiceError | LayerError)
    }


def with_timetable(
    city: City,
    file: CityFile,
    failed: Mapping[str, DataError],
    timetable: Callable[[], Timetable] | None,
) -> City:
    """The city with the timetable of its feeds, where an indicator measures travel by it.

    What was filled in or left out of the timetable joins the notes of its layer. Of feeds that
    hold nothing for the city it is kept why.

    Parameters
    ----------
    city
        Without a timetable.
    file
        The city file.
    failed
        By role, why layers could not be used.
    timetable
        Gives the trips of the feeds; None where none can be read.
    """
    useless = unusable_feeds(file, failed)
    why = {role: " ".join(error.errors) for role, error in useless.items()}
    feeds = feeds_of(file, city.layers)
    if len({city.layers[role].provenance.digest for role in feeds}) > 1:
        city = _with_note(city, feeds[0], Note.of("feeds-apart", layers=", ".join(feeds)))
    if not feeds or timetable is None:
        why |= {"timetable": " ".join(dict.fromkeys(why.values()))} if why else {}
    elif needs_timetable(file):
        try:
            found = timetable()
        except NoServiceError as error:
            why["timetable"] = f"layer '{feeds[0]}': {error}"
        else:
            city = _with_note(city, feeds[0], *found.notes)
            city = dataclasses.replace(city, timetable=found)
    return dataclasses.replace(city, unusable=why)


def needs_timetable(file: CityFile) -> bool:
    """Whether an indicator measures travel by a timetable."""
    return any("timetable" in indicator.needs for indicator, _ in file.queries)


def feeds_of(file: CityFile, roles: Collection[str]) -> list[str]:
    """The roles among some that bring timetables, the one of public transport first."""
    feeds = {request.role for request in file.requests() if request.source.timetable}
    return sorted(feeds & set(roles), key=lambda role: (role != TRANSIT, [*roles].index(role)))


def _with_note(city: City, role: str, *notes: Note) -> City:
    """The city with further notes on one of its layers, each once."""
    layer = city.layers[role]
    noted = dataclasses.replace(layer, notes=tuple(dict.fromkeys([*layer.notes, *notes])))
    return dataclasses.replace(city, layers={**city.layers, role: noted})


def make_timetable(feeds: Iterable[RawTimetable], frame: StudyArea) -> Timetable:
    """The trips of feeds, each feed once, with their stops in the metres of the city.

    Raises
    ------
    NoServiceError
        No trip runs with at least two known times.
    """
    from urbanlayer.city.timetable import build_timetable
    from urbanlayer.layers.lonlat import lonlat_to_city_crs

    once: dict[str, RawTimetable] = {}
    for feed in feeds:
        once.setdefault(feed.digest, feed)
    return build_timetable([*once.values()], lambda lonlat: lonlat_to_city_crs(lonlat, frame))


def _by_path(requests: Iterable[Request]) -> dict[tuple[str, tuple[str, ...]], list[Request]]:
    groups: dict[tuple[str, tuple[str, ...]], list[Request]] = {}
    for request in requests:
        groups.setdefault((request.spec.source, request.spec.paths), []).append(request)
    return groups
