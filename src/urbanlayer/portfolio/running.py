"""Many cities built: each by itself, so that one that fails does not stop the others."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer.errors import CityFileError, UrbanlayerError
from urbanlayer.evaluation.code_digests import digest_of_package
from urbanlayer.pipeline import read_city_file
from urbanlayer.portfolio import tasks
from urbanlayer.portfolio.outcomes import CityOutcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from urbanlayer.cityfile import CityFile
    from urbanlayer.portfolio.tasks import CityTask

    Tell = Callable[[CityOutcome], None]

MAPS = Path("maps")


def build_all(  # noqa: PLR0913  (options of one run)
    city_files: Sequence[Path], out: Path | str | None = None, *, cluster: str | None = None,
    workers: int | None = None, memory: str | None = None, offline: bool = False,
    cache: bool = True, try_large: bool = False, tell: Tell = lambda _: None,
) -> tuple[CityOutcome, ...]:  # fmt: skip
    """Publish many cities in one folder, and the index page that compares them.

    What was published of the same city file, inputs and package is not built again, so that a run
    that was stopped goes on where it was.

    Parameters
    ----------
    city_files
        Each of another city.
    out
        Folder of publications; `maps` if not given.
    cluster
        `local`, or the address of a Dask scheduler (`tcp://HOST:PORT`, `tls://…`); one city after
        another in this process if not given. It needs `urbanlayer[cluster]`.
    workers, memory
        Of a local cluster: how many processes, and the memory of each (`4GB`).
    offline, cache
        As of `pipeline.build`.
    try_large
        Whether a city is tried that needs more memory than any worker has.
    tell
        Called with each outcome as it is known.

    Returns
    -------
    tuple of CityOutcome
        In the order of the files.

    Raises
    ------
    UrbanlayerError
        Nothing was built: two files are of one city, the cluster cannot be reached or does not fit,
        or publications are in the folder beside which these may not stand.
    """
    from urbanlayer.publish import index_page, parts_and_whole

    folder = Path(out) if out is not None else MAPS
    index_page.refuse_if_foreign(folder)
    found: dict[Path, CityOutcome] = {}

    def ended(outcome: CityOutcome) -> None:
        found[outcome.city_file] = outcome
        tell(outcome)

    read = list(_read(city_files, ended))
    _refuse_one_id([(path, file.id) for path, file in read])
    parts_and_whole.refuse_together(folder, [file.spec for _, file in read])
    known: dict[Path, str] = {}
    every = [
        tasks.task_of(path, file, folder, offline=offline, cache=cache, known=known)
        for path, file in read
    ]
    to_do = [task for task in every if not _told_done(task, ended)]
    if cluster is None:
        for task in to_do:
            ended(tasks.run(task, digest_of_package()))
    elif to_do:
        from urbanlayer.portfolio import clusters

        with clusters.connected(cluster, workers=workers, memory=memory) as client:
            for outcome in clusters.run_all(client, to_do, try_large=try_large):
                ended(outcome)
    index_page.renewed(folder)
    return tuple(found[path] for path in dict.fromkeys(city_files))


def _read(city_files: Sequence[Path], ended: Tell) -> Iterator[tuple[Path, CityFile]]:
    """Each city file with its content; those with errors have ended."""
    for path in dict.fromkeys(city_files):
        try:
            yield path, read_city_file(path)
        except UrbanlayerError as error:
            messages = tuple(str(error).splitlines())
            ended(CityOutcome(city_file=path, city="", status=Status.FAILED, messages=messages))


def _refuse_one_id(named: Sequence[tuple[Path, str]]) -> None:
    """Raise where two files are of one city: one publication would replace the other."""
    counts = Counter(city for _, city in named)
    errors = [
        f"{', '.join(str(path) for path, other in named if other == city)}: have the same id "
        f'{city!r}; give each its own (id = "…")'
        for city, count in counts.items()
        if count > 1
    ]
    if errors:
        raise CityFileError("city files", errors)


def _told_done(task: CityTask, ended: Tell) -> bool:
    done = tasks.is_done(task)
    if done:
        ended(task.outcome(Status.DONE_BEFORE))
    return done
