"""Many cities: one that fails does not stop the others, and what is done is not done again."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import threading

import command
import many_cities
import pytest
import small_city

from urbanlayer import portfolio
from urbanlayer.errors import CityFileError, ClusterError, TargetError
from urbanlayer.evaluation.code_digests import digest_of_package
from urbanlayer.kernels.digests import PACKAGE
from urbanlayer.pipeline import read_city_file
from urbanlayer.portfolio import Status, clusters, tasks


@pytest.fixture
def cities(tmp_path):
    return many_cities.write(tmp_path / "cities", "bar", "budva", "kotor")


@pytest.mark.slow
def test_a_city_that_fails_does_not_stop_the_others_and_the_exit_code_says_so(tmp_path, cities):
    (cities[1].parent / "streets.gpkg").unlink()
    done = command.run("build", "cities/*/city.toml", cwd=tmp_path, URBANLAYER_NO_CACHE=1)
    assert done.returncode == 5
    assert "bar: published" in done.stdout
    assert "kotor: published" in done.stdout
    assert "streets.gpkg" in done.stderr
    assert done.stdout.splitlines()[-1] == "3 cities: 2 published, 1 failed"
    page = (tmp_path / "maps/index.html").read_text(encoding="utf-8")
    assert ">Bar<" in page
    assert ">Kotor<" in page
    assert ">Budva<" not in page
    # the second run builds the one that failed, and no other
    small_city.write(cities[1].parent, cities[1].read_text(encoding="utf-8"))
    before = (tmp_path / "maps/bar/run.json").stat().st_mtime_ns
    again = command.run("build", *cities, "--json", cwd=tmp_path, URBANLAYER_NO_CACHE=1)
    ended = {one["city"]: one["status"] for one in json.loads(again.stdout)}
    assert ended == {"bar": "done before", "budva": "published", "kotor": "done before"}
    assert (tmp_path / "maps/bar/run.json").stat().st_mtime_ns == before
    # a changed input, a changed city file and a publication that is gone are done again
    schools = small_city.frames()["schools"].iloc[:1]
    small_city.write(cities[0].parent, cities[0].read_text(encoding="utf-8"), schools=schools)
    shutil.rmtree(tmp_path / "maps/kotor")
    with cities[1].open("a", encoding="utf-8") as file:
        file.write("# read\n")
    third = portfolio.build_all(cities, tmp_path / "maps", cache=False)
    assert {one.status for one in third} == {Status.PUBLISHED}


def test_two_files_of_one_city_are_refused_before_anything_is_built(tmp_path, cities):
    twin = tmp_path / "twin.toml"
    twin.write_text(cities[0].read_text(encoding="utf-8"), encoding="utf-8")
    for layer in cities[0].parent.glob("*.gpkg"):
        shutil.copy(layer, tmp_path)
    with pytest.raises(CityFileError, match="the same id 'bar'"):
        portfolio.build_all([cities[0], twin], tmp_path / "maps")
    assert not (tmp_path / "maps").exists()


def test_a_whole_and_its_part_are_refused_in_one_run(tmp_path, cities):
    text = cities[0].read_text(encoding="utf-8")
    part = 'part_of = { whole = "budva", cut = "a" }\n'
    cities[0].write_text(part + text, encoding="utf-8")
    with pytest.raises(TargetError, match="'bar' is a part of 'budva'"):
        portfolio.build_all(cities, tmp_path / "maps")


@pytest.mark.parametrize("option", ["--profile", "--explain"])
def test_options_of_one_city_are_refused_for_several(tmp_path, cities, option):
    done = command.run("build", *cities, option, cwd=tmp_path)
    assert done.returncode == 1
    assert "is for one city" in done.stderr


def task(tmp_path, city_file):
    file = read_city_file(city_file)
    out = tmp_path / "maps"
    return tasks.task_of(city_file, file, out, offline=False, cache=False, known={})


def test_a_file_that_a_worker_does_not_see_is_named(tmp_path, cities):
    one = task(tmp_path, cities[0])
    gone = str(tmp_path / "elsewhere/parks.gpkg")
    unseen = dataclasses.replace(one, files=(*one.files, (gone, 5)))
    ended = tasks.run(unseen, digest_of_package())
    assert ended.status is Status.FAILED
    assert ended.messages[0] == f"the worker does not see {gone}, which the client sees"
    path, size = one.files[0]
    other = dataclasses.replace(one, files=((path, size + 1),))
    assert (
        f"with {size} bytes, the client with {size + 1}"
        in tasks.run(other, digest_of_package()).messages[0]
    )


def test_a_worker_with_other_code_builds_nothing(tmp_path, cities):
    ended = tasks.run(task(tmp_path, cities[0]), "another")
    assert ended.status is Status.FAILED
    assert "the worker has another urbanlayer" in ended.messages[0]


def test_a_city_of_unknown_inputs_is_never_taken_for_done(tmp_path, cities):
    one = task(tmp_path, cities[0])
    assert one.made_of is not None
    remote = (
        cities[0]
        .read_text(encoding="utf-8")
        .replace(
            'path = "trees.gpkg"', 'source = "http"\npath = "https://gis.example.org/trees.gpkg"'
        )
    )
    cities[0].write_text(remote, encoding="utf-8")
    assert task(tmp_path, cities[0]).made_of is None


@pytest.mark.slow
def test_a_cluster_that_cannot_be_reached_is_said(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(clusters, "TIMEOUT_S", 2)
    with (
        pytest.raises(ClusterError, match="no scheduler with a worker answers within 2 s"),
        clusters.connected("tcp://127.0.0.1:9", workers=None, memory=None),
    ):
        pass


@pytest.mark.slow
def test_a_run_ends_right_although_a_worker_is_killed_in_the_middle(tmp_path):
    pytest.importorskip("distributed")
    names = [f"city{number}" for number in range(8)]
    files = many_cities.write(tmp_path / "cities", *names)
    ended = []
    with (
        many_cities.scheduler() as address,
        many_cities.worker(address, "one") as doomed,
        many_cities.worker(address, "two"),
    ):

        def kill():
            many_cities.wait_until(lambda: len(ended) >= 2, 300)
            doomed.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        done = portfolio.build_all(
            files, tmp_path / "maps", cluster=address, cache=False, tell=ended.append
        )
        killer.join()
        assert doomed.poll() is not None
    assert [one.city for one in done] == names
    assert {one.status for one in done} == {Status.PUBLISHED}
    # each as if it had been built alone
    portfolio.build_all(files, tmp_path / "alone", cache=False)
    for name in names:
        for file in ("data/indicators.csv", "data/neighbourhoods.geojson", "index.html"):
            here = (tmp_path / "maps" / name / file).read_bytes()
            assert here == (tmp_path / "alone" / name / file).read_bytes()


@pytest.mark.slow
def test_a_worker_with_another_version_is_refused_by_name(tmp_path):
    pytest.importorskip("distributed")
    shutil.copytree(PACKAGE, tmp_path / "other/urbanlayer", ignore=shutil.ignore_patterns("*.pyc"))
    with (tmp_path / "other/urbanlayer/errors.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    path = str(tmp_path / "other")
    with (
        many_cities.scheduler() as address,
        many_cities.worker(address, "old", PYTHONPATH=path),
        pytest.raises(ClusterError, match=r"worker tcp://127\.0\.0\.1:\d+ has urbanlayer "),
        clusters.connected(address, workers=None, memory=None),
    ):
        pass


@pytest.mark.slow
def test_a_city_too_large_is_said_before_and_a_worker_that_dies_after(tmp_path):
    pytest.importorskip("distributed")
    files = many_cities.write(tmp_path / "cities", "bar")
    with pytest.raises(ClusterError, match=r"a worker needs 0\.5 GB to start"):
        portfolio.build_all(files, tmp_path / "maps", cluster="local", memory="100MB")
    one = task(tmp_path, files[0])
    with clusters.connected("local", workers=1, memory="700MB") as client:
        (before,) = clusters.run_all(client, [one], try_large=False)
        assert before.status is Status.TOO_LARGE
        assert "needs about 0.8 GB" in before.messages[0]
        assert "the largest worker has 0.7 GB" in before.messages[0]
        dies = client.submit(os._exit, 137, pure=False)  # as where the system wants its memory
        after = clusters._outcome_of(dies, one, 7e8)
    assert after.status is Status.FAILED
    assert "its worker died 2 times, most likely for want of memory" in after.messages[0]
