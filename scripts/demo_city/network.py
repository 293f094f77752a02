"""The street network: every street noded with the others, classed, and of one piece."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree
from shapely import Point, STRtree

from demo_city.main_streets import Street
from demo_city.parks import together
from demo_city.shapes import array_of, left_of, lengths_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from demo_city.frame import Flags, Floats, Ints, Shapes, Words
    from demo_city.parks import Park
    from demo_city.setting import Setting
    from demo_city.superblocks import Superblocks

HALF_WIDTH_M = {
    "primary": 13.0,
    "secondary": 9.0,
    "tertiary": 6.5,
    "residential": 4.6,
    "service": 3.4,
    "lane": 2.4,
    "footway": 1.6,
    "track": 2.4,
}
_RANK = ("primary", "secondary", "tertiary", "residential", "service", "lane", "footway")
_STOPS_AT_WATER = ("tertiary", "residential", "service", "lane")
_MAY_BE_TRACK = ("tertiary", "residential", "service", "lane")
_GRID_M = 0.1
_CRUMB_M = 0.3
_STUB_M = 6
_WET_FEET_M = 1
_BESIDE_M = 14
_LIES_ON_M = 0.6
ROGAMI = (1200.0, 3080.0)  # on the village street over the river, which no bridge reaches
_ROGAMI_LANES_M = 900


@dataclass(frozen=True)
class Network:
    """The edges of the street network with their classes and names, and their nodes."""

    edges: Shapes
    kind: Words
    name: Words

    @cached_property
    def tree(self) -> STRtree:
        """An index of the edges."""
        return STRtree(self.edges)

    @cached_property
    def length_m(self) -> Floats:
        """The length of each edge."""
        return shapely.length(self.edges)

    @cached_property
    def half_width_m(self) -> Floats:
        """Half the width of each edge's street."""
        return np.array([HALF_WIDTH_M[kind] for kind in self.kind])

    @cached_property
    def surface(self) -> BaseGeometry:
        """The surface of all streets, as one shape."""
        return shapely.union_all(
            shapely.buffer(self.edges, self.half_width_m, cap_style="round", quad_segs=3)
        )

    @cached_property
    def _joints(self) -> tuple[Floats, Ints, Ints]:
        starts = shapely.get_coordinates(shapely.get_point(self.edges, 0))
        ends = shapely.get_coordinates(shapely.get_point(self.edges, -1))
        nodes, index = np.unique(np.vstack([starts, ends]).round(1), axis=0, return_inverse=True)
        index = index.ravel()
        return nodes, index[: len(self.edges)], index[len(self.edges) :]

    @property
    def nodes(self) -> Floats:
        """The places where edges end, one row each."""
        return self._joints[0]

    @property
    def start(self) -> Ints:
        """The node at each edge's start."""
        return self._joints[1]

    @property
    def end(self) -> Ints:
        """The node at each edge's end."""
        return self._joints[2]

    @cached_property
    def degree(self) -> Ints:
        """How many edges end at each node."""
        return np.bincount(np.r_[self.start, self.end], minlength=len(self.nodes))

    @cached_property
    def component(self) -> Ints:
        """The number of the connected piece that each edge belongs to."""
        links = coo_matrix(
            (np.ones(len(self.edges)), (self.start, self.end)),
            shape=(len(self.nodes), len(self.nodes)),
        )
        labels = connected_components(links, directed=False)[1].astype(np.int64)
        return labels[self.start]

    @cached_property
    def node_index(self) -> cKDTree:
        """An index of the nodes."""
        return cKDTree(self.nodes)

    def matrix(self, weight: Floats) -> csr_matrix:
        """The network as a matrix of weights between nodes."""
        rows, columns = np.r_[self.start, self.end], np.r_[self.end, self.start]
        size = len(self.nodes)
        return csr_matrix((np.r_[weight, weight], (rows, columns)), shape=(size, size))

    def walk_m(self, sources: Floats, destinations: Floats) -> Floats:
        """The way along streets from each target to the nearest source, node to node."""
        from_nodes = np.asarray(self.node_index.query(np.atleast_2d(sources))[1])
        distance: Floats = dijkstra(
            self.matrix(self.length_m), directed=False, indices=from_nodes, min_only=True
        )
        return distance[self.node_index.query(destinations)[1]]

    def kept(self, keep: Flags) -> Network:
        """The network of some of the edges."""
        return Network(self.edges[keep], self.kind[keep], self.name[keep])


def join_streets(
    streets: list[Street], setting: Setting, superblocks: Superblocks, parks: list[Park]
) -> Network:
    """The network of all streets: one piece, and the village over the river."""
    drawn = _clipped(streets, setting, together(parks))
    network = _classed(_noded(drawn), drawn)
    network = _with_tracks(network, superblocks)
    return _main_piece(_without_stubs(network))


def _clipped(streets: list[Street], setting: Setting, parkland: BaseGeometry) -> list[Street]:
    """The streets inside the boundary; only main streets and footways cross water."""
    inner_parkland = parkland.buffer(-3)
    pieces = []
    for street in streets:
        line = shapely.intersection(street.line, setting.boundary)
        if street.kind in _STOPS_AT_WATER:
            line = shapely.difference(line, setting.rivers.water)
        if not street.name:
            line = shapely.difference(line, inner_parkland)
        pieces += [
            Street(street.kind, street.name, part)
            for part in shapely.get_parts(line)
            if part.geom_type == "LineString" and part.length > 1
        ]
    return pieces


def _noded(streets: list[Street]) -> Shapes:
    parts = shapely.get_parts(
        shapely.union_all([street.line for street in streets], grid_size=_GRID_M)
    )
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(parts))))
    return merged[shapely.length(merged) > _CRUMB_M]


def _classed(edges: Shapes, streets: list[Street]) -> Network:
    """Each edge with the class and name of the highest street that it lies on."""
    tree = STRtree([street.line for street in streets])
    middles = shapely.line_interpolate_point(edges, 0.5, normalized=True)
    none = len(_RANK)
    rank = np.full(len(edges), none)
    name = np.full(len(edges), "", dtype=object)
    for edge, street in zip(
        *tree.query(middles, predicate="dwithin", distance=_LIES_ON_M), strict=True
    ):
        found = _RANK.index(streets[street].kind)
        if found < rank[edge]:
            rank[edge], name[edge] = found, streets[street].name
    known = rank < none
    kind = np.array([_RANK[k] for k in rank[known]], dtype=object)
    return Network(edges[known], kind, name[known])


def _with_tracks(network: Network, superblocks: Superblocks) -> Network:
    """Unnamed streets with fields on both sides are tracks."""
    tree = STRtree(superblocks.shapes)

    def has_fields(places: Floats) -> Flags:
        point, block = tree.query(shapely.points(places), predicate="intersects")
        fields = np.ones(len(places), dtype=bool)
        fields[point] = superblocks.character[block] == "fields"
        return fields

    middles = shapely.get_coordinates(
        shapely.line_interpolate_point(network.edges, 0.5, normalized=True)
    )
    onward = shapely.get_coordinates(
        shapely.get_point(network.edges, -1)
    ) - shapely.get_coordinates(shapely.get_point(network.edges, 0))
    beside = left_of(onward.T).T / np.maximum(lengths_of(onward), 1)[:, None] * _BESIDE_M
    between_fields = has_fields(middles + beside) & has_fields(middles - beside)
    track = between_fields & np.isin(network.kind, _MAY_BE_TRACK) & (network.name == "")
    kind = network.kind.copy()
    kind[track] = "track"
    return Network(network.edges, kind, network.name)


def _without_stubs(network: Network) -> Network:
    """The network without tracks that end nowhere and ends of a few metres."""
    for _ in range(2):
        loose = (network.degree[network.start] == 1) | (network.degree[network.end] == 1)
        network = network.kept(~((network.kind == "track") & loose))
    loose = (network.degree[network.start] == 1) | (network.degree[network.end] == 1)
    return network.kept(~(loose & (network.length_m < _STUB_M)))


def _main_piece(network: Network) -> Network:
    """The largest connected piece, and the streets of Rogami without far tracks."""
    size_m = np.bincount(network.component, weights=network.length_m)
    away_m = shapely.distance(network.edges, Point(ROGAMI))
    rogami = network.component == network.component[np.argmin(away_m)]
    lanes_away_m = shapely.distance(network.edges, Point(1300, 3100))
    far_track = (network.kind == "track") & (lanes_away_m > _ROGAMI_LANES_M)
    return network.kept((network.component == size_m.argmax()) | (rogami & ~far_track))


def bridges(network: Network, water: BaseGeometry) -> Flags:
    """Whether each edge crosses water; a street that ends at the bank does not."""
    return shapely.intersects(network.edges, water.buffer(-_WET_FEET_M))


def edges_of(network: Network, *kinds: str) -> Shapes:
    """The edges of some classes."""
    return array_of(list(network.edges[np.isin(network.kind, kinds)]))
