"""How much the blocks of an OpenStreetMap file in the PBF format unpack to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_RATIO = 30
"""Unpacked to packed; extracts have 2 to 4."""
SMALL_BYTES = 50_000_000
"""What unpacks to less is never refused."""
_MAX_HEAD = 1 << 16
"""Of a block (wiki.openstreetmap.org/wiki/PBF_Format: 64 KiB)."""
_BEGIN_BYTES = 64
"""Of a block: enough for its sizes, which stand before its content."""
_RAW_SIZE, _BLOB_SIZE = 2, 3
"""Fields of `Blob` and of `BlobHeader`."""


def check_blobs(path: Path, layer_name: str) -> None:
    """Raise if the blocks of a file say that they unpack to far more than an extract's do.

    Parameters
    ----------
    path
        `.osm.pbf`; what is wrong with its blocks is left to its reader, which holds them to what
        they say.
    layer_name
        How messages call the file.

    Raises
    ------
    SourceError
        With the size.
    """
    packed = path.stat().st_size
    unpacked = sum(_unpacked_sizes(path))
    if unpacked > max(SMALL_BYTES, MAX_RATIO * packed):
        raise SourceError(
            f"{layer_name}: it unpacks to {unpacked / 1e6:,.0f} MB, {unpacked / packed:,.0f} "
            "times its "
            "size, which no extract does"
        )


def _unpacked_sizes(path: Path) -> Iterator[int]:
    """What each block says that it unpacks to, up to the first one that is none."""
    with path.open("rb") as file:
        while len(begin := file.read(4)) == 4:  # noqa: PLR2004  (a number of four bytes)
            length = int.from_bytes(begin, "big")
            if length > _MAX_HEAD:
                return
            size = _numbers(file.read(length)).get(_BLOB_SIZE, 0)
            block = file.tell()
            yield _numbers(file.read(min(size, _BEGIN_BYTES))).get(_RAW_SIZE, 0)
            file.seek(block + size)


def _numbers(message: bytes) -> dict[int, int]:
    """The whole numbers at the beginning of a message of Protocol Buffers, by field."""
    found: dict[int, int] = {}
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        value, place = _varint(message, place)
        if key & 7 == 0:
            found[key >> 3] = value
        else:  # bytes, of so many
            place += value
    return found


def _varint(message: bytes, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    number = shift = 0
    while place < len(message):
        byte = message[place]
        number |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:  # noqa: PLR2004  (the highest bit says that more follow)
            break
    return number, place
