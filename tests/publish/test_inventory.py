"""The inventory of the small city: every grade beside the count that was made by hand."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re

import pytest
from published_tables import rows
from small_city import CITY, frames, point, write

from urbanlayer import pipeline
from urbanlayer.errors import TargetError
from urbanlayer.locales import languages
from urbanlayer.publish import inventory


@pytest.fixture
def small(tmp_path):
    return write(tmp_path), tmp_path / "out"


@pytest.fixture(scope="module")
def inspected(tmp_path_factory):
    """The inventory of the small city as it is."""
    folder = tmp_path_factory.mktemp("small")
    return check(write(folder), folder / "out")


def check(file, out):
    return pipeline.check(file, out)


def grade(inspected, role, aspect):
    layer = next(layer for layer in inspected.inventory.layers if layer.role == role)
    return next(found for found in layer.grades if found.aspect == aspect)


def test_every_layer_has_a_grade_for_each_of_ten_aspects_with_its_counts(inspected):
    assert [layer.role for layer in inspected.inventory.layers] == [
        "neighbourhoods", "streets", "trees", "school",
    ]  # fmt: skip
    assert all(len(layer.grades) == 10 for layer in inspected.inventory.layers)
    assert sum(inspected.inventory.levels().values()) == 40


def test_coverage_counts_the_neighbourhoods_where_people_live(inspected):
    streets = grade(inspected, "streets", "coverage")
    assert (streets.level, streets.counts) == ("fair", {"held": 3, "of": 4})
    trees = grade(inspected, "trees", "coverage")
    assert (trees.level, trees.counts) == ("poor", {"held": 1, "of": 4})
    school = grade(inspected, "school", "coverage")  # two of four; the others may need none
    assert (school.level, school.counts) == ("not-graded", {"held": 2, "of": 4})


def test_fields_count_the_values_that_the_used_features_have(inspected):
    school = grade(inspected, "school", "fields")  # S1 has places, S2 has none; both have names
    assert school.counts["filled"] == "name 2/2; capacity 1/2"
    assert (school.level, school.counts["share"], school.counts["lacking"]) == (
        "fair", 0.75, "capacity",
    )  # fmt: skip


def test_what_was_told_twice_and_what_was_set_aside_are_told_apart(inspected):
    twice, aside = (grade(inspected, "school", name) for name in ("duplicates", "excluded"))
    assert (twice.counts["lost"], twice.counts["read"]) == (1, 4)
    assert aside.counts["reasons"] == "null-geometry 1"
    assert (twice.level, aside.level) == ("poor", "poor")  # one in four
    assert grade(inspected, "trees", "duplicates").level == "good"


def test_age_is_counted_from_the_day_of_the_data(inspected):
    assert grade(inspected, "trees", "age").counts["days"] == 180
    assert grade(inspected, "trees", "age").level == "good"
    assert grade(inspected, "streets", "age").counts["days"] == 2006  # 5.5 years
    assert grade(inspected, "streets", "age").level == "poor"


def test_keys_are_compared_with_the_run_before(small, tmp_path):
    file, out = small
    assert grade(check(file, out), "trees", "keys").reason == "keys.first"
    again = grade(check(file, out), "trees", "keys")
    assert (again.level, again.reason, again.counts) == (
        "good", "keys.same_file", {"kept": 10, "of": 10},
    )  # fmt: skip
    trees = frames()["trees"]
    trees.loc[0, "id"] = "T99"
    write(tmp_path, trees=trees)
    moved = grade(check(file, out), "trees", "keys")
    assert (moved.level, moved.counts) == ("fair", {"kept": 9, "of": 10})


def test_without_a_key_features_go_by_their_place_in_the_file(tmp_path):
    file = write(tmp_path, CITY.replace('path = "trees.gpkg"\nkey = "id"', 'path = "trees.gpkg"'))
    found = grade(check(file, tmp_path / "out"), "trees", "keys")
    assert (found.level, found.reason) == ("poor", "keys.none")


def test_what_prevents_a_result_is_fixed_first_then_what_weakens_most_answers(tmp_path):
    text = CITY + "[indicators.green_access_who]\n"
    file = write(tmp_path, text)
    (tmp_path / "trees.gpkg").write_bytes(b"not a GeoPackage")
    inspected = check(file, tmp_path / "out")
    reasons = [(item.reason, item.roles) for item in inspected.inventory.fixes]
    assert reasons[0] == ("found.failed", ("trees",))
    assert reasons[1] == ("missing.queried", ("green",))
    levels = [item.level for item in inspected.inventory.fixes[2:]]
    order = ["poor", "fair", "unknown"]
    assert levels == sorted(levels, key=order.index)
    assert inspected.inventory.fixes[-1].reason == "missing.known"


def test_a_layer_that_cannot_be_used_is_in_the_inventory_with_its_faults(small, tmp_path):
    file, out = small
    (tmp_path / "trees.gpkg").write_bytes(b"not a GeoPackage")
    inspected = check(file, out)
    trees = next(layer for layer in inspected.inventory.layers if layer.role == "trees")
    assert trees.state == "failed"
    assert any("trees.gpkg" in fault for fault in trees.errors)
    assert grade(inspected, "streets", "coverage").counts == {"held": 3, "of": 4}
    assert "trees.gpkg" in (out / "index.html").read_text(encoding="utf-8")
    told = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert told["data"]["layers"]["trees"]["state"] == "failed"


def test_of_one_file_only_the_role_at_fault_fails(tmp_path):
    text = CITY + '[layers.library]\npath = "schools.gpkg"\nkey = "nothing"\n'
    inspected = check(write(tmp_path, text), tmp_path / "out")
    states = {layer.role: layer.state for layer in inspected.inventory.layers}
    assert (states["school"], states["library"]) == ("used", "failed")


def test_without_neighbourhoods_the_others_wait(small, tmp_path):
    file, out = small
    (tmp_path / "hoods.gpkg").write_bytes(b"not a GeoPackage")
    states = {layer.role: layer.state for layer in check(file, out).inventory.layers}
    assert states == {
        "neighbourhoods": "failed", "streets": "waiting", "trees": "waiting", "school": "waiting",
    }  # fmt: skip


WITH_HOMES = (
    CITY.replace('from = ["census"]', 'from = ["buildings", "census"]')
    + '[layers.buildings]\npath = "homes.gpkg"\nkey = "id"\nlevels = "levels"\n'
    + 'use = { field = "use", residential = ["home"] }\n'
)


def homes(*, inside):
    hoods = frames()["hoods"].iloc[:1]
    x = 100 if inside else 3000
    home = hoods[["id", "geometry"]].assign(levels=2, use="home")
    return home.set_geometry([point(x, 100).buffer(5)], crs=hoods.crs)


def test_layers_are_graded_where_those_who_live_there_cannot_be_placed(tmp_path):
    file = write(tmp_path, WITH_HOMES, homes=homes(inside=True))
    (tmp_path / "homes.gpkg").write_bytes(b"not a GeoPackage")
    inspected = check(file, tmp_path / "out")
    assert grade(inspected, "streets", "coverage").counts == {"held": 3, "of": 4}
    assert inspected.checked.city.residents is None
    assert {item.indicator for item in inspected.checked.not_answerable} == {
        "population_density", "coverage_within",
    }  # fmt: skip


def test_layers_that_are_sound_and_make_no_city_are_told(tmp_path):
    nobody = WITH_HOMES.replace('["buildings", "census"]', '["buildings"]')
    file = write(tmp_path, nobody, homes=homes(inside=False))
    inspected = check(file, tmp_path / "out")
    assert [layer.state for layer in inspected.inventory.layers] == ["used"] * 5
    assert len(inspected.inventory.errors) == 1
    page = html.unescape((tmp_path / "out/index.html").read_text("utf-8"))
    assert inspected.inventory.errors[0] in page


def test_roles_that_are_not_declared_say_what_they_would_make_answerable(inspected):
    missing = {item.role: item for item in inspected.inventory.missing}
    assert "green_access_who" in missing["green"].alone
    assert "coverage_within" in missing["pharmacy"].alone
    assert "trees" not in missing


def test_the_same_files_give_the_same_bytes(small, tmp_path):
    file, out = small
    check(file, out)
    check(file, tmp_path / "other")
    names = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    assert [str(name) for name in names] == [
        "data/layers.csv", "data/maturity.csv", "index.html", "index.sr-Latn-ME.html", "run.json",
    ]  # fmt: skip
    for name in names:
        assert (out / name).read_bytes() == (tmp_path / "other" / name).read_bytes(), name


def test_the_maps_of_a_city_are_not_replaced_by_an_inventory(small):
    file, out = small
    out.mkdir()
    record = '{"city": "small", "versions": {"urbanlayer": "0"}}'
    (out / "run.json").write_text(record, encoding="utf-8")
    with pytest.raises(TargetError, match="holds a city's maps"):
        check(file, out)


def test_each_grade_in_the_table_has_its_counts_and_its_sentence(inspected):
    found = rows(inspected.target, "layers")
    assert len(found) == 40
    streets = next(r for r in found if (r["layer"], r["aspect"]) == ("streets", "coverage"))
    assert streets["counts"] == "held=3;of=4"
    assert streets["sentence"] == "3 of 4 neighbourhoods where people live have one."


# The page -----------------------------------------------------------------------------------------


@pytest.fixture
def page(inspected):
    return (inspected.target / "index.html").read_text(encoding="utf-8")


def test_the_page_asks_for_nothing_and_runs_nothing(page):
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!data:,|#|index[.])", page)
    assert "url(" not in page
    assert "@import" not in page


def test_the_policy_lets_in_the_one_style_by_its_digest(page):
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert f"sha256-{digest}" in policy
    assert policy.startswith("default-src &#x27;none&#x27;")
    assert "unsafe" not in policy
    assert " style=" not in page


def test_every_cell_says_its_level_in_a_word(page):
    body = re.search(r'<table class="grades">.*?</table>', page, re.DOTALL)[0]
    cells = re.findall(r"<td.*?</td>", body, re.DOTALL)
    assert len(cells) == 40
    words = ("good", "fair", "poor", "not known", "not graded")
    assert all(any(f"</span>{word}</span>" in cell for word in words) for cell in cells)


def test_text_of_the_city_is_never_markup(tmp_path):
    evil = "<img src=x onerror=alert(1)>"
    text = (
        CITY.replace('en = "Small"', f'en = "{evil}"').replace("City of Small", evil)
        + f'[[digital_service]]\nname = "{evil}"\nonline_form = false\n'
        + f'[maturity.skills]\nscore = 1\nevidence = "{evil}"\ndate = 2026-01-01\n'
    )
    file = write(tmp_path, text)
    (tmp_path / "trees.gpkg").write_bytes(b"not a GeoPackage")
    check(file, tmp_path / "out")
    page = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") >= 4


@pytest.fixture(scope="module")
def in_all_languages(tmp_path_factory):
    """The inventory in every language: its folder."""
    folder = tmp_path_factory.mktemp("languages")
    every = ", ".join(f'"{language}"' for language in languages())
    text = CITY.replace('["en", "sr_Latn_ME"]', f"[{every}]")
    text += '[[digital_service]]\nname = "Dozvola"\nonline_form = false\n'
    return check(write(folder, text), folder / "out").target


@pytest.mark.parametrize("language", languages())
def test_the_page_speaks_each_language_and_leaves_no_key_or_placeholder(in_all_languages, language):
    tag = language.replace("_", "-")
    name = "index.html" if language == languages()[0] else f"index.{tag}.html"
    page = (in_all_languages / name).read_text(encoding="utf-8")
    body = page.partition("</style>")[2]
    assert f'lang="{tag}"' in page
    assert not re.search("Maturity [a-z]", body)  # how a key looks that no catalogue holds
    assert not re.search(r"\{\w+\}", body)


def test_a_page_is_a_function_of_the_inventory(inspected):
    assert inventory.files(inspected.inventory, ()) == inventory.files(inspected.inventory, ())
