"""Addresses as messages and pages may show them: without names, passwords and keys."""

from __future__ import annotations

import re
import urllib.parse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HARMLESS = frozenset(
    """
    bbox collection count crs datasetid f format geometry geometrytype insr lang language layer
    layers limit map maxfeatures offset outfields outformat outputformat outsr page propertyname
    request resource resultoffset resultrecordcount returncountonly returngeometry returnidsonly
    service srs srsname startindex typename typenames version where year
    """.split()  # noqa: SIM905  (a list of forty quoted words reads worse)
)
"""Parameters of OGC, ArcGIS and portal addresses that hold no secrets; all others are hidden."""


_USUAL_NAME = (
    r"(?i)\b[\w.-]*(?:pass|passwd|password|pwd|token|key|secret|auth|authorization|jwt|sid|sas|sig"
    r"|signature|code|bearer|session|credentials?)(?:[_.-][\w.-]*)?"
)
_SECRET = re.compile(_USUAL_NAME + r"\s*[=:]\s*(?:(?:bearer|basic)\s+)?['\"]?([^\s'\",;&]+)")
"""A usual name of a secret, and its value."""
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>]+")
_QUERY = re.compile(r"[?;#][^\s'\"<>]*=[^\s'\"<>]*")
_HIDDEN = "…"
_SHORTEST_SECRET, _SHORTEST_UNKNOWN = 4, 8
"""Characters of values that are hidden wherever they stand: of usual names of secrets, and of
unknown parameters; shorter ones are parts of ordinary words."""
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_MAX_PORT = 65535
_WEB = frozenset({"http", "https"})


def shown(address: str) -> str:
    """An address as it may be shown: without user, password, or values that may be secrets.

    Parameters
    ----------
    address
        `https://user:password@host/path?token=…`

    Returns
    -------
    str
        `https://host/path`; of the query only the parameters that are known to be harmless. What is
        no address is shown up to its host alone.
    """
    try:
        parts = urllib.parse.urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # brackets or a port that no address has
        scheme, _, rest = address.rpartition("@")[2].rpartition("://")
        host = re.split(r"[?#;/]", rest)[0]
        host = host if host.startswith("[") else host.partition(":")[0]
        return _one_line(f"{scheme}://{host}" if scheme else host)
    pairs = [(name, value) for name, value in _pairs(parts.query) if _harmless(name, value)]
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    path = re.sub(r";[^/]*", "", parts.path)
    kept = (parts.scheme, host + port, path, urllib.parse.urlencode(pairs), "")
    return _one_line(urllib.parse.urlunsplit(kept))


def secrets_of(address: str) -> frozenset[str]:
    """Everything in an address that may be a secret, as it is written and as it is meant.

    Parameters
    ----------
    address
        Of the city file.
    """
    netloc, _, rest = address.partition("://")[2].partition("/")
    user = netloc.rpartition("@")[0]
    path, _, query = rest.partition("?")
    pairs = [*_pairs(query.partition("#")[0]), *_pairs(path.partition(";")[2])]
    if ":" in user:
        pairs.append(("password", urllib.parse.unquote(user.partition(":")[2])))
    values = {
        value
        for name, value in pairs
        if not _harmless(name, value) and len(value) >= _least_length(name)
    }
    ways = (urllib.parse.quote, urllib.parse.quote_plus)
    quoted = {way(value, safe) for way in ways for value in values for safe in ("", "/")}
    return frozenset(values | quoted)


def without(secrets: Iterable[str], text: str) -> str:
    """The text with each of these secrets hidden, the longest first."""
    for secret in sorted(secrets, key=lambda value: (-len(value), value)):
        text = text.replace(secret, _HIDDEN)
    return text


def without_secrets(text: str) -> str:
    """A message of a library without anything that looks like a secret.

    Parameters
    ----------
    text
        Addresses in it are shown as `shown` does; queries and values of usual names are hidden.
    """
    text = _ADDRESS.sub(lambda found: shown(found[0]), text)
    text = _QUERY.sub(lambda found: "" if not _known(found[0]) else found[0], text)
    return _SECRET.sub(lambda found: f"{found[0][: found.start(1) - found.start()]}{_HIDDEN}", text)


def address_error(address: str) -> str | None:
    """Why an address of the web cannot be one; None where it can, or is of another scheme.

    Parameters
    ----------
    address
        Of the city file, of a redirect or of a link in a response.
    """
    if any(sign < " " or sign == "\x7f" for sign in address):
        return "is no address: it has control characters"
    try:
        parts = urllib.parse.urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is no address: its port is no number to 65535, or it has brackets without an end"
    if parts.scheme not in _WEB:
        return None
    if not host:
        return "is no address: it names no host"
    if port is not None and not 0 < port <= _MAX_PORT:
        return f"is no address: port {port} is none"
    return None if ":" in host else _host_error(host)


def joined(address: str, link: str) -> tuple[str, str | None]:
    """Where a link leads from an address, and why it cannot be an address, if it cannot.

    Parameters
    ----------
    address
        Of the response that holds the link.
    link
        Whole or relative.
    """
    try:
        following = urllib.parse.urljoin(address, link)
    except ValueError:
        return "", "is no address: it has brackets without an end"
    return following, address_error(following)


def encoded(address: str) -> str:
    """An address as it is sent: letters that no address may have are encoded.

    Parameters
    ----------
    address
        One that `address_error` has nothing against.
    """
    parts = urllib.parse.urlsplit(address)
    host = parts.hostname or ""
    netloc = parts.netloc
    if not host.isascii():
        name = host.encode("idna").decode("ascii")
        netloc = f"{name}:{parts.port}" if parts.port else name
    path = urllib.parse.quote(parts.path, safe="%/:=&~+!$,;'@()*[]|")
    query = urllib.parse.quote(parts.query, safe="%/:=&?~+!$,;'@()*[]|{}")
    return urllib.parse.urlunsplit((parts.scheme, netloc, path, query, ""))


def _host_error(host: str) -> str | None:
    try:
        name = host.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    labels = name.removesuffix(".").split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        return f"is no address: {host!r} is no name of a host"
    return None


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    """Names and values of a query, parted by `&`, `;`, `?` or `#`."""
    for part in re.split(r"[&;?#]", query):
        if part:
            name, _, value = part.partition("=")
            yield urllib.parse.unquote_plus(name), urllib.parse.unquote_plus(value)


def _known(query: str) -> bool:
    return all(_harmless(name, value) for name, value in _pairs(query.lstrip("?;#")))


def _least_length(name: str) -> int:
    usual = re.fullmatch(_USUAL_NAME, name)
    return _SHORTEST_SECRET if usual else _SHORTEST_UNKNOWN


def _harmless(name: str, value: str) -> bool:
    """Whether a parameter is known, and no address or secret stands in its value."""
    hidden = any(mark in value for mark in ("://", "&", "?")) or _SECRET.search(value)
    return name.casefold() in _HARMLESS and not hidden


def _one_line(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())
