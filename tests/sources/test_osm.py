"""OpenStreetMap extracts: small worlds written by the tests, and Las Palmas."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import osmium
import pytest
from intake import reasons, said, take
from osmium.osm.mutable import Node, Relation, Way
from requested import requested

from urbanlayer.errors import SourceError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.registry import sources
from urbanlayer.sources.osm import read

if TYPE_CHECKING:
    from collections.abc import Iterable

LAS_PALMAS = Path(__file__).parents[3] / "shared/data/las_palmas/las_palmas_2023-02-21.osm.pbf"
LON, LAT = 19.2636, 42.4411
METRE_LAT = 1 / 111_080  # degrees, at this latitude
METRE_LON = 1 / 82_270


def at(east_m: float, north_m: float) -> tuple[float, float]:
    return LON + east_m * METRE_LON, LAT + north_m * METRE_LAT


def world(path: Path, things: Iterable[Node | Way | Relation]) -> Path:
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for thing in things:
            writer.add(thing)
    return path


def nodes(*places: tuple[float, float], first: int = 1) -> list[Node]:
    return [Node(id=first + n, location=at(*place)) for n, place in enumerate(places)]


def ring(number: int, tags: dict[str, str], refs: list[int]) -> Way:
    return Way(id=number, nodes=[*refs, refs[0]], tags=tags)


SQUARE = ((0, 0), (100, 0), (100, 100), (0, 100))


def test_one_pass_gives_every_layer_its_own_kind(tmp_path: Path) -> None:
    path = world(
        tmp_path / "city.osm.pbf",
        [
            *nodes(*SQUARE, (300, 0), (400, 0), (500, 50)),
            Node(id=20, location=at(50, 300), tags={"amenity": "pharmacy", "name": "Montefarm"}),
            Node(id=21, location=at(60, 300), tags={"natural": "tree"}),
            ring(1, {"leisure": "park", "name": "Park", "name:en": "Park"}, [1, 2, 3, 4]),
            Way(id=2, nodes=[5, 6, 7], tags={"highway": "residential", "bridge": "yes"}),
            ring(3, {"highway": "footway"}, [1, 2, 3, 4]),
            ring(4, {"building": "apartments", "building:levels": "5"}, [1, 2, 3, 4]),
        ],
    )
    asked = ("green", "streets", "buildings", "pharmacy", "trees")
    requests = [requested(role, LayerSpec(path=path.name, source="osm"), path) for role in asked]
    raw = read(requests)
    assert {role: len(raw[role].frame) for role in asked} == {
        "green": 1,
        "streets": 2,
        "buildings": 1,
        "pharmacy": 1,
        "trees": 1,
    }
    streets = take(path, role="streets", source="osm")
    assert streets.frame.loc["way/2", "bridge"]
    assert set(streets.frame.geom_type) == {"LineString"}
    buildings = take(path, role="buildings", source="osm")
    assert buildings.frame["levels"].tolist() == [5.0]
    assert buildings.frame["residential"].tolist() == [True]


@pytest.mark.parametrize(
    ("tags", "lived_in"),
    [
        ({"building": "yes"}, True),
        ({"building": "house"}, True),
        ({"building": "industrial"}, False),
        ({"building": "school"}, False),
        ({"building": "yes", "amenity": "school"}, False),
        ({"building": "yes", "building:use": "commercial"}, False),
        ({"building": "yes", "building:use": "commercial;residential"}, True),
        ({"building": "yes", "building:use": "unknown"}, True),
        ({"building": "house", "abandoned": "no"}, True),
        ({"building": "office;Apartments"}, True),
        ({"building": "school;yes"}, False),
        ({"building": "Garages"}, False),
        ({"building": "sports_centre"}, False),
        ({"building": "proposed"}, False),
        ({"building": "yes", "healthcare": "hospital"}, False),
        ({"building": "house", "abandoned": "yes"}, False),
        ({"building": "house", "ruins": "yes"}, False),
    ],
)
def test_whether_a_building_is_lived_in_is_told_by_its_tags(
    tags: dict[str, str], *, lived_in: bool, tmp_path: Path
) -> None:
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE), ring(1, tags, [1, 2, 3, 4])])
    buildings = take(path, role="buildings", source="osm")
    assert buildings.frame["residential"].tolist() == [lived_in]


INNER = [(10, 10), (40, 10), (40, 40), (10, 40)]


def test_a_part_of_a_building_adds_no_floor_area(tmp_path: Path) -> None:
    inner = [Node(id=11 + n, location=at(*place)) for n, place in enumerate(INNER)]
    ways = [
        ring(1, {"building": "apartments"}, [1, 2, 3, 4]),
        ring(2, {"building": "apartments", "building:part": "yes"}, [11, 12, 13, 14]),
    ]
    path = world(tmp_path / "a.osm.pbf", [*nodes(*SQUARE), *inner, *ways])
    found = take(path, role="buildings", source="osm")
    assert found.frame.index.tolist() == ["way/1"]
    assert reasons(found) == ["duplicate"]
    alone = world(tmp_path / "b.osm.pbf", [*inner, ways[1]])
    assert len(take(alone, role="buildings", source="osm")) == 1  # it stands for the building


@pytest.mark.parametrize("numbers", [(1, 2), (2, 1)])
def test_of_two_buildings_of_one_outline_the_one_that_is_lived_in_stays(
    numbers: tuple[int, int], tmp_path: Path
) -> None:
    house, roof = numbers
    ways = [ring(house, {"building": "house"}, [1, 2, 3, 4])]
    ways.append(ring(roof, {"building": "roof"}, [1, 2, 3, 4]))
    ways.sort(key=lambda way: way.id)
    buildings = take(world(tmp_path / "a.osm.pbf", [*nodes(*SQUARE), *ways]), role="buildings",
                     source="osm")  # fmt: skip
    assert buildings.frame.index.tolist() == [f"way/{house}"]
    assert reasons(buildings) == ["duplicate-geometry"]


@pytest.mark.parametrize(
    ("tags", "public"),
    [
        ({}, True),
        ({"access": "private"}, False),
        ({"access": "residents"}, False),
        ({"access": "permit"}, False),
        ({"access": "customers"}, False),
        ({"access": "employees"}, False),
        ({"access": "private;residents"}, False),
        ({"access": "private;yes"}, True),
        ({"access": "private", "foot": "yes"}, True),
        ({"leisure": "garden", "garden:type": "residential"}, False),
        ({"leisure": "garden", "garden:type": "botanical"}, True),
        ({"leisure": "garden", "location": "roof"}, False),
        ({"leisure": "garden", "garden:type": "roof_garden"}, False),
        ({"level": "5"}, False),
        ({"level": "1;2"}, False),
        ({"level": "0;1"}, True),
        ({"level": "-1"}, True),
        ({"level": "2", "access": "yes"}, True),
    ],
)
def test_a_private_park_is_not_public(
    tags: dict[str, str], *, public: bool, tmp_path: Path
) -> None:
    park = ring(1, {"leisure": "park", **tags}, [1, 2, 3, 4])
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE), park])
    assert take(path, source="osm").frame["public"].tolist() == [public]


@pytest.mark.parametrize(
    ("tags", "closed"),
    [
        ({"access": "customers"}, False),  # the foot profiles of OSRM, Valhalla and GraphHopper
        ({"access": "employees"}, True),
        ({"access": "private"}, True),
        ({"access": "private", "foot": "destination"}, False),
        ({"foot": "no"}, True),
    ],
)
def test_customers_walk_on_the_ways_of_a_shop(
    tags: dict[str, str], *, closed: bool, tmp_path: Path
) -> None:
    way = Way(id=1, nodes=[1, 2], tags={"highway": "service", **tags})
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE), way])
    assert take(path, role="streets", source="osm").frame["closed"].tolist() == [closed]


def shop(number: int, east_m: float, name: str) -> Node:
    return Node(id=number, location=at(east_m, 50), tags={"amenity": "pharmacy", "name": name})


@pytest.mark.parametrize(
    ("east_m", "name", "twins"), [(140, "Montefarm", 1), (160, "Montefarm", 0), (140, "Other", 0)]
)
def test_a_node_beside_a_way_of_the_same_name_is_one_pharmacy(
    east_m: float, name: str, twins: int, tmp_path: Path
) -> None:
    # the square ends at 100 m east; 50 m is the greatest distance of twins
    way = ring(1, {"amenity": "pharmacy", "name": "Montefarm"}, [1, 2, 3, 4])
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE), shop(9, east_m, name), way])
    layer = take(path, role="pharmacy", source="osm")
    assert reasons(layer) == ["duplicate"] * twins
    assert "way/1" in layer.frame.index


@pytest.mark.parametrize(
    ("east_m", "name", "left"), [(20, "", 1), (20, "Dječji odjel", 2), (99, "", 2)]
)
def test_a_building_on_the_ground_of_a_school_is_part_of_it(
    east_m: float, name: str, left: int, tmp_path: Path
) -> None:
    # of the building 20 m wide at 99 m, a twentieth lies on the ground, which ends at 100 m
    inner = [(east_m + x, 20 + y) for x, y in ((0, 0), (20, 0), (20, 20), (0, 20))]
    ground = ring(1, {"amenity": "school", "name": "OŠ"}, [1, 2, 3, 4])
    tags = {"amenity": "school", "building": "school"} | ({"name": name} if name else {})
    building = ring(2, tags, [5, 6, 7, 8])
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE, *inner), ground, building])
    layer = take(path, role="school", source="osm")
    assert len(layer) == left
    assert reasons(layer) == ["duplicate"] * (2 - left)


def test_a_multipolygon_that_does_not_close_is_set_aside(tmp_path: Path) -> None:
    open_ring = Way(id=1, nodes=[1, 2, 3], tags={})
    relation = Relation(
        id=7, members=[("w", 1, "outer")], tags={"type": "multipolygon", "leisure": "park"}
    )
    good = ring(2, {"leisure": "park"}, [1, 2, 3, 4])
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE), open_ring, good, relation])
    layer = take(path, source="osm")
    assert [(entry.feature, entry.reason) for entry in layer.excluded] == [
        ("relation/7", "broken-multipolygon")
    ]
    assert layer.frame.index.tolist() == ["way/2"]


def test_a_park_with_a_pond_keeps_its_hole(tmp_path: Path) -> None:
    inner = [(20, 20), (80, 20), (80, 80), (20, 80)]
    relation = Relation(
        id=7,
        members=[("w", 1, "outer"), ("w", 2, "inner")],
        tags={"type": "multipolygon", "leisure": "park"},
    )
    things = [*nodes(*SQUARE, *inner), ring(1, {}, [1, 2, 3, 4]), ring(2, {}, [5, 6, 7, 8])]
    layer = take(world(tmp_path / "city.osm.pbf", [*things, relation]), source="osm")
    assert layer.frame.area.sum() == pytest.approx(100**2 - 60**2, rel=0.01)


def test_a_street_that_runs_out_of_the_extract_is_cut_there(tmp_path: Path) -> None:
    whole = [Way(id=100 + n, nodes=[1, 2], tags={"highway": "path"}) for n in range(200)]
    clipped = Way(id=1, nodes=[1, 2, 999], tags={"highway": "residential"})
    outside = Way(id=2, nodes=[998, 999], tags={"highway": "residential"})
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE), clipped, outside, *whole])
    layer = take(path, role="streets", source="osm")
    assert layer.frame.loc["way/1"].geometry.length == pytest.approx(100, rel=0.01)
    assert reasons(layer).count("missing-nodes") == 1
    assert "cut at its edge: 1" in said(layer)


def test_an_extract_whose_ways_lack_their_nodes_is_refused(tmp_path: Path) -> None:
    ways = [Way(id=n, nodes=[900 + n, 901 + n], tags={"highway": "path"}) for n in range(1, 50)]
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE), *ways])
    with pytest.raises(SourceError, match="49 of 49 ways lack their nodes"):
        take(path, role="streets", source="osm")


def test_each_street_keeps_its_own_tags_and_no_others(tmp_path: Path) -> None:
    tags = [
        {"highway": "footway"},
        {"highway": "steps", "lit": "yes", "name": "Stepenice"},
        {"highway": "path", "source": "survey", "bicycle": "no"},
        {"name": "Njegoševa", "oneway": "yes", "highway": "residential", "name:en": "Njegos St"},
        {"highway": "footway", "lit": "no"},
    ]
    ways = [Way(id=row, nodes=[1, 2], tags=each) for row, each in enumerate(tags, start=1)]
    path = world(tmp_path / "city.osm.pbf", [*nodes((0, 0), (50, 0)), *ways])
    request = requested("streets", LayerSpec(path=path.name, source="osm"), path)
    frame = read([request])["streets"].frame.drop(columns="geometry")
    told = [row.dropna().to_dict() for _, row in frame.iterrows()]
    assert told == [{tag: each[tag] for tag in each if tag != "source"} for each in tags]


def test_a_role_without_known_tags_asks_for_them(tmp_path: Path) -> None:
    path = world(tmp_path / "city.osm.pbf", nodes(*SQUARE))
    with pytest.raises(SourceError, match="which tags make 'benches' is not known"):
        take(path, role="benches", source="osm")


def test_a_city_may_name_its_own_tags(tmp_path: Path) -> None:
    bench = Node(id=9, location=at(0, 0), tags={"amenity": "bench", "backrest": "yes"})
    stool = Node(id=10, location=at(9, 0), tags={"amenity": "bench", "backrest": "no"})
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE), bench, stool])
    layer = take(path, role="benches", source="osm", where={"amenity": "bench", "backrest": True})
    assert layer.frame.index.tolist() == ["node/9"]


def las_palmas(path: Path, *roles: str) -> dict[str, Any]:
    requests = [requested(role, LayerSpec(path=path.name, source="osm"), path) for role in roles]
    return dict(read(requests))


needs_las_palmas = pytest.mark.skipif(
    not LAS_PALMAS.exists(), reason="the extract of Las Palmas is not at hand"
)


@needs_las_palmas
@pytest.mark.slow
def test_las_palmas_has_what_its_readme_counts() -> None:
    # shared/data/README.md: about 22,600 buildings, 13,500 highways, 82 schools, 80 pharmacies
    raw = las_palmas(LAS_PALMAS, "buildings", "streets", "pharmacy", "trees")
    assert len(raw["buildings"].frame) == pytest.approx(22_600, rel=0.01)
    assert len(raw["streets"].frame) == pytest.approx(13_500, rel=0.05)
    assert len(raw["pharmacy"].frame) == pytest.approx(80, abs=4)


@needs_las_palmas
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_an_extract_that_was_cut_gives_no_half_city(share: float, tmp_path: Path) -> None:
    content = LAS_PALMAS.read_bytes()
    path = tmp_path / "city.osm.pbf"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(SourceError, match=r"cannot be read to its end|lack their nodes"):
        las_palmas(path, "buildings", "streets")


def test_a_kerb_lies_where_its_street_has_a_vertex(tmp_path: Path) -> None:
    kerb = Node(id=2, location=at(30, 7), tags={"barrier": "kerb", "kerb": "raised"})
    gate = Node(id=4, location=at(60, 0), tags={"barrier": "gate", "access": "private"})
    ends = [Node(id=1, location=at(0, 0)), Node(id=3, location=at(99, 3))]
    plain = Node(id=5, location=at(9, 9), tags={"highway": "crossing", "kerb": "no"})
    way = Way(id=1, nodes=[1, 2, 3], tags={"highway": "footway"})
    path = world(tmp_path / "city.osm.pbf", [ends[0], kerb, ends[1], gate, plain, way])
    barriers, streets = (
        take(path, role=role, source="osm").frame for role in ("barriers", "streets")
    )
    assert barriers["barrier"].tolist() == ["kerb", "gate"]
    assert barriers["closed"].tolist() == [False, True]
    line = streets.geometry.iloc[0]
    assert line.coords[1] == barriers.geometry.iloc[0].coords[0]  # in metres, to the last digit


@pytest.mark.parametrize(
    ("tags", "in_use"),
    [
        ({}, True),
        ({"disused": "no"}, True),
        ({"opening_hours": "Mo-Fr 08:00-20:00"}, True),
        ({"disused": "yes"}, False),
        ({"abandoned": "yes"}, False),
        ({"demolished": "2019"}, False),
        ({"opening_hours": "off"}, False),
        ({"opening_hours": "closed"}, False),
        ({"opening_hours": "Mo-Su off"}, False),
        ({"opening_hours": 'off "closed for good"'}, False),
        ({"opening_hours": "Mo-Sa 08:00-20:00; Su off"}, True),
        ({"proposed": "yes"}, False),
        ({"construction": "yes"}, False),
        ({"construction": "minor"}, True),
    ],
)
def test_what_is_out_of_use_for_good_is_listed(
    tags: dict[str, str], *, in_use: bool, tmp_path: Path
) -> None:
    shut = Node(id=8, location=at(400, 0), tags={"amenity": "pharmacy", **tags})
    area = ring(1, {"amenity": "pharmacy", **tags}, [1, 2, 3, 4])
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE), shut, shop(9, 900, "B"), area])
    layer = take(path, role="pharmacy", source="osm")
    assert len(layer.frame) == (3 if in_use else 1)
    assert set(reasons(layer)) <= {"not-in-use", "not-there"}
    assert len(layer.excluded) == (0 if in_use else 2)


@pytest.mark.parametrize(
    ("tags", "there"),
    [
        ({"end_date": "2026-06-29"}, False),
        ({"end_date": "2026-06-30"}, True),
        ({"end_date": "2026-05"}, False),
        ({"end_date": "2025"}, False),
        ({"end_date": "2026"}, True),  # it may be any day of the year
        ({"end_date": "~2010"}, True),
        ({"start_date": "2026-07-01"}, False),
        ({"start_date": "2026-06-30"}, True),
        ({"start_date": "2027"}, False),
        ({"start_date": "2026-06"}, True),
        ({"opening_date": "2028-01"}, False),
        ({"demolished:{key}": "yes"}, False),
        ({"removed:{key}": "{value}"}, False),
        ({"razed:{key}": "yes"}, False),
        ({"proposed:{key}": "{value}"}, False),
        ({"construction:{key}": "yes"}, False),
        ({"razed:{key}": "hospital"}, True),  # it was another one before
        ({"proposed:{key}": "hospital"}, True),  # and will be another one
        ({"demolished:roof": "yes"}, True),
    ],
)
@pytest.mark.parametrize(
    ("role", "key", "value"),
    [("pharmacy", "amenity", "pharmacy"), ("buildings", "building", "house")],
)
def test_what_is_gone_or_not_there_yet_is_listed(
    tags: dict[str, str], role: str, key: str, value: str, *, there: bool, tmp_path: Path
) -> None:
    own = {name.format(key=key): each.format(value=value) for name, each in tags.items()}
    area = ring(1, {key: value, **own}, [1, 2, 3, 4])
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE), area])
    spec = LayerSpec(path=path.name, source="osm")
    request = sources()["osm"].request(role, spec, path, as_of=dt.date(2026, 6, 30))
    raw = sources()["osm"].read([request])[role]
    assert len(raw.frame) == there
    assert [entry.reason for entry in raw.excluded] == ([] if there else ["not-there"])


def test_an_unused_building_still_stands(tmp_path: Path) -> None:
    house = ring(1, {"building": "apartments", "disused": "yes"}, [1, 2, 3, 4])
    path = world(tmp_path / "city.osm.pbf", [*nodes(*SQUARE), house])
    assert len(take(path, role="buildings", source="osm").frame) == 1


@pytest.mark.parametrize(("version", "refused"), [(2, True), (1, False)])
def test_versions_of_one_object_that_stand_apart_are_refused(
    version: int, *, refused: bool, tmp_path: Path
) -> None:
    def node(number: int, of: int, what: str) -> str:
        place = f'lat="42.4{number}" lon="19.26"'
        tag = f'<tag k="amenity" v="{what}"/>'
        return f'<node id="{number}" version="{of}" {place}>{tag}</node>'

    what = "bank" if refused else "pharmacy"
    objects = node(5, 1, "pharmacy") + node(6, 1, "pharmacy") + node(5, version, what)
    path = tmp_path / "city.osm"
    path.write_text(f'<osm version="0.6">{objects}</osm>', encoding="utf-8")
    if refused:
        with pytest.raises(SourceError, match="several versions of its objects"):
            take(path, role="pharmacy", source="osm")
        return
    assert len(take(path, role="pharmacy", source="osm").frame) == 2


@pytest.mark.parametrize("later", ['version="2" visible="true"', 'version="2" visible="false"'])
@pytest.mark.parametrize("earlier", ["", '<node id="5" version="1" lat="42.44" lon="19.26"/>'])
def test_a_file_with_history_is_refused(earlier: str, later: str, tmp_path: Path) -> None:
    node = f'<node id="5" {later} lat="42.45" lon="19.26"><tag k="amenity" v="pharmacy"/></node>'
    path = tmp_path / "city.osm"
    path.write_text(f'<osm version="0.6">{earlier}{node}</osm>', encoding="utf-8")
    if not earlier and "true" in later:
        assert len(take(path, role="pharmacy", source="osm").frame) == 1
        return
    with pytest.raises(SourceError, match="several versions of its objects"):
        take(path, role="pharmacy", source="osm")
