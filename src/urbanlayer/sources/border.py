"""The border of all sources: what a library raises over its input becomes a SourceError."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, SourceError
from urbanlayer.model.addresses import secrets_of, without, without_secrets
from urbanlayer.sources._choose import named
from urbanlayer.sources._confined.faults import FAULTS
from urbanlayer.sources._process import ChildError
from urbanlayer.sources._session import allowed
from urbanlayer.text.printing import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.layer_specification import LayerSpec
    from urbanlayer.model.source import Offer, Request, Source

_MAX_CAUSE = 300
"""Characters of a library's message."""


def begin(source: Source, requests: Sequence[Request]) -> None:
    """Have a source begin to read; what is wrong is reported by `read_by`.

    Parameters
    ----------
    source
        Any, also one of another package.
    requests
        Of this source.
    """
    if source.begin is None:
        return
    with contextlib.suppress(*FAULTS, ChildError, DataError):
        source.begin(requests)


def read_by(source: Source, requests: Sequence[Request]) -> Mapping[str, RawLayer | RawRaster]:
    """What a source reads for these requests, by role.

    Parameters
    ----------
    source
        Any, also one of another package.
    requests
        Of this source.

    Raises
    ------
    SourceError
        If they cannot be read; with the file and the cause where a library refused its content,
        and without the secrets of its address, which a server may repeat in its message.
    """
    with _told(requests), allowed(len(requests)):
        return source.read(requests)


def offered_by(source: Source, spec: LayerSpec) -> Sequence[Offer]:
    """The layers of the server that a source finds at a path.

    Parameters
    ----------
    source
        One that has `offers`.
    spec
        With the address as its path.

    Raises
    ------
    SourceError
        If there is no such server, or its answer cannot be understood; without secrets.
    """
    assert source.offers is not None  # noqa: S101  (the caller has looked)
    request = source.request("server", spec, Path(spec.path))
    with _told([request]), allowed(1):
        return source.offers(request)


@contextlib.contextmanager
def _told(requests: Sequence[Request]) -> Iterator[None]:
    """What is raised within the block as a SourceError, without the secrets of addresses."""
    import pyarrow as pa
    from shapely.errors import ShapelyError

    secrets = frozenset().union(
        *(secrets_of(path) for each in requests for path in each.spec.paths if "://" in path)
    )
    try:
        yield
    except DataError as error:
        told = [printable(without(secrets, text)) for text in error.errors]
        if told == list(error.errors):
            raise
        raise type(error)(told) from None
    except (*FAULTS, ChildError, pa.ArrowException, ShapelyError) as error:
        cause = without(secrets, _cause(error))
        raise SourceError(
            [f"{named(request)}: it cannot be read ({cause})" for request in requests]
        ) from (None if secrets else error)


def _cause(error: BaseException) -> str:
    """The kind of an exception and its message, on one line of printable characters."""
    text = printable(without_secrets(" ".join(str(error).split()))[:_MAX_CAUSE])
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
