"""Styles of QGIS show the classes of the page; a real QGIS opens the layer with them."""

import json
import sqlite3
import subprocess
from contextlib import closing
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from urbanlayer.publish.data.geodata import neighbourhoods_gpkg
from urbanlayer.publish.data.layer_styles import column_of
from urbanlayer.publish.data.qgis_project import project
from urbanlayer.publish.disclosure import disclosed
from urbanlayer.publish.page.result_records import result_records

SYSTEM_PYTHON = Path("/usr/bin/python3")


@pytest.fixture(scope="module")
def shown(publication):
    return disclosed(publication)


@pytest.fixture(scope="module")
def database(shown):
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.deserialize(neighbourhoods_gpkg(shown))
        yield opened


def styles_of(database):
    return database.execute(
        "SELECT styleName, styleQML, useAsDefault FROM layer_styles ORDER BY id"
    ).fetchall()


def rules(text):
    return [rule.attrib for rule in ET.fromstring(text).iter("rule")]  # noqa: S314  (ours)


def class_of(record, value):
    """Of the number as people read it: halves up, in whole per cent or with the unit's decimals."""
    scale = record.get("scale", 1)
    digits = 2 if record["unit"].startswith("share") else record["decimals"]
    step = Decimal(1).scaleb(-digits)
    read = Decimal(repr(value * scale)).quantize(step, rounding=ROUND_HALF_UP) / scale
    return sum(read >= Decimal(repr(edge)) for edge in record["breaks"][1:5]) + 1


def test_each_result_has_a_style_and_the_first_is_the_default(shown, database):
    found = styles_of(database)
    assert len(found) == len(shown.results)
    assert [default for _, _, default in found] == [1] + [0] * (len(found) - 1)
    assert len({name for name, _, _ in found}) == len(found)


def test_every_neighbourhood_falls_under_the_rule_of_the_class_that_is_read(shown, database):
    for (_, text, _), result, record in zip(
        styles_of(database), shown.results, result_records(shown), strict=True
    ):
        column = column_of(result)
        values = database.execute(f'SELECT key, "{column}" FROM neighbourhoods').fetchall()  # noqa: S608
        for key, value in values:
            under = [
                number
                for number, rule in enumerate(rules(text))
                if database.execute(
                    f"SELECT 1 FROM neighbourhoods WHERE key = ? AND {rule['filter']}",  # noqa: S608
                    [key],
                ).fetchone()
            ]
            assert under == [0 if value is None else class_of(record, value)], (result.id, key)


def test_the_same_publication_gives_the_same_bytes(shown):
    assert neighbourhoods_gpkg(shown) == neighbourhoods_gpkg(shown)


def test_the_database_counts_its_changes_alike_in_every_locale(shown, database):
    """Under LC_ALL=tr_TR.utf8 GDAL, and SQLite with the styles, change it more often."""
    head = neighbourhoods_gpkg(shown)[:100]
    assert int.from_bytes(head[24:28], "big") == int.from_bytes(head[92:96], "big") == 1
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_project_has_each_result_in_the_group_of_its_theme(shown):
    root = ET.fromstring(project(shown))  # noqa: S314  (ours)
    names = [layer.get("name") for layer in root.iter("layer-tree-layer")]
    assert len(names) == len(root.findall("projectlayers/maplayer")) == len(shown.results)
    themes = {shown.indicators[result.indicator].theme for result in shown.results}
    assert len(root.findall("layer-tree-group/layer-tree-group")) == len(themes)
    assert [layer.get("checked") for layer in root.iter("layer-tree-layer")].count(
        "Qt::Checked"
    ) == 1
    assert project(shown) == project(shown)


LOOK = """
import json, os, sys
from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer
from qgis.PyQt.QtCore import QSize
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(sys.argv[1] + "|layername=neighbourhoods", "neighbourhoods", "ogr")
settings = QgsMapSettings()
settings.setLayers([layer])
settings.setOutputSize(QSize(400, 400))
settings.setExtent(layer.extent())
settings.setDestinationCrs(layer.crs())
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
image = job.renderedImage()
colours = {image.pixelColor(x, y).name() for x in range(0, 400, 3) for y in range(0, 400, 3)}
print(json.dumps({
    "valid": layer.isValid(), "renderer": layer.renderer().type(), "labels": layer.labelsEnabled(),
    "styles": layer.listStylesInDatabase()[0], "colours": sorted(colours),
    "rules": [rule.label() for rule in layer.renderer().rootRule().children()],
}))
sys.stdout.flush()
os._exit(0)  # QGIS ends badly where its objects are still held
"""


OPEN = """
import json, os, sys
from qgis.core import QgsApplication, QgsProject
application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()
read = project.read(sys.argv[1])
layers = list(project.mapLayers().values())
print(json.dumps({
    "read": read, "valid": [layer.isValid() for layer in layers],
    "features": [layer.featureCount() for layer in layers],
    "renderers": sorted({layer.renderer().type() for layer in layers}),
    "crs": project.crs().authid(), "title": project.title(),
    "tree": [node.layer() is not None for node in project.layerTreeRoot().findLayers()],
    "groups": [group.name() for group in project.layerTreeRoot().findGroups()],
}))
sys.stdout.flush()
os._exit(0)
"""


@pytest.mark.slow
def test_qgis_opens_the_project(shown, tmp_path):
    if subprocess.run([SYSTEM_PYTHON, "-c", "import qgis"], check=False, stderr=-3).returncode:
        pytest.skip("needs QGIS: apt-get install python3-qgis qgis-providers")
    (tmp_path / "neighbourhoods.gpkg").write_bytes(neighbourhoods_gpkg(shown))
    path = tmp_path / "city.qgs"
    path.write_bytes(project(shown))
    done = subprocess.run(
        [SYSTEM_PYTHON, "-c", OPEN, path], capture_output=True, text=True, check=True,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["read"]
    assert seen["valid"] == [True] * len(shown.results)
    assert seen["tree"] == seen["valid"]  # each entry of the panel has its layer
    assert set(seen["features"]) == {len(shown.city.neighbourhoods)}
    assert seen["renderers"] == ["RuleRenderer"]
    assert seen["crs"] == shown.city.crs


@pytest.mark.slow
def test_qgis_opens_the_layer_styled(shown, tmp_path):
    if subprocess.run([SYSTEM_PYTHON, "-c", "import qgis"], check=False, stderr=-3).returncode:
        pytest.skip("needs QGIS: apt-get install python3-qgis qgis-providers")
    path = tmp_path / "neighbourhoods.gpkg"
    path.write_bytes(neighbourhoods_gpkg(shown))
    done = subprocess.run(
        [SYSTEM_PYTHON, "-c", LOOK, path], capture_output=True, text=True, check=True,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    seen = json.loads(done.stdout.splitlines()[-1])
    assert (seen["valid"], seen["renderer"], seen["labels"]) == (True, "RuleRenderer", True)
    assert seen["styles"] == len(shown.results)
    assert len(seen["rules"]) == 6
    assert len({"#fdefcb", "#bec681", "#60a08f", "#16698a", "#1a365d"} & set(seen["colours"])) >= 2
