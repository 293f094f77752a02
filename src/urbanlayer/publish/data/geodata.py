"""Layers that a GIS opens: neighbourhoods with their results, isochrones, excluded features."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import pyogrio

from urbanlayer.publish.data import provenance
from urbanlayer.publish.data.layer_styles import LAYER, column_of, with_styles
from urbanlayer.publish.data.tables import as_csv, number, residents_of
from urbanlayer.publish.disclosure import suppressed_neighbourhoods, without_range
from urbanlayer.publish.notice import file_notice
from urbanlayer.publish.worded_notes import in_english

if TYPE_CHECKING:
    import pandas as pd

    from urbanlayer.model.publication import Publication
    from urbanlayer.model.result import Result

    Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

LONLAT = "EPSG:4326"
LONLAT_DECIMALS = 7
"""About a centimetre."""


def neighbourhoods_gpkg(publication: Publication) -> bytes:
    """The neighbourhoods in the city's CRS, with residents and a column for each answer.

    A table `layer_styles` has a style of QGIS for each answer; the first is the default.
    """
    plain = _geopackage(_results(publication), LAYER, publication)
    return _with_one_change(with_styles(plain, publication))


def neighbourhoods_geojson(publication: Publication) -> bytes:
    """The same in longitude and latitude (RFC 7946)."""
    frame = _results(publication).to_crs(LONLAT)
    return _written(
        frame,
        "GeoJSON",
        layer=LAYER,
        COORDINATE_PRECISION=LONLAT_DECIMALS,
        RFC7946="YES",
        DESCRIPTION=provenance.in_a_line(publication),
    )


def neighbourhoods_flatgeobuf(publication: Publication) -> bytes:
    """The same in the city's CRS as FlatGeobuf, which is read in parts from a server."""
    about = {"DESCRIPTION": provenance.in_a_line(publication)}
    return _written(_results(publication), "FlatGeobuf", layer=LAYER, **about)


def neighbourhoods_geoparquet(publication: Publication) -> bytes:
    """The same as GeoParquet 1.1, with provenance in its metadata and none of pandas."""
    import pyarrow.parquet as pq

    written = io.BytesIO()
    _results(publication).to_parquet(written, schema_version="1.1.0", index=False)
    table = pq.read_table(io.BytesIO(written.getvalue()))
    about = {key.encode(): text.encode() for key, text in provenance.metadata(publication).items()}
    kept = table.replace_schema_metadata({b"geo": table.schema.metadata[b"geo"], **about})
    again = io.BytesIO()
    pq.write_table(kept, again, compression="zstd")
    return again.getvalue()


def neighbourhoods_csv(publication: Publication) -> bytes:
    """A row for each neighbourhood, a column for each result and end of its range."""
    frame = _results(publication)
    columns = [name for name in frame.columns if name != frame.geometry.name]
    rows = ([_csv_cell(value) for value in row] for row in frame[columns].itertuples(index=False))
    return as_csv(columns, rows)


def _csv_cell(value: object) -> str:
    """A number with the digits of the table; empty for none."""
    if isinstance(value, float):
        return number(value)
    return "" if value is None else str(value)


def excluded_gpkg(publication: Publication) -> bytes:
    """The features that were not used and can be drawn; all of them stand in the table."""
    items = publication.excluded
    shapes = np.array([item.geometry for item in items], dtype=object)
    frame = gpd.GeoDataFrame(
        {
            "layer": [item.layer for item in items],
            "feature": [item.feature for item in items],
            "reason": [item.reason for item in items],
            "detail": in_english(item.detail for item in items),
            "fix": in_english(item.fix for item in items),
        },
        geometry=shapes,
        crs=publication.city.crs,
    )
    frame["note"] = file_notice(publication)
    return _geopackage(frame, "excluded", publication)


def isochrones_gpkg(isochrones: gpd.GeoDataFrame, publication: Publication) -> bytes:
    """The isochrones of the services of the city file: of facilities and streets, not of people."""
    noted = isochrones.assign(note=file_notice(publication))
    return _geopackage(noted, "isochrones", publication)


def _results(publication: Publication) -> gpd.GeoDataFrame:
    hoods = publication.city.neighbourhoods
    columns: dict[str, object] = {"key": hoods.keys, "name": hoods.names[""].to_numpy()}
    for language in sorted(filter(None, hoods.names)):
        columns[f"name_{language}"] = hoods.names[language].to_numpy()
    columns["residents"] = residents_of(publication)
    for result in publication.results:
        columns |= shown_columns(publication, result)
    columns["note"] = file_notice(publication)
    return gpd.GeoDataFrame(columns, geometry=hoods.geometry.to_list(), crs=publication.city.crs)


def shown_columns(publication: Publication, result: Result) -> dict[str, Floats]:
    """(k,) values of one result and of its ranges, under names that a GIS takes; NaN is hidden."""
    keys = publication.city.neighbourhoods.keys
    hidden = keys.isin(suppressed_neighbourhoods(publication, result.group))
    unsure = keys.isin(without_range(publication, result))
    name = column_of(result)
    columns: dict[str, Floats] = {}
    ends = (
        ("", result.values, hidden),
        ("_low", result.low, unsure),
        ("_high", result.high, unsure),
        ("_low_threshold", None if result.threshold is None else result.threshold.low, unsure),
        ("_high_threshold", None if result.threshold is None else result.threshold.high, unsure),
    )
    for suffix, values, away in ends:
        if values is not None:
            columns[name + suffix] = np.where(away, np.nan, _rounded(values))
    return columns


def _rounded(values: pd.Series[float]) -> Floats:
    """The digits of the table."""
    return np.array([float(number(value) or "nan") for value in values])


def _geopackage(frame: gpd.GeoDataFrame, layer: str, publication: Publication) -> bytes:
    day = publication.spec.as_of.isoformat()
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00.000Z"})
    try:
        about = provenance.metadata(publication)
        written = _written(frame, "GPKG", layer=layer, layer_metadata=about)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return _with_one_change(written)


def _with_one_change(database: bytes) -> bytes:
    """The same with 1 as its number of changes: in a Turkish locale GDAL and SQLite make more.

    It stands twice in the head (sqlite.org, "Database File Format", 1.3.7 and 1.3.15).
    """
    one = (1).to_bytes(4, "big")
    return database[:24] + one + database[28:92] + one + database[96:]


def _written(
    frame: gpd.GeoDataFrame, driver: Literal["GPKG", "GeoJSON", "FlatGeobuf"], **options: object
) -> bytes:
    written = io.BytesIO()
    pyogrio.write_dataframe(frame, written, driver=driver, **options)
    return written.getvalue()
