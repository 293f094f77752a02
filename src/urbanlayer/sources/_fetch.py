"""What comes over the network: fetched once, whole, checked, and kept.

Every download lands in the cache with a record of where it came from and its sha256; a kept file
whose bytes do not match its record is thrown away. Cut connections are resumed, busy servers tried
again, web pages under the name of data refused.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import json
import secrets
import shutil
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.files.locks import locked
from urbanlayer.files.replacing import PART, write_whole
from urbanlayer.model.addresses import shown
from urbanlayer.sources._responses import PARTIAL, check_address, check_kind, opened, patiently
from urbanlayer.sources._session import current_allowance, current_session
from urbanlayer.sources.cache_folders import DOWNLOADS, cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urbanlayer.sources._session import Order, Session
    from urbanlayer.sources._timed import TimeLimit

BLOCK_BYTES = 1 << 18
_OF_THE_DISK = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO}
)
"""Errors of the cache, not of the network; those are tried again."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that was fetched, now or before."""

    path: Path
    digest: str
    """sha256 of its bytes."""
    fetched: dt.datetime
    """When, in UTC."""


def fetch(order: Order) -> Download:
    """The file, from the cache if it is there and whole, else from the network.

    Raises
    ------
    SourceError
        If it cannot be had; the text reports what the server did, without credentials.
    """
    check_address(order.url)
    session = current_session()
    target = cache_folder(DOWNLOADS) / _name(order)
    if not session.refresh:
        kept = _kept(target, order)
        if kept is not None:
            return kept
    if session.offline:
        raise SourceError(
            f"{shown(order.url)}: it is not in the cache, and the run is offline; fetch it first"
        )
    with _into_cache(order, target), _alone(order, target, session):
        kept = None if session.refresh else _kept(target, order)  # another run was faster
        return kept if kept is not None else _fetched(order, target, session)


def _fetched(order: Order, target: Path, session: Session) -> Download:
    """The file, from the network into the cache; no other run does this meanwhile."""
    part = target.with_name(target.name + PART)
    _complete(order, part, session)
    digest = _checked(order, part)
    record = {"url": shown(order.url), "sha256": digest, "bytes": part.stat().st_size}
    record["fetched"] = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    part.replace(target)
    write_whole(_record_of(target), [json.dumps(record, indent=1).encode()])
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
    check_address(order.url)
    session = current_session()
    target = cache_folder(DOWNLOADS) / f"{_name(order)}.parts" / f"{start}-{count}"
    if not session.refresh and (kept := _kept(target, order)) is not None:
        return kept.path.read_bytes(), int(
            json.loads(_record_of(target).read_text(encoding="utf-8"))["total"]
        )
    if session.offline:
        raise SourceError(
            f"{shown(order.url)}: this part of it is not in the cache, and the run is offline"
        )
    headers = {"Range": f"bytes={start}-{start + count - 1}"}

    def once(limit: TimeLimit) -> tuple[bytes, int]:
        """One try at the part."""
        response: Any
        with opened(order, headers, limit) as response:
            check_kind(order, response)
            file_bytes = str(response.headers.get("Content-Range") or "").rpartition("/")[2]
            if response.status != PARTIAL or not file_bytes.isdecimal():
                raise SourceError(
                    f"{shown(order.url)}: the server cannot send parts of a file; download it"
                )
            _count(order, count, session)
            return bytes(response.read(count)), int(file_bytes)

    content, total = patiently(order, once, session)
    record = {"sha256": hashlib.sha256(content).hexdigest(), "total": total}
    record["fetched"] = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    with _into_cache(order, target):
        write_whole(target, [content])
        write_whole(_record_of(target), [json.dumps(record).encode()])
    return content, total


def forget(order: Order) -> None:
    """Remove from the cache a response that turned out to be useless."""
    target = cache_folder(DOWNLOADS) / _name(order)
    for path in (target, _record_of(target)):
        path.unlink(missing_ok=True)


def with_ending(path: Path, ending: str) -> Path:
    """A download under a name with an ending, for readers that go by it."""
    named = path.with_name(f"{path.name}{ending}")
    link = path.with_name(f".{secrets.token_hex(8)}{PART}")
    try:
        link.hardlink_to(path)
    except OSError:  # exFAT and some network drives have no such links
        shutil.copyfile(path, link)
    link.replace(named)
    link.unlink(missing_ok=True)  # two names of one file: POSIX leaves both
    return named


@contextlib.contextmanager
def _into_cache(order: Order, target: Path) -> Iterator[None]:
    """The folder of a download in the cache, made; what the disk refuses is the cache's error.

    Raises
    ------
    SourceError
        The cache cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno not in _OF_THE_DISK:
            raise
        raise SourceError(
            f"{shown(order.url)}: it cannot be kept in {target.parent} ({error.strerror}); set "
            "URBANLAYER_CACHE to a folder with room for it"
        ) from error


@contextlib.contextmanager
def _alone(order: Order, target: Path, session: Session) -> Iterator[None]:
    """No other run fetches the same file while this lasts.

    Raises
    ------
    SourceError
        Another run takes longer than a download may.
    """
    try:
        with locked(target.with_name(f".{target.name}.lock"), patience_s=session.seconds):
            yield
    except TimeoutError as error:
        raise SourceError(
            f"{shown(order.url)}: another run has been fetching it for {session.seconds:,g} s"
        ) from error


def _name(order: Order) -> str:
    """A name of its own for what is ordered, with the ending that its address has."""
    ending = "".join(Path(urllib.parse.urlsplit(order.url).path).suffixes[-2:])
    ending = ending if len(ending) <= 12 and ending.replace(".", "").isalnum() else ""  # noqa: PLR2004  (".geojson.gz")
    digest = hashlib.sha256(order.url.encode() + b"\n" + (order.body or b"")).hexdigest()
    return f"{digest[:32]}{ending}"


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
        tag = _tag_of(part).read_text(encoding="utf-8") if have and _tag_of(part).exists() else ""
        headers = {"Range": f"bytes={have}-", "If-Range": tag} if have and tag else {}
        with opened(order, headers, limit) as response:
            going_on = response.status == PARTIAL
            check_kind(order, response)
            rest = _length(order, response)
            total = rest + have if going_on else rest
            if total > order.max_bytes:
                raise SourceError(f"{shown(order.url)}: {total / 1e6:,.0f} MB are too many")
            with _into_cache(order, part):
                _tag_of(part).write_text(response.headers.get("ETag") or "", encoding="utf-8")
                _receive(order, response, part, have if going_on else 0, total, session)

    patiently(order, once, session)


def _length(order: Order, response: Any) -> int:  # noqa: ANN401  (urllib has no one type for it)
    """Bytes that the server announces; 0 without an announcement."""
    length = (response.headers.get("Content-Length") or "0").strip()
    if not (length.isascii() and length.isdecimal()):
        raise SourceError(
            f"{shown(order.url)}: its header Content-Length is no number ({length[:20]!r})"
        )
    return int(length)


def _receive(
    order: Order,
    response: Any,  # noqa: ANN401  (urllib has no one type for it)
    part: Path,
    have: int,
    total: int,
    session: Session,
) -> None:
    with part.open("ab" if have else "wb") as file:
        while block := response.read1(BLOCK_BYTES):  # whatever has come, so that limits hold
            file.write(block)
            have += len(block)
            if have > order.max_bytes:
                raise SourceError(f"{shown(order.url)}: more than {order.max_bytes / 1e6:,.0f} MB")
            _count(order, len(block), session)
            if session.progress is not None:
                session.progress(shown(order.url), have, total)
    if total and have != total:
        raise ConnectionError(f"{have} of {total} bytes came")
    if part.stat().st_size != have:
        raise SourceError(f"{shown(order.url)}: another program has changed {part}")


def _count(order: Order, count: int, session: Session) -> None:
    """Count bytes that come against what may come for the layers that are read.

    Raises
    ------
    SourceError
        They are too many.
    """
    allowance = current_allowance()
    allowance.left_bytes -= count
    if allowance.left_bytes < 0:
        raise SourceError(
            f"{shown(order.url)}: more than {session.max_bytes / 1e6:,.0f} MB, with what came "
            "before for the layer"
        )


def _checked(order: Order, part: Path) -> str:
    """sha256 of what came, after a look at its beginning and its checksum."""
    with part.open("rb") as file:
        start = file.read(200).lstrip().lower()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if start.startswith((b"<!doctype html", b"<html")) and not order.pages:
        part.unlink()
        raise SourceError(f"{shown(order.url)}: the server responded with a web page")
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
