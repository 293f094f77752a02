"""A secret in an address stands nowhere: not in what is printed, not in any published file."""

from __future__ import annotations

import json

import pytest
from city_folder import rewrite, write_city
from command import run
from server import Answer, Server

CANARY = "TAJNA-4711"


@pytest.fixture
def city(tmp_path):
    write_city(tmp_path)
    return tmp_path


def build(city):
    return run("build", city / "city.toml", "--out", city / "out", URBANLAYER_CACHE=city / "cache")


def from_the_network(city, source, address):
    old = 'path = "schools.geojson"'
    rewrite(city, old, f'source = "{source}"\npath = "{address}"')


@pytest.mark.parametrize("names", [("pass", "jwt", "sas"), ("x-code", "sid", "čuvar")])
def test_no_file_of_a_publication_has_the_secret_of_an_address(city, names):
    content = (city / "schools.geojson").read_bytes()
    with Server() as server:
        server.routes["/s.geojson"] = lambda _: Answer(content)
        query = "&".join(f"{name}={CANARY}" for name in names)
        from_the_network(city, "http", f"{server.url}/s.geojson?{query}&year=2024#k={CANARY}")
        done = build(city)
    assert done.returncode == 0, done.stderr
    assert "year=2024" in (city / "out" / "run.json").read_text(encoding="utf-8")
    files = [path for path in (city / "out").rglob("*") if path.is_file()]
    written = b"".join(path.read_bytes() for path in files)
    assert CANARY.encode() not in written
    assert CANARY not in done.stdout + done.stderr
    kept = b"".join(path.read_bytes() for path in (city / "cache").rglob("*.json"))
    assert CANARY.encode() not in kept


def test_a_server_that_repeats_the_secret_in_its_refusal_gives_it_to_nobody(city):
    refusal = {"error": {"code": 498, "message": f"Invalid token: {CANARY}"}}
    with Server() as server:
        server.routes["/FeatureServer/0"] = lambda _: Answer(json.dumps(refusal).encode())
        from_the_network(city, "arcgis", f"{server.url}/FeatureServer/0?token={CANARY}")
        done = build(city)
    assert done.returncode == 1
    assert "Invalid token" in done.stderr
    assert CANARY not in done.stdout + done.stderr
