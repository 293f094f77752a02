"""FlatGeobuf, GeoParquet, the wide table, DCAT-AP and ISO 19139: read by other tools."""

import csv
import dataclasses
import io
import json
import re
import tempfile
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pyogrio
import pytest
from toy_publication import publication as toy_publication

from urbanlayer.publish import render
from urbanlayer.publish.record import record_of

ASKED = ["csv", "csv_wide", "gpkg", "flatgeobuf", "geoparquet", "metadata", "datapackage"]
GMD = "{http://www.isotc211.org/2005/gmd}"
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass dcat:Catalog ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:uniqueLang true ; sh:nodeKind sh:Literal ] ;
  sh:property [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ;
  sh:property [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ;
  sh:property [ sh:path dct:language ; sh:class dct:LinguisticSystem ] ;
  sh:property [ sh:path dct:modified ; sh:maxCount 1 ; sh:datatype xsd:date ] ;
  sh:property [ sh:path dcat:dataset ; sh:minCount 1 ; sh:class dcat:Dataset ] .
[] a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:uniqueLang true ; sh:nodeKind sh:Literal ] ;
  sh:property [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ;
  sh:property [ sh:path dct:publisher ; sh:maxCount 1 ; sh:class foaf:Agent ] ;
  sh:property [ sh:path dcat:contactPoint ; sh:nodeKind sh:BlankNodeOrIRI ] ;
  sh:property [ sh:path dct:accessRights ; sh:maxCount 1 ; sh:class dct:RightsStatement ] ;
  sh:property [ sh:path dct:conformsTo ; sh:class dct:Standard ] ;
  sh:property [ sh:path dct:spatial ; sh:class dct:Location ] ;
  sh:property [ sh:path dcat:theme ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path dcat:distribution ; sh:minCount 1 ; sh:class dcat:Distribution ] .
[] a sh:NodeShape ; sh:targetClass dcat:Distribution ;
  sh:property [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path dcat:downloadURL ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path dcat:byteSize ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ] ;
  sh:property [ sh:path dcat:mediaType ; sh:maxCount 1 ; sh:class dct:MediaType ] ;
  sh:property [ sh:path dct:license ; sh:maxCount 1 ; sh:class dct:LicenseDocument ] .
[] a sh:NodeShape ; sh:targetClass foaf:Agent ;
  sh:property [ sh:path foaf:name ; sh:minCount 1 ; sh:nodeKind sh:Literal ] .
"""
"""Mandatory properties, cardinalities and ranges of DCAT-AP 3.0, written by hand from its text."""


def made(**spec):
    toy = toy_publication(population_density={})
    asked = toy.spec.publish.model_copy(update={"formats": ASKED})
    changed = toy.spec.model_copy(update={"publish": asked, **spec})
    publication = dataclasses.replace(toy, spec=changed)
    return render.files(publication, record_of(publication, {}))


@pytest.fixture(scope="module")
def files():
    return made(contact="gis@example.org")


def neighbourhoods(files):
    """The layer of results of the GeoPackage."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "neighbourhoods.gpkg"
        path.write_bytes(files["data/neighbourhoods.gpkg"])
        return pyogrio.read_dataframe(path, layer="neighbourhoods")


def test_all_layers_hold_the_same_table(files):
    geopackage = neighbourhoods(files)
    flat = pyogrio.read_dataframe(io.BytesIO(files["data/neighbourhoods.fgb"]))
    parquet = gpd.read_parquet(io.BytesIO(files["data/neighbourhoods.parquet"]))
    rows = csv.DictReader(io.StringIO(files["data/neighbourhoods.csv"].decode("utf-8-sig")))
    wide = {row["key"]: row for row in rows}
    assert geopackage.crs == flat.crs == parquet.crs
    for frame in (flat, parquet):
        other = frame.set_index("key").loc[geopackage["key"]]
        assert other["population_density"].to_list() == pytest.approx(
            geopackage["population_density"].to_list(), nan_ok=True
        )
        assert all(a.equals(b) for a, b in zip(other.geometry, geopackage.geometry, strict=True))
    for key, value in zip(geopackage["key"], geopackage["population_density"], strict=True):
        cell = wide[key]["population_density"]
        assert (cell == "") == (value != value)  # noqa: PLR0124  (NaN)
        assert not cell or float(cell) == pytest.approx(value)


def test_the_same_publication_gives_the_same_bytes(files):
    again = made(contact="gis@example.org")
    assert {name for name in files if files[name] != again[name]} <= {"run.json"}


def test_every_file_of_data_is_a_distribution(files):
    (dataset,) = [json.loads(files["data/dcat.jsonld"])["dcat:dataset"]]
    described = {one["dcat:downloadURL"]["@id"] for one in dataset["dcat:distribution"]}
    beside = {path.removeprefix("data/") for path in files if path.startswith("data/")}
    assert beside - described == {"dcat.jsonld", "iso19139.xml", "datapackage.json"}
    assert dataset["dct:accessRights"]["@id"].endswith("/PUBLIC")


def test_an_internal_publication_is_not_public_in_any_catalogue():
    toy = toy_publication(population_density={})
    exact = toy.spec.publish.model_copy(update={"formats": ASKED, "disclosure": "internal"})
    internal = dataclasses.replace(toy, spec=toy.spec.model_copy(update={"publish": exact}))
    written = render.files(internal, record_of(internal, {}))
    dataset = json.loads(written["data/dcat.jsonld"])["dcat:dataset"]
    assert dataset["dct:accessRights"]["@id"].endswith("/NON_PUBLIC")
    assert "nternal" in dataset["dct:description"][0]["@value"]
    assert b"nternal" in written["data/iso19139.xml"]


def test_the_geoportal_gets_the_extent_of_the_city(files):
    root = ET.fromstring(files["data/iso19139.xml"])  # noqa: S314  (our own)
    hoods = neighbourhoods(files)
    west, south, east, north = hoods.to_crs("EPSG:4326").total_bounds
    for name, value in (("westBoundLongitude", west), ("eastBoundLongitude", east),
                        ("southBoundLatitude", south), ("northBoundLatitude", north)):  # fmt: skip
        (found,) = root.iter(GMD + name)
        assert float(found[0].text) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize("text", ["<x>&]]>", 'a" onx="', "a\x00\x0bb", "{{ 7 * 7 }}", "Ђ" * 400])
def test_hostile_texts_stay_texts(text):
    files = made(name=text, contact=text, attribution=text)
    assert json.loads(files["data/dcat.jsonld"])["dcat:dataset"]
    root = ET.fromstring(files["data/iso19139.xml"])  # noqa: S314  (our own)
    assert re.fullmatch(r"\{[^}]+\}MD_Metadata", root.tag)
    assert {one.tag.split("}")[1] for one in root.iter()}.isdisjoint({"x"})


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pyshacl, by names of rdflib
@pytest.mark.oracle
@pytest.mark.slow
def test_shapes_of_dcat_ap_hold(files):
    shacl = pytest.importorskip("pyshacl")
    rdflib = pytest.importorskip("rdflib")
    graph = rdflib.Graph().parse(
        data=files["data/dcat.jsonld"], format="json-ld", base="https://data.example.org/city/"
    )
    shapes = rdflib.Graph().parse(data=SHAPES, format="turtle")
    valid, _, report = shacl.validate(graph, shacl_graph=shapes)
    assert valid, report


@pytest.mark.oracle
@pytest.mark.slow
def test_the_schema_of_iso_19139_accepts_it(files):
    lxml = pytest.importorskip("lxml.etree")
    package = find_spec("pycsw")  # not imported: that needs an old setuptools
    if package is None:
        pytest.skip("needs pycsw")
    place = "plugins/profiles/apiso/schemas/ogc/iso/19139/20070417/gmd/gmd.xsd"
    (folder,) = package.submodule_search_locations
    schema = lxml.XMLSchema(file=str(Path(folder) / place))
    schema.assertValid(lxml.fromstring(files["data/iso19139.xml"]))
