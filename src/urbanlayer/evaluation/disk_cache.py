"""A cache on disk: what slow steps made, each under the digest of all that it rests on.

An entry is read back only where its key is equal and its own digest is right; its age never
counts. Keys hold the digests of the inputs, the parameters, our code and the versions of the
libraries, so a changed input never meets an old result. The folder belongs to its user alone;
entries are pickled, which is safe as far as nobody else may write to it: a folder that others own
or may write to is not used.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from urbanlayer.files.replacing import PART, write_whole
from urbanlayer.kernels.digests import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

T = TypeVar("T")

_HEAD = b"urbanlayer cache 1\n"
MAX_BYTES = 4_000_000_000
"""Of all entries; the ones that were not used for longest are removed first."""
MAX_ENTRY_BYTES = 1_000_000_000
_STALE_S = 24 * 3600.0
"""A temporary file of a killed run is removed after this."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a run, and whether its result came from the cache.

    Attributes
    ----------
    name
        `layer green`, `coverage_within.school.800`.
    key
        Of its entry.
    made_of
        What it rests on, by name, each with its digest.
    reused
        Whether the result was in the cache.
    """

    name: str
    key: str
    made_of: Mapping[str, str]
    reused: bool


@dataclass(slots=True)
class DiskCache:
    """Entries by key, in a folder of the user; without a folder nothing is kept.

    Attributes
    ----------
    folder
        Of the entries; None where nothing is kept.
    max_bytes
        Of all entries.
    steps
        Of this run, in their order.
    problem
        Why entries cannot be kept; empty as long as they can.
    file_digests
        Of the files of inputs, each read once in a run.
    """

    folder: Path | None = None
    max_bytes: int = MAX_BYTES
    steps: list[Step] = field(default_factory=list)
    problem: str = ""
    file_digests: dict[Path, str] = field(default_factory=dict)

    @classmethod
    def opened(cls, folder: Path, *, max_bytes: int = MAX_BYTES) -> DiskCache:
        """The cache in a folder, which is made; one that keeps nothing where that cannot be.

        Parameters
        ----------
        folder
            Anywhere; of this user alone.
        max_bytes
            Of all entries.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            found = folder.stat()
        except OSError as error:
            return cls(problem=f"{folder}: {error.strerror or error}")
        if not _is_private(found):
            return cls(problem=f"{folder}: others may write to it, or own it")
        return cls(folder, max_bytes)

    @property
    def keeps(self) -> bool:
        """Whether entries can be kept."""
        return self.folder is not None

    def remembered(self, name: str, made_of: Mapping[str, str], make: Callable[[], T]) -> T:
        """What a step makes: the entry where there is one, else made and kept.

        Parameters
        ----------
        name
            Of the step.
        made_of
            All that the result rests on, by name, each with its digest. One that is empty is not
            known, and the result is not kept.
        make
            The step; what it raises is passed on, and nothing is kept.
        """
        key = self.key(name, made_of)
        found, value = self.get(key)
        self.steps.append(Step(name, key, made_of, reused=found))
        if found:
            return cast("T", value)  # the key says what the entry is
        made = make()
        if all(made_of.values()):
            self.put(key, made)
        return made

    def key(self, name: str, made_of: Mapping[str, str]) -> str:
        """The key of a step's entry: of its name, what it rests on, code and libraries."""
        if not self.keeps:
            return ""
        from urbanlayer.evaluation.code_digests import digest_of_installation

        return digest_of(name, made_of, digest_of_installation())

    def get(self, key: str) -> tuple[bool, object]:
        """Whether there is an entry, and its value; a wrong or cut one counts as none."""
        if self.folder is None:
            return False, None
        from urbanlayer.evaluation import pickling

        place = self._place(key)
        try:
            with place.open("rb") as file:
                content = file.read(MAX_ENTRY_BYTES + len(_HEAD) + hashlib.sha256().digest_size)
            value = pickling.loads(_checked(content))
            os.utime(place)
        except FileNotFoundError:
            return False, None
        except (OSError, *pickling.BROKEN):
            with contextlib.suppress(OSError):
                place.unlink()
            return False, None
        return True, value

    def put(self, key: str, value: object) -> None:
        """Keep a value, where there is room for it; nothing else can see it half-written."""
        if self.folder is None:
            return
        from urbanlayer.evaluation import pickling

        content = pickling.dumps(value)
        if content is None or len(content) > MAX_ENTRY_BYTES:
            return
        try:
            place = self._place(key)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            write_whole(place, (_HEAD, hashlib.sha256(content).digest(), content))
        except OSError as error:
            self.problem = self.problem or f"{self.folder}: {error.strerror or error}"
            self.folder = None

    def trim(self) -> None:
        """Remove what was not used for longest, as far as there is too much."""
        if self.folder is None:
            return
        found = sorted(self._entries(), key=lambda entry: entry[1].st_mtime)
        surplus = sum(entry[1].st_size for entry in found) - self.max_bytes
        for place, about in found:
            if surplus <= 0:
                return
            with contextlib.suppress(OSError):
                place.unlink()
                surplus -= about.st_size

    def size(self) -> tuple[int, int]:
        """Number of entries and their bytes."""
        sizes = [about.st_size for _, about in self._entries()]
        return len(sizes), sum(sizes)

    def clear(self) -> None:
        """Remove all entries."""
        for place, _ in self._entries():
            with contextlib.suppress(OSError):
                place.unlink()

    def _place(self, key: str) -> Path:
        assert self.folder is not None  # noqa: S101  (the caller has looked)
        return self.folder / key[:2] / key[2:]

    def _entries(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Entries with their size and time; what killed runs left is removed."""
        if self.folder is None:
            return
        import time

        for place in sorted(self.folder.glob("??/*")):
            with contextlib.suppress(OSError):
                about = place.stat()
                if place.suffix != PART:
                    yield place, about
                elif time.time() - about.st_mtime > _STALE_S:
                    place.unlink()


def _checked(content: bytes) -> memoryview:
    """What an entry holds.

    Raises
    ------
    ValueError
        It is not one of ours, or its digest is wrong.
    """
    view = memoryview(content)
    start = len(_HEAD) + hashlib.sha256().digest_size
    if (
        view[: len(_HEAD)] != _HEAD
        or hashlib.sha256(view[start:]).digest() != view[len(_HEAD) : start]
    ):
        raise ValueError("not an entry, or a broken one")
    return view[start:]


def _is_private(found: os.stat_result) -> bool:
    """Whether the folder is this user's and nobody else may write to it."""
    if not hasattr(os, "getuid"):  # Windows: the folder of a user's caches is the user's own
        return True
    others = stat.S_IWGRP | stat.S_IWOTH
    return found.st_uid == os.getuid() and not found.st_mode & others
