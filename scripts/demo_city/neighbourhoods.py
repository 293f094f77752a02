"""The neighbourhoods: one polygon each, which together cover the city without gap or overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import STRtree

from demo_city.shapes import array_of, polygons_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from demo_city.frame import Flags, Floats, Ints, Shapes
    from demo_city.setting import Setting
    from demo_city.superblocks import Superblocks

_BORDER_STEP_M = 8
_GRID_M = 0.1
_BORDER_GRID_M = 0.5
_SIMPLER_BY_M = 5.0
_ROUNDS = 3


def lay_neighbourhoods(setting: Setting, superblocks: Superblocks) -> Shapes:
    """The neighbourhoods in the order of their seeds: superblocks, and the land and water about.

    What no superblock covers (rivers, hills, the edge) goes to the nearest border. All borders
    are then noded together and simplified together, so that neighbours share every vertex.
    """
    count = len(setting.skeleton.seeds)
    cores = array_of(
        [
            shapely.union_all(superblocks.shapes[superblocks.neighbourhood == k], grid_size=_GRID_M)
            for k in range(count)
        ]
    )
    grown = _with_land_about(cores, setting)
    for _ in range(_ROUNDS):
        _hand_over_crumbs(grown)
    return shapely.coverage_simplify(_as_coverage(grown, setting), _SIMPLER_BY_M)


def _with_land_about(cores: Shapes, setting: Setting) -> Shapes:
    """Each core with what lies nearer to its border than to any other."""
    cells, owner = _border_cells(cores, setting)
    left = setting.boundary.buffer(400).difference(shapely.union_all(cores, grid_size=_GRID_M))
    grown = []
    for k, core in enumerate(cores):
        nearest = shapely.union_all(cells[owner == k], grid_size=_GRID_M)
        about = polygons_of(shapely.intersection(nearest, left, grid_size=_GRID_M))
        whole = polygons_of(shapely.union_all([core, about], grid_size=_GRID_M))
        grown.append(polygons_of(shapely.intersection(whole, setting.boundary, grid_size=_GRID_M)))
    return array_of(grown)


def _border_cells(cores: Shapes, setting: Setting) -> tuple[Shapes, Ints]:
    """Voronoi cells of points along all borders, and the core that each belongs to."""
    rows = [shapely.get_coordinates(shapely.segmentize(c.boundary, _BORDER_STEP_M)) for c in cores]
    owner = np.repeat(np.arange(len(cores)), [len(row) for row in rows])
    places: Floats = np.vstack(rows).round(2)
    _, first = np.unique(places, axis=0, return_index=True)
    places, owner = places[first], owner[first]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(places), extend_to=setting.boundary.buffer(500)
        )
    )
    point, cell = STRtree(cells).query(shapely.points(places), predicate="intersects")
    cell_owner = np.full(len(cells), -1)
    cell_owner[cell] = owner[point]
    return cells, cell_owner


def _hand_over_crumbs(shapes: Shapes) -> None:
    """Gives all but the largest part of each shape to the neighbour with the longest border."""
    for k in range(len(shapes)):
        parts = sorted(shapely.get_parts(shapes[k]), key=lambda part: -part.area)
        shapes[k] = parts[0]
        for crumb in parts[1:]:
            taker = _longest_border(shapes, k, crumb.buffer(0.3))
            shapes[taker] = shapely.union_all([shapes[taker], crumb], grid_size=_GRID_M)


def _longest_border(shapes: Shapes, giver: int, crumb: BaseGeometry) -> int:
    shared_m = shapely.length(shapely.intersection(shapes, crumb))
    shared_m[giver] = -1
    return int(np.argmax(shared_m))


def _as_coverage(shapes: Shapes, setting: Setting) -> Shapes:
    """The shapes on one noded set of borders."""
    borders = shapely.union_all(shapely.boundary(shapes), grid_size=_BORDER_GRID_M)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(borders)))
    inner = shapely.point_on_surface(pieces)
    owner: Ints = np.array(STRtree(shapes).nearest(inner))
    inside = shapely.contains(setting.boundary.buffer(2), inner)
    covered = _dissolved(pieces, owner, inside, len(shapes))
    for _ in range(_ROUNDS):
        for k, shape in enumerate(covered):
            parts = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
            for crumb in parts[1:]:
                owner[shapely.covers(crumb, pieces)] = _longest_border(covered, k, crumb.boundary)
        covered = _dissolved(pieces, owner, inside, len(shapes))
    return covered


def _dissolved(pieces: Shapes, owner: Ints, inside: Flags, count: int) -> Shapes:
    return array_of(
        [shapely.coverage_union_all(pieces[(owner == k) & inside]) for k in range(count)]
    )
