"""What may not be shown. The small cities here are worked by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from made_city import CRS, make_publication, with_causes
from toy_publication import publication as toy_publication

from urbanlayer.model.neighbourhoods import Neighbourhoods
from urbanlayer.model.note import Note
from urbanlayer.model.residents import Residents
from urbanlayer.publish import disclosure
from urbanlayer.publish.data.geodata import _results as neighbourhoods_frame
from urbanlayer.publish.data.tables import indicators_csv


def _with_people(people, threshold=10):
    """A city whose neighbourhoods, in the order of their keys, have these residents."""
    names = [f"N{n}" for n in range(len(people))]
    publication = make_publication(names, publish={"suppress_below": threshold})
    hoods = publication.city.neighbourhoods
    points = np.array([[p.centroid.x, p.centroid.y] for p in hoods.geometry])
    residents = Residents(
        xy=points, people=np.array(people, float), neighbourhood=np.arange(len(people)), source="t"
    )
    return replace(
        publication,
        city=replace(publication.city, residents=residents),
        results=tuple(replace(result, origins=None) for result in publication.results),
    )


def test_a_neighbourhood_below_the_threshold_is_hidden_with_the_next_smallest():
    publication = _with_people([500, 7, 300, 40])
    keys = publication.city.neighbourhoods.keys
    assert disclosure.suppressed_neighbourhoods(publication) == {keys[1], keys[3]}


def test_nothing_is_hidden_where_everybody_has_neighbours_enough():
    assert disclosure.suppressed_neighbourhoods(_with_people([500, 10, 300])) == frozenset()


def test_two_small_ones_that_reach_the_threshold_together_need_no_third():
    publication = _with_people([500, 7, 9, 40])
    keys = publication.city.neighbourhoods.keys
    assert disclosure.suppressed_neighbourhoods(publication) == {keys[1], keys[2]}


def test_two_small_ones_that_stay_below_it_take_a_third():
    publication = _with_people([500, 2, 3, 40])
    keys = publication.city.neighbourhoods.keys
    assert disclosure.suppressed_neighbourhoods(publication) == {keys[1], keys[2], keys[3]}


def test_where_nobody_lives_nobody_can_be_given_away():
    assert disclosure.suppressed_neighbourhoods(_with_people([500, 0, 300])) == frozenset()


def test_a_threshold_of_nought_hides_nothing():
    assert disclosure.suppressed_neighbourhoods(_with_people([5, 1], threshold=0)) == frozenset()


def test_no_total_less_the_shown_ones_gives_a_hidden_one():
    people = [500, 7, 300, 40]
    publication = _with_people(people)
    shown = disclosure.published_people(publication)
    missing = sum(people) - shown.sum()
    assert missing == 45  # 7 and 40 together, by the classes of 500 and 300; neither alone
    assert shown.isna().sum() == 2


def test_a_hidden_neighbourhood_has_no_answer_of_any_kind_and_says_why():
    publication = _with_people([500, 7, 300, 40])
    shown = disclosure.disclosed(publication)
    hidden = sorted(disclosure.suppressed_neighbourhoods(publication))
    for result in shown.results:
        assert result.values.loc[hidden].isna().all()
        assert result.low.loc[hidden].isna().all()
        assert {result.reasons[key] for key in hidden} == {"too-few-residents"}


def test_the_few_people_of_a_second_source_are_told_no_more_than_those_of_the_first():
    publication = _with_people([500, 70, 300, 40])
    keys = publication.city.neighbourhoods.keys
    residents = publication.city.residents
    second = replace(residents, people=np.array([500.0, 3.0, 300.0, 40.0]))
    publication = replace(
        publication,
        city=replace(publication.city, residents=replace(residents, second_source=second)),
        results=tuple(
            with_causes(result, *causes)
            for result, causes in zip(
                publication.results, (("threshold", "residents"), *[("threshold",)] * 20),
                strict=False,
            )
        ),
    )  # fmt: skip
    shown = disclosure.disclosed(publication)
    about_both, about_one, *_ = shown.results
    # three people, and with them the smallest other: by the rule for answers
    assert disclosure.without_range(publication, publication.results[0]) == {keys[1], keys[3]}
    assert about_both.low[[keys[1], keys[3]]].isna().all()
    assert about_both.high[[keys[1], keys[3]]].isna().all()
    assert about_both.values.notna().equals(publication.results[0].values.notna())
    assert about_one.low.notna().equals(about_one.values.notna())  # of one source alone
    rows = indicators_csv(publication).decode("utf-8-sig").splitlines()
    (row,) = [row.split(",") for row in rows if row.startswith(f"neighbourhood,{keys[1]},")][:1]
    assert row[6]
    assert row[7:9] == ["", ""]
    columns = neighbourhoods_frame(shown)
    name = publication.results[0].id.replace(".", "_")
    assert columns[f"{name}_low"][[1, 3]].isna().all()
    assert columns[name][1] == pytest.approx(about_both.values[keys[1]])


def test_cells_of_an_internal_publication_hold_the_threshold_and_are_rounded_to_five():
    publication = make_publication(publish={"disclosure": "internal"})
    cells = disclosure.resident_cells(publication)
    people = np.bincount(
        cells.place[cells.place >= 0],
        publication.city.residents.people[cells.place >= 0],
        len(cells),
    )
    assert (people >= 10).all()
    assert (cells.people % 5 == 0).all()
    assert np.abs(cells.people - people).max() <= 2.5 + 1e-9


def test_published_cells_hold_two_classes_of_counts_and_are_rounded_to_ten():
    publication = make_publication()
    cells = disclosure.resident_cells(publication)
    here = cells.place >= 0
    people = np.bincount(cells.place[here], publication.city.residents.people[here], len(cells))
    assert (people >= 22).all()
    assert (cells.people % 10 == 0).all()
    assert np.abs(cells.people - people).max() <= 5 + 1e-9


def test_a_small_cell_makes_its_four_parts_one():
    """Four homes of 30, 30, 30 and 4 people in the four hectares of one 200 m square."""
    publication = _in_cells([[50, 50], [150, 50], [50, 150], [150, 150]], [30, 30, 30, 4])
    cells = disclosure.resident_cells(publication)
    assert cells.size_m.tolist() == [200]
    assert cells.people.tolist() == [90]  # 94, rounded


def test_cells_that_are_large_enough_stay_small():
    publication = _in_cells([[50, 50], [150, 50]], [30, 22])
    cells = disclosure.resident_cells(publication)
    assert cells.size_m.tolist() == [100, 100]
    assert cells.people.tolist() == [30, 20]
    assert cells.corner.tolist() == [[0, 0], [100, 0]]


def test_a_person_alone_in_the_country_is_not_shown():
    publication = _in_cells([[50, 50], [90_050, 50]], [300, 1])
    cells = disclosure.resident_cells(publication)
    assert cells.people.tolist() == [300]
    assert cells.place.tolist() == [0, -1]


def test_cells_do_not_move_with_the_city():
    """The grid is fixed: one home more elsewhere leaves the other cells where they were."""
    one = disclosure.resident_cells(_in_cells([[250, 250]], [50]))
    two = disclosure.resident_cells(_in_cells([[250, 250], [5_050, 5_050]], [50, 60]))
    assert one.corner[0].tolist() == two.corner[0].tolist() == [200, 200]


def test_the_mean_of_a_cell_is_weighted_by_people():
    publication = _in_cells([[20, 20], [80, 80]], [30, 10])
    cells = disclosure.resident_cells(publication)
    mean = disclosure.cell_values(cells, np.array([30.0, 10.0]), np.array([1.0, 0.0]))
    assert mean.tolist() == [pytest.approx(0.75)]


@pytest.mark.parametrize("places", [27, 35, 60])
def test_cells_of_single_persons_leave_ten_candidates_to_those_served(places):
    """By trying how many of the persons of a register are served in one cell."""
    xy = np.column_stack([np.linspace(10, 90, places), np.full(places, 50.0)])
    cells = disclosure.resident_cells(_in_cells(xy, np.ones(places)))
    assert cells.single.tolist() == [True]
    found = {}
    for served in range(places + 1):
        values = (np.arange(places) < served).astype(float)
        (share,) = disclosure.shares_of_places(cells, np.ones(places), values, 10)
        found.setdefault(round(share * 9), set()).add(served)
    assert min(map(len, found.values())) >= 10


def test_cells_of_homes_are_told_in_tenths_of_the_homes():
    xy = np.column_stack([np.linspace(10, 90, 10), np.full(10, 50.0)])
    cells = disclosure.resident_cells(_in_cells(xy, np.full(10, 3.0)))
    assert cells.single.tolist() == [False]
    shares = disclosure.shares_of_places(cells, np.ones(10), np.eye(10)[0], 10)
    assert shares.tolist() == [0.1]


def _in_cells(xy, people):
    publication = make_publication(["Only"])
    square = shapely.box(-1000, -1000, 100_000, 100_000)
    keys = publication.city.neighbourhoods.keys
    hoods = Neighbourhoods(
        geometry=type(publication.city.neighbourhoods.geometry)([square], index=keys, crs=CRS),
        names={"": pd.Series(["Only"], index=keys)},
    )
    residents = Residents(
        xy=np.array(xy, float), people=np.array(people, float),
        neighbourhood=np.zeros(len(people), int), source="t",
    )  # fmt: skip
    city = replace(publication.city, neighbourhoods=hoods, residents=residents)
    return replace(publication, city=city)


def _of_groups(*groups):
    """Hidden neighbourhoods by group, of a census of one and of a large one beside it."""
    counts = np.array([groups, [200] * len(groups)], float)
    publication = _with_people(counts.sum(axis=1))
    columns = {name: counts[:, row] for row, name in enumerate("abc")}
    residents = replace(publication.city.residents, source="census", groups=columns)
    publication = replace(publication, city=replace(publication.city, residents=residents))
    first = publication.city.neighbourhoods.keys[0]
    return [first in disclosure.suppressed_neighbourhoods(publication, name) for name in "abc"]


def test_groups_of_a_census_do_not_give_the_smallest_away():
    """115 less twice 54, the highest of its class, is 7: 7 to 10 would be left for the third."""
    assert _of_groups(54, 54, 7) == [True, False, True]
    assert _of_groups(48, 49, 7) == [False, False, True]  # 104 less 88 to 108 leaves all
    assert _of_groups(54, 54, 30) == [False, False, False]


def test_two_groups_that_are_nearly_all_leave_the_third_its_candidates():
    """30 less twice 11, the lowest of its class, is 8: 0 to 8 would be left, nine candidates."""
    assert _of_groups(11, 11, 8) == [True, False, True]


def test_where_people_of_a_hidden_neighbourhood_live_changes_no_cell():
    publication = _with_people([500, 7, 300, 40])
    residents, hoods = publication.city.residents, publication.city.neighbourhoods
    hidden = np.flatnonzero(hoods.keys.isin(disclosure.suppressed_neighbourhoods(publication)))
    open_at = residents.xy[[row for row in range(4) if row not in hidden]]
    found = []
    for at in (open_at[0] + 30, open_at[1] + 30):
        xy = residents.xy.copy()
        xy[hidden] = at  # beside those of another
        moved = replace(publication.city, residents=replace(residents, xy=xy))
        found.append(disclosure.resident_cells(replace(publication, city=moved)))
    for one in found:
        assert one.people.tolist() == [500, 300]
        assert np.array_equal(one.corner, found[0].corner)
        assert (one.place[hidden] == -1).all()


def test_the_sum_of_a_census_is_rounded_in_notes():
    """547 less the published neighbourhoods would be the exact sum of the hidden ones."""
    kept = Note.of("of-residents", note=Note.of("census-kept", census=547, total=600))
    (shown,) = disclosure.disclosed_notes([kept], _with_people([500, 7, 40]))
    assert shown == Note.of("of-residents", note=Note.of("census-kept", census=540, total=600))


def test_a_group_that_narrows_a_small_count_shows_no_result_there():
    """Of 103 people 55 to 65 are served, and at most 48 are no women: 7 to 10 women are served."""
    publication = _with_people([103, 500])
    women = np.array([56.0, 250.0])
    residents = replace(publication.city.residents, source="census", groups={"women": women})
    served = publication.results[0]
    values = served.values * 0 + np.array([55 / 103, 0.5])
    of_all = replace(served, values=values, low=None, high=None, ranges={}, reasons={})
    of_women = replace(
        of_all, query=replace(served.query, group="women"), values=values * 0 + [8 / 56, 0.5]
    )
    city = replace(publication.city, residents=residents)
    shown = disclosure.disclosed(replace(publication, city=city, results=(of_all, of_women)))
    assert shown.results[0].values.notna().all()
    assert shown.results[1].values.isna().tolist() == [True, False]
    assert shown.results[1].reasons[values.index[0]] == "too-few-residents"


def test_a_group_that_is_a_fixed_share_of_all_takes_no_census_number_away():
    toy = toy_publication(population_density={})
    people = toy.city.residents
    tenth = replace(people, groups={"tenth": people.people / 10})
    city = replace(toy.city, residents=tenth)
    (shown,) = disclosure.disclosed(replace(toy, city=city)).results
    assert shown.values.tolist() == toy.results[0].values.tolist()
