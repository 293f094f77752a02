"""A publication is put in place whole, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from urbanlayer.errors import TargetError
from urbanlayer.publish import write


def test_files_lie_where_they_belong(tmp_path):
    write.publish({"index.html": b"a", "data/t.csv": b"b", "run.json": b"{}"}, tmp_path / "city")
    assert (tmp_path / "city/data/t.csv").read_bytes() == b"b"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["city"]


def test_what_was_published_before_is_replaced_whole(tmp_path):
    target = tmp_path / "city"
    write.publish({"old.html": b"old", "run.json": b"{}"}, target)
    write.publish({"index.html": b"new", "run.json": b"{}"}, target)
    assert sorted(p.name for p in target.iterdir()) == ["index.html", "run.json"]


def test_without_an_exchange_of_folders_the_swap_is_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(write, "_exchanged", lambda *_: False)
    target = tmp_path / "city"
    write.publish({"old.html": b"old", "run.json": b"{}"}, target)
    write.publish({"index.html": b"new", "run.json": b"{}"}, target)
    assert sorted(p.name for p in target.iterdir()) == ["index.html", "run.json"]
    assert [p.name for p in tmp_path.iterdir()] == ["city"]


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    with (
        pytest.raises(TargetError, match=r"holds files and no run\.json"),
        write.reserved(tmp_path),
    ):
        pass
    assert (tmp_path / "thesis.docx").read_bytes() == b"years of work"


def test_a_file_in_the_way_is_told(tmp_path):
    target = tmp_path / "city"
    target.write_bytes(b"")
    with pytest.raises(TargetError, match="is a file"), write.reserved(target):
        pass


def test_a_failed_write_leaves_the_last_publication_untouched(tmp_path, monkeypatch):
    target = tmp_path / "city"
    write.publish({"index.html": b"good", "run.json": b"{}"}, target)

    def full(path, content):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "_write", full)
    with pytest.raises(TargetError, match="No space left on device; nothing was published"):
        write.publish({"index.html": b"bad", "run.json": b"{}"}, target)
    assert (target / "index.html").read_bytes() == b"good"
    assert [p.name for p in tmp_path.iterdir()] == ["city"]


def test_what_a_killed_run_left_is_cleared_away_by_the_next(tmp_path):
    left = tmp_path / "city.tmp-4711" / "data"
    left.mkdir(parents=True)
    with write.reserved(tmp_path / "city"):
        assert not left.exists()


def test_two_runs_do_not_write_one_target(tmp_path):
    target = tmp_path / "city"
    for _ in range(2):  # the lock is free again after the first
        with (
            write.reserved(target),
            pytest.raises(TargetError, match="another run is publishing there"),
            write.reserved(target),
        ):
            pass


WRITER = """
import sys, pathlib
from urbanlayer.publish import write
target = pathlib.Path(sys.argv[1])
number = 0
while True:
    number += 1
    same = str(number).encode() * 1000
    write.publish({f"part{i}.bin": same for i in range(20)} | {"run.json": same}, target)
    print(number, flush=True)
"""


def test_killed_at_any_moment_the_publication_is_whole(tmp_path):
    target = tmp_path / "city"
    for wait_s in (0.0, 0.01, 0.02, 0.03, 0.05, 0.08):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE
        ) as run:
            assert run.stdout is not None
            run.stdout.readline()
            time.sleep(wait_s)
            os.kill(run.pid, signal.SIGKILL)
        contents = {path.read_bytes() for path in target.iterdir()}
        assert len(contents) == 1, "files of two publications stand side by side"
        assert len(list(target.iterdir())) == 21
