"""The polygons that results are given for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhoods:
    """Neighbourhoods in the order of their keys.

    Attributes
    ----------
    geometry
        Polygons in the city's CRS, indexed by text key, sorted by key.
    names
        Language code to names with the same index; the empty code holds the name that every
        neighbourhood has (its key where the layer names none).
    census
        Residents by census, same index; None where the layer has no count.
    derived
        True where the polygons were derived (Voronoi cells of place points) and are not official.
    gap_tolerance_m
        A place in a gap between neighbourhoods belongs to the nearest one within this distance.
    digest
        Of the content; empty where it is not known.
    """

    geometry: gpd.GeoSeries
    names: Mapping[str, pd.Series[str]]
    census: pd.Series[float] | None = None
    derived: bool = False
    gap_tolerance_m: float = 50.0
    digest: str = ""

    @property
    def keys(self) -> pd.Index[str]:
        """Text keys, sorted."""
        return self.geometry.index

    @property
    def area_m2(self) -> NDArray[np.float64]:
        """One area for each neighbourhood, in square metres."""
        return self.geometry.area.to_numpy().astype("float64")

    def series(self, values: NDArray[np.float64]) -> pd.Series[float]:
        """Values in the order of the neighbourhoods, indexed by their keys."""
        import pandas as pd

        return pd.Series(values, index=self.keys, dtype="float64")

    def __len__(self) -> int:
        return len(self.geometry)

    def __repr__(self) -> str:
        return f"<Neighbourhoods: {len(self)}, {self.area_m2.sum() / 1e6:.1f} km²>"
