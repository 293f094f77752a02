"""How far along its trip each call lies: by which times between known ones are filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.kernels.order_along import locate_in_order
from urbanlayer.model.note import Note

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.sources._feed import Feed

    Lines = dict[str, NDArray[np.float64]]

FAR_M = 300.0
"""A shape that passes a stop farther off than this is of another way."""
_UNITS_M = (1.0, 1000.0, 0.3048, 1609.344)
"""Units that feeds give distances in."""
_SHORTER = 0.8
"""Distances along a way may be this much shorter than the straight line: places are not exact."""
_LONGER = 3.0
"""Distances along a way are at most this much longer, over a whole trip."""
_METRES_PER_DEGREE = 111_195.0


def along_trips(
    feed: Feed,
    trips: pd.DataFrame,
    trip: NDArray[np.int64],
    stop: NDArray[np.int64],
    distance: pd.Series[str],
    lonlat: NDArray[np.float64],
    *,
    wanted: NDArray[np.bool_],
    notes: list[Note],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The position of each call on the way of its trip.

    By `shape_dist_traveled` where it can be distances, else by the place of each stop along the
    shape, none before the one before it, else by straight lines from stop to stop.

    Parameters
    ----------
    feed
        Its `shapes.txt` is read.
    trips
        t trips, with `shape_id`.
    trip, stop, distance
        (c,) of the calls: trip, stop, and `shape_dist_traveled`; calls of a trip follow one
        another.
    lonlat
        (s, 2) of the stops.
    wanted
        (t,) the trips whose positions are needed.
    notes
        What is to be reported is added.

    Returns
    -------
    position
        (c,) not decreasing along a trip; 0 for other trips.
    by_shape
        (c,) whether it is along a shape.
    """
    import numpy as np
    import pandas as pd

    position, by_shape = np.zeros(len(trip)), np.zeros(len(trip), dtype=bool)
    xy = _metres(lonlat, lonlat)
    lines = _shapes(feed, set(trips["shape_id"][wanted]), lonlat, notes) if wanted.any() else {}
    stated_m = pd.to_numeric(distance, errors="coerce").to_numpy(dtype=np.float64)
    shape_of = trips["shape_id"].to_list()
    begin = np.flatnonzero(np.diff(trip, prepend=-1))
    end = np.append(begin[1:], len(trip))
    known: dict[tuple[str, bytes], tuple[NDArray[np.float64], bool]] = {}
    for low, high in zip(begin, end, strict=True):
        if not wanted[trip[low]]:
            continue
        points = np.where(stop[low:high, None] >= 0, xy[stop[low:high]], np.nan)
        if _are_distances(stated_m[low:high], points):
            position[low:high], by_shape[low:high] = stated_m[low:high], True
            continue
        pattern = (shape_of[trip[low]], stop[low:high].tobytes())
        if pattern not in known:
            known[pattern] = _located(points, lines.get(pattern[0]))
        position[low:high], by_shape[low:high] = known[pattern]
    return position, by_shape


def _located(
    points: NDArray[np.float64], line: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], bool]:
    """Positions along a shape, or else from stop to stop; whether along the shape."""
    import numpy as np

    order = np.arange(len(points), dtype=np.float64)
    there = np.isfinite(points).all(axis=1)
    if there.sum() < 2:  # noqa: PLR2004  (no way from one stop)
        return order, False
    placed = points[there]
    along, by_shape = np.cumsum(np.hypot(*np.diff(placed, axis=0, prepend=placed[:1]).T)), False
    if line is not None:
        on_shape, off_m = locate_in_order(line, placed)
        if off_m.max() <= FAR_M:
            along, by_shape = on_shape, True
    return np.interp(order, order[there], along), by_shape


def _are_distances(stated_m: NDArray[np.float64], points: NDArray[np.float64]) -> bool:
    """Whether numbers of the calls of a trip are distances along its way, in whatever unit.

    Numbers from 1 on are none, nor are zeros, or any that are shorter than the straight line.
    """
    import numpy as np

    legs = np.diff(stated_m)
    if not np.isfinite(stated_m).all() or len(legs) == 0 or (legs < 0).any() or not legs.any():
        return False
    straight = np.hypot(*np.diff(points, axis=0).T)
    straight = np.where(np.isfinite(straight), straight, 0.0)
    if np.ptp(legs) == 0 and np.ptp(straight) > (1 - _SHORTER) * straight.mean():
        return False
    total = max(straight.sum(), 1.0)
    return any(
        (legs * unit >= _SHORTER * straight - 50.0).all() and legs.sum() * unit <= _LONGER * total
        for unit in _UNITS_M
    )


def _shapes(feed: Feed, wanted: set[str], lonlat: NDArray[np.float64], notes: list[Note]) -> Lines:
    """The shapes that trips have, as (m, 2) metres."""
    import numpy as np
    import pandas as pd

    columns = ("shape_id", "shape_pt_lon", "shape_pt_lat", "shape_pt_sequence")
    table = feed.table("shapes.txt", columns, needed=False)
    table = table[table["shape_id"].isin(wanted)]
    numbers = table[list(columns[1:])].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    whole = np.isfinite(numbers[:, :2]).all(axis=1)
    if not whole.all():
        notes.append(Note.of("shape-points-blank", count=int((~whole).sum())))
    names, numbers = table["shape_id"].to_numpy()[whole], numbers[whole]
    code, known = pd.factorize(names)
    order = np.lexsort((numbers[:, 2], code))
    points = _metres(numbers[order, :2], lonlat)
    parts = np.split(points, np.flatnonzero(np.diff(code[order])) + 1) if len(points) else []
    return {str(name): part for name, part in zip(known, parts, strict=True) if len(part) > 1}


def _metres(lonlat: NDArray[np.float64], around: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) metres east and north, true to scale near the stops `around`."""
    import numpy as np

    latitude = around[np.isfinite(around).all(axis=1), 1]
    middle = np.radians(np.median(latitude)) if len(latitude) else 0.0
    return np.asarray(lonlat * [_METRES_PER_DEGREE * np.cos(middle), _METRES_PER_DEGREE])
