"""The embedded city's own files, with the defects that its README says were planted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from urbanlayer import registry
from urbanlayer.layers import locate_study_area, validate, validate_raster
from urbanlayer.model.layer import Layer, RawLayer, RawRaster
from urbanlayer.model.note import Listing
from urbanlayer.pipeline import read_city_file

if TYPE_CHECKING:
    from urbanlayer.model.source import Request
    from urbanlayer.model.study_area import StudyArea

CITY_FILE = Path(__file__).parents[2] / "data/gis/podgorica/city.toml"


@pytest.fixture(scope="module")
def requests() -> dict[str, Request]:
    return {request.role: request for request in read_city_file(CITY_FILE).requests()}


@pytest.fixture(scope="module")
def frame(requests: dict[str, Request]) -> StudyArea:
    request = requests["neighbourhoods"]
    raw = registry.sources()["file"].read([request])["neighbourhoods"]
    assert isinstance(raw, RawLayer)
    return locate_study_area(raw, request, "EPSG:25834")


def layer_of(role: str, requests: dict[str, Request], frame: StudyArea) -> Layer:
    request = requests[role]
    raw = registry.sources()[request.spec.source].read([request])[role]
    assert isinstance(raw, RawLayer)
    return validate(raw, request, frame)


@pytest.mark.slow
def test_every_layer_comes_in_and_nothing_is_lost(
    requests: dict[str, Request], frame: StudyArea
) -> None:
    for role, request in requests.items():
        raw = registry.sources()[request.spec.source].read([request])[role]
        if isinstance(raw, RawRaster):
            assert validate_raster(raw, request, frame).values.size
        else:
            layer = validate(raw, request, frame)
            assert layer.read == len(layer) + len(layer.excluded), role


def test_the_buildings_come_from_gauss_kruger_with_their_letters(
    requests: dict[str, Request], frame: StudyArea
) -> None:
    buildings = layer_of("buildings", requests, frame)
    assert buildings.provenance.crs == "EPSG:8678"
    assert buildings.provenance.crs_operation == "EPSG:7675"
    assert {"stambeni", "mješoviti"} <= set(buildings.frame["namjena"])
    found = {(entry.feature, entry.reason) for entry in buildings.excluded}
    assert {("934", "invalid-geometry"), ("1487", "duplicate-key")} <= found
    assert buildings.frame.loc["2056", "levels"] != buildings.frame.loc["2056", "levels"]  # NaN


def test_latitude_for_longitude_is_mended_and_a_missing_place_told(
    requests: dict[str, Request], frame: StudyArea
) -> None:
    services = [layer_of(role, requests, frame) for role in ("pharmacy", "playground")]
    notes = {note.code: dict(note.values) for layer in services for note in layer.notes}
    assert notes["features-swapped"]["names"] == Listing(("75",))
    reasons = {entry.reason for layer in services for entry in layer.excluded}
    assert reasons == {"null-geometry"}


def test_containers_come_from_a_table_with_commas_and_semicolons(
    requests: dict[str, Request], frame: StudyArea
) -> None:
    containers = layer_of("waste_point", requests, frame)
    assert sorted(entry.reason for entry in containers.excluded) == ["no-key", "null-geometry"]
    assert "78" in containers.frame.index  # the one with a decimal point
