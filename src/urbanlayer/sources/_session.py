"""How the network may be used during a run, and what to fetch on which terms."""

from __future__ import annotations

import contextlib
import contextvars
import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 3600.0
"""That a download may take, with all tries; so may all responses for one layer."""
MAX_BYTES = 4_000_000_000
"""Of a download; of all responses for one layer."""


@dataclass(frozen=True, slots=True)
class Session:
    """How the network may be used during a run.

    Attributes
    ----------
    offline
        Whether only the cache may be used.
    refresh
        Whether kept files are fetched again.
    progress
        Called with (address, bytes so far, bytes in all or 0) while something comes in.
    sleep
        Waits some seconds; tests wait faster.
    seconds
        That a download may take, with all tries; so may all responses for one layer.
    max_bytes
        That come for one layer in all.
    """

    offline: bool = False
    refresh: bool = False
    progress: Callable[[str, int, int], None] | None = None
    sleep: Callable[[float], None] = time.sleep
    seconds: float = SECONDS
    max_bytes: int = MAX_BYTES


_PLAIN = Session()
_session: contextvars.ContextVar[Session] = contextvars.ContextVar("session", default=_PLAIN)


def current_session() -> Session:
    """How the network may be used at the moment."""
    return _session.get()


@contextlib.contextmanager
def using(**settings: Any) -> Iterator[Session]:  # noqa: ANN401  (the fields of Session)
    """The network used in this way within the block."""
    chosen = replace(_session.get(), **settings)
    token = _session.set(chosen)
    try:
        yield chosen
    finally:
        _session.reset(token)


@dataclass(slots=True)
class Allowance:
    """What may still come from the network for some layers, however many pages a service has.

    Attributes
    ----------
    end
        When all has to be there, by `time.monotonic`.
    left_bytes
        That may still come.
    """

    end: float = math.inf
    left_bytes: float = math.inf


_allowance: contextvars.ContextVar[Allowance] = contextvars.ContextVar("allowance")


def current_allowance() -> Allowance:
    """What may still come for the layers that are being read."""
    return _allowance.get(Allowance())


@contextlib.contextmanager
def allowed(layers: int) -> Iterator[None]:
    """As much from the network as so many layers may take, within the block.

    Parameters
    ----------
    layers
        At least one.
    """
    session = current_session()
    whole = Allowance(time.monotonic() + session.seconds * layers, session.max_bytes * layers)
    token = _allowance.set(whole)
    try:
        yield
    finally:
        _allowance.reset(token)


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
        Hosts to which a server may redirect, in addition to itself.
    checksum
        `sha256:…` or `md5:…` that the bytes must have; empty for none.
    max_bytes
        More is refused.
    accept
        Media type that is requested.
    pages
        Whether a web page is accepted as a response.
    """

    url: str
    body: bytes | None = None
    allow_hosts: tuple[str, ...] = ()
    checksum: str = ""
    max_bytes: int = MAX_BYTES
    accept: str = "*/*"
    pages: bool = False
