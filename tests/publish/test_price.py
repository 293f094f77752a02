"""What disclosure control costs: shares, published and exact."""

from pathlib import Path

import numpy as np
import pytest
from made_city import make_publication

from urbanlayer import contents, pipeline
from urbanlayer.publish.disclosure import disclosed
from urbanlayer.stages import Errors, Stages, silent

CITY_FILE = Path(__file__).parents[2] / "data/gis/podgorica/city.toml"
MANY = 1000


def embedded():
    """The embedded city, not yet disclosed."""
    file = pipeline.read_city_file(CITY_FILE)
    return contents.publication_of(file, pipeline.evaluated(file, Stages(silent), Errors()))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((make_publication, 4), id="made"),
        pytest.param((embedded, 11), id="embedded", marks=pytest.mark.slow),
    ],
)
def shares(request):
    """Exact and published results of shares of residents, and the residents of each row."""
    make, at_least = request.param
    exact = make()
    people = exact.city.residents.per_neighbourhood(len(exact.city.neighbourhoods))
    both = zip(exact.results, disclosed(exact).results, strict=True)
    pairs = [pair for pair in both if pair[0].unit == "share"]
    assert len(pairs) >= at_least
    return people, pairs


def test_shares_of_the_city_move_by_a_tenth_of_a_point_at_most(shares):
    _, pairs = shares
    moved = [abs(published.city - exact.city) for exact, published in pairs]
    assert np.nanmax(moved) <= 0.001


def test_shares_of_a_thousand_people_move_by_a_point_at_most(shares):
    people, pairs = shares
    for exact, published in pairs:
        moved = (published.values - exact.values).abs().to_numpy()[people >= MANY]
        assert np.nanmax(moved, initial=0.0) <= 0.01, exact.id
