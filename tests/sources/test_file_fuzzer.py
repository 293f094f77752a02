"""Damaged files of every format: all of their features, or one clear error; never anything else.

Of each format 2 inputs are tried, 15 with the slow tests, and more with `FUZZ_INPUTS=500`; each is
known by its format and number.
"""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import damaged_files
import pytest
from damaged_files import COUNT
from intake import CITY
from requested import requested

from urbanlayer.errors import UrbanlayerError
from urbanlayer.layers import validate, validate_raster
from urbanlayer.model.layer import RawRaster
from urbanlayer.model.layer_specification import LayerSpec
from urbanlayer.sources import border, child

if TYPE_CHECKING:
    from damaged_files import Written

FEW, MANY = 2, int(os.environ.get("FUZZ_INPUTS", "15"))
LONGEST = 1_500
"""Characters of a message."""
LINES = {
    "csv": 1,
    "tsv": 1,
    "csv of shapes": 1,
    "geojsonl": 0,
}
"""Formats with a feature on each line, and their lines of headings."""
ELEMENTS = {
    "kml": rb"<Placemark[ >]",
    "gml": rb"<ogr:featureMember>",
    "osm": rb'k="leisure" v="park"',
    "dxf": rb"\n *0\r?\nLWPOLYLINE\r?\n",
}
"""How a feature begins in formats that are text."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    made = damaged_files.every_format(tmp_path_factory.mktemp("sound"))
    child.start(
        requested("green", LayerSpec(path=each.name), Path(each.name)) for each in made.values()
    )
    return made


FORMATS = (
    "gpkg", "shp", "geojson", "geojsonl", "fgb", "kml", "kmz", "gml", "dxf", "gdb", "zip of shp",
    "zip of gdb", "zip of gpkg", "parquet", "csv", "tsv", "csv of shapes", "xlsx", "tif",
    "tif, packed", "osm.pbf", "osm",
)  # fmt: skip


@pytest.mark.slow
def test_every_format_is_among_them_and_is_read_whole(
    sound: dict[str, Written], tmp_path: Path
) -> None:
    assert set(FORMATS) == set(sound)
    for number, kind in enumerate(FORMATS):
        count, error = outcome(sound[kind], tmp_path / str(number))
        assert (count, error) == (400 if "tif" in kind else COUNT, ""), kind


@pytest.mark.parametrize("inputs", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", FORMATS)
def test_a_damaged_file_gives_all_its_features_or_one_error(
    kind: str, inputs: int, sound: dict[str, Written], tmp_path: Path
) -> None:
    for number in range(inputs):
        damaged, how = damaged_files.damaged(sound[kind], random.Random(f"{kind} {number}"))  # noqa: S311
        count, error = outcome(damaged, tmp_path / str(number))
        about = f"{kind} {number} ({how}): {count} {error}"
        if error:
            assert error.replace("\n", "").isprintable() or "\u00a0" in error, about
            assert len(error) < LONGEST, about
            assert re.search(r"layer '\w+' \((?:[kpw]|con)\.", error), about
        else:
            assert count >= least(kind, damaged), about


def outcome(written: Written, folder: Path) -> tuple[int, str]:
    """The features or cells that came of a file and those listed as lost; or its error."""
    path = written.put(folder)
    request = requested(written.role, LayerSpec(**{"path": written.name, **written.spec}), path)
    try:
        raw = border.read_by(request.source, [request])[written.role]
        if isinstance(raw, RawRaster):
            return validate_raster(raw, request, CITY).values.size, ""
        layer = validate(raw, request, CITY)
    except UrbanlayerError as error:
        return 0, str(error)
    assert layer.read == len(layer.frame) + len(layer.excluded)
    return layer.read, ""


def least(kind: str, damaged: Written) -> int:
    """The features that the damaged file still has by its text; of a binary one all of them."""
    content = damaged.parts.get(damaged.name, b"")
    if kind in LINES:
        lines = re.split(rb"\r\n|\n|\r", content)
        return min(COUNT, sum(bool(line.strip(b" ,;\t\x00")) for line in lines) - LINES[kind])
    if kind in ELEMENTS:
        ways = content.count(b"<way ") if kind == "osm" else COUNT  # one may have a tag twice
        return min(COUNT, ways, len(re.findall(ELEMENTS[kind], content)))
    if kind == "geojson":
        try:
            return min(COUNT, len(json.loads(content.decode("utf-8-sig"))["features"]))
        except (ValueError, LookupError, TypeError):
            return 0  # Python is stricter than GDAL, which reads it; no other count is at hand
    return 400 if "tif" in kind else COUNT
