"""The documented configurations of web servers, tried against the servers."""

from __future__ import annotations

import contextlib
import http.client
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
GPKG = bytes(range(256)) * 4


def free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def started(server, folder, root, port):
    """The server with its documented configuration, on another port and folder."""
    if server == "nginx":
        text = (DOCS / "nginx.conf").read_text(encoding="utf-8")
        text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace(
            "/srv/maps", str(root)
        )
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = (
            f"daemon off; pid {folder}/pid; error_log {folder}/errors;\nevents {{}}\n"
            f"http {{ access_log off;\n{temporary}{text}\n}}\n"
        )
        (folder / "nginx.conf").write_text(whole, encoding="utf-8")
        return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    text = (DOCS / "Caddyfile").read_text(encoding="utf-8")
    text = text.replace(":8080", f"http://127.0.0.1:{port}").replace("/srv/maps", str(root))
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


@pytest.fixture(params=["nginx", "caddy"])
def ask(request, tmp_path):
    """A function that asks the server for a path: status, headers and content."""
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    root, port = tmp_path / "maps", free_port()
    (root / "bar/data").mkdir(parents=True)
    (root / "bar/index.html").write_text("<title>Bar</title>")
    (root / "index.html").write_text("<title>Maps</title>")
    (root / "bar/data/neighbourhoods.gpkg").write_bytes(GPKG)
    (root / "bar/data/indicators.csv").write_text("a,b")
    (root / ".bar.lock").write_text("")
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents:  # nginx reads as another user
        if folder.is_relative_to("/tmp") and folder != Path("/tmp"):  # noqa: S108  (pytest's)
            folder.chmod(0o755)
    command = started(request.param, tmp_path, root, port)
    environment = {"HOME": str(tmp_path), "PATH": "/usr/sbin:/usr/bin:/bin"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        for _ in range(200):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)

        def ask(path, method="GET", **headers):
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            with contextlib.closing(link):
                link.request(method, path, headers=headers)
                answer = link.getresponse()
                return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()

        yield ask
        run.terminate()


def test_pages_and_files_are_served_with_their_types_and_policies(ask):
    status, headers, content = ask("/bar/")
    assert (status, content) == (200, b"<title>Bar</title>")
    assert headers["content-type"].startswith("text/html")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "frame-ancestors *"
    assert ask("/")[0] == 200
    assert ask("/bar")[0] in {301, 308}  # else relative links would lead elsewhere
    assert ask("/bar/data/indicators.csv")[1]["content-type"].startswith("text/csv")


def test_parts_of_a_geopackage_can_be_read(ask):
    status, headers, content = ask("/bar/data/neighbourhoods.gpkg", Range="bytes=16-31")
    assert (status, content) == (206, GPKG[16:32])
    assert headers["content-type"] == "application/geopackage+sqlite3"


@pytest.mark.parametrize("path", ["/bar/data/", "/.bar.lock", "/bar/../../nginx.conf", "/none"])
def test_nothing_else_is_shown(ask, path):
    status, headers, content = ask(path)
    assert status in {400, 403, 404}
    assert b"neighbourhoods.gpkg" not in content
    assert "lock" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(ask, method):
    assert ask("/bar/index.html", method)[0] in {403, 405}
