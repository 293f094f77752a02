"""The streets as a mode may use them: what is closed, one-way or steep, and for how long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from urbanlayer.kernels.grids import reproject_points
from urbanlayer.model.note import Listing, Note
from urbanlayer.network.barriers import impassable_barriers, tolerance_m
from urbanlayer.network.street_edits import cut_at, exit_links, with_edges
from urbanlayer.text.spelling import nearest_word

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from urbanlayer.model.layer import Layer, Raster
    from urbanlayer.model.streets import StreetNetwork
    from urbanlayer.model.travel_modes import TravelMode

TOBLER_SLOPE, TOBLER_OFFSET = 3.5, 0.05
"""Tobler 1993: v = 6·exp(−3.5·|slope + 0.05|) km/h; here relative to the speed on the level."""


@dataclass(frozen=True, slots=True, eq=False)
class EdgeCosts:
    """A network as one mode may use it.

    Attributes
    ----------
    network
        Its open streets alone; their numbers are new.
    forward, backward
        (m,) minutes from start to end of each edge and back; +inf against a one-way street.
    notes
        What was not known and how it was taken, each a sentence.
    whole
        Its open streets before anything that stands on them cut them.
    of
        (m,) row of the edge of these that each was cut from.
    """

    network: StreetNetwork
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]
    notes: tuple[Note, ...]
    whole: StreetNetwork
    of: NDArray[np.int64]


def edge_costs(
    travel: TravelMode,
    network: StreetNetwork,
    streets: pd.DataFrame | None,
    height_m: NDArray[np.float64] | None = None,
    *,
    barriers: Layer | None = None,
) -> EdgeCosts:
    """The streets as a mode may use them, with the time each takes.

    Parameters
    ----------
    travel
        The mode.
    network
        The city's streets.
    streets
        The layer that they were made from, whose tags show what is closed; None: nothing is.
    height_m
        (n,) heights of the network's nodes, NaN where unknown; for modes that slopes affect.
    barriers
        What stands on the streets; None: nothing does.

    Returns
    -------
    EdgeCosts
        Streets whose height is not known are taken as level, and counted.
    """
    open_edges = np.ones(len(network.edge_length_m), dtype=bool)
    one_way = np.zeros(len(open_edges), dtype=np.int64)
    if streets is not None and network.edge_feature is not None:
        open_edges = _open(travel, streets)[network.edge_feature]
        if travel.one_way:
            one_way = _direction(streets)[network.edge_feature]
    kept = np.flatnonzero(open_edges)
    part = network if open_edges.all() else with_edges(network, kept)
    level = part.edge_length_m / travel.speed_m_per_min
    forward, backward = level, level
    notes = () if streets is None else _missing_tags(travel, streets)
    if travel.hills:
        forward, backward, more = _on_hills(level, part, height_m)
        notes += more
    if one_way.any():
        forward = np.where(one_way[kept] < 0, np.inf, forward)
        backward = np.where(one_way[kept] > 0, np.inf, backward)
    costs = EdgeCosts(part, forward, backward, notes, part, np.arange(len(kept)))
    return costs if barriers is None else _past(travel, costs, barriers)


def _past(travel: TravelMode, costs: EdgeCosts, barriers: Layer) -> EdgeCosts:
    """The same with the streets cut where something stands that cannot be passed.

    Who lives behind a gate that is forbidden to others, and has no other way, leaves by it.
    """
    impassable = impassable_barriers(travel, barriers)
    if not len(impassable.xy):
        return replace(costs, notes=costs.notes + impassable.notes)
    limit_m = tolerance_m(barriers)
    cut, bodily = _cut(costs, impassable.xy[~impassable.by_rule], limit_m)
    before = len(cut.network.node_xy)
    cut, by_rule = _cut(cut, impassable.xy[impassable.by_rule], limit_m)
    network, behind = exit_links(cut.network, before)
    on_street = bodily + by_rule
    notes = [Note.of("barriers", count=on_street, total=len(barriers))]
    if on_street < len(impassable.xy) and not barriers.provenance.shared_nodes:
        count = len(impassable.xy) - on_street
        notes.append(Note.of("barriers-off-streets", count=count, distance_m=limit_m))
    minutes = network.edge_length_m[len(cut.of) :] / travel.speed_m_per_min
    return replace(
        cut,
        network=network,
        forward=np.append(cut.forward, minutes),
        backward=np.append(cut.backward, np.full(len(behind), np.inf)),
        notes=(*costs.notes, *notes, *impassable.notes),
        of=np.append(cut.of, cut.of[behind]),
    )


def _cut(costs: EdgeCosts, xy: NDArray[np.float64], limit_m: float) -> tuple[EdgeCosts, int]:
    """The same with its streets cut at points, and how many of these lie on a street."""
    if not len(xy):
        return costs, 0
    network, of, on_street = cut_at(costs.network, xy, tolerance_m=limit_m)
    share = network.edge_length_m / costs.network.edge_length_m[of]
    forward, backward = costs.forward[of] * share, costs.backward[of] * share
    return replace(
        costs, network=network, forward=forward, backward=backward, of=costs.of[of]
    ), on_street


def _open(travel: TravelMode, streets: pd.DataFrame) -> NDArray[np.bool_]:
    shut, opened = np.zeros(len(streets), dtype=bool), np.zeros(len(streets), dtype=bool)
    for tag, values in travel.closed.items():
        if tag in streets:
            shut |= streets[tag].isin(list(values)).to_numpy(dtype=bool)
    for tag, values in travel.opened.items():
        if tag in streets:
            opened |= streets[tag].isin(list(values)).to_numpy(dtype=bool)
    if travel.steepest is not None and "incline" in streets:
        shut |= _incline(streets["incline"]) > travel.steepest
    return opened | ~shut


def _missing_tags(travel: TravelMode, streets: pd.DataFrame) -> tuple[Note, ...]:
    """Notes on columns that the streets lack, so that nothing is closed by them."""
    used = {*travel.closed} | ({"incline"} if travel.steepest is not None else set())
    silent = sorted(tag for tag in used if tag not in streets or streets[tag].isna().all())
    notes = []
    if silent:
        near = {tag: nearest_word(tag, streets.columns.astype(str)) for tag in silent}
        names = (f"{tag} ({near[tag]}?)" if near[tag] else tag for tag in silent)
        notes.append(Note.of("tags-missing", tags=Listing.of(names)))
    return tuple(notes)


def _incline(texts: pd.Series[str]) -> NDArray[np.float64]:
    """Steepness of tags such as `8%`, `-12 %`, `5°`; 0 where it is not a number (`up`)."""
    known: dict[object, float] = {}
    for text in texts.dropna().unique():
        plain = str(text).replace(",", ".").strip()
        number = plain.rstrip("%° ").lstrip("+-")
        try:
            value = float(number)
        except ValueError:
            continue
        known[text] = float(np.tan(np.radians(value))) if plain.endswith("°") else value / 100
    return texts.map(known).fillna(0.0).to_numpy(dtype=np.float64)


def _direction(streets: pd.DataFrame) -> NDArray[np.int64]:
    """1 where a street may be ridden as it was drawn alone, −1 against that, 0 both ways."""
    if "oneway" not in streets:
        return np.zeros(len(streets), dtype=np.int64)
    one_way = streets["oneway"]
    along, against = one_way.isin(["yes", "1", "true"]), one_way.isin(["-1", "reverse"])
    both = np.zeros(len(streets), dtype=bool)
    if "oneway:bicycle" in streets:
        both = (streets["oneway:bicycle"] == "no").to_numpy(dtype=bool)
    signs = np.where(against, -1, np.where(along, 1, 0))
    return np.where(both, 0, signs).astype(np.int64)


def _on_hills(
    level: NDArray[np.float64], network: StreetNetwork, height_m: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[Note, ...]]:
    """Minutes up and down by Tobler's function, between the ends of each edge.

    Only the ends are sampled, so that a bridge does not follow the valley below it.
    """
    if height_m is None:
        return level, level, (Note.of("no-elevation"),)
    rise_m = height_m[network.edge_nodes[:, 1]] - height_m[network.edge_nodes[:, 0]]
    unknown = ~np.isfinite(rise_m)
    slope = np.where(unknown, 0.0, rise_m) / network.edge_length_m
    notes: tuple[Note, ...] = ()
    if unknown.any():
        share = network.edge_length_m[unknown].sum() / network.edge_length_m.sum()
        count = int(unknown.sum())
        notes = (Note.of("elevation-partial", count=count, share=float(share)),)
    return level / tobler(slope), level / tobler(-slope), notes


def tobler(slope: NDArray[np.float64]) -> NDArray[np.float64]:
    """Walking speed on a slope as a share of that on the level.

    Parameters
    ----------
    slope
        (k,) rise over run, downhill negative.

    Returns
    -------
    ndarray
        (k,) 1 on the level, 1.19 at 5 % down.

    References
    ----------
    Tobler, W. (1993), Three presentations on geographical analysis and modeling.

    Examples
    --------
    >>> tobler(np.array([0.0, 0.1, -0.1, -0.05])).round(3).tolist()
    [1.0, 0.705, 1.0, 1.191]
    """
    return np.asarray(np.exp(-TOBLER_SLOPE * (np.abs(slope + TOBLER_OFFSET) - TOBLER_OFFSET)))


def heights(elevation: Raster, xy: NDArray[np.float64], crs: str) -> NDArray[np.float64]:
    """Heights at points, interpolated between the four cells around each.

    Parameters
    ----------
    elevation
        North up, in a CRS of its own.
    xy, crs
        (n, 2) points, and the CRS that they are in.

    Returns
    -------
    ndarray
        (n,) metres; NaN outside the grid and where one of the four cells has no height.
    """
    grid, xy = elevation.transform, reproject_points(xy, crs, elevation.crs)
    column, row = (xy[:, 0] - grid.c) / grid.a - 0.5, (xy[:, 1] - grid.f) / grid.e - 0.5
    rows, columns = elevation.values.shape
    # within half a cell of the border the outermost cells hold
    inside = (np.abs(column - (columns - 1) / 2) <= columns / 2) & (
        np.abs(row - (rows - 1) / 2) <= rows / 2
    )
    column, row = np.clip(column, 0, columns - 1), np.clip(row, 0, rows - 1)
    left, top = np.floor(column).astype(int), np.floor(row).astype(int)
    right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
    across, down = column - left, row - top
    upper = _between(elevation.values[top, left], elevation.values[top, right], across)
    lower = _between(elevation.values[bottom, left], elevation.values[bottom, right], across)
    return np.where(inside, _between(upper, lower, down), np.nan)


def _between(
    one: NDArray[np.float64], other: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A share of the way from one to the other; at the one itself the other need not be known."""
    return np.where(share == 0, one, one * (1 - share) + other * share)
