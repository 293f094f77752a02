"""Jobs of the confined child: data sets are unpacked from archives."""

from __future__ import annotations

import gzip
import shutil
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from urbanlayer.errors import SourceError
from urbanlayer.sources._zip import (
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    SMALL_BYTES,
    checked_members,
    opened_zip,
)

if TYPE_CHECKING:
    import zipfile

    from urbanlayer.sources._confined.answers import Answer

DATA = (".shp", ".gpkg", ".geojson", ".fgb", ".kml", ".gml")
"""Endings of files that are read in an archive."""
DATA_ALONE = (
    ".csv", ".tsv", ".xlsx", ".tif", ".tiff", ".parquet", ".geoparquet", ".json", ".geojsonl",
    ".geojsons", ".ndjson", ".kmz", ".dxf",
)  # fmt: skip
"""Read where an archive has none of the first, next to which they are often its documents."""
_BLOCK_BYTES = 1 << 20


def unpack_data(path: str, layer_name: str, folder: str, layer: str | None) -> Answer:
    """The name of the one data file of an archive, which is unpacked with the files beside it.

    Parameters
    ----------
    path
        Of the archive.
    layer_name
        How messages call the layer.
    folder
        Where to.
    layer
        Name of the data file without its ending, where there are several.

    Raises
    ------
    SourceError
        If the archive is damaged or unsafe, or holds none or several data files.
    """
    target = Path(folder)
    with opened_zip(Path(path), layer_name) as archive:
        members = checked_members(archive, layer_name)
        geodatabase = _geodatabase(members)
        if geodatabase is not None:
            (target / geodatabase.name).mkdir(exist_ok=True)
            for name in members:
                if PurePosixPath(name).parent == geodatabase:
                    _unpack(archive, name, target / geodatabase.name / PurePosixPath(name).name)
            return {"name": geodatabase.name}, ()
        data = _ending(members, DATA) or _ending(members, DATA_ALONE)
        by_layer = layer is not None and len(data) > 1
        if by_layer:
            data = [name for name in data if PurePosixPath(name).stem == layer]
        if len(data) != 1:
            held = ", ".join(data) or "no file that is read"
            raise SourceError(
                f"{layer_name}: the archive holds {held}; choose by "
                'layer = "…" in city.toml, or pack one'
            )
        stem = PurePosixPath(data[0])
        for name in members:
            beside = PurePosixPath(name)
            same = beside.name.split(".")[0] == stem.name.split(".")[0]
            if beside.parent == stem.parent and same:
                _unpack(archive, name, target / beside.name)
    return {"name": stem.name, "by_layer": by_layer}, ()


def _ending(members: list[str], endings: tuple[str, ...]) -> list[str]:
    return [name for name in members if PurePosixPath(name).suffix.casefold() in endings]


def unpack_gzip(path: str, layer_name: str, folder: str) -> Answer:
    """The name of the file that a `.gz` file packs, which is unpacked.

    Parameters
    ----------
    path
        Of the packed file; the file in it has its name without `.gz`.
    layer_name
        How messages call the layer.
    folder
        Where to.

    Raises
    ------
    SourceError
        If it is damaged, or larger inside than any data set.
    """
    packed = Path(path)
    target = Path(folder) / packed.stem
    most = min(MAX_UNPACKED_BYTES, MAX_RATIO * max(packed.stat().st_size, SMALL_BYTES))
    size = 0
    try:
        with gzip.open(packed) as source, target.open("wb") as file:
            while block := source.read(_BLOCK_BYTES):
                size += len(block)
                if size > most:
                    raise SourceError(
                        f"{layer_name}: the archive is refused: it would unpack to more than "
                        f"{most / 1e6:,.0f} MB"
                    )
                file.write(block)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{layer_name}: the archive is damaged ({error})") from error
    return {"name": target.name}, ()


def unpack_grid(path: str, layer_name: str) -> Answer:
    """The name of the one grid of an archive, which is unpacked beside it.

    Parameters
    ----------
    path
        Of the archive.
    layer_name
        How messages call the layer.

    Raises
    ------
    SourceError
        If the archive is damaged or unsafe, or holds none or several grids.
    """
    packed = Path(path)
    with opened_zip(packed, layer_name) as archive:
        grids = [name for name in checked_members(archive, layer_name) if name.endswith(".tif")]
        if len(grids) != 1:
            raise SourceError(f"{layer_name}: the archive holds {len(grids)} grids, not one")
        target = packed.with_name(f"{packed.stem}-{PurePosixPath(grids[0]).name}")
        _unpack(archive, grids[0], target)
    return {"name": target.name}, ()


def _unpack(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    with archive.open(name) as packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file)


def _geodatabase(members: list[str]) -> PurePosixPath | None:
    """The one folder of an archive that is a geodatabase; None where there is none."""
    folders = {PurePosixPath(name).parent for name in members}
    found = [folder for folder in folders if folder.suffix.casefold() == ".gdb"]
    return found[0] if len(found) == 1 else None
