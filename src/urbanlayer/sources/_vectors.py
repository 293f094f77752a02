"""Vector files that GDAL reads, each by the one driver of its ending."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from urbanlayer.errors import SourceError
from urbanlayer.model.layer import Excluded, RawLayer
from urbanlayer.model.note import Listing, Note
from urbanlayer.sources._choose import named
from urbanlayer.sources._columns import whole_numbers
from urbanlayer.sources._crs import stated_crs
from urbanlayer.sources._digest import digest
from urbanlayer.sources._drivers import DRIVERS
from urbanlayer.sources._encoding import again, beyond_ascii, encoding_of, repaired
from urbanlayer.sources._ends import check_end
from urbanlayer.sources._geopackage import has_whole_index, sound_geopackage
from urbanlayer.sources._process import ChildError
from urbanlayer.sources._scratch import scratch_folder
from urbanlayer.sources._shapefile import decoded_table, sound_shapefile
from urbanlayer.sources._wkb import shapes_of
from urbanlayer.sources.child import run_job, run_table_job
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pyarrow as pa

    from urbanlayer.model.source import BoxOptions, Request

_FID = "\x00number"
_PART_BYTES = 4096
_OTHER_JSON = {
    '"elements"': 'JSON of Overpass: ask for XML ([out:xml]), and set source = "osm"',
    '"esriGeometry': 'JSON of ArcGIS: ask for f=geojson, or set source = "arcgis" and the address',
    '"Topology"': "TopoJSON: save it as GeoJSON",
}
"""What other JSON begins with, and what to do with it."""
_TEXT = frozenset({".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".kml", ".gml"})


def read_vectors(request: Request[BoxOptions], *, is_page: bool = False) -> RawLayer:
    """The features of a file, indexed by their numbers in it.

    Parameters
    ----------
    request
        Names the file.
    is_page
        Whether it may be one page of a service's response, of which the others are read too.

    Raises
    ------
    SourceError
        If it cannot be read, is a part of a response, or holds several layers and none is chosen.
    """
    suffix = request.path.suffix.casefold()
    notes: list[Note] = []
    with scratch_folder() as folder:
        path = _opened(request, suffix, folder, notes)
        try:
            layer = _layer(path, request, is_page=is_page)
            table, about = _table(path, layer, request, notes)
        except ChildError as error:
            raise SourceError(f"{named(request)}: {_why(error, path)}") from error
    lost = tuple(
        Excluded(
            request.role,
            str(number),
            "unreadable",
            Note.of("unreadable", why=why),
            Note.of("fix-draw-again"),
        )
        for number, why in about.get("lost", [])
    )
    return RawLayer(_frame(table, about, request), digest(request.path), lost, tuple(notes))


def _why(error: ChildError, path: Path) -> str:
    """What GDAL says, without the path of this computer; what the file is if it is another."""
    if "not recognized as" not in str(error):
        return f"it cannot be read ({str(error).replace(str(path), path.name)})"
    with path.open("rb") as stream:
        begins = stream.read(_PART_BYTES).decode("utf-8", errors="replace").strip()
    driver = DRIVERS[path.suffix.casefold()]
    for sign, advice in _OTHER_JSON.items():
        if driver == "GeoJSON" and sign in begins:
            return f"it is no GeoJSON, but {advice}"
    return f"it is no {driver}; it begins with {begins[:24]!r}, look at what it really is"


def _opened(request: Request, suffix: str, folder: Path, notes: list[Note]) -> Path:
    """The path for GDAL: the file itself, or a copy in which something was mended."""
    path = request.path
    check_end(path, request)
    if suffix == ".shp":
        return sound_shapefile(path, request, folder, notes)
    if suffix in _TEXT:
        return _in_utf8(path, request, folder, notes)
    if suffix == ".gpkg":
        return sound_geopackage(path, request, folder, notes)
    return path


def _in_utf8(path: Path, request: Request, folder: Path, notes: list[Note]) -> Path:
    """The file, or a copy of it in UTF-8."""
    content = path.read_bytes()
    encoding = request.spec.encoding
    if encoding is None:
        found = encoding_of(content, named(request))
        encoding = found.encoding
        if not found.certain:
            notes.append(Note.of("not-utf8", encoding=found.shown))
    copy = folder / path.name
    if encoding.casefold().replace("-", "") == "utf8" and not content.startswith(b"\xef\xbb\xbf"):
        if path.suffix.casefold() != ".gml":
            return path
        copy.write_bytes(content)  # GDAL writes what it finds out of a GML file beside it
        for schema in (path.with_suffix(ending) for ending in (".xsd", ".gfs")):
            if schema.is_file():
                shutil.copyfile(schema, folder / schema.name)
        return copy
    copy.write_text(_decoded(content, encoding, request).removeprefix("\ufeff"), encoding="utf-8")
    return copy


def _decoded(content: bytes, encoding: str, request: Request) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise SourceError(
            f'{named(request)}: its text is not {encoding} ({error}); set encoding = "…" in '
            "city.toml, or leave the line out and it is found"
        ) from error


def _layer(path: Path, request: Request, *, is_page: bool) -> str:
    """The layer to read: the one that is asked for, else the only one with geometry."""
    suffix = path.suffix.casefold()
    expected = DRIVERS[suffix]
    about, _ = run_job("listing", expected, path=str(path))
    if about["driver"] not in {expected, ""}:
        raise SourceError(
            f"{named(request)}: it is {about['driver']} under the name of {suffix}; give it its "
            "own ending"
        )
    if about["part"] and not is_page:
        raise SourceError(
            f"{named(request)}: {about['part']}; it is one page of a service's response. Name the "
            'service itself (source = "wfs", "ogcapi" or "arcgis"), or save all of its features'
        )
    everything: list[str] = [name for name, _ in about["layers"]]
    layers: list[str] = [name for name, kind in about["layers"] if kind is not None]
    name = request.spec.layer
    if name is not None:
        if name not in everything:
            raise SourceError(
                f"{named(request)}: there is no layer {name!r} in it{did_you_mean(name, layers)}"
            )
        return name
    if not layers and request.placeless and len(everything) == 1:
        return everything[0]
    if not layers:
        raise SourceError(f"{named(request)}: it holds no layer with geometry")
    if len(layers) > 1:
        raise SourceError(
            f"{named(request)}: it holds {len(layers)} layers ({', '.join(layers)}); choose by "
            f'layer = "{layers[0]}" in city.toml'
        )
    return layers[0]


def _table(
    path: Path, layer: str, request: Request[BoxOptions], notes: list[Note]
) -> tuple[pa.Table, dict[str, Any]]:
    """The layer as an Arrow table, texts decoded."""
    suffix = path.suffix.casefold()
    driver = DRIVERS[suffix]
    # ISO-8859-1 keeps every byte, so that the codepage is detected afterwards from all texts
    encoding = "ISO-8859-1" if suffix == ".shp" else None
    options: dict[str, Any] = {}
    where: dict[str, Any] = {"path": str(path), "layer": layer}
    if suffix != ".gpkg" or has_whole_index(path, layer, request):
        options["bbox"] = request.options.bbox
    try:
        about, table = run_table_job("features", driver, **where, encoding=encoding, **options)
    except ChildError as error:
        about, salvaged = _salvaged(driver, where)
        lost = about["lost"]
        if salvaged is None or salvaged.num_rows == 0 or not lost:
            raise
        table = salvaged
        notes.append(Note.of("file-damaged", why=str(error), count=len(lost)))
    if about.get("curved"):
        notes.append(Note.of("curves"))
    if about.get("garbled"):
        notes.append(Note.of("texts-garbled", columns=Listing.of(about["garbled"])))
    if suffix == ".shp":
        return decoded_table(table, path, request, notes), about
    return _repaired(table, notes), about


def _salvaged(driver: str, where: dict[str, Any]) -> tuple[dict[str, Any], pa.Table | None]:
    """What can be read of a damaged layer; no table where nothing can."""
    try:
        return run_table_job("salvage", driver, **where)
    except ChildError:
        return {"lost": []}, None


def _repaired(table: pa.Table, notes: list[Note]) -> pa.Table:
    """The table with letters mended that an earlier program had confused."""
    import pyarrow as pa

    for number, name in enumerate(table.column_names):
        column = table[name]
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            continue
        confused = repaired(beyond_ascii(column))
        if confused is None:
            continue
        texts = [again(text, confused) for text in column.to_pylist()]
        table = table.set_column(number, name, pa.chunked_array([pa.array(texts, column.type)]))
        wrong, right = confused
        notes.append(Note.of("letters-repaired", column=name, wrong=wrong, right=right))
    return table


def _frame(table: pa.Table, about: dict[str, Any], request: Request) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import numpy as np

    shape_column = about["shape"]
    has_shapes = shape_column in table.column_names
    if not has_shapes and not request.placeless:
        raise SourceError(f"{named(request)}: the layer has no geometry")
    wkb = table[shape_column].to_numpy(zero_copy_only=False) if has_shapes else None
    nothing = np.full(table.num_rows, None, dtype=object)
    shapes = nothing if wkb is None else shapes_of(wkb)
    fields = table.drop([name for name in (shape_column, _FID) if name in table.column_names])
    frame = whole_numbers(fields)
    if _FID in table.column_names and len(table[_FID].unique()) == table.num_rows:
        frame.index = table[_FID].to_pandas()  # a view or table without a key has 0 for each
    frame.index.name = None
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=stated_crs(about["crs"]))
