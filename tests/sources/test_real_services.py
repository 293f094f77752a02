"""Services as they really are: pygeoapi, MapServer and PostGIS, started here where they are."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from intake import CITY, square, take
from server import Answer, Asked
from shapely import Polygon

from urbanlayer.drafting import drafted
from urbanlayer.drafting.toml_text import text_of
from urbanlayer.errors import LayerError, SourceError
from urbanlayer.model.layer import Layer
from urbanlayer.sources import wfs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server import Server

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("cache")]
LON, LAT = CITY.centre_lonlat
COUNT = 2500
AREAS = gpd.GeoDataFrame(
    {"broj": range(COUNT), "naziv": [f"Šuma {number}" for number in range(COUNT)]},
    geometry=[Polygon(square(number % 10, 10.0 + number * 0.02)) for number in range(COUNT)],
    crs="EPSG:25834",
)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    for _ in range(int(seconds * 5)):
        if process.poll() is not None:
            pytest.skip("the server did not start")
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  (our own server)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    process.kill()
    pytest.skip("the server did not answer")


# OGC API - Features, by pygeoapi


@pytest.fixture
def pygeoapi(tmp_path: Path) -> Iterator[str]:
    """The address of a collection that pygeoapi serves."""
    command = [found] if (found := shutil.which("pygeoapi")) else []
    if not command and shutil.which("uvx"):
        command = ["uvx", "--from", "pygeoapi", "pygeoapi"]
    if not command:
        pytest.skip("pygeoapi is not installed")
    AREAS.to_crs("EPSG:4326").to_file(tmp_path / "areas.geojson", driver="GeoJSON")
    port = free_port()
    config = tmp_path / "config.yml"
    config.write_text(
        f"""
server:
  bind: {{host: 127.0.0.1, port: {port}}}
  url: http://127.0.0.1:{port}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  language: en-US
  limits: {{default_items: 10, max_items: 700}}
  map: {{url: "https://example.org/{{z}}", attribution: none}}
logging: {{level: ERROR}}
metadata:
  identification:
    title: {{en: city}}
    description: {{en: city}}
    keywords: {{en: [city]}}
    keywords_type: theme
    terms_of_service: none
    url: http://example.org
  license: {{name: CC, url: "http://example.org"}}
  provider: {{name: city, url: "http://example.org"}}
  contact: {{name: city, position: none}}
resources:
  areas:
    type: collection
    title: areas
    description: areas
    keywords: [areas]
    links: []
    extents: {{spatial: {{bbox: [-180, -90, 180, 90]}}}}
    providers:
      - type: feature
        name: GeoJSON
        data: {tmp_path / "areas.geojson"}
        id_field: broj
        title_field: naziv
"""
    )
    environment = {
        **os.environ,
        "PYGEOAPI_CONFIG": str(config),
        "PYGEOAPI_OPENAPI": str(tmp_path / "openapi.yml"),
    }
    described = subprocess.run(
        [*command, "openapi", "generate", str(config), "--output-file", tmp_path / "openapi.yml"],
        env=environment,
        check=False,
        capture_output=True,
    )
    if described.returncode:
        pytest.skip("pygeoapi does not run here")
    process = subprocess.Popen(
        [*command, "serve"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}/collections/areas"
    try:
        wait_for(f"{url}?f=json", process, 60)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # it does not always end when it is asked to
        process.wait()


def test_pygeoapi_gives_all_its_pages(pygeoapi: str, tmp_path: Path) -> None:
    layer = take(tmp_path / "a", source="ogcapi", path=pygeoapi, key="broj", name="naziv")
    assert len(layer) == COUNT
    assert layer.frame.loc["7", "name"] == "Šuma 7"
    assert layer.frame.area.sum() == pytest.approx(AREAS.area.sum(), rel=1e-4)


# WFS, by MapServer


MAP = """
MAP
  NAME "city"
  PROJECTION "init=epsg:25834" END
  EXTENT 350000 4690000 365000 4705000
  WEB METADATA
    "wfs_title" "city"
    "wfs_onlineresource" "{url}/wfs?"
    "wfs_srs" "EPSG:4326 EPSG:25834"
    "wfs_enable_request" "*"
    "wfs_getfeature_formatlist" "{formats}"
  END END
  OUTPUTFORMAT
    NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json; subtype=geojson"
    FORMATOPTION "STORAGE=memory" FORMATOPTION "FORM=simple"
  END
  LAYER
    NAME "sume"
    TYPE POLYGON
    STATUS ON
    CONNECTIONTYPE OGR
    CONNECTION "{data}"
    DATA "sume"
    PROJECTION "init=epsg:25834" END
    METADATA "wfs_title" "sume" "gml_include_items" "all" "gml_featureid" "broj" END
  END
END
"""


@pytest.fixture(params=["geojson", "gml"])
def mapserver(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> str:
    """The address of MapServer's WFS, which offers GeoJSON or GML alone."""
    program = shutil.which("mapserv")
    if program is None:
        pytest.skip("MapServer is not installed")
    AREAS.to_file(tmp_path / "areas.gpkg", layer="sume")
    formats = "geojson" if request.param == "geojson" else "gml"
    map_file = tmp_path / "city.map"
    map_file.write_text(
        MAP.format(url=server.url, data=tmp_path / "areas.gpkg", formats=formats), encoding="utf-8"
    )

    config = tmp_path / "mapserver.conf"
    config.write_text('CONFIG\n ENV\n MS_MAP_PATTERN ".*"\n END\nEND\n')

    def answer(asked: Asked) -> Answer:
        query = "&".join(
            f"{name}={urllib.parse.quote(value)}"
            for name, value in {**asked.query, "map": str(map_file)}.items()
        )
        said = subprocess.run(
            [program],
            env={
                "REQUEST_METHOD": "GET",
                "QUERY_STRING": query,
                "MAPSERVER_CONFIG_FILE": str(config),
            },
            capture_output=True,
            check=False,
        ).stdout
        head, _, content = said.partition(b"\r\n\r\n")
        kind = head.decode().partition("Content-Type:")[2].splitlines()[0].strip()
        return Answer(content, headers={"Content-Type": kind})

    server.routes["/wfs"] = answer
    return f"{server.url}/wfs"


def test_mapserver_gives_all_its_pages(
    mapserver: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wfs, "PAGE", 700)
    # its GML has whole decimetres
    says = {"path": mapserver, "layer": "sume", "key": "broj", "name": "naziv"}
    layer = take(tmp_path / "a", source="wfs", **says)
    assert len(layer) == COUNT
    assert layer.frame.loc["7", "name"] == "Šuma 7"
    assert layer.frame.area.sum() == pytest.approx(AREAS.area.sum(), rel=1e-3)


# PostGIS


TABLES = """
CREATE TABLE sume (broj int PRIMARY KEY, naziv text, m2 numeric, geom geometry(Geometry, 25834));
CREATE TABLE bez_oblika (broj int);
CREATE ROLE citac LOGIN;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO citac;
"""


def as_owner(*command: object) -> str:
    """What a command of PostgreSQL says, run by somebody who is not root."""
    before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*before, *command], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of a database of its own, with a table of areas."""
    psycopg = pytest.importorskip("psycopg")
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("PostgreSQL is not installed")
    bin_folder, port = programs[-1], free_port()
    folder = Path(as_owner("mktemp", "-d"))
    kept = folder / "db"
    as_owner(bin_folder / "initdb", "-D", kept, "-A", "trust", "-U", "postgres", "-E", "UTF8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    control = (bin_folder / "pg_ctl", "-D", kept, "-w", "-l", folder / "log", "-o", options)
    as_owner(*control, "start")
    try:
        owner = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        with psycopg.connect(owner, autocommit=True) as link:
            try:
                link.execute("CREATE EXTENSION postgis")
            except psycopg.Error:
                pytest.skip("PostGIS is not installed")
            link.execute(TABLES)
            shapes = AREAS.geometry
            rows = zip(AREAS["broj"], AREAS["naziv"], shapes.area, shapes.to_wkb(), strict=True)
            place = "ST_SetSRID(ST_GeomFromWKB(%s), 25834)"
            link.cursor().executemany(f"INSERT INTO sume VALUES (%s, %s, %s, {place})", list(rows))  # noqa: S608
        yield owner.replace("postgres@", "citac@")
    finally:
        as_owner(bin_folder / "pg_ctl", "-D", kept, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def table(address: str, **says: object) -> Layer:
    layer = take(Path("table"), source="postgis", path=address, **says)
    assert isinstance(layer, Layer)
    return layer


def test_a_table_comes_in(database: str) -> None:
    layer = table(
        database,
        layer="public.sume",
        key="broj",
        name="naziv",
    )
    assert len(layer) == COUNT
    assert layer.frame.loc["7", "name"] == "Šuma 7"
    assert layer.frame["m2"].sum() == pytest.approx(layer.frame.area.sum(), rel=1e-6)
    assert layer.provenance.crs == "EPSG:25834"
    again = table(database, layer="sume", key="broj")
    assert again.provenance.digest == layer.provenance.digest


def test_a_query_and_a_box_choose_rows(database: str) -> None:
    query = "SELECT broj, geom FROM sume WHERE broj < 5;"
    assert len(table(database, query=query)) == 5
    box = (LON + 1, LAT, LON + 2, LAT + 1)
    with pytest.raises(LayerError, match="it holds no features"):
        table(database, layer="sume", bbox=box)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM sume RETURNING geom",
        "SELECT geom FROM sume) AS a; DROP TABLE sume; --",
        "WITH gone AS (DELETE FROM sume RETURNING geom) SELECT geom FROM gone",
    ],
)
def test_nothing_can_be_written(query: str, database: str) -> None:
    import psycopg

    owner = database.replace("citac", "postgres")
    with pytest.raises(SourceError):
        table(owner, query=query)
    with psycopg.connect(owner) as link:
        assert link.execute("SELECT count(*) FROM sume").fetchone() == (COUNT,)


def test_a_table_without_shapes_or_a_wrong_name_is_told(database: str) -> None:
    with pytest.raises(SourceError, match="one column of geometry, and has none"):
        table(database, layer="bez_oblika")
    with pytest.raises(SourceError, match='relation "nema" does not exist'):
        table(database, layer="nema")


def test_a_password_is_refused_in_the_city_file_and_told_nowhere(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceError, match="no place in a city file") as caught:
        table(
            database.replace("citac", "citac:tajna"),
            layer="sume",
        )
    assert "tajna" not in str(caught.value)
    monkeypatch.setenv("PGPASSWORD", "tajna")
    with pytest.raises(SourceError) as caught:
        table("postgresql://nobody@127.0.0.1:1/x", layer="sume")
    assert "tajna" not in str(caught.value)


# Drafts of what servers have


def test_the_layers_of_mapserver_are_drafted(mapserver: str, tmp_path: Path) -> None:
    draft = drafted("Bar", [], tmp_path / "city.toml", city_id="bar", addresses=[mapserver])
    (layer,) = [one for one in draft.layers if one.dataset.layer.endswith("sume")]
    assert (layer.role, layer.dataset.source) == ("green", "wfs")
    assert len(layer.dataset.frame) == COUNT


def test_the_tables_of_postgis_are_drafted(database: str, tmp_path: Path) -> None:
    draft = drafted("Bar", [], tmp_path / "city.toml", city_id="bar", addresses=[database])
    (layer,) = draft.layers  # the table without shapes is none
    assert (layer.role, layer.dataset.layer) == ("green", "public.sume")
    assert {key.key: key.value for key in layer.keys}["key"] == "broj"
    assert database in text_of(draft)
