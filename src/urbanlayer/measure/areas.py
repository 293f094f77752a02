"""Walking areas: polygons round the streets from which a target is reached in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.measure.parts import cut_lines, reached_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from urbanlayer.measure.graph import Graph
    from urbanlayer.measure.parts import Parts
    from urbanlayer.measure.snapping import Attached

ARC_SEGMENTS = 3
"""Segments of a quarter circle: the border lies at least 0.96 of the width from the street."""


def walking_areas(
    graph: Graph,
    lines: NDArray[np.object_],
    targets: Attached,
    *,
    limits: Sequence[float],
    width_m: float = 25.0,
    workers: int = 2,
) -> NDArray[np.object_]:
    """Polygons from within which each target is reached, one for each limit.

    The parts of streets that are reached, widened on both sides; blocks that are too far inside
    stay holes. Smaller limits lie inside larger ones. A place that is reached lies in the area if
    it is within 0.96 of the width of its street, and otherwise beside it.

    Parameters
    ----------
    graph
        The streets.
    lines
        (m,) LineStrings of its edges.
    targets
        Where they meet the streets.
    limits
        Costs, ascending: `(5, 10, 15)` in minutes.
    width_m
        By how much streets are widened, in metres.
    workers
        Threads that work at once.

    Returns
    -------
    ndarray
        (targets.count, limits) valid polygons or multipolygons; empty where a target is not
        connected.

    Raises
    ------
    ValueError
        The limits do not ascend.

    Examples
    --------
    >>> from urbanlayer.measure.graph import build_graph
    >>> from urbanlayer.measure.snapping import Attached
    >>> street = np.array([shapely.LineString([(0, 0), (1000, 0)])])
    >>> graph = build_graph(2, np.array([[0, 1]]), np.array([1000.0]))
    >>> school = Attached(1, np.array([0]), np.array([0]), np.array([500.0]), np.array([0.0]))
    >>> areas = walking_areas(graph, street, school, limits=(100.0, 300.0), width_m=10.0)
    >>> [area.bounds for area in areas[0]]
    [(390.0, -10.0, 610.0, 10.0), (190.0, -10.0, 810.0, 10.0)]
    """
    if list(limits) != sorted(set(limits)):
        msg = f"limits {tuple(limits)}: say them ascending, each once"
        raise ValueError(msg)
    areas = np.full((targets.count, len(limits)), shapely.Polygon(), dtype=object)
    wide = np.full(len(lines), None, dtype=object)
    for column, limit in enumerate(limits):
        parts = reached_parts(graph, targets, limit=limit)
        strips = _strips(graph, lines, parts, wide, width_m)
        bounds = np.searchsorted(parts.target, np.arange(targets.count + 1))
        within = areas[:, column - 1] if column else areas[:, 0]
        jobs = [
            [inner, *strips[begin:end]]
            for inner, begin, end in zip(within, bounds[:-1], bounds[1:], strict=True)
        ]
        # one union at a time is a call that holds no lock, so threads share the work
        with ThreadPoolExecutor(workers) as pool:
            areas[:, column] = list(pool.map(shapely.union_all, jobs))
    return areas


def _strips(
    graph: Graph,
    lines: NDArray[np.object_],
    parts: Parts,
    wide: NDArray[np.object_],
    width_m: float,
) -> NDArray[np.object_]:
    """Each part widened; whole edges once for all targets, kept in `wide`."""
    whole = (parts.from_m <= 0) & (parts.to_m >= graph.length_m[parts.edge])
    missing = np.unique(parts.edge[whole])
    missing = missing[shapely.is_missing(wide[missing])]
    wide[missing] = shapely.buffer(lines[missing], width_m, quad_segs=ARC_SEGMENTS)
    strips = wide[parts.edge]
    cut = np.flatnonzero(~whole)
    pieces = cut_lines(lines[parts.edge[cut]], parts.from_m[cut], parts.to_m[cut])
    strips[cut] = shapely.buffer(pieces, width_m, quad_segs=ARC_SEGMENTS)
    return strips
