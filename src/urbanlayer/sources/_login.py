"""The name and password of a web address, from `.netrc` alone."""

from __future__ import annotations

import base64
import netrc
import os
import urllib.parse
from pathlib import Path

from urbanlayer.errors import SourceError
from urbanlayer.model.addresses import shown

_THIS_COMPUTER = frozenset({"localhost", "127.0.0.1", "::1"})


def login(url: str, *, stated_url: str) -> dict[str, str]:
    """The header that logs in, where `.netrc` (or the file that `NETRC` names) knows the host.

    Parameters
    ----------
    url
        Where the request goes, perhaps after a redirect.
    stated_url
        The address of the city file: to no other host a password goes, and never in the clear but
        to this computer.

    Returns
    -------
    dict
        Empty where nothing is known of the host.

    Raises
    ------
    SourceError
        If the address itself has a password in it, or the file cannot be read.
    """
    here, there = urllib.parse.urlsplit(stated_url), urllib.parse.urlsplit(url)
    host = there.hostname or ""
    if here.username or here.password:
        raise SourceError(
            f"{shown(stated_url)}: a name and a password have no place in a city file; write them "
            f"into .netrc: machine {here.hostname} login … password …"
        )
    if host != here.hostname or (there.scheme != "https" and host not in _THIS_COMPUTER):
        return {}
    configured = os.environ.get("NETRC")
    path = Path(configured) if configured else Path.home() / ".netrc"
    entries = _entries(path)
    if entries is None:  # raised here, since the parser's own error shows what it read
        raise SourceError(f"{path.name}: it cannot be read; look at its form and its rights")
    found = entries.authenticators(host)
    if found is None:
        return {}
    name, _, password = found
    pair = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _entries(path: Path) -> netrc.netrc | None:
    """What the file knows, nothing where there is none; None if it cannot be read."""
    try:
        return netrc.netrc(str(path if path.exists() else os.devnull))
    except (netrc.NetrcParseError, OSError):
        return None
