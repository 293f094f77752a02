"""Drafts from one small OpenStreetMap extract: the city, its parts, people and layers."""

import tomllib

import osmium
import pytest
from osmium.osm.mutable import Node, Relation, Way

from urbanlayer.drafting import drafted, tried
from urbanlayer.drafting.toml_text import text_of
from urbanlayer.errors import DataError

LON, LAT = 19.26, 42.44
STEP_LON, STEP_LAT = 0.0122, 0.009  # about a kilometre


class Extract:
    """A city of two by two parts, each a square kilometre, with a school and houses in each."""

    def __init__(self, path):
        self.writer = osmium.SimpleWriter(str(path), overwrite=True)
        self.nodes, self.ways, self.relations = [], [], []

    def node(self, east, north, **tags):
        number = len(self.nodes) + 1
        place = (LON + east * STEP_LON, LAT + north * STEP_LAT)
        self.nodes.append(Node(id=number, version=1, location=place, tags=tags))
        return number

    def box(self, west, south, east, north, **tags):
        corners = [(west, south), (east, south), (east, north), (west, north)]
        refs = [self.node(*corner) for corner in corners]
        return self.way([*refs, refs[0]], **tags)

    def way(self, refs, **tags):
        number = len(self.ways) + 1
        self.ways.append(Way(id=number, version=1, nodes=refs, tags=tags))
        return number

    def boundary(self, west, south, east, north, **tags):
        way = self.box(west, south, east, north)
        number = len(self.relations) + 1
        tags = {"type": "boundary", "boundary": "administrative", **tags}
        members = [("w", way, "outer")]
        self.relations.append(Relation(id=number, version=1, members=members, tags=tags))

    def close(self):
        for node in self.nodes:
            self.writer.add_node(node)
        for way in self.ways:
            self.writer.add_way(way)
        for relation in self.relations:
            self.writer.add_relation(relation)
        self.writer.close()


def extract(path, *, parts=True, places=False, other=False, population="4000"):
    made = Extract(path)
    made.boundary(0, 0, 2, 2, name="Bar", admin_level="7", population=population)
    if other:
        made.boundary(2, 0, 4, 2, name="Kotor", admin_level="7")
    for east in (0, 1):
        for north in (0, 1):
            name = f"Dio {east}{north}"
            if parts:
                made.boundary(east, north, east + 1, north + 1, name=name, admin_level="9")
            if places:
                made.node(east + 0.5, north + 0.5, place="suburb", name=name)
            made.node(east + 0.4, north + 0.4, amenity="school", name=f"Škola {east}{north}")
            for at in range(5):
                west = east + 0.1 + at * 0.1
                made.box(west, north + 0.2, west + 0.02, north + 0.22, building="apartments")
    for at in (0.3, 1.3):
        for line in ([(0, at), (2, at)], [(at, 0), (at, 2)]):
            made.way([made.node(*place) for place in line], highway="residential")
    made.close()
    return path


def draft_of(path, tmp_path, **says):
    return drafted("Bar", [path], tmp_path / "out/city.toml", city_id="bar", **says)


def test_boundaries_that_divide_the_city_are_its_neighbourhoods(tmp_path):
    draft = draft_of(extract(tmp_path / "bar.osm.pbf"), tmp_path)
    city = tomllib.loads(text_of(draft))
    assert city["crs"] == "EPSG:25834"
    hoods = city["layers"]["neighbourhoods"]
    assert hoods["where"] == {"boundary": "administrative", "admin_level": "9"}
    assert city["layers"]["boundary"]["where"]["name"] == "Bar"
    assert {"streets", "buildings", "school"} <= set(city["layers"])
    assert city["residents"] == {"from": ["buildings"], "total": 4000}  # by the tag
    told = next(layer.why for layer in draft.layers if layer.role == "school")
    assert told.startswith("4 objects with amenity=")


def test_without_them_cells_around_places_are_derived_and_said_to_be(tmp_path):
    path = extract(tmp_path / "bar.osm.pbf", parts=False, places=True)
    text = text_of(draft_of(path, tmp_path))
    assert tomllib.loads(text)["layers"]["neighbourhoods"]["derive"] == "voronoi"
    assert "derived from points; not official" in text


def test_a_total_that_is_given_counts_before_the_tag(tmp_path):
    path = extract(tmp_path / "bar.osm.pbf")
    city = tomllib.loads(text_of(draft_of(path, tmp_path, residents=5000)))
    assert city["residents"]["total"] == 5000


def test_of_several_cities_the_name_chooses_one(tmp_path):
    path = extract(tmp_path / "region.osm.pbf", other=True)
    assert tomllib.loads(text_of(draft_of(path, tmp_path)))["name"] == "Bar"
    with pytest.raises(DataError, match=r"Bar, .*Kotor.*; say its name"):
        drafted("Podgorica", [path], tmp_path / "out/city.toml", city_id="x")


@pytest.mark.slow
def test_the_draft_of_an_extract_builds_unedited(tmp_path):
    import urbanlayer

    draft = tried(draft_of(extract(tmp_path / "bar.osm.pbf"), tmp_path))
    built = urbanlayer.build(draft.city_file, tmp_path / "maps")
    assert built.publication.city.residents.total == pytest.approx(4000)
    assert len(built.publication.city.neighbourhoods) == 4


def region(path):
    """Bar, a town of its name in another language, and fifty villages to the east."""
    made = Extract(path)
    made.boundary(0, 0, 60, 2, name="Crna Gora", admin_level="2")
    made.boundary(0, 0, 2, 2, name="Bar", admin_level="7", population="4000", wikidata="Q1")
    made.boundary(40, 0, 42, 2, name="Bar", admin_level="7", wikidata="Q2", **{"name:sq": "Tivari"})
    for east in (0, 1, 40, 41):
        for north in (0, 1):
            name = f"Dio {east}{north}"
            made.boundary(east, north, east + 1, north + 1, name=name, admin_level="9")
    for east in range(60):
        made.node(east + 0.4, 0.4, amenity="school", name=f"Škola {east}")
        for at in range(10):
            made.box(east + 0.1, at / 20, east + 0.12, at / 20 + 0.02, building="apartments")
    for at in (0.3, 1.3):  # the whole street of 60 km, as its way reaches into the city
        made.way([made.node(east, at) for east in range(61)], highway="residential")
    made.close()
    return path


def kinds_in(path):
    found = {}
    for thing in osmium.FileProcessor(path):
        found[thing.type_str()] = found.get(thing.type_str(), 0) + 1
    return found


def test_the_extract_of_a_region_is_cut_to_the_city_and_five_kilometres_around(tmp_path):
    draft = draft_of(region(tmp_path / "region.osm.pbf"), tmp_path, boundary="relation/2")
    assert draft.cut_from == tmp_path / "region.osm.pbf"
    city = tomllib.loads(text_of(draft))
    assert {table["path"] for table in city["layers"].values()} == {"bar-cut.osm.pbf"}
    told = {layer.role: layer.why for layer in draft.layers}
    assert told["school"].startswith("7 objects")  # of seven km, each with one and ten buildings
    assert told["buildings"].startswith("70 objects")
    assert told["streets"].startswith("2 objects")  # whole: 61 nodes each
    assert city["layers"]["boundary"]["where"]["wikidata"] == "Q1"
    assert city["layers"]["neighbourhoods"]["where"]["name"] == [
        "Dio 00", "Dio 01", "Dio 10", "Dio 11"
    ]  # fmt: skip
    assert city["residents"]["total"] == 4000
    assert not list(tmp_path.glob("out/.*"))
    built = "The extract is cut from ../region.osm.pbf"
    assert built in text_of(draft)


def test_ways_and_areas_of_the_cut_are_whole_and_countries_are_not(tmp_path):
    draft_of(region(tmp_path / "region.osm.pbf"), tmp_path, boundary="r2")
    cut = tmp_path / "out/bar-cut.osm.pbf"
    streets = [
        len(way.nodes)
        for way in osmium.FileProcessor(cut, osmium.osm.NODE | osmium.osm.WAY)
        if way.is_way() and "highway" in way.tags
    ]
    assert streets == [61, 61]
    kinds = kinds_in(cut)
    # the country, Bar and its four parts; their ways, ways of 70 buildings and two streets
    assert kinds["r"] == 6
    assert kinds["w"] == 6 + 70 + 2


@pytest.mark.parametrize("wanted", ["relation/3", "3", "Tivari"])
def test_the_boundary_is_chosen_by_its_number_or_its_name_in_a_language(tmp_path, wanted):
    draft = draft_of(region(tmp_path / "region.osm.pbf"), tmp_path, boundary=wanted)
    where = tomllib.loads(text_of(draft))["layers"]["boundary"]["where"]
    assert where["wikidata"] == "Q2"


def test_a_number_that_is_no_boundary_is_an_error(tmp_path):
    with pytest.raises(DataError, match="relation/77 is no whole administrative boundary"):
        draft_of(region(tmp_path / "region.osm.pbf"), tmp_path, boundary="relation/77")


def test_the_extract_of_a_city_is_used_where_it_lies(tmp_path):
    draft = draft_of(extract(tmp_path / "bar.osm.pbf"), tmp_path)
    assert draft.cut_from is None
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("*.pbf"))


def test_the_day_that_an_extract_states_is_the_day_of_the_draft(tmp_path):
    path = extract(tmp_path / "bar.osm.pbf")
    dated = tmp_path / "bar-latest.osm.pbf"
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", "2025-03-09T21:20:00Z")
    with osmium.SimpleWriter(dated, header=header) as writer:
        for thing in osmium.FileProcessor(path):
            writer.add(thing)
    assert "as_of = 2025-03-09 " in text_of(draft_of(dated, tmp_path))


def with_a_part_of_its_name_outside(path, wikidata):
    """A city of four parts, and beside it a part that has the name of one of them."""
    made = Extract(path)
    made.boundary(0, 0, 2, 2, name="Bar", admin_level="7")
    for number, (east, north) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1), (2.2, 0)]):
        tags = {"wikidata": f"Q{number}"} if wikidata else {}
        name = f"Dio {min(int(east), 1)}{north}"
        made.boundary(east, north, east + 1, north + 1, name=name, admin_level="9", **tags)
    made.close()
    return path


def test_parts_of_a_name_that_another_city_has_are_chosen_by_another_tag(tmp_path):
    path = with_a_part_of_its_name_outside(tmp_path / "bar.osm.pbf", wikidata=True)
    where = tomllib.loads(text_of(draft_of(path, tmp_path)))["layers"]["neighbourhoods"]["where"]
    assert where["wikidata"] == ["Q0", "Q1", "Q2", "Q3"]
    assert "name" not in where


def test_parts_that_nothing_tells_apart_are_doubtful(tmp_path):
    path = with_a_part_of_its_name_outside(tmp_path / "bar.osm.pbf", wikidata=False)
    draft = draft_of(path, tmp_path)
    assert "neighbourhoods" not in tomllib.loads(text_of(draft))["layers"]
    (doubt,) = (layer.doubt for layer in draft.layers if layer.role == "neighbourhoods")
    assert doubt.endswith("have the same names: Dio 10")
