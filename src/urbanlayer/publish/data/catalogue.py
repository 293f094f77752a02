"""A publication as a data portal and a geoportal take it: DCAT-AP 3 (JSON-LD)."""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pyproj import CRS

from urbanlayer.model.text import text_in
from urbanlayer.publish.contact import mail_link
from urbanlayer.publish.data.data_package import FOLDER, media_type
from urbanlayer.publish.data.geodata import LONLAT
from urbanlayer.publish.data.provenance import UNLICENSED
from urbanlayer.publish.notice import notice
from urbanlayer.publish.record import inputs_of
from urbanlayer.publish.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urbanlayer.model.publication import Publication

NAME = str(FOLDER / "dcat.jsonld")
_EU = "http://publications.europa.eu/resource/authority/"
_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#", "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "gsp": "http://www.opengis.net/ont/geosparql#", "spdx": "http://spdx.org/rdf/terms#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
_LANGUAGES = {
    "bs": "BOS", "de": "DEU", "en": "ENG", "fr": "FRA", "mk": "MKD", "sq": "SQI", "sr": "SRP",
}  # fmt: skip
"""The authority table of the EU has no Montenegrin; its Latin and Cyrillic are under Serbian."""
_OPEN = frozenset({
    "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "ODbL-1.0", "ODC-By-1.0", "PDDL-1.0",
})  # fmt: skip
"""Licences that the list of SPDX has an address for."""


def dcat_json(publication: Publication, files: Mapping[str, bytes]) -> bytes:
    """A catalogue with one dataset and a distribution for each file of `data/`.

    Addresses are relative to the file, so that the folder can be served from anywhere.

    Parameters
    ----------
    publication
        As `disclosure.disclosed` gives it.
    files
        The files of the publication by path.

    Source: DCAT-AP 3.0.
    """
    spec = publication.spec
    record = {
        "@context": _CONTEXT,
        "@id": "#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _titles(publication),
        "dct:description": _descriptions(publication),
        "dct:publisher": _publisher(publication),
        "dct:modified": _day(spec.as_of.isoformat()),
        "dct:language": _languages(publication),
        "dcat:dataset": _dataset(publication, files),
    }
    return (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode()


def licences_of(publication: Publication) -> list[str]:
    """The licences of all layers, each once."""
    records = inputs_of(publication.city).values()
    return sorted({str(record.get("licence") or UNLICENSED) for record in records} - {UNLICENSED})


def extent_lonlat(publication: Publication) -> tuple[float, float, float, float]:
    """West, south, east, north of the neighbourhoods, degrees with four decimals."""
    bounds = publication.city.neighbourhoods.geometry.to_crs(LONLAT).total_bounds
    west, south, east, north = (round(float(one), 4) for one in bounds)
    return west, south, east, north


def _dataset(publication: Publication, files: Mapping[str, bytes]) -> dict[str, Any]:
    spec = publication.spec
    rights = "NON_PUBLIC" if spec.publish.exact else "PUBLIC"
    code = CRS.from_user_input(publication.city.crs).to_epsg()
    found: dict[str, Any] = {
        "@id": "#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{spec.id}-{spec.as_of.isoformat()}",
        "dct:title": _titles(publication),
        "dct:description": _descriptions(publication),
        "dct:publisher": _publisher(publication),
        "dcat:contactPoint": _contact(publication),
        "dct:language": _languages(publication),
        "dct:modified": _day(spec.as_of.isoformat()),
        "dct:accessRights": _named(f"{_EU}access-right/{rights}", "dct:RightsStatement"),
        "dcat:theme": [_named(f"{_EU}data-theme/{theme}", "") for theme in ("REGI", "SOCI")],
        "dct:spatial": _place(publication),
        "dcat:distribution": [
            _distribution(publication, path, content)
            for path, content in sorted(files.items())
            if PurePosixPath(path).parent == FOLDER
        ],
    }
    if code is not None:
        address = f"http://www.opengis.net/def/crs/EPSG/0/{code}"
        found["dct:conformsTo"] = _named(address, "dct:Standard")
    return {key: value for key, value in found.items() if value}


def _distribution(publication: Publication, path: str, content: bytes) -> dict[str, Any]:
    name = PurePosixPath(path).name
    address = f"https://www.iana.org/assignments/media-types/{media_type(name)}"
    found: dict[str, Any] = {
        "@id": f"#{name}",
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dcat:accessURL": {"@id": name},
        "dcat:downloadURL": {"@id": name},
        "dcat:mediaType": _named(address, "dct:MediaType"),
        "dcat:byteSize": {"@value": str(len(content)), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {
                "@value": hashlib.sha256(content).hexdigest(), "@type": "xsd:hexBinary",
            },
        },
    }  # fmt: skip
    licences = licences_of(publication)
    if len(licences) == 1:
        found["dct:license"] = _licence(licences[0])
    elif licences:
        found["dct:rights"] = {"@type": "dct:RightsStatement", "rdfs:label": "; ".join(licences)}
    return found


def _licence(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "dct:LicenseDocument", "rdfs:label": name}
    return {"@id": f"https://spdx.org/licenses/{name}", **found} if name in _OPEN else found


def _titles(publication: Publication) -> list[dict[str, str]]:
    """The city and what is measured, in each language of the publication."""
    return [
        _text(words, words.headed(text_in(publication.spec.name, words.language), what))
        for words, what in ((one, one.text("report.results")) for one in _words(publication))
    ]


def _descriptions(publication: Publication) -> list[dict[str, str]]:
    """The date of the data and the notice, in each language."""
    spec = publication.spec
    return [
        _text(
            words,
            " ".join(
                filter(
                    None,
                    (
                        words.text("page.data_of", date=words.date(spec.as_of)).rstrip(".") + ".",
                        notice(spec, words),
                    ),
                )
            ),
        )
        for words in _words(publication)
    ]


def _words(publication: Publication) -> list[Words]:
    return [Words.for_language(code) for code in publication.spec.languages]


def _text(words: Words, text: str) -> dict[str, str]:
    return {"@language": words.tag.lower(), "@value": text}


def _publisher(publication: Publication) -> dict[str, Any]:
    names = [_text(words, publication.spec.credit) for words in _words(publication)[:1]]
    return {"@id": "#publisher", "@type": "foaf:Agent", "foaf:name": names}


def _contact(publication: Publication) -> dict[str, Any] | None:
    contact = publication.spec.contact
    if not contact:
        return None
    found: dict[str, Any] = {"@type": "vcard:Organization", "vcard:fn": publication.spec.credit}
    if link := mail_link(contact):
        return {**found, "vcard:hasEmail": {"@id": link}}
    return {**found, "vcard:note": contact}


def _languages(publication: Publication) -> list[dict[str, Any]]:
    codes = dict.fromkeys(_LANGUAGES.get(one.split("_")[0]) for one in publication.spec.languages)
    found = (f"{_EU}language/{code}" for code in codes if code)
    return [_named(address, "dct:LinguisticSystem") for address in found]


def _place(publication: Publication) -> dict[str, Any]:
    west, south, east, north = extent_lonlat(publication)
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    polygon = f"POLYGON(({', '.join(f'{x} {y}' for x, y in ring)}))"
    return {
        "@type": "dct:Location",
        "dcat:bbox": {"@value": polygon, "@type": "gsp:wktLiteral"},
    }


def _named(address: str, kind: str) -> dict[str, str]:
    return {"@id": address, "@type": kind} if kind else {"@id": address}


def _day(iso: str) -> dict[str, str]:
    return {"@value": iso, "@type": "xsd:date"}
