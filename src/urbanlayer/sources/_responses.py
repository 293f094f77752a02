"""The response of a server: after redirects that may be followed, tried again while it is busy."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
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
from urbanlayer.sources._session import current_allowance
from urbanlayer.sources._timed import TimeLimit, TooSlowError, opener_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from urbanlayer.sources._session import Order, Session

TRIES = 5
WAIT_S = 0.5
"""Before the second try; doubled before each further one."""
LONGEST_WAIT_S = 60.0
SILENCE_S = 60.0
"""A server that sends nothing for so long is tried again."""
MAX_REDIRECTS = 5
PARTIAL = 206
AGENT = "urbanlayer/0.1"
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_RANGE_REFUSED = 416


def patiently(order: Order, once: Callable[[TimeLimit], Any], session: Session) -> Any:  # noqa: ANN401
    """What `once` gives, tried again with growing pauses while the server is busy or breaks off."""
    wait = WAIT_S
    end = time.monotonic() + session.seconds
    limit = TimeLimit(SILENCE_S, min(end, current_allowance().end))
    for number in range(1, TRIES + 1):
        try:
            return once(limit)
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in _BUSY:
                    raise SourceError(_refusal(order, error.code)) from error
                trouble = f"it responded {error.code}"
                retry_after = error.headers.get("Retry-After") or ""
                pause = float(retry_after) if retry_after.isdecimal() else wait
        except TooSlowError as error:
            alone = end - limit.end < session.seconds / 10  # little came before for the layer
            whole = "" if alone else ", with what came before for the layer"
            raise SourceError(
                f"{shown(order.url)}: it took more than {session.seconds:,g} s{whole}"
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
    return f"{shown(order.url)}: {meaning.get(code, f'the server responded {code}')}"


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
def opened(order: Order, headers: dict[str, str], limit: TimeLimit) -> Iterator[Any]:
    """The server's response, after redirects that may be followed."""
    opener = opener_within(limit, _NoRedirect())
    url = order.url
    for _ in range(MAX_REDIRECTS + 1):
        check_address(url)
        if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
            raise SourceError(f"{shown(url)}: only http and https addresses are fetched")
        request = urllib.request.Request(  # noqa: S310  (the scheme was checked)
            encoded(url),
            data=order.body,
            headers={
                "User-Agent": AGENT,
                "Accept": order.accept,
                **login(url, stated_url=order.url),
                **headers,
            },
        )
        try:
            response = opener.open(request, timeout=limit.left_s)
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
        with response:
            yield response
            return
    raise SourceError(f"{shown(order.url)}: it sends us on and on")


def check_address(url: str) -> None:
    """Raise if what stands in place of an address is none.

    Raises
    ------
    SourceError
        With what is wrong with it.
    """
    if reason := address_error(url):
        raise SourceError(f"{shown(url)} {reason}")


def _next(order: Order, url: str, location: str) -> str:
    """Where a redirect leads, if we may go there."""
    following, error = joined(url, location)
    if error:
        raise SourceError(f"{shown(order.url)}: it sends us on to what {error}")
    here, there = urllib.parse.urlsplit(order.url), urllib.parse.urlsplit(following)
    if there.scheme not in {"http", "https"}:
        raise SourceError(
            f"{shown(order.url)}: it sends us on to another kind of address ({there.scheme}:); "
            "only http and https addresses are fetched"
        )
    host = there.hostname or ""
    if host == here.hostname and (there.scheme, here.scheme) != ("http", "https"):
        return following
    if host in order.allow_hosts:
        return following
    inside = " of a private network" if _private(host) else ""
    raise SourceError(
        f"{shown(order.url)}: it sends us on to {host}{inside}; if that is right, set "
        f'allow_hosts = ["{host}"] in city.toml'
    )


def _private(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return any(not ipaddress.ip_address(str(entry[4][0])).is_global for entry in found)


def check_kind(order: Order, response: Any) -> None:  # noqa: ANN401
    """Refuse a web page that comes under the name of data."""
    kind = (response.headers.get("Content-Type") or "").split(";")[0].strip().casefold()
    if kind in {"text/html", "application/xhtml+xml"} and not order.pages:
        start = response.read(2000).decode("utf-8", errors="replace")
        title = start.partition("<title>")[2].partition("</title>")[0].strip()
        named = f" ({title[:80]!r})" if title else ""
        raise SourceError(f"{shown(order.url)}: the server responded with a web page{named}")
