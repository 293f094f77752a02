"""The files: each in the format that municipalities use, and the same bytes each time."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import pyogrio
import rasterio
from affine import Affine

from demo_city.frame import AS_OF, NOTICE, ORIGIN_EASTING_M, ORIGIN_NORTHING_M
from demo_city.georeference import METRIC

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from demo_city.rasters import Grid, Raster

_STAMP = f"{AS_OF}T00:00:00.000Z"
_ZIP_TIME = (2026, 6, 30, 0, 0, 0)
_TILE_CELLS = 256
_SIDE_FILES = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def fix_clock() -> None:
    """Tells GDAL the date to write into files, in place of the clock's."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _STAMP})


def clear(path: Path) -> None:
    """Removes a file and those beside it, so that nothing old is added to."""
    sides = [path.with_suffix(end) for end in _SIDE_FILES] if path.suffix == ".shp" else [path]
    for each in sides:
        each.unlink(missing_ok=True)


def write_geopackage(path: Path, layer: gpd.GeoDataFrame, *, indexed: bool = True) -> None:
    """A GeoPackage of one layer, named as the file."""
    clear(path)
    pyogrio.write_dataframe(
        layer,
        path,
        layer=path.stem,
        driver="GPKG",
        layer_options={
            "SPATIAL_INDEX": "YES" if indexed else "NO",
            "DESCRIPTION": NOTICE,
        },
    )


def write_shapefile(path: Path, layer: gpd.GeoDataFrame) -> None:
    """A Shapefile with text in cp1250, and without the file that would say so."""
    clear(path)
    pyogrio.write_dataframe(
        layer,
        path,
        driver="ESRI Shapefile",
        encoding="cp1250",
        layer_options={"DBF_DATE_LAST_UPDATE": AS_OF, "RESIZE": "YES"},
    )
    path.with_suffix(".cpg").unlink(missing_ok=True)


def write_geojson(path: Path, layer: gpd.GeoDataFrame) -> None:
    """A GeoJSON file with six decimals of a degree, about 0.1 m."""
    clear(path)
    pyogrio.write_dataframe(
        layer,
        path,
        driver="GeoJSON",
        layer_options={"COORDINATE_PRECISION": "6", "DESCRIPTION": NOTICE},
    )


def write_office_csv(path: Path, table: pd.DataFrame) -> None:
    """A CSV as an office exports it: semicolons, cp1250, lines of Windows."""
    table.to_csv(path, sep=";", index=False, encoding="cp1250", lineterminator="\r\n")


def write_web_csv(path: Path, table: pd.DataFrame) -> None:
    """A CSV as the web knows it: commas, UTF-8."""
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def write_zip(path: Path, texts: Mapping[str, str]) -> None:
    """A zip of text files, in the order of their names and with one fixed time."""
    clear(path)
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(texts):
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, texts[name], compresslevel=9)


def write_raster(path: Path, raster: Raster, grid: Grid) -> None:
    """A GeoTIFF with one band, its scale and its unit."""
    clear(path)
    to_metric = Affine.translation(ORIGIN_EASTING_M, ORIGIN_NORTHING_M)
    kind = raster.values.dtype
    mode: dict[str, Any] = {
        "driver": "GTiff",
        "height": raster.values.shape[0],
        "width": raster.values.shape[1],
        "count": 1,
        "dtype": kind,
        "crs": METRIC,
        "transform": to_metric @ grid.transform(raster.cell_m),
        "nodata": raster.nodata,
        "compress": "deflate",
        "predictor": {"f": 3, "i": 2}.get(kind.kind, 1),
        "zlevel": 9,
        "tiled": True,
        "blockxsize": _TILE_CELLS,
        "blockysize": _TILE_CELLS,
    }
    with rasterio.open(path, "w", **mode) as band:
        band.write(raster.values, 1)
        band.scales = (raster.scale,)
        band.units = (raster.unit,)
        band.update_tags(TIFFTAG_IMAGEDESCRIPTION=NOTICE)
