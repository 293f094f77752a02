"""The parts of a city: whole neighbourhoods each, and the box that their layers are read in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from urbanlayer.errors import CityError
from urbanlayer.kernels.components import component_numbers
from urbanlayer.kernels.zonal import parts_in_zones
from urbanlayer.network.routable import FRAGMENT_M, FRAGMENT_SHARE
from urbanlayer.text.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from urbanlayer.model.city import City
    from urbanlayer.model.layer import Layer
    from urbanlayer.model.streets import StreetNetwork

Box = tuple[float, float, float, float]
"""West, south, east and north, in metres of the city's CRS."""
LONGEST_M = FRAGMENT_M / FRAGMENT_SHARE
"""From this length of the longest connected streets on, what a fragment is depends on nothing else
than its own length."""
GROWTH = 1.5
MOSTLY = 0.99
"""A neighbourhood of which less lies in its part is reported."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some neighbourhoods of a city, which become a city of their own.

    Attributes
    ----------
    id
        Of the part's city file and folder.
    names
        Language code to its name; the empty code holds the one that it always has.
    rows
        Of its neighbourhoods, ascending.
    box
        In which every layer is read.
    margin_m
        From its neighbourhoods to the sides of the box, at least.
    """

    id: str
    names: Mapping[str, str]
    rows: NDArray[np.int64]
    box: Box
    margin_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A city's neighbourhoods, each in one part.

    Attributes
    ----------
    parts
        Those that hold a neighbourhood, by key of their polygon.
    straddling
        Keys of neighbourhoods that lie in several polygons; each belongs to the one that holds
        most of it.
    empty
        Keys of polygons in which most of no neighbourhood lies.
    """

    parts: tuple[Part, ...]
    straddling: tuple[str, ...]
    empty: tuple[str, ...]


def cut(city: City, by: Layer, margin_m: float, *, joined: Iterable[str]) -> Cut:
    """The parts of a city by the polygons of a layer.

    Parameters
    ----------
    city
        The whole.
    by
        Its polygons.
    margin_m
        As `margins.margin_m` gives it.
    joined
        Roles of layers whose adjoining areas count as one.

    Raises
    ------
    CityError
        With the neighbourhoods that lie in no polygon, or two polygons of one id.
    """
    part_of, share = _part_of_each(city, by)
    keys = city.neighbourhoods.keys
    lost = keys[part_of < 0].tolist()
    if lost:
        shown = ", ".join(map(str, lost[:5])) + (" …" if len(lost) > 5 else "")  # noqa: PLR2004
        raise CityError(
            f"layer {by.role!r}: {len(lost)} of {len(keys)} neighbourhoods lie in none of its "
            f"polygons ({shown}); the parts would not add up to the whole"
        )
    reaches = _Reaches.of(city, joined)
    ids = _ids(by)
    parts = tuple(
        _part(city, ids[row], _names(by, row), np.flatnonzero(part_of == row), margin_m, reaches)
        for row in np.unique(part_of).tolist()
    )
    empty = np.setdiff1d(np.arange(len(by)), part_of)
    return Cut(parts, tuple(keys[share < MOSTLY]), tuple(by.frame.index[empty]))


def _part_of_each(city: City, by: Layer) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(k,) row of the polygon that holds most of each neighbourhood, -1 for none, and the share."""
    hoods = np.asarray(city.neighbourhoods.geometry, dtype=object)
    zones = np.asarray(by.frame.geometry, dtype=object)
    zone, hood, piece = parts_in_zones(zones, hoods)
    held = np.zeros((len(hoods), len(zones)))
    inside = zone >= 0
    np.add.at(held, (hood[inside], zone[inside]), shapely.area(piece[inside]))
    most = held.max(axis=1)
    return np.where(most > 0, held.argmax(axis=1), -1), most / city.neighbourhoods.area_m2


def _ids(by: Layer) -> list[str]:
    """An id of each polygon: of its name, or of its key where names are none or come twice."""
    keys = [slug(str(key)) for key in by.frame.index]
    names = [slug(str(name)) for name in by.frame["name"]] if "name" in by.frame else keys
    ids = [
        name if name and names.count(name) == 1 else key
        for name, key in zip(names, keys, strict=True)
    ]
    twice = sorted({one for one in ids if ids.count(one) > 1 or not one})
    if twice:
        raise CityError(
            f"layer {by.role!r}: polygons have no ids of their own ({', '.join(twice) or 'none'}); "
            'give the layer key = "…" or name = "…" in its table'
        )
    return ids


def _names(by: Layer, row: int) -> dict[str, str]:
    """The names of a polygon; its key where it has none."""
    frame, key = by.frame, str(by.frame.index[row])
    own = str(frame["name"].iloc[row]).strip() if "name" in frame else ""
    found = {"": own or key}
    for column in frame.columns:
        if str(column).startswith("name_") and (text := str(frame[column].iloc[row]).strip()):
            found[str(column).removeprefix("name_")] = text
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Reaches:
    """What a box must hold besides what lies within the margin.

    Attributes
    ----------
    areas
        (a, 4) bounds of adjoining areas that count as one.
    streets
        None where the city has none.
    middle_xy
        (m, 2) of each edge of the streets.
    longest_m
        Length of the longest connected streets of the whole.
    """

    areas: NDArray[np.float64]
    streets: StreetNetwork | None
    middle_xy: NDArray[np.float64]
    longest_m: float

    @classmethod
    def of(cls, city: City, joined: Iterable[str]) -> _Reaches:
        """Of a city."""
        layers = [city.layers[role] for role in sorted(set(joined)) if role in city.layers]
        bounds = [_bounds_of_joined(np.asarray(one.frame.geometry, dtype=object)) for one in layers]
        areas = np.vstack([np.empty((0, 4)), *bounds])
        streets = city.streets
        if streets is None:
            return cls(areas, None, np.empty((0, 2)), 0.0)
        ends = streets.node_xy[streets.edge_nodes]
        return cls(areas, streets, ends.mean(axis=1), _longest_m(streets, slice(None)))

    def enough(self, box: Box) -> bool:
        """Whether what is a fragment of the streets in a box is one in the whole, and no more."""
        if self.streets is None:
            return True
        inside = _inside(self.middle_xy, box)
        here_m = _longest_m(self.streets, np.flatnonzero(inside))
        return bool(inside.all()) or here_m >= min(LONGEST_M, self.longest_m)

    def around(self, box: Box) -> Box:
        """The box, and all of the adjoining areas that reach into it."""
        west, south, east, north = box
        w, s, e, n = self.areas.T
        met = self.areas[(w <= east) & (e >= west) & (s <= north) & (n >= south)]
        if not len(met):
            return box
        low, high = met[:, :2].min(axis=0), met[:, 2:].max(axis=0)
        return (
            min(west, float(low[0])), min(south, float(low[1])),
            max(east, float(high[0])), max(north, float(high[1])),
        )  # fmt: skip


def _part(
    city: City,
    part_id: str,
    names: Mapping[str, str],
    rows: NDArray[np.int64],
    margin_m: float,
    reaches: _Reaches,
) -> Part:
    own = np.asarray(city.neighbourhoods.geometry, dtype=object)[rows]
    bounds: NDArray[np.float64] = shapely.total_bounds(own)
    margin = margin_m
    while not reaches.enough(_wider(bounds, margin)):
        margin = max(margin * GROWTH, FRAGMENT_M)
    return Part(part_id, names, rows, reaches.around(_wider(bounds, margin)), margin)


def _wider(bounds: Sequence[float] | NDArray[np.float64], margin_m: float) -> Box:
    west, south, east, north = map(float, bounds)
    return west - margin_m, south - margin_m, east + margin_m, north + margin_m


def _inside(xy: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    inside: NDArray[np.bool_] = (
        (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
    )
    return inside


def _longest_m(streets: StreetNetwork, rows: NDArray[np.int64] | slice) -> float:
    """Length of the longest connected part of some edges, in metres."""
    ends, length_m = streets.edge_nodes[rows], streets.edge_length_m[rows]
    part = component_numbers(len(streets.node_xy), ends, length_m)
    return float(length_m[part[ends[:, 0]] == 0].sum())


def _bounds_of_joined(areas: NDArray[np.object_]) -> NDArray[np.float64]:
    """(c, 4) bounds of each chain of areas that touch one another."""
    if not len(areas):
        return np.empty((0, 4))
    pairs = shapely.STRtree(areas).query(areas, predicate="intersects").T.astype(np.int64)
    chain = component_numbers(len(areas), pairs, np.ones(len(pairs)))
    bounds = shapely.bounds(areas)
    found = np.column_stack(
        [np.full((chain.max() + 1, 2), np.inf), np.full((chain.max() + 1, 2), -np.inf)]
    )
    np.minimum.at(found[:, :2], chain, bounds[:, :2])
    np.maximum.at(found[:, 2:], chain, bounds[:, 2:])
    return found
