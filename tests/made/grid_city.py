"""Seeded small cities on a grid of streets, with walks by Dijkstra's algorithm in plain Python.

Streets run each 100 m over 1,000 × 1,000 m; beyond a gap of 250 m lies an island, a ring of streets
with one home. Coordinates are whole metres for even seeds, so that many choices are equally good
and some walks are as long as a threshold; for odd seeds they have centimetres.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import defaultdict
from dataclasses import dataclass, field
from math import hypot, inf

import geopandas as gpd
import shapely
from city_text import HEAD, SCHOOLS_AND_PLOTS, STREETS_AND_PEOPLE
from shapely import affinity

CRS = "EPSG:25834"
X, Y = 357_000, 4_700_000
SIDE, STEP = 1000, 100
SNAP_M = 200.0
ISLAND = {
    "i1": ((1250, 300), (1250, 600)), "i2": ((1550, 300), (1550, 600)),
    "i3": ((1250, 300), (1550, 300)), "i4": ((1250, 600), (1550, 600)),
}  # fmt: skip
HOODS = {
    "H2": (-30, -30, 500, 500), "H10": (500, -30, 1600, 500),
    "H1": (-30, 500, 500, 1030), "H9": (500, 500, 1600, 1030),
}  # fmt: skip
BRIDGE = ((1000, 300), (1250, 300))


@dataclass
class Grid:
    """A city: places in metres from its south-west corner."""

    seed: int
    homes: list[tuple[float, float]]
    people: list[int]
    facilities: dict[str, tuple[float, float]]
    sites: dict[str, tuple[float, float]]
    prices: dict[str, int]
    places: dict[str, int]
    streets: dict[str, tuple] = field(default_factory=dict)

    @property
    def hoods(self):
        """Key of the neighbourhood of each home; on a border the lowest."""
        return [
            min(k for k, (w, s, e, n) in HOODS.items() if w <= x <= e and s <= y <= n)
            for x, y in self.homes
        ]


def made(seed: int, homes: int = 13) -> Grid:
    """The city of a seed."""
    draw = random.Random(seed)  # noqa: S311  (a made-up city)
    whole = seed % 2 == 0

    def place():
        along = draw.randrange(0, 1000, 10) + 4 if whole else round(draw.uniform(1, 999), 2)
        off = draw.choice([0, 0, 7, -12]) if whole else round(draw.uniform(-19, 19), 2)
        across = draw.randrange(0, SIDE + 1, STEP) + off
        return (along, across) if draw.random() < 0.5 else (across, along)

    at = [place() for _ in range(homes - 1)] + [(1400.0, 310.0)]
    sites = {key: place() for key in ("P9", "P10", "P2", "P3", "P4", "P5")}
    sites |= {"P11": sites["P9"], "ISL": (1550.0, 455.0), "FAR": (700.0, 1500.0)}
    facilities = {"S1": place(), "S2": place()}
    streets = dict(ISLAND)
    for number in range(0, SIDE + 1, STEP):
        streets[f"v{number}"] = ((number, 0), (number, SIDE))
        streets[f"h{number}"] = ((0, number), (SIDE, number))
    return Grid(
        seed, at, [draw.randint(0, 30) for _ in at], facilities, sites,
        {key: draw.randint(1, 9) for key in sites},
        {key: draw.randint(10, 60) for key in [*sites, *facilities]},
        streets,
    )  # fmt: skip


# Walks --------------------------------------------------------------------------------------------


class Walks:
    """Metres along axis-parallel streets; each place is joined to the nearest point of a street."""

    def __init__(self, streets):
        cuts = {key: {a, b} for key, (a, b) in streets.items()}
        for one, (a, b) in streets.items():
            for other, (c, d) in streets.items():
                if a[0] == b[0] and c[1] == d[1]:  # upright and level
                    x, y = a[0], c[1]
                    if min(a[1], b[1]) <= y <= max(a[1], b[1]) and min(c[0], d[0]) <= x <= max(
                        c[0], d[0]
                    ):
                        cuts[one].add((x, y))
                        cuts[other].add((x, y))
        self.edges = []
        self.near = defaultdict(list)
        for points in cuts.values():
            ordered = sorted(points)
            for a, b in itertools.pairwise(ordered):
                self.edges.append((a, b))
                metres = hypot(a[0] - b[0], a[1] - b[1])
                self.near[a].append((b, metres))
                self.near[b].append((a, metres))
        self._from = {}

    def join(self, place):
        """Metres to the nearest street, the point on it, and its piece."""
        best = (inf, None, None)
        for a, b in self.edges:
            x = min(max(place[0], min(a[0], b[0])), max(a[0], b[0]))
            y = min(max(place[1], min(a[1], b[1])), max(a[1], b[1]))
            off = hypot(place[0] - x, place[1] - y)
            if off < best[0]:
                best = off, (x, y), (a, b)
        return best if best[0] <= SNAP_M else (inf, None, None)

    def metres(self, one, other):
        """Between two places; infinite where there is no way."""
        off, p, edge = self.join(one)
        more, q, edge2 = self.join(other)
        if p is None or q is None:
            return inf
        ways = [abs(p[0] - q[0]) + abs(p[1] - q[1])] if edge == edge2 else []
        for a in edge:
            known = self.all_from(a)
            ways += [
                abs(p[0] - a[0]) + abs(p[1] - a[1]) + known.get(b, inf)
                + abs(q[0] - b[0]) + abs(q[1] - b[1])
                for b in edge2
            ]  # fmt: skip
        return off + min(ways) + more

    def all_from(self, start):
        """Metres from a junction to every other."""
        if start not in self._from:
            found, heap = {}, [(0.0, start)]
            while heap:
                metres, at = heapq.heappop(heap)
                if at not in found:
                    found[at] = metres
                    for b, more in self.near[at]:
                        heapq.heappush(heap, (metres + more, b))
            self._from[start] = found
        return self._from[start]


# Files --------------------------------------------------------------------------------------------


def save(folder, name, geometry, columns):
    """A layer in the city's CRS; places are metres from the corner."""
    moved = [None if one is None else affinity.translate(one, X, Y) for one in geometry]
    frame = gpd.GeoDataFrame(columns, geometry=moved, crs=CRS)
    frame.to_file(folder / f"{name}.gpkg", driver="GPKG")


def write(folder, city: Grid, text: str):
    """The city as files, its city file ending in a text. Returns the city file."""
    boxes = [shapely.box(*box) for box in HOODS.values()]
    save(folder, "hoods", boxes, {"id": list(HOODS)})
    lines = [shapely.LineString(line) for line in city.streets.values()]
    save(folder, "streets", lines, {"id": list(city.streets)})
    save(folder, "people", map(shapely.Point, city.homes), {"people": city.people})
    for name, places in (("schools", city.facilities), ("plots", city.sites)):
        columns = {"id": list(places), "places": [city.places[key] for key in places]}
        if name == "plots":
            columns["price"] = list(city.prices.values())
        save(folder, name, map(shapely.Point, places.values()), columns)
    file = folder / "city.toml"
    file.write_text(CITY + text, encoding="utf-8")
    return file


CITY = f"""
id = "grid"
name = "Grid"
{HEAD}{STREETS_AND_PEOPLE}{SCHOOLS_AND_PLOTS}
[residents]
from = ["population"]

[publish]
disclosure = "internal"
suppress_below = 0
formats = []
"""
