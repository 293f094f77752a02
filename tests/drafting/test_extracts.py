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
