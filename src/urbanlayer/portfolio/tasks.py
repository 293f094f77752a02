"""One city as a task: what a worker needs to know, and what it does."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer.errors import UrbanlayerError
from urbanlayer.evaluation.code_digests import digest_of_package
from urbanlayer.kernels.digests import digest_of
from urbanlayer.portfolio.outcomes import CityOutcome, Status
from urbanlayer.publish.published import read_record
from urbanlayer.unchanged import made_of

if TYPE_CHECKING:
    from urbanlayer.cityfile import CityFile

DONE = ".done"
"""Folder next to the publications: for each city what its publication was made of."""
BASE_BYTES = 800_000_000
"""What a small city takes, the libraries and the confined readers with it."""
BYTES_PER_BYTE = 30
"""Memory for each byte of vector files and rasters: a rule by the sizes of made cities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CityTask:
    """One city to build.

    Attributes
    ----------
    city_file
        As it was given.
    city
        Its id.
    path, target
        The city file and the folder of its publication, absolute.
    files
        Absolute path and size of each file that it reads.
    made_of
        Digest of the city file, its inputs and this package; None where an input is not known
        before it is read, such as a web service.
    offline, cache
        As of `pipeline.build`.
    """

    city_file: Path
    city: str
    path: str
    target: str
    files: tuple[tuple[str, int], ...]
    made_of: str | None
    offline: bool
    cache: bool

    @property
    def needs_bytes(self) -> int:
        """Memory that it takes, by the size of its files: to the nearest factor of two at best."""
        return BASE_BYTES + BYTES_PER_BYTE * sum(size for _, size in self.files)

    @property
    def done_file(self) -> Path:
        """Where it is kept what the publication was made of."""
        return Path(self.target).parent / DONE / f"{self.city}.txt"

    def outcome(self, status: Status, *messages: str, seconds: float = 0.0) -> CityOutcome:
        """How it ended."""
        return CityOutcome(
            city_file=self.city_file, city=self.city, status=status, messages=messages,
            seconds=round(seconds, 2),
        )  # fmt: skip


def task_of(
    city_file: Path, file: CityFile, out: Path, *, offline: bool, cache: bool,
    known: dict[Path, str],
) -> CityTask:  # fmt: skip
    """The task of a city file.

    Parameters
    ----------
    city_file, file
        The city file, as given and read.
    out
        Folder of publications.
    offline, cache
        As of `pipeline.build`.
    known
        Digests of files that were read; those of further ones are added.
    """
    rests_on = made_of(file, city_file, None, known)
    requests = [one for one in file.requests() if one.source.local and not one.remote]
    paths = sorted({path for one in requests for path in one.paths if path.exists()})
    return CityTask(
        city_file=city_file,
        city=file.id,
        path=str(city_file.resolve()),
        target=str((out / file.id).resolve()),
        files=tuple((str(path), _size(path)) for path in paths),
        made_of=None if rests_on is None else digest_of(rests_on, digest_of_package()),
        offline=offline,
        cache=cache,
    )


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
    return path.stat().st_size


def is_done(task: CityTask) -> bool:
    """Whether the publication is there, and was made of the same."""
    if task.made_of is None:
        return False
    record = read_record(Path(task.target))
    try:
        kept = task.done_file.read_text(encoding="utf-8").split()
    except OSError:
        return False
    return record is not None and kept == [task.made_of, str(record.get("record_sha256"))]


def keep_done(task: CityTask) -> None:
    """Keep what a publication was made of, so that it is not built again."""
    from urbanlayer.files.replacing import write_whole

    record = read_record(Path(task.target))
    if task.made_of is None or record is None:
        return
    task.done_file.parent.mkdir(exist_ok=True)
    text = f"{task.made_of} {record.get('record_sha256')}\n"
    write_whole(task.done_file, [text.encode()])


def run(task: CityTask, package: str) -> CityOutcome:
    """Build the city of a task, on a worker or here; errors are part of the outcome.

    An exception of any class is: a bug that one city brings out does not stop the others, and is
    named as one.

    Parameters
    ----------
    task
        The city.
    package
        Digest of the package of the client; a worker with another one builds nothing.
    """
    from urbanlayer import pipeline

    begun = time.perf_counter()
    if digest_of_package() != package:
        return task.outcome(Status.FAILED, f"the worker has another urbanlayer ({here()})")
    if unseen := _unseen(task):
        return task.outcome(Status.FAILED, *unseen)
    try:
        done = pipeline.publish(task.path, task.target, offline=task.offline, cache=task.cache)
    except UrbanlayerError as error:
        messages = getattr(error, "errors", None) or str(error).splitlines()
        return task.outcome(Status.FAILED, *messages, seconds=time.perf_counter() - begun)
    except Exception as error:  # noqa: BLE001  (a bug with one city does not stop the others)
        why = f"an unexpected error, a bug of urbanlayer: {type(error).__name__}: {error}"
        return task.outcome(Status.FAILED, why, seconds=time.perf_counter() - begun)
    keep_done(task)
    warnings = (*done.summary.warnings, *done.notes)
    return task.outcome(Status.PUBLISHED, *warnings, seconds=time.perf_counter() - begun)


def here() -> str:
    """The version of this package, with the beginning of the digest of its files."""
    from importlib.metadata import version

    return f"{version('urbanlayer')}, {digest_of_package()[:12]}"


def _unseen(task: CityTask) -> list[str]:
    """What the client sees and this process does not."""
    found = []
    for name, size in ((task.path, -1), *task.files):
        path = Path(name)
        if not path.exists():
            found.append(f"the worker does not see {name}, which the client sees")
        elif size >= 0 and _size(path) != size:
            found.append(f"the worker sees {name} with {_size(path)} bytes, the client with {size}")
    if found:
        found.append("workers need the same folders at the same paths, as of a shared disk")
    return found
