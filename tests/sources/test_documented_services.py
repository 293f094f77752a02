"""Services, as their published documents say that they answer; see test_real_services.py too."""

from __future__ import annotations

import hashlib
import json
import urllib.parse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import osmium
import pandas as pd
import pytest
from intake import CITY, said, take
from osmium.osm.mutable import Node
from requested import requested
from server import Answer, Asked, in_ranges

from urbanlayer.errors import SourceError
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.sources import _session, child, ogcapi, overpass, wfs

if TYPE_CHECKING:
    from collections.abc import Callable

    from server import Server

LON, LAT = CITY.centre_lonlat
BOX = (LON - 0.02, LAT - 0.02, LON + 0.02, LAT + 0.02)
TIRANA = (
    Path(__file__).parents[3] / "shared/data/tirana/tirana_osm_services_overpass_20260411.geojson"
)
pytestmark = pytest.mark.usefixtures("cache")


def points(count: int) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "id": f"p.{number}",
            "properties": {"naziv": f"Škola {number}", "broj": number},
            "geometry": {"type": "Point", "coordinates": [LON + number * 1e-4, LAT]},
        }
        for number in range(count)
    ]


def as_json(content: object, **headers: str) -> Answer:
    return Answer(
        json.dumps(content).encode(), headers={"Content-Type": "application/json", **headers}
    )


# a file at an address


def test_a_file_at_an_address_is_read_like_any_file(server: Server, tmp_path: Path) -> None:
    gpd.GeoDataFrame.from_features(points(3), crs="EPSG:4326").to_file(tmp_path / "a.gpkg")
    content = (tmp_path / "a.gpkg").read_bytes()
    server.routes["/schools.gpkg"] = server.routes["/download"] = [Answer(content)]
    for path in ("/schools.gpkg", "/download"):
        where = tmp_path / "school"
        layer = take(where, role="school", source="http", path=server.url + path)
        assert len(layer) == 3
        assert layer.provenance.path == server.url + path
        assert layer.provenance.digest == hashlib.sha256(content).hexdigest()
        assert "Downloaded on" in said(layer)


# OGC API - Features


def collection(count: int, page: int = 1000, lost: int = 0) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        start = int(asked.query.get("offset", 0))
        found = points(count)[start : start + page]
        content: dict[str, Any] = {"type": "FeatureCollection", "features": found, "links": []}
        content["numberMatched"] = count + lost
        if start + page < count:
            content["links"] = [{"rel": "next", "href": f"?offset={start + page}&f=json"}]
        return as_json(content)

    return answer


def test_all_pages_of_a_collection_are_read(server: Server, tmp_path: Path) -> None:
    server.routes["/collections/schools/items"] = collection(25, page=10)
    url = f"{server.url}/collections/schools"
    layer = take(tmp_path / "s", role="school", source="ogcapi", path=url, name="naziv", bbox=BOX)
    assert len(layer) == 25
    assert layer.frame.index[:2].tolist() == ["p.0", "p.1"]
    assert len(server.asked) == 3
    assert server.asked[0].query["bbox"].startswith("19.2436")


def test_fewer_features_than_a_service_says_are_refused(server: Server, tmp_path: Path) -> None:
    server.routes["/c/items"] = collection(25, page=10, lost=3)
    with pytest.raises(SourceError, match="says 28 features and sent 25"):
        take(tmp_path / "s", role="school", source="ogcapi", path=f"{server.url}/c")


def test_features_that_come_again_on_a_later_page_are_refused(
    server: Server, tmp_path: Path
) -> None:
    def overlapping(asked: Asked) -> Answer:
        start = int(asked.query.get("offset", 0))
        content: dict[str, Any] = {"type": "FeatureCollection", "numberMatched": 20}
        content["features"] = points(20)[start * 8 : start * 8 + 10]  # two again, two never
        content["links"] = [] if start else [{"rel": "next", "href": "?offset=1"}]
        return as_json(content)

    server.routes["/c/items"] = overlapping
    with pytest.raises(SourceError, match="sent 2 features again on a later page"):
        take(tmp_path / "s", role="school", source="ogcapi", path=f"{server.url}/c")


def test_pages_on_another_host_need_leave(server: Server, tmp_path: Path) -> None:
    page = {"type": "FeatureCollection", "features": points(1)}
    page["links"] = [{"rel": "next", "href": "http://127.0.0.2/evil"}]
    server.routes["/c/items"] = [as_json(page)]
    with pytest.raises(SourceError, match=r"its next page lies at 127\.0\.0\.2"):
        take(tmp_path / "s", role="school", source="ogcapi", path=f"{server.url}/c")


def test_pages_that_lead_round_are_refused(server: Server, tmp_path: Path) -> None:
    page = {"type": "FeatureCollection", "features": points(1)}
    page["links"] = [{"rel": "next", "href": "?again=1"}]
    server.routes["/c/items"] = [as_json(page)]
    with pytest.raises(SourceError, match="round and round"):
        take(tmp_path / "s", role="school", source="ogcapi", path=f"{server.url}/c")


def endless(asked: Asked) -> Answer:
    """A page of one feature that is new, with a link to another one."""
    number = int(asked.query.get("offset", asked.query.get("startIndex", 0)))
    if asked.query.get("request") == "GetCapabilities":
        return feature_service(0, 1)(asked)
    page = {"type": "FeatureCollection", "features": points(number + 1)[number:]}
    return as_json(page | {"links": [{"rel": "next", "href": f"?offset={number + 1}"}]})


@pytest.mark.parametrize("source", ["ogcapi", "wfs"])
@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ({"seconds": 0.3}, r"it took more than 0\.3 s"),
        ({"max_bytes": 9_000}, "more than 0 MB, with what came before for the layer"),
    ],
)
def test_pages_without_end_are_given_up(
    limit: dict[str, float], words: str, source: str, server: Server, tmp_path: Path
) -> None:
    server.routes["/c/items"] = server.routes["/c"] = endless
    (tmp_path / "empty.json").write_text("{}", encoding="utf-8")
    child.run_job("json_response", path=str(tmp_path / "empty.json"))  # its start takes time too
    with _session.using(**limit), pytest.raises(SourceError, match=words):
        take(tmp_path / "s", role="school", source=source, path=f"{server.url}/c")


def test_properties_without_names_exclude_their_feature(server: Server, tmp_path: Path) -> None:
    page = {"type": "FeatureCollection", "features": points(3), "numberMatched": 3}
    page["features"][1]["properties"] = [["naziv", "S"], 2]
    server.routes["/c/items"] = [as_json(page)]
    layer = take(tmp_path / "s", role="school", source="ogcapi", path=f"{server.url}/c")
    assert layer.frame.index.tolist() == ["p.0", "p.2"]
    assert [lost.feature for lost in layer.excluded] == ["p.1"]


@pytest.mark.parametrize("content", [b"nonsense", b"[1]", b'{"type": "Catalog"}'])
def test_an_answer_without_features_is_refused(
    content: bytes, server: Server, tmp_path: Path
) -> None:
    server.routes["/c/items"] = [Answer(content)]
    with pytest.raises(SourceError, match=r"as JSON|no JSON|not with features"):
        take(tmp_path / "s", role="school", source="ogcapi", path=f"{server.url}/c")


def test_what_was_fetched_answers_offline(server: Server, tmp_path: Path) -> None:
    server.routes["/c/items"] = collection(5)
    take(tmp_path / "s", role="school", source="ogcapi", path=f"{server.url}/c")
    with _session.using(offline=True):
        layer = take(tmp_path / "s", role="school", source="ogcapi", path=f"{server.url}/c")
    assert len(layer) == 5
    assert len(server.asked) == 1


# WFS

CAPABILITIES = """<?xml version="1.0"?>
<WFS_Capabilities version="{version}" xmlns="http://www.opengis.net/wfs/2.0"
  xmlns:ows="http://www.opengis.net/ows/1.1"><ows:OperationsMetadata>
  <ows:Operation name="GetFeature"><ows:Parameter name="outputFormat"><ows:AllowedValues>
  <ows:Value>text/xml</ows:Value>{json}</ows:AllowedValues></ows:Parameter></ows:Operation>
  </ows:OperationsMetadata><FeatureTypeList>
  <FeatureType><Name>kat:skole</Name></FeatureType>{more}</FeatureTypeList></WFS_Capabilities>"""


def feature_service(count: int, page: int, more: str = "") -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if asked.query["request"] == "GetCapabilities":
            json_format = "<ows:Value>application/json</ows:Value>"
            text = CAPABILITIES.format(version="2.0.0", json=json_format, more=more)
            return Answer(text.encode(), headers={"Content-Type": "text/xml"})
        start = int(asked.query["startIndex"])
        found = points(count)[start : start + page]
        return as_json({"type": "FeatureCollection", "features": found, "numberMatched": count})

    return answer


def test_all_pages_of_a_feature_type_are_read(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wfs, "PAGE", 10)
    server.routes["/wfs"] = feature_service(25, page=10)
    layer = take(
        tmp_path / "s", role="school", source="wfs", path=f"{server.url}/wfs?map=a", bbox=BOX
    )
    assert len(layer) == 25
    asked = server.asked[1].query
    assert asked["typeNames"] == "kat:skole"
    assert asked["map"] == "a"
    assert asked["bbox"].endswith("CRS84")


def unruly_service(
    pages: Callable[[int, Asked], dict[str, Any]],
    *,
    hits: str = "unknown",
    limit: int | None = None,
) -> Callable[[Asked], Answer]:
    """A service whose page at a start is what `pages` gives."""

    def answer(asked: Asked) -> Answer:
        xml = {"Content-Type": "text/xml"}
        if asked.query["request"] == "GetCapabilities":
            json_format = "<ows:Value>application/json</ows:Value>"
            text = CAPABILITIES.format(version="2.0.0", json=json_format, more="")
            if limit is not None:
                constraint = (
                    '<ows:Constraint name="CountDefault"><ows:DefaultValue>'
                    f"{limit}</ows:DefaultValue></ows:Constraint></ows:OperationsMetadata>"
                )
                text = text.replace("</ows:OperationsMetadata>", constraint)
            return Answer(text.encode(), headers=xml)
        if asked.query.get("resultType") == "hits":
            text = f'<FeatureCollection numberMatched="{hits}"/>'
            return Answer(text.encode(), headers=xml)
        start = int(asked.query["startIndex"])
        return as_json({"type": "FeatureCollection", **pages(start, asked)})

    return answer


def taken_from(server: Server, folder: Path, answer: Callable[[Asked], Answer]) -> int:
    path = f"/wfs/{folder.name}"  # answers are kept by their address
    server.routes[path] = answer
    return len(take(folder / "s", role="school", source="wfs", path=server.url + path))


@pytest.mark.parametrize("count", [20, 100])
def test_a_first_page_alone_is_refused_unless_the_service_counts_no_more(
    count: int, server: Server, tmp_path: Path
) -> None:
    def first(_: int, __: Asked) -> dict[str, Any]:
        return {"features": points(count)}  # of 400, whatever is asked for

    with pytest.raises(SourceError, match=f"sends its first {count} features alone"):
        taken_from(server, tmp_path / "a", unruly_service(first))
    with pytest.raises(SourceError, match=f"says 400 features and sent {count}"):
        taken_from(server, tmp_path / "b", unruly_service(first, hits="400"))
    assert taken_from(server, tmp_path / "c", unruly_service(first, hits=str(count))) == count


def gml_page(numbers: range) -> str:
    """A page of WFS 1.1 with schools of these numbers."""
    members = "".join(
        f'<gml:featureMember><kat:skole gml:id="s.{n}"><kat:id>{n}</kat:id><kat:mjesto>'
        f'<gml:Point srsName="EPSG:4326"><gml:pos>{19.26 + n / 10_000} 42.44</gml:pos></gml:Point>'
        "</kat:mjesto></kat:skole></gml:featureMember>"
        for n in numbers
    )
    counted = f'numberOfFeatures="{len(numbers)}"'  # of the page, as WFS 1.1 has it
    spaces = 'xmlns:gml="http://www.opengis.net/gml" xmlns:kat="http://k"'
    return f"<FeatureCollection {counted} {spaces}>{members}</FeatureCollection>"


@pytest.mark.parametrize(
    ("count", "hits", "error"),
    [
        (10, "", "first 10 features alone"),
        (10, None, "first 10 features alone"),  # it knows of no hits, and sends its page again
        (10, 'numberOfFeatures="12"', "says 12 features and sent 10"),
        (10, 'numberOfFeatures="10"', ""),
        (12, "", ""),
        (12, None, ""),
    ],
)
def test_a_limited_page_of_gml_is_refused_unless_the_service_counts_no_more(
    count: int, hits: str | None, error: str, server: Server, tmp_path: Path
) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.query["request"] == "GetCapabilities":
            text = CAPABILITIES.format(version="1.1.0", json="", more="")
        elif asked.query.get("resultType") == "hits" and hits is not None:
            text = f"<FeatureCollection {hits}/>"
        else:
            text = gml_page(range(count))
        return Answer(text.encode(), headers={"Content-Type": "text/xml"})

    if error:
        with pytest.raises(SourceError, match=error):
            taken_from(server, tmp_path, answer)
    else:
        assert taken_from(server, tmp_path, answer) == count


@pytest.mark.parametrize("matched", [-1, "unknown"])
def test_a_number_that_says_nothing_is_no_total(
    matched: object, server: Server, tmp_path: Path
) -> None:
    def page(start: int, _: Asked) -> dict[str, Any]:
        return {"features": points(25)[start : start + 10], "numberMatched": matched}

    assert taken_from(server, tmp_path, unruly_service(page)) == 25


def test_a_number_that_counts_the_page_alone_is_no_total(server: Server, tmp_path: Path) -> None:
    def page(start: int, _: Asked) -> dict[str, Any]:
        return {"features": points(25)[start : start + 10], "numberMatched": 10}

    with pytest.raises(SourceError, match="says 10 features and sent 2"):
        taken_from(server, tmp_path, unruly_service(page, limit=10))


@pytest.mark.parametrize("with_ids", [True, False])
@pytest.mark.parametrize("total", [None, 30])
def test_pages_that_overlap_are_read_again_in_order_or_refused(
    total: int | None, server: Server, tmp_path: Path, *, with_ids: bool
) -> None:
    every = [one if with_ids else {**one, "id": None} for one in points(30)]

    def page(start: int, asked: Asked) -> dict[str, Any]:
        order = every
        if start and "sortBy" not in asked.query:  # the rows move: five come again, five never
            order = every[:15] + every[10:25]
        number = {} if total is None else {"numberMatched": total}
        return {"features": order[start : start + 15], **number}

    assert taken_from(server, tmp_path / "a", unruly_service(page)) == 30
    assert server.asked[-1].query["sortBy"] == "broj"

    def unsorted(start: int, asked: Asked) -> dict[str, Any]:
        asked.query.pop("sortBy", None)
        return page(start, asked)

    with pytest.raises(SourceError, match=r"repeats 5 features|says 30 features and sent 25"):
        taken_from(server, tmp_path / "b", unruly_service(unsorted))


def test_a_service_of_several_types_asks_which(server: Server, tmp_path: Path) -> None:
    more = "<FeatureType><Name>kat:putevi</Name></FeatureType>"
    server.routes["/wfs"] = feature_service(3, 10, more)
    url = f"{server.url}/wfs"
    with pytest.raises(SourceError, match=r"2 types \(kat:skole, kat:putevi\); set layer"):
        take(tmp_path / "s", role="school", source="wfs", path=url)
    with pytest.raises(SourceError, match="no type 'skol'; did you mean 'kat:skole'"):
        take(tmp_path / "s", role="school", source="wfs", path=url, layer="skol")
    assert len(take(tmp_path / "s", role="school", source="wfs", path=url, layer="skole")) == 3


def test_what_a_service_says_is_wrong_is_told(server: Server, tmp_path: Path) -> None:
    report = (
        '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception>'
        "<ows:ExceptionText>no such map</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
    )
    server.routes["/wfs"] = [Answer(report.encode(), headers={"Content-Type": "text/xml"})]
    with pytest.raises(SourceError, match="the service reports 'no such map'"):
        take(tmp_path / "s", role="school", source="wfs", path=f"{server.url}/wfs")


def test_xml_with_entities_is_refused(server: Server, tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    server.routes["/wfs"] = [Answer(bomb.encode(), headers={"Content-Type": "text/xml"})]
    with pytest.raises(SourceError, match="declares entities"):
        take(tmp_path / "s", role="school", source="wfs", path=f"{server.url}/wfs")


# ArcGIS

LAYER = {
    "geometryType": "esriGeometryPolygon",
    "objectIdField": "OBJECTID",
    "maxRecordCount": 2,
    "fields": [
        {"name": "OBJECTID", "type": "esriFieldTypeOID"},
        {
            "name": "TIP",
            "type": "esriFieldTypeInteger",
            "domain": {
                "type": "codedValue",
                "codedValues": [{"code": 1, "name": "park"}, {"code": 2, "name": "šuma"}],
            },
        },
    ],
}


def ring(number: int, side: float = 0.001, *, hole: bool = False) -> list[list[float]]:
    """A square ring, clockwise as Esri draws shells; holes the other way."""
    x, y = LON + number * 0.002, LAT
    clockwise = [[x, y], [x, y + side], [x + side, y + side], [x + side, y], [x, y]]
    if hole:
        third = side / 3
        clockwise = [[x + third + (a - x) / 3, y + third + (b - y) / 3] for a, b in clockwise]
        return clockwise[::-1]
    return clockwise


def arcgis_layer(count: int, **geometry: object) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/FeatureServer/0":
            return as_json(LAYER)
        if asked.query.get("returnCountOnly") == "true":
            return as_json({"count": count})
        if asked.query.get("returnIdsOnly") == "true":
            return as_json(
                {"objectIdFieldName": "OBJECTID", "objectIds": list(range(1, count + 1))}
            )
        features = [
            {
                "attributes": {"OBJECTID": number, "TIP": 1 + number % 2},
                "geometry": geometry or {"rings": [ring(number), ring(number, hole=True)]},
            }
            for number in map(int, asked.query["objectIds"].split(","))
        ]
        return as_json({"features": features[:2]})

    return answer


def routes_of(server: Server, answer: Callable[[Asked], Answer]) -> str:
    server.routes["/FeatureServer/0"] = server.routes["/FeatureServer/0/query"] = answer
    return f"{server.url}/FeatureServer/0"


def test_objects_come_by_their_ids_with_holes_and_domains(server: Server, tmp_path: Path) -> None:
    url = routes_of(server, arcgis_layer(5))
    layer = take(tmp_path / "g", source="arcgis", path=url + "?token=abc", key="OBJECTID")
    assert layer.frame.index.tolist() == ["1", "2", "3", "4", "5"]
    assert layer.frame["TIP"].tolist() == ["šuma", "park", "šuma", "park", "šuma"]
    # 0.001° of longitude and of latitude, less a ninth of it
    whole = 0.001 * 82_270 * 0.001 * 111_080
    assert layer.frame.area.tolist() == pytest.approx([whole * 8 / 9] * 5, rel=0.01)
    assert "token" not in layer.provenance.path
    assert {asked.query["token"] for asked in server.asked} == {"abc"}


@pytest.mark.parametrize("name", ["objectid", "grad.dbo.ZELENILO.OBJECTID"])
def test_the_field_of_ids_is_found_in_other_letters_and_after_a_table(
    name: str, server: Server, tmp_path: Path
) -> None:
    whole = arcgis_layer(5)

    def renamed(asked: Asked) -> Answer:
        answer = whole(asked)
        if "objectIds" in asked.query:
            content = json.loads(answer.content)
            for one in content["features"]:
                one["attributes"] = {name: one["attributes"]["OBJECTID"]}
            return as_json(content)
        return answer

    layer = take(tmp_path / "g", source="arcgis", path=routes_of(server, renamed))
    assert layer.frame.index.tolist() == ["1", "2", "3", "4", "5"]


def test_true_curves_are_refused_with_what_to_do(server: Server, tmp_path: Path) -> None:
    url = routes_of(server, arcgis_layer(1, curveRings=[[[0, 0], {"c": [[1, 1], [2, 2]]}]]))
    with pytest.raises(SourceError, match="true curves"):
        take(tmp_path / "g", source="arcgis", path=url)


def test_an_error_with_status_200_is_told_and_not_kept(server: Server, tmp_path: Path) -> None:
    refused = as_json({"error": {"code": 499, "message": "Token Required"}})
    server.routes["/FeatureServer/0"] = [refused]
    for _ in range(2):
        with pytest.raises(SourceError, match=r"'Token Required' \(code 499\)"):
            take(tmp_path / "g", source="arcgis", path=f"{server.url}/FeatureServer/0")
    assert len(server.asked) == 2


def test_objects_that_do_not_arrive_are_counted(server: Server, tmp_path: Path) -> None:
    whole = arcgis_layer(5)

    def forgetful(asked: Asked) -> Answer:
        return as_json({"features": []}) if "objectIds" in asked.query else whole(asked)

    url = routes_of(server, forgetful)
    with pytest.raises(SourceError, match="5 of 5 objects did not arrive"):
        take(tmp_path / "g", source="arcgis", path=url)


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("asks_further", [True, False])
def test_ids_that_are_listed_in_parts_are_all_asked_for(
    *, asks_further: bool, counts: bool, server: Server, tmp_path: Path
) -> None:
    whole = arcgis_layer(7)

    def in_parts(asked: Asked) -> Answer:
        if asked.query.get("returnCountOnly") == "true":
            return whole(asked) if counts else as_json({"error": {"code": 400, "message": "no"}})
        if asked.query.get("returnIdsOnly") != "true":
            return whole(asked)
        after = int(asked.query["where"].partition("OBJECTID>")[2] or 0) if asks_further else 0
        ids = [number for number in range(1, 8) if number > after][:3]
        said = {} if counts else {"exceededTransferLimit": after + 3 < 7}
        return as_json({"objectIdFieldName": "OBJECTID", "objectIds": ids} | said)

    url = routes_of(server, in_parts)
    if asks_further:
        layer = take(tmp_path / "g", source="arcgis", path=url)
        assert layer.frame.index.tolist() == [str(number) for number in range(1, 8)]
        return
    with pytest.raises(SourceError, match=r"has (7|more) objects and lists 3"):
        take(tmp_path / "g", source="arcgis", path=url)


# Overpass and Geofabrik


def osm_xml(tmp_path: Path) -> bytes:
    path = tmp_path / "answer.osm"
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number in range(4):
            place = (LON + number * 0.001, LAT)
            tags = {"amenity": "school", "name": f"Škola {number}"}
            writer.add(Node(id=number + 1, location=place, tags=tags))
    return path.read_bytes()


def test_one_question_asks_for_every_layer(server: Server, tmp_path: Path) -> None:
    server.routes["/api"] = [Answer(osm_xml(tmp_path))]
    says = {"source": "overpass", "path": f"{server.url}/api", "bbox": BOX}
    requests = [
        requested(role, LayerSpec(**says), tmp_path / "api") for role in ("school", "pharmacy")
    ]
    raw = overpass.read(requests)
    assert len(raw["school"].frame) == 4
    assert len(raw["pharmacy"].frame) == 0
    assert raw["school"].window == tuple(BOX)  # all that is there, and no more
    (asked,) = server.asked
    question = urllib.parse.parse_qs(asked.body)["data"][0]
    assert 'nwr["amenity"="school"];' in question
    assert 'nwr["amenity"="pharmacy"];' in question
    assert f"[bbox:{BOX[1]},{BOX[0]},{BOX[3]},{BOX[2]}]" in question


def test_a_question_that_timed_out_is_no_answer(server: Server, tmp_path: Path) -> None:
    half = osm_xml(tmp_path).replace(
        b"</osm>", b"<remark> runtime error: Query timed out </remark></osm>"
    )
    server.routes["/api"] = [Answer(half), Answer(osm_xml(tmp_path))]
    says = {"source": "overpass", "path": f"{server.url}/api", "bbox": BOX}
    with pytest.raises(SourceError, match=r"the server gave up.*Query timed out"):
        take(tmp_path / "api", role="school", **says)
    assert len(take(tmp_path / "api", role="school", **says)) == 4


def test_an_extract_must_have_the_checksum_that_is_published(
    server: Server, tmp_path: Path
) -> None:
    content = osm_xml(tmp_path)
    told = hashlib.md5(content).hexdigest()  # noqa: S324  (what the service publishes)
    server.routes["/me.osm"] = in_ranges(content)
    server.routes["/me.osm.md5"] = [
        Answer(b"0" * 32 + b"  me.osm"),
        Answer(f"{told}  me.osm".encode()),
    ]
    says = {
        "source": "geofabrik",
        "path": f"{server.url}/me.osm",
        "bbox": (LON - 1, LAT - 1, LON + 0.0015, LAT + 1),
    }
    with pytest.raises(SourceError, match="does not match its checksum"):
        take(tmp_path / "me", role="school", **says)
    with _session.using(refresh=True):
        assert len(take(tmp_path / "me", role="school", **says)) == 2
    with pytest.raises(SourceError, match="set bbox"):
        take(tmp_path / "me", role="school", **{**says, "bbox": None})


@pytest.mark.skipif(not TIRANA.exists(), reason="Tirana's services are not at hand")
def test_tiranas_services_come_in_page_by_page(server: Server, tmp_path: Path) -> None:
    whole = json.loads(TIRANA.read_text(encoding="utf-8"))["features"]

    def answer(asked: Asked) -> Answer:
        start = int(asked.query.get("offset", 0))
        page = {"type": "FeatureCollection", "features": whole[start : start + 300]}
        page["numberMatched"] = len(whole)
        more = start + 300 < len(whole)
        page["links"] = [{"rel": "next", "href": f"?offset={start + 300}"}] if more else []
        return as_json(page)

    server.routes["/c/items"] = answer
    says = LayerSpec(source="ogcapi", path=f"{server.url}/c", where={"amenity": "school"})
    raw = ogcapi.read([requested("school", says, tmp_path / "c")])["school"]
    # shared/data/README.md: 822 services, 170 of them schools
    assert len(raw.frame) == 170


# Ookla


def test_tiles_of_the_city_are_squares_of_their_quadkeys(tmp_path: Path) -> None:
    # 1202211200113 is about 20 km at 42.44° N, 19.26° E; zoom 16 has tiles 451 m wide there
    from urbanlayer.sources.ookla import _mercator, _quadkey

    x, y, _, _ = _mercator((LON, LAT, LON, LAT))
    here = _quadkey(x + 500, y + 500)
    table = pd.DataFrame(
        {
            "quadkey": [here, "0" * 16],
            "avg_d_kbps": [84_000, 1],
            "avg_u_kbps": [20_000, 1],
            "avg_lat_ms": [12, 1],
            "tests": [31, 1],
            "devices": [9, 1],
        }
    )
    table.to_parquet(tmp_path / "tiles.parquet")
    layer = take(
        tmp_path / "tiles.parquet", role="broadband", source="ookla", key="quadkey", bbox=BOX
    )
    assert layer.frame.index.tolist() == [here]
    # 40 075 017 m / 2^16 × cos(42.44°) = 451.3 m
    assert layer.frame.area.iloc[0] ** 0.5 == pytest.approx(451.3, rel=0.005)
    assert layer.frame["avg_d_kbps"].tolist() == [84_000.0]


def test_a_file_without_the_columns_of_tiles_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"quadkey": ["0" * 16]}).to_parquet(tmp_path / "tiles.parquet")
    with pytest.raises(SourceError, match="no column avg_d_kbps, avg_u_kbps"):
        take(tmp_path / "tiles.parquet", role="broadband", source="ookla")


@pytest.mark.parametrize(
    ("told", "count", "refused"),
    [
        ({}, 10, "sends 10 features, has no link to a next page"),
        ({}, 300, "sends 300 features, has no link to a next page"),
        ({}, 7, ""),
        ({"numberMatched": 10}, 10, ""),
        ({"numberMatched": "7"}, 7, ""),
        ({"numberMatched": -1}, 7, ""),
        ({"numberMatched": "12"}, 10, "says 12 features and sent 10"),
    ],
)
def test_a_collection_without_a_next_page_is_whole_or_refused(
    told: dict[str, object], count: int, refused: str, server: Server, tmp_path: Path
) -> None:
    page = {"type": "FeatureCollection", "features": points(count)} | told
    server.routes["/c/items"] = [as_json(page)]
    how = {"role": "school", "source": "ogcapi", "path": f"{server.url}/c"}
    if not refused:
        assert len(take(tmp_path / "s", **how)) == count
        return
    with pytest.raises(SourceError, match=refused):
        take(tmp_path / "s", **how)


@pytest.mark.slow
def test_a_response_that_unfolds_to_gigabytes_is_refused_before_it_is_read(
    server: Server, tmp_path: Path
) -> None:
    # each {} of two letters is a dict of 64 bytes: 25 million of them take 1.8 GB
    content = b'{"type": "FeatureCollection", "features": [' + b"{}," * 25_000_000 + b"{}]}"
    server.routes["/c/items"] = [Answer(content, headers={"Content-Type": "application/json"})]
    with pytest.raises(SourceError, match=r"its response cannot be read as JSON .*of memory"):
        take(tmp_path / "s", role="school", source="ogcapi", path=f"{server.url}/c", crs=None)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"[]", b'{"type": '])
def test_a_response_that_is_no_object_is_refused(
    content: bytes, server: Server, tmp_path: Path
) -> None:
    server.routes["/c/items"] = [Answer(content, headers={"Content-Type": "application/json"})]
    with pytest.raises(
        SourceError, match=r"its response (cannot be read as JSON|is no JSON object)"
    ):
        take(tmp_path / "s", role="school", source="ogcapi", path=f"{server.url}/c", crs=None)
