"""A publication with exact numbers says in every file that it is not for publication."""

import json

import pytest
from city_folder import rewrite, write_city

import urbanlayer

SAID = b"Internal, not for publication"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write_city(folder)
    isochrones = "[publish]\nisochrones = { school = [200] }\n\n[layers.streets]"
    rewrite(folder, "[layers.streets]", isochrones)
    urbanlayer.build(folder / "city.toml", folder / "public")
    rewrite(folder, "[publish]", '[publish]\ndisclosure = "internal"')
    urbanlayer.build(folder / "city.toml", folder / "internal")
    return folder


def _files(folder):
    return {path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*") if path.is_file()}  # fmt: skip


def _has_rows(content):
    return content.count(b"\n") > 1


def test_every_file_of_an_internal_publication_says_so(folder):
    files = _files(folder / "internal")
    silent = [
        str(path)
        for path, content in files.items()
        if SAID not in content and (path.suffix != ".csv" or _has_rows(content))
    ]
    assert len(files) > 8
    assert silent == []


def test_no_file_of_a_public_one_does(folder):
    assert not any(SAID in content for content in _files(folder / "public").values())


def test_the_record_has_the_mode(folder):
    record = json.loads((folder / "internal/run.json").read_bytes())
    assert record["disclosure"] == "internal"
    assert record["note"] == "Internal, not for publication: exact numbers."
    assert json.loads((folder / "public/run.json").read_bytes())["disclosure"] == "public"
