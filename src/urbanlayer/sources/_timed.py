"""Connections that end at a time limit, however slowly a server sends, its headers too."""

from __future__ import annotations

import http.client
import io
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import socket

    from typing_extensions import Buffer


class TooSlowError(Exception):
    """A server has not sent all of its answer within the time limit."""


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long a server may take.

    Attributes
    ----------
    silence_s
        Seconds without a byte.
    end
        When all has to be there, by `time.monotonic`.
    """

    silence_s: float
    end: float

    @property
    def left_s(self) -> float:
        """Seconds until a read ends.

        Raises
        ------
        TooSlowError
            There are none left.
        """
        left = self.end - time.monotonic()
        if left <= 0:
            raise TooSlowError
        return min(self.silence_s, left)


def opener_within(
    limit: TimeLimit, *handlers: urllib.request.BaseHandler
) -> urllib.request.OpenerDirector:
    """An opener of http and https addresses whose answers, headers too, keep to a time limit.

    Parameters
    ----------
    limit
        Of each answer.
    handlers
        Further ones.
    """
    return urllib.request.build_opener(_Http(limit), _Https(limit), *handlers)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, limit: TimeLimit) -> None:
        super().__init__()
        self._limit = limit

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """The answer to a request."""
        return self.do_open(_within(http.client.HTTPConnection, self._limit), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, limit: TimeLimit) -> None:
        super().__init__()
        self._limit = limit

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """The answer to a request."""
        return self.do_open(_within(http.client.HTTPSConnection, self._limit), req)


def _within(
    kind: type[http.client.HTTPConnection], limit: TimeLimit
) -> type[http.client.HTTPConnection]:
    """A kind of connection with answers that keep to the limit."""

    def answer(_: object, sock: socket.socket, *args: Any, **says: Any) -> http.client.HTTPResponse:  # noqa: ANN401
        return http.client.HTTPResponse(_Timed(sock, limit), *args, **says)  # type: ignore[arg-type]

    return type(kind.__name__, (kind,), {"response_class": answer})


class _Timed(NamedTuple):
    """A socket as an answer uses it: to make a file of it."""

    sock: socket.socket
    limit: TimeLimit

    def makefile(self, *_: object) -> io.BufferedReader:
        """Its bytes."""
        return io.BufferedReader(_Bytes(self.sock, self.limit))


class _Bytes(io.RawIOBase):
    """The bytes that come in through a socket, each within the limit."""

    def __init__(self, sock: socket.socket, limit: TimeLimit) -> None:
        super().__init__()
        self._sock, self._limit = sock, limit
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int | None:
        """Number of bytes read into the buffer; None if none have come yet."""
        self._sock.settimeout(self._limit.left_s)
        try:
            return self._raw.readinto(buffer)
        except TimeoutError:
            _ = self._limit.left_s  # raises where it is the end
            raise

    def close(self) -> None:
        self._raw.close()
        super().close()
