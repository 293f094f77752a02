"""How many people of a hidden neighbourhood live where changes no published byte but digests.

In N2 live five people, 200 m from a school, or eight, 550 m from it; N2 is hidden, and N3 with it.
"""

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from small_city import CITY, CRS, X, Y, write

import urbanlayer

pytestmark = pytest.mark.slow  # two builds; test_disclosure.py has the rule for cells alone

TABLES = """
[layers.population]
path = "people.gpkg"
people = "people"

[residents.groups]
women = "w"

[indicators.nearest_facility_m]
services = ["school"]
groups = ["women"]

[publish]
isochrones = { school = [300] }
"""


def _people(x, few):
    at = [
        (x, 500),
        *((n, 500) for n in range(60, 960, 40)),
        *((500, n) for n in range(1060, 1900, 40)),
    ]
    people = np.array([few, *np.random.default_rng(1).integers(2, 9, len(at) - 1)])
    shapes = [shapely.Point(X + east, Y + north) for east, north in at]
    return gpd.GeoDataFrame({"people": people, "w": people // 2}, geometry=shapes, crs=CRS)


def _files(folder, *hidden):
    folder.mkdir()
    text = CITY.replace('from = ["census"]', 'from = ["population"]').replace(
        "services = { school = 800 }", 'services = { school = 300 }\ngroups = ["women"]'
    )
    urbanlayer.build(write(folder, text + TABLES, people=_people(*hidden)), folder / "out")
    return {path.relative_to(folder / "out"): path for path in (folder / "out").rglob("*")
            if path.is_file()}  # fmt: skip


def _content(path):
    """A file without the digests of inputs, and without the times of the record."""
    if path.suffix == ".gpkg":
        return path.name, gpd.read_file(path, layer=path.stem).to_json()
    text = path.read_text(encoding="utf-8-sig")
    text = re.sub(r"\b[0-9a-f]{64}\b", "", text)
    return path.name, re.sub(r'"seconds": {[^}]*}', "", text)


def test_nothing_published_tells_how_many_hidden_people_live_where(tmp_path):
    near, far = _files(tmp_path / "near", 1100, 5), _files(tmp_path / "far", 1850, 8)
    assert near.keys() == far.keys()
    assert len(near) > 8
    table = pd.read_csv(next(path for path in near.values() if path.name == "indicators.csv"))
    of_n2 = table[table.key == "N2"]
    assert len(of_n2) > 3
    assert of_n2.value.isna().all()
    for name, path in near.items():
        assert _content(path) == _content(far[name])
