"""The digests of the files that layers are read from, without reading them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from urbanlayer.kernels.digests import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from urbanlayer.model.source import Request


def contents_of(
    requests: Iterable[Request], folder: Path, known: dict[Path, str]
) -> Mapping[str, Mapping[str, str] | None]:
    """Names of the files that each layer may be read from, with the digests of their bytes.

    Files that a driver may read with another one count too, and tables that are joined.

    Parameters
    ----------
    requests
        Layers of a city file.
    folder
        Of the city file; paths of joined tables start there.
    known
        Digests of files that this run has read; those of further ones are added.

    Returns
    -------
    Mapping
        By role; None where the source reads no files of this computer, is of another package, or
        a file is not there or cannot be read.
    """
    return {request.role: _content_of(request, folder, known) for request in requests}


def _content_of(request: Request, folder: Path, known: dict[Path, str]) -> dict[str, str] | None:
    source = request.source
    ours = source.read.__module__.startswith("urbanlayer.sources.")
    if not (source.local and ours) or request.remote:
        return None
    joined = [(folder / join.path).resolve() for join in request.spec.joins]
    found: dict[str, list[str]] = {}
    try:
        for path in (*request.paths, *joined):
            if not path.exists():
                return None
            for file in sorted(_files_of(path)):
                known[file] = known.get(file) or _digest(file)
                found.setdefault(file.name, []).append(known[file])
    except OSError:
        return None
    return {name: digest_of(*digests) for name, digests in found.items()}


def _files_of(path: Path) -> Iterator[Path]:
    """All files of a folder; a file and those of the same stem, which drivers read with it."""
    if path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_file())
        return
    stem = f"{path.stem}.".casefold()
    for file in path.parent.iterdir():
        alike = file.name.casefold().startswith(stem) and file.suffix != ".toml"
        if file == path or (alike and file.is_file()):
            yield file


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
