"""What a source is: its options, its tag scheme, and what a plug-in from outside can do."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from typing import TYPE_CHECKING

import geopandas as gpd
import osmium
import pytest
from geopandas.testing import assert_geodataframe_equal
from intake import CITY
from osmium.osm.mutable import Node, Way
from pydantic import Field
from requested import requested
from server import Answer
from shapely import Point

from urbanlayer import cityfile, registry
from urbanlayer.errors import CityFileError, SourceError
from urbanlayer.layers import validate
from urbanlayer.model.layer import RawLayer
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.model.source import Options, Source
from urbanlayer.model.tag_scheme import OSM
from urbanlayer.publish.inventory.grades import _fields, _openness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from server import Server

    from urbanlayer.model.layer import Layer
    from urbanlayer.model.source import Request

LON, LAT = CITY.centre_lonlat
BOX = (LON - 0.02, LAT - 0.02, LON + 0.02, LAT + 0.02)
ROLES = ("streets", "buildings", "green", "pharmacy", "barriers")


def objects() -> Iterator[Node | Way]:
    """A street with a gate, a factory and a house of 3 storeys, a private park, two pharmacies."""
    square = [(0.0, 0.0), (0.001, 0.0), (0.001, 0.001), (0.0, 0.001)]
    for number, (east, north) in enumerate(square, start=1):
        yield Node(id=number, location=(LON + east, LAT + north))
    yield Node(id=5, location=(LON + 0.004, LAT), tags={"barrier": "gate", "access": "private"})
    for number, east in ((6, 0.005), (7, 0.0053)):
        tags = {"amenity": "pharmacy", "name": "Montefarm"}
        yield Node(id=number, location=(LON + east, LAT), tags=tags)
    ring = [1, 2, 3, 4, 1]
    yield Way(id=1, nodes=[1, 2, 5], tags={"highway": "residential", "bridge": "yes"})
    yield Way(id=2, nodes=ring, tags={"building": "house", "building:levels": "3"})
    yield Way(id=3, nodes=ring, tags={"leisure": "park", "access": "private"})
    yield Way(id=4, nodes=[2, 3, 4, 2], tags={"building": "industrial"})


def written(path: Path) -> bytes:
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for each in objects():
            writer.add(each)
    return path.read_bytes()


def layers_of(server: Server, folder: Path, source: str) -> dict[str, tuple[Layer, LayerSpec]]:
    pbf, xml = written(folder / "a.osm.pbf"), written(folder / "a.osm")
    told = hashlib.md5(pbf).hexdigest()  # noqa: S324  (what the service publishes)
    server.routes["/a.osm.pbf"] = [Answer(pbf)]
    server.routes["/a.osm.pbf.md5"] = [Answer(f"{told}  a".encode())]
    server.routes["/api"] = [Answer(xml)]
    paths = {
        "osm": "a.osm.pbf", "geofabrik": f"{server.url}/a.osm.pbf", "overpass": f"{server.url}/api",
    }  # fmt: skip
    spec = LayerSpec.model_validate({"source": source, "path": paths[source], "bbox": BOX})
    requests = {role: requested(role, spec, folder / "a.osm.pbf") for role in ROLES}
    raw = registry.sources()[source].read(list(requests.values()))
    found = {}
    for role, layer in raw.items():
        assert isinstance(layer, RawLayer)
        found[role] = validate(layer, requests[role], CITY), spec
    return found


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("source", ["geofabrik", "overpass"])
def test_the_same_objects_are_treated_alike_however_they_come(
    source: str, server: Server, tmp_path: Path
) -> None:
    expected = layers_of(server, tmp_path, "osm")
    found = layers_of(server, tmp_path, source)
    assert set(found) == set(expected) == set(ROLES)
    for role, (layer, spec) in found.items():
        osm, osm_spec = expected[role]
        assert_geodataframe_equal(layer.frame.sort_index(), osm.frame.sort_index(), check_like=True)
        assert [item.reason for item in layer.excluded] == [item.reason for item in osm.excluded]
        assert layer.provenance.window == osm.provenance.window == BOX
        assert layer.provenance.shared_nodes
        assert layer.provenance.licence == "ODbL-1.0"
        assert layer.provenance.attribution == "© OpenStreetMap contributors"
        assert _fields(layer, spec) == _fields(osm, osm_spec)
        assert _openness(layer, spec) == _openness(osm, osm_spec)
    buildings = found["buildings"][0].frame
    assert buildings["levels"].dropna().tolist() == [3.0]
    assert sorted(buildings["residential"]) == [False, True]
    assert found["green"][0].frame["public"].tolist() == [False]
    assert found["barriers"][0].frame["closed"].tolist() == [True]
    assert len(found["pharmacy"][0].frame) == 1  # 25 m apart and of one name


class _Hotline(Options):
    """Options of a plug-in that downloads reports of a city's hotline."""

    about: str = Field(description="Which reports.")
    since: int = 2020


def _reports(requests: Sequence[Request[_Hotline]]) -> Mapping[str, RawLayer]:
    found = {}
    for request in requests:
        use = {"building": [request.options.about, "garage"], "building:levels": ["2", "1"]}
        shapes = [Point(LON, LAT).buffer(0.0002), Point(LON + 0.001, LAT).buffer(0.0002)]
        frame = gpd.GeoDataFrame(use, geometry=shapes, crs="EPSG:4326")
        found[request.role] = RawLayer(frame, str(request.options.since))
    return found


HOTLINE = Source(
    id="hotline", read=_reports, options=_Hotline, local=False, cached=False, tags=OSM,
    licence="CC0-1.0", attribution="The hotline",
)  # fmt: skip


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    point = importlib.metadata.EntryPoint("hotline", f"{__name__}:HOTLINE", "urbanlayer.sources")

    def entry_points(*, group: str) -> list[importlib.metadata.EntryPoint]:
        return [point] if group == point.group else []

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    registry.sources.cache_clear()
    yield
    registry.sources.cache_clear()


TOWN = """
name = "Town"
crs = "EPSG:25834"
as_of = 2026-06-30
licence = "CC-BY-4.0"
[layers.neighbourhoods]
path = "hoods.geojson"
[layers.buildings]
source = "hotline"
path = "https://hotline.example.org"
about = "apartments"
"""


def read(folder: Path, text: str) -> cityfile.CityFile:
    (folder / "hoods.geojson").write_text(json.dumps({}), encoding="utf-8")
    (folder / "city.toml").write_text(text, encoding="utf-8")
    return cityfile.read(
        folder / "city.toml", indicators=registry.indicators(), sources=registry.sources()
    )


@pytest.mark.usefixtures("plugin")
def test_a_plugin_has_options_a_tag_scheme_and_a_licence_like_ours(tmp_path: Path) -> None:
    _, request = read(tmp_path, TOWN).requests()
    assert (request.source, request.options) == (HOTLINE, _Hotline(about="apartments"))
    raw = request.source.read([request])["buildings"]
    assert isinstance(raw, RawLayer)
    layer = validate(raw, request, CITY)
    assert layer.frame["levels"].tolist() == [2.0, 1.0]
    assert layer.frame["residential"].tolist() == [True, False]
    assert (layer.provenance.source, layer.provenance.shared_nodes) == ("hotline", True)
    assert (layer.provenance.licence, layer.provenance.attribution) == ("CC0-1.0", "The hotline")
    keys = cityfile.schema(registry.indicators(), registry.sources())["$defs"]["LayerSpec"]
    assert keys["properties"]["about"]["description"] == "hotline: Which reports."


@pytest.mark.usefixtures("plugin")
@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('about = "apartments"\n', "", "line 8: layers.buildings.about: is missing"),
        ('about = "apartments"', "about = 3", "line 11: layers.buildings.about: input sh"),
        ('about = "apartments"', 'about = "a"\nsinse = 3',
         "unknown key of source \"hotline\"; did you mean 'since'?"),
        ('source = "hotline"\npath', 'source = "osm"\npath',
         'layers.buildings.about: unknown key of source "osm"; hotline has it'),
    ],
)  # fmt: skip
def test_options_of_a_plugin_are_checked_like_ours(
    old: str, new: str, error: str, tmp_path: Path
) -> None:
    with pytest.raises(CityFileError) as caught:
        read(tmp_path, TOWN.replace(old, new, 1))
    assert any(error in found for found in caught.value.errors), caught.value.errors


class _Levels(Options):
    levels: int = 0


CLASHING = Source(id="clashing", read=_reports, options=_Levels)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("urbanlayer.sources.osm:SOURCE", "there is a source 'osm' already"),
        (f"{__name__}:CLASHING", "layers have the key levels already"),
    ],
)
def test_a_plugin_that_clashes_is_an_error(
    value: str, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = importlib.metadata.EntryPoint("a", value, "urbanlayer.sources")
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: [point])
    registry.sources.cache_clear()
    with pytest.raises(SourceError, match=error):
        registry.sources()
    registry.sources.cache_clear()
