"""A Shapefile is several files; whether they belong together, and what letters they hold."""

from __future__ import annotations

import codecs
import contextlib
import shutil
import struct
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.model.note import Note
from urbanlayer.sources._choose import named
from urbanlayer.sources._encoding import beyond_ascii, decoding, likely, score

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from urbanlayer.model.source import Request

_MAX_LISTED = 20
"""Characters of a .cpg file that a note repeats."""
_HEADER_BYTES = 100
_INDEX_RECORD_BYTES = 8
_MOSTLY = 0.5
_DBF_HEAD = struct.Struct("<4xIHH")


def sound_shapefile(path: Path, request: Request, folder: Path, notes: list[Note]) -> Path:
    """The path of a Shapefile whose parts belong together; a copy where its index was missing.

    Raises
    ------
    SourceError
        If a part is missing, cut short, or belongs to another layer.
    """
    parts = {
        file.suffix.casefold(): file for file in path.parent.glob("*") if file.stem == path.stem
    }
    errors = []
    if ".dbf" not in parts:
        errors.append(f"{path.stem}.dbf, which holds its fields, is not next to it")
    declared, actual = _declared_bytes(path), path.stat().st_size
    if declared != actual:
        errors.append(f"it was cut short: {actual:,} of {declared:,} bytes are there")
    if ".dbf" in parts and ".shx" in parts and not errors:
        shapes = (parts[".shx"].stat().st_size - _HEADER_BYTES) // _INDEX_RECORD_BYTES
        rows, whole = _dbf_rows(parts[".dbf"])
        if not whole:
            errors.append(f"{parts['.dbf'].name} was cut short")
        elif rows != shapes:
            errors.append(f"it has {shapes} shapes and its .dbf {rows} rows, of another layer")
    if ".shx" in parts and not errors and (wrong := _wrong_index(path, parts[".shx"])):
        errors.append(wrong)
    if errors:
        raise SourceError(
            [f"{named(request)}: {error}; copy all its parts again" for error in errors]
        )
    if ".shx" in parts:
        return path
    for part in parts.values():
        shutil.copyfile(part, folder / part.name)
    notes.append(Note.of("index-rebuilt"))
    return folder / path.name


def decoded_table(table: pa.Table, path: Path, request: Request, notes: list[Note]) -> pa.Table:
    """A table whose texts hold the bytes of the .dbf one for one, with its texts decoded.

    The codepage is the one that city.toml specifies, else that of the .cpg file if the texts can be
    that, else the one detected from the letters.
    """
    import pyarrow as pa

    names = [
        field.name
        for field in table.schema
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    ]
    telling: list[bytes] = []
    for name in names:
        telling += [text.encode("latin-1") for text in beyond_ascii(table[name])]
    stated, unknown = _stated_codepage(path)
    if unknown and request.spec.encoding is None:
        notes.append(Note.of("cpg-unknown", encoding=unknown))
    if not telling:
        return table
    encoding = request.spec.encoding or _codepage(telling, stated, request, notes)
    for name in names:
        texts = [
            text if text is None or text.isascii() else _decode(text, encoding, request)
            for text in table[name].to_pylist()
        ]
        place = table.column_names.index(name)
        table = table.set_column(place, name, pa.chunked_array([pa.array(texts, pa.string())]))
    return table


def _codepage(telling: list[bytes], stated: str | None, request: Request, notes: list[Note]) -> str:
    found = decoding(telling)
    if stated is not None:
        together = b"\n".join(telling)
        if score(together, stated) >= score(together, found.encoding) - 0.1:
            return stated
        notes.append(Note.of("cpg-wrong", encoding=stated))
    likely(found, named(request))
    if not found.certain:
        notes.append(Note.of("encoding-guessed", encoding=found.shown))
    return found.encoding


_CODEPAGES = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x1F: "cp852", 0x22: "cp852", 0x23: "cp852",
    0x26: "cp866", 0x57: "cp1252", 0x58: "cp1252", 0x59: "cp1252", 0x64: "cp852", 0x65: "cp866",
    0x66: "cp865", 0x69: "mac-latin2", 0x6A: "cp737", 0x6B: "cp857", 0x96: "mac-cyrillic",
    0x97: "mac-latin2", 0x98: "mac-greek", 0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254",
    0xCB: "cp1253", 0xCC: "cp1257",
}  # fmt: skip
"""By the number of a language driver, byte 29 of a .dbf file (dBASE, Visual FoxPro)."""


def _driver_of(table: Path) -> int:
    """The language driver of a .dbf file; 0 where there is none."""
    with contextlib.suppress(OSError), table.open("rb") as content:
        return (content.read(30) + bytes(30))[29]
    return 0


def _stated_codepage(path: Path) -> tuple[str | None, str]:
    """The encoding of the .cpg file, as Python calls it; or None and its text, if unknown.

    Without such a file, the codepage of the .dbf file's language driver.
    """
    file = path.with_suffix(".cpg")
    if not file.exists():
        return _CODEPAGES.get(_driver_of(path.with_suffix(".dbf"))), ""
    written = file.read_text(encoding="ascii", errors="replace").strip()
    text = written.strip("\x00 ").casefold().removeprefix("ansi ").removeprefix("system")
    for name in (text, f"cp{text}"):
        try:
            "".encode(name)  # raises where it is a codec, but not of text
            return codecs.lookup(name).name, ""
        except (LookupError, ValueError):  # ValueError for a NUL inside the name
            continue
    return None, ascii(written[:_MAX_LISTED]) if written else ""


def _decode(text: str, encoding: str, request: Request) -> str:
    try:
        return text.encode("latin-1").decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise SourceError(
            f"{named(request)}: its text is not {encoding} ({error}); set another encoding in "
            "city.toml, or leave the line out and it is found"
        ) from error


def _wrong_index(path: Path, index: Path) -> str:
    """What the .shx file says wrong of the .shp file; empty if nothing.

    Each of its records points to a shape, which begins with its own number.
    """
    import numpy as np

    if _declared_bytes(index) != index.stat().st_size:
        return f"{index.name} states another length than it has"
    shapes = np.fromfile(path, np.uint8)
    starts = np.fromfile(index, ">u4", offset=_HEADER_BYTES).reshape(-1, 2)[:, 0].astype(np.int64)
    starts *= 2
    if not len(starts):
        return ""
    if starts.max() + _INDEX_RECORD_BYTES > len(shapes) or starts.min() < _HEADER_BYTES:
        return f"{index.name} points to shapes that are not there"
    numbers = shapes[starts[:, None] + np.arange(4)].copy().view(">u4").ravel()
    fits = numbers == np.arange(1, len(numbers) + 1)
    if not fits.all() and fits.mean() > _MOSTLY:  # some programs number no shapes
        return f"{index.name} points to another shape for row {int(np.argmin(fits)) + 1}"
    return ""


def _declared_bytes(path: Path) -> int:
    """Length of a .shp or .shx file as its header states it."""
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    if len(head) < _HEADER_BYTES:
        return _HEADER_BYTES
    words: int = struct.unpack(">24xI", head[:28])[0]
    return words * 2


def _dbf_rows(path: Path) -> tuple[int, bool]:
    """Rows that the .dbf file announces, and whether it is long enough to have them."""
    with path.open("rb") as file:
        head = file.read(_DBF_HEAD.size)
    if len(head) < _DBF_HEAD.size:
        return 0, False
    rows, header_bytes, row_bytes = _DBF_HEAD.unpack(head)
    return rows, path.stat().st_size >= header_bytes + rows * row_bytes
