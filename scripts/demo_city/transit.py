"""The bus lines: cheapest paths over main streets, and paired stops along them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
from shapely import LineString

from demo_city.shapes import first_point, lengths_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from demo_city.frame import Floats
    from demo_city.network import Network
    from demo_city.skeleton import BusLine, Skeleton

_COST = {
    "primary": 0.8,
    "secondary": 0.88,
    "tertiary": 1.15,
    "residential": 2.2,
    "service": 3.0,
    "lane": 30.0,
    "footway": 300.0,
    "track": 40.0,
}
_NOT_DRIVEN = ("footway", "track", "lane")  # a line never ends on a path in a park
_STOP_EVERY_M = 420
_TERMINUS_M = 20
_KERB_M = 7
_SHARED_WITHIN_M = 170
_SAME_WAY = 0.3  # least cosine of the angle between two directions


@dataclass(frozen=True)
class Call:
    """A call of a line: the stop's row and metres from the line's start."""

    stop: int
    at_m: float


@dataclass(frozen=True)
class Ride:
    """A line in one direction: its path and its calls."""

    line: BusLine
    outbound: bool
    path: LineString
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Transit:
    """The rides and the places of the stops, one row each."""

    rides: tuple[Ride, ...]
    stops: Floats


class _Stops:
    """Stops as they are found; a line that comes by the same way shares a stop."""

    def __init__(self) -> None:
        self.places: list[Floats] = []
        self.directions: list[Floats] = []

    def near(self, place: Floats, direction: Floats) -> int:
        """The row of a stop near a place that faces the same way, else of a new one."""
        if self.places:
            away_m = lengths_of(np.array(self.places) - place)
            away_m[np.array(self.directions) @ direction < _SAME_WAY] = np.inf
            nearest = int(np.argmin(away_m))
            if away_m[nearest] < _SHARED_WITHIN_M:
                return nearest
        self.places.append(place)
        self.directions.append(direction)
        return len(self.places) - 1


def run_buses(skeleton: Skeleton, network: Network) -> Transit:
    """The bus lines in both directions."""
    paths = _Paths(network)
    stops = _Stops()
    rides = []
    for line in skeleton.bus_lines:
        path = paths.along(line.way)
        for outbound in (True, False):
            way = path if outbound else path.reverse()
            rides.append(Ride(line, outbound, way, _calls(way, stops)))
    return Transit(tuple(rides), np.array(stops.places))


def _calls(path: LineString, stops: _Stops) -> tuple[Call, ...]:
    count = max(2, round(path.length / _STOP_EVERY_M))
    calls: list[Call] = []
    for at_m in np.linspace(_TERMINUS_M, path.length - _TERMINUS_M, count):
        place = first_point(path.interpolate(at_m))
        onward = first_point(path.interpolate(min(at_m + 6, path.length))) - place
        onward = onward / max(float(np.hypot(*onward)), 1e-6)
        kerb = place + np.array([onward[1], -onward[0]]) * _KERB_M
        stop = stops.near(kerb, onward)
        if not calls or calls[-1].stop != stop:
            calls.append(Call(stop, float(at_m)))
    return tuple(calls)


class _Paths:
    """Cheapest paths over the network, where main streets cost least."""

    def __init__(self, network: Network) -> None:
        self.network = network
        cost = network.length_m * np.array([_COST[kind] for kind in network.kind])
        self.costs: csr_matrix = network.matrix(cost)
        self.edge_between: dict[tuple[int, int], int] = {}
        for edge in np.argsort(-cost, kind="stable"):  # the cheapest is written last
            a, b = int(network.start[edge]), int(network.end[edge])
            self.edge_between[a, b] = self.edge_between[b, a] = int(edge)
        driven = ~np.isin(network.kind, _NOT_DRIVEN)
        self.stations = np.unique(np.r_[network.start[driven], network.end[driven]])
        self.station_index = cKDTree(network.nodes[self.stations])

    def along(self, way: Floats) -> LineString:
        """The path that passes the places of a way in order."""
        nodes: list[int] = []
        stations = self.stations[self.station_index.query(way)[1]]
        for start, end in pairwise(stations):
            leg = self._leg(int(start), int(end))
            nodes += leg[1:] if nodes else leg
        corners = [self.network.nodes[nodes[0]][None]]
        for a, b in pairwise(nodes):
            line = shapely.get_coordinates(self.network.edges[self.edge_between[a, b]])
            forward = np.hypot(*(line[0] - self.network.nodes[a])) < 0.3  # noqa: PLR2004 -- grid
            corners.append((line if forward else line[::-1])[1:])
        return LineString(np.vstack(corners))

    def _leg(self, start: int, end: int) -> list[int]:
        before = dijkstra(self.costs, directed=False, indices=[start], return_predecessors=True)[1][
            0
        ]
        nodes = [end]
        while nodes[-1] != start and before[nodes[-1]] >= 0:
            nodes.append(int(before[nodes[-1]]))
        return nodes[::-1]
