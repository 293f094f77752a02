"""Sums over pairs by way of nodes, beside one loop over all ways."""

import numpy as np
import pytest

from urbanlayer.kernels import pairs_by_node
from urbanlayer.kernels.pairs_by_node import PairsByNode, amounts_reached, ways_by_start

ORIGINS, NODES, DESTINATIONS = 40, 9, 13


def some_ways(random, starts, ends, count):
    start, end = random.integers(0, starts, count), random.integers(0, ends, count)
    one = np.unique(start * ends + end)
    return one // ends, one % ends, random.integers(0, 60, len(one)).astype(float)


@pytest.mark.parametrize("most", [4, 4_000_000])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_destination_within_the_limit_counts_once(seed, most, monkeypatch):
    random = np.random.default_rng(seed)
    to_node = some_ways(random, ORIGINS, NODES, 70)
    onward = some_ways(random, NODES, DESTINATIONS, 40)
    direct = some_ways(random, ORIGINS, DESTINATIONS, 30)
    amounts = random.random((2, DESTINATIONS))
    reached = [{} for _ in range(ORIGINS)]
    for origin, node, cost in zip(*to_node, strict=True):
        for via, end, on in zip(*onward, strict=True):
            if via == node:
                reached[origin][end] = min(cost + on, reached[origin].get(end, 70.0))
    for origin, end, cost in zip(*direct, strict=True):
        reached[origin][end] = min(cost, reached[origin].get(end, 70.0))
    expected = [
        [sum(amount[end] for end in sorted(ends) if ends[end] <= 55) for ends in reached]
        for amount in amounts
    ]
    monkeypatch.setattr(pairs_by_node, "MAX_TABLE", most)
    monkeypatch.setattr(pairs_by_node, "MAX_ORIGINS", most)
    pairs = PairsByNode(
        DESTINATIONS, random.integers(0, 4, ORIGINS), ways_by_start(ORIGINS, *to_node),
        ways_by_start(NODES, *onward), ways_by_start(ORIGINS, *direct), 55.0,
    )  # fmt: skip
    assert amounts_reached(pairs, amounts).tolist() == expected
