"""Las Palmas by our measures and by an independent stack, side by side, with what sets them apart.

    uv run --with osmnx --with pandana python benchmarks/against_peers.py

The streets are read twice: ours from the pbf, theirs by osmnx with its own filter of what may be
walked, undirected, not simplified, the largest connected part. Homes, people and facilities are
the same for both, so that what differs is the measure. Three columns of theirs tell why:

- `node`: pandana as it is mostly used, nearest node to nearest node, no way to the street;
- `legs`: the same, with the straight way from home to its node and from the node to the door;
- `edge`: networkx over osmnx's streets, cut where homes and doors lie nearest, with those ways.

What lies between `legs` and `node` is the way to the street, between `edge` and `legs` that of
snapping to nodes. What `edge` leaves: (1) we keep streets that are joined to nothing, and who lives
on one is cut off, where theirs takes the largest part alone: the share beyond 5 km or cut off says
how many, and 1 % of them at 5,000 m makes 50 m of the mean way; (2) the ways across squares, which
osmnx walks around; (3) parks: ours are entered where a street comes to within a few metres of the
edge, theirs from points each 25 m along it, each by a straight leg of up to 200 m, over whatever
lies between. pandana ends at 5 km, so `node` is never beyond. Areas, lengths and counts stand
beside geopandas and osmnx. `worst` is the largest difference from `edge` among neighbourhoods of
1,000 residents and more. Needs ../shared/data.
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
import tempfile
import warnings
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely

from urbanlayer import pipeline, registry
from urbanlayer.cityfile import CityFile
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.stages import Errors, Stages

sys.path = [folder for folder in sys.path if Path(folder) != Path(__file__).parent]

ROOT = Path(__file__).parents[1]
CITY_FILE = ROOT / "tests/cities/las_palmas.toml"
PBF = ROOT.parent / "shared/data/las_palmas/las_palmas_2023-02-21.osm.pbf"
SERVICES = {
    "kindergarten": 500, "school": 800, "clinic": 1000, "pharmacy": 800, "library": 1000,
    "playground": 400, "food_market": 500, "convenience": 500, "stop": 500,
    "waste_point": 150, "recycling_point": 300,
}  # fmt: skip
AREAS = (
    "population_density", "green_area_per_resident", "building_coverage", "street_density",
    "intersection_density",
)  # fmt: skip
CAP_M, GREEN_M, GREEN_M2, EDGE_STEP_M, MAX_SNAP_M = 5000, 300, 5000, 25, 200


def our_city():
    """The city with what its indicators ask of the network, and the answers."""
    file = pipeline.read_city_file(CITY_FILE)
    tables = {
        "coverage_within": {"services": SERVICES},
        "nearest_facility_m": {"services": list(SERVICES), "cap_m": CAP_M},
        "green_access_who": {"distance_m": GREEN_M, "min_area_ha": GREEN_M2 / 1e4},
        **{name: {} for name in AREAS},
    }  # fmt: skip
    indicators = registry.indicators()
    queries = tuple(
        (indicators[name], query)
        for name, table in tables.items()
        for query in indicators[name].params.model_validate(table).queries()
        if query.variant != "straight_line"
    )
    asked = CityFile(spec=file.spec, folder=file.folder, queries=queries)
    found = pipeline.evaluated(asked, Stages(), Errors())
    results = {(r.indicator, r.variant): r for r in found.evaluation.results}
    return found.city, results


def walkable(tags, rules):
    return all(
        (key in tags) if pattern is None else not re.search(pattern, tags.get(key, ""))
        for key, pattern in rules
    )


def their_streets(crs):
    """osmnx's graph of what its own filter lets walk, not simplified, undirected, in metres."""
    import osmium
    import osmnx as ox

    written = ox._overpass._get_network_filter("walk")  # noqa: SLF001  (their own rules)
    rules = [
        (key, pattern or None)
        for key, pattern in re.findall(r'\["([\w:]+)"(?:!~"([^"]*)")?\]', written)
    ]
    nodes = {thing.id for thing in osmium.FileProcessor(PBF, osmium.osm.NODE)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "walk.osm"
        with osmium.SimpleWriter(str(path)) as writer:
            for thing in osmium.FileProcessor(PBF):
                if thing.is_node() or (
                    thing.is_way()
                    and walkable(dict(thing.tags), rules)
                    and all(ref.ref in nodes for ref in thing.nodes)
                ):
                    writer.add(thing)
        graph = ox.graph_from_xml(path, bidirectional=True, simplify=False, retain_all=False)
    graph = ox.project_graph(graph, to_crs=crs)
    return ox.convert.to_undirected(graph)


def targets_of(city, service):
    """(k, 2) doors: points, or points each 25 m along the edge of areas."""
    frame = city.layers[service].frame
    return doors(np.asarray(frame.geometry, dtype=object))


def doors(shapes):
    areas = shapely.get_dimensions(shapes) > 0
    points = [shapely.get_coordinates(shapely.centroid(shapes[~areas]))]
    for area in shapes[areas]:
        edge = shapely.boundary(area) if shapely.get_dimensions(area) == 2 else area
        along = np.arange(0, edge.length, EDGE_STEP_M)
        points.append(shapely.get_coordinates(shapely.line_interpolate_point(edge, along)))
    return np.vstack(points)


class Pandana:
    """Nearest node to nearest node, and the same with straight ways at both ends."""

    def __init__(self, graph, homes):
        import pandana

        self.nodes = pd.DataFrame(
            {node: (data["x"], data["y"]) for node, data in graph.nodes(data=True)},
            index=["x", "y"],
        ).T
        edges = pd.DataFrame(
            [(a, b, data["length"]) for a, b, data in graph.edges(data=True)],
            columns=["from", "to", "length"],
        )
        self.network = pandana.Network(
            self.nodes["x"], self.nodes["y"], edges["from"], edges["to"], edges[["length"]]
        )
        self.asked = 0
        self.at, self.off = self.snapped(homes)

    def snapped(self, xy):
        node = self.network.get_node_ids(pd.Series(xy[:, 0]), pd.Series(xy[:, 1])).to_numpy()
        there = self.nodes.loc[node].to_numpy()
        return node, np.hypot(*(xy - there).T)

    def node(self, xy):
        self.asked += 1
        name = f"p{self.asked}"  # a name that was set before keeps its first places
        self.network.set_pois(name, CAP_M, 1, pd.Series(xy[:, 0]), pd.Series(xy[:, 1]))
        found = self.network.nearest_pois(CAP_M, name, num_pois=1)[1]
        return found.loc[self.at].to_numpy(dtype=float)


def along_edges(graph, homes, xy, *, legs):
    """Least way over streets that are cut where homes and doors lie nearest; inf where none."""
    names = list(graph.nodes)
    row = {name: number for number, name in enumerate(names)}
    at = np.array([(graph.nodes[name]["x"], graph.nodes[name]["y"]) for name in names])
    pairs = np.array([(row[a], row[b]) for a, b, _ in graph.edges(keys=True) if a != b])
    lines = shapely.linestrings(at[pairs])
    tree = shapely.STRtree(lines)
    everyone = np.vstack([homes, xy])
    edge = tree.query_nearest(shapely.points(everyone), all_matches=False)[1]
    point = shapely.points(everyone)
    along, off = shapely.line_locate_point(lines[edge], point), shapely.distance(point, lines[edge])
    cuts: dict[int, list[tuple[float, int]]] = {}
    for number, (on, metres) in enumerate(zip(edge, along, strict=True)):
        cuts.setdefault(int(on), []).append((metres, len(at) + number))
    walk = nx.Graph()
    for number, ((a, b), length) in enumerate(zip(pairs, shapely.length(lines), strict=True)):
        stops = [(0.0, a), *sorted(cuts.get(number, [])), (length, b)]
        for (since, one), (until, other) in itertools.pairwise(stops):
            if until - since < walk.get_edge_data(one, other, {"length": np.inf})["length"]:
                walk.add_edge(one, other, length=until - since)
    near = np.flatnonzero(off <= MAX_SNAP_M)
    source = "doors"
    for number in near[near >= len(homes)]:
        walk.add_edge(source, len(at) + int(number), length=off[number] if legs else 0.0)
    found = nx.single_source_dijkstra_path_length(walk, source, weight="length", cutoff=CAP_M)
    metres = np.array([found.get(len(at) + number, np.inf) for number in range(len(homes))])
    own = off[: len(homes)]
    return np.where(own <= MAX_SNAP_M, metres + (own if legs else 0.0), np.inf)


def walked(city, graph, service_xy, peer):
    homes = city.residents.xy
    node = peer.node(service_xy)
    door_off = peer.snapped(service_xy)[1]
    legs = with_legs(peer, service_xy, door_off)
    return {"node": node, "legs": legs, "edge": along_edges(graph, homes, service_xy, legs=True)}


def with_legs(peer, xy, off):
    """Doors by how far they lie from their node, in steps of 10 m: pandana knows no offset."""
    best = np.full(len(peer.at), np.inf)
    steps = np.round(off / 10).astype(int)
    for step in np.unique(steps[off <= MAX_SNAP_M]):
        best = np.minimum(best, peer.node(xy[steps == step]) + 10 * step)
    return np.where(peer.off <= MAX_SNAP_M, best + peer.off, np.inf)


def share(people, metres, limit):
    return 100 * people[metres <= limit].sum() / people.sum()


def access_rows(city, results, graph, peer):
    people = city.residents.people
    for service, limit in SERVICES.items():
        theirs = walked(city, graph, targets_of(city, service), peer)
        ours = results["coverage_within", service]
        yield (
            f"{service} within {limit} m, %", 100 * ours.city,
            {name: share(people, metres, limit) for name, metres in theirs.items()},
            worst(city, ours.values * 100, theirs["edge"] <= limit, 100),
        )  # fmt: skip
        ours = results["nearest_facility_m", service]
        capped = {name: np.minimum(metres, CAP_M) for name, metres in theirs.items()}
        asked = NearestQuery(service)
        reach = evaluate(city, [asked]).network[asked]
        yield (
            f"{service}, beyond {CAP_M:,} m or cut off, %",
            100 - share(people, reach.distance_m, CAP_M),
            {name: 100 - share(people, metres, CAP_M) for name, metres in theirs.items()},
            np.nan,
        )  # fmt: skip
        yield (
            f"{service}, mean way, m", ours.city,
            {name: np.average(metres, weights=people) for name, metres in capped.items()},
            worst(city, ours.values, capped["edge"], 1),
        )  # fmt: skip
    frame = city.layers["green"].frame
    public = frame[frame["public"]].geometry if "public" in frame else frame.geometry
    merged = gpd.GeoSeries([shapely.union_all(public.buffer(0.5))], crs=city.crs).explode()
    large = merged[merged.area >= GREEN_M2]
    theirs = walked(city, graph, doors(np.asarray(large, dtype=object)), peer)
    inside = shapely.STRtree(np.asarray(large)).query(shapely.points(city.residents.xy), "within")[
        0
    ]
    theirs = {name: np.array(metres) for name, metres in theirs.items()}
    for metres in theirs.values():
        metres[inside] = 0
    ours = results["green_access_who", ""]
    yield (
        f"green of 0.5 ha within {GREEN_M} m, %", 100 * ours.city,
        {name: share(people, metres, GREEN_M) for name, metres in theirs.items()},
        worst(city, ours.values * 100, theirs["edge"] <= GREEN_M, 100),
    )  # fmt: skip


def worst(city, ours, theirs, times):
    """Largest difference among neighbourhoods of 1,000 residents and more."""
    homes = city.residents
    groups = pd.DataFrame(
        {"hood": homes.neighbourhood, "p": homes.people, "x": theirs * homes.people}
    )
    sums = groups.groupby("hood").sum()
    there = times * (sums["x"] / sums["p"]).reindex(range(len(city.neighbourhoods)))
    large = homes.per_neighbourhood(len(city.neighbourhoods)) >= 1000
    return np.nanmax(np.abs(ours.to_numpy() - there.to_numpy())[large])


def area_rows(city, results, graph):
    import osmnx as ox

    hoods = gpd.GeoDataFrame(geometry=np.asarray(city.neighbourhoods.geometry), crs=city.crs)
    land = hoods
    if "water" in city.layers:
        water = city.layers["water"].frame
        areas = water[shapely.get_dimensions(water.geometry) == 2]
        land = gpd.overlay(
            hoods, gpd.GeoDataFrame(geometry=[areas.union_all()], crs=city.crs), "difference"
        )
    land_m2, people = land.area.sum(), city.residents.people.sum()
    yield "residents/km²", results["population_density", ""].city, people / (hoods.area.sum() / 1e6)
    green = city.layers["green"].frame
    public = green[green["public"]] if "public" in green else green
    inside = gpd.overlay(
        gpd.GeoDataFrame(geometry=[public.union_all()], crs=city.crs), hoods, "intersection"
    )
    yield (
        "public green m²/resident",
        results["green_area_per_resident", ""].city,
        inside.area.sum() / people,
    )
    houses = city.layers["buildings"].frame
    under = gpd.overlay(
        gpd.GeoDataFrame(geometry=[houses.union_all()], crs=city.crs), hoods, "intersection"
    )
    yield "building coverage", results["building_coverage", ""].city, under.area.sum() / land_m2
    lines = ox.convert.graph_to_gdfs(nx.MultiGraph(graph), nodes=False)
    length = gpd.clip(lines, hoods.union_all()).length.sum()
    yield "streets, km/km²", results["street_density", ""].city, length / 1e3 / (land_m2 / 1e6)
    directed = nx.MultiDiGraph(graph)
    counts = {node: len(list(graph.neighbors(node))) for node in graph.nodes}
    nx.set_node_attributes(directed, counts, "street_count")
    crossings = directed.subgraph([node for node, count in counts.items() if count >= 3])
    merged = ox.consolidate_intersections(
        crossings, tolerance=6, rebuild_graph=False, dead_ends=True
    )
    inside = merged.within(hoods.union_all()).sum()
    yield "junctions/km²", results["intersection_density", ""].city, inside / (land_m2 / 1e6)


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    warnings.filterwarnings("ignore")
    city, results = our_city()
    print(f"{city!r}")
    graph = their_streets(city.crs)
    length_km = sum(data["length"] for *_, data in graph.edges(data=True)) / 1e3
    size = f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} edges"
    print(f"osmnx: {size}, {length_km:,.0f} km\n")
    head = f"{'':42}{'ours':>9}{'edge':>9}{'legs':>9}{'node':>9}   ours−edge  worst"
    print(head + "\n" + "-" * len(head))
    for name, ours, theirs, far in access_rows(
        city, results, graph, Pandana(graph, city.residents.xy)
    ):
        row = "".join(f"{theirs[kind]:9.1f}" for kind in ("edge", "legs", "node"))
        print(f"{name:42}{ours:9.1f}{row}{ours - theirs['edge']:12.1f}{far:7.1f}")
    print(f"\n{'':42}{'ours':>11}{'theirs':>11}{'apart':>9}\n" + "-" * 73)
    for name, ours, theirs in area_rows(city, results, graph):
        print(f"{name:42}{ours:11.4g}{theirs:11.4g}{100 * (ours / theirs - 1):8.2f}%")


if __name__ == "__main__":
    main()
