"""Downloads from a server that does everything wrong that servers do."""

from __future__ import annotations

import concurrent.futures
import contextlib
import hashlib
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from server import Answer, Asked, in_ranges

from urbanlayer.errors import SourceError
from urbanlayer.model.addresses import shown
from urbanlayer.sources import _responses, _session
from urbanlayer.sources._fetch import fetch, with_ending
from urbanlayer.sources._session import Order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from server import Server

CONTENT = bytes(range(256)) * 4000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def test_a_file_is_fetched_once_and_then_kept(server: Server, cache: Path) -> None:
    server.routes["/a.bin"] = [Answer(CONTENT)]
    first, second = (fetch(Order(f"{server.url}/a.bin")) for _ in range(2))
    assert first.digest == second.digest == DIGEST
    assert first.path.suffix == ".bin"
    assert first.path.is_relative_to(cache)
    assert len(server.asked) == 1


def test_a_kept_file_that_somebody_changed_is_fetched_again(server: Server, cache: Path) -> None:
    server.routes["/a.bin"] = [Answer(CONTENT)]
    fetch(Order(f"{server.url}/a.bin")).path.write_bytes(b"something else")
    assert fetch(Order(f"{server.url}/a.bin")).path.read_bytes() == CONTENT
    assert len(server.asked) == 2
    assert cache.exists()


def test_a_connection_that_breaks_off_is_gone_on_with(server: Server, cache: Path) -> None:
    whole = in_ranges(CONTENT)
    cuts = iter([300_000, 500_000, None])

    def breaking(asked: Asked) -> Answer:
        answer = whole(asked)
        answer.cut = next(cuts)
        return answer

    server.routes["/a.bin"] = breaking
    assert fetch(Order(f"{server.url}/a.bin")).digest == DIGEST
    ranges = [asked.headers.get("range") for asked in server.asked]
    assert ranges == [None, "bytes=300000-", "bytes=800000-"]
    assert not list(cache.rglob("*.part*"))


@pytest.mark.usefixtures("cache")
def test_a_file_that_changed_in_between_is_begun_again(server: Server) -> None:
    old, new = in_ranges(b"x" * 500_000, '"old"'), in_ranges(CONTENT, '"new"')
    turns = iter([old, new])

    def changing(asked: Asked) -> Answer:
        answer = next(turns)(asked)
        answer.cut = 100_000 if answer.headers["ETag"] == '"old"' else None
        return answer

    server.routes["/a.bin"] = changing
    assert fetch(Order(f"{server.url}/a.bin")).digest == DIGEST


@pytest.mark.parametrize("status", [429, 500, 502, 503])
@pytest.mark.usefixtures("cache")
def test_a_busy_server_is_asked_again_with_growing_pauses(server: Server, status: int) -> None:
    waits: list[float] = []
    server.routes["/a.bin"] = [Answer(status=status), Answer(status=status), Answer(CONTENT)]
    with _session.using(sleep=waits.append):
        assert fetch(Order(f"{server.url}/a.bin")).digest == DIGEST
    assert waits == [0.5, 1.0]


@pytest.mark.usefixtures("cache")
def test_a_server_that_says_how_long_to_wait_is_waited_for(server: Server) -> None:
    waits: list[float] = []
    server.routes["/a.bin"] = [Answer(status=429, headers={"Retry-After": "7"}), Answer(CONTENT)]
    with _session.using(sleep=waits.append):
        fetch(Order(f"{server.url}/a.bin"))
    assert waits == [7.0]


@pytest.mark.usefixtures("cache")
def test_a_server_that_stays_busy_is_given_up(server: Server) -> None:
    server.routes["/a.bin"] = [Answer(status=503)]
    with pytest.raises(SourceError, match="it responded 503, 5 times; try again later"):
        fetch(Order(f"{server.url}/a.bin"))
    assert len(server.asked) == 5


@pytest.mark.usefixtures("cache")
def test_two_runs_that_want_one_file_fetch_it_once(server: Server) -> None:
    """The second asks while the first has half of it."""
    half_way, second_waits = threading.Event(), threading.Event()

    def slow(_: Asked) -> Answer:
        half_way.set()
        second_waits.wait(0.2)
        return Answer(CONTENT)

    server.routes["/a.bin"] = slow
    order = Order(f"{server.url}/a.bin")
    with concurrent.futures.ThreadPoolExecutor(2) as runs:
        first = runs.submit(fetch, order)
        half_way.wait()
        second = runs.submit(fetch, order)
        assert first.result().digest == second.result().digest == DIGEST
    assert len(server.asked) == 1
    assert first.result().path.read_bytes() == CONTENT


@pytest.mark.usefixtures("cache")
def test_a_disk_without_room_is_not_taken_for_a_broken_connection(server: Server) -> None:
    resource = pytest.importorskip("resource")  # not on Windows
    server.routes["/a.bin"] = lambda _: Answer(CONTENT)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(SourceError, match=r"it cannot be kept in .*URBANLAYER_CACHE"):
            fetch(Order(f"{server.url}/a.bin"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert len(server.asked) == 1
    assert fetch(Order(f"{server.url}/a.bin")).digest == DIGEST


def test_a_name_with_an_ending_follows_its_download(tmp_path: Path) -> None:
    (tmp_path / "d").write_bytes(b"old")
    assert with_ending(tmp_path / "d", ".gml").read_bytes() == b"old"
    (tmp_path / "d").unlink()
    (tmp_path / "d").write_bytes(b"new")
    for _ in range(2):
        assert with_ending(tmp_path / "d", ".gml").read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d", "d.gml"]


@pytest.mark.usefixtures("cache")
def test_a_server_that_sends_nothing_is_given_up(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_responses, "SILENCE_S", 0.05)
    done = threading.Event()

    def silent(_: Asked) -> Answer:
        done.wait(1)
        return Answer(cut=0)

    server.routes["/a.bin"] = silent
    with pytest.raises(SourceError, match=r"it sent nothing for 0.05 s, 5 times"):
        fetch(Order(f"{server.url}/a.bin"))
    done.set()


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("address", ["http://127.0.0.1:80a/x", "http://[::1", "http://[::1/x"])
def test_what_is_no_address_is_refused_in_a_city_file_and_in_a_redirect(
    server: Server, address: str
) -> None:
    with pytest.raises(SourceError, match=r"is no address: its port .* brackets without an end"):
        fetch(Order(address))
    server.routes["/a.bin"] = [Answer(status=302, headers={"Location": address})]
    with pytest.raises(SourceError, match="it sends us on to what is no address"):
        fetch(Order(f"{server.url}/a.bin"))


@pytest.fixture
def dripping() -> Iterator[str]:
    """The address of a server that sends a header without end, a letter at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    link, _ = listening.accept()
                    with contextlib.suppress(OSError), link:
                        link.recv(4096)
                        link.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                        while not ended.wait(0.02):
                            link.sendall(b"a")

        ended = threading.Event()
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/a.bin"
        ended.set()


@pytest.mark.usefixtures("cache")
def test_headers_that_drip_end_at_the_time_limit(dripping: str) -> None:
    with (
        _session.using(seconds=0.3),
        pytest.raises(SourceError, match=r"^http://127.*: it took more than 0.3 s$"),
    ):
        fetch(Order(dripping))


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize(
    ("status", "words"), [(404, "there is nothing at that address"), (403, "it refuses")]
)
def test_a_refusal_is_told_at_once(server: Server, status: int, words: str) -> None:
    server.routes["/a.bin"] = [Answer(status=status)]
    with pytest.raises(SourceError, match=words):
        fetch(Order(f"{server.url}/a.bin"))
    assert len(server.asked) == 1


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream"])
def test_a_web_page_under_the_name_of_data_is_refused(
    server: Server, cache: Path, kind: str
) -> None:
    page = b"<!DOCTYPE html><title>Quota exceeded</title>"
    server.routes["/a.gpkg"] = [Answer(page, headers={"Content-Type": kind})]
    with pytest.raises(SourceError, match="the server responded with a web page"):
        fetch(Order(f"{server.url}/a.gpkg"))
    assert not list(cache.rglob("*.gpkg"))


@pytest.mark.usefixtures("cache")
def test_fewer_bytes_than_were_announced_are_refused(server: Server) -> None:
    server.routes["/a.bin"] = [Answer(CONTENT, headers={"Content-Length": "9999999"})]
    with pytest.raises(SourceError, match="broke off"):
        fetch(Order(f"{server.url}/a.bin"))


@pytest.mark.usefixtures("cache")
def test_a_wrong_checksum_is_refused(server: Server) -> None:
    server.routes["/a.bin"] = [Answer(CONTENT)]
    with pytest.raises(SourceError, match="does not match its checksum"):
        fetch(Order(f"{server.url}/a.bin", checksum="sha256:00"))
    assert fetch(Order(f"{server.url}/a.bin", checksum=f"sha256:{DIGEST}")).digest == DIGEST


@pytest.mark.usefixtures("cache")
def test_a_file_that_is_too_large_is_refused(server: Server) -> None:
    server.routes["/a.bin"] = [Answer(CONTENT)]
    with pytest.raises(SourceError, match="1 MB are too many"):
        fetch(Order(f"{server.url}/a.bin", max_bytes=1000))


@pytest.mark.usefixtures("cache")
def test_a_redirect_to_another_host_needs_leave(server: Server) -> None:
    port = server.url.rpartition(":")[2]
    elsewhere = f"http://localhost:{port}/b.bin"
    server.routes["/a.bin"] = [Answer(status=302, headers={"Location": elsewhere})]
    server.routes["/b.bin"] = [Answer(CONTENT)]
    asks = r'localhost of a private network.*allow_hosts = ."localhost".'
    with pytest.raises(SourceError, match=asks):
        fetch(Order(f"{server.url}/a.bin"))
    allowed = Order(f"{server.url}/a.bin", allow_hosts=("localhost",))
    assert fetch(allowed).digest == DIGEST


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("location", ["file:///etc/passwd", "data:text/plain,x", "javascript:1"])
def test_a_redirect_to_what_is_no_web_address_is_refused(location: str, server: Server) -> None:
    server.routes["/a"] = [Answer(status=302, headers={"Location": location})]
    with pytest.raises(SourceError, match=r"/a: it sends us on.*only http and https") as caught:
        fetch(Order(f"{server.url}/a"))
    assert "allow_hosts" not in str(caught.value)


@pytest.mark.usefixtures("cache")
def test_a_redirect_within_a_host_is_followed_but_not_for_ever(server: Server) -> None:
    server.routes["/a.bin"] = [Answer(status=301, headers={"Location": "/b.bin"})]
    server.routes["/b.bin"] = [Answer(CONTENT)]
    server.routes["/round"] = [Answer(status=301, headers={"Location": "/round"})]
    assert fetch(Order(f"{server.url}/a.bin")).digest == DIGEST
    with pytest.raises(SourceError, match="it sends us on and on"):
        fetch(Order(f"{server.url}/round"))


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/a"])
def test_only_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(SourceError, match="only http and https"):
        fetch(Order(url))


@pytest.mark.usefixtures("cache")
def test_offline_the_cache_alone_answers(server: Server) -> None:
    server.routes["/a.bin"] = [Answer(CONTENT)]
    with (
        _session.using(offline=True),
        pytest.raises(SourceError, match="run is offline"),
    ):
        fetch(Order(f"{server.url}/a.bin"))
    fetch(Order(f"{server.url}/a.bin"))
    with _session.using(offline=True):
        assert fetch(Order(f"{server.url}/a.bin")).digest == DIGEST


@pytest.mark.usefixtures("cache")
def test_how_much_has_come_is_told(server: Server) -> None:
    server.routes["/a.bin"] = [Answer(CONTENT)]
    told: list[tuple[str, int, int]] = []
    with _session.using(progress=lambda *state: told.append(state)):
        fetch(Order(f"{server.url}/a.bin?token=secret"))
    assert told[-1] == (f"{server.url}/a.bin", len(CONTENT), len(CONTENT))


def test_an_address_is_shown_without_its_secrets() -> None:
    url = "https://user:pass@host.me:8443/a/b?typeName=x&api_key=abc&pass=t&apikod=4711&u=me"
    assert shown(url) == "https://host.me:8443/a/b?typeName=x"


@pytest.mark.parametrize(
    "address", ["http://[::1/wfs?pass=abc", "http://u:abc@host.me:99999999/wfs"]
)
def test_what_is_no_address_is_shown_without_secrets(address: str) -> None:
    assert "abc" not in shown(address)
    assert shown(address)


def test_no_secret_stands_in_an_error(server: Server, cache: Path) -> None:
    with pytest.raises(SourceError) as caught:
        fetch(Order(f"{server.url.replace('//', '//me:hidden@')}/nothing?token=hidden"))
    assert "hidden" not in str(caught.value)
    assert cache is not None


def netrc(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return str(path)


@pytest.mark.usefixtures("cache")
def test_a_name_and_a_password_come_from_netrc_and_go_to_their_host_alone(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = netrc(tmp_path / "netrc", "machine 127.0.0.1 login ana password tajna\n")
    monkeypatch.setenv("NETRC", told)
    other = server.url.replace("127.0.0.1", "localhost")
    server.routes["/a.bin"] = [Answer(CONTENT)]
    server.routes["/b.bin"] = [Answer(status=302, headers={"Location": f"{other}/a.bin"})]
    fetch(Order(f"{server.url}/a.bin"))
    fetch(Order(f"{server.url}/b.bin", allow_hosts=("localhost",)))
    # base64 of ana:tajna, by hand: printf 'ana:tajna' | base64
    logins = [asked.headers.get("authorization") for asked in server.asked]
    assert logins == ["Basic YW5hOnRham5h", "Basic YW5hOnRham5h", None]
    assert "tajna" not in "".join(file.read_text() for file in tmp_path.rglob("*.json"))


@pytest.mark.usefixtures("cache")
def test_a_password_is_never_printed(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/a.bin"] = [Answer(status=401)]
    with pytest.raises(SourceError, match=r"write them into \.netrc"):
        fetch(Order(f"{server.url}/a.bin"))
    with pytest.raises(SourceError, match="no place in a city file") as caught:
        fetch(Order(server.url.replace("//", "//ana:tajna@") + "/a.bin"))
    assert "tajna" not in str(caught.value)
    monkeypatch.setenv("NETRC", netrc(tmp_path / "netrc", "machine 127.0.0.1 tajna tajna\n"))
    with pytest.raises(SourceError, match="it cannot be read") as caught:
        fetch(Order(f"{server.url}/a.bin"))
    assert "tajna" not in str(caught.value)
    assert caught.value.__context__ is None
