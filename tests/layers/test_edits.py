"""Edits of a layer: the promises that hold after each, and what is refused by name."""

from __future__ import annotations

import dataclasses

import pytest
import shapely
import toy

from urbanlayer.errors import LayerError
from urbanlayer.layers import edits
from urbanlayer.model.layer import Layer

X, Y = toy.ORIGIN
TOY = toy.city()


def at(x: float, y: float) -> shapely.Point:
    """A point, in metres from the south-west corner of the toy city."""
    return shapely.Point(X + x, Y + y)


def promises_hold(layer: Layer) -> bool:
    frame = layer.frame
    return bool(
        frame.index.is_unique
        and frame.index.name == "key"
        and frame.crs == toy.CRS
        and frame.geometry.is_valid.all()
        and layer.read == len(frame) + len(layer.excluded)
    )


def kinds(layer: Layer) -> dict[str, str]:
    return {name: str(dtype) for name, dtype in layer.frame.dtypes.items()}


def test_an_added_feature_has_its_values_and_knows_nothing_else():
    before = TOY.layers["school"]
    after = edits.add(before, "new", at(300, 300), {"name": "New", "capacity": 20})
    assert promises_hold(after)
    assert kinds(after) == kinds(before)
    new = after.frame.loc["new"]
    assert (new["name"], new["capacity"], new["opening_hours"]) == ("New", 20.0, "")
    assert not new["step_free"]
    assert new.geometry.equals(at(300, 300))
    assert len(before) == 1  # what was edited is as before


def test_what_is_added_is_accessible_lived_in_and_open_unless_it_is_given():
    green = edits.add(TOY.layers["green"], "g", shapely.box(X, Y, X + 50, Y + 50))
    home = edits.add(TOY.layers["buildings"], "b", shapely.box(X, Y, X + 50, Y + 50))
    line = shapely.LineString([(X + 10, Y), (X + 90, Y + 90)])
    street = edits.add(TOY.layers["streets"], "s", line)
    assert green.frame.loc["g", "public"]
    assert home.frame.loc["b", "residential"]
    assert home.frame["levels"].isna().tolist() == [False] * 9 + [True]
    assert not street.frame.loc["s", ["bridge", "closed"]].any()


def test_an_added_outline_is_repaired_as_that_of_a_file():
    spike = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0), (-5, -5), (0, 0)]
    drawn = shapely.Polygon([(X + x, Y + y) for x, y in spike])
    assert not drawn.is_valid
    layer = edits.add(TOY.layers["green"], "g", drawn)
    assert promises_hold(layer)
    assert layer.frame.geometry["g"].area == pytest.approx(100 * 100)
    assert [note.code for note in layer.notes] == ["outlines-repaired"]


@pytest.mark.parametrize(
    ("key", "shape", "values", "why"),
    [
        ("", at(300, 300), {}, "requires a key"),
        ("s0", at(300, 300), {}, "'s0': there is such a feature already"),
        ("new", shapely.LineString([(X, Y), (X + 9, Y)]), {}, "'new': its geometry must be point"),
        ("new", shapely.Point(), {}, "'new'.*empty-geometry"),
        ("new", shapely.Point(X, float("nan")), {}, "'new'.*not-a-number"),
        ("new", shapely.Point(19.26, 42.44), {}, "'new': lies .* km from the layer.*EPSG:25834"),
        ("new", at(300, 300), {"capcity": 9}, "'new'.*did you mean 'capacity'"),
        ("new", at(300, 300), {"capacity": -1}, "'new'.*places cannot be negative"),
        ("new", at(300, 300), {"capacity": "9"}, "'new'.*must be a number"),
        ("new", at(300, 300), {"capacity": True}, "'new'.*must be a number"),
        ("new", at(300, 300), {"step_free": "yes"}, "'new'.*must be true or false"),
        ("new", at(300, 300), {"name": 7}, "'new'.*must be text"),
    ],
)
def test_what_breaks_a_promise_is_not_added(key, shape, values, why):
    with pytest.raises(LayerError, match=why):
        edits.add(TOY.layers["school"], key, shape, values)


def test_a_street_or_building_is_not_added_twice():
    street = TOY.layers["streets"].frame.geometry.iloc[0]
    with pytest.raises(LayerError, match=r"'again': is a duplicate of s0 \(duplicate-geometry 1\)"):
        edits.add(TOY.layers["streets"], "again", shapely.reverse(street))


def test_a_school_is_not_added_to_its_own_grounds():
    with pytest.raises(LayerError, match=r"'again': is a duplicate of s0"):
        edits.add(TOY.layers["school"], "again", at(200, 200).buffer(20), {"name": "school"})


def test_neighbourhoods_do_not_overlap_after_an_edit():
    hoods = TOY.layers["neighbourhoods"]
    with pytest.raises(LayerError, match="'R1': overlaps Q7 by 2,500 m²"):
        edits.add(hoods, "R1", shapely.box(X - 50, Y, X + 50, Y + 25).union(
            shapely.box(X, Y, X + 50, Y + 50)))  # fmt: skip
    with pytest.raises(LayerError, match="'Q7': overlaps Q4 by 4,000 m²"):
        edits.move(hoods, "Q7", east_m=10, north_m=0)
    assert promises_hold(edits.add(hoods, "R1", shapely.box(X - 50, Y, X, Y + 50)))


def test_a_closed_feature_is_gone_and_one_that_is_not_there_is_refused():
    green = TOY.layers["green"]
    after = edits.close(green, "g1")
    assert promises_hold(after)
    assert list(after.frame.index) == ["g0", "g2"]
    with pytest.raises(LayerError, match=r"layer 'green'.*'g7': there is no such feature"):
        edits.close(green, "g7")
    with pytest.raises(LayerError, match="'g1': there is no such feature"):
        edits.close(after, "g1")
    only = edits.add(edits.close(green, "g1"), "g9", shapely.box(X, Y, X + 50, Y + 50))
    for key in ("g0", "g2"):
        only = edits.close(only, key)
    with pytest.raises(LayerError, match="'g9': is the only feature"):
        edits.close(only, "g9")


def test_where_the_only_school_is_closed_no_school_is_left():
    after = edits.close(TOY.layers["school"], "s0")
    assert promises_hold(after)
    assert len(after) == 0
    again = edits.add(after, "s1", at(300, 300), {"capacity": 20})
    assert kinds(again) == kinds(TOY.layers["school"])


def test_a_school_moves_to_a_point_and_a_park_has_its_middle_there():
    school = edits.move_to(TOY.layers["school"], "s0", x=X + 300.1, y=Y + 150.7)
    assert school.frame.geometry["s0"].equals(at(300.1, 150.7))
    park = edits.move_to(TOY.layers["green"], "g1", x=X + 500, y=Y + 600)
    assert park.frame.geometry["g1"].centroid.distance(at(500, 600)) < 1e-6
    assert park.frame.geometry["g1"].area == pytest.approx(
        TOY.layers["green"].frame.geometry["g1"].area
    )
    with pytest.raises(LayerError, match="'s7': there is no such feature"):
        edits.move_to(TOY.layers["school"], "s7", x=X, y=Y)


def test_a_moved_feature_has_its_values_at_another_place():
    school = TOY.layers["school"]
    after = edits.move(school, "s0", east_m=100, north_m=-50)
    assert promises_hold(after)
    assert after.frame.geometry["s0"].equals(at(300, 150))
    assert after.frame.drop(columns="geometry").equals(school.frame.drop(columns="geometry"))
    with pytest.raises(LayerError, match=r"'s0': lies .* km"):
        edits.move(school, "s0", east_m=50_000, north_m=0)
    with pytest.raises(LayerError, match=r"'s0'.*no place"):
        edits.move(school, "s0", east_m=float("nan"), north_m=0)


def test_a_street_cut_at_a_point_is_two_streets_that_meet_there():
    streets = TOY.layers["streets"]
    after = edits.cut(streets, "s1", at(450, 0.5))  # along y = 0, from 0 to 1,200 m
    assert promises_hold(after)
    assert kinds(after) == kinds(streets)
    first, second = after.frame.geometry["s1"], after.frame.geometry["s1/2"]
    assert (first.length, second.length) == pytest.approx((450, 750))
    assert first.coords[-1] == second.coords[0]


def test_a_polygon_cut_by_a_line_shares_its_people_by_area():
    hoods = TOY.layers["neighbourhoods"]
    line = shapely.LineString([(X + 100, Y - 1), (X + 100, Y + 401)])
    after = edits.cut(hoods, "Q7", line)
    assert promises_hold(after)
    parts = after.frame.loc[["Q7", "Q7/2"]]
    assert parts.area.tolist() == pytest.approx([300 * 400, 100 * 400])
    assert parts["residents"].tolist() == pytest.approx([67.5, 22.5])  # 90 people, 3 to 1
    assert parts["name"].tolist() == ["N Q7", "N Q7"]


def test_storeys_are_those_of_each_part_and_further_counts_are_divided_where_named():
    buildings = TOY.layers["buildings"]
    frame = buildings.frame.assign(households=[8] * 9)
    counted = dataclasses.replace(buildings, frame=frame)
    line = shapely.LineString([(X + 250, Y + 200), (X + 250, Y + 220)])
    after = edits.cut(counted, "b0", line, divided=["households"]).frame.loc[["b0", "b0/2"]]
    assert after["levels"].tolist() == [2.0, 2.0]
    assert after["households"].tolist() == [4.0, 4.0]
    whole = edits.cut(counted, "b0", line).frame.loc[["b0", "b0/2"]]
    assert whole["households"].tolist() == [8, 8]


@pytest.mark.parametrize(
    ("role", "key", "shape", "why"),
    [
        ("streets", "s99", at(0, 0), "'s99': there is no such feature"),
        ("streets", "s1", at(450, 30), "'s1': the point lies 30.0 m from the line"),
        ("streets", "s1", at(0, 0), "'s1': the point lies at an end"),
        ("streets", "s1", shapely.LineString([(X, Y), (X, Y + 1)]), "'s1': must be cut at a point"),
        ("green", "g0", at(150, 150), "'g0': must be cut by a line"),
        ("green", "g0", shapely.LineString([(X, Y), (X + 150, Y + 150)]), "'g0': the line does"),
        ("school", "s0", at(200, 200), "'s0': is a point"),
    ],
)  # fmt: skip
def test_what_cuts_nothing_is_refused(role, key, shape, why):
    with pytest.raises(LayerError, match=why):
        edits.cut(TOY.layers[role], key, shape)


def test_a_second_cut_does_not_take_the_key_of_a_part():
    once = edits.cut(TOY.layers["streets"], "s1", at(450, 0))
    with pytest.raises(LayerError, match=r"'s1'.*s1/2: the key is taken"):
        edits.cut(once, "s1", at(150, 0))
    assert promises_hold(edits.cut(once, "s1/2", at(650, 0)))


def test_a_changed_value_is_in_its_place_alone():
    green = TOY.layers["green"]
    after = edits.change(green, "g2", "public", value=True)
    assert after.frame["public"].tolist() == [True, True, True]
    assert kinds(after) == kinds(green)
    unknown = edits.change(TOY.layers["school"], "s0", "capacity", None)
    assert unknown.frame["capacity"].isna().all()
    with pytest.raises(LayerError, match="'g9': there is no such feature"):
        edits.change(green, "g9", "public", value=True)
    with pytest.raises(LayerError, match="'g2': there is no column 'geometry'"):
        edits.change(green, "g2", "geometry", "POINT (0 0)")
    with pytest.raises(LayerError, match="'b0': 90 storeys"):
        edits.change(TOY.layers["buildings"], "b0", "levels", 90)


def test_the_digest_is_of_the_layer_and_of_the_edit():
    school = TOY.layers["school"]
    made = [
        school,
        edits.add(school, "new", at(300, 300)),
        edits.add(school, "new", at(300, 300.000_000_1)),
        edits.add(school, "new", at(300, 300), {"capacity": 20}),
        edits.add(edits.change(school, "s0", "capacity", 7), "new", at(300, 300)),
        edits.move(school, "s0", east_m=1, north_m=0),
        edits.change(school, "s0", "capacity", 7),
    ]
    assert len({one.digest for one in made}) == len(made)
    assert edits.add(school, "new", at(300, 300)).digest == made[1].digest
    unknown = dataclasses.replace(school, digest="")
    assert edits.add(unknown, "new", at(300, 300)).digest == ""
