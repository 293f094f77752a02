"""Unions of many overlapping sets of polygons, compiled; needs the extra `urbanlayer[fast]`.

Where borders cross is found once for all sets. The border of a set's union are the pieces of its
polygons' borders, from one crossing to the next, that lie in no other polygon of the set; at its
end each goes on in a piece of the border that it meets there. Where that does not come out even
(three borders through one point, say), the set is left to the caller, so nothing wrong is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numba  # type: ignore[import-not-found, import-untyped, unused-ignore]
import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Found = tuple[Integers, Numbers, Flags]

SAME_POINT_M = 1e-6
"""Vertices of a union are at least this far apart, in metres."""

njit = numba.njit(cache=True, nogil=True)


class Shapes(NamedTuple):
    """Polygons as arrays: outer rings run anticlockwise, so that the inside lies to the left.

    Vertex *k* begins segment *k*, but for the last of a ring (`is_end`), which repeats the first.
    """

    xy: Numbers
    is_end: Flags
    ring_first: Integers
    shape_ring: Integers
    box: Numbers


class Crossings(NamedTuple):
    """Where segments cross, in their order along each; entries 2c and 2c + 1 are one point.

    `twin` is the place of the same point on the other segment; `first` where a segment's begin;
    `within_first` and `within` the polygons that hold the first vertex of each ring.
    """

    first: Integers
    segment: Integers
    along: Numbers
    enters: Flags
    other: Integers
    twin: Integers
    within_first: Integers
    within: Integers


def unions_of_sets(
    polygons: NDArray[np.object_], first: Integers, member: Integers, nudge_m: Numbers
) -> NDArray[np.object_]:
    """The union of each of many sets of polygons.

    Parameters
    ----------
    polygons
        (n,) valid Polygons in metres, none of them empty.
    first
        (s + 1,) where each set's members begin.
    member
        (k,) rows of polygons, each once in a set.
    nudge_m
        (n, 2) by how much polygons are moved, so that no two borders lie on one another.

    Returns
    -------
    ndarray
        (s,) valid polygons and multipolygons, equal to `shapely.union_all` but for the nudge and
        for vertices less than `SAME_POINT_M` apart; None where a set must be united otherwise.

    Examples
    --------
    >>> squares = shapely.box(np.array([0.0, 5.0]), np.array([0.0, 1.0]), 8.0, 4.0)
    >>> sets = np.array([0, 2, 3]), np.array([0, 1, 1])
    >>> shapely.area(unions_of_sets(squares, *sets, np.zeros((2, 2)))).tolist()
    [32.0, 9.0]
    """
    origin = np.floor(shapely.total_bounds(polygons)[:2]) if len(polygons) else np.zeros(2)
    shapes = _as_arrays(polygons, origin, nudge_m)
    bits = _bits(len(polygons), first, member)
    pairs = _pairs(np.argsort(shapes.box[:, 0]), shapes.box, bits)
    crossings = _ordered(shapes, *_all_crossings(shapes, *pairs))
    xy, ring_end, ring_set, sure = _borders(shapes, crossings, first, member)
    unions = _polygons(xy.reshape(-1, 2) + origin, ring_end, ring_set, len(first) - 1)
    empty = np.diff(first) == 0
    unions[empty] = shapely.Polygon()
    unions[~sure | ~(shapely.is_valid(unions))] = None
    return unions


def _as_arrays(polygons: NDArray[np.object_], origin: Numbers, nudge_m: Numbers) -> Shapes:
    rings = shapely.get_rings(shapely.orient_polygons(polygons))
    of = np.repeat(np.arange(len(polygons)), shapely.get_num_interior_rings(polygons) + 1)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    ring_first = np.searchsorted(ring, np.arange(len(rings) + 1))
    is_end = np.zeros(len(xy), dtype=bool)
    is_end[ring_first[1:] - 1] = True
    shape_ring = np.searchsorted(of, np.arange(len(polygons) + 1))
    # differences to a whole number are exact, and small numbers cross more exactly
    box = shapely.bounds(polygons) - np.tile(origin, 2) + np.tile(nudge_m, 2)
    return Shapes(xy - origin + nudge_m[of[ring]], is_end, ring_first, shape_ring, box)


def _bits(count: int, first: Integers, member: Integers) -> NDArray[np.uint64]:
    """(n, words) in which sets each polygon is, a bit for each."""
    word, bit = np.divmod(np.repeat(np.arange(len(first) - 1), np.diff(first)), 64)
    bits = np.zeros((count, max((len(first) + 62) // 64, 1)), dtype=np.uint64)
    np.bitwise_or.at(bits, (member, word), np.uint64(1) << bit.astype(np.uint64))
    return bits


@njit
def _longer(values: Any, least: int) -> Any:  # noqa: ANN401  (of integers, numbers or flags)
    longer = np.empty(max(2 * len(values), least), values.dtype)
    for row in range(len(values)):
        longer[row] = values[row]
    return longer


@njit
def _pairs(order: Integers, box: Numbers, bits: NDArray[np.uint64]) -> tuple[Integers, Integers]:
    """Pairs of polygons of a common set whose boxes meet, the lower rows first.

    `order` is that of the boxes' left sides.
    """
    lower, upper, count = np.empty(1024, np.int64), np.empty(1024, np.int64), 0
    for at in range(len(order)):
        one = order[at]
        for later in range(at + 1, len(order)):
            other = order[later]
            if box[other, 0] > box[one, 2]:
                break
            if box[other, 1] > box[one, 3] or box[other, 3] < box[one, 1]:
                continue
            common = False
            for word in range(bits.shape[1]):
                common |= (bits[one, word] & bits[other, word]) != 0
            if not common:
                continue
            if count == len(lower):
                lower, upper = _longer(lower, 0), _longer(upper, 0)
            lower[count], upper[count] = min(one, other), max(one, other)
            count += 1
    return lower[:count], upper[:count]


@njit
def _side(xy: Numbers, segment: int, vertex: int) -> float:
    """Above 0 where a vertex lies to the left of a segment."""
    x, y = xy[segment, 0], xy[segment, 1]
    along_x, along_y = xy[segment + 1, 0] - x, xy[segment + 1, 1] - y
    return float(along_x * (xy[vertex, 1] - y) - along_y * (xy[vertex, 0] - x))


@njit
def _near_segments(shapes: Shapes, shape: int, other: int, found: Integers) -> int:
    """The segments of a polygon whose own box meets that of another polygon."""
    xy, box, count = shapes.xy, shapes.box, 0
    left, below, right, above = box[other, 0], box[other, 1], box[other, 2], box[other, 3]
    begin, end = shapes.shape_ring[shape], shapes.shape_ring[shape + 1]
    for k in range(shapes.ring_first[begin], shapes.ring_first[end]):
        if shapes.is_end[k]:
            continue
        x, y, to_x, to_y = xy[k, 0], xy[k, 1], xy[k + 1, 0], xy[k + 1, 1]
        if min(x, to_x) > right or max(x, to_x) < left:
            continue
        if min(y, to_y) > above or max(y, to_y) < below:
            continue
        found[count] = k
        count += 1
    return count


@njit
def _cross(
    xy: Numbers,
    one: Integers,
    other: Integers,
    crossed: Found,
    count: int,
) -> int:
    """Crossings of segments of a polygon with those of a later one, added to what was found.

    What only touches is decided as if the later polygon were a little wider.
    """
    segment, along, enters = crossed
    for i in one:
        for j in other:
            from_side, to_side = _side(xy, j, i), _side(xy, j, i + 1)
            if (from_side >= 0) == (to_side >= 0):
                continue
            start, end = _side(xy, i, j), _side(xy, i, j + 1)
            if (start > 0) == (end > 0):
                continue
            segment[count], segment[count + 1] = i, j
            along[count] = from_side / (from_side - to_side)
            along[count + 1] = start / (start - end)
            enters[count], enters[count + 1] = to_side >= 0, to_side < 0
            count += 2
    return count


@njit
def _holds(shapes: Shapes, shape: int, vertex: int, touching: bool) -> bool:  # noqa: FBT001
    """Whether a polygon holds a vertex of another; `touching` is said of its border."""
    x, y, box = shapes.xy[vertex, 0], shapes.xy[vertex, 1], shapes.box
    if x < box[shape, 0] or x > box[shape, 2] or y < box[shape, 1] or y > box[shape, 3]:
        return False
    held = False
    begin, end = shapes.shape_ring[shape], shapes.shape_ring[shape + 1]
    for k in range(shapes.ring_first[begin], shapes.ring_first[end]):
        if shapes.is_end[k]:
            continue
        from_x, from_y = shapes.xy[k, 0], shapes.xy[k, 1]
        to_x, to_y = shapes.xy[k + 1, 0], shapes.xy[k + 1, 1]
        if max(from_y, to_y) < y or min(from_y, to_y) > y:
            continue
        side = _side(shapes.xy, k, vertex)
        if side == 0 and min(from_x, to_x) <= x <= max(from_x, to_x):
            return touching
        if (from_y > y) != (to_y > y) and (side > 0) == (to_y > from_y):
            held = not held
    return held


@njit
def _begins_within(
    shapes: Shapes,
    ring: int,
    shape: int,
    crossed: Found,
    rows: range,
    touching: bool,  # noqa: FBT001
) -> bool:
    """Whether a ring begins within a polygon: its first crossing with it leads out."""
    segment, along, enters = crossed
    begin, end = shapes.ring_first[ring], shapes.ring_first[ring + 1]
    first = -1
    for row in rows:
        if begin <= segment[row] < end and (
            first < 0
            or segment[row] < segment[first]
            or (segment[row] == segment[first] and along[row] < along[first])
        ):
            first = row
    if first < 0:
        return _holds(shapes, shape, begin, touching)
    return not enters[first]


@njit
def _all_crossings(
    shapes: Shapes, lower: Integers, upper: Integers
) -> tuple[Integers, Numbers, Flags, Integers, Integers, Integers]:
    """Crossings of all pairs as they are found, and the rings that begin within polygons."""
    segment, along = np.empty(4096, np.int64), np.empty(4096)
    enters, partner = np.empty(4096, np.bool_), np.empty(4096, np.int64)
    ring_within, within = np.empty(4096, np.int64), np.empty(4096, np.int64)
    count = held = 0
    near, far = np.empty(len(shapes.xy), np.int64), np.empty(len(shapes.xy), np.int64)
    for pair in range(len(lower)):
        one, other = lower[pair], upper[pair]
        ours = near[: _near_segments(shapes, one, other, near)]
        theirs = far[: _near_segments(shapes, other, one, far)]
        least = count + 2 * len(ours) * len(theirs)
        if least > len(segment):
            segment, along = _longer(segment, least), _longer(along, least)
            enters, partner = _longer(enters, least), _longer(partner, least)
        begin, crossed = count, (segment, along, enters)
        count = _cross(shapes.xy, ours, theirs, crossed, count)
        for row in range(begin, count, 2):
            partner[row], partner[row + 1] = other, one
        for turn in range(2):
            here, there = (one, other) if turn == 0 else (other, one)
            for ring in range(shapes.shape_ring[here], shapes.shape_ring[here + 1]):
                rows = range(begin + turn, count, 2)
                if not _begins_within(shapes, ring, there, crossed, rows, turn == 0):
                    continue
                if held == len(within):
                    ring_within, within = _longer(ring_within, 0), _longer(within, 0)
                ring_within[held], within[held] = ring, there
                held += 1
    pairs = ring_within[:held], within[:held]
    return segment[:count], along[:count], enters[:count], partner[:count], pairs[0], pairs[1]


def _ordered(
    shapes: Shapes,
    segment: Integers,
    along: Numbers,
    enters: Flags,
    other: Integers,
    ring_within: Integers,
    within: Integers,
) -> Crossings:
    """Crossings in their order along the borders."""
    first = _starts(segment, len(shapes.xy))
    order = _along_segments(first, segment, along, enters, other)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Crossings(
        first,
        segment[order],
        along[order],
        enters[order],
        other[order],
        place[order ^ 1],
        _starts(ring_within, len(shapes.ring_first) - 1),
        within[np.argsort(ring_within, kind="stable")],
    )


def _starts(row: Integers, count: int) -> Integers:
    """Where the entries of each row begin, once they stand by row."""
    return np.append(0, np.cumsum(np.bincount(row, minlength=count)))


@njit
def _along_segments(
    first: Integers, segment: Integers, along: Numbers, enters: Flags, other: Integers
) -> Integers:
    """Rows of crossings by their segments and places on them."""
    order, filled = np.empty(len(segment), np.int64), first.copy()
    for row in range(len(segment)):
        k = segment[row]
        at = filled[k]
        while at > first[k] and _precedes(row, order[at - 1], along, enters, other):
            order[at] = order[at - 1]
            at -= 1
        order[at] = row
        filled[k] += 1
    return order


@njit
def _precedes(one: int, before: int, along: Numbers, enters: Flags, other: Integers) -> bool:
    """Whether a crossing comes before another of its segment.

    Where both are one point: ways in before ways out, and the later polygon is the wider one.
    """
    if along[one] != along[before]:
        return bool(along[one] < along[before])
    if enters[one] != enters[before]:
        return bool(enters[one])
    return bool((other[one] > other[before]) == enters[one] and other[one] != other[before])


@njit
def _borders(
    shapes: Shapes, crossings: Crossings, first: Integers, member: Integers
) -> tuple[Numbers, Integers, Integers, Flags]:
    """The rings of each set's union, and of which sets they are sure."""
    active = np.zeros(len(shapes.box), np.bool_)
    piece_at = np.full(len(crossings.twin) + 1, -1, np.int64)
    xy, count = np.empty(8192), 0
    ring_end, ring_set, rings = np.empty(256, np.int64), np.empty(256, np.int64), 0
    sure = np.ones(len(first) - 1, np.bool_)
    for number in range(len(first) - 1):
        members = member[first[number] : first[number + 1]]
        pieces = _set_pieces(shapes, crossings, members, active)
        begun, ended, of, sure[number] = pieces
        if not sure[number]:
            continue
        least = count + len(of)
        for ring in of:
            least += shapes.ring_first[ring + 1] - shapes.ring_first[ring] + 1
        if 2 * least > len(xy):
            xy = _longer(xy, 2 * least)
        if rings + len(of) > len(ring_end):
            ring_end = _longer(ring_end, rings + len(of))
            ring_set = _longer(ring_set, rings + len(of))
        found = _link(shapes, crossings, (begun, ended, of), piece_at, (xy, ring_end, count, rings))
        sure[number] = found[1] >= 0
        if sure[number]:
            for row in range(rings, found[1]):
                ring_set[row] = number
            count, rings = found
    return xy[: 2 * count], ring_end[:rings], ring_set[:rings], sure


@njit
def _set_pieces(
    shapes: Shapes, crossings: Crossings, members: Integers, active: Flags
) -> tuple[Integers, Integers, Integers, bool]:
    """The open pieces of all members' borders.

    The crossings at which they begin and end (-1, -1 where the ring is open throughout), their
    rings, and whether all rings end as deep inside as they begin.
    """
    begun, ended, of = np.empty(256, np.int64), np.empty(256, np.int64), np.empty(256, np.int64)
    count, even = 0, True
    for shape in members:
        active[shape] = True
    for shape in members:
        for ring in range(shapes.shape_ring[shape], shapes.shape_ring[shape + 1]):
            begin, end = shapes.ring_first[ring], shapes.ring_first[ring + 1]
            least = count + crossings.first[end] - crossings.first[begin] + 1
            if least > len(of):
                begun, ended, of = _longer(begun, least), _longer(ended, least), _longer(of, least)
            before = count
            count, same = _open_pieces(shapes, crossings, ring, active, (begun, ended, count))
            even &= same
            for row in range(before, count):
                of[row] = ring
    for shape in members:
        active[shape] = False
    return begun[:count], ended[:count], of[:count], even


@njit
def _open_pieces(
    shapes: Shapes,
    crossings: Crossings,
    ring: int,
    active: Flags,
    pieces: tuple[Integers, Integers, int],
) -> tuple[int, bool]:
    """The pieces of a ring that lie in no active polygon, written after those found before."""
    begun, ended, count = pieces
    depth, since, until = 0, -1, -1
    for row in range(crossings.within_first[ring], crossings.within_first[ring + 1]):
        depth += active[crossings.within[row]]
    at_start = depth
    begin, end = shapes.ring_first[ring], shapes.ring_first[ring + 1]
    for row in range(crossings.first[begin], crossings.first[end]):
        if not active[crossings.other[row]]:
            continue
        if not crossings.enters[row]:
            depth -= 1
            if depth == 0:
                since = row
            continue
        if depth == 0 and since >= 0:
            begun[count], ended[count] = since, row
            count += 1
        elif depth == 0:
            until = row
        depth += 1
    if at_start == 0:
        begun[count], ended[count] = since, until
        count += 1
    return count, depth == at_start


@njit
def _link(
    shapes: Shapes,
    crossings: Crossings,
    pieces: tuple[Integers, Integers, Integers],
    piece_at: Integers,
    drawn: tuple[Numbers, Integers, int, int],
) -> tuple[int, int]:
    """Pieces joined to rings, written after those drawn before; how many vertices and rings then.

    -1 rings where a piece ends at a crossing at which none begins. `piece_at` is -1 throughout,
    before and after; its last place is that of the rings that begin at no crossing.
    """
    begun, ended, of = pieces
    xy, ring_end, count, rings = drawn
    used = np.zeros(len(of), np.bool_)
    for row in range(len(of)):
        piece_at[begun[row]] = row
    for first in range(len(of)):
        if used[first] or rings < 0:
            continue
        row, start = first, count
        while row >= 0 and not used[row]:
            used[row] = True
            piece = of[row], begun[row], ended[row]
            count = _draw(shapes, crossings, piece, xy, (start, count))
            if ended[row] >= 0:
                row = piece_at[crossings.twin[ended[row]]]
        if row != first:
            rings = -1
            continue
        count = _closed(xy, start, count)
        if count > start:
            ring_end[rings] = count
            rings += 1
    for row in range(len(of)):
        piece_at[begun[row]] = -1
    return count, rings


@njit
def _draw(
    shapes: Shapes,
    crossings: Crossings,
    piece: tuple[int, int, int],
    xy: Numbers,
    bounds: tuple[int, int],
) -> int:
    """A piece of a ring written from its first crossing up to its last, which is left out."""
    ring, since, until = piece
    start, count = bounds
    begin, end = shapes.ring_first[ring], shapes.ring_first[ring + 1] - 1
    if since < 0:
        for k in range(begin, end):
            count = _put(xy, start, count, shapes.xy[k, 0], shapes.xy[k, 1])
        return count
    k, last, share = crossings.segment[since], crossings.segment[until], crossings.along[since]
    x = shapes.xy[k, 0] + share * (shapes.xy[k + 1, 0] - shapes.xy[k, 0])
    y = shapes.xy[k, 1] + share * (shapes.xy[k + 1, 1] - shapes.xy[k, 1])
    count = _put(xy, start, count, x, y)
    steps = last - k if until > since else last - k + end - begin
    for step in range(1, steps + 1):
        at = k + step if k + step < end else k + step - (end - begin)
        count = _put(xy, start, count, shapes.xy[at, 0], shapes.xy[at, 1])
    return count


@njit
def _put(xy: Numbers, start: int, count: int, x: float, y: float) -> int:
    """A vertex written, unless it repeats the one before."""
    if count > start and _same(xy, count - 1, x, y):
        return count
    xy[2 * count], xy[2 * count + 1] = x, y
    return count + 1


@njit
def _same(xy: Numbers, row: int, x: float, y: float) -> bool:
    return bool(abs(xy[2 * row] - x) < SAME_POINT_M and abs(xy[2 * row + 1] - y) < SAME_POINT_M)


@njit
def _closed(xy: Numbers, start: int, count: int) -> int:
    """A ring closed; taken back where it is none."""
    x, y = xy[2 * start], xy[2 * start + 1]
    while count - start > 1 and _same(xy, count - 1, x, y):
        count -= 1
    if count - start < 3:  # noqa: PLR2004  (fewer are no ring)
        return start
    xy[2 * count], xy[2 * count + 1] = x, y
    return count + 1


def _polygons(
    xy: Numbers, ring_end: Integers, ring_set: Integers, set_count: int
) -> NDArray[np.object_]:
    """(sets,) rings as polygons; None where a hole lies in no shell."""
    ring = np.repeat(np.arange(len(ring_set)), np.diff(ring_end, prepend=0))
    rings = np.asarray(shapely.linearrings(xy, indices=ring), dtype=object)
    is_shell = shapely.is_ccw(rings)
    unions = np.full(set_count, None, dtype=object)
    bounds = np.searchsorted(ring_set, np.arange(set_count + 1))
    for number in np.unique(ring_set):
        mine = slice(bounds[number], bounds[number + 1])
        unions[number] = _polygon(rings[mine][is_shell[mine]], rings[mine][~is_shell[mine]])
    return unions


def _polygon(shells: NDArray[np.object_], holes: NDArray[np.object_]) -> shapely.Geometry | None:
    if len(shells) == 1:
        return _with_holes(shells, holes)
    solid = np.asarray(shapely.polygons(shells), dtype=object)
    order = np.argsort(shapely.area(solid))
    hole, shell = shapely.STRtree(solid[order]).query(holes, predicate="covered_by")
    # of shells within one another a hole is in the smallest
    innermost = np.full(len(holes), len(shells))
    np.minimum.at(innermost, hole, shell)
    if (innermost == len(shells)).any():
        return None
    parts = [_with_holes(shells[[at]], holes[innermost == row]) for row, at in enumerate(order)]
    return shapely.MultiPolygon(parts)


def _with_holes(shell: NDArray[np.object_], holes: NDArray[np.object_]) -> shapely.Polygon:
    rings = np.concatenate([shell, holes])
    polygons = np.asarray(shapely.polygons(rings, indices=np.zeros(len(rings), dtype=int)))
    return cast(shapely.Polygon, polygons[0])
