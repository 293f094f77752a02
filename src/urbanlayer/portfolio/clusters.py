"""Cities as tasks of a Dask cluster: one city, one task."""

from __future__ import annotations

import contextlib
import logging
import secrets
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import ClusterError
from urbanlayer.evaluation.code_digests import digest_of_package
from urbanlayer.portfolio.outcomes import Status
from urbanlayer.portfolio.tasks import here, run
from urbanlayer.publish.published import read_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from distributed import Client

    from urbanlayer.portfolio.outcomes import CityOutcome
    from urbanlayer.portfolio.tasks import CityTask

LOCAL = "local"
TIMEOUT_S = 15
RESTART_S = 60
"""How long a worker that died may take to start again, on a busy computer."""
LEAST_BYTES = 500_000_000
"""With less a worker is killed while it starts, again and again."""
KILLED_AT_MOST = 2
"""How often a city's worker may die before the city is given up."""


@contextlib.contextmanager
def connected(cluster: str, *, workers: int | None, memory: str | None) -> Iterator[Client]:
    """A client of a cluster whose workers have this package.

    Parameters
    ----------
    cluster
        `local`, or the address of a scheduler. The keys of `tls://` come from Dask's own
        configuration (`DASK_DISTRIBUTED__COMM__TLS__…`).
    workers, memory
        Of a local cluster.

    Raises
    ------
    ClusterError
        It cannot be reached, has no worker, or a worker has another version.
    """
    try:
        import dask
        import distributed
    except ImportError as error:
        raise ClusterError('--cluster needs: pip install "urbanlayer[cluster]"') from error
    if memory is not None and dask.utils.parse_bytes(memory) < LEAST_BYTES:
        raise ClusterError(f"--memory {memory}: a worker needs {LEAST_BYTES / 1e9:.1f} GB to start")
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    settings = {
        "distributed.scheduler.allowed-failures": KILLED_AT_MOST - 1,
        "distributed.worker.daemon": False,
        "distributed.admin.log-format": "%(message)s",
    }
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set(settings))
        address: Any = cluster
        if cluster == LOCAL:
            address = stack.enter_context(
                distributed.LocalCluster(
                    n_workers=workers, threads_per_worker=1, memory_limit=memory or "auto",
                    dashboard_address=None, silence_logs=logging.CRITICAL,
                )
            )  # fmt: skip
        client = stack.enter_context(_client(address, cluster))
        _refuse_other_versions(client)
        if cluster == LOCAL:
            stack.callback(_wait_for_restarts, client, len(address.workers))
        yield client


def _client(address: Any, shown: str) -> Client:  # noqa: ANN401  (a cluster or its address)
    import distributed

    try:
        client = distributed.Client(address, timeout=TIMEOUT_S)
        client.wait_for_workers(1, timeout=TIMEOUT_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"--cluster {shown}: no scheduler with a worker answers within {TIMEOUT_S} s "
            f"({error}); is it running, and may this computer reach it?"
        ) from error
    return client


def _wait_for_restarts(client: Client, workers: int) -> None:
    """Wait until every worker runs: one that is being started again cannot be stopped."""
    with contextlib.suppress(OSError, TimeoutError):
        client.wait_for_workers(workers, timeout=RESTART_S)


def _refuse_other_versions(client: Client) -> None:
    """Raise unless every worker has the files of this package and the same Python."""
    ours = _versions()
    wrong = [
        f"worker {worker} has {', '.join(_differing(theirs, ours))}"
        for worker, theirs in client.run(_versions_there).items()
        if theirs != ours
    ]
    if wrong:
        own = ", ".join(f"{name} {one}" for name, one in ours.items())
        raise ClusterError("\n".join([*wrong, f"this computer has {own}; install the same there"]))


def _differing(theirs: dict[str, str], ours: dict[str, str]) -> Iterator[str]:
    for name, one in theirs.items():
        if one != ours[name]:
            yield f"{name} {one or '(not installed)'}"


def _versions() -> dict[str, str]:
    import platform
    from importlib.metadata import version

    names = ("distributed", "numpy", "shapely", "pyproj")
    return {
        "urbanlayer": here(),
        "Python": ".".join(platform.python_version_tuple()[:2]),
        **{name: version(name) for name in names},
    }


def _versions_there() -> dict[str, str]:
    """Of a worker; where it has no such package, none."""
    import importlib

    try:
        module = importlib.import_module("urbanlayer.portfolio.clusters")
        found: dict[str, str] = module._versions()  # noqa: SLF001  (of this module, there)
    except ImportError:
        return {"urbanlayer": ""}
    return found


def run_all(client: Client, tasks: Sequence[CityTask], *, try_large: bool) -> Iterator[CityOutcome]:
    """Each outcome as it is known; the largest cities are begun first.

    Parameters
    ----------
    client
        Of the cluster.
    tasks
        The cities.
    try_large
        Whether a city is tried that needs more than any worker has.
    """
    import distributed

    limit = _greatest_memory(client)
    by_key: dict[object, CityTask] = {}
    futures = []
    for task in sorted(tasks, key=lambda one: (-one.needs_bytes, one.city)):
        if not try_large and task.needs_bytes > limit:
            yield task.outcome(Status.TOO_LARGE, _too_large(task, limit))
            continue
        key = f"{task.city}-{secrets.token_hex(4)}"
        future = client.submit(run, task, digest_of_package(), key=key)
        by_key[future.key] = task
        futures.append(future)
    for future in distributed.as_completed(futures):
        yield _outcome_of(future, by_key[future.key], limit)


def _greatest_memory(client: Client) -> float:
    """Bytes that the largest worker may take."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    return max((one["memory_limit"] or float("inf") for one in workers), default=float("inf"))


def _too_large(task: CityTask, limit: float) -> str:
    return (
        f"was not tried: by the size of its files it needs about {task.needs_bytes / 1e9:.1f} GB, "
        f"and the largest worker has {limit / 1e9:.1f} GB; give workers more memory, split it with "
        "`urbanlayer split`, or set --try-large"
    )


def _outcome_of(future: Any, task: CityTask, limit: float) -> CityOutcome:  # noqa: ANN401
    """The outcome of a city; that of one whose worker died, or that no scheduler answers for.

    A future raises whatever came up on the worker before or after the task, such as an import or
    unpickling that failed, and no class is common to these: all are outcomes of this one city.
    """
    import distributed

    try:
        found = future.result()
    except distributed.KilledWorker as error:
        return task.outcome(
            Status.FAILED,
            f"its worker died {KILLED_AT_MOST} times, most likely for want of memory "
            f"({limit / 1e9:.1f} GB; last {error.last_worker.address}); give workers more memory",
        )
    except (distributed.client.FutureCancelledError, OSError) as error:
        why = f"the scheduler is gone ({type(error).__name__})"
        again = "run the same command again: what is done is not done again"
        return task.outcome(Status.FAILED, f"{why}; {again}")
    except Exception as error:  # noqa: BLE001  (whatever kept the task from being run)
        return task.outcome(Status.FAILED, f"the worker could not run it: {error}")
    if found.status is Status.PUBLISHED and read_record(Path(task.target)) is None:
        why = f"a worker published it, but this computer does not see {task.target}"
        return task.outcome(Status.FAILED, why, "workers need the same folders at the same paths")
    outcome: CityOutcome = found
    return replace(outcome, city_file=task.city_file)
