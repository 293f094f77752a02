"""The equity of what is published: its numbers are the kernels', and it hides what is hidden."""

from __future__ import annotations

import csv
import dataclasses
import io

import numpy as np
import pytest
from made_city import make_publication, make_result

from urbanlayer.kernels import inequality
from urbanlayer.model.residents import Residents
from urbanlayer.publish.data.equity_tables import clusters_csv, equity_csv
from urbanlayer.publish.disclosure import suppressed_neighbourhoods
from urbanlayer.publish.equity import equities


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.fixture(scope="module")
def publication():
    return make_publication(publish={"disclosure": "internal"})


def test_a_share_s_gini_over_residents_is_one_less_the_share(publication):
    # Who has 1 and who has 0: the Lorenz curve is flat, then straight to the corner.
    first = equities(publication)[0]
    people = publication.city.residents.people
    share = np.average(first.result.origins, weights=people)
    assert first.over["residents", "gini"] == pytest.approx(1 - share)


def test_between_and_within_neighbourhoods_add_up(publication):
    over = equities(publication)[0].over
    parts = [over["residents", f"theil_t_{part}_neighbourhoods"] for part in ("between", "within")]
    assert sum(parts) == pytest.approx(over["residents", "theil_t"])


def test_over_neighbourhoods_each_weighs_as_its_residents_do(publication):
    found = equities(publication)[0]
    people = publication.city.residents.per_neighbourhood(len(found.result.values))
    expected = inequality.gini(found.result.values.to_numpy(), people)
    assert found.over["neighbourhoods", "gini"] == pytest.approx(expected)


def test_deprivation_adds_who_has_it(publication):
    city = publication.city
    poor = city.residents.xy[:, 0].copy()
    richer = dataclasses.replace(
        city, residents=dataclasses.replace(city.residents, deprivation=poor)
    )
    found = equities(dataclasses.replace(publication, city=richer))[0].over
    assert -1 <= found["residents", "concentration_index"] <= 1
    assert ("neighbourhoods", "concentration_index_erreygers") in found
    assert ("residents", "concentration_index") not in equities(publication)[0].over


def test_the_tables_have_a_line_for_each_measure_and_each_neighbourhood(publication):
    found = equities(publication)
    assert len(rows(equity_csv(publication, found))) == sum(len(each.over) for each in found)
    table = rows(clusters_csv(publication, found))
    assert len(table) == len(found) * len(publication.city.neighbourhoods)
    assert {row["cluster"] for row in table} <= {
        "", "high-high", "low-low", "high-low", "low-high",
    }  # fmt: skip


def test_a_hidden_neighbourhood_is_in_no_cluster():
    made = make_publication(publish={"suppress_below": 4000})
    hidden = suppressed_neighbourhoods(made)
    assert hidden
    for row in rows(clusters_csv(made, equities(made))):
        if row["key"] in hidden:
            assert (row["value"], row["local_moran_i"], row["cluster"]) == ("", "", "")


def test_without_a_population_nothing_is_said_of_equity(publication):
    nobody = dataclasses.replace(publication.city, residents=None)
    assert equities(dataclasses.replace(publication, city=nobody)) == ()


def _village(*served):
    """Four neighbourhoods of 300 persons, of whom so many are served; measures over residents."""
    publication = make_publication(list("ABCD"))
    hoods = publication.city.neighbourhoods
    at = np.array([[one.centroid.x, one.centroid.y] for one in hoods.geometry])
    rows = np.repeat(np.arange(4), 300)
    people = Residents(xy=at[rows], people=np.ones(1200), neighbourhood=rows, source="census")
    origins = np.concatenate([np.arange(300) < count for count in served]).astype(float)
    made = make_result(hoods, people, "coverage_within", 1)
    values = made.values.fillna(0) * 0 + np.array(served) / 300
    result = dataclasses.replace(
        made, values=values, city=origins.mean(), origins=origins, low=None, high=None, ranges={},
        reasons={},
    )  # fmt: skip
    city = dataclasses.replace(publication.city, residents=people)
    (found,) = equities(dataclasses.replace(publication, city=city, results=(result,)))
    measures = {name: value for (over, name), value in found.over.items() if over == "residents"}
    return {name: value for name, value in measures.items() if not np.isnan(value)}


def test_measures_over_residents_of_a_small_city_are_those_of_published_counts():
    """All are functions of how many are served: together they left one candidate of 1,000."""
    told = _village(5, 121, 132, 143)  # in classes of eleven: 0 to 10, 121 to 131 …
    assert told == _village(0, 131, 142, 153) == _village(10, 126, 139, 149)
    assert told["gini"] == pytest.approx(1 - (0 + 126 + 137 + 148) / 1200, abs=0.01)
    assert told != _village(5, 121, 132, 200)
