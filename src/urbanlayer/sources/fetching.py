"""What a city file names on the network, brought into the cache: `urbanlayer fetch`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import DataError
from urbanlayer.sources._fetch import using

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from urbanlayer.model.source import Request, Source

__all__ = ["bring_in", "comes_over_the_network", "using"]

NEVER_KEPT = frozenset({"postgis"})
"""A database is asked anew each time."""


def comes_over_the_network(request: Request, source: Source) -> bool:
    """Whether a layer is fetched, and kept in the cache."""
    here = source.local and not request.remote
    return not here and source.id not in NEVER_KEPT


def bring_in(
    requests: Sequence[Request],
    sources: Mapping[str, Source],
    *,
    refresh: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[str, DataError | None]:
    """Fetch every layer that comes over the network, and read it once, so that it is known good.

    Parameters
    ----------
    requests
        All layers of a city file.
    sources
        By id.
    refresh
        Whether what the cache holds is fetched again.
    progress
        Told (address, bytes so far, bytes in all or 0) while something comes in.

    Returns
    -------
    dict
        Role of each layer that was asked for, with the error that kept it from coming.
    """
    told: dict[str, DataError | None] = {}
    remote = [
        request
        for request in requests
        if comes_over_the_network(request, sources[request.spec.source])
    ]
    groups = dict.fromkeys((request.spec.source, request.spec.path) for request in remote)
    with using(refresh=refresh, progress=progress):
        for source, path in groups:
            asked = [
                each for each in remote if (each.spec.source, each.spec.path) == (source, path)
            ]
            error: DataError | None = None
            try:
                sources[source].read(asked)
            except DataError as caught:
                error = caught
            told |= dict.fromkeys((request.role for request in asked), error)
    return told
