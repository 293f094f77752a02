"""What results rest on besides their inputs: our code, the libraries, the data of PROJ."""

from __future__ import annotations

import functools
import os
import platform
import re
import sys
from importlib import metadata
from pathlib import Path

from urbanlayer.kernels.digests import PACKAGE, digest_of

_SETTINGS = ("GDAL_", "OGR_", "CPL_", "PROJ_", "SHAPE_", "OSM_", "OPENBLAS_CORETYPE", "NUMBA_")
"""Beginnings of names of environment variables that libraries compute by."""


@functools.cache
def digest_of_installation() -> str:
    """The digest of this package's files, the libraries' versions, and what they are set to."""
    return digest_of(
        digest_of_package(), _versions(), sys.version, platform.machine(), _settings(), _grids()
    )


@functools.cache
def digest_of_package() -> str:
    """The digest of all files of this package but those that Python makes."""
    files = sorted(
        file
        for file in PACKAGE.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc"
    )
    return digest_of([(file.relative_to(PACKAGE).as_posix(), file.read_bytes()) for file in files])


def _versions() -> list[tuple[str, str]]:
    """The versions of what this package requires, and of what may be there besides."""
    names = {re.split(r"[ ;<>=!~\[(]", line)[0] for line in metadata.requires("urbanlayer") or ()}
    found = []
    for name in sorted(names):
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            found.append((name, ""))
    return found


def _settings() -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in os.environ.items() if name.startswith(_SETTINGS))


def _grids() -> list[tuple[str, int]]:
    """The files of PROJ, which decide how coordinates are transformed."""
    from pyproj.datadir import get_data_dir

    folders = (get_data_dir(), _user_folder())
    places = [Path(one) for folder in folders for one in folder.split(os.pathsep) if one]
    return sorted(
        (file.name, file.stat().st_size)
        for place in places if place.is_dir()
        for file in place.iterdir() if file.is_file()
    )  # fmt: skip


def _user_folder() -> str:
    """Where `pyproj sync` puts grids."""
    from pyproj import datadir

    return str(datadir.get_user_data_dir())  # type: ignore[attr-defined]
