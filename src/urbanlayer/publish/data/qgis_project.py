"""A project of QGIS: each result as a layer with its style, in groups by theme."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from pyproj import CRS

from urbanlayer.model.text import text_in
from urbanlayer.publish.data.layer_styles import LAYER, column_of
from urbanlayer.publish.data.qgis_style import VERSION, labeling, renderer
from urbanlayer.publish.figures.subject import subjects
from urbanlayer.publish.notice import file_notice
from urbanlayer.publish.words import Words
from urbanlayer.text.xml_text import plain

if TYPE_CHECKING:
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.figures.subject import Subject

SOURCE = f"./neighbourhoods.gpkg|layername={LAYER}"
"""Beside the project."""
_ID = "urbanlayer_result"
"""Of a layer; QGIS gives a layer an id of its own where this has ten letters or fewer."""
_SHOWN, _NOT_SHOWN = "Qt::Checked", "Qt::Unchecked"


def project(publication: Publication) -> bytes:
    """The project as XML, in the first language of the city file; the first result is shown.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it. Its GeoPackage of neighbourhoods lies beside.
    """
    spec = publication.spec
    words = Words.for_language(spec.languages[0])
    root = ET.Element("qgis", version=VERSION, projectname=text_in(spec.name, words.language))
    ET.SubElement(root, "title").text = text_in(spec.name, words.language)
    root.append(_crs("projectCrs", publication.city.crs))
    tree = ET.SubElement(root, "layer-tree-group")
    layers = ET.SubElement(root, "projectlayers")
    groups: dict[str, ET.Element] = {}
    shown = zip(publication.results, subjects(publication, words), strict=True)
    for number, (result, subject) in enumerate(shown):
        theme = subject.record["theme"]
        if theme not in groups:
            groups[theme] = ET.SubElement(
                tree, "layer-tree-group", name=words.theme(theme), checked=_SHOWN, expanded="1"
            )
        name = f"{_ID}_{number}"
        ET.SubElement(
            groups[theme], "layer-tree-layer", id=name, name=subject.title, source=SOURCE,
            providerKey="ogr", checked=_NOT_SHOWN if number else _SHOWN, expanded="0",
        )  # fmt: skip
        layers.append(_layer(name, subject, column_of(result), publication.city.crs))
    properties = ET.SubElement(root, "properties")
    paths = ET.SubElement(properties, "Paths")
    ET.SubElement(paths, "Absolute", type="bool").text = "false"
    system = ET.SubElement(properties, "SpatialRefSys")
    ET.SubElement(system, "ProjectionsEnabled", type="int").text = "1"
    metadata = ET.SubElement(root, "projectMetadata")
    ET.SubElement(metadata, "abstract").text = file_notice(publication)
    text = plain(ET.tostring(root, encoding="unicode"))
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}\n".encode()


def _layer(name: str, subject: Subject, column: str, crs: str) -> ET.Element:
    """One result as a layer."""
    layer = ET.Element("maplayer", type="vector", geometry="Polygon", labelsEnabled="1")
    ET.SubElement(layer, "id").text = name
    ET.SubElement(layer, "datasource").text = SOURCE
    ET.SubElement(layer, "layername").text = subject.title
    ET.SubElement(layer, "abstract").text = subject.definition
    layer.append(_crs("srs", crs))
    ET.SubElement(layer, "provider", encoding="UTF-8").text = "ogr"
    layer.append(renderer(subject, column))
    layer.append(labeling("name"))
    return layer


def _crs(tag: str, crs: str) -> ET.Element:
    element = ET.Element(tag)
    system = ET.SubElement(element, "spatialrefsys")
    ET.SubElement(system, "wkt").text = CRS.from_user_input(crs).to_wkt()
    ET.SubElement(system, "authid").text = crs
    return element
