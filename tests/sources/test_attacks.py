"""Files that would make GDAL read other files, or ask the network (reliability.md, F)."""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio
from affine import Affine
from intake import NORTH, SOUTH, WEST, geojson, polygon, square, take

from urbanlayer.errors import SourceError
from urbanlayer.sources import child

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server of this computer, and the requests that reach it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def vrt(target: str) -> str:
    return (
        "<OGRVRTDataSource><OGRVRTLayer name='passwd'>"
        f"<SrcDataSource relativeToVRT='0'>{target}</SrcDataSource>"
        "<GeometryType>wkbPoint</GeometryType></OGRVRTLayer></OGRVRTDataSource>"
    )


def gdalg(target: str) -> str:
    return json.dumps(
        {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {target}"}
    )


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "fgb", "gml", "kml", "geojsonl", "dxf"])
@pytest.mark.parametrize("text", [vrt("{secret}"), gdalg("{secret}")], ids=["VRT", "GDALG"])
def test_a_file_that_names_another_reads_nothing(ending: str, text: str, tmp_path: Path) -> None:
    secret = geojson(tmp_path / "secret.geojson", [polygon(square(0))])
    hostile = tmp_path / f"green.{ending}"
    hostile.write_text(text.replace("{secret}", str(secret)), encoding="utf-8")
    with pytest.raises(SourceError):
        take(hostile)


def test_no_driver_is_there_but_those_of_the_formats_asked_for(tmp_path: Path) -> None:
    take(geojson(tmp_path / "green.geojson", [polygon(square(0))]))
    running = child._running["gdal"]
    assert "GeoJSON" in running.drivers
    assert not running.drivers & {"OGR_VRT", "GDALG", "WFS", "HTTP", "VRT", "WMS", "PostgreSQL"}


@pytest.mark.parametrize("kind", ["VRT", "WFS"])
def test_nothing_is_asked_of_the_network(
    kind: str, listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = listener
    text = vrt(f"/vsicurl/{address}/a.geojson")
    if kind == "WFS":
        text = f"<OGRWFSDataSource><URL>{address}/wfs</URL></OGRWFSDataSource>"
    (tmp_path / "green.geojson").write_text(text)
    with pytest.raises(SourceError):
        take(tmp_path / "green.geojson")
    assert asked == []


def test_a_raster_that_names_another_is_refused(
    listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = listener
    transform = Affine(400, 0, WEST, 0, -400, NORTH)
    with rasterio.open(
        tmp_path / "secret.tif",
        "w",
        driver="GTiff",
        width=10,
        height=10,
        count=1,
        dtype="float32",
        crs="EPSG:25834",
        transform=transform,
    ) as data:
        data.write(np.ones((1, 10, 10), dtype="float32"))
    (tmp_path / "population.tif").write_text(
        "<VRTDataset rasterXSize='10' rasterYSize='10'><VRTRasterBand dataType='Float32' band='1'>"
        f"<SimpleSource><SourceFilename>{tmp_path / 'secret.tif'}</SourceFilename></SimpleSource>"
        "</VRTRasterBand></VRTDataset>"
    )
    (tmp_path / "heat.tif").write_text(
        f"<GDAL_WMS><Service name='TMS'><ServerUrl>{address}/a</ServerUrl></Service></GDAL_WMS>"
    )
    for role in ("population", "heat"):
        with pytest.raises(SourceError, match="cannot be read as a GeoTIFF"):
            take(tmp_path / f"{role}.tif", role=role, source="raster")
    assert asked == []


def test_a_gml_entity_reads_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("SECRET")
    (tmp_path / "green.gml").write_text(
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY s SYSTEM "secret.txt">]>'
        '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><green>'
        "<naziv>&s;</naziv><gml:geometryProperty><gml:Point srsName='EPSG:25834'>"
        f"<gml:coordinates>{WEST},{SOUTH}</gml:coordinates></gml:Point></gml:geometryProperty>"
        "</green></gml:featureMember></gml:FeatureCollection>"
    )
    try:
        layer = take(tmp_path / "green.gml", role="trees", crs="EPSG:25834")
    except SourceError:
        return
    assert "SECRET" not in layer.frame.to_json()


@pytest.mark.parametrize("path", ["http://example.org/a.geojson", "/vsicurl/http://example.org/a"])
def test_an_address_is_no_path(path: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no folder|no such file"):
        take(tmp_path / path.lstrip("/"))


def test_a_reader_that_breaks_down_is_told_and_the_next_file_is_read(tmp_path: Path) -> None:
    path = geojson(tmp_path / "green.geojson", [polygon(square(0))])
    take(path)
    child._running["gdal"].process.kill()
    child._running["gdal"].process.wait()
    assert len(take(path)) == 1


@pytest.mark.slow
def test_a_file_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = geojson(tmp_path / "green.geojson", [polygon(square(0))])
    take(path)
    os.kill(child._running["gdal"].process.pid, signal.SIGSTOP)
    monkeypatch.setattr(child, "SECONDS", 0.2)
    with pytest.raises(SourceError, match="took more than"):
        take(path)
    monkeypatch.undo()
    assert len(take(path)) == 1


def test_what_was_begun_behind_a_file_that_ends_the_reader_is_read_again(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.csv" for name in "ab"]
    for number, path in enumerate(paths):
        path.write_text(f"id,x,y\n{number},{WEST},{SOUTH}\n")
    details = [
        {
            "path": str(path),
            "layer_name": path.name,
            "sheet": None,
            "encoding": None,
            "x": None,
            "y": None,
        }
        for path in paths
    ]
    for each in details:
        child.begin("rows", **each)
    plain = child._running["plain"]
    plain.process.kill()
    plain.process.wait()
    plain.jobs[0].fail("it ended over the first")
    plain.jobs[1].child = None
    with pytest.raises(child.ChildError, match="ended over the first"):
        child.run_job("rows", **details[0])
    _, (table,) = child.run_job("rows", **details[1])
    assert table["id"].to_pylist() == ["1"]


def test_the_reader_of_tables_reaches_no_network(listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    code = (
        "import urllib.request; from urbanlayer.sources._confined.worker import _confine; "
        f"_confine(12_000_000_000); urllib.request.urlopen({address!r} + '/a', timeout=2)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode != 0
    assert asked == []
