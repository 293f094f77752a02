"""A publication as it was published, and one that was changed."""

from __future__ import annotations

import json

import pytest
from command import run

from urbanlayer.errors import DataError
from urbanlayer.publish.published import digests_of, record_bytes
from urbanlayer.publish.verification import verified


@pytest.fixture
def folder(tmp_path):
    files = {"index.html": b"page", "data/t.csv": b"a,b"}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    record = {"city": "bar", "versions": {"urbanlayer": "0"}, "files": digests_of(files)}
    (tmp_path / "run.json").write_bytes(record_bytes({**record, "seconds": {"š": 0.1}}))
    return tmp_path


def test_a_publication_that_nobody_touched_is_whole(folder):
    found = verified(folder)
    assert found.whole
    assert (found.city, found.checked) == ("bar", 3)


def test_each_difference_is_named(folder):
    (folder / "index.html").write_bytes(b"page!")
    (folder / "data/t.csv").unlink()
    (folder / "data/more.csv").write_bytes(b"")
    found = verified(folder)
    assert (found.missing, found.changed, found.added) == (
        ("data/t.csv",), ("index.html",), ("data/more.csv",),
    )  # fmt: skip


def test_a_record_that_was_changed_is_told(folder):
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["files"]["index.html"] = "0" * 64
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    assert verified(folder).changed == ("index.html", "run.json")


@pytest.mark.parametrize(
    "change",
    [lambda text: text[:-1], lambda text: f"{text} ", lambda text: f'{{"city": "x",{text[1:]}'],
    ids=["cut", "longer", "a key twice"],
)
def test_a_record_of_the_same_content_in_other_bytes_is_told(folder, change):
    path = folder / "run.json"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert verified(folder).changed == ("run.json",)


@pytest.mark.parametrize("record", [None, "[]", '{"city": "bar"}', "[" * 100_000])
def test_what_is_no_publication_is_told(tmp_path, record):
    if record is not None:
        (tmp_path / "run.json").write_text(record)
    with pytest.raises(DataError, match=r"no run\.json that urbanlayer wrote"):
        verified(tmp_path)


def test_the_command_says_what_differs_and_ends_with_1(folder):
    good = run("verify", folder)
    assert (good.returncode, good.stderr) == (0, "")
    assert "3 files of bar, as they were published" in good.stdout
    (folder / "index.html").write_bytes(b"page!")
    bad = run("verify", folder)
    assert bad.returncode == 1
    assert "index.html: was changed after it was published" in bad.stderr
