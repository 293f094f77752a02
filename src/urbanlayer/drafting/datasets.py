"""What lies in files: each layer with its shapes, columns and coordinates."""

from __future__ import annotations

import urllib.parse
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from urbanlayer import registry
from urbanlayer.errors import DataError
from urbanlayer.model.layer import RawLayer, RawRaster
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.sources import border
from urbanlayer.sources._confined.archives import DATA, DATA_ALONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd


EXTRACTS = (".osm.pbf", ".pbf", ".osm")
GRIDS = (".tif", ".tiff")
SPREADSHEETS = (".csv", ".tsv", ".txt", ".xlsx")
CONTAINERS = (".gpkg", ".gdb", ".xlsx", ".kml", ".kmz", ".gml", ".dxf")
"""Files that may hold several layers or sheets."""
ENDINGS = (
    *(".gpkg", ".shp", ".zip", ".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".fgb"),
    *(".kml", ".kmz", ".gml", ".dxf", ".gdb", ".parquet", ".geoparquet"),
    *(*GRIDS, *SPREADSHEETS, *EXTRACTS, ".gz"),
)
_OF_OTHERS = (
    *(".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".xml", ".qmd", ".qml", ".sld"),
    *(".gfs", ".xsd", ".tfw", ".ovr", ".md", ".toml", ".lock"),
)
"""Endings of files that belong to others, or hold no data."""
_FEED = frozenset({"stops.txt", "stop_times.txt", "trips.txt"})


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """One layer of a file, read.

    Attributes
    ----------
    path
        The file.
    layer
        Name of the layer or sheet, in a file that holds several; else empty.
    source
        Id of the source that reads it.
    read
        Its features or cells; None of timetables and extracts.
    forms
        The share of its features that has each form; empty of a table without coordinates.
    address, title
        Of a layer of a server: where it lies, and what the server calls it; empty of a file.
    folder
        Name of the file's folder, within a folder that was given; the name of that says nothing
        of its files, which may be that of the city.
    cut_from
        Of an extract that was cut to the city: the one that it was cut from.
    """

    path: Path
    layer: str
    source: str
    read: RawLayer | RawRaster | None
    forms: Mapping[str, float] = field(default_factory=dict)
    address: str = ""
    title: str = ""
    folder: str = ""
    cut_from: Path | None = None

    @property
    def shown(self) -> str:
        """The file, and the layer in it; or the layer and its server."""
        if self.address:
            server = urllib.parse.urlsplit(self.address).hostname or ""
            return f"{self.layer or self.title or self.path.name} of {server}"
        return f"{self.path.name} ({self.layer})" if self.layer else self.path.name

    @property
    def named(self) -> tuple[str, ...]:
        """Names that suggest its role: layer, file, folder; of a server its title too."""
        if self.address:
            plain = self.layer.rpartition(":")[2].rpartition(".")[2]
            return tuple(name for name in (self.title, plain, self.path.name) if name)
        stem = self.path.name.partition(".")[0]
        return tuple(name for name in (self.layer, stem, self.folder) if name)

    @property
    def frame(self) -> gpd.GeoDataFrame | None:
        """Its features; None of grids and timetables."""
        return self.read.frame if isinstance(self.read, RawLayer) else None


@dataclass(frozen=True, slots=True)
class Unread:
    """A file or layer that the draft does not use, and why."""

    shown: str
    why: str


def datasets_of(paths: Iterable[Path]) -> tuple[list[Dataset], list[Unread]]:
    """Every layer in files and folders, and what could not be read.

    Parameters
    ----------
    paths
        Files or folders; folders are searched with all that lies in them.
    """
    found: list[Dataset] = []
    unread: list[Unread] = []
    roots = {path.resolve() for path in paths}
    for path in files_in(paths):
        inside = path.parent.resolve() not in roots and path.resolve() not in roots
        if is_extract(path):
            found.append(Dataset(path, "", "osm", None))
            continue
        if _is_feed(path):
            found.append(Dataset(path, "", "gtfs", None))
            continue
        for layer in _layers(path, unread):
            try:
                read = _read(path, layer)
                found.append(replace(read, folder=path.parent.name) if inside else read)
            except DataError as error:
                unread.append(Unread(path.name, cause(error)))
    return found, unread


def is_extract(path: Path) -> bool:
    """Whether a path is named as an OpenStreetMap extract is."""
    return path.name.casefold().endswith(EXTRACTS)


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files to look at, in one order, each once; a feed that lies in a folder is one file."""
    return list(dict.fromkeys(file for path in paths for file in _within(path)))


def unknown_in(paths: Iterable[Path]) -> list[Unread]:
    """Files in folders whose ending is none that is read."""
    return [
        Unread(file.name, f"{file.suffix or 'a file without an ending'} is not read")
        for path in paths
        if path.is_dir() and not _is_feed(path) and path.suffix.casefold() != ".gdb"
        for file in sorted(path.rglob("*"))
        if file.is_file()
        and not file.name.startswith(".")
        and not any(part.suffix.casefold() == ".gdb" for part in file.parents)
        and not file.name.casefold().endswith((*ENDINGS, *_OF_OTHERS))
    ]


def _within(path: Path) -> Iterator[Path]:
    if not path.is_dir() or path.suffix.casefold() == ".gdb" or _is_feed(path):
        yield path
        return
    for child in sorted(path.iterdir()):
        if child.name.startswith("."):
            continue
        if child.is_dir() or child.name.casefold().endswith(ENDINGS):
            yield from _within(child)


def _is_feed(path: Path) -> bool:
    if path.is_dir():
        return all((path / name).is_file() for name in _FEED)
    if path.suffix.casefold() != ".zip":
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return {name.rpartition("/")[2] for name in archive.namelist()} >= _FEED
    except (zipfile.BadZipFile, OSError):
        return False


def _layers(path: Path, unread: list[Unread]) -> list[str]:
    """Names of the layers of a file that may hold several; an empty name for a file of one."""
    suffix = path.suffix.casefold()
    if suffix == ".zip":
        return _members(path, unread)
    if suffix not in CONTAINERS:
        return [""]
    names = _sheets(path) if suffix == ".xlsx" else _geometry_layers(path, unread)
    return names if len(names) > 1 else [""]


def _members(path: Path, unread: list[Unread]) -> list[str]:
    """The data files of an archive, without their endings; an empty name where it has one."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [PurePosixPath(name) for name in archive.namelist() if name[-1:] != "/"]
    except (zipfile.BadZipFile, OSError):
        return [""]  # the reader says why
    if any(part.suffix.casefold() == ".gdb" for name in names for part in name.parents):
        return [""]
    data = [name for name in names if name.suffix.casefold() in DATA]
    data = data or [name for name in names if name.suffix.casefold() in DATA_ALONE]
    unread += [
        Unread(f"{path.name} ({name.name})", f"{name.suffix or 'it'} is not read in an archive")
        for name in names
        if name not in data and not name.name.casefold().endswith(_OF_OTHERS)
    ]
    return sorted({name.stem for name in data}) if len(data) > 1 else [""]


def _sheets(path: Path) -> list[str]:
    from urbanlayer.sources._process import ChildError
    from urbanlayer.sources.child import run_job

    try:
        about, _ = run_job("sheet_names", path=str(path))
    except (DataError, ChildError):
        return [""]  # the reader says why
    names: list[str] = about["names"]
    return names


def _geometry_layers(path: Path, unread: list[Unread]) -> list[str]:
    from urbanlayer.sources._drivers import DRIVERS
    from urbanlayer.sources._process import ChildError
    from urbanlayer.sources.child import run_job

    try:
        about, _ = run_job("listing", DRIVERS[path.suffix.casefold()], path=str(path))
    except ChildError:
        return [""]  # the reader says why
    bare = [name for name, kind in about["layers"] if kind is None]
    unread += [Unread(f"{path.name} ({name})", "a table without geometry") for name in bare]
    return [name for name, kind in about["layers"] if kind is not None]


def _read(path: Path, layer: str) -> Dataset:
    source = registry.sources()["raster" if path.suffix.casefold() in GRIDS else "file"]
    spec = LayerSpec(path=str(path), source=source.id, layer=layer or None)
    request = replace(source.request("layer", spec, path), placeless=True)
    read = border.read_by(source, [request])["layer"]
    return Dataset(path, layer, source.id, read, forms_of(read))


def forms_of(read: RawLayer | RawRaster) -> dict[str, float]:
    """The share of the features that has each form.

    Parameters
    ----------
    read
        As a source reads it.
    """
    if isinstance(read, RawRaster):
        return {"raster": 1.0}
    kinds = read.frame.geometry.geom_type.str.casefold().str.removeprefix("multi")
    lines = kinds.replace({"linestring": "line", "linearring": "line"})
    return {str(kind): float(share) for kind, share in lines.value_counts(normalize=True).items()}


def cause(error: DataError) -> str:
    """The cause in a reader's message, without the layer and the file that it names.

    Parameters
    ----------
    error
        Of a source.
    """
    return error.errors[0].partition("): ")[2] or error.errors[0]
