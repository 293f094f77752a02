"""Isochrones: the areas from which a service is reached along streets, in metres or minutes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from urbanlayer.errors import CityError
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.role_table import role
from urbanlayer.network.destinations import destinations
from urbanlayer.network.edge_parts import cut_lines, reached_parts
from urbanlayer.network.routable import RoutableNetworks, snap_destinations
from urbanlayer.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.network_query import Mode
    from urbanlayer.model.publish_specification import IsochroneSpec
    from urbanlayer.model.travel_modes import TravelMode
    from urbanlayer.network.destinations import Destinations
    from urbanlayer.network.graph import Graph
    from urbanlayer.network.routable import RoutableNetwork
    from urbanlayer.network.snapping import Attached

BUFFER_M = 25.0
"""Metres drawn on either side of a reached street: it covers the houses along the street, and no
street behind them, since blocks are rarely less than 50 m deep. The examples of osmnx draw
isochrones with the same 25 m."""

ARC_SEGMENTS = 4
"""Segments of a quarter circle: at 25 m no more than 0.5 m inside the true one."""

STRAIGHT = "straight_line"
COLUMNS = ("role", "mode", "method", "distance_m", "minutes", "facilities")


def isochrones(
    city: City,
    service: str,
    *,
    metres: Sequence[float] = (),
    minutes: Sequence[float] = (),
    mode: Mode = "walk",
    routable: RoutableNetworks | None = None,
) -> gpd.GeoDataFrame:
    """The area from which some facility of a service is reached, for each distance and time.

    It is the union of the streets that lead to a facility within the limit, each buffered by
    `BUFFER_M`, and of the grounds of the facilities that are reached. Distances are those of the
    indicators: facilities are snapped to streets no farther than `MAX_SNAP_M`, the way from the
    street counts, grounds are entered where people may, and what the mode cannot pass is left
    out. The outline lies up to `BUFFER_M` beyond the limit. Without streets it is the straight
    line.

    Parameters
    ----------
    city
        With the layer of the service; it need not have residents.
    service
        Role of a layer of facilities.
    metres, minutes
        Limits along streets, included.
    mode
        How people travel, of `city.modes`; minutes are those of its speed, and of hills where
        they change it.
    routable
        The city's routable networks, where they were made before; None: they were not.

    Returns
    -------
    GeoDataFrame
        A row for each of `metres`, then of `minutes`, ascending; in the CRS of the city. Columns
        `role`, `mode`, `method` (the mode, or `straight_line`), `distance_m` and `minutes` (the
        limit, NaN in the other), `facilities` (number of those that are reached within it),
        `geometry` (MultiPolygon, empty where no facility is). A smaller limit lies within a
        greater one.

    Raises
    ------
    CityError
        The city has no such layer of facilities, the mode is not known, or a limit is not
        positive; all errors at once.
    """
    _check(city, service, (*metres, *minutes), mode)
    to = destinations(NearestQuery(service), city.layers[service])
    areas: _InStraightLines | _OnStreets
    if city.streets is None:
        areas = _InStraightLines(to, city.modes[mode])
    else:
        areas = _OnStreets(to, (routable or _without_origins(city)).of(city.modes[mode]))
    rows = []
    for limits, in_minutes in ((metres, False), (minutes, True)):
        area: shapely.Geometry = shapely.MultiPolygon()
        for limit in sorted(set(limits)):
            parts, facilities = areas.within(limit, in_minutes=in_minutes)
            area = shapely.union_all([area, *parts])
            shown = (np.nan, limit) if in_minutes else (limit, np.nan)
            method = STRAIGHT if city.streets is None else mode
            rows.append((service, mode, method, *shown, facilities, _multi(area)))
    frame = gpd.GeoDataFrame(rows, columns=[*COLUMNS, "geometry"], crs=city.crs)
    return frame.astype({"distance_m": float, "minutes": float, "facilities": int})


def isochrones_of_services(
    city: City, wanted: Mapping[str, IsochroneSpec]
) -> gpd.GeoDataFrame | None:
    """The isochrones of several services, one below the other.

    Parameters
    ----------
    city
        With a layer of each service.
    wanted
        Limits and mode of each service.

    Returns
    -------
    GeoDataFrame or None
        The rows of `isochrones` for each service, in their order; None where none is wanted.

    Raises
    ------
    CityError
        As `isochrones` does.
    """
    routable = _without_origins(city)
    frames = [
        isochrones(
            city, service, metres=one.metres, minutes=one.minutes, mode=one.mode, routable=routable
        )
        for service, one in wanted.items()
    ]  # fmt: skip
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True)) if frames else None


def _without_origins(city: City) -> RoutableNetworks:
    """Routable networks to which no residents are snapped: isochrones need none."""
    return RoutableNetworks(replace(city, residents=None))


class _InStraightLines:
    """Discs around the facilities of a city without streets."""

    def __init__(self, to: Destinations, travel: TravelMode) -> None:
        self._to, self._travel = to, travel

    def within(self, limit: float, *, in_minutes: bool) -> tuple[list[shapely.Geometry], int]:
        """Areas whose union is the isochrone, and the number of facilities in them."""
        radius_m = limit * self._travel.speed_m_per_min if in_minutes else limit
        return list(shapely.buffer(self._to.geometry, radius_m)), len(self._to.geometry)


class _OnStreets:
    """Buffered streets around the facilities, which are snapped to them once."""

    def __init__(self, to: Destinations, network: RoutableNetwork) -> None:
        self._to, self._network = to, network
        self._snapped = snap_destinations(network, np.empty((network.origins.count, 2)), to)

    def within(self, limit: float, *, in_minutes: bool) -> tuple[list[shapely.Geometry], int]:
        """Areas whose union is the isochrone, and the number of facilities in them."""
        network = self._network
        graph = network.times if in_minutes and network.times is not None else network.graph
        if in_minutes and network.times is None:
            limit *= network.speed_m_per_min
        near = _no_farther(self._snapped.facilities, limit, graph)
        lines = [*self._streets(near, limit, graph), *self._to_facilities(near)]
        drawn = shapely.buffer(np.array(lines, dtype=object), BUFFER_M, quad_segs=ARC_SEGMENTS)
        rows = np.unique(near.origin)
        grounds = self._to.geometry[rows]
        grounds = grounds[shapely.get_dimensions(grounds) == 2]  # noqa: PLR2004  (areas)
        return [*drawn, *grounds], len(rows)

    def _streets(self, near: Attached, limit: float, graph: Graph) -> NDArray[np.object_]:
        """Parts of streets from which some facility is reached, as lines."""
        together = replace(near, count=1, origin=np.zeros(len(near.origin), dtype=np.int64))
        parts = reached_parts(graph, together, limit=limit)
        along = self._snapped.stretches
        entered = np.isin(along.area, near.origin)  # all along it, not at its ends alone
        edge = np.concatenate([parts.edge, along.edge[entered]])
        from_m = np.concatenate([parts.from_m, along.from_m[entered]])
        to_m = np.concatenate([parts.to_m, along.to_m[entered]])
        return cut_lines(self._network.network.edge_lines[edge], from_m, to_m)

    def _to_facilities(self, near: Attached) -> NDArray[np.object_]:
        """The straight ways from the streets to the facilities."""
        lines = self._network.network.edge_lines[near.edge]
        on_street = shapely.line_interpolate_point(lines, near.along_m)
        offset_lines = shapely.shortest_line(on_street, self._to.geometry[near.origin])
        return np.asarray(offset_lines, dtype=object)


def _no_farther(snapped: Attached, limit: float, graph: Graph) -> Attached:
    """Those entrances whose way from the street is within a limit."""
    near = snapped.offset_m * graph.off_street <= limit
    return replace(
        snapped,
        origin=snapped.origin[near],
        edge=snapped.edge[near],
        along_m=snapped.along_m[near],
        offset_m=snapped.offset_m[near],
    )


def _multi(area: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons of an area; slivers without area are none."""
    parts = shapely.get_parts(area)
    return shapely.MultiPolygon(list(parts[shapely.area(parts) > 0]))


def _check(city: City, service: str, limits: Iterable[float], mode: Mode) -> None:
    services = [name for name in city.layers if role(name).service]
    errors = []
    if service not in services:
        errors.append(f"no layer of facilities {service!r}{did_you_mean(service, services)}")
    if mode not in city.modes:
        errors.append(f"no mode {mode!r}{did_you_mean(mode, city.modes)}")
    limits = list(limits)
    if not limits:
        errors.append("neither metres nor minutes are given")
    errors += [f"{limit} is no distance or time" for limit in limits if not 0 < limit < np.inf]
    if errors:
        raise CityError([f"isochrones: {error}" for error in errors])
