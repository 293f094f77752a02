"""Requests read one after another, their errors reported together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import O, Request


def read_each(
    requests: Sequence[Request[O]], read_one: Callable[[Request[O]], RawLayer | RawRaster]
) -> Mapping[str, RawLayer | RawRaster]:
    """What was read for each request, by role.

    Parameters
    ----------
    requests
        Layers that have nothing in common.
    read_one
        Reads one of them.

    Raises
    ------
    SourceError
        With the errors of every request.
    """
    found: dict[str, RawLayer | RawRaster] = {}
    errors: list[DataError] = []
    for request in requests:
        try:
            found[request.role] = read_one(request)
        except DataError as error:
            errors.append(_of(request, error))
    if errors:
        raise together(errors)
    return found


def _of(request: Request, error: DataError) -> DataError:
    """The error with the layer named in each line; the network does not know what it fetches."""
    named = [
        line if line.startswith("layer ") else f"layer {request.role!r}: {line}"
        for line in error.errors
    ]
    return type(error)(named)
