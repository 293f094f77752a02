"""A source: one way to bring data in."""

from __future__ import annotations

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
