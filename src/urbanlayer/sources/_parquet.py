"""GeoParquet, with whatever nested columns it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.sources._box import wide_box
from urbanlayer.sources._choose import named
from urbanlayer.sources._columns import whole_numbers
from urbanlayer.sources._crs import stated_crs
from urbanlayer.sources._wkb import shapes_of
from urbanlayer.sources.child import begin, run_table_job

if TYPE_CHECKING:
    import geopandas as gpd

    from urbanlayer.model.note import Note
    from urbanlayer.model.source import BoxOptions, Request


def begin_parquet(request: Request[BoxOptions]) -> None:
    """Have a file read that will be asked for."""
    begin("parquet", **_details(request))


def read_parquet(request: Request[BoxOptions]) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """The features of a GeoParquet file; maps and structures become columns `field:part`.

    Raises
    ------
    SourceError
        If it is no Parquet file, or says nothing of a geometry.
    """
    import geopandas as gpd
    import pandas as pd

    about, table = run_table_job("parquet", **_details(request))
    shapes = shapes_of(table[about["shape"]].to_numpy(zero_copy_only=False))
    fields = whole_numbers(table.remove_column(table.num_columns - 1))
    plain = pd.DataFrame(dict(fields.items()), index=pd.RangeIndex(table.num_rows))
    crs = stated_crs(about["crs"])
    return gpd.GeoDataFrame(plain, geometry=shapes, crs=crs), ()


def _details(request: Request[BoxOptions]) -> dict[str, Any]:
    return {"path": str(request.path), "layer_name": named(request), "box": wide_box(request)}
