"""Services that answer with one part wrong: a layer or an error of ours, never another exception.

Of each service 20 inputs are tried, 100 with the slow tests, and more with `FUZZ_INPUTS=3000`; each
is known by its number (`pytest -l` shows it).
"""

from __future__ import annotations

import json
import os
import random
from typing import TYPE_CHECKING, Any

import pytest
from intake import CITY
from mutations import HEADERS, as_bytes, mutated_json, mutated_xml
from requested import requested
from server import Answer, Asked

from urbanlayer.errors import UrbanlayerError
from urbanlayer.layers import validate
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.sources import border

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from server import Server

    from urbanlayer.model.source import Request

pytestmark = pytest.mark.usefixtures("cache")
FEW, MANY = 20, int(os.environ.get("FUZZ_INPUTS", "100"))
LON, LAT = CITY.centre_lonlat
CAPABILITIES = b"""<WFS_Capabilities version="2.0.0" xmlns="http://www.opengis.net/wfs/2.0"
 xmlns:ows="http://www.opengis.net/ows/1.1"><ows:OperationsMetadata>
<ows:Operation name="GetFeature"><ows:Parameter name="outputFormat"><ows:AllowedValues>
<ows:Value>application/json</ows:Value></ows:AllowedValues></ows:Parameter></ows:Operation>
<ows:Constraint name="CountDefault"><ows:DefaultValue>3</ows:DefaultValue></ows:Constraint>
</ows:OperationsMetadata><FeatureTypeList><FeatureType><Name>a:s</Name>
<DefaultCRS>urn:ogc:def:crs:EPSG::4326</DefaultCRS></FeatureType></FeatureTypeList>
</WFS_Capabilities>"""
ABOUT = {
    "geometryType": "esriGeometryPoint", "objectIdField": "ID", "maxRecordCount": 2,
    "fields": [{
        "name": "t", "type": "esriFieldTypeInteger",
        "domain": {"type": "codedValue", "codedValues": [{"code": 1, "name": "a"}]},
    }],
}  # fmt: skip


def features(count: int = 3, first: int = 0) -> list[dict[str, Any]]:
    return [
        {"type": "Feature", "id": f"s.{number}", "properties": {"name": f"S{number}", "n": number},
         "geometry": {"type": "Point", "coordinates": [LON + number * 1e-3, LAT]}}
        for number in range(first, first + count)
    ]  # fmt: skip


def ogcapi(asked: Asked) -> Any:
    first = 3 if "offset" in asked.query else 0
    links = [] if first else [{"rel": "next", "href": "?offset=3&f=json"}]
    return {
        "type": "FeatureCollection", "features": features(3, first), "links": links,
        "numberMatched": 6,
    }  # fmt: skip


def wfs(asked: Asked) -> Any:
    if asked.query.get("request") == "GetCapabilities":
        return CAPABILITIES
    found = features(3)[int(asked.query["startIndex"]) :]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}
    return {"type": "FeatureCollection", "features": found, "numberMatched": 3, "crs": crs}


def arcgis(asked: Asked) -> Any:
    if "returnIdsOnly" in asked.query:
        return {"objectIdFieldName": "ID", "objectIds": [1, 2, 3]}
    if not asked.path.endswith("/query"):
        return ABOUT
    return {"features": [
        {"attributes": {"ID": int(number), "t": 1}, "geometry": {"x": LON, "y": LAT}}
        for number in asked.query.get("objectIds", "").split(",")
        if number.isdecimal()
    ]}  # fmt: skip


def answers(right: Callable[[Asked], Any], chance: random.Random) -> Callable[[Asked], Answer]:
    """Answers of which one, by chance the first, second or third, has one part wrong."""
    wrong, so_far = chance.randrange(3), 0

    def answer(asked: Asked) -> Answer:
        nonlocal so_far
        content, so_far = right(asked), so_far + 1
        if so_far - 1 != wrong:
            return Answer(content if isinstance(content, bytes) else json.dumps(content).encode())
        if isinstance(content, bytes):
            return Answer(mutated_xml(content, chance))
        headers = dict(chance.choice(HEADERS)) if chance.randrange(8) == 0 else {}
        status = 302 if "Location" in headers else chance.choice([200] * 15 + [204, 400, 503])
        return Answer(as_bytes(mutated_json(content, chance), chance), status, headers)

    return answer


@pytest.mark.parametrize("inputs", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
@pytest.mark.parametrize("service", [ogcapi, wfs, arcgis])
def test_a_service_with_one_part_wrong_gives_a_layer_or_an_error(
    server: Server, tmp_path: Path, service: Callable[[Asked], Any], inputs: int
) -> None:
    errors = 0
    for number in range(inputs):
        chance = random.Random(number)  # noqa: S311  (inputs that can be had again)
        answer = answers(service, chance)
        for ending in ("", "/items", "/query"):
            server.routes[f"/{number}/s{ending}"] = answer
        spec = LayerSpec(source=service.__name__, path=f"{server.url}/{number}/s")
        error = error_of(requested("school", spec, tmp_path / "s"))
        errors += error != ""
        assert "\x1b" not in error
    assert inputs // 10 < errors < inputs - inputs // 10  # neither is all there is


def error_of(request: Request) -> str:
    """What is said of a layer that cannot be used; empty of one that can."""
    try:
        validate(border.read_by(request.source, [request])["school"], request, CITY)
    except UrbanlayerError as error:
        return str(error)
    return ""
