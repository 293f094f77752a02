"""OpenStreetMap files that are read to their end, or refused."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.sources._confined.blobs import check_blobs

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def read_whole(path: str, layer_name: str) -> Iterator[None]:
    """An extract is read within the block; what pyosmium raises for a fault of it is one error.

    Parameters
    ----------
    path
        `.osm.pbf` or `.osm`.
    layer_name
        How messages call the file.

    Raises
    ------
    SourceError
        It cannot be read to its end, or unpacks to far more than extracts do.
    """
    if path.endswith(".pbf"):
        check_blobs(Path(path), layer_name)
    try:
        yield
    except RuntimeError as error:  # what pyosmium raises for every fault of a file
        raise SourceError(
            f"{layer_name}: it cannot be read to its end ({error}); download it again"
        ) from error
