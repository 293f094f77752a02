"""A web server whose answers, good and bad, are written by the tests."""

from __future__ import annotations

import http.server
import threading
import urllib.parse
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Asked:
    """A request as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


@dataclass
class Answer:
    """What to send back; `cut` ends the connection after so many bytes."""

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


class Server:
    """Answers by path; each path has a function, or a list of answers that are given in turn."""

    def __init__(self) -> None:
        self.routes: dict[str, Callable[[Asked], Answer] | list[Answer]] = {}
        self.asked: list[Asked] = []
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    owner: Server

    def do_GET(self) -> None:
        parts = urllib.parse.urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(
            parts.path,
            dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True)),
            {name.casefold(): value for name, value in self.headers.items()},
            self.rfile.read(length).decode(),
        )
        self.owner.asked.append(asked)
        route = self.owner.routes.get(asked.path, [Answer(status=404)])
        if isinstance(route, list):
            answer = route.pop(0) if len(route) > 1 else route[0]
        else:
            answer = route(asked)
        self._send(answer)

    do_POST = do_GET  # noqa: N815  (the name that http.server looks for)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        headers = {"Content-Length": str(len(answer.content)), **answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.content[: answer.cut])
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at `asked`."""


def in_ranges(content: bytes, etag: str = '"one"') -> Callable[[Asked], Answer]:
    """A file that can be had in parts."""

    def answer(asked: Asked) -> Answer:
        headers = {"ETag": etag, "Accept-Ranges": "bytes"}
        told = asked.headers.get("range")
        if told is None or asked.headers.get("if-range", etag) != etag:
            return Answer(content, headers=headers)
        first, _, last = told.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last) if last else len(content) - 1, len(content) - 1)
        if start >= len(content):
            return Answer(status=416)
        headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        return Answer(content[start : end + 1], 206, headers)

    return answer
