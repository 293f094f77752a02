"""A publication is put in place whole, or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from urbanlayer.errors import TargetError
from urbanlayer.publish import index_page, work_folder, write
from urbanlayer.publish.published import Owner, digests_of

BAR = Owner("bar")


def publication(city="bar", name="Bar", **files):
    """Files of a small publication with the record that lists them."""
    made = {f"{stem}.html": content.encode() for stem, content in files.items()}
    record = {"city": city, "name": name, "versions": {"urbanlayer": "0"}}
    return {**made, "run.json": json.dumps({**record, "files": digests_of(made)}).encode()}


def names_in(folder):
    """What lies there, but for locks, which stay."""
    return sorted(p.name for p in folder.iterdir() if not p.name.endswith(".lock"))


def refusal(target, owner=BAR):
    """Why nothing can be published there."""
    with pytest.raises(TargetError) as caught, write.reserved(target, owner):
        pass
    return str(caught.value)


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
    monkeypatch.setattr(write, "exchanged", lambda *_: False)
    target = tmp_path / "city"
    write.publish({"old.html": b"old", "run.json": b"{}"}, target)
    write.publish({"index.html": b"new", "run.json": b"{}"}, target)
    assert sorted(p.name for p in target.iterdir()) == ["index.html", "run.json"]
    assert [p.name for p in tmp_path.iterdir()] == ["city"]


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    assert "holds files and no run.json" in refusal(tmp_path)
    (tmp_path / "run.json").write_text('{"city": "bar"}')  # of another program
    assert "run.json is not one that urbanlayer wrote" in refusal(tmp_path)
    assert (tmp_path / "thesis.docx").read_bytes() == b"years of work"


def test_a_file_in_the_way_is_told(tmp_path):
    target = tmp_path / "city"
    target.write_bytes(b"")
    assert "is a file" in refusal(target)


def test_the_publication_of_another_city_is_not_replaced(tmp_path):
    target = tmp_path / "city"
    write.publish(publication("ulcinj"), target)
    assert "holds the publication of another city, 'ulcinj'" in refusal(target)


def test_two_cities_whose_file_names_give_one_id_are_told_apart_by_their_names(tmp_path):
    target = tmp_path / "city"
    write.publish(publication(name={"en": "Novi Grad", "bs": "Novi Grad"}), target)
    other = Owner.of("bar", {"en": "New Town"}, id_stated=False)
    assert "another city, 'Novi Grad', whose id is also 'bar'; give this one an id" in refusal(
        target, other
    )
    same = Owner.of("bar", {"en": "Novi Grad", "sq": "Qyteti i ri"}, id_stated=False)
    stated = Owner.of("bar", "New Town", id_stated=True)
    for owner in (same, stated):
        with write.reserved(target, owner) as folder:
            assert folder == target


def test_files_that_somebody_put_into_a_publication_are_not_deleted_with_it(tmp_path):
    target = tmp_path / "city"
    write.publish(publication(index="a"), target)
    (target / "Thumbs.db").write_bytes(b"")  # a viewer left it
    with write.reserved(target, BAR):
        pass
    (target / "izvjestaj.docx").write_bytes(b"years of work")
    assert "not of the publication (izvjestaj.docx)" in refusal(target)


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    real, link = tmp_path / "disk" / "real", tmp_path / "www"
    real.mkdir(parents=True)
    link.symlink_to(real, target_is_directory=True)
    for content in ("old", "new"):
        with write.reserved(link, BAR) as folder:
            write.publish(publication(index=content), folder)
    assert link.is_symlink()
    assert (real / "index.html").read_bytes() == b"new"
    assert names_in(tmp_path) == ["disk", "www"]
    assert names_in(real.parent) == ["real"]


def test_links_that_lead_round_are_told(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert "links lead nowhere" in refusal(tmp_path / "a")


def test_the_working_folder_and_those_above_it_are_refused_with_nothing_left(tmp_path, monkeypatch):
    working = tmp_path / "one" / "two"
    working.mkdir(parents=True)
    monkeypatch.chdir(working)
    for target in (write.Path(), write.Path(".."), tmp_path / "one"):
        assert "is the working folder or holds it" in refusal(target)
    assert "is the working folder or holds it" in refusal(write.Path("/"))
    assert list(working.iterdir()) == []
    assert [p.name for p in tmp_path.iterdir()] == ["one"]


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


@pytest.mark.parametrize("refused_at", [1, 2, 3])
def test_a_file_that_a_program_has_open_leaves_the_last_publication(
    tmp_path, monkeypatch, refused_at
):
    """Windows refuses to rename a folder with an open file; refuse the first rename, the second…"""
    monkeypatch.setattr(write, "exchanged", lambda *_: False)
    monkeypatch.setattr(write, "_in_use", lambda error: isinstance(error, PermissionError))
    target, rename, so_far = tmp_path / "city", write.Path.rename, 0
    write.publish(publication(index="good"), target)

    def refused(path, to):
        nonlocal so_far
        so_far += 1
        if so_far == refused_at:
            raise PermissionError(13, "Permission denied")
        return rename(path, to)

    with monkeypatch.context() as patched:
        patched.setattr(write.Path, "rename", refused)
        try:
            write.publish(publication(index="new"), target)
            content = b"new"
        except TargetError as error:
            told, content = str(error), b"good"
            assert "close the programs that have its files open" in told
    assert (content == b"new") == (refused_at == 3)  # the swap has two renames
    assert (target / "index.html").read_bytes() == content
    with write.reserved(target, BAR):
        assert names_in(tmp_path) == ["city"]


@pytest.mark.parametrize(
    "names", [["aux.txt"], ["data/a."], ["a:b.csv"], ["Park.csv", "park.csv"], ["x" * 200]]
)
def test_names_that_some_system_refuses_are_never_written(tmp_path, names):
    with pytest.raises(ValueError, match=r"Windows|one name|longer"):
        write.publish(dict.fromkeys(names, b""), tmp_path / "city")
    assert list(tmp_path.iterdir()) == []


def test_a_target_of_more_than_260_characters_is_published(tmp_path):
    """Windows takes 260 without a setting; the names within a publication add less than 60."""
    folder = tmp_path.joinpath(*["n" * 50] * 6)
    with write.reserved(folder / "city", BAR) as target:
        write.publish(publication(index="a"), target)
    assert len(str(folder)) > 260
    assert (folder / "city/index.html").read_bytes() == b"a"


def test_what_a_killed_run_left_is_cleared_away_by_the_next(tmp_path):
    target = tmp_path / "city"
    left = work_folder.work_folder(target)
    (left / "new" / "data").mkdir(parents=True)
    of_another_target = work_folder.work_folder(tmp_path / "town")
    of_another_target.mkdir()
    with write.reserved(target, BAR):
        assert names_in(tmp_path) == [of_another_target.name]


@pytest.mark.parametrize(
    "name",
    [
        "city.old-2024", "city.tmp-notes", "city.tmp-4711", ".city.tmp", ".urbanlayer-notes",
        f".urbanlayer-4711-{'0' * 8}-{'0' * 16}",
    ],
)  # fmt: skip
def test_folders_beside_the_target_are_left_however_they_are_called(tmp_path, name):
    kept = tmp_path / name / "report.txt"
    kept.parent.mkdir()
    kept.write_bytes(b"years of work")
    for content in ("old", "new"):
        with write.reserved(tmp_path / "city", BAR) as folder:
            write.publish(publication(index=content), folder)
    assert kept.read_bytes() == b"years of work"


def test_two_runs_do_not_write_one_target(tmp_path):
    target = tmp_path / "city"
    for _ in range(2):  # the lock is free again after the first
        with write.reserved(target, BAR):
            assert "another run is publishing there" in refusal(target)


def test_a_front_page_that_cannot_be_written_or_is_not_ours_is_refused(tmp_path):
    page = tmp_path / "index.html"
    page.write_text("<html><body>My thesis</body></html>")
    with pytest.raises(TargetError, match="is not an index page that urbanlayer wrote"):
        index_page.refuse_if_foreign(tmp_path)
    page.unlink()
    assert index_page.renewed(tmp_path) == ()
    index_page.refuse_if_foreign(tmp_path)
    page.unlink()
    page.mkdir()
    with pytest.raises(TargetError, match="is a folder in place of the index page"):
        index_page.refuse_if_foreign(tmp_path)
    (note,) = index_page.renewed(tmp_path)
    assert "the publication is in place; its index page is not" in note
    assert names_in(tmp_path) == ["index.html"]


KILLED = """
import os, signal, sys, pathlib
from urbanlayer.publish import write
from urbanlayer.publish.published import Owner

target, owner = pathlib.Path(sys.argv[1]), Owner("bar")
if sys.argv[2] == "no exchange":
    write.exchanged = lambda *_: False
STEPS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree")
RECORD = b'{"city": "bar", "versions": {"urbanlayer": "0"}}'

def published(number, kill_at):
    so_far = 0
    def step(event, _):
        nonlocal so_far
        so_far += event in STEPS
        if event in STEPS and so_far == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
    new = str(number).encode()
    with write.reserved(target, owner) as folder:
        sys.addaudithook(step)
        write.publish({"index.html": new, "data/t.csv": new, "run.json": RECORD}, folder)

published(0, 0)
ended = None
for number in range(1, 200):
    child = os.fork()
    if not child:
        published(number, number)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with write.reserved(target, owner):
        pass
    contents = {(target / name).read_text() for name in ("index.html", "data/t.csv")}
    left = [p.name for p in target.parent.iterdir() if not p.name.endswith(".lock")]
    print(ended, *sorted(contents), *left)
    if ended == 0:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="runs are killed in forked processes")
@pytest.mark.parametrize("way", ["exchange", "no exchange"])
def test_killed_before_any_step_the_next_run_finds_one_whole_publication(tmp_path, way):
    """Kill a run before its first file-system call, the next before its second, and so on."""
    command = [sys.executable, "-c", KILLED, str(tmp_path / "city"), way]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    *killed, last = [line.split() for line in lines]
    assert len(killed) > 10
    earlier = "0"
    for number, (code, content, *left) in enumerate(killed, 1):
        assert code == str(-signal.SIGKILL)
        assert content in {earlier, str(number)}, "files of two publications stand side by side"
        assert left == ["city"], "something of the killed run is left"
        earlier = content
    assert last == ["0", str(len(lines)), "city"]


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
