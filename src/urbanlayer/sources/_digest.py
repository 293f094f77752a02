"""sha256 of what was read: a file, or a folder that is one data set."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SIDECARS = (".dbf", ".shx", ".prj", ".cpg")


_GRIDS = (".tif", ".tiff")


def side_files(path: Path) -> list[Path]:
    """Files next to a GeoTIFF that GDAL reads with it: scale, nodata, mask or position."""
    if path.suffix.casefold() not in _GRIDS:
        return []
    names = {f"{path.name}.aux.xml", f"{path.name}.msk", f"{path.stem}.aux.xml"}
    names |= {f"{path.stem}.tfw", f"{path.stem}.wld", f"{path.name}w"}
    names = {name.casefold() for name in names}
    return sorted(file for file in path.parent.iterdir() if file.name.casefold() in names)


def digest(path: Path) -> str:
    """sha256 in hexadecimal of a file's bytes; of a folder, of its files in the order of names.

    A Shapefile or GeoTIFF is the files that are next to it, too.
    """
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
    elif path.suffix.casefold() == ".shp":
        beside = {file.suffix.casefold(): file for file in path.parent.glob(f"{path.stem}.*")}
        files = [path, *(beside[end] for end in _SIDECARS if end in beside)]
    elif side_files(path):
        files = [path, *side_files(path)]
    else:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    together = hashlib.sha256()
    for file in files:
        together.update(file.name.encode())
        with file.open("rb") as stream:
            together.update(hashlib.file_digest(stream, "sha256").digest())
    return together.hexdigest()
