"""A city file is checked whole: every fault with its line, its key and the nearest known word."""

from __future__ import annotations

import json

import pytest

from urbanlayer import cityfile, registry
from urbanlayer.cityfile import reading
from urbanlayer.errors import CityFileError
from urbanlayer.model.custom import KINDS
from urbanlayer.model.role_table import ROLES
from urbanlayer.model.travel_modes import MODES, travel_modes

GOOD = """
id = "toy"
name = { en = "Toy", sr_Latn_ME = "Igra" }
crs = "EPSG:25834"
languages = ["sr_Latn_ME", "en"]
as_of = 2026-06-30
licence = "CC0-1.0"

[layers.neighbourhoods]
path = "hoods.geojson"
key = "id"
residents = "census"

[layers.school]
path = "schools.geojson"

[residents]
from = ["census"]

[indicators.coverage_within]
services = { school = [500, 800] }
target = 0.8
"""


@pytest.fixture
def folder(tmp_path):
    for name in ("hoods.geojson", "schools.geojson"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    return tmp_path


def read(folder, text):
    path = folder / "city.toml"
    path.write_text(text, encoding="utf-8")
    return cityfile.read(path, indicators=registry.indicators(), sources=registry.sources())


def errors(folder, text):
    with pytest.raises(CityFileError) as caught:
        read(folder, text)
    return caught.value.errors


def test_a_good_file_says_what_it_asks_in_its_order(folder):
    file = read(folder, GOOD)
    assert file.id == "toy"
    assert [(i.id, a.variant, dict(a.parameters), a.target) for i, a in file.queries] == [
        ("coverage_within", "school", {"distance_m": 500.0}, 0.8),
        ("coverage_within", "school", {"distance_m": 800.0}, 0.8),
    ]
    assert [r.role for r in file.requests()] == ["neighbourhoods", "school"]
    assert file.requests()[1].path == folder / "schools.geojson"


def test_licence_attribution_and_date_above_all_layers_hold_for_those_that_name_none(folder):
    text = GOOD.replace("CC0-1.0", 'ODbL-1.0"\nattribution = "A', 1)
    own = text.replace('path = "schools.geojson"', 'path = "schools.geojson"\nlicence = "CC0"')
    layers = read(folder, own).spec.layers
    assert (layers["neighbourhoods"].licence, layers["school"].licence) == ("ODbL-1.0", "CC0")
    assert layers["school"].attribution == "A"


def test_without_an_id_the_folder_names_the_city(folder):
    assert read(folder, GOOD.replace('id = "toy"\n', "", 1)).id == reading._id_of(
        folder / "city.toml"
    )
    path = folder / "Nova Varoš.toml"
    assert reading._id_of(path) == "nova-varos"


def test_every_fault_is_told_at_once_with_line_and_key(folder):
    text = (
        GOOD.replace("crs =", "csr =")
        .replace("[layers.school]\npath", "[layers.school]\npaht")
        .replace("coverage_within", "coverage_wihtin")
        .replace('from = ["census"]', 'from = ["sensus"]')
    )
    told = "\n".join(errors(folder, text))
    assert "line 4: csr: unknown key; did you mean 'crs'?" in told
    assert "crs: is missing" in told
    assert (
        "line 15: layers.school.paht: unknown key of source \"file\"; did you mean 'path'?" in told
    )
    assert (
        "line 20: indicators.coverage_wihtin: no such indicator; did you mean 'coverage_within'?"
        in told
    )
    assert "line 18: residents.from" in told


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"EPSG:25834"', '"EPSG:999999"', "is not a CRS; for Montenegro use EPSG:25834"),
        ('"EPSG:25834"', '"EPSG:4326"', "crs: EPSG:4326 is not in metres"),
        ('"EPSG:25834"', '"EPSG:6316"', "crs: EPSG:6316 is on the datum"),
        ("hoods.geojson", "hood.geojson", "did you mean 'hoods.geojson'?"),
        ("hoods.geojson", "gis/hoods.geojson", "the folder of 'gis/hoods.geojson' does"),
        ('residents = "census"\n', "", "[layers.neighbourhoods] has no residents"),
        ('["census"]', '["buildings"]', "there is no [layers.buildings]"),
        ('from = ["census"]', 'from = ["census"]\nsecond_source = ["population"]',
         'residents.second_source: names "population", but there is no [layers.population]'),
        ('from = ["census"]', 'from = ["census"]\nsecond_source = ["census"]',
         "second_source: is the same as"),
        ("[500, 800]", "-5", "indicators.coverage_within.services.school"),
        ("[500, 800]", '"far"', "indicators.coverage_within.services.school"),
        ("target = 0.8", "traget = 0.8", "unknown key; did you mean 'target'?"),
        ('key = "id"', 'levels = "floors"', "no key of neighbourhoods; it is a key of buildings"),
        ('key = "id"', 'source = "fiel"', "no such source; did you mean 'file'?"),
        ('key = "id"', 'x = "lon"', "has one of x and y"),
        ('key = "id"', 'where = "a"', 'write it as a table: { field = "value" }'),
        ('key = "id"', 'name = { eng = "n" }', "no such language; did you mean 'en'?"),
        ('"sr_Latn_ME", "en"', '"cnr"', "languages: cnr: not among "),
        ('["sr_Latn_ME", "en"]', '["sr_Latn_ME", "en"]\nreviewed_languages = ["sq"]',
         "reviewed_languages: sq: not among `languages`: sr_Latn_ME, en"),
        ("2026-06-30", '"soon"', "as_of: input should be a valid date"),
        ('id = "toy"', 'id = "../../evil"', "id: string should match pattern"),
        ("[layers.neighbourhoods]", "[layers.hoods]", "no [layers.neighbourhoods]"),
    ],
)  # fmt: skip
def test_a_fault_says_what_would_be_right(folder, old, new, fault):
    assert old in GOOD
    told = errors(folder, GOOD.replace(old, new, 1))
    assert any(fault in row for row in told), told


def test_what_is_not_toml_says_where(folder):
    (told,) = errors(folder, GOOD + "\n[layers.park\n")
    assert "is not TOML" in told
    assert "line" in told


def test_a_file_that_is_not_there_names_its_neighbour(folder):
    (folder / "podgorica.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(CityFileError, match=r"did you mean podgorica.toml\?"):
        cityfile.read(folder / "podgorca.toml", indicators={}, sources={})


def test_a_byte_order_mark_of_a_windows_editor_is_no_fault(folder):
    path = folder / "city.toml"
    path.write_bytes(GOOD.encode("utf-8-sig"))
    read_again = cityfile.read(path, indicators=registry.indicators(), sources=registry.sources())
    assert read_again.id == "toy"


def test_the_schema_knows_every_table_and_every_indicator():
    schema = cityfile.schema(registry.indicators(), registry.sources(), registry.standards())
    assert json.loads(json.dumps(schema)) == schema
    assert set(schema["properties"]["indicators"]["properties"]) == {
        "standards",
        "groups",
        *registry.indicators(),
    }
    named = schema["properties"]["indicators"]["properties"]["standards"]["items"]["enum"]
    assert named == list(registry.standards())
    assert set(
        schema["properties"]["custom_indicator"]["items"]["discriminator"]["mapping"]
    ) == set(KINDS)
    assert "path" in schema["$defs"]["LayerSpec"]["properties"]
    assert "from" in schema["$defs"]["ResidentsSpec"]["properties"]


def test_a_city_names_its_own_ways_to_get_about(folder):
    text = GOOD + (
        '[modes.pram]\nspeed_kmh = 3.6\nclosed = { highway = ["steps"], surface = "sand" }\n'
        "steepest = 0.08\n[modes.wheelchair]\nsteepest = 0.08\n"
    )
    modes = travel_modes(read(folder, text).spec.modes)
    pram = modes["pram"]
    assert (pram.speed_m_per_min, pram.steepest) == (60.0, 0.08)
    assert pram.closed == {"highway": {"steps"}, "surface": {"sand"}}
    assert modes["wheelchair"].steepest == 0.08
    assert modes["wheelchair"].closed == MODES["wheelchair"].closed
    assert set(modes) == {*MODES, "pram"}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            "[modes.pram]\nspeed_kmh = 0",
            "modes.pram.speed_kmh: input should be greater than or equal to 0.5",
        ),
        ("[modes.pram]\nspeed_kmh = 480", "less than or equal to 45"),
        ("[modes.pram]\nspeed_km = 4", "unknown key; did you mean 'speed_kmh'?"),
        ("[modes.pram]\nclosed = { highway = ['stairs'] }", "no class of street 'stairs'"),
        (
            "[modes.pram]\nopened = { highway = 'footwy' }",
            "modes.pram.opened.highway: no class of street 'footwy'; did you mean 'footway'?",
        ),
        ("[modes.pram]\nsteepest = 6", "less than or equal to 1"),
        ("[modes.straight_line]\nspeed_kmh = 3", "straight_line is no way to get about"),
        ("[modes.walk]\nspeed_kmh = 3", "results in minutes rest on 4.8 km/h on foot"),
        ("[modes.pram]\ntitle = { xx = 'x' }", "no such language"),
    ],
)
def test_a_way_to_get_about_of_nonsense_is_told_before_any_data_is_read(folder, table, told):
    (fault,) = errors(folder, GOOD + table + "\n")
    assert told in fault


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://tiles.example.org/{z}/{x}/{y}.png", "use https://"),
        ("https://{s}.example.org/{z}/{x}/{y}.png", "one host"),
        ("https://name:word@example.org/{z}/{x}/{y}.png", "use https://"),
        ("https://example.org; script-src 'unsafe-inline'/{z}/{x}/{y}", "use https://"),
        ("https://example.org/{z}/{x}.png", "it needs {z}, {x} and {y}"),
        ("https://example.org/{z}/{x}/{y}{r}.png", "each once"),
        ("https://*.example.org/{z}/{x}/{y}.png", "one host"),
        ("//example.org/{z}/{x}/{y}.png", "use https://"),
    ],
)
def test_tiles_are_those_of_one_host_by_https(folder, url, told):
    table = f'[publish.tiles]\nurl = "{url}"\nattribution = "© A"\n'
    (fault,) = errors(folder, GOOD + table)
    assert told in fault


def test_tiles_name_their_makers(folder):
    url = "https://tiles.example.org:8443/a/{z}/{x}/{y}@2x.png?key=1"
    (fault,) = errors(folder, GOOD + f'[publish.tiles]\nurl = "{url}"\n')
    assert "attribution" in fault
    table = f'[publish.tiles]\nurl = "{url}"\nattribution = "© A"\n'
    assert read(folder, GOOD + table).spec.publish.tiles.host == "tiles.example.org:8443"
    assert read(folder, GOOD).spec.publish.tiles is None


@pytest.mark.parametrize(
    ("old", "new", "advice"),
    [
        ('"hoods.geojson"', r'"C:\gis\hoods.geojson"', "; write / in paths"),
        ('"EPSG:25834"', "EPSG:25834", '; write a text in quotes: "EPSG:25834"'),
    ],
)
def test_the_two_usual_mistakes_of_syntax_name_their_line_and_fix(folder, old, new, advice):
    text = GOOD.replace(old, new, 1)
    number = next(at for at, line in enumerate(text.splitlines(), 1) if new in line)
    (told,) = errors(folder, text)
    assert f"line {number}: is not TOML" in told
    assert new in told
    assert advice in told


def test_paths_written_for_windows_are_told_in_one_way_that_works_everywhere(folder):
    (folder / "gis").mkdir()
    (folder / "hoods.geojson").rename(folder / "gis" / "hoods.geojson")
    (told,) = errors(folder, GOOD.replace('"hoods.geojson"', r"'gis\hoods.geojson'"))
    assert r"write / for \, so that it is found on every computer: 'gis/hoods.geojson'" in told
    (told,) = errors(folder, GOOD.replace('"hoods.geojson"', r'"gis\hoods.geojson"'))
    assert "is not TOML" in told
    assert "write / in paths" in told


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("[residents]\n", "[profiles.pram]\nspeed_kmh = 4\n[residents]\n",
         "profiles: is called 'modes' now; rename it"),
        ("[residents]\n", "[[indicator]]\nid = 'a'\n[residents]\n",
         "indicator: is called 'custom_indicator' now; rename it"),
        ("[indicators.coverage_within]\n",
         "[indicators]\nprofile = ['who-green']\n[indicators.coverage_within]\n",
         "indicators.profile: is called 'standards' now; rename it"),
        ('from = ["census"]', 'from = ["census"]\nbeside = ["population"]',
         "residents.beside: is called 'second_source' now; rename it"),
        ("[indicators.coverage_within]",
         "[modes.pram]\nbarred = { kerb = ['raised'] }\n[indicators.coverage_within]",
         "modes.pram.barred: is called 'impassable' now; rename it"),
        ("[indicators.coverage_within]", '[indicators.coverage_within]\nprofiles = ["walk"]',
         "indicators.coverage_within.profiles: is called 'modes' now; rename it"),
    ],
)  # fmt: skip
def test_an_old_name_gets_the_new_one(folder, old, new, error):
    (found,) = errors(folder, GOOD.replace(old, new, 1))
    assert found.endswith(error)
    assert found.startswith("line ")


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ("query = 'SELECT 1'", 'layers.school.query: unknown key of source "file"; postgis has it'),
        ("service_day = 2026-06-30",
         'layers.school.service_day: unknown key of source "file"; gtfs has it'),
        ("bbox = [1, 2, 3]", "layers.school.bbox.3: is missing"),
        ("bbix = [1, 2, 3, 4]", "unknown key of source \"file\"; did you mean 'bbox'?"),
        ("source = 'osm'\nallow_hosts = ['a']", 'unknown key of source "osm"; arcgis, '),
        ("source = 'http'\nchecksum = 'crc:1'", "layers.school.checksum: string should match"),
        ("public = { a = 'b' }", "no key of school; it is a key of green"),
        ("capacity = 3", "layers.school.capacity: input should be a valid string (here: 3)"),
        ("gap_tolerance_m = 3", "no key of school; it is a key of neighbourhoods"),
        ("fields = { capacity = 'n' }", "layers.school.fields: unknown key of source"),
        ("options = { bbox = [1, 2, 3, 4] }", "layers.school.options: unknown key of source"),
    ],
)  # fmt: skip
def test_a_key_of_another_source_or_role_names_who_has_it(folder, table, error):
    (found,) = errors(folder, GOOD.replace("[layers.school]", f"[layers.school]\n{table}"))
    assert error in found
    assert found.startswith(("line 15: ", "line 16: "))


def test_keys_of_roles_and_sources_are_those_of_their_tables(folder):
    text = GOOD.replace(
        "[layers.school]", "[layers.school]\ncapacity = 'places'\nbbox = [1, 2, 3, 4]"
    )
    file = read(folder, text)
    assert file.spec.layers["school"].fields == {"capacity": "places"}
    _, school = file.requests()
    assert school.options.bbox == (1.0, 2.0, 3.0, 4.0)
    assert school.source.id == "file"


def test_the_schema_lists_the_keys_of_every_role_and_source():
    schema = cityfile.schema(registry.indicators(), registry.sources(), registry.standards())
    layers = schema["properties"]["layers"]
    assert set(layers["properties"]) == set(ROLES)
    known = schema["$defs"]["LayerSpec"]["properties"]
    assert known["source"]["enum"] == list(registry.sources())
    assert known["query"]["description"].startswith("postgis: ")
    for name, table in layers["properties"].items():
        assert set(ROLES[name].field_of_key) <= set(table["properties"])
        assert {"path", "bbox", "query"} <= set(table["properties"]) <= set(known)
    assert "levels" in layers["properties"]["buildings"]["properties"]
    assert "levels" not in layers["properties"]["school"]["properties"]


@pytest.mark.parametrize(
    ("written", "number"), [('"800 m"', "800"), ('"0,8 km"', "800"), ('[500, "800m"]', "800")]
)
def test_a_distance_with_a_unit_is_one_error_that_says_the_number(folder, written, number):
    (told,) = errors(folder, GOOD.replace("[500, 800]", written))
    assert f"write the number alone, without quotes and unit: {number}" in told


def test_true_in_place_of_values_says_to_leave_the_key_out(folder):
    table = '[layers.green]\npath = "schools.geojson"\npublic = true\n'
    (told,) = errors(folder, GOOD + table)
    assert "layers.green.public: leave the key out" in told


def test_a_service_that_is_misspelt_says_the_known_one(folder):
    (told,) = errors(folder, GOOD.replace("{ school = [500, 800] }", "{ schools = 500 }"))
    assert "no service 'schools'; did you mean 'school'?" in told


def test_a_role_that_is_misspelt_says_the_known_one_unless_it_has_a_title(folder):
    text = GOOD + '[layers.kindergartens]\npath = "schools.geojson"\n'
    (told,) = errors(folder, text)
    assert "did you mean 'kindergarten'?" in told
    assert "kindergartens" in read(folder, text + 'title = "Crèches"\n').spec.layers


def test_the_licence_of_the_city_does_not_pass_to_layers_of_others(folder):
    school = 'path = "schools.geojson"'
    (told,) = errors(folder, GOOD.replace(school, school + '\nattribution = "Kontur"'))
    assert "layers.school: has no licence" in told
    own = read(folder, GOOD.replace(school, school + "\nallow_unlicensed = true"))
    assert own.spec.layers["school"].licence is None
    assert own.spec.layers["neighbourhoods"].licence == "CC0-1.0"
