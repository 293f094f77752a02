"""A publication as the national geoportal takes it: metadata by ISO 19139."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from urbanlayer.model.text import text_in
from urbanlayer.publish.data.catalogue import extent_lonlat, licences_of
from urbanlayer.publish.data.data_package import FOLDER, media_type
from urbanlayer.publish.notice import file_notice
from urbanlayer.publish.words import Words
from urbanlayer.text.xml_text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.publication import Publication

NAME = str(FOLDER / "iso19139.xml")
_GMD, _GCO = "http://www.isotc211.org/2005/gmd", "http://www.isotc211.org/2005/gco"
_LISTS = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"
_LANGUAGES = {
    "bs": "bos", "de": "ger", "en": "eng", "fr": "fre", "mk": "mac", "sq": "alb", "sr": "srp",
}  # fmt: skip
"""ISO 639-2/B, as INSPIRE asks for."""


def iso_xml(publication: Publication, files: Mapping[str, bytes]) -> bytes:
    """The metadata of the dataset as XML, in the first language of the city file.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    files
        The files of the publication by path.

    Source: ISO 19115:2003, ISO/TS 19139:2007; INSPIRE technical guidelines on metadata.
    """
    for prefix, address in (("gmd", _GMD), ("gco", _GCO)):
        ET.register_namespace(prefix, address)
    spec = publication.spec
    root = ET.Element(f"{{{_GMD}}}MD_Metadata")
    _string(root, "fileIdentifier", f"{spec.id}-{spec.as_of.isoformat()}")
    _code(root, "language", "LanguageCode", _language(publication))
    _code(root, "characterSet", "MD_CharacterSetCode", "utf8")
    _code(root, "hierarchyLevel", "MD_ScopeCode", "dataset")
    _party(_add(root, "contact"), publication)
    _date(_add(root, "dateStamp"), publication)
    _string(root, "metadataStandardName", "ISO 19115")
    _string(root, "metadataStandardVersion", "2003")
    system = _add(root, "referenceSystemInfo", "MD_ReferenceSystem", "referenceSystemIdentifier")
    _string(_add(system, "RS_Identifier"), "code", publication.city.crs)
    _identification(_add(root, "identificationInfo", "MD_DataIdentification"), publication)
    _distribution(_add(root, "distributionInfo", "MD_Distribution"), files)
    quality = _add(root, "dataQualityInfo", "DQ_DataQuality")
    _code(_add(quality, "scope", "DQ_Scope"), "level", "MD_ScopeCode", "dataset")
    words = Words.for_language(spec.languages[0])
    methods = dict.fromkeys(words.method(one.method, spec) for one in publication.results)
    _string(_add(quality, "lineage", "LI_Lineage"), "statement", " ".join(methods))
    text = plain(ET.tostring(root, encoding="unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _identification(parent: ET.Element, publication: Publication) -> None:
    """Title, date, abstract, contact, keywords, rights, language, topic, extent."""
    spec = publication.spec
    words = Words.for_language(spec.languages[0])
    citation = _add(parent, "citation", "CI_Citation")
    what = words.text("report.results")
    _string(citation, "title", words.headed(text_in(spec.name, words.language), what))
    date = _add(citation, "date", "CI_Date")
    _date(_add(date, "date"), publication)
    _code(date, "dateType", "CI_DateTypeCode", "revision")
    told = words.text("page.data_of", date=words.date(spec.as_of)).rstrip(".")
    _string(parent, "abstract", f"{told}. {file_notice(publication)}".strip())
    _party(_add(parent, "pointOfContact"), publication)
    keywords = _add(parent, "descriptiveKeywords", "MD_Keywords")
    themes = (publication.indicators[one.indicator].theme for one in publication.results
              if one.indicator in publication.indicators)  # fmt: skip
    for theme in dict.fromkeys(themes):
        _string(keywords, "keyword", words.theme(theme))
    rights = _add(parent, "resourceConstraints", "MD_LegalConstraints")
    _code(rights, "accessConstraints", "MD_RestrictionCode", "otherRestrictions")
    allowed = "; ".join(licences_of(publication)) or words.text("report.unnamed")
    _string(rights, "otherConstraints", file_notice(publication) if spec.publish.exact else allowed)
    _code(parent, "language", "LanguageCode", _language(publication))
    _add(parent, "topicCategory", "MD_TopicCategoryCode").text = "society"
    box = _add(parent, "extent", "EX_Extent", "geographicElement", "EX_GeographicBoundingBox")
    west, south, east, north = extent_lonlat(publication)
    for name, value in (
        ("westBoundLongitude", west), ("eastBoundLongitude", east),
        ("southBoundLatitude", south), ("northBoundLatitude", north),
    ):  # fmt: skip
        ET.SubElement(_add(box, name), f"{{{_GCO}}}Decimal").text = f"{value:.4f}"


def _distribution(parent: ET.Element, files: Mapping[str, bytes]) -> None:
    """The format of each file in `data/`, and where it lies: beside the metadata."""
    names = [PurePosixPath(path) for path in sorted(files)]
    held = [name for name in names if name.parent == FOLDER]
    for kind in dict.fromkeys(media_type(name.name) for name in held):
        form = _add(parent, "distributionFormat", "MD_Format")
        _string(form, "name", kind)
        _add(form, "version").set(f"{{{_GCO}}}nilReason", "unknown")
    for name in held:
        online = _add(
            parent, "transferOptions", "MD_DigitalTransferOptions", "onLine", "CI_OnlineResource"
        )
        _add(online, "linkage", "URL").text = name.name
        _string(online, "name", name.name)


def _party(parent: ET.Element, publication: Publication) -> None:
    """Who answers for the data."""
    party = _add(parent, "CI_ResponsibleParty")
    _string(party, "organisationName", publication.spec.credit)
    if publication.spec.contact:
        address = _add(party, "contactInfo", "CI_Contact", "address", "CI_Address")
        _string(address, "electronicMailAddress", publication.spec.contact)
    _code(party, "role", "CI_RoleCode", "pointOfContact")


def _language(publication: Publication) -> str:
    code = publication.spec.languages[0].split("_")[0]
    return _LANGUAGES.get(code, code)


def _add(parent: ET.Element, *names: str) -> ET.Element:
    """Elements of gmd, each in the one before; the last of them."""
    for name in names:
        parent = ET.SubElement(parent, f"{{{_GMD}}}{name}")
    return parent


def _string(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(_add(parent, name), f"{{{_GCO}}}CharacterString").text = text


def _date(parent: ET.Element, publication: Publication) -> None:
    ET.SubElement(parent, f"{{{_GCO}}}Date").text = publication.spec.as_of.isoformat()


def _code(parent: ET.Element, name: str, kind: str, value: str) -> None:
    """A value of one of the standard's lists."""
    code = _add(parent, name, kind)
    code.set("codeList", f"{_LISTS}#{kind}")
    code.set("codeListValue", value)
    code.text = value
