"""Digests of values and of source files: the same digest means the same content."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent.parent
READING = ("sources", "layers", "kernels", "text", "model")
"""Packages whose code a validated layer rests on."""
ASSEMBLING = ("city", "kernels", "text", "model")
"""Packages whose code the nouns of a city rest on, besides their layers."""


def digest_of(*parts: object) -> str:
    """The sha256 of some values, in hexadecimal.

    Parameters
    ----------
    parts
        Text, numbers, dates, bytes, arrays (of geometry too), None, and tuples, lists, sets and
        mappings of these. Any other object counts by its `repr`, which must not name its address.
    """
    found = hashlib.sha256()
    for part in parts:
        _add(found, part)
    return found.hexdigest()


def digest_of_contents(*values: object) -> str:
    """The sha256 of values with all that they hold, in hexadecimal: of arguments of a function.

    Parameters
    ----------
    values
        Text, numbers, dates, arrays, None, specifications, dataclasses, and tuples, lists, sets and
        mappings of these.

    Raises
    ------
    TypeError
        A value of another kind: a part of it could change unseen.
    """
    return digest_of(*map(_contents, values))


def _contents(value: Any) -> object:  # noqa: ANN401  (of any kind)
    """A value as texts, numbers, arrays and mappings, with the names of its kinds."""
    kind = type(value).__qualname__
    if value is None or isinstance(value, str | bytes | int | float | dt.date):
        return value
    if isinstance(value, type) or (hasattr(value, "dtype") and not hasattr(value, "tobytes")):
        raise TypeError(f"{kind}: has no digest of its contents")
    if hasattr(value, "dtype"):
        return value
    if dataclasses.is_dataclass(value):
        value = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    elif hasattr(value, "model_dump"):
        value = value.model_dump()
    if isinstance(value, Mapping):
        return kind, [(_contents(name), _contents(one)) for name, one in value.items()]
    if isinstance(value, tuple | list | set | frozenset):
        members = value if isinstance(value, tuple | list) else sorted(value, key=repr)
        return kind, [_contents(one) for one in members]
    raise TypeError(f"{kind}: has no digest of its contents")


@functools.cache
def digest_of_code(*packages: str) -> str:
    """The sha256 of the source files of some of our packages, or of single files.

    Parameters
    ----------
    packages
        Folders or files below `urbanlayer`: `layers`, `indicators/ptal_ai.py`.
    """
    return digest_of(*(_of_package(name) for name in packages))


@functools.cache
def _of_package(name: str) -> str:
    place = PACKAGE / name
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    return digest_of([(file.relative_to(PACKAGE).as_posix(), file.read_bytes()) for file in files])


def _add(found: Any, part: object) -> None:  # noqa: ANN401  (a hash of the standard library)
    """Add a value with its kind and length, so that no two sequences of values look alike."""
    if isinstance(part, Mapping):
        part = [(str(name), value) for name, value in sorted(part.items(), key=lambda i: str(i[0]))]
    if isinstance(part, set | frozenset):
        part = sorted(part, key=repr)
    if hasattr(part, "dtype") and hasattr(part, "tobytes"):
        data = _bytes_of_array(part)
    elif isinstance(part, bytes):
        data = part
    elif isinstance(part, Iterable) and not isinstance(part, str):
        members = list(part)
        found.update(f"[{len(members)}:".encode())
        for member in members:
            _add(found, member)
        return
    else:
        data = f"{type(part).__name__}:{part!r}".encode()
    found.update(f"{len(data)}:".encode())
    found.update(data)


def _bytes_of_array(values: Any) -> bytes:  # noqa: ANN401  (an array of any type)
    import numpy as np
    import shapely

    array = np.asarray(values)
    head = f"{array.shape}{array.dtype}".encode()
    if array.dtype != object:
        return head + np.ascontiguousarray(array).tobytes()
    if all(one is None or isinstance(one, shapely.Geometry) for one in array.ravel()):
        return head + b"".join(one or b"-" for one in shapely.to_wkb(array.ravel()))
    return head + repr(array.tolist()).encode()
