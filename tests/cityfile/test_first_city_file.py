"""Licences, digital services and the city's own judgement, as its file says them."""

from __future__ import annotations

import json

import pytest
from command import run
from small_city import CITY, write

from urbanlayer import pipeline
from urbanlayer.cityfile.defaults import with_defaults
from urbanlayer.errors import CityFileError
from urbanlayer.model.specification import CitySpec
from urbanlayer.registry import sources

UNLICENSED = CITY.replace('licence = "CC-BY-4.0"\n', "", 1)
JUDGED = """
[maturity]
strategy = { score = 3, evidence = "A strategy with a budget.", date = 2026-01-01 }
skills = { score = 1, evidence = "One course.", date = 2026-01-01 }
data_governance = { score = 4, evidence = "A register.", date = 2026-01-01 }
interoperability = { score = 2, evidence = "Files by mail.", date = 2026-01-01 }
participation = { score = 5, evidence = "All reports are answered.", date = 2026-01-01 }
security = { score = 1, evidence = "Backups.", date = 2026-01-01 }

[[digital_service]]
name = { en = "Permit", sr_Latn_ME = "Dozvola" }
online_form = false

[[digital_service]]
name = "Fees"
online_form = true
"""


def errors(file):
    with pytest.raises(CityFileError) as caught:
        pipeline.read_city_file(file)
    return caught.value.errors


def test_a_layer_without_a_licence_is_a_fault_with_its_line(tmp_path):
    told = errors(write(tmp_path, UNLICENSED))
    assert len(told) == 4
    assert told[0].startswith("line 10: layers.neighbourhoods: has no licence; add licence =")
    assert "allow_unlicensed = true" in told[0]


@pytest.mark.slow
def test_a_layer_without_a_licence_is_published_where_it_is_allowed_and_says_so(tmp_path):
    text = UNLICENSED.replace('.gpkg"\n', '.gpkg"\nallow_unlicensed = true\n')
    built = pipeline.build(write(tmp_path, text), tmp_path / "maps")
    assert any("trees': No licence" in warning for warning in built.publication.warnings)
    sources = (tmp_path / "maps/data/sources.csv").read_text(encoding="utf-8-sig")
    assert sources.count("none given") == 4
    inspected = pipeline.check(tmp_path / "city.toml", tmp_path / "inventory")
    levels = inspected.inventory.levels("licence")
    assert levels["poor"] == 4


def defaults(**layer):
    said = {
        "name": "A", "crs": "EPSG:25834", "as_of": "2026-06-30", "licence": "CC0-1.0",
        "layers": {"school": {"path": "data/schools.gpkg", **layer}},
    }  # fmt: skip
    made = with_defaults(CitySpec.model_validate(said), sources()).layers["school"]
    return made.licence, made.attribution


def test_openstreetmap_brings_its_licence_and_its_attribution():
    assert defaults(source="osm") == ("ODbL-1.0", "© OpenStreetMap contributors")
    assert defaults(source="osm", attribution="B")[1] == "B"


def test_what_asks_for_an_attribution_names_the_city_and_never_the_file():
    assert defaults(licence="CC-BY-4.0") == ("CC-BY-4.0", "A")
    assert defaults(licence="ODbL-1.0") == ("ODbL-1.0", "A")
    assert defaults() == ("CC0-1.0", None)


def test_the_data_files_carry_source_licence_attribution_and_digest(tmp_path):
    import pyogrio

    pipeline.build(write(tmp_path), tmp_path / "maps")
    told = pyogrio.read_info(tmp_path / "maps/data/neighbourhoods.gpkg", layer="neighbourhoods")[
        "layer_metadata"
    ]
    assert told["licence"] == "CC-BY-4.0"
    assert told["attribution"] == "City of Small"
    assert len(json.loads(told["sources"])["trees"]["sha256"]) == 64
    geojson = json.loads((tmp_path / "maps/data/neighbourhoods.geojson").read_text("utf-8"))
    assert "City of Small" in geojson["description"]
    run = json.loads((tmp_path / "maps/run.json").read_text("utf-8"))
    assert run["inputs"]["trees"]["attribution"] == "City of Small"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("score = 3", "score = 6", "maturity.strategy.score: input should be less than or equal"),
        ("score = 3", "score = 2.5", "maturity.strategy.score"),
        ("skills =", "skils =", "maturity.skils: unknown key; did you mean 'skills'?"),
        (
            "A register.",
            " ",
            "maturity.data_governance.evidence: describe in a sentence what shows it",
        ),
        ("2026-01-01 }\nskills", "2027-01-01 }\nskills", "lies after as_of = 2026-06-30"),
        ("online_form = false", "", "digital_service.0.online_form: is missing"),
        ("online_form = true", "online = true", "did you mean 'online_form'?"),
        ('en = "Permit"', 'eng = "Permit"', "no such language; did you mean 'en'?"),
    ],
)
def test_a_fault_of_the_judgement_says_what_would_be_right(tmp_path, old, new, fault):
    assert old in JUDGED
    told = errors(write(tmp_path, CITY + JUDGED.replace(old, new, 1)))
    assert any(fault in row for row in told), told


def test_each_part_has_its_parts_and_a_next_step(tmp_path):
    inspected = pipeline.check(write(tmp_path, CITY + JUDGED), tmp_path / "out")
    told = json.loads((inspected.target / "run.json").read_text("utf-8"))
    assert (told["digital_services"]["listed"], told["digital_services"]["online_form"]) == (2, 1)
    assert told["organisation"]["participation"] == {
        "score": 5, "evidence": "All reports are answered.", "date": "2026-01-01",
    }  # fmt: skip
    page = (inspected.target / "index.sr-Latn-ME.html").read_text("utf-8")
    assert "Uvesti obrazac na internetu, najprije za: Dozvola." in page
    assert "Vještine: Utvrditi" in page  # the first of the two lowest
    assert "maturity" not in told  # there is no number of the whole


def test_check_publishes_beside_the_maps_and_says_where(tmp_path):
    told = run("check", write(tmp_path, CITY + JUDGED), cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "maps/small-inventory/index.html").exists()
    assert "what to fix first" in told.stdout
    assert "1/2 with an online form" in told.stdout
    assert "no errors" in told.stdout


def test_check_tells_all_faults_and_still_shows_the_inventory(tmp_path):
    file = write(tmp_path)
    (tmp_path / "trees.gpkg").write_bytes(b"not a GeoPackage")
    (tmp_path / "schools.gpkg").write_bytes(b"not a GeoPackage")
    told = run("check", file, "--out", tmp_path / "out", cwd=tmp_path)
    assert told.returncode == 1
    assert "trees.gpkg" in told.stderr
    assert "schools.gpkg" in told.stderr
    assert "Traceback" not in told.stderr
    assert "FAILED" in told.stdout
    assert "no errors" not in told.stdout
    assert (tmp_path / "out/index.html").exists()


def test_check_speaks_json(tmp_path):
    told = json.loads(run("check", write(tmp_path), "--json", cwd=tmp_path).stdout)
    assert told["data"]["layers"]["streets"]["grades"]["coverage"] == {
        "level": "fair", "reason": "coverage.held", "counts": {"held": 3, "of": 4},
    }  # fmt: skip
    assert told["layers"]["trees"]["licence"] == "CC-BY-4.0"
    assert told["errors"] == []
