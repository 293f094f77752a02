"""Archives, of which nothing is unpacked before sizes, names and checksums were checked."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

MAX_UNPACKED_BYTES = 4_000_000_000
MAX_RATIO = 200
"""Unpacked to packed; text and geometry stay far below, and a bomb does not."""
SMALL_BYTES = 50_000
"""An archive that is smaller may pack any better: equal rows, and little of them."""
MAX_MEMBERS = 2_000


def opened_zip(path: Path, layer_name: str) -> zipfile.ZipFile:
    """The archive, open.

    Parameters
    ----------
    path
        Of the archive.
    layer_name
        How messages call the layer.

    Raises
    ------
    SourceError
        If it is none.
    """
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise SourceError(f"{layer_name}: the archive is damaged ({error})") from error


def checked_members(
    archive: zipfile.ZipFile, layer_name: str, *, max_bytes: int = MAX_UNPACKED_BYTES
) -> list[str]:
    """Names of the files in an archive that may be unpacked.

    Parameters
    ----------
    archive
        Open.
    layer_name
        How messages call the layer.
    max_bytes
        That it may have when unpacked.

    Raises
    ------
    SourceError
        If a checksum is wrong, or the archive is larger inside than any data set, points out of
        itself, or holds links.
    """
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    errors = []
    if len(entries) > MAX_MEMBERS:
        errors.append(f"it holds {len(entries)} files")
    size = sum(entry.file_size for entry in entries)
    # entries may lie over one another, so that their sizes add up to more than the file
    packed = min(sum(entry.compress_size for entry in entries), _bytes_of(archive)) or 1
    if size > max_bytes or size > MAX_RATIO * max(packed, SMALL_BYTES):
        errors.append(
            f"it would unpack to {size / 1e6:,.0f} MB, {size / packed:,.0f} times its size"
        )
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
            errors.append(f"it points out of itself ({entry.filename!r})")
        if stat.S_ISLNK(entry.external_attr >> 16):
            errors.append(f"it holds a link ({entry.filename!r})")
    if not errors:
        errors += _damage(archive)
    if errors:
        raise SourceError([f"{layer_name}: the archive is refused: {error}" for error in errors])
    return [entry.filename for entry in entries if not _of_macos(entry.filename)]


def _bytes_of(archive: zipfile.ZipFile) -> int:
    stream = archive.fp
    return stream.seek(0, 2) if stream is not None else 0


def _of_macos(name: str) -> bool:
    """Whether a file is a copy of another's attributes, which macOS packs with it."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith("._")


def _damage(archive: zipfile.ZipFile) -> list[str]:
    try:
        broken = archive.testzip()
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error) as error:
        return [f"it is damaged ({error})"]
    except RuntimeError:
        return ["it is locked with a password"]
    return [] if broken is None else [f"{broken!r} is damaged"]
