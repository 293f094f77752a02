"""Who, and not only how many: groups of residents, worked by hand on the toy city."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely
import small_city
import toy
from planned import results_of
from pydantic import TypeAdapter

from urbanlayer import registry
from urbanlayer.city import groups
from urbanlayer.cityfile.queries import RESERVED
from urbanlayer.errors import LayerError
from urbanlayer.evaluation.evaluate import evaluate
from urbanlayer.indicators._custom import custom_indicator
from urbanlayer.model.custom import CustomSpec
from urbanlayer.model.indicator import OVER_RESIDENTS
from urbanlayer.model.note import Listing, Note
from urbanlayer.model.publication import Publication
from urbanlayer.model.specification import CitySpec, EquitySpec, ResidentsSpec
from urbanlayer.publish.data.tables import indicators_csv
from urbanlayer.publish.disclosure import disclosed, suppressed_neighbourhoods
from urbanlayer.publish.query_text import parameters_of

CHILDREN = dict.fromkeys(toy.KEYS, 0.0) | {"Q7": 10.0, "Q4": 30.0, "Q3": 60.0}


def city(spec=None, **counted):
    """The toy city with a column of children in its neighbourhoods, and seniors in two halves."""
    found = dict(toy.shapes())
    geometry, columns = found["neighbourhoods"]
    found["neighbourhoods"] = (geometry, {**columns, "children": list(CHILDREN.values())})
    found["seniors"] = (
        [shapely.box(0, 0, 600, 1200), shapely.box(600, 0, 1200, 1200)],
        {"old": ["100", "20,5"], "name_": ["a", "b"]},
    )
    made = toy.city(found)
    named = {"children": "children", **counted} if counted or spec is None else {}
    spec = spec or ResidentsSpec.model_validate({"from": ["buildings", "census"], "groups": named})
    people = groups.with_groups(made.residents, spec, made.neighbourhoods, made.layers)
    return dataclasses.replace(made, residents=people)


def asked(made, group, **table):
    indicator = registry.indicators()["coverage_within"]
    (query,) = indicator.params.model_validate(
        {"services": {"kindergarten": 460}, **table}
    ).queries()
    queries = [(indicator, dataclasses.replace(query, group=name)) for name in ("", group)]
    return evaluate(made, queries).results


def test_the_share_of_a_group_is_of_its_own_people():
    # The kindergarten is reached from Q7, Q4 and Q1 (test_worked_by_hand.py): 10 + 30 of the
    # 100 children live there, and 270 of the 450 residents.
    everybody, children = asked(city(), "children")
    assert everybody.city == pytest.approx(270 / 450)
    assert children.city == pytest.approx(40 / 100)
    assert children.values["Q7"] == 1
    assert np.isnan(children.values["Q5"])  # residents, but no children
    assert children.reasons["Q5"] == "no-residents"


def test_a_group_has_a_name_of_its_own_in_tables_and_files():
    everybody, children = asked(city(), "children")
    assert children.id == "coverage_within.kindergarten.460.children"
    assert everybody.id == "coverage_within.kindergarten.460"
    assert parameters_of(children) == "distance_m=460;group=children"
    assert parameters_of(everybody) == "distance_m=460"


def test_counts_of_areas_are_spread_as_the_people_are_and_keep_their_sum():
    # West of x = 600 stand the homes of Q7 and Q4's column starts at 400: homes at 250 and 650.
    made = city(seniors={"layer": "seniors", "field": "old"})
    seniors = made.residents.groups["seniors"]
    assert seniors.sum() == pytest.approx(120.5)
    west = made.residents.xy[:, 0] - toy.ORIGIN[0] < 600
    assert seniors[west].sum() == pytest.approx(100)
    # 90 (Q7) + 120 (Q1) residents live in the west, so Q7's home has 90/210 of the 100.
    first = np.flatnonzero(west & (made.residents.people == 90))[0]
    assert seniors[first] == pytest.approx(100 * 90 / 210)


def test_more_of_a_group_than_residents_is_said():
    # 60 children in Q3, where 10 people live.
    notes = city().residents.notes
    assert Note.of("group-exceeds", group="children", names=Listing(("Q3",))) in notes


@pytest.mark.parametrize(
    ("field", "fault"),
    [("childern", "did you mean 'children'?"), ("name", "holds no numbers")],
)
def test_a_column_that_cannot_count_is_told(field, fault):
    with pytest.raises(LayerError, match="group 'x'") as caught:
        city(x={"layer": "neighbourhoods", "field": field})
    assert fault in caught.value.errors[0]


def test_deprivation_is_the_poorest_highest():
    made = city()
    by_income = EquitySpec.model_validate(
        {"deprivation": {"layer": "neighbourhoods", "field": "children"}, "poor_is": "low"}
    )
    poor = groups.with_deprivation(made.residents, by_income, made.neighbourhoods, made.layers)
    rows = dict(zip(made.neighbourhoods.keys[poor.neighbourhood], poor.deprivation, strict=True))
    assert rows["Q3"] == -60
    assert max(rows.values()) == 0


def test_asking_of_everybody_is_asking_of_no_group():
    assert city().of_group("").residents is not None
    assert "groups" in RESERVED


def test_a_neighbourhood_with_few_of_a_group_shows_no_answer_of_it():
    # Q7 has 10 children, Q4 30 and Q3 60; with a threshold of 20, Q7 is hidden, and Q4 with it, so
    # that the total less the others does not give Q7 away.
    made = city()
    spec = CitySpec.model_validate({
        "name": "Toy", "crs": toy.CRS, "as_of": "2026-06-30", "layers": {},
        "publish": {"suppress_below": 20},
    })  # fmt: skip
    results = asked(made, "children")
    publication = Publication(spec=spec, city=made, results=results, indicators={})
    _, children = disclosed(publication).results
    assert {"Q7", "Q4"} <= {key for key, why in children.reasons.items() if "too-few" in why}
    assert np.isfinite(children.values["Q3"]) == (
        "Q3" not in suppressed_neighbourhoods(publication)
    )
    table = indicators_csv(publication).decode("utf-8-sig")
    assert "group=children" in table


def test_a_mean_over_a_group_keeps_what_each_place_has():
    # Competition for places depends on everybody who lives around; only who is averaged differs.
    # The way to the kindergarten: Q7 60 m, Q4 460 m, Q3 860 m for 10, 30 and 60 children.
    made = city()
    nearest = custom_indicator(
        TypeAdapter(CustomSpec).validate_python(
            {"id": "way", "title": "Way", "kind": "nearest", "layer": "kindergarten"}
        )
    )
    (query,) = nearest.params().queries()
    queries = [(nearest, dataclasses.replace(query, group=name)) for name in ("", "children")]
    _, children = evaluate(made, queries).results
    assert children.city == pytest.approx((10 * 60 + 30 * 460 + 60 * 860) / 100)
    assert children.group == "children"


@pytest.mark.slow
def test_half_of_everybody_everywhere_has_the_answers_of_everybody():
    # A law over the whole registry: a group that is the same share of every place.
    queries = []
    for indicator in registry.indicators().values():
        for query in indicator.params().queries():
            groups_of = ("", "half") if indicator.kind in OVER_RESIDENTS else ("",)
            queries += [(indicator, dataclasses.replace(query, group=name)) for name in groups_of]
    made = toy.city()
    half = {**made.residents.groups, "half": made.residents.people / 2}
    made = dataclasses.replace(made, residents=dataclasses.replace(made.residents, groups=half))
    results = evaluate(made, queries).results
    everybody = {result.id: result for result in results if not result.group}
    of_half = [result for result in results if result.group]
    assert len(of_half) > 20
    for result in of_half:
        whole = everybody[result.id.removesuffix(".half")]
        np.testing.assert_allclose(result.values, whole.values, err_msg=result.id)
        assert result.city == pytest.approx(whole.city, nan_ok=True)


@pytest.mark.slow
def test_persons_at_one_address_are_counted_by_group_each(tmp_path):
    """A register: 40, 30 and 20 people at three addresses, and four more at the first of them."""
    people = small_city.people(extra=[(150, 510, 1)] * 4)
    people["w"] = [21, 15, 9, 5, 1, 0, 1, 1]
    text = small_city.WITH_PEOPLE + 'groups = { women = "w" }\n[indicators.population_density]\n'
    made, _ = results_of(small_city.write(tmp_path, text, people=people))
    by_neighbourhood = np.bincount(made.residents.neighbourhood, made.residents.groups["women"])
    assert by_neighbourhood.tolist() == pytest.approx([24, 20, 9])
    assert not [note for note in made.residents.notes if note.code == "group-unallocated"]
