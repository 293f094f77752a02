"""The city files of four capitals, on what is at hand of them; their servers are played here.

At hand are OpenStreetMap's nodes of 2019, Tirana's timetable and Kosovo's population: no streets,
buildings or parks, so the layers made of lines and areas are left out of the file for the test.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import osmium
import pytest
from osmium.osm.mutable import Node
from server import Answer, in_ranges

from urbanlayer import contents, pipeline
from urbanlayer.sources import geofabrik, kontur_population
from urbanlayer.sources._session import using
from urbanlayer.sources.fetching import bring_in
from urbanlayer.stages import Errors, Stages

if TYPE_CHECKING:
    from server import Server

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared/data"
CAPITALS = ("tirana", "skopje", "sarajevo", "pristina")
WITHOUT_NODES = ("streets", "buildings", "green", "water", "stop")
pytestmark = pytest.mark.usefixtures("cache")
needs_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the capitals' data are not at hand")


@pytest.mark.parametrize("city", CAPITALS)
def test_the_city_file_of_a_capital_is_sound(city: str) -> None:
    file = pipeline.read_city_file(ROOT / f"data/gis/{city}/city.toml")
    assert file.spec.id == city
    assert {"streets", "buildings", "population", "green", "stop"} <= set(file.spec.layers)


def extract(city: str, folder: Path) -> bytes:
    """OpenStreetMap's nodes of a capital as the extract that a server would give."""
    source = SHARED / f"capitals/{city}_osm_nodes_2019.geojson"
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    path = folder / f"{city}.osm.pbf"
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for feature in sorted(features, key=lambda each: each["properties"]["osm_node_id"]):
            about = feature["properties"]
            tags = {about["tag"]: about["value"]}
            tags |= {"name": about["name"]} if about["name"] else {}
            place = tuple(feature["geometry"]["coordinates"])
            writer.add(Node(id=about["osm_node_id"], location=place, tags=tags))
    return path.read_bytes()


def city_file(city: str, folder: Path, server: Server) -> Path:
    """The capital's own file, without the layers of which nothing is at hand."""
    path = ROOT / f"data/gis/{city}/city.toml"
    whole = tomllib.loads(path.read_text(encoding="utf-8"))
    dropped = {role for role in WITHOUT_NODES if whole["layers"][role]["source"] != "gtfs"}
    if city != "pristina":
        dropped |= {"population"}
        whole.pop("residents")
    whole["layers"] = {role: spec for role, spec in whole["layers"].items() if role not in dropped}
    if "stop" in whole["layers"]:
        whole["layers"]["stop"]["path"] = f"{server.url}/gtfs.zip"
    (folder / "area.geojson").write_bytes(path.with_name("area.geojson").read_bytes())
    (folder / "city.toml").write_text(toml(whole), encoding="utf-8")
    return folder / "city.toml"


def toml(whole: dict[str, Any]) -> str:
    """A table as TOML, enough for a city file."""

    def value(found: Any) -> str:
        if isinstance(found, dict):
            return "{ " + ", ".join(f"{key} = {value(each)}" for key, each in found.items()) + " }"
        if isinstance(found, list):
            return "[" + ", ".join(map(value, found)) + "]"
        return json.dumps(found, ensure_ascii=False) if isinstance(found, str) else str(found)

    plain = [f"{key} = {value(each)}" for key, each in whole.items() if not isinstance(each, dict)]
    plain += [f"name = {value(whole['name'])}"]
    for table in ("layers", "residents", "indicators"):
        for key, each in whole.get(table, {}).items():
            plain += [f"{table}.{key} = {value(each)}"]
    return "\n".join(plain) + "\n"


def play(server: Server, city: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer as Geofabrik, Kontur and Tirana's timetable do."""
    region = tomllib.loads((ROOT / f"data/gis/{city}/city.toml").read_text(encoding="utf-8"))
    name = region["layers"]["neighbourhoods"]["path"]
    content = extract(city, folder)
    told = hashlib.md5(content).hexdigest()  # noqa: S324  (what the service publishes)
    server.routes[f"/{name}-latest.osm.pbf"] = in_ranges(content)
    server.routes[f"/{name}-latest.osm.pbf.md5"] = [Answer(f"{told}  latest.osm.pbf".encode())]
    hexagons = (SHARED / "capitals/kontur_population_XK_20231101.gpkg").read_bytes()
    server.routes["/kontur_XK.gpkg.gz"] = [Answer(gzip.compress(hexagons, 1))]
    server.routes["/gtfs.zip"] = [Answer((SHARED / "tirana/tirana_gtfs_2026.zip").read_bytes())]
    monkeypatch.setattr(geofabrik, "ADDRESS", server.url + "/{region}-latest.osm.pbf")
    monkeypatch.setattr(kontur_population, "ADDRESS", server.url + "/kontur_{country}.gpkg.gz")


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("city", CAPITALS)
def test_a_capital_is_fetched_once_and_then_measured_without_a_network(
    city: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(server, city, tmp_path, monkeypatch)
    file = pipeline.read_city_file(city_file(city, tmp_path, server))
    told = bring_in(file.requests())
    assert set(told.values()) == {None}
    asked = len(server.asked)
    with using(offline=True):
        publication = contents.publication_of(file, pipeline.evaluated(file, Stages(), Errors()))
    assert len(server.asked) == asked
    assert len(publication.city.neighbourhoods) > 20
    layers = publication.city.layers
    # what the nodes of 2019 hold within the rectangle: dozens of schools and pharmacies
    assert len(layers["pharmacy"]) > 40
    assert len(layers["school"]) > 5
    if city == "pristina":
        # shared/data/README.md: about 219,400 people around Pristina, a wider area than this one
        assert publication.city.residents is not None
        assert 140_000 < publication.city.residents.total < 219_400
        assert publication.results
    else:
        assert publication.city.residents is None
        assert {entry.indicator for entry in publication.not_answerable} >= {"coverage_within"}
        assert any("residents" in entry.missing for entry in publication.not_answerable)
    if city == "tirana":
        assert len(layers["stop"]) == 491
