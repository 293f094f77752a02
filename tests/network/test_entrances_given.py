"""Parks that are entered where the city says: by hand on streets each 100 m.

The park from (108, 108) to (192, 192) lies 8 m from the streets on all its sides.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely
import toy
from hypothesis import given, settings
from hypothesis import strategies as st

from urbanlayer.model.network_query import NearestQuery
from urbanlayer.model.note import Note
from urbanlayer.model.residents import Residents
from urbanlayer.model.tag_scheme import OSM

PARK = NearestQuery("green", public_only=True)
HOMES = np.array([(650, 210), (150, 210), (150, 150)])
"""East of the park along y = 200; beside its northern street; and within it."""


def city(points, *, tags=None, **columns):
    made = toy.city()
    layer = toy.layer(
        "entrances", [shapely.Point(np.array(toy.ORIGIN) + point) for point in points], columns
    )
    layer = dataclasses.replace(layer, provenance=dataclasses.replace(layer.provenance, tags=tags))
    homes = Residents(HOMES + np.array(toy.ORIGIN), np.ones(3), np.zeros(3, dtype=int), "toy")
    green = made.layers["green"]
    one_park = dataclasses.replace(green, frame=green.frame.iloc[:1])
    layers = {**made.layers, "green": one_park, "entrances": layer}
    return dataclasses.replace(made, layers=layers, residents=homes)


def metres(made, question=PARK):
    return toy.network(made, question)[question].distance_m.tolist()


FREE = [10 + 452 + 10, 10 + 8, 0]
"""Where a street comes within 10 m: 6 m before the corner, along y = 200."""


def test_a_park_is_entered_at_its_given_entrance_alone():
    west = [10 + 550 + 50 + 8, 10 + 50 + 50 + 8, 0]
    assert metres(city([(108, 150)])) == pytest.approx(west)
    east_too = [10 + 450 + 50 + 8, 10 + 50 + 50 + 8, 0]
    assert metres(city([(108, 150), (192, 150)])) == pytest.approx(east_too)
    whole = dataclasses.replace(PARK, min_area_m2=5000.0)
    assert metres(city([(108, 150)]), whole) == pytest.approx(west)
    near = dataclasses.replace(PARK, within_m=700.0)
    assert metres(city([(108, 150)]), near) == pytest.approx(west)


def test_a_park_is_entered_from_streets_as_far_as_asked():
    # 8 m from the street, straight ahead; 10 m, 6 m before the corner; 20 m, √(20² - 8²) before it
    made = city([(500, 500)])  # far from the park: it is entered freely
    for entrance_m, past_corner in ((5.0, 0.0), (10.0, 6.0), (20.0, 336**0.5)):
        question = dataclasses.replace(PARK, entrance_m=entrance_m)
        way = 10 + (458 - past_corner) + max(entrance_m, 8.0)
        assert metres(made, question) == pytest.approx([way, 18, 0], abs=0.02)  # of an arc


def test_an_entrance_lies_on_the_border_or_almost():
    assert metres(city([(104, 150)]))[0] == pytest.approx(10 + 550 + 50 + 4)  # drawn by hand
    assert metres(city([(102, 150)])) == pytest.approx(FREE, abs=0.05)  # 6 m off
    # of OpenStreetMap it is somebody's door
    assert metres(city([(104, 150)], tags=OSM)) == pytest.approx(FREE, abs=0.05)
    assert metres(city([(150, 150)])) == pytest.approx(FREE, abs=0.05)  # within the park


@pytest.mark.parametrize(
    "tags",
    [{"entrance": "emergency"}, {"barrier": "gate", "access": "private"}, {"closed": True}],
)
def test_what_is_not_for_visitors_is_no_entrance(tags):
    columns = {tag: [value] for tag, value in tags.items()}
    assert metres(city([(108, 150)], **columns)) == pytest.approx(FREE, abs=0.05)


def test_a_stile_is_an_entrance_but_not_for_wheelchairs():
    made = city([(108, 150), (192, 150)], barrier=[None, "stile"])
    rolled = dataclasses.replace(PARK, mode="wheelchair")
    assert metres(made)[0] == pytest.approx(518)
    assert metres(made, rolled)[0] == pytest.approx(618)
    alone = city([(192, 150)], barrier=["stile"])
    assert metres(alone, rolled)[:2] == [np.inf, np.inf]
    reach = toy.network(alone, rolled)[rolled]
    assert reach.not_connected == ()  # it lies on a street
    assert reach.notes[-1] == Note.of("entrances-shut", layer="green", count=1)


def test_a_layer_without_entrances_or_barriers_changes_nothing():
    made = city([])
    nothing = dataclasses.replace(made.layers["entrances"], role="barriers")
    made = dataclasses.replace(made, layers={**made.layers, "barriers": nothing})
    assert metres(made) == pytest.approx(FREE, abs=0.05)


def test_how_many_areas_have_given_entrances_is_told():
    reach = toy.network(city([(108, 150)]), PARK)[PARK]
    assert Note.of("given-entrances", layer="green", count=1, total=1) in reach.notes
    assert toy.network(toy.city(), PARK)[PARK].notes == ()


@given(st.lists(st.tuples(st.sampled_from([108, 192]), st.integers(108, 192)), min_size=2))
@settings(max_examples=12, deadline=None)
def test_an_entrance_more_never_makes_the_way_longer(points):
    fewer, more = metres(city(points[:-1])), metres(city(points))
    assert (np.array(more) <= np.array(fewer) + 1e-9).all()


def test_a_park_far_from_streets_may_be_cut_and_a_school_ground_is_one_for_each_school():
    # nearest to the street along x = 100, 20 m; the eastern half alone lies 30 m from x = 200
    whole = shapely.box(120, 130, 170, 170)
    halves = [shapely.box(120, 130, 150, 170), shapely.box(150, 130, 170, 170)]
    from_west = 10 + 550 + 30 + 20
    for role, expected in (("green", from_west), ("school", 10 + 450 + 30 + 30)):
        for parts, metres_ in (([whole], from_west), (halves, expected)):
            made = toy.city({**toy.shapes(), role: (parts, {"public": [True] * len(parts)})})
            homes = Residents(HOMES + np.array(toy.ORIGIN), np.ones(3), np.zeros(3, int), "toy")
            asked = NearestQuery(role)
            reach = toy.network(dataclasses.replace(made, residents=homes), asked)[asked]
            assert reach.distance_m[0] == pytest.approx(metres_, abs=0.05)
            assert reach.destination_count == len(parts)
