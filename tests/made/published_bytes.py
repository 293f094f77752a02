"""What stands in the files of a publication, however it is packed."""

from __future__ import annotations

import base64
import io
import re
import sqlite3
import zipfile
import zlib
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DIGEST = re.compile(rb"\b[0-9a-f]{64}\b|sha256-[A-Za-z0-9+/=]{44}")
_TIMES = re.compile(rb'"seconds": {[^}]*}')
_DATES = frozenset({"docProps/core.xml"})


def files_of(folder: Path) -> dict[str, Path]:
    """The files of a folder by their path in it."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def all_bytes(content: bytes) -> Iterator[bytes]:
    """The bytes of a file, and of what is zipped, deflated or in base64 in it."""
    yield content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from all_bytes(archive.read(name))
    if content[:4] == b"%PDF":
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
            try:
                yield zlib.decompress(stream)
            except zlib.error:
                continue
    for part in re.findall(rb"[A-Za-z0-9+/]{40,}={0,2}", content):
        try:
            yield base64.b64decode(part + b"=" * (-len(part) % 4))
        except ValueError:
            continue


def told_by(path: Path) -> list[tuple[str, bytes]]:
    """The content of a file in parts, without digests of inputs and times of the record."""
    return [(name, _without_digests(content)) for name, content in _parts(path)]


def _parts(path: Path) -> Iterator[tuple[str, bytes]]:
    content = path.read_bytes()
    if path.suffix == ".gpkg":
        with sqlite3.connect(path) as read:
            names = "select name from sqlite_master where type = 'table' and name not like 'rtree%'"
            for (table,) in read.execute(names).fetchall():
                for row in read.execute(f'select * from "{table}"'):  # noqa: S608  (a test's own file)
                    yield table, repr(row).encode()
    elif path.suffix == ".parquet":
        table = pq.read_table(path)
        yield path.name, f"{table.to_pydict()}{table.schema.metadata}".encode()
    elif content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name not in _DATES:
                    yield name, archive.read(name)
    else:
        yield path.name, content


def _without_digests(content: bytes) -> bytes:
    return _TIMES.sub(b"", _DIGEST.sub(b"", content))
