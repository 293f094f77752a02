"""The hidden folder next to a target in which a publication is prepared.

Its name is a marker that nothing else writes: the process, the host, and a digest of both with the
name of the target. What a killed run left is recognised by this name alone; no other folder is
touched.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEW, OLD = "new", "old"
"""What is being written, and what the target held where two folders cannot be exchanged."""
_NAME = re.compile(r"\.urbanlayer-([0-9]+)-([0-9a-f]{8})-([0-9a-f]{16})")


def work_folder(target: Path) -> Path:
    """The work folder of this process for a target, next to it; not made yet.

    Parameters
    ----------
    target
        Folder or file that will be replaced.
    """
    return target.with_name(_marker(target.name, os.getpid(), _host()))


def recover(target: Path) -> None:
    """Put back what a killed run had moved away, and delete the work folders of killed runs.

    Parameters
    ----------
    target
        Of which the caller has the lock, so that no other run of this host works on it. Work
        folders of other hosts are left: a lock may not reach them.

    Raises
    ------
    OSError
        If the last publication cannot be put back.
    """
    left = sorted(_left(target))
    for folder, _ in left:
        if (folder / OLD).exists() and not os.path.lexists(target):
            (folder / OLD).rename(target)
    for folder, host in left:
        if host == _host():
            shutil.rmtree(folder, ignore_errors=True)


def discard(work: Path, target: Path) -> None:
    """Delete a work folder, unless it holds what could not be put back; `recover` will try again.

    Parameters
    ----------
    work
        Of this process.
    target
        What it was made for.
    """
    if os.path.lexists(target) or not (work / OLD).exists():
        shutil.rmtree(work, ignore_errors=True)


def _left(target: Path) -> Iterator[tuple[Path, str]]:
    """The work folders next to a target that were made for it, with the digest of their host."""
    for folder in target.parent.glob(".urbanlayer-*"):
        parts = _NAME.fullmatch(folder.name)
        if parts is None or folder.is_symlink() or not folder.is_dir():
            continue
        process, host = int(parts[1]), parts[2]
        if folder.name == _marker(target.name, process, host):
            yield folder, host


def _marker(target_name: str, process: int, host: str) -> str:
    identity = f"urbanlayer\0{target_name}\0{process}\0{host}"
    digest = hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()
    return f".urbanlayer-{process}-{host}-{digest[:16]}"


def _host() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]
