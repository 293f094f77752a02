"""What comes over the network: fetched once, whole, checked, and kept.

Every download lands in the cache beside a record of where it came from and its sha256; a kept file
whose bytes do not match its record is thrown away. Cut connections are resumed, busy servers asked
again, web pages under the name of data refused.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
import hashlib
import http.client
import ipaddress
import json
import os
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.addresses import (
    address_error,
    encoded,
    joined,
    shown,
    without_secrets,
)  # fmt: skip
from urbanlayer.sources._login import login
from urbanlayer.sources._timed import TimeLimit, TooSlowError, opener_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TRIES = 5
WAIT_S = 0.5
"""Before the second try; doubled before each further one."""
LONGEST_WAIT_S = 60.0
SILENCE_S = 60.0
"""A server that sends nothing for so long is asked again."""
SECONDS = 3600.0
"""That a download may take, with all tries."""
MAX_BYTES = 4_000_000_000
MAX_REDIRECTS = 5
BLOCK_BYTES = 1 << 18
AGENT = "urbanlayer/0.1"
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_PARTIAL, _RANGE_REFUSED = 206, 416


@dataclass(frozen=True, slots=True)
class Session:
    """How the network may be used during a run.

    Attributes
    ----------
    offline
        Whether the cache alone may answer.
    refresh
        Whether kept files are fetched again.
    progress
        Told (address, bytes so far, bytes in all or 0) while something comes in.
    sleep
        Waits some seconds; tests wait faster.
    seconds
        That a download may take, with all tries.
    """

    offline: bool = False
    refresh: bool = False
    progress: Callable[[str, int, int], None] | None = None
    sleep: Callable[[float], None] = time.sleep
    seconds: float = SECONDS


_PLAIN = Session()
_session: contextvars.ContextVar[Session] = contextvars.ContextVar("session", default=_PLAIN)


@contextlib.contextmanager
def using(**says: Any) -> Iterator[Session]:  # noqa: ANN401  (the fields of Session)
    """The network used in this way within the block."""
    chosen = replace(_session.get(), **says)
    token = _session.set(chosen)
    try:
        yield chosen
    finally:
        _session.reset(token)


@dataclass(frozen=True, slots=True)
class Download:
    """A file that was fetched, now or before."""

    path: Path
    digest: str
    """sha256 of its bytes."""
    fetched: dt.datetime
    """When, in UTC."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to fetch, and on which terms.

    Attributes
    ----------
    url
        With `http://` or `https://`.
    body
        Sent by POST; None for GET.
    allow_hosts
        Hosts to which a server may send us on, beside itself.
    checksum
        `sha256:…` or `md5:…` that the bytes must have; empty for none.
    max_bytes
        More is refused.
    accept
        Kind of answer that is asked for.
    pages
        Whether a web page is a sensible answer.
    """

    url: str
    body: bytes | None = None
    allow_hosts: tuple[str, ...] = ()
    checksum: str = ""
    max_bytes: int = MAX_BYTES
    accept: str = "*/*"
    pages: bool = False


def fetch(order: Order) -> Download:
    """The file, from the cache if it is there and whole, else from the network.

    Raises
    ------
    SourceError
        If it cannot be had; the text says what the server did, without credentials.
    """
    _check_address(order.url)
    session = _session.get()
    target = cache_folder() / _name(order)
    if not session.refresh:
        kept = _kept(target, order)
        if kept is not None:
            return kept
    if session.offline:
        raise SourceError(
            f"{shown(order.url)}: it is not in the cache, and the run is offline; fetch it first"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    _complete(order, part, session)
    digest = _checked(order, part)
    record = {"url": shown(order.url), "sha256": digest, "bytes": part.stat().st_size}
    record["fetched"] = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    part.replace(target)
    _record_of(target).write_text(json.dumps(record, indent=1), encoding="utf-8")
    with contextlib.suppress(FileNotFoundError):
        _tag_of(part).unlink()
    return Download(target, digest, dt.datetime.fromisoformat(str(record["fetched"])))


def fetch_part(order: Order, start: int, count: int) -> tuple[bytes, int]:
    """Some bytes of a file that a server can give in parts, and how many the file has in all.

    Raises
    ------
    SourceError
        If it cannot be had, or the server sends the whole file instead.
    """
    _check_address(order.url)
    session = _session.get()
    target = cache_folder() / f"{_name(order)}.parts" / f"{start}-{count}"
    if not session.refresh and (kept := _kept(target, order)) is not None:
        return kept.path.read_bytes(), int(json.loads(_record_of(target).read_text())["total"])
    if session.offline:
        raise SourceError(
            f"{shown(order.url)}: this part of it is not in the cache, and the run is offline"
        )
    headers = {"Range": f"bytes={start}-{start + count - 1}"}

    def once(limit: TimeLimit) -> tuple[bytes, int]:
        """One try at the part."""
        answer: Any
        with _opened(order, headers, limit) as answer:
            _check_kind(order, answer)
            told = str(answer.headers.get("Content-Range") or "").rpartition("/")[2]
            if answer.status != _PARTIAL or not told.isdecimal():
                raise SourceError(
                    f"{shown(order.url)}: the server cannot send parts of a file; download it"
                )
            return bytes(answer.read(count)), int(told)

    content, total = _patiently(order, once, session)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    record = {"sha256": hashlib.sha256(content).hexdigest(), "total": total}
    record["fetched"] = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    _record_of(target).write_text(json.dumps(record), encoding="utf-8")
    return content, total


def forget(order: Order) -> None:
    """Take an answer out of the cache that turned out to be none."""
    target = cache_folder() / _name(order)
    for path in (target, _record_of(target)):
        path.unlink(missing_ok=True)


def with_ending(path: Path, ending: str) -> Path:
    """A download under a name with an ending, for readers that go by it."""
    named = path.with_name(f"{path.name}{ending}")
    named.unlink(missing_ok=True)
    named.hardlink_to(path)
    return named


def cache_folder() -> Path:
    """Where downloads are kept: in `URBANLAYER_CACHE`, else where the system keeps caches."""
    import platformdirs

    said = os.environ.get("URBANLAYER_CACHE")
    folder = Path(said) if said else Path(platformdirs.user_cache_dir("urbanlayer"))
    return folder / "downloads"


def _name(order: Order) -> str:
    """A name of its own for what is ordered, with the ending that its address has."""
    ending = "".join(Path(urllib.parse.urlsplit(order.url).path).suffixes[-2:])
    ending = ending if len(ending) <= 12 and ending.replace(".", "").isalnum() else ""  # noqa: PLR2004  (".geojson.gz")
    told = hashlib.sha256(order.url.encode() + b"\n" + (order.body or b"")).hexdigest()
    return f"{told[:32]}{ending}"


def _record_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.json")


def _tag_of(part: Path) -> Path:
    return part.with_name(f"{part.name}.etag")


def _kept(target: Path, order: Order) -> Download | None:
    """What the cache holds, if its bytes are those that were fetched."""
    try:
        record = json.loads(_record_of(target).read_text(encoding="utf-8"))
        with target.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        fetched = dt.datetime.fromisoformat(record["fetched"])
    except (OSError, ValueError, KeyError):
        return None
    if digest != record.get("sha256") or not _fits(order.checksum, target):
        return None
    return Download(target, digest, fetched)


def _complete(order: Order, part: Path, session: Session) -> None:
    """Bring the file in, going on where an earlier try ended."""

    def once(limit: TimeLimit) -> None:
        """One try at the rest of the file."""
        have = part.stat().st_size if part.exists() else 0
        tag = _tag_of(part).read_text() if have and _tag_of(part).exists() else ""
        headers = {"Range": f"bytes={have}-", "If-Range": tag} if have and tag else {}
        with _opened(order, headers, limit) as answer:
            going_on = answer.status == _PARTIAL
            _check_kind(order, answer)
            rest = _length(order, answer)
            total = rest + have if going_on else rest
            if total > order.max_bytes:
                raise SourceError(f"{shown(order.url)}: {total / 1e6:,.0f} MB are too many")
            _tag_of(part).write_text(answer.headers.get("ETag") or "")
            _receive(order, answer, part, have if going_on else 0, total, session)

    _patiently(order, once, session)


def _length(order: Order, answer: Any) -> int:  # noqa: ANN401  (urllib has no one type for it)
    """Bytes that the server says it sends; 0 where it says nothing."""
    told = (answer.headers.get("Content-Length") or "0").strip()
    if not (told.isascii() and told.isdecimal()):
        raise SourceError(
            f"{shown(order.url)}: its header Content-Length is no number ({told[:20]!r})"
        )
    return int(told)


def _receive(
    order: Order,
    answer: Any,  # noqa: ANN401  (urllib has no one type for it)
    part: Path,
    have: int,
    total: int,
    session: Session,
) -> None:
    with part.open("ab" if have else "wb") as file:
        while block := answer.read1(BLOCK_BYTES):  # whatever has come, so that limits hold
            file.write(block)
            have += len(block)
            if have > order.max_bytes:
                raise SourceError(f"{shown(order.url)}: more than {order.max_bytes / 1e6:,.0f} MB")
            if session.progress is not None:
                session.progress(shown(order.url), have, total)
    if total and have != total:
        raise ConnectionError(f"{have} of {total} bytes came")


def _patiently(order: Order, once: Callable[[TimeLimit], Any], session: Session) -> Any:  # noqa: ANN401
    """What `once` gives, asked again with growing pauses while the server is busy or breaks off."""
    wait = WAIT_S
    limit = TimeLimit(SILENCE_S, time.monotonic() + session.seconds)
    for number in range(1, TRIES + 1):
        try:
            return once(limit)
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in _BUSY:
                    raise SourceError(_refusal(order, error.code)) from error
                trouble = f"it answered {error.code}"
                told = error.headers.get("Retry-After") or ""
                pause = float(told) if told.isdecimal() else wait
        except TooSlowError as error:
            raise SourceError(
                f"{shown(order.url)}: it took more than {session.seconds:,g} s"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            trouble, pause = _trouble(error), wait
        if number < TRIES:
            session.sleep(min(pause, LONGEST_WAIT_S))
            wait *= 2
    raise SourceError(f"{shown(order.url)}: {trouble}, {TRIES} times; try again later")


def _trouble(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    if isinstance(reason, TimeoutError | socket.timeout):
        return f"it sent nothing for {SILENCE_S:g} s"
    if isinstance(reason, socket.gaierror):
        return "there is no such host, or no network"
    return f"the connection broke off ({without_secrets(str(reason))})"


def _refusal(order: Order, code: int) -> str:
    meaning = {
        401: "it wants a name and a password; write them into .netrc, for an address with https",
        403: "it refuses to give it to us",
        404: "there is nothing at that address",
        410: "it is not there any more",
    }
    return f"{shown(order.url)}: {meaning.get(code, f'the server answered {code}')}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Redirects are followed here, after a look at where they lead."""

    def http_error_302(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
    ) -> None:
        """Nothing, so that the answer is an error, whatever address it names."""

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


@contextlib.contextmanager
def _opened(order: Order, headers: dict[str, str], limit: TimeLimit) -> Iterator[Any]:
    """The server's answer, after redirects that may be followed."""
    opener = opener_within(limit, _NoRedirect())
    url = order.url
    for _ in range(MAX_REDIRECTS + 1):
        _check_address(url)
        if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
            raise SourceError(f"{shown(url)}: only http and https addresses are fetched")
        request = urllib.request.Request(  # noqa: S310  (the scheme was checked)
            encoded(url),
            data=order.body,
            headers={
                "User-Agent": AGENT,
                "Accept": order.accept,
                **login(url, asked=order.url),
                **headers,
            },
        )
        try:
            answer = opener.open(request, timeout=limit.left_s)
        except urllib.error.HTTPError as error:
            if error.code == _RANGE_REFUSED and "Range" in headers:
                error.close()
                headers = {}
                continue
            if error.code not in _MOVED:
                raise
            with error:
                url = _next(order, url, error.headers.get("Location") or "")
            continue
        with answer:
            yield answer
            return
    raise SourceError(f"{shown(order.url)}: it sends us on and on")


def _check_address(url: str) -> None:
    if fault := address_error(url):
        raise SourceError(f"{shown(url)} {fault}")


def _next(order: Order, url: str, location: str) -> str:
    """Where a redirect leads, if we may go there."""
    following, fault = joined(url, location)
    if fault:
        raise SourceError(f"{shown(order.url)}: it sends us on to what {fault}")
    here, there = urllib.parse.urlsplit(order.url), urllib.parse.urlsplit(following)
    host = there.hostname or ""
    if host == here.hostname and (there.scheme, here.scheme) != ("http", "https"):
        return following
    if host in order.allow_hosts:
        return following
    inside = " of a private network" if _private(host) else ""
    raise SourceError(
        f"{shown(order.url)}: it sends us on to {host}{inside}; if that is right, say "
        f'allow_hosts = ["{host}"] in city.toml'
    )


def _private(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return any(not ipaddress.ip_address(str(entry[4][0])).is_global for entry in found)


def _check_kind(order: Order, answer: Any) -> None:  # noqa: ANN401
    """Refuse a web page that comes under the name of data."""
    kind = (answer.headers.get("Content-Type") or "").split(";")[0].strip().casefold()
    if kind in {"text/html", "application/xhtml+xml"} and not order.pages:
        start = answer.read(2000).decode("utf-8", errors="replace")
        title = start.partition("<title>")[2].partition("</title>")[0].strip()
        named = f" ({title[:80]!r})" if title else ""
        raise SourceError(f"{shown(order.url)}: the server answered with a web page{named}")


def _checked(order: Order, part: Path) -> str:
    """sha256 of what came, after a look at its beginning and its checksum."""
    with part.open("rb") as file:
        start = file.read(200).lstrip().lower()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if start.startswith((b"<!doctype html", b"<html")) and not order.pages:
        part.unlink()
        raise SourceError(f"{shown(order.url)}: the server answered with a web page")
    if not _fits(order.checksum, part):
        part.unlink()
        raise SourceError(f"{shown(order.url)}: what came does not match its checksum")
    return digest


def _fits(checksum: str, path: Path) -> bool:
    if not checksum:
        return True
    method, _, expected = checksum.partition(":")
    with path.open("rb") as file:
        return hashlib.file_digest(file, method).hexdigest() == expected.casefold()
