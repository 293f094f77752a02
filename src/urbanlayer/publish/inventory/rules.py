"""The rules by which a layer is judged, each in one place.

The thresholds are urbanlayer's own, since no published framework has any for a city's layers. The
page shows them with the counts that were held against them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

COVERED_GOOD, COVERED_FAIR = 0.95, 0.75
"""Share of the neighbourhoods with people, or of the city's area for a grid."""

FOUND_GOOD, FOUND_FAIR = 0.95, 0.8
"""The lesser of the features found and expected, as a share of the greater."""

FILLED_GOOD, FILLED_FAIR = 0.95, 0.5

YEARS_GOOD, YEARS_FAIR = 1.0, 3.0
SLOW_YEARS_GOOD, SLOW_YEARS_FAIR = 5.0, 10.0
DAYS_PER_YEAR = 365.25

OPEN_LICENCES = ("cc0", "pddl", "cc-by", "odc-by", "odbl", "dl-de", "ogl")
"""Beginnings of licences that conform to the Open Definition (opendefinition.org/licenses)."""
NOT_OPEN = ("nc", "nd")
"""Parts that close a Creative Commons licence: no commercial use, no derivatives."""

FORMATS: Mapping[str, tuple[str, int]] = {
    ".gpkg": ("GeoPackage", 3), ".geojson": ("GeoJSON", 3), ".json": ("GeoJSON", 3),
    ".geojsonl": ("GeoJSONSeq", 3), ".geojsons": ("GeoJSONSeq", 3), ".fgb": ("FlatGeobuf", 3),
    ".parquet": ("GeoParquet", 3), ".geoparquet": ("GeoParquet", 3), ".gml": ("GML", 3),
    ".kml": ("KML", 3), ".kmz": ("KML", 3), ".csv": ("CSV", 3), ".tsv": ("CSV", 3),
    ".txt": ("CSV", 3), ".tif": ("GeoTIFF", 3), ".tiff": ("GeoTIFF", 3), ".pbf": ("OSM PBF", 3),
    ".shp": ("Shapefile", 2), ".xlsx": ("XLSX", 2), ".gdb": ("Esri geodatabase", 2),
    ".dxf": ("DXF", 2),
}  # fmt: skip
"""Stars of a format under an open licence: 2 is structured, 3 is tied to no one maker's program.
Excel is the scheme's own example of 2; Shapefile, geodatabase and DXF are counted with it, since
one maker alone decides what they are."""
STARS_GOOD = 3
ADDRESSES_LEAST = 0.95
"""Share of the keys that must be web addresses for the fourth star."""

METRES_GOOD, METRES_FAIR = 2.0, 5.0
KEPT_GOOD, KEPT_FAIR = 0.95, 0.8
EXCLUDED_FAIR = 0.05
"""Share of the features; none is good, up to this is fair."""

SOURCES: Mapping[str, str] = {
    "age": "ISO 19157, temporal quality",
    "coordinates": "ISO 19157, positional accuracy",
    "coverage": "ISO 19157, completeness",
    "duplicates": "ISO 19157, logical consistency",
    "fields": "FAIR R1; doi 10.1038/sdata.2016.18",
    "keys": "FAIR F1; doi 10.1038/sdata.2016.18",
    "licence": "FAIR R1.1; opendefinition.org",
    "openness": "Tim Berners-Lee, 5stardata.info",
    "organisation": "LORDIMAS (ESPON, Living-in.EU)",
    "services": "eGovernment Benchmark: full electronic case handling",
    "thresholds": "Open Data Maturity (quality), data.europa.eu; ISO 19157; FAIR; 5stardata.info",
}
"""Where each thing to look at is named; of ISO 19157 and the benchmark only summaries were read."""

EXAMPLES: Mapping[str, str] = {
    "coordinates.moved": "ETRS89", "licence.other": "CC-BY-4.0", "openness.stars": "GeoPackage",
}  # fmt: skip
CITY_FILE_KEYS: Mapping[str, str] = {
    "age.none": "date", "keys.none": "key", "organisation": "[maturity]",
    "services_list": "[[digital_service]]",
}  # fmt: skip
"""Names that are the same in every language, and stand in its sentences."""
