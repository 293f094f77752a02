"""A secret in an address stands nowhere: not in what is printed, not in any published file."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from city_folder import rewrite, write_city
from command import run
from server import Answer, Server

from urbanlayer.sources import _session

CANARY = "TAJNA-4711"
NAMES = (
    "pass", "passwd", "password", "pwd", "Password", "PASS", "lozinka", "token", "access_token",
    "accessToken", "refresh_token", "id_token", "authtoken", "key", "api_key", "apikey", "api-key",
    "subscription-key", "appid", "app_code", "secret", "client_secret", "auth", "authorization",
    "bearer", "jwt", "code", "x-code", "sid", "session", "sessionid", "sas", "sig", "signature",
    "X-Amz-Signature", "X-Amz-Credential", "AWSAccessKeyId", "credential", "hash", "čuvar", "u",
    "k", "otp", "nonce",
)  # fmt: skip
"""Of parameters whose value nobody else may see."""
FORMATS = (
    "html", "csv", "csv_wide", "gpkg", "geojson", "flatgeobuf", "xlsx", "qgis", "datapackage",
    "metadata",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_pauses():
    """No waiting between two tries of a server that is not there."""
    with _session.using(sleep=lambda _: None):
        yield


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


def everything_in(folder):
    """Every byte of the files in a folder, of archives what they hold."""
    parts = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            parts.append(content)
            if content.startswith(b"PK"):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    parts += [archive.read(name) for name in archive.namelist()]
    return b"".join(parts)


@pytest.mark.slow
def test_no_file_of_any_kind_has_a_secret_under_any_of_forty_names(city, tmp_path):
    assert len(set(NAMES)) >= 40
    content = (city / "schools.geojson").read_bytes()
    formats = ", ".join(f'"{one}"' for one in FORMATS)
    rewrite(city, "[residents]", f"[publish]\nformats = [{formats}]\n\n[residents]")
    with Server() as server:
        server.routes["/s.geojson"] = lambda _: Answer(content)
        query = "&".join(f"{name}={CANARY}-{name}" for name in NAMES)
        from_the_network(city, "http", f"{server.url}/s.geojson?{query}")
        said = [build(city)]
        cache = {"URBANLAYER_CACHE": city / "cache"}
        said += [
            run(
                "report",
                city / "city.toml",
                "--format",
                kind,
                "--out",
                tmp_path / f"r/r.{kind}",
                **cache,
            )
            for kind in ("html", "docx")
        ]
        said.append(run("check", city / "city.toml", "--out", city / "inventory", **cache))
    assert [done.returncode for done in said] == [0] * 4, [done.stderr for done in said]
    for folder in (city / "out", city / "inventory", tmp_path / "r"):
        written = everything_in(folder)
        assert len(written) > 1_000
        assert CANARY.encode() not in written
    assert not any(CANARY in done.stdout + done.stderr for done in said)


@pytest.mark.parametrize(
    "address",
    [
        f"http://user:{CANARY}@127.0.0.1:9/s.geojson",
        f"http://{CANARY}:x-oauth@127.0.0.1:9/s.geojson",
        f"http://user:{CANARY}@[::1/s.geojson",
        f"http://user:{CANARY}@127.0.0.1:80a/s.geojson",
        f"http://127.0.0.1:9/s.geojson;jsessionid={CANARY}",
        f"http://127.0.0.1:9/s.geojson#access_token={CANARY}",
    ],
)
@pytest.mark.parametrize("source", ["http", "wfs", "arcgis", "ogcapi"])
def test_an_address_that_cannot_be_read_is_shown_without_its_secrets(city, source, address):
    from_the_network(city, source, address)
    done = build(city)
    assert done.returncode == 1
    assert CANARY not in done.stdout + done.stderr
    assert "school" in done.stderr


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://gis:{CANARY}@127.0.0.1:9/gis",
        f"postgresql://127.0.0.1:9/gis?user=gis&password={CANARY}",
        f"postgres://gis:{CANARY}@[::1/gis",
        f"host=127.0.0.1 port=9 dbname=gis password={CANARY}",
    ],
)
def test_an_address_of_a_database_is_shown_without_its_password(city, address):
    from_the_network(city, "postgis", address)
    rewrite(city, 'source = "postgis"', 'source = "postgis"\nlayer = "schools"')
    done = build(city)
    assert done.returncode == 1
    assert CANARY not in done.stdout + done.stderr
