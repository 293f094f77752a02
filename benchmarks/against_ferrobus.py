"""Travel times by timetable beside those of ferrobus: how far apart they are, and why.

    uv run --with ferrobus --with numba python benchmarks/against_ferrobus.py [--homes 300]

ferrobus (0.2.1) answers another question than ours. It puts places and stops onto the nearest node
of the streets; it boards at the one stop nearest to home, or walks on from there to others; it
walks at 1.4 m/s, each street rounded down to whole seconds; it walks all the way farther than its
limit where stops lie on the way; and changes take no time. So both are given the same streets,
with a node for each place and stop, and ours its conventions; then these are taken back one after
another. The feed is tried with a route for each order of stops too, since routers of this kind
group trips by route; it made no difference.
"""

from __future__ import annotations

import argparse
import tempfile
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
from access import CRS, DAY, FEED, PBF, guaguas, las_palmas
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from urbanlayer.kernels.pairs import Pairs
from urbanlayer.network.connection_scan import arrivals, connect
from urbanlayer.network.departure_profiles import departure_profiles
from urbanlayer.network.snapping import attach_points

SPEED_M_PER_S = 1.4
CHANGE_S, WALK_S = 360, 750
EARTH_M = 6371008.8
ALMOST_NOTHING_S = 1e-6
CHANGES = 8


@dataclass
class World:
    """One graph for both: its nodes, its ways, and which node each stop, home and school is."""

    lonlat: np.ndarray
    ways: list[np.ndarray]
    stop: np.ndarray
    home: np.ndarray
    school: np.ndarray


def world(streets, edges, stops, homes, schools):
    """The joined streets, cut where places and stops meet them, and a way to each of those."""
    things = np.concatenate([stops, homes, schools])
    things = things + np.arange(len(things))[:, None] * 1e-4  # no two at one spot
    joined = streets.component[streets.edge_nodes[:, 0]] == 0
    tree = shapely.STRtree(edges.lines[joined])
    edge = np.flatnonzero(joined)[tree.nearest(shapely.points(things))]
    along = shapely.line_locate_point(edges.lines[edge], shapely.points(things))
    xy = [streets.node_xy]
    count = len(streets.node_xy) + 2 * len(things)
    foot = len(streets.node_xy) + np.arange(len(things))
    own = foot + len(things)
    xy += [
        shapely.get_coordinates(shapely.line_interpolate_point(edges.lines[edge], along)),
        things,
    ]
    xy = np.concatenate(xy)
    ways, at = [], {}
    for number in np.argsort(along, kind="stable"):
        at.setdefault(int(edge[number]), []).append(number)
    for row in np.flatnonzero(joined):
        one, other = streets.edge_nodes[row]
        cuts = at.get(int(row), [])
        stations = [(0.0, one), *((along[n], foot[n]) for n in cuts), (np.inf, other)]
        for (begin, first), (end, last) in pairwise(stations):
            line = shapely.ops.substring(edges.lines[row], begin, min(end, edges.lines[row].length))
            inner = shapely.get_coordinates(line)[1:-1]
            ways.append((int(first), int(last), inner))
    ways += [(int(a), int(b), np.empty((0, 2))) for a, b in zip(foot, own, strict=True)]
    to_lonlat = gpd.GeoSeries.from_xy
    every = np.concatenate([xy, *(inner for *_, inner in ways)])
    points = to_lonlat(every[:, 0], every[:, 1], crs=CRS).to_crs("EPSG:4326")
    lonlat = np.column_stack([points.x, points.y]).round(7)
    chains, following = {}, count
    for first, last, inner in ways:
        nodes = np.array([first, *range(following, following + len(inner)), last])
        following += len(inner)
        length = metres(lonlat[nodes])
        key = (min(first, last), max(first, last))
        if first != last and (key not in chains or length < chains[key][0]):
            chains[key] = (length, nodes)  # ferrobus may take either of two parallel ways
    parts = np.split(own, np.cumsum([len(stops), len(homes)]))
    return World(lonlat, [nodes for _, nodes in chains.values()], *parts)


def metres(lonlat):
    """Length of a chain of positions on a sphere."""
    longitude, latitude = np.radians(lonlat).T
    half = np.sin(np.diff(latitude) / 2) ** 2
    half += np.cos(latitude[1:]) * np.cos(latitude[:-1]) * np.sin(np.diff(longitude) / 2) ** 2
    return float((2 * EARTH_M * np.arcsin(np.sqrt(half))).sum())


def write_pbf(made, path):
    import osmium
    from osmium.osm.mutable import Node, Way

    with osmium.SimpleWriter(str(path)) as writer:
        used = np.unique(np.concatenate(made.ways))
        for number in used.tolist():
            writer.add_node(Node(id=number + 1, location=tuple(made.lonlat[number])))
        for number, nodes in enumerate(made.ways):
            tags = {"highway": "footway"}
            writer.add_way(Way(id=number + 1, nodes=(nodes + 1).tolist(), tags=tags))


def write_feed(folder, *, by_pattern):
    """The feed, where asked with a route of its own for each order of stops."""
    folder.mkdir()
    with zipfile.ZipFile(FEED) as file:
        file.extractall(folder)
    (folder / "feed_info.txt").touch()
    if not by_pattern:
        return
    times = pd.read_csv(folder / "stop_times.txt", dtype=str)
    times["stop_sequence"] = times["stop_sequence"].astype(int)
    times = times.sort_values(["trip_id", "stop_sequence"])
    pattern = times.groupby("trip_id")["stop_id"].agg(" ".join)
    trips = pd.read_csv(folder / "trips.txt", dtype=str)
    code = pd.factorize(trips["route_id"] + " " + trips["trip_id"].map(pattern).fillna(""))[0]
    trips["route_id"] = [f"P{number}" for number in code]
    trips.to_csv(folder / "trips.txt", index=False)


class Ours:
    """Our times on the same graph, by conventions that are said."""

    def __init__(self, made, timetable):
        self.made, self.table = made, timetable
        ends = np.array([(nodes[0], nodes[-1]) for nodes in made.ways])
        seconds = np.array([metres(made.lonlat[nodes]) for nodes in made.ways]) / SPEED_M_PER_S
        self.whole = self._graph(ends, np.floor(seconds))
        self.exact = self._graph(ends, seconds)

    @staticmethod
    def _graph(ends, seconds):
        size = int(ends.max()) + 1
        seconds = np.maximum(seconds, ALMOST_NOTHING_S)
        return coo_array((seconds, tuple(ends.T)), shape=(size, size)).tocsr()

    def _between(self, start, end, limit_s, *, whole=True):
        graph = self.whole if whole else self.exact
        found = dijkstra(graph, directed=False, indices=start, limit=limit_s + 0.5)[:, end]
        return np.where(found <= limit_s + 0.01, np.round(found, 3), np.inf)

    def minutes(
        self, leave_s, *, one_stop=True, whole=True, change_s=0.0, second=False, slower_s=0.0,
        change_limit_s=CHANGE_S, walk_limit_s=WALK_S,
    ):  # fmt: skip
        """(homes, schools) for one time of leaving."""
        stop, home, school = self.made.stop, self.made.home, self.made.school
        change = self._between(stop, stop, change_limit_s, whole=whole) + slower_s
        access = self._between(home, stop, WALK_S, whole=whole) + slower_s
        egress = self._between(school, stop, WALK_S, whole=whole).T + slower_s
        direct = self._between(home, school, walk_limit_s, whole=whole)
        np.fill_diagonal(change, 0.0)
        if one_stop:  # and from there on to others; so too from a stop on to the last one
            order = np.argsort(access, axis=1, kind="stable")[:, :2]
            every = np.arange(len(home))
            near = access[every, order[:, 1]] <= access[every, order[:, 0]] + 3
            nearest = np.where(near & second, order[:, 1], order[:, 0])
            access = access[every, nearest][:, None] + change[nearest]
            over_stops = [np.min(row[:, None] + egress, axis=0) for row in access]
            direct = np.minimum(direct, over_stops)  # all on foot, farther than the limit
            egress = np.min([change[:, [s]] + egress[[s]] for s in range(len(stop))], axis=0)
        table = self.table
        rides = connect(
            table.call_trip, table.call_stop, table.arrival_s, table.departure_s,
            stop_count=len(stop), window_s=(leave_s, leave_s + 6 * 3600),
        )  # fmt: skip
        np.fill_diagonal(change, np.inf)
        found = arrivals(rides, sparse(change), egress, change_s=change_s)
        boarded = departure_profiles(found, sparse(access), range(len(home)), np.array([leave_s]))
        ridden = [
            boarded.minutes(column)[:, 0] for column in np.ascontiguousarray(found.arrive_s.T)
        ]
        return np.minimum(np.column_stack(ridden), direct / 60)


def sparse(table):
    place, target = np.nonzero(np.isfinite(table))
    return Pairs(*table.shape, place, target, table[place, target])


class Theirs:
    """The times of ferrobus on the same streets."""

    def __init__(self, made, pbf, feed):
        import ferrobus

        self.peer, self.homes = ferrobus, len(made.home)
        self.model = ferrobus.create_transit_model(str(pbf), [str(feed)], DAY, CHANGE_S)
        limits = {"max_walking_time": WALK_S, "max_nearest_stops": 1000}
        self.points = [
            ferrobus.create_transit_point(latitude, longitude, self.model, **limits)
            for longitude, latitude in made.lonlat[np.concatenate([made.home, made.school])]
        ]

    def minutes(self, leave_s):
        found = self.peer.travel_time_matrix(self.model, self.points, int(leave_s), CHANGES)
        seconds = [
            [np.nan if value is None else value for value in row[self.homes :]]
            for row in found[: self.homes]
        ]
        return np.array(seconds, dtype=float) / 60


def causes(ours, leave_s, same, theirs):
    """What pairs that are more than a minute apart have in common."""
    sooner, later = same - theirs > 1, theirs - same > 1
    chained = ours.minutes(leave_s, change_limit_s=3 * CHANGE_S, walk_limit_s=WALK_S + 5)
    walked_on = sooner & (chained <= theirs + 1)
    second = later & (ours.minutes(leave_s, second=True) >= theirs - 1)
    slower = later & ~second & (ours.minutes(leave_s, slower_s=3.0) >= theirs - 1)
    print(
        f"    ferrobus sooner in {sooner.sum()} pairs, in {walked_on.sum()} by walking on from "
        f"stop to stop beyond the limit; later in {later.sum()}, in {second.sum()} by taking "
        f"another stop that is as near within 3 s, in {slower.sum()} by 3 s more for each walk"
    )


def tell(what, ours, theirs):
    both = np.isfinite(ours) & np.isfinite(theirs)
    apart = (ours - theirs)[both]
    spread = np.percentile(apart, [1, 5, 25, 50, 75, 95, 99]).round(1).tolist()
    alone = (np.isfinite(ours) & ~np.isfinite(theirs)).mean()
    others = (~np.isfinite(ours) & np.isfinite(theirs)).mean()
    print(
        f"  {what:52} {np.mean(np.abs(apart) <= 1):6.1%} {spread}  "
        f"(known to both {both.mean():.1%}, to ours alone {alone:.1%}, to theirs {others:.1%})"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--homes", type=int, default=300)
    options = parser.parse_args()
    if not PBF.exists():
        print(f"{PBF.name} is not there: left out")
        return
    city, walk = las_palmas()
    table = guaguas()
    points = city.layers["school"].frame.representative_point()
    schools = np.column_stack([points.x, points.y])
    near = attach_points(city.residents.xy, walk.edges, limit_m=200.0).connected()
    rng = np.random.default_rng(2)
    rows = rng.choice(np.flatnonzero(near), options.homes, replace=False)
    made = world(city.streets, walk.edges, table.stop_xy, city.residents.xy[rows], schools)
    ours = Ours(made, table)
    print("minutes more than ferrobus: within 1 min, and at 1, 5, 25, 50, 75, 95, 99 % of pairs")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pbf(made, folder / "city.osm.pbf")
        for feed in ("as it is", "a route for each order of stops"):
            write_feed(folder / feed, by_pattern=feed != "as it is")
        pbf = folder / "city.osm.pbf"
        as_it_is = Theirs(made, pbf, folder / "as it is")
        by_pattern = Theirs(made, pbf, folder / "a route for each order of stops")
        for hour in (7.5, 8.0, 8.25):
            leave_s = hour * 3600
            raw, theirs = as_it_is.minutes(leave_s), by_pattern.minutes(leave_s)
            same = ours.minutes(leave_s)
            print(f"leaving at {hour:g} h")
            tell("its conventions, a route for each order of stops", same, theirs)
            causes(ours, leave_s, same, theirs)
            tell("its conventions, the feed as it is", same, raw)
            tell("any stop within the walk", ours.minutes(leave_s, one_stop=False), theirs)
            tell("exact walking times", ours.minutes(leave_s, whole=False), theirs)
            tell("a minute for each change", ours.minutes(leave_s, change_s=60.0), theirs)
            own = ours.minutes(leave_s, one_stop=False, whole=False, change_s=60.0)
            tell("all of these, the feed as it is", own, raw)


if __name__ == "__main__":
    main()
