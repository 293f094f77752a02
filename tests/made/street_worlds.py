"""Random street worlds, and the same worlds as networkx sees them."""

from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
import shapely
from hypothesis import strategies as st

from urbanlayer.network.graph import Graph, build_graph
from urbanlayer.network.snapping import Attached

COORDINATE = st.integers(0, 12).map(lambda k: k * 10.0)


@dataclass
class World:
    nodes: int
    ends: np.ndarray
    length_m: np.ndarray
    forward: np.ndarray | None = None
    backward: np.ndarray | None = None

    def graph(self) -> Graph:
        return build_graph(
            self.nodes, self.ends, self.length_m, forward=self.forward, backward=self.backward
        )

    def in_networkx(self, *groups: Attached) -> nx.DiGraph:
        """The streets with each attachment put in as a node `(group, number)` on its edge.

        A place is a node `("from", group, row)` from which its attachments are reached, and a
        node `("to", group, row)` that is reached from them, so that no way leads through it.
        """
        graph = nx.DiGraph()
        graph.add_nodes_from(range(self.nodes))
        for edge, (start, end) in enumerate(self.ends):
            stops = [
                (float(group.along_m[k]), (number, k))
                for number, group in enumerate(groups)
                for k in np.flatnonzero(group.edge == edge)
            ]
            path = [(0.0, int(start)), *sorted(stops), (float(self.length_m[edge]), int(end))]
            for (a, one), (b, other) in pairwise(path):
                share = (b - a) / self.length_m[edge]
                ahead = self.length_m if self.forward is None else self.forward
                back = self.length_m if self.backward is None else self.backward
                shortest(graph, one, other, share * ahead[edge] if share else 0.0)
                shortest(graph, other, one, share * back[edge] if share else 0.0)
        for number, group in enumerate(groups):
            for k, origin in enumerate(group.origin):
                shortest(graph, ("from", number, int(origin)), (number, k), group.offset_m[k])
                shortest(graph, (number, k), ("to", number, int(origin)), group.offset_m[k])
        return graph


def shortest(graph: nx.DiGraph, one: object, other: object, metres: float) -> None:
    if one == other or np.isinf(metres):
        return
    before = graph.get_edge_data(one, other, {"weight": np.inf})["weight"]
    graph.add_edge(one, other, weight=min(before, float(metres)))


def costs_in_networkx(world: World, origins: Attached, destinations: Attached) -> np.ndarray:
    """(places, targets) costs with every place put in as a node."""
    graph = world.in_networkx(origins, destinations)
    table = np.full((origins.count, destinations.count), np.inf)
    for origin in range(origins.count):
        if ("from", 0, origin) not in graph:
            continue
        found = nx.single_source_dijkstra_path_length(graph, ("from", 0, origin))
        for target in range(destinations.count):
            table[origin, target] = found.get(("to", 1, target), np.inf)
    return table


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to 9 nodes and 14 edges, with loops, parallel edges and parts that are cut off."""
    nodes = draw(st.integers(2, 9))
    edge = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1))
    ends = np.array(draw(st.lists(edge, min_size=1, max_size=14)), dtype=np.int64)
    length_m = draw(
        st.lists(st.floats(0.5, 500), min_size=len(ends), max_size=len(ends)).map(np.array)
    )
    return World(nodes, ends, length_m)


@st.composite
def hilly_worlds(draw: st.DrawFn) -> World:
    """The same with costs that differ by direction; some edges lead one way only."""
    world = draw(worlds())
    cost = st.one_of(st.just(np.inf), st.floats(0.1, 300))
    size = len(world.ends)
    world.forward = np.array(draw(st.lists(cost, min_size=size, max_size=size)))
    world.backward = np.array(draw(st.lists(cost, min_size=size, max_size=size)))
    return world


@st.composite
def attached(draw: st.DrawFn, world: World, *, most: int = 6) -> Attached:
    """Up to `most` places on edges, some of them on two, some on none."""
    count = draw(st.integers(1, most))
    spot = st.tuples(
        st.integers(0, count - 1),
        st.integers(0, len(world.ends) - 1),
        st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1)),
        st.one_of(st.just(0.0), st.floats(0, 60)),
    )
    spots = sorted(draw(st.lists(spot, max_size=most + 2)))
    origin, edge, share, offset = zip(*spots, strict=True) if spots else ((), (), (), ())
    edge = np.array(edge, dtype=np.int64)
    along_m = np.array(share, dtype=float) * world.length_m[edge]
    return Attached(count, np.array(origin, dtype=np.int64), edge, along_m, np.array(offset, float))


@st.composite
def drawn_streets(draw: st.DrawFn) -> np.ndarray:
    """Streets on a plane as LineStrings that share vertices, as OpenStreetMap draws them."""
    point = st.tuples(COORDINATE, COORDINATE)
    line = st.lists(point, min_size=2, max_size=5).filter(lambda xy: len(set(xy)) > 1)
    lines = draw(st.lists(line, min_size=1, max_size=8))
    return np.array([shapely.LineString(xy) for xy in lines], dtype=object)
