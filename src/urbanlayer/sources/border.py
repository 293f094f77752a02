"""The border of all sources: what a library raises over its input becomes a SourceError."""

from __future__ import annotations

import csv
import http.client
import sqlite3
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError, SourceError
from urbanlayer.model.addresses import secrets_of, without, without_secrets
from urbanlayer.sources._choose import named
from urbanlayer.sources.child import ChildError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.source import Request, Source

_STANDARD = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,  # also xml.etree's ParseError
    TypeError,
    ValueError,
    ChildError,
    csv.Error,
    http.client.HTTPException,
    sqlite3.Error,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the standard library raises over damaged input."""
_MAX_CAUSE = 300
"""Characters of a library's message."""


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
        and without the secrets of its address, which a server may repeat in what it says.
    """
    import pyarrow as pa
    from shapely.errors import ShapelyError

    secrets = frozenset().union(
        *(secrets_of(path) for each in requests for path in each.spec.paths if "://" in path)
    )
    try:
        return source.read(requests)
    except DataError as error:
        if not any(secret in str(error) for secret in secrets):
            raise
        raise type(error)([without(secrets, told) for told in error.errors]) from None
    except (*_STANDARD, pa.ArrowException, ShapelyError) as error:
        cause = without(secrets, _cause(error))
        raise SourceError(
            [f"{named(request)}: it cannot be read ({cause})" for request in requests]
        ) from (None if secrets else error)


def _cause(error: BaseException) -> str:
    """The kind of an exception and its message, on one line of printable characters."""
    text = without_secrets(" ".join(str(error).split()))[:_MAX_CAUSE]
    printable = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
    return f"{type(error).__name__}: {printable}" if printable else type(error).__name__
