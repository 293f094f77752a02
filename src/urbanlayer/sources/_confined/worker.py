"""The main program of the confined child: it reads files, and can do nothing else.

Run as a script, by `child.py`, with an empty environment but for GDAL's. A job comes as one line of
JSON on standard input; the answer is one line of JSON on standard output, and after it as many
streams in Arrow's IPC format as the line says.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import importlib.abc
import json
import os
import signal
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_JOBS = {
    "listing": "vectors.listing",
    "features": "vectors.features",
    "salvage": "vectors.salvage",
    "band": "grids.band",
    "database_fault": "databases.database_fault",
    "whole_index": "databases.whole_index",
    "rows": "spreadsheets.rows",
    "sheet_names": "workbooks.sheet_names",
    "parquet": "columnar.parquet",
    "tiles": "columnar.tiles",
    "feed_table": "feeds.feed_table",
    "extract": "extracts.extract",
    "feature_service": "feature_service.feature_service",
    "json_response": "json_responses.json_response",
    "tag_counts": "tag_counts.tag_counts",
    "cut_extract": "cutting.cut_extract",
    "unpack_data": "archives.unpack_data",
    "unpack_grid": "archives.unpack_grid",
    "unpack_gzip": "archives.unpack_gzip",
}
"""Each job and its function, in a module of this folder."""
_MOST_SAID = 3
"""Messages of GDAL over one file; those that follow tell of the same damage."""


class _Without(importlib.abc.MetaPathFinder):
    """Refuses two packages that libraries import where they are: answers are Arrow tables."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Nothing; an error for the two."""
        if fullname in {"pandas", "geopandas"}:
            raise ModuleNotFoundError(fullname, name=fullname)


def main() -> None:
    """Answer jobs until standard input ends."""
    limits = json.loads(sys.argv[1])
    _confine(limits["address_bytes"])
    sys.path.append(limits["root"])
    sys.meta_path.insert(0, _Without())
    if limits["drivers"]:
        _greet(limits["drivers"], grids=limits["grids"])
    for line in sys.stdin.buffer:
        job = json.loads(line)
        _limit_data(job.pop("memory_bytes"))
        _end_after(job.pop("seconds"))
        answer, tables = _answered(job)
        _end_after(0)  # the parent may take its time to fetch the answer
        _say(answer)
        for table in tables:
            _send(table)


def _greet(drivers: Sequence[str], *, grids: bool) -> None:
    """Say which drivers GDAL has here beside those that were asked for."""
    import pyogrio

    _say({"stray": sorted(set(pyogrio.list_drivers()) - set(drivers))})
    if grids:  # while the parent still imports what it needs itself
        import rasterio  # noqa: F401


def _answered(job: dict[str, Any]) -> tuple[dict[str, Any], Sequence[pa.Table]]:
    """What a job gives; the error of a file that cannot be read."""
    import pyarrow as pa

    from urbanlayer.errors import DataError
    from urbanlayer.sources._confined.faults import FAULTS

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            answer, tables = _function(job.pop("job"))(**job)
        except DataError as error:
            return {"refused": list(error.errors)}, ()
        except MemoryError:
            return {"memory": True}, ()
        except (*FAULTS, pa.ArrowException) as error:
            return {"error": _said(error)}, ()
    about = {"heard": [str(warning.message) for warning in heard], "tables": len(tables)}
    return answer | about, tables


def _said(error: BaseException) -> str:
    """What a library says, each thing once and without the lines of its own code."""
    parts = dict.fromkeys(str(error).split("; "))
    kept = [part for part in parts if not part.startswith("Error occurred in ")]
    return "; ".join(kept[:_MOST_SAID]) or type(error).__name__


def _function(job: str) -> Callable[..., tuple[dict[str, Any], Sequence[pa.Table]]]:
    module, _, name = _JOBS[job].partition(".")
    found = importlib.import_module(f"urbanlayer.sources._confined.{module}")
    function: Callable[..., tuple[dict[str, Any], Sequence[pa.Table]]] = getattr(found, name)
    return function


def _confine(address_bytes: int) -> None:
    """Without a network, and with a limit on memory; a lower one of the system stays."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    set_before = [limit for limit in resource.getrlimit(resource.RLIMIT_AS) if limit >= 0]
    limit = min([address_bytes, *set_before])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def _limit_data(memory_bytes: int) -> None:
    """Limit the memory that this process can write to; a lower limit of the system stays."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    _, highest = resource.getrlimit(resource.RLIMIT_DATA)
    limit = memory_bytes if highest < 0 else min(memory_bytes, highest)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, highest))


def _end_after(seconds: int) -> None:
    """End this process if its job takes longer, also where its parent is gone; 0 for no limit."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)  # nobody handles it, so the system ends the process


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


def _send(table: pa.Table) -> None:
    import pyarrow as pa

    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.stdin = os.fdopen(0, "r")
    main()
