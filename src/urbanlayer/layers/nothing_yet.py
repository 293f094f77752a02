"""The layer of a service of which nothing stands yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.role_table import role as role_named

if TYPE_CHECKING:
    import numpy as np

_DTYPES: dict[str, str] = {"text": "str", "number": "float64", "count": "float64", "flag": "bool"}


def empty_layer(role: str, crs: str) -> Layer:
    """A layer without features, with the columns of its role.

    Parameters
    ----------
    role
        What the layer is to the city.
    crs
        Of the city.
    """
    import geopandas as gpd
    import pandas as pd

    columns: dict[str, np.typing.NDArray[Any] | pd.Series[Any]] = {
        field.name: pd.Series([], dtype=_DTYPES[field.kind]) for field in role_named(role).fields
    }
    columns = {"name": pd.Series([], dtype="str"), **columns}
    index = pd.Index([], dtype="str", name="key")
    frame = gpd.GeoDataFrame(columns, geometry=[], crs=crs).set_index(index)
    provenance = Provenance(source="", path="nothing yet", digest="")
    return Layer(role, frame, provenance, read=0, digest=digest_of("nothing yet", role, crs))
