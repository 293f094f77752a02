"""A source: one way to bring data in."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from urbanlayer.model.layer import RawLayer, RawRaster
    from urbanlayer.model.specification import LayerSpec


@dataclass(frozen=True, slots=True)
class Request:
    """One layer that the city file asks a source for."""

    role: str
    spec: LayerSpec
    path: Path
    """The spec's path, made absolute from the city file's folder."""

    @property
    def remote(self) -> bool:
        """Whether the path is an address of the network."""
        return "://" in self.spec.path

    @property
    def shown(self) -> str:
        """File name, or address without credentials: what messages and pages call it."""
        return shown(self.spec.path) if self.remote else self.path.name


@dataclass(frozen=True, slots=True)
class Source:
    """One way to bring data in.

    Attributes
    ----------
    id
        What the city file says in `source = "…"`.
    read
        All requests for one path at once, so that a large file is read once; answers by role.
        Raises `errors.DataError` with every fault of every request.
    local
        Whether a path names a file or folder beside the city file, and not an address.
    """

    id: str
    read: Callable[[Sequence[Request]], Mapping[str, RawLayer | RawRaster]]
    local: bool = True


def shown(address: str) -> str:
    """An address as it may be shown: without user, password or secrets in its query.

    Parameters
    ----------
    address
        `https://user:password@host/path?token=…`

    Returns
    -------
    str
        `https://host/path`
    """
    parts = urllib.parse.urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    pairs = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
    query = urllib.parse.urlencode([(name, value) for name, value in pairs if not _secret(name)])
    return urllib.parse.urlunsplit(
        (parts.scheme, (parts.hostname or "") + port, parts.path, query, "")
    )


def _secret(name: str) -> bool:
    return any(word in name.casefold() for word in ("token", "key", "password", "secret", "sig"))
