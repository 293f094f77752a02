"""The data package describes the files that are there; Frictionless accepts it."""

import csv
import dataclasses
import hashlib
import io
import json
from typing import get_args

import pytest
from toy_publication import publication as toy_publication

from urbanlayer.model.publish_specification import Format
from urbanlayer.publish import render
from urbanlayer.publish.record import record_of

FORMATS = [one for one in get_args(Format) if one not in {"html", "figures", "embeds"}]
"""All that are written into `data/`."""


@pytest.fixture(scope="module")
def files():
    toy = toy_publication(population_density={})
    asked = toy.spec.publish.model_copy(update={"formats": FORMATS})
    asked_for = dataclasses.replace(toy, spec=toy.spec.model_copy(update={"publish": asked}))
    return render.files(asked_for, record_of(asked_for, {}))


def test_every_file_beside_it_is_described_with_its_digest(files):
    package = json.loads(files["data/datapackage.json"])
    described = {one["path"]: one["hash"] for one in package["resources"]}
    beside = {
        path.removeprefix("data/"): f"sha256:{hashlib.sha256(content).hexdigest()}"
        for path, content in files.items()
        if path.startswith("data/") and path != "data/datapackage.json"
    }
    assert described == beside
    assert len(described) >= 4


def test_fields_are_those_of_the_tables(files):
    package = json.loads(files["data/datapackage.json"])
    for resource in package["resources"]:
        if resource["format"] != "csv":
            continue
        text = files[f"data/{resource['path']}"].decode("utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        assert [field["name"] for field in resource["schema"]["fields"]] == head
        for column, field in enumerate(resource["schema"]["fields"]):
            if field["type"] == "number":
                assert [float(row[column]) for row in rows if row[column]]


@pytest.mark.oracle
@pytest.mark.slow
def test_frictionless_accepts_it(files, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    report = frictionless.validate(str(tmp_path / "data/datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "code", "message"])[:5]
