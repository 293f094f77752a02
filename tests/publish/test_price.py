"""What disclosure control costs: shares of the embedded city, published and exact."""

from pathlib import Path

import numpy as np
import pytest

from urbanlayer import pipeline
from urbanlayer.publish.disclosure import disclosed
from urbanlayer.stages import Errors, Stages, silent

CITY_FILE = Path(__file__).parents[2] / "data/gis/podgorica/city.toml"
MANY = 1000


@pytest.fixture(scope="module")
def shares():
    """Exact and published results of shares of residents, and the residents of each row."""
    file = pipeline.read_city_file(CITY_FILE)
    exact = pipeline.publication_of(file, pipeline.evaluated(file, Stages(silent), Errors()))
    people = exact.city.residents.per_neighbourhood(len(exact.city.neighbourhoods))
    both = zip(exact.results, disclosed(exact).results, strict=True)
    return people, [pair for pair in both if pair[0].unit == "share"]


def test_shares_of_the_city_move_by_a_tenth_of_a_point_at_most(shares):
    _, pairs = shares
    moved = [abs(published.city - exact.city) for exact, published in pairs]
    assert len(moved) > 10
    assert np.nanmax(moved) <= 0.001


def test_shares_of_a_thousand_people_move_by_a_point_at_most(shares):
    people, pairs = shares
    for exact, published in pairs:
        moved = (published.values - exact.values).abs().to_numpy()[people >= MANY]
        assert np.nanmax(moved, initial=0.0) <= 0.01, exact.id
