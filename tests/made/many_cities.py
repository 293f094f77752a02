"""Small cities in folders of their own, and a Dask cluster of processes."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time

import small_city


def write(folder, *names, queries=""):
    """City files of small cities, one in each folder."""
    files = []
    for name in names:
        (folder / name).mkdir(parents=True)
        text = small_city.CITY.replace('id = "small"', f'id = "{name}"')
        text = text.replace('{ en = "Small", sr_Latn_ME = "Mali" }', f'"{name.title()}"')
        files.append(small_city.write(folder / name, text + queries))
    return files


@contextlib.contextmanager
def scheduler():
    """The address of a scheduler in a process of its own."""
    with _process("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
                  "--no-dashboard") as process:  # fmt: skip
        for line in process.stderr:
            if found := re.search(r"Scheduler at:\s+(tcp://\S+)", line):
                _drain(process)
                yield found[1]
                return
        raise AssertionError("the scheduler did not start")


@contextlib.contextmanager
def worker(address, name, **environment):
    """A worker of a scheduler in a process of its own, without a nanny to start it again."""
    with _process("distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1",
                  "--name", name, "--memory-limit", "4GB", "--no-dashboard",
                  **environment) as process:  # fmt: skip
        for line in process.stderr:
            if "Registered to" in line:
                break
        _drain(process)
        yield process


@contextlib.contextmanager
def _process(module, *arguments, **environment):
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def _drain(process):
    """Read what the process goes on to write, so that it never waits for a reader."""
    import threading

    def read():
        with contextlib.suppress(ValueError, OSError):
            for _ in process.stderr:
                pass

    threading.Thread(target=read, daemon=True).start()


def wait_until(happened, seconds=60):
    """Wait until something has happened."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
