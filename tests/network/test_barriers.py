"""What stands on streets, and whom it stops: by hand on streets each 100 m."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import pytest
import shapely
import toy
from hypothesis import given, settings
from hypothesis import strategies as st

from urbanlayer.city.streets import build_streets
from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.note import Note
from urbanlayer.model.residents import Residents
from urbanlayer.model.specification import ModeSpec
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.model.travel_modes import MODES, travel_modes
from urbanlayer.network.barriers import is_shut
from urbanlayer.network.street_edits import cut_at

ON_FOOT, ROLLED = NearestQuery("kindergarten"), NearestQuery("kindergarten", "wheelchair")


def city(points, **columns):
    """The toy city, with barriers of its own layer."""
    found = toy.shapes()
    barriers = [shapely.Point(point) for point in points]
    return toy.city({**found, "barriers": (barriers, {"name": [""] * len(points), **columns})})


def metres(made, question, home="Q4"):
    """How far it is from one home to the kindergarten at (200, 200): 460 m from Q4's."""
    reach = toy.network(made, question)[question]
    row = made.neighbourhoods.keys.tolist().index(home)
    return float(reach.distance_m[made.residents.neighbourhood == row][0])


def test_a_raised_kerb_sends_wheelchairs_round_the_block_and_nobody_else():
    # the way of Q4 leads along y = 200; round a block it is 200 m more
    made = city([(250, 200)], barrier=["kerb"], kerb=["raised"])
    assert metres(made, ON_FOOT) == pytest.approx(460)
    assert metres(made, ROLLED) == pytest.approx(660)
    assert metres(made, NearestQuery("kindergarten", "cycle")) == pytest.approx(460)


def test_at_a_node_that_is_shut_every_street_ends():
    made = city([(300, 200)], barrier=["stile"])
    assert metres(made, ROLLED) == pytest.approx(660)
    assert metres(made, NearestQuery("kindergarten", "cycle")) == pytest.approx(660)
    assert metres(made, ON_FOOT) == pytest.approx(460)
    assert made.streets is not None
    cut, of, met = cut_at(
        made.streets, np.array(toy.ORIGIN) + np.array([[300, 200]]), tolerance_m=1.0
    )
    assert met == 1
    assert of.tolist() == list(range(len(made.streets.edge_lines)))  # none is cut inside
    assert len(cut.node_xy) == len(made.streets.node_xy) + 4  # four streets end there
    assert cut.edge_length_m.tolist() == made.streets.edge_length_m.tolist()


def test_a_private_gate_stops_walkers_too_and_one_open_on_foot_nobody():
    assert metres(city([(250, 200)], barrier=["gate"], access=["private"]), ON_FOOT) == 660
    assert metres(city([(250, 200)], barrier=["gate"], foot=["no"]), ON_FOOT) == 660
    assert metres(city([(250, 200)], barrier=["gate"], locked=["yes"]), ON_FOOT) == 660
    assert metres(city([(250, 200)], closed=[True]), ON_FOOT) == 660
    told = {"barrier": ["gate"], "access": ["private"], "foot": ["yes"]}
    assert metres(city([(250, 200)], **told), ON_FOOT) == pytest.approx(460)


def test_what_stands_beside_a_street_stops_nobody_and_is_told():
    made = city([(250, 202), (250, 199.5)], barrier=["stile", "stile"])
    reach = toy.network(made, ROLLED)[ROLLED]
    assert metres(made, ROLLED) == pytest.approx(660)  # half a metre off is drawn by hand
    assert Note.of("barriers", count=1, total=2) in reach.notes
    assert Note.of("barriers-off-streets", count=1, distance_m=1.0) in reach.notes
    # a node of OpenStreetMap lies on its street
    layer = made.layers["barriers"]
    from_osm = dataclasses.replace(
        layer, provenance=dataclasses.replace(layer.provenance, tags=OSM)
    )
    layers = {**made.layers, "barriers": from_osm}
    assert metres(dataclasses.replace(made, layers=layers), ROLLED) == pytest.approx(460)


def test_a_kerb_of_unknown_height_is_passed_and_counted():
    made = city([(250, 200), (350, 200), (150, 200)], barrier=["kerb"] * 3,
                kerb=["yes", None, "lowered"])  # fmt: skip
    reach = toy.network(made, ROLLED)[ROLLED]
    assert metres(made, ROLLED) == pytest.approx(460)
    assert Note.of("kerbs-unknown", count=2) in reach.notes


@pytest.mark.parametrize(
    ("tags", "stopped"),
    [
        ({"barrier": "bollard"}, ()),
        ({"barrier": "bollard", "maxwidth:physical": "0,7 m"}, ("wheelchair",)),
        ({"barrier": "bollard", "maxwidth:physical": "1.2"}, ()),
        ({"barrier": "cycle_barrier"}, ("wheelchair",)),
        ({"barrier": "cycle_barrier", "wheelchair": "yes"}, ()),
        ({"barrier": "kissing_gate"}, ("wheelchair", "cycle")),
        ({"barrier": "turnstile"}, ("wheelchair", "cycle")),
        ({"barrier": "gate", "wheelchair": "no"}, ("wheelchair",)),
        ({"barrier": "gate", "bicycle": "no"}, ("cycle",)),
        ({"barrier": "gate", "access": "private"}, ("walk", "walk_slope", "wheelchair", "cycle")),
        ({"kerb": "flush"}, ()),
        ({"kerb": "rolled"}, ("wheelchair",)),
        ({"kerb": "raised", "wheelchair": "yes"}, ()),
    ],
)
def test_who_is_stopped_by_what(tags, stopped):
    points = toy.layer("barriers", [shapely.Point(0, 0)], {k: [v] for k, v in tags.items()}).frame
    assert [name for name, travel in MODES.items() if is_shut(travel, points)[0]] == [
        name for name in MODES if name in stopped
    ]


def test_a_city_says_what_bars_a_profile_of_its_own():
    pram = ModeSpec.model_validate({"impassable": {"barrier": "stile"}, "narrowest_m": 0.6})
    points = toy.layer("barriers", [shapely.Point(0, 0)] * 3, {
        "barrier": ["stile", "bollard", "bollard"], "maxwidth:physical": [None, "0.5", "0.7"],
    }).frame  # fmt: skip
    travel = travel_modes({"pram": pram})["pram"]
    assert is_shut(travel, points).tolist() == [True, True, False]


def test_a_street_that_is_cut_keeps_its_length_its_tags_and_its_bends():
    found = toy.layer("streets", [shapely.LineString([(0, 0), (60, 0), (60, 40)])], {})
    network = build_streets(found)
    cut, of, met = cut_at(network, np.array([[70.0, 0.0], [60.5, 10.0], [60.0, 10.4], [30, 0]]),
                          tolerance_m=1.0)  # fmt: skip
    assert met == 3  # the first lies 10 m off
    assert of.tolist() == [0] * 4
    assert cut.edge_length_m.tolist() == pytest.approx([30, 40, 0.4, 29.6])
    assert len({*cut.edge_nodes.ravel().tolist()}) == 8  # nothing is joined
    assert cut.edge_feature is not None
    assert cut.edge_feature.tolist() == [0] * 4


def test_a_ring_that_is_shut_at_its_node_is_no_ring():
    ring = shapely.LineString([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])
    network = build_streets(toy.layer("streets", [ring], {}))
    cut, _, met = cut_at(network, np.array([[0.0, 0.0]]), tolerance_m=1.0)
    assert met == 1
    one, other = cut.edge_nodes[0]
    assert one != other


HOMES = np.array([(10, 0), (0, 80), (40, 100), (400, 0)])


def estate(**tags):
    """Streets behind one gate at (0, 50): homes on both sides, a school without, one within."""
    lines = [[(0, 0), (0, 100)], [(0, 100), (50, 100)], [(0, 100), (-50, 100)], [(0, 0), (5000, 0)]]
    streets = [shapely.LineString(line) for line in lines]
    gate = ([shapely.Point(0, 50)], {"name": [""], **{tag: [value] for tag, value in tags.items()}})
    school = ([shapely.Point(30, 0), shapely.Point(30, 100)], {"name": ["out", "in"]})
    made = toy.city({**toy.shapes(), "streets": (streets, {}), "barriers": gate, "school": school})
    homes = Residents(HOMES + np.array(toy.ORIGIN), np.ones(4), np.zeros(4, dtype=int), "toy")
    return dataclasses.replace(made, residents=homes)


def test_who_lives_behind_a_private_gate_goes_out_by_it_and_nobody_comes_in():
    asked = NearestQuery("school", within_m=1000)
    reach = toy.network(estate(barrier="gate", access="private"), asked)[asked]
    # schools at (30, 0), and behind the gate at (30, 100)
    metres = np.full((4, 2), np.inf)
    metres[reach.pairs.origin, reach.pairs.destination] = reach.pairs.cost
    expected = [[20, np.inf], [110, 50], [170, 10], [370, np.inf]]
    assert metres == pytest.approx(np.array(expected), abs=1e-5)


def test_what_cannot_be_passed_bodily_is_not_left_by_either():
    asked = NearestQuery("school", "wheelchair")
    found = toy.network(estate(barrier="stile"), asked)
    assert found[asked].nearest.tolist() == [0, 1, 1, 0]
    assert found.connections["wheelchair"].residents_cut_off == 2


@functools.cache
def toy_city():
    return toy.city(toy.shapes(12), seed=12)


@pytest.mark.slow
@given(
    x=st.integers(0, 1200), street=st.integers(0, 12), along_x=st.booleans(), kerbs=st.booleans()
)
@settings(max_examples=60, deadline=None)
def test_a_barrier_never_makes_a_way_shorter(x, street, along_x, kerbs):
    origin = (x, 100 * street) if along_x else (100 * street, x)
    frame = {"barrier": ["kerb"], "kerb": ["raised" if kerbs else "lowered"], "name": [""]}
    at = shapely.Point(np.array(toy.ORIGIN) + np.array(origin))
    barriers = toy.layer("barriers", [at], frame)
    with_it = dataclasses.replace(toy_city(), layers={**toy_city().layers, "barriers": barriers})
    asked = [ROLLED, dataclasses.replace(ROLLED, within_min=10.0)]
    before, after = toy.network(toy_city(), *asked), toy.network(with_it, *asked)
    for question in asked:
        longer = after[question].distance_m
        assert (longer >= before[question].distance_m - 1e-6).all()
        if not kerbs:
            assert longer.tolist() == before[question].distance_m.tolist()
