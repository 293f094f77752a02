"""How people reach what they need: our answers beside those of peers, in one run.

    uv run --with pandana --with osmnx --with access --with ferrobus --with pyrosm --with numba \
        python benchmarks/access.py [WORK …] [--side 1000] [--runs 5]

Works: nearest, pairs, catchments, network, areas, transit. A peer that is not installed is
left out, and it is said; pandana takes over a minute for 90,000 nodes, so give it `--side 300`.
Times are medians of `--runs`; of peers that take longer than a minute one run. Las Palmas is read
from ../shared/data; the million nodes are a grid of unequal streets.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import statistics
import sys
import tempfile
import time
import warnings
import zipfile
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from scipy.spatial import KDTree

from urbanlayer.city.streets import build_streets
from urbanlayer.city.timetable import build_timetable
from urbanlayer.kernels.floating import step_weights, two_step
from urbanlayer.model.city import City
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.neighbourhoods import Neighbourhoods
from urbanlayer.model.network_query import MAX_SNAP_M
from urbanlayer.model.residents import Residents
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.model.travel_modes import MODES
from urbanlayer.network.destinations import Destinations
from urbanlayer.network.graph import Links, build_graph
from urbanlayer.network.isochrones import isochrones
from urbanlayer.network.nearest import search_from
from urbanlayer.network.pairs import pairs_within
from urbanlayer.network.routable import RoutableNetworks, ready
from urbanlayer.network.search import nodes_within
from urbanlayer.network.snapping import attach_points
from urbanlayer.sources import gtfs, osm

# this file has the name of a peer, PySAL's `access`, and would be found in its place
sys.path = [folder for folder in sys.path if Path(folder) != Path(__file__).parent]
sys.path.append(str(Path(__file__).parents[1] / "tests" / "made"))

DATA = Path(__file__).parents[2] / "shared/data/las_palmas"
PBF = DATA / "las_palmas_2023-02-21.osm.pbf"
FEED = DATA / "gtfs_guaguas_20230222.zip"
CRS = "EPSG:32628"
DAY = dt.date(2023, 2, 22)
E2SFCA_WEIGHTS = (1.0, 0.68, 0.22)  # Luo & Qi 2009
LONG_S = 60.0
FAR_M = 10_000  # pandana looks no farther


def timed(runs, work):
    """Median seconds of a piece of work, and what it gave; one run where it is long.

    What lies in memory before is no burden to the collector of garbage: each side pays for what
    it makes itself.
    """
    seconds = []
    gc.collect()
    gc.freeze()
    for _ in range(runs):
        began = time.perf_counter()
        given = work()
        seconds.append(time.perf_counter() - began)
        if seconds[-1] > LONG_S:
            break
    gc.unfreeze()
    return statistics.median(seconds), given


def tell(work, ours_s, peers):
    """One line for us and one for each peer, with the ratio."""
    print(f"\n{work}\n  {'urbanlayer':34} {ours_s:9.3f} s")
    for name, seconds in peers.items():
        if seconds is None:
            print(f"  {name:34} not installed: left out")
        else:
            print(f"  {name:34} {seconds:9.3f} s   {seconds / ours_s:7.1f} ×")
    sys.stdout.flush()


# a million nodes


@dataclass
class Grid:
    xy: np.ndarray
    ends: np.ndarray
    length_m: np.ndarray
    facilities: np.ndarray


@cache
def grid(side):
    """A grid of streets of 50 to 150 m, some of which are missing, and 2,000 facilities."""
    rng = np.random.default_rng(0)
    node = np.arange(side * side).reshape(side, side)
    across = np.column_stack([node[:, :-1].ravel(), node[:, 1:].ravel()])
    down = np.column_stack([node[:-1].ravel(), node[1:].ravel()])
    ends = np.concatenate([across, down])
    ends = ends[rng.random(len(ends)) < 0.9]
    xy = np.column_stack([np.tile(np.arange(side), side), np.repeat(np.arange(side), side)])
    length_m = rng.uniform(50, 150, len(ends))
    facilities = rng.choice(side * side, max(side * side // 500, 1), replace=False)
    return Grid(xy * 100.0, ends.astype(np.int64), length_m, facilities)


def at_nodes(world):
    """The facilities, each at its node."""
    count = len(world.facilities)
    return Links(np.arange(count), world.facilities, np.zeros(count))


def nearest(options):
    world = grid(options.side)

    def ours():
        graph = build_graph(len(world.xy), world.ends, world.length_m)
        began = time.perf_counter()
        cost, _ = search_from(graph, at_nodes(world), len(world.facilities))
        return cost, time.perf_counter() - began

    seconds, (cost, question_s) = timed(options.runs, ours)
    peers = {"networkx": None, "pandana": None}
    if find_spec("networkx"):
        peers["networkx"], found = timed(options.runs, lambda: nearest_networkx(world))
        shared = np.array([found.get(row, np.inf) for row in range(len(world.xy))])
        print(
            "  greatest difference to networkx:",
            np.nanmax(np.abs(shared - cost)[np.isfinite(cost)]),
        )
    if find_spec("pandana"):
        peers["pandana"], found = timed(options.runs, lambda: nearest_pandana(world))
        near = found < FAR_M
        print("  greatest difference to pandana:", np.abs(found - cost)[near].max())
    tell(
        f"nearest of {len(world.facilities):,} facilities, {len(world.xy):,} nodes "
        f"(building counted; our question itself {question_s:.2f} s)",
        seconds,
        peers,
    )


def nearest_networkx(world):
    import networkx as nx

    graph = nx.Graph()
    graph.add_weighted_edges_from(zip(*world.ends.T.tolist(), world.length_m.tolist(), strict=True))
    there = [node for node in world.facilities.tolist() if node in graph]
    return nx.multi_source_dijkstra_path_length(graph, set(there))


def nearest_pandana(world):
    import pandana

    network = pandana.Network(
        pd.Series(world.xy[:, 0]),
        pd.Series(world.xy[:, 1]),
        pd.Series(world.ends[:, 0]),
        pd.Series(world.ends[:, 1]),
        pd.DataFrame({"m": world.length_m}),
    )
    where = world.xy[world.facilities]
    network.set_pois("f", FAR_M, 1, pd.Series(where[:, 0]), pd.Series(where[:, 1]))
    return network.nearest_pois(FAR_M, "f", num_pois=1)[1].to_numpy()


def pairs(options):
    world = grid(options.side)
    graph = build_graph(len(world.xy), world.ends, world.length_m)
    ways = at_nodes(world)
    count = len(world.facilities)

    def search(engine):
        return nodes_within(graph.arcs_back, ways, count, limit=1000.0, engine=engine)

    peers = {}
    peers["scipy by blocks"], one = timed(1, lambda: search("scipy"))
    if not find_spec("numba"):
        print("\npairs: numba is not installed (urbanlayer[fast]): left out")
        return
    started, _ = timed(1, lambda: search("compiled"))
    seconds, other = timed(options.runs, lambda: search("compiled"))
    if not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True)):
        raise SystemExit("the compiled search finds other pairs than scipy")
    tell(
        f"all {len(one[0]):,} pairs within 1,000 m, {len(world.xy):,} nodes "
        f"(compiled; its first call {started:.1f} s)",
        seconds,
        peers,
    )


# Las Palmas


def read(*roles):
    requests = [_request(role, LayerSpec(path=PBF.name, source="osm"), PBF) for role in roles]
    return {role: raw.frame.to_crs(CRS) for role, raw in osm.SOURCE.read(requests).items()}


def as_layer(role, frame):
    frame = frame.set_axis(frame.index.astype(str))
    return Layer(role, frame, Provenance("osm", PBF.name, "0" * 64, tags=OSM), len(frame))


@cache
def las_palmas():
    """The city with a resident place for each building."""
    frames = read("streets", "buildings", "pharmacy", "school")
    homes = frames["buildings"].representative_point()
    xy = np.column_stack([homes.x, homes.y])
    people = frames["buildings"].area.to_numpy()
    residents = Residents(xy, people, np.zeros(len(xy), dtype=np.int64), "buildings")
    layers = {role: as_layer(role, frame) for role, frame in frames.items()}
    area = gpd.GeoSeries([shapely.box(*frames["streets"].total_bounds)], ["all"], crs=CRS)
    hoods = Neighbourhoods(area, {"": area.index.to_series()})
    streets = build_streets(layers["streets"])
    city = City(CRS, hoods, residents, streets, layers, {})
    return city, ready(MODES["walk"], city, streets, residents)


def catchments(options):
    city, walk = las_palmas()
    points = city.layers["pharmacy"].frame.representative_point()
    xy = np.column_stack([points.x, points.y])
    shops = attach_points(xy, walk.edges, limit_m=MAX_SNAP_M)
    capacity, people = np.ones(len(xy)), city.residents.people
    steps = (400.0, 800.0, 1200.0)

    def ours():
        near = pairs_within(walk.graph, walk.origins, shops, limit=steps[-1])
        weight = step_weights(near.cost, steps, E2SFCA_WEIGHTS)
        return near, two_step(near, capacity, people, weight).access

    seconds, (near, access) = timed(options.runs, ours)
    costs, peers = as_costs(near.place, near.destination, near.cost), {}
    found = pysal(costs, capacity, people, steps)
    print("\n  greatest difference to PySAL by one table:", np.abs(found - access).max())
    tables = {
        "our table, given": lambda: costs,
        "our table, counted": lambda: as_costs(*pairs_of_ours(walk, shops, steps[-1])),
        "pandana's table, counted": table_pandana(city, xy, steps[-1]),
        "networkx' table, counted": table_networkx(city, xy, steps[-1]),
    }
    for whose, table in tables.items():
        peers[f"PySAL access, {whose}"] = None
        if table is not None:
            work = partial(lambda table: pysal(table(), capacity, people, steps), table)
            peers[f"PySAL access, {whose}"], _ = timed(options.runs, work)
            print(f"  {whose}: {len(table()):,} pairs")
    tell(
        f"E2SFCA, {len(people):,} places, {len(xy)} pharmacies, {len(near):,} pairs (streets and "
        "places on them made ready before, for all; the peers' places lie at nodes)",
        seconds,
        peers,
    )


def pairs_of_ours(walk, shops, limit_m):
    near = pairs_within(walk.graph, walk.origins, shops, limit=limit_m)
    return near.place, near.destination, near.cost


def as_costs(place, target, metres):
    """A table of costs as PySAL takes it."""
    return pd.DataFrame({"o": place, "d": target, "m": metres})


def nodes_beside(streets, xy):
    """Nodes nearest to points, as a table of points by node, with the way to the node."""
    metres, node = KDTree(streets.node_xy).query(xy)
    return pd.DataFrame({"row": np.arange(len(xy)), "node": node, "off_m": metres})


def costs_of_nodes(near, shops, homes, limit_m):
    """Costs between places from (facility, node, metres): what a user's merges make of them."""
    pairs = near.merge(homes, on="node")
    metres = pairs["m"] + pairs["off_m"] + shops["off_m"].to_numpy()[pairs["facility"]]
    close = metres <= limit_m
    return as_costs(pairs["row"][close], pairs["facility"][close], metres[close])


def table_networkx(city, xy, limit_m):
    """Makes the table by one search from each facility; None where networkx is not there."""
    if not find_spec("networkx"):
        return None
    import networkx as nx

    streets, graph = city.streets, nx.Graph()
    for one, other, metres in zip(
        *streets.edge_nodes.T.tolist(), streets.edge_length_m.tolist(), strict=True
    ):
        if metres < graph.get_edge_data(one, other, {"weight": np.inf})["weight"]:
            graph.add_edge(one, other, weight=metres)
    homes, shops = nodes_beside(streets, city.residents.xy), nodes_beside(streets, xy)

    def table():
        near = [
            (facility, *found)
            for facility, node in enumerate(shops["node"].tolist())
            for found in nx.single_source_dijkstra_path_length(graph, node, limit_m).items()
        ]
        frame = pd.DataFrame(near, columns=["facility", "node", "m"])
        return costs_of_nodes(frame, shops, homes, limit_m)

    return table


def table_pandana(city, xy, limit_m):
    """Makes the table by pandana, which PySAL's pages name for walking; None where it is not there.

    Its network, and what it computes beforehand for ranges, are made before.
    """
    if not find_spec("pandana"):
        return None
    import pandana

    streets = city.streets
    network = pandana.Network(
        pd.Series(streets.node_xy[:, 0]),
        pd.Series(streets.node_xy[:, 1]),
        pd.Series(streets.edge_nodes[:, 0]),
        pd.Series(streets.edge_nodes[:, 1]),
        pd.DataFrame({"m": streets.edge_length_m}),
    )
    homes, shops = nodes_beside(streets, city.residents.xy), nodes_beside(streets, xy)

    def table():
        found = network.nodes_in_range(shops["node"].unique(), limit_m)
        from_shop = shops.rename(columns={"node": "source", "row": "facility"})
        near = found.merge(from_shop[["source", "facility"]], on="source")
        near = near.rename(columns={"destination": "node"})
        return costs_of_nodes(near, shops, homes, limit_m)

    return table


def pysal(costs, capacity, people, steps):
    from access import Access, weights

    demand = pd.DataFrame({"id": np.arange(len(people)), "people": people})
    supply = pd.DataFrame({"id": np.arange(len(capacity)), "one": capacity})
    peer = Access(
        demand_df=demand, demand_index="id", demand_value="people",
        supply_df=supply, supply_index="id", supply_value="one",
        cost_df=costs, cost_origin="o", cost_dest="d", cost_name="m",
    )  # fmt: skip
    by_step = dict(zip(steps, E2SFCA_WEIGHTS, strict=True))
    found = peer.enhanced_two_stage_fca(
        name="e", cost="m", max_cost=steps[-1], weight_fn=weights.step_fn(by_step)
    )
    return found["e_one"].reindex(np.arange(len(people))).fillna(0).to_numpy()


def network(options):
    city, _ = las_palmas()
    homes = city.residents

    def ours():
        streets = build_streets(as_layer("streets", read("streets")["streets"]))
        return ready(MODES["walk"], city, streets, homes)

    seconds, _ = timed(options.runs, ours)
    peers = {"osmnx": None, "pyrosm with networkx": None}
    if find_spec("osmnx"):
        with tempfile.TemporaryDirectory() as folder:
            xml = as_xml(Path(folder) / "city.osm", whole_ways=True)
            peers["osmnx"], _ = timed(options.runs, lambda: network_osmnx(xml, homes.xy))
    if find_spec("pyrosm"):
        for what, choice in PYROSM.items():
            work = partial(network_pyrosm, homes.xy, **choice)
            peers[f"pyrosm with networkx{what}"], _ = timed(options.runs, work)
    tell(
        f"network of Las Palmas from the pbf, {len(homes):,} places put onto its edges, in metres "
        "(osmnx from XML, made before)",
        seconds,
        peers,
    )


PYROSM = {
    "": {"retain_all": False},
    ", all parts": {"retain_all": True},
    ", without places": {"retain_all": False, "places": False},
}
"""As its guide does it, which keeps the largest part alone; all parts, as we keep them, for which
it need not look for the largest; and the first without places."""


def as_xml(path, *, whole_ways=False):
    """The extract as OSM XML or, by its name, as pbf again; without ways that lack nodes."""
    import osmium

    nodes = {thing.id for thing in osmium.FileProcessor(PBF, osmium.osm.NODE)}
    with osmium.SimpleWriter(str(path)) as writer:
        for thing in osmium.FileProcessor(PBF):
            if thing.is_way() and whole_ways and not all(ref.ref in nodes for ref in thing.nodes):
                continue
            if not (thing.is_relation() and whole_ways):
                writer.add(thing)
    return path


def network_osmnx(xml, xy):
    import osmnx as ox

    graph = ox.project_graph(ox.graph_from_xml(xml, retain_all=True), to_crs=CRS)
    walked = ox.convert.to_undirected(graph)
    return ox.distance.nearest_edges(walked, xy[:, 0], xy[:, 1])


def network_pyrosm(xy, *, retain_all, places=True):
    import pyrosm

    file = pyrosm.OSM(str(PBF))
    nodes, edges = file.get_network("walking", nodes=True)
    graph = file.to_graph(nodes, edges, graph_type="networkx", retain_all=retain_all)
    if not places:
        return graph, None
    return graph, edges.to_crs(CRS).sindex.nearest(shapely.points(xy), return_all=False)


def areas(options):
    city, _ = las_palmas()
    routable = RoutableNetworks(city)
    routable.of(MODES["walk"])
    seconds, frame = timed(
        min(options.runs, 3),
        lambda: isochrones(city, "school", metres=[800], routable=routable),
    )
    if not frame.is_valid.all():
        raise SystemExit("an area is not valid")
    points = city.layers["school"].frame.representative_point()
    nodes = KDTree(city.streets.node_xy).query(np.column_stack([points.x, points.y]))[1]
    peers = {"networkx' ego graphs, buffered": None}
    if find_spec("networkx"):
        import networkx as nx

        graph = as_networkx(city.streets, nx.Graph)
        (name,) = peers
        peers[name], _ = timed(1, lambda: shapely.union_all(by_ego(graph, nodes)))
    tell(
        f"the area within 800 m of {len(points)} schools, their network not counted "
        f"({frame.area[0] / 1e6:.1f} km²)",
        seconds,
        peers,
    )


def as_networkx(streets, kind):
    graph = kind()
    for row, (one, other) in enumerate(streets.edge_nodes.tolist()):
        line, length_m = streets.edge_lines[row], streets.edge_length_m[row]
        graph.add_edge(one, other, weight=length_m, geometry=line)
    for node, (x, y) in enumerate(streets.node_xy.tolist()):
        graph.add_node(node, x=x, y=y)
    return graph


def by_ego(graph, nodes):
    """As osmnx' example of isochrones: the edges of each ego graph, buffered and united."""
    import networkx as nx

    drawn = []
    for node in nodes:
        near = nx.ego_graph(graph, node, radius=800.0, distance="weight")
        lines = np.array([data["geometry"] for *_, data in near.edges(data=True)], dtype=object)
        drawn.append(shapely.union_all(shapely.buffer(lines, 25)))
    return drawn


def transit(options):
    from door_to_door import transit_times

    city, walk = las_palmas()
    began = time.perf_counter()
    timetable = guaguas()
    model_s = time.perf_counter() - began
    points = city.layers["school"].frame.representative_point()
    schools = np.column_stack([points.x, points.y])
    to = Destinations(
        shapely.points(schools), tuple((key,) for key in points.index), np.arange(len(points))
    )
    seconds, times = timed(
        min(options.runs, 2), lambda: transit_times(walk, city.residents.xy, to, timetable)
    )
    peers = {"ferrobus": None}
    if find_spec("ferrobus"):
        peers["ferrobus"] = by_ferrobus(city, points)
    reached = np.isfinite(times.minutes[1])
    tell(
        f"transit: {len(city.residents):,} places to {len(schools)} schools, 07:00 to 09:00 each "
        f"minute (models counted, ours {model_s:.1f} s; {reached.mean():.0%} of the medians are "
        "reached; ferrobus from a sample)",
        model_s + seconds,
        peers,
    )


def guaguas():
    spec = LayerSpec(path=FEED.name, source="gtfs", service_day=DAY)
    layer = gtfs.read([gtfs.SOURCE.request("stop", spec, FEED)])["stop"]
    to_metres = Transformer.from_crs(4326, CRS, always_xy=True)
    return build_timetable(
        layer.timetable(), lambda lonlat: np.column_stack(to_metres.transform(*lonlat.T))
    )


def by_ferrobus(city, points, *, sample=300, departures=(7, 8)):
    """Seconds for all places and minutes, from a sample of origins.

    How far its times are from ours, and why, is told by `against_ferrobus.py`; how far those of
    minotor, by `against_minotor.py`.
    """
    import ferrobus

    with tempfile.TemporaryDirectory() as folder:
        pbf = as_xml(Path(folder) / "city.osm.pbf", whole_ways=True)
        feed = Path(folder) / "feed"
        with zipfile.ZipFile(FEED) as file:
            file.extractall(feed)
        (feed / "feed_info.txt").touch()
        began = time.perf_counter()
        model = ferrobus.create_transit_model(str(pbf), [str(feed)], DAY, 360)
        model_s = time.perf_counter() - began
    rows = np.random.default_rng(2).choice(len(city.residents), sample, replace=False)
    homes = gpd.GeoSeries.from_xy(*city.residents.xy[rows].T, crs=CRS).to_crs("EPSG:4326")
    ends = points.to_crs("EPSG:4326")
    stop = {"max_walking_time": 750, "max_nearest_stops": 100}
    began = time.perf_counter()
    known = [at for at in (ferrobus_point(model, at, stop) for at in [*homes, *ends]) if at]
    for hour in departures:
        ferrobus.travel_time_matrix(model, known, hour * 3600, 5)
    asked_s = (time.perf_counter() - began) / (len(known) * len(departures))
    return model_s + asked_s * len(city.residents) * 121


def ferrobus_point(model, at, stop):
    import ferrobus

    try:
        return ferrobus.create_transit_point(at.y, at.x, model, **stop)
    except (RuntimeError, ValueError):
        return None


WORKS = {
    "nearest": nearest, "pairs": pairs, "catchments": catchments, "network": network,
    "areas": areas, "transit": transit,
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("works", nargs="*", default=list(WORKS), metavar="WORK")
    parser.add_argument("--side", type=int, default=1000, help="nodes on each side of the grid")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # the peers' own
    for work in options.works:
        if WORKS[work] not in (nearest, pairs) and not PBF.exists():
            print(f"{work}: {PBF.name} is not there: left out")
            continue
        WORKS[work](options)


def _request(role, spec, path):
    """The request of a layer's table to its source."""
    from urbanlayer.registry import sources

    return sources()[spec.source].request(role, spec, path)


if __name__ == "__main__":
    main()
