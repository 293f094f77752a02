"""What disclosure control costs: shares, published and exact."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_city import make_publication, make_result

from urbanlayer import contents, pipeline
from urbanlayer.model.residents import Residents
from urbanlayer.publish.disclosure import disclosed
from urbanlayer.publish.disclosure.city_shares import city_share
from urbanlayer.publish.disclosure.counts import published_counts
from urbanlayer.stages import Errors, Stages, silent

CITY_FILE = Path(__file__).parents[2] / "data/gis/podgorica/city.toml"
MANY = 1000


def embedded():
    """The embedded city, not yet disclosed."""
    file = pipeline.read_city_file(CITY_FILE)
    return contents.publication_of(file, pipeline.evaluated(file, Stages(silent), Errors()))


FORTY = tuple(np.random.default_rng(1).integers(900, 1100, 40).astype(float))
TOWN = (40.0, 150.0, 400.0, 900.0, 1500.0, 3000.0)


def town(source, sizes=TOWN):
    """Neighbourhoods of so many people, and twenty shares of them, not yet disclosed."""
    count = len(sizes)
    publication = make_publication([f"Part {n}" for n in range(count)])
    hoods = publication.city.neighbourhoods
    at = np.array([[one.centroid.x, one.centroid.y] for one in hoods.geometry])
    people = np.array(sizes)
    residents = Residents(xy=at, people=people, neighbourhood=np.arange(count), source=source)
    draw = np.random.default_rng(3)
    results = []
    for _ in range(20):
        served = np.round(draw.uniform(0.05, 0.95, count) * people)
        made = make_result(hoods, residents, "coverage_within", 1)
        values = made.values.fillna(0) * 0 + served / people
        city = float(served.sum() / people.sum())
        results.append(
            replace(made, values=values, city=city, low=None, high=None, ranges={}, reasons={})
        )
    city = replace(publication.city, residents=residents)
    return replace(publication, city=city, results=tuple(results))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((lambda: town("census"), 20), id="town"),
        pytest.param((lambda: town("population"), 20), id="town of no census"),
        pytest.param((lambda: town("census", FORTY), 20), id="forty of a thousand"),
        pytest.param((lambda: town("population", FORTY), 20), id="forty of no census"),
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


def test_no_share_of_a_thousand_people_or_more_moves_by_more_than_a_point():
    """Every count of every number of people up to 2,100; further on twenty people are less."""
    for total in range(1000, 2101):
        counts = np.arange(total + 1.0)
        moved = published_counts(counts, np.full(total + 1, float(total)), 10) - counts
        assert np.abs(moved).max() <= 0.01 * total


def test_the_share_of_a_town_tells_no_more_of_its_neighbourhoods_than_their_classes():
    """Four of 60 people: whatever the town's class of eleven, each class stays whole."""
    people = np.full(4, 60.0)
    draw = np.random.default_rng(5)
    nearer = 0
    for _ in range(2000):
        exact = draw.integers(0, 61, 4).astype(float)
        shown = published_counts(exact, people, 10)
        share = city_share(shown, exact, people, people, 10)
        if share == pytest.approx(shown.sum() / 240):
            continue
        nearer += 1
        low = round(share * 240) - 5
        lowest = np.where(exact < 44, 11 * (exact // 11), 44)
        highest = np.where(exact < 44, lowest + 10, 60)
        assert low <= exact.sum() <= low + 10
        for row in range(4):
            others = np.delete(lowest, row).sum(), np.delete(highest, row).sum()
            assert low - others[1] <= lowest[row]
            assert low + 10 - others[0] >= highest[row]
    assert nearer > 100
