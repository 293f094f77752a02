"""Files that a city has: `source = "file"`, or no source said at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, together
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.source import Source
from urbanlayer.sources._choose import wanted
from urbanlayer.sources._files import read_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawRaster
    from urbanlayer.model.source import Request


def read(requests: Sequence[Request]) -> Mapping[str, RawLayer | RawRaster]:
    """What the files hold, one answer for each request; a file that several want is read once.

    Raises
    ------
    SourceError
        With the faults of every request.
    """
    found: dict[str, RawLayer | RawRaster] = {}
    errors: list[DataError] = []
    whole: dict[tuple[object, ...], RawLayer | RawRaster] = {}
    for request in requests:
        spec = request.spec
        how = (spec.encoding, spec.x, spec.y, spec.decimal, spec.nodata, spec.bbox)
        alike = (request.path, spec.layer, *how)
        try:
            if alike not in whole:
                whole[alike] = read_file(request)
            raw = whole[alike]
            if isinstance(raw, RawLayer):
                lost = tuple(replace(entry, layer=request.role) for entry in raw.set_aside)
                raw = replace(raw, frame=wanted(raw.frame, request), set_aside=lost)
            found[request.role] = raw
        except DataError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return found


SOURCE = Source(id="file", read=read)
