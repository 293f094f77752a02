"""A layer that keeps its promises, and the record of what it took to make it so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import shapely
    from affine import Affine
    from numpy.typing import NDArray

    from urbanlayer.model.file_format import FileFormat
    from urbanlayer.model.note import Note
    from urbanlayer.model.tag_scheme import TagScheme
    from urbanlayer.model.timetable import RawTimetable


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a layer comes from, and by what right it is shown."""

    source: str
    """The source's id: `file`, `osm`, `gtfs` …"""
    path: str
    """File name or address without credentials; never a path of one machine."""
    digest: str
    """sha256 of the bytes read, in hexadecimal."""
    licence: str = ""
    attribution: str = ""
    date: dt.date | None = None
    crs: str = ""
    """The CRS that the coordinates were in, as `EPSG:8678`."""
    crs_operation: str = ""
    """The one operation that brought the whole layer to the city's CRS, as `EPSG:9486`."""
    crs_accuracy_m: float | None = None
    """Stated accuracy of that operation, in metres; None where nothing was transformed."""
    window: tuple[float, float, float, float] | None = None
    """West, south, east and north in degrees: the box that the source brought in whole, and beyond
    which nothing is known; None where it does not know."""
    tags: TagScheme | None = None
    """The tag scheme of the source's features; None where they have plain columns."""
    format: FileFormat | None = None
    """What the source's data come as; None where the ending of the file decides."""
    stable_keys: bool = True
    """Whether the source's features have identifiers of their own."""
    public_names: tuple[str, ...] = ()
    """Columns with names that may be shown: those that the city file declares, or those that the
    source's format defines as the names that the public sees."""
    personal: bool = False
    """Whether the city file allows that it tells of persons."""

    @property
    def by_volunteers(self) -> bool:
        """Whether volunteers draw it, so that nobody knows how complete it is."""
        return self.tags is not None or "openstreetmap" in self.attribution.casefold()

    @property
    def shared_nodes(self) -> bool:
        """Whether lines and points that meet share their vertices exactly."""
        return self.tags is not None and self.tags.shared_nodes


@dataclass(frozen=True, slots=True)
class Excluded:
    """A feature that was not used: which, why, and what would make it useful."""

    layer: str
    feature: str
    """The feature's key where it has one, else its number in the file."""
    reason: str
    """A code: `null-geometry`, `invalid-geometry`, `duplicate-key` …"""
    detail: Note
    """What was found."""
    fix: Note
    """What to do in the file or in city.toml."""
    geometry: shapely.Geometry | None = None
    """In the city's CRS, where there is one that can be drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class OverlapOrGap:
    """An area that two neighbourhoods shared as drawn, or a gap that belongs to none.

    Attributes
    ----------
    neighbourhoods
        Keys of the two that shared it, the one that keeps it first; empty for a gap.
    geometry
        Polygons in the city's CRS.
    """

    neighbourhoods: tuple[str, ...]
    geometry: shapely.Geometry


@dataclass(frozen=True, slots=True, eq=False)
class RawLayer:
    """What a source read, before any promise: handed to `layers.validate` alone.

    Attributes
    ----------
    frame
        As read; its index is the feature's number in the source, its `crs` as the source states it.
    digest
        sha256 of the bytes read.
    excluded
        Features that the source itself could not turn into rows.
    notes
        What was guessed or repaired while reading, (encoding, decimal comma …).
    timetable
        Of feeds: gives the trips of each, when they are first needed.
    """

    frame: gpd.GeoDataFrame
    digest: str
    excluded: tuple[Excluded, ...] = ()
    notes: tuple[Note, ...] = ()
    timetable: Callable[[], tuple[RawTimetable, ...]] | None = None
    window: tuple[float, float, float, float] | None = None
    """As `Provenance.window`."""


@dataclass(frozen=True, slots=True)
class ExpectedCount:
    """How many features of a layer a register counts in the city, and which register."""

    count: int
    source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Vector features of one role, validated; code that receives one need not check again.

    Promises: the city's metric CRS; valid geometry of the role's kinds, two-dimensional; a unique
    text index (the key); and the columns of the role under their canonical names (`name`,
    `name_en` …, `residents`, `levels`, `residential`, `people`, `public`, `capacity`, `bridge`,
    `closed`), numbers as float64 with NaN for "not known". Fields that the city file does not
    name keep their own names. `read == len(frame) + len(excluded)`.
    """

    role: str
    frame: gpd.GeoDataFrame
    provenance: Provenance
    read: int
    """Features read from the source."""
    excluded: tuple[Excluded, ...] = ()
    notes: tuple[Note, ...] = ()
    overlaps_and_gaps: tuple[OverlapOrGap, ...] = ()
    """Of neighbourhoods: where they overlapped, and the gaps between them."""
    expected: ExpectedCount | None = None
    """What the city file expects of it; None where it expects nothing."""
    without_place: pd.DataFrame | None = None
    """Rows without a place, by key, of a layer that may have such: actions of a programme."""
    digest: str = ""
    """Of the source bytes, specification, CRS and code that made it; empty where it is not known,
    and then no result that rests on it is reused."""

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        return f"<Layer {self.role}: {len(self)} of {self.read} features, {self.provenance.path}>"


@dataclass(frozen=True, slots=True, eq=False)
class RawRaster:
    """A grid as a source read it, before validation; only `layers.validate_raster` takes it."""

    values: NDArray[np.float64]
    """(rows, columns), scale and offset applied; NaN where there is no data."""
    transform: Affine
    crs: str
    """As the file states it: an EPSG code or WKT; empty without one."""
    digest: str
    has_nodata: bool
    """Whether the file declares what its "no data" is."""
    notes: tuple[Note, ...] = ()
    scale: tuple[float, float] = (1.0, 0.0)
    """Factor and offset that were applied to what the file holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A grid of one band, checked: north up, nodata distinct from zero.

    The grid stays in its own CRS (moving a grid of counts would change the counts); polygons are
    brought to it when something is summed.
    """

    role: str
    values: NDArray[np.float64]
    """(rows, columns), NaN where there is no data."""
    transform: Affine
    crs: str
    provenance: Provenance
    notes: tuple[Note, ...] = ()
    digest: str = ""
    """As `Layer.digest`."""

    def __repr__(self) -> str:
        rows, columns = self.values.shape
        return f"<Raster {self.role}: {rows} × {columns} cells, {self.crs}>"
