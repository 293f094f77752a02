"""How the stages are joined: a city file to raw layers, to validated layers, to a city."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer import registry
from urbanlayer.errors import DataError, LayerError, NoServiceError, SourceError, together
from urbanlayer.model.layer import RawLayer, RawRaster
from urbanlayer.model.note import Note
from urbanlayer.model.role_names import TRANSIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from urbanlayer.cityfile import CityFile
    from urbanlayer.model.city import City
    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.source import Request, Source
    from urbanlayer.model.study_area import StudyArea
    from urbanlayer.model.timetable import RawTimetable, Timetable
    from urbanlayer.stages import Errors

Raw = RawLayer | RawRaster


@dataclass(frozen=True, slots=True, eq=False)
class ValidatedLayers:
    """Layers and grids by role, the error of each role that has none, and where the city lies."""

    layers: dict[str, Layer]
    rasters: dict[str, Raster]
    failed: dict[str, DataError]
    frame: StudyArea | None = None


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
    from urbanlayer.sources.border import begin

    sources = registry.sources()
    by_source = _by_path(file.requests())
    child.start(file.requests())
    for (source, _), requests in by_source.items():
        begin(sources[source], requests)
    import urbanlayer.city.streets  # what comes later is loaded while the children read
    import urbanlayer.layers  # noqa: F401

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
    file: CityFile, raw: Mapping[str, Raw], failed: Mapping[str, DataError], errors: Errors
) -> ValidatedLayers:
    """Layers and grids that keep their promises, and why the others do not.

    Raises
    ------
    DataError
        With every error so far, if it is not known where the city lies and errors are not
        collected.
    """
    study_area = study_area_role(file)
    try:
        return _validated(file, raw, failed)
    except DataError as error:
        if not errors.collect:
            raise
        own = {study_area: error} if study_area in raw else {}
        return ValidatedLayers({}, {}, {**failed, **own})


def _validated(
    file: CityFile, raw: Mapping[str, Raw], failed: Mapping[str, DataError]
) -> ValidatedLayers:
    from urbanlayer import layers as validation

    requests = {request.role: request for request in file.requests()}
    study_area = study_area_role(file)
    placed = raw.get(study_area)
    if placed is None:
        raise together(failed.values())
    if not isinstance(placed, RawLayer):
        raise SourceError(f"layer '{study_area}': is a grid; it must be polygons")
    frame = validation.locate_study_area(placed, requests[study_area], file.spec.crs)
    trusted = validation.reference_role([requests[role] for role in raw])
    reference = None
    validated = ValidatedLayers({}, {}, dict(failed), frame)
    for role in sorted(raw, key=lambda role: role != trusted):  # what the rest is held against
        kept = raw[role]
        try:
            if isinstance(kept, RawRaster):
                validated.rasters[role] = validation.validate_raster(kept, requests[role], frame)
                continue
            layer = validation.validate(kept, requests[role], frame, reference=reference)
            layer = validation.in_one_order(layer, requests[role])
            validated.layers[role] = layer
            reference = validation.Reference.of(layer) if role == trusted else reference
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
    """The role that gives the extent of the city."""
    return "boundary" if file.spec.layers["neighbourhoods"].derive else "neighbourhoods"


def city_of(file: CityFile, validated: ValidatedLayers, errors: Errors) -> City | None:
    """The city that the layers make; where errors are collected, of what there is.

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
            return assemble(spec, layers, rasters)
    return assemble(spec.model_copy(update={"residents": None}), layers, rasters)


def unusable_feeds(file: CityFile, failed: Mapping[str, DataError]) -> dict[str, DataError]:
    """Timetables by which nothing runs, or of another city: the rest is evaluated without them."""
    feeds = {request.role for request in file.requests() if request.source.timetable}
    return {
        role: error
        for role, error in failed.items()
        if role in feeds and isinstance(error, NoServiceError | LayerError)
    }


def with_timetable(
    city: City, file: CityFile, raw: Mapping[str, Raw], validated: ValidatedLayers
) -> City:
    """The city with the timetable of its feed, where an indicator measures travel by it.

    What was filled in or left out of the timetable joins the notes of its layer. Of feeds that
    hold nothing for the city it is kept why.
    """
    useless = unusable_feeds(file, validated.failed)
    why = {role: " ".join(error.errors) for role, error in useless.items()}
    feeds = {
        role: read
        for role in sorted(city.layers, key=lambda role: role != TRANSIT)
        if (read := getattr(raw.get(role), "timetable", None)) is not None
    }
    if len({raw[role].digest for role in feeds}) > 1:
        city = _with_note(city, next(iter(feeds)), Note.of("feeds-apart", layers=", ".join(feeds)))
    if not feeds or validated.frame is None:
        why |= {"timetable": " ".join(dict.fromkeys(why.values()))} if why else {}
    elif any("timetable" in indicator.needs for indicator, _ in file.queries):
        try:
            timetable = make_timetable(
                [one for read in feeds.values() for one in read()], validated.frame
            )
        except NoServiceError as error:
            why["timetable"] = f"layer '{next(iter(feeds))}': {error}"
        else:
            city = _with_note(city, next(iter(feeds)), *timetable.notes)
            city = dataclasses.replace(city, timetable=timetable)
    return dataclasses.replace(city, unusable=why)


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
