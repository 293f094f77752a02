"""Walking areas: polygons round the streets from which a target is reached in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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

CELL_M = 150.0
"""Streets of cells of this size that are reached whole are widened as one, once for all targets."""


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
    strips = _Strips.of(lines, width_m)
    for column, limit in enumerate(limits):
        parts = reached_parts(graph, targets, limit=limit)
        whole = (parts.from_m <= 0) & (parts.to_m >= graph.length_m[parts.edge])
        bounds = np.searchsorted(parts.target, np.arange(targets.count + 1))
        within = areas[:, max(column - 1, 0)]
        jobs = [
            np.append(strips.cover(parts, whole, slice(begin, end)), inner)
            for inner, begin, end in zip(within, bounds[:-1], bounds[1:], strict=True)
        ]
        # one union at a time is a call that holds no lock, so threads share the work
        with ThreadPoolExecutor(workers) as pool:
            areas[:, column] = list(pool.map(shapely.union_all, jobs))
    return areas


@dataclass(frozen=True, slots=True, eq=False)
class _Strips:
    """Streets widened, each once for all targets; those of one cell of the city also as one."""

    lines: NDArray[np.object_]
    width_m: float
    wide: NDArray[np.object_]
    cell: NDArray[np.int64]
    members: list[NDArray[np.int64]]
    merged: NDArray[np.object_]

    @classmethod
    def of(cls, lines: NDArray[np.object_], width_m: float) -> _Strips:
        """Streets by the cell that their middle lies in; nothing is widened yet."""
        middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
        column, row = np.floor(shapely.get_coordinates(middle) / CELL_M).T
        cells, cell = np.unique(column * 1e7 + row, return_inverse=True)
        order = np.argsort(cell, kind="stable")
        members = np.split(order, np.cumsum(np.bincount(cell))[:-1]) if len(lines) else []
        wide = np.full(len(lines), None, dtype=object)
        merged = np.full(len(cells), None, dtype=object)
        return cls(lines, width_m, wide, cell.astype(np.int64), members, merged)

    def cover(self, parts: Parts, whole: NDArray[np.bool_], mine: slice) -> NDArray[np.object_]:
        """Polygons whose union is one target's parts widened: whole cells, and what is left."""
        edge, entire = parts.edge[mine], whole[mine]
        missing = np.unique(edge[entire])
        missing = missing[shapely.is_missing(self.wide[missing])]
        self.wide[missing] = self._widened(self.lines[missing])
        reached = np.bincount(self.cell[edge[entire]], minlength=len(self.members))
        full = [row for row in np.flatnonzero(reached) if reached[row] == len(self.members[row])]
        for row in full:
            if self.merged[row] is None:
                self.merged[row] = shapely.union_all(self.wide[self.members[row]])
        in_full = np.isin(self.cell[edge], full) & entire
        cut = edge[~entire]
        pieces = cut_lines(self.lines[cut], parts.from_m[mine][~entire], parts.to_m[mine][~entire])
        rest = self.wide[edge[entire & ~in_full]]
        return np.concatenate([self.merged[full], rest, self._widened(pieces)])

    def _widened(self, lines: NDArray[np.object_]) -> NDArray[np.object_]:
        return np.asarray(shapely.buffer(lines, self.width_m, quad_segs=ARC_SEGMENTS))
