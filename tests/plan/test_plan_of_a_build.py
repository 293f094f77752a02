"""plan.json of real builds of the toy city."""

import json

import pytest
from city_folder import change, rewrite
from plan_city import built_plan, write_plan
from published_tables import rows

import urbanlayer


@pytest.fixture
def city(tmp_path):
    write_plan(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of the toy city with its plan as it is, built."""
    folder = tmp_path_factory.mktemp("built")
    write_plan(folder)
    built_plan(folder)
    return folder


@pytest.fixture(scope="module")
def plan(built):
    return json.loads((built / "out/data/plan.json").read_text(encoding="utf-8"))


def values(city, indicator):
    return {
        row["key"]: float(row["value"]) if row["value"] else None
        for row in rows(city / "out")
        if row["level"] == "neighbourhood" and row["indicator"] == indicator
    }


def test_needs_are_those_of_the_published_results(built, plan):
    covered = values(built, "coverage_within")
    density = values(built, "population_density")
    for need in plan["needs"]:
        key = need["key"]
        crowded = min(density[key] / 1000, 1)
        if covered[key] is None:
            assert need["themes"] == pytest.approx({"density": crowded}, rel=1e-6)
            continue
        education = min(max((0.9 - covered[key]) / 0.9, 0), 1)
        expected = {"education": education, "density": crowded}
        assert need["themes"] == pytest.approx(expected, rel=1e-6, abs=1e-12)
        assert need["need"] == pytest.approx((education + crowded) / 2, rel=1e-6, abs=1e-12)


def test_half_of_the_weight_is_too_little_for_a_rank(built, plan):
    covered = values(built, "coverage_within")
    without = {key for key, value in covered.items() if value is None}
    assert without
    for need in plan["needs"]:
        if need["key"] in without:
            assert need["rank"] is None
            assert need["need"] is None
            assert need["missing"] == ["coverage_within.school.500"]


def test_ranks_are_1_for_the_neediest_and_every_draw_is_counted(plan):
    ranked = [need for need in plan["needs"] if need["rank"] is not None]
    by_need = sorted(ranked, key=lambda need: -need["need"])
    assert by_need[0]["rank"] == 1
    for need in ranked:
        better = [other for other in ranked if round(other["need"] - need["need"], 12) > 0]
        assert need["rank"] == len(better) + 1
        assert sum(need["rank_shares"]) == pytest.approx(1)
        assert need["rank_low"] <= need["rank_high"]
        assert set(need["above"]) == {other["key"] for other in ranked} - {need["key"]}


def test_the_order_of_features_changes_nothing(city):
    built_plan(city, "one")
    change(city / "hoods.geojson", lambda frame: frame.iloc[::-1].reset_index(drop=True))
    built_plan(city, "two")
    read = [(city / out / "data/plan.json").read_bytes() for out in ("one", "two")]
    assert read[0] == read[1]


def test_without_a_plan_there_is_no_plan_file(tmp_path):
    write_plan(tmp_path, plan="")
    urbanlayer.build(tmp_path / "city.toml", tmp_path / "out")
    assert not (tmp_path / "out/data/plan.json").exists()


def test_one_indicator_alone_has_no_plan(city):
    urbanlayer.build(city / "city.toml", city / "out", only="population_density")
    assert not (city / "out/data/plan.json").exists()


def test_reasons_name_the_residents_without(city):
    rewrite(city, "target = 0, worst = 1000", "target = 100000, worst = 200000")
    needs = {need["key"]: need for need in built_plan(city)["needs"]}
    covered = values(city, "coverage_within")
    key = next(key for key, value in covered.items() if value == 0)
    (reason,) = needs[key]["reasons"]
    (people,) = needs[key]["people_in_need"].values()
    assert reason.startswith(f"{people:,.0f} resident")
    assert "500 m" in reason


def test_the_tables_say_what_plan_json_says(built, plan):
    ranks = {row["key"]: row for row in rows(built / "out", "plan_ranks")}
    for need in plan["needs"]:
        row = ranks[need["key"]]
        assert row["rank"] == ("" if need["rank"] is None else str(need["rank"]))
        if need["need"] is not None:
            assert float(row["need"]) == pytest.approx(need["need"], rel=1e-7)
    whole = {row["key"]: row for row in rows(built / "out", "plan_needs") if not row["theme"]}
    assert {key for key, row in whole.items() if not row["need"]} == {"Q2"}


def test_one_result_in_two_themes_has_the_need_of_each(city):
    """The goalposts of one lie twice as far apart, so that its needs are half as great."""
    with (city / "city.toml").open("a", encoding="utf-8") as file:
        file.write("""[plan.needs.themes.crowds]
indicators = [{ id = "population_density", target = 0, worst = 2000 }]
""")
    themes = {need["key"]: need["themes"] for need in built_plan(city)["needs"]}
    found = {
        (row["key"], row["theme"]): float(row["need"])
        for row in rows(city / "out", "plan_needs")
        if row["indicator"].startswith("population_density")
    }
    for key, needs in themes.items():
        assert found[key, "density"] == pytest.approx(needs["density"], rel=1e-7)
        assert found[key, "crowds"] == pytest.approx(needs["crowds"], rel=1e-7)
        if 0 < needs["density"] < 1:
            assert found[key, "crowds"] == pytest.approx(needs["density"] / 2)
    assert any(0 < needs["density"] < 1 for needs in themes.values())


def test_a_neighbourhood_with_few_residents_shows_no_people(city):
    rewrite(city, 'disclosure = "internal"\nsuppress_below = 0', "suppress_below = 15")
    # Q3 has 10 residents
    needs = {need["key"]: need for need in built_plan(city)["needs"]}
    assert needs["Q3"]["rank"] is None
    assert needs["Q3"]["themes"] == {}
    assert needs["Q3"]["people_in_need"] == {}
