"""Our kernels beside the field's own libraries, on the same random worlds.

The libraries are no part of the development environment; each test skips without its own. `.ci/run`
brings them:

    uv run --with access --with segregation --with momepy --with osmnx --with tobler \\
        --with gtfs-kit --with mapclassify pytest tests/oracles/test_oracles.py -m slow
"""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import toy
from affine import Affine
from requested import requested

from urbanlayer import registry
from urbanlayer.kernels import floating, grids, inequality, junctions, mix, zonal
from urbanlayer.kernels.opportunities import reachable_amount
from urbanlayer.kernels.pairs import Pairs
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.publish.worded_notes import in_english
from urbanlayer.sources import gtfs

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared/data"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.oracle,
    pytest.mark.filterwarnings("ignore"),  # theirs
]
CRS = "EPSG:25834"


@pytest.fixture(scope="module")
def catchments():
    """60 places, 9 facilities, minutes between all of them, as arrays and as theirs want them."""
    access = pytest.importorskip("access")
    random = np.random.default_rng(3)
    minutes = random.uniform(1, 45, (60, 9))
    people = random.integers(0, 400, 60).astype(float)
    capacity = random.integers(10, 90, 9).astype(float)
    demand = gpd.GeoDataFrame(
        {"id": range(60), "people": people}, geometry=gpd.points_from_xy(range(60), [0] * 60)
    )
    supply = gpd.GeoDataFrame(
        {"id": range(9), "capacity": capacity}, geometry=gpd.points_from_xy(range(9), [1] * 9)
    )
    place, facility = np.divmod(np.arange(60 * 9), 9)
    cost = pd.DataFrame({"origin": place, "dest": facility, "min": minutes.ravel()})
    theirs = access.Access(
        demand_df=demand, demand_index="id", demand_value="people",
        supply_df=supply, supply_index="id", supply_value="capacity",
        cost_df=cost, cost_origin="origin", cost_dest="dest", cost_name="min",
    )  # fmt: skip
    ours = Pairs(60, 9, place, facility, minutes.ravel())
    return theirs, ours, people, capacity


def within(pairs, limit):
    return pairs.only(pairs.cost <= limit)


def test_two_step_catchments_are_those_of_pysal(catchments):
    theirs, pairs, people, capacity = catchments
    expected = theirs.two_stage_fca(name="two", max_cost=20)["two_capacity"]
    ours = floating.two_step(within(pairs, 20), capacity, people).access
    np.testing.assert_allclose(ours, expected, rtol=1e-9)


def test_enhanced_catchments_are_those_of_pysal(catchments):
    access = pytest.importorskip("access")
    theirs, pairs, people, capacity = catchments
    steps = access.weights.step_fn({10: 1, 20: 0.68, 30: 0.22})
    expected = theirs.enhanced_two_stage_fca(name="e", weight_fn=steps, max_cost=30)["e_capacity"]
    weight = floating.step_weights(pairs.cost, [10, 20, 30], [1, 0.68, 0.22])
    ours = floating.two_step(pairs, capacity, people, weight).access
    np.testing.assert_allclose(ours, expected, rtol=1e-9)


def test_three_step_catchments_are_those_of_pysal(catchments):
    access = pytest.importorskip("access")
    theirs, pairs, people, capacity = catchments
    table = {10: 0.962, 20: 0.704, 30: 0.377, 60: 0.042}
    steps = access.weights.step_fn(table)
    expected = theirs.three_stage_fca(name="3", weight_fn=steps, max_cost=60)["3_capacity"]
    weight = floating.step_weights(pairs.cost, list(table), list(table.values()))
    ours = floating.three_step(pairs, capacity, people, weight).access
    np.testing.assert_allclose(ours, expected, rtol=1e-9)


def test_opportunities_within_a_time_are_those_of_pysal(catchments):
    theirs, pairs, _, capacity = catchments
    expected = theirs.weighted_catchment(name="all", max_cost=20)["all_capacity"]
    ours = reachable_amount(within(pairs, 20), capacity)
    np.testing.assert_allclose(ours, expected.fillna(0), rtol=1e-9)


def test_the_gini_of_a_group_s_share_is_segregation_s():
    # Their index of a group with shares s over tracts of t people is Gini(s; t) / (1 − P).
    singlegroup = pytest.importorskip("segregation.singlegroup")
    random = np.random.default_rng(5)
    total = random.integers(50, 900, 80).astype(float)
    group = np.floor(total * random.beta(1, 4, 80))
    frame = pd.DataFrame({"group": group, "total": total})
    theirs = singlegroup.Gini(frame, "group", "total").statistic
    whole = group.sum() / total.sum()
    assert inequality.gini(group / total, total) == pytest.approx(theirs * (1 - whole), rel=1e-9)


def test_shannon_and_simpson_are_those_of_momepy():
    momepy = pytest.importorskip("momepy")
    random = np.random.default_rng(6)
    uses = pd.Series(random.integers(0, 4, 200))
    counts = uses.value_counts().reindex(range(4)).to_numpy(dtype=float)
    shares = (counts / counts.sum())[None, :]
    theirs = momepy.shannon_diversity(uses, categorical=True, categories=range(4))
    assert mix.entropy(shares)[0] == pytest.approx(theirs, rel=1e-9)
    concentration = momepy.simpson_diversity(uses, categorical=True)
    assert mix.simpson(shares)[0] == pytest.approx(1 - concentration, rel=1e-9)


def test_floor_area_is_that_of_momepy():
    # Footprints · storeys of 3 m; momepy gets heights.
    momepy = pytest.importorskip("momepy")
    found = toy.shapes(seed=2)
    homes, columns = found["buildings"]
    frame = gpd.GeoDataFrame(columns, geometry=homes, crs=toy.CRS)
    theirs = momepy.floor_area(frame.area, frame["levels"] * 3.0).sum()
    city = toy.city(found)
    ours = registry.indicators()["floor_area_ratio"]
    (one,) = ours.params().queries()
    floors_m2 = toy.result(ours, one, city).city * city.neighbourhoods.area_m2.sum()
    assert floors_m2 == pytest.approx(theirs, rel=1e-9)


@pytest.fixture(scope="module")
def grid_of_streets():
    """Streets of a random walk through a lattice, with dual carriageways 8 m apart."""
    random = np.random.default_rng(4)
    nodes = np.array([(x * 100.0, y * 100.0) for x in range(12) for y in range(12)])
    edges = [
        (at, other)
        for at in range(144)
        for other in (at + 1, at + 12)
        if other < 144 and not (other == at + 1 and other % 12 == 0) and random.random() < 0.8
    ]
    twins = np.arange(0, 144, 7)
    doubled = np.vstack([nodes, nodes[twins] + [8.0, 0.0]])
    edges += [(twin, 144 + row) for row, twin in enumerate(twins)]
    edges += [(144 + row, min(twin + 13, 143)) for row, twin in enumerate(twins)]
    edges += [(144 + row, max(twin - 13, 0)) for row, twin in enumerate(twins)]
    pairs = np.array([edge for edge in dict.fromkeys(edges) if edge[0] != edge[1]])
    return doubled, pairs


def test_crossings_are_the_nodes_of_degree_three_of_momepy(grid_of_streets):
    momepy = pytest.importorskip("momepy")
    xy, pairs = grid_of_streets
    lines = gpd.GeoDataFrame(
        geometry=[shapely.LineString([xy[a], xy[b]]) for a, b in pairs], crs=CRS
    )
    graph = momepy.node_degree(momepy.gdf_to_nx(lines, length="length"))
    theirs = sum(degree >= 3 for _, degree in graph.nodes(data="degree"))
    assert len(junctions.junctions(xy, pairs, merge_m=0)) == theirs


def test_crossings_made_one_are_those_of_osmnx(grid_of_streets):
    osmnx = pytest.importorskip("osmnx")
    networkx = pytest.importorskip("networkx")
    xy, pairs = grid_of_streets
    degree = np.bincount(pairs.ravel(), minlength=len(xy))
    graph = networkx.MultiDiGraph(crs=CRS)
    for row in np.flatnonzero(degree >= 3):  # osmnx leaves dead ends out, but not bends
        graph.add_node(int(row), x=xy[row, 0], y=xy[row, 1], street_count=int(degree[row]))
    theirs = osmnx.consolidate_intersections(
        graph, tolerance=6, rebuild_graph=False, dead_ends=True
    )
    assert len(junctions.junctions(xy, pairs, merge_m=12)) == len(theirs)


def test_people_of_areas_are_spread_as_tobler_does():
    area_weighted = pytest.importorskip("tobler.area_weighted")
    random = np.random.default_rng(7)
    tracts = shapely.voronoi_polygons(
        shapely.MultiPoint(random.uniform(0, 1000, (30, 2))),
        extend_to=shapely.box(0, 0, 1000, 1000),
    )
    from_areas = shapely.intersection(shapely.get_parts(tracts), shapely.box(0, 0, 1000, 1000))
    zones = np.array([
        shapely.box(x, y, x + 250, y + 250)
        for x in range(0, 1000, 250)
        for y in range(0, 1000, 250)
    ])  # fmt: skip
    people = random.integers(0, 500, len(from_areas)).astype(float)
    rate = random.uniform(0, 1, len(from_areas))
    source = gpd.GeoDataFrame({"people": people, "rate": rate}, geometry=from_areas, crs=CRS)
    theirs = area_weighted.area_interpolate(
        source, gpd.GeoDataFrame(geometry=zones, crs=CRS),
        extensive_variables=["people"], intensive_variables=["rate"],
    )  # fmt: skip
    zone, area, shared_m2 = zonal.intersection_areas_m2(zones, np.asarray(from_areas, dtype=object))
    spread = np.bincount(zone, people[area] * shared_m2 / shapely.area(from_areas)[area], 16)
    np.testing.assert_allclose(spread, theirs["people"], rtol=1e-6)
    mean = np.bincount(zone, rate[area] * shared_m2, 16) / np.bincount(zone, shared_m2, 16)
    np.testing.assert_allclose(mean, theirs["rate"], rtol=1e-6)


def test_sums_and_means_of_a_grid_are_those_of_its_cells_cut_by_hand():
    """exactextract is what we call; the oracle is shapely on a polygon for each cell."""
    random = np.random.default_rng(9)
    values = random.uniform(0, 10, (8, 8))
    values[2, 3] = values[5, 5] = np.nan
    transform = Affine(50, 0, 0, 0, -50, 400)
    zones = np.array([shapely.Point(200, 200).buffer(150), shapely.box(-30, 10, 70, 390)])
    cells = [
        shapely.box(50 * column, 350 - 50 * row, 50 * column + 50, 400 - 50 * row)
        for row in range(8)
        for column in range(8)
    ]
    share = shapely.area(shapely.intersection(zones[:, None], np.array(cells)[None, :])) / 2500
    flat = values.ravel()
    known = ~np.isnan(flat)
    total = share[:, known] @ flat[known]
    count = share[:, known].sum(axis=1)
    for statistic, expected in (("sum", total), ("count", count), ("mean", total / count)):
        ours = grids.zonal_statistic(zones, values, transform, CRS, statistic=statistic)
        np.testing.assert_allclose(ours, expected, rtol=1e-5)


EMBEDDED = ROOT / "data/gis/podgorica/gtfs.zip"
LAS_PALMAS = DATA / "las_palmas/gtfs_guaguas_20230222.zip"


def both(feed_path):
    """The stops as we read them, the departures of the same day as gtfs-kit does, and its feed."""
    kit = pytest.importorskip("gtfs_kit")
    if not feed_path.exists():
        pytest.skip(f"{feed_path.name} is not there")
    spec = LayerSpec(source="gtfs", path=feed_path.name)
    layer = gtfs.read([requested("stop", spec, feed_path)])["stop"]
    day = re.search(r"\d{4}-\d{2}-\d{2}", " ".join(in_english(layer.notes)))[0].replace("-", "")
    feed = kit.read_feed(feed_path, dist_units="km")
    calls = kit.get_stop_times(feed, day).sort_values(["trip_id", "stop_sequence"])
    last = ~calls.duplicated("trip_id", keep="last")  # nobody boards there
    return layer.frame.set_index("stop_id"), calls[~last], (kit, feed, day)


@pytest.mark.parametrize("feed_path", [EMBEDDED, LAS_PALMAS], ids=["embedded", "Las Palmas"])
def test_departures_of_a_feed_are_those_of_gtfs_kit(feed_path):
    stops, calls, _ = both(feed_path)
    theirs = calls.groupby("stop_id").size().reindex(stops.index).fillna(0.0)
    assert theirs.sum() > 1000
    np.testing.assert_array_equal(stops["departures"], theirs)


def test_headways_of_a_feed_are_those_of_gtfs_kit():
    # Of a feed that tells every time: theirs takes no other. Ours is the window over departures,
    # theirs the mean gap between them: near one another where buses leave often.
    stops, calls, (kit, feed, day) = both(LAS_PALMAS)
    seconds = pd.to_timedelta(calls["departure_time"]).dt.total_seconds()
    counted = calls[(seconds >= 7 * 3600) & (seconds < 19 * 3600)].groupby("stop_id").size()
    headway = stops["headway_min"].dropna()
    np.testing.assert_allclose(headway, 720 / counted.reindex(headway.index), rtol=1e-9)
    gaps = kit.compute_stop_stats(
        feed, [day], headway_start_time="07:00:00", headway_end_time="19:00:00"
    ).set_index("stop_id")["mean_headway"]
    often = headway[headway <= 20].index
    assert np.median(np.abs(gaps.reindex(often) / headway[often] - 1)) < 0.1
