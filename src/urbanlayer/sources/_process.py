"""One confined child: how it is started, what it is asked to read, and its answers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from urbanlayer.sources._every_driver import EVERY_DRIVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyarrow as pa

_SCRIPT = Path(__file__).parent / "_confined" / "worker.py"
_PASSED_ON = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "HOME", "LD_LIBRARY_PATH")
_NOWHERE = "http://127.0.0.1:9"


class ChildError(Exception):
    """The child could not read a file; the text is the library's, or says how the child ended."""


@dataclass(slots=True, eq=False)
class Job:
    """What a child is to do, and what came of it.

    Attributes
    ----------
    name, details
        Of the job.
    memory_bytes, seconds
        What it may take.
    child
        Whom it was sent to; None where that child ended before it came to it.
    answer
        Once it has come.
    refused, error
        Why there is nothing in it: what we say of the file, or what a library said.
    """

    name: str
    details: dict[str, Any]
    memory_bytes: int
    seconds: float
    child: Process | None = None
    answer: tuple[dict[str, Any], Sequence[pa.Table]] | None = None
    refused: tuple[str, ...] = ()
    error: str = ""

    @property
    def line(self) -> bytes:
        """The job as the child reads it."""
        limits = {"memory_bytes": self.memory_bytes, "seconds": int(self.seconds)}
        return json.dumps({"job": self.name, **self.details, **limits}).encode() + b"\n"

    def fail(self, error: str) -> None:
        """Keep why nothing came of it."""
        self.answer, self.error = ({}, ()), error


@dataclass(slots=True, eq=False)
class Process:
    """A child that runs.

    Attributes
    ----------
    process
        As the system knows it.
    drivers
        Of GDAL that it knows; a child without GDAL has none.
    greeted
        Whether it has reported its drivers, and they are the right ones.
    jobs
        Those that it was sent and has not answered, in their order.
    """

    process: subprocess.Popen[bytes]
    drivers: frozenset[str]
    greeted: bool
    jobs: deque[Job] = field(default_factory=deque)

    @classmethod
    def launched(
        cls,
        drivers: frozenset[str],
        stray: Iterable[str] = (),
        *,
        grids: bool,
        address_bytes: int,
    ) -> Process:
        """A child whose GDAL leaves out every driver but the wanted ones; without any, no GDAL.

        Parameters
        ----------
        drivers
            Those it may know.
        stray
            Drivers that GDAL has beside those that we know.
        grids
            Whether it will read grids.
        address_bytes
            Limit of its address space.
        """
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {
            "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
            "PROJ_NETWORK": "OFF",
            "http_proxy": _NOWHERE,
            "https_proxy": _NOWHERE,
            "PYTHONUTF8": "1",
        }
        if drivers:
            left_out = (name for name in (*EVERY_DRIVER, *stray) if name not in drivers)
            environment["GDAL_SKIP"] = ",".join(left_out)
        limits = json.dumps({
            "address_bytes": address_bytes, "drivers": sorted(drivers), "grids": grids,
            "root": str(Path(__file__).parents[2]),
        })  # fmt: skip
        process = subprocess.Popen(  # noqa: S603  (our own script)
            [sys.executable, "-I", "-X", "utf8", str(_SCRIPT), limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        return cls(process, drivers, greeted=not drivers)

    @property
    def stdin(self) -> IO[bytes]:
        """The pipe that jobs go into."""
        return cast("IO[bytes]", self.process.stdin)  # it was started with PIPE

    @property
    def stdout(self) -> IO[bytes]:
        """The pipe that answers come from."""
        return cast("IO[bytes]", self.process.stdout)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    @property
    def waiting_bytes(self) -> int:
        """Of the jobs that it was sent and has not answered."""
        return sum(len(job.line) for job in self.jobs)

    def send(self, job: Job) -> None:
        """Give it a job to do after those that it has."""
        job.child = self
        self.jobs.append(job)
        with contextlib.suppress(OSError):  # it has ended: receiving says how
            self.stdin.write(job.line)
            self.stdin.flush()

    def receive(self, serve: Callable[[int, int], bytes] | None, seconds: float) -> None:
        """Wait for the answer to the first job that it has not answered.

        Parameters
        ----------
        serve
            Gives some bytes (start, count) of a file that the child reads but cannot fetch.
        seconds
            After which the child is ended.
        """
        job = self.jobs.popleft()
        watch = threading.Timer(seconds, self.process.kill)
        watch.start()
        try:
            self._receive(job, serve)
        except ChildError as error:
            job.fail(str(error))
        finally:
            watch.cancel()
        if not self.alive:
            for other in self.jobs:
                other.child = None

    def stray(self) -> list[str]:
        """The drivers that its GDAL has beside those that it may have."""
        found: list[str] = self._line(60.0)["stray"]
        self.greeted = not found
        return found

    def end(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        for job in self.jobs:
            job.child = None
        with contextlib.suppress(OSError):  # what was not sent yet cannot be flushed any more
            self.stdin.close()
        self.stdout.close()

    def _receive(self, job: Job, serve: Callable[[int, int], bytes] | None) -> None:
        import pyarrow as pa

        try:
            while "need" in (answer := self._line(job.seconds)):
                if serve is None:
                    raise ChildError("it requested bytes that are not available")
                self.stdin.write(self._served(serve, *answer["need"]))
                self.stdin.flush()
            if "refused" in answer:
                job.answer, job.refused = ({}, ()), tuple(answer["refused"])
            elif "memory" in answer:
                job.fail(f"it takes more than {job.memory_bytes / 1e9:g} GB of memory")
            elif "error" in answer:
                job.fail(str(answer["error"]).splitlines()[0])
            else:
                job.answer = answer, [self._table() for _ in range(answer["tables"])]
        except (OSError, ValueError, pa.ArrowException) as error:
            raise ChildError(self._how_it_ended(job.seconds)) from error

    def _table(self) -> pa.Table:
        import pyarrow as pa

        with pa.ipc.open_stream(self.stdout) as stream:
            return stream.read_all()

    def _served(self, serve: Callable[[int, int], bytes], start: int, count: int) -> bytes:
        """The bytes that the child waits for; it is ended if they cannot be had."""
        content = b""
        try:
            content = serve(start, count)
        finally:
            if len(content) != count:
                self.process.kill()
                self.process.wait()
        if len(content) != count:
            raise ChildError(f"{len(content)} of {count} bytes came")
        return content

    def _line(self, seconds: float) -> dict[str, Any]:
        line = self.stdout.readline()
        if not line:
            raise ChildError(self._how_it_ended(seconds))
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _how_it_ended(self, seconds: float) -> str:
        try:
            code = self.process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:  # it said something that is no answer
            self.process.kill()
            code = self.process.wait()
        if code in {-9, 137, -14}:  # SIGKILL, SIGALRM
            return f"reading took more than {seconds:,.0f} s or too much memory, and was ended"
        try:
            why = signal.Signals(-code).name
        except ValueError:
            why = f"exit {code}"
        return f"it is damaged or made to do harm: the reader broke down over it ({why})"
