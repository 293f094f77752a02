"""Neighbourhoods from their layer, or derived from points."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from urbanlayer.errors import CityError
from urbanlayer.kernels.digests import digest_of
from urbanlayer.model.neighbourhoods import Neighbourhoods
from urbanlayer.model.note import Listing, Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from urbanlayer.model.layer import Layer, OverlapOrGap
    from urbanlayer.model.residents import Residents

DEFAULT_LANGUAGE = ""
M2_PER_HA = 10_000.0


def from_layer(layer: Layer, *, gap_tolerance_m: float = 50.0) -> Neighbourhoods:
    """Neighbourhoods sorted by key, with names and census.

    Parameters
    ----------
    layer
        Role `neighbourhoods`, polygons.
    gap_tolerance_m
        Maximum distance from an origin in a gap to the neighbourhood it is assigned to.
    """
    frame = layer.frame.sort_index()
    census = frame.get("residents")
    return Neighbourhoods(
        geometry=frame.geometry,
        names=_names(frame, layer.provenance.public_names),
        census=census,
        gap_tolerance_m=gap_tolerance_m,
        digest=_digest(frame.geometry, census, gap_tolerance_m),
    )


def with_overlaps_reported(
    people: Residents, overlaps_and_gaps: Sequence[OverlapOrGap]
) -> Residents:
    """The residents, with notes of how many live in overlaps and gaps of neighbourhoods.

    Parameters
    ----------
    people
        With origins, constrained to the census.
    overlaps_and_gaps
        Of the neighbourhoods' layer.
    """
    shared = [defect for defect in overlaps_and_gaps if defect.neighbourhoods]
    gaps = [defect for defect in overlaps_and_gaps if not defect.neighbourhoods]
    notes = []
    if shared:
        pairs = sorted(zip(_residents_on(shared, people), shared, strict=True), key=lambda p: -p[0])
        most = [" + ".join(each.neighbourhoods) for count, each in pairs if count]
        notes.append(
            Note.of(
                "people-on-overlaps",
                count=round(sum(count for count, _ in pairs)),
                area_ha=_hectares(shared),
                names=Listing.of(most),
            )
        )
    if gaps:
        notes.append(
            Note.of(
                "people-in-gaps",
                count=round(sum(_residents_on(gaps, people))),
                area_ha=_hectares(gaps),
            )
        )
    return replace(people, notes=(*people.notes, *notes))


def _residents_on(overlaps_and_gaps: Sequence[OverlapOrGap], people: Residents) -> list[float]:
    """Residents in each overlap or gap; those in several are counted in each."""
    origins = shapely.STRtree(np.asarray(shapely.points(people.xy)))
    defect, origin = origins.query(
        [each.geometry for each in overlaps_and_gaps], predicate="intersects"
    )
    return [
        float(n)
        for n in np.bincount(defect, people.people[origin], minlength=len(overlaps_and_gaps))
    ]


def _hectares(overlaps_and_gaps: Sequence[OverlapOrGap]) -> float:
    area_m2 = shapely.area([defect.geometry for defect in overlaps_and_gaps]).sum()
    return round(float(area_m2) / M2_PER_HA, 2)


def voronoi_neighbourhoods(centres: Layer, boundary: Layer) -> Neighbourhoods:
    """Neighbourhoods as Voronoi polygons of points, clipped to the boundary; not official.

    Parameters
    ----------
    centres
        Points with names, one for each neighbourhood; those outside the boundary are ignored.
    boundary
        Polygons of the city.

    Raises
    ------
    CityError
        If fewer than two points lie inside the boundary.
    """
    border = shapely.union_all(np.asarray(boundary.frame.geometry, dtype=object))
    frame = centres.frame[centres.frame.geometry.intersects(border)].sort_index()
    min_centres = 2
    if len(frame) < min_centres:
        raise CityError(
            f"layer 'neighbourhoods' ({centres.provenance.path}): {len(frame)} places lie inside "
            "the boundary; cells need two or more. Is it the right city's file?"
        )
    points = np.asarray(frame.geometry, dtype=object)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=border, ordered=True)
    )
    clipped = gpd.GeoSeries(
        shapely.intersection(cells, border), index=frame.index, crs=centres.frame.crs
    )
    return Neighbourhoods(
        geometry=clipped,
        names=_names(frame, centres.provenance.public_names),
        derived=True,
        digest=_digest(clipped, None, 0.0),
    )


def _digest(
    geometry: gpd.GeoSeries, census: pd.Series[float] | None, gap_tolerance_m: float
) -> str:
    known = None if census is None else census.to_numpy()
    return digest_of(geometry.index.tolist(), geometry.to_numpy(), known, gap_tolerance_m)


def _names(frame: gpd.GeoDataFrame, declared: tuple[str, ...]) -> dict[str, pd.Series[str]]:
    """Names by language; the default language falls back to the key.

    Where the city file declares names, a further column `name_en` of the file is none of them.
    """
    own = frame["name"] if "name" in frame else frame.index.to_series()
    whole = own.where(own.fillna("").str.strip() != "", frame.index.to_series())
    names = {DEFAULT_LANGUAGE: whole}
    for column in frame.columns:
        if column.startswith("name_") and (not declared or column in declared):
            text = frame[column].fillna("")
            names[column.removeprefix("name_")] = text.where(text.str.strip() != "", whole)
    return names
