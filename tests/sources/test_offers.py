"""What servers say they have, and the city file that is drafted from it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
import shapely
from intake import EAST, NORTH, SOUTH, WEST
from server import Answer

from urbanlayer.drafting import drafted, tried
from urbanlayer.drafting.servers import datasets_at
from urbanlayer.drafting.toml_text import text_of
from urbanlayer.errors import SourceError

if TYPE_CHECKING:
    from server import Asked, Server

pytestmark = pytest.mark.usefixtures("cache")
MIDDLE_X, MIDDLE_Y = (WEST + EAST) / 2, (SOUTH + NORTH) / 2
PARTS = [
    shapely.box(WEST, SOUTH, MIDDLE_X, NORTH),
    shapely.box(MIDDLE_X, SOUTH, EAST, NORTH),
]
SCHOOLS = [shapely.Point(MIDDLE_X - 300, MIDDLE_Y), shapely.Point(MIDDLE_X + 300, MIDDLE_Y)]


def as_json(content: Any) -> Answer:
    body = json.dumps(content).encode()
    return Answer(body, headers={"Content-Type": "application/json"})


def features(shapes: list[Any], **columns: list[Any]) -> dict[str, Any]:
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:25834").to_crs("EPSG:4326")
    whole = json.loads(frame.to_json())
    return {**whole, "numberMatched": len(shapes)}


def collections(*listed: dict[str, str]) -> Answer:
    return as_json({"collections": list(listed)})


@pytest.fixture
def ogcapi(server: Server) -> str:
    """An OGC API with neighbourhoods, schools, and a grid that is no collection of features."""
    server.routes["/collections"] = [
        collections(
            {"id": "layer1", "title": "Mjesne zajednice"},
            {"id": "skole"},
            {"id": "dem", "title": "Visine", "itemType": "coverage"},
        )
    ]
    parts = features(PARTS, mz_id=["A", "B"], naziv=["Lijeva", "Desna"], popis_2023=[100, 300])
    server.routes["/collections/layer1/items"] = [as_json(parts)]
    server.routes["/collections/skole/items"] = [
        as_json(features(SCHOOLS, naziv=["Prva", "Druga"]))
    ]
    return server.url


def test_the_collections_of_an_ogc_api_become_layers_that_build_reads(
    ogcapi: str, tmp_path: Path
) -> None:
    draft = tried(drafted("Bar", [], tmp_path / "city.toml", city_id="bar", addresses=[ogcapi]))
    layers = tomllib.loads(text_of(draft))["layers"]
    assert set(layers) == {"neighbourhoods", "school"}
    assert layers["school"]["source"] == "ogcapi"
    assert layers["school"]["path"] == f"{ogcapi}/collections/skole"
    assert layers["neighbourhoods"]["residents"] == "popis_2023"
    assert draft.people.sources == ("census",)


def test_one_collection_is_one_layer(ogcapi: str) -> None:
    found, unread = datasets_at(f"{ogcapi}/collections/skole")
    assert [one.address for one in found] == [f"{ogcapi}/collections/skole"]
    assert unread == []


def test_the_types_of_a_wfs_become_layers(server: Server) -> None:
    capabilities = b"""<wfs:WFS_Capabilities version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0"
      xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Operation><ows:Value>application/json</ows:Value>
      </ows:Operation><wfs:FeatureTypeList><wfs:FeatureType><wfs:Name>gis:t7</wfs:Name>
      <wfs:Title>Osnovne \xc5\xa1kole</wfs:Title>
      <wfs:DefaultCRS>urn:ogc:def:crs:OGC:1.3:CRS84</wfs:DefaultCRS>
      </wfs:FeatureType></wfs:FeatureTypeList></wfs:WFS_Capabilities>"""

    def answer(asked: Asked) -> Answer:
        if asked.query.get("request") == "GetCapabilities":
            return Answer(capabilities, headers={"Content-Type": "text/xml"})
        return as_json(features(SCHOOLS, naziv=["Prva", "Druga"]))

    server.routes["/wfs"] = answer
    (found,), _ = datasets_at(f"{server.url}/wfs")
    assert (found.source, found.layer, found.title) == ("wfs", "gis:t7", "Osnovne škole")
    assert found.named[0] == "Osnovne škole"
    assert len(found.frame) == 2


def test_the_layers_of_an_arcgis_server_become_layers(server: Server) -> None:
    service = "/arcgis/rest/services/javno/FeatureServer"
    group = {"id": 0, "name": "Sve", "subLayerIds": [1]}
    server.routes[service] = [as_json({"layers": [group, {"id": 1, "name": "Apoteke"}]})]
    about = {"geometryType": "esriGeometryPoint", "name": "Apoteke", "fields": []}
    server.routes[f"{service}/1"] = [as_json(about)]
    place = {"x": 19.26, "y": 42.44}

    def query(asked: Asked) -> Answer:
        if asked.query.get("returnIdsOnly"):
            return as_json({"objectIdFieldName": "OBJECTID", "objectIds": [5]})
        return as_json({"features": [{"attributes": {"OBJECTID": 5}, "geometry": place}]})

    server.routes[f"{service}/1/query"] = query
    (found,), _ = datasets_at(server.url + service)
    assert (found.source, found.address) == ("arcgis", f"{server.url}{service}/1")
    assert found.title == "Apoteke"


def test_an_address_without_a_server_says_what_each_source_found(server: Server) -> None:
    with pytest.raises(SourceError) as caught:
        datasets_at(f"{server.url}/nothing")
    told = str(caught.value)
    assert "no layers are found there" in told
    for name in ("WFS: ", "OGC API: ", "ArcGIS: ", "PostGIS: "):
        assert name in told


def test_a_password_is_not_written_into_a_city_file() -> None:
    with pytest.raises(SourceError, match="no place in a city file") as caught:
        datasets_at("https://ana:tajna@gis.example.org/wfs")
    assert "tajna" not in str(caught.value)


def test_of_a_server_with_very_many_layers_only_those_of_known_names_are_read(
    server: Server,
) -> None:
    others = [{"id": f"t{number}", "title": f"Tema {number}"} for number in range(60)]
    server.routes["/collections"] = [collections({"id": "skole"}, *others)]
    server.routes["/collections/skole/items"] = [as_json(features(SCHOOLS, naziv=["a", "b"]))]
    found, unread = datasets_at(server.url)
    assert [one.title for one in found] == ["skole"]
    assert len(unread) == 60
    assert "one of 61 layers" in unread[0].why
