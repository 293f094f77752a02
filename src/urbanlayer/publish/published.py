"""What a folder holds that may be replaced: whose publication it is, and which files are of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from urbanlayer.model.text import Text

RECORD = "run.json"
_BY_VIEWERS = (".ds_store", "thumbs.db", "desktop.ini", ".gpkg-wal", ".gpkg-shm", ".gpkg-journal")
"""Endings of files that viewers leave next to what they open."""
_MAX_NAMED = 3


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose publication a folder is.

    Attributes
    ----------
    city
        The city's id.
    names
        Its name in each language where the id was made of a file name, which two cities may
        share; empty where the city file states the id.
    """

    city: str
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, city: str, name: Text, *, id_stated: bool) -> Owner:
        """The owner that a city file names."""
        return cls(city, frozenset() if id_stated else _names(name))


def digests_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """sha256 of each file of a publication, by its path in it, for `run.json`."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}


def record_bytes(record: Mapping[str, Any]) -> bytes:
    """`run.json`: the record with a digest of itself, as JSON with sorted keys."""
    whole = json.loads(_as_text(record))
    return (_as_text({**whole, "record_sha256": digest_of_record(whole)}) + "\n").encode("utf-8")


def digest_of_record(record: Mapping[str, Any]) -> str:
    """sha256 of a record as it is read from JSON, but for the digest that it holds."""
    rest = {name: value for name, value in record.items() if name != "record_sha256"}
    return hashlib.sha256(_as_text(rest).encode("utf-8", "surrogatepass")).hexdigest()


def _as_text(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True, default=dict)


def read_record(folder: Path) -> dict[str, Any] | None:
    """The folder's `run.json`; None if it is not one that urbanlayer wrote."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    ours = (
        isinstance(record, dict)
        and isinstance(record.get("city"), str)
        and isinstance(record.get("versions"), dict)
        and "urbanlayer" in record["versions"]
    )
    return record if ours else None


def listed_files(record: Mapping[str, Any]) -> dict[str, str]:
    """sha256 by path, as a record lists them; empty where it lists none."""
    listed = record.get("files")
    if not isinstance(listed, dict):
        return {}
    return {name: digest for name, digest in listed.items() if isinstance(digest, str)}


def foreign_files(folder: Path, listed: Collection[str]) -> Iterator[str]:
    """Files in a publication that are neither of it nor left by viewers, by path, in order."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        known = name in listed or name == RECORD or name.casefold().endswith(_BY_VIEWERS)
        if not known and (path.is_symlink() or not path.is_dir()):
            yield name


def refuse_what_is_not_ours(folder: Path, owner: Owner, shown: Path) -> None:
    """Raise unless the folder is missing, empty, or a publication of the owner.

    Parameters
    ----------
    folder
        The target.
    owner
        Whose publication will be put there.
    shown
        What messages call the target.

    Raises
    ------
    TargetError
        If anything would be lost that is not a publication of this city.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not folder.is_dir():
        raise TargetError(f"{shown}: is a file; name a folder")
    if not (folder / RECORD).exists():
        raise TargetError(
            f"{shown}: holds files and no {RECORD}, so it is not a publication; "
            "name an empty or a new folder with --out"
        )
    record = read_record(folder)
    if record is None:
        raise TargetError(
            f"{shown}: its {RECORD} is not one that urbanlayer wrote, so it is not a publication; "
            "name an empty or a new folder with --out"
        )
    _refuse_another_city(record, owner, shown)
    listed = listed_files(record)
    others = list(foreign_files(folder, listed)) if listed else []
    if others:
        more = f" and {len(others) - _MAX_NAMED} more" if len(others) > _MAX_NAMED else ""
        named = ", ".join(others[:_MAX_NAMED]) + more
        raise TargetError(
            f"{shown}: holds files that are not of the publication ({named}) and would be deleted "
            "with it; move them, or name another folder with --out"
        )


def _refuse_another_city(record: Mapping[str, Any], owner: Owner, shown: Path) -> None:
    if record["city"] != owner.city:
        raise TargetError(
            f"{shown}: holds the publication of another city, {record['city']!r}; this one is "
            f"{owner.city!r}; name another folder with --out"
        )
    there = _names(record.get("name"))
    if owner.names and there and not owner.names & there:
        raise TargetError(
            f"{shown}: holds the publication of another city, {min(there)!r}, whose id is also "
            f'{owner.city!r}; give this one an id of its own (id = "…") in its city file'
        )


def _names(name: Any) -> frozenset[str]:  # noqa: ANN401  (whatever a record holds)
    texts = name.values() if isinstance(name, dict) else [name]
    return frozenset(text for text in texts if isinstance(text, str))
