"""Surroundings along streets, beside another kernel and in odd places."""

import numpy as np
import pytest
import shapely
import toy

from urbanlayer.kernels.pairs_by_node import amounts_reached
from urbanlayer.model.network_query import BufferQuery
from urbanlayer.model.travel_modes import MODES
from urbanlayer.network.edge_parts import cut_lines, reached_parts
from urbanlayer.network.routable import ready

ASKED = BufferQuery(400.0)


def squares_of(around, origin):
    reached = amounts_reached(around.pairs, np.eye(len(around.cells)))
    return set(np.flatnonzero(reached[:, origin]).tolist())


@pytest.mark.parametrize("seed", [5, 6])
def test_the_squares_are_those_that_the_reached_parts_of_streets_touch(seed):
    city = toy.city(toy.shapes(seed), seed=seed)
    around = toy.network(city, ASKED)[ASKED]
    walk = ready(MODES["walk"], city, city.streets, city.residents)
    parts = reached_parts(walk.graph, walk.origins, limit=ASKED.within_m)
    pieces = cut_lines(walk.network.edge_lines[parts.edge], parts.from_m, parts.to_m)
    tree = shapely.STRtree(around.cells.boxes())
    piece, cell = tree.query(pieces, predicate="intersects")
    own = around.cells.rows(city.residents.xy)
    for origin in range(len(city.residents)):
        expected = set(cell[parts.destination[piece] == origin].tolist())
        assert squares_of(around, origin) == expected | {own[origin]}


def test_a_home_far_from_every_street_has_its_own_square_around_it():
    found = toy.shapes()
    lines, columns = found["streets"]
    found["streets"] = (lines[:2], {name: values[:2] for name, values in columns.items()})
    city = toy.city(found)  # streets along the west and the south alone
    around = toy.network(city, ASKED)[ASKED]
    far = int(np.argmax(city.residents.xy.sum(axis=1)))  # in the north-east
    assert squares_of(around, far) == {around.cells.rows(city.residents.xy)[far]}


def test_land_is_that_of_the_city():
    city = toy.city()
    asked = BufferQuery(2000.0)
    around = toy.network(city, asked)[asked]
    assert around.land_m2.sum() == pytest.approx(1200.0**2)
    assert around.land_m2.max() == pytest.approx(250.0**2)
