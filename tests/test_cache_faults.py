"""A cache under two runs at once, a run that is killed, and a disk without room."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
import small_city

BUILD = [sys.executable, "-m", "urbanlayer", "build", "city.toml", "--quiet", "--out"]
LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from urbanlayer.evaluation import disk_cache
whole = disk_cache.write_whole
def write_whole(place, parts):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    try:
        whole(place, parts)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
disk_cache.write_whole = write_whole
from urbanlayer.cli import main
sys.argv = ["urbanlayer", *sys.argv[1:]]
main()
"""
"""The command, with a disk on which a file of the cache has room for 2 kB."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX"),
]


@pytest.fixture
def folder(tmp_path):
    """A city."""
    small_city.write(tmp_path, small_city.CITY)
    return tmp_path


def started(folder, out, cache="cache", command=BUILD):
    """A run in a process of its own."""
    settings = {**os.environ, "URBANLAYER_CACHE": str(folder / cache)}
    settings.pop("URBANLAYER_NO_CACHE", None)
    return subprocess.Popen(
        [*command, out], cwd=folder, env=settings, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def done(process):
    """What a run prints; it succeeds."""
    text = process.communicate(timeout=120)[0]
    assert process.returncode == 0, text
    return text


def files(folder, out):
    """The bytes of a publication without its record, which holds times."""
    return {
        file.relative_to(folder / out).as_posix(): file.read_bytes()
        for file in (folder / out).rglob("*")
        if file.is_file() and file.name != "run.json"
    }


def entries(folder):
    """The entries of a cache, and what was left half-written."""
    return list((folder / "cache/steps").glob("??/*"))


def test_two_runs_at_once_on_one_cache_publish_the_same(folder):
    done(started(folder, "alone", "another"))
    both = [started(folder, out) for out in ("one", "two")]
    for process in both:
        done(process)
    done(started(folder, "after"))
    alone = files(folder, "alone")
    assert [files(folder, out) == alone for out in ("one", "two", "after")] == [True] * 3


def test_after_a_run_that_was_killed_while_it_kept_results_the_next_is_whole(folder):
    done(started(folder, "alone", "another"))
    killed = started(folder, "killed")
    end = time.monotonic() + 60
    while not entries(folder) and killed.poll() is None and time.monotonic() < end:
        time.sleep(0.001)
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert entries(folder)
    done(started(folder, "killed"))
    assert files(folder, "killed") == files(folder, "alone")


def test_a_disk_without_room_is_said_and_the_city_is_built(folder):
    limited = [sys.executable, "-c", LIMITED, "build", "city.toml", "--out"]
    told = done(started(folder, "full", command=limited))
    assert "Nothing was kept for the next run" in told
    assert "File too large" in told
    assert not [one for one in entries(folder) if one.stat().st_size > 2_000]
    done(started(folder, "alone", "another"))
    assert files(folder, "full") == files(folder, "alone")
