"""A publication compared with its own record: what is missing, changed, or was put into it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from urbanlayer.errors import DataError
from urbanlayer.publish.published import (
    RECORD,
    foreign_files,
    listed_files,
    read_record,
    record_bytes,
)  # fmt: skip

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Verification:
    """How a folder differs from its record; all names are paths in it.

    Attributes
    ----------
    city
        Id of the city whose publication it is.
    checked
        Number of files that the record lists.
    missing
        Listed, and not there.
    changed
        There with other bytes; `run.json` too, where they are not those that its record gives.
    added
        There, and not listed.
    """

    city: str
    checked: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether the folder is as it was published."""
        return not (self.missing or self.changed or self.added)


def verified(folder: Path) -> Verification:
    """How a publication, or an inventory, differs from its `run.json`.

    Parameters
    ----------
    folder
        Of the publication.

    Raises
    ------
    DataError
        If it is none, or its record lists no files.
    """
    record = read_record(folder)
    if record is None:
        raise DataError(f"{folder}: has no {RECORD} that urbanlayer wrote; name a publication")
    listed = listed_files(record)
    if not listed:
        raise DataError(f"{folder / RECORD}: lists no files; publish again, then verify")
    there = {name: _digest(folder / name) for name in listed}
    changed = [name for name, digest in there.items() if digest and digest != listed[name]]
    if (folder / RECORD).read_bytes() != record_bytes(record):
        changed.append(RECORD)
    return Verification(
        city=record["city"],
        checked=len(listed) + 1,
        missing=tuple(name for name, digest in there.items() if not digest),
        changed=tuple(sorted(changed)),
        added=tuple(foreign_files(folder, listed)),
    )


def _digest(path: Path) -> str:
    """sha256 of a file; empty where there is none that can be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
