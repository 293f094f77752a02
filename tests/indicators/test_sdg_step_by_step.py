"""SDG 11.2.1, 11.3.1 and 11.7.1 by the steps that UN-Habitat's metadata tells, beside our answers.

The steps are worked here with shapely, networkx and arithmetic on random toy cities, and share
nothing with the indicators but the layers.
"""

import dataclasses
import itertools
import math

import networkx as nx
import numpy as np
import pytest
import shapely
import toy

from urbanlayer import registry
from urbanlayer.model.layer import Provenance, Raster

SEEDS = (21, 22, 23)
LOW_M, HIGH_M = 500, 1000


def answer(name, city, *, variant="", table=None):
    indicator = registry.indicators()[name]
    queries = indicator.params.model_validate(table or {}).queries()
    one = next(query for query in queries if query.variant == variant)
    return toy.result(indicator, one, city)


def shortest_ways(streets, homes, stops):
    """Metres from each home to its nearest stop along streets that are cut where both stand."""
    points = [*homes, *stops]
    tree = shapely.STRtree(streets)
    street = tree.query_nearest(shapely.points(points), all_matches=False)[1]
    graph = nx.Graph()
    vertices = {row: set(line.coords) for row, line in enumerate(streets)}
    for row, line in enumerate(streets):  # where streets cross they meet
        for other in tree.query(line, predicate="intersects"):
            if other != row:
                crossing = line.intersection(streets[other])
                vertices[row].add((crossing.x, crossing.y))
    foot = []
    for point, row in zip(points, street, strict=True):
        at = streets[row].interpolate(streets[row].project(shapely.Point(point)))
        vertices[row].add((at.x, at.y))
        foot.append((at.x, at.y))
    for row, line in enumerate(streets):
        ordered = sorted(vertices[row], key=lambda xy, line=line: line.project(shapely.Point(xy)))
        for one, other in itertools.pairwise(ordered):
            nx.add_path(graph, [_key(one), _key(other)], length=math.dist(one, other))
    off = [math.dist(point, at) for point, at in zip(points, foot, strict=True)]
    for number in range(len(homes), len(points)):
        old = graph.get_edge_data("stops", _key(foot[number]), {"length": math.inf})["length"]
        graph.add_edge("stops", _key(foot[number]), length=min(old, off[number]))
    ways = nx.single_source_dijkstra_path_length(graph, "stops", weight="length")
    return np.array([
        ways.get(_key(foot[row]), math.inf) + off[row] for row in range(len(homes))
    ])  # fmt: skip


def _key(xy):
    return round(xy[0], 6), round(xy[1], 6)


@pytest.mark.parametrize("seed", SEEDS)
def test_11_2_1_population_in_the_service_areas_of_stops(seed):
    # Steps: the inventory of stops; their service areas of 500 m along the streets; the people in
    # them, overlaps once; over all people.
    found = toy.shapes(seed)
    homes = [(home.centroid.x, home.centroid.y) for home in found["buildings"][0]]
    stops = [(stop.x, stop.y) for stop in found["stop"][0]]
    ways = shortest_ways(found["streets"][0], homes, stops)
    result = answer("sdg_11_2_1", toy.city(found, seed=seed))
    people = toy.city(found, seed=seed).residents.people
    expected = people[ways <= LOW_M].sum() / people.sum()
    assert 0.05 < expected < 0.95  # the example tells something
    assert result.city == pytest.approx(expected)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("low_m", "high_m"), [(150, 350), (250, 250)])
def test_11_2_1_two_sorts_of_stops_have_service_areas_of_their_own(seed, low_m, high_m):
    # The metadata's two sorts at distances that tell them apart in 1.2 km; at one distance for both
    # it is as Montenegro's statistical office defines it. A stop without a service has no area.
    found = toy.shapes(seed)
    stops, columns = found["stop"]
    found["stop"] = (stops, {**columns, "departures": [0.0, *columns["departures"][1:]]})
    found["ferry"] = ([stops[0], shapely.Point(1000, 300)], {})
    homes = [(home.centroid.x, home.centroid.y) for home in found["buildings"][0]]
    served = [(stop.x, stop.y) for stop in stops[1:]]
    ports = [(stop.x, stop.y) for stop in found["ferry"][0]]
    near = shortest_ways(found["streets"][0], homes, served) <= low_m
    near |= shortest_ways(found["streets"][0], homes, ports) <= high_m
    table = {"low_m": low_m, "high_m": high_m, "high": ["ferry"]}
    result = answer("sdg_11_2_1", toy.city(found, seed=seed), table=table)
    people = toy.city(found, seed=seed).residents.people
    expected = people[near].sum() / people.sum()
    assert 0.02 < expected < 0.98
    assert result.city == pytest.approx(expected)


def test_11_2_1_by_age_is_the_same_step_with_the_people_of_that_age():
    # 20 % over 65 live in every home but those of Q7 and Q1, where all do.
    city = toy.city()
    people, hood = city.residents.people, city.residents.neighbourhood
    keys = np.array(city.neighbourhoods.keys)[hood]
    old = np.where(np.isin(keys, ["Q7", "Q1"]), people, 0.2 * people)
    indicator = registry.indicators()["sdg_11_2_1"]
    (one,) = indicator.params().queries()
    asked = toy.city()
    residents = dataclasses.replace(asked.residents, groups={"over_65": old})
    asked = dataclasses.replace(asked, residents=residents)
    result = toy.result(indicator, dataclasses.replace(one, group="over_65"), asked)
    # The stop at (200, 200): to Q7's home 50 + 10 m, to Q4's 450 + 10, to Q1's 450 + 10.
    near = np.isin(keys, ["Q7", "Q4", "Q1"])
    assert result.city == pytest.approx(old[near].sum() / old.sum())


def test_11_3_1_from_two_grids_of_built_up_land():
    # Steps: V1 and V2, the built-up area at both dates; P1 and P2; the rate of land consumption
    # (V2 − V1) / V1 / t and of population growth ln(P2 / P1) / t; their ratio; then the secondary
    # indicators, V / P at both dates and (V2 − V1) / V1.
    city = toy.city()
    random = np.random.default_rng(8)
    before = (random.random((24, 24)) < 0.3).astype(float)
    now = np.maximum(before, random.random((24, 24)) < 0.2)
    of = city.rasters["air"]
    grids = {
        role: Raster(role, values, of.transform, of.crs, Provenance("toy", f"{role}.tif", "0"))
        for role, values in (("built_up_before", before), ("built_up", now))
    }
    layers = {role: layer for role, layer in city.layers.items() if role not in grids}

    made = dataclasses.replace(city, layers=layers, rasters={**city.rasters, **grids})

    years, cell_m2 = 10, 50 * 50
    v1, v2 = before.sum() * cell_m2, now.sum() * cell_m2
    p1, p2 = 450 / 1.1, 450
    land, people = (v2 - v1) / v1 / years, math.log(p2 / p1) / years
    expected = {
        "": land / people, "land": land, "people": people, "total": (v2 - v1) / v1,
        "per_resident": v2 / p2, "per_resident_before": v1 / p1,
    }  # fmt: skip
    for variant, value in expected.items():
        found = answer("lcrpgr", made, variant=variant)
        assert found.city == pytest.approx(value, rel=1e-6), variant


def test_11_3_1_of_the_metadata_s_example():
    # 40 to 50 km², 150,000 to 165,000 people in ten years: 266.67 and 303.03 m² each.
    assert answer("lcrpgr", toy.city(), variant="total").values["Q7"] == pytest.approx(0.25)
    now = answer("lcrpgr", toy.city(), variant="per_resident").values["Q7"]
    assert now == pytest.approx(50_000 / 90)  # 200 m × 250 m for 90 people


def test_11_7_1_open_space_and_streets_over_the_built_up_area():
    # Steps: the built-up area; the open public space in it; the land of streets, length times
    # width; their sum without overlaps over the built-up area; and who has some within 400 m.
    found = toy.shapes()
    built = shapely.union_all(found["built_up"][0])
    streets = shapely.union_all(shapely.buffer(found["streets"][0], 4.5, cap_style="flat"))
    open_space = shapely.union_all(found["public_space"][0])
    land = shapely.intersection(shapely.union(streets, open_space), built).area
    result = answer("sdg_11_7_1_share", toy.city())
    assert result.city == pytest.approx(land / built.area, rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_11_7_1_by_points_of_a_fine_grid(seed):
    # The same steps without a union: of the points of a grid of 2.5 m that are built up, those in
    # an open space or within half a street's width of a street; overlaps so count once.
    random = np.random.default_rng(seed)
    found = toy.shapes()
    boxes = {"built_up": _boxes(random, 6, 500), "public_space": _boxes(random, 8, 200)}
    for role, edges in boxes.items():
        found[role] = ([shapely.box(*edge) for edge in edges], {})
    at = np.arange(1.25, 1200, 2.5)
    x, y = (axis.ravel() for axis in np.meshgrid(at, at))
    built, space = (_in_boxes(x, y, boxes[role]) for role in ("built_up", "public_space"))
    street = (np.abs(x - np.round(x / 100) * 100) <= 5) | (np.abs(y - np.round(y / 100) * 100) <= 5)
    expected = (built & (space | street)).sum() / built.sum()
    result = answer("sdg_11_7_1_share", toy.city(found), table={"street_width_m": 10})
    assert result.city == pytest.approx(expected, rel=0.01)


def _boxes(random, count, side):
    corner = random.uniform(0, 1200 - side, (count, 2))
    return np.hstack([corner, corner + random.uniform(side / 4, side, (count, 2))])


def _in_boxes(x, y, boxes):
    west, south, east, north = boxes.T[:, :, None]
    return ((x >= west) & (x <= east) & (y >= south) & (y <= north)).any(axis=0)


@pytest.mark.parametrize("seed", SEEDS)
def test_11_7_1_who_has_open_space_within_400_m_along_streets(seed):
    # Steps: where streets enter the open spaces; the areas 400 m around along streets; the people
    # in them over all people. Spaces lie on a street here, so every metre of it enters them.
    random = np.random.default_rng(seed)
    found = toy.shapes(seed)
    west = 100.0 * random.integers(0, 11, 2)
    south = 100.0 * random.integers(0, 11, 2)
    found["public_space"] = (
        [shapely.box(x, y + 30, x + 40, y + 70) for x, y in zip(west, south, strict=True)],
        {"public": [True, True]},
    )
    entrances = [
        (x, y + north) for x, y in zip(west, south, strict=True) for north in range(30, 71)
    ]
    homes = [(home.centroid.x, home.centroid.y) for home in found["buildings"][0]]
    ways = shortest_ways(found["streets"][0], homes, entrances)
    result = answer("sdg_11_7_1_access", toy.city(found, seed=seed))
    people = toy.city(found, seed=seed).residents.people
    expected = people[ways <= 400].sum() / people.sum()
    assert 0.02 < expected < 0.98
    assert result.city == pytest.approx(expected)
