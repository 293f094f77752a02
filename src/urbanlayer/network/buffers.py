"""Neighbourhood buffers: the grid cells within a distance of each origin along streets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.errors import CityError
from urbanlayer.kernels.pairs_by_node import PairsByNode, ways_by_start
from urbanlayer.kernels.threshold import SLACK
from urbanlayer.kernels.zonal import covered_area_m2
from urbanlayer.model.grid_cells import cell_keys
from urbanlayer.model.network_query import CELL_M, BufferResult
from urbanlayer.model.role_names import WATER
from urbanlayer.network.cells import cells_near, stretches_within
from urbanlayer.network.graph import links_in, links_out
from urbanlayer.network.nearest import pairs_on_one_edge
from urbanlayer.network.search import nodes_within
from urbanlayer.network.snapping import Attached

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from urbanlayer.kernels.pairs_by_node import Ways
    from urbanlayer.model.city import City
    from urbanlayer.model.grid_cells import GridCells
    from urbanlayer.model.network_query import BufferQuery
    from urbanlayer.network.routable import RoutableNetwork

GROUP_CELLS = 3
"""Cells on a side of the squares whose origins are summed together: they reach much the same."""

Links = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.float64]"]


def neighbourhood_buffers(
    network_query: BufferQuery, city: City, routable: RoutableNetwork | None
) -> BufferResult:
    """The cells of a grid that belong to the neighbourhood buffer of each origin.

    Along streets, a square belongs to them if some point of a street in it is within the distance,
    the way to the street counted; in a straight line, if some point of it is. The cell that a
    place stands in always does. The middle of a cell lies in the middle of the neighbourhoods'
    bounds.

    Parameters
    ----------
    network_query
        How far.
    city
        With residents.
    routable
        The streets, made ready; None: in straight lines.

    Returns
    -------
    BufferResult
        Of the cells that hold land of the city.
    """
    if city.residents is None:
        raise CityError("residents: none; declare [residents] in city.toml")
    xy = city.residents.xy
    west, south, east, north = city.neighbourhoods.geometry.total_bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    cells = cells_near(xy, middle, size_m=CELL_M, within_m=network_query.within_m)
    limit_m = network_query.within_m + SLACK
    own = np.arange(len(xy)), cells.rows(xy), np.zeros(len(xy))
    if routable is None:
        to_nodes, onward = _no_ways(len(xy)), _no_ways(0)
        links, method = [own, _straight(cells, xy, limit_m)], "straight_line"
    else:
        ends = _streets_in_cells(cells, routable)
        to_nodes, onward = _by_nodes(routable, ends, limit_m)
        on_one_edge = pairs_on_one_edge(routable.graph, routable.origins, ends)
        links = [own, on_one_edge, _along_edges(cells, routable, limit_m)]
        method = network_query.mode
    origin, cell, cost = (np.concatenate(parts) for parts in zip(*links, strict=True))
    direct = ways_by_start(len(xy), origin, cell, cost)
    group = cell_keys(cells.origins(xy) / GROUP_CELLS)
    pairs = PairsByNode(len(cells), group, to_nodes, onward, direct, network_query.within_m)
    return BufferResult(cells, _land_m2(city, cells), pairs, method)


def _no_ways(count: int) -> Ways:
    none = np.empty(0, dtype=np.int64)
    return ways_by_start(count, none, none, np.empty(0))


def _streets_in_cells(cells: GridCells, routable: RoutableNetwork) -> Attached:
    """Both ends of each part of a street that lies in a cell, as entrances of the cell."""
    network = routable.network
    parts = stretches_within(cells, network.edge_lines)
    row, edge = np.repeat(parts.area, 2), np.repeat(parts.edge, 2)
    along_m = np.column_stack([parts.from_m, parts.to_m]).ravel()
    return Attached(
        len(cells), row, edge, np.minimum(along_m, network.edge_length_m[edge]), np.zeros(len(row))
    )


def _by_nodes(routable: RoutableNetwork, ends: Attached, limit_m: float) -> tuple[Ways, Ways]:
    """From origins to the nodes of their streets, and from nodes to the cells within the limit."""
    graph = routable.graph
    out = links_out(graph, routable.origins)
    near = out.cost <= limit_m
    to_nodes = ways_by_start(
        routable.origins.count, out.origin[near], out.node[near], out.cost[near]
    )
    cell, node, cost = nodes_within(
        graph.arcs_back, links_in(graph, ends), ends.count, limit=limit_m
    )
    return to_nodes, ways_by_start(graph.node_count, node, cell, cost)


def _along_edges(cells: GridCells, routable: RoutableNetwork, limit_m: float) -> Links:
    """Origins and the cell in which they meet their street."""
    at = routable.origins
    feet = shapely.line_interpolate_point(routable.network.edge_lines[at.edge], at.along_m)
    cell = cells.rows(shapely.get_coordinates(feet))
    near = (cell >= 0) & (at.offset_m <= limit_m)
    return at.origin[near], cell[near], at.offset_m[near]


def _straight(cells: GridCells, xy: NDArray[np.float64], limit_m: float) -> Links:
    boxes, points = cells.boxes(), np.asarray(shapely.points(xy), dtype=object)
    origin, cell = shapely.STRtree(boxes).query(points, predicate="dwithin", distance=limit_m)
    return origin, cell, shapely.distance(points[origin], boxes[cell])


def _land_m2(city: City, cells: GridCells) -> NDArray[np.float64]:
    """(c,) land of each square in the neighbourhoods, without the water of the city's layer."""
    boxes = cells.boxes()
    neighbourhoods = np.asarray(city.neighbourhoods.geometry, dtype=object)
    water = neighbourhoods[:0]
    if WATER in city.layers:
        water = np.asarray(city.layers["water"].frame.geometry, dtype=object)
    water = water[shapely.get_dimensions(water) == 2]  # noqa: PLR2004  (rivers drawn as lines)
    tree = shapely.STRtree(boxes)
    whole = np.zeros(len(boxes), dtype=bool)
    whole[tree.query(neighbourhoods, predicate="contains")[1]] = True
    whole[tree.query(water, predicate="intersects")[1]] = False
    part = np.flatnonzero(~whole)
    # what is land or water, less the water: a lake beyond the border is no part of either
    either = covered_area_m2(boxes[part], np.concatenate([neighbourhoods, water]))
    land_m2 = np.full(len(boxes), cells.size_m**2)
    land_m2[part] = np.maximum(either - covered_area_m2(boxes[part], water), 0.0)
    return land_m2
