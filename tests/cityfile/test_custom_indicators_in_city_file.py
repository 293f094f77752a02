"""`[[custom_indicator]]`, `standards` and `groups` in a city file, and their errors."""

from __future__ import annotations

import pytest

from urbanlayer import cityfile, registry
from urbanlayer.errors import CityFileError

GOOD = """
name = "Toy"
crs = "EPSG:25834"
as_of = 2026-06-30
licence = "CC0-1.0"

[layers.neighbourhoods]
path = "hoods.geojson"
residents = "census"

[layers.benches]
path = "benches.geojson"

[layers.green]
path = "benches.geojson"

[residents]
from = ["census"]
groups = { women = "zene", cars = { layer = "benches", field = "n" } }

[indicators]
standards = ["who-green"]
groups = ["women"]

[indicators.green_access_who]
target = 0.5

[[custom_indicator]]
id = "benches_per_1000"
kind = "count_per_1000"
layer = "benches"
title = { en = "Benches", sr_Latn_ME = "Klupe" }

[[custom_indicator]]
id = "bench_near"
kind = "coverage"
layer = "benches"
distance_m = [100, 200]
groups = ["cars"]
title = "A bench near home"
target = 0.9
"""


def read(folder, text):
    for name in ("hoods.geojson", "benches.geojson"):
        (folder / name).write_text("{}", encoding="utf-8")
    path = folder / "city.toml"
    path.write_text(text, encoding="utf-8")
    return cityfile.read(
        path,
        indicators=registry.indicators(),
        sources=registry.sources(),
        standards=registry.standards(),
    )


def errors(folder, text):
    with pytest.raises(CityFileError) as caught:
        read(folder, text)
    return caught.value.errors


def test_tables_come_first_then_profiles_then_the_city_s_own_and_groups_stand_beside(tmp_path):
    file = read(tmp_path, GOOD)
    assert [(i.id, a.variant, a.group, a.target) for i, a in file.queries] == [
        ("green_access_who", "", "", 0.5),
        ("green_access_who", "", "women", 0.5),
        ("green_access_who", "straight_line", "", 0.5),
        ("green_access_who", "straight_line", "women", 0.5),
        ("benches_per_1000", "", "", None),
        ("bench_near", "", "", 0.9),
        ("bench_near", "", "women", 0.9),
        ("bench_near", "", "cars", 0.9),
        ("bench_near", "", "", 0.9),
        ("bench_near", "", "women", 0.9),
        ("bench_near", "", "cars", 0.9),
    ]
    (followed,) = file.standards
    assert followed.standard.id == "who-green"
    assert set(followed.queries) == {item.code for item in followed.standard.items}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            '"count_per_1000"',
            '"count_per_100"',
            "indicator.0.kind: no such kind; did you mean",
        ),
        (
            'kind = "count_per_1000"\n',
            "",
            "line 28: custom_indicator.0.kind: is missing; known:",
        ),
        ('layer = "benches"\ntitle', 'layre = "benches"\ntitle', "unknown key; did you mean 'la"),
        ('layer = "benches"\ntitle', 'layer = "bench"\ntitle', "did you mean 'benches'?"),
        ("[100, 200]", "-5", "custom_indicator.1.distance_m: input should be greater than 0"),
        ("[100, 200]", '"far"', "custom_indicator.1.distance_m: input should be a valid number"),
        ("target = 0.9", "target = 90", "90 lies out of 0 to 1 (a share: 0.8 is 80 %)"),
        ("target = 0.5", "target = 50", "indicators.green_access_who.target: 50 lies out"),
        ('"benches_per_1000"', '"population_density"', "there is an indicator"),
        ('"bench_near"', '"benches_per_1000"', "is defined twice"),
        ("[100, 200]", "true", "custom_indicator.1.distance_m: input should be a valid number"),
        ('title = "A bench near home"', 'title = { eng = "x" }', "title: 'eng' is not among bs"),
        ('title = "A bench near home"', 'title = " "', "custom_indicator.1.title: says nothing"),
        ("target = 0.9", "bounds = [1, 0]", "the least possible value comes first"),
        ("target = 0.9", 'theme = "night"', "custom_indicator.1.theme: input should be 'green'"),
        ('"bench_near"', '"../evil"', "custom_indicator.1.id: string should match"),
        ('["who-green"]', '["who-gren"]', "no standard 'who-gren'; did you mean 'who-green'?"),
        ('["who-green"]', '"who-green"', "write it as a list"),
        ('groups = ["women"]', 'groups = ["woman"]', "no group 'woman'; did you mean 'women'?"),
        ('layer = "benches", field', 'layer = "bench", field', "no [layers.bench]"),
        ("standards =", "standard =", "did you mean 'standards'?"),
    ],
)
def test_a_fault_is_told_before_any_data_is_read(tmp_path, old, new, fault):
    assert old in GOOD
    told = errors(tmp_path, GOOD.replace(old, new, 1))
    assert any(fault in row for row in told), told


def test_an_amount_is_no_question_for_a_group(tmp_path):
    text = GOOD.replace('layer = "benches"\ntitle', 'layer = "benches"\ngroups = ["women"]\ntitle')
    (told,) = errors(tmp_path, text)
    assert "line 32" in told
    assert "neither a share of residents nor a mean over them" in told
