"""What killed runs left among temporary files is deleted; nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from urbanlayer.sources import _scratch

KILLED = """
import os, signal, tempfile, sys
tempfile.tempdir = sys.argv[1]
from urbanlayer.sources._scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "k.gpkg").write_bytes(b"copy")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _scratch.clear.cache_clear()
    yield tmp_path
    _scratch.clear.cache_clear()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_the_folder_of_a_killed_run_is_deleted_by_the_next(temporary):
    subprocess.run([sys.executable, "-c", KILLED, str(temporary)], check=False)
    (left,) = temporary.iterdir()
    assert (left / "k.gpkg").exists()
    with _scratch.scratch_folder() as folder:
        assert list(temporary.iterdir()) == [folder]
    assert list(temporary.iterdir()) == []


def test_folders_of_running_runs_and_of_others_are_left(temporary):
    foreign = temporary / "urbanlayer-notes"
    foreign.mkdir()
    (foreign / "report.txt").write_text("years of work")
    os.utime(foreign, (0, 0))
    fresh, old = temporary / "urbanlayer-fresh", temporary / "urbanlayer-old"
    fresh.mkdir()
    old.mkdir()
    os.utime(old, (0, 0))
    with _scratch.scratch_folder() as running:
        _scratch.clear.cache_clear()
        with _scratch.scratch_folder():
            assert running.exists()
    assert sorted(Path(temporary).iterdir()) == [fresh, foreign]
