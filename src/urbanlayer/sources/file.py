"""Files that a city has: `source = "file"`, or no source at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, together
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.source import BoxOptions, Source
from urbanlayer.sources._choose import wanted
from urbanlayer.sources._formats import begin_file, read_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request


def begin(requests: Sequence[Request[BoxOptions]]) -> None:
    """Have the files read that will be asked for, as far as GDAL has no part in it."""
    for of_file in _alike(requests):
        begin_file(of_file[0])


def read(requests: Sequence[Request[BoxOptions]]) -> Mapping[str, RawLayer | RawRaster]:
    """What the files hold, one layer for each request; a file that several want is read once.

    Raises
    ------
    SourceError
        With the errors of every request.
    """
    found: dict[str, RawLayer | RawRaster] = {}
    errors: list[DataError] = []
    for same_file in _alike(requests):
        try:
            whole = read_file(same_file[0])
        except DataError as error:
            errors.append(_of_all(same_file, error))
            continue
        for request in same_file:
            try:
                found[request.role] = _of_one(whole, request)
            except DataError as error:
                errors.append(error)
    if errors:
        raise together(errors)
    return found


def _alike(requests: Sequence[Request[BoxOptions]]) -> list[list[Request[BoxOptions]]]:
    """Requests that read one file in one way, together."""
    groups: dict[tuple[object, ...], list[Request[BoxOptions]]] = {}
    for request in requests:
        spec, bbox = request.spec, request.options.bbox
        how = (spec.encoding, spec.x, spec.y, spec.decimal, spec.nodata, bbox, spec.crs)
        groups.setdefault((request.path, spec.layer, *how), []).append(request)
    return list(groups.values())


def _of_one(whole: RawLayer | RawRaster, request: Request[BoxOptions]) -> RawLayer | RawRaster:
    """What one layer wants of a file."""
    if not isinstance(whole, RawLayer):
        return whole
    lost = tuple(replace(entry, layer=request.role) for entry in whole.excluded)
    return replace(whole, frame=wanted(whole.frame, request), excluded=lost)


def _of_all(same_file: Sequence[Request[BoxOptions]], error: DataError) -> DataError:
    """The error of a file that several layers want, reported once for all of them."""
    if len(same_file) == 1:
        return error
    roles = ", ".join(repr(request.role) for request in same_file)
    alone = f"layer {same_file[0].role!r} "
    return type(error)([line.replace(alone, f"layers {roles} ", 1) for line in error.errors])


SOURCE = Source(id="file", read=read, options=BoxOptions, begin=begin, gdal=True, stable_keys=False)
