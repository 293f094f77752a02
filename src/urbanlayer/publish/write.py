"""The only hand on the disk: a publication is staged beside its target and swapped in whole."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import sys
from typing import TYPE_CHECKING

import filelock

from urbanlayer.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

RECORD = "run.json"


@contextlib.contextmanager
def reserved(target: Path) -> Iterator[None]:
    """The target is ours, can be written, and no other run writes it, for as long as this lasts.

    Raises
    ------
    TargetError
        If the folder holds files and no `run.json`, cannot be written, or another run has it.
    """
    _refuse_what_is_not_ours(target)
    lock = filelock.FileLock(target.parent / f".{target.name}.lock")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise TargetError(f"{target}: another run is publishing there; wait for it") from error
    except OSError as error:
        raise TargetError(f"{target}: cannot be written ({error.strerror})") from error
    try:
        _clear_what_a_killed_run_left(target)
        yield
    finally:
        lock.release()  # the file stays: removing it would let two runs lock two files of one name


def publish(files: Mapping[str, bytes], target: Path) -> None:
    """Put the files in place of what the target held, all or none.

    Parameters
    ----------
    files
        Bytes by their path in the publication.
    target
        The folder; what was published there before is replaced whole.

    Raises
    ------
    TargetError
        If something could not be written; then the target is as it was.
    """
    stage = target.with_name(f"{target.name}.tmp-{os.getpid()}")
    try:
        for name, content in files.items():
            _write(stage / name, content)
        _swap(stage, target)
    except OSError as error:
        raise TargetError(
            f"{target}: {error.strerror}; nothing was published, what was there is untouched"
        ) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def put(content: bytes, path: Path) -> None:
    """One file in place of another, in one step.

    Raises
    ------
    TargetError
        If it could not be written; then what was there is as it was.
    """
    stage = path.with_name(f".{path.name}.tmp-{os.getpid()}")
    try:
        _write(stage, content)
        stage.replace(path)
    except OSError as error:
        raise TargetError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        stage.unlink(missing_ok=True)


def _refuse_what_is_not_ours(target: Path) -> None:
    if target.is_file():
        raise TargetError(f"{target}: is a file; name a folder")
    if target.is_dir() and any(target.iterdir()) and not (target / RECORD).exists():
        raise TargetError(
            f"{target}: holds files and no {RECORD}, so it is not a publication; "
            "name an empty or a new folder with --out"
        )


def _clear_what_a_killed_run_left(target: Path) -> None:
    for pattern in (f"{target.name}.tmp-*", f"{target.name}.old-*"):
        for left in target.parent.glob(pattern):
            shutil.rmtree(left, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _swap(stage: Path, target: Path) -> None:
    """The stage under the target's name; what the target held ends under the stage's name."""
    if not target.exists():
        stage.rename(target)
    elif not _exchanged(stage, target):
        old = target.with_name(f"{target.name}.old-{os.getpid()}")
        target.rename(old)
        try:
            stage.rename(target)
        except OSError:
            old.rename(target)
            raise
        old.rename(stage)


def _exchanged(one: Path, other: Path) -> bool:
    """Two folders exchanged in one step, where the system can (Linux: renameat2)."""
    if not sys.platform.startswith("linux"):
        return False
    exchange, here = 2, -100  # RENAME_EXCHANGE, AT_FDCWD
    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except AttributeError:
        return False
    return bool(renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)
