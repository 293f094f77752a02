"""A new line fitted to others: common vertices where it crosses or touches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_PLACE_M = 1e-6
"""A cut nearer than this to a vertex is made at the vertex."""


def fitted(
    lines: NDArray[np.object_],
    line: shapely.LineString,
    *,
    at_grade: NDArray[np.bool_],
    tolerance_m: float,
) -> tuple[shapely.LineString, NDArray[np.int64], NDArray[np.object_]]:
    """A new line and the lines that it meets, with a common vertex wherever they meet.

    Parameters
    ----------
    lines
        (k,) LineStrings in metres.
    line
        The new one. Its ends are moved onto the line nearest to each within the tolerance; ends of
        the lines within the tolerance of it become vertices of it.
    at_grade
        (k,) False for lines that it passes over or under: they meet at its ends alone.
    tolerance_m
        Greatest gap that is closed.

    Returns
    -------
    drawn
        The new line with its joints among its vertices.
    touched
        (m,) rows of the lines that it meets, ascending.
    pieces
        (m,) these lines, with the joints among their vertices.
    """
    cuts: dict[int, list[shapely.Point]] = {}
    xy = shapely.get_coordinates(line)
    for end in (0, -1):
        point = shapely.Point(xy[end])
        metres = shapely.distance(lines, point)
        if len(lines) and metres.min() <= tolerance_m:
            row = int(metres.argmin())
            joint = _on_line(lines[row], point)
            cuts.setdefault(row, []).append(joint)
            xy[end] = joint.coords[0]
    drawn = shapely.LineString(xy)
    joints = _crossings(lines, drawn, at_grade, cuts)
    joints += _ends_near(lines, drawn, at_grade, cuts, tolerance_m)
    touched = np.array(sorted(cuts), dtype=np.int64)
    pieces = np.empty(len(touched), dtype=object)
    pieces[:] = [_with_vertices(lines[row], cuts[row]) for row in touched]
    return _with_vertices(drawn, joints), touched, pieces


def _crossings(
    lines: NDArray[np.object_],
    drawn: shapely.LineString,
    at_grade: NDArray[np.bool_],
    cuts: dict[int, list[shapely.Point]],
) -> list[shapely.Point]:
    """Where the new line crosses lines at grade; each is added to the cuts of its line."""
    joints: list[shapely.Point] = []
    for row in np.flatnonzero(shapely.intersects(lines, drawn) & at_grade).tolist():
        for part in shapely.get_parts(shapely.intersection(lines[row], drawn)):
            xy = shapely.get_coordinates(part)
            touched = [_on_line(lines[row], shapely.Point(point)) for point in xy[[0, -1]]]
            cuts.setdefault(row, []).extend(touched)
            joints.extend(touched)
    return joints


def _ends_near(
    lines: NDArray[np.object_],
    drawn: shapely.LineString,
    at_grade: NDArray[np.bool_],
    cuts: dict[int, list[shapely.Point]],
    tolerance_m: float,
) -> list[shapely.Point]:
    """Ends of lines that meet the new line nowhere else, and come within the tolerance of it."""
    joints: list[shapely.Point] = []
    near = shapely.dwithin(lines, drawn, tolerance_m) & at_grade
    for row in np.flatnonzero(near).tolist():
        if row in cuts:
            continue
        for end in (0, -1):
            point = shapely.get_point(lines[row], end)
            if shapely.distance(point, drawn) <= tolerance_m:
                cuts.setdefault(row, []).append(point)
                joints.append(point)
    return joints


def _on_line(line: shapely.LineString, point: shapely.Point) -> shapely.Point:
    """The point of a line nearest to another; one of its vertices where that is as near."""
    on = shapely.line_interpolate_point(line, shapely.line_locate_point(line, point))
    xy = shapely.get_coordinates(line)
    vertex = np.hypot(*(xy - shapely.get_coordinates(on)).T)
    return shapely.Point(xy[vertex.argmin()]) if vertex.min() <= SAME_PLACE_M else on


def _with_vertices(line: shapely.LineString, points: list[shapely.Point]) -> shapely.LineString:
    """A line with points on it among its vertices."""
    xy = shapely.get_coordinates(line)
    along_m = np.append(0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T)))
    extra = np.array([point.coords[0] for point in points]).reshape(-1, 2)
    new = ~(extra[:, None] == xy[None]).all(axis=2).any(axis=1)
    extra = extra[new]
    at_m = shapely.line_locate_point(line, shapely.points(extra))
    order = np.argsort(np.append(along_m, at_m), kind="stable")
    return shapely.LineString(np.vstack([xy, extra])[order])
