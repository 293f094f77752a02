"""OpenStreetMap objects whose shape is not a plain one: what each becomes, or why it is listed."""

from __future__ import annotations

import bz2
import gzip
from typing import TYPE_CHECKING

import osmium
import pytest
import shapely
from intake import said, take
from requested import requested

from urbanlayer.city.streets import build_streets
from urbanlayer.errors import SourceError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.network.barriers import SHARED_NODE_M
from urbanlayer.sources.osm import read

if TYPE_CHECKING:
    from pathlib import Path

    from urbanlayer.model.layer import Layer

LON, LAT = 19.2636, 42.4411
METRE_LAT = 1 / 111_080  # degrees, at this latitude
METRE_LON = 1 / 82_270
PARK, SCHOOL = {"leisure": "park"}, {"amenity": "school"}


def node(number: int, east_m: float, north_m: float, **tags: str) -> str:
    lon, lat = LON + east_m * METRE_LON, LAT + north_m * METRE_LAT
    return f'<node id="{number}" lat="{lat:.7f}" lon="{lon:.7f}">{_tags(tags)}</node>'


def way(number: int, refs: list[int], tags: dict[str, str]) -> str:
    nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<way id="{number}">{nodes}{_tags(tags)}</way>'


def relation(number: int, members: list[tuple[str, int, str]], tags: dict[str, str]) -> str:
    listed = "".join(
        f'<member type="{kind}" ref="{ref}" role="{part}"/>' for kind, ref, part in members
    )
    return f'<relation id="{number}">{listed}{_tags(tags)}</relation>'


def _tags(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def osm(folder: Path, *things: str) -> Path:
    path = folder / "city.osm"
    path.write_text(f'<osm version="0.6">{"".join(things)}</osm>', encoding="utf-8")
    return path


def square(first: int, east_m: float = 0, side_m: float = 100, *, north_m: float = 0) -> list[str]:
    corners = [(0, 0), (side_m, 0), (side_m, side_m), (0, side_m)]
    return [node(first + n, east_m + x, north_m + y) for n, (x, y) in enumerate(corners)]


def listed(layer: Layer) -> dict[str, str]:
    return {entry.feature: entry.reason for entry in layer.excluded}


STREET = {"highway": "residential"}
BRIDGE = {"highway": "footway", "bridge": "yes", "layer": "1"}


@pytest.mark.parametrize("shared", [True, False])
def test_ways_meet_at_a_shared_node_and_not_at_equal_coordinates(
    *, shared: bool, tmp_path: Path
) -> None:
    above = 2 if shared else 6
    path = osm(
        tmp_path,
        *(node(n, x, y) for n, x, y in [(1, -50, 0), (2, 0, 0), (3, 50, 0), (5, 0, -50)]),
        *([] if shared else [node(6, 0, 0)]),
        node(7, 0, 50),
        way(1, [1, 2, 3], STREET),
        way(2, [5, above, 7], BRIDGE),
    )
    network = build_streets(take(path, role="streets", source="osm"))
    # one cross of four arms, or two lines that pass one over the other
    assert len(network.edge_lines) == (4 if shared else 2)
    assert network.component.max() == (0 if shared else 1)
    assert network.edge_length_m.sum() == pytest.approx(200, rel=0.01)


def test_a_gate_on_a_bridge_stands_on_the_bridge_alone(tmp_path: Path) -> None:
    path = osm(
        tmp_path,
        *(node(n, x, y) for n, x, y in [(1, -50, 0), (2, 0, 0), (3, 50, 0), (5, 0, -50)]),
        node(6, 0, 0, barrier="gate"),
        node(7, 0, 50),
        way(1, [1, 2, 3], STREET),
        way(2, [5, 6, 7], BRIDGE),
    )
    requests = [
        requested(role, LayerSpec(path=path.name, source="osm"), path)
        for role in ("streets", "barriers")
    ]
    raw = read(requests)
    streets, barriers = raw["streets"].frame.to_crs(25834), raw["barriers"].frame.to_crs(25834)
    gate = barriers.geometry.iloc[0]
    assert streets.geometry["way/2"].distance(gate) < SHARED_NODE_M
    assert SHARED_NODE_M < streets.geometry["way/1"].distance(gate) < 0.01


def test_a_square_drawn_as_a_multipolygon_is_crossed_around_its_hole(tmp_path: Path) -> None:
    path = osm(
        tmp_path,
        # a square of 100 m, a building of 20 m in its middle, and two streets at its sides
        *square(1),
        *(node(n, x, y) for n, x, y in [(5, 0, 50), (6, 100, 50), (7, -50, 50), (8, 150, 50)]),
        *(node(n, x, y) for n, x, y in [(11, 40, 40), (12, 60, 40), (13, 60, 60), (14, 40, 60)]),
        way(1, [1, 2, 6, 3, 4, 5, 1], {}),
        way(2, [11, 12, 13, 14, 11], {}),
        way(3, [7, 5], STREET),
        way(4, [6, 8], STREET),
        relation(
            9,
            [("way", 1, "outer"), ("way", 2, "inner")],
            {"type": "multipolygon", "highway": "pedestrian"},
        ),
    )
    layer = take(path, role="streets", source="osm")
    assert layer.frame.index.tolist() == ["way/3", "way/4", "relation/9"]
    network = build_streets(layer)
    assert network.component.max() == 0
    across = network.edge_length_m[~network.drawn]
    # from each street to the two corners of the building on its side: hypot(40, 10)
    assert sorted(across.round(0).tolist()) == [41.0] * 4
    inside = shapely.union_all(network.edge_lines[~network.drawn])
    building = shapely.polygons(layer.frame.geometry["relation/9"].geoms[1].coords)
    assert not inside.crosses(building.buffer(-0.1))


def test_a_relation_and_its_outer_way_of_the_same_tags_are_one_park_with_a_hole(
    tmp_path: Path,
) -> None:
    parts = [("way", 1, "outer"), ("way", 2, "inner")]
    path = osm(
        tmp_path,
        *square(1),
        *square(5, 20, 50, north_m=20),
        way(1, [1, 2, 3, 4, 1], PARK),
        way(2, [5, 6, 7, 8, 5], {"natural": "water"}),
        relation(9, parts, {"type": "multipolygon", **PARK}),
    )
    layer = take(path, source="osm")
    assert layer.frame.index.tolist() == ["relation/9"]
    assert layer.frame.area.sum() == pytest.approx(100**2 - 50**2, rel=0.01)
    assert listed(layer) == {"way/1": "counted-in-relation"}


def test_a_garden_that_is_the_outline_of_a_park_is_that_park_with_its_hole(tmp_path: Path) -> None:
    parts = [("way", 1, "outer"), ("way", 2, "inner")]
    path = osm(
        tmp_path,
        *square(1),
        *square(5, 20, 50, north_m=20),
        way(1, [1, 2, 3, 4, 1], {"leisure": "garden"}),
        way(2, [5, 6, 7, 8, 5], {}),
        relation(9, parts, {"type": "multipolygon", **PARK}),
    )
    layer = take(path, source="osm")
    assert layer.frame.area.to_list() == pytest.approx([100**2 - 50**2], rel=0.01)
    assert listed(layer) == {"way/1": "duplicate-geometry"}


@pytest.mark.parametrize("planned", ["way/1", "way/2"])
def test_of_two_streets_of_one_course_the_one_that_is_walked_stays(
    planned: str, tmp_path: Path
) -> None:
    new = {"highway": "proposed", "proposed": "primary"}
    path = osm(
        tmp_path,
        *square(1),
        way(1, [1, 2, 3], new if planned == "way/1" else STREET),
        way(2, [3, 2, 1], new if planned == "way/2" else STREET),
    )
    layer = take(path, role="streets", source="osm")
    assert layer.frame["highway"].tolist() == ["residential"]
    assert listed(layer) == {planned: "duplicate-geometry"}


@pytest.mark.parametrize("names", [("Zvijezda",), ("Gimnazija", "Muzička škola"), ("Pošta",)])
def test_a_ground_without_a_name_is_that_of_the_schools_named_in_it(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    # the node of one school gives name and places to the ground; of two each is a school
    at = {"Pošta": {"amenity": "post_office"}}
    path = osm(
        tmp_path,
        *square(1),
        *(
            node(9 + n, 40 + 10 * n, 50, name=name, capacity="120", **at.get(name, SCHOOL))
            for n, name in enumerate(names)
        ),
        way(1, [1, 2, 3, 4, 1], SCHOOL),
    )
    layer = take(path, role="school", source="osm")
    found = layer.frame[["name", "capacity"]].fillna({"capacity": -1}).to_dict("index")
    assert (
        found
        == {
            "Zvijezda": {"way/1": {"name": "Zvijezda", "capacity": 120}},
            "Gimnazija": {
                "node/9": {"name": "Gimnazija", "capacity": 120},
                "node/10": {"name": "Muzička škola", "capacity": 120},
            },
            "Pošta": {"way/1": {"name": "", "capacity": -1}},
        }[names[0]]
    )
    assert listed(layer) == {
        "Zvijezda": {"node/9": "duplicate"}, "Gimnazija": {"way/1": "duplicate"}, "Pošta": {},
    }[names[0]]  # fmt: skip


@pytest.mark.parametrize("kind", ["building", "node"])
def test_a_school_drawn_as_a_site_stands_at_its_members(kind: str, tmp_path: Path) -> None:
    members = [("way", 1, ""), ("way", 2, "")] if kind == "building" else [("node", 1, "")]
    path = osm(
        tmp_path,
        *square(1),
        *square(5, 300),
        way(1, [1, 2, 3, 4, 1], {"building": "school"}),
        way(2, [5, 6, 7, 8, 5], {"building": "school"}),
        relation(9, members, {"type": "site", **SCHOOL}),
    )
    layer = take(path, role="school", source="osm")
    assert layer.frame.index.tolist() == ["relation/9"]
    expected = 2 * 100**2 if kind == "building" else 0
    assert layer.frame.area.sum() == pytest.approx(expected, rel=0.01)


def test_a_site_whose_members_are_schools_themselves_adds_none(tmp_path: Path) -> None:
    path = osm(
        tmp_path,
        *square(1),
        way(1, [1, 2, 3, 4, 1], SCHOOL),
        relation(9, [("way", 1, "")], {"type": "site", **SCHOOL}),
        relation(10, [("way", 77, "")], {"type": "site", **SCHOOL}),
        relation(11, [("way", 1, "")], {"type": "collection", **SCHOOL}),
    )
    layer = take(path, role="school", source="osm")
    assert layer.frame.index.tolist() == ["way/1"]
    assert listed(layer) == {
        "relation/9": "members-counted",
        "relation/10": "site-without-members",
        "relation/11": "relation-not-drawn",
    }


def test_an_outline_that_lacks_one_side_is_closed_and_an_arc_is_listed(tmp_path: Path) -> None:
    path = osm(
        tmp_path,
        *square(1),
        *square(5, 300),
        way(1, [1, 2, 3, 4], PARK),
        way(2, [5, 6, 7], PARK),
    )
    layer = take(path, source="osm")
    assert layer.frame.area.tolist() == [pytest.approx(100**2, rel=0.01)]
    assert "closed by a straight line: 1 (way/1)" in said(layer)
    assert listed(layer) == {"way/2": "outline-open"}


def test_a_platform_drawn_as_a_line_stands_at_its_middle(tmp_path: Path) -> None:
    platform = {"public_transport": "platform", "bus": "yes"}
    path = osm(
        tmp_path,
        *square(1),
        *(node(n, x, 0) for n, x in [(5, 300), (6, 320), (7, 340)]),
        way(1, [1, 2], platform),
        way(2, [5, 6, 7], platform),
        way(3, [1, 2, 3, 4, 1], platform),
    )
    layer = take(path, role="stop", source="osm")
    assert sorted(layer.frame.index) == ["way/1", "way/2", "way/3"]
    apart_m = layer.frame.geometry["way/1"].distance(layer.frame.geometry["way/2"])
    assert apart_m == pytest.approx(320 - 50, rel=0.01)
    assert "drawn as open lines, placed at their middle: 2 (way/1, way/2)" in said(layer)


def test_a_ring_that_the_extract_cuts_is_used_as_far_as_it_is_there(tmp_path: Path) -> None:
    tags = {"type": "multipolygon", **PARK}
    path = osm(
        tmp_path,
        *square(1),
        *square(5, 300),
        way(1, [1, 2, 3, 99, 98, 1], PARK),
        way(2, [5, 6, 7], {}),
        relation(9, [("way", 2, "outer"), ("way", 77, "outer")], tags),
    )
    layer = take(path, source="osm")
    assert layer.frame.area.tolist() == pytest.approx([100**2 / 2] * 2, rel=0.01)
    assert "closed by a straight line: 2 (way/1, relation/9)" in said(layer)


def test_a_border_is_never_closed_by_a_straight_line(tmp_path: Path) -> None:
    tags = {"boundary": "administrative", "admin_level": "9"}
    path = osm(
        tmp_path,
        *square(1),
        *square(5, 300),
        way(1, [1, 2, 3, 4, 1], tags),
        way(2, [5, 6, 7, 8], tags),
        way(3, [5, 6, 7, 8, 5], {}),
        relation(9, [("way", 3, "outer")], {"type": "boundary", **tags}),
        relation(10, [("way", 1, "outer")], {"type": "boundary", **tags}),
    )
    layer = take(path, role="neighbourhoods", source="osm")
    assert layer.frame.index.tolist() == ["relation/10", "relation/9"]
    assert listed(layer) == {"way/1": "counted-in-relation", "way/2": "outline-open"}


def test_ways_of_a_single_node_are_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    path = osm(
        tmp_path,
        *square(1),
        way(1, [1, 2], STREET),
        *(way(number, [3], STREET) for number in (2, 3, 4)),
    )
    layer = take(path, role="streets", source="osm")
    assert layer.frame.index.tolist() == ["way/1"]
    assert listed(layer) == dict.fromkeys(["way/2", "way/3", "way/4"], "missing-nodes")


def test_areas_whose_nodes_are_all_missing_mean_a_file_out_of_order(tmp_path: Path) -> None:
    outside = [way(n, [90, 91, 92, 90], PARK) for n in range(2, 9)]
    path = osm(tmp_path, *square(1), way(1, [1, 2, 3, 4, 1], PARK), *outside)
    with pytest.raises(SourceError, match="7 of 8 ways lack their nodes"):
        take(path, source="osm")


@pytest.mark.parametrize("value", ["kindergarten;school", "school; kindergarten", "school"])
def test_one_of_several_values_is_enough(value: str, tmp_path: Path) -> None:
    path = osm(
        tmp_path,
        *square(1),
        node(9, 500, 0, amenity=value),
        way(1, [1, 2, 3, 4, 1], {"amenity": value}),
    )
    assert len(take(path, role="school", source="osm").frame) == 2


def test_a_park_mapped_as_a_point_is_listed_and_a_school_is_used(tmp_path: Path) -> None:
    path = osm(
        tmp_path,
        *square(1),
        way(1, [1, 2, 3, 4, 1], PARK),
        node(8, 300, 0, leisure="park"),
        node(9, 500, 0, amenity="school"),
    )
    assert listed(take(path, source="osm")) == {"node/8": "mapped-as-point"}
    assert len(take(path, role="school", source="osm").frame) == 1


@pytest.mark.parametrize("drawn_as", ["one way", "two ways"])
def test_a_multipolygon_whose_outer_way_has_the_tags_keeps_its_hole(
    drawn_as: str, tmp_path: Path
) -> None:
    whole = drawn_as == "one way"
    corners = [1, 2, 3, 4, 1] if whole else [1, 2, 3]
    path = osm(
        tmp_path,
        *square(1, 0),
        *square(5, 10, 20, north_m=10),
        way(1, corners, PARK),
        way(2, [5, 6, 7, 8, 5], {}),
        *([] if whole else [way(3, [3, 4, 1], PARK)]),
        relation(
            1,
            [("way", 1, "outer"), ("way", 2, "inner"), ("way", 3, "outer")][: 2 if whole else 3],
            {"type": "multipolygon", "source": "survey"},
        ),
    )
    layer = take(path, source="osm")
    assert list(layer.frame.index) == ["way/1" if whole else "relation/1"]
    assert layer.frame.area.to_list() == pytest.approx([100 * 100 - 20 * 20], rel=2e-3)
    counted = () if whole else ("way/1", "way/3")
    assert listed(layer) == dict.fromkeys(counted, "counted-in-relation")


def test_a_site_stands_at_the_relations_that_are_its_members(tmp_path: Path) -> None:
    path = osm(
        tmp_path,
        *square(1, 0, 40),
        *square(5, 10, 10, north_m=10),
        way(1, [1, 2, 3], {}),
        way(2, [3, 4, 1], {}),
        way(3, [5, 6, 7, 8, 5], {}),
        relation(
            1,
            [("way", 1, "outer"), ("way", 2, "outer"), ("way", 3, "inner")],
            {"type": "multipolygon", "building": "yes"},
        ),
        relation(2, [("relation", 1, "")], {**SCHOOL, "type": "site"}),
    )
    layer = take(path, role="school", source="osm")
    assert list(layer.frame.index) == ["relation/2"]
    assert listed(layer) == {}


@pytest.mark.parametrize("suffix", [".osm", ".osm.pbf", ".osm.gz", ".osm.bz2"])
def test_what_an_editor_has_added_is_there_and_what_it_deleted_is_not(
    suffix: str, tmp_path: Path
) -> None:
    corners = [(1, 0), (1, 1), (0, 1)]  # of new squares, from their first node on, in 100 m
    new = [node(-n - 1, 300 + 100 * x, 100 * y) for n, (x, y) in enumerate([(0, 0), *corners])]
    things = [
        *new,
        node(-7, 50, 0, **SCHOOL),
        *square(1),
        node(9, 70, 0, **SCHOOL).replace("<node ", '<node action="delete" '),
        way(-1, [-1, -2, -3, -4, -1], PARK),
        way(5, [1, 2, 3, 4, 1], PARK),
        way(6, [1, 2, 3, 4, 1], PARK).replace("<way ", "<way action='delete' "),
        way(-2, [1, -7], STREET),
        relation(-1, [("way", -1, "outer")], {**PARK, "type": "multipolygon"}),
    ]
    path = osm(tmp_path, *things)
    if suffix == ".osm.pbf":  # knows no marks
        things = [thing for thing in things if "action" not in thing]
        path = in_pbf(osm(tmp_path, *things))
    elif suffix != ".osm":
        path = packed(path, suffix)
    green, school, streets = (
        take(path, role=role, source="osm") for role in ("green", "school", "streets")
    )
    assert sorted(green.frame.index) == ["relation/-1", "way/5"]
    assert green.frame.to_crs("EPSG:25834").area.to_list() == pytest.approx([1e4, 1e4], rel=2e-3)
    counted_in = {item.feature: dict(item.detail.values)["relation"] for item in green.excluded}
    assert counted_in == {"way/-1": "relation/-1"}
    assert list(school.frame.index) == ["node/-7"]
    assert list(streets.frame.index) == ["way/-2"]


def packed(path: Path, suffix: str) -> Path:
    """The same file, packed."""
    pack = gzip.compress if suffix == ".osm.gz" else bz2.compress
    copy = path.with_suffix(suffix)
    copy.write_bytes(pack(path.read_bytes()))
    return copy


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz"])
def test_a_saved_response_of_overpass_that_gave_up_is_refused(suffix: str, tmp_path: Path) -> None:
    remark = "<remark> runtime error: Query timed out after 26 seconds. </remark>"
    path = osm(tmp_path, node(1, 0, 0, **SCHOOL), remark)
    path = path if suffix == ".osm" else packed(path, suffix)
    with pytest.raises(SourceError, match=r"Overpass gave up .*Query timed out after 26 seconds"):
        take(path, role="school", source="osm")


def in_pbf(path: Path) -> Path:
    """The same file in OpenStreetMap's binary format."""
    copy = path.with_suffix(".osm.pbf")
    with osmium.SimpleWriter(str(copy)) as writer:
        for thing in osmium.FileProcessor(str(path)):
            writer.add(thing)
    return copy


def test_a_closed_way_beside_the_relations_of_a_type_is_listed(tmp_path: Path) -> None:
    tags = {"boundary": "administrative", "admin_level": "9"}
    path = osm(
        tmp_path,
        *square(1),
        *square(11, 200),
        way(1, [1, 2, 3, 4, 1], {}),
        way(2, [11, 12, 13, 14, 11], tags),
        relation(3, [("w", 1, "outer")], {**tags, "type": "boundary", "name": "Stari grad"}),
    )
    where = {"type": "boundary", **tags}
    layer = take(path, role="boundary", source="osm", where=where)
    assert list(layer.frame.index) == ["relation/3"]
    assert listed(layer) == {"way/2": "way-without-type"}


@pytest.mark.parametrize("outline", ["one way", "two ways", "two ways, one of them untagged"])
@pytest.mark.parametrize("named", [True, False])
def test_a_square_whose_outer_way_has_the_tags_is_crossed_around_its_hole(
    outline: str, *, named: bool, tmp_path: Path
) -> None:
    pedestrian = {"highway": "pedestrian"} | ({"area": "yes"} if outline == "one way" else {})
    outer = {
        "one way": [way(1, [1, 2, 6, 3, 4, 5, 1], pedestrian)],
        "two ways": [way(1, [1, 2, 6, 3], pedestrian), way(5, [3, 4, 5, 1], pedestrian)],
        "two ways, one of them untagged": [
            way(1, [1, 2, 6, 3], pedestrian), way(5, [3, 4, 5, 1], {}),
        ],
    }[outline]  # fmt: skip
    members = [("way", 1, "outer"), ("way", 2, "inner"), ("way", 5, "outer")]
    path = osm(
        tmp_path,
        # a square of 100 m, a building of 20 m in its middle, and two streets at its sides
        *square(1),
        *(node(n, x, y) for n, x, y in [(5, 0, 50), (6, 100, 50), (7, -50, 50), (8, 150, 50)]),
        *(node(n, x, y) for n, x, y in [(11, 40, 40), (12, 60, 40), (13, 60, 60), (14, 40, 60)]),
        *outer[:1],
        way(2, [11, 12, 13, 14, 11], {"building": "yes"}),
        way(3, [7, 5], STREET),
        way(4, [6, 8], STREET),
        *outer[1:],
        relation(
            9,
            members[: 2 if outline == "one way" else 3],
            {"type": "multipolygon"} | ({"name": "Trg"} if named else {}),
        ),
    )
    network = build_streets(take(path, role="streets", source="osm"))
    assert network.component.max() == 0
    across = network.edge_length_m[~network.drawn]
    # from each street to the two corners of the building on its side: hypot(40, 10)
    assert sorted(across.round(0).tolist()) == [41.0] * 4


def test_a_street_around_a_block_is_no_square(tmp_path: Path) -> None:
    path = osm(
        tmp_path,
        *square(1),
        way(1, [1, 2, 3, 4, 1], STREET),
        relation(9, [("way", 1, "outer")], {"type": "multipolygon"}),
    )
    network = build_streets(take(path, role="streets", source="osm"))
    assert network.edge_length_m.sum() == pytest.approx(400, rel=0.01)


@pytest.mark.parametrize("role", ["green", "buildings", "water"])
def test_a_hole_with_the_tags_of_what_lies_around_it_is_a_hole(role: str, tmp_path: Path) -> None:
    tags = {"green": PARK, "buildings": {"building": "yes"}, "water": {"natural": "water"}}[role]
    path = osm(
        tmp_path,
        *square(1),
        *square(5, 20, 50, north_m=20),
        way(1, [1, 2, 3, 4, 1], {**tags, "name": "A"}),
        way(2, [5, 6, 7, 8, 5], tags),
        relation(9, [("way", 1, "outer"), ("way", 2, "inner")], {"type": "multipolygon"}),
    )
    layer = take(path, role=role, source="osm")
    assert layer.frame.area.to_list() == pytest.approx([100**2 - 50**2], rel=0.01)
    assert listed(layer) == {"way/2": "hole-of-relation"}


@pytest.mark.parametrize("role", ["green", "streets"])
def test_a_ring_without_a_role_inside_an_area_is_its_hole(role: str, tmp_path: Path) -> None:
    tags = PARK if role == "green" else {"highway": "pedestrian", "area": "yes"}
    path = osm(
        tmp_path,
        *square(1),
        *square(5, 20, 50, north_m=20),
        *square(11, 300),
        way(1, [1, 2, 3, 4, 1], tags),
        way(2, [5, 6, 7, 8, 5], {}),
        way(3, [11, 12, 13, 14, 11], tags),
        relation(9, [("way", 1, ""), ("way", 2, ""), ("way", 3, "")], {"type": "multipolygon"}),
    )
    request = requested(role, LayerSpec(path=path.name, source="osm"), path)
    shapes = read([request])[role].frame.to_crs(25834).geometry
    areas = shapes.area if role == "green" else shapes.map(_enclosed_m2)
    expected = {"way/1": 100**2 - 50**2, "way/3": 100**2}
    assert areas.to_dict() == pytest.approx(expected, rel=0.01)


def _enclosed_m2(lines: shapely.Geometry) -> float:
    """Area of the first ring less that of the others."""
    outer, *holes = (shapely.polygons(line.coords).area for line in shapely.get_parts(lines))
    return outer - sum(holes)


def test_an_island_in_a_hole_keeps_its_area(tmp_path: Path) -> None:
    path = osm(
        tmp_path,
        *square(1),
        *square(5, 20, 60, north_m=20),
        *square(11, 40, 20, north_m=40),
        way(1, [1, 2, 3, 4, 1], PARK),
        way(2, [5, 6, 7, 8, 5], {}),
        way(3, [11, 12, 13, 14, 11], PARK),
        relation(
            9,
            [("way", 1, "outer"), ("way", 2, "inner"), ("way", 3, "outer")],
            {"type": "multipolygon"},
        ),
    )
    areas = take(path, source="osm").frame.area.to_dict()
    assert areas == pytest.approx({"way/1": 100**2 - 60**2, "way/3": 20**2}, rel=0.01)


def test_an_outer_way_of_another_green_tag_has_the_hole_of_its_relation(tmp_path: Path) -> None:
    path = osm(
        tmp_path,
        *square(1),
        *square(5, 20, 50, north_m=20),
        way(1, [1, 2, 3, 4, 1], {"landuse": "forest"}),
        way(2, [5, 6, 7, 8, 5], {"natural": "water"}),
        relation(9, [("way", 1, "outer"), ("way", 2, "inner")], {"type": "multipolygon", **PARK}),
    )
    layer = take(path, source="osm")
    assert shapely.union_all(layer.frame.geometry).area == pytest.approx(100**2 - 50**2, rel=0.01)


@pytest.mark.parametrize(
    ("of_way", "of_relation", "kept"),
    [("apartments", "yes", "way/1"), ("yes", "apartments", "relation/9")],
)
def test_a_building_and_its_outer_way_are_one_with_a_court(
    of_way: str, of_relation: str, kept: str, tmp_path: Path
) -> None:
    levels = {"building:levels": "5"}
    path = osm(
        tmp_path,
        *square(1),
        *square(5, 20, 50, north_m=20),
        way(1, [1, 2, 3, 4, 1], {"building": of_way} | (levels if of_way == "yes" else {})),
        way(2, [5, 6, 7, 8, 5], {}),
        relation(
            9,
            [("way", 1, "outer"), ("way", 2, "inner")],
            {"type": "multipolygon", "building": of_relation}
            | (levels if of_relation == "yes" else {}),
        ),
    )
    layer = take(path, role="buildings", source="osm")
    assert layer.frame.index.tolist() == [kept]
    assert layer.frame.area.to_list() == pytest.approx([100**2 - 50**2], rel=0.01)
    assert layer.frame["levels"].tolist() == [5]


def test_open_outer_ways_with_the_tags_of_their_relation_are_no_areas(tmp_path: Path) -> None:
    # each half alone would be closed by its diagonal, 141 m of 200
    path = osm(
        tmp_path,
        *square(1),
        *(node(n, x, y) for n, x, y in [(5, 0, 90)]),
        way(1, [1, 2, 3, 4, 5], PARK),
        way(2, [5, 1], {}),
        relation(9, [("way", 1, "outer"), ("way", 2, "outer")], {"type": "multipolygon", **PARK}),
    )
    layer = take(path, source="osm")
    assert layer.frame.index.tolist() == ["relation/9"]
    assert listed(layer) == {"way/1": "counted-in-relation"}
