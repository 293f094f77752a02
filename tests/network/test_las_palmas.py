"""A real city: Las Palmas from OpenStreetMap, against networkx and PySAL."""

import dataclasses
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from requested import requested

from urbanlayer.city.streets import build_streets
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.indicators._shared.buffers import density_of_residents
from urbanlayer.kernels.floating import step_weights, two_step
from urbanlayer.model.city import City
from urbanlayer.model.layer import Layer, Provenance
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.neighbourhoods import Neighbourhoods
from urbanlayer.model.network_query import MAX_SNAP_M, BufferQuery, NearestQuery
from urbanlayer.model.residents import Residents
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.model.travel_modes import MODES
from urbanlayer.network.pairs import pairs_within
from urbanlayer.network.routable import connection, ready
from urbanlayer.network.snapping import attach_points
from urbanlayer.sources.osm import SOURCE
from urbanlayer.text.street_tags import walkable

PBF = Path(__file__).parents[3] / "shared/data/las_palmas/las_palmas_2023-02-21.osm.pbf"
E2SFCA_WEIGHTS = (1.0, 0.68, 0.22)  # Luo & Qi 2009
ROLES = ("streets", "buildings", "pharmacy", "green")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PBF.exists(), reason=f"{PBF.name} is not there"),
]


@pytest.fixture(scope="module")
def city():
    raw = SOURCE.read(
        [requested(role, LayerSpec(path=PBF.name, source="osm"), PBF) for role in ROLES]
    )
    layers = {}
    for role in ROLES:
        frame = raw[role].frame.to_crs("EPSG:32628")
        frame.index = frame.index.astype(str)
        layers[role] = Layer(
            role, frame, Provenance("osm", PBF.name, "0" * 64, tags=OSM), len(frame)
        )
    homes = layers["buildings"].frame.representative_point()
    xy = np.column_stack([homes.x, homes.y])
    residents = Residents(xy, np.ones(len(xy)), np.zeros(len(xy), dtype=np.int64), "buildings")
    area = gpd.GeoSeries([shapely.box(*homes.total_bounds)], ["all"], crs="EPSG:32628")
    hoods = Neighbourhoods(area, {"": area.index.to_series()})
    return City("EPSG:32628", hoods, residents, build_streets(layers["streets"]), layers, {})


def test_no_walking_distance_is_shorter_than_the_straight_line(city):
    for more in ({"destinations": "pharmacy"}, {"destinations": "green", "min_area_m2": 5000.0}):
        walked, straight = NearestQuery(**more), NearestQuery(**more, mode="straight_line")
        access = evaluate(city, [walked, straight]).network
        assert (access[walked].distance_m >= access[straight].distance_m - 1e-6).all()


def test_a_sample_of_places_is_as_far_as_networkx_says(city):
    walk = ready(MODES["walk"], city, city.streets, city.residents)
    points = city.layers["pharmacy"].frame.representative_point()
    shops = attach_points(np.column_stack([points.x, points.y]), walk.edges, limit_m=MAX_SNAP_M)
    near = pairs_within(walk.graph, walk.origins, shops, limit=np.inf)
    graph = with_attached(city.streets, walk.origins, shops)
    for origin in np.random.default_rng(0).choice(len(city.residents), 20, replace=False):
        found = nx.single_source_dijkstra_path_length(graph, ("from", int(origin)))
        mine = near.origin == origin
        expected = [found[("to", int(shop))] for shop in near.destination[mine]]
        np.testing.assert_allclose(near.cost[mine], expected, atol=1e-6)


def with_attached(streets, origins, shops):
    """The streets with every resident place and every pharmacy put in as a node on its edge."""
    stops = {}
    for name, group in (("home", origins), ("shop", shops)):
        for row, (edge, along) in enumerate(zip(group.edge, group.along_m, strict=True)):
            stops.setdefault(int(edge), []).append((float(along), (name, row)))
    graph = nx.DiGraph()
    for edge, (one, other) in enumerate(streets.edge_nodes.tolist()):
        chain = [(0.0, one), *sorted(stops.get(edge, [])), (streets.edge_length_m[edge], other)]
        for (a, here), (b, there) in pairwise(chain):
            for start, end in ((here, there), (there, here)):
                before = graph.get_edge_data(start, end, {"weight": np.inf})["weight"]
                graph.add_edge(start, end, weight=min(before, b - a))
    for row, (origin, offset) in enumerate(zip(origins.origin, origins.offset_m, strict=True)):
        graph.add_edge(("from", int(origin)), ("home", row), weight=float(offset))
    for row, (shop, offset) in enumerate(zip(shops.origin, shops.offset_m, strict=True)):
        graph.add_edge(("shop", row), ("to", int(shop)), weight=float(offset))
    return graph


@pytest.mark.parametrize("with_classes", [False, True])
def test_streets_from_a_file_without_bridges_give_the_shares_of_openstreetmap(
    city, *, with_classes
):
    frame = city.layers["streets"].frame
    frame = frame[walkable(frame)[0]]
    frame = frame[["highway", "geometry"] if with_classes else ["geometry"]]
    bare = Layer("streets", frame, Provenance("file", "streets.gpkg", "0" * 64), len(frame))
    other = dataclasses.replace(
        city, streets=build_streets(bare), layers={**city.layers, "streets": bare}
    )
    queries = [
        NearestQuery("pharmacy", within_m=500.0),
        NearestQuery("pharmacy", within_m=1000.0),
        NearestQuery("green", min_area_m2=5000.0, within_m=300.0),
    ]
    right, found = (
        [np.isfinite(network[query].distance_m).mean() for query in queries]
        for network in (evaluate(each, queries).network for each in (city, other))
    )
    np.testing.assert_allclose(found, right, atol=0.003)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")  # the peer's own
def test_floating_catchments_are_what_pysal_finds(city):
    access = pytest.importorskip("access", reason="PySAL access is not installed")
    walk = ready(MODES["walk"], city, city.streets, city.residents)
    points = city.layers["pharmacy"].frame.representative_point()
    shops = attach_points(np.column_stack([points.x, points.y]), walk.edges, limit_m=MAX_SNAP_M)
    steps = (400.0, 800.0, 1200.0)
    near = pairs_within(walk.graph, walk.origins, shops, limit=steps[-1])
    people, one = city.residents.people, np.ones(shops.count)
    ours = two_step(near, one, people, step_weights(near.cost, steps, E2SFCA_WEIGHTS)).access
    peer = access.Access(
        demand_df=pd.DataFrame({"id": np.arange(len(people)), "people": people}),
        demand_index="id",
        demand_value="people",
        supply_df=pd.DataFrame({"id": np.arange(len(one)), "one": one}),
        supply_index="id",
        supply_value="one",
        cost_df=pd.DataFrame({"o": near.origin, "d": near.destination, "m": near.cost}),
        cost_origin="o",
        cost_dest="d",
        cost_name="m",
    )
    by_step = access.weights.step_fn(dict(zip(steps, E2SFCA_WEIGHTS, strict=True)))
    theirs = peer.enhanced_two_stage_fca(name="e", cost="m", max_cost=1200, weight_fn=by_step)
    theirs = theirs["e_one"].reindex(np.arange(len(people))).fillna(0)
    np.testing.assert_allclose(ours, theirs, atol=1e-9)


def test_surroundings_are_near_those_of_the_global_healthy_and_sustainable_city_indicators(city):
    # Their published way (global-indicators, neighbourhood analysis): from the node nearest to a
    # place the nodes within 1,000 m, the distinct cells that hold them, the mean of the cells'
    # densities. Ours starts from the place, and a cell with a street but no node counts too.
    asked = BufferQuery(1000.0)
    around = evaluate(city, [asked]).network[asked]
    streets, homes = city.streets, city.residents.xy
    graph = nx.Graph()
    for (one, other), metres in zip(
        streets.edge_nodes.tolist(), streets.edge_length_m.tolist(), strict=True
    ):
        before = graph.get_edge_data(one, other, {"weight": np.inf})["weight"]
        graph.add_edge(one, other, weight=min(before, metres))
    joined = np.flatnonzero(streets.component == 0)
    cell_of_node = around.cells.rows(streets.node_xy)
    in_cell = np.bincount(around.cells.rows(homes), minlength=len(around.cells))
    sample = np.random.default_rng(0).choice(len(homes), 60, replace=False)
    ours, theirs = density_of_residents(city, around)[sample], []
    for origin in sample:
        node = int(joined[np.hypot(*(streets.node_xy[joined] - homes[origin]).T).argmin()])
        near = nx.single_source_dijkstra_path_length(graph, node, cutoff=1000)
        cells = np.unique(cell_of_node[list(near)])
        theirs.append(in_cell[cells[cells >= 0]].mean() / 0.25**2)
    assert np.mean(ours) == pytest.approx(np.mean(theirs), rel=0.1)
    assert np.corrcoef(ours, theirs)[0, 1] > 0.9


def test_every_resident_is_joined_or_counted(city):
    found = connection(ready(MODES["walk"], city, city.streets, city.residents), city.residents)
    counted = found.residents_joined + found.residents_cut_off + found.residents_not_connected
    assert counted == city.residents.total
    assert found.residents_joined > 0.98 * city.residents.total


@pytest.mark.parametrize("mode", ["walk", "wheelchair", "cycle"])
def test_what_stands_on_the_streets_makes_no_way_shorter(city, mode):
    request = requested("barriers", LayerSpec(path=PBF.name, source="osm"), PBF)
    frame = SOURCE.read([request])["barriers"].frame.to_crs("EPSG:32628")
    frame.index = frame.index.astype(str)
    barriers = Layer("barriers", frame, Provenance("osm", PBF.name, "0" * 64, tags=OSM), len(frame))
    asked = NearestQuery("pharmacy", mode)
    before = evaluate(city, [asked]).network[asked].distance_m
    with_them = dataclasses.replace(city, layers={**city.layers, "barriers": barriers})
    after = evaluate(with_them, [asked]).network[asked].distance_m
    assert (after >= before - 1e-5).all()
    assert (after > before + 1).any()
