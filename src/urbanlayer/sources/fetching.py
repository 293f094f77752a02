"""What a city file names on the network, brought into the cache: `urbanlayer fetch`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import DataError
from urbanlayer.sources import border
from urbanlayer.sources._session import using

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from urbanlayer.model.source import Request

__all__ = ["bring_in", "is_downloaded", "using"]


def is_downloaded(request: Request) -> bool:
    """Whether a layer is downloaded, and kept in the cache."""
    here = request.source.local and not any(part.remote for part in request.parts())
    return not here and request.source.cached


def bring_in(
    requests: Sequence[Request],
    *,
    refresh: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[str, DataError | None]:
    """Fetch every layer that comes over the network, and read it once, so that it is known good.

    Parameters
    ----------
    requests
        All layers of a city file.
    refresh
        Whether what the cache holds is fetched again.
    progress
        Called with (address, bytes so far, bytes in all or 0) while something comes in.

    Returns
    -------
    dict
        Role of each downloaded layer, with its error, or None.
    """
    found: dict[str, DataError | None] = {}
    groups: dict[tuple[str, tuple[str, ...]], list[Request]] = {}
    for request in requests:
        if is_downloaded(request):
            groups.setdefault((request.source.id, request.spec.paths), []).append(request)
    with using(refresh=refresh, progress=progress):
        for group in groups.values():
            error: DataError | None = None
            try:
                border.read_by(group[0].source, group)
            except DataError as caught:
                error = caught
            found |= dict.fromkeys((request.role for request in group), error)
    return found
