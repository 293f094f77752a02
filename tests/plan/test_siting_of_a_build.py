"""Siting in plan.json of real builds of the toy city, before and after against builds."""

import pytest
import shapely
import toy
from city_folder import save
from plan_city import add_plots, built_plan, write_plan
from published_tables import rows as rows_of

import urbanlayer

SITES = {
    "C10": (600, 100), "C2": (1000, 200), "C3": (200, 600), "C4": (600, 600), "C5": (1000, 600),
    "C6": (200, 1000), "C7": (600, 1000), "C8": (1000, 1100), "C8b": (1000, 1100),
    "FAR": (1550, 1500),
}  # fmt: skip
SITING = """
[[plan.siting]]
id = "schools"
service = "school"
candidates = "plots"
"""


def write_siting(folder, request, *, plan=""):
    write_plan(folder, plan=plan)
    rows = range(len(SITES))
    price, places = [10 + 7 * (row % 4) for row in rows], [25 + 5 * row for row in rows]
    add_plots(folder, SITES, price=price, places=places)
    with (folder / "city.toml").open("a", encoding="utf-8") as file:
        file.write(SITING + request)


def siting(folder, request, **more):
    write_siting(folder, request, **more)
    return built_plan(folder)["siting"][0]


def covered(folder, out):
    """People served in each neighbourhood by the published shares, and the share of the city."""
    rows = [row for row in rows_of(folder / out) if row["indicator"] == "coverage_within"]
    people = {
        row["key"]: float(row["value"]) * float(row["residents"]) if row["value"] else 0.0
        for row in rows
        if row["level"] == "neighbourhood"
    }
    return people, next(float(row["value"]) for row in rows if row["level"] == "city")


def with_schools(folder, keys):
    """A build with candidates added to the layer of schools."""
    x0, y0 = toy.ORIGIN
    points = [shapely.Point(x0 + 200, y0 + 200), shapely.Point(x0 + 900, y0 + 900)]
    points += [shapely.Point(x0 + SITES[key][0], y0 + SITES[key][1]) for key in keys]
    save(folder / "schools.geojson", points, {"id": ["S1", "S2", *keys]}, lonlat=True)
    urbanlayer.build(folder / "city.toml", folder / "after")
    return covered(folder, "after")


def test_before_is_the_published_result_and_after_is_a_build_with_the_sites(tmp_path):
    found = siting(tmp_path, 'problem = "max_coverage"\nwithin_m = 500\nnew = 2\n')
    total = sum(toy.CENSUS.values())
    people, share = covered(tmp_path, "out")
    assert found["people_before"] / total == pytest.approx(share, rel=1e-7)
    assert found["proven"]
    assert len(found["chosen"]) == 2
    after, after_share = with_schools(tmp_path, found["chosen"])
    assert found["people_after"] / total == pytest.approx(after_share, rel=1e-7)
    assert found["by_neighbourhood"] == pytest.approx(after, rel=1e-6, abs=1e-6)
    assert found["people_after"] > sum(people.values())


def test_a_candidate_far_from_streets_is_named_and_never_chosen(tmp_path):
    found = siting(tmp_path, 'problem = "max_coverage"\nwithin_m = 500\nnew = 20\n')
    assert found["not_connected"] == ["FAR"]
    assert "FAR" not in found["chosen"]
    assert len(found["chosen"]) == 8  # nine are connected, of which two share a plot
    assert "C8b" not in found["chosen"]  # equal in all: the smaller key
    assert found["equally_good"] is not None


def test_no_new_site_is_before(tmp_path):
    found = siting(tmp_path, 'problem = "max_coverage"\nwithin_m = 500\nnew = 0\n')
    assert found["chosen"] == []
    assert found["people_after"] == found["people_before"]
    assert found["equally_good"] == 1
    assert found["gap"] == 0


def test_an_impossible_floor_says_what_can_be_kept(tmp_path):
    request = 'problem = "max_coverage"\nwithin_m = 300\nnew = 3\nfloor = 0.9\n'
    found = siting(tmp_path, request)
    assert found["status"] == "infeasible"
    assert 0 <= found["floor_kept"] < 0.9
    assert "greatest share" in found["why"]


def test_a_neighbourhood_that_weights_do_not_name_weighs_nothing(tmp_path):
    """Within 200 m C3 serves most people, in Q1; of Q5's, C8 alone serves any more."""
    request = 'problem = "max_coverage"\nwithin_m = 200\nnew = 1\n'
    (tmp_path / "all").mkdir()
    (tmp_path / "one").mkdir()
    assert siting(tmp_path / "all", request)["chosen"] == ["C3"]
    found = siting(tmp_path / "one", request + "weights = { Q5 = 1.0 }\n")
    assert found["chosen"] == ["C8"]
    assert "Neighbourhoods that the weights do not name, and that weigh 0: 8." in found["notes"]
