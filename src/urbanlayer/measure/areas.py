"""Walking areas: polygons round the streets from which a target is reached in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from urbanlayer.measure.parts import cut_lines, reached_parts
from urbanlayer.measure.unions import unite_sets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from urbanlayer.measure.graph import Graph
    from urbanlayer.measure.parts import Parts
    from urbanlayer.measure.snapping import Attached

Engine = Literal["auto", "cells", "compiled"]

ARC_SEGMENTS = 3
"""Segments of a quarter circle: the border lies at least 0.96 of the width from the street."""

CELLS_M = (50.0, 100.0, 200.0, 400.0, 800.0)
"""Streets of cells of these sizes, each in the next, are widened as one where they are reached
whole: each once for all targets."""

LARGE = 200_000
"""Parts of streets, of all targets, from which on the compiled union pays for its start: a second,
and once after installation some ten seconds of compiling."""


def walking_areas(
    graph: Graph,
    lines: NDArray[np.object_],
    targets: Attached,
    *,
    limits: Sequence[float],
    width_m: float = 25.0,
    workers: int = 2,
    engine: Engine = "auto",
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
    engine
        `compiled` needs the extra `urbanlayer[fast]`; `auto` takes it where the work is large
        and it is installed. Both give the same areas.

    Returns
    -------
    ndarray
        (targets.count, limits) valid polygons or multipolygons; empty where a target is not
        connected.

    Raises
    ------
    ValueError
        The limits do not ascend.
    ModuleNotFoundError
        `compiled` was asked for and numba is not installed.

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
    reached = [_Reached.within(graph, targets, limit) for limit in limits]
    if engine == "auto":
        large = sum(len(parts.whole) for parts in reached) >= LARGE
        engine = "compiled" if large and find_spec("numba") else "cells"
    by = _by_crossings if engine == "compiled" else _by_cells
    return by(lines, width_m, reached, targets.count, workers)


@dataclass(frozen=True, slots=True, eq=False)
class _Reached:
    """The parts of streets that are reached within a limit, and which are whole streets."""

    parts: Parts
    whole: NDArray[np.bool_]

    @classmethod
    def within(cls, graph: Graph, targets: Attached, limit: float) -> _Reached:
        parts = reached_parts(graph, targets, limit=limit)
        return cls(parts, (parts.from_m <= 0) & (parts.to_m >= graph.length_m[parts.edge]))


def _by_crossings(
    lines: NDArray[np.object_], width_m: float, reached: list[_Reached], count: int, workers: int
) -> NDArray[np.object_]:
    """Areas from where the borders of all strips cross: each crossing found once."""
    edges = np.unique(np.concatenate([within.parts.edge[within.whole] for within in reached]))
    drawn, area, strip = [lines[edges]], [], []
    end = len(edges)
    for column, within in enumerate(reached):
        parts, cut = within.parts, ~within.whole
        area.append(parts.target[within.whole] * len(reached) + column)
        strip.append(np.searchsorted(edges, parts.edge[within.whole]))
        drawn.append(cut_lines(lines[parts.edge[cut]], parts.from_m[cut], parts.to_m[cut]))
        begin, end = end, end + len(drawn[-1])
        for later in range(column, len(reached)):  # so that the larger area holds the smaller one
            area.append(parts.target[cut] * len(reached) + later)
            strip.append(np.arange(begin, end))
    member = np.unique(np.concatenate(area) * end + np.concatenate(strip))
    area_of, strip_of = np.divmod(member, max(end, 1))
    first = np.searchsorted(area_of, np.arange(count * len(reached) + 1))
    with ThreadPoolExecutor(workers) as pool:
        blocks = np.array_split(np.concatenate(drawn), workers)
        strips = np.concatenate([*pool.map(lambda block: _widened(block, width_m), blocks)])
    return unite_sets(strips, first, strip_of, workers=workers).reshape(count, len(reached))


def _by_cells(
    lines: NDArray[np.object_], width_m: float, reached: list[_Reached], count: int, workers: int
) -> NDArray[np.object_]:
    """Areas from cells of the city whose strips are united once."""
    areas = np.full((count, len(reached)), shapely.Polygon(), dtype=object)
    strips = _Strips.of(lines, width_m)
    for column, within in enumerate(reached):
        inside = areas[:, max(column - 1, 0)]
        # one union at a time is a call that holds no lock, so threads share the work
        with ThreadPoolExecutor(workers) as pool:
            unions = [
                pool.submit(shapely.union_all, np.append(cover, inner))
                for cover, inner in zip(strips.covers(within, count), inside, strict=True)
            ]
            areas[:, column] = [union.result() for union in unions]
    return areas


def _widened(lines: NDArray[np.object_], width_m: float) -> NDArray[np.object_]:
    return np.asarray(shapely.buffer(lines, width_m, quad_segs=ARC_SEGMENTS))


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

    def covers(self, within: _Reached, count: int) -> Iterator[NDArray[np.object_]]:
        """For each target polygons whose union is its parts widened: whole cells, and the rest."""
        parts = within.parts
        bounds = np.searchsorted(parts.target, np.arange(count + 1))
        for begin, end in pairwise(bounds.tolist()):
            edge, entire = parts.edge[begin:end], within.whole[begin:end]
            cut = edge[~entire]
            from_m, to_m = parts.from_m[begin:end][~entire], parts.to_m[begin:end][~entire]
            pieces = _widened(cut_lines(self.lines[cut], from_m, to_m), self.width_m)
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
        self.wide[missing] = _widened(self.lines[missing], self.width_m)
        return self.wide[edges]


def _cells(xy: NDArray[np.float64], size_m: float) -> _Cells:
    column, row = np.floor(xy / size_m).T
    _, of = np.unique(column * 1e7 + row, return_inverse=True)
    size = np.bincount(of)
    order = np.argsort(of, kind="stable")
    members = np.split(order, np.cumsum(size)[:-1]) if len(xy) else []
    merged = np.full(len(size), None, dtype=object)
    return _Cells(of.astype(np.int64), size, members, merged)
