"""`urbanlayer fetch`, and a build that needs no network after it."""

from __future__ import annotations

import functools
import http.server
import threading

import pytest
from city_folder import write_city
from command import run, run_apart


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def city(tmp_path):
    """A toy city whose schools lie on a web server, and a function that stops the server."""
    write_city(tmp_path)
    served = tmp_path / "served"
    served.mkdir()
    (tmp_path / "schools.geojson").rename(served / "schools.geojson")
    handler = functools.partial(_Silent, directory=str(served))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    text = (tmp_path / "city.toml").read_text(encoding="utf-8")
    address = f"http://127.0.0.1:{server.server_port}/schools.geojson"
    text = text.replace('path = "schools.geojson"', f'source = "http"\npath = "{address}"')
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    stopped = []

    def stop():
        if not stopped:
            stopped.append(True)
            server.shutdown()
            thread.join()
            server.server_close()

    yield tmp_path / "city.toml", stop
    stop()


@pytest.mark.slow
def test_what_was_fetched_builds_without_a_network(city, tmp_path):
    city_file, stop = city
    cache = tmp_path / "cache"
    fetched = run_apart("fetch", city_file, URBANLAYER_CACHE=cache)
    assert fetched.returncode == 0, fetched.stderr
    assert "school: stored" in fetched.stdout
    stop()
    built = run("build", city_file, "--out", tmp_path / "out", "--offline", URBANLAYER_CACHE=cache)
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "out/index.html").exists()


def test_offline_without_a_fetch_says_what_is_missing(city, tmp_path):
    city_file, _ = city
    told = run(
        "build", city_file, "--out", tmp_path / "out", "--offline", URBANLAYER_CACHE=tmp_path / "c"
    )
    assert told.returncode == 1
    assert "school" in told.stderr
    assert "offline" in told.stderr
    assert not (tmp_path / "out").exists()


def test_an_address_that_is_not_there_is_told(city, tmp_path):
    city_file, _ = city
    text = city_file.read_text(encoding="utf-8").replace("/schools.geojson", "/school.geojson")
    city_file.write_text(text, encoding="utf-8")
    told = run("fetch", city_file, URBANLAYER_CACHE=tmp_path / "cache")
    assert told.returncode == 1
    assert "school.geojson: there is nothing at that address" in told.stderr


def test_a_city_file_with_nothing_on_the_network_says_so(tmp_path):
    write_city(tmp_path)
    told = run("fetch", tmp_path / "city.toml", URBANLAYER_CACHE=tmp_path / "cache")
    assert told.returncode == 0
    assert "no layer of this city file comes from the network" in told.stdout
