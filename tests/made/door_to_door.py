"""Door to door times by public transport, percentiles of a window of departures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.model.network_query import MAX_SNAP_M
from urbanlayer.network.snapping import attach_points
from urbanlayer.network.trips import EXACT_MIN, TRANSFERS, Trips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.timetable import Timetable
    from urbanlayer.network.destinations import Destinations
    from urbanlayer.network.routable import RoutableNetwork
    from urbanlayer.network.trips import TransferParameters

WINDOW_S = (7 * 3600.0, 9 * 3600.0)
"""Departures from home, each minute: the morning peak."""


@dataclass(frozen=True, slots=True, eq=False)
class TransitTimes:
    """Door to door times from resident places to targets.

    Attributes
    ----------
    percentiles
        Of the minutes of the window: 0 is the best, 50 the median.
    minutes
        (percentiles, places, targets) +inf where a target is not reached.
    """

    percentiles: tuple[float, ...]
    minutes: NDArray[np.float32]

    def reached(
        self, limit_min: float, amount: NDArray[np.float64] | None = None, *, percentile: float = 50
    ) -> NDArray[np.float64]:
        """(places,) how many targets, or how much of what they offer, is reached in time."""
        within = self.minutes[self.percentiles.index(percentile)] <= limit_min + EXACT_MIN
        each = np.ones(within.shape[1]) if amount is None else amount
        return np.asarray(within @ each)


def transit_times(
    walk: RoutableNetwork,
    xy: NDArray[np.float64],
    to: Destinations,
    timetable: Timetable,
    *,
    window_s: tuple[float, float] = WINDOW_S,
    percentiles: Sequence[float] = (0, 50, 85),
    transfers: TransferParameters = TRANSFERS,
) -> TransitTimes:
    """Times by public transport and on foot, over every minute of a window of departures.

    Who is there sooner on foot walks all the way.

    Parameters
    ----------
    walk
        The streets of walkers, and the resident places on them.
    xy
        (n, 2) the resident places.
    to
        What they go to.
    timetable
        Of one service day.
    window_s
        First and last departure from home, in seconds past midnight.
    percentiles
        Which to give: 0 for the best minute, 50 for the median.
    transfers
        How far people walk, and what a change takes.

    Returns
    -------
    TransitTimes
        A percentile is the lowest time that so many of the minutes do not exceed.
    """
    leave_s = np.arange(window_s[0], window_s[1] + 1, 60.0)
    share = np.array(percentiles) / 100
    rank = np.ceil(share * len(leave_s)).clip(1).astype(np.int64) - 1
    minutes = np.full((len(rank), len(xy), len(to.geometry)), np.inf, dtype=np.float32)

    def _keep(origins: range, target: int, every: NDArray[np.float32]) -> None:
        ranked = np.sort(every, axis=1)[:, rank]
        minutes[:, origins.start : origins.stop, target] = ranked.T

    stops = attach_points(timetable.stop_xy, walk.edges, limit_m=MAX_SNAP_M)
    Trips(walk, xy, timetable, stops).each(to, leave_s, _keep, transfers=transfers)
    return TransitTimes(tuple(percentiles), minutes)
