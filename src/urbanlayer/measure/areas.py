"""Walking areas: polygons round the streets from which a target is reached in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.measure.parts import cut_lines, reached_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from urbanlayer.measure.graph import Graph
    from urbanlayer.measure.parts import Parts
    from urbanlayer.measure.snapping import Attached

ARC_SEGMENTS = 3
"""Segments of a quarter circle: the border lies at least 0.96 of the width from the street."""

CELLS_M = (50.0, 100.0, 200.0, 400.0, 800.0)
"""Streets of cells of these sizes, each in the next, are widened as one where they are reached
whole: each once for all targets."""


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
        # one union at a time is a call that holds no lock, so threads share the work
        with ThreadPoolExecutor(workers) as pool:
            unions = [
                pool.submit(shapely.union_all, np.append(cover, inner))
                for cover, inner in zip(strips.covers(parts, whole, bounds), within, strict=True)
            ]
            areas[:, column] = [union.result() for union in unions]
    return areas


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Streets by the cell that their middle lies in, and the streets of a cell widened as one."""

    of: NDArray[np.int64]
    size: NDArray[np.int64]
    members: list[NDArray[np.int64]]
    merged: NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class _Strips:
    """Streets widened, each once for all targets; those of one cell of the city also as one."""

    lines: NDArray[np.object_]
    width_m: float
    wide: NDArray[np.object_]
    levels: list[_Cells]

    @classmethod
    def of(cls, lines: NDArray[np.object_], width_m: float) -> _Strips:
        """Streets by their cells; nothing is widened yet."""
        middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
        xy = shapely.get_coordinates(middle)
        wide = np.full(len(lines), None, dtype=object)
        return cls(lines, width_m, wide, [_cells(xy, size_m) for size_m in CELLS_M])

    def covers(
        self, parts: Parts, whole: NDArray[np.bool_], bounds: NDArray[np.int64]
    ) -> Iterator[NDArray[np.object_]]:
        """For each target polygons whose union is its parts widened: whole cells, and the rest."""
        for begin, end in pairwise(bounds.tolist()):
            edge, entire = parts.edge[begin:end], whole[begin:end]
            cut = edge[~entire]
            from_m, to_m = parts.from_m[begin:end][~entire], parts.to_m[begin:end][~entire]
            pieces = self._widened(cut_lines(self.lines[cut], from_m, to_m))
            yield np.concatenate([*self._of_whole(edge[entire]), pieces])

    def _of_whole(self, edges: NDArray[np.int64]) -> Iterator[NDArray[np.object_]]:
        """The largest cells whose streets are all among the edges, and the other edges."""
        for number, cells in reversed([*enumerate(self.levels)]):
            full = np.bincount(cells.of[edges], minlength=len(cells.size)) == cells.size
            yield self._merged(number, np.flatnonzero(full))
            edges = edges[~full[cells.of[edges]]]
        yield self._each(edges)

    def _merged(self, number: int, rows: NDArray[np.int64]) -> NDArray[np.object_]:
        cells = self.levels[number]
        for row in rows[shapely.is_missing(cells.merged[rows])]:
            edges = cells.members[row]
            if number == 0:
                parts = self._each(edges)
            else:
                parts = self._merged(number - 1, np.unique(self.levels[number - 1].of[edges]))
            cells.merged[row] = shapely.union_all(parts)
        return cells.merged[rows]

    def _each(self, edges: NDArray[np.int64]) -> NDArray[np.object_]:
        missing = edges[shapely.is_missing(self.wide[edges])]
        self.wide[missing] = self._widened(self.lines[missing])
        return self.wide[edges]

    def _widened(self, lines: NDArray[np.object_]) -> NDArray[np.object_]:
        return np.asarray(shapely.buffer(lines, self.width_m, quad_segs=ARC_SEGMENTS))


def _cells(xy: NDArray[np.float64], size_m: float) -> _Cells:
    column, row = np.floor(xy / size_m).T
    _, of = np.unique(column * 1e7 + row, return_inverse=True)
    size = np.bincount(of)
    order = np.argsort(of, kind="stable")
    members = np.split(order, np.cumsum(size)[:-1]) if len(xy) else []
    merged = np.full(len(size), None, dtype=object)
    return _Cells(of.astype(np.int64), size, members, merged)
