"""Parts of edges from which a destination is reached, worked by hand."""

import numpy as np
import pytest

from urbanlayer.network.edge_parts import reached_parts
from urbanlayer.network.graph import build_graph
from urbanlayer.network.snapping import Attached


def test_of_two_ways_in_half_a_metre_apart_the_cheaper_one_leads_on():
    # 10 m off the street at 30 m of the second edge, and 30 m off it at 30.5: 40 m are left along
    # the street from the first, to 70 m one way and to 10 m beyond the corner the other.
    graph = build_graph(3, np.array([[0, 1], [1, 2]]), np.array([200.0, 200.0]))
    one_park = np.zeros(2, dtype=np.int64)
    ways = Attached(1, one_park, one_park + 1, np.array([30.0, 30.5]), np.array([10.0, 30.0]))
    parts = reached_parts(graph, ways, limit=50.0)
    assert parts.edge.tolist() == [0, 1, 1, 1]
    assert parts.from_m == pytest.approx([190, 0, 30, 30.5])
    assert parts.to_m == pytest.approx([200, 30, 30.5, 70])
