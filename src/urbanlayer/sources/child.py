"""The confined children, in which everything is read that the city was given.

A file may be hostile: a "GeoJSON" can make GDAL read any file of the computer, or ask the network
(reliability.md, F); a small archive can unfold to gigabytes. So a child has no network, has limits
on memory and time that are its own, and knows no driver of GDAL but those of the formats that are
asked for; features and rows come back as Arrow tables. One child reads by GDAL, another one all
else, each started when it is first needed; jobs that are begun are done while the parent works.
"""

from __future__ import annotations

import atexit
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.sources._drivers import drivers_of
from urbanlayer.sources._process import ChildError, Job, Process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyarrow as pa

    from urbanlayer.model.source import Request

SECONDS = 900.0
ALWAYS = frozenset({"MEM", "Memory", "GTiff"})
_MAX_WAITING_BYTES = 32_000
"""Jobs that wait in the pipe; what is more would block us until the child has done some."""


@dataclass(frozen=True, slots=True)
class _JobLimit:
    """What a job may take: bytes of memory, and seconds."""

    memory_bytes: int
    seconds: float


_OF_GDAL = _JobLimit(12_000_000_000, SECONDS)
_OF_TABLES = _JobLimit(3_000_000_000, 300.0)
_LIMITS = {
    "feed_table": _JobLimit(4_000_000_000, 300.0),
    "extract": _JobLimit(8_000_000_000, SECONDS),
    "tag_counts": _JobLimit(8_000_000_000, SECONDS),
    "cut_extract": _JobLimit(8_000_000_000, SECONDS),
    "json_response": _JobLimit(1_500_000_000, 60.0),
    "feature_service": _JobLimit(1_500_000_000, 60.0),
}
_LOCK = threading.RLock()
_running: dict[str, Process] = {}
"""`gdal` and `plain`, once something was asked of them."""
_begun: dict[str, Job] = {}
"""Jobs that were begun and not yet asked for, by what they are."""


def start(requests: Iterable[Request]) -> None:
    """Start the child that reads by GDAL for these layers, without waiting for it.

    Whoever knows all the layers of a build calls this first: the child starts while other things
    are imported, knows the drivers of the formats that the city file declares and no others, and
    never has to start again for another format.

    Parameters
    ----------
    requests
        Layers of any source.
    """
    requested = tuple(requests)
    grids = any(request.path.suffix.casefold() in {".tif", ".tiff"} for request in requested)
    needed = drivers_of(requested)
    if not needed and not grids:
        return
    with _LOCK:
        if "gdal" not in _running:
            _running["gdal"] = _launched(needed | ALWAYS, grids=grids)


def begin(job: str, **details: Any) -> None:  # noqa: ANN401  (what JSON can hold)
    """Have a job done that will be asked for, without waiting for it.

    Parameters
    ----------
    job
        One that GDAL has no part in.
    details
        Of the job.
    """
    with _LOCK:
        child = _ready("")
        begun = _job(job, "", details)
        if child.waiting_bytes + len(begun.line) > _MAX_WAITING_BYTES:
            return  # it will be done when it is asked for
        child.send(begun)
        _begun[_key(job, details)] = begun


def forget() -> None:
    """Forget what was begun: its file may be another one when it is asked for next."""
    with _LOCK:
        _begun.clear()


def run_job(
    job: str,
    driver: str = "",
    serve: Callable[[int, int], bytes] | None = None,
    **details: Any,  # noqa: ANN401  (what JSON can hold)
) -> tuple[dict[str, Any], Sequence[pa.Table]]:
    """The child's answer to one job, and the tables that belong to it.

    Parameters
    ----------
    job
        See `_confined/worker.py`.
    driver
        GDAL's name of the format; empty for a job that GDAL has no part in.
    serve
        Gives some bytes (start, count) of a file that the child reads but cannot fetch.
    details
        Of the job.

    Raises
    ------
    SourceError
        If the file is refused.
    ChildError
        If the file cannot be read, or the child died or took too long.
    """
    with _LOCK:
        pending = _begun.pop(_key(job, details), None) or _job(job, driver, details)
        while pending.answer is None:
            child = _ready(driver)
            if pending.child is not child and not child.jobs:
                child.send(pending)
            child.receive(serve, min(SECONDS, pending.seconds))
    if pending.refused:
        raise SourceError(pending.refused)
    if pending.error:
        raise ChildError(pending.error)
    return pending.answer


def run_table_job(
    job: str,
    driver: str = "",
    serve: Callable[[int, int], bytes] | None = None,
    **details: Any,  # noqa: ANN401  (what JSON can hold)
) -> tuple[dict[str, Any], pa.Table]:
    """The same for a job that always gives one table.

    Raises
    ------
    SourceError, ChildError
        As `run_job`.
    ChildError
        If no table came.
    """
    about, tables = run_job(job, driver, serve, **details)
    if len(tables) != 1:
        raise ChildError("it holds no table")
    return about, tables[0]


def stop() -> None:
    """End the children, if there are any."""
    for name in [*_running]:
        _running.pop(name).end()


def _key(job: str, details: dict[str, Any]) -> str:
    return json.dumps([job, details])


def _job(job: str, driver: str, details: dict[str, Any]) -> Job:
    limit = _OF_GDAL if driver else _LIMITS.get(job, _OF_TABLES)
    return Job(job, details, limit.memory_bytes, limit.seconds)


def _ready(driver: str) -> Process:
    """The running child, or a new one that knows the driver too."""
    name = "gdal" if driver else "plain"
    child = _running.get(name)
    known = child.drivers if child is not None else ALWAYS if driver else frozenset()
    if child is None or not child.alive or (driver and driver not in known):
        if child is not None:
            _running.pop(name).end()
        child = _running[name] = _launched(known | {driver} if driver else known)
    if not child.greeted:
        stray = child.stray()
        if stray:  # a newer GDAL has drivers that our list does not know
            child.end()
            child = _running[name] = _launched(child.drivers, stray)
            if child.stray():
                raise ChildError(f"GDAL's drivers cannot be limited ({', '.join(stray)})")
    return child


def _launched(
    drivers: frozenset[str], stray: Iterable[str] = (), *, grids: bool = False
) -> Process:
    atexit.register(stop)
    return Process.launched(drivers, stray, grids=grids, address_bytes=_OF_GDAL.memory_bytes)
