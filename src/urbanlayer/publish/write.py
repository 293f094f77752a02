"""Writes publications: each is prepared next to its target and put in place whole."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from urbanlayer.errors import TargetError
from urbanlayer.files.locks import locked
from urbanlayer.files.names import name_error, taken_for_one
from urbanlayer.files.replacing import exchanged
from urbanlayer.publish.published import refuse_what_is_not_ours
from urbanlayer.publish.work_folder import NEW, OLD, discard, recover, work_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from urbanlayer.publish.published import Owner

_PATIENCE_S = 60.0
"""How long a run waits for another one that writes the same index page."""


@contextlib.contextmanager
def reserved(target: Path, owner: Owner) -> Iterator[Path]:
    """The folder that will be replaced: ours, writable, and no other run's while this lasts.

    Parameters
    ----------
    target
        As the user names it; links are followed.
    owner
        Whose publication will be put there.

    Raises
    ------
    TargetError
        If the folder holds anything but a publication of this city, cannot be replaced or
        written, or another run has it.
    """
    folder = _followed(target)
    _refuse_what_cannot_be_replaced(folder, target)
    refuse_what_is_not_ours(folder, owner, target)
    with _locked(folder, target, patience_s=0):
        try:
            recover(folder)
        except OSError as error:
            raise TargetError(f"{target}: cannot be recovered ({error.strerror})") from error
        refuse_what_is_not_ours(folder, owner, target)
        yield folder


def publish(files: Mapping[str, bytes], target: Path) -> None:
    """Put the files in place of what the target held, all or none.

    Parameters
    ----------
    files
        Bytes by their path in the publication.
    target
        The folder that `reserved` gives; what was published there before is replaced whole.

    Raises
    ------
    TargetError
        If something could not be written; then the target is as it was.
    ValueError
        If a name is one that some system refuses, or two are one on some system.
    """
    _refuse_names(files)
    work = work_folder(target)
    try:
        work.mkdir()
        for name, content in files.items():
            _write(work / NEW / name, content)
        if target.exists():
            shutil.copymode(target, work / NEW)
        _swap(work, target)
    except OSError as error:
        hint = "; close the programs that have its files open" if _in_use(error) else ""
        raise TargetError(
            f"{target}: {error.strerror}{hint}; nothing was published, what was there is untouched"
        ) from error
    finally:
        discard(work, target)


def refuse_unwritable(path: Path) -> None:
    """Raise if a file cannot be written: before the work that makes its content.

    Parameters
    ----------
    path
        The file that `put` will write.

    Raises
    ------
    TargetError
        If it cannot be put in place.
    """
    with _locked(_followed_to_a_file(path), path, patience_s=_PATIENCE_S):
        pass


def put(make: Callable[[], bytes], path: Path) -> None:
    """One file in place of another, in one step; one run after the other.

    Parameters
    ----------
    make
        Gives the content once no other run writes the file.
    path
        The file; a link is followed.

    Raises
    ------
    TargetError
        If it could not be written; then what was there is as it was.
    """
    file = _followed_to_a_file(path)
    work = work_folder(file)
    with _locked(file, path, patience_s=_PATIENCE_S):
        try:
            recover(file)
            _write(work / NEW, make())
            (work / NEW).replace(file)
        except OSError as error:
            raise TargetError(f"{path}: cannot be written ({error.strerror})") from error
        finally:
            discard(work, file)


def _followed(path: Path) -> Path:
    """The absolute path that a path leads to, through links."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # Python 3.11 and 3.12 raise RuntimeError for a loop
        raise TargetError(f"{path}: its links lead nowhere; name a folder with --out") from error


def _followed_to_a_file(path: Path) -> Path:
    """The same, unless something else than a file is there, which would be gone afterwards."""
    file = _followed(path)
    if file.exists() and not file.is_file():
        raise TargetError(f"{path}: is a folder or a device; name a file with --out")
    return file


def _refuse_what_cannot_be_replaced(folder: Path, shown: Path) -> None:
    """Raise if the folder cannot be put in place of another under its own name."""
    here = _followed(Path())
    if folder == here or folder in here.parents:
        raise TargetError(
            f"{shown}: is the working folder or holds it, and a publication replaces its folder "
            "whole; name a folder in it with --out"
        )
    if folder.is_mount():
        raise TargetError(
            f"{shown}: is a mount point, which cannot be replaced; name a folder in it with --out"
        )


@contextlib.contextmanager
def _locked(path: Path, shown: Path, *, patience_s: float) -> Iterator[None]:
    """The lock next to a path; the file stays, so that no two runs lock two files of one name."""
    with contextlib.ExitStack() as held:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = path.with_name(f".{path.name}.lock")
            held.enter_context(locked(lock, patience_s=patience_s))
        except TimeoutError as error:
            raise TargetError(f"{shown}: another run is publishing there; wait for it") from error
        except OSError as error:
            raise TargetError(
                f"{shown}: cannot be written: {path.parent}, where it is prepared: {error.strerror}"
            ) from error
        yield


def _refuse_names(files: Iterable[str]) -> None:
    """Raise unless every system can hold these files."""
    for name in files:
        for part in name.split("/"):
            if error := name_error(part):
                raise ValueError(f"{name!r}: {part!r} {error}")
    if pair := taken_for_one(files):
        raise ValueError(f"{pair[0]!r} and {pair[1]!r} are one name on some systems")


def _in_use(error: OSError) -> bool:
    """Whether a file may be open in another program: Windows lets nobody replace it then."""
    return isinstance(error, PermissionError) and os.name == "nt"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _swap(work: Path, target: Path) -> None:
    """The new folder under the target's name; what the target held ends in the work folder."""
    if not target.exists():
        (work / NEW).rename(target)
    elif not exchanged(work / NEW, target):
        target.rename(work / OLD)
        try:
            (work / NEW).rename(target)
        except OSError:
            (work / OLD).rename(target)
            raise
