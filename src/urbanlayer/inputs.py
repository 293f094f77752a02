"""The layers of a city file, validated: those unchanged from the cache, the others read anew."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from urbanlayer import assembly
from urbanlayer.assembly import ValidatedLayers
from urbanlayer.evaluation.disk_cache import Step
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.layer import Layer, Raster
from urbanlayer.model.study_area import StudyArea
from urbanlayer.model.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urbanlayer.assembly import Raw
    from urbanlayer.cityfile import CityFile
    from urbanlayer.evaluation.disk_cache import DiskCache
    from urbanlayer.model.source import Request
    from urbanlayer.stages import Errors, Stages

MadeOf = dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What a city is assembled from.

    Attributes
    ----------
    validated
        Layers and grids by role.
    timetable
        Gives the trips of the feeds; None where the city file has no feed that can be read. Raises
        `errors.NoServiceError` where nothing runs.
    """

    validated: ValidatedLayers
    timetable: Callable[[], Timetable] | None


def inputs_of(file: CityFile, stages: Stages, errors: Errors) -> Inputs:
    """The layers of a city file, validated, and its timetable.

    Parameters
    ----------
    file
        The city file.
    stages
        Called with the name of each stage as it begins; its cache keeps what was validated.
    errors
        Whether the first stage with errors ends the run.

    Raises
    ------
    DataError
        With the errors of every layer at once, unless they are collected.
    """
    stages.begin("reading layers")
    known = _known(file, stages.cache)
    wanted = [request for request in file.requests() if request.role not in known.validated.roles]
    raw, failed = ({}, {}) if not wanted else assembly.read_layers(file, wanted, stages.meanwhile)
    if errors.collect:
        raw, failed = assembly.read_one_by_one(file, raw, failed)
    stages.begin("checking layers")
    validated = assembly.validate_layers(file, raw, failed, errors, known=known.validated)
    known.keep(validated, read=raw)
    tolerated = assembly.unusable_feeds(file, validated.failed)
    errors.of_layers(validated.failed, tolerated=tolerated)
    timetable = known.timetable or _timetable_of(file, raw, validated.frame)
    return Inputs(validated, known.kept_timetable(timetable, validated))


def _timetable_of(
    file: CityFile, raw: Mapping[str, Raw], frame: StudyArea | None
) -> Callable[[], Timetable] | None:
    """What gives the trips of the feeds that were read."""
    trips = [getattr(raw.get(role), "timetable", None) for role in assembly.feeds_of(file, raw)]
    feeds = [read for read in trips if read is not None]
    if not feeds or frame is None:
        return None
    return lambda: assembly.make_timetable([one for read in feeds for one in read()], frame)


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What the cache holds of a city file's inputs, and the keys of what it does not.

    Attributes
    ----------
    file, cache
        The city file, and where inputs are kept.
    own
        By role: the files that the layer is read from and its table, each with its digest; None
        where they are not known before it is read.
    validated
        Those that are kept.
    timetable
        Gives the one that is kept.
    """

    file: CityFile
    cache: DiskCache
    own: Mapping[str, MadeOf | None] = field(default_factory=dict)
    validated: ValidatedLayers = field(default_factory=lambda: ValidatedLayers({}, {}, {}))
    timetable: Callable[[], Timetable] | None = None

    def keep(self, validated: ValidatedLayers, *, read: Mapping[str, Raw]) -> None:
        """Keep where the city lies, and the layers and grids that were read and validated."""
        if validated.frame is None or not self.cache.keeps:
            return
        area = self.of_study_area()
        if area is not None and self.validated.frame is None:
            self.cache.put(self.cache.key(STUDY_AREA, area), validated.frame)
        there = {*read, *self.validated.roles}
        trusted = validated.layers.get(assembly.reference_role_of(self.file, there) or "")
        for role in read:
            value = validated.layers.get(role) or validated.rasters.get(role)
            made_of = self.of_layer(role, validated.frame, trusted)
            if value is not None and made_of is not None:
                key = self.cache.key(_step(role), made_of)
                self.cache.put(key, value)
                self.cache.steps.append(Step(_step(role), key, made_of, reused=False))

    def kept_timetable(
        self, timetable: Callable[[], Timetable] | None, validated: ValidatedLayers
    ) -> Callable[[], Timetable] | None:
        """The same timetable, remembered."""
        made_of = self.of_timetable(validated.frame)
        if timetable is None or made_of is None:
            return timetable
        return functools.partial(self.cache.remembered, TIMETABLE, made_of, timetable)

    def of_study_area(self) -> MadeOf | None:
        """What decides where the city lies."""
        own = self.own.get(assembly.study_area_role(self.file))
        return None if own is None else {**own, "crs": self.file.spec.crs}

    def of_layer(self, role: str, frame: StudyArea, trusted: Layer | None) -> MadeOf | None:
        """What a layer rests on, once it is known where the city lies and what it is held to."""
        own = self.own.get(role)
        if own is None:
            return None
        held = {"reference layer": "none"}
        if trusted is not None and trusted.role != role:
            held = {f"reference layer of {trusted.role}": trusted.digest}
        return {**own, **self._study_area(frame), **held}

    def _study_area(self, frame: StudyArea) -> MadeOf:
        role = assembly.study_area_role(self.file)
        return {f"study area of {role}": digest_of(repr(frame))}

    def of_timetable(self, frame: StudyArea | None) -> MadeOf | None:
        """What the timetable rests on: all feeds, and where the city lies."""
        feeds = assembly.feeds_of(self.file, list(self.own))
        own = [self.own[role] for role in feeds]
        if frame is None or not feeds or None in own:
            return None
        return {
            **self._study_area(frame),
            **{name: digest for one in own for name, digest in (one or {}).items()},
        }


STUDY_AREA, TIMETABLE = "study area", "timetable"
"""Names of steps."""


def _step(role: str) -> str:
    return f"layer {role}"


def _known(file: CityFile, cache: DiskCache) -> _Known:
    """What the cache holds of a city file's inputs."""
    if not cache.keeps:
        return _Known(file, cache)
    from urbanlayer.sources.content import contents_of

    contents = contents_of(file.requests(), file.folder, cache.file_digests)
    known = _Known(file, cache, {one.role: _own(one, contents) for one in file.requests()})
    area = known.of_study_area()
    found, frame = (False, None) if area is None else cache.get(cache.key(STUDY_AREA, area))
    if not found or not isinstance(frame, StudyArea):
        return known
    kept = ValidatedLayers({}, {}, {}, frame)
    trusted = assembly.reference_role_of(file, known.own)
    if trusted is not None and not _load(known, kept, trusted, None):
        return known  # everything is held against it
    for role in known.own:
        if role != trusted:
            _load(known, kept, role, kept.layers.get(trusted or ""))
    return _with_timetable(replace(known, validated=kept))


def _not_needed() -> Timetable:
    raise AssertionError("no indicator measures travel by a timetable")


def _own(request: Request, contents: Mapping[str, Mapping[str, str] | None]) -> MadeOf | None:
    """The files of a layer and its table in the city file, each with its digest."""
    content = contents[request.role]
    if content is None:
        return None
    how = (request.as_of, request.placeless, request.none_near)
    table = digest_of(request.spec.model_dump(), *how)
    return {**content, f"[layers.{request.role}]": table}


def _load(known: _Known, kept: ValidatedLayers, role: str, trusted: Layer | None) -> bool:
    """Put what the cache holds of a role to what is kept; whether it holds it."""
    assert kept.frame is not None  # noqa: S101  (the caller has found it)
    made_of = known.of_layer(role, kept.frame, trusted)
    if made_of is None:
        return False
    key = known.cache.key(_step(role), made_of)
    found, value = known.cache.get(key)
    if isinstance(value, Layer):
        kept.layers[role] = value
    elif isinstance(value, Raster):
        kept.rasters[role] = value
    else:
        return False
    known.cache.steps.append(Step(_step(role), key, made_of, reused=found))
    return True


def _with_timetable(known: _Known) -> _Known:
    """The same with the timetable, or without the feeds where it is not kept: they are read."""
    if not assembly.needs_timetable(known.file):
        return replace(known, timetable=_not_needed)
    feeds = assembly.feeds_of(known.file, list(known.own))
    made_of = known.of_timetable(known.validated.frame)
    found, value = False, None
    if made_of is not None and set(feeds) <= known.validated.roles:
        found, value = known.cache.get(known.cache.key(TIMETABLE, made_of))
    if found and isinstance(value, Timetable):
        return replace(known, timetable=lambda: value)
    for role in feeds:
        known.validated.layers.pop(role, None)
    return known
